"""Named directions of a model, kept beside its weights: the sliders that people move.

    MODEL/directions.safetensors   one vector for each direction, and what is known of them as metadata

The file is one, so that names and vectors cannot come apart. It belongs to the weights it was found for,
whose hash it records: after more training a direction may mean another thing.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from huohua.config import Config
from huohua.errors import HuohuaError, ModelError, UsageError
from huohua.files import write_bytes
from huohua.zoo.format import DIRECTIONS

if TYPE_CHECKING:
    from torch import Tensor

KEY = "huohua"

# Directions take some kilobytes each; whatever is larger than this is no file of them.
LARGEST_FILE = 64 * 1024 * 1024

Method = Literal["principal", "weights", "attribute"]


class Direction(Config):
    """A direction in the latents of a model, along which one thing changes.

    Attributes:
        name: what it is called, and what a slider is asked for by.
        found_as: the name it was found under, which it keeps when it is renamed.
        method: how it was found.
        layers: the first layer it is told to, and the first that it is not; None is all.
        share: how much of all variation it explains; for an attribute, how well it is predicted.
    """

    name: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\s=:,][^=:,]*$")]
    found_as: str = ""
    method: Method
    layers: tuple[int, int] | None = None
    share: float = 0.0


class Listing(Config):
    """What the file says about its vectors.

    Attributes:
        model_sha256: SHA-256 of the weights they were found for.
        directions: in the order they were found.
    """

    format: Literal[1] = 1
    model_sha256: str
    directions: tuple[Direction, ...]


def save_directions(folder: Path, listing: Listing, direction_KV: Tensor) -> Path:
    """Write the directions of a model, whole or not at all, and return the file.

    Raises:
        StorageError: the folder cannot be written.
    """
    from safetensors.torch import save

    path = folder / DIRECTIONS
    write_bytes(path, save({"direction": direction_KV.contiguous()}, metadata={KEY: listing.to_json()}))
    return path


def load_directions(folder: Path, model_sha256: str) -> tuple[Listing, Tensor]:
    """Read the directions of a model.

    Raises:
        ModelError: there are none, the file is damaged, or they were found for other weights.
    """
    path = folder / DIRECTIONS
    if not path.is_file():
        raise ModelError("This model has no directions yet.", advice=_FIND)
    listing, direction_KV = _read(path)
    if listing.model_sha256 != model_sha256:
        raise ModelError(
            f"The directions in {path} were found before the model was trained on: they no longer fit.",
            advice=_FIND,
        )
    return listing, direction_KV


def find_direction(listing: Listing, name: str) -> int:
    """Return the number of a direction by its name, or by the name it was found under.

    Raises:
        UsageError: there is none of that name; the nearest are offered.
    """
    wanted = name.strip().casefold()
    for kind in ("name", "found_as"):
        for number, direction in enumerate(listing.directions):
            if str(getattr(direction, kind)).casefold() == wanted:
                return number
    names = [direction.name for direction in listing.directions]
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    advice = f"Did you mean {' or '.join(close)}?" if close else f"It has: {_some(names)}."
    raise UsageError(f"This model has no direction '{name}'.", advice=advice)


_FIND = "Find them: huohua directions find --model MODEL."


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:12]) + (", …" if len(names) > 12 else "")


def _read(path: Path) -> tuple[Listing, Tensor]:
    from safetensors import SafetensorError, safe_open

    damaged = ModelError(f"{path} is damaged.", advice=_FIND)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise damaged
        with safe_open(path, framework="pt", device="cpu") as file:
            listing = Listing.from_json((file.metadata() or {}).get(KEY, ""), source=path)
            direction_KV: Tensor = file.get_tensor("direction").float()
    except (SafetensorError, HuohuaError, OSError, ValueError, json.JSONDecodeError) as error:
        raise damaged from error
    fits = direction_KV.ndim == 2 and len(direction_KV) == len(listing.directions)
    if not (fits and bool(direction_KV.isfinite().all())):
        raise damaged
    return listing, direction_KV

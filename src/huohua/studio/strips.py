"""Strips: the same works pushed along a direction, from less to more, so that people can see and name it.

Beside each strip stands what can be measured along it, which is a hint for the name and not the name.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from PIL import Image

from huohua.arts.image.sheet import sheet
from huohua.conditions.space import Wish
from huohua.errors import UsageError
from huohua.files import write_bytes
from huohua.studio.direction_search import Drawn, draw_works, looks
from huohua.studio.image_model import ImageModel
from huohua.studio.opening import image_model
from huohua.studio.steering import Steering
from huohua.zoo.directions import Direction, find_direction, load_directions

if TYPE_CHECKING:
    from huohua.arts.image.artwork import Artwork

OnProgress = Callable[[int, int], None]

STRENGTHS = (-4.0, -2.5, -1.0, 0.0, 1.0, 2.5, 4.0)
SEEDS = (1, 2, 3, 4)
COMPARED_WORKS = 64  # whose looks say what counts as much
PLAIN_CHANGE = 0.1  # deviations for each step of strength; less is not worth a word


@dataclass(frozen=True, kw_only=True)
class Strip:
    """What happens along one direction.

    Attributes:
        direction: the direction.
        rows: for each seed its works, from less to more.
        changes: how much each look grows for one step, in deviations of the model's works.
    """

    direction: Direction
    rows: Sequence[Sequence[Image.Image]]
    changes: Mapping[str, float]

    @property
    def in_words(self) -> str:
        """Return what plainly changes, the most first, such as "warm +0.8, light -0.4"."""
        plain = [change for change in self.changes.items() if abs(change[1]) >= PLAIN_CHANGE]
        return ", ".join(f"{look} {amount:+.1f}" for look, amount in sorted(plain, key=lambda c: -abs(c[1])))

    def page(self) -> Image.Image:
        """Return the strip as one picture, a row for each seed."""
        return sheet([image for row in self.rows for image in row], len(self.rows[0]))


def strips(
    model: ImageModel | str | Path | None = None,
    names: Sequence[str] = (),
    *,
    seeds: Sequence[int] = SEEDS,
    strengths: Sequence[float] = STRENGTHS,
    conditions: Mapping[str, Wish] | None = None,
    on_progress: OnProgress | None = None,
) -> list[Strip]:
    """Return a strip for each of some directions of a model, or for all.

    Args:
        model: a model, its name or its folder; by default the one trained last.
        names: of the directions.
        seeds: of the works that are pushed.
        strengths: how far, in order.
        conditions: what the works are asked for.
        on_progress: told (works made, works to make).

    Raises:
        UsageError: a direction or a condition is unknown, or there is no seed or strength.
        ModelError: the model has no directions, or there is no such model.
    """
    model = image_model(model)
    listing, _ = load_directions(model.folder, model.config.weights_sha256)
    chosen = [listing.directions[find_direction(listing, name)] for name in names] or listing.directions
    if not seeds or len(strengths) < 2:
        raise UsageError("A strip needs a seed, and two strengths.")
    middle, total = _looks_of_works(model), len(chosen) * len(seeds) * len(strengths)
    done = 0
    found = []
    for direction in chosen:
        rows = []
        for seed in seeds:
            row = []
            for strength in strengths:
                steering = Steering(slides={direction.name: float(strength)})
                made = next(model.works(conditions or {}, seed=seed, count=1, steering=steering))
                row.append(cast("Artwork", made).image)
                done += 1
                if on_progress:
                    on_progress(done, total)
            rows.append(row)
        found.append(Strip(direction=direction, rows=rows, changes=_changes(rows, strengths, middle)))
    return found


def overview(shown: Sequence[Strip]) -> Image.Image:
    """Return the first row of each strip, one below the other, with the names of the directions."""
    rows = [strip.rows[0] for strip in shown]
    names = [strip.direction.name for strip in shown]
    return sheet([image for row in rows for image in row], len(rows[0]), row_labels=names)


def save_strips(shown: Sequence[Strip], folder: str | Path) -> list[Path]:
    """Write `overview.png` and a PNG for each strip into a folder, and return their paths.

    Raises:
        StorageError: a file cannot be written.
    """
    folder = Path(folder).expanduser()
    pages = {"overview": overview(shown), **{strip.direction.name: strip.page() for strip in shown}}
    paths = []
    for name, page in pages.items():
        buffer = io.BytesIO()
        page.save(buffer, "PNG")
        paths.append(folder / f"{name.replace('/', '-').replace(' ', '-')}.png")
        write_bytes(paths[-1], buffer.getvalue())
    return paths


def _looks_of_works(model: ImageModel) -> np.ndarray:
    """Return the deviation of each look over works of a model."""
    _, value_NA = looks(draw_works(model, Drawn.of(model, COMPARED_WORKS, seed=0)))
    deviation_A: np.ndarray = value_NA.std(axis=0)
    return deviation_A


def _changes(
    rows: Sequence[Sequence[Image.Image]], strengths: Sequence[float], deviation_A: np.ndarray
) -> dict[str, float]:
    """Return the slope of each look along the strengths, in deviations: a line through all centred rows."""
    strength_N = np.asarray(strengths) - np.mean(strengths)
    slopes = []
    for row in rows:
        pixels = np.stack([np.asarray(image) for image in row])
        names, value_NA = looks(pixels if pixels.ndim == 4 else pixels[..., None])
        slopes.append(strength_N @ (value_NA - value_NA.mean(axis=0)) / (strength_N @ strength_N))
    slope_A = np.mean(slopes, axis=0) / np.maximum(deviation_A, 1e-9)
    return {name: float(slope) for name, slope in zip(names, slope_A, strict=True)}

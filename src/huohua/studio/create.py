"""Make new works with a model: the use case behind `huohua create`."""

from __future__ import annotations

import io
import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huohua.conditions.space import Wish, Wishes
from huohua.errors import UsageError
from huohua.files import write_bytes
from huohua.studio.model import Model
from huohua.studio.opening import load
from huohua.studio.players import Engine
from huohua.studio.prompt import Reading, combined, require_some
from huohua.studio.recreate import model_for
from huohua.studio.steering import steering_of

if TYPE_CHECKING:
    from huohua.arts.art import Work
    from huohua.arts.image.artwork import Artwork
    from huohua.studio.steering import WorkOrFile

# Short enough to be read aloud and typed again.
FRESH_SEEDS = 2**31


@dataclass(frozen=True, kw_only=True)
class Creation:
    """An order for works, checked and ready; iterating makes them one after another.

    Attributes:
        model: the model that makes them.
        seed: the seed, fresh when none was given.
        count: how many.
        wishes: the conditions asked for.
        prompt: the free words.
        reading: which of those words were understood and which were not.
        ways: what else the art lets one choose, as `Model.works` takes it.
    """

    model: Model
    seed: int
    count: int
    wishes: Wishes
    prompt: str
    reading: Reading
    ways: Mapping[str, Any] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Work]:
        return self.model.works(
            self.wishes, seed=self.seed, count=self.count, prompt=self.prompt, **self.ways
        )

    def __len__(self) -> int:
        return self.count


def create(
    model: Model | str | Path | None = None,
    *,
    seed: int | None = None,
    count: int = 1,
    conditions: Mapping[str, Wish] | None = None,
    prompt: str = "",
    truncation: float = 1.0,
    art: str | None = "image",
    start: WorkOrFile | None = None,
    mix: WorkOrFile | int | None = None,
    mix_at: int | None = None,
    slides: Mapping[str, float] | None = None,
    engine: Engine = "auto",
) -> Creation:
    """Order pictures from a model; without a model, from the one trained last.

    Args:
        model: a model, its name or its folder.
        seed: the same seed gives the same works; without one a fresh seed is drawn and reported.
        count: how many works.
        conditions: wishes by group; they win over what the prompt says.
        prompt: free words.
        truncation: below 1 more typical, above 1 more varied.
        art: the art that is asked for; a model of another art is refused.
        start: a work, or its file, to begin with in place of a seed; by default its model makes the new one.
        mix: a work, its file or a seed whose surface is taken.
        mix_at: layers of works larger than so many pixels are taken.
        slides: how far to go along named directions.
        engine: who draws them: auto, torch, onnx or bf16; see `players.ENGINES`.

    Raises:
        UsageError: a condition is unknown, a number is out of range, or no word was understood.
        ModelError: there is no such model, or it is damaged.
    """
    steering = steering_of(start=start, mix=mix, mix_at=mix_at, slides=slides)
    return order(
        model_for(steering.recipes, model, art=art),
        art=art,
        seed=steering.start.seed if steering.start else seed,
        count=count,
        conditions=conditions,
        prompt=prompt,
        truncation=truncation,
        steering=steering,
        engine=engine,
    )


def order(
    model: Model | str | Path | None,
    *,
    art: str | None,
    seed: int | None,
    count: int,
    conditions: Mapping[str, Wish] | None,
    prompt: str,
    **ways: Any,
) -> Creation:
    """Order works from a model of any art.

    Args:
        model: a model, its name or its folder; the one of this art that was trained last if absent.
        art: the art that is asked for; a model of another art is refused.
        seed: the same seed gives the same works; without one a fresh seed is drawn and reported.
        count: how many works.
        conditions: wishes by group; they win over what the prompt says.
        prompt: free words.
        **ways: what else the art lets one choose, as `Model.works` takes it.

    Raises:
        UsageError: a condition is unknown, a number is out of range, or no word was understood.
        ModelError: there is no such model, or it is damaged.
    """
    playable = model if isinstance(model, Model) else load(model, art=art)
    if art is not None and playable.config.art != art:
        raise UsageError(
            f"The model '{playable.name}' makes {playable.config.art}, not {art}.",
            advice=f"Use: huohua create {playable.config.art} --model {playable.name}.",
        )
    space = playable.config.conditions
    reading = playable.read(prompt)
    require_some(prompt, reading, space)
    creation = Creation(
        model=playable,
        seed=secrets.randbelow(FRESH_SEEDS) if seed is None else seed,
        count=count,
        wishes=combined(reading, conditions or {}),
        prompt=prompt,
        reading=reading,
        ways=ways,
    )
    iter(creation)  # checks every argument now and makes nothing yet
    return creation


def save_sheet(works: Sequence[Artwork], path: Path) -> Path:
    """Lay works out on one PNG, as near to a square as they go, and return its path.

    Raises:
        StorageError: the file cannot be written.
    """
    from huohua.arts.image.sheet import sheet

    page = sheet([work.image for work in works], math.ceil(math.sqrt(len(works))))
    buffer = io.BytesIO()
    page.save(buffer, "PNG")
    write_bytes(path, buffer.getvalue())
    return path

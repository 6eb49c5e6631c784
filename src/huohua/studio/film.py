"""A walk as files: a folder of PNG, a GIF or an MP4, and films compared.

A film is written whole or not at all; when the person stops it, the frames made so far become the film.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from huohua.arts.comparison import Comparison
from huohua.errors import UsageError
from huohua.provenance.ingredients import WalkRecipe
from huohua.provenance.record import Record

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

    from huohua.arts.image.artwork import Artwork

OnProgress = Callable[[int, int], None]

# Films of small works are enlarged to it: players blur what is small, and H.264 halves its colours.
SHOWN_SIDE = 256
MOST_ENLARGED = 64


class Filmable(Protocol):
    """What films are made of: works one after another, and the recipe of the walk."""

    @property
    def recipe(self) -> WalkRecipe:
        """Return the walk."""
        ...

    def __len__(self) -> int:
        """Return the number of works."""
        ...

    def __iter__(self) -> Iterator[Artwork]:
        """Make the works in their order."""
        ...


@dataclass(frozen=True, kw_only=True)
class Filmed:
    """What became of a walk.

    Attributes:
        path: the film, or the folder of its frames.
        frames: how many frames were made.
        whole: whether that is all of them.
        evenness: the largest change between frames, as a multiple of the usual one.
    """

    path: Path
    frames: int
    whole: bool
    evenness: float


def save_walk(
    walk: Filmable, path: str | Path, *, record: Record | None = None, on_progress: OnProgress | None = None
) -> Filmed:
    """Write a walk to a `.gif`, an `.mp4`, or frame by frame into a folder; Ctrl-C keeps what is made.

    Args:
        walk: the walk.
        path: a file with one of those endings, or a folder.
        record: of an earlier film, to make the same one again; origin and recipe are taken from it.
        on_progress: told (frames made, frames in all).

    Raises:
        MissingDependencyError: MP4 needs a library that is not installed.
        StorageError: a file cannot be written.
    """
    path = Path(path).expanduser()
    stride = _Stride(walk, on_progress)
    if path.suffix.lower() in film_suffixes():
        _film(walk, path, stride, record)
    else:
        with suppress(KeyboardInterrupt):
            for number, work in enumerate(stride):
                work.save(path / f"frame-{number:05}.png")
    return Filmed(path=path, frames=stride.made, whole=stride.made == len(walk), evenness=stride.evenness)


def film_suffixes() -> tuple[str, ...]:
    """Return the endings of the files that films are saved in."""
    from huohua.arts.image.film import FILMS

    return tuple(FILMS)


def compare_films(path: str | Path, again: str | Path) -> Comparison:
    """Compare two films frame by frame; a frame that one of them lacks differs everywhere.

    Raises:
        DataError: a film cannot be read.
        MissingDependencyError: an MP4 is decoded by a library that is not installed.
    """
    from huohua.arts.image.film import read_frames

    pixels, different, largest = 0, 0, 0
    for before, after in zip_longest(read_frames(Path(path)), read_frames(Path(again))):
        frame = before if before is not None else after
        count = frame.shape[0] * frame.shape[1]
        pixels += count
        if before is None or after is None or before.shape != after.shape:
            different, largest = different + count, 255
            continue
        difference_HW = abs(before.astype(int) - after.astype(int)).max(axis=2)
        different += int((difference_HW > 0).sum())
        largest = max(largest, int(difference_HW.max()))
    return Comparison(parts=pixels, different=different, largest=largest)


def _film(walk: Filmable, path: Path, stride: _Stride, record: Record | None) -> None:
    from PIL import Image

    from huohua.arts.image.film import FILMS

    factor = walk.recipe.enlarged
    with FILMS[path.suffix.lower()](fps=walk.recipe.fps, loop=walk.recipe.loop) as film:
        with suppress(KeyboardInterrupt):
            for work in stride:
                size = (work.image.width * factor, work.image.height * factor)
                film.add(work.image if factor == 1 else work.image.resize(size, Image.Resampling.LANCZOS))
        if stride.first is not None:
            film.save(path, record or _record(walk, stride.first, stride.made))


def _record(walk: Filmable, first: Artwork, frames: int) -> Record:
    """Return the record of a film: the walk as far as it was made, and the origin of its first frame."""
    made = walk.recipe.model_copy(update={"places": walk.recipe.places[:frames]})
    recipe = first.recipe.model_copy(update={"ingredients": (), "walk": made, "conditions": {}})
    return Record(recipe=recipe, origin=first.origin)


def check_place(path: Path | None, factor: int | None = None) -> None:
    """Check, before anything is made, that a walk can be written there, so many times larger.

    Raises:
        UsageError: the ending is none that films are saved in, or the factor is out of range.
        MissingDependencyError: MP4 needs a library that is not installed.
    """
    from huohua.arts.image import video

    times_larger(path or Path(), 1, 1, factor)
    suffix = path.suffix.lower() if path else ""
    if not suffix or (path and path.is_dir()):
        return
    if suffix not in film_suffixes():
        raise UsageError(
            f"Walks are not saved as '{suffix}'.",
            advice=f"End the name with {' or '.join(film_suffixes())}, or name a folder.",
        )
    if suffix == ".mp4":
        video.program()


def times_larger(path: Path, width: int, height: int, factor: int | None = None) -> int:
    """Return how many times larger than the works a film is; frames in a folder keep their size.

    Args:
        path: where it will be saved.
        width: of a work, in pixels.
        height: of a work, in pixels.
        factor: what was asked for; by default as many times as make the film large enough to look at.

    Raises:
        UsageError: the factor is out of range.
    """
    if factor is not None and not 1 <= factor <= MOST_ENLARGED:
        raise UsageError(f"enlarge is {factor}, but must lie between 1 and {MOST_ENLARGED}.")
    if path.suffix.lower() not in film_suffixes():
        return 1
    return factor or max(1, math.ceil(SHOWN_SIDE / min(width, height)))


class _Stride:
    """The frames of a walk as they are made, counted once they are dealt with, and measured."""

    def __init__(self, walk: Filmable, on_progress: OnProgress | None) -> None:
        self.walk, self.on_progress = walk, on_progress
        self.made = 0
        self.first: Artwork | None = None
        self.changes: list[float] = []

    def __iter__(self) -> Iterator[Artwork]:
        seen: list[np.ndarray] = []
        for work in self.walk:
            self.first = self.first or work
            yield work
            self.made += 1
            # Of all frames only the first and the last are kept.
            seen = [*seen[:1], *seen[-1:], _seen(work.image)]
            self.changes += [_distance(seen[-2], seen[-1])] if self.made > 1 else []
            if self.on_progress:
                self.on_progress(self.made, len(self.walk))
        if self.walk.recipe.loop:
            self.changes.append(_distance(seen[-1], seen[0]))

    @property
    def evenness(self) -> float:
        """Return the largest change between frames as a multiple of the median, 1 where nothing changes."""
        ordered = sorted(self.changes)
        usual = ordered[len(ordered) // 2] if ordered else 0.0
        return ordered[-1] / usual if usual > 0 else 1.0


def _seen(image: Image.Image) -> np.ndarray:
    import numpy as np

    small = image.convert("RGB")
    small.thumbnail((64, 64))
    return np.asarray(small, dtype=np.float32)


def _distance(before: np.ndarray, after: np.ndarray) -> float:
    return float(((before - after) ** 2).sum() ** 0.5)

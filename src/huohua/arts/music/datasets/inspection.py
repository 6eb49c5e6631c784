"""What a person should know about music before training on it: what there is, what is left out, and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from huohua.arts.music.controls import CONTROLS, UNITS
from huohua.arts.music.datasets.dataset import MusicDataset, open_dataset
from huohua.arts.music.datasets.entry import SPLITS
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.datasets.terms import UNKNOWN_LICENCE
from huohua.arts.music.roles import ROLES
from huohua.arts.music.thumbnail import thumbnail

FEW_SONGS = 50
_ROWS, _COLUMNS = 12, 3
_EDGE, _LABEL = 8, 14  # pixels between the pictures of a sheet, and for the name of a row
_MOST_DERIVED = 0.5


@dataclass(frozen=True, kw_only=True)
class Spread:
    """What one of twenty falls short of, the middle, and what one of twenty exceeds; and the unit."""

    low: float
    median: float
    high: float
    unit: str


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What was found in music.

    Attributes:
        name, origin, licence: as model cards will say them.
        files: files that songs were made from, or that were left out.
        songs: songs, each in one metre; a file whose metre changes gives several.
        bars, windows: bars of all songs, and windows of eight over them.
        splits: windows that train, that are held out for choosing, and for judging.
        styles, metres, modes: songs by what they are.
        roles: the share of songs in which a role takes part.
        derived: the share of those in which it was worked out and not given.
        tempo: in quarter notes a minute.
        controls: what was measured in the windows, in their units.
        conditions: the values by group that a model could be asked for.
        constants: what all songs share.
        left_out: reasons for which files or parts were left out, with how many files each is of.
        problems: each of them, and other faults.
        warnings: what to think about before training, in plain words.
        rows: some windows as small piano rolls, by style.
    """

    name: str
    origin: str
    licence: str
    files: int
    songs: int
    bars: int
    windows: int
    splits: Mapping[str, int]
    styles: Mapping[str, int]
    metres: Mapping[str, int]
    modes: Mapping[str, int]
    roles: Mapping[str, float]
    derived: Mapping[str, float]
    tempo: Spread
    controls: Mapping[str, Spread]
    conditions: Mapping[str, tuple[str, ...]]
    constants: Mapping[str, str]
    left_out: Mapping[str, int]
    problems: tuple[Problem, ...]
    warnings: tuple[str, ...]
    rows: Mapping[str, tuple[Image.Image, ...]]

    def as_record(self) -> dict[str, Any]:
        """Return everything but the pictures as plain data for JSON."""
        record = {key: value for key, value in vars(self).items() if key != "rows"}
        record["tempo"] = asdict(self.tempo)
        record["controls"] = {name: asdict(spread) for name, spread in self.controls.items()}
        record["problems"] = [asdict(problem) for problem in self.problems]
        return record

    def contact_sheet(self) -> Image.Image:
        """Return some windows as piano rolls on one picture, a row for each style."""
        images = [image for row in self.rows.values() for image in row]
        width, height = (max(image.size[side] for image in images) + _EDGE for side in (0, 1))
        height += _LABEL
        sheet = Image.new("RGB", (width * _COLUMNS + _EDGE, height * len(self.rows) + _EDGE), "white")
        words = ImageDraw.Draw(sheet)
        for line, (label, row) in enumerate(self.rows.items()):
            words.text((_EDGE, _EDGE + line * height), label, fill="black")
            for place, image in enumerate(row):
                sheet.paste(image, (_EDGE + place * width, _EDGE + _LABEL + line * height))
        return sheet


def inspect(
    source: str | Path | Sequence[str | Path],
    *,
    cache: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Inspection:
    """Return what there is to know about music; it is prepared on the way, so training on it starts at once.

    Args:
        source: a folder or a .zip, or several.
        cache: where prepared music is kept; `home()/cache/music` unless given.
        on_progress: told (files done, files in all).

    Raises:
        DataError: there is no such source, it cannot be read, or too little of it fits a grid.
    """
    return inspection_of(open_dataset(source, cache=cache, on_progress=on_progress))


def inspection_of(dataset: MusicDataset) -> Inspection:
    """Return what there is to know about opened music."""
    songs = dataset.songs
    lost = {problem.name for problem in dataset.problems if problem.lost}
    present_SR = np.array([song.present for song in songs], dtype=np.float64)
    derived_SR = np.array([song.derived for song in songs], dtype=np.float64)
    taking: dict[str, float] = {
        role: float(share) for role, share in zip(ROLES, present_SR.mean(axis=0), strict=True) if share
    }
    worked_out = derived_SR.sum(axis=0) / np.maximum(present_SR.sum(axis=0), 1)
    derived: dict[str, float] = {
        role: float(share) for role, share in zip(ROLES, worked_out, strict=True) if share
    }
    controls = {
        name: _spread(dataset.value_NK[:, place], UNITS[name])
        for place, name in enumerate(CONTROLS)
        if not np.isnan(dataset.value_NK[:, place]).all()
    }
    return Inspection(
        name=dataset.name,
        origin=dataset.origin,
        licence=dataset.licence,
        files=len({song.name for song in songs} | lost),
        songs=len(songs),
        bars=sum(song.bars for song in songs),
        windows=len(dataset),
        splits={split: len(dataset.numbers(split)) for split in SPLITS},
        styles=_counted(song.style for song in songs),
        metres=_counted(f"{song.metre[0]}/{song.metre[1]}" for song in songs),
        modes=_counted(song.mode for song in songs if any(song.present[:-1])),
        roles=taking,
        derived=derived,
        tempo=_spread(np.array([song.tempo for song in songs]), "quarter notes a minute"),
        controls=controls,
        conditions=dataset.conditions.groups,
        constants=dataset.constants,
        left_out=_counted(reason for problem in dataset.problems for reason in [_kind(problem.reason)]),
        problems=dataset.problems,
        warnings=tuple(_warnings(dataset, derived)),
        rows=_rows(dataset),
    )


def _kind(reason: str) -> str:
    """Return a reason without what is special to one file: numbers of bars, and names.

    Example:
        >>> _kind("left out: 2 bars of 5/4, a metre that grids lack")
        'bars of 5/4, a metre that grids lack'
        >>> _kind("it holds the same music as a/b.mid")
        'it holds the same music as another file'
    """
    plain = re.sub(r"^left out: (\d+ bars? )?", lambda found: "bars " if found[1] else "", reason)
    return re.sub(r"^(it holds the same music as) .*", r"\1 another file", plain)


def _warnings(dataset: MusicDataset, derived: Mapping[str, float]) -> Iterator[str]:
    training = [song for song in dataset.songs if song.split == "train"]
    if len(training) < FEW_SONGS:
        yield f"{len(training)} songs to train on: new music will be much like these. Hundreds are better."
    counts = _counted(song.style for song in dataset.songs if song.style)
    kept = dataset.conditions.groups.get("style", ())
    if few := [style for style in counts if style not in kept and len(counts) > 1]:
        yield f"Too few songs to be asked for by style: {', '.join(few)}."
    if kept and max(counts.values()) > 10 * min(counts[style] for style in kept):
        least = min(kept, key=lambda style: counts[style])
        yield f"The styles are unbalanced: '{least}' has {counts[least]} songs only, and will come out worse."
    for role, share in derived.items():
        if share > _MOST_DERIVED:
            yield f"The role '{role}' was worked out in {share:.0%} of its songs; listen to some."
    if not len(dataset.numbers("valid")) or not len(dataset.numbers("test")):
        yield "Nothing is held out to judge by; more pieces are needed."
    if dataset.licence == UNKNOWN_LICENCE:
        yield "The licence is not known. Write it into dataset.json or LICENSE beside the music."


def _rows(dataset: MusicDataset) -> dict[str, tuple[Image.Image, ...]]:
    """Return small piano rolls of a few windows of each style, spread over its songs."""
    styles = list(_counted(song.style for song in dataset.songs))[:_ROWS]
    rows = {}
    for style in styles:
        whole_N = dataset.places.bars_N == dataset.places.bars_N.max()
        own = [song.style == style for song in dataset.songs]
        numbers = np.flatnonzero(np.array(own)[dataset.piece_N] & whole_N)
        chosen = numbers[np.linspace(0, len(numbers) - 1, min(_COLUMNS, len(numbers))).astype(int)]
        if len(chosen):
            rows[style] = tuple(thumbnail(dataset.grid(int(number))) for number in chosen)
    return rows


def _spread(value_N: np.ndarray, unit: str) -> Spread:
    low, median, high = np.nanquantile(value_N, (0.05, 0.5, 0.95)).round(3).tolist()
    return Spread(low=low, median=median, high=high, unit=unit)


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())

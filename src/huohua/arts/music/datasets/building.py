"""Building a cache: every file of every source is prepared, and its bars written one song after another."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np

from huohua.arts.music.controls import measure
from huohua.arts.music.datasets.bar_rows import WIDTH, to_rows
from huohua.arts.music.datasets.cache import Prepared
from huohua.arts.music.datasets.entry import Entry
from huohua.arts.music.datasets.listing import Listing
from huohua.arts.music.datasets.preparing import prepare
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.datasets.song import Song, song_facts
from huohua.arts.music.datasets.source import Source
from huohua.arts.music.datasets.splitting import split_of
from huohua.arts.music.datasets.windows import cut, places_of
from huohua.arts.music.grid import Grid
from huohua.errors import DataError

FEWEST_WINDOWS = 8
_CHUNK = 256  # windows measured at once
_ADVICE = "A few dozen pieces are a good start; MIDI, MusicXML and ABC are read."


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A source that is open, and its pieces."""

    source: Source
    listing: Listing


@dataclass(kw_only=True)
class _Harvest:
    """What has been prepared so far."""

    songs: list[Song] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)
    rows: int = 0


def build(
    opened: Sequence[Opened], bars: Path, hop: int, on_progress: Callable[[int, int], None] | None
) -> Prepared:
    """Write the bars of all pieces into a file, measure their windows, and return everything.

    Args:
        opened: the sources and their pieces.
        bars: the file to write.
        hop: bars from window to window.
        on_progress: told (files done, files in all).

    Raises:
        DataError: fewer than eight windows to train on are left; the message says what was wrong.
    """
    harvest = _Harvest()
    total = sum(len(one.listing.entries) for one in opened)
    digest = hashlib.sha256()
    with bars.open("wb") as file:
        file.write(_header(0))
        for done, (one, entry) in enumerate(_all(opened), start=1):
            _add(harvest, one.source, entry, file, digest.update)
            if on_progress:
                on_progress(done, total)
        file.seek(0)
        file.write(_header(harvest.rows))
    for one in opened:
        harvest.problems += one.listing.problems
    _check_enough(harvest, total)
    digest.update(json.dumps([hop, [asdict(song) for song in harvest.songs]]).encode())
    return _measured(bars, harvest, hop, digest.hexdigest())


def _all(opened: Sequence[Opened]) -> Iterator[tuple[Opened, Entry]]:
    for one in opened:
        for entry in one.listing.entries:
            yield one, entry


def _add(
    harvest: _Harvest, source: Source, entry: Entry, file: BinaryIO, update: Callable[[bytes], None]
) -> None:
    try:
        content = source.read(entry.name)
    except DataError as error:
        harvest.problems.append(Problem(name=entry.name, reason=error.message))
        return
    ready = prepare(entry, content)
    if ready.grids and (first := harvest.seen.setdefault(ready.digest, entry.name)) != entry.name:
        harvest.problems.append(Problem(name=entry.name, reason=f"it holds the same music as {first}"))
        return
    harvest.problems += ready.problems
    split = split_of(entry)
    for part, grid in enumerate(ready.grids):
        content = to_rows(grid).tobytes()
        file.write(content)
        update(content)
        harvest.songs.append(_song(entry, part, grid, split, harvest.rows))
        harvest.rows += grid.bars


def _song(entry: Entry, part: int, grid: Grid, split: str, first: int) -> Song:
    return Song(
        name=entry.name,
        part=part,
        title=grid.title,
        composer=entry.composer,
        style=entry.style,
        split=split,
        licence=entry.licence,
        first=first,
        **song_facts(grid),  # type: ignore[arg-type]
    )


def _measured(bars: Path, harvest: _Harvest, hop: int, fingerprint: str) -> Prepared:
    row_XW = np.load(bars, mmap_mode="r", allow_pickle=False)
    places = places_of(harvest.songs, hop)
    swing_S = np.array([song.swing for song in harvest.songs])
    heard, values, bar_values = [], [], []
    for start in range(0, len(places), _CHUNK):
        chosen = np.arange(start, min(start + _CHUNK, len(places)))
        windows = cut(row_XW, harvest.songs, places.only(chosen))
        value_NK, value_NBK = measure(windows, swing_S[places.piece_N[chosen]])
        heard_N = windows.present_NR.any(axis=1)
        heard.append(chosen[heard_N])
        values.append(value_NK[heard_N])
        bar_values.append(value_NBK[heard_N])
    return Prepared(
        row_XW=row_XW,
        songs=tuple(harvest.songs),
        heard_N=np.concatenate(heard),
        value_NK=np.concatenate(values),
        value_NBK=np.concatenate(bar_values),
        problems=tuple(harvest.problems),
        fingerprint=fingerprint,
    )


def _check_enough(harvest: _Harvest, files: int) -> None:
    training = [song for song in harvest.songs if song.split == "train"]
    if sum(song.bars for song in training) >= FEWEST_WINDOWS * 4:
        return
    if not files:
        raise DataError("There is no music in what was named.", advice=_ADVICE)
    lost = next((problem for problem in harvest.problems if problem.lost), None)
    why = f" {lost.name}: {lost.reason.rstrip('.')}." if lost else ""
    counted = f"{len(training)} of {files} files can be used to train"
    raise DataError(f"There is too little music: {counted}, with too few bars.{why}", advice=_ADVICE)


def _header(rows: int) -> bytes:
    """Return a `.npy` header; NumPy pads it so that the first axis may grow in place."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "|u1", "fortran_order": False, "shape": (rows, WIDTH)}
    )
    return head.getvalue()

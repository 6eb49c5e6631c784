"""Excerpts of eight bars, end to end: what figures of sets are taken of.

Only excerpts of one frame can stand beside one another: the same number of bars, all of them there, in the
metre that most have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from huohua.arts.music.datasets.dataset import MusicDataset
from huohua.arts.music.datasets.entry import Entry
from huohua.arts.music.datasets.preparing import prepare
from huohua.arts.music.grid_layout import WINDOW
from huohua.arts.music.metrics.notes import Notes, moved, notes_of
from huohua.arts.music.reading import SUFFIXES
from huohua.errors import DataError


def of_dataset(
    dataset: MusicDataset, splits: Iterable[str] = ("valid", "test"), *, sounding: bool = False
) -> list[Notes]:
    """Return the excerpts of a dataset that are in these splits; windows that overlap are left out.

    Args:
        dataset: the music.
        splits: "train", "valid" or "test".
        sounding: whether in the keys that pieces sound in, rather than in C major and A minor, where roles of
            different songs fit one another better.
    """
    chosen = np.isin(dataset.split_N, list(splits)) & (dataset.bar_N % WINDOW == 0)
    found = []
    for number in np.flatnonzero(chosen):
        song = dataset.songs[int(dataset.piece_N[number])]
        notes = notes_of(dataset.grid(int(number)), song=song.label, style=song.style)
        found.append(moved(notes, -song.shift) if sounding else notes)
    return found


def songs_of(dataset: MusicDataset, splits: Iterable[str] = ("train",)) -> list[Notes]:
    """Return whole songs of these splits, such as those that a model learnt from."""
    wanted = set(splits)
    return [
        notes_of(dataset.song(number), song=song.label, style=song.style)
        for number, song in enumerate(dataset.songs)
        if song.split in wanted
    ]


def of_folder(folder: str | Path) -> list[Notes]:
    """Return the excerpts of the files of a folder, read as a dataset reads them; repeats are kept.

    Args:
        folder: with MIDI, MusicXML or ABC files in it, at any depth; a folder in it is the style its files
            were asked for.

    Raises:
        DataError: there is no such folder, or nothing in it can be used.
    """
    root = Path(folder).expanduser()
    files = sorted(path for path in root.rglob("*") if path.suffix.lower() in SUFFIXES)
    found = [notes for path in files for notes in _of_file(path, root)]
    if not found:
        raise DataError(
            f"No file in {root} holds music that can be measured.", advice="Give a folder of MIDI files."
        )
    return found


def of_one_frame(excerpts: Sequence[Notes], like: Sequence[Notes] = ()) -> list[Notes]:
    """Return the excerpts of the commonest frame of `like`, or else of themselves, with all eight bars.

    Raises:
        DataError: there is none.
    """
    whole = Counter((notes.steps, notes.quarter) for notes in like or excerpts if notes.bars == WINDOW)
    frame = whole.most_common(1)[0][0] if whole else None
    kept = [notes for notes in excerpts if notes.bars == WINDOW and (notes.steps, notes.quarter) == frame]
    if not kept:
        raise DataError(
            "No piece has eight whole bars in the metre of the others.", advice="Measure longer pieces."
        )
    return kept


def _of_file(path: Path, root: Path) -> Iterator[Notes]:
    name = path.relative_to(root).as_posix()
    style = name.split("/")[0] if "/" in name else ""
    for grid in prepare(Entry(name=name), path.read_bytes()).grids:
        whole = notes_of(grid, song=name, style=style)
        for first in range(0, whole.bars - WINDOW + 1, WINDOW):
            yield whole.window(first, WINDOW)

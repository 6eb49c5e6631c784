"""From the files of a source to pieces with labels: its table first, else its folders.

The first level of sub-folders is the style; folders called train, valid or test are splits. Where neither
a table nor a folder says a style, the source's own name is one, if several sources are opened together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from huohua.arts.music.datasets.entry import Entry
from huohua.arts.music.datasets.metadata import NAME, normalised, read_table
from huohua.arts.music.datasets.problem import Problem
from huohua.arts.music.datasets.source import Source
from huohua.arts.music.reading import SUFFIXES

_SPLITS: Mapping[str, str] = {
    "train": "train",
    "training": "train",
    "valid": "valid",
    "validation": "valid",
    "val": "valid",
    "dev": "valid",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The pieces of a source, and what was wrong with the rest."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def list_pieces(source: Source, *, style: str = "") -> Listing:
    """Return the pieces of a source, in the order of their names.

    Args:
        source: an opened source.
        style: the style of pieces that nothing else gives one.

    Raises:
        DataError: its table cannot be understood.
    """
    names = [name for name in source.names() if _is_music(name)]
    shared = _shared_top(names)
    rows, problems = _tables(source)
    entries = []
    for name in names:
        said = rows.pop(normalised(name), None)
        entry = replace(said, name=name) if said else Entry(name=name)
        entries.append(_with_place(entry, name.removeprefix(shared), style))
        if said is None and (rows or problems):
            problems.append(Problem(name=name, reason="no row of the table names it", lost=False))
    problems += [
        Problem(name=name, reason="the table names it, but there is no such file") for name in sorted(rows)
    ]
    return Listing(entries=tuple(entries), problems=tuple(problems))


def _is_music(name: str) -> bool:
    path = PurePosixPath(name)
    return path.suffix.casefold() in SUFFIXES and not any(part.startswith(".") for part in path.parts)


def _tables(source: Source) -> tuple[dict[str, Entry], list[Problem]]:
    """Return what every table at the top or one level below says, by the full name of the file."""
    rows: dict[str, Entry] = {}
    problems: list[Problem] = []
    for name in source.names():
        path = PurePosixPath(name)
        if path.name.casefold() == NAME and len(path.parts) <= 2:
            found, faults = read_table(source.read(name), where=name)
            problems += faults
            for file, entry in found.items():
                rows.setdefault(normalised(str(path.parent / file)), entry)
    return rows, problems


def _shared_top(names: list[str]) -> str:
    """Return the one folder that holds all pieces in folders of their own, or ""."""
    tops = {name.split("/", 1)[0] for name in names}
    return tops.pop() + "/" if len(tops) == 1 and all(name.count("/") >= 2 for name in names) else ""


def _with_place(entry: Entry, place: str, style: str) -> Entry:
    """Return an entry with what its folders say where the table says nothing."""
    folders = place.split("/")[:-1]
    split = _SPLITS.get(folders[0].casefold(), "") if folders else ""
    if split:
        folders = folders[1:]
    folder = " ".join(folders[0].replace("_", " ").split()) if folders else ""
    return replace(entry, split=entry.split or split, style=entry.style or folder or style)

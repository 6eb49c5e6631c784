"""From a list of file names to works with labels: the rules that folders and archives share.

The first level of sub-folders gives the subject; folders called train, test and the like are parts
of a dataset and not subjects. A metadata table adds labels and captions, and wins over the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from huohua.arts.image.datasets import metadata
from huohua.arts.image.datasets.entry import Entry, Labels
from huohua.arts.image.datasets.metadata import Row
from huohua.arts.image.datasets.problem import Problem

SPLITS = {"train", "training", "test", "testing", "validation", "valid", "val", "dev"}
_SIDE_NAMES = {"thumbs.db", "desktop.ini", "ehthumbs.db", "dataset.json", "licence", "license", "copying"}
_SIDE_NAMES.update(metadata.NAMES, ("readme", "icon\r"))
_SIDE_ENDINGS = (".txt", ".md")
_SIDE_FOLDERS = {"__macosx"}
_ARCHIVES = (".zip", ".npz", ".npy", ".tar", ".gz", ".tgz", ".7z", ".rar", ".parquet")


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The works among some files, and what was wrong with the rest."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def is_side_file(name: str) -> bool:
    """Say whether a file is known to be no work: hidden, a note, a table, or a system's own."""
    *folders, file = name.casefold().split("/")
    if any(folder.startswith(".") or folder in _SIDE_FOLDERS for folder in folders):
        return True
    return file.startswith(".") or file in _SIDE_NAMES or file.endswith(_SIDE_ENDINGS)


def list_works(names: Sequence[str], read: Callable[[str], bytes]) -> Listing:
    """Return the works among files, in the order of their names.

    Args:
        names: file names relative to the top, with forward slashes.
        read: returns the bytes of a named file; called for metadata tables only.

    Raises:
        DataError: a metadata table cannot be understood.
    """
    files = sorted(name for name in names if not is_side_file(name))
    works = [name for name in files if not name.casefold().endswith(_ARCHIVES)]
    rows, problems = _tables(names, read)
    problems += [
        Problem(name=name, reason="it is an archive; name it by itself, or unpack it")
        for name in files
        if name.casefold().endswith(_ARCHIVES)
    ]
    shared = _shared_top(works)
    entries = tuple(_entry(name, name.removeprefix(shared), rows) for name in works)
    present = {metadata.normalised(name) for name in works}
    problems += [
        Problem(name=name, reason=f"{table} names it, but there is no such file")
        for name, (table, _) in rows.items()
        if name not in present
    ]
    if rows:
        problems += [
            Problem(name=name, reason="no metadata row names it; it is kept without those labels")
            for name in works
            if metadata.normalised(name) not in rows
        ]
    return Listing(entries=entries, problems=tuple(problems))


def _tables(
    names: Sequence[str], read: Callable[[str], bytes]
) -> tuple[dict[str, tuple[str, Row]], list[Problem]]:
    """Return rows by the full name of their file, each with the name of its table."""
    found: dict[str, tuple[str, Row]] = {}
    problems: list[Problem] = []
    for name in sorted(names):
        path = PurePosixPath(name)
        if path.name.casefold() not in metadata.NAMES or len(path.parts) > 2:
            continue
        rows, faults = metadata.read_table(name, read(name))
        problems += faults
        for file, row in rows.items():
            full = metadata.normalised(str(path.parent / file)) if len(path.parts) > 1 else file
            found.setdefault(full, (name, row))
    return found, problems


def _shared_top(works: Sequence[str]) -> str:
    """Return the one folder that holds all works in folders of their own, such as "images/", or ""."""
    tops = {name.split("/", 1)[0] for name in works}
    deep = all(name.count("/") >= 2 for name in works)
    return tops.pop() + "/" if len(tops) == 1 and deep else ""


def _entry(name: str, place: str, rows: Mapping[str, tuple[str, Row]]) -> Entry:
    labels: Labels = {"subject": (folder,)} if (folder := folder_label(place)) else {}
    if not (found := rows.get(metadata.normalised(name))):
        return Entry(name=name, labels=labels)
    row = found[1]
    return Entry(name=name, labels={**labels, **row.labels}, caption=row.caption)


def folder_label(name: str) -> str:
    """Return the subject that a file's folder gives it, or "".

    Example:
        >>> folder_label("apple/red/0001.jpg"), folder_label("train/apple/1.jpg"), folder_label("1.jpg")
        ('apple', 'apple', '')
    """
    folders = name.split("/")[:-1]
    if folders and folders[0].casefold() in SPLITS:
        folders = folders[1:]
    return " ".join(folders[0].split()) if folders else ""

"""A folder of pictures, read in place; links that lead out of it are not followed."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from PIL import Image

from huohua.arts.image.datasets.decoding import open_picture
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.licence import read_terms
from huohua.arts.image.datasets.listing import Listing, is_side_file, list_works
from huohua.arts.image.datasets.problem import Problem
from huohua.errors import DataError

MOST_BYTES = 1 << 30
_DEEPEST = 32


class FolderSource:
    """The works of a folder; see `Source` for the meaning of each member.

    Args:
        root: the folder, without links in its path.
        scan: the files found in it.
    """

    def __init__(self, root: Path, scan: _Scan) -> None:
        self.root = root
        self.name = root.name or "pictures"
        self.notes: tuple[str, ...] = ()
        self._scan = scan
        names = [name for name, _, _ in scan.stamps]
        terms = read_terms(names, self._table, origin=f"a local folder, '{self.name}'")
        self.licence, self.origin = terms.licence, terms.origin

    @cached_property
    def _listing(self) -> Listing:
        return list_works([name for name, _, _ in self._scan.stamps], self._table)

    @property
    def problems(self) -> Sequence[Problem]:
        """Return what was found wrong while listing."""
        return (*self._scan.problems, *self._listing.problems)

    def identity(self) -> str:
        """Return a digest of all names, sizes and times of change."""
        stamps = sorted(self._scan.stamps)
        return hashlib.sha256(repr(stamps).encode("utf-8", "surrogatepass")).hexdigest()

    def entries(self) -> Sequence[Entry]:
        """Return the works in the order of their names."""
        return self._listing.entries

    def read(self, entry: Entry) -> Image.Image:
        """Return a work as an opened picture."""
        return open_picture(read_bytes(self.root / entry.name))

    def close(self) -> None:
        """Do nothing: each file is closed as soon as it is read."""

    def _table(self, name: str) -> bytes:
        try:
            return read_bytes(self.root / name)
        except DataError as error:
            raise DataError(f"{name} cannot be used: {error.message}.") from error


def open_folder(path: Path) -> FolderSource:
    """Return the works of a folder and its sub-folders.

    Raises:
        DataError: the folder cannot be listed.
    """
    root = path.resolve()
    scan = _Scan(root)
    try:
        scan.folder(root, "", depth=0)
    except OSError as error:
        raise DataError(
            f"The folder {path} cannot be read: {error.strerror or error}.",
            advice="Check its permissions, or copy the pictures to a folder of your own.",
        ) from error
    return FolderSource(root, scan)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of one picture file.

    Raises:
        DataError: the file is empty, cannot be read, or is larger than `MOST_BYTES`.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise DataError("the file is larger than 1 GiB")
        if not size:  # and never opened: files of the system say so and then never end
            raise DataError("the file is empty")
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"the file cannot be read: {error.strerror or error}") from error


@dataclass
class _Scan:
    """One walk through a folder, collecting files and problems."""

    root: Path
    stamps: list[tuple[str, int, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def folder(self, path: Path, prefix: str, *, depth: int) -> None:
        with os.scandir(path) as found:
            items = sorted(found, key=lambda item: item.name)
        for item in items:
            self._item(item, prefix + item.name, depth)

    def _item(self, item: os.DirEntry[str], name: str, depth: int) -> None:
        if item.is_symlink() and (fault := self._link_fault(item)):
            self._report(name, fault)
        elif item.is_dir():
            self._inner_folder(item, name, depth)
        else:
            self._file(item, name)

    def _inner_folder(self, item: os.DirEntry[str], name: str, depth: int) -> None:
        if is_side_file(name + "/x"):
            return
        if depth >= _DEEPEST:
            self._report(name, "the folder lies too deep")
            return
        try:
            self.folder(Path(item.path), name + "/", depth=depth + 1)
        except OSError as error:
            self._report(name, f"the folder cannot be read: {error.strerror or error}")

    def _file(self, item: os.DirEntry[str], name: str) -> None:
        try:
            facts = item.stat()
        except OSError as error:
            self._report(name, f"the file cannot be read: {error.strerror or error}")
            return
        if stat.S_ISREG(facts.st_mode):
            self.stamps.append((name, facts.st_size, facts.st_mtime_ns))
        else:
            self._report(name, "it is neither a file nor a folder")

    def _link_fault(self, item: os.DirEntry[str]) -> str:
        try:
            target = Path(item.path).resolve(strict=True)
        except (OSError, RuntimeError):
            return "the link leads nowhere"
        if not target.is_relative_to(self.root):
            return "the link leads out of the folder and is not followed"
        return "a link to a folder is not followed" if target.is_dir() else ""

    def _report(self, name: str, reason: str) -> None:
        if not is_side_file(name):
            self.problems.append(Problem(name=name, reason=reason))

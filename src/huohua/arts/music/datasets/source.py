"""Opened places where files of music come from: a folder, or a zip that is read without unpacking it."""

from __future__ import annotations

import hashlib
import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from huohua.arts.music.reading import SUFFIXES
from huohua.errors import DataError

# Bounds against archives that unpack to far more than they are: one member, and all together.
MOST_MEMBER_BYTES, MOST_TOTAL_BYTES = 1 << 26, 1 << 34
_DEEPEST = 16
_ADVICE = "Give a folder or a .zip of MIDI, MusicXML or ABC files."


class Source(Protocol):
    """Files by name; names are relative, with forward slashes."""

    @property
    def name(self) -> str:
        """Return a short name for reports and model cards, without any path."""

    def names(self) -> Sequence[str]:
        """Return the names of all files, in order."""

    def identity(self) -> str:
        """Return a text that changes whenever a file may have changed."""

    def read(self, name: str) -> bytes:
        """Return the bytes of a file.

        Raises:
            DataError: it cannot be read; the message says why.
        """

    def close(self) -> None:
        """Release what the source holds open."""


class FolderSource:
    """The files of a folder and its sub-folders; links that lead out of it are not followed."""

    def __init__(self, path: Path) -> None:
        self.root = path.resolve()
        self.name = self.root.name or "music"
        try:
            self._stamps = sorted(_walk(self.root))
        except OSError as error:
            raise DataError(f"The folder {path} cannot be read: {error.strerror or error}.") from error

    def names(self) -> Sequence[str]:
        """Return the names of all files."""
        return [name for name, _, _ in self._stamps]

    def identity(self) -> str:
        """Return a digest of all names, sizes and times of change."""
        return _digest(self._stamps)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        try:
            return (self.root / name).read_bytes()
        except OSError as error:
            raise DataError(f"the file cannot be read: {error.strerror or error}") from error

    def close(self) -> None:
        """Do nothing: each file is closed as soon as it is read."""


class ZipSource:
    """The files of a zip."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise DataError(f"{path} cannot be opened as a zip: {error}.", advice=_ADVICE) from error
        infos = [info for info in self._archive.infolist() if not info.is_dir() and _within(info.filename)]
        self._members = {info.filename.replace("\\", "/"): info for info in infos}
        if any(info.flag_bits & 1 for info in infos):
            self._archive.close()
            raise DataError(f"{path} is locked with a password.", advice="Unpack it and use the folder.")
        if sum(info.file_size for info in infos) > MOST_TOTAL_BYTES:
            self._archive.close()
            raise DataError(f"{path} would unpack to more than {MOST_TOTAL_BYTES >> 30} GiB.", advice=_ADVICE)

    def names(self) -> Sequence[str]:
        """Return the names of all files."""
        return sorted(self._members)

    def identity(self) -> str:
        """Return a digest of every member's name, size and checksum."""
        return _digest(sorted((name, info.file_size, info.CRC) for name, info in self._members.items()))

    def read(self, name: str) -> bytes:
        """Return the bytes of a member."""
        info = self._members[name]
        if info.file_size > MOST_MEMBER_BYTES:
            raise DataError(f"it unpacks to more than {MOST_MEMBER_BYTES >> 20} MiB")
        try:
            return self._archive.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise DataError(f"it is damaged inside the archive ({error})") from error

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()


def open_source(source: str | Path) -> Source:
    """Return the place that a path means, opened.

    Raises:
        DataError: there is no such place, or it is neither a folder nor a zip.
    """
    path = Path(source).expanduser()
    if path.is_dir():
        return FolderSource(path)
    if not path.is_file():
        raise DataError(f"There is no file or folder '{source}'.", advice=_ADVICE)
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            return ZipSource(path)
    raise DataError(f"{path} is neither a folder nor a zip.", advice=_ADVICE)


def expanded(source: str | Path) -> list[str | Path]:
    """Return a source, or where it is a folder of archives and nothing else to hear, those archives.

    A folder with a zip for each collection is opened as all of them together.
    """
    path = Path(source).expanduser()
    if not path.is_dir():
        return [source]
    archives = sorted(inner for inner in path.iterdir() if inner.suffix.casefold() == ".zip")
    if not archives or any(Path(name).suffix.casefold() in SUFFIXES for name in FolderSource(path).names()):
        return [source]
    return list(archives)


def _walk(root: Path) -> Sequence[tuple[str, int, int]]:
    stamps = []
    for folder, inner, files in os.walk(root):
        depth = len(Path(folder).relative_to(root).parts)
        inner[:] = sorted(name for name in inner if depth < _DEEPEST and not name.startswith("."))
        for file in files:
            path = Path(folder) / file
            if path.is_file() and path.resolve().is_relative_to(root):
                facts = path.stat()
                stamps.append((path.relative_to(root).as_posix(), facts.st_size, facts.st_mtime_ns))
    return stamps


def _within(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return not (name.startswith("/") or ".." in parts or ":" in parts[0] or parts[0] == "__MACOSX")


def _digest(stamps: Sequence[tuple[str, int, int]]) -> str:
    return hashlib.sha256(repr(list(stamps)).encode("utf-8", "surrogatepass")).hexdigest()

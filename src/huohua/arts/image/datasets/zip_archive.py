"""A zip of pictures, read member by member without unpacking it."""

from __future__ import annotations

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from PIL import Image

from huohua.arts.image.datasets.decoding import open_picture
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.licence import UNKNOWN_LICENCE, read_terms, terms_beside
from huohua.arts.image.datasets.listing import Listing, list_works
from huohua.arts.image.datasets.problem import Problem
from huohua.errors import DataError

# Bounds against archives that unpack to far more than they are: one member, and all together.
MOST_MEMBER_BYTES = 1 << 28
MOST_TOTAL_BYTES = 1 << 36
_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1


class ZipSource:
    """The works of a zip; see `Source` for the meaning of each member.

    Args:
        path: the archive's file.
        archive: the opened archive, which the source closes.
        members: its files by their names as works.
        faults: what was found wrong with other members.
    """

    def __init__(
        self,
        path: Path,
        archive: zipfile.ZipFile,
        members: Mapping[str, zipfile.ZipInfo],
        faults: Sequence[Problem],
    ) -> None:
        self.name = path.stem
        self.notes: tuple[str, ...] = ()
        self._path = path
        self._archive = archive
        self._members = members
        self._faults = faults
        terms = read_terms(members, self._table, origin=f"a local file, '{path.name}'")
        terms = terms_beside(path) if terms.licence == UNKNOWN_LICENCE else terms
        self.licence, self.origin = terms.licence, terms.origin

    @cached_property
    def _listing(self) -> Listing:
        return list_works(list(self._members), self._table)

    @property
    def problems(self) -> Sequence[Problem]:
        """Return what was found wrong while listing."""
        return (*self._faults, *self._listing.problems)

    def identity(self) -> str:
        """Return a digest of every member's name, size and checksum."""
        facts = sorted((name, info.file_size, info.CRC) for name, info in self._members.items())
        return hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()

    def entries(self) -> Sequence[Entry]:
        """Return the works in the order of their names."""
        return self._listing.entries

    def read(self, entry: Entry) -> Image.Image:
        """Return a work as an opened picture."""
        return open_picture(self._bytes(entry.name))

    def close(self) -> None:
        """Close the archive."""
        self._archive.close()

    def _bytes(self, name: str) -> bytes:
        info = self._members[name]
        if info.file_size > MOST_MEMBER_BYTES:
            raise DataError(f"it unpacks to more than {MOST_MEMBER_BYTES >> 20} MiB")
        try:
            return self._archive.read(info)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error) as error:
            raise DataError(f"it is damaged inside the archive ({error})") from error
        except (NotImplementedError, RuntimeError) as error:
            raise DataError(f"it is packed in a way that cannot be read ({error})") from error

    def _table(self, name: str) -> bytes:
        try:
            return self._bytes(name)
        except DataError as error:
            raise DataError(f"{name} in {self._path.name} cannot be used: {error.message}.") from error


def open_zip(path: Path) -> ZipSource:
    """Return the works of a zip.

    Raises:
        DataError: it is no zip, is encrypted, or unpacks to too much.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(
            f"{path} cannot be opened as a zip: {error}.", advice="Pack the pictures again, or use a folder."
        ) from error
    try:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        _check(path, infos)
        return ZipSource(path, archive, *_members(infos))
    except BaseException:
        archive.close()
        raise


def _members(infos: Sequence[zipfile.ZipInfo]) -> tuple[dict[str, zipfile.ZipInfo], list[Problem]]:
    faults: list[Problem] = []
    members: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = member_name(info)
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0]:
            faults.append(Problem(name=name, reason="its name leads out of the archive"))
        elif not name.casefold().startswith("__macosx/"):
            members[name] = info
    return _unwrapped(members), faults


def member_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name, mended where an old program wrote it in UTF-8 or GBK unmarked."""
    name = info.filename.replace("\\", "/")
    if info.flag_bits & _UTF8_FLAG or name.isascii():
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _check(path: Path, infos: Sequence[zipfile.ZipInfo]) -> None:
    if any(info.flag_bits & _ENCRYPTED_FLAG for info in infos):
        raise DataError(f"{path} is locked with a password.", advice="Unpack it and use the folder.")
    if sum(info.file_size for info in infos) > MOST_TOTAL_BYTES:
        raise DataError(
            f"{path} would unpack to more than {MOST_TOTAL_BYTES >> 30} GiB.",
            advice="Split it, or unpack it yourself and use the folder if you trust it.",
        )


def _unwrapped(members: dict[str, zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Return members without the one folder that holds all the others, if there is one.

    A zip made of a folder holds that folder; its name says nothing about the works inside.
    """
    tops = {name.split("/", 1)[0] for name in members}
    if len(tops) != 1 or any("/" not in name for name in members):
        return members
    top = tops.pop() + "/"
    return {name.removeprefix(top): info for name, info in members.items()}

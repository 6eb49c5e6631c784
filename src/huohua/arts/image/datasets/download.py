"""Files fetched from their usual addresses: whole, checked by SHA-256, or not there at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from huohua.errors import DataError
from huohua.files import sha256, storage_errors

TIMEOUT_SECONDS = 30
_BLOCK = 1 << 18


@dataclass(frozen=True, kw_only=True)
class RemoteFile:
    """A file with a fixed content somewhere on the web.

    Attributes:
        name: its name on disk.
        urls: addresses that are tried in turn; each gives the same bytes.
        sha256: the SHA-256 of its bytes, 64 hexadecimal digits.
        size: in bytes.
    """

    name: str
    urls: tuple[str, ...]
    sha256: str
    size: int


def fetch(
    files: Sequence[RemoteFile], folder: Path, on_download: Callable[[int, int], None] | None = None
) -> list[Path]:
    """Return the paths of files in a folder, after fetching those that are not there yet.

    Args:
        files: what to fetch.
        folder: where they are kept.
        on_download: told (bytes so far, bytes in all) over all files.

    Raises:
        DataError: a file cannot be fetched or is not the expected one; the advice says where to put it.
        StorageError: the folder cannot be written.
    """
    total = sum(file.size for file in files)
    before = 0
    for file in files:

        def told(done: int, before: int = before) -> None:
            if on_download:
                on_download(before + done, total)

        _fetch_one(file, folder / file.name, told)
        before += file.size
    return [folder / file.name for file in files]


def _fetch_one(file: RemoteFile, target: Path, told: Callable[[int], None]) -> None:
    if target.is_file() and target.stat().st_size == file.size and sha256(target) == file.sha256:
        told(file.size)
        return
    faults = []
    for url in file.urls:
        try:
            _download(url, file, target, told)
            return
        except (OSError, HTTPException, ValueError) as error:
            faults.append(f"{urlsplit(url).netloc}: {error}")
    raise DataError(
        f"{file.name} could not be fetched ({'; '.join(faults)}).",
        advice=f"Fetch {file.urls[0]} in another way and put it at {target}, or name a local file or folder.",
    )


def _download(url: str, file: RemoteFile, target: Path, told: Callable[[int], None]) -> None:
    """Fetch one address into a file that appears only when all its bytes are right.

    Raises:
        OSError: the address does not answer.
        ValueError: what it sent is not the file.
    """
    if urlsplit(url).scheme not in ("http", "https"):
        raise ValueError("only http and https addresses are fetched")
    request = urllib.request.Request(url, headers={"User-Agent": "huohua"})  # noqa: S310 checked above
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer, storage_errors(target):  # noqa: S310
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as output:
                _copy(answer.read, output.write, file, told)
            os.chmod(scratch, 0o644)
            os.replace(scratch, target)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise


def _copy(
    read: Callable[[int], bytes], write: Callable[[bytes], int], file: RemoteFile, told: Callable[[int], None]
) -> None:
    digest = hashlib.sha256()
    done = 0
    while done <= file.size and (block := read(_BLOCK)):
        write(block)
        digest.update(block)
        done += len(block)
        told(min(done, file.size))
    if done != file.size or digest.hexdigest() != file.sha256:
        raise ValueError("it sent another file than the expected one")

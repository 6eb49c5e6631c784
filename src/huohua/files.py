"""Files that are whole or absent: atomic writes, hashes, and the folder where Huohua keeps things."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huohua.errors import StorageError

# What the system reports when the disk or a quota is full, or when a folder may not be written.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def home() -> Path:
    """Return the folder for models, caches and settings: `$HUOHUA_HOME`, else the user's data folder."""
    if place := os.environ.get("HUOHUA_HOME"):
        return Path(place).expanduser()
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "huohua"


@contextmanager
def storage_errors(target: Path) -> Iterator[None]:
    """Turn a full disk or a closed folder into a `StorageError` that names `target`."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise StorageError(
                f"No space left while writing {target}.",
                advice="Free some space and run the same command again; finished files are kept.",
            ) from error
        if error.errno in CLOSED:
            raise StorageError(
                f"{target} cannot be written: {error.strerror}.", advice="Choose another place with --out."
            ) from error
        if isinstance(error, (FileExistsError, NotADirectoryError)):
            raise StorageError(
                f"{target} cannot be written: a file of that name is in the way.",
                advice="Choose another place with --out.",
            ) from error
        raise


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file so that readers see the old content or the new, never a part.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def write_text(target: Path, content: str) -> None:
    """Write UTF-8 text atomically; see `write_bytes`."""
    write_bytes(target, content.encode())


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield a temporary sibling folder that takes the place of `target` only if the block succeeds.

    Raises:
        StorageError: the disk is full or the parent folder cannot be written.
    """
    with storage_errors(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}."))
        try:
            yield scratch
            scratch.chmod(0o777 & ~_umask())
            _move_into_place(scratch, target)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise


def _move_into_place(scratch: Path, target: Path) -> None:
    """Replace a folder: the old one moves aside, the new one takes its place, then the old one goes."""
    if not target.exists():
        os.replace(scratch, target)
        return
    aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".old-{target.name}."))
    kept = aside / target.name
    os.replace(target, kept)
    try:
        os.replace(scratch, target)
    except BaseException:
        os.replace(kept, target)
        raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def sweep(target: Path) -> None:
    """Remove what a kill left beside `target` of an unfinished write; put back a folder that was set aside.

    Only for a target that nobody else is writing just now.
    """
    for aside in target.parent.glob(f".old-{target.name}.*"):
        if (aside / target.name).exists() and not target.exists():
            os.replace(aside / target.name, target)
        shutil.rmtree(aside, ignore_errors=True)
    for scratch in target.parent.glob(f".{target.name}.*"):
        if scratch.is_dir():
            shutil.rmtree(scratch, ignore_errors=True)
        else:
            scratch.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

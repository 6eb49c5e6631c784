"""Decoded works on disk: one memory-mapped array that opens at once, and is whole or absent.

A cache folder holds `images.npy` (uint8, NHWC) and `index.json` (what each row is). Its name is a
digest of the source and the canvas, so a changed source simply has another cache.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from typing_extensions import Self

from huohua.arts.image.datasets.decoding import Canvas
from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.problem import Problem
from huohua.errors import StorageError
from huohua.files import home

# Raised whenever decoding changes its results, so that old caches are left alone.
FORMAT = 1
_CHECKED_BLOCKS, _BLOCK = 64, 1 << 20


@dataclass(frozen=True, kw_only=True)
class Index:
    """What the rows of a cached array are, and what was found while making it."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    left_out: int
    near: tuple[tuple[int, int], ...]
    fingerprint: str


def cache_root() -> Path:
    """Return the folder for decoded works, unless another is asked for."""
    return home() / "cache" / "images"


def cache_folder(root: Path, name: str, identity: str, canvas: Canvas) -> Path:
    """Return the folder for one source on one canvas."""
    settings = json.dumps([FORMAT, identity, asdict(canvas)], sort_keys=True)
    digest = hashlib.sha256(settings.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name)[:40]
    return root / f"{plain}-{canvas.width}x{canvas.height}-{digest}"


def load(folder: Path) -> tuple[np.ndarray, Index] | None:
    """Return cached works, memory-mapped, or None when they are absent, damaged or half there."""
    try:
        record = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        images_NHWC = np.load(folder / "images.npy", mmap_mode="r", allow_pickle=False)
        index = _index(record)
        whole = (
            images_NHWC.dtype == np.uint8
            and images_NHWC.ndim == 4
            and len(images_NHWC) == len(index.entries)
            and record["check"] == spot_check(folder / "images.npy")
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return (images_NHWC, index) if whole else None


def save_index(folder: Path, index: Index) -> None:
    """Write what the rows are beside the finished array."""
    record = {
        "fingerprint": index.fingerprint,
        "check": spot_check(folder / "images.npy"),
        "entries": [[entry.name, entry.labels, entry.caption] for entry in index.entries],
        "problems": [[problem.name, problem.reason] for problem in index.problems],
        "left_out": index.left_out,
        "near": index.near,
    }
    # Names of files need not be proper Unicode; escaped, they survive.
    (folder / "index.json").write_text(json.dumps(record, ensure_ascii=True), encoding="ascii")


def _index(record: dict[str, Any]) -> Index:
    return Index(
        entries=tuple(
            Entry(
                name=name, labels={group: tuple(values) for group, values in labels.items()}, caption=caption
            )
            for name, labels, caption in record["entries"]
        ),
        problems=tuple(Problem(name=name, reason=reason) for name, reason in record["problems"]),
        # Older caches did not count; a remark on a work that was kept is counted with them.
        left_out=record.get("left_out", len(record["problems"])),
        near=tuple((first, second) for first, second in record["near"]),
        fingerprint=record["fingerprint"],
    )


def spot_check(path: Path) -> str:
    """Return a digest of a file's size and of up to 64 blocks of 1 MiB spread over it.

    It notices a file that was cut, overwritten or never finished in the same time for any size;
    files up to 64 MiB are read in full.
    """
    size = path.stat().st_size
    digest = hashlib.blake2b(str(size).encode())
    count = min(_CHECKED_BLOCKS, -(-size // _BLOCK))
    with path.open("rb") as file:
        for place in range(count):
            file.seek(place * (size - _BLOCK) // (count - 1) if count == _CHECKED_BLOCKS else place * _BLOCK)
            digest.update(file.read(_BLOCK))
    return digest.hexdigest()


class ArrayWriter:
    """Writes a uint8 `.npy` file row by row, when the number of rows is not known beforehand.

    Args:
        path: the file to write.
        shape_HWC: the shape of each row.
    """

    def __init__(self, path: Path, shape_HWC: tuple[int, int, int]) -> None:
        self._file = path.open("wb")
        self._shape_HWC = shape_HWC
        self._digest = hashlib.sha256()
        self.count = 0
        self._file.write(_header((0, *shape_HWC)))

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write the true number of rows into the header and close the file."""
        with self._file:
            if kind is None:
                self._file.seek(0)
                self._file.write(_header((self.count, *self._shape_HWC)))

    def append(self, image_HWC: np.ndarray) -> None:
        """Write one row."""
        if image_HWC.shape != self._shape_HWC or image_HWC.dtype != np.uint8:
            raise ValueError(
                f"a row of {self._shape_HWC} uint8 is needed, not {image_HWC.shape} {image_HWC.dtype}"
            )
        content = image_HWC.tobytes()
        self._file.write(content)
        self._digest.update(content)
        self.count += 1

    def fingerprint(self, settings: str) -> str:
        """Return the SHA-256 of all rows so far and of a text of settings."""
        digest = self._digest.copy()
        digest.update(settings.encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def _header(shape: tuple[int, ...]) -> bytes:
    """Return a `.npy` header; NumPy pads it so that the first axis may grow in place."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, {"descr": "|u1", "fortran_order": False, "shape": shape})
    return head.getvalue()


@contextmanager
def cache_errors() -> Iterator[None]:
    """Give storage errors the advice that fits a cache."""
    try:
        yield
    except StorageError as error:
        advice = "Free some space, or set HUOHUA_HOME to a folder that can be written."
        raise StorageError(error.message, advice=advice) from error

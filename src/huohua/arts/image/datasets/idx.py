"""The IDX format of MNIST: a header of sizes and then the numbers, plain or gzipped.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.
"""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from huohua.arts.image.datasets.arrays import Arrays, ArraySource, as_images, as_subjects
from huohua.arts.image.datasets.licence import terms_beside
from huohua.errors import DataError

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
MOST_BYTES = 1 << 33


def open_idx(path: Path, *, class_names: Sequence[str] = ()) -> ArraySource:
    """Return the works of an IDX file, with the labels of the file that belongs to it.

    Args:
        path: a file of images or of labels, or a folder that holds the training pair.
        class_names: names for the label numbers; without them a number is its own name.

    Raises:
        DataError: there is no file of images.
    """
    images = images_file(path)
    if images is None:
        raise DataError(f"{path} has no IDX file of images beside it.", advice="Name the images file.")
    labels = labels_file(images)
    return ArraySource(
        name=images.name.split(".")[0].split("-images")[0],
        terms=terms_beside(images),
        stamp=_stamp(images, labels),
        load=lambda: load_pair(images, labels, class_names),
    )


def load_pair(images: Path, labels: Path | None, class_names: Sequence[str]) -> Arrays:
    """Return the works in a file of images with the labels in another.

    Raises:
        DataError: a file is damaged, or the two do not belong together.
    """
    images_NHWC = as_images(read_idx(images), name=images.name)
    numbers = read_idx(labels) if labels else None
    subjects = as_subjects(numbers, len(images_NHWC), class_names, where=labels.name if labels else "")
    return Arrays(images_NHWC=images_NHWC, subjects=subjects)


def images_file(path: Path) -> Path | None:
    """Return the images file that a path means: itself, the partner of a labels file, or a folder's."""
    if path.is_dir():
        found = sorted(item for item in path.iterdir() if is_images_name(item.name))
        train = [item for item in found if "train" in item.name.casefold()]
        return next(iter(train or found), None)
    if "labels" in path.name and not is_images_name(path.name):
        return _beside(path, path.name.replace("labels", "images").replace("idx1", "idx3"))
    return path


def is_images_name(name: str) -> bool:
    """Say whether a file name is a usual one for IDX images, such as train-images-idx3-ubyte.gz."""
    return "images" in name and "idx3" in name and not name.startswith(".")


def labels_file(images: Path) -> Path | None:
    """Return the labels that belong to a file of images by the usual names, if they are there."""
    name = images.name.replace("images", "labels").replace("idx3", "idx1")
    return _beside(images, name) if name != images.name else None


def _beside(path: Path, name: str) -> Path | None:
    plain = name.removesuffix(".gz")
    return next((found for n in (name, plain, plain + ".gz") if (found := path.with_name(n)).is_file()), None)


def read_idx(path: Path) -> np.ndarray:
    """Return the array in an IDX file.

    Raises:
        DataError: the header is none, or the file is shorter or longer than its header says.
    """
    try:
        with path.open("rb") as file:
            zipped = file.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else path.open("rb") as file:
            kind, shape = _header(path, file.read(4), file.read)
            size = math.prod(shape) * kind.itemsize
            if size > MOST_BYTES:
                raise DataError(f"{path} would unpack to more than {MOST_BYTES >> 30} GiB.")
            content = file.read(size + 1)
    except (OSError, EOFError, zlib.error, struct.error) as error:
        raise DataError(f"{path} cannot be read: {error}.", advice="Fetch or copy the file again.") from error
    if len(content) != size:
        longer = "more" if len(content) > size else f"{len(content)}"
        raise DataError(
            f"{path} should hold {size} bytes of numbers but holds {longer}.",
            advice="Fetch or copy the file again.",
        )
    array = np.frombuffer(content, dtype=kind).reshape(shape)
    return array.astype(kind.newbyteorder("="), copy=False)


def _header(path: Path, magic: bytes, read: Callable[[int], bytes]) -> tuple[np.dtype[Any], tuple[int, ...]]:
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in TYPES or not 1 <= magic[3] <= 4:
        raise DataError(f"{path} is not an IDX file.", advice="Its first bytes are not those of the format.")
    dimensions = magic[3]
    return np.dtype(TYPES[magic[2]]), struct.unpack(f">{dimensions}I", read(4 * dimensions))


def _stamp(*paths: Path | None) -> str:
    facts = [(path.stat().st_size, path.stat().st_mtime_ns) for path in paths if path]
    return f"idx {facts}"

"""The binary version of CIFAR-10: records of one label byte and 3 x 32 x 32 bytes of colour planes.

Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009), and its file format.
"""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path

import numpy as np

from huohua.arts.image.datasets.arrays import Arrays, ArraySource
from huohua.arts.image.datasets.licence import terms_beside
from huohua.errors import DataError

FILE = "cifar-10-binary.tar.gz"
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
_RECORD = 1 + 3 * 32 * 32
_MOST_BYTES = 1 << 28


def open_cifar(path: Path) -> ArraySource:
    """Return the training works of a local copy of the archive."""
    facts = path.stat()
    return ArraySource(
        name="cifar10",
        terms=terms_beside(path),
        stamp=f"cifar {facts.st_size} {facts.st_mtime_ns}",
        load=lambda: load_cifar(path),
    )


def load_cifar(path: Path) -> Arrays:
    """Return the works of the five training batches, read from the archive without unpacking it.

    Raises:
        DataError: the archive is damaged or another one.
    """
    batches: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                if name.startswith("data_batch_") and name.endswith(".bin") and member.size <= _MOST_BYTES:
                    file = archive.extractfile(member)
                    batches[name] = file.read() if file else b""
    except (tarfile.TarError, OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is damaged: {error}.", advice="Fetch it again.") from error
    return _arrays(path, b"".join(batches[name] for name in sorted(batches)))


def _arrays(path: Path, content: bytes) -> Arrays:
    records = np.frombuffer(content, dtype=np.uint8)
    if not records.size or records.size % _RECORD or records[::_RECORD].max() >= len(CLASSES):
        raise DataError(
            f"{path} is not the binary version of CIFAR-10.", advice=f"The file is called {FILE}."
        )
    records = records.reshape(-1, _RECORD)
    images_NHWC = np.ascontiguousarray(records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1))
    return Arrays(images_NHWC=images_NHWC, subjects=tuple(CLASSES[label] for label in records[:, 0].tolist()))

"""A NumPy archive: `x_train` and `y_train` as Keras saves them, or `images` and `labels`."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from huohua.arts.image.datasets.arrays import Arrays, ArraySource, as_images, as_subjects
from huohua.arts.image.datasets.licence import terms_beside
from huohua.errors import DataError

# The names under which archives keep their pictures, each with those of its labels.
IMAGES = {"x_train": "y_train", "train_images": "train_labels", "images": "labels", "x": "y"}
CLASSES = ("class_names", "label_names", "classes")
MOST_BYTES = 1 << 34


def open_npz(path: Path) -> ArraySource:
    """Return the training works of a NumPy archive; its test works are left out.

    Raises:
        DataError: it is no archive, is too large, or has no array of pictures.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            facts = [(info.filename, info.file_size, info.CRC) for info in archive.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    if sum(size for _, size, _ in facts) > MOST_BYTES:
        raise DataError(f"{path} would unpack to more than {MOST_BYTES >> 30} GiB.")
    keys = [name.removesuffix(".npy") for name, _, _ in facts]
    pictures = next((name for name in IMAGES if name in keys), None)
    if pictures is None:
        raise DataError(
            f"{path} has no array of pictures. Its arrays: {', '.join(keys) or 'none'}.",
            advice="Name the pictures 'images' (or 'x_train') and their labels 'labels' (or 'y_train').",
        )
    return ArraySource(
        name=path.stem,
        terms=terms_beside(path),
        stamp=hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest(),
        load=lambda: _load(path, pictures),
        notes=("Its test works are left out, as is usual.",) if "x_test" in keys else (),
    )


def _load(path: Path, key: str) -> Arrays:
    try:
        with np.load(path, allow_pickle=False) as arrays:
            pictures = arrays[key]
            labels = arrays.get(IMAGES[key])
            names = _class_names(arrays)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise _damaged(path, error) from error
    images_NHWC = as_images(pictures, name=f"{key} in {path.name}")
    return Arrays(
        images_NHWC=images_NHWC, subjects=as_subjects(labels, len(images_NHWC), names, where=path.name)
    )


def _damaged(path: Path, error: Exception) -> DataError:
    if "allow_pickle" in str(error):
        message = f"{path} holds Python objects, which are not opened."
    else:
        message = f"{path} cannot be read as a NumPy archive: {error}."
    return DataError(message, advice="Save it again from plain arrays with numpy.savez.")


def _class_names(arrays: np.lib.npyio.NpzFile) -> Sequence[str]:
    key = next((name for name in CLASSES if name in arrays), None)
    return [str(name) for name in arrays[key].reshape(-1).tolist()] if key else ()

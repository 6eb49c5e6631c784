"""Every kind of place that works can come from: readers of files, and datasets by name."""

from __future__ import annotations

import difflib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from huohua.arts.image.datasets import cifar
from huohua.arts.image.datasets.cifar import open_cifar
from huohua.arts.image.datasets.download import RemoteFile
from huohua.arts.image.datasets.drawn import open_drawn
from huohua.arts.image.datasets.folder import open_folder
from huohua.arts.image.datasets.idx import images_file, open_idx
from huohua.arts.image.datasets.metadata import NAMES as TABLES
from huohua.arts.image.datasets.named import Named, load_clothes, load_digits, load_photos, open_named
from huohua.arts.image.datasets.npz import open_npz
from huohua.arts.image.datasets.source import Source
from huohua.arts.image.datasets.zip_archive import open_zip
from huohua.errors import DataError

READERS: Mapping[str, Callable[[Path], Source]] = {
    "folder": open_folder,
    "zip": open_zip,
    "npz": open_npz,
    "idx": open_idx,
    "cifar": open_cifar,
}

_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist/"
_MNIST_MIRROR = "https://storage.googleapis.com/cvdf-datasets/mnist/"
_FASHION = "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"
_FASHION_MIRROR = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_IMAGES, _LABELS = "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"

NAMED: Mapping[str, Named] = {
    "mnist": Named(
        files=(
            RemoteFile(
                name=_IMAGES,
                urls=(_MNIST + _IMAGES, _MNIST_MIRROR + _IMAGES),
                sha256="440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                size=9_912_422,
            ),
            RemoteFile(
                name=_LABELS,
                urls=(_MNIST + _LABELS, _MNIST_MIRROR + _LABELS),
                sha256="3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                size=28_881,
            ),
        ),
        load=load_digits,
        licence="CC BY-SA 3.0 (as commonly stated)",
        origin="MNIST, the training digits",
        citation="LeCun, Bottou, Bengio and Haffner, Gradient-based learning, 1998",
    ),
    "fashion_mnist": Named(
        files=(
            RemoteFile(
                name=_IMAGES,
                urls=(_FASHION + _IMAGES, _FASHION_MIRROR + _IMAGES),
                sha256="3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                size=26_421_880,
            ),
            RemoteFile(
                name=_LABELS,
                urls=(_FASHION + _LABELS, _FASHION_MIRROR + _LABELS),
                sha256="a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                size=29_515,
            ),
        ),
        load=load_clothes,
        licence="MIT",
        origin="Fashion-MNIST, the training pictures, Zalando SE",
        citation="Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017, arXiv:1708.07747",
    ),
    "cifar10": Named(
        files=(
            RemoteFile(
                name=cifar.FILE,
                urls=("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
                sha256="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                size=170_052_171,
            ),
        ),
        load=load_photos,
        licence="none stated; the photos were collected from the web",
        origin="CIFAR-10, the training photos",
        citation="Krizhevsky, Learning multiple layers of features from tiny images, 2009",
    ),
}
SAMPLE = "sample"
_PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff", ".bmp", ".avif", ".heic")


def dataset_names() -> tuple[str, ...]:
    """Return the names that work in place of a path."""
    return (*NAMED, SAMPLE)


def open_source(source: str | Path, *, on_download: Callable[[int, int], None] | None = None) -> Source:
    """Return the place that a path or a name means, opened. A path that exists comes before a name.

    Args:
        source: a folder, a file or one of `dataset_names()`.
        on_download: told (bytes so far, bytes in all) while a named dataset is fetched.

    Raises:
        DataError: there is no such place, or it is of no known kind.
    """
    path = Path(source).expanduser()
    try:
        kind = _kind(path) if str(source) else None
    except (OSError, ValueError) as error:
        raise DataError(f"{source} cannot be read: {error}.", advice="Check its permissions.") from error
    if kind:
        return READERS[kind](path.parent if path.name.casefold() in TABLES else path)
    if str(source) in NAMED:
        return open_named(str(source), NAMED[str(source)], on_download)
    if str(source) == SAMPLE:
        return open_drawn()
    raise _unknown(str(source), there=bool(str(source)) and path.is_file())


def _kind(path: Path) -> str | None:
    """Return the key in READERS for a path, judged by its content, or None."""
    if path.is_dir():
        return "idx" if images_file(path) else "folder"
    if not path.is_file():
        return None
    if path.name.casefold() in TABLES:
        return "folder"
    if path.name == cifar.FILE:
        return "cifar"
    with path.open("rb") as file:
        start = file.read(4)
    if start[:2] == b"PK":
        return "npz" if path.suffix == ".npz" or _holds_arrays(path) else "zip"
    if path.suffix in (".zip", ".npz"):
        return path.suffix[1:]
    return "idx" if start[:3] in (b"\0\0\x08", b"\0\0\x0d") or "idx" in path.name else None


def _holds_arrays(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return all(name.endswith(".npy") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def _unknown(source: str, *, there: bool) -> DataError:
    if there and source.casefold().endswith(_PICTURES):
        return DataError(f"{source} is a single picture.", advice="Name the folder that holds your pictures.")
    if there:
        return DataError(
            f"{source} is of a kind that is not read.",
            advice="Use a folder of pictures, a .zip of them, an .npz or IDX file.",
        )
    near = difflib.get_close_matches(source, dataset_names(), n=1, cutoff=0.6)
    hint = f"Did you mean '{near[0]}'?" if near else f"Names that always work: {', '.join(dataset_names())}."
    return DataError(f"There is no file or folder '{source}'.", advice=hint)

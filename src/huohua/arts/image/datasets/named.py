"""Well-known datasets by name, fetched once from their usual addresses and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from huohua.arts.image.datasets import cifar, idx
from huohua.arts.image.datasets.arrays import Arrays, ArraySource
from huohua.arts.image.datasets.download import RemoteFile, fetch
from huohua.arts.image.datasets.licence import Terms
from huohua.files import home

DIGITS = tuple("0123456789")
CLOTHES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


@dataclass(frozen=True, kw_only=True)
class Named:
    """A dataset that everybody knows by its name.

    Attributes:
        files: what to fetch.
        load: reads the fetched files, in the same order.
        licence, origin: for model cards.
        citation: the work to name when publishing results.
    """

    files: tuple[RemoteFile, ...]
    load: Callable[[Sequence[Path]], Arrays]
    licence: str
    origin: str
    citation: str


def open_named(name: str, named: Named, on_download: Callable[[int, int], None] | None = None) -> ArraySource:
    """Return a named dataset; its files are fetched when its works are first asked for.

    Args:
        name: the name, which is also that of its folder under `home()/datasets`.
        named: what it is made of.
        on_download: told (bytes so far, bytes in all).
    """
    folder = home() / "datasets" / name
    stamp = hashlib.sha256("".join(file.sha256 for file in named.files).encode()).hexdigest()
    return ArraySource(
        name=name,
        terms=Terms(licence=named.licence, origin=named.origin),
        stamp=stamp,
        load=lambda: named.load(fetch(named.files, folder, on_download)),
        notes=("Its test works are left out, as is usual.",),
    )


def load_digits(paths: Sequence[Path]) -> Arrays:
    """Return the works of MNIST from its files of images and labels."""
    return idx.load_pair(paths[0], paths[1], DIGITS)


def load_clothes(paths: Sequence[Path]) -> Arrays:
    """Return the works of Fashion-MNIST from its files of images and labels."""
    return idx.load_pair(paths[0], paths[1], CLOTHES)


def load_photos(paths: Sequence[Path]) -> Arrays:
    """Return the works of CIFAR-10 from its archive."""
    return cifar.load_cifar(paths[0])

"""What an art must bring, so that everything above can serve all arts with the same words.

An `Art` builds its networks, turns a sample into a finished work, and opens a work again. It is a
small object that imports torch only when it is asked for a network.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from huohua.arts.yardstick import Yardstick
from huohua.provenance.record import Origin, Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn


class Work(Protocol):
    """A finished work of any art: it knows how it was made and can save itself."""

    @property
    def recipe(self) -> Recipe:
        """Return how to make it again."""
        ...

    @property
    def origin(self) -> Origin:
        """Return where it comes from."""
        ...

    def save(self, path: str | Path) -> Path:
        """Write the work with its record into a file and return its path."""
        ...


class Art(Protocol):
    """A medium: image today, music and text later."""

    @property
    def name(self) -> str:
        """Return the word for it in commands and files."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the endings of the files its works are saved in, the usual one first."""
        ...

    def build_generator(
        self,
        name: str,
        settings: Mapping[str, Any],
        *,
        latent: int,
        condition: int,
        height: int,
        width: int,
        channels: int,
    ) -> nn.Module:
        """Return a generator of this art with fresh weights.

        Raises:
            ModelError: the art has no generator of that name, or the settings do not fit it.
        """
        ...

    def build_encoder(
        self,
        name: str,
        settings: Mapping[str, Any],
        *,
        latent: int,
        height: int,
        width: int,
        channels: int,
    ) -> nn.Module:
        """Return an encoder of this art with fresh weights.

        Raises:
            ModelError: the art has no encoder of that name, or the settings do not fit it.
        """
        ...

    def take_in(self, work: Any, *, height: int, width: int, channels: int) -> Tensor:
        """Return a person's own work, or the file of one, as a sample that an encoder reads.

        Raises:
            DataError: it cannot be read.
        """
        ...

    def finish(self, sample: Tensor | NDArray[np.float32], *, recipe: Recipe, origin: Origin) -> Work:
        """Turn one sample of a generator, a tensor or an array, into a work.

        Raises:
            ModelError: the sample holds values that are not numbers.
        """
        ...

    def yardstick(self) -> Yardstick:
        """Return how its models are measured."""
        ...

    def open_work(self, path: Path) -> Work:
        """Open a work with its record.

        Raises:
            DataError: the file is not a work of ours.
        """
        ...

"""What an art must bring, so that everything above can serve all arts with the same words.

An `Art` builds its networks, turns a sample into a finished work, and opens a work again. It is a
small object that imports torch only when it is asked for a network.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from typing_extensions import Self

from huohua.arts.comparison import Comparison
from huohua.arts.frame import Frame
from huohua.arts.workshop import OnProgress, Workshop
from huohua.arts.yardstick import Yardstick
from huohua.provenance.record import Origin, Recipe, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from huohua.arts.preset import Preset


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

    def encode(self, suffix: str) -> bytes:
        """Return the content of a file that ends with `suffix`.

        Raises:
            UsageError: works of this art are not saved in such files.
        """
        ...

    def told(self, *, recipe: Recipe, origin: Origin) -> Self:
        """Return the same work with another record."""
        ...

    def save(self, path: str | Path) -> Path:
        """Write the work with its record into a file and return its path."""
        ...


class Art(Protocol):
    """A medium: what all the doors ask of pictures, of music and of text alike.

    A frame or a preset that comes in is always one of the art's own classes.
    """

    @property
    def name(self) -> str:
        """Return the word for it in commands and files."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Return the endings of the files its works are saved in, the usual one first."""
        ...

    @property
    def frame_type(self) -> type[Frame]:
        """Return the class of the frames of its models."""
        ...

    @property
    def usual_preset(self) -> str:
        """Return the name of the preset that is taken where none is named."""
        ...

    def presets(self) -> Mapping[str, Preset]:
        """Return its ways to train by name."""
        ...

    def frame(self, size: int | str | None, preset: Any) -> Frame:
        """Return the frame of a size as a person wrote it, or without one the preset's own.

        Raises:
            UsageError: it is no size, or one that is out of range.
        """
        ...

    def open_workshop(
        self,
        source: str | Path,
        *,
        preset: Any,
        frame: Any,
        licence: str | None = None,
        origin: str | None = None,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> Workshop:
        """Open the works of a place for training with a preset and a frame of this art.

        Raises:
            DataError: there is no such place, or too little in it can be used.
        """
        ...

    def build_generator(
        self, name: str, settings: Mapping[str, Any], *, latent: int, condition: int, frame: Any
    ) -> nn.Module:
        """Return a generator of this art with fresh weights.

        Raises:
            ModelError: the art has no generator of that name, or the settings do not fit it.
        """
        ...

    def build_encoder(self, name: str, settings: Mapping[str, Any], *, latent: int, frame: Any) -> nn.Module:
        """Return an encoder of this art with fresh weights.

        Raises:
            ModelError: the art has no encoder of that name, or the settings do not fit it.
        """
        ...

    def build_discriminator(
        self, name: str, settings: Mapping[str, Any], *, condition: int, frame: Any
    ) -> nn.Module:
        """Return a discriminator of this art with fresh weights.

        Raises:
            ModelError: the art has no discriminator of that name, or the settings do not fit it.
        """
        ...

    def take_in(self, work: Any, *, frame: Any) -> Tensor:
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

    def read_record(self, path: Path) -> Record:
        """Return the record in a file of a work, even where the file shows or plays it only.

        Raises:
            DataError: the file is missing, damaged, or carries no recipe.
        """
        ...

    def compare(self, path: Path, again: Work) -> Comparison:
        """Compare the content of a file with a work made again, as that kind of file holds it.

        Raises:
            DataError: the file cannot be read.
        """
        ...

    def open_work(self, path: Path) -> Work:
        """Open a work with its record.

        Raises:
            DataError: the file is not a work of ours.
        """
        ...

"""The text art: how its networks are built, and how its works are opened, compared and measured."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from huohua.arts.comparison import Comparison
from huohua.arts.text.frame import TextFrame
from huohua.arts.workshop import OnProgress
from huohua.errors import UsageError
from huohua.provenance.record import Origin, Recipe, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from huohua.arts.art import Work
    from huohua.arts.text.artwork import TextArtwork
    from huohua.arts.text.presets import TextPreset
    from huohua.arts.text.workshop import TextWorkshop
    from huohua.arts.text.yardstick import TextYardstick


class TextArt:
    """Poems, prose and scenes."""

    name = "text"
    # A typeset page is a PNG, an SVG or a PDF as well, which other arts open.
    suffixes = (".txt", ".md", ".json")
    frame_type = TextFrame
    usual_preset = "imitation"

    def presets(self) -> Mapping[str, TextPreset]:
        """Return the ways to train by name."""
        from huohua.arts.text.presets import PRESETS

        return PRESETS

    def frame(self, size: int | str | None, preset: TextPreset) -> TextFrame:
        """Return the frame of a size in tokens, or the preset's own.

        Raises:
            UsageError: it is no size, or one that is out of range.
        """
        return TextFrame.read(preset.tokens if size is None else size)

    def open_workshop(
        self,
        source: str | Path,
        *,
        preset: TextPreset,
        frame: TextFrame,
        licence: str | None = None,
        origin: str | None = None,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> TextWorkshop:
        """Open the texts of a place for training.

        Raises:
            DataError: there is no such place, or too little in it can be used.
        """
        from huohua.arts.text.workshop import open_workshop

        return open_workshop(
            source, preset=preset, frame=frame, licence=licence, origin=origin, on_progress=on_progress
        )

    def build_generator(
        self, name: str, settings: Mapping[str, Any], *, latent: int, condition: int, frame: TextFrame
    ) -> nn.Module:
        """Return a writer with fresh weights.

        Raises:
            ModelError: there is no generator of that name, or the settings do not fit it.
        """
        from huohua.arts.text.training import build_generator

        return build_generator(name, settings)

    def build_encoder(
        self, name: str, settings: Mapping[str, Any], *, latent: int, frame: TextFrame
    ) -> NoReturn:
        """Raise a `UsageError`: texts are read as they are, without an encoder."""
        raise UsageError("Models of texts have no encoder: they take texts in as they are.")

    def build_discriminator(
        self, name: str, settings: Mapping[str, Any], *, condition: int, frame: TextFrame
    ) -> nn.Module:
        """Return a reader with fresh weights.

        Raises:
            ModelError: there is no discriminator of that name, or the settings do not fit it.
        """
        from huohua.arts.text.training import build_discriminator

        return build_discriminator(name, settings)

    def take_in(self, work: Any, *, frame: TextFrame) -> NoReturn:
        """Raise a `UsageError`: see `build_encoder`."""
        raise UsageError("Models of texts have no encoder: they take texts in as they are.")

    def finish(self, sample: Tensor | NDArray[np.float32], *, recipe: Recipe, origin: Origin) -> TextArtwork:
        """Turn the numbers of characters into a text."""
        import torch

        from huohua.arts.text.artwork import TextArtwork
        from huohua.arts.text.codes import as_text

        return TextArtwork(text=as_text(torch.as_tensor(sample)), recipe=recipe, origin=origin)

    def yardstick(self) -> TextYardstick:
        """Return how models of texts are measured."""
        from huohua.arts.text.yardstick import TextYardstick

        return TextYardstick()

    def open_work(self, path: Path) -> TextArtwork:
        """Open a text with its record.

        Raises:
            DataError: the file is not a text of ours.
        """
        from huohua.arts.text.artwork import TextArtwork

        return TextArtwork.open(path)

    def read_record(self, path: Path) -> Record:
        """Return the record in a file of a text, be it plain or a page.

        Raises:
            DataError: the file is missing, damaged, or carries no recipe.
        """
        return self.open_work(path).record

    def compare(self, path: Path, again: Work) -> Comparison:
        """Compare a file with what a text made again would be written as, byte by byte."""
        from huohua.arts.text.artwork import TextArtwork

        if not isinstance(again, TextArtwork):
            raise TypeError(f"{type(again).__name__} is no text.")
        before, after = path.read_bytes(), again.encode(path.suffix)
        different = sum(one != two for one, two in zip(before, after, strict=False))
        different += abs(len(before) - len(after))
        return Comparison(parts=max(len(before), len(after)), different=different, unit="bytes")

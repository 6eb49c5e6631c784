"""The image art: how a picture generator is built and how its sample becomes a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huohua.arts.choosing import chosen, fitted
from huohua.arts.comparison import Comparison
from huohua.arts.image.artwork import ENCODERS, Artwork
from huohua.arts.image.frame import ImageFrame
from huohua.arts.workshop import OnProgress
from huohua.errors import ModelError
from huohua.provenance.record import Origin, Recipe, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from huohua.arts.art import Work
    from huohua.arts.image.presets import ImagePreset
    from huohua.arts.image.taking_in import Picture
    from huohua.arts.image.workshop import ImageWorkshop
    from huohua.arts.image.yardstick import ImageYardstick

MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class ImageArt:
    """Pictures from pixels in [-1, 1]."""

    name = "image"
    suffixes = tuple(ENCODERS)

    frame_type = ImageFrame
    usual_preset = "fast"

    def presets(self) -> Mapping[str, ImagePreset]:
        """Return the ways to train by name."""
        from huohua.arts.image.presets import PRESETS

        return PRESETS

    def frame(self, size: int | str | None, preset: ImagePreset) -> ImageFrame:
        """Return the frame of a size such as 64 or "192x128", or without one the preset's own.

        Raises:
            UsageError: the text is not a size, or the size is out of range.
        """
        return ImageFrame.read(preset.size if size is None else size, channels=preset.channels)

    def open_workshop(
        self,
        source: str | Path,
        *,
        preset: ImagePreset,
        frame: ImageFrame,
        licence: str | None = None,
        origin: str | None = None,
        on_progress: OnProgress | None = None,
        on_download: OnProgress | None = None,
    ) -> ImageWorkshop:
        """Open the pictures of a place for training.

        Raises:
            DataError: there is no such place, or too little in it can be used.
        """
        from huohua.arts.image.workshop import open_workshop

        return open_workshop(
            source,
            preset=preset,
            frame=frame,
            licence=licence,
            origin=origin,
            on_progress=on_progress,
            on_download=on_download,
        )

    def build_generator(
        self, name: str, settings: Mapping[str, Any], *, latent: int, condition: int, frame: ImageFrame
    ) -> nn.Module:
        """Return a picture generator with fresh weights.

        Raises:
            ModelError: there is no generator of that name, or the settings do not fit it.
        """
        from huohua.arts.image.generators.table import GENERATORS

        config_class, module_class = chosen("generator", name, GENERATORS)
        config = fitted("generator", name, config_class, settings)
        return module_class(config, latent=latent, condition=condition, **frame.model_dump())

    def build_encoder(
        self, name: str, settings: Mapping[str, Any], *, latent: int, frame: ImageFrame
    ) -> nn.Module:
        """Return a picture encoder with fresh weights.

        Raises:
            ModelError: there is no encoder of that name, or the settings do not fit it.
        """
        from huohua.arts.image.encoders.table import ENCODERS as ENCODER_TABLE

        config_class, module_class = chosen("encoder", name, ENCODER_TABLE)
        config = fitted("encoder", name, config_class, settings)
        return module_class(config, latent=latent, **frame.model_dump())

    def build_discriminator(
        self, name: str, settings: Mapping[str, Any], *, condition: int, frame: ImageFrame
    ) -> nn.Module:
        """Return a picture discriminator with fresh weights.

        Raises:
            ModelError: there is no discriminator of that name, or the settings do not fit it.
        """
        from huohua.arts.image.discriminators.table import DISCRIMINATORS

        kind = chosen("discriminator", name, DISCRIMINATORS)
        config = fitted("discriminator", name, kind.settings, settings)
        return kind.network(config, condition=condition, **frame.model_dump())

    def take_in(self, work: Picture, *, frame: ImageFrame) -> Tensor:
        """Return a picture, or the file of one, as image_CHW in [-1, 1].

        Raises:
            DataError: it cannot be read.
        """
        from huohua.arts.image.taking_in import sample_of

        return sample_of(work, height=frame.height, width=frame.width, channels=frame.channels)

    def finish(self, sample: Tensor | NDArray[np.float32], *, recipe: Recipe, origin: Origin) -> Artwork:
        """Turn one sample, CHW in [-1, 1], into a picture.

        Raises:
            ModelError: the sample holds values that are not numbers.
        """
        import numpy as np
        from PIL import Image

        pixel_CHW = sample if isinstance(sample, np.ndarray) else sample.detach().cpu().float().numpy()
        if not np.isfinite(pixel_CHW).all():
            raise ModelError(
                "The model drew something that is not a picture: values that are not numbers.",
                advice="Its weights are damaged: go back to an earlier checkpoint of the run.",
            )
        levels = np.rint((pixel_CHW + np.float32(1)) * np.float32(127.5)).clip(0, 255).astype(np.uint8)
        pixel_HWC = np.ascontiguousarray(levels.transpose(1, 2, 0))
        size = (pixel_HWC.shape[1], pixel_HWC.shape[0])
        image = Image.frombytes(MODES[pixel_HWC.shape[2]], size, pixel_HWC.tobytes())
        return Artwork(image=image, recipe=recipe, origin=origin)

    def yardstick(self) -> ImageYardstick:
        """Return how picture models are measured."""
        from huohua.arts.image.yardstick import ImageYardstick

        return ImageYardstick()

    def read_record(self, path: Path) -> Record:
        """Return the record in the file of a picture.

        Raises:
            DataError: the file is missing, damaged, or carries no recipe.
        """
        return Artwork.open(path).record

    def compare(self, path: Path, again: Work) -> Comparison:
        """Compare the pixels of a picture in a file with those of a work made again.

        Raises:
            DataError: the file cannot be read.
        """
        from huohua.arts.image.comparing import compare

        return compare(path, again.encode(path.suffix))

    def open_work(self, path: Path) -> Artwork:
        """Open a picture with its record.

        Raises:
            DataError: the file is not a picture of ours.
        """
        return Artwork.open(path)

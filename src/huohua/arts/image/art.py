"""The image art: how a picture generator is built and how its sample becomes a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from huohua.arts.image.artwork import ENCODERS, Artwork
from huohua.config import Config, describe
from huohua.errors import ModelError
from huohua.provenance.record import Origin, Recipe

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor, nn

    from huohua.arts.image.taking_in import Picture
    from huohua.arts.image.yardstick import ImageYardstick

MODES = {1: "L", 3: "RGB", 4: "RGBA"}


class ImageArt:
    """Pictures from pixels in [-1, 1]."""

    name = "image"
    suffixes = tuple(ENCODERS)

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
        """Return a picture generator with fresh weights.

        Raises:
            ModelError: there is no generator of that name, or the settings do not fit it.
        """
        from huohua.arts.image.generators.table import GENERATORS

        if name not in GENERATORS:
            raise ModelError(
                f"This version of Huohua has no generator '{name}'.",
                advice=f"It has: {', '.join(GENERATORS)}. Update Huohua.",
            )
        config_class, module_class = GENERATORS[name]
        config = _settings("generator", name, config_class, settings)
        return module_class(
            config, latent=latent, condition=condition, height=height, width=width, channels=channels
        )

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
        """Return a picture encoder with fresh weights.

        Raises:
            ModelError: there is no encoder of that name, or the settings do not fit it.
        """
        from huohua.arts.image.encoders.table import ENCODERS as ENCODER_TABLE

        if name not in ENCODER_TABLE:
            raise ModelError(
                f"This version of Huohua has no encoder '{name}'.",
                advice=f"It has: {', '.join(ENCODER_TABLE)}. Update Huohua.",
            )
        config_class, module_class = ENCODER_TABLE[name]
        config = _settings("encoder", name, config_class, settings)
        return module_class(config, latent=latent, height=height, width=width, channels=channels)

    def take_in(self, work: Picture, *, height: int, width: int, channels: int) -> Tensor:
        """Return a picture, or the file of one, as image_CHW in [-1, 1].

        Raises:
            DataError: it cannot be read.
        """
        from huohua.arts.image.taking_in import sample_of

        return sample_of(work, height=height, width=width, channels=channels)

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

    def open_work(self, path: Path) -> Artwork:
        """Open a picture with its record.

        Raises:
            DataError: the file is not a picture of ours.
        """
        return Artwork.open(path)


def _settings(kind: str, name: str, config_class: type[Config], settings: Mapping[str, Any]) -> Config:
    try:
        return config_class.model_validate(dict(settings))
    except ValidationError as error:
        raise ModelError(f"The settings of {kind} '{name}' do not fit it: {describe(error)}.") from error

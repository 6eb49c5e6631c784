"""The growing generator: the fast generator, which first learns small pictures and then larger ones.

Every size has a layer that paints, and the picture is the sum of what they paint, each enlarged to the
next. While a size fades in, what it paints is multiplied by a factor that goes from 0 to 1. In training
it draws at the size it has reached; in evaluation that is enlarged to the full size, so that a model can
be looked at and used before it has grown up.

As published, the painting layers of smaller sizes are thrown away when a size has faded in. Here they
stay, as in the skip generator of Karras et al. 2020, so that fading is a factor and nothing is lost.

Source: Karras et al. 2018, "Progressive Growing of GANs for Improved Quality, Stability, and Variation",
section 2; the sum over sizes is Karras et al. 2020, "Analyzing and Improving the Image Quality of
StyleGAN", section 4.1. The layers are those of `fast.py`.

Letters: B works, Z latent, C condition, Y latent and condition together, H W pixels.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from huohua.arts.image.generators.fast import FastGenerator, FastSettings
from huohua.blocks.growth import Stage, side_at, stretch
from huohua.blocks.resampling import enlarge, middle, stages


class GrowingSettings(FastSettings):
    """The size of a growing generator: that of a fast one."""


class GrowingGenerator(FastGenerator):
    """Latent and condition to a picture in about [-1, 1], at the size reached so far.

    Args:
        settings: its size.
        latent: Z.
        condition: C; 0 for none.
        height: pixels, when it has grown up.
        width: pixels, likewise.
        channels: 1, 3 or 4.
    """

    def __init__(
        self,
        settings: GrowingSettings,
        *,
        latent: int,
        condition: int,
        height: int,
        width: int,
        channels: int,
    ) -> None:
        super().__init__(
            settings, latent=latent, condition=condition, height=height, width=width, channels=channels
        )
        doublings, start_height, start_width = stages(height, width)
        sides = [min(start_height, start_width) * 2**step for step in range(doublings)]
        widths = [min(settings.widest, settings.budget // side) for side in sides]
        self.sketch = nn.ModuleList(nn.Conv2d(width, channels, 3, padding=1) for width in widths)
        self.stage = Stage(doublings)
        # What all sizes paint adds up, and should not be louder together than one painter alone.
        with torch.no_grad():
            for painter in (*self.sketch, self.paint):
                painter.weight.mul_((doublings + 1) ** -0.5)

    def _draw(self, told: Sequence[Tensor]) -> Tensor:
        """Return the picture whose layers are told told_BY one after another."""
        top, fade = self.stage.reached()
        images = itertools.islice(self._pictures(told), top + 1)
        picture = self._painted(0, next(images))
        for step, image in enumerate(images, start=1):
            painted = self._painted(step, image)
            picture = enlarge(picture) + (painted * fade if step == top and fade < 1 else painted)
        left = self.stage.steps - top
        picture = middle(picture.float(), side_at(self.height, left), side_at(self.width, left))
        return picture if self.training else stretch(picture, self.height, self.width)

    def _painted(self, step: int, image: Tensor) -> Tensor:
        painter = self.paint if step == self.stage.steps else self.sketch[step]
        painted: Tensor = painter(image)
        return painted

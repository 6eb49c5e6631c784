"""The growing discriminator: the convolutional one, which enters where pictures have grown to.

Pictures are seen at every size at once: a smaller version of a picture enters beside what was found in
the larger one. While a size fades in, what is found there is multiplied by a factor that goes from 0 to
1. How large pictures are is read from the `Stage`, which the game moves.

Source: Karras et al. 2018, "Progressive Growing of GANs for Improved Quality, Stability, and Variation",
section 2 and figure 2; the entry at every size is Karras et al. 2020, "Analyzing and Improving the Image
Quality of StyleGAN", section 4.1 (input skips). The rest is that of `convolutional.py`.

Letters: B works, C condition (in condition_BC) or channels, H W pixels.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from huohua.adversarial.game import Judgement, Seen
from huohua.arts.image.discriminators.convolutional import (
    ConvolutionalDiscriminator,
    ConvolutionalSettings,
    width_at,
)
from huohua.blocks.equalised import EqualisedConvolution
from huohua.blocks.growth import Stage, shrink
from huohua.blocks.resampling import stages


class GrowingSettings(ConvolutionalSettings):
    """The size of a growing discriminator, and how it sees works: that of a convolutional one."""


class GrowingDiscriminator(ConvolutionalDiscriminator):
    """Strided convolutions from the size reached so far down to about four by four pixels, then one score.

    Args:
        settings: its size.
        condition: C; 0 for none.
        height: pixels, when it has grown up.
        width: pixels, likewise.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: GrowingSettings, *, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__(settings, condition=condition, height=height, width=width, channels=channels)
        halvings = stages(height, width)[0]
        widths = [
            width_at(min(height, width) / 2**step, settings.budget, settings.widest)
            for step in range(1, halvings + 1)
        ]
        self.enter = nn.ModuleList(EqualisedConvolution(channels, each, 1) for each in widths)
        self.stage = Stage(halvings)

    def forward(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        """Return score_BS, with S = 1, and the features after every halving."""
        picture = seen if isinstance(seen, Tensor) else seen[0]
        top, fade = self.stage.reached()
        skipped = self.stage.steps - top
        image = self._entered(skipped, picture)
        features = []
        for step in range(skipped, self.stage.steps):
            image = F.leaky_relu(self.halve[step](image), 0.2)
            factor = fade if step == skipped else 1.0
            picture = shrink(picture, *image.shape[2:])
            image = (image * factor if factor < 1 else image) + self._entered(step + 1, picture)
            features.append(image)
        return self._conclude(image, features, condition_BC)

    def _entered(self, step: int, picture: Tensor) -> Tensor:
        """Return what is seen first in a picture that was halved so many times."""
        first = self.first if step == 0 else self.enter[step - 1]
        return F.leaky_relu(first(picture), 0.2)

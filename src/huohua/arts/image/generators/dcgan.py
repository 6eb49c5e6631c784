"""The generator of DCGAN: a small picture of many channels, doubled by transposed convolutions.

As published: normalised over the batch, rectifiers, tanh, weights drawn narrowly around zero. The
number of doublings follows from the size, and a size that is not reached exactly is cut from the
middle of a larger picture. It is kept as the well-known yardstick; `style` and `fast` draw better.
Kernels of 4 x 4 instead of 5 x 5: they cover every pixel equally often, which leaves fewer grids.

Source: Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks", figure 1 and section 4; conditions as in Mirza and Osindero 2014, "Conditional
Generative Adversarial Nets", section 3.2.

Letters: B works, Z latent, C condition (in condition_BC) or channels, H W pixels.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.blocks.resampling import middle, stages
from huohua.config import Config

SPREAD = 0.02  # standard deviation of the first weights (section 4)


class DcganSettings(Config):
    """The size of a DCGAN generator.

    Attributes:
        base: channels at half the final size; each halving of the size doubles them.
        widest: most channels at any size.
    """

    base: int = Field(default=64, ge=1)
    widest: int = Field(default=512, ge=1)


class DcganGenerator(nn.Module):
    """Latent and condition, side by side, to a picture in [-1, 1].

    Args:
        settings: its size.
        latent: Z.
        condition: C; 0 for none.
        height: pixels; at least 8, like the width.
        width: pixels.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: DcganSettings, *, latent: int, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        self.height, self.width = height, width
        # One number among a hundred is not heard: the condition is made as loud as the latent.
        self.latent, self.loudness = latent, latent**0.5
        doublings, start_height, start_width = stages(height, width)
        widths = [min(settings.widest, settings.base * 2**step) for step in range(doublings)][::-1]
        self.start = (widths[0], start_height, start_width)
        # On a latent, which is one pixel, the paper's first transposed convolution is a linear layer.
        self.project = nn.Linear(latent + condition, widths[0] * start_height * start_width, bias=False)
        layers: list[nn.Module] = [nn.BatchNorm2d(widths[0]), nn.ReLU()]
        for inputs, outputs in pairwise(widths):
            layers += [_doubling(inputs, outputs, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()]
        layers.append(_doubling(widths[-1], channels, bias=True))
        self.layers = nn.Sequential(*layers)
        self.apply(_draw_narrowly)

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return image_BCHW in [-1, 1]."""
        image: Tensor = self.layers(self._laid_out(latent_BZ, condition_BC))
        return middle(image.float().tanh(), self.height, self.width)

    def latent_weights(self) -> list[Tensor]:
        """Return the one matrix_OZ that the latent is multiplied with."""
        return [self.project.weight[:, : self.latent]]

    def early(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return what the first layer makes of a latent, before the picture grows."""
        return cast(Tensor, self.layers[:2](self._laid_out(latent_BZ, condition_BC)))

    def _laid_out(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        image: Tensor = self.project(torch.cat([latent_BZ, condition_BC * self.loudness], dim=1))
        return image.view(-1, *self.start).contiguous(memory_format=torch.channels_last)


def _doubling(inputs: int, outputs: int, *, bias: bool) -> nn.Module:
    return nn.ConvTranspose2d(inputs, outputs, 4, 2, 1, bias=bias)


def _draw_narrowly(layer: nn.Module) -> None:
    if isinstance(layer, nn.Linear | nn.ConvTranspose2d):
        nn.init.normal_(layer.weight, 0.0, SPREAD)
    elif isinstance(layer, nn.BatchNorm2d):
        nn.init.normal_(layer.weight, 1.0, SPREAD)

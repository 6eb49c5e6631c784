"""The style generator: a mapped latent steers every layer of a growing picture.

Latent and condition are mapped to W; each modulated convolution takes its style from W; every size
contributes to the picture, and the contributions are added up. There is no noise input: all that a
picture holds comes from its latent, so that the same recipe gives the same picture.

Source: Karras et al. 2019, "A Style-Based Generator Architecture for GANs", section 2, and Karras et
al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section 2 and figure 7.

Letters: B works, Z latent, C condition, W mapped latent, H W pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.blocks.equalised import EqualisedLinear
from huohua.blocks.modulation import ModulatedConvolution
from huohua.blocks.resampling import enlarge, middle, stages
from huohua.config import Config

GAIN = 2**0.5  # keeps the variance behind a leaky rectifier
PAINT = 0.25  # an untrained generator paints near grey and not beyond black and white


class StyleSettings(Config):
    """The size of a style generator.

    Attributes:
        widest: most channels at any size.
        budget: channels at a picture of side n are about budget / n, at most `widest`.
        mapped: width of W.
        mapping_layers: layers of the mapping network.
        mapping_speed: factor on the mapping network's learning rate.
        condition_weight: how much the condition counts beside the latent in the mapping's input.
    """

    widest: int = Field(default=256, ge=8)
    budget: int = Field(default=4096, ge=64)
    mapped: int = Field(default=256, ge=8)
    mapping_layers: int = Field(default=4, ge=1)
    mapping_speed: float = Field(default=0.01, gt=0, le=1)
    condition_weight: float = Field(default=0.5, ge=0)


class Mapping(nn.Module):
    """The mapping network: latent and condition to W."""

    def __init__(self, settings: StyleSettings, *, latent: int, condition: int) -> None:
        super().__init__()
        self.weight = settings.condition_weight
        self.embed = EqualisedLinear(condition, latent, bias=None) if condition else None
        widths = [latent * (2 if condition else 1)] + [settings.mapped] * settings.mapping_layers
        self.layers = nn.ModuleList(
            EqualisedLinear(a, b, speed=settings.mapping_speed) for a, b in pairwise(widths)
        )

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return latent_BW."""
        x = normalise(latent_BZ)
        if self.embed is not None:
            # The embedding is scaled by the root of C, so that one condition has unit variance.
            told = self.embed(condition_BC) * condition_BC.shape[1] ** 0.5
            x = torch.cat([x, self.weight * told.to(x.dtype)], dim=1)
        for layer in self.layers:
            x = F.leaky_relu(layer(x), 0.2) * GAIN
        return x


class Layer(nn.Module):
    """One modulated convolution with its bias and rectifier."""

    def __init__(self, inputs: int, outputs: int, mapped: int, *, enlarge: bool = False) -> None:
        super().__init__()
        self.convolution = ModulatedConvolution(inputs, outputs, mapped, enlarge=enlarge, gain=GAIN)

    def forward(self, image: Tensor, latent_BW: Tensor) -> Tensor:
        """Return the layer's picture."""
        return F.leaky_relu(self.convolution(image, latent_BW), 0.2)


class StyleGenerator(nn.Module):
    """Latent and condition to a picture in [-1, 1], by way of W.

    Args:
        settings: its size.
        latent: Z.
        condition: C; 0 for none.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: StyleSettings, *, latent: int, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        self.height, self.width = height, width
        self.mapping = Mapping(settings, latent=latent, condition=condition)
        doublings, start_height, start_width = stages(height, width)
        side = min(start_height, start_width)
        widths = [min(settings.widest, settings.budget // (side * 2**step)) for step in range(doublings + 1)]
        self.start = nn.Parameter(torch.randn(1, widths[0], start_height, start_width))
        self.lay_out = EqualisedLinear(settings.mapped, self.start.numel(), bias=None)
        self.first = Layer(widths[0], widths[0], settings.mapped)
        # The start hears one mapped latent; each size then has a layer that grows and one that refines.
        self.layer_sizes = (side, *(side * 2**step for step in range(1, doublings + 1) for _ in range(2)))
        steps = list(pairwise(widths))
        self.grow = nn.ModuleList(Layer(a, b, settings.mapped, enlarge=True) for a, b in steps)
        self.refine = nn.ModuleList(Layer(b, b, settings.mapped) for _, b in steps)
        self.paint = nn.ModuleList(
            ModulatedConvolution(w, channels, settings.mapped, kernel=1, demodulate=False, gain=PAINT)
            for w in widths
        )

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return image_BCHW in about [-1, 1]."""
        return self.render(self.map(latent_BZ, condition_BC))

    def map(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return the mapped latent latent_BW."""
        return cast(Tensor, self.mapping(latent_BZ, condition_BC))

    def render(self, latent_BW: Tensor) -> Tensor:
        """Return the picture of a mapped latent."""
        return self._draw([latent_BW] * len(self.layer_sizes))

    def render_layers(self, latent_BLW: Tensor, condition_BLC: Tensor) -> Tensor:
        """Return the picture whose layer l is told the l-th mapped latent, which holds its condition."""
        return self._draw(latent_BLW.unbind(1))

    def latent_weights(self) -> list[Tensor]:
        """Return for each layer the matrix_OW that the mapped latent is multiplied with."""
        painted: list[Any] = list(self.paint)
        told: list[list[Any]] = [[self.lay_out, self.first.convolution.style, painted[0].style]]
        for grow, refine, paint in zip(self.grow, self.refine, painted[1:], strict=True):
            told += [
                [cast(Layer, grow).convolution.style],
                [cast(Layer, refine).convolution.style, paint.style],
            ]
        return [torch.cat([linear.weight * linear.scale for linear in linears]) for linears in told]

    def _draw(self, told: Sequence[Tensor]) -> Tensor:
        """Return the picture whose layers are told latent_BW one after another."""
        first_BW, *others = told
        image = self.start + self.lay_out(first_BW).view(-1, *self.start.shape[1:])
        image = self.first(image.contiguous(memory_format=torch.channels_last), first_BW)
        picture = self.paint[0](image, first_BW)
        steps = zip(self.grow, self.refine, self.paint[1:], others[::2], others[1::2], strict=True)
        for grow, refine, paint, grown_BW, refined_BW in steps:
            image = refine(grow(image, grown_BW), refined_BW)
            picture = enlarge(picture) + paint(image, refined_BW)
        return middle(picture.float(), self.height, self.width)


def normalise(latent_BZ: Tensor) -> Tensor:
    """Return latents of unit second moment (Karras et al. 2018, section 4.2)."""
    return latent_BZ * torch.rsqrt(latent_BZ.square().mean(1, keepdim=True) + 1e-8)

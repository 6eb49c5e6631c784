"""The fast generator: doubling blocks under told batch normalisation, with shortcuts over sizes.

The latent is laid out as a small picture, in which the condition has a small say, and which doubles block by
block: with a full say works of one label came to share one layout, with none a pear was a recoloured plum
(docs/decisions/0011). Every convolution is followed by batch normalisation whose scale and shift follow from
latent and condition. Skip-layer excitation lets a picture of few pixels choose the channels of one sixteen
times as large. Of the generators here it learns fastest, which is why it is the default. Two things of the
paper are left out: its gated rectifiers, which double the work (measured: 42 ms against 13 ms a picture), and
its noise, so that the same recipe gives the same picture. The output is not squeezed by a tanh: where it
saturates, a generator that has strayed into black and white gets no slope to come back by.

Source: Liu et al. 2021, "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image
Synthesis", section 3.1 and figure 3; told normalisation as in Brock et al. 2019, "Large Scale GAN
Training for High Fidelity Natural Image Synthesis", section 3. Doubling by a transposed convolution and
a blur is Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", appendix B: it
leaves no checks, which doubling by copying pixels does.

Letters: B works, Z latent, C condition, Y latent and condition together, H W pixels.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.blocks.doubling import doubled
from huohua.blocks.modulation import scale_channels
from huohua.blocks.normalisation import ToldBatchNorm
from huohua.blocks.resampling import binomial, blur, middle, stages
from huohua.config import Config


class FastSettings(Config):
    """The size of a fast generator.

    Attributes:
        widest: most channels at any size.
        budget: channels at a picture of side n are about budget / n, at most `widest`.
        refined: largest side of a picture that gets a second convolution.
        reach: doublings that a shortcut spans; 4 is 4 to 64 pixels, 8 to 128 and so on.
        told: width of the embedded condition.
        condition_weight: how much the condition counts beside the latent.
        layout_weight: how much of that reaches the first small picture, where things get their places.
    """

    widest: int = Field(default=256, ge=8)
    budget: int = Field(default=4096, ge=64)
    refined: int = Field(default=64, ge=0)
    reach: int = Field(default=4, ge=1)
    told: int = Field(default=64, ge=1)
    condition_weight: float = Field(default=0.5, ge=0)
    layout_weight: float = Field(default=0.3, ge=0)


class Layer(nn.Module):
    """A convolution, told normalisation and a rectifier; doubles the picture if it enlarges."""

    smooth: Tensor

    def __init__(self, inputs: int, outputs: int, told: int, *, enlarge: bool) -> None:
        super().__init__()
        # Normalisation follows, so the length of the kernels does not matter, only how fast they turn.
        spread = (inputs * 9) ** -0.5
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3) * spread)
        self.norm = ToldBatchNorm(outputs, told)
        self.enlarge = enlarge
        self.register_buffer("smooth", binomial(4, gain=4.0), persistent=False)

    def forward(self, image: Tensor, told_BY: Tensor) -> Tensor:
        """Return the layer's picture."""
        if self.enlarge:
            # Stride 2 and kernel 3 give 2H + 1; the blur with four taps takes it to 2H.
            image = doubled(image, self.weight)
            image = blur(image, self.smooth, before=1, after=1)
        else:
            image = F.conv2d(image, self.weight, padding=1)
        return F.leaky_relu(self.norm(image, told_BY), 0.2)


class Excitation(nn.Module):
    """Skip-layer excitation: a small picture says how much each channel of a large one counts.

    Source: Liu et al. 2021, equation 2.
    """

    def __init__(self, inputs: int, outputs: int, *, side: int = 4) -> None:
        super().__init__()
        self.side = side
        self.gather = nn.Linear(inputs * side**2, outputs)
        self.choose = nn.Linear(outputs, outputs)

    def forward(self, small: Tensor, large: Tensor) -> Tensor:
        """Return the large picture with its channels weighted by factors between 0 and 2."""
        pooled = F.adaptive_avg_pool2d(small, self.side).flatten(1)
        chosen = self.choose(F.leaky_relu(self.gather(pooled), 0.1))
        return scale_channels(large, 2 * torch.sigmoid(chosen))


class FastGenerator(nn.Module):
    """Latent and condition to a picture in about [-1, 1].

    Args:
        settings: its size.
        latent: Z.
        condition: C; 0 for none.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: FastSettings, *, latent: int, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        self.height, self.width, self.weight = height, width, settings.condition_weight
        self.latent, self.layout_weight = latent, settings.layout_weight
        self.embed = nn.Linear(condition, settings.told, bias=False) if condition else None
        if self.embed is not None:
            nn.init.normal_(self.embed.weight)
        told = latent + (settings.told if condition else 0)
        doublings, start_height, start_width = stages(height, width)
        sides = [min(start_height, start_width) * 2**step for step in range(doublings + 1)]
        widths = [min(settings.widest, settings.budget // side) for side in sides]
        self.start = (widths[0], start_height, start_width)
        self.lay_out = nn.Linear(told, widths[0] * start_height * start_width)
        self.first = Layer(widths[0], widths[0], told, enlarge=False)
        self.grow = nn.ModuleList(Layer(a, b, told, enlarge=True) for a, b in pairwise(widths))
        self.refine = nn.ModuleDict(
            {
                str(step): Layer(width, width, told, enlarge=False)
                for step, (width, side) in enumerate(zip(widths, sides, strict=True))
                if step > 0 and side <= settings.refined
            }
        )
        # The first layer lays out and hears the same; each size then has a layer that grows, some another.
        grown = [side for side in sides[1:] for _ in range(2 if side <= settings.refined else 1)]
        self.layer_sizes = (sides[0], *grown)
        self.reach = min(settings.reach, doublings)
        self.excite = nn.ModuleList(
            Excitation(a, b) for a, b in zip(widths, widths[self.reach :], strict=False)
        )
        self.paint = nn.Conv2d(widths[-1], channels, 3, padding=1)

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return image_BCHW in about [-1, 1]."""
        return self._draw([self._told(latent_BZ, condition_BC)] * len(self.layer_sizes))

    def render_layers(self, latent_BLZ: Tensor, condition_BLC: Tensor) -> Tensor:
        """Return the picture whose layer l is told the l-th latent and condition (`latents/space.py`)."""
        layers = zip(latent_BLZ.unbind(1), condition_BLC.unbind(1), strict=True)
        return self._draw([self._told(latent_BZ, condition_BC) for latent_BZ, condition_BC in layers])

    def latent_weights(self) -> list[Tensor]:
        """Return for each layer the matrix_OZ that the latent is multiplied with."""
        norms = [layer.norm for layer in self._layers()]
        told = [[self.lay_out, norms[0].scale, norms[0].shift], *([n.scale, n.shift] for n in norms[1:])]
        return [torch.cat([linear.weight[:, : self.latent] for linear in linears]) for linears in told]

    def early(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return what the first layer makes of a latent, before the picture grows."""
        told_BY = self._told(latent_BZ, condition_BC)
        image = self.layout(told_BY)
        return cast(Tensor, self.first(image.contiguous(memory_format=torch.channels_last), told_BY))

    def layout(self, told_BY: Tensor) -> Tensor:
        """Return the first small picture: mostly of the latent's making."""
        latent_BZ, condition_BY = told_BY[:, : self.latent], told_BY[:, self.latent :]
        laid_out = self.lay_out(torch.cat([latent_BZ, self.layout_weight * condition_BY], dim=1))
        return cast(Tensor, laid_out).view(-1, *self.start)

    def _draw(self, told: Sequence[Tensor]) -> Tensor:
        """Return the picture whose layers are told told_BY one after another."""
        *_, image = self._pictures(told)
        return middle(self.paint(image).float(), self.height, self.width)

    def _pictures(self, told: Sequence[Tensor]) -> Iterator[Tensor]:
        """Yield what will be painted, at each size from the smallest on."""
        hearing = iter(told)
        told_BY = next(hearing)
        image = self.layout(told_BY)
        image = self.first(image.contiguous(memory_format=torch.channels_last), told_BY)
        pictures = [image]
        yield image
        for step, grow in enumerate(self.grow, start=1):
            image = grow(image, next(hearing))
            if str(step) in self.refine:
                image = self.refine[str(step)](image, next(hearing))
            if step >= self.reach:
                image = self.excite[step - self.reach](pictures[step - self.reach], image)
            pictures.append(image)
            yield image

    def _layers(self) -> list[Layer]:
        """Return the layers that are told something, in their order."""
        found: list[nn.Module] = [self.first]
        for step, grow in enumerate(self.grow, start=1):
            found += [grow, self.refine[str(step)]] if str(step) in self.refine else [grow]
        return cast("list[Layer]", found)

    def _told(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return what a layer is told: the latent, and the embedded condition."""
        if self.embed is None:
            return latent_BZ
        told = self.weight * self.embed(condition_BC)
        return torch.cat([latent_BZ, told.to(latent_BZ.dtype)], dim=1)

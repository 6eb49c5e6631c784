"""The fast generator: half the work of `style`, with shortcuts from small pictures to large ones.

One smoothly doubling convolution makes each size from the one before. Skip-layer excitation lets a
picture of few pixels weigh the channels of one sixteen times as large, so that what was decided
early is obeyed late, and gradients find a short way back.

Two things differ from the paper, both because they were measured on a CPU. Where it normalises over
the batch, the convolutions here are modulated by latent and condition and brought back to unit
variance by arithmetic on their kernels alone (Karras et al. 2020, "Analyzing and Improving the Image
Quality of StyleGAN", section 2.2): no statistics to gather, no running means for the averaged
generator to carry along, every layer is told what is asked for, and a latent gives the same picture
in any company. Where it gates half of the channels with the other half, a leaky rectifier stands, as
gates cost twice the convolution and doubled the time of a step. There is no noise input either: the
same recipe gives the same picture.

Source: Liu et al. 2021, "Towards Faster and Stabilized GAN Training for High-fidelity Few-shot Image
Synthesis", section 3.1, figure 3 and equation 2.

Letters: B works, Z latent, C condition (in condition_BC) or channels, Y latent and condition together,
H W pixels.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.blocks.equalised import EqualisedConvolution, EqualisedLinear
from huohua.blocks.modulation import scale_channels
from huohua.blocks.resampling import binomial, blur, middle, stages
from huohua.config import Config

GAIN = 2**0.5  # keeps the variance behind a leaky rectifier
EPSILON = 1e-8
PAINT = 0.25  # an untrained generator paints near grey and not beyond black and white
POOLED = 4  # side of the small picture that a shortcut looks at


class FastSettings(Config):
    """The size of a fast generator.

    Attributes:
        widest: most channels at any size.
        budget: channels at a picture of side n are about budget / n, at most `widest`.
        refined: pictures up to this side get a second convolution, larger ones do with one.
        reach: doublings that a shortcut spans; 4 is from 4 to 64 pixels, from 8 to 128 and so on.
        condition_weight: how much the condition counts beside the latent.
    """

    widest: int = Field(default=256, ge=8)
    budget: int = Field(default=4096, ge=64)
    refined: int = Field(default=16, ge=0)
    reach: int = Field(default=4, ge=1)
    condition_weight: float = Field(default=0.5, ge=0)


class Layer(nn.Module):
    """A convolution whose output channels are weighed by what the layer is told, then a rectifier.

    Kernels have unit length and weights unit mean square, so a layer keeps the variance of a picture.
    """

    smooth: Tensor

    def __init__(self, inputs: int, outputs: int, told: int, *, enlarge: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.weigh = EqualisedLinear(told, outputs, bias=1.0)
        self.enlarge = enlarge
        # The kernel sums to 4: a transposed convolution spreads each pixel over four.
        self.register_buffer("smooth", binomial(4, gain=4.0), persistent=False)

    def forward(self, image: Tensor, told_BY: Tensor) -> Tensor:
        """Return the layer's picture, twice as large if it enlarges."""
        if self.enlarge:
            # Stride 2 and kernel 3 give 2H + 1; the blur with four taps takes it to 2H.
            image = F.conv_transpose2d(image, self.weight.transpose(0, 1), stride=2)
            image = blur(image, self.smooth, before=1, after=1)
        else:
            image = F.conv2d(image, self.weight, padding=1)
        # Dividing the picture by the kernels' lengths costs no pass of its own, unlike dividing the kernels.
        length_O = torch.linalg.vector_norm(self.weight, dim=(1, 2, 3))
        image = scale_channels(image, unit(self.weigh(told_BY)) * (GAIN / length_O), self.bias)
        return F.leaky_relu(image, 0.2)


class Excitation(nn.Module):
    """Skip-layer excitation: a small picture says how much each channel of a large one counts.

    The factor lies between 0 and 2 and starts near 1.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.gather = EqualisedLinear(inputs * POOLED**2, outputs)
        self.choose = EqualisedLinear(outputs, outputs)

    def forward(self, small: Tensor, large: Tensor) -> Tensor:
        """Return the large picture with its channels weighted."""
        pooled = F.adaptive_avg_pool2d(small, POOLED).flatten(1)
        chosen = self.choose(F.leaky_relu(self.gather(pooled), 0.1))
        return scale_channels(large, 2 * torch.sigmoid(chosen))


class FastGenerator(nn.Module):
    """Latent and condition to a picture in [-1, 1].

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
        self.embed = EqualisedLinear(condition, latent, bias=None) if condition else None
        told = latent * (2 if condition else 1)
        doublings, start_height, start_width = stages(height, width)
        sides = [min(start_height, start_width) * 2**step for step in range(doublings + 1)]
        widths = [min(settings.widest, settings.budget // side) for side in sides]
        self.start = (widths[0], start_height, start_width)
        self.lay_out = EqualisedLinear(told, widths[0] * start_height * start_width)
        self.first = Layer(widths[0], widths[0], told, enlarge=False)
        self.grow = nn.ModuleList(Layer(a, b, told, enlarge=True) for a, b in pairwise(widths))
        self.refine = nn.ModuleList(
            Layer(b, b, told, enlarge=False) if side <= settings.refined else Unchanged()
            for b, side in zip(widths[1:], sides[1:], strict=True)
        )
        self.reach = min(settings.reach, doublings)
        self.excite = nn.ModuleList(
            Excitation(a, b) for a, b in zip(widths, widths[self.reach :], strict=False)
        )
        self.paint = EqualisedConvolution(widths[-1], channels, 1, gain=PAINT)

    def forward(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return image_BCHW in [-1, 1]."""
        told_BY = self._told(latent_BZ, condition_BC)
        image = F.leaky_relu(self.lay_out(told_BY), 0.2).view(-1, *self.start) * GAIN
        pictures = [self.first(image.contiguous(memory_format=torch.channels_last), told_BY)]
        for step, (grow, refine) in enumerate(zip(self.grow, self.refine, strict=True), start=1):
            image = refine(grow(pictures[-1], told_BY), told_BY)
            if step >= self.reach:
                image = self.excite[step - self.reach](pictures[step - self.reach], image)
            pictures.append(image)
        return torch.tanh(middle(self.paint(pictures[-1]).float(), self.height, self.width))

    def _told(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return what every layer is told: the latent at unit second moment, and the condition."""
        latent_BZ = unit(latent_BZ)
        if self.embed is None:
            return latent_BZ
        # The embedding is scaled by the root of C, so that one condition has unit variance.
        told = self.embed(condition_BC) * condition_BC.shape[1] ** 0.5
        return torch.cat([latent_BZ, self.weight * told.to(latent_BZ.dtype)], dim=1)


class Unchanged(nn.Module):
    """The layer that stands where a picture is not refined."""

    def forward(self, image: Tensor, told_BY: Tensor) -> Tensor:
        """Return the picture as it is."""
        return image


def unit(row_BN: Tensor) -> Tensor:
    """Return rows of unit mean square."""
    return row_BN * torch.rsqrt(row_BN.square().mean(1, keepdim=True) + EPSILON)

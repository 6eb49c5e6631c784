"""Batch normalisation whose scale and shift are told by latent and condition.

Statistics of the batch keep a generator's features centred whatever its weights do, which lets a young
one learn in large steps without running into black and white. The scale and the shift come from the
latent and the condition of each work, so that every layer is told both.

The backward pass is written out, for normalisation and scaling together: on a CPU the library's own is
the slowest step of a whole generator in bf16.

Source: Ioffe and Szegedy 2015, "Batch Normalization", algorithm 1 and section 3; the conditional form is
de Vries et al. 2017, "Modulating Early Visual Processing by Language", section 2; the latent among what
is told, Brock et al. 2019, "Large Scale GAN Training for High Fidelity Natural Image Synthesis",
section 3.

Letters: B works, C channels, H W pixels, Y what is told.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

EPSILON = 1e-5
MOMENTUM = 0.1
ROWS = 16  # with fewer rows than this a copy is cheap, and the rounding of each would weigh more


class _NormaliseAndScale(torch.autograd.Function):
    """(image_BCHW, scale_BC, shift_BC) -> image_BHWC scaled, mean_C, one over the spread_C."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, scale: Tensor, shift: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        # Neutral weights in 32 bits make the library keep the statistics in 32 bits.
        one, zero = scale.new_ones(scale.shape[1]), scale.new_zeros(scale.shape[1])
        normal, mean, unspread = torch.native_batch_norm(image, one, zero, None, None, True, 0.0, EPSILON)
        normal = normal.permute(0, 2, 3, 1)
        ctx.save_for_backward(normal, scale, unspread)
        ctx.mark_non_differentiable(mean, unspread)
        return affine(normal, scale, shift), mean, unspread

    @staticmethod
    def backward(ctx: Any, *slopes: Any) -> Any:
        normal, scale, unspread = ctx.saved_tensors
        slope = slopes[0]
        count = normal.shape[0] * normal.shape[1] * normal.shape[2]
        shift_slope, scale_slope = sums_BC(slope), sums_BC(slope * normal)
        # What reaches a pixel through the batch's mean and spread is the same for all works.
        level = -(scale * shift_slope).sum(0) / count * unspread
        along = -(scale * scale_slope).sum(0) / count * unspread
        image_slope = affine(slope, scale * unspread, level.expand_as(scale))
        image_slope.addcmul_(normal, along.to(normal.dtype))
        return image_slope.permute(0, 3, 1, 2), scale_slope, shift_slope


def sums_BC(image_BHWC: Tensor) -> Tensor:
    """Return the sum over each work's pixels, in 32 bits or more.

    Asked to sum 16 bits into 32, the library first makes a copy in 32. So rows are summed as they are,
    which it does in 32 bits and rounds once for each row, and then the sums of rows.
    """
    if image_BHWC.dtype != torch.bfloat16 or image_BHWC.shape[1] < ROWS:
        return image_BHWC.sum((1, 2), dtype=torch.promote_types(image_BHWC.dtype, torch.float32))
    return image_BHWC.sum(2).float().sum(1)


def affine(image_BHWC: Tensor, factor_BC: Tensor, shift_BC: Tensor) -> Tensor:
    """Return image * factor + shift, with one factor and one shift for each work and channel."""
    factor = factor_BC.to(image_BHWC.dtype)[:, None, None, :]
    return torch.addcmul(shift_BC.to(image_BHWC.dtype)[:, None, None, :], image_BHWC, factor)


class ToldBatchNorm(nn.Module):
    """Batch normalisation with a scale and a shift that follow from what is told.

    Args:
        channels: C.
        told: width Y of what is told; latent and condition together.

    In training the batch is normalised by its own statistics; in evaluation by their running means.
    """

    mean: Tensor
    variance: Tensor

    def __init__(self, channels: int, told: int) -> None:
        super().__init__()
        self.scale = nn.Linear(told, channels)
        self.shift = nn.Linear(told, channels)
        nn.init.ones_(self.scale.bias)
        nn.init.zeros_(self.shift.bias)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))

    def forward(self, image_BCHW: Tensor, told_BY: Tensor) -> Tensor:
        """Return the normalised, scaled and shifted image."""
        # Matrices this small are faster as they are than cast to 16 bits first.
        with torch.autocast(told_BY.device.type, enabled=False):
            told_BY = told_BY.to(self.scale.weight.dtype)
            scale_BC, shift_BC = self.scale(told_BY).float(), self.shift(told_BY).float()
        if self.training:
            normalised: tuple[Tensor, Tensor, Tensor] = _NormaliseAndScale.apply(  # type: ignore[no-untyped-call]
                image_BCHW, scale_BC, shift_BC
            )
            image_BHWC, mean, unspread = normalised
            with torch.no_grad():
                self.mean.lerp_(mean, MOMENTUM)
                self.variance.lerp_(unspread.pow(-2) - EPSILON, MOMENTUM)
        else:
            factor_BC = scale_BC * torch.rsqrt(self.variance + EPSILON)
            image_BHWC = affine(image_BCHW.permute(0, 2, 3, 1), factor_BC, shift_BC - self.mean * factor_BC)
        return image_BHWC.permute(0, 3, 1, 2)

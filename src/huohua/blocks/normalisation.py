"""Batch normalisation whose scale and shift are told by latent and condition.

Statistics of the batch keep a generator's features centred whatever its weights do, which lets a young
one learn in large steps without running into black and white. The scale and the shift come from the
latent and the condition of each work, so that every layer is told both.

Source: Ioffe and Szegedy 2015, "Batch Normalization", algorithm 1; the conditional form is de Vries et
al. 2017, "Modulating Early Visual Processing by Language", section 2; the latent among what is told,
Brock et al. 2019, "Large Scale GAN Training for High Fidelity Natural Image Synthesis", section 3.

Letters: B works, C channels, H W pixels, Y what is told.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ToldBatchNorm(nn.Module):
    """Batch normalisation with a scale and a shift that follow from what is told.

    Args:
        channels: C.
        told: width Y of what is told; latent and condition together.

    In training the batch is normalised by its own statistics; in evaluation by their running means.
    """

    def __init__(self, channels: int, told: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Linear(told, channels)
        self.shift = nn.Linear(told, channels)
        nn.init.ones_(self.scale.bias)
        nn.init.zeros_(self.shift.bias)

    def forward(self, image_BCHW: Tensor, told_BY: Tensor) -> Tensor:
        """Return the normalised, scaled and shifted image."""
        image_BHWC = self.norm(image_BCHW).permute(0, 2, 3, 1)
        scale = self.scale(told_BY).to(image_BHWC.dtype)[:, None, None, :]
        shift = self.shift(told_BY).to(image_BHWC.dtype)[:, None, None, :]
        return torch.addcmul(shift, image_BHWC, scale).permute(0, 3, 1, 2)

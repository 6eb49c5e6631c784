"""Networks for drawing only: what batch normalisation learnt is folded into a scale and a shift.

Its statistics no longer change once a network only draws, so its four vectors say no more than two. A
folded network draws the same pictures up to rounding, exports without a word about training, and is
slightly faster. It is a copy, and cannot be trained on.

Source: Ioffe and Szegedy 2015, "Batch Normalization", algorithm 2, step 11.

Letters: B works, C channels, H W pixels, Y what is told.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from huohua.blocks.normalisation import EPSILON, ToldBatchNorm, affine


class ToldAffine(nn.Module):
    """The scale and the shift that are told to a layer, with the statistics of batches in them.

    Source: Ioffe and Szegedy 2015, "Batch Normalization", algorithm 2, step 11.

    Args:
        norm: the normalisation whose place it takes.
    """

    def __init__(self, norm: ToldBatchNorm) -> None:
        super().__init__()
        unspread = torch.rsqrt(norm.variance.double() + EPSILON)
        scale_weight = norm.scale.weight.double() * unspread[:, None]
        scale_bias = norm.scale.bias.double() * unspread
        shift_weight = norm.shift.weight.double() - norm.mean.double()[:, None] * scale_weight
        shift_bias = norm.shift.bias.double() - norm.mean.double() * scale_bias
        told, channels = norm.scale.in_features, norm.scale.out_features
        self.both = nn.utils.skip_init(nn.Linear, told, 2 * channels)
        self.both.weight.data = torch.cat([scale_weight, shift_weight]).to(norm.scale.weight.dtype)
        self.both.bias.data = torch.cat([scale_bias, shift_bias]).to(norm.scale.weight.dtype)

    def forward(self, image_BCHW: Tensor, told_BY: Tensor) -> Tensor:
        """Return the scaled and shifted image."""
        factor_BC, shift_BC = self.both(told_BY).float().chunk(2, dim=1)
        return affine(image_BCHW.permute(0, 2, 3, 1), factor_BC, shift_BC).permute(0, 3, 1, 2)


class Affine(nn.Module):
    """One scale and one shift for each channel.

    Source: Ioffe and Szegedy 2015, "Batch Normalization", algorithm 2, step 11.

    Args:
        norm: the normalisation whose place it takes.
    """

    factor_C11: Tensor
    shift_C11: Tensor

    def __init__(self, norm: nn.BatchNorm2d) -> None:
        super().__init__()
        if norm.running_mean is None or norm.running_var is None:
            raise ValueError("Normalisation that keeps no statistics cannot be folded.")
        factor = torch.rsqrt(norm.running_var.double() + norm.eps)
        factor = factor * norm.weight.double() if norm.affine else factor
        shift = -norm.running_mean.double() * factor
        shift = shift + norm.bias.double() if norm.affine else shift
        dtype = norm.running_mean.dtype
        self.register_buffer("factor_C11", factor.to(dtype)[:, None, None])
        self.register_buffer("shift_C11", shift.to(dtype)[:, None, None])

    def forward(self, image_BCHW: Tensor) -> Tensor:
        """Return the scaled and shifted image."""
        scaled = image_BCHW * self.factor_C11.to(image_BCHW.dtype)
        return scaled + self.shift_C11.to(image_BCHW.dtype)


# What is folded, and into what.
FOLDS: Mapping[type[nn.Module], Callable[[Any], nn.Module]] = {
    ToldBatchNorm: ToldAffine,
    nn.BatchNorm2d: Affine,
}


def folded(network: nn.Module) -> nn.Module:
    """Return a copy of a network that only draws, without batch normalisation and without gradients.

    Raises:
        ValueError: the network is in training, where batches are normalised by their own statistics.
    """
    if network.training:
        raise ValueError("A network in training cannot be folded: call eval() first.")
    with torch.no_grad():
        copied = copy.deepcopy(network)
        for module in list(copied.modules()):
            for name, child in list(module.named_children()):
                if type(child) in FOLDS:
                    setattr(module, name, FOLDS[type(child)](child))
    return copied.eval().requires_grad_(False)

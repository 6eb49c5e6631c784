"""Smooth changes of size: blurring before pixels are dropped and after they are multiplied.

Letters: B works, C channels, H W pixels.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.blocks.frozen import frozen_convolution


def binomial(taps: int, *, gain: float = 1.0) -> Tensor:
    """Return the (taps, taps) binomial kernel, which sums to `gain`.

    Source: Zhang 2019, "Making Convolutional Networks Shift-Invariant Again", section 3.

    Example:
        >>> binomial(2).tolist()
        [[0.25, 0.25], [0.25, 0.25]]
    """
    row = torch.ones(1)
    for _ in range(taps - 1):
        row = F.pad(row, (1, 0)) + F.pad(row, (0, 1))
    kernel = torch.outer(row, row)
    return kernel * (gain / kernel.sum())


def blur(image_BCHW: Tensor, kernel: Tensor, *, before: int, after: int) -> Tensor:
    """Filter every channel with one (K, K) kernel, with zeros around the image."""
    channels = image_BCHW.shape[1]
    weight = kernel.to(image_BCHW.dtype).expand(channels, 1, *kernel.shape)
    weight = weight.contiguous(memory_format=torch.contiguous_format)
    return frozen_convolution(image_BCHW, weight, before=before, after=after, groups=channels)


def enlarge(image_BCHW: Tensor) -> Tensor:
    """Return the image at twice its size, bilinearly."""
    return F.interpolate(image_BCHW, scale_factor=2.0, mode="bilinear", align_corners=False)


def stages(height: int, width: int, *, smallest: int = 4) -> tuple[int, int, int]:
    """Return (doublings, start height, start width): how a size is reached by doubling a small one.

    The start's shorter side is between `smallest` and twice that; where the size is not a power of two
    times the start, the doubled image is a little larger and its middle is taken.

    Example:
        >>> stages(64, 64), stages(28, 28), stages(128, 192)
        ((4, 4, 4), (2, 7, 7), (5, 4, 6))
    """
    doublings = 0
    while min(height, width) / 2 ** (doublings + 1) >= smallest:
        doublings += 1
    scale = 2**doublings
    return doublings, -(-height // scale), -(-width // scale)


def middle(image_BCHW: Tensor, height: int, width: int) -> Tensor:
    """Return the middle (height, width) of an image that is at least as large."""
    top, left = (image_BCHW.shape[2] - height) // 2, (image_BCHW.shape[3] - width) // 2
    return image_BCHW[:, :, top : top + height, left : left + width]

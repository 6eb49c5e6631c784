"""Modulated convolution as the paper writes it: a kernel for every work, one work after the other."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def modulated(
    image_BIHW: Tensor, style_BI: Tensor, weight_OIKK: Tensor, *, demodulate: bool, enlarge: bool
) -> Tensor:
    works = []
    for image, style in zip(image_BIHW, style_BI, strict=True):
        kernel = weight_OIKK * style[None, :, None, None]
        if demodulate:
            length = (kernel**2).sum(dim=(1, 2, 3)) + 1e-8
            kernel = kernel / length.sqrt()[:, None, None, None]
        works.append(enlarged(image, kernel) if enlarge else filtered(image, kernel))
    return torch.stack(works)


def filtered(image_IHW: Tensor, kernel_OIKK: Tensor) -> Tensor:
    return F.conv2d(image_IHW[None], kernel_OIKK, padding=kernel_OIKK.shape[-1] // 2)[0]


def enlarged(image_IHW: Tensor, kernel_OIKK: Tensor) -> Tensor:
    """Put zeros between the pixels, filter, then smooth with 1 3 3 1, whose sum in each direction is 2."""
    channels, height, width = image_IHW.shape
    spread = image_IHW.new_zeros(channels, 2 * height - 1, 2 * width - 1)
    spread[:, ::2, ::2] = image_IHW
    # The library's transposed convolution lays the kernel down as it is; a convolution mirrors it.
    wide = F.conv2d(spread[None], kernel_OIKK.flip(2, 3), padding=2)[0]
    row = image_IHW.new_tensor([1.0, 3.0, 3.0, 1.0]) / 4
    smooth = torch.outer(row, row)
    planes = [F.conv2d(plane[None, None], smooth[None, None], padding=1)[0, 0] for plane in wide]
    return torch.stack(planes)

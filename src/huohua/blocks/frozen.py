"""Convolution with weights that never learn, with a backward pass that is itself a convolution.

On a CPU the library's backward pass of a depthwise convolution in bf16 is several times slower than
its forward pass. Weights that do not learn need only the gradient of the input, and at stride 1 that
is a convolution with the mirrored kernel, which the fast forward code can do.

Letters: B works, C channels, H W pixels.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


class _FrozenConvolution(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        image_BCHW: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        stride: int,
        before: int,
        after: int,
        groups: int,
        ceiling: float,
    ) -> Tensor:
        out_BCHW = _convolve(image_BCHW, weight, bias, stride, before, after, groups)
        if ceiling:
            out_BCHW.clamp_(0.0, ceiling)
        ctx.save_for_backward(out_BCHW if ceiling else None, weight)
        ctx.shape, ctx.settings = image_BCHW.shape, (stride, before, after, groups, ceiling)
        return out_BCHW

    @staticmethod
    def backward(ctx: Any, *slopes: Any) -> Any:
        out_BCHW, weight = ctx.saved_tensors
        stride, before, after, groups, ceiling = ctx.settings
        slope = slopes[0]
        if ceiling:
            slope = torch.ops.aten.hardtanh_backward(slope, out_BCHW, 0.0, ceiling)
        if stride == 1:
            slope = _mirrored(slope, weight, before, after, groups)
        else:
            slope = _strided(slope, weight, ctx.shape, stride, before, after, groups)
        return (slope, None, None, None, None, None, None, None)


def frozen_convolution(
    image_BCHW: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    stride: int = 1,
    before: int = 0,
    after: int = 0,
    groups: int = 1,
    ceiling: float = 0.0,
) -> Tensor:
    """Convolve with a weight that gets no gradient, then clip to [0, ceiling] if a ceiling is given.

    Args:
        image_BCHW: the input; gradients flow to it, and gradients of gradients too.
        weight: (out, in / groups, K, K); converted to the input's type.
        bias: (out,), or none.
        stride: step in both directions.
        before: zeros added above and to the left.
        after: zeros added below and to the right.
        groups: 1, or the number of channels for a depthwise convolution.
        ceiling: 0 for no clipping.

    Example:
        >>> frozen_convolution(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 3, 3)).item()
        9.0
    """
    place = image_BCHW.device.type
    if torch.is_autocast_enabled(place):  # or the library would convert the image and not tell the gradient
        image_BCHW = image_BCHW.to(torch.get_autocast_dtype(place))
    weight = weight.to(image_BCHW.dtype)
    bias = None if bias is None else bias.to(image_BCHW.dtype)
    out_BCHW: Tensor = _FrozenConvolution.apply(  # type: ignore[no-untyped-call]
        image_BCHW, weight, bias, stride, before, after, groups, ceiling
    )
    return out_BCHW


def _convolve(
    image_BCHW: Tensor, weight: Tensor, bias: Tensor | None, stride: int, before: int, after: int, groups: int
) -> Tensor:
    padding = before
    if before != after or before < 0:
        image_BCHW, padding = F.pad(image_BCHW, (before, after, before, after)), 0
    return F.conv2d(image_BCHW, weight, bias, stride=stride, padding=padding, groups=groups)


def _mirrored(slope: Tensor, weight: Tensor, before: int, after: int, groups: int) -> Tensor:
    """Return the input's gradient at stride 1: a convolution with the mirrored, transposed kernel."""
    mirrored = weight.flip(2, 3)
    if groups == 1:
        mirrored = mirrored.transpose(0, 1)
    reach = weight.shape[-1] - 1
    return _convolve(slope, mirrored, None, 1, reach - before, reach - after, groups)


def _strided(
    slope: Tensor, weight: Tensor, shape: torch.Size, stride: int, before: int, after: int, groups: int
) -> Tensor:
    """Return the input's gradient at a larger stride, in 32 bits or more, in which the library's is fast."""
    batch, channels, height, width = shape
    precise = torch.promote_types(slope.dtype, torch.float32)
    padded_shape = (batch, channels, height + before + after, width + before + after)
    padded = slope.new_empty(padded_shape, dtype=precise)
    with torch.autocast(slope.device.type, enabled=False):
        wide: Tensor = torch.ops.aten.convolution_backward(
            slope.to(precise),
            padded.contiguous(memory_format=torch.channels_last),
            weight.to(precise),
            None,
            [stride, stride],
            [0, 0],
            [1, 1],
            False,
            [0, 0],
            groups,
            [True, False, False],
        )[0]
    return wide[:, :, before : before + height, before : before + width].to(slope.dtype)

"""Doubling a picture by a transposed convolution that learns, as training on a CPU can do it fastest.

The library's transposed convolution in 16 bits turns its kernel round several times on the way to and
fro. But what it computes is the slope of a convolution, for which there is fast code; so here a picture
is handed on as if it were a slope, and its own slope is a plain convolution. The kernel is turned round
once each way.

Letters: B works, I channels in, O channels out, H W pixels.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

STRIDE = 2


class _Doubled(torch.autograd.Function):
    """(image_BIHW, weight_OIKK) -> image_BO, of (2H + K - 2, 2W + K - 2)."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, weight: Tensor) -> Tensor:
        turned = weight.to(image.dtype).transpose(0, 1).contiguous(memory_format=torch.channels_last)
        ctx.save_for_backward(image, weight, turned)
        batch, _, height, width = image.shape
        outputs, _, *kernel = weight.shape
        size = [STRIDE * (side - 1) + reach for side, reach in zip((height, width), kernel, strict=True)]
        # Only its shape is asked for: it stands for the picture whose slope is to be found.
        larger = image.new_empty((batch, *size, outputs)).permute(0, 3, 1, 2)
        return _slopes(image, larger, turned, image=True)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, *slopes: Any) -> Any:
        image, weight, turned = ctx.saved_tensors
        image_slope = F.conv2d(slopes[0], turned, stride=STRIDE) if ctx.needs_input_grad[0] else None
        if not ctx.needs_input_grad[1]:
            return image_slope, None
        turned_slope = _slopes(image, slopes[0], turned, image=False)
        # In the type and the layout of the weight, or it would be copied once more.
        return image_slope, torch.empty_like(weight).copy_(turned_slope.transpose(0, 1))


def doubled(image_BIHW: Tensor, weight_OIKK: Tensor) -> Tensor:
    """Return the transposed convolution of stride 2, which takes a side n to 2n + K - 2.

    In 16 bits on a CPU it is differentiable once and, where slopes are wanted, the fast form of
    `F.conv_transpose2d`; otherwise it is that.
    """
    if torch.is_autocast_enabled(image_BIHW.device.type):
        image_BIHW = image_BIHW.to(torch.get_autocast_dtype(image_BIHW.device.type))
    wanted = torch.is_grad_enabled() and (image_BIHW.requires_grad or weight_OIKK.requires_grad)
    if wanted and image_BIHW.dtype == torch.bfloat16 and image_BIHW.device.type == "cpu":
        fast: Tensor = _Doubled.apply(image_BIHW, weight_OIKK)  # type: ignore[no-untyped-call]
        return fast
    return F.conv_transpose2d(image_BIHW, weight_OIKK.transpose(0, 1), stride=STRIDE)


def _slopes(slope: Tensor, picture: Tensor, weight: Tensor, *, image: bool) -> Tensor:
    """Return the slope at the picture, or at the weight, of their convolution whose slope is given."""
    found: tuple[Tensor, ...] = torch.ops.aten.convolution_backward(
        slope,
        picture,
        weight,
        None,
        [STRIDE, STRIDE],
        [0, 0],
        [1, 1],
        False,
        [0, 0],
        1,
        [image, not image, False],
    )
    return found[0] if image else found[1]

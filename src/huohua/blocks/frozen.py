"""Convolution with weights that never learn, with a backward pass that is itself a convolution.

On a CPU the library's backward pass of a depthwise convolution in bf16 is several times slower than
its forward pass. Weights that do not learn need only the gradient of the input, and that is a
convolution with the mirrored kernel, which the fast forward code can do; at a larger stride the slopes
are first spread out with zeros between them. What never changes is also laid out once, in the type and
the order in which it is used (`FrozenKernel`).

Letters: B works, C channels, H W pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True, kw_only=True)
class FrozenKernel:
    """A weight that never learns, in the type and the order in memory in which it is used.

    Attributes:
        weight: (out, in / groups, K, K).
        mirrored: the kernel that takes slopes back: mirrored, for one group also transposed.
        bias: (out,), or none.
    """

    weight: Tensor
    mirrored: Tensor
    bias: Tensor | None = None


def laid_out(weight: Tensor, bias: Tensor | None, dtype: torch.dtype, *, groups: int = 1) -> FrozenKernel:
    """Return a weight and a bias as the fast code wants them: in `dtype`, dense ones with channels last."""
    order = torch.channels_last if groups == 1 else torch.contiguous_format
    weight = weight.to(dtype).contiguous(memory_format=order)
    return FrozenKernel(
        weight=weight,
        mirrored=_mirror(weight, groups).contiguous(memory_format=order),
        bias=None if bias is None else bias.to(dtype),
    )


class FrozenConvolution(nn.Module):
    """A convolution that never learns; its weight is laid out once for each type it is used in.

    Source: that the slope at a convolution's input is a convolution with the mirrored kernel, Dumoulin and
    Visin 2016, "A guide to convolution arithmetic for deep learning", chapter 4.

    Args:
        weight: (out, in / groups, K, K).
        bias: (out,), or none.
        stride: step in both directions.
        before: zeros added above and to the left.
        after: zeros added below and to the right.
        groups: 1, or the number of channels for a depthwise convolution.
        ceiling: values are clipped to [0, ceiling]; 0 for no clipping.
    """

    weight: Tensor
    bias: Tensor | None

    def __init__(
        self,
        weight: Tensor,
        bias: Tensor | None = None,
        *,
        stride: int = 1,
        before: int = 0,
        after: int = 0,
        groups: int = 1,
        ceiling: float = 0.0,
    ) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.stride, self.before, self.after = stride, before, after
        self.groups, self.ceiling = groups, ceiling
        self._kept: tuple[object, FrozenKernel] | None = None

    def forward(self, image_BCHW: Tensor) -> Tensor:
        """Return the convolved image, clipped where there is a ceiling."""
        place = image_BCHW.device.type
        if torch.is_autocast_enabled(place):
            image_BCHW = image_BCHW.to(torch.get_autocast_dtype(place))
        kernel = self._kernel(image_BCHW.dtype)
        return frozen_convolution(
            image_BCHW,
            kernel.weight,
            kernel.bias,
            mirrored=kernel.mirrored,
            stride=self.stride,
            before=self.before,
            after=self.after,
            groups=self.groups,
            ceiling=self.ceiling,
        )

    def _kernel(self, dtype: torch.dtype) -> FrozenKernel:
        """Return the kernel in `dtype`, laid out anew if the weight was moved or replaced since."""
        made_of = (dtype, self.weight.device, self.weight.data_ptr(), self.weight._version)
        if self._kept is None or self._kept[0] != made_of:
            with torch.inference_mode(False), torch.no_grad():  # or it could not serve training later
                self._kept = made_of, laid_out(self.weight, self.bias, dtype, groups=self.groups)
        return self._kept[1]


class _FrozenConvolution(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        image_BCHW: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        mirrored: Tensor | None,
        stride: int,
        before: int,
        after: int,
        groups: int,
        ceiling: float,
    ) -> Tensor:
        if ceiling:
            out_BCHW = _convolve_and_clip(image_BCHW, weight, bias, stride, before, after, groups, ceiling)
        else:
            out_BCHW = _convolve(image_BCHW, weight, bias, stride, before, after, groups)
        ctx.save_for_backward(out_BCHW if ceiling else None, weight, mirrored)
        ctx.shape, ctx.settings = image_BCHW.shape, (stride, before, after, groups, ceiling)
        return out_BCHW

    @staticmethod
    def backward(ctx: Any, *slopes: Any) -> Any:
        out_BCHW, weight, mirrored = ctx.saved_tensors
        stride, before, after, groups, ceiling = ctx.settings
        slope = slopes[0]
        if ceiling:
            slope = torch.ops.aten.hardtanh_backward(slope, out_BCHW, 0.0, ceiling)
        reach = weight.shape[-1] - 1
        if stride > 1 and (slope.dtype != torch.bfloat16 or max(before, after) > reach):
            slope = _strided(slope, weight, ctx.shape, stride, before, after, groups)
        else:
            mirrored = _mirror(weight, groups) if mirrored is None else mirrored
            if stride > 1:
                slope = F.conv2d(_spread(slope, ctx.shape, stride, before, reach), mirrored, groups=groups)
            else:
                slope = _convolve(slope, mirrored, None, 1, reach - before, reach - after, groups)
        return (slope, None, None, None, None, None, None, None, None)


def frozen_convolution(
    image_BCHW: Tensor,
    weight: Tensor,
    bias: Tensor | None = None,
    *,
    mirrored: Tensor | None = None,
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
        mirrored: that of `laid_out`, if the weight is; otherwise the weight is mirrored at each use.
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
        image_BCHW, weight, bias, mirrored, stride, before, after, groups, ceiling
    )
    return out_BCHW


def _convolve(
    image_BCHW: Tensor, weight: Tensor, bias: Tensor | None, stride: int, before: int, after: int, groups: int
) -> Tensor:
    padding = before
    if before != after or before < 0:
        image_BCHW, padding = F.pad(image_BCHW, (before, after, before, after)), 0
    return F.conv2d(image_BCHW, weight, bias, stride=stride, padding=padding, groups=groups)


def _convolve_and_clip(
    image_BCHW: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: int,
    before: int,
    after: int,
    groups: int,
    ceiling: float,
) -> Tensor:
    """Convolve and clip in one go, where the library can: the image need not come out of the cache twice."""
    together = getattr(torch.ops.mkldnn, "_convolution_pointwise", None)
    if together is None or image_BCHW.device.type != "cpu" or image_BCHW.dtype != torch.bfloat16:
        return _convolve(image_BCHW, weight, bias, stride, before, after, groups).clamp_(0.0, ceiling)
    padding = before
    if before != after or before < 0:
        image_BCHW, padding = F.pad(image_BCHW, (before, after, before, after)), 0
    clip = ("hardtanh", [0.0, ceiling], "")
    out_BCHW: Tensor = together(image_BCHW, weight, bias, [padding] * 2, [stride] * 2, [1, 1], groups, *clip)
    return out_BCHW


def _mirror(weight: Tensor, groups: int) -> Tensor:
    """Return the kernel that takes slopes back to the input: mirrored, for one group also transposed."""
    mirrored = weight.flip(2, 3)
    return mirrored.transpose(0, 1) if groups == 1 else mirrored


def _spread(slope: Tensor, shape: torch.Size, stride: int, before: int, reach: int) -> Tensor:
    """Return slopes with zeros between and around them, such that the mirrored kernel takes them back."""
    batch, _, height, width = shape
    spread = slope.new_zeros((batch, height + reach, width + reach, slope.shape[1])).permute(0, 3, 1, 2)
    first, rows, columns = reach - before, slope.shape[2] * stride, slope.shape[3] * stride
    spread[:, :, first : first + rows : stride, first : first + columns : stride] = slope
    return spread


def _strided(
    slope: Tensor, weight: Tensor, shape: torch.Size, stride: int, before: int, after: int, groups: int
) -> Tensor:
    """Return the input's gradient at a larger stride in 32 bits or more, in which the library's is fast."""
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

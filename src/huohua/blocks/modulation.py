"""Modulated convolution: each work scales the channels with its own style.

Written for a CPU and a batch. The usual form gives every work its own kernel and runs a grouped
convolution with B groups, which CPU libraries do slowly. A kernel scaled over its input channels is
the same as an input scaled over its channels, so here the input is scaled, one shared convolution
runs for the whole batch, and the output is divided by the length the scaled kernel would have had.

Source: Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN", section 2.2,
equations 1 to 3.

Letters: B works, I channels in, O channels out, H W pixels, W mapped latent.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.blocks.equalised import EqualisedLinear
from huohua.blocks.resampling import binomial, blur

EPSILON = 1e-8


class ModulatedConvolution(nn.Module):
    """A convolution whose input channels are scaled by a style, and its output brought to unit variance.

    Args:
        inputs: channels in.
        outputs: channels out.
        latent: width W of the mapped latent that gives the style.
        kernel: side of the kernel.
        enlarge: double the size of the image, smoothly.
        demodulate: bring the output to unit variance.
        gain: factor on the output, the square root of 2 before a rectifier.
    """

    smooth: Tensor

    def __init__(
        self,
        inputs: int,
        outputs: int,
        latent: int,
        *,
        kernel: int = 3,
        enlarge: bool = False,
        demodulate: bool = True,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        if enlarge and kernel != 3:
            raise ValueError(f"A kernel of side {kernel} does not double the size of an image; use 3.")
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.style = EqualisedLinear(latent, inputs, bias=1.0)
        self.scale = (1.0 if demodulate else gain) / (inputs * kernel**2) ** 0.5
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.enlarge, self.demodulate, self.padding, self.gain = enlarge, demodulate, kernel // 2, gain
        # The kernel sums to 4: a transposed convolution spreads each pixel over four.
        self.register_buffer("smooth", binomial(4, gain=4.0), persistent=False)

    def forward(self, image_BIHW: Tensor, latent_BW: Tensor) -> Tensor:
        """Return (B, O, H, W), or (B, O, 2H, 2W) when it enlarges."""
        style_BI = self.style(latent_BW)
        weight = self.weight * self.scale
        image = scale_channels(image_BIHW, style_BI)
        if self.enlarge:
            # Stride 2 and kernel 3 give 2H + 1; the blur with four taps takes it to 2H.
            image = F.conv_transpose2d(image, weight.transpose(0, 1), stride=2)
            image = blur(image, self.smooth, before=1, after=1)
        else:
            image = F.conv2d(image, weight, padding=self.padding)
        if not self.demodulate:
            return image + self.bias[:, None, None].to(image.dtype)
        return scale_channels(image, self._demodulation_BO(style_BI, weight) * self.gain, self.bias)

    def _demodulation_BO(self, style_BI: Tensor, weight: Tensor) -> Tensor:
        """Return one over the length of each work's scaled kernel (equation 3)."""
        with torch.autocast(style_BI.device.type, enabled=False):
            precise = torch.promote_types(style_BI.dtype, torch.float32)
            power_IO = weight.to(precise).square().sum((2, 3)).t()
            return torch.rsqrt(style_BI.to(precise).square() @ power_IO + EPSILON)


class _ScaleChannels(torch.autograd.Function):
    """image * factor + bias over the last axis, without the passes that `addcmul` adds when it learns."""

    @staticmethod
    def forward(ctx: Any, image: Tensor, factor: Tensor, bias: Tensor) -> Tensor:
        ctx.save_for_backward(image, factor)
        return torch.addcmul(bias, image, factor)

    @staticmethod
    def backward(ctx: Any, *slopes: Any) -> Any:
        image, factor = ctx.saved_tensors
        slope = slopes[0]
        return slope * factor, (slope * image).sum((1, 2), keepdim=True), slope.sum((0, 1, 2))


def scale_channels(image_BCHW: Tensor, factor_BC: Tensor, bias_C: Tensor | None = None) -> Tensor:
    """Return the image with each work's channels multiplied by its factors, and a bias added.

    The product is taken with the channels last, as they lie in memory: that is twice as fast as
    stretching the factors over height and width.
    """
    image_BHWC = image_BCHW.permute(0, 2, 3, 1)
    factor = factor_BC[:, None, None, :].to(image_BCHW.dtype)
    if bias_C is None:
        return (image_BHWC * factor).permute(0, 3, 1, 2)
    bias = bias_C.to(image_BCHW.dtype)
    scaled: Tensor = _ScaleChannels.apply(image_BHWC, factor, bias)  # type: ignore[no-untyped-call]
    return scaled.permute(0, 3, 1, 2)

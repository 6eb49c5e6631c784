"""Layers whose weights are drawn with unit variance and scaled when they are used.

All weights then move equally fast under an Adam-family optimiser, whatever their fan-in.

Source: Karras et al. 2018, "Progressive Growing of GANs", section 4.1 (equalised learning rate).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class EqualisedLinear(nn.Module):
    """A linear layer with equalised learning rate.

    Args:
        inputs: width in.
        outputs: width out.
        bias: initial bias, or None for no bias.
        speed: factor on the layer's effective learning rate; the mapping network uses 0.01.
    """

    def __init__(self, inputs: int, outputs: int, *, bias: float | None = 0.0, speed: float = 1.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / speed)
        self.bias = None if bias is None else nn.Parameter(torch.full((outputs,), bias / speed))
        self.scale, self.speed = speed / inputs**0.5, speed

    def forward(self, x_BI: Tensor) -> Tensor:
        """Return (B, outputs) of (B, inputs)."""
        bias = None if self.bias is None else self.bias * self.speed
        return F.linear(x_BI, self.weight * self.scale, bias)


class EqualisedConvolution(nn.Module):
    """A convolution with equalised learning rate that keeps the size of the image, or halves it.

    Args:
        inputs: channels in.
        outputs: channels out.
        kernel: side of the kernel.
        stride: 1, or 2 to halve.
        gain: factor on the weights, the square root of 2 before a rectifier.
    """

    def __init__(
        self, inputs: int, outputs: int, kernel: int = 3, *, stride: int = 1, gain: float = 2**0.5
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / (inputs * kernel**2) ** 0.5
        self.stride, self.padding = stride, (kernel - 1) // 2

    def forward(self, image_BCHW: Tensor) -> Tensor:
        """Return the convolved image."""
        weight = self.weight * self.scale
        return F.conv2d(image_BCHW, weight, self.bias, stride=self.stride, padding=self.padding)

"""The encoders of pictures: name to (settings, network). To list one is to test it."""

from __future__ import annotations

from collections.abc import Mapping

from torch import nn

from huohua.arts.image.encoders.convolutional import ConvolutionalEncoder, ConvolutionalSettings
from huohua.config import Config

ENCODERS: Mapping[str, tuple[type[Config], type[nn.Module]]] = {
    "convolutional": (ConvolutionalSettings, ConvolutionalEncoder),
}

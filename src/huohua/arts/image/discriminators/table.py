"""The discriminators of pictures: name to (settings, network, view). To list one is to test it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from torch import nn

from huohua.adversarial.game import View
from huohua.arts.image.discriminators.convolutional import ConvolutionalDiscriminator, ConvolutionalSettings
from huohua.arts.image.discriminators.growing import GrowingDiscriminator, GrowingSettings
from huohua.arts.image.discriminators.mlp import MlpDiscriminator, MlpSettings
from huohua.arts.image.discriminators.pixel_view import PixelView
from huohua.arts.image.discriminators.projected import (
    ProjectedDiscriminator,
    ProjectedSettings,
    ProjectedView,
)
from huohua.config import Config


@dataclass(frozen=True, kw_only=True)
class DiscriminatorKind:
    """A discriminator: its settings, the network that learns, and how works are seen by it."""

    settings: type[Config]
    network: type[nn.Module]
    view: Callable[[Any], View]


DISCRIMINATORS: Mapping[str, DiscriminatorKind] = {
    "mlp": DiscriminatorKind(settings=MlpSettings, network=MlpDiscriminator, view=PixelView),
    "convolutional": DiscriminatorKind(
        settings=ConvolutionalSettings, network=ConvolutionalDiscriminator, view=PixelView
    ),
    "growing": DiscriminatorKind(settings=GrowingSettings, network=GrowingDiscriminator, view=PixelView),
    "projected": DiscriminatorKind(
        settings=ProjectedSettings, network=ProjectedDiscriminator, view=ProjectedView
    ),
}

"""The smallest discriminator: all pixels through three layers to one score.

The partner of `generators/mlp.py`, 784-1024-512-256-1. It has no dropout, which is often added to hold
it back: chance is an argument in this house, `forward` takes none, and one-sided label smoothing and
a slower learning rate do the same work.

Source: Goodfellow et al. 2014, "Generative Adversarial Nets", section 5, with the leaky rectifiers of
Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks", section 3; conditions as in Mirza and Osindero 2014, "Conditional Generative
Adversarial Nets", section 4.1, or as in Odena et al. 2017, "Conditional Image Synthesis with Auxiliary
Classifier GANs", section 3.

Letters: B works, C condition, H W pixels, S positions scored: one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.adversarial.game import Judgement, Seen
from huohua.config import Config


class MlpSettings(Config):
    """The size of a discriminator of fully connected layers, and how it sees works.

    Attributes:
        widths: widths of the hidden layers, from pixels to score.
        conditioning: joined to the pixels, or named by an auxiliary classifier that does not know it.
        policy: augmentations; see `AUGMENTATIONS`.
    """

    widths: tuple[int, ...] = Field(default=(1024, 512, 256), min_length=1)
    conditioning: Literal["joined", "auxiliary"] = "joined"
    policy: tuple[str, ...] = ()


class MlpDiscriminator(nn.Module):
    """Picture and condition, side by side, to one score.

    Args:
        settings: its size.
        condition: C; 0 for none.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.
    """

    judges_each_alone = True  # no layer looks at other works

    def __init__(
        self, settings: MlpSettings, *, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        pixels = channels * height * width
        # One number among hundreds is not heard: the condition is made as loud as all pixels.
        self.loudness = pixels**0.5
        layers: list[nn.Module] = []
        self.joined = condition if settings.conditioning == "joined" else 0
        for inputs, outputs in pairwise((pixels + self.joined, *settings.widths)):
            layers += [nn.Linear(inputs, outputs), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers)
        self.score = nn.Linear(settings.widths[-1], 1)
        named = condition - self.joined
        self.name = nn.Linear(settings.widths[-1], named) if named else None

    def forward(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        """Return score_BS, with S = 1, and the last hidden layer."""
        image_BCHW = seen if isinstance(seen, Tensor) else seen[0]
        flat = image_BCHW.flatten(1)
        if self.joined:
            flat = torch.cat([flat, (condition_BC * self.loudness).to(flat.dtype)], dim=1)
        feature = self.layers(flat)
        return Judgement(self.score(feature), (feature,), None if self.name is None else self.name(feature))

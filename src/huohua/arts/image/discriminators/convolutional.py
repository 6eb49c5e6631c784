"""The convolutional discriminator: pixels, halved step by step, with statistics of the batch at the end.

For works that ImageNet features do not fit, such as digits, icons or scans, and for games with R1,
which would be dear through a frozen network. Its condition is judged by projection: the score is
that of the picture plus how well its features point in the direction of the condition.

Source: Radford et al. 2016, "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks", section 3 (strides in place of pooling), in the form of Karras et al. 2018,
"Progressive Growing of GANs", sections 3 and 4.1 (minibatch deviation, equalised learning rate in place
of batch normalisation); conditions as in Miyato and Koyama 2018, "cGANs with Projection
Discriminator", equation 3, or as in Odena et al. 2017, "Conditional Image Synthesis with Auxiliary
Classifier GANs", section 3.

Letters: B works, C condition (in condition_BC) or channels, H W pixels, K features, S positions
scored: one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.adversarial.game import Judgement, Seen
from huohua.blocks.equalised import EqualisedConvolution, EqualisedLinear
from huohua.blocks.minibatch import MinibatchDeviation
from huohua.blocks.resampling import stages
from huohua.config import Config

GAIN = 2**0.5  # keeps the variance behind a leaky rectifier


class ConvolutionalSettings(Config):
    """The size of a convolutional discriminator, and how it sees works.

    Attributes:
        widest: most channels at any size.
        budget: channels at a picture of side n are about budget / n, at most `widest`.
        group: works compared with one another by the minibatch deviation; 1 for no comparison.
        conditioning: by projection the score says how well a work fits its condition; an auxiliary
            classifier names the condition beside a score that does not know it.
        policy: augmentations; see `AUGMENTATIONS`.
    """

    widest: int = Field(default=256, ge=8)
    budget: int = Field(default=2048, ge=64)
    group: int = Field(default=4, ge=1)
    conditioning: Literal["projection", "auxiliary"] = "projection"
    policy: tuple[str, ...] = ("colour", "translation", "cutout")


class ConvolutionalDiscriminator(nn.Module):
    """Strided convolutions down to about four by four pixels, then one score.

    Args:
        settings: its size.
        condition: C; 0 for none.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.
    """

    def __init__(
        self, settings: ConvolutionalSettings, *, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        halvings = stages(height, width)[0]
        widths = [
            width_at(min(height, width) / 2**step, settings.budget, settings.widest)
            for step in range(halvings + 1)
        ]
        self.first = EqualisedConvolution(channels, widths[0], 1)
        self.halve = nn.ModuleList(EqualisedConvolution(a, b, 4, stride=2) for a, b in pairwise(widths))
        self.deviation = MinibatchDeviation(settings.group)
        self.last = EqualisedConvolution(widths[-1] + 1, widths[-1])
        for _ in range(halvings):
            height, width = height // 2, width // 2
        self.gather = EqualisedLinear(widths[-1] * height * width, widths[-1])
        self.score = EqualisedLinear(widths[-1], 1)
        projected = condition if settings.conditioning == "projection" else 0
        self.embed = EqualisedLinear(projected, widths[-1], bias=None) if projected else None
        named = condition - projected
        self.name = EqualisedLinear(widths[-1], named) if named else None

    def forward(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        """Return score_BS, with S = 1, and the features after every halving."""
        image = seen if isinstance(seen, Tensor) else seen[0]
        image = F.leaky_relu(self.first(image), 0.2)
        features = []
        for halve in self.halve:
            image = F.leaky_relu(halve(image), 0.2)
            features.append(image)
        return self._conclude(image, features, condition_BC)

    def _conclude(self, image: Tensor, features: list[Tensor], condition_BC: Tensor) -> Judgement:
        """Return the judgement on the smallest picture."""
        image = F.leaky_relu(self.last(self.deviation(image)), 0.2)
        feature_BK = F.leaky_relu(self.gather(image.flatten(1)), 0.2) * GAIN
        score_BS = self.score(feature_BK)
        if self.embed is not None:
            score_BS = score_BS + fit(feature_BK, self.embed(condition_BC) * condition_BC.shape[1] ** 0.5)
        named_BC = None if self.name is None else self.name(feature_BK)
        return Judgement(score_BS, tuple(features), named_BC)


def width_at(side: float, budget: int, widest: int) -> int:
    """Return the channels at a picture of some side: a multiple of 8, which processors like.

    Example:
        >>> width_at(28, 2048, 256), width_at(4, 2048, 256)
        (72, 256)
    """
    return min(widest, max(8, int(budget / side) // 8 * 8))


def fit(feature_BK: Tensor, told_BK: Tensor) -> Tensor:
    """Return how far features point where a condition points, (B, 1): unit variance if both have it."""
    fit_B1: Tensor = (feature_BK * told_BK).sum(1, keepdim=True) / feature_BK.shape[1] ** 0.5
    return fit_B1

"""The projected discriminator: judge pictures by what a frozen ImageNet network sees in them.

Pictures are shown to a frozen EfficientNet-Lite; its features at four scales are mixed at random,
across channels and then from coarse to fine, so that no scale and no channel can be neglected; one
small head per scale gives the scores. One more head looks at the pixels themselves, because frozen
features hardly notice fine regular texture and a generator fills that blind spot with grids.

Everything frozen is a *view*: it belongs to how works are seen, holds nothing to learn, and its
result serves both turns of a round. Only the heads are the player.

Source: Sauer et al. 2021, "Projected GANs Converge Faster", section 3; the pixel head is ours, after
the patch discriminator of Isola et al. 2017, section 3.2.2.

Letters: B works, C condition, S positions scored, K channels of a seen scale, H W pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.adversarial.game import Judgement, Seen
from huohua.arts.image.augment import augment
from huohua.arts.image.features import TAP_CHANNELS, FrozenFeatures
from huohua.blocks.frozen import FrozenConvolution
from huohua.blocks.spectral import spectral
from huohua.config import Config

MIXED = (64, 96, 128, 192)  # channels of the four scales after mixing, fine to coarse
TAP_SPREAD = (
    9.0,
    7.5,
    6.5,
    3.0,
)  # root mean square of the taps on paintings, divided out


class ProjectedSettings(Config):
    """How a projected discriminator looks and judges.

    Attributes:
        features: frozen network, `lite0` or `lite1`.
        look: pictures are shown to it at this side at least, in pixels.
        enlarge: or at this many times their own size, if that is larger, but never larger than `most`.
        most: the largest side shown to it.
        head: channels inside a head.
        pixels: channels of the pixel head; 0 for no pixel head.
        conditioning: by projection the scores say how well a work fits its condition; an auxiliary
            classifier in every head names the condition beside scores that do not know it.
        policy: augmentations; see `AUGMENTATIONS`.
        seed: the dice of the frozen random mixing.
    """

    features: str = "lite0"
    look: int = Field(default=96, ge=32)
    enlarge: float = Field(default=1.0, gt=0)
    most: int = Field(default=224, ge=32)
    head: int = Field(default=128, ge=8)
    pixels: int = Field(default=32, ge=0)
    conditioning: Literal["projection", "auxiliary"] = "projection"
    policy: tuple[str, ...] = ("colour", "translation", "cutout")
    seed: int = 0


class ProjectedView(nn.Module):
    """Augmentation, frozen network and frozen mixing: (works, strength, dice) to seen scales."""

    def __init__(self, settings: ProjectedSettings) -> None:
        super().__init__()
        self.settings = settings
        self.features = FrozenFeatures(settings.features)
        dice = torch.Generator().manual_seed(settings.seed)
        self.across, self.down = nn.ModuleList(), nn.ModuleList()
        for spread, inputs, outputs in zip(TAP_SPREAD, TAP_CHANNELS, MIXED, strict=True):
            across = torch.randn(outputs, inputs, 1, 1, generator=dice) / (inputs**0.5 * spread)
            self.across.append(FrozenConvolution(across))
        for inputs, outputs in zip(MIXED[1:], MIXED[:-1], strict=True):
            down = torch.randn(outputs, inputs, 3, 3, generator=dice) / (inputs * 9) ** 0.5
            self.down.append(FrozenConvolution(down, before=1, after=1))
        self.requires_grad_(False)

    def forward(self, image_BCHW: Tensor, strength: float, dice: torch.Generator) -> Seen:
        """Return the augmented pixels and the mixed features of four scales, fine to coarse."""
        image_BCHW = augment(image_BCHW, strength, dice, self.settings.policy)
        image_BCHW = image_BCHW.contiguous(memory_format=torch.channels_last)
        if torch.is_autocast_enabled(image_BCHW.device.type):
            image_BCHW = image_BCHW.to(torch.get_autocast_dtype(image_BCHW.device.type))
        shown = _as_colour(self._sized(image_BCHW))
        mixed = [across(tap) for across, tap in zip(self.across, self.features.taps(shown), strict=True)]
        for scale in (2, 1, 0):
            deeper = F.interpolate(self.down[scale](mixed[scale + 1]), mixed[scale].shape[2:], mode="nearest")
            mixed[scale] = (mixed[scale] + deeper) * 0.5**0.5
        return (image_BCHW, *mixed) if self.settings.pixels else tuple(mixed)

    def _sized(self, image_BCHW: Tensor) -> Tensor:
        height, width = image_BCHW.shape[2:]
        rules = self.settings
        factor = max(rules.look / min(height, width), rules.enlarge)
        factor = min(factor, rules.most / max(height, width))
        size = (round(height * factor), round(width * factor))
        if size == (height, width):
            return image_BCHW
        if factor > 1:
            return F.interpolate(image_BCHW, size, mode="bilinear", align_corners=False)
        # On a CPU torch shrinks smoothly in 32 bits only.
        shrunk = F.interpolate(image_BCHW.float(), size, mode="bilinear", align_corners=False, antialias=True)
        return shrunk.to(image_BCHW.dtype)


class Head(nn.Module):
    """A few convolutions that halve, then a score for each position, and how well the condition fits.

    Source: Miyato and Koyama 2018, "cGANs with Projection Discriminator", equation 3; where it names the
    condition instead, Odena et al. 2017, "Conditional Image Synthesis with Auxiliary Classifier GANs",
    section 3.
    """

    def __init__(
        self,
        inputs: int,
        widths: Sequence[int],
        *,
        condition: int,
        halve_first: bool,
        dice: torch.Generator,
        auxiliary: bool = False,
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for number, width in enumerate(widths):
            halve = halve_first or number > 0
            kernel, stride, padding = (4, 2, 1) if halve else (3, 1, 1)
            layers.append(spectral(nn.Conv2d(inputs, width, kernel, stride, padding), dice))
            layers.append(nn.LeakyReLU(0.2))
            inputs = width
        self.body = nn.Sequential(*layers)
        self.score = spectral(nn.Conv2d(inputs, 1, 1), dice)
        projected = 0 if auxiliary else condition
        self.embed = spectral(nn.Linear(projected, inputs, bias=False), dice) if projected else None
        named = condition - projected
        self.name = nn.Linear(inputs, named) if named else None

    def forward(self, seen_BKHW: Tensor, condition_BC: Tensor) -> Judgement:
        """Return score_BS, the last features, and the condition if it is named here."""
        feature_BKHW = self.body(seen_BKHW)
        score = self.score(feature_BKHW)
        if self.embed is not None:
            told_BK = self.embed(condition_BC)
            score = score + (feature_BKHW * told_BK[:, :, None, None]).sum(1, keepdim=True)
        named_BC = None if self.name is None else self.name(feature_BKHW.mean((2, 3)))
        return Judgement(score.flatten(1), (feature_BKHW,), named_BC)


class ProjectedDiscriminator(nn.Module):
    """One head for each seen scale, and one for the pixels.

    Args:
        settings: how it looks and judges.
        condition: C; 0 for none.
        height: pixels.
        width: pixels.
        channels: 1, 3 or 4.
    """

    judges_each_alone = True  # no layer looks at other works

    def __init__(
        self, settings: ProjectedSettings, *, condition: int, height: int, width: int, channels: int
    ) -> None:
        super().__init__()
        dice = torch.Generator().manual_seed(settings.seed + 1)
        head = settings.head
        self.pixels = bool(settings.pixels)
        # Finer scales halve more often, so that every head ends with about as many positions.
        depths = (3, 2, 1, 1)
        self.heads = nn.ModuleList(
            Head(
                inputs,
                [head] * depth,
                condition=condition,
                halve_first=scale < 3,
                dice=dice,
                auxiliary=settings.conditioning == "auxiliary",
            )
            for scale, (inputs, depth) in enumerate(zip(MIXED, depths, strict=True))
        )
        if self.pixels:
            base = settings.pixels
            self.heads.insert(
                0, Head(channels, [base, 2 * base, 4 * base], condition=0, halve_first=True, dice=dice)
            )

    def forward(self, seen: Seen, condition_BC: Tensor) -> Judgement:
        """Return the scores of all heads side by side, each head with the same weight."""
        parts = seen if isinstance(seen, tuple) else (seen,)
        judged: list[Judgement] = [
            head(part, condition_BC) for head, part in zip(self.heads, parts, strict=True)
        ]
        scores = [each.score_BS for each in judged]
        most = max(score_BS.shape[1] for score_BS in scores)
        # Heads with fewer positions are repeated, so that a mean over positions is a mean over heads.
        scores = [score_BS.repeat_interleave(-(-most // score_BS.shape[1]), dim=1) for score_BS in scores]
        named = [each.named_BC for each in judged if each.named_BC is not None]
        return Judgement(
            torch.cat(scores, dim=1),
            tuple(feature for each in judged for feature in each.features),
            torch.stack(named).mean(0) if named else None,
        )


def _as_colour(image_BCHW: Tensor) -> Tensor:
    channels = image_BCHW.shape[1]
    return image_BCHW.expand(-1, 3, -1, -1) if channels == 1 else image_BCHW[:, :3]

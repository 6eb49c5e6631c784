"""Inversion: the latents with which a generator comes nearest to a given work.

Three stages. *Scouting* draws many latents and keeps those whose works lie nearest. *Approach* descends
from each with one vector for all layers, shaken at first so that it does not settle early; the nearest
start is kept. *Parting* then gives every layer a vector of its own, held together and near to what the
generator has seen by two penalties: without them the work is met better and can no longer be edited.

Source: Abdal et al. 2019, "Image2StyleGAN: How to Embed Images Into the StyleGAN Latent Space?" (descent with
a perceptual distance, vectors for each layer); Karras et al. 2020, "Analyzing and Improving the Image Quality
of StyleGAN", on projection (noise and learning rate); Zhu et al. 2020, "Improved StyleGAN Embedding: Where
are the Good Latents?" (staying where latents are likely); Tov et al. 2021, "Designing an Encoder for StyleGAN
Image Manipulation" (layers held together).

Letters: P given works, K starts, N scouts, V what is steered, C condition, L layers, S numbers of a row.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import torch
from pydantic import Field
from torch import Tensor, nn

from huohua.config import Config
from huohua.latents.space import layer_sizes, render

# Works to rows whose squared distance is how different the works look; slopes must pass through.
Describe = Callable[[Tensor], Tensor]
CHUNK = 32


class InversionSettings(Config):
    """How an inversion goes about it.

    Attributes:
        scouts: latents drawn before the descent.
        starts: of these, how many are descended from.
        approach: steps with one vector for all layers.
        parting: steps with a vector for each layer.
        rate: step of the descent, in deviations of the latents.
        condition_rate: the same for conditions.
        shaking: noise on the latents at the beginning, in deviations.
        likely: weight of the penalty on vectors that are longer than those the generator has seen.
        together: weight of the penalty on layers that differ from one another.
    """

    scouts: int = Field(default=256, ge=1)
    starts: int = Field(default=3, ge=1)
    approach: int = Field(default=60, ge=0)
    parting: int = Field(default=140, ge=0)
    rate: float = Field(default=0.15, gt=0)
    condition_rate: float = Field(default=0.02, ge=0)
    shaking: float = Field(default=0.2, ge=0)
    likely: float = Field(default=0.2, ge=0)
    together: float = Field(default=0.1, ge=0)


@dataclass(frozen=True, kw_only=True)
class Inversion:
    """What was found for each given work.

    Attributes:
        latent_PLV: a vector for each layer.
        condition_PC: what each is asked for.
        distance_P: how far the work of these is from the given one.
    """

    latent_PLV: Tensor
    condition_PC: Tensor
    distance_P: Tensor


@dataclass(frozen=True, kw_only=True)
class Prior:
    """Where the generator's vectors usually lie: their mean and deviation, 0 and 1 for normal latents."""

    mean_V: Tensor
    deviation_V: Tensor


def scout(
    generator: nn.Module, describe: Describe, target_PS: Tensor, scouts: tuple[Tensor, Tensor], keep: int
) -> tuple[Tensor, Tensor]:
    """Return latent_PKV and condition_PKC of the scouts whose works lie nearest to each given work.

    Args:
        generator: in evaluation mode.
        describe: works to rows.
        target_PS: rows of the given works.
        scouts: latent_NV and condition_NC.
        keep: K.
    """
    latent_NV, condition_NC = scouts
    layers = len(layer_sizes(generator))
    nearness = []
    with torch.no_grad():
        for latent, condition in zip(latent_NV.split(CHUNK), condition_NC.split(CHUNK), strict=True):
            works = render(generator, _everywhere(latent, layers), _everywhere(condition, layers))
            nearness.append(torch.cdist(target_PS, describe(works)))
    nearest_PK = torch.cat(nearness, dim=1).topk(min(keep, len(latent_NV)), largest=False).indices
    return latent_NV[nearest_PK], condition_NC[nearest_PK]


def invert(
    generator: nn.Module,
    describe: Describe,
    target_PS: Tensor,
    starts: tuple[Tensor, Tensor],
    *,
    reach: tuple[Tensor, Tensor],
    prior: Prior,
    settings: InversionSettings,
    random: torch.Generator,
    on_step: Callable[[int, int], None] | None = None,
) -> Inversion:
    """Return the latents whose works come nearest to some given works; Ctrl-C returns the nearest so far.

    Works are independent of one another: what is found for one does not depend on the others.

    Args:
        generator: in evaluation mode, its weights not learning.
        describe: works to rows.
        target_PS: rows of the given works.
        starts: latent_PKV and condition_PKC to descend from.
        reach: low_C and high_C, between which conditions may move.
        prior: where vectors usually lie.
        settings: how many steps and how large.
        random: dice of the shaking.
        on_step: called with (steps done, steps in all).
    """
    layers, (given, kept) = len(layer_sizes(generator)), starts[0].shape[:2]
    latent_BV, condition_BC = (start.flatten(0, 1) for start in starts)
    descent = _Descent(
        generator=generator,
        describe=describe,
        reach=reach,
        prior=prior,
        settings=settings,
        random=random,
        on_step=on_step,
    )
    place_B1V = (latent_BV[:, None] - prior.mean_V) / prior.deviation_V
    found = _Found.nothing(place_B1V, condition_BC.clamp(*reach))
    with suppress(KeyboardInterrupt):
        descent.run(found, target_PS.repeat_interleave(kept, 0), settings.approach, settings.shaking)
        found = found.nearest_of(given, kept)
        found.part(layers)
        descent.run(found, target_PS, settings.parting, 0.0)
    if len(found.cost_B) != given:
        found = found.nearest_of(given, kept)
    latent_PLV = prior.mean_V + prior.deviation_V * found.place_BLV
    return Inversion(
        latent_PLV=latent_PLV.expand(-1, layers, -1).contiguous(),
        condition_PC=found.condition_BC,
        distance_P=found.distance_B,
    )


@dataclass(kw_only=True)
class _Found:
    """The nearest so far: places in deviations from the middle, conditions, distance, and all it costs."""

    place_BLV: Tensor
    condition_BC: Tensor
    distance_B: Tensor
    cost_B: Tensor

    @classmethod
    def nothing(cls, place_BLV: Tensor, condition_BC: Tensor) -> _Found:
        infinite_B = torch.full((len(place_BLV),), math.inf)
        return cls(
            place_BLV=place_BLV.clone(),
            condition_BC=condition_BC.clone(),
            distance_B=infinite_B.clone(),
            cost_B=infinite_B,
        )

    def keep(self, place_BLV: Tensor, condition_BC: Tensor, distance_B: Tensor, cost_B: Tensor) -> None:
        """Take over what costs less than what was found before."""
        better_B = cost_B < self.cost_B
        self.place_BLV = torch.where(better_B[:, None, None], place_BLV, self.place_BLV)
        self.condition_BC = torch.where(better_B[:, None], condition_BC, self.condition_BC)
        self.distance_B = torch.where(better_B, distance_B, self.distance_B)
        self.cost_B = torch.where(better_B, cost_B, self.cost_B)

    def nearest_of(self, given: int, kept: int) -> _Found:
        """Return for each given work the one of its starts that came nearest."""
        rows = torch.arange(given) * kept + self.cost_B.view(given, kept).argmin(1)
        return _Found(
            place_BLV=self.place_BLV[rows],
            condition_BC=self.condition_BC[rows],
            distance_B=self.distance_B[rows],
            cost_B=self.cost_B[rows],
        )

    def part(self, layers: int) -> None:
        """Give each layer a place of its own, for now the same."""
        self.place_BLV = self.place_BLV.expand(-1, layers, -1).clone()


@dataclass(kw_only=True)
class _Descent:
    """Descends towards given works, step by step, and counts its steps."""

    generator: nn.Module
    describe: Describe
    reach: tuple[Tensor, Tensor]
    prior: Prior
    settings: InversionSettings
    random: torch.Generator
    on_step: Callable[[int, int], None] | None
    done: int = 0

    def run(self, found: _Found, target_BS: Tensor, steps: int, shaking: float) -> None:
        """Descend from what was found, and leave there what is nearest.

        Source: Karras et al. 2020, on projection (noise that fades as a square, and the learning rate).
        """
        place = found.place_BLV.clone().requires_grad_()
        condition = found.condition_BC.clone().requires_grad_(found.condition_BC.shape[1] > 0)
        rates = (self.settings.rate, self.settings.condition_rate)
        optimiser = torch.optim.Adam([{"params": [place]}, {"params": [condition]}], betas=(0.9, 0.99))
        for step in range(steps):
            fading = max(0.0, 1 - step / (0.75 * steps)) ** 2
            noise = torch.randn(place.shape, generator=self.random) * (shaking * fading)
            for group, rate in zip(optimiser.param_groups, rates, strict=True):
                group["lr"] = rate * _warmth(step / steps)
            shaken_BLV = place + noise
            distance_B = self._distance(shaken_BLV, condition, target_BS)
            cost_B = distance_B + self._strangeness(shaken_BLV)
            found.keep(shaken_BLV.detach(), condition.detach(), distance_B.detach(), cost_B.detach())
            optimiser.zero_grad()
            cost_B.sum().backward()
            optimiser.step()
            with torch.no_grad():
                condition.clamp_(*self.reach)
            self.done += 1
            if self.on_step:
                self.on_step(self.done, self.settings.approach + self.settings.parting)

    def _distance(self, place_BLV: Tensor, condition_BC: Tensor, target_BS: Tensor) -> Tensor:
        layers = len(layer_sizes(self.generator))
        latent_BLV = self.prior.mean_V + self.prior.deviation_V * place_BLV
        works = render(self.generator, latent_BLV.expand(-1, layers, -1), _everywhere(condition_BC, layers))
        return (self.describe(works) - target_BS).square().sum(1)

    def _strangeness(self, place_BLV: Tensor) -> Tensor:
        """Return what it costs to be longer than usual, and to tell layers different things."""
        excess_BL = (place_BLV.square().mean(2) - 1).relu().square()
        apart_B = (place_BLV - place_BLV.mean(1, keepdim=True)).square().mean((1, 2))
        return self.settings.likely * excess_BL.mean(1) + self.settings.together * apart_B


def _warmth(t: float) -> float:
    """Return the factor on the rate at t of the way: it rises over a twentieth and falls over a quarter."""
    return min(1.0, t / 0.05 + 0.05) * (0.5 - 0.5 * math.cos(math.pi * min(1.0, (1 - t) / 0.25)))


def _everywhere(rows_BV: Tensor, layers: int) -> Tensor:
    """Return the same row for every layer, (B, L, V)."""
    return rows_BV[:, None].expand(-1, layers, -1)

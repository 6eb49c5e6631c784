"""How strongly works are augmented: a controller that watches the discriminator for overfitting.

It knows no art. An art brings an `Augment`, a function that changes works at random with a given
strength; the controller sets the strength. When the discriminator gives nearly all real works a
positive score it has begun to learn them by heart, and the strength rises; else it falls.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from pydantic import Field, model_validator
from torch import Tensor
from typing_extensions import Self

from huohua.config import Config

Augment = Callable[[Tensor, float, torch.Generator], Tensor]
"""Changes works (B, ...) at random: (works, strength from 0 to 1, a CPU generator) -> works."""

WORKS_PER_KIMG = 1000


class Adaptation(Config):
    """How the strength of augmentation adapts.

    Attributes:
        target: the mean sign of real scores that is thought healthy; above it the strength rises.
        kimg_to_full: thousands of works in which the strength can go from 0 to 1.
        start: the strength at the beginning.
        minimum: the strength never falls below this.
        maximum: the strength never rises above this; equal to `minimum` it is fixed.
        adjust_every: rounds between two adjustments.
    """

    target: float = Field(default=0.6, ge=-1, le=1)
    kimg_to_full: float = Field(default=100.0, gt=0)
    start: float = Field(default=0.0, ge=0, le=1)
    minimum: float = Field(default=0.0, ge=0, le=1)
    maximum: float = Field(default=1.0, ge=0, le=1)
    adjust_every: int = Field(default=4, ge=1)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if not self.minimum <= self.start <= self.maximum:
            raise ValueError(f"start {self.start} is not between {self.minimum} and {self.maximum}")
        return self


class AdaptiveStrength:
    """The strength of augmentation, adapted so that the mean sign of real scores stays at a target.

    Source: Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", equation 1
    (the heuristic r_t) and section 3.1.

    Attributes:
        settings: how it adapts.
        strength: the strength now, from 0 to 1.
        sign: the mean sign of real scores at the last adjustment, from -1 to 1.

    Example:
        >>> control = AdaptiveStrength(Adaptation(kimg_to_full=1, adjust_every=1))
        >>> control.observe(torch.ones(8, 1))  # the discriminator is sure of every real work
        >>> control.update(100)
        >>> control.strength
        0.1
    """

    def __init__(self, settings: Adaptation | None = None) -> None:
        self.settings = settings or Adaptation()
        self.strength = self.settings.start
        self.sign = 0.0
        self._signs = 0.0
        self._scores = 0
        self._works = 0
        self._rounds = 0

    def observe(self, real_score_BS: Tensor) -> None:
        """Take note of the scores of real works, positive where the discriminator says "real".

        Where a score has no such zero give the distance from what divides real from fake: for a
        relativistic loss real minus fake score, for least squares the score minus a half.
        """
        self._signs += float(real_score_BS.detach().sign().sum())
        self._scores += real_score_BS.numel()

    def observe_mean(self, sign: float) -> None:
        """Take note of a mean sign of real scores, where the scores themselves are in other processes."""
        self._signs += sign
        self._scores += 1

    def update(self, works: int) -> None:
        """End a round in which `works` real works were shown, and adjust the strength when it is time."""
        self._works += works
        self._rounds += 1
        if self._rounds < self.settings.adjust_every:
            return
        if self._scores:
            self._adjust()
        self._signs, self._scores, self._works, self._rounds = 0.0, 0, 0, 0

    def _adjust(self) -> None:
        self.sign = self._signs / self._scores
        step = self._works / (self.settings.kimg_to_full * WORKS_PER_KIMG)
        direction = (self.sign > self.settings.target) - (self.sign < self.settings.target)
        wanted = self.strength + direction * step
        self.strength = min(max(wanted, self.settings.minimum), self.settings.maximum)

    def state(self) -> dict[str, float]:
        """Return everything that a resumed run needs, as plain numbers for JSON."""
        return {
            "strength": self.strength,
            "sign": self.sign,
            "signs": self._signs,
            "scores": self._scores,
            "works": self._works,
            "rounds": self._rounds,
        }

    def load(self, state: Mapping[str, float]) -> None:
        """Take over what `state` returned.

        Raises:
            KeyError: a number is missing.
        """
        self.strength, self.sign, self._signs = state["strength"], state["sign"], state["signs"]
        self._scores, self._works = int(state["scores"]), int(state["works"])
        self._rounds = int(state["rounds"])

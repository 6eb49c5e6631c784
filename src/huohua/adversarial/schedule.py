"""Settings that change while training goes on: a number as a function of the works shown.

One kind of schedule serves every number that moves: the learning rate, the weight of a penalty, the
half-life of the averaged generator, and the fade of the condition. The last means that a conditional
game starts as an unconditional one, its condition multiplied by 0, and becomes conditional later, as
the factor grows to 1: on small data a condition given from the start lets a generator learn one work
for each label.

Source for the fade: Shahbazi et al. 2022, "Collapse by Conditioning: Training Class-conditional GANs
with Limited Data", the transition from unconditional to conditional training.
"""

from __future__ import annotations

import math
from typing import Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from huohua.config import Config

WORKS_PER_KIMG = 1000


class Schedule(Config):
    """A number that is `start` until `begin_kimg`, `end` from `finish_kimg`, and between them moves.

    Attributes:
        kind: constant, or moving in a straight line or along half a cosine.
        start: the value at the beginning.
        end: the value at the end; for a constant the same as `start`.
        begin_kimg: thousands of works shown when it begins to move.
        finish_kimg: thousands of works shown when it stops; equal to `begin_kimg` it jumps.
    """

    kind: Literal["constant", "linear", "cosine"]
    start: float
    end: float
    begin_kimg: float = Field(default=0.0, ge=0)
    finish_kimg: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.finish_kimg < self.begin_kimg:
            raise ValueError(f"finish_kimg {self.finish_kimg} is before begin_kimg {self.begin_kimg}")
        if self.kind == "constant" and self.start != self.end:
            raise ValueError(f"a constant cannot go from {self.start} to {self.end}")
        return self

    def at(self, shown: int) -> float:
        """Return the value once `shown` works have been shown.

        Source: for the cosine Loshchilov and Hutter 2017, "SGDR: Stochastic Gradient Descent with Warm
        Restarts", equation 5.

        Example:
            >>> Schedule(kind="cosine", start=4.0, end=0.0, begin_kimg=1, finish_kimg=3).at(2000)
            2.0
        """
        progress = self._progress(shown / WORKS_PER_KIMG)
        if self.kind == "cosine":
            progress = (1 - math.cos(math.pi * progress)) / 2
        return self.start * (1 - progress) + self.end * progress

    def _progress(self, kimg: float) -> float:
        if kimg >= self.finish_kimg:
            return 1.0
        if kimg <= self.begin_kimg:
            return 0.0
        return (kimg - self.begin_kimg) / (self.finish_kimg - self.begin_kimg)


def constant(value: float) -> Schedule:
    """Return the schedule that is always `value`.

    Example:
        >>> constant(0.5).at(123_456)
        0.5
    """
    return Schedule(kind="constant", start=value, end=value)


def ramp(begin_kimg: float, finish_kimg: float, start: float = 0.0, end: float = 1.0) -> Schedule:
    """Return the schedule that goes in a straight line from `start` to `end` between two moments.

    Example:
        >>> ramp(5, 11).at(8000)
        0.5
    """
    return Schedule(kind="linear", start=start, end=end, begin_kimg=begin_kimg, finish_kimg=finish_kimg)

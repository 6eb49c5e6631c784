"""How a measured number becomes the weight of a condition, the same way for works and for wishes.

A network learns best from numbers of one size, and a person means "as works here go" by "very light". So
each measured condition carries the values that count as its ends in the works a model learnt from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import model_validator
from typing_extensions import Self

from huohua.config import Config

if TYPE_CHECKING:
    import numpy as np


class Scale(Config):
    """Three values of a measured number: weight -1 is at `low`, 0 at `middle`, 1 at `high`.

    Where `low` is `middle` the scale has one end: nothing counts below zero, as with a share of colour.

    Attributes:
        low: what is as little as it gets in these works.
        middle: what is usual, or nothing at all.
        high: what is as much as it gets.
    """

    low: float = 0.0
    middle: float = 0.0
    high: float = 1.0

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.middle < self.high:
            raise ValueError("a scale must rise from low over middle to high")
        return self

    @property
    def one_sided(self) -> bool:
        """Return whether weights go from 0 to 1 only."""
        return self.low == self.middle

    def weights(self, value_N: np.ndarray) -> np.ndarray:
        """Return the weights of some values, in [-1, 1] or [0, 1]; what lies beyond the ends counts as they.

        Example:
            >>> import numpy as np
            >>> Scale(low=0.25, middle=0.5, high=1.0).weights(np.array([0.375, 0.5, 0.75, 2.0])).tolist()
            [-0.5, 0.0, 0.5, 1.0]
        """
        above_N: np.ndarray = ((value_N - self.middle) / (self.high - self.middle)).clip(0.0, 1.0)
        if self.one_sided:
            return above_N
        below_N: np.ndarray = ((value_N - self.middle) / (self.middle - self.low)).clip(-1.0, 0.0)
        both_N: np.ndarray = above_N + below_N
        return both_N

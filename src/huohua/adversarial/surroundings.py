"""What surrounds a run: the works it learns from, and who looks at what it has learnt.

An art brings both; the engine knows them by these methods alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from torch import nn

from huohua.adversarial.game import Batch, Moment


class Works(Protocol):
    """The real works, by number."""

    def __len__(self) -> int:
        """The number of works."""

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return these works as a batch."""


class Inspector(Protocol):
    """What an art does with the averaged generator while a run goes on."""

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return figures of fixed probe samples; health looks at those named in `health.VARIETY`."""

    def preview(self, network: nn.Module, shown: int) -> str:
        """Draw a sheet of samples and return its path, relative to the run folder."""

    def publish(self, network: nn.Module, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        """Save the generator as a model that can be played at once."""

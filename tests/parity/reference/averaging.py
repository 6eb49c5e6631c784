"""The moving average written out as the weighted sum of all that was ever seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def weighted_sum(start: np.ndarray, seen: Sequence[np.ndarray], decays: Sequence[float]) -> np.ndarray:
    """Return the average after updates with `seen`: each counts (1 - its decay) times all later decays."""
    total = start * np.prod(decays)
    for index, (value, decay) in enumerate(zip(seen, decays, strict=True)):
        total = total + value * (1 - decay) * np.prod(decays[index + 1 :])
    return total

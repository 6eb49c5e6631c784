"""Where a chord lies in tonal space: fifths and thirds that are near in music are near there."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

RADII = (1.0, 1.0, 0.5)
TURNS = (7 / 6, 3 / 2, 2 / 3)  # of a semitone around the circles of fifths, minor and major thirds, by pi

Doubles = NDArray[np.float64]


def _circles() -> Doubles:
    angle_A12 = np.pi * np.outer(TURNS, np.arange(12))
    on_circle_A212 = np.stack([np.sin(angle_A12), np.cos(angle_A12)], axis=1)
    circles: Doubles = (np.array(RADII)[:, None, None] * on_circle_A212).reshape(6, 12)
    return circles


CIRCLES_612 = _circles()


def tonal_centroid(count_Q12: NDArray[Any]) -> Doubles:
    """Return centroid_Q6 of amounts of pitch classes; NaN where nothing sounds.

    Source: Harte et al. 2006, "Detecting Harmonic Change in Musical Audio", equation 1: the amounts divided
    by their sum, on circles of fifths (radius 1), minor thirds (1) and major thirds (0.5).

    Example:
        >>> tonal_centroid(np.eye(12)[:1]).round(3).tolist()
        [[0.0, 1.0, 0.0, 1.0, 0.0, 0.5]]
    """
    amount_Q12 = np.asarray(count_Q12, dtype=np.float64)
    sum_Q1 = amount_Q12.sum(axis=-1, keepdims=True)
    share_Q12 = np.divide(amount_Q12, sum_Q1, out=np.full_like(amount_Q12, np.nan), where=sum_Q1 > 0)
    centroid_Q6: Doubles = share_Q12 @ CIRCLES_612.T
    return centroid_Q6

"""How different works look: a distance on several scales of a network at once.

It has the form of LPIPS and is not LPIPS: no weights learnt from people's judgements stand before the
differences, and the network is whatever made the taps. So it compares works of one data set with one
another, and cannot be compared with published numbers.

A tap is what one stage of a network says of a work: C numbers at each of P positions. Divided by the
root of P, and the stages laid side by side, taps become one row for each work, and the squared
Euclidean distance of two rows is the distance of the works.

Letters: N works, C channels, P positions, L taps, S numbers of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huohua.errors import DataError
from huohua.metrics.features import Features

Singles = NDArray[np.float32]

BLOCK = 64  # rows in double precision at once


def perceptual_rows(tap_LNCP: Sequence[NDArray[np.floating[Any]]]) -> Singles:
    """Return row_NS, float32, of taps: at each position a direction of length 1, or 0 where a tap is silent.

    Source: Zhang et al. 2018, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric",
    the distance of two patches with every learnt weight left at 1.

    Args:
        tap_LNCP: one array (N, C, P) for each stage; channels and positions may differ from stage to stage.

    Raises:
        DataError: there is no tap, or taps are of different numbers of works.
    """
    if not tap_LNCP or any(tap.ndim != 3 or len(tap) != len(tap_LNCP[0]) for tap in tap_LNCP):
        raise DataError("Taps must all be (works, channels, positions) of the same works.")
    return np.concatenate([_directions(tap) for tap in tap_LNCP], axis=1)


def perceptual_diversity(row_NS: Features) -> float:
    """Return the mean distance over all pairs of works, from 0 to 4 for each tap.

    Distances are squares, so their mean over all pairs is twice the variance and needs no pair. A few
    outliers cannot carry it, as directions have length 1.

    Source: the mean over pairs of the distance of `perceptual_rows`; that a mean of squares over pairs
    is twice the variance is König and Huygens' identity.

    Example:
        >>> perceptual_diversity(np.array([[1.0, 0.0], [0.0, 1.0]]))
        2.0

    Raises:
        DataError: there are fewer than two rows, or they cannot be measured.
    """
    if row_NS.ndim != 2 or len(row_NS) < 2:
        raise DataError("A perceptual diversity needs at least two rows.", advice="Measure more works.")
    middle_S = row_NS.mean(axis=0, dtype=np.float64)
    total = 0.0
    for start in range(0, len(row_NS), BLOCK):
        total += float(((row_NS[start : start + BLOCK] - middle_S) ** 2).sum())
    if not np.isfinite(total):
        raise DataError(
            "The works cannot be measured: their rows hold infinite or undefined numbers.",
            advice="Check the model for divergence.",
        )
    return 2 * total / (len(row_NS) - 1)


def perceptual_ratio(fake_NS: Features, real_MS: Features) -> float:
    """Return how different generated works look beside real ones: 0 is one picture, 1 is as different.

    Source: the quotient of two `perceptual_diversity`.

    Raises:
        DataError: a side has fewer than two rows, or the real works all look the same.
    """
    if (real := perceptual_diversity(real_MS)) == 0:
        raise DataError("The real works all look the same.", advice="Use works that differ.")
    return perceptual_diversity(fake_NS) / real


def _directions(tap_NCP: NDArray[np.floating[Any]]) -> Singles:
    tap_NCP = np.asarray(tap_NCP, dtype=np.float32)
    length_N1P: Singles = np.linalg.norm(tap_NCP, axis=1, keepdims=True)
    direction_NCP: Singles = np.divide(tap_NCP, length_N1P, out=np.zeros_like(tap_NCP), where=length_N1P > 0)
    direction_NCP /= np.sqrt(tap_NCP.shape[2], dtype=np.float32)
    return direction_NCP.reshape(len(tap_NCP), -1)

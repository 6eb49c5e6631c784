"""Density and coverage: precision and recall that one outlier cannot spoil.

Both put balls around the real works only, which are trusted, and never around generated ones. A ball
includes its surface, so that a work that the data holds several times (radius 0) still covers itself.
"""

from __future__ import annotations

import numpy as np

from huohua.metrics.distances import distance_blocks, neighbour_radius
from huohua.metrics.features import Doubles, Features, check_features, check_pair


def density(fake_NF: Features, real_MF: Features, *, k: int = 5) -> float:
    """Return how many real balls a generated work lies in, divided by `k`: 0 or more, about 1 at best.

    More than 1 means that samples crowd where real works are dense.

    Source: Naeem et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models",
    density; k = 5 as there.

    Raises:
        DataError: there are no more than `k` real rows, or the features cannot be measured.
    """
    fake_NF, real_MF = _checked(fake_NF, real_MF, k)
    radius_M = neighbour_radius(real_MF, k)
    inside = sum(
        int(np.count_nonzero(distance_BM <= radius_M)) for _, distance_BM in distance_blocks(fake_NF, real_MF)
    )
    return inside / (k * len(fake_NF))


def coverage(fake_NF: Features, real_MF: Features, *, k: int = 5) -> float:
    """Return the share of real works whose ball holds a generated work, from 0 to 1.

    It grows with the number of generated works; compare sets of one size.

    Source: Naeem et al. 2020, coverage; k = 5 as there.

    Raises:
        DataError: there are no more than `k` real rows, or the features cannot be measured.
    """
    fake_NF, real_MF = _checked(fake_NF, real_MF, k)
    nearest_M = np.full(len(real_MF), np.inf)
    for _, distance_BM in distance_blocks(fake_NF, real_MF):
        np.minimum(nearest_M, distance_BM.min(axis=0), out=nearest_M)
    return float(np.mean(nearest_M <= neighbour_radius(real_MF, k)))


def _checked(fake_NF: Features, real_MF: Features, k: int) -> tuple[Doubles, Doubles]:
    pair = check_pair(fake_NF, real_MF)
    if len(real_MF) <= k:
        check_features(real_MF, least=k + 1, whose="the real works")
    return pair

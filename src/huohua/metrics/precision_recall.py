"""Precision and recall: generated works that look real, and real works that the model can make.

The real works' manifold is estimated by a ball around each of them that reaches to its k-th nearest
neighbour; generated works inside any ball count as precise. Recall exchanges the two sides.
"""

from __future__ import annotations

import numpy as np

from huohua.metrics.distances import distance_blocks, neighbour_radius
from huohua.metrics.features import Doubles, Features, check_features, check_pair


def precision(fake_NF: Features, real_MF: Features, *, k: int = 3) -> float:
    """Return the share of generated works inside the real works' manifold, from 0 to 1.

    Source: Kynkäänniemi et al. 2019, "Improved Precision and Recall Metric for Assessing Generative
    Models", precision; k = 3 as there.

    Raises:
        DataError: a side has no more than `k` rows, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF, least=k + 1)
    return _share_inside(fake_NF, real_MF, k)


def recall(fake_NF: Features, real_MF: Features, *, k: int = 3) -> float:
    """Return the share of real works inside the generated works' manifold, from 0 to 1.

    Source: Kynkäänniemi et al. 2019, recall: precision with the two sides exchanged.

    Raises:
        DataError: a side has no more than `k` rows, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF, least=k + 1)
    return _share_inside(real_MF, fake_NF, k)


def realism(fake_NF: Features, real_MF: Features, *, k: int = 3) -> Doubles:
    """Return realism_N: how deep each generated work lies in the real works' manifold, above 1 inside it.

    It is the largest, over real works in places that are not sparse, of a real work's radius over its
    distance to the generated one; a work on top of a real one has an infinite one. Real works with a
    radius above the median are left out, as in the paper.

    Source: Kynkäänniemi et al. 2019, the realism score.

    Raises:
        DataError: there are no more than `k` real rows, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF)
    check_features(real_MF, least=k + 1, whose="the real works")
    radius_M = neighbour_radius(real_MF, k)
    dense = radius_M <= np.median(radius_M)
    radius_D = radius_M[dense]
    best_N = np.empty(len(fake_NF))
    for rows, distance_BD in distance_blocks(fake_NF, real_MF[dense]):
        ratio_BD = np.full_like(distance_BD, np.inf)
        np.divide(radius_D, distance_BD, out=ratio_BD, where=distance_BD > 0)
        best_N[rows] = ratio_BD.max(axis=1)
    return best_N


def _share_inside(query_NF: Doubles, manifold_MF: Doubles, k: int) -> float:
    radius_M = neighbour_radius(manifold_MF, k)
    inside = sum(
        int(np.count_nonzero((distance_BM <= radius_M).any(axis=1)))
        for _, distance_BM in distance_blocks(query_NF, manifold_MF)
    )
    return inside / len(query_NF)

"""How different works are from one another: the mean distance between two of them.

The distance is Euclidean and not squared: the mean of squares is twice the variance, which a few
outliers can carry alone, and a collapsed model with a few odd samples must not look varied. As an
average over pairs it does not depend on how many works are measured, only its precision does, so
sets of different sizes can be compared.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huohua.errors import DataError
from huohua.metrics.distances import distance_blocks
from huohua.metrics.features import Features, check_features, check_pair

Classes = Sequence[Hashable] | NDArray[Any]


def mean_pairwise_distance(feature_NF: Features) -> float:
    """Return the mean Euclidean distance over all pairs of distinct rows, 0 or more.

    Source: Gini's mean difference (Gini 1912) with Euclidean distance in place of the absolute difference,
    as in Székely and Rizzo 2013, "Energy statistics": the sum over i < j of |f_i - f_j|, by N (N - 1) / 2.

    Example:
        >>> import numpy as np
        >>> mean_pairwise_distance(np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]]))
        3.3333333333333335

    Raises:
        DataError: there are fewer than two rows, or they cannot be measured.
    """
    feature_NF = check_features(feature_NF, least=2)
    total = sum(float(distance_BN.sum()) for _, distance_BN in distance_blocks(feature_NF, feature_NF))
    return total / (len(feature_NF) * (len(feature_NF) - 1))


def within_class_diversity(feature_NF: Features, class_N: Classes) -> dict[Hashable, float]:
    """Return the mean pairwise distance within each class, in the order classes first appear.

    A class with a single work has no pair and is left out.

    Source: `mean_pairwise_distance`; pairs within a class as in Odena et al. 2017, "Conditional Image
    Synthesis with Auxiliary Classifier GANs": a conditional model can differ over classes and yet make one
    picture of each.

    Raises:
        DataError: rows and classes differ in number, or the features cannot be measured.
    """
    feature_NF = check_features(feature_NF)
    if len(class_N) != len(feature_NF):
        raise DataError(
            f"There are {len(feature_NF)} rows of features and {len(class_N)} classes.",
            advice="Give one class for each work.",
        )
    rows: dict[Hashable, list[int]] = {}
    for row, name in enumerate(class_N.tolist() if isinstance(class_N, np.ndarray) else class_N):
        rows.setdefault(name, []).append(row)
    return {name: mean_pairwise_distance(feature_NF[kept]) for name, kept in rows.items() if len(kept) > 1}


def diversity_ratio(fake_NF: Features, real_MF: Features) -> float:
    """Return how varied generated works are beside real ones: 0 is one picture, 1 is as varied.

    The ratio may exceed 1: noise is very varied too, so read it beside precision.

    Source: the quotient of two `mean_pairwise_distance`.

    Raises:
        DataError: a side has fewer than two rows, or the real works are all the same.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF, least=2)
    if (real := mean_pairwise_distance(real_MF)) == 0:
        raise DataError("The real works are all the same.", advice="Use works that differ.")
    return mean_pairwise_distance(fake_NF) / real


def within_class_ratio(
    fake_NF: Features, fake_class_N: Classes, real_MF: Features, real_class_M: Classes
) -> float:
    """Return the diversity ratio within a class, averaged over classes, 0 or more.

    Classes count alike whatever their size. A class counts when both sides hold at least two of its
    works and the real ones differ.

    Source: the mean over classes of quotients of `within_class_diversity`.

    Raises:
        DataError: no class can be compared, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF)
    fake = within_class_diversity(fake_NF, fake_class_N)
    real = within_class_diversity(real_MF, real_class_M)
    ratios = [fake[name] / spread for name, spread in real.items() if name in fake and spread > 0]
    if not ratios:
        raise DataError(
            "No class has two generated works and two different real ones.",
            advice="Generate at least two works of each class.",
        )
    return float(np.mean(ratios))

"""The kernel distance between generated and real works: unbiased, so small sets can be compared.

Its mean over many draws is 0 when both sides come from one source, whatever their number, where the
Fréchet distance of small sets is not. One draw may therefore be slightly negative.
"""

from __future__ import annotations

import numpy as np

from huohua.errors import DataError
from huohua.metrics.distances import row_blocks
from huohua.metrics.features import Doubles, Features, check_pair


def kernel_distance(fake_NF: Features, real_MF: Features) -> float:
    """Return the squared maximum mean discrepancy under the cubic kernel (x·y / F + 1)³; about 0 at best.

    Source: Bińkowski et al. 2018, "Demystifying MMD GANs", Kernel Inception Distance; the unbiased
    estimator is Gretton et al. 2012, "A Kernel Two-Sample Test", lemma 6.

    Example:
        >>> import numpy as np
        >>> kernel_distance(np.array([[0.0], [1.0]]), np.array([[1.0], [1.0]]))
        0.0

    Raises:
        DataError: a side has fewer than two rows, or the features cannot be measured.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF, least=2)
    return _within(fake_NF) + _within(real_MF) - 2 * _sum(fake_NF, real_MF) / (len(fake_NF) * len(real_MF))


def kernel_distances(
    fake_NF: Features,
    real_MF: Features,
    generator: np.random.Generator,
    *,
    subsets: int = 100,
    size: int = 1000,
) -> Doubles:
    """Return distance_S, the kernel distance of `subsets` random subsets; their mean is the figure.

    Their standard deviation says how sure it is. A subset holds `size` works of each side, or as many
    as both have.

    Source: Bińkowski et al. 2018, which averages over 100 subsets of 1,000.

    Raises:
        DataError: a side has fewer than two rows, or no subset of two is asked for.
    """
    fake_NF, real_MF = check_pair(fake_NF, real_MF, least=2)
    size = min(size, len(fake_NF), len(real_MF))
    if subsets < 1 or size < 2:
        raise DataError(
            f"{subsets} subsets of {size} works cannot be measured.",
            advice="Ask for at least one subset of at least two works.",
        )
    return np.array(
        [
            kernel_distance(
                fake_NF[generator.choice(len(fake_NF), size, replace=False)],
                real_MF[generator.choice(len(real_MF), size, replace=False)],
            )
            for _ in range(subsets)
        ]
    )


def _within(feature_NF: Doubles) -> float:
    square_N = np.einsum("nf,nf->n", feature_NF, feature_NF)
    itself = float(((square_N / feature_NF.shape[1] + 1) ** 3).sum())
    return (_sum(feature_NF, feature_NF) - itself) / (len(feature_NF) * (len(feature_NF) - 1))


def _sum(first_NF: Doubles, second_MF: Doubles) -> float:
    total = 0.0
    for rows in row_blocks(len(first_NF), len(second_MF)):
        base_BM = first_NF[rows] @ second_MF.T / first_NF.shape[1] + 1
        total += float((base_BM * base_BM * base_BM).sum())
    return total

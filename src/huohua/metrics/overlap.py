"""How far two sets lie apart in one feature, judged by how far works of one set lie from one another.

Distances of all pairs within a set are one distribution, distances of all pairs across two sets another.
Where the sets are alike the two distributions lie on top of each other: their overlapping area is nearly 1
and their Kullback-Leibler divergence nearly 0. Means can agree while everything else differs; this cannot
be met by a mean.

Densities are estimated with Gaussian kernels. A set of 1,000 works has a million distances, so they are
counted into fine bins first, and the bins carry the kernels: a bin is a hundredth of a kernel's width or
the most bins are in use.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huohua.errors import DataError
from huohua.metrics.distances import distance_blocks, row_blocks
from huohua.metrics.features import Doubles, Features, check_features, check_pair

POINTS, MOST_POINTS = 1000, 20_000  # at which densities are compared
REACH = 4  # widths beyond which a kernel holds nothing that counts
MOST_BINS = 4096
BINS_A_WIDTH = 100


def within_distances(feature_NF: Features) -> Doubles:
    """Return the Euclidean distances of each work to each other one, both ways, (N² - N,).

    Source: Yang and Lerch 2020, "On the evaluation of generative models in music", intra-set distances by
    leaving one out; each pair counts twice there too, which the kernels' width depends on.

    Example:
        >>> within_distances(np.array([[0.0], [1.0], [3.0]])).tolist()
        [1.0, 3.0, 1.0, 2.0, 3.0, 2.0]

    Raises:
        DataError: there are fewer than two rows, or they cannot be measured.
    """
    checked_NF = check_features(feature_NF, least=2)
    own_NN = np.concatenate([block for _, block in distance_blocks(checked_NF, checked_NF)])
    return own_NN[~np.eye(len(own_NN), dtype=bool)]


def across_distances(first_NF: Features, second_MF: Features) -> Doubles:
    """Return the Euclidean distances of each work of one set to each of the other, (N M,).

    Source: Yang and Lerch 2020, "On the evaluation of generative models in music", inter-set distances.

    Raises:
        DataError: a set is empty, or they cannot be measured.
    """
    first_NF, second_MF = check_pair(first_NF, second_MF)
    return np.concatenate([block for _, block in distance_blocks(first_NF, second_MF)]).ravel()


def kernel_density(sample_N: Doubles, at_P: Doubles) -> Doubles:
    """Return density_P of a sample, with Gaussian kernels of the width of Scott's rule.

    The width is N to the power of -1/5 times the sample's standard deviation.

    Source: Parzen 1962, "On Estimation of a Probability Density Function and Mode"; the width, Scott 1992,
    "Multivariate Density Estimation", as SciPy's `gaussian_kde`, which mgeval uses, chooses it.

    Raises:
        DataError: the sample has fewer than two numbers or does not vary.
    """
    width = _width(sample_N)
    if width == 0:
        raise DataError("A sample that does not vary has no density.", advice="Measure works that differ.")
    centre_K, weight_K = _binned(sample_N, width)
    density_P: Doubles = np.empty(len(at_P))
    for rows in row_blocks(len(at_P), len(centre_K)):
        from_centre_BK = (at_P[rows, None] - centre_K) / width
        density_P[rows] = np.exp(-0.5 * from_centre_BK * from_centre_BK) @ weight_K
    density_P /= width * np.sqrt(2 * np.pi)
    return density_P


def overlap_area(first_N: Doubles, second_M: Doubles) -> float:
    """Return the area that two samples' densities share, 0 to 1; a sample shares 1 with itself.

    A sample that does not vary shares all with its like and nothing with another. mgeval integrates from the
    least value to the largest only, so that what kernels put below a distance of 0 is lost: where many
    distances are 0 a set shares as little as a half with itself there.

    Source: Yang and Lerch 2020, "On the evaluation of generative models in music", overlapping area.

    Raises:
        DataError: a sample has fewer than two numbers.
    """
    if still := _still(first_N, second_M):
        return float(still == "alike")
    at_P = _points(first_N, second_M)
    both_P = np.minimum(kernel_density(first_N, at_P), kernel_density(second_M, at_P))
    return float(((both_P[1:] + both_P[:-1]) / 2 * np.diff(at_P)).sum())


def divergence(first_N: Doubles, second_M: Doubles) -> float:
    """Return the Kullback-Leibler divergence of the second sample's density from the first's, in nats.

    Both densities are read at the same points. mgeval reads each over its own sample's range, so that a
    shifted copy is at divergence 0 there; here it is not. A sample that does not vary is at 0 from its like
    and at infinity from any other.

    Source: Kullback and Leibler 1951, "On Information and Sufficiency"; used so in Yang and Lerch 2020, "On
    the evaluation of generative models in music".

    Raises:
        DataError: a sample has fewer than two numbers.
    """
    if still := _still(first_N, second_M):
        return 0.0 if still == "alike" else float("inf")
    at_P = _points(first_N, second_M)
    # A kernel falls to exactly 0 in floating point, where a logarithm has no value.
    tiny = np.finfo(np.float64).tiny
    p_P, q_P = (np.maximum(kernel_density(sample, at_P), tiny) for sample in (first_N, second_M))
    p_P, q_P = (np.maximum(each / each.sum(), tiny) for each in (p_P, q_P))
    return max(0.0, float((p_P * (np.log(p_P) - np.log(q_P))).sum()))


def sets_overlap(first_NF: Features, second_MF: Features) -> tuple[float, float]:
    """Return (overlapping area, divergence) of distances within the second set and across both.

    The second set is the one to be measured against, such as real works.

    Source: Yang and Lerch 2020, "On the evaluation of generative models in music", relative measurement: the
    intra-set distances of the data against the inter-set distances.

    Raises:
        DataError: a set has fewer than two rows, or they cannot be measured.
    """
    within_K, across_K = within_distances(second_MF), across_distances(first_NF, second_MF)
    return overlap_area(within_K, across_K), divergence(within_K, across_K)


def _points(*samples: Doubles) -> Doubles:
    """Return points from below the least to above the largest of all samples' kernels."""
    reach = REACH * max(_width(sample_N) for sample_N in samples)
    low = min(sample_N.min() for sample_N in samples) - reach
    high = max(sample_N.max() for sample_N in samples) + reach
    narrow = min(_width(sample_N) for sample_N in samples)
    # Enough of them that none of the narrowest kernels stands between two.
    return np.linspace(low, high, int(min(MOST_POINTS, max(POINTS, 4 * (high - low) / narrow))))


def _still(*samples: Doubles) -> str:
    """Say whether samples that do not vary are "alike" or "apart"; "" where all vary."""
    for sample_N in samples:
        if len(sample_N) < 2:
            raise DataError("A density needs at least two distances.", advice="Measure more works.")
    still = [_width(sample_N) == 0 for sample_N in samples]
    if not any(still):
        return ""
    return "alike" if all(still) and len({float(sample_N[0]) for sample_N in samples}) == 1 else "apart"


def _width(sample_N: Doubles) -> float:
    if len(sample_N) < 2:
        raise DataError("A density needs at least two numbers.", advice="Measure more works.")
    if sample_N.min() == sample_N.max():
        return 0.0
    return float(sample_N.std(ddof=1) * len(sample_N) ** -0.2)


def _binned(sample_N: Doubles, width: float) -> tuple[Doubles, Doubles]:
    """Return centres and weights that sum to 1, of the bins that are not empty."""
    span = float(np.ptp(sample_N))
    bins = int(min(MOST_BINS, np.ceil(span / width * BINS_A_WIDTH)))
    if len(sample_N) <= bins:
        return sample_N, np.full(len(sample_N), 1 / len(sample_N))
    count_K = np.histogram(sample_N, bins=bins)[0]
    # A bin stands where its own numbers are on the average, which for whole numbers is exactly there.
    sum_K = np.histogram(sample_N, bins=bins, weights=sample_N)[0]
    full_K: NDArray[np.bool_] = count_K > 0
    return sum_K[full_K] / count_K[full_K], count_K[full_K] / len(sample_N)

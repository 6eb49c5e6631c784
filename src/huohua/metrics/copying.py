"""Copying: how many generated works are closer to a real one than real works are to one another.

Similarity is the cosine between features, from -1 to 1, which does not mind how strongly a feature
network answers. What counts as a copy depends on the data (photographs of one fruit are alike, paintings
by one hand less), so the threshold is read off the real works themselves: off their likeness to one
another alone (`copy_threshold`), or off that and the likeness of known near-copies (`calibrate`), which
also tells whether copies can be told on these works at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from huohua.errors import DataError
from huohua.metrics.distances import row_blocks
from huohua.metrics.features import Doubles, Features, check_features, check_pair

Kind = TypeVar("Kind", bound=np.floating[Any])

QUANTILE = 0.99
# Real works that may at most be taken for copies of one another, as a share.
FALSE_ALARMS = 0.05
# With fewer of the known near-copies found than this share, a copy rate says nothing.
TELLING = 0.5


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """From which similarity on a work counts as a copy, and how well that tells copies.

    Attributes:
        threshold: a similarity above this is a copy, -1 to 1.
        false_alarms: share of real works that are as similar to another real one.
        found: share of known near-copies that are found, by kind of copy.
    """

    threshold: float
    false_alarms: float
    found: Mapping[str, float]

    @property
    def power(self) -> float:
        """Return the share of near-copies that are found, over all kinds alike."""
        return float(np.mean(list(self.found.values())))

    @property
    def telling(self) -> bool:
        """Return whether copies can be told from mere likeness on these works."""
        return self.power >= TELLING


def nearest(fake_NF: Features, real_MF: Features) -> tuple[NDArray[np.intp], Doubles]:
    """Return (index_N, similarity_N): each generated work's most similar real work and how similar, -1 to 1.

    Works whose features are all 0 are similar to nothing (0).

    Source: nearest training neighbours in a feature space, as in Somepalli et al. 2023, "Diffusion Art or
    Digital Forgery?".

    Example:
        >>> import numpy as np
        >>> index_N, similarity_N = nearest(np.array([[0.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 1.0]]))
        >>> index_N.tolist(), similarity_N.tolist()
        ([1], [1.0])

    Raises:
        DataError: a side is empty, or the features cannot be measured.
    """
    checked_NF, checked_MF = check_pair(fake_NF, real_MF)
    return _nearest(_unit(checked_NF), _unit(checked_MF), itself=False)


class NearestSoFar:
    """Each query's most similar work while works come by a few at a time, so that not all must be held.

    Source: as `nearest`, whose result it has once all works have come by.

    Args:
        query_NF: works to find the nearest of; kept in the precision they have.
        own_N: the number of the work that each query is itself, -1 for none: no work is its own nearest.

    Attributes:
        index_N: number of the most similar work so far, -1 before any.
        similarity_N: how similar it is.
    """

    def __init__(self, query_NF: Features, own_N: NDArray[np.intp] | None = None) -> None:
        self._query_NF = _unit(query_NF)
        self._own_N = np.full(len(query_NF), -1) if own_N is None else own_N
        self.index_N = np.full(len(query_NF), -1, dtype=np.intp)
        self.similarity_N = np.full(len(query_NF), -np.inf)

    def meet(self, work_BF: Features, number_B: NDArray[np.intp]) -> None:
        """Compare all queries with some works of these numbers; a work may come by in several forms."""
        similarity_NB = (self._query_NF @ _unit(work_BF).T).astype(np.float64)
        similarity_NB[self._own_N[:, None] == number_B[None, :]] = -np.inf
        place_N = similarity_NB.argmax(axis=1)
        found_N = np.clip(similarity_NB[np.arange(len(place_N)), place_N], -np.inf, 1)
        better_N = found_N > self.similarity_N
        self.index_N[better_N] = number_B[place_N[better_N]]
        self.similarity_N[better_N] = found_N[better_N]


def nearest_other(feature_NF: NDArray[Kind]) -> Doubles:
    """Return similarity_N: how similar each work is to the most similar other one of the same set.

    In a set that repeats itself many are nearly 1.

    Source: Arora et al. 2018, "Do GANs learn the distribution? Some Theory and Empirics", which looks for
    near-duplicates among samples to tell how many different ones there are.

    Example:
        >>> nearest_other(np.array([[0.0, 1.0], [0.0, 2.0], [1.0, 0.0]])).tolist()
        [1.0, 1.0, 0.0]

    Raises:
        DataError: there are fewer than two rows.
    """
    if len(feature_NF) < 2:
        raise DataError("A work alone has no nearest other one.", advice="Measure more works.")
    unit_NF = _unit(feature_NF)
    similarity_N: Doubles = _nearest(unit_NF, unit_NF, itself=True)[1]
    return similarity_N


def distinct(feature_NF: NDArray[Kind], threshold: float) -> float:
    """Return how many different works there are, those more similar than `threshold` counted together.

    Each work counts as one over the number of works that are like it, itself included: ten works that all
    are alike are one, and ten of which none is like another are ten.

    Source: Hill 1973, "Diversity and Evenness: A Unifying Notation and Its Consequences", the number of kinds
    that the reciprocal of their mean share gives; kinds are neighbourhoods here.

    Example:
        >>> distinct(np.array([[0.0, 1.0], [0.0, 2.0], [1.0, 0.0]]), 0.9)
        2.0

    Raises:
        DataError: there is no row.
    """
    if not len(feature_NF):
        raise DataError("No works cannot be counted.", advice="Measure more works.")
    unit_NF = _unit(feature_NF)
    like_N = np.empty(len(unit_NF))
    for rows in row_blocks(len(unit_NF), len(unit_NF)):
        similar_BN = unit_NF[rows] @ unit_NF.T > threshold
        similar_BN[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = True
        like_N[rows] = similar_BN.sum(axis=1)
    return float((1 / like_N).sum())


def copy_threshold(real_NF: Features, *, quantile: float = QUANTILE) -> float:
    """Return the similarity that only the most alike real works exceed, -1 to 1.

    Each real work is compared with its nearest other one, and the `quantile` of those similarities is
    the threshold: at 0.99, one real work in a hundred looks like a copy of another. Copies left in the data
    therefore raise it.

    Source: the quantile calibration of a two-sample nearest neighbour test; Meehan et al. 2020, "A
    Non-Parametric Test to Detect Data-Copying in Generative Models", compare with real distances likewise.

    Raises:
        DataError: there are fewer than two rows, or the features cannot be measured.
    """
    checked_NF = check_features(real_NF, least=2, whose="the real works")
    return float(np.quantile(nearest_other(checked_NF), quantile))


def calibrate(
    real_similarity_N: Doubles, copy_similarity: Mapping[str, Doubles], *, most: float = FALSE_ALARMS
) -> Calibration:
    """Return the threshold that finds the most known near-copies for the real works it takes for copies.

    It maximises the share of near-copies above it less the share of real works above it, kinds of copies
    counting alike, among thresholds that at most a share of `most` of the real works exceed.

    Source: Youden 1950, "Index for rating diagnostic tests", J; the comparison with real works among
    themselves as in Meehan et al. 2020, "A Non-Parametric Test to Detect Data-Copying in Generative Models".

    Args:
        real_similarity_N: each real work's similarity to its nearest other one.
        copy_similarity: for each kind, near-copies' similarities to their nearest real work.
        most: the most false alarms to accept, as a share.

    Raises:
        DataError: there are no real works or no copies of some kind.

    Example:
        >>> copies = {"flip": np.array([0.95, 0.8]), "crop": np.array([0.9, 0.6])}
        >>> found = calibrate(np.array([0.1, 0.2, 0.5, 0.7]), copies, most=0.25)
        >>> found.threshold, found.false_alarms, found.found["flip"], found.found["crop"]
        (0.7, 0.0, 1.0, 0.5)
    """
    if not len(real_similarity_N) or not copy_similarity or not all(map(len, copy_similarity.values())):
        raise DataError("A threshold needs similarities of real works and of known copies.")
    candidates = np.unique(np.concatenate([real_similarity_N, *copy_similarity.values()]))
    alarms = _above(real_similarity_N, candidates)
    found = {kind: _above(similarity_K, candidates) for kind, similarity_K in copy_similarity.items()}
    gain = np.where(alarms <= most, np.mean(list(found.values()), axis=0) - alarms, -np.inf)
    # Of thresholds that are equally good the highest accuses the fewest; the last is the largest of all.
    best = len(gain) - 1 - int(np.argmax(gain[::-1]))
    return Calibration(
        threshold=float(candidates[best]),
        false_alarms=float(alarms[best]),
        found={kind: float(shares[best]) for kind, shares in found.items()},
    )


def copy_rate(fake_NF: Features, real_MF: Features, threshold: float | None = None) -> float:
    """Return the share of generated works more similar to a real one than `threshold`, from 0 to 1.

    Without a threshold `copy_threshold` reads it off the real works; read the rate beside the 1 % that
    they then show among themselves.

    Source: Somepalli et al. 2023, with the threshold of `copy_threshold`.

    Raises:
        DataError: a side has too few rows, or the features cannot be measured.
    """
    _, similarity_N = nearest(fake_NF, real_MF)
    limit = copy_threshold(real_MF) if threshold is None else threshold
    return float(np.mean(similarity_N > limit))


def share_deviation(hits: float, trials: float) -> float:
    """Return the standard deviation of a share that was counted, more than 0 even where nothing was hit.

    Trials that are not independent count less: give the number of independent ones, and hits in proportion.

    Source: Agresti and Coull 1998, "Approximate Is Better than 'Exact' for Interval Estimation of Binomial
    Proportions": two hits and two misses are added.

    Example:
        >>> round(share_deviation(0, 96), 4), round(share_deviation(48, 96), 4)
        (0.014, 0.05)
    """
    share = (hits + 2) / (trials + 4)
    return float((share * (1 - share) / (trials + 4)) ** 0.5)


def _above(similarity_N: Doubles, thresholds: Doubles) -> Doubles:
    """Return for each threshold the share of similarities above it."""
    order_N = np.sort(similarity_N)
    return (len(order_N) - np.searchsorted(order_N, thresholds, side="right")) / len(order_N)


def _unit(feature_NF: NDArray[Kind]) -> NDArray[Kind]:
    length_N1 = np.linalg.norm(feature_NF, axis=1, keepdims=True)
    unit_NF: NDArray[Kind] = np.divide(
        feature_NF, length_N1, out=np.zeros_like(feature_NF), where=length_N1 > 0
    )
    return unit_NF


def _nearest(
    query_NF: NDArray[Kind], other_MF: NDArray[Kind], *, itself: bool
) -> tuple[NDArray[np.intp], Doubles]:
    index_N = np.empty(len(query_NF), dtype=np.intp)
    similarity_N = np.empty(len(query_NF))
    for rows in row_blocks(len(query_NF), len(other_MF)):
        similarity_BM = query_NF[rows] @ other_MF.T
        if itself:
            similarity_BM[np.arange(rows.stop - rows.start), np.arange(rows.start, rows.stop)] = -np.inf
        index_N[rows] = similarity_BM.argmax(axis=1)
        similarity_N[rows] = similarity_BM.max(axis=1)
    return index_N, np.clip(similarity_N, -1, 1)

"""Losses one score at a time, from probabilities, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Scores = Sequence[Sequence[float]]


def probability(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def mean(term: Callable[[float], float], scores: Scores) -> float:
    values = [term(score) for row in scores for score in row]
    return sum(values) / len(values)


def mean_of_pairs(term: Callable[[float, float], float], real: Scores, fake: Scores) -> float:
    pairs = [
        (a, b)
        for real_row, fake_row in zip(real, fake, strict=True)
        for a, b in zip(real_row, fake_row, strict=True)
    ]
    return sum(term(a, b) for a, b in pairs) / len(pairs)


def cross_entropy(target: float) -> Callable[[float], float]:
    def of(score: float) -> float:
        p = probability(score)
        return -target * math.log(p) - (1 - target) * math.log(1 - p)

    return of


def logistic(real: Scores, fake: Scores, target: float = 1.0) -> float:
    return mean(cross_entropy(target), real) + mean(cross_entropy(0), fake)


def least_squares(real: Scores, fake: Scores, target: float = 1.0) -> float:
    return mean(lambda s: (s - target) ** 2 / 2, real) + mean(lambda s: s**2 / 2, fake)


DISCRIMINATOR: dict[str, Callable[[Scores, Scores], float]] = {
    "non_saturating": logistic,
    "saturating": logistic,
    "hinge": lambda real, fake: mean(lambda s: max(0, 1 - s), real) + mean(lambda s: max(0, 1 + s), fake),
    "least_squares": least_squares,
    "wasserstein": lambda real, fake: mean(lambda s: s, fake) - mean(lambda s: s, real),
    "relativistic": lambda real, fake: mean_of_pairs(lambda r, f: -math.log(probability(r - f)), real, fake),
}

GENERATOR: dict[str, Callable[[Scores, Scores], float]] = {
    "non_saturating": lambda real, fake: mean(lambda s: -math.log(probability(s)), fake),
    "saturating": lambda real, fake: mean(lambda s: math.log(1 - probability(s)), fake),
    "hinge": lambda real, fake: -mean(lambda s: s, fake),
    "least_squares": lambda real, fake: mean(lambda s: (s - 1) ** 2 / 2, fake),
    "wasserstein": lambda real, fake: -mean(lambda s: s, fake),
    "relativistic": lambda real, fake: mean_of_pairs(lambda r, f: -math.log(probability(f - r)), real, fake),
}

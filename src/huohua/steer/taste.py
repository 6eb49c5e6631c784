"""What a person likes, as far as rounds have told: weights on the axes of works, and how sure they are.

A work's worth is a weighted sum of its place; a person picks the work of most worth, more or less surely
(Plackett and Luce). Weights are taken to be normal before anything is known, wider along axes in which
works differ more; rounds then bend that belief, and where it peaks it is taken to be normal again
(Laplace). How consistent a person is is not asked but found: of some widths the one is taken under
which their choices were least surprising. Rounds long ago count less, because people change their mind.

Source: MacKay 1992, "The Evidence Framework Applied to Classification Networks" (Laplace approximation of
logistic choice, and its evidence); Plackett 1975; Luce 1959.

Letters: K axes, T rounds, M options, S stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huohua.steer.choices import Choice
from huohua.steer.medium import Array

WIDTHS = (1.0, 3.0, 9.0, 27.0)
USUAL = 9.0  # a width three times wider or narrower is one deviation away before anything is known
# After twenty rounds what was said counts half.
MEMORY = 0.5 ** (1 / 20)
NEWTON_STEPS = 50
SETTLED = 1e-8


@dataclass(frozen=True, kw_only=True)
class Taste:
    """A belief about weights.

    Attributes:
        mean_K: the likeliest weights.
        covariance_KK: how unsure they are.
        evidence: logarithm of how likely the rounds were; 0 when there were none.
    """

    mean_K: Array
    covariance_KK: Array
    evidence: float = 0.0

    def worth(self, place_NK: Array) -> Array:
        """Return worth_N: what works at these places are believed to be worth."""
        worth_N: Array = place_NK @ self.mean_K
        return worth_N

    def doubt(self, place_NK: Array) -> Array:
        """Return doubt_N: the deviation of that belief."""
        doubt_N: Array = np.sqrt(np.einsum("nk,kl,nl->n", place_NK, self.covariance_KK, place_NK).clip(0.0))
        return doubt_N

    def guess(self, count: int, random: np.random.Generator) -> Array:
        """Return weight_SK: so many tastes that the person may have.

        Source: Thompson 1933, "On the Likelihood that One Unknown Probability Exceeds Another".
        """
        power_K, axis_KK = np.linalg.eigh(self.covariance_KK)
        noise_SK = random.standard_normal((count, len(power_K)))
        weight_SK: Array = self.mean_K + (noise_SK * np.sqrt(power_K.clip(0.0))) @ axis_KK.T
        return weight_SK


def taste(
    choices: Sequence[Choice],
    share_K: Array,
    *,
    memory: float = MEMORY,
    widths: Sequence[float] = WIDTHS,
) -> Taste:
    """Return what rounds say of a person's taste.

    Args:
        choices: oldest first; maybe none.
        share_K: how much works differ along each axis; beliefs begin as wide as its square root.
        memory: how much of a round's weight is left a round later.
        widths: beliefs to begin with, of which the best is taken.
    """
    aged = [(choice, choice.weight * memory**age) for age, choice in enumerate(reversed(choices))]
    relative_K = np.sqrt(share_K / share_K.max())
    if not aged:
        return believed(aged, USUAL * relative_K)
    beliefs = [(believed(aged, width * relative_K), width) for width in widths]
    return max(beliefs, key=lambda each: each[0].evidence + _expected(each[1]))[0]


def _expected(width: float) -> float:
    """Return how likely a width is before anything is known, a logarithm without its constant."""
    return -0.5 * float(np.log(width / USUAL) / np.log(3.0)) ** 2


def believed(aged: Sequence[tuple[Choice, float]], deviation_K: Array) -> Taste:
    """Return the belief after rounds with weights, begun as a normal one around 0 with deviation_K."""
    precision_K = 1.0 / np.square(deviation_K)
    mean_K = np.zeros(len(deviation_K))
    value, slope_K, bend_KK = _known(aged, mean_K, precision_K)
    for _ in range(NEWTON_STEPS):
        step_K = np.linalg.solve(bend_KK, slope_K)
        # A whole step may overshoot where choices were very sure: halve it until it leads uphill.
        size = 1.0
        while size > SETTLED:
            tried = _known(aged, mean_K + size * step_K, precision_K)
            if tried[0] >= value:
                break
            size /= 2
        else:
            break
        gained = tried[0] - value
        mean_K, (value, slope_K, bend_KK) = mean_K + size * step_K, tried
        if gained < SETTLED:
            break
    shrunk = float(np.linalg.slogdet(bend_KK)[1] - np.log(precision_K).sum())
    covariance_KK = np.asarray(np.linalg.inv(bend_KK), dtype=np.float64)
    return Taste(mean_K=mean_K, covariance_KK=covariance_KK, evidence=value - 0.5 * shrunk if aged else 0.0)


def _known(
    aged: Sequence[tuple[Choice, float]], weight_K: Array, precision_K: Array
) -> tuple[float, Array, Array]:
    """Return how likely weights are (a logarithm), its slope, and how it bends downwards."""
    value = -0.5 * float(precision_K @ np.square(weight_K))
    slope_K, bend_KK = -precision_K * weight_K, np.diag(precision_K)
    for choice, weight in aged:
        worth_M = choice.place_MK @ weight_K
        each = weight / len(choice.stages)
        for winner, among in choice.stages:
            place_MK, worth = choice.place_MK[list(among)], worth_M[list(among)]
            chance_M = np.exp(worth - worth.max())
            total = chance_M.sum()
            chance_M /= total
            value += each * float(worth_M[winner] - worth.max() - np.log(total))
            mean_K = chance_M @ place_MK
            slope_K = slope_K + each * (choice.place_MK[winner] - mean_K)
            away_MK = place_MK - mean_K
            bend_KK = bend_KK + each * (away_MK.T * chance_M) @ away_MK
    return value, slope_K, bend_KK

"""A figure and its floor at one size: half of the samples against half of the works, and the works' halves.

Most figures depend on how many works they are measured on: precision, recall and coverage grow with it,
and the Fréchet distance of few works is mostly chance. So model and floor are measured on the same
number of works, which is the most that two halves of the real works allow, and more than once, each
time on other halves. The mean over these draws is the figure, and their standard deviation says how
sure it is: a half drawn without replacement varies about the whole as much as the whole does about its
source.

Source: McCarthy 1969, "Pseudo-Replication: Half Samples", and Shao and Wu 1989, "A General Theory for
Jackknife Variance Estimation": the spread over half samples estimates the standard error of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.errors import DataError

Rows = NDArray[np.intp]
Measure = Callable[[Rows, Rows], float]


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Rows of one comparison: some samples against as many works, and two halves of the works."""

    fake: Rows
    real: Rows
    first: Rows
    second: Rows


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What one figure came to over all draws.

    Attributes:
        value: mean of the figure, samples against works.
        spread: standard deviation of it over draws.
        floor: mean of the same figure, works against works.
        floor_spread: standard deviation of it over draws.
        works: works on each side of each comparison.
    """

    value: float
    spread: float
    floor: float
    floor_spread: float
    works: int

    @property
    def noise(self) -> float:
        """Return the standard deviation of the difference between value and floor."""
        return float(np.hypot(self.spread, self.floor_spread))


def comparable(fakes: int, reals: int) -> int:
    """Return on how many works of each side a figure and its floor can both be measured."""
    return min(fakes, reals) // 2


def draw_halves(fakes: int, reals: int, generator: np.random.Generator, *, draws: int) -> Iterator[Draw]:
    """Yield draws of `comparable(fakes, reals)` rows each; the two halves share no work.

    Raises:
        DataError: a side has fewer than two works.
    """
    size = comparable(fakes, reals)
    if size < 1:
        raise DataError(f"{fakes} samples and {reals} works cannot be halved.", advice="Measure more works.")
    for _ in range(draws):
        order = generator.permutation(reals)
        yield Draw(
            fake=np.sort(generator.permutation(fakes)[:size]),
            real=np.sort(generator.permutation(reals)[:size]),
            first=np.sort(order[:size]),
            second=np.sort(order[size : 2 * size]),
        )


def measure(figure: Measure, floor: Measure, draws: Sequence[Draw]) -> Measured:
    """Return a figure and its floor over draws.

    Args:
        figure: takes rows of samples and rows of works.
        floor: takes two sets of rows of works.
        draws: from `draw_halves`.

    Raises:
        DataError: the figure cannot be measured on so few works, or there is no draw.
    """
    if not draws:
        raise DataError("A figure needs at least one draw.")
    values = np.array([figure(draw.fake, draw.real) for draw in draws])
    floors = np.array([floor(draw.first, draw.second) for draw in draws])
    return Measured(
        value=float(values.mean()),
        spread=_deviation(values),
        floor=float(floors.mean()),
        floor_spread=_deviation(floors),
        works=len(draws[0].fake),
    )


def measure_all(
    figures: Mapping[str, tuple[Measure, Measure]], draws: Sequence[Draw]
) -> dict[str, Measured | DataError]:
    """Return every figure over the same draws, or for each why it cannot be measured."""
    found: dict[str, Measured | DataError] = {}
    for name, (figure, floor) in figures.items():
        try:
            found[name] = measure(figure, floor, draws)
        except DataError as error:
            found[name] = error
    return found


def _deviation(numbers: NDArray[np.float64]) -> float:
    return float(numbers.std(ddof=1)) if len(numbers) > 1 else 0.0

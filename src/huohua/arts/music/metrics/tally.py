"""A mean that is still in its parts, so that the means of many pieces add up exactly.

A figure of a set is the sum of its pieces' totals over the sum of their weights: a bar counts as a bar and a
note as a note, whichever piece it is in. And the figure of any half of a set costs nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Tally(NamedTuple):
    """A total and what it is to be divided by.

    Attributes:
        total: the sum of what was measured.
        weight: on how many bars, notes, steps or quarters; 0 where there was nothing to measure.
    """

    total: float
    weight: float

    @property
    def mean(self) -> float:
        """Return the mean, NaN of nothing."""
        return self.total / self.weight if self.weight else float("nan")


def together(tallies: Iterable[Tally]) -> Tally:
    """Return several tallies as one.

    Example:
        >>> together([Tally(1, 2), Tally(2, 2)]).mean
        0.75
    """
    tallies = list(tallies)
    return Tally(sum(each.total for each in tallies), sum(each.weight for each in tallies))

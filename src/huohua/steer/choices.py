"""What a person said about the works before them, as one observation whatever way they said it.

A pick, a ranking, likes and dislikes, a slider let go: each becomes stages, in each of which one option
won against others. The stages of one round count together as much as a single pick, because nine works
ranked by one glance are not eight glances.

Source: Plackett 1975, "The Analysis of Permutations"; Luce 1959, "Individual Choice Behavior" (a ranking is
a row of choices, each among what is left).

Letters: M options, K axes, S stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huohua.steer.medium import Array

Stage = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One round's observation.

    Attributes:
        place_MK: where the options lie.
        stages: for each, which option won, and all options it was chosen among, itself included.
        weight: what the round counts; 1 is one pick.
    """

    place_MK: Array
    stages: tuple[Stage, ...]
    weight: float = 1.0


def picked(place_MK: Array, winner: int) -> Choice:
    """Return the choice of one option among all.

    Raises:
        ValueError: there is no such option, or nothing to choose.
    """
    return ranked(place_MK, [winner])


def ranked(place_MK: Array, best_first: Sequence[int]) -> Choice:
    """Return a ranking; options that are not named come after those that are, in no order.

    Raises:
        ValueError: an option is unknown or named twice, or there is nothing to choose.

    Example:
        >>> ranked(np.zeros((3, 1)), [2, 0]).stages
        ((2, (0, 1, 2)), (0, (0, 1)))
    """
    _check(best_first, len(place_MK))
    left, stages = list(range(len(place_MK))), []
    for winner in best_first:
        if len(left) > 1:
            stages.append((winner, tuple(left)))
        left.remove(winner)
    if not stages:
        raise ValueError("one option alone is no choice")
    return Choice(place_MK=place_MK, stages=tuple(stages))


def judged(place_MK: Array, liked: Sequence[int], disliked: Sequence[int]) -> Choice:
    """Return likes and dislikes: each liked option won against the disliked ones.

    Where only one kind is given, the options that nobody spoke of stand for the other.

    Raises:
        ValueError: an option is unknown, named twice, or nothing was said.

    Example:
        >>> judged(np.zeros((3, 1)), [0], [2]).stages, judged(np.zeros((3, 1)), [], [2]).stages
        (((0, (0, 2)),), ((0, (0, 2)), (1, (1, 2))))
    """
    _check([*liked, *disliked], len(place_MK))
    silent = [each for each in range(len(place_MK)) if each not in {*liked, *disliked}]
    above, below = list(liked) or silent, list(disliked) or silent
    if not above or not below:
        raise ValueError("likes alone are no choice: something has to be liked less")
    return Choice(place_MK=place_MK, stages=tuple((each, tuple(sorted([each, *below]))) for each in above))


def told(place_MK: Array) -> Choice:
    """Return "like this, but more of it": a work that has more of it won against the one that has less.

    Args:
        place_MK: where the work would lie with what was wished for, as it is, and with the opposite.

    Raises:
        ValueError: the three are at one place.
    """
    if np.allclose(place_MK, place_MK[0]):
        raise ValueError("works of this model do not differ in that")
    return ranked(place_MK, [0, 1])


def _check(named: Sequence[int], options: int) -> None:
    if not named:
        raise ValueError("nothing was chosen")
    if len(set(named)) < len(named):
        raise ValueError("an option is named twice")
    if not all(0 <= each < options for each in named):
        raise ValueError(f"there are options 0 to {options - 1}, not {sorted(named)}")

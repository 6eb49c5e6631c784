"""What steering has to know of a model, whatever its art: points, groups of them, and features of works.

A point is everything that steering may change about a work, laid out as one row of numbers: the vectors
told to the layers of a generator, the controls of a composer, weights of conditions. Groups are stretches
of it that a person can lock. Features are what the learner sees of the work that a point becomes; those
that mean something to a person come first and have names.

Letters: N works, D numbers of a point, F features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Medium(Protocol):
    """A model as steering sees it.

    Attributes:
        groups: for each name the first number of its stretch, and the first after it.
        names: of the first features; the others have none.
    """

    @property
    def groups(self) -> Mapping[str, tuple[int, int]]:
        """Return for each group the first number of its stretch and the first after it."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """Return the names of the first features; the others have none."""
        ...

    def draw(self, count: int, random: np.random.Generator) -> Array:
        """Return point_ND: so many points as the model draws them."""
        ...

    def features(self, point_ND: Array) -> Array:
        """Return feature_NF of the works of these points; the same point has the same features."""
        ...


def locked_numbers(
    groups: Mapping[str, tuple[int, int]], locks: Sequence[str], width: int
) -> NDArray[np.bool_]:
    """Return locked_D: which numbers of a point may not change.

    Raises:
        KeyError: a group is unknown.

    Example:
        >>> locked_numbers({"shape": (0, 2), "colour": (2, 3)}, ["colour"], 3).tolist()
        [False, False, True]
    """
    locked_D = np.zeros(width, dtype=np.bool_)
    for name in locks:
        first, end = groups[name]
        locked_D[first:end] = True
    return locked_D

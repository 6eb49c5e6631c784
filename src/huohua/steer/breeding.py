"""Breeding: children of works that were liked, each a little changed, and none too like another.

Crossover takes each group of layers from one parent or another; a mutation goes some way towards a
work that the model draws by chance, so that children stay among what it can draw. Of many children those
are kept that differ most. Locked groups stay as the first parent has them.

Source: Bontrager et al. 2018, "Deep Interactive Evolution" (crossover and mutation of latents by a person's
picks); Cotter et al. 2013, "MCMC Methods for Functions" (the step that keeps a normal latent normal).

Letters: P parents, N children, D numbers of a point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from huohua.steer.medium import Array, Medium, locked_numbers

# So many times as many children as are wanted are made, for the most different to be kept.
LITTER = 4


def crossed(parent_PD: Array, groups: Mapping[str, tuple[int, int]], random: np.random.Generator) -> Array:
    """Return point_D: each group from one of the parents; what is in no group comes from the first.

    Where one group holds everything, each number of it comes from one of them, or nothing new would.
    """
    point_D: Array = parent_PD[0].copy()
    for first, end in groups.values():
        stretch_D = np.arange(first, end)
        whose = random.integers(len(parent_PD), size=len(stretch_D) if len(groups) == 1 else 1)
        point_D[stretch_D] = parent_PD[whose, stretch_D]
    return point_D


def mutated(point_ND: Array, drawn_ND: Array, strength: float, centre_D: Array) -> Array:
    """Return points moved towards drawn ones; 0 moves nothing, 1 leaves nothing.

    Raises:
        ValueError: the strength is not between 0 and 1.

    Example:
        >>> mutated(np.array([[1.0]]), np.array([[0.5]]), 0.6, np.zeros(1)).round(4).tolist()
        [[1.1]]
    """
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"a mutation of {strength} is not between 0 and 1")
    kept = np.sqrt(1.0 - strength**2)
    moved_ND: Array = centre_D + kept * (point_ND - centre_D) + strength * (drawn_ND - centre_D)
    return moved_ND


def most_different(point_ND: Array, count: int, *, beside_MD: Array) -> list[int]:
    """Return which points to keep: again and again the one farthest from all that are kept.

    Args:
        point_ND: to choose from.
        count: how many, at most N.
        beside_MD: points that are there in any case, at least one.

    Source: Gonzalez 1985, "Clustering to Minimize the Maximum Intercluster Distance".

    Example:
        >>> most_different(np.array([[1.0], [9.0], [5.0]]), 2, beside_MD=np.array([[0.0]]))
        [1, 2]
    """
    nearest_N = np.linalg.norm(point_ND[:, None] - beside_MD[None], axis=2).min(1)
    kept: list[int] = []
    for _ in range(count):
        nearest_N[kept] = -1.0
        kept.append(int(nearest_N.argmax()))
        nearest_N = np.minimum(nearest_N, np.linalg.norm(point_ND - point_ND[kept[-1]], axis=1))
    return kept


def bred(
    medium: Medium,
    parent_PD: Array,
    count: int,
    random: np.random.Generator,
    *,
    mutation: float = 0.35,
    diversity: float = 0.5,
    locks: Sequence[str] = (),
    centre_D: Array | None = None,
) -> Array:
    """Return point_ND: children of the parents.

    Args:
        medium: the model.
        parent_PD: at least one; the first is the one whose locked groups all children have.
        count: how many children.
        random: the dice.
        mutation: 0 to 1.
        diversity: 0 keeps the first children that come, 1 the most different of many.
        locks: groups that stay.
        centre_D: the average point; 0 if absent.

    Raises:
        ValueError: a number is not between 0 and 1.
        KeyError: a locked group is unknown.
    """
    if not 0.0 <= diversity <= 1.0:
        raise ValueError(f"a diversity of {diversity} is not between 0 and 1")
    litter = count + round(diversity * (LITTER - 1) * count)
    child_ND = np.stack([crossed(parent_PD, medium.groups, random) for _ in range(litter)])
    centre_D = np.zeros(parent_PD.shape[1]) if centre_D is None else centre_D
    child_ND = mutated(child_ND, medium.draw(litter, random), mutation, centre_D)
    locked_D = locked_numbers(medium.groups, locks, parent_PD.shape[1])
    child_ND[:, locked_D] = parent_PD[0, locked_D]
    return child_ND[most_different(child_ND, count, beside_MD=parent_PD[:1])]

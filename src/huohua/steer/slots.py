"""The next round's works: what each place of the grid is for, and which work takes it.

One place keeps the work that was picked last. One shows what the belief about the person's taste says is
best; some show what would be best if the person's taste were another that the rounds allow; some are plain
children of what was picked, and cost nothing if the belief is wrong; one is chance, against going in
circles. A wrong belief can thus waste places, but never lose what is there.

What a belief chooses among are children too: many are looked at that are never shown. They stray less
the longer a sitting lasts.

Source: Thompson 1933, "On the Likelihood that One Unknown Probability Exceeds Another", for the places that
try tastes; the mixture was found by simulated users (docs/decisions/0024-steering-by-taste.md).

Letters: M places of the grid, P parents, N children, D numbers of a point, K axes, S tastes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from huohua.steer.breeding import bred
from huohua.steer.medium import Array, Medium
from huohua.steer.survey import Survey
from huohua.steer.taste import Taste

INCUMBENT, EXPLOIT, THOMPSON, LOCAL, RANDOM = "incumbent", "exploit", "thompson", "local", "random"
GRID = (INCUMBENT, EXPLOIT, *[THOMPSON] * 3, *[LOCAL] * 3, RANDOM)
LOOKS = 96
STRAYING, NARROWER, LEAST = 0.7, 0.93, 0.2


def strength(rounds: int) -> float:
    """Return how far children stray after so many rounds.

    Example:
        >>> strength(0), round(strength(5), 3), strength(100)
        (0.7, 0.487, 0.2)
    """
    return max(LEAST, STRAYING * NARROWER**rounds)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Works for the places of a grid.

    Attributes:
        slots: what each place is for.
        point_MD: the points.
    """

    slots: tuple[str, ...]
    point_MD: Array


def proposed(
    medium: Medium,
    known: Survey,
    belief: Taste,
    parent_PD: Array,
    random: np.random.Generator,
    *,
    rounds: int,
    locks: Sequence[str] = (),
    looks: int = LOOKS,
    grid: Sequence[str] = GRID,
) -> Proposal:
    """Return the next round.

    Args:
        medium: the model.
        known: the survey of it.
        belief: about the person's taste.
        parent_PD: the incumbent, which is among the works of the round as it is, and maybe what was
            picked before it.
        random: the dice.
        rounds: how many rounds there have been.
        locks: groups that stay as the incumbent has them.
        looks: how many children the belief chooses among, at least as many as it has places.
        grid: what each place is for, the incumbent's first.

    Raises:
        KeyError: a locked group is unknown.
    """
    local, chance = grid.count(LOCAL), grid.count(RANDOM)
    child_ND = bred(
        medium,
        parent_PD,
        looks + local,
        random,
        mutation=strength(rounds),
        diversity=0.0,
        locks=locks,
        centre_D=known.centre_D,
    )
    weight_SK = np.concatenate([belief.mean_K[None], belief.guess(grid.count(THOMPSON), random)])
    looked_ND = child_ND[local:]
    best = best_for(weight_SK, known.place(looked_ND, medium.features(looked_ND)))
    # A mutation of 1 leaves nothing of the parents but what is locked.
    fresh_ND = bred(medium, parent_PD, chance, random, mutation=1.0, diversity=0.0, locks=locks)
    ready = {
        INCUMBENT: iter(parent_PD[:1]),
        EXPLOIT: iter(looked_ND[best[:1]]),
        THOMPSON: iter(looked_ND[best[1:]]),
        LOCAL: iter(child_ND[:local]),
        RANDOM: iter(fresh_ND),
    }
    return Proposal(slots=tuple(grid), point_MD=np.stack([next(ready[slot]) for slot in grid]))


def best_for(weight_SK: Array, place_NK: Array) -> list[int]:
    """Return for each taste the work that is worth most to it, no work twice.

    Example:
        >>> best_for(np.array([[1.0], [1.0]]), np.array([[0.0], [2.0], [1.0]]))
        [1, 2]
    """
    taken: list[int] = []
    for worth_N in weight_SK @ place_NK.T:
        worth_N[taken] = -np.inf
        taken.append(int(worth_N.argmax()))
    return taken

"""The combinations of conditions that real works have, and how a wish is completed from them.

A model learns from works whose groups belong together: a lemon is tagged yellow, not blue. Where a wish
leaves groups open, they are filled from a work that has what was wished for, so that the generator is
asked for something like what it has seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from huohua.conditions.space import ConditionSpace

if TYPE_CHECKING:
    import numpy as np

Combination = dict[str, tuple[str, ...]]  # group to names, as one work has them
MOST_COMBINATIONS = 256


def typical(
    condition_NC: np.ndarray,
    conditions: ConditionSpace,
    generator: np.random.Generator,
    *,
    most: int = MOST_COMBINATIONS,
) -> tuple[Combination, ...]:
    """Return combinations that real works have, each once, at most `most`.

    A combination with a name not met so far goes before one without, so that as many names as possible
    are in. A space of one group has no combinations worth keeping: the result is empty.

    Args:
        condition_NC: what each of N works has, C places.
        conditions: the space of those places.
        generator: chooses which works speak for all.
        most: combinations kept.
    """
    if len(conditions.groups) < 2:
        return ()
    pairs = list(conditions.places())
    shuffled = condition_NC[generator.permutation(len(condition_NC))]
    distinct = dict.fromkeys(tuple(row.nonzero()[0].tolist()) for row in shuffled)
    met: set[int] = set()
    fresh: list[tuple[int, ...]] = []
    others: list[tuple[int, ...]] = []
    for places in distinct:
        (others if met.issuperset(places) else fresh).append(places)
        met.update(places)
    return tuple(_combination([pairs[place] for place in places]) for places in (fresh + others)[:most])


def completed(
    wishes: Mapping[str, Mapping[str, float]],
    conditions: ConditionSpace,
    known: Sequence[Combination],
    generator: np.random.Generator,
) -> dict[str, dict[str, float]]:
    """Return wishes with every group that they do not mention filled in.

    The groups left open are those of one known combination, drawn among those that fit the wish best:
    that have most of the weight wished for. Without known combinations a name of each group is drawn.

    Example:
        >>> space = ConditionSpace(groups={"subject": ("lemon", "plum"), "tags": ("blue", "yellow")})
        >>> known = [{"subject": ("lemon",), "tags": ("yellow",)}, {"subject": ("plum",), "tags": ("blue",)}]
        >>> completed({"subject": {"plum": 1.0}}, space, known, np.random.default_rng(0))
        {'subject': {'plum': 1.0}, 'tags': {'blue': 1.0}}
    """
    whole = {group: dict(weights) for group, weights in wishes.items()}
    left_open = [group for group, names in conditions.groups.items() if names and group not in wishes]
    if not left_open:
        return whole
    if not known:
        drawn = {group: conditions.groups[group] for group in left_open}
        return whole | {
            group: {names[int(generator.integers(len(names)))]: 1.0} for group, names in drawn.items()
        }
    fits = [_fit(wishes, combination) for combination in known]
    best = [number for number, fit in enumerate(fits) if fit == max(fits)]
    chosen = known[best[int(generator.integers(len(best)))]]
    return whole | {group: dict.fromkeys(chosen.get(group, ()), 1.0) for group in left_open}


def _combination(pairs: Sequence[tuple[str, str]]) -> Combination:
    groups = dict.fromkeys(group for group, _ in pairs)
    return {group: tuple(name for of, name in pairs if of == group) for group in groups}


def _fit(wishes: Mapping[str, Mapping[str, float]], combination: Combination) -> float:
    """Return the weight wished for that a combination has, over all that was wished for in its group."""
    return sum(
        sum(weight for name, weight in weights.items() if name in combination.get(group, ()))
        / (sum(abs(weight) for weight in weights.values()) or 1.0)
        for group, weights in wishes.items()
    )

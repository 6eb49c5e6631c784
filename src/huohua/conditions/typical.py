"""The combinations of conditions that real works have, and how a wish is completed from them.

A model learns from works whose groups belong together: a lemon is tagged yellow, not blue, and a blue sky
has no brown in it. Where a wish leaves something open, it is filled in from a work that has what was wished
for, so that the generator is asked for something like what it has seen.

A labelled group left open is filled in whole. In a measured group the names that a wish leaves open are
filled in too: whoever asks for a light work has not said how warm it should be.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace

if TYPE_CHECKING:
    import numpy as np

# Group to what one work has of it: the names of a labelled group, or the weights of a measured one as a text
# such as "blue 0.8, white 0.35", because a model file holds hundreds of them.
Combination = dict[str, tuple[str, ...] | str]
MOST_COMBINATIONS = 256
MOST_MEASURED = 512  # measured works are all different, and rare colours need some to stand for them
PLAIN, FAINT = 0.5, 0.05  # a weight that shows, and one that does not
DIGITS = 2

# Works that fit a measured wish almost as well take turns: all that fit so much less, and the first few that
# fit a little less than that.
ALMOST, TURNS, LITTLE_LESS = 0.1, 8, 0.3
# What a work shows says more about it than its colours do.
LABEL = 2.0


def typical(
    condition_NC: np.ndarray,
    conditions: ConditionSpace,
    generator: np.random.Generator,
    *,
    most: int | None = None,
) -> tuple[Combination, ...]:
    """Return combinations that real works have, each once, at most `most`.

    A combination with a name not met so far, plainly if it is measured, goes before one without, so that as
    many names as possible are in. A space of one labelled group has no combinations worth keeping: the
    result is empty.

    Args:
        condition_NC: what each of N works has, C places.
        conditions: the space of those places.
        generator: chooses which works speak for all.
        most: combinations kept; by default 256, or 512 where something is measured.
    """
    if len(conditions.groups) < 2 and not conditions.scales:
        return ()
    most = most or (MOST_MEASURED if conditions.scales else MOST_COMBINATIONS)
    pairs = list(conditions.places())
    shuffled = condition_NC[generator.permutation(len(condition_NC))].round(DIGITS)
    distinct = dict.fromkeys(tuple(row.tolist()) for row in shuffled)
    met: set[int] = set()
    fresh: list[tuple[float, ...]] = []
    others: list[tuple[float, ...]] = []
    for row in distinct:
        plain = {place for place, weight in enumerate(row) if abs(weight) >= PLAIN}
        (others if met.issuperset(plain) else fresh).append(row)
        met |= plain
    return tuple(_combination(row, pairs, conditions) for row in (fresh + others)[:most])


def completed(
    wishes: Mapping[str, Mapping[str, float]],
    conditions: ConditionSpace,
    known: Sequence[Combination],
    generator: np.random.Generator,
) -> dict[str, dict[str, float]]:
    """Return wishes with everything that they do not mention filled in.

    What is left open is that of one known combination, drawn among those that fit the wish best: that have
    most of the weight wished for, or amounts nearest to it. Without known combinations a name of each
    labelled group is drawn, and nothing is asked of the measured ones.

    Example:
        >>> import numpy as np
        >>> space = ConditionSpace(groups={"subject": ("lemon", "plum"), "tags": ("blue", "yellow")})
        >>> known = [{"subject": ("lemon",), "tags": ("yellow",)}, {"subject": ("plum",), "tags": ("blue",)}]
        >>> completed({"subject": {"plum": 1.0}}, space, known, np.random.default_rng(0))
        {'subject': {'plum': 1.0}, 'tags': {'blue': 1.0}}
    """
    whole = {group: dict(weights) for group, weights in wishes.items()}
    left_open = [
        group
        for group, names in conditions.groups.items()
        if names and (group not in wishes or conditions.measured(group))
    ]
    if not left_open:
        return whole
    if not known:
        drawn = {group: conditions.groups[group] for group in left_open if not conditions.measured(group)}
        return whole | {
            group: {names[int(generator.integers(len(names)))]: 1.0} for group, names in drawn.items()
        }
    chosen = known[_drawn([_fit(wishes, work, conditions) for work in known], conditions, generator)]
    return whole | {group: _filled(group, chosen, whole.get(group, {}), conditions) for group in left_open}


def _combination(
    row: Sequence[float], pairs: Sequence[tuple[str, str]], conditions: ConditionSpace
) -> Combination:
    weights: dict[str, dict[str, float]] = {}
    for (group, name), weight in zip(pairs, row, strict=True):
        if abs(weight) >= FAINT:
            weights.setdefault(group, {})[name] = weight
    return {
        group: _written(named) if conditions.measured(group) else tuple(named)
        for group, named in weights.items()
    }


def _written(weights: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {round(weight, DIGITS):g}" for name, weight in weights.items())


@lru_cache(maxsize=8192)
def _read(text: str) -> Mapping[str, float]:
    """Return weights that were written; a model file from a stranger may hold nonsense, which is left out."""
    pairs = (part.strip().rpartition(" ") for part in text.split(","))
    weights = {}
    for name, _, number in pairs:
        with suppress(ValueError):
            weights[name] = float(number)
    return {name: weight for name, weight in weights.items() if math.isfinite(weight)}


def _drawn(fits: Sequence[float], conditions: ConditionSpace, generator: np.random.Generator) -> int:
    """Return the number of a work that fits best, or of one of some that fit almost as well."""
    best = max(fits)
    if not conditions.scales:
        several = [number for number, fit in enumerate(fits) if fit == best]
    else:
        order = sorted(range(len(fits)), key=lambda number: -fits[number])
        least = [best - (LITTLE_LESS if place < TURNS else ALMOST) for place in range(len(order))]
        several = [number for number, enough in zip(order, least, strict=True) if fits[number] >= enough]
    return several[int(generator.integers(len(several)))]


def _filled(
    group: str, work: Combination, wish: Mapping[str, float], conditions: ConditionSpace
) -> dict[str, float]:
    """Return what a work has of a group, around what was wished for of it."""
    weights = weights_of(work, group)
    if conditions.measured(group):
        weights = {name: weight for name, weight in weights.items() if name in conditions.groups[group]}
    if not wish:
        return weights
    others = {name: weight for name, weight in weights.items() if name not in wish}
    room = _room(wish, others, conditions.scales[group])
    return {name: round(weight * room, DIGITS) for name, weight in others.items()} | dict(wish)


def _room(wish: Mapping[str, float], others: Mapping[str, float], scales: Mapping[str, Scale]) -> float:
    """Return by how much other weights must shrink, so that all shares of an area add up to one at most.

    Weights of shares are square roots, on scales from nothing to at most all of it; what has two ends, or is
    no share, such as a number of notes, makes no room for anything.
    """
    if not all(scale.one_sided and scale.low == 0.0 and scale.high <= 1.0 for scale in scales.values()):
        return 1.0
    wished, left = (
        sum(max(0.0, weight * scales[name].high) ** 2 for name, weight in weights.items())
        for weights in (wish, others)
    )
    return min(1.0, (max(0.0, 1.0 - wished) / left) ** 0.5) if left else 1.0


def weights_of(work: Combination, group: str) -> dict[str, float]:
    """Return what a work has of a group as weights by name.

    Example:
        >>> work = {"subject": ("plum",), "look": "light -0.5, warm 1"}
        >>> weights_of(work, "subject"), weights_of(work, "look")
        ({'plum': 1.0}, {'light': -0.5, 'warm': 1.0})
    """
    had = work.get(group, ())
    return dict(_read(had)) if isinstance(had, str) else dict.fromkeys(had, 1.0)


def _fit(wishes: Mapping[str, Mapping[str, float]], work: Combination, conditions: ConditionSpace) -> float:
    """Return how well a work fits a wish: a point for each measured group as wished, two for others."""
    return sum(
        _nearness(weights, weights_of(work, group))
        if conditions.measured(group)
        else LABEL * _had(weights, weights_of(work, group))
        for group, weights in wishes.items()
        if weights
    )


def _had(wish: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the weight wished for that a work has, over all that was wished for in the group."""
    had = sum(weight for name, weight in wish.items() if name in weights)
    return had / (sum(abs(weight) for weight in wish.values()) or 1.0)


def _nearness(wish: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return 1 less the mean distance of the amounts wished for from those a work has."""
    return 1.0 - sum(abs(weight - weights.get(name, 0.0)) for name, weight in wish.items()) / len(wish)

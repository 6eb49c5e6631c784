"""From what a prompt asks for to amounts on a model's scales: how much of which colour where, which looks.

Colours of one place share its area, so that blue and white together are not more than all of it. Looks that
several words ask for add up, as far as their scale goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from huohua.conditions.attribute_names import COLOUR_GROUPS, LOOK
from huohua.conditions.clauses import Ask, places_of
from huohua.conditions.space import ConditionSpace

Amounts = dict[str, dict[str, float]]
DIGITS = 3


def amounts(found: Sequence[Ask], space: ConditionSpace) -> Amounts:
    """Return the measured conditions that a prompt asks for, as weights by group and name."""
    taken = places_taken(found)
    colours: dict[str, dict[str, list[float]]] = {}
    looks: dict[str, float] = {}
    for ask in found:
        for group, name, weight in measured_of(ask, taken):
            if name not in space.scales.get(group, {}):
                continue
            if group == LOOK:
                looks[name] = looks.get(name, 0.0) + weight
            else:
                colours.setdefault(group, {}).setdefault(name, []).append(weight)
    wished = {
        group: _sharing({name: max(all_of) for name, all_of in names.items()}, group, space)
        for group, names in colours.items()
    }
    if looks:
        wished[LOOK] = {name: round(max(-1.0, min(1.0, weight)), DIGITS) for name, weight in looks.items()}
    return wished


def places_taken(found: Sequence[Ask]) -> set[str]:
    """Return the places that something was put in, so that colours of the whole picture go to others."""
    return {
        place
        for ask in found
        for place, weights in ask.paint.items()
        if place and any(weight > 0 for weight in weights.values())
    }


def measured_of(ask: Ask, taken: set[str]) -> Iterator[tuple[str, str, float]]:
    """Yield (group, name, weight) of everything measured that one ask is about."""
    for place, weights in ask.paint.items():
        for name, weight in weights.items():
            # What shall not be there shall be nowhere, whatever else is where.
            spread = {place: 1.0} if place else places_of(taken if weight > 0 else set())
            for where, factor in spread.items():
                yield COLOUR_GROUPS[where], name, min(1.0, weight * factor)
    for name, weight in ask.looks.items():
        yield LOOK, name, weight


def _sharing(weights: Mapping[str, float], group: str, space: ConditionSpace) -> dict[str, float]:
    """Return weights of the colours of one place, less each if they would cover more than all of it.

    A weight is the square root of a share, on a scale that ends at `high`.
    """
    covered = sum((weight * space.scales[group][name].high) ** 2 for name, weight in weights.items())
    fit = min(1.0, covered**-0.5) if covered else 1.0
    return {name: round(weight * fit, DIGITS) for name, weight in weights.items()}

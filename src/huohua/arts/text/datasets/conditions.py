"""Which facts become conditions: those that enough works share and that tell works apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huohua.arts.text.datasets.work import TextWork
from huohua.conditions.space import ConditionSpace

# For each group the fewest works that a name must have, and the most names.
GROUPS: Mapping[str, tuple[int, int]] = {
    "style": (5, 128),
    "author": (20, 256),
    "period": (5, 64),
    "form": (5, 256),
}


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """The conditions of some works, and what they all share."""

    conditions: ConditionSpace
    constants: Mapping[str, str]


def group(works: Sequence[TextWork]) -> Grouping:
    """Return the conditions that works make: names in the order of the alphabet, groups with two or more."""
    groups: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    for name, (fewest, most) in GROUPS.items():
        counts = Counter(value for work in works if (value := _fact(work, name)))
        kept = sorted(counts, key=lambda value: (-counts[value], value))[:most]
        kept = [value for value in kept if counts[value] >= fewest]
        if len(counts) == 1:
            constants[name] = next(iter(counts))
        elif len(kept) > 1:
            groups[name] = tuple(sorted(kept))
    return Grouping(conditions=ConditionSpace(groups=groups), constants=constants)


def encode(works: Sequence[TextWork], conditions: ConditionSpace) -> np.ndarray:
    """Return condition_NC, float32: 1 in the place of each condition that a work has."""
    places = conditions.places()
    condition_NC = np.zeros((len(works), conditions.size), dtype=np.float32)
    for row, work in enumerate(works):
        for name in conditions.groups:
            if (place := places.get((name, _fact(work, name)))) is not None:
                condition_NC[row, place] = 1.0
    return condition_NC


def _fact(work: TextWork, name: str) -> str:
    return str(getattr(work, name))

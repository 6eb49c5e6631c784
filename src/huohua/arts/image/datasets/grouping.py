"""Which labels become conditions: those that enough works share and that tell works apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from huohua.arts.image.datasets.entry import Entry
from huohua.conditions.space import ConditionSpace

GROUPS = ("subject", "style", "category", "tags")
MIN_WORKS = 5
MOST_VALUES = 512


@dataclass(frozen=True, kw_only=True)
class Grouping:
    """The conditions of a set of works, and the labels that did not become one.

    Attributes:
        conditions: the groups and values a model can be asked for.
        constants: groups in which every labelled work has the same value, such as one style.
        dropped: values by group that too few works have, each with its number of works.
    """

    conditions: ConditionSpace
    constants: Mapping[str, str]
    dropped: Mapping[str, Mapping[str, int]]


def group(entries: Sequence[Entry], *, min_works: int = MIN_WORKS, most: int = MOST_VALUES) -> Grouping:
    """Return the conditions that the labels of some works make.

    A value stays if at least `min_works` works have it, and a group if at least two values stay.
    Spellings that differ in case only are one value. Values are sorted by name within a group.
    """
    groups: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    dropped: dict[str, dict[str, int]] = {}
    for name in GROUPS:
        counts = count_values(entries, name)
        kept = [value for value, count in counts.most_common() if count >= min_works][:most]
        if len(counts) == 1:
            constants[name] = next(iter(counts))
            continue
        if len(kept) >= 2:
            groups[name] = tuple(sorted(kept, key=str.casefold))
        lost = {v: count for v, count in counts.most_common() if v not in groups.get(name, ())}
        if lost:
            dropped[name] = lost
    return Grouping(conditions=ConditionSpace(groups=groups), constants=constants, dropped=dropped)


def count_values(entries: Sequence[Entry], group_name: str) -> Counter[str]:
    """Return how many works have each value of a group, under its most frequent spelling."""
    spellings: dict[str, Counter[str]] = {}
    for entry in entries:
        for value in _values(entry, group_name).values():
            spellings.setdefault(value.casefold(), Counter())[value] += 1
    # Ties in frequency fall to the order of the alphabet, so that the result is the same each time.
    best = {key: min(found, key=lambda v: (-found[v], v)) for key, found in spellings.items()}
    totals = {best[key]: sum(found.values()) for key, found in spellings.items()}
    return Counter(dict(sorted(totals.items())))


def _values(entry: Entry, group_name: str) -> dict[str, str]:
    return {value.casefold(): value for value in entry.labels.get(group_name, ())}


def encode(entries: Sequence[Entry], conditions: ConditionSpace) -> np.ndarray:
    """Return condition_NC, float32: 1 in the place of each condition that a work has."""
    places = {(g, value.casefold()): place for (g, value), place in conditions.places().items()}
    condition_NC = np.zeros((len(entries), conditions.size), dtype=np.float32)
    for row, entry in enumerate(entries):
        for name in conditions.groups:
            for value in entry.labels.get(name, ()):
                if (place := places.get((name, value.casefold()))) is not None:
                    condition_NC[row, place] = 1.0
    return condition_NC

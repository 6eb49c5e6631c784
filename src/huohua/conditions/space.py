"""The named conditions a model understands, and how words become the numbers a network reads.

A space is a table of groups, each a list of names: subjects, styles, tags. A wish such as
`{"subject": "lemon"}` becomes a vector with one place for each name. Weights mix:
`{"style": {"monet": 0.6, "shanshui": 0.4}}`. A vector of zeros asks for nothing in particular.

Some groups are measured instead of labelled: colours by place, and looks such as light or warm. Their
weights are amounts, `{"look": {"light": 0.5, "warm": -1}}`, on scales that stand beside the names.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence

from pydantic import model_validator
from typing_extensions import Self

from huohua.conditions.attribute_names import OPPOSITES
from huohua.conditions.scale import Scale
from huohua.config import Config
from huohua.errors import UsageError

Wish = str | Sequence[str] | Mapping[str, float]
Wishes = Mapping[str, Wish]


class ConditionSpace(Config):
    """Groups of condition names in the order of their places in the condition vector.

    Attributes:
        groups: the names by group.
        scales: for each measured group the scale of each of its names; labelled groups have none.
    """

    groups: dict[str, tuple[str, ...]] = {}
    scales: dict[str, dict[str, Scale]] = {}

    @model_validator(mode="after")
    def _scales_fit_names(self) -> Self:
        for group, scales in self.scales.items():
            if set(scales) != set(self.groups.get(group, ())):
                raise ValueError(f"the scales of '{group}' are not those of its names")
        return self

    @property
    def size(self) -> int:
        """Return the length C of a condition vector."""
        return sum(len(names) for names in self.groups.values())

    def measured(self, group: str) -> bool:
        """Return whether a group is measured, so that its weights are amounts."""
        return group in self.scales

    def places(self) -> dict[tuple[str, str], int]:
        """Return the place of each (group, name) in the condition vector."""
        pairs = [(group, name) for group, names in self.groups.items() for name in names]
        return {pair: place for place, pair in enumerate(pairs)}

    def resolve(self, wishes: Wishes) -> dict[str, dict[str, float]]:
        """Return wishes as weights by group and name, checked against the space.

        Raises:
            UsageError: a group or name is unknown, and the message names the nearest that exist; or a
                weight is not a finite number.
        """
        return {group: self._resolve_group(group, wish) for group, wish in wishes.items()}

    def encode(self, wishes: Wishes) -> list[float]:
        """Return the condition vector, length C, of some wishes.

        Example:
            >>> ConditionSpace(groups={"subject": ("apple", "lemon")}).encode({"subject": "lemon"})
            [0.0, 1.0]
        """
        vector = [0.0] * self.size
        places = self.places()
        for group, weights in self.resolve(wishes).items():
            for name, weight in weights.items():
                vector[places[group, name]] = weight
        return vector

    def _resolve_group(self, group: str, wish: Wish) -> dict[str, float]:
        if group not in self.groups:
            groups = ", ".join(self.groups) or "none: it was trained without labels"
            raise UsageError(f"This model has no condition '{group}'.", advice=f"Its conditions: {groups}.")
        names = self.groups[group]
        weights = dict(wish) if isinstance(wish, Mapping) else {n: 1.0 for n in _as_names(wish)}
        resolved = {}
        for asked, amount in weights.items():
            name, weight = asked, amount
            if self.measured(group) and (other_end := OPPOSITES.get(asked.casefold())):
                name, weight = other_end, -amount
            known = _spelt(name, names)
            if known is None:
                raise UsageError(f"This model knows no {group} '{asked}'.", advice=_nearest(asked, names))
            if not math.isfinite(weight):
                raise UsageError(f"The weight {weight} of {group} '{asked}' is not a number.")
            resolved[known] = float(weight)
        return resolved


def _spelt(name: str, names: Sequence[str]) -> str | None:
    """Return a name in the model's own spelling, which may differ in case, or None."""
    if name in names:
        return name
    return next((known for known in reversed(names) if known.casefold() == name.casefold()), None)


def _as_names(wish: str | Sequence[str]) -> Sequence[str]:
    return [wish] if isinstance(wish, str) else wish


def _nearest(name: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"It knows: {shown}."

"""The named conditions a model understands, and how words become the numbers a network reads.

A space is a table of groups, each a list of names: subjects, styles, tags. A wish such as
`{"subject": "lemon"}` becomes a vector with one place for each name. Weights mix:
`{"style": {"monet": 0.6, "shanshui": 0.4}}`. A vector of zeros asks for nothing in particular.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence

from huohua.config import Config
from huohua.errors import UsageError

Wish = str | Sequence[str] | Mapping[str, float]
Wishes = Mapping[str, Wish]


class ConditionSpace(Config):
    """Groups of condition names in the order of their places in the condition vector."""

    groups: dict[str, tuple[str, ...]] = {}

    @property
    def size(self) -> int:
        """Return the length C of a condition vector."""
        return sum(len(names) for names in self.groups.values())

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
        spelling = {name.casefold(): name for name in names}
        resolved = {}
        for name, weight in weights.items():
            known = name if name in names else spelling.get(name.casefold())
            if known is None:
                raise UsageError(f"This model knows no {group} '{name}'.", advice=_nearest(name, names))
            if not math.isfinite(weight):
                raise UsageError(f"The weight {weight} of {group} '{name}' is not a number.")
            resolved[known] = float(weight)
        return resolved


def _as_names(wish: str | Sequence[str]) -> Sequence[str]:
    return [wish] if isinstance(wish, str) else wish


def _nearest(name: str, names: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"It knows: {shown}."

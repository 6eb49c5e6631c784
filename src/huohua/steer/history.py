"""The history of a sitting as a tree: undo and redo without end, forks, and who descends from whom.

Steps are only ever added. Undoing moves back along the branch; whatever is done then begins another
branch, and the old one stays. `tip` is the end of the branch one is on, which is where redo leads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class History:
    """Where one is in the tree of steps.

    Attributes:
        parents: of each step; the first has none, which is -1. A parent is older than its children.
        at: the step one is at.
        tip: the step that redoing leads to in the end; a descendant of `at`, or `at` itself.

    Example:
        >>> tree = History().grown().grown().undone().grown()
        >>> tree.parents, tree.at, tree.path()
        ((-1, 0, 1, 1), 3, (0, 1, 3))
    """

    parents: tuple[int, ...] = (-1,)
    at: int = 0
    tip: int = 0

    def __post_init__(self) -> None:
        for number, parent in enumerate(self.parents):
            if not (parent == -1 if number == 0 else 0 <= parent < number):
                raise ValueError(f"step {number} cannot come after step {parent}")
        if not (0 <= self.at < len(self.parents) and 0 <= self.tip < len(self.parents)):
            raise ValueError(f"there is no step {max(self.at, self.tip)}")
        if self.at not in self.path(self.tip):
            raise ValueError(f"step {self.tip} does not come after step {self.at}")

    def path(self, step: int | None = None) -> tuple[int, ...]:
        """Return the steps from the first one to this one, by default to where one is."""
        found, number = [], self.at if step is None else step
        while number != -1:
            found.append(number)
            number = self.parents[number]
        return tuple(reversed(found))

    def forks(self, step: int | None = None) -> tuple[int, ...]:
        """Return the steps that come right after this one, oldest first."""
        number = self.at if step is None else step
        return tuple(child for child, parent in enumerate(self.parents) if parent == number)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo."""
        return self.at != 0

    @property
    def can_redo(self) -> bool:
        """Whether there is something to redo."""
        return self.at != self.tip

    def grown(self) -> History:
        """Return the history with one more step after this one, and oneself there."""
        number = len(self.parents)
        return History(parents=(*self.parents, self.at), at=number, tip=number)

    def undone(self) -> History:
        """Return the history one step back; at the first step nothing changes."""
        return replace(self, at=self.parents[self.at]) if self.can_undo else self

    def redone(self) -> History:
        """Return the history one step on towards the tip; at the tip nothing changes."""
        if not self.can_redo:
            return self
        way: Sequence[int] = self.path(self.tip)
        return replace(self, at=way[way.index(self.at) + 1])

    def moved(self, step: int) -> History:
        """Return the history at any step; redoing then leads along the newest branch from there.

        Raises:
            ValueError: there is no such step.
        """
        if not 0 <= step < len(self.parents):
            raise ValueError(f"there is no step {step}")
        if step in self.path(self.tip):
            return replace(self, at=step)
        tip = step
        while children := self.forks(tip):
            tip = children[-1]
        return replace(self, at=step, tip=tip)

"""Counts and lists in one line, cut off where they become too long for a terminal; --json has them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST = 12


def counted(counts: Mapping[str, int]) -> str:
    """Return counts by name, such as "lemon 5, apple 4"."""
    return some([f"{name} {count:,}" for name, count in counts.items()])


def some(texts: Sequence[str], between: str = ", ") -> str:
    """Return the first texts, and how many more there are."""
    more = [f"and {len(texts) - MOST:,} more"] if len(texts) > MOST else []
    return between.join([*texts[:MOST], *more])

"""One work that was left out, or one thing about it that a person should know, in plain words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something found in a dataset that a person may want to put right.

    Attributes:
        name: the work, file or row it is about.
        reason: what is wrong, in words that stand alone: "the file is empty".
    """

    name: str
    reason: str

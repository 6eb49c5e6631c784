"""What a person should know about a dataset, in plain words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something that was left out, or is worth knowing.

    Attributes:
        name: the piece, file or row it is about.
        reason: what is wrong, in words that stand alone.
        lost: whether the whole file was left out because of it.
    """

    name: str
    reason: str
    lost: bool = True

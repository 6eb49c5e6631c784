"""One work as its source lists it: a name, labels by group, and a caption."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Labels = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A work that a source offers, before anybody has looked at its pixels.

    Attributes:
        name: the name by which the source reads it, such as "apple/0001.jpg".
        labels: values by group; the groups are "subject", "style", "category" and "tags".
        caption: a sentence about the work, or "".
    """

    name: str
    labels: Labels = field(default_factory=dict)
    caption: str = ""

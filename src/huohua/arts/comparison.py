"""How a work made again differs from the one in a file, whatever their art."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Parts compared, one by one.

    Attributes:
        parts: how many there are.
        different: how many differ.
        largest: the largest difference of one part, such as of a channel, of 255; 0 where there is no such.
        unit: what the parts are.
    """

    parts: int
    different: int
    largest: int = 0
    unit: str = "pixels"

    @property
    def same(self) -> bool:
        """Return whether every part is equal."""
        return self.different == 0

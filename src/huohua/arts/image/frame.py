"""The shape of pictures: pixels down and across, and channels."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field
from typing_extensions import Self

from huohua.arts.frame import Frame
from huohua.errors import UsageError

SMALLEST, LARGEST = 8, 1024
COLOURS = {1: "grey", 3: "colour", 4: "colour and transparency"}

Side = Annotated[int, Field(ge=1, le=8192)]


class ImageFrame(Frame):
    """Pixels and channels of a picture.

    Attributes:
        height: pixels down.
        width: pixels across.
        channels: 1 grey, 3 colour, 4 colour with transparency.
    """

    height: Side
    width: Side
    channels: Annotated[int, Field(ge=1, le=4)]

    @property
    def size(self) -> str:
        """Return width and height, as in "192x128"."""
        return f"{self.width}x{self.height}"

    @property
    def words(self) -> str:
        """Return width, height and channels in words."""
        colours = COLOURS.get(self.channels, f"{self.channels} channels")
        return f"{self.width} × {self.height} pixels, {colours}"

    @classmethod
    def read(cls, size: int | str, *, channels: int) -> Self:
        """Return the frame of a size such as 64 or "192x128", which is width times height.

        Raises:
            UsageError: the text is not a size, or the size is out of range.
        """
        found = re.fullmatch(r"\s*(\d{1,6})\s*(?:[x×]\s*(\d{1,6})\s*)?", str(size).lower())
        if found is None:
            raise UsageError(
                f"'{size}' is not a size.", advice="Use --size 64, or --size 192x128 for width x height."
            )
        width, height = int(found[1]), int(found[2] or found[1])
        if not all(SMALLEST <= side <= LARGEST for side in (width, height)):
            raise UsageError(
                f"{width}x{height} pixels are out of range.",
                advice=f"Sides go from {SMALLEST} to {LARGEST} pixels.",
            )
        return cls(height=height, width=width, channels=channels)

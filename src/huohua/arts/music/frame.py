"""The shape of what a model of music sees at once: bars of sixteenth steps."""

from __future__ import annotations

from pydantic import Field
from typing_extensions import Self

from huohua.arts.frame import Frame
from huohua.arts.music.grid_layout import WINDOW
from huohua.errors import UsageError


class MusicFrame(Frame):
    """Bars in a window; pieces of any length are written window by window.

    Attributes:
        bars: bars that a model sees at once.
    """

    bars: int = Field(default=WINDOW, ge=WINDOW, le=WINDOW)

    @property
    def size(self) -> str:
        """Return the number of bars, as in "8"."""
        return str(self.bars)

    @property
    def words(self) -> str:
        """Return the number of bars in words."""
        return f"{self.bars} bars"

    @classmethod
    def read(cls, size: int | str | None) -> Self:
        """Return the frame of a size as a person wrote it.

        Raises:
            UsageError: models of music see another number of bars at once.
        """
        if size is not None and str(size).strip() != str(WINDOW):
            raise UsageError(
                f"A model of music cannot be {size} bars wide.",
                advice=f"Models see {WINDOW} bars at once and write pieces of any length; leave --size out.",
            )
        return cls()

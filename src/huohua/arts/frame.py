"""What shape the works of a model have, as each art measures it.

A picture has a height, a width and channels; a tune has bars; a poem has none of these. So each art brings
a `Frame` of its own, and everything above hands it on without looking inside.
"""

from __future__ import annotations

from abc import abstractmethod

from huohua.config import Config


class Frame(Config):
    """The shape of the samples of a model; each art has a subclass, with fields of its own."""

    @property
    @abstractmethod
    def size(self) -> str:
        """Return it as a person writes it after `--size`, such as "192x128"."""

    @property
    @abstractmethod
    def words(self) -> str:
        """Return it as people read it, such as "192 × 128 pixels, colour"."""

"""The one thing every reader returns: an opened place where works come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from PIL import Image

from huohua.arts.image.datasets.entry import Entry
from huohua.arts.image.datasets.problem import Problem


class Source(Protocol):
    """An opened place where works come from: a folder, an archive, an array, a painter.

    `read` may be called from several threads at once.
    """

    @property
    def name(self) -> str:
        """Return a short name for reports and model cards, without any path."""

    @property
    def licence(self) -> str:
        """Return the terms of the works, or words that say that they are not known."""

    @property
    def origin(self) -> str:
        """Return where the works come from, in words."""

    @property
    def problems(self) -> Sequence[Problem]:
        """Return what was found wrong while listing, before any pixel was read."""

    @property
    def notes(self) -> Sequence[str]:
        """Return sentences about the source that are no problems, such as a test part left out."""

    def identity(self) -> str:
        """Return a text that changes whenever the works or their labels may have changed."""

    def entries(self) -> Sequence[Entry]:
        """Return the works in a fixed order."""

    def read(self, entry: Entry) -> Image.Image:
        """Return a work as an opened picture whose pixels need not be decoded yet.

        Raises:
            DataError: this one work cannot be read; the message says why.
        """

    def close(self) -> None:
        """Release the files that the source holds open."""

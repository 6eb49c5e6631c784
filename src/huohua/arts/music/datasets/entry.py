"""One piece as its source lists it: a file, and what is said about it."""

from __future__ import annotations

from dataclasses import dataclass

from huohua.arts.music.piece import Key

SPLITS = ("train", "valid", "test")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A file that a source offers, before anybody has heard it.

    Attributes:
        name: the name by which the source reads it, such as "jazz/take_five.mid".
        style: its style, or "".
        split: "train", "valid" or "test" where that is given, or "".
        title, composer: for people; together they tell which work a file is a version of.
        key: its key where that is given.
        mode_known: whether that key says major or minor surely, and not only the scale.
        metre_known: whether the file's metre was meant, and not written because something had to be.
        licence: the terms of this one piece where they are given, or "".
    """

    name: str
    style: str = ""
    split: str = ""
    title: str = ""
    composer: str = ""
    key: Key | None = None
    mode_known: bool = True
    metre_known: bool = True
    licence: str = ""

    @property
    def work(self) -> str:
        """Return the work that this is a version of: versions of one work belong in one split."""
        if self.title:
            return f"{self.title}\x1f{self.composer}".casefold()
        return self.name.casefold()

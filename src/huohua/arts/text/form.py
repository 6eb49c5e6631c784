"""What a form asks of a text: its lines, how long they are, where tones and rhymes are fixed.

A form is data. `automata` turn it into masks that a generator cannot leave; `checking` reads a finished
text and says whether it keeps the form, without sharing any code with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from typing_extensions import Self

Language = Literal["zh", "en"]
Kind = Literal["verse", "free", "prose", "drama"]

LEVEL, OBLIQUE, ENTERING, EITHER = "平", "仄", "入", "中"
TONES = frozenset({LEVEL, OBLIQUE, EITHER})
WITHOUT_END = 1 << 30


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of English verse, or one clause of Chinese verse up to its mark.

    Attributes:
        fewest, most: how long it is, in characters (Chinese) or syllables (English).
        tones: for Chinese one of 平 仄 中 for each character, or "" where tones are free.
        metre: for English "iambic", or "" where stress is free.
        rhyme: a letter; lines with the same letter rhyme. "" for a line that need not.
        echo: whether the line repeats the end of the line before.
        mark: the punctuation that closes it; "" where the writer chooses.
        closes_stanza: whether a stanza ends here.
    """

    fewest: int
    most: int
    tones: str = ""
    metre: str = ""
    rhyme: str = ""
    echo: bool = False
    mark: str = ""
    closes_stanza: bool = False

    def __post_init__(self) -> None:
        """Refuse a line that cannot be written."""
        if not 1 <= self.fewest <= self.most:
            raise ValueError(f"a line of {self.fewest} to {self.most} cannot be written")
        if self.tones and (len(self.tones) != self.fewest or self.fewest != self.most):
            raise ValueError(f"{len(self.tones)} tones do not fit a line of {self.fewest} to {self.most}")
        if not set(self.tones) <= TONES:
            raise ValueError(f"'{self.tones}' holds more than 平, 仄 and 中")
        if len(self.rhyme) > 1:
            raise ValueError(f"'{self.rhyme}' is more than one letter")

    @property
    def breaks(self) -> bool:
        """Return whether a new line of print begins after it."""
        return self.mark not in {"，", "、"}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """One way to write a form, such as a quatrain that begins oblique and rhymes in its first line."""

    name: str
    lines: tuple[Line, ...]

    def rhymes(self) -> dict[str, tuple[int, ...]]:
        """Return for each rhyme letter the lines that belong to it.

        Example:
            >>> couplet = tuple(Line(fewest=5, most=5, rhyme=letter) for letter in "aa")
            >>> Pattern(name="couplet", lines=couplet).rhymes()
            {'a': (0, 1)}
        """
        found: dict[str, tuple[int, ...]] = {}
        for number, line in enumerate(self.lines):
            if line.rhyme:
                found[line.rhyme] = (*found.get(line.rhyme, ()), number)
        return found

    def places(self) -> Iterator[tuple[int, int]]:
        """Yield (line, character) for every character of a pattern with lines of one length."""
        for number, line in enumerate(self.lines):
            for place in range(line.most):
                yield number, place


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form by its name, with every pattern it may be written in.

    Attributes:
        name: as it is asked for.
        language: "zh" or "en".
        kind: verse keeps `patterns`; the others keep only `fewest` and `most`.
        title: what it is, in English.
        aliases: other names it is asked for by.
        patterns: the ways to write it; one of them must be kept whole. Empty unless the kind is verse.
        book: the rhyme book of Chinese verse, a key of `tables.rhyme_book.BOOKS`; "" where nothing rhymes.
        entering: whether oblique rhymes are to be of the entering tone.
        fewest, most: lines of free verse, characters of prose or turns of drama.
    """

    name: str
    language: Language
    kind: Kind = "verse"
    title: str = ""
    aliases: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()
    book: str = ""
    entering: bool = False
    fewest: int = 1
    most: int = WITHOUT_END

    def __post_init__(self) -> None:
        """Refuse verse without a pattern, and patterns without verse."""
        if bool(self.patterns) != (self.kind == "verse"):
            raise ValueError(f"{self.name}: verse has patterns, and nothing else has")
        if not 1 <= self.fewest <= self.most:
            raise ValueError(f"{self.name}: {self.fewest} to {self.most} cannot be written")

    def with_book(self, book: str) -> Self:
        """Return the form rhyming by another book, such as "xinyun" for the sounds of today."""
        return replace(self, book=book)

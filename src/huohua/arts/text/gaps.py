"""A gap in a text: what stands before and behind it, and what a form says of it.

Letters: T tokens, K columns of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from huohua.arts.text.automata.automaton import Automaton
from huohua.arts.text.automata.for_form import automaton_for
from huohua.arts.text.form import Form, Language
from huohua.arts.text.han import is_han
from huohua.arts.text.passages import starts
from huohua.arts.text.rows import Written
from huohua.arts.text.slots import Ahead, read_ahead
from huohua.arts.text.vocabulary import Vocabulary
from huohua.arts.text.wording import DEFAULT_BOOK, Wording
from huohua.errors import UsageError

Symbols = tuple[int, int, int, int]


@dataclass(frozen=True)
class Gap:
    """A text and the characters `first` to `last` - 1 of it, which are to be written anew."""

    text: str
    first: int
    last: int
    language: Language
    book: str = DEFAULT_BOOK

    @property
    def before(self) -> str:
        """Return what stands before the gap."""
        return self.text[: self.first]

    @property
    def behind(self) -> str:
        """Return what stands behind it."""
        return self.text[self.last :]

    @property
    def content(self) -> str:
        """Return what stands in it now."""
        return self.text[self.first : self.last]

    @cached_property
    def aheads(self) -> list[Ahead]:
        """Return what each character of the text is for."""
        return read_ahead(self.text, self.language, self.book)

    @cached_property
    def symbols(self) -> list[Symbols]:
        """Return the same as numbers."""
        return [ahead.numbers() for ahead in self.aheads]


def gap_in(text: str, first: int, last: int, language: Language, book: str = DEFAULT_BOOK) -> Gap:
    """Return a gap of a text; it may be empty at the end, to look at the text alone.

    Raises:
        UsageError: it is none of the text's.
    """
    if not (0 <= first < last <= len(text) or first == last == len(text)):
        raise UsageError(
            f"Characters {first} to {last} are no gap in a text of {len(text)}.",
            advice="Count from 0; the first must stand before the last.",
        )
    return Gap(text, first, last, language, book)


def told(gap: Gap, wording: Wording) -> tuple[Written, int, int]:
    """Return a text as tokens, and between which of them the gap is.

    What stands before it, in it and behind it are cut into tokens apart, so that no token straddles an edge.
    """
    parts = [(gap.before, 0), (gap.content, gap.first), (gap.behind, gap.last)]
    tokens: list[int] = []
    symbols: list[Symbols] = []
    counts = []
    for part, offset in parts:
        own = wording.tokeniser.encode(part)
        tokens += own
        counts.append(len(own))
        if own:
            places = starts(own, wording.tokeniser.vocabulary, len(part))
            symbols += [gap.symbols[min(offset + place, len(gap.text) - 1)] for place in places]
    written = Written(
        token_T=np.array(tokens, dtype=np.int64),
        symbol_TK=np.array(symbols, dtype=np.int64).reshape(-1, 4),
    )
    return written, counts[0], counts[0] + counts[1]


def set_around(gap: Gap, form: Form, vocabulary: Vocabulary) -> Automaton[Any] | None:
    """Return the automaton of a form in which all but the gap is set, None where that cannot be.

    Among the patterns those with the fewest exceptions stand, so that what is there already may break rules
    that what is new may not.
    """
    fixed = {
        place: letter
        for at, (letter, place) in enumerate(zip(gap.text, character_places(gap.text), strict=True))
        if place is not None and not gap.first <= at < gap.last
    }
    try:
        return automaton_for(form, vocabulary, set_characters=fixed)
    except UsageError:
        return None


def character_places(text: str) -> Sequence[tuple[int, int] | None]:
    """Return the (line, character) of each Chinese character of a text, None for marks.

    Example:
        >>> character_places("月明。风")
        [(0, 0), (0, 1), None, (1, 0)]
    """
    places: list[tuple[int, int] | None] = []
    line = place = 0
    for letter in text:
        if is_han(letter):
            places.append((line, place))
            place += 1
            continue
        places.append(None)
        if place:
            line, place = line + 1, 0
    return places


def line_spans(text: str, language: str) -> list[tuple[int, int]]:
    r"""Return where each line begins and ends: a clause without its mark, or in English a line of print.

    Example:
        >>> line_spans("月明。\n风清，", "zh"), line_spans("a b\nc", "en")
        ([(0, 2), (4, 6)], [(0, 3), (4, 5)])
    """
    closers = "，。！？；、：\n" if language == "zh" else "\n"
    spans, first = [], 0
    for at, letter in enumerate(text + "\n"):
        if letter in closers:
            if at > first:
                spans.append((first, at))
            first = at + 1
    return spans

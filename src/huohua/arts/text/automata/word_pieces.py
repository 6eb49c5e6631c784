"""How a vocabulary spells words: which pieces may begin one, go on with one, or stand between two.

A piece takes part in verse if it is one of these: letters; a space and letters; a single space; a mark of
punctuation; a line break. All others stay unused. With every letter as a piece of its own, any word that has
been begun can be finished.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from huohua.arts.text.automata.words import Bits, Numbers, WordIndex, WordSet
from huohua.arts.text.vocabulary import Vocabulary

_PIECE = re.compile(r"( ?)([A-Za-z']?[a-z']*)")
MARKS = (",", ".", ";", ":", "!", "?")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, eq=False)
class Entry:
    """Pieces that can come next, each with the words it leaves possible.

    Attributes:
        token_K: the pieces.
        low_K, high_K: the range of the index that begins with what is then written.
        letter_K: the first letter of each piece.
    """

    token_K: Numbers
    low_K: Numbers
    high_K: Numbers
    letter_K: tuple[str, ...] = ()
    _reach: dict[int, tuple[WordSet, Bits]] = field(default_factory=dict)

    def reach(self, words: WordSet) -> Bits:
        """Return bits_K3: what the words of a set can do that are still possible after each piece."""
        found = self._reach.get(id(words))
        if found is None:
            if len(self._reach) > 64:  # sets of single rhymes come and go
                self._reach.clear()
            # The set is kept beside its bits, so that no other set can take its number.
            found = self._reach[id(words)] = (words, words.reach(self.low_K, self.high_K))
        return found[1]


class WordPieces:
    """The pieces of a vocabulary by what they do for the words of an index.

    Args:
        vocabulary: with each letter, the space and the line break as pieces of their own.
        index: the words that can be written.

    Raises:
        UsageError: the vocabulary lacks one of these pieces.
    """

    def __init__(self, vocabulary: Vocabulary, index: WordIndex) -> None:
        vocabulary.need([*LETTERS, " ", "\n"], what="English verse")
        self.vocabulary, self.index = vocabulary, index
        self.space, self.newline = vocabulary.ids[" "], vocabulary.ids["\n"]
        self.mark_tokens = [vocabulary.ids[mark] for mark in MARKS if mark in vocabulary.ids]
        plain: list[tuple[int, str]] = []
        spaced: list[tuple[int, str]] = []
        self._onward: dict[str, Any] = {}  # letters to letters, and under "" the tokens that end there
        for piece, token in vocabulary.ids.items():
            match = _PIECE.fullmatch(piece.replace("’", "'"))
            if match is None or not match[2]:
                continue
            (spaced if match[1] else plain).append((token, match[2].lower()))
            if not match[1] and match[2] == match[2].lower():
                self._add_onward(match[2], token)
        self.plain, self.spaced = self._entry(plain), self._entry(spaced)
        self._after: dict[str, Entry] = {}

    @cached_property
    def longest(self) -> int:
        """Return the length of the longest piece."""
        return max(map(len, self.vocabulary.ids))

    def after(self, prefix: str) -> Entry:
        """Return the pieces that go on with a word of which a prefix is written."""
        found = self._after.get(prefix)
        if found is None:
            low, high = self.index.range_of(prefix)
            rows = list(self._going_on(self._onward, prefix, low, high))
            found = self._after[prefix] = _arrays(rows)
        return found

    def _going_on(
        self, node: dict[str, Any], prefix: str, low: int, high: int
    ) -> Iterator[tuple[int, int, int, str]]:
        """Yield (token, low, high, letters) for the pieces below a node that lead to words of a range."""
        words = self.index.words
        for letter, below in node.items():
            if not letter:
                yield from ((token, low, high, "") for token in below)
                continue
            longer = prefix + letter
            first = bisect_left(words, longer, low, high)
            last = bisect_left(words, longer + "\x7f", first, high)
            if first < last:
                yield from self._going_on(below, longer, first, last)

    def _add_onward(self, letters: str, token: int) -> None:
        node = self._onward
        for letter in letters:
            node = node.setdefault(letter, {})
        node.setdefault("", []).append(token)

    def _entry(self, pieces: list[tuple[int, str]]) -> Entry:
        rows = [(token, *self.index.range_of(letters), letters) for token, letters in pieces]
        return _arrays([row for row in rows if row[1] < row[2]])


def _arrays(rows: list[tuple[int, int, int, str]]) -> Entry:
    numbers = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    letters = tuple(row[3][:1] for row in rows)
    return Entry(numbers[:, 0].copy(), numbers[:, 1].copy(), numbers[:, 2].copy(), letters)


@lru_cache(maxsize=8)
def word_pieces(vocabulary: Vocabulary, index: WordIndex) -> WordPieces:
    """Return how a vocabulary spells the words of an index, made once for each pair.

    Raises:
        UsageError: the vocabulary lacks a letter, the space or the line break.
    """
    return WordPieces(vocabulary, index)

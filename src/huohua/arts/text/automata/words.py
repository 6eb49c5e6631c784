"""The words that verse can be made of, as arrays: where they may stand in a line, and what they rhyme with.

Where a word may stand depends on its syllables and, in iambic metre, on whether it starts on a weak or a
strong place. For each of the three ways to start (an even number of syllables into the line, an odd one, or
at the very beginning) a word has a row of bits: bit n is set if it can be said with n syllables there.

Source: Corn, "The Poem's Heartbeat" (1997): stress on even syllables, words of one syllable
free, the first foot reversible.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.form import Line
from huohua.arts.text.tables.pronouncing import pronunciations, sounds_of

EVEN, ODD, FIRST = 0, 1, 2  # the ways to start
LONGEST = 12  # syllables of a word

Bits = NDArray[np.uint16]
Numbers = NDArray[np.int64]


def way(offset: int) -> int:
    """Return the way to start of a word before which a line has `offset` syllables."""
    return FIRST if offset == 0 else offset % 2


@dataclass(frozen=True)
class WordSet:
    """Some words of an index, and which can be written on from a range of the index.

    Attributes:
        numbers_N: the words, in order.
        bits_N3: where each may stand, by the way to start.
    """

    numbers_N: Numbers
    bits_N3: Bits

    @cached_property
    def _sums(self) -> NDArray[np.int32]:
        planes = (self.bits_N3[:, :, None] >> np.arange(LONGEST + 1, dtype=np.uint16)) & 1
        sums = np.zeros((len(planes) + 1, 3, LONGEST + 1), dtype=np.int32)
        np.cumsum(planes, axis=0, out=sums[1:])
        return sums

    def reach(self, low_K: Numbers, high_K: Numbers) -> Bits:
        """Return bits_K3: for each range of the index, what those of its words can do that are in here."""
        low, high = np.searchsorted(self.numbers_N, low_K), np.searchsorted(self.numbers_N, high_K)
        there = self._sums[high] > self._sums[low]
        powers = np.left_shift(np.uint16(1), np.arange(LONGEST + 1, dtype=np.uint16))
        bits_K3: Bits = (there * powers).sum(axis=2).astype(np.uint16)
        return bits_K3

    @cached_property
    def together(self) -> tuple[int, int, int]:
        """Return what all words of the set can do together, by the way to start."""
        if not len(self.bits_N3):
            return (0, 0, 0)
        even, odd, first = np.bitwise_or.reduce(self.bits_N3, axis=0)
        return int(even), int(odd), int(first)

    def bits_of(self, number: int) -> tuple[int, int, int]:
        """Return what one word of the index can do; nothing where it is not in this set."""
        place = int(np.searchsorted(self.numbers_N, number))
        if place == len(self.numbers_N) or self.numbers_N[place] != number:
            return (0, 0, 0)
        even, odd, first = self.bits_N3[place]
        return int(even), int(odd), int(first)

    def latest_start(self, line: Line) -> int:
        """Return the most syllables that may stand before the last word of a line; -1 where none fits."""
        starts = [
            length - syllables
            for length in range(line.fewest, line.most + 1)
            for syllables in range(1, min(length, LONGEST) + 1)
            if self.together[way(length - syllables)] >> syllables & 1
        ]
        return max(starts, default=-1)


class WordIndex:
    """Words in the order of the alphabet, with every way to say them.

    Args:
        words: in lower case; those that the dictionary does not know, and names of letters, are left out.
        metre: "iambic", or "" where stress is free.
    """

    def __init__(self, words: Sequence[str], metre: str) -> None:
        known = pronunciations()
        self.words = sorted(word for word in set(words) if word in known and (len(word) > 1 or word in "aio"))
        rows = [
            (number, sound.syllables, sound.rhyme, _ways(sound.stresses, metre))
            for number, word in enumerate(self.words)
            for sound in sounds_of(word)
            if sound.syllables <= LONGEST
        ]
        self.rhymes = tuple(sorted({rhyme for _, _, rhyme, _ in rows}))
        self._codes = {rhyme: code for code, rhyme in enumerate(self.rhymes)}
        # One row for each pronunciation, in the order of the words.
        self._word_P = np.array([row[0] for row in rows], dtype=np.int64)
        self._rhyme_P = np.array([self._codes[row[2]] for row in rows], dtype=np.int64)
        self._bits_P3 = np.array(
            [[(1 << row[1]) * able for able in row[3]] for row in rows], dtype=np.uint16
        ).reshape(-1, 3)

    @cached_property
    def _rich(self) -> dict[tuple[Line, ...], frozenset[str]]:
        return {}

    @cached_property
    def all(self) -> WordSet:
        """Return every word."""
        return self._set(np.ones(len(self._word_P), dtype=np.bool_))

    def range_of(self, prefix: str) -> tuple[int, int]:
        """Return the first word that begins with a prefix, and the first after these."""
        low = bisect_left(self.words, prefix)
        return low, bisect_left(self.words, prefix + "\x7f", low)

    def number(self, word: str) -> int:
        """Return the place of a word, -1 where it is not there."""
        place = bisect_left(self.words, word)
        return place if place < len(self.words) and self.words[place] == word else -1

    def rhyming(self, rhymes: frozenset[str], without: frozenset[str] = frozenset()) -> WordSet:
        """Return the words that end in one of some sounds, said so, without some words."""
        codes = [self._codes[rhyme] for rhyme in rhymes if rhyme in self._codes]
        chosen_P = np.isin(self._rhyme_P, codes)
        numbers = [number for word in without if (number := self.number(word)) >= 0]
        return self._set(chosen_P & ~np.isin(self._word_P, numbers))

    def rich_rhymes(self, lines: tuple[Line, ...]) -> frozenset[str]:
        """Return the sounds in which enough words end, each of which can close every one of some lines."""
        if lines in self._rich:
            return self._rich[lines]
        able_P = np.ones(len(self._word_P), dtype=np.bool_)
        for line in lines:
            able_P &= (self._bits_P3 & np.array(closing(line), dtype=np.uint16)).any(axis=1)
        pairs = np.unique(np.stack([self._rhyme_P[able_P], self._word_P[able_P]]), axis=1)
        counts = np.bincount(pairs[0], minlength=len(self.rhymes))
        found = frozenset(self.rhymes[code] for code in np.nonzero(counts >= len(lines))[0])
        return self._rich.setdefault(lines, found)

    def rhymes_of(self, word: str, offsets: int, line: Line) -> frozenset[str]:
        """Return the sounds a word ends in, said so that it closes a line from one of some offsets.

        Args:
            word: in lower case.
            offsets: bits of the syllables that may stand before it.
            line: what it closes.
        """
        number = self.number(word)
        found = set()
        first, last = np.searchsorted(self._word_P, [number, number + 1])
        for row in range(first, last) if number >= 0 else ():
            for offset in set_bits(offsets):
                if int(self._bits_P3[row, way(offset)]) & between(line.fewest - offset, line.most - offset):
                    found.add(self.rhymes[self._rhyme_P[row]])
        return frozenset(found)

    def _set(self, chosen_P: NDArray[np.bool_]) -> WordSet:
        numbers, firsts = np.unique(self._word_P[chosen_P], return_index=True)
        bits = self._bits_P3[chosen_P]
        joined = np.bitwise_or.reduceat(bits, firsts, axis=0) if len(numbers) else bits
        return WordSet(numbers, joined)


@lru_cache(maxsize=8)
def index_of(words: tuple[str, ...], metre: str) -> WordIndex:
    """Return the index of some words, made once for each choice of words."""
    return WordIndex(words, metre)


@cache
def dictionary_index(metre: str) -> WordIndex:
    """Return the index of the whole dictionary; it takes a second or two, once."""
    return WordIndex(tuple(pronunciations()), metre)


def _ways(stresses: str, metre: str) -> tuple[bool, bool, bool]:
    """Return whether a word can start at an even place, an odd place, and at the beginning of a line.

    Example:
        >>> _ways("10", "iambic"), _ways("01", "iambic"), _ways("1", "iambic")
        ((False, True, True), (True, False, True), (True, True, True))
    """
    if not metre or len(stresses) == 1:
        return True, True, True
    return "1" not in stresses[::2], "1" not in stresses[1::2], "1" not in stresses[2::2]


def closing(line: Line) -> tuple[int, int, int]:
    """Return the syllables with which a word may close a line, as bits by the way it starts.

    Example:
        >>> closing(
        ...     Line(fewest=3, most=3)
        ... )  # one or three syllables back: one from an even place, two from odd
        (2, 4, 8)
    """
    bits = [0, 0, 0]
    for length in range(line.fewest, line.most + 1):
        for syllables in range(1, min(length, LONGEST) + 1):
            bits[way(length - syllables)] |= 1 << syllables
    return bits[0], bits[1], bits[2]


def between(fewest: int, most: int) -> int:
    """Return the bits from `fewest` to `most`, 1 and `LONGEST` at the outside.

    Example:
        >>> bin(between(-3, 2)), bin(between(2, 3)), between(3, 2)
        ('0b110', '0b1100', 0)
    """
    fewest, most = max(1, fewest), min(most, LONGEST)
    return (1 << most + 1) - (1 << fewest) if fewest <= most else 0


def set_bits(bits: int) -> list[int]:
    """Return which bits are set.

    Example:
        >>> set_bits(0b1010)
        [1, 3]
    """
    return [number for number in range(bits.bit_length()) if bits >> number & 1]

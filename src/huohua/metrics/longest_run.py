"""The longest stretch of a sequence that stands, exactly, in one of many others: what was copied whole.

Sequences are of whole numbers, and what the numbers mean is for others to say. All stretches of one length
are summed up in one number each, by a polynomial of their members; sorted, they are looked up. A longer
stretch can only be there if its shorter parts are, so the longest is found by halving. A number that fits is
compared member by member before it is believed.

Letters: N members of a sequence, L length of a stretch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that it has an inverse modulo 2^64
UNDO = np.uint64(pow(int(BASE), -1, 2**64))


@dataclass(frozen=True, kw_only=True)
class Run:
    """A stretch that two sequences share.

    Attributes:
        length: its members; 0 where nothing is shared.
        start: where it begins in the sequence that was asked about.
        other: the number of the sequence it also stands in, -1 where nothing is shared.
        other_start: where it begins there.
    """

    length: int
    start: int = 0
    other: int = -1
    other_start: int = 0


class RunIndex:
    """Sequences to look for stretches in.

    Source: Karp and Rabin 1987, "Efficient randomized pattern-matching algorithms": stretches are compared by
    a polynomial of their members, which comes from two sums over beginnings.

    Args:
        sequences: whole numbers, one array each.

    Example:
        >>> index = RunIndex([np.array([1, 2, 3, 4]), np.array([9, 2, 3, 9])])
        >>> run = index.longest(np.array([7, 2, 3, 4, 7]))
        >>> run.length, run.start, run.other, run.other_start
        (3, 1, 0, 1)
    """

    def __init__(self, sequences: Sequence[Whole]) -> None:
        self.sequences = [np.asarray(sequence, dtype=np.int64) for sequence in sequences]
        self._sum = [_beginnings(sequence) for sequence in self.sequences]
        self._tables: dict[int, tuple[NDArray[np.uint64], Whole, Whole]] = {}

    def longest(self, sequence_N: Whole, *, besides: int = -1) -> Run:
        """Return the longest stretch of a sequence that stands in one of those here.

        Args:
            sequence_N: whole numbers.
            besides: the number of a sequence that does not count, such as the one asked about itself.
        """
        asked_N = np.asarray(sequence_N, dtype=np.int64)
        sums = _beginnings(asked_N)
        best, longest = Run(length=0), max(map(len, self.sequences), default=0)
        low, high = 0, min(len(asked_N), longest)
        while low < high:
            length = (low + high + 1) // 2
            found = self._find(asked_N, sums, length, besides)
            if found is None:
                high = length - 1
            else:
                best, low = found, length
        return best

    def _find(self, asked_N: Whole, sums: NDArray[np.uint64], length: int, besides: int) -> Run | None:
        key_T, other_T, start_T = self._table(length)
        key_S = _stretches(sums, length)
        first_S = np.searchsorted(key_T, key_S, side="left")
        last_S = np.searchsorted(key_T, key_S, side="right")
        for start in np.flatnonzero(last_S > first_S):
            for place in range(int(first_S[start]), int(last_S[start])):
                other, there = int(other_T[place]), int(start_T[place])
                if other == besides:
                    continue
                stretch = self.sequences[other][there : there + length]
                if np.array_equal(stretch, asked_N[start : start + length]):
                    return Run(length=length, start=int(start), other=other, other_start=there)
        return None

    def _table(self, length: int) -> tuple[NDArray[np.uint64], Whole, Whole]:
        """Return (sums, sequences, starts) of all stretches of a length, sorted by sums."""
        if length not in self._tables:
            keys = [_stretches(sums, length) for sums in self._sum]
            other_T = np.repeat(np.arange(len(keys), dtype=np.int64), [len(key) for key in keys])
            start_T = np.concatenate([np.arange(len(key), dtype=np.int64) for key in keys])
            key_T = np.concatenate(keys)
            order_T = np.argsort(key_T, kind="stable")
            self._tables[length] = key_T[order_T], other_T[order_T], start_T[order_T]
        return self._tables[length]


def _beginnings(sequence_N: Whole) -> NDArray[np.uint64]:
    """Return for each beginning of a sequence the sum of its members times powers of the base."""
    with np.errstate(over="ignore"):  # arithmetic is modulo 2^64 on purpose
        terms = _mixed(sequence_N) * _powers(BASE, len(sequence_N))
        return np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])


def _stretches(sums: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return one number for each stretch of a length, the same wherever the stretch stands."""
    count = len(sums) - length
    if count < 1:
        return np.zeros(0, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return (sums[length:] - sums[:count]) * _powers(UNDO, count)


def _powers(base: np.uint64, count: int) -> NDArray[np.uint64]:
    """Return the powers 0 to `count` - 1 of a base, modulo 2^64."""
    factors = np.full(count, base)
    factors[:1] = 1
    with np.errstate(over="ignore"):
        return np.cumprod(factors, dtype=np.uint64)


def _mixed(sequence_N: Whole) -> NDArray[np.uint64]:
    """Return members spread over all 64 bits, so that sums of small ones do not meet."""
    with np.errstate(over="ignore"):
        mixed: NDArray[np.uint64] = sequence_N.astype(np.uint64) + BASE
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        mixed = mixed ^ (mixed >> np.uint64(31))
    return mixed

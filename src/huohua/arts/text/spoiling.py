"""Spoiling: real texts that are still fluent word by word and no longer fit together.

A reader that tells these from the texts they were learns that lines belong together and that a text is about
its keywords, and not fluency alone.

Letters: T tokens, K columns of a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.rows import COUNTED, LINE, TOKEN


def spoiled(
    rows: Sequence[NDArray[np.int64]], keyword: int, dice: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Return row_TK of each work, spoiled by lot: lines swapped, a line or keywords of another."""
    found = []
    for number, row in enumerate(rows):
        other = rows[(number + int(dice.integers(1, max(2, len(rows))))) % len(rows)]
        ways = [lambda r, o: with_swapped_lines(r, dice), lambda r, o: with_line_of(r, o, dice)]
        if (row[:, TOKEN] == keyword).any() and dice.random() < 0.3:
            ways = [lambda r, o: with_keywords_of(r, o, keyword)]
        new = ways[int(dice.integers(len(ways)))](row, other)
        # Where nothing could be swapped, words are: whatever comes back differs from what went in.
        found.append(new if (new[:, TOKEN] != row[:, TOKEN]).any() else with_shuffled_tokens(row, dice))
    return found


def with_swapped_lines(row_TK: NDArray[np.int64], dice: np.random.Generator) -> NDArray[np.int64]:
    """Return a work of which two lines with as many tokens have changed places."""
    lines = _lines(row_TK)
    pairs = [(a, b) for n, a in enumerate(lines) for b in lines[n + 1 :] if len(a) == len(b)]
    row_TK = row_TK.copy()
    if pairs:
        first, second = pairs[int(dice.integers(len(pairs)))]
        # Marks close lines, and stay where they are.
        first, second = first[:-1] if len(first) > 1 else first, second[:-1] if len(second) > 1 else second
        row_TK[first, TOKEN], row_TK[second, TOKEN] = row_TK[second, TOKEN], row_TK[first, TOKEN].copy()
    return row_TK


def with_line_of(
    row_TK: NDArray[np.int64], other_TK: NDArray[np.int64], dice: np.random.Generator
) -> NDArray[np.int64]:
    """Return a work with a line of another work of as many tokens in place of its own."""
    pairs = [(a, b) for a in _lines(row_TK) for b in _lines(other_TK) if len(a) == len(b) > 1]
    row_TK = row_TK.copy()
    if pairs:
        own, strange = pairs[int(dice.integers(len(pairs)))]
        row_TK[own[:-1], TOKEN] = other_TK[strange[:-1], TOKEN]
    return row_TK


def with_keywords_of(
    row_TK: NDArray[np.int64], other_TK: NDArray[np.int64], keyword: int
) -> NDArray[np.int64]:
    """Return a work under the first words of another's text for keywords."""
    row_TK = row_TK.copy()
    (text,) = np.nonzero(other_TK[:, COUNTED])
    (signs,) = np.nonzero(row_TK[:, TOKEN] == keyword)
    for number, sign in enumerate(signs):
        if number < len(text) and sign + 1 < len(row_TK) and not row_TK[sign + 1, COUNTED]:
            row_TK[sign + 1, TOKEN] = other_TK[text[number], TOKEN]
    return row_TK


def with_shuffled_tokens(row_TK: NDArray[np.int64], dice: np.random.Generator) -> NDArray[np.int64]:
    """Return a work whose tokens, but for the last, have changed places."""
    (asked,) = np.nonzero(row_TK[:, COUNTED])
    row_TK = row_TK.copy()
    row_TK[asked[:-1], TOKEN] = row_TK[dice.permutation(asked[:-1]), TOKEN]
    return row_TK


def _lines(row_TK: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the places of each line of what is asked for."""
    (asked,) = np.nonzero((row_TK[:, COUNTED] > 0) & (row_TK[:, LINE] > 0))
    lines = row_TK[asked, LINE]
    return [asked[lines == line] for line in dict.fromkeys(lines.tolist())]

"""Plans: guides read off a real text, so that another is written to the same lines and rhymes.

Letters: T tokens.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.rows import LEFT, LINE, RHYME, SYMBOLS, TOKEN

Symbols = tuple[int, int, int, int]


class StepPlan:
    """Says of each token what the one in its place in a real text was for: for tokens of one character.

    Args:
        row_TK: the tokens to write otherwise.
        end: the token that ends a work.
    """

    def __init__(self, row_TK: NDArray[np.int64], *, end: int) -> None:
        self._symbols: list[Symbols] = [tuple(symbols) for symbols in row_TK[:, SYMBOLS].tolist()]
        self._at, self._end, self._ended = 0, end, False

    @property
    def done(self) -> bool:
        """Return whether as many tokens were written as there were, or the end."""
        return self._ended or self._at == len(self._symbols)

    def ahead(self) -> Symbols:
        """Return what the next token is for."""
        return self._symbols[self._at]

    def allowed(self) -> None:
        """Return None: all tokens are allowed."""

    def take(self, token: int) -> None:
        """Go on to the next place."""
        self._at, self._ended = self._at + 1, token == self._end


class LinePlan:
    """Says of each token which line it is in and what that line rhymes with: for tokens of several letters.

    Args:
        row_TK: the tokens to write otherwise.
        end: the token that ends a work.
        breaks: the tokens that close a line.
        slack: how much longer the text may become.
    """

    def __init__(
        self, row_TK: NDArray[np.int64], *, end: int, breaks: Collection[int], slack: float = 1.25
    ) -> None:
        kept = row_TK[row_TK[:, TOKEN] != end]
        lines, first = np.unique(kept[:, LINE], return_index=True)
        self._lines: list[Symbols] = [
            (int(line), 0, 0, int(kept[at, RHYME])) for line, at in zip(lines, first, strict=True)
        ] or [(0, 0, 0, 0)]
        self._said = bool((row_TK[:, LEFT] > 0).any())
        self._line, self._left = 0, int(len(row_TK) * slack) + 1
        self._end, self._breaks, self._ended = end, frozenset(breaks), False

    @property
    def done(self) -> bool:
        """Return whether the end was written, or too much, or one line more than there were."""
        return self._ended or self._left == 0 or self._line >= len(self._lines) + 1

    def ahead(self) -> Symbols:
        """Return the line and its rhyme."""
        return self._lines[min(self._line, len(self._lines) - 1)]

    def allowed(self) -> None:
        """Return None: all tokens are allowed."""

    def take(self, token: int) -> None:
        """Go on, to the next line behind a break."""
        self._left -= 1
        self._line += token in self._breaks
        self._ended = token == self._end

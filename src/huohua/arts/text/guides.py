"""Guides by rule: an automaton at work, a gap that keeps its length, and text that may go as it likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.automata.automaton import Automaton
from huohua.arts.text.han import is_han
from huohua.arts.text.slots import Ahead
from huohua.arts.text.vocabulary import Vocabulary

Symbols = tuple[int, int, int, int]


class FormGuide:
    """An automaton at work on one text.

    Args:
        automaton: what to keep to; it is shared by many texts.
        before: tokens that are written already.
        most: tokens after which the text is left as it is; the end of its form by default.

    Raises:
        ValueError: what is written already does not keep to it.
    """

    def __init__(
        self, automaton: Automaton[Any], *, before: Sequence[int] = (), most: int | None = None
    ) -> None:
        self._automaton, self._left = automaton, most
        self._state = automaton.start()
        for token in before:
            self._state = automaton.step(self._state, token)

    @property
    def done(self) -> bool:
        """Return whether the form is whole, or as much was written as was asked for."""
        return self._left == 0 or self._automaton.done(self._state)

    def ahead(self) -> Symbols:
        """Return what the form says of the next token."""
        return self._automaton.ahead(self._state).numbers()

    def allowed(self) -> NDArray[np.bool_]:
        """Return the tokens that keep to the form."""
        mask: NDArray[np.bool_] = self._automaton.mask(self._state)
        return mask

    def take(self, token: int) -> None:
        """Go on to the next state."""
        self._state = self._automaton.step(self._state, token)
        self._left = None if self._left is None else self._left - 1


class LengthGuide:
    """A gap in Chinese that gets as many characters as it had, with marks and breaks where they were.

    Args:
        gap: what stood there.
        symbols: what each of its characters was for.
        vocabulary: a token for each character.
    """

    def __init__(self, gap: str, symbols: Sequence[Symbols], vocabulary: Vocabulary) -> None:
        self._gap, self._symbols, self._vocabulary, self._at = gap, symbols, vocabulary, 0
        self._characters = han_mask(vocabulary)

    @property
    def done(self) -> bool:
        """Return whether the gap is full."""
        return self._at == len(self._gap)

    def ahead(self) -> Symbols:
        """Return what the character that stood here was for."""
        return self._symbols[self._at]

    def allowed(self) -> NDArray[np.bool_]:
        """Return all characters, or the mark that stood here."""
        letter = self._gap[self._at]
        if is_han(letter) or letter not in self._vocabulary.ids:
            return self._characters
        mask = np.zeros(len(self._vocabulary), dtype=np.bool_)
        mask[self._vocabulary.ids[letter]] = True
        return mask

    def take(self, token: int) -> None:
        """Go on to the next character."""
        self._at += 1


class OpenGuide:
    """Text of any form, until it ends of itself or is long enough.

    Args:
        allowed: mask_V of what may come; the end of the text among it.
        end: the token that ends a text.
        most: tokens after which it is left as it is.
        ahead: what is said of each token.
        stop: whether a token ends it, beside the end.
    """

    def __init__(
        self,
        allowed: NDArray[np.bool_],
        *,
        end: int,
        most: int,
        ahead: Ahead | None = None,
        stop: Callable[[int], bool] | None = None,
    ) -> None:
        self._allowed, self._end, self._left, self._stop = allowed, end, most, stop
        self._symbols = (ahead or Ahead()).numbers()
        self._first, self._ended = True, False

    @property
    def done(self) -> bool:
        """Return whether it ended or is long enough."""
        return self._ended or self._left == 0

    def ahead(self) -> Symbols:
        """Return what is said of every token."""
        return self._symbols

    def allowed(self) -> NDArray[np.bool_]:
        """Return what may come; not the end at once, for nothing is no text."""
        if not self._first:
            return self._allowed
        mask: NDArray[np.bool_] = self._allowed.copy()
        mask[self._end] = False
        return mask

    def take(self, token: int) -> None:
        """Go on."""
        self._first, self._left = False, self._left - 1
        self._ended = token == self._end or (self._stop is not None and self._stop(token))


def han_mask(vocabulary: Vocabulary) -> NDArray[np.bool_]:
    """Return mask_V of the tokens that are one Chinese character."""
    return np.array([is_han(piece) for piece in vocabulary.pieces], dtype=np.bool_)


def text_mask(vocabulary: Vocabulary, *, breaks: bool = True, tabs: bool = False) -> NDArray[np.bool_]:
    """Return mask_V of the tokens that are text, and the end.

    Args:
        vocabulary: of the model.
        breaks: whether lines may be broken.
        tabs: whether the last word of a line may be written before it.
    """
    mask: NDArray[np.bool_] = np.array(
        [
            bool(piece) and (breaks or "\n" not in piece) and (tabs or "\t" not in piece)
            for piece in vocabulary.pieces
        ],
        dtype=np.bool_,
    )
    mask[vocabulary.end] = True
    return mask

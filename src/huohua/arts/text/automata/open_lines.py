"""Free verse and prose: how many lines or characters, no empty beginnings, an end where a sentence ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.automata.piece_facts import piece_facts
from huohua.arts.text.form import Form
from huohua.arts.text.slots import Ahead
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

LONGEST_LINE = {"zh": 40, "en": 90}  # characters of a line of free verse
LAST_STRETCH = 0.8  # of the most characters, after which prose may end without a full stop


@dataclass(frozen=True)
class OpenState:
    """How far a text has come.

    Attributes:
        lines: lines that are closed.
        column: characters of the line that is open.
        characters: of the whole text.
        stopped: whether the last piece may end a sentence.
        blank: whether the line before is empty.
        spaced: whether the last piece ends in a space.
    """

    lines: int = 0
    column: int = 0
    characters: int = 0
    stopped: bool = False
    blank: bool = False
    spaced: bool = False
    ended: bool = False


class OpenAutomaton:
    """A form of free verse or prose over any vocabulary that has a line break.

    Args:
        form: of the kind "free" or "prose".
        vocabulary: what can be written.
        initials: what each line of free verse begins with, for acrostics; there are then as many lines.

    Raises:
        UsageError: the form cannot be written so; the message says why.
    """

    def __init__(self, form: Form, vocabulary: Vocabulary, *, initials: Sequence[str] = ()) -> None:
        if form.kind not in ("free", "prose"):
            raise UsageError(f"{form.name} is neither free verse nor prose.")
        self.form, self.vocabulary = form, vocabulary
        self._facts = piece_facts(vocabulary, what=form.name)
        self._fewest, self._most = form.fewest, form.most
        self._starts = [self._beginning_with(initial) for initial in initials]
        if initials and form.kind == "prose":
            raise UsageError(f"{form.name} has no lines, and so no acrostic.")
        if initials:
            self._fewest = self._most = len(initials)
        # A paragraph is one line; other prose may break lines but leaves none empty between.
        self._one_line = form.name in ("paragraph", "段落")

    def start(self) -> OpenState:
        """Return the state before the first piece."""
        return OpenState()

    def done(self, state: OpenState) -> bool:
        """Return whether the end has been written."""
        return state.ended

    def ahead(self, state: OpenState) -> Ahead:
        """Return what the next token is for."""
        return Ahead() if state.ended else Ahead(line=state.lines)

    def mask(self, state: OpenState) -> NDArray[np.bool_]:
        """Return mask_V, true for what may come next."""
        facts = self._facts
        if state.ended:
            return np.zeros(len(self.vocabulary), dtype=np.bool_)
        room = self._room(state)
        opening = facts.opens_V if state.column == 0 or state.spaced else facts.text_V
        mask: NDArray[np.bool_] = opening & (facts.length_V <= room)
        if state.column == 0 and self._starts:
            mask &= self._starts[state.lines]
        mask[facts.newline] = self._may_break(state)
        mask[self.vocabulary.end] = self._may_end(state)
        return mask

    def step(self, state: OpenState, token: int) -> OpenState:
        """Return the state after a token.

        Raises:
            ValueError: the token is not allowed here.
        """
        if not self.mask(state)[token]:
            raise ValueError(f"{self.vocabulary.pieces[token]!r} is not allowed here: {state}")
        lines, column, characters = state.lines, state.column, state.characters
        if token == self.vocabulary.end:
            return replace(state, ended=True)
        if token == self._facts.newline:
            return OpenState(lines + bool(column), 0, characters + 1, state.stopped, blank=not column)
        length = len(self.vocabulary.pieces[token])
        stopped, spaced = bool(self._facts.stops_V[token]), bool(self._facts.spaced_V[token])
        return OpenState(lines, column + length, characters + length, stopped, spaced=spaced)

    def _room(self, state: OpenState) -> int:
        """Return how many characters the next piece may have."""
        if self.form.kind == "prose":
            return self._most - state.characters
        return LONGEST_LINE[self.form.language] - state.column

    def _may_break(self, state: OpenState) -> bool:
        if state.spaced:
            return False
        if self.form.kind == "prose":
            return not self._one_line and state.stopped and state.column > 0 and self._room(state) > 1
        if state.column == 0:  # an empty line between stanzas
            return state.lines > 0 and not state.blank
        return state.lines + 1 < self._most

    def _may_end(self, state: OpenState) -> bool:
        if state.column == 0 or state.spaced:
            return False
        if self.form.kind == "free":
            return state.lines + 1 >= self._fewest
        late = state.characters >= max(self._fewest, LAST_STRETCH * self._most)
        return state.characters >= self._fewest and (state.stopped or late)

    def _beginning_with(self, initial: str) -> NDArray[np.bool_]:
        small = initial.casefold()
        mask = np.array([piece.casefold().startswith(small) for piece in self.vocabulary.pieces])
        mask &= self._facts.opens_V
        if not mask.any():
            raise UsageError(f"No line can begin with '{initial}': this model cannot write it.")
        return mask

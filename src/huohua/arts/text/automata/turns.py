"""Drama: turns of a speaker's name, a colon, and lines; an empty line between turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.automata.piece_facts import COLONS, piece_facts
from huohua.arts.text.form import Form
from huohua.arts.text.slots import Ahead
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

LONGEST_NAME = 30
LONGEST_LINE = {"zh": 60, "en": 100}
MOST_LINES = 14  # of one turn
NAME, COLON, SPEECH = "name", "colon", "speech"


@dataclass(frozen=True)
class TurnState:
    """How far a scene has come.

    Attributes:
        part: of the turn: its name, the break behind the colon, or what is spoken.
        turns: turns begun.
        lines: lines of this turn that are closed.
        column: characters of the open line or name.
        name: what is written of the name, where speakers are set beforehand.
        spaced: whether the last piece ends in a space.
    """

    part: str = NAME
    turns: int = 1
    lines: int = 0
    column: int = 0
    name: str = ""
    spaced: bool = False
    ended: bool = False


class TurnAutomaton:
    """A form of drama over a vocabulary that has the line break and a colon.

    Args:
        form: of the kind "drama".
        vocabulary: what can be written.
        speakers: the names to choose from, as they are written; any unless given.

    Raises:
        UsageError: the form cannot be written so; the message says why.
    """

    def __init__(self, form: Form, vocabulary: Vocabulary, *, speakers: Sequence[str] = ()) -> None:
        if form.kind != "drama":
            raise UsageError(f"{form.name} is not drama.")
        self.form, self.vocabulary = form, vocabulary
        self._facts = piece_facts(vocabulary, what=form.name)
        if not self._facts.colon_V.any():
            vocabulary.need([COLONS[form.language == "zh"]], what=form.name)
        self._speakers = tuple(dict.fromkeys(speakers))
        for speaker in self._speakers:
            if not 0 < len(speaker) <= LONGEST_NAME or any(mark in speaker for mark in (*COLONS, "\n")):
                raise UsageError(f"'{speaker}' cannot be the name of a speaker.")
            vocabulary.need(list(speaker), what=form.name)

    def start(self) -> TurnState:
        """Return the state before the first piece."""
        return TurnState()

    def done(self, state: TurnState) -> bool:
        """Return whether the end has been written."""
        return state.ended

    def ahead(self, state: TurnState) -> Ahead:
        """Return what the next token is for."""
        return Ahead() if state.ended else Ahead(line=state.turns - 1)

    def mask(self, state: TurnState) -> NDArray[np.bool_]:
        """Return mask_V, true for what may come next."""
        mask = np.zeros(len(self.vocabulary), dtype=np.bool_)
        if state.ended:
            return mask
        if state.part == NAME:
            return self._name_mask(state)
        if state.part == COLON:
            mask[self._facts.newline] = True
            return mask
        opening = self._facts.opens_V if state.column == 0 or state.spaced else self._facts.text_V
        room = LONGEST_LINE[self.form.language] - state.column
        if state.column or state.lines < MOST_LINES:
            mask |= opening & (self._facts.length_V <= room)
        mask[self._facts.newline] = self._may_break(state)
        mask[self.vocabulary.end] = state.column > 0 and not state.spaced and state.turns >= self.form.fewest
        return mask

    def step(self, state: TurnState, token: int) -> TurnState:
        """Return the state after a token.

        Raises:
            ValueError: the token is not allowed here.
        """
        if not self.mask(state)[token]:
            raise ValueError(f"{self.vocabulary.pieces[token]!r} is not allowed here: {state}")
        piece = self.vocabulary.pieces[token]
        if token == self.vocabulary.end:
            return replace(state, ended=True)
        if token == self._facts.newline:
            if state.part == SPEECH and state.column == 0:
                return TurnState(turns=state.turns + 1)
            lines = state.lines + (state.part == SPEECH)
            return TurnState(part=SPEECH, turns=state.turns, lines=lines)
        if state.part == NAME and piece in COLONS:
            return replace(state, part=COLON)
        name = state.name + piece if state.part == NAME and self._speakers else ""
        spaced = bool(self._facts.spaced_V[token])
        return replace(state, column=state.column + len(piece), name=name, spaced=spaced)

    def _may_break(self, state: TurnState) -> bool:
        """Return whether a line may close, or after a closed line the turn."""
        if state.spaced:
            return False
        if state.column == 0:
            return state.lines > 0 and state.turns < self.form.most
        # After the last line of the last turn nothing could follow.
        return state.lines + 1 < MOST_LINES or state.turns < self.form.most

    def _name_mask(self, state: TurnState) -> NDArray[np.bool_]:
        if not self._speakers:
            fresh = state.column == 0 or state.spaced
            opening = self._facts.opens_V & self._facts.name_V if fresh else self._facts.name_V
            mask: NDArray[np.bool_] = opening & (self._facts.length_V <= LONGEST_NAME - state.column)
            if not fresh:
                mask |= self._facts.colon_V
            return mask
        mask = np.zeros(len(self.vocabulary), dtype=np.bool_)
        for speaker in self._speakers:
            if speaker == state.name:
                mask |= self._facts.colon_V
            elif speaker.startswith(state.name):
                left = speaker[len(state.name) :]
                ids = self.vocabulary.ids
                mask[[ids[left[:size]] for size in range(1, len(left) + 1) if left[:size] in ids]] = True
        return mask

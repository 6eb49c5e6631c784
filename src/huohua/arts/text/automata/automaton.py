"""What every automaton offers, and writing by chance under one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.slots import Ahead
from huohua.arts.text.vocabulary import Vocabulary

State = TypeVar("State")


class Automaton(Protocol[State]):
    """A form and a vocabulary, as states and masks.

    States are immutable and may be kept, compared and gone on from in several ways.
    """

    @property
    def vocabulary(self) -> Vocabulary:
        """Return what the masks are about."""
        ...

    def start(self) -> State:
        """Return the state before the first token."""
        ...

    def mask(self, state: State) -> NDArray[np.bool_]:
        """Return mask_V, true for each token that may come next; never all false before the end."""
        ...

    def step(self, state: State, token: int) -> State:
        """Return the state after a token.

        Raises:
            ValueError: the mask forbids the token.
        """
        ...

    def ahead(self, state: State) -> Ahead:
        """Return what the next token is for: its line, what is left of it, its tone and rhyme."""
        ...

    def done(self, state: State) -> bool:
        """Return whether the end has been written."""
        ...


def write_at_random(
    automaton: Automaton[State], generator: np.random.Generator, *, most: int = 100_000
) -> list[int]:
    """Return the tokens of a work, each drawn with equal chances from those allowed.

    Args:
        automaton: what to keep to.
        generator: where chance comes from.
        most: tokens after which it must have ended.

    Raises:
        RuntimeError: no token was allowed, or there were more than `most`: the automaton is wrong.
    """
    state, tokens = automaton.start(), list[int]()
    while not automaton.done(state):
        (allowed,) = automaton.mask(state).nonzero()
        if not len(allowed) or len(tokens) >= most:
            raise RuntimeError(f"writing stopped after {len(tokens)} tokens with {len(allowed)} allowed")
        tokens.append(int(generator.choice(allowed)))
        state = automaton.step(state, tokens[-1])
    return tokens


def follow(automaton: Automaton[State], tokens: Sequence[int]) -> State:
    """Return the state after some tokens.

    Raises:
        ValueError: one of them is forbidden.
    """
    state = automaton.start()
    for token in tokens:
        state = automaton.step(state, token)
    return state

"""What a tokeniser can say, as texts: the one thing automata need to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from huohua.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    r"""The literal text of every token, and the tokens that are no text.

    Attributes:
        pieces: the text a token stands for in the middle of a text, such as "月", " the", "ing" or "\n"; ""
            for tokens that are no text (padding, marks of the prompt) and for parts of a character.
        end: the token that ends a work.
    """

    pieces: tuple[str, ...]
    end: int

    def __post_init__(self) -> None:
        """Refuse an end that is no token."""
        if not 0 <= self.end < len(self.pieces):
            raise ValueError(f"token {self.end} is none of {len(self.pieces)}")

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self.pieces)

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """Return the token of each piece; the first where several have the same text."""
        found: dict[str, int] = {}
        for token, piece in enumerate(self.pieces):
            if piece and token != self.end:
                found.setdefault(piece, token)
        return found

    def spell(self, tokens: Sequence[int]) -> str:
        """Return the text of tokens up to the end."""
        kept = list(tokens)
        if self.end in kept:
            kept = kept[: kept.index(self.end)]
        return "".join(self.pieces[token] for token in kept)

    def need(self, pieces: Sequence[str], *, what: str) -> None:
        """Make sure that pieces are there, each as a token of its own.

        Raises:
            UsageError: one is missing.
        """
        missing = [piece for piece in dict.fromkeys(pieces) if piece not in self.ids]
        if missing:
            named = " ".join(repr(piece) for piece in missing[:8])
            raise UsageError(
                f"{what} needs {named}, which this model cannot write.",
                advice="Choose other words, or train a model whose texts hold them.",
            )

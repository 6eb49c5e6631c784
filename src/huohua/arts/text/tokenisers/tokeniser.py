"""What every tokeniser offers, and which of them a language gets."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from huohua.arts.text.form import Language
from huohua.arts.text.tokenisers.characters import CharacterTokeniser
from huohua.arts.text.tokenisers.pieces import PieceTokeniser
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import ModelError


class Tokeniser(Protocol):
    """Texts to numbers and back. Number 0 ends a work and is never part of an encoded text."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the text of every number."""
        ...

    def encode(self, text: str) -> list[int]:
        """Return the numbers of a text."""
        ...

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of many texts, in less time than one by one."""
        ...

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of numbers up to the end of the work; numbers beyond the vocabulary say nothing."""
        ...

    def to_json(self) -> str:
        """Return everything there is to it as JSON text."""
        ...


KINDS: Mapping[str, type[CharacterTokeniser] | type[PieceTokeniser]] = {
    "characters": CharacterTokeniser,
    "pieces": PieceTokeniser,
}
DEFAULT_SIZE: Mapping[Language, int] = {"zh": 8000, "en": 4096}


def train_tokeniser(texts: Iterable[str], language: Language, *, size: int | None = None) -> Tokeniser:
    """Return a tokeniser learnt from texts.

    Args:
        texts: what it will be used on.
        language: "zh" is read by character, all else by pieces of words.
        size: the most numbers it may have; 8,000 characters or 4,096 pieces unless given.

    Raises:
        UsageError: the size is too small.
        MissingDependencyError: the library that learns pieces is not installed.
    """
    kind = CharacterTokeniser if language == "zh" else PieceTokeniser
    return kind.train(texts, size or DEFAULT_SIZE[language])


def read_tokeniser(text: str, *, source: str = "the tokeniser") -> Tokeniser:
    """Return the tokeniser that `to_json` wrote; `source` names it in errors.

    Raises:
        ModelError: the text is damaged, or of a newer kind.
        MissingDependencyError: the library that reads pieces is not installed.
    """
    try:
        record = json.loads(text)
        return KINDS[record["kind"]].from_record(record)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(
            f"{source} cannot be read.", advice="It is damaged, or was written by a newer Huohua."
        ) from error

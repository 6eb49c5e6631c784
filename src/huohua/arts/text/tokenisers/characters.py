"""A tokeniser that reads text character by character."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from typing_extensions import Self

from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

END, UNKNOWN = 0, 1
# What verse is laid out with; always there, so that every form can be written.
LAYOUT = ("\n", "，", "。", "、", "！", "？", "；", "：")
SMALLEST = 64


@dataclass(frozen=True)
class CharacterTokeniser:
    """One number for each character, the most frequent first; rare ones share the number of the unknown.

    Attributes:
        vocabulary: number 0 is the end of a work, number 1 an unknown character; both are no text.
    """

    vocabulary: Vocabulary

    @classmethod
    def train(cls, texts: Iterable[str], size: int) -> Self:
        """Return a tokeniser for the most frequent characters of texts.

        Raises:
            UsageError: the size is below `SMALLEST`.
        """
        if size < SMALLEST:
            raise UsageError(
                f"A tokeniser of {size} characters is too small.", advice=f"Use {SMALLEST} or more."
            )
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update(text)
        often = sorted(counts, key=lambda character: (-counts[character], character))
        kept = [*LAYOUT, *(character for character in often if character not in LAYOUT)]
        return cls(Vocabulary(pieces=("", "", *kept[: size - 2]), end=END))

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the tokeniser that `to_json` wrote.

        Raises:
            ValueError: the record does not fit.
        """
        characters = record["characters"]
        if not isinstance(characters, str) or len(set(characters)) != len(characters):
            raise ValueError("the characters are no text, or some come twice")
        return cls(Vocabulary(pieces=("", "", *characters), end=END))

    def to_json(self) -> str:
        """Return everything there is to it as JSON text."""
        characters = "".join(self.vocabulary.pieces[2:])
        return json.dumps({"kind": "characters", "characters": characters}, ensure_ascii=False)

    @cached_property
    def _ids(self) -> Mapping[str, int]:
        return self.vocabulary.ids

    def encode(self, text: str) -> list[int]:
        """Return the number of each character."""
        ids = self._ids
        return [ids.get(character, UNKNOWN) for character in text]

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of many texts."""
        return [self.encode(text) for text in texts]

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of numbers up to the end of the work."""
        known = len(self.vocabulary)
        return self.vocabulary.spell([token for token in tokens if 0 <= token < known])

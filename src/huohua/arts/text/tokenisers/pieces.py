"""A tokeniser of pieces of words, learnt by merging the pairs that come most often.

It works on bytes, so that any text can be written and read back whole. Each line break is a piece of its own,
and so is every single letter; automata for verse rely on both.

Source: Sennrich et al. 2016, "Neural Machine Translation of Rare Words with Subword Units", algorithm 1; on
bytes as in Radford et al. 2019, "Language Models are Unsupervised Multitask Learners", section 2.2.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import Self

from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import MissingDependencyError, UsageError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

END = 0
SMALLEST = 300  # 256 bytes, the end, and some pieces


@dataclass(frozen=True)
class PieceTokeniser:
    """Pieces of words. Number 0 is the end of a work; the library's own numbers follow, moved up by one.

    Attributes:
        definition: the tokeniser as the library writes it, JSON.
    """

    definition: str

    @classmethod
    def train(cls, texts: Iterable[str], size: int) -> Self:
        """Return a tokeniser learnt from texts; the same texts give the same pieces.

        Raises:
            UsageError: the size is below `SMALLEST`.
            MissingDependencyError: the library is not installed.
        """
        if size < SMALLEST:
            raise UsageError(f"A tokeniser of {size} pieces is too small.", advice=f"Use {SMALLEST} or more.")
        _need_library()
        from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split("\n", behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False),
            ]
        )
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=size - 1,
            min_frequency=2,
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        )
        tokenizer.train_from_iterator(texts, trainer)
        return cls(tokenizer.to_str())

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the tokeniser that `to_json` wrote.

        Raises:
            ValueError: the record does not fit.
        """
        found = cls(json.dumps(record["definition"], ensure_ascii=False))
        found.vocabulary  # noqa: B018 - what is damaged is noticed here
        return found

    def to_json(self) -> str:
        """Return everything there is to it as JSON text."""
        return json.dumps({"kind": "pieces", "definition": json.loads(self.definition)}, ensure_ascii=False)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        _need_library()
        from tokenizers import Tokenizer

        try:
            return Tokenizer.from_str(self.definition)
        except Exception as error:  # the library raises nothing narrower
            raise ValueError(f"the definition cannot be read: {error}") from error

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Return the text of every number; parts of a character have none."""
        names = self._tokenizer.get_vocab(with_added_tokens=False)
        pieces = [""] * (1 + max(names.values()) + 1)
        for name, number in names.items():
            pieces[number + 1] = _text_of(name)
        return Vocabulary(pieces=tuple(pieces), end=END)

    def encode(self, text: str) -> list[int]:
        """Return the numbers of a text."""
        return [number + 1 for number in self._tokenizer.encode(text).ids]

    def encode_all(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of many texts."""
        return [[number + 1 for number in found.ids] for found in self._tokenizer.encode_batch(list(texts))]

    def decode(self, tokens: Sequence[int]) -> str:
        """Return the text of numbers up to the end of the work, characters of several pieces joined."""
        kept = list(tokens)
        if END in kept:
            kept = kept[: kept.index(END)]
        known = len(self.vocabulary)
        return str(self._tokenizer.decode([token - 1 for token in kept if 0 < token < known]))


def _text_of(name: str) -> str:
    """Return the text of a piece from the library's name for its bytes, "" where it is no whole text."""
    table = _bytes_by_letter()
    try:
        return bytes(table[letter] for letter in name).decode("utf-8")
    except (UnicodeDecodeError, KeyError):
        return ""


@cache
def _bytes_by_letter() -> Mapping[str, int]:
    """Return the byte that each letter of the library's alphabet stands for.

    Printable bytes stand for themselves, and the others, in order, for the letters from U+0100 on.
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in set(printable)]
    table = {chr(byte): byte for byte in printable}
    table.update({chr(0x100 + number): byte for number, byte in enumerate(rest)})
    return table


def _need_library() -> None:
    if importlib.util.find_spec("tokenizers") is None:
        raise MissingDependencyError(
            "Reading words by pieces needs the library tokenizers.",
            advice='Install it with: pip install "huohua[text]"',
        )

"""Texts as a writer learns from them: tokens, what each is for, and what may stand in a prompt.

A work longer than a row is cut into passages at the ends of lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.form import Language
from huohua.arts.text.rows import Written
from huohua.arts.text.slots import read_ahead
from huohua.arts.text.vocabulary import Vocabulary
from huohua.randomness import numpy_generator

KEYWORDS = 8  # words of a passage that may be named in its prompt
TITLE = 16  # tokens of a title that are read
SHORTEST_KEYWORD = 4  # letters


class Tokeniser(Protocol):
    """What cuts texts into tokens."""

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the text of every token."""
        ...

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without one that ends it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Source:
    """A work to be learnt from.

    Attributes:
        text: as its form lays it out.
        title: or "".
        labels: tokens of what it is.
        language: it is written in.
        book: the rhyme book that it is read by, if Chinese.
    """

    text: str
    title: str = ""
    labels: tuple[int, ...] = ()
    language: Language = "zh"
    book: str = "pingshui"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A work or a stretch of one.

    Attributes:
        work: the number of the work it is of.
        written: its tokens.
        labels, title: for prompts, as tokens.
        keywords: the tokens of some of its words.
        heads: the token that begins each of its lines.
    """

    work: int
    written: Written
    labels: tuple[int, ...] = ()
    title: tuple[int, ...] = ()
    keywords: tuple[tuple[int, ...], ...] = ()
    heads: tuple[int, ...] = ()


def passages_of(sources: Iterable[Source], tokeniser: Tokeniser, *, longest: int) -> list[Passage]:
    """Return the passages of some works, none longer than `longest` tokens."""
    found: list[Passage] = []
    for work, source in enumerate(sources):
        title = tuple(tokeniser.encode(source.title)[:TITLE])
        whole = written(source.text, tokeniser, source.language, source.book)
        for stretch in _stretches(whole, longest):
            dice = numpy_generator(work, "keywords", len(found))
            found.append(
                Passage(
                    work=work,
                    written=stretch,
                    labels=source.labels,
                    title=title,
                    keywords=tuple(_keywords(stretch, tokeniser, source.language, dice)),
                    heads=_heads(stretch) if source.language == "zh" else (),
                )
            )
    return found


def written(text: str, tokeniser: Tokeniser, language: Language, book: str = "pingshui") -> Written:
    """Return a text as tokens, with what each of them is for."""
    tokens = tokeniser.encode(text)
    aheads = [ahead.numbers() for ahead in read_ahead(text, language, book)]
    rows = [aheads[min(start, len(aheads) - 1)] for start in starts(tokens, tokeniser.vocabulary, len(text))]
    return Written(
        token_T=np.array(tokens, dtype=np.int64),
        symbol_TK=np.array(rows, dtype=np.int64).reshape(len(tokens), 4),
    )


def starts(tokens: Sequence[int], vocabulary: Vocabulary, length: int) -> list[int]:
    """Return at which character of a text of some length each of its tokens begins."""
    if len(tokens) == length:  # characters, unknown ones among them
        return list(range(length))
    return list(accumulate((len(vocabulary.pieces[token]) for token in tokens[:-1]), initial=0))


def _stretches(whole: Written, longest: int) -> Iterator[Written]:
    first, total = 0, len(whole)
    line_T = whole.symbol_TK[:, 0]
    ends = np.flatnonzero(np.diff(line_T, append=-1)) + 1
    while first < total:
        within = ends[(ends > first) & (ends <= first + longest)]
        last = int(within[-1]) if len(within) else min(total, first + longest)
        symbol_TK = whole.symbol_TK[first:last]
        yield Written(
            token_T=whole.token_T[first:last],
            symbol_TK=symbol_TK,
            begins=first == 0,
            ends=last == total,
        )
        first = last


def _keywords(
    stretch: Written, tokeniser: Tokeniser, language: Language, dice: np.random.Generator
) -> Iterator[tuple[int, ...]]:
    if language == "en":
        text = "".join(tokeniser.vocabulary.pieces[token] for token in stretch.token_T)
        words = sorted({word for word in text.split() if word.isalpha() and len(word) >= SHORTEST_KEYWORD})
        for word in dice.permutation(words)[:KEYWORDS] if words else []:
            yield tuple(tokeniser.encode(f" {word}"))
        return
    left_T, line_T = stretch.symbol_TK[:, 1], stretch.symbol_TK[:, 0]
    (content,) = np.nonzero(left_T > 1)  # 1 is the mark that closes a line
    for at in dice.permutation(content)[:KEYWORDS]:
        pair = at + 1 < len(left_T) and left_T[at + 1] == left_T[at] - 1 > 1 and line_T[at] == line_T[at + 1]
        size = 2 if pair and dice.random() < 0.5 else 1
        yield tuple(int(token) for token in stretch.token_T[at : at + size])


def _heads(stretch: Written) -> tuple[int, ...]:
    line_T: NDArray[np.int64] = stretch.symbol_TK[:, 0]
    firsts = np.flatnonzero(np.diff(line_T, prepend=-1))
    return tuple(int(token) for token in stretch.token_T[firsts])

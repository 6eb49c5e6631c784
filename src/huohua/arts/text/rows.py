"""How a text lies before a network: a row of tokens, each with what it is for.

A row begins with a prompt (labels, title, keywords, heads of lines) and goes on in one of three ways: the
text itself; a text with a gap, the gap's content last; or a text and then its title. Whoever can go on with
such rows can write, continue, fill gaps, rewrite and find titles.

Source: Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the Middle", section 3 (the
order prefix, suffix, middle); Keskar et al. 2019, "CTRL: A Conditional Transformer Language Model for
Controllable Generation", section 3 (labels as a prefix).

Letters: T tokens, K columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.signs import Signs

# The columns of a row. `WORK` tells works apart that lie in one row, 0 where there is none; `COUNTED` is 1
# where a generator is asked how likely the token is.
TOKEN, LINE, LEFT, TONE, RHYME, WORK, COUNTED = range(7)
COLUMNS = 7
SYMBOLS = slice(LINE, WORK)


@dataclass(frozen=True, kw_only=True)
class Written:
    """A text as tokens with what each is for.

    Attributes:
        token_T: its tokens, without the one that ends a work.
        symbol_TK: line, left, tone and rhyme of each, as `Ahead.numbers` gives them.
        begins, ends: whether it begins where its work does, and ends where that does.
    """

    token_T: NDArray[np.int64]
    symbol_TK: NDArray[np.int64]
    begins: bool = True
    ends: bool = True

    def __len__(self) -> int:
        """Return the number of tokens."""
        return len(self.token_T)


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a text is to be like, as tokens.

    Attributes:
        labels: the tokens of labels.
        title: a title's tokens.
        keywords: the tokens of each keyword.
        heads: the first characters of its lines.
    """

    labels: tuple[int, ...] = ()
    title: tuple[int, ...] = ()
    keywords: tuple[tuple[int, ...], ...] = ()
    heads: tuple[int, ...] = ()

    def tokens(self, signs: Signs, *, begins: bool = True) -> list[int]:
        """Return the prompt as a row begins with it."""
        row = [signs["start" if begins else "amid"], *self.labels]
        if self.title:
            row += [signs["title"], *self.title]
        for keyword in self.keywords:
            row += [signs["keyword"], *keyword]
        if self.heads:
            row += [signs["heads"], *self.heads]
        return row


def whole(prompt: Prompt, written: Written, signs: Signs) -> NDArray[np.int64]:
    """Return row_TK: the prompt, then the text, which is what is asked for."""
    head = [*prompt.tokens(signs, begins=written.begins), signs["text"]]
    return joined(bare(head), counted(written, end=signs.end if written.ends else None))


def with_gap(prompt: Prompt, written: Written, first: int, last: int, signs: Signs) -> NDArray[np.int64]:
    """Return row_TK: the prompt, what surrounds the tokens `first` to `last` - 1, and then those."""
    return joined(
        gap_head(prompt, written, first, last, signs),
        counted(part(written, first, last), end=signs.end),
    )


def gap_head(prompt: Prompt, written: Written, first: int, last: int, signs: Signs) -> NDArray[np.int64]:
    """Return the same row as far as the gap's content."""
    return joined(
        bare([*prompt.tokens(signs, begins=written.begins), signs["before"]]),
        # What is before the gap is written as any text is, and asked for as well.
        counted(part(written, 0, first), end=None),
        bare([signs["after"]]),
        plain(part(written, last, len(written))),
        # The end of the work is told as well: a gap before it closes the text.
        bare([signs.end, signs["middle"]] if written.ends else [signs["middle"]]),
    )


def with_title(prompt: Prompt, written: Written, title: Sequence[int], signs: Signs) -> NDArray[np.int64]:
    """Return row_TK: the prompt and the text, then its title, which is what is asked for."""
    asked = bare([*title, signs.end])
    asked[:, COUNTED] = 1
    return joined(title_head(prompt, written, signs), asked)


def title_head(prompt: Prompt, written: Written, signs: Signs) -> NDArray[np.int64]:
    """Return the same row as far as the title."""
    head = [*prompt.tokens(signs, begins=written.begins), signs["text"]]
    return joined(bare(head), plain(written), bare([signs["title"]]))


def part(written: Written, first: int, last: int) -> Written:
    """Return some of the tokens of a text, neither its begin nor its end."""
    return Written(
        token_T=written.token_T[first:last],
        symbol_TK=written.symbol_TK[first:last],
        begins=written.begins and first == 0,
        ends=written.ends and last == len(written),
    )


def bare(tokens: Sequence[int]) -> NDArray[np.int64]:
    """Return row_TK of tokens that say nothing of lines, tones and rhymes, and are not asked for."""
    row = np.zeros((len(tokens), COLUMNS), dtype=np.int64)
    row[:, TOKEN], row[:, WORK] = tokens, 1
    return row


def plain(written: Written) -> NDArray[np.int64]:
    """Return row_TK of a text that is not asked for."""
    row = bare(written.token_T)  # type: ignore[arg-type]
    row[:, SYMBOLS] = written.symbol_TK
    return row


def counted(written: Written, *, end: int | None) -> NDArray[np.int64]:
    """Return row_TK of a text that is asked for, with the token that ends it if there is one."""
    row = joined(plain(written), bare([] if end is None else [end]))
    row[:, COUNTED] = 1
    return row


def joined(*rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return rows one after another."""
    return np.concatenate(rows)


def packed(rows: Sequence[NDArray[np.int64]], length: int, pad: int) -> NDArray[np.int64]:
    """Return sample_BTK: rows laid side by side into rows of `length`, each where it first fits.

    Works in one row bear numbers from 1 in `WORK`. A row that is too long is cut.

    Source: Johnson 1973, "Near-optimal bin packing algorithms", chapter 2 (first fit decreasing).
    """
    bins: list[list[NDArray[np.int64]]] = []
    room: list[int] = []
    for row in sorted(rows, key=len, reverse=True):
        cut = row[:length]
        place = next((n for n, left in enumerate(room) if left >= len(cut)), len(bins))
        if place == len(bins):
            bins.append([])
            room.append(length)
        bins[place].append(cut)
        room[place] -= len(cut)
    sample_BTK = np.zeros((len(bins), length, COLUMNS), dtype=np.int64)
    sample_BTK[:, :, TOKEN] = pad
    for number, members in enumerate(bins):
        at = 0
        for work, row in enumerate(members, start=1):
            sample_BTK[number, at : at + len(row)] = row
            sample_BTK[number, at : at + len(row), WORK] = work
            at += len(row)
    return sample_BTK

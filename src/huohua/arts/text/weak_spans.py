"""Where a text is weakest: the span whose tokens, the reader says, belong there least.

Source: Deng et al. 2020, "An Iterative Polishing Framework based on Quality Aware Masked Language Model for
Chinese Poetry Generation", section 3.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch

from huohua.arts.text import rows
from huohua.arts.text.gaps import gap_in, line_spans, told
from huohua.arts.text.passages import starts
from huohua.arts.text.rows import Prompt
from huohua.arts.text.writing import Desk

Span = tuple[int, int]


def weakest(
    desk: Desk, prompt: Prompt, text: str, locked: Sequence[Span], *, whole_lines: bool = False
) -> Span | None:
    """Return the span that belongs least and is not locked, None where all is.

    Args:
        desk: whose reader is asked; without one lines come in order.
        prompt: what the text is to be like.
        text: to be looked at.
        locked: spans that stay.
        whole_lines: whether spans are whole lines, or parts of them.
    """
    language = desk.wording.language
    spans = locked_out(line_spans(text, language), locked)
    if not whole_lines:
        spans = [part for span in spans for part in _parts(text, span, language)]
    if not spans:
        return None
    belongs = _belongings(desk, prompt, text)
    if belongs is None:
        return spans[0]
    return min(spans, key=lambda span: _mean(belongs[slice(*span)]))


def locked_out(spans: Sequence[Span], locked: Sequence[Span]) -> list[Span]:
    """Return those spans that share nothing with any that is locked.

    Example:
        >>> locked_out([(0, 3), (3, 6)], [(2, 3)])
        [(3, 6)]
    """
    return [(a, b) for a, b in spans if all(b <= first or last <= a for first, last in locked)]


@torch.inference_mode()
def _belongings(desk: Desk, prompt: Prompt, text: str) -> list[float] | None:
    """Return for each character how surely its token belongs there."""
    if desk.reader is None:
        return None
    wording = desk.wording
    written = told(gap_in(text, len(text), len(text), wording.language), wording)[0]
    row_TK = rows.whole(prompt, written, wording.signs)[: desk.reader.settings.longest]
    token_T = desk.reader(torch.from_numpy(row_TK)[None]).token_BT[0]
    first = len(prompt.tokens(wording.signs)) + 1
    places = [*starts(written.token_T.tolist(), wording.tokeniser.vocabulary, len(text)), len(text)]
    found = [0.0] * len(text)
    for number, (begin, end) in enumerate(pairwise(places)):
        if first + number < len(token_T):
            found[begin:end] = [float(token_T[first + number])] * (end - begin)
    return found


def _parts(text: str, span: Span, language: str) -> list[Span]:
    """Return stretches of a line: two or three characters in Chinese, some words in English."""
    first, last = span
    if language == "zh":
        step = 2 if (last - first) % 2 == 0 else 3
        return [(at, min(at + step, last)) for at in range(first, last, step)]
    words = [at for at in range(first, last) if at == first or text[at - 1] == " "] + [last]
    return [(a, b) for a, b in zip(words[::3], [*words[3::3], last], strict=False) if a < b]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / max(1, len(numbers))

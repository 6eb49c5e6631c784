"""What was copied: the longest run of letters a text shares with real ones, and lines found word by word.

Marks, spaces and case do not count, for a copy with other commas is a copy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.text.form import Language
from huohua.arts.text.gaps import line_spans
from huohua.metrics.longest_run import RunIndex

_MARKS = re.compile(r"[\W_]+")
SHORTEST_LINE = 4  # letters; shorter lines are found anywhere


@dataclass(frozen=True, kw_only=True)
class Copied:
    """What of a text stands in others.

    Attributes:
        run: letters of the longest run it shares with one of them.
        shared: that run, without marks.
        source: the number of the text that it stands in too, -1 for none.
        lines: how many of its lines stand in some of them as they are.
        of: of how many lines.
    """

    run: int
    shared: str
    source: int
    lines: int
    of: int

    @property
    def share(self) -> float:
        """Return the share of lines that stand elsewhere."""
        return self.lines / self.of if self.of else 0.0


class CopyIndex:
    """Real texts to be looked up.

    Args:
        texts: the real ones.
        language: of them.

    Source: Carlini et al. 2023, "Quantifying Memorization Across Neural Language Models", section 3: what
    counts is what was copied letter by letter.

    Example:
        >>> index = CopyIndex(["床前明月光，疑是地上霜。"], "zh")
        >>> found = index.look_up("今夜明月光，疑是地上霜。")
        >>> found.shared, found.lines, found.of
        ('明月光疑是地上霜', 1, 2)
    """

    def __init__(self, texts: Sequence[str], language: Language) -> None:
        self.language = language
        self._index = RunIndex([_numbers(text) for text in texts])
        self._lines = {line for text in texts for line in lines_of(text, language)}

    def look_up(self, text: str, *, besides: int = -1) -> Copied:
        """Return what of a text stands in these; one of them may be left out of the search for runs."""
        numbers = _numbers(text)
        run = self._index.longest(numbers, besides=besides)
        letters = _bare(text)
        lines = lines_of(text, self.language)
        return Copied(
            run=run.length,
            shared=letters[run.start : run.start + run.length],
            source=run.other,
            lines=sum(line in self._lines for line in lines),
            of=len(lines),
        )


@dataclass(frozen=True, kw_only=True)
class CopyRate:
    """Copying in a set of texts: mean and largest run, and the share of lines found word by word."""

    mean_run: float
    longest_run: int
    lines: float


def copy_rate(texts: Sequence[str], index: CopyIndex) -> CopyRate:
    """Return how much of some texts was copied; only beside real texts of the same kind does it say anything.

    Source: as `CopyIndex`; the comparison with unseen real texts is that of Meehan et al. 2020, "A
    Non-Parametric Test to Detect Data-Copying in Generative Models", section 2.
    """
    found = [index.look_up(text) for text in texts]
    lines, of = sum(one.lines for one in found), sum(one.of for one in found)
    return CopyRate(
        mean_run=float(np.mean([one.run for one in found])) if found else 0.0,
        longest_run=max((one.run for one in found), default=0),
        lines=lines / of if of else 0.0,
    )


def lines_of(text: str, language: Language) -> list[str]:
    """Return the lines of a text without marks, those of a few letters left out."""
    lines = [_bare(text[first:last]) for first, last in line_spans(text, language)]
    return [line for line in lines if len(line) >= SHORTEST_LINE]


def _bare(text: str) -> str:
    return _MARKS.sub("", text).casefold()


def _numbers(text: str) -> NDArray[np.int64]:
    return np.frombuffer(_bare(text).encode("utf-32-le"), dtype="<u4").astype(np.int64)

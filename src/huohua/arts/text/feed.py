"""How texts reach a game: by number, as rows in which several lie side by side.

Each time a passage is shown it is laid out anew: as it is, with a gap somewhere, or with its title asked for;
under a prompt that says more or less of it. What is chosen follows from the moment alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field

from huohua.adversarial.game import Batch, Moment
from huohua.arts.text import rows
from huohua.arts.text.passages import Passage
from huohua.arts.text.rows import Prompt, Written
from huohua.arts.text.signs import Signs
from huohua.config import Config
from huohua.randomness import numpy_generator


class LayoutSettings(Config):
    """How often passages are laid out in which way.

    Attributes:
        gap: share that is shown with a gap.
        short_gap: share of the gaps that are a few tokens; the others are whole lines.
        ask_title: share whose title is asked for.
        label: chance that a label is told.
        title: chance that a title is told.
        keywords: most keywords that are told.
        heads: chance that the first characters of lines are told.
        silent_tone, silent_left, silent_rhyme: chance that nothing is said of tones, of what is left of
        lines,
            and of which rhyme it is.
    """

    gap: float = Field(default=0.4, ge=0, le=1)
    short_gap: float = Field(default=0.5, ge=0, le=1)
    ask_title: float = Field(default=0.05, ge=0, le=1)
    label: float = Field(default=0.9, ge=0, le=1)
    title: float = Field(default=0.5, ge=0, le=1)
    keywords: int = Field(default=3, ge=0)
    heads: float = Field(default=0.05, ge=0, le=1)
    silent_tone: float = Field(default=0.2, ge=0, le=1)
    silent_left: float = Field(default=0.05, ge=0, le=1)
    silent_rhyme: float = Field(default=0.2, ge=0, le=1)


class TextWorks:
    """Passages as the engine wants them.

    Args:
        passages: what is learnt from.
        signs: the tokens that are no text.
        layout: in which ways.
        length: tokens in a row.
        device: where batches go.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        signs: Signs,
        layout: LayoutSettings,
        *,
        length: int,
        device: torch.device,
    ) -> None:
        self.passages, self.signs, self.layout = passages, signs, layout
        self.length, self.device = length, device

    def __len__(self) -> int:
        """Return the number of passages."""
        return len(self.passages)

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return passages packed into rows; there is no condition beside what rows say themselves."""
        laid = [self.laid(int(number), _dice(moment, place)) for place, number in enumerate(numbers)]
        sample = torch.from_numpy(rows.packed(laid, self.length, self.signs["pad"]))
        return Batch(sample=sample.to(self.device), condition_BC=torch.zeros(len(sample), 0).to(self.device))

    def laid(self, number: int, dice: np.random.Generator) -> NDArray[np.int64]:
        """Return row_TK of one passage, laid out by lot."""
        passage, layout, signs = self.passages[number], self.layout, self.signs
        written, prompt = silenced(passage.written, layout, dice), prompt_of(passage, layout, dice)
        lot = dice.random()
        if lot < layout.gap and len(written) > 1:
            return rows.with_gap(prompt, written, *_gap(written, layout, dice), signs)
        if lot > 1 - layout.ask_title and passage.title and written.begins:
            untitled = Prompt(labels=prompt.labels, keywords=prompt.keywords)
            return rows.with_title(untitled, written, passage.title, signs)
        return rows.whole(prompt, written, signs)


def prompt_of(passage: Passage, layout: LayoutSettings, dice: np.random.Generator) -> Prompt:
    """Return a prompt that says some of what is known of a passage."""
    count = min(int(dice.integers(0, layout.keywords + 1)), len(passage.keywords))
    chosen = dice.permutation(len(passage.keywords))[:count]
    return Prompt(
        labels=tuple(label for label in passage.labels if dice.random() < layout.label),
        title=passage.title if dice.random() < layout.title else (),
        keywords=tuple(passage.keywords[number] for number in chosen),
        heads=passage.heads if dice.random() < layout.heads else (),
    )


def silenced(written: Written, layout: LayoutSettings, dice: np.random.Generator) -> Written:
    """Return a text of which some things are not said: any writer must also do without them."""
    tones, lefts, which = dice.random(3) < (layout.silent_tone, layout.silent_left, layout.silent_rhyme)
    if not (tones or lefts or which):
        return written
    symbol_TK = written.symbol_TK.copy()
    if tones:
        symbol_TK[:, 2] = 0
    if lefts:
        symbol_TK[:, 1] = 0
    if which:
        symbol_TK[:, 3] = np.minimum(symbol_TK[:, 3], 1)
    return Written(token_T=written.token_T, symbol_TK=symbol_TK, begins=written.begins, ends=written.ends)


def _gap(written: Written, layout: LayoutSettings, dice: np.random.Generator) -> tuple[int, int]:
    """Return the first token of a gap and the first behind it: a few tokens, or some whole lines."""
    total = len(written)
    if dice.random() < layout.short_gap:
        size = int(dice.integers(1, min(6, total) + 1))
        first = int(dice.integers(0, total - size + 1))
        return first, first + size
    edges = [0, *(np.flatnonzero(np.diff(written.symbol_TK[:, 0])) + 1).tolist(), total]
    first = int(dice.integers(0, len(edges) - 1))
    last = min(len(edges) - 1, first + int(dice.integers(1, 5)))
    return edges[first], edges[last]


def _dice(moment: Moment, place: int) -> np.random.Generator:
    return numpy_generator(moment.seed, "layout", moment.round, moment.part, moment.share, place)

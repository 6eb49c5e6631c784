"""Does a generated piece sound like the style it was asked for, to a judge that only ever met real ones?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from huohua.arts.music.metrics.guessing import balanced_accuracy, guesses, judge_of
from huohua.arts.music.metrics.listener import told
from huohua.arts.music.metrics.notes import Notes
from huohua.arts.music.metrics.shown import shown
from huohua.errors import DataError


@dataclass(frozen=True, kw_only=True)
class GenreJudge:
    """A judge of styles.

    Attributes:
        styles: the words it knows.
        accuracy: how often it is right about real pieces of songs it was not taught, styles counting alike.
        network: the judge, taught on all real pieces.
        steps: sixteenths of a piece that it is shown.
    """

    styles: tuple[str, ...]
    accuracy: float
    network: torch.nn.Module
    steps: int

    def guess(self, pieces: Sequence[Notes]) -> list[str]:
        """Return the style that each piece is taken for."""
        score_NK = told(self.network, torch.from_numpy(shown(pieces, self.steps)))
        return [self.styles[int(place)] for place in score_NK.argmax(dim=1)]

    def agreement(self, pieces: Sequence[Notes]) -> float:
        """Return how often the style a piece was asked for is what it is taken for, styles counting alike.

        A model cannot be asked to beat `accuracy`, which real pieces reach; one that makes only what is most
        typical can, and that is no virtue.

        Source: the GAN-test accuracy of Shmelkov et al. 2018, "How good is my GAN?".

        Raises:
            DataError: no piece has a style that the judge knows.
        """
        known = [notes for notes in pieces if notes.style in self.styles]
        if not known:
            raise DataError(
                "No piece has a style that was learnt.", advice=f"Styles: {', '.join(self.styles)}."
            )
        asked = np.array([self.styles.index(notes.style) for notes in known])
        guess = np.array([self.styles.index(style) for style in self.guess(known)])
        return balanced_accuracy(guess, asked)


def genre_judge(real: Sequence[Notes], *, seed: int) -> GenreJudge:
    """Return a judge of the styles of real pieces, and how good it is.

    Source: the GAN-test of Shmelkov et al. 2018, "How good is my GAN?": a classifier of real works judges
    generated ones; Brunner et al. 2018, "Symbolic Music Genre Transfer with CycleGAN", measure music so.

    Raises:
        DataError: there are fewer than two styles, or too few songs of one.
    """
    labelled = [notes for notes in real if notes.style]
    styles = tuple(sorted({notes.style for notes in labelled}))
    if len(styles) < 2:
        raise DataError("Styles cannot be told apart where there are fewer than two.")
    shown_NCT = shown(labelled)
    answer_N = np.array([styles.index(notes.style) for notes in labelled], dtype=np.int64)
    guess_N = guesses(shown_NCT, answer_N, [notes.song for notes in labelled], seed=seed)
    network = judge_of(torch.from_numpy(shown_NCT), torch.from_numpy(answer_N), len(styles), seed=seed)
    return GenreJudge(
        styles=styles,
        accuracy=balanced_accuracy(guess_N, answer_N),
        network=network,
        steps=shown_NCT.shape[2],
    )

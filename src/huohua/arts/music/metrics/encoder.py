"""A frozen encoder of music that was taught on the real works it measures against, and on nothing else.

It fills gaps: a quarter of the time is hidden, and it says what was played there; where works have styles it
also says which. Its features are then compared like those of any network. Figures on it are figures on this
encoder, this data and this seed, and comparable with no published distance.

Letters: N pieces, B batch, C channels, T steps, U coarse steps, F features.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from huohua.arts.music.metrics.listener import COARSE, WIDTH, Lesson, Listener, taught, told
from huohua.arts.music.metrics.notes import Notes
from huohua.arts.music.metrics.shown import CHANNELS, shown
from huohua.errors import DataError
from huohua.randomness import torch_generator

TURNS = 200
HIDDEN = 0.25  # of the time
FEWEST = 8


class _Pupil(nn.Module):
    """A listener with what it is taught by: a layer that fills gaps, and one that names styles."""

    def __init__(self, styles: int) -> None:
        super().__init__()
        self.listener = Listener(CHANNELS)
        self.fill = nn.Conv1d(WIDTH, CHANNELS, kernel_size=3, padding=1)
        self.style = nn.Linear(2 * WIDTH, max(1, styles))


class Encoder:
    """Describes pieces in 128 numbers, always the same way.

    Args:
        listener: taught and frozen.
        steps: sixteenths of a piece that it is shown.
    """

    def __init__(self, listener: nn.Module, steps: int) -> None:
        self.listener, self.steps = listener.eval(), steps

    def features(self, pieces: Sequence[Notes]) -> NDArray[np.float64]:
        """Return feature_NF of pieces."""
        feature_NF: NDArray[np.float64] = (
            told(self.listener, torch.from_numpy(shown(pieces, self.steps))).double().numpy()
        )
        return feature_NF


def encoder_of(real: Sequence[Notes], *, seed: int, turns: int = TURNS) -> Encoder:
    """Return an encoder taught on real pieces.

    Source: the masked prediction of Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional
    Transformers for Language Understanding", on half bars of music; that a distance of features needs an
    encoder of the same kind of works is Gui et al. 2024, "Adapting Frechet Audio Distance for Generative
    Music Evaluation".

    Args:
        real: the works to be measured against.
        seed: of weights, batches and gaps.
        turns: batches it is taught with.

    Raises:
        DataError: there are too few pieces.
    """
    if len(real) < FEWEST:
        raise DataError(f"{len(real)} pieces are too few to learn from.", advice=f"Give {FEWEST} or more.")
    seen = torch.from_numpy(shown(real))
    styles = sorted({notes.style for notes in real if notes.style})
    style_N = torch.tensor([styles.index(notes.style) if notes.style else -1 for notes in real])
    dice = torch_generator(seed, "gaps")

    def loss(pupil: _Pupil, rows_B: Tensor) -> Tensor:
        shown_BCT = seen[rows_B]
        gap_BU = torch.rand(len(rows_B), -(-shown_BCT.shape[2] // COARSE), generator=dice) < HIDDEN
        total = _filling_loss(pupil, shown_BCT, gap_BU)
        if len(styles) > 1 and bool((style_N[rows_B] >= 0).any()):
            score_BK = pupil.style(pupil.listener(shown_BCT))
            total = total + F.cross_entropy(score_BK, style_N[rows_B], ignore_index=-1)
        return total

    pupil = taught(lambda: _Pupil(len(styles)), len(real), loss, Lesson(turns=turns, seed=seed))
    return Encoder(pupil.listener, seen.shape[2])


def _filling_loss(pupil: _Pupil, shown_BCT: Tensor, gap_BU: Tensor) -> Tensor:
    """Return how badly what was hidden is told: cross-entropy of each channel's mean over half a bar."""
    gap_BT = gap_BU.repeat_interleave(COARSE, dim=1)[:, : shown_BCT.shape[2]]
    score_BCU = pupil.fill(pupil.listener.along(shown_BCT * ~gap_BT[:, None]))
    mean_BCU = F.avg_pool1d(shown_BCT, COARSE, ceil_mode=True)
    lost_BCU = F.binary_cross_entropy_with_logits(score_BCU, mean_BCU, reduction="none")
    return (lost_BCU * gap_BU[:, None]).sum() / (gap_BU.sum() * CHANNELS).clamp(min=1)

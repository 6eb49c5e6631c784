"""How the windows of a dataset reach a game: by number, packed, the theme of their piece before them.

A window that is not the first of its piece is shown the piece's first bars, its theme, most of the time, so
that a model learns to come back to it. Part of what is asked for is left out at times, so that a model can be
asked for little; a number that is not asked for is NaN, because 0 is a wish too.

Letters: N windows, B works, T steps, C columns of a packed work, Y condition, K bars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.adversarial.game import Batch, Moment
from huohua.arts.music.grid_layout import FIRST_PITCH, PAD, STEPS
from huohua.arts.music.packing import HARMONY_COLUMNS, VOICE_COLUMNS, Windows, packed

THEME_BARS = 2
THEME = THEME_BARS * STEPS
REGISTER = "control.register"


class WindowSource(Protocol):
    """What is needed of a dataset."""

    @property
    def condition_NC(self) -> NDArray[np.float32]:
        """Return what each window has of the conditions, the measured controls last."""

    @property
    def control_NBK(self) -> NDArray[np.float32]:
        """Return the measured controls of each bar."""

    @property
    def piece_N(self) -> NDArray[np.int64]:
        """Return which piece each window is of."""

    @property
    def bar_N(self) -> NDArray[np.int64]:
        """Return the bar of its piece that each window begins with."""

    def take(self, numbers: NDArray[np.int64]) -> Windows:
        """Return some windows."""


class MusicWorks:
    """Windows of a dataset as the engine wants them.

    Args:
        source: windows, conditions, and which piece and bar a window begins at.
        numbers: which windows are shown.
        groups: the places of the condition that are asked for together, by group, without gaps.
        device: where batches go.
        transpose: works are shown up to so many semitones higher or lower, as far as their roles reach.
        themed: how often a theme is shown where there is one.
        asked: how often a group of conditions is told, and how often anything is told at all.
    """

    def __init__(
        self,
        source: WindowSource,
        numbers: NDArray[np.int64],
        *,
        groups: Mapping[str, Sequence[int]],
        device: torch.device,
        themed: float = 0.7,
        asked: float = 0.8,
        transpose: int = 0,
    ) -> None:
        self.source, self.numbers, self.device = source, numbers, device
        self.groups = [list(places) for places in groups.values()]
        self.themed, self.asked, self.transpose = themed, asked, transpose
        self.register = next(iter(groups.get(REGISTER, ())), None)
        self.opening_N = openings(source.piece_N, source.bar_N)

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.numbers)

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return windows with their themes, and what is asked of them."""
        dice = moment.own_dice("feed")
        chosen = self.numbers[numbers]
        themed_B = torch.rand(len(chosen), generator=dice) < self.themed
        work_BTC, condition_BKY = self.works(chosen, themed_B.numpy()), self._asked(chosen, dice)
        if self.transpose:
            shift_B = torch.randint(-self.transpose, self.transpose + 1, (len(chosen),), generator=dice)
            moves = zip(work_BTC, shift_B.tolist(), strict=True)
            work_BTC = torch.stack([transposed(work_TC, shift) for work_TC, shift in moves])
            if self.register is not None:
                condition_BKY[shift_B != 0, :, self.register] = torch.nan  # it was measured where they were
        return Batch(sample=work_BTC.to(self.device), condition_BC=condition_BKY.to(self.device))

    def works(self, chosen: NDArray[np.int64], themed_B: NDArray[np.bool_]) -> Tensor:
        """Return work_BTC: two bars of theme, silent where there is none, and the window."""
        window_BTC = packed(self.source.take(chosen))
        opening_B = self.opening_N[chosen]
        # The theme of a window that holds it would give away what is hidden.
        shown_B = themed_B & (opening_B >= 0) & (self.source.bar_N[chosen] >= THEME_BARS)
        theme_BTC = np.zeros_like(window_BTC[:, :THEME])
        if shown_B.any():
            theme_BTC[shown_B] = packed(self.source.take(opening_B[shown_B]))[:, :THEME]
        return torch.from_numpy(np.concatenate([theme_BTC, window_BTC], axis=1))

    def _asked(self, chosen: NDArray[np.int64], dice: torch.Generator) -> Tensor:
        """Return condition_BKY: what is told of each bar, the theme's first; NaN is what is not told."""
        whole_BY = torch.from_numpy(np.asarray(self.source.condition_NC[chosen], dtype=np.float32))
        bars_BKA = torch.from_numpy(np.asarray(self.source.control_NBK[chosen], dtype=np.float32))
        works, bars, amounts = bars_BKA.shape
        condition_BKY = whole_BY[:, None].repeat(1, THEME_BARS + bars, 1)
        if amounts:
            # Half of the works are described as a whole, half bar by bar, with bars that nothing is said of.
            by_bar_B = torch.rand(works, generator=dice) < 0.5
            told_BK = torch.rand(works, bars, generator=dice) < self.asked
            bars_BKA = bars_BKA.masked_fill(~told_BK[..., None], torch.nan)
            described = condition_BKY[:, THEME_BARS:, -amounts:]
            described.copy_(torch.where(by_bar_B[:, None, None], bars_BKA, described))
        untold_BG = torch.rand(works, len(self.groups), generator=dice) >= self.asked
        # Each group on its own would hardly ever leave all of them out, which is what many people ask for.
        untold_BG |= torch.rand(works, 1, generator=dice) >= self.asked
        for group, places in enumerate(self.groups):
            condition_BKY[untold_BG[:, group], :, places[0] : places[-1] + 1] = torch.nan
        return condition_BKY


def transposed(work_TC: Tensor, semitones: int) -> Tensor:
    """Return a packed work so many semitones higher, or as it is if a role does not reach that far."""
    voices_TV, harmony_TP = work_TC[:, VOICE_COLUMNS], work_TC[:, HARMONY_COLUMNS]
    pitched_TV = (voices_TV >= FIRST_PITCH) & (voices_TV < PAD)
    moved_TV = torch.where(pitched_TV, voices_TV + semitones, voices_TV)
    beyond_TV = pitched_TV & ((moved_TV < FIRST_PITCH) | (moved_TV >= PAD))
    lost_TP = harmony_TP[:, -semitones:] if semitones > 0 else harmony_TP[:, : max(0, -semitones)]
    if not semitones or beyond_TV.any() or lost_TP.any():
        return work_TC
    work_TC = work_TC.clone()
    work_TC[:, VOICE_COLUMNS], work_TC[:, HARMONY_COLUMNS] = moved_TV, harmony_TP.roll(semitones, dims=1)
    return work_TC


def openings(piece_N: NDArray[np.int64], bar_N: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each window the window that begins its piece, or -1 where there is none."""
    first = {int(piece_N[number]): int(number) for number in np.flatnonzero(bar_N == 0)}
    return np.array([first.get(int(piece), -1) for piece in piece_N], dtype=np.int64)

"""How surprised a composer is by a piece it was never shown, note by note, in the order of time.

Voices are scored in the order soprano, alto, tenor, bass within a step, each cell knowing all before it and
nothing after: not the key, not what is to be asked for, not where the piece ends. A cell is the pitch that
sounds; whether an equal pitch is held or struck again is no part of it, because the usual grids of chorales
do not say. Long pieces are read in windows, of which each scores its last bars.

Letters: B bars, T steps, C columns of a packed work, V voices, K tokens, Y condition.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from huohua.arts.music.extending import extended
from huohua.arts.music.feed import THEME, THEME_BARS
from huohua.arts.music.grid import Grid
from huohua.arts.music.grid_layout import HOLD, METRES, PAD, STEPS, WINDOW
from huohua.arts.music.networks.cells import R, V, sounding
from huohua.arts.music.networks.composer import Composer
from huohua.arts.music.packing import packed, windows_of

HOP = 4
BATCH = 16
# What a grid told beforehand: one of twelve keys, where its bars begin, and its metre.
TOLD = math.log(12) + math.log(STEPS) + math.log(len(METRES))


@dataclass(frozen=True, kw_only=True)
class Surprise:
    """Nats of the cells of a piece.

    Attributes:
        nats_TV: of each voice in each step; NaN in steps before the first note and after the last.
        told: nats of what the grid of the piece told beforehand.
    """

    nats_TV: NDArray[np.float64]
    told: float = TOLD

    @property
    def cells(self) -> int:
        """Return how many cells were scored."""
        return int((~np.isnan(self.nats_TV)).sum())

    @property
    def sum(self) -> float:
        """Return the nats of the whole piece, what it was told included."""
        return float(np.nansum(self.nats_TV)) + self.told


def surprises(
    composer: Composer, grids: Sequence[Grid], *, themes: bool = True, hop: int = HOP
) -> list[Surprise]:
    """Return the surprise at each piece, of which only the four voices are read.

    Args:
        composer: in evaluation mode, on the CPU.
        grids: pieces.
        themes: whether windows that begin later are shown the first two bars.
        hop: bars that each window but the first scores.

    Source: the protocol of Boulanger-Lewandowski et al. 2012, "Modeling Temporal Dependencies in
    High-Dimensional Sequences", section 7, note by note as in Huang et al. 2017, "Counterpoint by
    Convolution", section 5.1 (chronological order).
    """
    nats = [np.full((grid.bars * STEPS, V), np.nan) for grid in grids]
    jobs = [(number, *span) for number, grid in enumerate(grids) for span in _spans(grid.bars, hop)]
    for start in range(0, len(jobs), BATCH):
        part = jobs[start : start + BATCH]
        works_BTC = torch.from_numpy(np.stack([_work(grids[n], first, themes) for n, first, _ in part]))
        found_BTV = _nats(composer, works_BTC).numpy()
        for (number, first, fresh), found_TV in zip(part, found_BTV, strict=True):
            bars = min(WINDOW, grids[number].bars - first)
            rows = slice(fresh * STEPS, (first + bars) * STEPS)
            skip = (fresh - first) * STEPS
            nats[number][rows] = found_TV[THEME + skip : THEME + bars * STEPS]
    return [Surprise(nats_TV=_scored(grid, nats_TV)) for grid, nats_TV in zip(grids, nats, strict=True)]


def mean_nats(found: Sequence[Surprise]) -> float:
    """Return the nats of a cell, over all cells of all pieces."""
    return sum(one.sum for one in found) / sum(one.cells for one in found)


def _spans(bars: int, hop: int) -> list[tuple[int, int]]:
    """Return for each window its first bar and the first bar that it scores."""
    spans = [(0, 0)]
    while spans[-1][0] + WINDOW < bars:
        first = spans[-1][0] + hop
        spans.append((first, first + WINDOW - hop))
    return spans


def _work(grid: Grid, first: int, themes: bool) -> NDArray[np.int16]:
    """Return work_TC: the theme and a window of full length, so that nothing says where the piece ends."""
    longer = extended(grid, max(0, first + WINDOW - grid.bars)) if first + WINDOW > grid.bars else grid
    voices = replace(
        longer,
        harmony_BSP=np.zeros_like(longer.harmony_BSP),
        drums_BSD=np.zeros_like(longer.drums_BSD),
        present_R=np.arange(R) < V,
    )
    window: NDArray[np.int16] = packed(windows_of([voices.window(first, WINDOW)], WINDOW))[0]
    theme = np.zeros((THEME, window.shape[1]), dtype=np.int16)
    if themes and first >= THEME_BARS:
        theme[:] = packed(windows_of([voices.window(0, THEME_BARS)], THEME_BARS))[0]
    return np.concatenate([theme, window])


@torch.inference_mode()
def _nats(composer: Composer, works_BTC: Tensor) -> Tensor:
    """Return nats_BTV of the pitch that each voice sounds, held and struck again taken together."""
    works, steps = works_BTC.shape[:2]
    hidden_BTR = torch.zeros(works, steps, R, dtype=torch.bool)
    hidden_BTR[:, THEME:, :V] = True
    unasked_BY = torch.full((works, composer.condition), torch.nan)
    picked = composer.pick(works_BTC, hidden_BTR, unasked_BY, torch.zeros(works, composer.latent))
    before_BTV = sounding(torch.nn.functional.pad(picked.cells.voice_BTV, (0, 0, 1, 0), value=PAD)[:, :-1])
    at = (picked.work_N, picked.step_N)
    nats_NV = pitch_nats(picked.logits.voice_NVK, picked.cells.voice_BTV[at], before_BTV[at])
    nats_BTV = torch.full((works, steps, V), torch.nan, dtype=torch.float64)
    nats_BTV[at] = nats_NV.double()
    return nats_BTV


def pitch_nats(logit_NVK: Tensor, token_NV: Tensor, before_NV: Tensor) -> Tensor:
    """Return nats_NV of the pitch that tokens sound, where `before_NV` sounded before.

    A held pitch may be held or struck again, and a pitch that sounded before may too: both are one event.
    """
    log_share_NVK = logit_NVK.log_softmax(-1)
    sounds_NV = torch.where(token_NV == HOLD, before_NV, token_NV).clamp(max=PAD - 1)
    struck_NV = log_share_NVK.gather(-1, sounds_NV[..., None])[..., 0]
    both_NV = torch.logaddexp(struck_NV, log_share_NVK[..., HOLD])
    return -torch.where(sounds_NV == before_NV, both_NV, struck_NV)


def _scored(grid: Grid, nats_TV: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return nats of the steps that are there, from the first note to the end of the last."""
    token_BSV = torch.from_numpy(grid.mono_BVS.transpose(0, 2, 1).astype(np.int64)).reshape(1, -1, V)
    sounds_T = ((sounding(token_BSV)[0] >= 2) & (sounding(token_BSV)[0] < PAD)).any(-1).numpy()
    there_T = np.tile(np.arange(STEPS) < grid.steps, grid.bars)
    steps = np.flatnonzero(sounds_T & there_T)
    inside_T = np.zeros(len(there_T), dtype=np.bool_)
    if len(steps):
        inside_T[steps[0] : steps[-1] + 1] = True
    return np.where((inside_T & there_T)[:, None], nats_TV, np.nan)

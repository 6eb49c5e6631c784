"""What sounds and what is struck in each step of some windows: the arrays that controls are computed from.

Letters: N windows, B bars, S steps of a bar, R roles, L pitched roles (four voices and harmony), P pitches
from MIDI 24 to 107.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huohua.arts.music.grid_layout import (
    FIRST_PITCH,
    HARMONY_LOWEST,
    HARMONY_PITCHES,
    HOLD,
    LOWEST,
    OFF,
    ONSET,
    PAD,
    PITCHES,
    REST,
)
from huohua.arts.music.packing import Windows, valid_steps
from huohua.arts.music.roles import VOICES

LOW = min(LOWEST.values())
SPAN = max(LOWEST.values()) + PITCHES - LOW


@dataclass(frozen=True, kw_only=True)
class Sounding:
    """Some windows, step by step.

    Attributes:
        struck_NBSR: whether a role strikes anything, in the order of `ROLES`.
        sounding_NBSLP: whether a pitched role sounds a pitch; `LOW` is the first.
        valid_NBS: whether a step is there.
        present_NR: the roles that take part.
        steps_N, compound_N: the metre of each window, as in `Windows`.
    """

    struck_NBSR: np.ndarray
    sounding_NBSLP: np.ndarray
    valid_NBS: np.ndarray
    present_NR: np.ndarray
    steps_N: np.ndarray
    compound_N: np.ndarray


def heard(windows: Windows) -> Sounding:
    """Return what sounds in some windows."""
    count, bars, voices, steps = windows.mono_NBVS.shape
    valid_NBS = valid_steps(windows.steps_N, windows.bars_N, bars)
    token_NBSV = windows.mono_NBVS.transpose(0, 1, 3, 2)
    pitched_NBSV = (token_NBSV >= FIRST_PITCH) & (token_NBSV < PAD) & valid_NBS[..., None]
    onset_NBSP = (windows.harmony_NBSP == ONSET) & valid_NBS[..., None]
    drums_NBSD = (windows.drums_NBSD > 0) & valid_NBS[..., None]
    struck_NBSR = np.concatenate(
        [pitched_NBSV, onset_NBSP.any(axis=3, keepdims=True), drums_NBSD.any(axis=3, keepdims=True)], axis=3
    )
    sounding_NBSLP = np.zeros((count, bars, steps, voices + 1, SPAN), dtype=np.bool_)
    filled_NTV = _held(token_NBSV.reshape(count, bars * steps, voices))
    filled_NBSV = filled_NTV.reshape(count, bars, steps, voices)
    lowest_V = np.array([LOWEST[role] for role in VOICES])
    place_NBSV = filled_NBSV - FIRST_PITCH + lowest_V - LOW
    sings_NBSV = (filled_NBSV >= FIRST_PITCH) & (filled_NBSV < PAD) & valid_NBS[..., None]
    where = np.nonzero(sings_NBSV)
    places = (*where, place_NBSV[where])
    sounding_NBSLP[places] = True
    first = HARMONY_LOWEST - LOW
    harmony_NBSP = (windows.harmony_NBSP != OFF) & valid_NBS[..., None]
    sounding_NBSLP[..., voices, first : first + HARMONY_PITCHES] = harmony_NBSP
    return Sounding(
        struck_NBSR=struck_NBSR,
        sounding_NBSLP=sounding_NBSLP,
        valid_NBS=valid_NBS,
        present_NR=windows.present_NR,
        steps_N=windows.steps_N,
        compound_N=windows.compound_N,
    )


def _held(token_NTV: np.ndarray) -> np.ndarray:
    """Return tokens with each hold replaced by what it holds; missing steps hold too."""
    token_NTV = np.where(token_NTV == PAD, HOLD, token_NTV)
    told_NTV = token_NTV != HOLD
    steps = np.arange(token_NTV.shape[1])[None, :, None]
    last_NTV = np.maximum.accumulate(np.where(told_NTV, steps, -1), axis=1)
    filled_NTV: np.ndarray = np.take_along_axis(token_NTV, np.maximum(last_NTV, 0), axis=1)
    return np.where(last_NTV < 0, REST, filled_NTV)

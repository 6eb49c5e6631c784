"""Bars packed into rows of bytes, a quarter of their size, so that a large dataset stays small on disk.

A row holds, one after another: 64 tokens of the voices; the harmony, four states to a byte; the drums, nine
bits in two bytes for each step; the loudness of the six roles; the four tokens that sound at the bar's
beginning, for a window that begins there; and the loudness of each role when it was last struck before.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from huohua.arts.music.grid import Grid
from huohua.arts.music.grid_layout import FIRST_PITCH, HARMONY_PITCHES, HELD, HOLD, ONSET, PAD, REST, STEPS
from huohua.arts.music.roles import DRUMS, ROLES, VOICES

_STATES = 4  # to a byte
_WIDTHS = (
    len(VOICES) * STEPS,
    STEPS * HARMONY_PITCHES // _STATES,
    STEPS * 2,
    len(ROLES),
    len(VOICES),
    len(ROLES),
)
WIDTH = sum(_WIDTHS)
_ENDS = tuple(np.cumsum(_WIDTHS).tolist())


class Bars(NamedTuple):
    """Bars as a grid holds them, and what sounds as each begins."""

    mono_BVS: np.ndarray
    harmony_BSP: np.ndarray
    drums_BSD: np.ndarray
    loudness_BR: np.ndarray
    sounding_BV: np.ndarray
    louder_BR: np.ndarray


def to_rows(grid: Grid) -> np.ndarray:
    """Return row_BW, uint8, of the bars of a grid."""
    bars = grid.bars
    harmony_BX4 = grid.harmony_BSP.reshape(bars, -1, _STATES)
    packed_BX = (harmony_BX4 << (2 * np.arange(_STATES, dtype=np.uint8))).sum(axis=2)
    bits_BSX = np.packbits(grid.drums_BSD, axis=2, bitorder="little")
    parts = (
        grid.mono_BVS.reshape(bars, -1),
        packed_BX,
        bits_BSX.reshape(bars, -1),
        grid.loudness_BR,
        _sounding(grid),
        _louder(grid.loudness_BR),
    )
    return np.concatenate([part.astype(np.uint8) for part in parts], axis=1)


def from_rows(row_BW: np.ndarray) -> Bars:
    """Return the bars that rows hold."""
    row_BW = np.asarray(row_BW)
    bars = len(row_BW)
    mono, harmony, drums, loudness, sounding, louder = np.split(row_BW, _ENDS[:-1], axis=1)
    state_BX4 = (harmony[..., None] >> (2 * np.arange(_STATES, dtype=np.uint8))) & 3
    bits_BSD = np.unpackbits(drums.reshape(bars, STEPS, 2), axis=2, count=len(DRUMS), bitorder="little")
    return Bars(
        mono_BVS=mono.reshape(bars, len(VOICES), STEPS).astype(np.int16),
        harmony_BSP=state_BX4.reshape(bars, STEPS, HARMONY_PITCHES),
        drums_BSD=bits_BSD,
        loudness_BR=loudness,
        sounding_BV=sounding.astype(np.int16),
        louder_BR=louder,
    )


def begun_anew(bars: Bars, first_B: np.ndarray) -> Bars:
    """Return bars in which those that begin a window strike again what they only hold.

    Args:
        bars: bars of several windows, one after another.
        first_B: which of them begin a window.
    """
    mono_BVS, harmony_BSP = bars.mono_BVS.copy(), bars.harmony_BSP.copy()
    loudness_BR = bars.loudness_BR.copy()
    tied_BV = first_B[:, None] & (mono_BVS[:, :, 0] == HOLD)
    mono_BVS[..., 0] = np.where(tied_BV, bars.sounding_BV, mono_BVS[..., 0])
    tied_BP = first_B[:, None] & (harmony_BSP[:, 0] == HELD)
    harmony_BSP[:, 0] = np.where(tied_BP, ONSET, harmony_BSP[:, 0])
    silent_BR = np.zeros(loudness_BR.shape, dtype=np.bool_)
    silent_BR[:, : len(VOICES)], silent_BR[:, ROLES.index("harmony")] = tied_BV, tied_BP.any(axis=1)
    loudness_BR = np.where(silent_BR & (loudness_BR == 0), bars.louder_BR, loudness_BR)
    return bars._replace(mono_BVS=mono_BVS, harmony_BSP=harmony_BSP, loudness_BR=loudness_BR)


def _sounding(grid: Grid) -> np.ndarray:
    """Return token_BV: what each voice would strike if its bar began a window, a rest for nothing."""
    token_VT = np.stack([grid.voice(role) for role in VOICES])
    places = np.arange(token_VT.shape[1])
    last_VT = np.maximum.accumulate(np.where(token_VT != HOLD, places, -1), axis=1)
    told_VT = np.where(last_VT < 0, REST, np.take_along_axis(token_VT, np.maximum(last_VT, 0), axis=1))
    begin_VB = told_VT[:, :: grid.steps]
    sounding_BV: np.ndarray = np.where((begin_VB >= FIRST_PITCH) & (begin_VB < PAD), begin_VB, REST).T
    return sounding_BV


def _louder(loudness_BR: np.ndarray) -> np.ndarray:
    """Return loudness_BR of the last bar before each in which a role was struck, 0 without one."""
    places = np.arange(len(loudness_BR))[:, None]
    last_BR = np.maximum.accumulate(np.where(loudness_BR > 0, places, -1), axis=0)
    before_BR = np.concatenate([np.full((1, loudness_BR.shape[1]), -1), last_BR[:-1]])
    louder_BR = np.take_along_axis(loudness_BR, np.maximum(before_BR, 0), axis=0)
    return np.where(before_BR < 0, 0, louder_BR)

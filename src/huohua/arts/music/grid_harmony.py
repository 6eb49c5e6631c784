"""Notes that sound together, as one state a step and pitch: off, struck, or held.

Letters: T steps of a whole grid, one after another; P pitches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from huohua.arts.music.grid_layout import HARMONY_LOWEST, HARMONY_PITCHES, HELD, OFF, ONSET
from huohua.arts.music.grid_voices import Stroke


def to_states(strokes: Iterable[Stroke], steps: int) -> np.ndarray:
    """Return state_TP, uint8, of notes whose pitches lie in range."""
    state_TP = np.full((steps, HARMONY_PITCHES), OFF, dtype=np.uint8)
    placed = [(stroke.step, stroke.end, stroke.pitch - HARMONY_LOWEST) for stroke in strokes]
    for step, end, place in placed:
        state_TP[step + 1 : end, place] = HELD
    for step, _, place in placed:
        state_TP[step, place] = ONSET
    return state_TP


def from_states(state_TP: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Yield (step, end, pitch) of each note; a hold with nothing to hold is off."""
    for place in range(state_TP.shape[1]):
        state_T = state_TP[:, place]
        struck = np.flatnonzero(state_T == ONSET)
        if not len(struck):
            continue
        stops = np.flatnonzero(state_T != HELD)
        ends = np.append(stops, len(state_T))[np.searchsorted(stops, struck, side="right")]
        for step, end in zip(struck.tolist(), ends.tolist(), strict=True):
            yield step, end, place + HARMONY_LOWEST

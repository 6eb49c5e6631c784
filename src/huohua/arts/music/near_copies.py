"""Known near-copies of pieces: transposed, begun later, played by other roles, and with notes changed.

A detector of copies is tried on them before it is believed. Each is made of grids, so that whatever comes out
is a piece that a model could have made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from huohua.arts.music.grid import Grid, strokes_in
from huohua.arts.music.grid_layout import (
    FIRST_PITCH,
    HARMONY_PITCHES,
    LOWEST,
    OFF,
    ONSET,
    PAD,
    PITCHES,
)
from huohua.arts.music.grid_voices import Stroke, folded, to_tokens
from huohua.arts.music.metrics.sample_notes import grids_of_samples, samples_of_grids
from huohua.arts.music.roles import ROLES, VOICES, Role
from huohua.randomness import numpy_generator

UP = 3  # semitones of a transposed copy
SWAPS: tuple[tuple[Role, Role], ...] = (("lead", "counter"), ("inner", "bass"))
CHANGED = 0.15  # of the notes of a changed copy


def transposed(grid: Grid) -> Grid:
    """Return a grid some semitones higher; what leaves the range comes back an octave lower."""
    mono_BVS = grid.mono_BVS.copy()
    struck = (mono_BVS >= FIRST_PITCH) & (mono_BVS < PAD)
    moved = mono_BVS[struck] - FIRST_PITCH + UP
    mono_BVS[struck] = FIRST_PITCH + np.where(moved >= PITCHES, moved - 12, moved)
    harmony_BSP = np.zeros_like(grid.harmony_BSP)
    harmony_BSP[:, :, UP:] = grid.harmony_BSP[:, :, :-UP]
    top = grid.harmony_BSP[:, :, HARMONY_PITCHES - UP :]
    back = slice(HARMONY_PITCHES - 12, HARMONY_PITCHES - 12 + UP)
    harmony_BSP[:, :, back] = np.where(top != OFF, top, harmony_BSP[:, :, back])
    return replace(grid, mono_BVS=mono_BVS, harmony_BSP=harmony_BSP)


def later(grid: Grid) -> Grid:
    """Return a grid that begins with its second bar and ends with its first; notes on a cut begin anew."""
    if grid.bars < 2:
        return grid
    rest, first = grid.window(1, grid.bars - 1), grid.window(0, 1)
    return replace(
        grid,
        mono_BVS=np.concatenate([rest.mono_BVS, first.mono_BVS]),
        harmony_BSP=np.concatenate([rest.harmony_BSP, first.harmony_BSP]),
        drums_BSD=np.concatenate([rest.drums_BSD, first.drums_BSD]),
        loudness_BR=np.concatenate([rest.loudness_BR, first.loudness_BR]),
    )


def swapped(grid: Grid) -> Grid:
    """Return a grid in which lead and counter have changed places, and inner and bass."""
    mono_BVS = grid.mono_BVS.copy()
    present_R = grid.present_R.copy()
    for one, two in SWAPS:
        _hand_over(grid, mono_BVS, one, two)
        _hand_over(grid, mono_BVS, two, one)
        places = [ROLES.index(role) for role in (one, two)]
        present_R[places] = present_R[places[::-1]]
    return replace(grid, mono_BVS=mono_BVS, present_R=present_R)


def changed(grid: Grid) -> Grid:
    """Return a grid in which one note of voices or harmony in seven is a step off."""
    dice = numpy_generator(0, "changed notes", grid.mono_BVS.tobytes().hex()[:64])
    mono_BVS, harmony_BSP = grid.mono_BVS.copy(), grid.harmony_BSP.copy()
    struck = np.argwhere((mono_BVS >= FIRST_PITCH + 2) & (mono_BVS < PAD - 2))
    for bar, voice, step in struck[dice.random(len(struck)) < CHANGED]:
        mono_BVS[bar, voice, step] += dice.choice([-2, -1, 1, 2])
    for bar, step, pitch in np.argwhere(harmony_BSP == ONSET):
        to = int(pitch + dice.choice([-2, -1, 1, 2]))
        if dice.random() < CHANGED and 0 <= to < HARMONY_PITCHES and harmony_BSP[bar, step, to] == OFF:
            _move(harmony_BSP[bar], step, pitch, to)
    return replace(grid, mono_BVS=mono_BVS, harmony_BSP=harmony_BSP)


NEAR_COPIES: Mapping[str, Callable[[Grid], Grid]] = {
    "transposed": transposed,
    "later": later,
    "swapped": swapped,
    "changed": changed,
}


def near_copies(sample: Tensor) -> dict[str, Tensor]:
    """Return near-copies of packed windows, work_NTC, by kind."""
    grids, bars = grids_of_samples(sample), sample.shape[1] // 16
    return {
        kind: torch.from_numpy(samples_of_grids([alter(grid) for grid in grids], bars))
        for kind, alter in NEAR_COPIES.items()
    }


def _hand_over(grid: Grid, mono_BVS: np.ndarray, role: Role, to: Role) -> None:
    """Write the notes of a role into the place of another, in its range."""
    strokes = [
        Stroke(step=step, end=end, pitch=folded(pitch, LOWEST[to], PITCHES), velocity=64)
        for step, end, pitch in strokes_in(grid, role)
    ]
    token_T = to_tokens(strokes, to, grid.bars * grid.steps)
    mono_BVS[:, VOICES.index(to), : grid.steps] = token_T.reshape(grid.bars, grid.steps)


def _move(harmony_SP: np.ndarray, step: int, pitch: int, to: int) -> None:
    """Move one note of a bar to another pitch, with what is held of it in the bar."""
    end = step + 1
    while end < len(harmony_SP) and harmony_SP[end, pitch] not in (OFF, ONSET) and harmony_SP[end, to] == OFF:
        end += 1
    harmony_SP[step:end, to] = harmony_SP[step:end, pitch]
    harmony_SP[step:end, pitch] = OFF

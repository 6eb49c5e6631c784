"""Windows of bars as one tensor of small numbers, which the engine passes on without knowing what it holds.

Each window becomes works_TC, int16: T steps, eight bars of sixteen one after another, by these columns:

     0 to  3   tokens of lead, counter, inner voice and bass
     4 to 63   harmony: off, struck or held
    64 to 72   drums, 1 where struck
          73   1 in steps that are there, 0 in those that a short bar or a short piece lacks
    74 to 79   1 for each role that takes part, the same in every step
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from huohua.arts.music.grid import Grid
from huohua.arts.music.grid_layout import COMPOUND, HARMONY_PITCHES, METRES, PAD, STEPS
from huohua.arts.music.roles import DRUMS, ROLES, VOICES

VOICE_COLUMNS = slice(0, len(VOICES))
HARMONY_COLUMNS = slice(VOICE_COLUMNS.stop, VOICE_COLUMNS.stop + HARMONY_PITCHES)
DRUM_COLUMNS = slice(HARMONY_COLUMNS.stop, HARMONY_COLUMNS.stop + len(DRUMS))
VALID_COLUMN = DRUM_COLUMNS.stop
ROLE_COLUMNS = slice(VALID_COLUMN + 1, VALID_COLUMN + 1 + len(ROLES))
COLUMNS = ROLE_COLUMNS.stop


class Windows(NamedTuple):
    """Some windows of equal length as arrays; see `Grid` for what each holds.

    Bars past the end of a short piece are silent: `PAD` for voices, 0 for harmony and drums. `steps_N`
    is the number of steps of a bar, `bars_N` the number of bars that are there, `compound_N` says where
    twelve steps are 6/8 and not 3/4.
    """

    mono_NBVS: np.ndarray
    harmony_NBSP: np.ndarray
    drums_NBSD: np.ndarray
    present_NR: np.ndarray
    derived_NR: np.ndarray
    loudness_NBR: np.ndarray
    steps_N: np.ndarray
    bars_N: np.ndarray
    compound_N: np.ndarray


def packed(windows: Windows) -> np.ndarray:
    """Return works_NTC, int16, of some windows."""
    count, bars = windows.mono_NBVS.shape[:2]
    works_NBSC = np.zeros((count, bars, STEPS, COLUMNS), dtype=np.int16)
    works_NBSC[..., VOICE_COLUMNS] = windows.mono_NBVS.transpose(0, 1, 3, 2)
    works_NBSC[..., HARMONY_COLUMNS] = windows.harmony_NBSP
    works_NBSC[..., DRUM_COLUMNS] = windows.drums_NBSD
    works_NBSC[..., VALID_COLUMN] = valid_steps(windows.steps_N, windows.bars_N, bars)
    works_NBSC[..., ROLE_COLUMNS] = windows.present_NR[:, None, None, :]
    return works_NBSC.reshape(count, bars * STEPS, COLUMNS)


def valid_steps(steps_N: np.ndarray, bars_N: np.ndarray, bars: int) -> np.ndarray:
    """Return valid_NBS, truth: which steps of which bars are there."""
    there_NB = np.arange(bars) < np.asarray(bars_N)[:, None]
    there_NS = np.arange(STEPS) < np.asarray(steps_N)[:, None]
    valid_NBS: np.ndarray = there_NB[:, :, None] & there_NS[:, None, :]
    return valid_NBS


def unpacked(works_NTC: np.ndarray, like: Grid) -> list[Grid]:
    """Return the grid of each packed window, with the metre, tempo, key and swing of another grid.

    Bars that are not there are cut away, and roles without `present` are left silent; whatever stands
    in the steps that a bar lacks is ignored. Loudness is that of `like` on the average of each role.

    Args:
        works_NTC: packed windows.
        like: says what arrays do not; its metre is that of the windows.
    """
    return [_unpacked(works_TC, like) for works_TC in np.asarray(works_NTC)]


def _unpacked(works_TC: np.ndarray, like: Grid) -> Grid:
    works_BSC = works_TC.reshape(-1, STEPS, COLUMNS)
    works_BSC = works_BSC[works_BSC[:, 0, VALID_COLUMN] > 0]
    present_R = np.any(works_BSC[:1, 0, ROLE_COLUMNS], axis=0)
    steps = METRES[like.metre]
    heard = dict(zip(ROLES, present_R.tolist(), strict=True))
    mono_BVS = works_BSC[..., VOICE_COLUMNS].transpose(0, 2, 1).astype(np.int16)
    mono_BVS[:, :, steps:] = PAD
    mono_BVS[:, [not heard[role] for role in VOICES], :steps] = 0
    harmony_BSP = works_BSC[..., HARMONY_COLUMNS].astype(np.uint8) * heard["harmony"]
    drums_BSD = works_BSC[..., DRUM_COLUMNS].astype(np.uint8) * heard["drums"]
    harmony_BSP[:, steps:], drums_BSD[:, steps:] = 0, 0
    return Grid(
        mono_BVS=mono_BVS,
        harmony_BSP=harmony_BSP.astype(np.uint8),
        drums_BSD=drums_BSD.astype(np.uint8),
        present_R=present_R.astype(np.bool_),
        derived_R=like.derived_R,
        loudness_BR=np.repeat(_loudness(like)[None], len(mono_BVS), axis=0),
        metre=like.metre,
        tempo=like.tempo,
        key=like.key,
        shift=like.shift,
        swing=like.swing,
        title=like.title,
    )


def _loudness(grid: Grid) -> np.ndarray:
    """Return loudness_R, uint8: the mean over the bars in which a role strikes anything, 0 without any."""
    heard = np.maximum((grid.loudness_BR > 0).sum(axis=0), 1)
    loudness_R: np.ndarray = np.floor(grid.loudness_BR.sum(axis=0) / heard + 0.5).astype(np.uint8)
    return loudness_R


def windows_of(grids: list[Grid], bars: int) -> Windows:
    """Return grids of at most `bars` bars as windows, the shorter ones padded.

    Raises:
        ValueError: a grid is longer, or there is none.
    """
    if not grids or max(grid.bars for grid in grids) > bars:
        raise ValueError(f"grids of at most {bars} bars are needed, and at least one")
    return Windows(
        mono_NBVS=np.stack([_padded(grid.mono_BVS, bars, PAD) for grid in grids]),
        harmony_NBSP=np.stack([_padded(grid.harmony_BSP, bars, 0) for grid in grids]),
        drums_NBSD=np.stack([_padded(grid.drums_BSD, bars, 0) for grid in grids]),
        present_NR=np.stack([grid.present_R for grid in grids]),
        derived_NR=np.stack([grid.derived_R for grid in grids]),
        loudness_NBR=np.stack([_padded(grid.loudness_BR, bars, 0) for grid in grids]),
        steps_N=np.array([grid.steps for grid in grids], dtype=np.int64),
        bars_N=np.array([grid.bars for grid in grids], dtype=np.int64),
        compound_N=np.array([grid.metre == COMPOUND for grid in grids], dtype=np.bool_),
    )


def _padded(array_BX: np.ndarray, bars: int, filling: int) -> np.ndarray:
    lacking = [(0, bars - len(array_BX))] + [(0, 0)] * (array_BX.ndim - 1)
    return np.pad(array_BX, lacking, constant_values=filling)

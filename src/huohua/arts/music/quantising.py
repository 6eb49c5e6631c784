"""From ticks to steps and back: the nearest sixteenth, with swung eighths made straight.

A swing ratio is the length of the first eighth of a quarter over the second: 1 is straight, 2 is a
triplet's long and short. Inside a grid all eighths are straight; on the way out each quarter is bent
again, so that its second eighth falls where it fell.
"""

from __future__ import annotations

import numpy as np

from huohua.arts.music.grid_layout import STEP_TICKS, STEPS_PER_QUARTER
from huohua.arts.music.piece import TICKS
from huohua.errors import DataError

STRAIGHT, TRIPLET, HARDEST = 1.0, 2.0, 3.0
_HALF = TICKS // 2


def offbeat_tick(swing: float) -> int:
    """Return the tick within a quarter at which its second eighth falls.

    Raises:
        DataError: the ratio is below 1 or above 3.

    Example:
        >>> offbeat_tick(1.0), offbeat_tick(2.0), offbeat_tick(3.0)
        (24, 32, 36)
    """
    if not STRAIGHT <= swing <= HARDEST:
        raise DataError(f"A swing ratio of {swing:g} is not possible; it goes from 1, straight, to 3.")
    return round(TICKS * swing / (1.0 + swing))


def swing_at(tick: int) -> float:
    """Return the swing ratio whose second eighth falls at a tick of the quarter.

    Example:
        >>> swing_at(24), swing_at(32)
        (1.0, 2.0)
    """
    return tick / (TICKS - tick)


def straightened(tick_N: np.ndarray, swing: float) -> np.ndarray:
    """Return ticks, as fractions, with each quarter bent so that its second eighth falls in the middle."""
    offbeat = offbeat_tick(swing)
    quarter_N, within_N = np.divmod(np.asarray(tick_N, dtype=np.float64), TICKS)
    early_N = within_N * _HALF / offbeat
    late_N = _HALF + (within_N - offbeat) * _HALF / (TICKS - offbeat)
    bent_N: np.ndarray = quarter_N * TICKS + np.where(within_N < offbeat, early_N, late_N)
    return bent_N


def steps_of(tick_N: np.ndarray, swing: float = STRAIGHT) -> np.ndarray:
    """Return the nearest step of each tick, int64; halfway goes to the later one.

    Example:
        >>> steps_of(np.array([0, 5, 6, 12, 32]), swing=1.0).tolist()
        [0, 0, 1, 1, 3]
        >>> steps_of(np.array([0, 16, 32, 40, 48]), swing=2.0).tolist()
        [0, 1, 2, 3, 4]
    """
    return np.floor(straightened(tick_N, swing) / STEP_TICKS + 0.5).astype(np.int64)


def ticks_of(step_N: np.ndarray, swing: float = STRAIGHT) -> np.ndarray:
    """Return the tick of each step, int64, swung as it is to sound.

    Example:
        >>> ticks_of(np.array([0, 1, 2, 3, 4]), swing=2.0).tolist()
        [0, 16, 32, 40, 48]
    """
    offbeat = offbeat_tick(swing)
    places = [0, (offbeat + 1) // 2, offbeat, (offbeat + TICKS + 1) // 2]
    quarter_N, place_N = np.divmod(np.asarray(step_N, dtype=np.int64), STEPS_PER_QUARTER)
    tick_N: np.ndarray = quarter_N * TICKS + np.asarray(places, dtype=np.int64)[place_N]
    return tick_N

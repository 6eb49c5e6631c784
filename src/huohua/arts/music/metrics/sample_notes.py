"""The notes of packed windows, as models of music make them and datasets hold them.

Letters: N windows, T steps, C columns of a packed window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from torch import Tensor

from huohua.arts.music.grid import Grid, empty_grid
from huohua.arts.music.grid_layout import METRES, STEPS
from huohua.arts.music.metrics.notes import Notes, notes_of
from huohua.arts.music.packing import VALID_COLUMN, packed, unpacked, windows_of

# A window does not say which of two metres of equal steps it is in, and no figure asks.
METRE_OF: Mapping[int, tuple[int, int]] = {METRES[metre]: metre for metre in reversed(list(METRES))}


def grids_of_samples(sample: Tensor) -> list[Grid]:
    """Return the grid of each of work_NTC; a window without a step is one silent bar."""
    work_NTC = sample.detach().cpu().numpy().astype(np.int16)
    grids = []
    for work_TC in work_NTC:
        steps = int((work_TC[:STEPS, VALID_COLUMN] > 0).sum())
        like = empty_grid(1, metre=METRE_OF.get(steps, METRE_OF[STEPS]))
        grids.append(unpacked(work_TC[None], like)[0] if steps else like)
    return grids


def notes_of_samples(sample: Tensor) -> list[Notes]:
    """Return the notes of each of work_NTC, each a song of its own."""
    return [notes_of(grid, song=f"sample {number}") for number, grid in enumerate(grids_of_samples(sample))]


def samples_of_grids(grids: Sequence[Grid], bars: int) -> np.ndarray:
    """Return work_NTC, int16, of grids of at most so many bars."""
    return packed(windows_of(list(grids), bars))

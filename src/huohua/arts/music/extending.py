"""Make a grid longer, by empty bars to be written."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from huohua.arts.music.grid import Grid, empty_grid


def extended(grid: Grid, bars: int) -> Grid:
    """Return a grid with empty bars added at its end."""
    empty = empty_grid(bars, metre=grid.metre, tempo=grid.tempo)
    return replace(
        grid,
        mono_BVS=np.concatenate([grid.mono_BVS, empty.mono_BVS]),
        harmony_BSP=np.concatenate([grid.harmony_BSP, empty.harmony_BSP]),
        drums_BSD=np.concatenate([grid.drums_BSD, empty.drums_BSD]),
        loudness_BR=np.concatenate([grid.loudness_BR, empty.loudness_BR]),
    )

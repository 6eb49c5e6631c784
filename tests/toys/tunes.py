"""A stand-in for a dataset of music: six windows of two songs, written by code."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from huohua.arts.music.grid import empty_grid
from huohua.arts.music.packing import Windows, windows_of
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace

SPACE = ConditionSpace(
    groups={"style": ("folk", "jazz"), "control": ("density", "register")},
    scales={"control": {name: Scale(low=0, middle=0, high=1) for name in ("density", "register")}},
)


class Tunes:
    """Six windows of two songs; a stand-in for a dataset, written by code."""

    name, licence, origin, fingerprint, problems = "tunes", "CC0-1.0", "made here", "f" * 64, ()
    conditions = SPACE
    songs = tuple(
        SimpleNamespace(style=style, tempo=tempo, swing=1.0, present=(True, *(False,) * 5))
        for style, tempo in (("folk", 90.0), ("jazz", 140.0))
    )

    def __init__(self) -> None:
        dice, grids = np.random.default_rng(1), []
        for _ in range(6):
            grid = empty_grid(8)
            grid.mono_BVS[:, 0] = dice.integers(0, 60, (8, 16))
            grid.mono_BVS[0, 0, 0] = 30
            grid.present_R[0] = True
            grids.append(grid)
        self.windows = windows_of(grids, 8)
        self.piece_N, self.bar_N = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 4, 8, 0, 1, 8])
        self.condition_NC = np.tile(np.array([0, 1, 0.5, 0.25], dtype=np.float32), (6, 1))
        self.control_NBK = np.tile(np.array([0.9, 0.1], dtype=np.float32), (6, 8, 1))
        self.split_N = np.array(["train"] * 4 + ["valid"] * 2)

    def __len__(self) -> int:
        return 6

    def numbers(self, split: str) -> np.ndarray:
        return np.flatnonzero(self.split_N == split)

    def take(self, numbers: np.ndarray) -> Windows:
        return Windows(*(array[numbers] for array in self.windows))

"""Packed bars against the grids they were packed from, and cut windows against the grid's own."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.datasets.bar_rows import WIDTH, from_rows, to_rows
from huohua.arts.music.datasets.song import Song, song_facts
from huohua.arts.music.datasets.windows import cut, first_bars, places_of
from huohua.arts.music.grid import empty_grid
from huohua.arts.music.grid_layout import HELD, HOLD, METRES, PAD
from huohua.arts.music.packing import windows_of


def random_grid(seed):
    dice = np.random.default_rng(seed)
    metre = list(METRES)[seed % 4]
    grid = empty_grid(int(dice.integers(3, 20)), metre=metre)
    ringing, holding = np.zeros(60, dtype=bool), np.zeros(4, dtype=bool)
    for bar in range(grid.bars):
        for step in range(grid.steps):
            token = dice.choice([0, HOLD, HOLD, HOLD, int(dice.integers(2, PAD))], size=4)
            token[(token == HOLD) & ~holding] = 0
            holding = token != 0
            grid.mono_BVS[bar, :, step] = token
            state = dice.choice([0, 1, HELD], p=[0.5, 0.02, 0.48], size=60)
            state[(state == HELD) & ~ringing] = 0
            ringing = state != 0
            grid.harmony_BSP[bar, step] = state
    grid.drums_BSD[:, : grid.steps] = dice.random((grid.bars, grid.steps, 9)) < 0.2
    grid.present_R[:] = True
    struck = [(grid.mono_BVS[:, v, : grid.steps] >= 2).any(axis=1) for v in range(4)]
    struck += [(grid.harmony_BSP == 1).any(axis=(1, 2)), grid.drums_BSD.any(axis=(1, 2))]
    grid.loudness_BR[:] = np.stack(struck, axis=1) * dice.integers(1, 128, size=(grid.bars, 6))
    return grid


@pytest.mark.parametrize("seed", range(8))
def test_bars_come_back_from_their_rows(seed):
    grid = random_grid(seed)
    rows = to_rows(grid)
    assert rows.shape == (grid.bars, WIDTH)
    assert rows.dtype == np.uint8
    assert WIDTH == 352
    bars = from_rows(rows)
    for name in ("mono_BVS", "harmony_BSP", "drums_BSD", "loudness_BR"):
        assert (getattr(bars, name) == getattr(grid, name)).all()
        assert getattr(bars, name).dtype == getattr(grid, name).dtype


def song_of(grid, first):
    names = {"title": "", "composer": "", "style": "", "split": "train", "licence": ""}
    return Song(name="a.mid", part=0, first=first, **names, **song_facts(grid))


def test_windows_cut_from_rows_are_those_cut_from_the_grids():
    grids = [random_grid(seed) for seed in range(8)]
    songs, first = [], 0
    for grid in grids:
        songs.append(song_of(grid, first))
        first += grid.bars
    rows = np.concatenate([to_rows(grid) for grid in grids])
    places = places_of(songs, 4)
    windows = cut(rows, songs, places)
    slow = windows_of(
        [
            grids[piece].window(bar, bars)
            for piece, bar, bars in zip(places.piece_N, places.bar_N, places.bars_N, strict=True)
        ],
        8,
    )
    for name in (
        "mono_NBVS",
        "harmony_NBSP",
        "drums_NBSD",
        "loudness_NBR",
        "steps_N",
        "bars_N",
        "compound_N",
    ):
        assert (getattr(windows, name) == getattr(slow, name)).all(), name
    assert not (windows.mono_NBVS[:, 0, :, 0] == HOLD).any()


def test_windows_begin_every_four_bars_and_one_ends_with_the_song():
    assert first_bars(8, 4) == [0]
    assert first_bars(9, 4) == [0, 1]
    assert first_bars(21, 4) == [0, 4, 8, 12, 13]
    songs = [song_of(empty_grid(20), 0), song_of(empty_grid(5), 20)]
    places = places_of(songs, 4)
    assert places.bar_N.tolist() == [0, 4, 8, 12, 0]
    assert places.row_N.tolist() == [0, 4, 8, 12, 20]
    assert places.bars_N.tolist() == [8, 8, 8, 8, 5]
    opening, middle, ending = places.position_NP.T.tolist()
    assert opening == [True, False, False, False, True]
    assert middle == [False, True, True, False, False]
    assert ending == [False, False, False, True, True]

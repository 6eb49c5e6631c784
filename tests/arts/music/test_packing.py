from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from huohua.arts.music.grid import empty_grid
from huohua.arts.music.grid_layout import PAD
from huohua.arts.music.packing import COLUMNS, packed, unpacked, valid_steps, windows_of


def written(bars, metre=(4, 4)):
    grid = empty_grid(bars, metre=metre)
    grid.mono_BVS[0, :, 0] = [20, 30, 40, 50]
    grid.mono_BVS[0, 0, 1] = 1
    grid.harmony_BSP[0, 3, 7] = 1
    grid.harmony_BSP[0, 4, 7] = 2
    grid.drums_BSD[bars - 1, 2, 8] = 1
    grid.present_R[:] = True
    grid.loudness_BR[0] = [90, 80, 70, 60, 50, 40]
    return grid


def test_columns_are_voices_harmony_drums_validity_and_roles():
    grid = written(1)
    works = packed(windows_of([grid], 2))
    assert works.shape == (1, 32, COLUMNS) == (1, 32, 80)
    assert works.dtype == np.int16
    assert works[0, 0, :4].tolist() == [20, 30, 40, 50]
    assert works[0, 1, 0] == 1
    assert works[0, [3, 4, 5], 4 + 7].tolist() == [1, 2, 0]
    assert works[0, 2, 64 + 8] == 1
    assert works[0, :, 73].tolist() == [1] * 16 + [0] * 16
    assert (works[0, :, 74:] == 1).all()
    assert (works[0, 16:, :4] == PAD).all()


def test_short_bars_and_short_pieces_lack_steps():
    valid = valid_steps(np.array([12, 8]), np.array([1, 2]), 2)
    assert valid.sum(axis=2).tolist() == [[12, 0], [8, 8]]
    assert valid[0, 0].tolist() == [True] * 12 + [False] * 4


@pytest.mark.parametrize("metre", [(4, 4), (3, 4), (6, 8), (2, 4)])
def test_a_packed_grid_comes_back(metre):
    grid = written(3, metre)
    grid.loudness_BR[:] = grid.loudness_BR[0]
    back = unpacked(packed(windows_of([grid], 8)), grid)[0]
    assert back.equals(grid)


def test_roles_that_take_no_part_fall_silent_and_padding_is_put_right():
    grid = written(1, (3, 4))
    works = packed(windows_of([grid], 1))
    works[..., 74] = 0
    works[..., 78] = 0
    works[:, 12:, 0:4] = 33
    works[:, 12:, 10] = 2
    back = unpacked(works, grid)[0]
    assert back.present_R.tolist() == [False, True, True, True, False, True]
    assert (back.mono_BVS[0, 0, :12] == 0).all()
    assert back.mono_BVS[0, 1, 0] == 30
    assert (back.mono_BVS[0, :, 12:] == PAD).all()
    assert not back.harmony_BSP.any()


def test_windows_hold_no_longer_grid():
    with pytest.raises(ValueError, match="at most 2 bars"):
        windows_of([empty_grid(3)], 2)
    windows = windows_of([empty_grid(2), empty_grid(1, metre=(6, 8))], 2)
    assert windows.steps_N.tolist() == [16, 12]
    assert windows.bars_N.tolist() == [2, 1]
    assert windows.compound_N.tolist() == [False, True]


def test_what_arrays_do_not_say_comes_from_the_other_grid():
    like = replace(written(1), tempo=77.0, swing=2.0, shift=3, title="x")
    back = unpacked(packed(windows_of([like], 1)), like)[0]
    assert (back.tempo, back.swing, back.shift, back.title) == (77.0, 2.0, 3, "x")

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.grid import empty_grid, strokes_in
from huohua.arts.music.packing import windows_of
from huohua.arts.music.roles import ROLES
from huohua.arts.music.sounding import LOW, SPAN, heard


def random_grid(seed, metre):
    dice = np.random.default_rng(seed)
    grid = empty_grid(4, metre=metre)
    grid.mono_BVS[:, :, : grid.steps] = dice.choice([0, 1, 1, 20, 40], size=(4, 4, grid.steps))
    grid.harmony_BSP[:, : grid.steps] = dice.random((4, grid.steps, 60)) < 0.03
    grid.drums_BSD[:, : grid.steps] = dice.random((4, grid.steps, 9)) < 0.1
    grid.present_R[:] = True
    return grid


@pytest.mark.parametrize("metre", [(4, 4), (3, 4), (6, 8), (2, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_what_sounds_is_what_the_notes_of_the_grid_say(seed, metre):
    grid = random_grid(seed, metre)
    found = heard(windows_of([grid], 5))
    struck = np.zeros(found.struck_NBSR.shape[1:], dtype=bool)
    sounding = np.zeros(found.sounding_NBSLP.shape[1:], dtype=bool)
    for place, role in enumerate(ROLES):
        for step, end, pitch in strokes_in(grid, role):
            struck[step // grid.steps, step % grid.steps, place] = True
            for time in range(step, end) if role != "drums" else ():
                sounding[time // grid.steps, time % grid.steps, place, pitch - LOW] = True
    assert (found.struck_NBSR[0] == struck).all()
    assert (found.sounding_NBSLP[0] == sounding).all()
    assert found.valid_NBS.sum() == 4 * grid.steps
    assert SPAN == 84

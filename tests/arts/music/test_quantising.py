from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.quantising import offbeat_tick, steps_of, straightened, swing_at, ticks_of
from huohua.errors import DataError


def test_ticks_go_to_the_nearest_sixteenth():
    assert steps_of(np.array([0, 5, 6, 17, 18, 48, 191])).tolist() == [0, 0, 1, 1, 2, 4, 16]


def test_a_triplet_swing_bends_the_quarter_at_two_thirds():
    ticks = np.array([0, 16, 32, 40, 48, 80])
    assert straightened(ticks, 2.0).tolist() == [0.0, 12.0, 24.0, 36.0, 48.0, 72.0]


@pytest.mark.parametrize("offbeat", range(24, 37))
def test_every_swing_there_is_comes_back_from_ticks(offbeat):
    swing = swing_at(offbeat)
    assert offbeat_tick(swing) == offbeat
    steps = np.arange(64)
    ticks = ticks_of(steps, swing)
    assert (np.diff(ticks) > 0).all()
    assert ticks[2] == offbeat
    assert ticks[4] == 48
    assert (steps_of(ticks, swing) == steps).all()


@pytest.mark.parametrize("swing", [0.9, 3.1, float("nan")])
def test_swings_that_nobody_plays_are_refused(swing):
    with pytest.raises(DataError, match="swing ratio"):
        offbeat_tick(swing)

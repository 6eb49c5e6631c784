"""Tables of counts: what they say of pitches by hand, and that they see no more than they should."""

from __future__ import annotations

import importlib
import math

import numpy as np
import pytest

from huohua.arts.music.grid import Grid, empty_grid
from huohua.arts.music.grid_layout import HOLD
from huohua.arts.music.likelihood import Surprise

page = importlib.import_module("music_likelihood")


def drone(bars: int) -> Grid:
    """Soprano alternates between two pitches each bar; the others hold one pitch throughout."""
    grid = empty_grid(bars)
    grid.mono_BVS[:] = HOLD
    grid.mono_BVS[0, :, 0] = (40, 35, 30, 25)
    grid.mono_BVS[1::2, 0, 0], grid.mono_BVS[2::2, 0, 0] = 42, 40
    grid.present_R[:4] = True
    return grid


def test_cells_know_what_was_before_where_they_stand_and_what_sounds_above():
    found = list(page.cells_of(drone(2), None))
    assert len(found) == (2 * 16 - 1) * 4  # nothing is before the first step
    assert found[15 * 4] == (42, ((0,), (0, 40), (0, 40, 0), (0, 40, 0, -1)))
    assert found[15 * 4 + 1] == (35, ((1,), (1, 35), (1, 35, 0), (1, 35, 0, 42)))


def test_a_table_of_one_pitch_is_surprised_as_the_counts_say():
    grid = drone(4)
    scored = Surprise(nats_TV=np.zeros((64, 4)))
    previous, place, above = page.counted([grid], [grid], [scored])
    assert above <= place < previous
    # A lower voice: 63 steps of one pitch; first the table of the voice alone, then with what was before.
    steady = (63 + (63 + 1 / 75) / 64) / 64
    # Soprano: 31 steps of one pitch, 32 of another; 32 follow the first, 2 of which leave it; 31 the other.
    one, other = (31 + 2 / 75) / 65, (32 + 2 / 75) / 65
    shares = [(30 + 2 * one) / 34] * 30 + [(2 + 2 * other) / 34] * 2
    shares += [(30 + 2 * other) / 33] * 30 + [(1 + 2 * one) / 33]
    nats = -sum(map(math.log, shares)) - 3 * 63 * math.log(steady)
    assert previous == pytest.approx(nats / 252, abs=1e-9)


def test_only_cells_that_were_scored_are_counted():
    nats_TV = np.zeros((64, 4))
    nats_TV[:40] = np.nan
    assert len(list(page.cells_of(drone(4), Surprise(nats_TV=nats_TV)))) == 24 * 4

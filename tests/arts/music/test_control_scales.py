from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.control_scales import choose_scales, value_at, weigh
from huohua.arts.music.controls import CONTROLS


def values(**columns):
    count = len(next(iter(columns.values())))
    value_NK = np.full((count, len(CONTROLS)), np.nan)
    for name, column in columns.items():
        value_NK[:, CONTROLS.index(name)] = column
    return value_NK


def test_scales_reach_from_one_in_twenty_to_one_in_twenty():
    scales = choose_scales(values(density=np.arange(101) / 10))
    assert list(scales) == ["density"]
    assert (scales["density"].low, scales["density"].high) == (0.5, 9.5)
    assert weigh(values(density=np.array([0.0, 0.5, 5.0, 9.5, 20.0])), scales)[:, 0].tolist() == [
        0,
        0,
        0.5,
        1,
        1,
    ]


def test_what_is_alike_everywhere_is_no_condition():
    assert choose_scales(values(density=np.full(50, 1.0), register=np.linspace(60, 60.5, 50))) == {}
    assert weigh(values(density=np.ones(3)), {}).shape == (3, 0)


def test_what_says_nothing_counts_as_one_half():
    column = np.arange(40.0)
    column[3] = np.nan
    scales = choose_scales(values(register=column))
    assert weigh(values(register=column), scales)[3, 0] == 0.5


def test_swing_goes_from_straight_to_a_triplet_where_some_music_swings():
    assert choose_scales(values(swing=np.ones(200))) == {}
    some = np.ones(200)
    some[:2] = 1.8
    scales = choose_scales(values(swing=some))
    assert weigh(values(swing=np.array([1.0, 1.5, 2.0, 3.0])), scales)[:, 0].tolist() == [0, 0.5, 1, 1]


@pytest.mark.parametrize("weight", [0.0, 0.25, 1.0])
def test_a_weight_stands_for_a_value_and_comes_back_from_it(weight):
    scale = choose_scales(values(tension=np.linspace(-1, 1, 99)))["tension"]
    value = value_at(weight, scale)
    assert scale.weights(np.array([value]))[0] == pytest.approx(weight, abs=1e-6)


def test_bars_are_weighed_like_windows():
    scales = choose_scales(values(density=np.arange(101.0)))
    value_NBK = np.stack([values(density=np.array([5.0, 50.0]))])
    assert weigh(value_NBK, scales).tolist() == [[[0.0], [0.5]]]

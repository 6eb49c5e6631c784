"""What a model of music is told: NaN where nothing is asked, labels of a real work where they are open."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.asking import first_of, settled, told
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.errors import UsageError

SPACE = ConditionSpace(
    groups={
        "style": ("folk", "jazz"),
        "metre": ("3/4", "4/4"),
        "position": ("opening", "ending"),
        "control": ("density", "swing"),
    },
    scales={"control": {"density": Scale(), "swing": Scale()}},
)
KNOWN = (
    {"style": ("folk",), "metre": ("3/4",), "position": ("opening",), "control": "density 0.2"},
    {"style": ("jazz",), "metre": ("4/4",), "position": ("ending",), "control": "density 0.9, swing 1"},
)


def test_labels_are_told_whole_and_controls_one_by_one():
    nan = float("nan")
    found = told(SPACE, {"style": {"jazz": 1.0}, "control": {"density": 0.0}})
    assert np.array_equal(found, [0, 1, nan, nan, nan, nan, 0, nan], equal_nan=True)
    assert np.isnan(told(SPACE, {})).all()


def test_labels_left_open_are_those_of_a_work_that_fits_and_controls_stay_open():
    dice = np.random.default_rng(0)
    found = settled({"style": {"jazz": 1.0}, "control": {"density": 0.7}}, SPACE, KNOWN, dice)
    assert found == {"style": {"jazz": 1.0}, "metre": {"4/4": 1.0}, "control": {"density": 0.7}}
    assert settled({"style": {"folk": 1.0}}, SPACE, KNOWN, dice) == {
        "style": {"folk": 1.0},
        "metre": {"3/4": 1.0},
    }


@pytest.mark.parametrize("weight", [-0.1, 1.1])
def test_a_control_beyond_its_scale_is_refused(weight):
    with pytest.raises(UsageError, match=r"density is .* goes from 0, little, to 1, much"):
        settled({"control": {"density": weight}}, SPACE, KNOWN, np.random.default_rng(0))


def test_the_first_of_a_group_is_what_is_asked_for_most():
    assert first_of({"style": {"folk": 0.4, "jazz": 0.6}}, "style") == "jazz"
    assert first_of({}, "metre", "4/4") == "4/4"

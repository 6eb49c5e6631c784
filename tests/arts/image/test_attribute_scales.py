"""From measured attributes to conditions: what is left out, and which numbers the rest become."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.image.attribute_scales import attribute_conditions, choose_scales, joined, weigh
from huohua.arts.image.attributes import ATTRIBUTES
from huohua.conditions.attribute_names import LOOKS
from huohua.conditions.space import ConditionSpace

PLACE = {attribute: number for number, attribute in enumerate(ATTRIBUTES)}
LOOK_PLACES = [PLACE["look", look] for look in LOOKS]


def values(count=100, **columns):
    """Attributes of works that are alike in everything but the columns given."""
    value_NA = np.full((count, len(ATTRIBUTES)), 0.1, dtype=np.float32)
    for name, column in columns.items():
        group, _, attribute = name.rpartition("_")
        value_NA[:, PLACE[group, attribute]] = column
    return value_NA


def test_a_colour_that_some_works_have_and_others_have_not_is_a_condition():
    share = np.r_[np.zeros(80), np.linspace(0.2, 0.9, 20)]
    space = choose_scales(values(colour_top_blue=share**0.5))
    assert space.groups == {"colour_top": ("blue",)}
    assert space.scales["colour_top"]["blue"].one_sided


@pytest.mark.parametrize(
    "column",
    [np.zeros(100), np.full(100, 0.95), np.r_[np.zeros(97), 1, 1, 1], np.linspace(0.3, 0.44, 100)],
    ids=["never there", "always there", "in three works", "nowhere plainly"],
)
def test_a_colour_that_tells_nothing_is_left_out(column):
    assert choose_scales(values(colour_top_blue=column)).groups == {}


def test_looks_go_from_minus_one_over_the_usual_to_one():
    light = np.linspace(0, 1, 101)
    value_NA = values(101, look_light=light)
    space = choose_scales(value_NA)
    scale = space.scales["look"]["light"]
    assert (scale.low, scale.middle, scale.high) == pytest.approx((0.05, 0.5, 0.95))
    weight_N = weigh(value_NA, space)[:, 0]
    assert weight_N[[0, 5, 50, 95, 100]].tolist() == pytest.approx([-1, -1, 0, 1, 1], abs=1e-6)


def test_a_look_that_all_works_share_is_left_out():
    assert choose_scales(values(look_light=np.linspace(0.50, 0.54, 100))).groups == {}


def test_weights_follow_the_scales_in_the_order_of_the_space():
    share = np.r_[np.zeros(50), np.full(50, 0.64)]
    value_NA = values(colour_middle_red=share**0.5, look_warm=np.linspace(-0.1, 0.1, 100))
    space = choose_scales(value_NA)
    condition_NC = weigh(value_NA, space)
    assert condition_NC.shape == (100, space.size) == (100, 2)
    assert condition_NC.dtype == np.float32
    assert list(space.places()) == [("colour_middle", "red"), ("look", "warm")]
    assert set(condition_NC[:, 0].tolist()) == {0.0, 1.0}
    assert condition_NC[:, 1].min() == -1


def test_other_works_are_measured_on_the_same_scales():
    space = choose_scales(values(look_light=np.linspace(0, 1, 101)[:100]))
    assert weigh(values(1, look_light=[0.99]), space).tolist() == [[1.0]]
    assert weigh(values(1), ConditionSpace()).shape == (1, 0)


def test_pictures_that_are_all_alike_have_no_conditions():
    space, condition_NC = attribute_conditions(np.full((9, 8, 8, 3), 200, np.uint8))
    assert (space.size, condition_NC.shape) == (0, (9, 0))


def test_a_few_works_are_enough():
    pictures = np.random.default_rng(0).integers(0, 256, (8, 1, 1, 3)).astype(np.uint8)
    space, condition_NC = attribute_conditions(pictures.repeat(12, axis=1).repeat(12, axis=2))
    assert condition_NC.shape == (8, space.size)
    assert np.isfinite(condition_NC).all()
    assert "light" in space.groups["look"]


def test_labels_stand_before_attributes():
    labels = ConditionSpace(groups={"tags": ("ripe",)})
    both = joined(labels, choose_scales(values(look_light=np.linspace(0, 1, 100))))
    assert list(both.groups) == ["tags", "look"]
    assert not both.measured("tags")
    assert both.measured("look")

"""Conditions: from words to the numbers a network reads."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.errors import UsageError

SPACE = ConditionSpace(
    groups={"subject": ("apple", "lemon", "Quitte"), "style": ("monet", "山水"), "tags": ("apple",)}
)


def test_places_follow_the_order_of_groups_and_names():
    assert SPACE.size == 6
    assert list(SPACE.places().values()) == [0, 1, 2, 3, 4, 5]
    assert SPACE.places()["style", "山水"] == 4


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({}, [0, 0, 0, 0, 0, 0]),
        ({"subject": "lemon"}, [0, 1, 0, 0, 0, 0]),
        ({"subject": ["apple", "lemon"]}, [1, 1, 0, 0, 0, 0]),
        ({"subject": ("lemon",), "tags": "apple"}, [0, 1, 0, 0, 0, 1]),
        ({"style": {"monet": 0.6, "山水": 0.4}}, [0, 0, 0, 0.6, 0.4, 0]),
        ({"style": {"monet": 1, "山水": -0.5}}, [0, 0, 0, 1, -0.5, 0]),
        ({"subject": "LEMON", "style": "Monet"}, [0, 1, 0, 1, 0, 0]),
        ({"subject": "quitte"}, [0, 0, 1, 0, 0, 0]),
        ({"subject": []}, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_wishes_become_a_vector(wishes, expected):
    assert SPACE.encode(wishes) == expected


def test_resolved_wishes_carry_the_models_own_spelling():
    assert SPACE.resolve({"subject": {"QUITTE": 2}}) == {"subject": {"Quitte": 2.0}}


def test_names_that_differ_in_case_alone_are_kept_apart():
    space = ConditionSpace(groups={"subject": ("Rose", "rose")})
    assert space.encode({"subject": "Rose"}) == [1, 0]
    assert space.encode({"subject": "rose"}) == [0, 1]


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="knows no subject 'lemmon'") as caught:
        SPACE.encode({"subject": "lemmon"})
    assert caught.value.advice == "Did you mean lemon?"


def test_a_name_like_no_other_is_answered_with_all_or_the_first_twelve():
    with pytest.raises(UsageError) as caught:
        SPACE.encode({"subject": "zebra"})
    assert caught.value.advice == "It knows: apple, lemon, Quitte."
    many = ConditionSpace(groups={"subject": tuple(f"name{number:02}" for number in range(20))})
    with pytest.raises(UsageError) as caught:
        many.encode({"subject": "zebra"})
    assert caught.value.advice.startswith("It knows: name00, name01")
    assert caught.value.advice.endswith("name11, ….")


def test_an_unknown_group_is_answered_with_those_there_are():
    with pytest.raises(UsageError, match="no condition 'mood'") as caught:
        SPACE.encode({"mood": "calm"})
    assert caught.value.advice == "Its conditions: subject, style, tags."
    with pytest.raises(UsageError) as caught:
        ConditionSpace().encode({"subject": "lemon"})
    assert "trained without labels" in caught.value.advice


@pytest.mark.parametrize("weight", [math.nan, math.inf, -math.inf])
def test_a_weight_that_is_no_number_is_refused(weight):
    with pytest.raises(UsageError, match="is not a number"):
        SPACE.encode({"style": {"monet": weight}})


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(min_size=1), unique=True).map(tuple)))
def test_any_names_survive_json_and_find_their_own_place(groups):
    space = ConditionSpace.from_json(ConditionSpace(groups=groups).to_json())
    assert space.groups == groups
    for (group, name), place in space.places().items():
        vector = space.encode({group: name})
        assert vector[place] == 1
        assert sum(vector) == 1


def test_a_space_cannot_be_changed():
    with pytest.raises(ValidationError):
        SPACE.groups = {}
    assert ConditionSpace().size == 0


LIGHT = Scale(low=0.2, middle=0.5, high=0.8)
MEASURED = ConditionSpace(
    groups={"subject": ("dark",), "colour_top": ("blue",), "look": ("light", "warm")},
    scales={"colour_top": {"blue": Scale()}, "look": {"light": LIGHT, "warm": LIGHT}},
)


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        ({"look": {"light": 0.5, "warm": -1}}, [0, 0, 0.5, -1]),
        ({"look": "dark"}, [0, 0, -1, 0]),
        ({"look": {"Cold": 0.25}}, [0, 0, 0, -0.25]),
        ({"colour_top": "blue", "look": ["dark", "cold"]}, [0, 1, -1, -1]),
        ({"subject": "dark"}, [1, 0, 0, 0]),
    ],
)
def test_a_look_can_be_asked_for_by_either_end(wishes, expected):
    assert MEASURED.encode(wishes) == expected


def test_an_opposite_that_the_model_lacks_is_refused_as_it_was_written():
    with pytest.raises(UsageError, match="knows no look 'muted'"):
        MEASURED.encode({"look": "muted"})


def test_scales_travel_with_the_names():
    again = ConditionSpace.from_json(MEASURED.to_json())
    assert again == MEASURED
    assert again.measured("look")
    assert not again.measured("subject")


def test_a_space_written_before_there_were_scales_reads_as_ever():
    assert ConditionSpace.from_json('{"groups": {"subject": ["lemon"]}}').scales == {}


def test_scales_must_be_those_of_the_names():
    with pytest.raises(ValidationError, match="scales of 'look' are not those of its names"):
        ConditionSpace(groups={"look": ("light",)}, scales={"look": {"warm": LIGHT}})

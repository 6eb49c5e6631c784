"""Conditions: from words to the numbers a network reads."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

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

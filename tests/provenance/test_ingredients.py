"""Ingredients of steered works: they survive their file, say little, and refuse what makes no sense."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.errors import HuohuaError, UsageError
from huohua.provenance.ingredients import Ingredient, WalkRecipe, pack, unpack
from huohua.provenance.record import Origin, Recipe, Record

ORIGIN = Origin(producer="Huohua 0.1.0", created="2026-11-24T06:00:00+00:00")
PLAIN = Recipe(model_sha256="ab" * 32, seed=7, version="0.1.0")
INGREDIENTS = (
    Ingredient(seed=3, layers=(0, 4), conditions={"subject": {"柠檬": 1.0}}, truncation=0.5),
    Ingredient(vector=pack([0.25, -1.0]), weight=-1.5, name="warmer"),
)


def test_a_plain_recipe_says_nothing_of_ingredients_so_its_bytes_stay_what_they_were():
    fields = json.loads(PLAIN.to_json())
    assert list(fields) == [
        *("format", "art", "model", "model_path", "model_sha256", "seed", "index", "conditions"),
        *("prompt", "options", "version", "engine"),
    ]


def test_a_recipe_with_ingredients_comes_back_from_its_record():
    walk = WalkRecipe(keys=(INGREDIENTS, INGREDIENTS[:1]), places=(0.0, 0.5, 1.0), fps=12.5, loop=True)
    for changes in ({"ingredients": INGREDIENTS}, {"walk": walk}):
        record = Record(recipe=PLAIN.model_copy(update=changes), origin=ORIGIN)
        assert Record.read(record.to_ascii(), source="a.png") == record


def test_what_was_not_set_is_not_written():
    assert Ingredient(seed=0).to_json() == '{"seed":0}'
    assert INGREDIENTS[1].to_json() == '{"vector":"ADQAvA==","weight":-1.5,"name":"warmer"}'


@given(st.lists(st.floats(-65504, 65504, width=16), max_size=40))
def test_numbers_of_sixteen_bits_come_back_exactly(numbers):
    assert unpack(pack(numbers)) == tuple(numbers)
    assert pack(unpack(pack(numbers))) == pack(numbers)


def test_two_letters_and_two_thirds_a_number():
    assert len(pack([0.1] * 300)) == 800


@pytest.mark.parametrize("numbers", [[float("nan")], [float("inf")], [65520.0], [0.0, -1e9]])
def test_numbers_that_do_not_fit_are_refused(numbers):
    with pytest.raises(UsageError):
        pack(numbers)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "either a seed or a vector"),
        ('{"seed": 1, "vector": "ADw="}', "either a seed or a vector"),
        ('{"seed": -1}', "greater than or equal to 0"),
        ('{"seed": 1, "layers": [2, 2]}', "at least one layer"),
        ('{"seed": 1, "layers": [-1, 2]}', "greater than or equal to 0"),
        ('{"seed": 1, "weight": "much"}', "weight"),
        ('{"vector": "A"}', "is not base64"),
        ('{"vector": "AAAA"}', "whole numbers"),
        ('{"vector": "AHw="}', "not numbers"),
        ('{"seed": 1, "flavour": "sweet"}', "flavour"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(text, words):
    with pytest.raises(HuohuaError, match=words):
        Ingredient.from_json(text)


def test_a_weight_is_multiplied_and_the_rest_stays():
    halved = INGREDIENTS[1].times(-0.5)
    assert halved == INGREDIENTS[1].model_copy(update={"weight": 0.75})

"""Recipes and origins: they survive their file, and a stranger's file cannot do harm."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.errors import DataError, HuohuaError
from huohua.provenance.record import LONGEST_RECORD, Origin, Recipe, Record

ORIGIN = Origin(producer="Huohua 0.1.0", created="2026-11-24T06:00:00+00:00", data="果 & <fruit>")
RECIPE = Recipe(
    model="fruit",
    model_sha256="ab" * 32,
    seed=7,
    index=3,
    conditions={"subject": {"柠檬": 1.0}, "style": {"monet": 0.6, "shanshui": 0.4}},
    prompt='two "lemons" \\ \U0001f34b',
    options={"truncation": 0.7},
    version="0.1.0",
)
RECORD = Record(recipe=RECIPE, origin=ORIGIN)


def test_a_record_comes_back_as_it_was():
    assert Record.read(RECORD.to_ascii(), source="a.png") == RECORD


def test_a_record_is_one_line_of_ascii():
    text = RECORD.to_ascii()
    assert text.isascii()
    assert "\n" not in text
    assert text.startswith('{"recipe":{"format":1,')


@given(st.text(max_size=200), st.integers(0, 2**63 - 1), st.floats(0, 4))
def test_any_words_and_numbers_survive(words, seed, truncation):
    # Lone surrogates are not text: no encoding can carry them.
    words = words.encode("utf-8", "ignore").decode()
    changes = {"prompt": words, "seed": seed, "options": {"truncation": truncation}}
    record = RECORD.model_copy(update={"recipe": RECIPE.model_copy(update=changes)})
    assert Record.read(record.to_ascii(), source="a.png") == record


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"recipe": 1}', "[" * 5000, "\0"])
def test_what_is_no_record_is_a_clear_error(text):
    with pytest.raises(DataError, match=r"The recipe in a\.png cannot be read"):
        Record.read(text, source="a.png")


def test_a_record_of_absurd_length_is_not_read():
    with pytest.raises(DataError, match="262,145 characters"):
        Record.read("x" * (LONGEST_RECORD + 1), source="a.png")


def test_a_record_of_a_newer_format_asks_for_an_update():
    fields = json.loads(RECORD.to_ascii())
    fields["recipe"]["format"] = 2
    with pytest.raises(DataError) as caught:
        Record.read(json.dumps(fields), source="a.png")
    assert "newer Huohua" in caught.value.advice


def test_a_misspelt_key_is_not_passed_over():
    with pytest.raises(HuohuaError, match="seeed"):
        Recipe.from_json('{"model_sha256": "", "seed": 1, "seeed": 2, "version": "1"}')

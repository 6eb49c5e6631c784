"""The lexicon is held to what it says: names that exist, weights in range, each word with one meaning."""

from __future__ import annotations

from collections import Counter

import pytest

from huohua.conditions.attribute_names import COLOURS, LOOKS, PLACES
from huohua.conditions.lexicon import ASKING, ENTRIES, OTHER, SERVING, spellings
from huohua.conditions.lexicon_entry import Entry
from huohua.conditions.lexicon_grammar import OTHER_WORDS, SMALL_WORDS
from huohua.conditions.spelling import singular, spaceless, spelling

pytestmark = pytest.mark.filterwarnings("error")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_an_entry_asks_only_for_what_exists(entry):
    assert set(entry.colours) <= set(COLOURS)
    assert set(entry.looks) <= set(LOOKS)
    assert set(entry.paint) <= set(PLACES)
    assert set(entry.places) <= set(PLACES)
    for weights in entry.paint.values():
        assert set(weights) <= set(COLOURS)
        assert all(0 < weight <= 1 for weight in weights.values())
    assert all(0 < weight <= 1 for weight in entry.colours.values())
    assert all(0 < abs(weight) <= 1 for weight in entry.looks.values())


@pytest.mark.parametrize("entry", ASKING, ids=lambda entry: entry.name)
def test_an_entry_that_asks_has_words_of_both_languages_and_something_to_ask_for(entry):
    assert entry.english
    assert entry.chinese
    assert not any(spaceless(word) for word in entry.english)
    assert all(spaceless(letter) for word in entry.chinese for letter in word)
    assert entry.colours or entry.looks or entry.places


def test_no_word_has_two_meanings():
    counts = Counter(spelling(word) for entry in ENTRIES for word in entry.words)
    counts.update(spelling(word) for word in OTHER_WORDS)
    assert [spelt for spelt, count in counts.items() if count > 1] == []


def test_a_small_word_asks_for_nothing():
    assert {spelt for spelt in spellings() if len(spelt) == 1} & {
        (singular(w),) for w in SMALL_WORDS
    } == set()


def test_names_of_entries_are_their_own():
    counts = Counter(entry.name for entry in ASKING)
    assert [name for name, count in counts.items() if count > 1] == []


def test_every_basic_colour_and_both_ends_of_every_look_can_be_said_in_both_languages():
    for colour in COLOURS:
        (entry,) = [e for e in ASKING if e.kind == "colour" and e.name == colour]
        assert dict(entry.colours) == {colour: 0.8}
    for name, opposite in LOOKS.items():
        signs = {word: spellings()[spelling(word)].looks.get(name, 0) for word in (name, opposite)}
        assert signs[name] > 0
        assert signs[opposite] < 0


def test_a_weight_of_a_thing_is_in_a_place_that_it_is_in():
    for entry in ASKING:
        assert set(entry.paint) <= set(entry.places), entry.name


def test_words_that_serve_change_something():
    for entry in SERVING:
        moved = (entry.on_looks, entry.on_shares) != (1, 1)
        assert moved == (entry.kind == "modifier")


def test_a_train_is_no_fire():
    assert spellings()["火", "车"] is OTHER
    assert isinstance(spellings()["火",], Entry)
    assert spellings()["火",].name == "fire"

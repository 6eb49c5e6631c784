"""Words that the lexicon lacks are taken for the nearest it has, or for nothing."""

from __future__ import annotations

import importlib.util

import numpy as np
import pytest

from huohua.conditions import nearest
from huohua.conditions.lexicon import ASKING
from huohua.conditions.nearest import PACKAGE, nearest_entry

installed = pytest.mark.skipif(
    importlib.util.find_spec(PACKAGE) is None, reason="the extra `words` is missing"
)


@pytest.fixture
def afresh():
    """Forget the encoder of other tests, and afterwards that of this one."""
    nearest._encoder.cache_clear()
    nearest._known.cache_clear()
    yield
    nearest._encoder.cache_clear()
    nearest._known.cache_clear()


@installed
@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("seashore", "sea"),
        ("snowstorm", "snow"),
        ("tranquility", "calm"),
        ("沧海", "sea"),
        ("雪原", "snow"),
        ("暮光", "dusk"),
    ],
)
def test_near_words_of_both_languages_are_found(word, name):
    found = nearest_entry(word)
    assert found is not None
    assert found.name == name


@installed
@pytest.mark.parametrize("word", ["dragon", "castle", "guitar", "恐龙", "城堡", "电脑"])
def test_far_words_stay_not_understood(word):
    assert nearest_entry(word) is None


def test_without_an_encoder_nothing_is_guessed(monkeypatch, afresh):
    monkeypatch.setattr(nearest, "PACKAGE", "no_such_package")
    assert nearest_entry("seashore") is None


@pytest.mark.parametrize(("angle", "taken"), [(0.0, True), (0.69, True), (0.72, False), (3.0, False)])
def test_a_word_is_taken_for_another_only_if_it_is_near(monkeypatch, afresh, angle, taken):
    words = [word for entry in ASKING for word in entry.words if len(word) > 1]

    def encode(asked):
        # Every word has a direction of its own but for the one asked for, which leans on that of "sky".
        vectors = np.zeros((len(asked), len(words) + 1))
        for row, word in enumerate(asked):
            if word == "firmament":
                vectors[row, words.index("sky")], vectors[row, -1] = np.cos(angle), np.sin(angle)
            else:
                vectors[row, words.index(word)] = 2.0
        return vectors

    with monkeypatch.context() as patch:
        patch.setattr(nearest, "_encoder", lambda: encode)
        found = nearest_entry("firmament")
    assert (found.name if found else None) == ("sky" if taken else None)

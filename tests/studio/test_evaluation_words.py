"""The words of an evaluation: the same keys and places in both languages, and one for every figure."""

from __future__ import annotations

import string

import pytest

from huohua.arts.image.near_copies import NEAR_COPIES
from huohua.metrics.table import CLASS_METRICS, METRICS
from huohua.studio.evaluation_words import CHINESE, ENGLISH, WORDS, figure_name, say
from huohua.studio.report_words import WORDS as SHARED


def places(message):
    return {place for _, place, _, _ in string.Formatter().parse(message) if place}


def test_every_message_is_in_both_languages():
    assert set(ENGLISH) == set(CHINESE)


@pytest.mark.parametrize("key", ENGLISH)
def test_a_message_has_the_same_places_in_both_languages(key):
    assert places(ENGLISH[key]) == places(CHINESE[key])


@pytest.mark.parametrize("key", CHINESE)
def test_chinese_sentences_have_chinese_punctuation(key):
    message = CHINESE[key]
    for sign in ",;:!?":
        assert sign not in message
    assert "(" not in message


@pytest.mark.parametrize("lang", WORDS)
def test_no_message_takes_the_place_of_one_that_all_reports_share(lang):
    own = {"en": ENGLISH, "zh": CHINESE}[lang]
    assert set(own) & set(SHARED[lang]) == set()
    assert say(lang, "good") == SHARED[lang]["good"]


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("name", [*METRICS, *CLASS_METRICS])
def test_every_figure_has_a_name_in_every_language(name, lang):
    assert figure_name(lang, name) != name.replace("_", " ") or lang == "en"
    assert f"figure_{name}" in WORDS[lang]


@pytest.mark.parametrize("kind", NEAR_COPIES)
def test_every_kind_of_near_copy_has_a_word(kind):
    assert "85%" in say("en", f"kind_{kind}", share="85%")


def test_an_unknown_figure_goes_by_its_own_name():
    assert figure_name("zh", "brand_new") == "brand new"


def test_near_copies_of_texts_have_words_in_every_language():
    from huohua.arts.text.codes import as_codes
    from huohua.arts.text.yardstick import TextYardstick

    for kind in TextYardstick().near_copies(as_codes(["Once upon a time there was a king."], 64)):
        for lang in WORDS:
            assert "85%" in say(lang, f"kind_{kind}", share="85%")

from __future__ import annotations

import string

import pytest

from huohua.studio.report_words import CHINESE, ENGLISH, WORDS, duration, name, say

SPACE = "\N{NO-BREAK SPACE}"


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


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, f"0{SPACE}s", f"0{SPACE}秒"),
        (59.4, f"59{SPACE}s", f"59{SPACE}秒"),
        (60, f"1{SPACE}min", f"1{SPACE}分钟"),
        (3569, f"59{SPACE}min", f"59{SPACE}分钟"),
        (3599, f"1{SPACE}h{SPACE}0{SPACE}min", f"1{SPACE}小时{SPACE}0{SPACE}分钟"),
        (7140, f"1{SPACE}h{SPACE}59{SPACE}min", f"1{SPACE}小时{SPACE}59{SPACE}分钟"),
    ],
)
def test_durations_are_told_in_the_units_that_say_enough(seconds, english, chinese):
    assert duration("en", seconds) == english
    assert duration("zh", seconds) == chinese


def test_a_known_name_is_translated_and_an_unknown_one_spaced():
    assert name("en", "mode_seeking") == "mode seeking"
    assert name("zh", "mode_seeking") == "模式寻求"
    assert name("zh", "odd_new_loss") == "odd new loss"
    assert name("zh", "collapse", "problem") == "模式坍塌"


@pytest.mark.parametrize("lang", WORDS)
def test_places_are_filled_in(lang):
    assert "7" in say(lang, "speed_value", speed="7")

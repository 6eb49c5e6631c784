"""Text is cut into words of two kinds of script, and words are compared whatever their case and number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.conditions.spelling import spaceless, spelling, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Blue sky, white CLOUDS!", ["blue", "sky", ",", "white", "clouds", "!"]),
        ("high-contrast wild_cherry", ["high", "contrast", "wild", "cherry"]),
        ("蓝天、白云。", ["蓝", "天", "、", "白", "云", "。"]),
        ("isn’t red", ["isn't", "red"]),
        ("天空blue", ["天", "空", "blue"]),
        ("  ", []),
    ],
)
def test_text_is_cut_into_words_and_signs(text, expected):
    assert [token.text for token in tokens(text)] == expected


@given(st.text(max_size=40))
def test_words_are_where_they_say(text):
    found = tokens(text)
    for token in found:
        assert text[token.start : token.end].casefold().replace("’", "'") == token.text
    assert [token.start for token in found] == sorted(token.start for token in found)


def test_names_are_compared_without_signs_case_and_number():
    assert spelling("Peach_Trees, ripe") == ("peach", "tree", "ripe")
    assert spelling("White Clouds") == spelling("white cloud")


def test_scripts_without_spaces_are_known():
    assert spaceless("蓝天")
    assert not spaceless("蓝sky")
    assert not spaceless("")

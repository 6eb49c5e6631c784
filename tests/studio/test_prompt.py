"""Free words: those that name a condition are understood, and the others are reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.conditions.space import ConditionSpace
from huohua.errors import UsageError
from huohua.studio.prompt import combined, read, require_some

SPACE = ConditionSpace(
    groups={
        "subject": ("apple", "wild cherry", "cherry", "peach_tree", "山水", "glass"),
        "style": ("van gogh", "Monet"),
        "tags": ("red", "cherry"),
    }
)


@pytest.mark.parametrize(
    ("prompt", "wishes"),
    [
        ("apple", {"subject": {"apple": 1.0}}),
        ("APPLES, please", {"subject": {"apple": 1.0}}),
        ("a Wild-Cherry", {"subject": {"wild cherry": 1.0}}),
        ("wild cherries", {"subject": {"wild cherry": 1.0}}),
        ("peach trees by van Gogh", {"subject": {"peach_tree": 1.0}, "style": {"van gogh": 1.0}}),
        ("apples and glasses", {"subject": {"apple": 0.5, "glass": 0.5}}),
        ("apple apple", {"subject": {"apple": 1.0}}),
        ("red cherry", {"tags": {"red": 1.0, "cherry": 1.0}, "subject": {"cherry": 1.0}}),
        ("画一幅山水", {"subject": {"山水": 1.0}}),
        ("山水, Monet风格", {"subject": {"山水": 1.0}, "style": {"Monet": 1.0}}),
        ("山", {}),
        ("pineapple", {}),
        ("", {}),
    ],
)
def test_words_become_wishes(prompt, wishes):
    assert read(prompt, SPACE).wishes == wishes


def test_unknown_words_are_reported_once_and_small_words_never():
    reading = read("the apple on a glowing table, glowing", SPACE)
    assert reading.ignored == ("glowing", "table")
    assert [found.words for found in reading.understood] == ["apple"]


def test_letters_of_scripts_without_spaces_are_reported_too():
    assert read("蓝山水", SPACE).ignored == ("蓝",)


def test_every_wish_can_be_encoded():
    reading = read("two red apples by monet", SPACE)
    assert sum(SPACE.encode(reading.wishes)) == 3.0


@given(st.text(max_size=60))
def test_any_text_can_be_read(prompt):
    reading = read(prompt, SPACE)
    SPACE.encode(reading.wishes)
    assert all(word.strip() for word in reading.ignored)


def test_an_explicit_condition_wins_over_the_prompt():
    reading = read("apples by monet", SPACE)
    wishes = combined(reading, {"subject": "glass"})
    assert wishes == {"subject": "glass", "style": {"Monet": 1.0}}


def test_a_prompt_of_which_nothing_is_understood_is_refused():
    with pytest.raises(UsageError, match="understands nothing in the prompt 'a dragon'") as caught:
        require_some("a dragon", read("a dragon", SPACE), SPACE)
    assert "apple" in caught.value.advice
    empty = ConditionSpace()
    with pytest.raises(UsageError) as caught:
        require_some("apple", read("apple", empty), empty)
    assert "without labels" in caught.value.advice
    require_some(" ", read(" ", SPACE), SPACE)


def test_where_a_group_knows_singular_and_plural_the_one_that_was_written_is_meant():
    space = ConditionSpace(groups={"tags": ("heart", "hearts"), "subject": ("heart", "dog")})
    assert read("hearts", space).wishes == {"tags": {"hearts": 1.0}, "subject": {"heart": 1.0}}
    assert read("a Heart", space).wishes == {"tags": {"heart": 1.0}, "subject": {"heart": 1.0}}
    assert read("dogs", space).wishes == {"subject": {"dog": 1.0}}

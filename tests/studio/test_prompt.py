"""Free words: those that name a condition are understood, and the others are reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.conditions.attribute_names import COLOUR_GROUPS, COLOURS, LOOK, LOOKS
from huohua.conditions.lexicon import spellings
from huohua.conditions.lexicon_entry import Entry
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace
from huohua.conditions.spelling import spelling
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


SCALE = Scale(low=-1, middle=0, high=1)
MEASURED = ConditionSpace(
    groups={
        "subject": ("rose", "daisy"),
        "style": ("monet", "abstract"),
        "tags": ("yellow", "dim"),
        **{group: COLOURS for group in COLOUR_GROUPS.values()},
        LOOK: tuple(LOOKS),
    },
    scales={
        # Half of the area is as much as it gets, so that two colours of one place seldom crowd each other.
        **{group: {colour: Scale(high=0.5**0.5) for colour in COLOURS} for group in COLOUR_GROUPS.values()},
        LOOK: {look: SCALE for look in LOOKS},
    },
)
TOP, MIDDLE, BOTTOM = "colour_top", "colour_middle", "colour_bottom"
DUSK = {"orange": 0.5, "purple": 0.4}


def everywhere(colour: str) -> dict[str, dict[str, float]]:
    return {TOP: {colour: 0.4}, MIDDLE: {colour: 0.8}, BOTTOM: {colour: 0.4}}


def wishes(prompt: str) -> dict[str, dict[str, float]]:
    return {group: dict(weights) for group, weights in read(prompt, MEASURED, guess=None).wishes.items()}


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        # things with their colours, in both languages
        ("blue sky, white clouds", {TOP: {"blue": 0.8, "white": 0.8}}),
        ("蓝色的天空，白色的云朵", {TOP: {"blue": 0.8, "white": 0.8}}),
        ("蓝天白云", {TOP: {"blue": 0.8, "white": 0.8}}),
        ("dusk over the lake", {TOP: DUSK, BOTTOM: {"blue": 0.8}, LOOK: {"light": -0.4, "warm": 0.3}}),
        ("大海", {MIDDLE: {"blue": 0.5}, BOTTOM: {"blue": 0.85}}),
        ("绿油油的草地", {BOTTOM: {"green": 0.8}}),
        # looks and moods
        ("warm, high contrast", {LOOK: {"warm": 0.8, "contrast": 1.0}}),
        ("暖色调，高对比度", {LOOK: {"warm": 0.8, "contrast": 1.0}}),
        ("calm", {LOOK: {"detailed": -0.6, "contrast": -0.4}}),
        ("very dark", {LOOK: {"light": -1.0}}),
        ("slightly cold", {LOOK: {"warm": -0.4}}),
        ("略冷", {LOOK: {"warm": -0.4}}),
        ("not warm", {LOOK: {"warm": -0.64}}),
        ("not very bright", {LOOK: {"light": -0.32}}),
        ("不太亮", {LOOK: {"light": -0.32}}),
        ("low saturation", {LOOK: {"saturated": -0.64}}),
        ("对比度很高，饱和度低", {LOOK: {"contrast": 1.0, "saturated": -0.64}}),
        ("bright and sunny", {LOOK: {"light": 1.0, "warm": 0.4, "saturated": 0.3}}),
        # whose colour is whose
        ("red at the top and green at the bottom", {TOP: {"red": 0.8}, BOTTOM: {"green": 0.8}}),
        ("上红下绿", {TOP: {"red": 0.8}, BOTTOM: {"green": 0.8}}),
        ("上方红色，下方绿色", {TOP: {"red": 0.8}, BOTTOM: {"green": 0.8}}),
        ("the sky is red and orange", {TOP: {"red": 0.8, "orange": 0.8}}),
        ("sky is blue and the grass is brown", {TOP: {"blue": 0.8}, BOTTOM: {"brown": 0.8}}),
        ("天空很红", {TOP: {"red": 1.0}}),
        ("天空是红色的", {TOP: {"red": 0.8}}),
        ("red flowers at the bottom", {BOTTOM: {"red": 0.8}}),
        ("下方的红花", {BOTTOM: {"red": 0.8}}),
        ("purple tulips on black", {MIDDLE: {"purple": 0.8}, TOP: {"black": 0.8}, BOTTOM: {"black": 0.8}}),
        ("黑色背景上的红花", {MIDDLE: {"red": 0.8}, TOP: {"black": 0.8}, BOTTOM: {"black": 0.8}}),
        ("green sea", {MIDDLE: {"green": pytest.approx(0.471, abs=1e-3)}, BOTTOM: {"green": 0.8}}),
        ("field of purple flowers", {BOTTOM: {"green": 0.6, "yellow": 0.4}, MIDDLE: {"purple": 0.8}}),
        # the whole picture
        ("red", everywhere("red")),
        ("blue sky, red", {TOP: {"blue": 0.8}, MIDDLE: {"red": 0.8}, BOTTOM: {"red": 0.4}}),
        ("light blue", {**everywhere("blue"), LOOK: {"light": 0.4}}),
        # what shall not be there
        ("no clouds", {TOP: {"white": 0.0}}),
        ("无云的天空", {TOP: {"white": 0.0, "blue": 0.8}}),
        ("without red", {TOP: {"red": 0.0}, MIDDLE: {"red": 0.0}, BOTTOM: {"red": 0.0}}),
        ("a sky without red or orange", {TOP: {"red": 0.0, "orange": 0.0}}),
        # names of the model beside the lexicon
        ("white roses", {"subject": {"rose": 1.0}, MIDDLE: {"white": 0.8}}),
        ("rose", {"subject": {"rose": 1.0}}),
        ("blue sky by Monet", {"style": {"monet": 1.0}, TOP: {"blue": 0.8}}),
        ("warm abstract", {"style": {"abstract": 1.0}, LOOK: {"warm": 0.8}}),
        ("yellow", {"tags": {"yellow": 1.0}, **everywhere("yellow")}),
        ("dim", {"tags": {"dim": 1.0}, LOOK: {"light": -0.8}}),
        # nothing
        ("火车", {}),
        ("very", {}),
        ("the left", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_words_of_the_lexicon_become_amounts(prompt, expected):
    assert wishes(prompt) == expected


def test_colours_of_one_place_share_it():
    found = wishes("black, white and grey sky")[TOP]
    assert set(found) == {"white", "grey"}
    # "black" ends with its comma and is of the rest of the picture.
    crowded = wishes("red and white and grey and blue sky")[TOP]
    assert sum((weight**2) * 0.5 for weight in crowded.values()) == pytest.approx(1, abs=1e-2)
    assert len(set(crowded.values())) == 1


def test_amounts_are_never_beyond_the_scale():
    found = wishes("very very bright sunny snow, extremely very blue sky")
    assert found[LOOK]["light"] == 1.0
    assert found[TOP]["blue"] == 1.0


def test_what_was_understood_is_said_back():
    reading = read("very blue sky, no red, two roses, slightly cold", MEASURED, guess=None)
    assert reading.sentences() == (
        "Understood 'very blue sky' as much blue at the top",
        "Understood 'no red' as no red anywhere",
        "Understood 'roses' as subject 'rose'",
        "Understood 'slightly cold' as slightly cold",
    )
    assert reading.regrets() == ()


def test_what_was_not_understood_is_said_back_with_the_reason():
    space = ConditionSpace(
        groups={TOP: ("blue",), LOOK: ("light",)}, scales={TOP: {"blue": SCALE}, LOOK: {"light": SCALE}}
    )
    reading = read("a purple dragon on the left, warm flowers, 恐龙", space, guess=None)
    assert reading.ignored == ("purple", "dragon", "left", "warm", "flowers", "恐龙")
    assert reading.regrets() == (
        "Not understood, because the model never learnt it: dragon, 恐龙",
        "Cannot be asked of this model, because its works hardly differ in that: purple, warm",
        "Cannot be asked of this model, because left and right are not told apart: left",
        "Cannot be asked of this model, because it was not told what its works show: flowers",
    )


def test_a_model_without_attributes_says_why_it_knows_no_colours():
    reading = read("red apples", SPACE)
    assert reading.wishes == {"subject": {"apple": 1.0}, "tags": {"red": 1.0}}
    reading = read("apples under a blue sky", SPACE)
    assert reading.ignored == ("blue sky",)
    assert reading.reasons == {"blue sky": "it was trained without computed attributes"}


def test_a_word_that_nothing_knows_may_be_guessed():
    sea = spellings()[spelling("sea")]
    reading = read("pink seashore, dragon", MEASURED, guess=lambda word: sea if word == "seashore" else None)
    assert reading.wishes[BOTTOM] == {"pink": 0.8}
    assert {found.near for found in reading.understood} == {"sea"}
    assert reading.ignored == ("dragon",)
    assert reading.sentences()[0].startswith("Understood 'pink seashore', which is near to 'sea', as")


def test_labels_are_never_guessed_at():
    def refuse(word: str) -> Entry:
        raise AssertionError(word)

    assert read("dragon", SPACE, guess=refuse).ignored == ("dragon",)


@given(st.text(alphabet="蓝天空白云很不上下红色的和是在 bluesky,not very at top and", max_size=30))
def test_any_words_of_the_lexicon_in_any_order_can_be_asked_for(prompt):
    reading = read(prompt, MEASURED, guess=None)
    vector = MEASURED.encode(reading.wishes)
    assert all(abs(weight) <= 1 for weight in vector)


def test_a_prompt_of_which_nothing_can_be_asked_says_what_can():
    with pytest.raises(UsageError, match="understands nothing") as caught:
        require_some("a dragon", read("a dragon", MEASURED, guess=None), MEASURED)
    assert "colours, places and looks" in caught.value.advice


def test_a_label_for_a_colour_is_about_the_subject_and_not_its_surroundings():
    assert wishes("yellow clouds") == {TOP: {"yellow": 0.8}}
    assert wishes("yellow at the bottom") == {BOTTOM: {"yellow": 0.8}}
    assert wishes("yellow flowers") == {"tags": {"yellow": 1.0}, MIDDLE: {"yellow": 0.8}}

"""The checker: real poems whose form is known, and faults put in by hand."""

from __future__ import annotations

import pytest

from huohua.arts.text.checking.chinese import rhyme_marks, tone_marks
from huohua.arts.text.checking.english import rhyme_parts, words_of
from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.form_table import form_named
from huohua.arts.text.tables.pronouncing import pronunciations, sounds_of
from huohua.arts.text.tables.rhyme_book import BOOKS, rhyme_book

STORKS = "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。"  # Wang Zhihuan
BAIDI = "朝辞白帝彩云间，千里江陵一日还。\n两岸猿声啼不住，轻舟已过万重山。"  # Li Bai
SPRING = (  # Du Fu
    "国破山河在，城春草木深。\n感时花溅泪，恨别鸟惊心。\n烽火连三月，家书抵万金。\n白头搔更短，浑欲不胜簪。"
)
DREAM = (  # Li Qingzhao
    "昨夜雨疏风骤。\n浓睡不消残酒。\n试问卷帘人，却道海棠依旧。\n知否。\n知否。\n应是绿肥红瘦。"
)
WASHING = (  # Su Shi
    "簌簌衣巾落枣花。\n村南村北响缫车。\n牛衣古柳卖黄瓜。\n酒困路长惟欲睡，日高人渴漫思茶。\n敲门试问野人家。"
)


@pytest.mark.parametrize(
    ("text", "form", "pattern"),
    [
        (STORKS, "五绝", "仄起首句不入韵"),
        (BAIDI, "七绝", "平起首句入韵"),
        (SPRING, "五律", "仄起首句不入韵"),
        (DREAM, "如梦令", "如梦令"),
        (WASHING, "浣溪沙", "浣溪沙"),
    ],
)
def test_famous_regular_poems_are_found_regular(text, form, pattern):
    report = check_form(text, form_named(form))
    assert report.pattern == pattern
    assert report.keeps, report.faults


def test_a_wrong_tone_a_wrong_length_and_a_lost_rhyme_are_named():
    wrong = check_form(STORKS.replace("黄河", "黄海"), form_named("五绝"))
    assert (wrong.tones_wrong, wrong.lengths, wrong.rhymes) == (1, True, True)
    assert wrong.faults[0].line == 2
    short = check_form(STORKS.replace("千里", "里"), form_named("五绝"))
    assert not short.lengths
    assert short.faults[0].what == "it has 4 characters, not 5"
    lost = check_form(STORKS.replace("楼", "天"), form_named("五绝"))
    assert (lost.rhymes, lost.tones_wrong) == (False, 0)


def test_a_rhyme_with_itself_and_a_missing_repeat_are_named():
    again = check_form(STORKS.replace("楼", "流"), form_named("五绝"))
    assert again.repeated == ("流",)
    dream = check_form(DREAM.replace("知否。\n知否", "知否。\n君否"), form_named("如梦令"))
    assert [fault.line for fault in dream.faults] == [6]


def test_a_character_that_no_table_knows_is_counted_apart():
    report = check_form(STORKS.replace("河", "㗎"), form_named("五绝"))
    assert (report.tones_wrong, report.tones_unknown, report.keeps) == (0, 1, False)


def test_a_text_with_too_few_clauses_is_told_so():
    report = check_form("白日依山尽", form_named("五绝"))
    assert report.faults[0].what == "it has 1 clauses, not 4"


HAIKU = "An old silent pond\nA frog jumps into the pond\nSplash! Silence again"


def test_the_haiku_is_counted_by_syllables():
    assert check_form(HAIKU, form_named("haiku")).keeps
    report = check_form(HAIKU.replace("old ", ""), form_named("haiku"))
    assert report.faults[0].what == "it has 4 syllables, not 5"


LIMERICK = (
    "There was an old man with a beard\nWho said it is just as I feared\nTwo owls and a hen\n"
    "Four larks and a wren\nHave all built their nests in my beard"
)


def test_lears_limerick_keeps_all_but_its_repeated_rhyme():
    report = check_form(LIMERICK, form_named("limerick"))
    assert (report.lengths, report.rhymes, report.repeated) == (True, True, ("beard",))


def test_shakespeares_metre_is_heard():
    lines = [
        "Shall I compare thee to a summer's day",
        "Thou art more lovely and more temperate",
        "Rough winds do shake the darling buds of May",
    ]
    form = form_named("blank-verse")
    whole = check_form("\n".join((lines * 4)[:10]), form)
    assert whole.lengths
    broken = check_form("\n".join([*(lines * 3)[:9], "Compare summer lovely to the darling"]), form)
    assert not broken.stress


def test_rhymes_are_heard_and_not_seen():
    assert rhyme_parts("love") & rhyme_parts("dove") == {"AH V"}
    assert not rhyme_parts("love") & rhyme_parts("move")
    assert words_of("O’er hill—and dale, 'tis Love's!") == ["o'er", "hill", "and", "dale", "'tis", "love's"]


@pytest.mark.parametrize(
    ("form", "text", "keeps"),
    [
        ("free-verse", "one\ntwo\nthree", True),
        ("free-verse", "one", False),
        ("drama", "ROMEO:\nShe speaks.\n\nJULIET:\nAy me!", True),
        ("drama", "She speaks.\n\nAy me!", False),
        ("paragraph", "word " * 20, True),
        ("paragraph", "short", False),
        ("段落", "月" * 30, True),
        ("段落", "月" * 15 + "\n" + "月" * 15, False),
    ],
)
def test_open_forms_are_checked_by_layout(form, text, keeps):
    assert check_form(text, form_named(form)).keeps is keeps


# ── the two readings of the tables agree ─────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", BOOKS)
def test_both_readers_of_a_rhyme_book_agree_on_a_sample(name):
    book = rhyme_book(name)
    for character in sorted(book.tones)[::25]:
        assert set(tone_marks(character, name)) == set(book.tones_of(character))
        for tone in "平仄":
            groups = {group for group, members in book.rhyming(tone).items() if character in members}
            assert rhyme_marks(character, name, tone, False) == groups


def test_both_readers_of_the_dictionary_agree():
    words = sorted(pronunciations())[:: len(pronunciations()) // 40]
    assert len(words) >= 40
    for word in words:
        assert rhyme_parts(word) == {sound.rhyme for sound in sounds_of(word)}


def test_the_tables_hold_what_their_sources_say():
    assert len(rhyme_book("pingshui").groups) == 106
    assert len({group for group, _ in rhyme_book("cilin").groups}) == 19
    assert len({group for group, _ in rhyme_book("xinyun").groups}) == 14
    assert 125_000 < len(pronunciations()) < 140_000
    assert [sound.stresses for sound in sounds_of("fill'd")] == ["1"]
    assert sounds_of("colour") == sounds_of("color")

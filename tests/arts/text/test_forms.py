"""The forms: patterns as the rules of verse give them, and names that people may use."""

from __future__ import annotations

import pytest

from huohua.arts.text.form import Form, Line, Pattern
from huohua.arts.text.form_table import form_named, forms
from huohua.arts.text.tunes import read_clauses, tunes
from huohua.errors import UsageError


def tones(form: str, pattern: int) -> str:
    return " ".join(line.tones for line in form_named(form).patterns[pattern].lines)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("仄起首句不入韵", "中仄平平仄 平平仄仄平 中平平仄仄 中仄仄平平"),
        ("仄起首句入韵", "中仄仄平平 平平仄仄平 中平平仄仄 中仄仄平平"),
        ("平起首句不入韵", "中平平仄仄 中仄仄平平 中仄平平仄 平平仄仄平"),
        ("平起首句入韵", "平平仄仄平 中仄仄平平 中仄平平仄 平平仄仄平"),
    ],
)
def test_the_four_patterns_of_a_short_quatrain_are_the_textbook_ones(name, expected):
    found = {pattern.name: pattern for pattern in form_named("五绝").patterns}
    assert " ".join(line.tones for line in found[name].lines) == expected


@pytest.mark.parametrize("name", ["五绝", "七绝", "五律", "七律"])
def test_lines_of_a_couplet_are_opposed_and_couplets_cling(name):
    for pattern in form_named(name).patterns:
        seconds = [line.tones[1] for line in pattern.lines]
        assert all(seconds[n] != seconds[n + 1] for n in range(0, len(seconds), 2))
        assert all(seconds[n] == seconds[n + 1] for n in range(1, len(seconds) - 1, 2))


@pytest.mark.parametrize("name", ["五绝", "七绝", "五律", "七律"])
def test_no_regulated_line_ends_in_three_equal_tones_and_rhymes_are_level(name):
    for pattern in form_named(name).patterns:
        for line in pattern.lines:
            assert len(set(line.tones[-3:])) > 1
            assert line.tones[-1] == ("平" if line.rhyme else "仄")
            assert "中" not in line.tones[-3:]


def test_rhymes_fall_on_even_lines_and_sometimes_on_the_first():
    rhyming = [
        [number for number, line in enumerate(pattern.lines, start=1) if line.rhyme]
        for pattern in form_named("七律").patterns
    ]
    assert rhyming == [[2, 4, 6, 8], [1, 2, 4, 6, 8], [2, 4, 6, 8], [1, 2, 4, 6, 8]]


def test_there_are_thirty_tunes_or_more_and_they_have_the_known_lengths():
    lengths = {form.name: sum(line.most for line in form.patterns[0].lines) for form in tunes()}
    assert len(lengths) >= 30
    known = {
        "十六字令": 16, "忆江南": 27, "如梦令": 33, "长相思": 36, "点绛唇": 41, "浣溪沙": 42, "菩萨蛮": 44,
        "卜算子": 44, "减字木兰花": 44, "忆秦娥": 46, "清平乐": 46, "西江月": 50, "浪淘沙": 54, "鹧鸪天": 55,
        "鹊桥仙": 56, "虞美人": 56, "踏莎行": 58, "临江仙": 60, "一剪梅": 60, "蝶恋花": 60, "渔家傲": 62,
        "青玉案": 67, "江城子": 70, "满江红": 93, "水调歌头": 95, "满庭芳": 95, "声声慢": 97, "念奴娇": 100,
        "水龙吟": 102, "沁园春": 114, "贺新郎": 116,
    }  # fmt: skip
    assert {name: lengths[name] for name in known} == known


def test_a_tune_may_change_its_rhyme_and_repeat_a_clause():
    assert "".join(line.rhyme for line in form_named("菩萨蛮").patterns[0].lines) == "aabbccdd"
    dream = form_named("如梦令").patterns[0].lines
    assert [line.echo for line in dream] == [False, False, False, False, False, True, False]
    assert form_named("忆秦娥").entering


def test_stanzas_close_where_the_tune_divides():
    closing = [
        number for number, line in enumerate(form_named("浣溪沙").patterns[0].lines) if line.closes_stanza
    ]
    assert closing == [2, 5]


def test_the_sonnet_and_the_haiku_have_their_schemes():
    sonnet = form_named("sonnet").patterns[0]
    assert "".join(line.rhyme for line in sonnet.lines) == "ababcdcdefefgg"
    assert sonnet.rhymes()["g"] == (12, 13)
    assert {(line.fewest, line.most, line.metre) for line in sonnet.lines} == {(10, 10, "iambic")}
    assert [line.most for line in form_named("haiku").patterns[0].lines] == [5, 7, 5]


def test_every_name_and_alias_leads_to_one_form():
    names = [name.casefold() for form in forms().values() for name in (form.name, *form.aliases)]
    assert len(names) == len(set(names))
    assert all(form_named(name).name in forms() for name in names)


def test_an_unknown_form_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match="There is no form 'sonett'") as caught:
        form_named("sonett")
    assert "sonnet" in caught.value.advice


@pytest.mark.parametrize("row", ["", "平平", "平平x，", "平a平。"])
def test_what_is_no_pattern_of_a_tune_is_refused(row):
    with pytest.raises(ValueError, match="no pattern"):
        read_clauses(row)


@pytest.mark.parametrize(
    "line",
    [
        {"fewest": 0, "most": 3},
        {"fewest": 4, "most": 3},
        {"fewest": 3, "most": 3, "tones": "平平"},
        {"fewest": 2, "most": 2, "tones": "平x"},
        {"fewest": 2, "most": 2, "rhyme": "ab"},
    ],
)
def test_a_line_that_cannot_be_written_is_refused(line):
    with pytest.raises(ValueError, match=r"cannot|fit|more than"):
        Line(**line)


def test_verse_has_patterns_and_nothing_else_has():
    pattern = Pattern(name="one", lines=(Line(fewest=5, most=5),))
    with pytest.raises(ValueError, match="verse has patterns"):
        Form(name="x", language="en", kind="free", patterns=(pattern,))
    with pytest.raises(ValueError, match="verse has patterns"):
        Form(name="x", language="en")


def test_a_form_may_rhyme_by_another_book():
    modern = form_named("七绝").with_book("xinyun")
    assert (modern.book, modern.patterns) == ("xinyun", form_named("七绝").patterns)

"""Chinese verse under its automaton: exact by an independent check, never stuck, and equal to a slow twin."""

from __future__ import annotations

import time

import numpy as np
import pytest

from huohua.arts.text.automata.automaton import follow, write_at_random
from huohua.arts.text.automata.cells import cells_of
from huohua.arts.text.automata.characters import CharacterAutomaton, heads
from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.form import Form, Pattern
from huohua.arts.text.form_table import form_named, forms
from huohua.arts.text.tables.rhyme_book import rhyme_book
from huohua.arts.text.tunes import read_clauses
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

CHINESE = [form.name for form in forms().values() if form.language == "zh" and form.kind == "verse"]


def works(automaton: CharacterAutomaton, count: int, seed: int = 0) -> list[str]:
    generator = np.random.default_rng(seed)
    return [automaton.vocabulary.spell(write_at_random(automaton, generator)) for _ in range(count)]


@pytest.mark.parametrize("name", CHINESE)
def test_every_work_written_by_chance_keeps_its_form(name, characters):
    form = form_named(name)
    for text in works(CharacterAutomaton(form, characters), 4):
        report = check_form(text, form)
        assert report.keeps, (text, report.faults)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["五绝", "七律", "菩萨蛮", "西江月"])
def test_two_hundred_works_keep_their_form(name, characters):
    form = form_named(name)
    reports = [check_form(text, form) for text in works(CharacterAutomaton(form, characters), 200)]
    assert all(report.keeps for report in reports)


@pytest.mark.parametrize("name", CHINESE)
def test_forms_can_be_written_by_the_sounds_of_today(name, characters):
    form = form_named(name)
    if form.entering:
        pytest.skip("today's Mandarin has no entering tone")
    form = form.with_book("xinyun")
    (text,) = works(CharacterAutomaton(form, characters), 1)
    assert check_form(text, form).keeps


# A language small enough to list every text: each character has one tone or both, and two groups rhyme.
TINY = Vocabulary(pieces=("", "东", "风", "公", "冬", "月", "看", "，", "。", "\n"), end=0)
TINY_FORM = Form(
    name="tiny",
    language="zh",
    patterns=(
        Pattern(name="one", lines=read_clauses("平a。中仄，仄平a。")),
        Pattern(name="two", lines=read_clauses("平a。平平，仄平a。")),
    ),
    book="pingshui",
)


def all_texts() -> set[str]:
    """List by brute force, from the rules alone, the texts of the tiny form."""
    tones = {"东": "平", "风": "平", "公": "平", "冬": "平", "月": "仄", "看": "平仄"}
    group = {"东": "一东", "风": "一东", "公": "一东", "冬": "二冬", "月": "", "看": "十四寒"}
    found = set()
    for first in tones:
        for a in tones:
            for b in tones:
                for c in tones:
                    for last in tones:
                        toned = "平" in tones[first] and "仄" in tones[c] and "平" in tones[last]
                        middle = "仄" in tones[b] or ("平" in tones[a] and "平" in tones[b])
                        rhyming = group[first] == group[last] != "" and first != last
                        if toned and middle and rhyming:
                            found.add(f"{first}。\n{a}{b}，{c}{last}。")
    return found


def reachable(automaton: CharacterAutomaton) -> set[str]:
    """Walk every way through an automaton; a state from which nothing leads on fails."""
    found, waiting = set(), [automaton.start()]
    while waiting:
        state = waiting.pop()
        if automaton.done(state):
            found.add(state.text)
            continue
        (allowed,) = automaton.mask(state).nonzero()
        assert len(allowed), state.text
        waiting += [automaton.step(state, int(token)) for token in allowed]
    return found


def test_the_automaton_writes_exactly_what_the_rules_allow():
    expected = all_texts()
    assert len(expected) > 50
    assert reachable(CharacterAutomaton(TINY_FORM, TINY)) == expected


def test_a_group_with_too_few_characters_is_never_begun():
    automaton = CharacterAutomaton(TINY_FORM, TINY)
    first = {TINY.pieces[token] for token in automaton.mask(automaton.start()).nonzero()[0]}
    assert first == {"东", "风", "公"}  # 冬 and 看 would find no second rhyme


def test_an_acrostic_stands_at_the_heads_of_lines(characters):
    form = form_named("七绝")
    automaton = CharacterAutomaton(form, characters, set_characters=heads(form, "春江花月"))
    assert automaton.exceptions == ()
    for text in works(automaton, 20):
        clauses = text.replace("\n", "").replace("。", "，").split("，")
        assert "".join(clause[0] for clause in clauses if clause) == "春江花月"
        assert check_form(text, form).keeps


def test_half_as_many_heads_stand_at_couplets():
    assert heads(form_named("七律"), "梅兰竹菊") == {(0, 0): "梅", (2, 0): "兰", (4, 0): "竹", (6, 0): "菊"}
    with pytest.raises(UsageError, match="has 3 characters"):
        heads(form_named("七绝"), "春江花")


def test_a_character_set_against_the_tones_stands_and_is_named(characters):
    form = form_named("五绝")
    automaton = CharacterAutomaton(form, characters, set_characters={(1, 1): "月", (3, 1): "月"})
    assert automaton.exceptions == ((1, 1),) or automaton.exceptions == ((3, 1),)
    for text in works(automaton, 10):
        report = check_form(text, form)
        assert (report.lengths, report.rhymes, report.tones_wrong) == (True, True, 1)


def test_locked_rhymes_choose_the_group_of_the_others(characters):
    form = form_named("七绝")
    automaton = CharacterAutomaton(form, characters, set_characters={(3, 6): "东"})
    east = rhyme_book("pingshui").groups["一东", "平"]
    for text in works(automaton, 10):
        assert text[-2] == "东"
        assert text.split("\n")[0][-2] in east - {"东"}


def test_the_pattern_and_the_rhyme_can_be_chosen(characters):
    form = form_named("七绝")
    automaton = CharacterAutomaton(form, characters, pattern="平起首句入韵", rhyme="十一尤")
    for text in works(automaton, 10):
        assert text[6] in rhyme_book("pingshui").groups["十一尤", "平"]
        assert check_form(text, form).pattern == "平起首句入韵"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rhyme": "nothing"}, "no rhyme group"),
        ({"pattern": "nothing"}, "has no pattern"),
        ({"set_characters": {(0, 7): "月"}}, "no character 8 in line 1"),
        ({"set_characters": {(0, 0): "😀"}}, "cannot write"),
    ],
)
def test_what_cannot_be_written_is_refused(asked, message, characters):
    with pytest.raises(UsageError, match=message):
        CharacterAutomaton(form_named("七绝"), characters, **asked)


def test_a_model_with_too_few_characters_is_refused():
    few = Vocabulary(pieces=("", "东", "月", "，", "。", "\n"), end=0)
    with pytest.raises(UsageError, match="no group with enough characters"):
        CharacterAutomaton(form_named("七绝"), few)


def test_a_forbidden_token_is_refused_and_the_end_is_the_end(characters):
    automaton = CharacterAutomaton(form_named("十六字令"), characters)
    with pytest.raises(ValueError, match="not allowed"):
        automaton.step(automaton.start(), characters.ids["，"])
    tokens = write_at_random(automaton, np.random.default_rng(0))
    state = follow(automaton, tokens)
    assert automaton.done(state)
    assert not automaton.mask(state).any()
    assert not automaton.done(follow(automaton, tokens[:-1]))


def test_cells_say_how_far_it_is_to_the_end_of_the_line():
    cells = cells_of(form_named("五绝").patterns[0])
    assert [cell.from_end for cell in cells[:5]] == [4, 3, 2, 1, 0]
    assert [cell.literal for cell in cells if cell.literal] == ["，", "。", "\n", "，", "。"]
    assert len(cells) == 25


def test_a_mask_takes_less_than_a_fifth_of_a_millisecond(characters):
    """The best of many, because other programs share the machine."""
    automaton = CharacterAutomaton(form_named("七律"), characters)
    tokens = write_at_random(automaton, np.random.default_rng(0))
    states = [automaton.start()]
    for token in tokens[:-1]:
        states.append(automaton.step(states[-1], token))
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        for state in states:
            automaton.mask(state)
        times.append((time.perf_counter() - begun) / len(states))
    assert min(times) < 200e-6

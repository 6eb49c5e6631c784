"""Writing to order and editing: forms are exact, locked spans stay, and what is not better is not kept."""

from __future__ import annotations

import random

import pytest
import torch

from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.datasets.dataset import open_dataset
from huohua.arts.text.editing import Editor, Wish
from huohua.arts.text.form_table import form_named
from huohua.arts.text.frame import TextFrame
from huohua.arts.text.gaps import character_places, gap_in, line_spans, told
from huohua.arts.text.presets import TextPreset
from huohua.arts.text.tables.rhyme_book import rhyme_book
from huohua.arts.text.training import build_players
from huohua.arts.text.weak_spans import locked_out
from huohua.arts.text.wording import Wording
from huohua.arts.text.writing import Desk, Draft, Order
from huohua.errors import UsageError

POEM = "床前明月光，疑是地上霜。\n举头望明月，低头思故乡。"
SMALL = {"width": 32, "blocks": 1, "heads": 2}
FAST = {"candidates": 4}


def dice(seed=0):
    return torch.Generator().manual_seed(seed)


def desk_on(rows, tmp_path):
    import json

    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    dataset = open_dataset(path)
    wording = Wording.learn(dataset)
    preset = TextPreset(about="", generator_settings=SMALL, discriminator_settings=SMALL)
    players = build_players(preset, wording, TextFrame(tokens=96), seed=0)
    return Desk(players.writer.network, players.reader.network, wording)


@pytest.fixture(scope="module")
def chinese(tmp_path_factory):
    """A fresh writer that knows the characters of a rhyme book: what it writes has no sense, but a form."""
    letters = sorted(rhyme_book("pingshui").tones)[:3000]
    lines = ["".join(letters[at : at + 300]) for at in range(0, 3000, 300)]
    rows = [{"text": f"{POEM}{line}。", "style": f"s{n % 2}"} for n, line in enumerate(lines)] * 1
    rows += [{"text": POEM[n:], "style": f"s{n % 2}"} for n in range(6)]
    return desk_on(rows, tmp_path_factory.mktemp("zh"))


@pytest.fixture(scope="module")
def english(tmp_path_factory):
    verse = (
        "The rose is red and white\nand so is all the night\nthe river runs away\nand will not come to stay"
    )
    rows = [
        {"text": verse.replace("rose", "rose" * (1 + n)), "style": f"s{n % 2}", "title": f"T{n}"}
        for n in range(12)
    ]
    return desk_on(rows, tmp_path_factory.mktemp("en"))


@pytest.mark.parametrize("form", ["五绝", "七绝", "五律", "七律", "浣溪沙"])
def test_what_is_written_to_order_keeps_its_form(chinese, form):
    for draft in chinese.compose(Order(form=form, candidates=4), dice=dice()):
        report = check_form(draft.text, form_named(form))
        assert report.keeps, report


def test_an_acrostic_and_a_rhyme_are_as_asked(chinese):
    order = Order(form="五绝", acrostic="明月故乡", asked={"rhyme": "七阳"}, candidates=4)
    group = rhyme_book("pingshui").rhyming("平")["七阳"]
    for draft in chinese.compose(order, dice=dice()):
        lines = [draft.text[a:b] for a, b in line_spans(draft.text, "zh")]
        assert [line[0] for line in lines] == list("明月故乡")
        assert {lines[1][-1], lines[3][-1]} <= group


def test_the_same_dice_write_the_same_and_drafts_differ(chinese):
    order = Order(form="五绝", candidates=6)
    first, again, other = (chinese.compose(order, dice=dice(seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    assert len({draft.text for draft in first}) == 6


def test_drafts_are_chosen_by_their_energies():
    """Of two drafts an energy of log 3 more makes one three times as rarely the first."""
    desk = Desk.__new__(Desk)
    drafts = [Draft(text="a", nats=0, energy=0.0), Draft(text="b", nats=0, energy=1.0986)]
    lots = dice()
    firsts = [desk.chosen(drafts, 1.0, lots)[0].text for _ in range(4000)]
    assert firsts.count("a") / 4000 == pytest.approx(0.75, abs=0.02)
    firsts = [desk.chosen(drafts, 0.0, lots)[0].text for _ in range(4000)]
    assert firsts.count("a") / 4000 == pytest.approx(0.5, abs=0.03)


def test_too_many_drafts_and_strange_forms_are_refused(chinese):
    with pytest.raises(UsageError, match="out of range"):
        chinese.compose(Order(form="五绝", candidates=0), dice=dice())
    with pytest.raises(UsageError, match="another language"):
        chinese.compose(Order(form="sonnet"), dice=dice())


def test_a_filled_gap_keeps_its_length_and_the_form(chinese):
    poem = chinese.compose(Order(form="五律", candidates=1), dice=dice(3))[0].text
    editor = Editor(chinese, Wish(form="五律", **FAST))
    for line in (0, 3, 7):
        first, last = line_spans(poem, "zh")[line]
        for draft in editor.alternatives(poem, line, dice=dice(line)):
            assert draft.text[:first] == poem[:first] and draft.text[last:] == poem[last:]
            assert draft.text != poem
            assert check_form(draft.text, form_named("五律")).keeps


def test_locked_text_is_the_same_byte_for_byte_whatever_it_holds(chinese):
    """Gaps anywhere in texts with letters, emoji and scripts that the model has never seen."""
    lots = random.Random(0)
    strange = ["月", "明", "，", "。\n", "🙂", "ab", "שלום", "鑫", "é", "\t", "床", " "]
    editor = Editor(chinese, Wish(candidates=1))
    for number in range(40):
        text = "".join(lots.choices(strange, k=lots.randrange(2, 30)))
        first = lots.randrange(len(text))
        last = lots.randrange(first + 1, len(text) + 1)
        for draft in editor.fill(text, first, last, dice=dice(number)):
            kept = len(text) - last
            assert draft.text.encode()[: len(text[:first].encode())] == text[:first].encode()
            assert draft.text[len(draft.text) - kept :] == text[last:]
            assert len(draft.text) == len(text)


def test_a_rewritten_text_keeps_what_is_locked(chinese):
    locked = [(0, 6), (13, 15)]
    for seed in range(5):
        (draft,) = Editor(chinese, Wish(wishes={"style": ("s1",)}, **FAST)).rewrite(
            POEM, locked=locked, share=1.0, dice=dice(seed)
        )
        assert [draft.text[a:b] for a, b in locked] == [POEM[a:b] for a, b in locked]
        assert draft.text != POEM
        assert len(draft.text) == len(POEM)


def test_polishing_keeps_only_what_is_better(chinese):
    steps = Editor(chinese, Wish(**FAST)).polish(POEM, locked=[(0, 5)], rounds=4, dice=dice())
    energies = [draft.energy for draft in steps]
    assert energies == sorted(energies)
    assert steps[-1].text == POEM
    assert all(draft.text[:5] == POEM[:5] for draft in steps)
    assert len(steps) > 1


def test_a_text_goes_on_to_the_end_of_its_form(chinese):
    editor = Editor(chinese, Wish(form="五绝", **FAST))
    start = chinese.compose(Order(form="五绝", candidates=1), dice=dice())[0].text[:8]
    for draft in editor.go_on(start, most=60, dice=dice()):
        assert draft.text.startswith(start)
        assert check_form(draft.text, form_named("五绝")).keeps
    with pytest.raises(UsageError, match="already left the form"):
        editor.go_on("床床床床床床", most=60, dice=dice())


def test_a_text_without_a_form_goes_on_as_far_as_asked(chinese):
    for draft in Editor(chinese, Wish(**FAST)).go_on(POEM, most=10, dice=dice()):
        assert draft.text.startswith(POEM)
        assert len(draft.text) <= len(POEM) + 10


def test_titles_are_found_each_once(english):
    found = Editor(english, Wish(**FAST)).titles("The rose is red", dice=dice())
    assert found and len(found) == len(set(found))
    assert not any("\n" in title for title in found)


@pytest.mark.parametrize("form", ["haiku", "limerick"])
def test_english_verse_is_written_last_words_first_and_keeps_its_form(english, form):
    for draft in english.compose(Order(form=form, candidates=2), dice=dice()):
        assert "\t" not in draft.text
        assert check_form(draft.text, form_named(form)).keeps


def test_english_gaps_stay_within_their_lines(english):
    text = "The rose is red and white\nand so is all the night\n🙂 the river runs away"
    first, last = line_spans(text, "en")[1]
    for draft in Editor(english, Wish(**FAST)).fill(text, first, last, dice=dice()):
        assert draft.text.startswith(text[:first]) and draft.text.endswith(text[last:])
        assert draft.text.count("\n") == 2


def test_what_cannot_be_edited_is_said(chinese):
    editor = Editor(chinese, Wish(**FAST))
    with pytest.raises(UsageError, match="no line 9"):
        editor.alternatives(POEM, 8, dice=dice())
    with pytest.raises(UsageError, match="no gap"):
        editor.fill(POEM, 5, 5, dice=dice())
    with pytest.raises(UsageError, match="locked"):
        editor.rewrite(POEM, locked=[(0, len(POEM))], dice=dice())
    with pytest.raises(UsageError, match="too few for this text"):
        editor.fill(POEM * 20, 0, 5, dice=dice())
    alone = Editor(Desk(chinese.writer, None, chinese.wording), Wish(**FAST))
    with pytest.raises(UsageError, match="no reader"):
        alone.polish(POEM, dice=dice())
    assert alone.rewrite(POEM, dice=dice())[0].text != POEM


def test_tokens_never_straddle_the_edges_of_a_gap(chinese):
    written, first, last = told(gap_in(POEM, 2, 5, "zh"), chinese.wording)
    assert (first, last, len(written)) == (2, 5, len(POEM))
    assert chinese.wording.tokeniser.decode(written.token_T[first:last].tolist()) == POEM[2:5]


def test_places_and_spans_by_hand():
    assert character_places("月，明月") == [(0, 0), None, (1, 0), (1, 1)]
    assert line_spans("，月\n\n明", "zh") == [(1, 2), (4, 5)]
    assert locked_out([(0, 2), (2, 4), (5, 9)], [(3, 5)]) == [(0, 2), (5, 9)]

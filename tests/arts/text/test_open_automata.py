"""Free verse, prose and drama under their automata."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.text.automata.automaton import write_at_random
from huohua.arts.text.automata.for_form import automaton_for
from huohua.arts.text.automata.turns import MOST_LINES
from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.form import Form
from huohua.arts.text.form_table import form_named, forms
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

OPEN = [form.name for form in forms().values() if form.kind != "verse"]
ENGLISH = (
    "a",
    "s",
    "e",
    "T",
    "HAM",
    "LET",
    "the",
    " moon",
    " sang",
    " and",
    ". ",
    ".",
    "!",
    ":",
    "\n",
    " ",
    "\n\n",
)
CHINESE = tuple("月明风清山水天地人心。！，：\n")


def vocabulary(form: Form) -> Vocabulary:
    return Vocabulary(pieces=("", "", *(CHINESE if form.language == "zh" else ENGLISH)), end=0)


def works(form: Form, count: int, **asked) -> list[str]:
    automaton, generator = automaton_for(form, vocabulary(form), **asked), np.random.default_rng(0)
    return [automaton.vocabulary.spell(write_at_random(automaton, generator)) for _ in range(count)]


@pytest.mark.parametrize("name", OPEN)
def test_every_work_written_by_chance_keeps_its_form(name):
    form = form_named(name)
    for text in works(form, 20 if form.most < 500 else 4):
        report = check_form(text, form)
        assert report.keeps, (text, report.faults)
        assert text == text.strip()
        assert "\n\n\n" not in text


@pytest.mark.parametrize(("fewest", "most"), [(1, 1), (2, 2), (3, 5)])
@pytest.mark.parametrize("kind", ["free", "prose", "drama"])
def test_the_narrowest_limits_leave_a_way_to_the_end(kind, fewest, most):
    form = Form(name="x", language="en", kind=kind, fewest=fewest, most=most)
    for text in works(form, 30):
        assert check_form(text, form).keeps


def test_prose_ends_with_a_sentence_unless_it_has_grown_long():
    form = form_named("paragraph")
    for text in works(form, 30):
        assert text.rstrip().endswith((".", "!")) or len(text) >= 0.8 * form.most


def test_free_verse_can_be_an_acrostic():
    (text,) = works(form_named("自由诗"), 1, acrostic="春月明山".replace("春", "风"))
    assert "".join(line[0] for line in text.split("\n") if line) == "风月明山"
    (text,) = works(form_named("free-verse"), 1, acrostic="sea")
    assert "".join(line[0].lower() for line in text.split("\n") if line) == "sea"


def test_only_the_speakers_asked_for_speak_and_no_turn_is_endless():
    for text in works(form_named("drama"), 4, speakers=("Tase", "Tea")):
        turns = [turn.split("\n") for turn in text.split("\n\n")]
        assert {turn[0] for turn in turns} <= {"Tase:", "Tea:"}
        assert max(map(len, turns)) <= MOST_LINES + 1


@pytest.mark.parametrize(
    ("name", "asked", "message"),
    [
        ("drama", {"acrostic": "sea"}, "no acrostic"),
        ("tale", {"acrostic": "sea"}, "no acrostic"),
        ("drama", {"speakers": ("A:B",)}, "cannot be the name"),
        ("drama", {"speakers": ("XYZ",)}, "cannot write"),
        ("free-verse", {"acrostic": "sez"}, "can begin with 'z'"),
    ],
)
def test_what_cannot_be_written_is_refused(name, asked, message):
    form = form_named(name)
    with pytest.raises(UsageError, match=message):
        automaton_for(form, vocabulary(form), **asked)


def test_a_forbidden_piece_is_refused():
    for name in ("drama", "tale"):
        automaton = automaton_for(form_named(name), vocabulary(form_named(name)))
        with pytest.raises(ValueError, match="not allowed"):
            automaton.step(automaton.start(), automaton.vocabulary.ids["\n"])

"""English verse under its automaton: exact by an independent check, never stuck, and equal to a slow twin."""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import pytest

from huohua.arts.text.automata.automaton import follow, write_at_random
from huohua.arts.text.automata.for_form import automaton_for
from huohua.arts.text.automata.verse import VerseAutomaton, without_leads
from huohua.arts.text.automata.words import LONGEST, WordIndex, dictionary_index
from huohua.arts.text.checking.english import rhyme_parts
from huohua.arts.text.checking.form_check import check_form
from huohua.arts.text.form import Form, Line, Pattern
from huohua.arts.text.form_table import form_named, forms
from huohua.arts.text.tables.pronouncing import pronunciations
from huohua.arts.text.vocabulary import Vocabulary
from huohua.errors import UsageError

ENGLISH = [form.name for form in forms().values() if form.language == "en" and form.kind == "verse"]
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")
PIECES = (
    " the",
    " moon",
    "The",
    "and",
    " a",
    " gar",
    "den",
    " de",
    "light",
    "ing",
    " night",
    " sing",
    "er",
    "ov",
)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    more = (*PIECES, " \n", "3", "—", "THE", "'", "’s", ",", ".", "!", "\t", " ", "\n")
    return Vocabulary(pieces=("", "", *LETTERS, *more), end=0)


def works(automaton: VerseAutomaton, count: int, seed: int = 0) -> list[str]:
    generator = np.random.default_rng(seed)
    return [automaton.vocabulary.spell(write_at_random(automaton, generator)) for _ in range(count)]


@pytest.mark.parametrize("ends_first", [False, True])
@pytest.mark.parametrize("name", ENGLISH)
def test_every_work_written_by_chance_keeps_its_form(name, ends_first, vocabulary):
    form = form_named(name)
    for text in works(VerseAutomaton(form, vocabulary, ends_first=ends_first), 2):
        report = check_form(without_leads(text), form)
        assert report.keeps, (text, report.faults)


def test_a_line_ends_on_the_word_written_before_it(vocabulary):
    for text in works(VerseAutomaton(form_named("couplets"), vocabulary, ends_first=True), 2):
        for line in text.split("\n"):
            lead, _, rest = line.partition("\t")
            assert rest.rstrip(",.!").lower().split()[-1] == lead.lower()


# ── a slow twin ──────────────────────────────────────────────────────────────────────────────────

# The ways to say each word, by hand: its syllables and the sound it ends in.
SAID = {
    "night": {(1, "ite")},
    "delight": {(2, "ite")},
    "light": {(1, "ite")},
    "fire": {(1, "ire"), (2, "iyer")},
    "desire": {(3, "iyer")},
    "moon": {(1, "oon")},
}
TINY = Form(
    name="tiny",
    language="en",
    patterns=(Pattern(name="tiny", lines=tuple(Line(fewest=2, most=3, rhyme="a") for _ in "aa")),),
)
SMALL = Vocabulary(pieces=("", *LETTERS, " ", "\n", " light", "de", "ire"), end=0)


def all_texts() -> set[str]:
    """List by brute force the two-line texts of the words above."""
    found = set()
    lines = [words for count in (1, 2, 3) for words in product(SAID, repeat=count)]
    ends = {words: sounds for words in lines if (sounds := closing_sounds(words))}
    for first, second in product(ends, repeat=2):
        if first[-1] != second[-1] and ends[first] & ends[second]:
            found.add(" ".join(first) + "\n" + " ".join(second))
    return found


def closing_sounds(words: tuple[str, ...]) -> set[str]:
    """Return the sounds that a line of two or three syllables may end in."""
    spoken = product(*(SAID[word] for word in words))
    return {said[-1][1] for said in spoken if 2 <= sum(syllables for syllables, _ in said) <= 3}


def reachable(automaton: VerseAutomaton) -> set[str]:
    """Walk every way through an automaton; a state from which nothing leads on fails."""
    found, waiting, seen = set(), [("", automaton.start())], set()
    while waiting:
        text, state = waiting.pop()
        if automaton.done(state):
            found.add(text)
            continue
        if (text, state.at) in seen:
            continue
        seen.add((text, state.at))
        (allowed,) = automaton.mask(state).nonzero()
        assert len(allowed), (text, state)
        waiting += [(text + automaton.vocabulary.pieces[t], automaton.step(state, int(t))) for t in allowed]
    return found


def test_the_automaton_writes_exactly_what_the_rules_allow():
    expected = all_texts()
    assert len(expected) > 500
    assert reachable(VerseAutomaton(TINY, SMALL, words=tuple(SAID))) == expected


@pytest.mark.parametrize("metre", ["", "iambic"])
def test_ranges_of_words_can_do_what_their_words_can(metre):
    index = WordIndex(sorted(pronunciations())[::97], metre)
    words = index.rhyming(frozenset(index.rhymes[::2]))
    generator = np.random.default_rng(0)
    low = generator.integers(0, len(index.words), 50)
    high = np.minimum(low + generator.integers(1, 30, 50), len(index.words))
    for first, last, bits in zip(low, high, words.reach(low, high), strict=True):
        slow = [0, 0, 0]
        for number in range(first, last):
            slow = [a | b for a, b in zip(slow, words.bits_of(number), strict=True)]
        assert slow == list(bits)


def test_the_index_rhymes_as_the_checker_does():
    index = dictionary_index("")
    for sound in ("AY T", "AO R N IH NG", "UW N"):
        found = {index.words[number] for number in index.rhyming(frozenset({sound})).numbers_N}
        assert found
        assert all(sound in rhyme_parts(word) for word in sorted(found)[:20])
    assert max(len(bin(bits)) for bits in index.all.together) <= LONGEST + 3


# ── what is asked for ────────────────────────────────────────────────────────────────────────────


def test_a_rhyme_can_be_chosen(vocabulary):
    automaton = VerseAutomaton(form_named("couplets"), vocabulary, sounds={"b": "AY T"})
    (text,) = works(automaton, 1)
    ends = [line.rstrip(",.!").lower().split()[-1] for line in text.split("\n")]
    assert all("AY T" in rhyme_parts(word) for word in ends[2:4])
    with pytest.raises(UsageError, match="Too few words rhyme on 'XX'"):
        VerseAutomaton(form_named("couplets"), vocabulary, sounds={"b": "XX"})


def test_lines_begin_with_the_letters_of_an_acrostic(vocabulary):
    (text,) = works(automaton_for(form_named("haiku"), vocabulary, acrostic="sea"), 1)
    assert "".join(line[0].lower() for line in text.split("\n")) == "sea"
    with pytest.raises(UsageError, match="a letter for each of its lines"):
        automaton_for(form_named("haiku"), vocabulary, acrostic="ocean")


def test_set_lines_stand_byte_for_byte_and_the_others_rhyme_with_them(vocabulary):
    given = "shall i compare thee to a summer's day".replace("'", "’")
    pieces = Vocabulary(pieces=(*vocabulary.pieces, "’"), end=0)
    automaton = VerseAutomaton(form_named("sonnet"), pieces, lines={0: given})
    for text in works(automaton, 2):
        lines = text.split("\n")
        assert lines[0] == given
        assert "EY" in rhyme_parts(lines[2].rstrip(",.!").lower().split()[-1])
        assert check_form(text, form_named("sonnet")).keeps


def test_only_the_words_asked_for_are_used(vocabulary):
    words = ("moon", "soon", "june", "night", "light", "the", "a", "of", "delight", "river", "sing")
    (text,) = works(VerseAutomaton(form_named("haiku"), vocabulary, words=words), 1)
    assert set(text.lower().replace(",", "").replace(".", "").replace("!", "").split()) <= set(words)


def test_what_is_ahead_is_told(vocabulary):
    automaton = VerseAutomaton(form_named("haiku"), vocabulary)
    ids = vocabulary.ids
    assert automaton.ahead(automaton.start())[:2] == (0, 5)
    state = follow(automaton, [ids["The"], ids[" gar"]])
    assert automaton.ahead(state)[:2] == (0, 4)
    couplets = VerseAutomaton(form_named("couplets"), vocabulary, sounds={"a": "AY T"})
    assert couplets.ahead(couplets.start()).rhyme == "en:AY T"


def test_a_vocabulary_without_letters_is_refused():
    with pytest.raises(UsageError, match="English verse needs 'b'"):
        VerseAutomaton(form_named("haiku"), Vocabulary(pieces=("", "a", " ", "\n"), end=0))


def test_a_forbidden_piece_is_refused(vocabulary):
    automaton = VerseAutomaton(form_named("haiku"), vocabulary)
    for piece in (" the", "\n", ",", "THE", "3", " \n"):
        with pytest.raises(ValueError, match="not allowed"):
            automaton.step(automaton.start(), vocabulary.ids[piece])


def test_a_mask_takes_less_than_a_fifth_of_a_millisecond(vocabulary):
    """The middle of all states, the best of many times, because other programs share the machine."""
    filler = tuple(f" {a}{b}{c}" for a in LETTERS for b in LETTERS for c in LETTERS)[:8000]
    large = Vocabulary(pieces=(*vocabulary.pieces, *filler), end=0)
    automaton = VerseAutomaton(form_named("sonnet"), large, words=sorted(pronunciations())[::5])
    tokens = write_at_random(automaton, np.random.default_rng(0))
    states = [automaton.start()]
    for token in tokens[:-1]:
        states.append(automaton.step(states[-1], token))
    best = np.full(len(states), np.inf)
    for _ in range(10):
        for number, state in enumerate(states):
            begun = time.perf_counter()
            automaton.mask(state)
            best[number] = min(best[number], time.perf_counter() - begun)
    assert np.median(best) < 200e-6

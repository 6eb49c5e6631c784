"""How texts reach a game."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.adversarial.game import Moment
from huohua.arts.text.craft import unpacked
from huohua.arts.text.passages import Source, passages_of, starts, written
from huohua.arts.text.rows import COUNTED, TOKEN
from toys.small_poems import POEMS, SIGNS, TITLES, TOKENISER, passages, works

EVERYTHING = np.arange(len(POEMS))


def test_the_same_moment_gives_the_same_rows_and_another_gives_others():
    feed = works()
    first, again = (feed.take(EVERYTHING, Moment(round=3)).sample for _ in range(2))
    other = feed.take(EVERYTHING, Moment(round=4)).sample
    assert first.equal(again)
    assert first.shape != other.shape or not first.equal(other)


def test_every_work_comes_whole_where_there_are_no_gaps():
    sample = works(gap=0.0, ask_title=0.0).take(EVERYTHING, Moment()).sample.numpy()
    found = set()
    for row in unpacked(sample):
        found.add(TOKENISER.vocabulary.spell(row[row[:, COUNTED] > 0, TOKEN].tolist()))
    assert found == set(POEMS)


def test_titles_are_asked_for_where_that_is_wanted():
    sample = works(gap=0.0, ask_title=1.0).take(EVERYTHING, Moment()).sample.numpy()
    found = {TOKENISER.vocabulary.spell(row[row[:, COUNTED] > 0, TOKEN].tolist()) for row in unpacked(sample)}
    assert found == set(TITLES)


def test_gaps_leave_every_token_in_its_place():
    """Whatever the gap: before, middle and after make the text again."""
    for number in range(20):
        row = works(gap=1.0).laid(number % len(POEMS), np.random.default_rng(number))
        tokens = row[:, TOKEN].tolist()
        before, after, middle = (tokens.index(SIGNS[name]) for name in ("before", "after", "middle"))
        end = [t for t in tokens[after + 1 : middle] if t != SIGNS.end]
        whole = tokens[before + 1 : after] + tokens[middle + 1 : -1] + end
        assert TOKENISER.vocabulary.spell(whole) == POEMS[number % len(POEMS)]


@pytest.mark.parametrize(("layout", "column"), [({"silent_tone": 1.0}, 3), ({"silent_left": 1.0}, 2)])
def test_what_is_to_be_silent_is_not_said(layout, column):
    row = works(gap=0.0, ask_title=0.0, **layout).laid(0, np.random.default_rng(0))
    assert not row[:, column].any()
    assert row[:, 1].any()


def test_long_works_are_cut_at_the_ends_of_lines():
    text = "\n".join(POEMS)
    found = passages_of([Source(text=text)], TOKENISER, longest=40)
    pieces = [TOKENISER.vocabulary.spell(p.written.token_T.tolist()) for p in found]
    assert "".join(pieces) == text
    assert all(len(piece) <= 40 and piece[-1] in "，。\n" for piece in pieces)
    assert [p.written.begins for p in found] == [True] + [False] * (len(found) - 1)
    assert [p.written.ends for p in found] == [False] * (len(found) - 1) + [True]


def test_keywords_are_words_of_the_text():
    for passage, poem in zip(passages(), POEMS, strict=True):
        words = ["".join(TOKENISER.vocabulary.pieces[t] for t in word) for word in passage.keywords]
        assert words and all(word in poem for word in words)
        heads = [TOKENISER.vocabulary.pieces[t] for t in passage.heads]
        assert heads == [line[0] for line in poem.replace("，", "\n").replace("。", "\n").split("\n") if line]


def test_tokens_of_several_letters_begin_where_their_text_does():
    from huohua.arts.text.vocabulary import Vocabulary

    vocabulary = Vocabulary(pieces=("", "the", " sea", "\n"), end=0)

    class Pieces:
        def __init__(self):
            self.vocabulary = vocabulary

        def encode(self, text):
            return [1, 2, 3, 1, 2]

    assert starts([1, 2, 3, 1, 2], vocabulary, 15) == [0, 3, 7, 8, 11]
    found = written("the sea\nthe sea", Pieces(), "en")
    assert found.symbol_TK[:, 0].tolist() == [1, 1, 1, 2, 2]
    assert found.symbol_TK[:, 1].tolist() == [3, 2, 1, 3, 2]

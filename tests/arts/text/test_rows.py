"""How a text lies before a network."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.text import rows
from huohua.arts.text.rows import COUNTED, TOKEN, WORK, Prompt
from toys.small_poems import POEMS, SIGNS, TOKENISER, passages

WRITTEN = passages()[0].written
STYLE = SIGNS.needed("style:tang")
PROMPT = Prompt(labels=(STYLE,), title=(5, 6), keywords=((7,), (8, 9)), heads=(3,))


def spelt(row):
    names = {SIGNS[name]: f"<{name}>" for name in ("start", "text", "before", "after", "middle", "title")}
    return "".join(names.get(int(t), TOKENISER.vocabulary.pieces[t] if t < SIGNS.first else "") for t in row)


def test_a_prompt_says_everything_in_order():
    expected = [SIGNS["start"], STYLE, SIGNS["title"], 5, 6]
    expected += [SIGNS["keyword"], 7, SIGNS["keyword"], 8, 9, SIGNS["heads"], 3]
    assert PROMPT.tokens(SIGNS) == expected
    assert PROMPT.tokens(SIGNS, begins=False)[0] == SIGNS["amid"]


def test_a_whole_text_asks_for_itself_and_its_end():
    row = rows.whole(Prompt(), WRITTEN, SIGNS)
    assert spelt(row[:, TOKEN]) == f"<start><text>{POEMS[0]}"
    assert row[:, COUNTED].tolist() == [0, 0] + [1] * (len(POEMS[0]) + 1)
    assert row[-1, TOKEN] == SIGNS.end


def test_a_gap_comes_last():
    row = rows.with_gap(Prompt(), WRITTEN, 2, 4, SIGNS)
    text = POEMS[0]
    assert spelt(row[:, TOKEN]) == f"<start><before>{text[:2]}<after>{text[4:]}<middle>{text[2:4]}"
    assert row[:, COUNTED].sum() == 2 + 2 + 1
    head = rows.gap_head(Prompt(), WRITTEN, 2, 4, SIGNS)
    np.testing.assert_array_equal(row[: len(head)], head)


def test_a_title_comes_behind_the_text():
    row = rows.with_title(Prompt(), WRITTEN, [5, 6], SIGNS)
    assert spelt(row[:, TOKEN]).startswith(f"<start><text>{POEMS[0]}<title>")
    assert row[row[:, COUNTED] > 0, TOKEN].tolist() == [5, 6, SIGNS.end]


def test_rows_are_packed_where_they_first_fit():
    lengths = (5, 3, 4, 2, 6)
    laid = [rows.bare([10 + n] * length) for n, length in enumerate(lengths)]
    sample = rows.packed(laid, 8, SIGNS["pad"])
    # Longest first: 6, 5, 4, 3, 2 go to rows 0, 1, 2, 1, 0.
    assert sample[0, :, TOKEN].tolist() == [14] * 6 + [13] * 2
    assert sample[1, :, TOKEN].tolist() == [10] * 5 + [11] * 3
    assert sample[2, :, TOKEN].tolist() == [12] * 4 + [SIGNS["pad"]] * 4
    assert sample[1, :, WORK].tolist() == [1] * 5 + [2] * 3
    assert sample[2, :, WORK].tolist() == [1] * 4 + [0] * 4


@pytest.mark.parametrize("length", [3, 7])
def test_what_is_too_long_is_cut(length):
    sample = rows.packed([rows.bare(list(range(9)))], length, SIGNS["pad"])
    assert sample[0, :, TOKEN].tolist() == list(range(length))

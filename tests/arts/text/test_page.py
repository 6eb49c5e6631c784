"""Pages: columns from right to left, marks upright, rows that fit, and ink where it belongs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from huohua.arts.text.pages.drawing import drawn
from huohua.arts.text.pages.layout import MARGIN, SIZE, TITLE, WIDEST, laid_out
from huohua.arts.text.pages.svg import svg
from huohua.errors import UsageError

pytestmark = pytest.mark.usefixtures("chinese_face")

POEM = "白日依山尽，黄河入海流。\n欲穷千里目，更上一层楼。"


def test_columns_run_from_right_to_left_and_characters_downwards():
    page = laid_out(POEM, title="登鹳雀楼")
    place = {piece.text: (piece.x, piece.y) for piece in page.pieces if piece.size == SIZE}
    title = {piece.text: (piece.x, piece.y) for piece in page.pieces if piece.size == TITLE}
    assert title["登"][0] > place["白"][0] > place["欲"][0]
    assert place["白"][0] == place["尽"][0]
    assert place["白"][1] < place["日"][1] < place["流"][1]


def test_marks_take_their_upright_form_in_columns_and_stay_in_rows():
    assert {"︐", "︒"} <= {piece.text for piece in laid_out(POEM).pieces}
    assert any("，" in piece.text for piece in laid_out(POEM, setting="horizontal").pieces)


def test_a_stanza_gap_and_a_long_line_take_columns_of_their_own():
    plain = laid_out("月明\n风清")
    gap = laid_out("月明\n\n风清")
    assert gap.width > plain.width
    long = laid_out("月" * 50, setting="vertical")
    assert len({piece.x for piece in long.pieces if piece.size == SIZE}) == 3


def test_english_is_set_in_rows_that_fit_and_keep_every_word():
    text = "And the river ran on under the moon, and nobody said a word. " * 9
    page = laid_out(text.strip(), title="A tale")
    rows = [piece for piece in page.pieces if piece.size == SIZE]
    assert " ".join(piece.text for piece in rows).split() == text.split()
    assert len(rows) > 3
    assert page.width <= WIDEST + 2 * MARGIN


@pytest.mark.parametrize("text", [POEM, "The moon\nis up", "", "\n\n", "x" * 900, "月" * 3000])
def test_nothing_stands_outside_the_page(text):
    page = laid_out(text, title="月", label="made by an AI")
    for piece in page.pieces:
        assert 0 <= piece.x < page.width
        assert 0 < piece.y < page.height


def test_a_picture_has_ink_where_the_characters_stand():
    page = laid_out("月")
    grey = np.asarray(drawn(page, scale=1).convert("L"))
    (moon,) = (piece for piece in page.pieces if piece.text == "月")
    x, y = int(moon.x), int(moon.y)
    assert grey[y - SIZE : y + 4, x : x + SIZE].min() < 100
    assert grey[:MARGIN, :].min() > 200
    assert drawn(page, scale=2).size == (2 * page.width, 2 * page.height)


def test_a_page_without_bounds_is_refused_as_a_picture():
    page = replace(laid_out("word"), height=1_000_000)
    with pytest.raises(UsageError, match="too long for a picture"):
        drawn(page)


def test_svg_escapes_what_would_break_it():
    document = svg(laid_out("a < b & c\x01", title="<T>"), record='{"a":"<&"}')
    assert "a &lt; b &amp; c<" in document
    assert "<title>&lt;T&gt;</title>" in document
    assert "\x01" not in document


@pytest.mark.parametrize(
    "text",
    [
        "I \U0001f600 you",
        "الليل يا ليلى",
        "a\x85b\u0d4e\ufe0f\u20e3\u034f",
        "".join(map(chr, range(0xE000, 0xE100))),
        "\U0001f469\u200d",
    ],
)
def test_whatever_a_model_writes_can_be_set(text):
    for setting in ("vertical", "horizontal"):
        assert drawn(laid_out(text, setting=setting), scale=1).width > 0


def test_every_character_there_is_can_be_set():
    letters = [chr(code) for code in range(32, 0x30000, 61) if not 0xD800 <= code < 0xE000]
    rows = ["".join(letters[start : start + 40]) for start in range(0, len(letters), 40)]
    for start in range(0, len(rows), 100):
        drawn(laid_out("\n".join(rows[start : start + 100]), setting="horizontal"), scale=1)

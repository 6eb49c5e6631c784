"""Texts side by side on one page."""

from __future__ import annotations

import numpy as np

from huohua.arts.text.specimen import COLUMN, MARGIN, specimen


def test_every_text_leaves_ink_in_its_column():
    page = np.array(specimen(["月落乌啼霜满天", "Tyger Tyger", "x" * 200]).convert("L"))
    for column in range(3):
        left = MARGIN + column * COLUMN
        assert (page[:, left : left + COLUMN - MARGIN] < 128).any()
    assert (page[:, -MARGIN // 2 :] == 255).all()  # what is long is broken and stays in its column


def test_a_page_without_texts_is_white():
    assert (np.array(specimen([])) == 255).all()


def test_what_has_no_shape_is_drawn_as_a_dot():
    """Every code point there is, a few at a time: none may stop a training at its first page."""
    dice = np.random.default_rng(0)
    for _ in range(30):
        codes = [*dice.integers(1, 0x110000, 20), *dice.integers(1, 0x10000, 20)]
        text = "".join(chr(code) for code in codes if not 0xD800 <= code < 0xE000)
        assert (np.array(specimen([text + "\x00\x1b\u0301\u202e"])) < 128).any()

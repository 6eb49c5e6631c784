from __future__ import annotations

import math

import numpy as np
import pytest

from huohua.arts.music.metrics.foils import patchwork
from huohua.arts.music.metrics.structure import repetition, self_similarity, theme_likeness, theme_return
from huohua.arts.music.metrics.tally import together
from toys.made_songs import made, songs

C_BAR, F_BAR = [(0, 8, 60), (8, 16, 64)], [(0, 4, 65), (4, 8, 69), (8, 16, 65)]


def in_bars(*bars):
    return [
        (start + place * 16, end + place * 16, pitch)
        for place, bar in enumerate(bars)
        for start, end, pitch in bar
    ]


def test_likeness_is_half_what_sounds_and_half_when_it_is_struck():
    # Bars one and two share no pitch class, and two of two and three onsets.
    likeness = self_similarity(made(bars=3, lead=in_bars(C_BAR, F_BAR, C_BAR)))
    assert likeness[0, 1] == pytest.approx(0.5 * 2 / math.sqrt(2 * 3))
    assert likeness[0, 2] == pytest.approx(1)
    assert likeness == pytest.approx(likeness.T)


def test_silence_is_like_nothing():
    assert self_similarity(made(bars=2, lead=in_bars(C_BAR)))[1].tolist() == [0, 0]


def test_repetition_looks_back_only():
    notes = made(bars=3, lead=in_bars(C_BAR, F_BAR, C_BAR))
    tally = repetition(notes)
    assert (tally.total, tally.weight) == (pytest.approx(2 / math.sqrt(6) / 2 + 1), 2)


def test_a_theme_that_returns_is_found_wherever_it_is():
    notes = made(bars=7, lead=in_bars(C_BAR, F_BAR, F_BAR, F_BAR, [], C_BAR, F_BAR))
    assert theme_return(notes).mean == pytest.approx(1)
    assert len(theme_likeness(notes)) == 4
    assert theme_likeness(notes, after=3).tolist() == [pytest.approx(1)]


def test_a_piece_too_short_for_a_return_has_none():
    assert theme_return(made(bars=3, lead=in_bars(C_BAR, C_BAR, C_BAR))).weight == 0


def test_a_transposed_return_is_less_like():
    up = [(start, end, pitch + 1) for start, end, pitch in C_BAR]
    notes = made(bars=4, lead=in_bars(C_BAR, C_BAR, up, up))
    assert theme_return(notes).mean == pytest.approx(0.5)


def test_songs_return_and_patchworks_do_not():
    real = songs(12)
    patched = patchwork(real, np.random.default_rng(0))
    for figure in (theme_return, repetition):
        assert together(map(figure, real)).mean > together(map(figure, patched)).mean + 0.05
    assert together(map(theme_return, real)).mean == pytest.approx(1)

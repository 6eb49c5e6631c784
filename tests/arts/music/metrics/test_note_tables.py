from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.grid import grid_of
from huohua.arts.music.metrics.notes import notes_in_ticks, notes_of, roles_played
from huohua.arts.music.metrics.rolls import onsets, pitch_classes, quarters, sounding, struck
from huohua.arts.music.piece import Metre, Note, Piece, Track
from huohua.errors import DataError
from toys.made_songs import made, songs


def piece():
    lead = Track(
        role="lead", notes=(Note(start=0, duration=48, pitch=60), Note(start=48, duration=3, pitch=62))
    )
    drums = Track(role="drums", drums=True, notes=(Note(start=96, duration=12, pitch=38),))
    return Piece(title="tune", tracks=(lead, drums))


def test_a_grid_gives_its_notes_on_steps():
    notes = notes_of(grid_of(piece()), style="folk")
    assert (notes.bars, notes.steps, notes.quarter, notes.song, notes.style) == (1, 16, 4, "tune", "folk")
    assert notes.of("lead").tolist() == [[0, 4, 60], [4, 1, 62]]
    assert notes.of("drums").tolist() == [[8, 1, 1]]
    assert notes.of("bass").shape == (0, 3)


def test_a_piece_gives_its_notes_in_ticks():
    notes = notes_in_ticks(piece())
    assert (notes.bars, notes.steps, notes.quarter) == (1, 192, 48)
    assert notes.of("lead").tolist() == [[0, 48, 60], [48, 3, 62]]
    assert notes.of("drums").tolist() == [[96, 12, 1]]


def test_a_piece_that_changes_its_bars_cannot_be_read():
    bass = Track(role="bass", notes=(Note(start=200, duration=48, pitch=40),))
    two = Piece(metres=(Metre(), Metre(tick=192, numerator=3)), tracks=(piece().tracks[0], bass))
    with pytest.raises(DataError, match="2 lengths"):
        notes_in_ticks(two)


def test_a_window_cuts_notes_at_both_ends():
    notes = made(bars=3, lead=[(12, 20, 60), (30, 34, 62), (0, 2, 64)], bass=[(0, 4, 40)])
    middle = notes.window(1, 1)
    assert middle.of("lead").tolist() == [[0, 4, 60], [14, 2, 62]]
    assert "bass" not in middle.played
    with pytest.raises(DataError, match="are not in"):
        notes.window(2, 2)


def test_rolls_are_those_of_drawing_note_by_note():
    notes = songs(1)[0]
    slow = np.zeros((notes.length, 128), dtype=bool)
    begun = np.zeros_like(slow)
    for start, length, pitch in notes.together().tolist():
        begun[start, pitch] = True
        for step in range(start, start + length):
            slow[step, pitch] = True
    assert (sounding(notes.together(), notes.length) == slow).all()
    assert (struck(notes.together(), notes.length) == begun).all()
    assert (onsets(notes, notes.together()) == begun.any(axis=1).reshape(8, 16)).all()
    by_class = np.stack([slow[:, offset::12].sum(axis=1) for offset in range(12)], axis=1)
    assert (pitch_classes(slow) == by_class).all()
    assert (quarters(notes, notes.together()) == by_class.reshape(-1, 4, 12).sum(axis=1)).all()


def test_roles_that_hardly_play_are_left_out():
    pieces = [made(lead=[(0, 1, 60)]) for _ in range(99)] + [made(bass=[(0, 1, 40)])]
    assert roles_played(pieces, least=0.01) == ("lead", "bass")
    assert roles_played(pieces, least=0.02) == ("lead",)

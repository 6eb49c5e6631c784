from __future__ import annotations

import numpy as np

from huohua.arts.music.grid import empty_grid, grid_of
from huohua.arts.music.piece import Note, Piece, Track
from huohua.arts.music.thumbnail import COLOURS, HIGHEST, SEMITONE, STEP, thumbnail


def test_a_note_stands_where_its_time_and_pitch_are():
    lead = Track(role="lead", notes=(Note(start=48, duration=24, pitch=60),))
    pixels = np.asarray(thumbnail(grid_of(Piece(tracks=(lead,)), bars=2)))
    rows, columns = np.nonzero((pixels == COLOURS["lead"]).all(axis=2))
    assert set(rows) == {(HIGHEST - 61) * SEMITONE, (HIGHEST - 61) * SEMITONE + 1}
    assert (columns.min(), columns.max()) == (4 * STEP + 1, 6 * STEP - 2)
    assert pixels.shape[1] == 2 * 16 * STEP


def test_a_silent_bar_is_paper_and_lines():
    assert len(np.unique(np.asarray(thumbnail(empty_grid(1))).reshape(-1, 3), axis=0)) == 3

"""The piano roll: notes where they belong, in the colour of their role."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.colours import PAPER, ROLE_COLOURS
from huohua.arts.music.piece import Metre, Note, Piece, Track
from huohua.arts.music.roles import ROLES
from huohua.arts.music.roll import LEFT, MOST_ROWS, QUARTER, SEMITONE, TOP, roll


def one(role, *notes):
    return Track(name=role or "", role=role, drums=role == "drums", notes=notes)


def near(pixels, colour):
    return np.abs(pixels.astype(int) - np.array(colour)).max(axis=-1) < 30


def test_a_note_lies_at_its_time_and_pitch():
    note = Note(start=48, duration=96, pitch=66, velocity=127)
    pixels = np.asarray(roll(Piece(tracks=(one("lead", note),))))[TOP:]
    # 24 semitones are shown around 66: 54 to 78, so the note is the 12th from above or its neighbour.
    found = near(pixels, ROLE_COLOURS["lead"])
    lines, columns = np.nonzero(found)
    assert LEFT + QUARTER <= columns.min() <= LEFT + QUARTER + 4
    assert LEFT + 3 * QUARTER - 4 <= columns.max() <= LEFT + 3 * QUARTER
    assert lines.max() - lines.min() < SEMITONE
    assert 10 <= lines.min() // SEMITONE <= 13


def test_a_higher_note_lies_above_a_lower():
    low, high = (Note(start=n * 48, duration=48, pitch=p, velocity=127) for n, p in ((0, 60), (1, 72)))
    pixels = np.asarray(roll(Piece(tracks=(one("bass", low), one("lead", high)))))[TOP:]
    top = np.nonzero(near(pixels, ROLE_COLOURS["lead"]))[0].mean()
    bottom = np.nonzero(near(pixels, ROLE_COLOURS["bass"]))[0].mean()
    assert bottom - top == pytest.approx(12 * SEMITONE, abs=1)


def test_every_role_has_a_colour_of_its_own_and_drums_have_lanes():
    colours = list(ROLE_COLOURS.values())
    assert set(ROLE_COLOURS) == set(ROLES)
    assert (
        min(sum(abs(a - b) for a, b in zip(x, y, strict=True)) for x in colours for y in colours if x != y)
        > 60
    )
    kick, crash = (Note(start=48 * n, duration=12, pitch=p, velocity=127) for n, p in ((0, 36), (4, 49)))
    pixels = np.asarray(roll(Piece(tracks=(one("drums", kick, crash),))))[TOP:]
    lines, columns = np.nonzero(near(pixels[:, LEFT:], ROLE_COLOURS["drums"]))
    assert lines[columns < 20].min() > lines[columns > 100].max(), "the kick lies below the crash"


def test_a_long_piece_goes_on_in_rows_and_has_an_end():
    def height(bars):
        notes = (Note(start=0, duration=48, pitch=60), Note(start=192 * bars - 48, duration=48, pitch=60))
        return roll(Piece(tracks=(one("lead", *notes),))).height

    assert height(1) == height(8) < height(9) == height(16)
    assert height(8 * MOST_ROWS) == height(40 * MOST_ROWS)


def test_a_row_of_short_bars_holds_twice_as_many():
    def height(bars):
        notes = (Note(start=0, duration=48, pitch=60), Note(start=96 * bars - 48, duration=48, pitch=60))
        return roll(Piece(tracks=(one("lead", *notes),), metres=(Metre(numerator=2),))).height

    assert height(1) == height(16) < height(17)


def test_an_empty_piece_is_an_empty_bar():
    picture = roll(Piece())
    assert picture.mode == "RGB"
    assert near(np.asarray(picture), PAPER).mean() > 0.8


def test_the_same_piece_gives_the_same_picture():
    piece = Piece(title="火花", tracks=(one(None, Note(start=0, duration=48, pitch=60)),))
    assert roll(piece).tobytes() == roll(piece).tobytes()

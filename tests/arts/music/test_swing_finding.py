from __future__ import annotations

import pytest

from huohua.arts.music.piece import Metre, Note, Piece, Track
from huohua.arts.music.swing_finding import between_steps, swing_of


def piece(places, beats, metre=(4, 4)):
    notes = tuple(
        Note(start=48 * beat + place, duration=4, pitch=60) for beat in range(beats) for place in places
    )
    return Piece(tracks=(Track(notes=notes),), metres=(Metre(numerator=metre[0], denominator=metre[1]),))


@pytest.mark.parametrize(
    ("places", "swing"),
    [
        ((0, 32), 2.0),
        ((0, 30), 30 / 18),
        ((32,), 2.0),
        ((0, 24), 1.0),
        ((0, 16, 32), 1.0),
        ((0, 12, 24, 36), 1.0),
        ((0, 36), 1.0),
        ((0,), 1.0),
    ],
)
def test_beats_with_a_late_second_eighth_swing_and_no_others(places, swing):
    assert swing_of(piece(places, 16)) == pytest.approx(swing)


def test_seven_beats_do_not_tell():
    assert swing_of(piece((0, 32), 7)) == 1.0
    assert swing_of(piece((0, 32), 8)) == 2.0


def test_a_piece_swings_if_most_of_its_eighths_do():
    swung = piece((0, 32), 20).tracks[0]

    def with_even(count):
        even = tuple(Note(start=48 * (40 + i) + 24, duration=4, pitch=60) for i in range(count))
        return Piece(tracks=(swung, Track(notes=even)))

    assert swing_of(with_even(19)) == 2.0
    assert swing_of(with_even(20)) == 1.0


def test_six_eight_does_not_swing():
    assert swing_of(piece((0, 32), 16, metre=(6, 8))) == 1.0


def test_notes_between_steps_are_counted():
    assert between_steps(piece((0, 3, 12, 16), 4), 1.0) == pytest.approx(0.25)
    assert between_steps(piece((0, 16, 32), 4), 1.0) == pytest.approx(2 / 3)
    assert between_steps(piece((0, 16, 32), 4), 2.0) == 0.0
    assert between_steps(Piece(), 1.0) == 0.0

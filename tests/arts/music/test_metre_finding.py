from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.metre_finding import accents, metre_of, with_found_metre
from huohua.arts.music.piece import Metre, Note, Piece, Track

Q = 48


def chorale(beats, pick_up, bars=12):
    """Return four voices in quarters: a new chord for each bar, and one long one in every fourth."""
    notes, tick = [], 0
    chords = [(48, 55, 64, 72), (53, 57, 65, 69), (55, 59, 62, 74), (45, 57, 60, 64)]
    for beat in range(-pick_up, bars * beats):
        bar, place = divmod(beat, beats)
        if bar % 4 == 3 and place:
            tick += Q
            continue
        long = beats * Q if bar % 4 == 3 and place == 0 else Q
        notes += [Note(start=tick, duration=long, pitch=pitch) for pitch in chords[bar % 4]]
        tick += Q
    return Piece(tracks=(Track(notes=tuple(notes)),))


@pytest.mark.parametrize("beats", [3, 4])
@pytest.mark.parametrize("pick_up", [0, 1])
def test_metre_and_pick_up_are_found_from_long_notes_and_new_chords(beats, pick_up):
    found = with_found_metre(chorale(beats, pick_up))
    expected = [(0, pick_up)] if pick_up else []
    expected.append((Q * pick_up, beats))
    assert [(metre.tick, metre.numerator) for metre in found.metres] == expected


def test_accents_are_lengths_changes_and_the_end_each_standardised():
    line = (
        Note(start=0, duration=Q, pitch=60),
        Note(start=Q, duration=2 * Q, pitch=62),
        Note(start=3 * Q, duration=Q, pitch=62),
    )
    lengths, changes, end = np.array([1.0, 2, 0, 1]), np.array([1.0, 1, 0, 0]), np.array([0.0, 0, 0, 1])
    expected = sum((x - x.mean()) / x.std() for x in (lengths, changes, end))
    assert accents(Piece(tracks=(Track(notes=line),))) == pytest.approx(expected, abs=1e-6)


def test_three_must_fit_much_better_than_four():
    dice = np.random.default_rng(0)
    flat = [metre_of(dice.normal(size=60))[0] for _ in range(50)]
    assert flat.count(4) >= 48


def test_short_and_silent_pieces_and_drums_stay_as_they_are():
    short = chorale(4, 0, bars=2)
    kit = Piece(tracks=(Track(drums=True, role="drums", notes=(Note(start=0, duration=Q, pitch=36),)),))
    for piece in (short, Piece(), kit):
        assert with_found_metre(piece) is piece
    assert with_found_metre(chorale(4, 0)).metres == (Metre(),)

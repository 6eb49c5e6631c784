from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.music.piece import Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.retiming import delay_of, in_threes, on_time


def piece(starts, metre=(4, 4), **more):
    notes = tuple(Note(start=int(start), duration=8, pitch=60) for start in starts)
    return Piece(
        tracks=(Track(notes=notes),), metres=(Metre(numerator=metre[0], denominator=metre[1]),), **more
    )


def starts(found):
    return [note.start for note in found.tracks[0].notes]


def played(delay, beats=40):
    dice = np.random.default_rng(0)
    exact = np.arange(1, 4 * beats) * 12
    return exact + delay + np.where(dice.random(len(exact)) < 0.7, 1, 0) * dice.choice([-1, 1], len(exact))


@pytest.mark.parametrize("delay", [-4, -3, 3, 4])
def test_a_player_who_is_always_early_or_late_is_put_on_time(delay):
    late = piece(played(delay))
    assert delay_of(late) == delay
    assert abs(np.array(starts(on_time(late))) - np.arange(1, 160) * 12).max() <= 1


def test_written_music_has_no_delay_even_with_triplets():
    written = piece([48 * beat + place for beat in range(20) for place in (0, 16, 32, 40)])
    assert delay_of(written) == 0
    assert on_time(written) is written
    assert delay_of(Piece()) == 0


def test_beats_in_threes_become_six_eight_in_the_same_time():
    whole = piece(
        [48 * beat + place for beat in range(20) for place in (0, 16, 32)],
        (2, 4),
        tempos=(Tempo(qpm=80.0),),
        keys=(Key(tick=96, tonic=3),),
        chords=(Chord(start=48, end=96, name="F"),),
    )
    found = in_threes(whole)
    assert starts(found)[:4] == [0, 24, 48, 72]
    assert (found.metres[0].numerator, found.metres[0].denominator) == (6, 8)
    assert found.tempos[0].qpm == 120.0
    assert found.seconds == pytest.approx(whole.seconds)
    assert found.keys[0].tick == 144
    assert (found.chords[0].start, found.chords[0].end) == (72, 144)


def test_four_four_in_threes_is_twelve_eight():
    found = in_threes(piece([48 * beat + place for beat in range(20) for place in (0, 16, 32)]))
    assert (found.metres[0].numerator, found.metres[0].denominator) == (12, 8)


@pytest.mark.parametrize(
    ("places", "beats", "metre"),
    [
        ((0, 16, 32), 15, (4, 4)),
        ((0, 16, 32), 40, (3, 4)),
        ((0, 32), 40, (4, 4)),
        ((0, 12, 24, 36), 40, (4, 4)),
    ],
)
def test_few_triplets_swing_sixteenths_and_three_four_stay(places, beats, metre):
    same = piece([48 * beat + place for beat in range(beats) for place in places], metre)
    assert in_threes(same) is same


def test_as_many_beats_in_twos_keep_their_metre():
    threes = [48 * beat + place for beat in range(20) for place in (0, 16, 32)]
    twos = [48 * beat + place for beat in range(20, 31) for place in (0, 24)]
    mixed = piece(threes + twos)
    assert in_threes(mixed) is mixed
    assert in_threes(piece(threes + twos[:-2])) is not mixed
    assert len(in_threes(piece(threes + twos[:-2])).tracks[0].notes) == 80

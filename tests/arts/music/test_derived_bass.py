from __future__ import annotations

from huohua.arts.music.derived_bass import lowest_line, octave_below, with_bass
from huohua.arts.music.piece import Note, Piece, Track

Q = 48


def note(start, quarters, pitch):
    return Note(start=round(start * Q), duration=round(quarters * Q), pitch=pitch)


def told(track):
    return [(n.start / Q, n.duration / Q, n.pitch) for n in track.notes]


def test_the_lowest_note_of_each_half_beat_sounds_an_octave_below():
    bass = octave_below((note(0, 1, 48), note(0, 2, 60), note(1, 1, 55)))
    assert told(bass) == [(0.0, 1.0, 36), (1.0, 1.0, 43)]
    assert (bass.role, bass.derived) == ("bass", True)


def test_a_pitch_that_is_struck_again_is_struck_again():
    bass = octave_below((note(0, 0.5, 48), note(0.5, 1, 48)))
    assert told(bass) == [(0.0, 0.5, 36), (0.5, 1.0, 36)]


def test_what_would_lie_below_the_range_stays():
    assert told(octave_below((note(0, 1, 35), note(1, 1, 36)))) == [(0.0, 1.0, 35), (1.0, 1.0, 24)]


def test_a_rest_of_the_harmony_is_a_rest_of_the_bass():
    assert told(octave_below((note(0, 1, 48), note(2, 1, 48)))) == [(0.0, 1.0, 36), (2.0, 1.0, 36)]


def test_a_left_hand_is_parted_into_bass_and_chords():
    hand = Track(
        name="piano_lh",
        role="harmony",
        notes=(note(0, 2, 40), note(1, 1, 52), note(1, 1, 55), note(2, 1, 43)),
    )
    bass, rest = lowest_line(hand)
    assert told(bass) == [(0.0, 2.0, 40), (2.0, 1.0, 43)]
    assert told(rest) == [(1.0, 1.0, 52), (1.0, 1.0, 55)]
    assert (rest.role, rest.derived, bass.derived) == ("harmony", False, True)


def test_only_harmony_without_a_bass_gets_one():
    piano = Track(name="piano", role="harmony", notes=(note(0, 1, 48), note(1, 1, 52), note(2, 1, 55)))
    lead = Track(name="melody", role="lead", notes=(note(0, 1, 72),))
    found = with_bass(Piece(tracks=(lead, piano)))
    assert [track.role for track in found.tracks] == ["lead", "harmony", "bass"]
    assert with_bass(found) is found
    alone = Piece(tracks=(lead,))
    assert with_bass(alone) is alone


def test_chords_in_blocks_carry_their_bass_already():
    chords = Track(
        name="chords",
        role="harmony",
        notes=tuple(note(bar, 1, pitch) for bar in range(4) for pitch in (36, 52, 55, 60)),
    )
    piece = Piece(tracks=(chords,))
    assert with_bass(piece) is piece

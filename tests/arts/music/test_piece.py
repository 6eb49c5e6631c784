"""The values that music is made of: bounds, order, bars and seconds, against figures worked out by hand."""

from __future__ import annotations

import dataclasses
import random

import pytest

from huohua.arts.music.piece import TICKS, Bar, Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.arts.music.roles import DRUM_OF_PITCH, DRUM_PITCHES, DRUMS, PROGRAMS, ROLES, VOICES
from huohua.errors import DataError

QUARTER = TICKS


def note(start, duration=QUARTER, pitch=60, velocity=80):
    return Note(start=start, duration=duration, pitch=pitch, velocity=velocity)


@pytest.mark.parametrize(
    "numbers",
    [
        {"start": -1},
        {"duration": 0},
        {"pitch": 128},
        {"pitch": -1},
        {"velocity": 0},
        {"velocity": 128},
    ],
)
def test_a_note_that_cannot_be_is_refused(numbers):
    with pytest.raises(DataError, match="no such note"):
        Note(**{"start": 0, "duration": 1, "pitch": 60, "velocity": 80, **numbers})


def test_the_outermost_notes_are_taken():
    assert Note(start=0, duration=1, pitch=0, velocity=1).end == 1
    assert Note(start=5, duration=7, pitch=127, velocity=127).end == 12


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: Track(program=128), "no instrument 128"),
        (lambda: Track(role="soprano"), "no role 'soprano'"),
        (lambda: Track(name="beat", role="drums"), "only drums play the drums"),
        (lambda: Track(name="beat", role="lead", drums=True), "'beat' cannot be lead"),
        (lambda: Tempo(qpm=0.5), "no tempo"),
        (lambda: Tempo(qpm=1001), "no tempo"),
        (lambda: Tempo(tick=-1), "before the piece"),
        (lambda: Metre(numerator=0), "no metre 0/4"),
        (lambda: Metre(denominator=3), "no metre 4/3"),
        (lambda: Key(tonic=12), "no key"),
        (lambda: Key(mode="dorian"), "no key"),
        (lambda: Chord(start=4, end=4, name="C"), "before it has begun"),
    ],
)
def test_what_cannot_be_is_refused_by_name(make, complaint):
    with pytest.raises(DataError, match=complaint):
        make()


def test_values_do_not_change_once_made():
    with pytest.raises(dataclasses.FrozenInstanceError):
        note(0).pitch = 61
    with pytest.raises(dataclasses.FrozenInstanceError):
        Piece().title = "another"


def test_notes_in_another_order_make_the_same_track():
    notes = [note(start, pitch=pitch) for start in (0, 48, 96) for pitch in (60, 64, 67)]
    shuffled = notes[:]
    random.Random(1).shuffle(shuffled)
    assert Track(notes=tuple(shuffled)) == Track(notes=tuple(notes))
    assert [(n.start, n.pitch) for n in Track(notes=tuple(shuffled)).notes][:4] == [
        (0, 60),
        (0, 64),
        (0, 67),
        (48, 60),
    ]


def test_a_pitch_struck_again_while_it_sounds_ends_there():
    track = Track(notes=(note(0, 100), note(40, 10), note(50, 5), note(40, 30, pitch=62)))
    assert [(n.start, n.duration, n.pitch) for n in track.notes] == [
        (0, 40, 60),
        (40, 10, 60),
        (40, 30, 62),
        (50, 5, 60),
    ]


def test_of_two_notes_of_one_pitch_that_start_together_the_longer_is_kept():
    track = Track(notes=(note(0, 10, velocity=100), note(0, 20, velocity=50)))
    assert track.notes == (note(0, 20, velocity=50),)


def test_polyphony_counts_what_sounds_at_once():
    assert Track().polyphony == 0
    assert Track(notes=(note(0), note(48))).polyphony == 1, "a note that ends where another begins is over"
    assert Track(notes=(note(0), note(47, pitch=62))).polyphony == 2
    assert Track(notes=tuple(note(0, pitch=p) for p in (48, 52, 55, 60))).polyphony == 4


def test_a_piece_without_tempo_and_metre_has_those_of_midi():
    piece = Piece(tracks=(Track(notes=(note(0, 8 * QUARTER),)),))
    assert piece.tempos == (Tempo(tick=0, qpm=120),)
    assert piece.metres == (Metre(tick=0, numerator=4, denominator=4),)
    assert piece.keys == ()
    assert piece.seconds == 4.0
    assert len(piece.bars) == 2


def test_an_empty_piece_lasts_no_time():
    assert (Piece().ticks, Piece().bars, Piece().seconds) == (0, (), 0.0)


def test_of_two_events_at_one_tick_the_last_holds():
    piece = Piece(tempos=(Tempo(qpm=60), Tempo(tick=48, qpm=90), Tempo(qpm=100)))
    assert piece.tempos == (Tempo(qpm=100), Tempo(tick=48, qpm=90))


def test_seconds_follow_every_tempo():
    piece = Piece(
        tracks=(Track(notes=(note(0, 6 * QUARTER),)),),
        tempos=(Tempo(qpm=60), Tempo(tick=2 * QUARTER, qpm=120), Tempo(tick=4 * QUARTER, qpm=240)),
    )
    assert piece.seconds_at(0) == 0
    assert piece.seconds_at(3 * QUARTER) == 2.5
    assert piece.seconds == 2 + 1 + 0.5


@pytest.mark.parametrize(
    ("numerator", "denominator", "bar"),
    [(4, 4, 192), (3, 4, 144), (6, 8, 144), (7, 8, 168), (5, 16, 60), (2, 2, 192), (11, 32, 66), (1, 64, 3)],
)
def test_a_bar_is_as_long_as_its_metre_says(numerator, denominator, bar):
    assert Metre(numerator=numerator, denominator=denominator).bar == bar


def test_bars_start_anew_at_each_metre_and_a_pick_up_is_a_short_bar():
    three = Metre(tick=QUARTER, numerator=3, denominator=4)
    four = Metre(tick=5 * QUARTER, numerator=4, denominator=4)
    pickup = Metre(tick=0, numerator=1, denominator=4)
    piece = Piece(tracks=(Track(notes=(note(0, 6 * QUARTER),)),), metres=(four, pickup, three))
    assert piece.bars == (
        Bar(start=0, end=48, metre=pickup),
        Bar(start=48, end=192, metre=three),
        Bar(start=192, end=240, metre=three),
        Bar(start=240, end=432, metre=four),
    )


def test_a_metre_after_the_last_note_makes_no_bars():
    piece = Piece(tracks=(Track(notes=(note(0),)),), metres=(Metre(tick=10 * 192, numerator=3),))
    assert piece.bars == (Bar(start=0, end=192, metre=Metre()),)


def test_names_are_one_line_without_control_characters():
    assert Piece(title="  Für\nElise\x00\x1b[31m ").title == "Für Elise [31m"
    assert len(Track(name="a" * 5000).name) == 200


def test_tracks_are_found_by_role():
    lead, bass = Track(name="a", role="lead"), Track(name="b", role="bass")
    piece = Piece(tracks=(lead, bass, Track(name="c")))
    assert piece.with_role("lead") == (lead,)
    assert piece.with_role("harmony") == ()


def test_roles_are_six_and_four_of_them_are_voices():
    assert ROLES == ("lead", "counter", "inner", "bass", "harmony", "drums")
    assert VOICES == ("lead", "counter", "inner", "bass")
    assert set(PROGRAMS) == set(ROLES)


def test_drums_are_nine_and_each_is_read_as_it_is_written():
    assert len(DRUMS) == len(DRUM_PITCHES) == 9
    assert {DRUM_OF_PITCH[pitch]: pitch for pitch in DRUM_PITCHES.values()} == dict(DRUM_PITCHES)


def test_every_key_of_the_general_midi_kit_is_a_drum_except_a_few_effects():
    assert [key for key in range(35, 82) if key not in DRUM_OF_PITCH] == [71, 72]

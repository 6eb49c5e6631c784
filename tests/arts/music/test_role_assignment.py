"""Roles: what a name says is taken as given, what the notes say is marked as derived."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from huohua.arts.music.piece import Note, Piece, Track
from huohua.arts.music.role_assignment import assign_roles, mean_pitch, said_role, share_of_chords


def line(pitch, name="", program=73, **more):
    notes = tuple(Note(start=48 * n, duration=48, pitch=pitch + n % 3) for n in range(8))
    return Track(name=name, program=program, notes=notes, **more)


def chords(pitch=60, name="", program=0):
    notes = tuple(Note(start=96 * n, duration=96, pitch=pitch + p) for n in range(4) for p in (0, 4, 7))
    return Track(name=name, program=program, notes=notes)


def roles(*tracks):
    return [(track.role, track.derived) for track in assign_roles(Piece(tracks=tracks)).tracks]


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("soprano", "lead"),
        ("Violin 1", "lead"),
        ("violin2", "counter"),
        ("Violin II", "counter"),
        ("MELODY", "lead"),
        ("主旋律", "lead"),
        ("Lead Vocals", "lead"),
        ("viola", "inner"),
        ("Cello", "bass"),
        ("Bass guitar", "bass"),
        ("contrabass", "bass"),
        ("piano_lh", "harmony"),
        ("Rhythm guitar", "harmony"),
        ("Track 1", None),
        ("", None),
        ("Leader's bassoonist", None),
        ("singularity", None),
    ],
)
def test_a_name_says_a_role_only_as_a_whole_word(name, role):
    assert said_role(Track(name=name)) == role


def test_what_a_name_says_is_given_and_not_derived():
    assert roles(line(72, "melody"), chords(name="chords"), line(40, "bass")) == [
        ("lead", False),
        ("harmony", False),
        ("bass", False),
    ]


def test_a_melody_of_chords_is_no_voice_whatever_it_is_called():
    assert roles(chords(name="melody"), line(72, "x")) == [("harmony", True), ("lead", True)]


def test_four_nameless_voices_are_told_apart_by_their_height_in_any_order():
    voices = [line(50), line(74), line(60), line(67)]
    assert roles(*voices) == [("bass", True), ("lead", True), ("inner", True), ("counter", True)]
    dice = random.Random(1)
    dice.shuffle(voices)
    found = assign_roles(Piece(tracks=tuple(voices))).tracks
    by_height = sorted(found, key=mean_pitch, reverse=True)
    assert [track.role for track in by_height] == ["lead", "counter", "inner", "bass"]


def test_chords_without_a_name_are_harmony_and_a_line_over_them_leads():
    assert roles(chords(), line(76)) == [("harmony", True), ("lead", True)]


def test_a_bass_instrument_is_a_bass_at_any_height():
    assert roles(line(60, program=33), line(76)) == [("bass", True), ("lead", True)]


def test_a_single_line_leads_even_on_a_piano_and_even_when_it_is_low():
    assert roles(line(45, program=0)) == [("lead", True)]


def test_drums_are_drums_by_their_channel():
    assert roles(replace(line(36, "Take 2"), drums=True), line(70)) == [("drums", False), ("lead", True)]


def test_a_role_that_a_track_has_is_left_alone_and_not_given_twice():
    assert roles(line(50, role="lead"), line(80, "melody")) == [("lead", False), ("counter", True)]


def test_more_voices_than_there_are_go_to_harmony():
    assert [role for role, _ in roles(*(line(90 - 5 * n) for n in range(6)))] == [
        *("lead", "counter", "inner", "harmony", "harmony", "harmony"),
    ]


def test_a_track_without_notes_has_no_role():
    assert roles(Track(name="melody"), line(70)) == [(None, False), ("lead", True)]


def test_the_share_of_chords_is_that_of_time():
    solo = Note(start=0, duration=30, pitch=60)
    both = Note(start=20, duration=20, pitch=64)
    # Something sounds for 40 ticks, two notes for 10 of them.
    assert share_of_chords(Track(notes=(solo, both))) == 0.25
    assert share_of_chords(Track()) == 0.0


def test_the_mean_pitch_weighs_notes_by_their_length():
    notes = (Note(start=0, duration=30, pitch=60), Note(start=30, duration=10, pitch=64))
    assert mean_pitch(Track(notes=notes)) == 61.0

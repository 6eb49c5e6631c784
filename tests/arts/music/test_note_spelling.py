"""Spelling: letters and accidentals that fit the key, and chord symbols taken apart."""

from __future__ import annotations

import pytest

from huohua.arts.music.piece import Key
from huohua.arts.music.spelling import NATURAL, chord_symbol, in_signature, sharps_of, spelled


def names(pitches, key):
    signs = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "x"}
    return [found.letter + signs[found.alter] for found in (spelled(pitch, key) for pitch in pitches)]


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", ["major", "minor"])
def test_a_spelling_sounds_as_its_pitch_and_the_scale_needs_no_accidentals(tonic, mode):
    key = Key(tonic=tonic, mode=mode)
    for pitch in range(128):
        found = spelled(pitch, key)
        assert 12 * (found.octave + 1) + NATURAL[found.letter] + found.alter == pitch
    steps = (0, 2, 4, 5, 7, 9, 11) if mode == "major" else (0, 2, 3, 5, 7, 8, 10)
    scale = [spelled(60 + tonic + step, key) for step in steps]
    assert sorted(found.letter for found in scale) == list("ABCDEFG")
    assert all(found.alter == in_signature(found.letter, sharps_of(key)) for found in scale)


@pytest.mark.parametrize(
    ("key", "pitches", "expected"),
    [
        (Key(), (61, 63, 66, 68, 70), ["C#", "Eb", "F#", "Ab", "Bb"]),
        (Key(tonic=9, mode="minor"), (66, 68), ["F#", "G#"]),
        (Key(tonic=0, mode="minor"), (71, 69, 63), ["B", "A", "Eb"]),
        (Key(tonic=4), (61, 63, 75), ["C#", "D#", "D#"]),
        (Key(tonic=8), (61, 63, 68), ["Db", "Eb", "Ab"]),
    ],
)
def test_other_pitches_are_spelled_as_near_the_key_as_can_be(key, pitches, expected):
    assert names(pitches, key) == expected


def test_a_signature_adds_its_accidentals_in_their_order():
    assert [letter for letter in "CDEFGAB" if in_signature(letter, 2)] == ["C", "F"]
    assert [letter for letter in "CDEFGAB" if in_signature(letter, -3)] == ["E", "A", "B"]
    assert in_signature("B", -1) == -1
    assert in_signature("F", 1) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("C", (("C", 0), "major", "", None)),
        ("Bbm7/Db", (("B", -1), "minor-seventh", "m7", ("D", -1))),
        ("F#:maj7", (("F", 1), "major-seventh", "maj7", None)),
        ("G7alt", (("G", 0), "other", "7alt", None)),
    ],
)
def test_a_chord_symbol_is_taken_apart(name, expected):
    assert chord_symbol(name) == expected


@pytest.mark.parametrize("name", ["N.C.", "", "x", "H7"])
def test_what_is_no_chord_is_none(name):
    assert chord_symbol(name) is None

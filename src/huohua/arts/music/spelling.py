"""Which letter and accidental a pitch is written with, and how chord symbols are read.

A place on the line of fifths (… F C G D …, 0 for C) names a note; a key favours twelve places near its own.

Source: Temperley 2001, "The Cognition of Basic Musical Structures", chapter 5 (spelling as nearness on the
line of fifths).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from huohua.arts.music.piece import Key

LETTERS = "FCGDAEB"
NATURAL = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

# Sharps (or, negative, flats) by the tonic of the key.
MAJOR_SHARPS = (0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5)
MINOR_SHARPS = (-3, 4, -1, -6, 1, -4, 3, -2, 5, 0, -5, 2)

# How far flat of the key's own sharps the lit places begin: minor raises its sixth and seventh.
FLAT_OF_MAJOR, FLAT_OF_MINOR = 4, 3


class Spelled(NamedTuple):
    """A pitch as it is written: "C", 1, 4 for the C sharp above middle C."""

    letter: str
    alter: int
    octave: int


def sharps_of(key: Key) -> int:
    """Return the sharps in front of a staff in this key; flats count down from 0."""
    return (MAJOR_SHARPS if key.mode == "major" else MINOR_SHARPS)[key.tonic]


def spelled(pitch: int, key: Key) -> Spelled:
    """Return how a MIDI pitch is written in a key.

    Example:
        >>> spelled(61, Key(tonic=2)), spelled(61, Key(tonic=8))
        (Spelled(letter='C', alter=1, octave=4), Spelled(letter='D', alter=-1, octave=4))
    """
    first = sharps_of(key) - (FLAT_OF_MAJOR if key.mode == "major" else FLAT_OF_MINOR)
    place = first + (pitch * 7 - first) % 12
    letter, alter = LETTERS[(place + 1) % 7], (place + 1) // 7
    octave = (pitch - alter) // 12 - 1
    return Spelled(letter, alter, octave)


def in_signature(letter: str, sharps: int) -> int:
    """Return the accidental that a key signature gives a letter: 1, 0 or -1."""
    place = LETTERS.index(letter)
    if sharps > 0:
        return int(place < sharps)
    return -int(6 - place < -sharps)


# What MusicXML calls chords, by how their symbols go on after the root.
CHORD_KINDS: Mapping[str, str] = {
    "": "major",
    "maj": "major",
    "M": "major",
    "m": "minor",
    "min": "minor",
    "-": "minor",
    "7": "dominant",
    "maj7": "major-seventh",
    "M7": "major-seventh",
    "m7": "minor-seventh",
    "min7": "minor-seventh",
    "-7": "minor-seventh",
    "6": "major-sixth",
    "m6": "minor-sixth",
    "min6": "minor-sixth",
    "dim": "diminished",
    "o": "diminished",
    "dim7": "diminished-seventh",
    "o7": "diminished-seventh",
    "aug": "augmented",
    "+": "augmented",
    "hdim7": "half-diminished",
    "m7b5": "half-diminished",
    "ø": "half-diminished",
    "sus4": "suspended-fourth",
    "sus2": "suspended-second",
    "9": "dominant-ninth",
    "maj9": "major-ninth",
    "m9": "minor-ninth",
    "min9": "minor-ninth",
    "minmaj7": "major-minor",
    "mM7": "major-minor",
}
NOTHING_SOUNDS = frozenset({"N", "NC", "N.C."})

_SYMBOL = re.compile(r"([A-G])([#b]*):?([^/]*)(?:/([A-G])([#b]*))?")


class ChordSymbol(NamedTuple):
    """A chord symbol taken apart: root, kind in MusicXML's words, the text after the root, and bass."""

    root: tuple[str, int]
    kind: str
    text: str
    bass: tuple[str, int] | None


def chord_symbol(name: str) -> ChordSymbol | None:
    """Take a chord symbol apart; None where it names no chord by its root.

    Example:
        >>> chord_symbol("F#m7/A")
        ChordSymbol(root=('F', 1), kind='minor-seventh', text='m7', bass=('A', 0))
    """
    found = _SYMBOL.fullmatch(name.strip())
    if found is None:
        return None
    letter, accidentals, text, bass, bass_accidentals = found.groups()
    return ChordSymbol(
        (letter, _alter(accidentals)),
        CHORD_KINDS.get(text, "other"),
        text,
        (bass, _alter(bass_accidentals)) if bass else None,
    )


def _alter(accidentals: str) -> int:
    return accidentals.count("#") - accidentals.count("b")

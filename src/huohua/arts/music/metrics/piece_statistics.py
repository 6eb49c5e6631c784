"""A piece in 122 numbers that have names: the extractor that needs no network and nothing to learn from.

Each number is divided by a fixed amount, so that all are of about one size and none rules a distance. What
none of them measures, no figure on them can see: above all the order of notes beyond the next one.

Letters: F numbers of a piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics import consistency, musegan, structure
from huohua.arts.music.metrics.note_statistics import note_length_histogram, pitch_class_histogram
from huohua.arts.music.metrics.notes import LENGTH, PITCH, PITCHED, START, Notes
from huohua.arts.music.metrics.rolls import onsets
from huohua.arts.music.metrics.tally import Tally
from huohua.arts.music.roles import DRUMS, ROLES, Role

SIXTEENTHS = 16
# What numbers are divided by: of pitches in semitones, of notes in a bar, of quarters.
OCTAVE, BUSY, LONG = 12.0, 8.0, 2.0


def statistics(notes: Notes) -> dict[str, float]:
    """Return the numbers of a piece by name; what cannot be measured, because nobody plays, is 0."""
    numbers = dict(_all_roles(notes))
    for role in PITCHED:
        numbers |= {f"{role}: {name}": value for name, value in _one_role(notes, role)}
    for one, two in combinations(PITCHED, 2):
        numbers[f"{one} and {two}: tonal distance"] = _or_nothing(musegan.tonal_distance(notes, one, two))
    return {name: float(value) for name, value in numbers.items()}


def statistics_row(notes: Notes) -> NDArray[np.float64]:
    """Return the numbers of `statistics` as one row, always in the same order."""
    return np.array(list(statistics(notes).values()), dtype=np.float64)


def _all_roles(notes: Notes) -> Iterator[tuple[str, float]]:
    note_N3 = notes.together()
    for place, share in enumerate(pitch_class_histogram(notes, note_N3)):
        yield f"pitch class {place}", share * 4
    for place, share in enumerate(note_length_histogram(notes, note_N3)):
        yield f"note length {place}", share * 2
    for place, share in enumerate(_rhythm(notes)):
        yield f"struck in sixteenth {place + 1}", share
    drum_N = notes.of("drums")[:, PITCH]
    for place, drum in enumerate(DRUMS):
        yield f"{drum}: strokes", (drum_N == place).sum() / notes.bars / BUSY
    yield "drum strokes on eighths", _or_nothing(musegan.drum_pattern(notes))
    yield "scale", _or_nothing(consistency.scale_consistency(notes))
    yield "groove", _or_nothing(consistency.groove_consistency(notes))
    yield "entropy", _or_nothing(consistency.pitch_class_entropy(notes)) / np.log2(12)
    yield "polyphony", _or_nothing(consistency.polyphony(notes)) / 4
    yield "empty quarters", _or_nothing(consistency.empty_quarters(notes))
    yield "repetition", _or_nothing(structure.repetition(notes))
    yield "theme", _or_nothing(structure.theme_return(notes))


def _one_role(notes: Notes, role: Role) -> Iterator[tuple[str, float]]:
    note_N3 = notes.of(role)
    plays = len(note_N3) > 0
    pitch_N, leap_K = note_N3[:, PITCH], np.diff(note_N3[:, PITCH])
    yield "empty bars", _or_nothing(musegan.empty_bars(notes, role))
    yield "notes", len(note_N3) / notes.bars / BUSY
    yield "pitch", pitch_N.mean() / OCTAVE if plays else 0
    yield "spread of pitch", pitch_N.std() / OCTAVE if plays else 0
    yield "length", note_N3[:, LENGTH].mean() / notes.quarter / LONG if plays else 0
    yield "leap", np.abs(leap_K).mean() / OCTAVE if len(leap_K) else 0
    yield "steps", (np.abs(leap_K) <= 2).mean() if len(leap_K) else 0
    yield "pitch classes", _or_nothing(musegan.used_pitch_classes(notes, role)) / 4
    yield "notes from eighths", _or_nothing(musegan.notes_from_eighths(notes, role))
    yield "polyphony", _or_nothing(musegan.polyphonic_steps(notes, role))
    yield "off the quarters", (note_N3[:, START] % notes.quarter > 0).mean() if plays else 0


def _rhythm(notes: Notes) -> NDArray[np.float64]:
    """Return how often each sixteenth of a bar is struck by anybody; 0 for those a short bar lacks."""
    onset_BS = onsets(notes, notes.together(ROLES))
    fine = max(1, notes.quarter // 4)
    struck_BS = onset_BS[:, : notes.steps // fine * fine].reshape(notes.bars, -1, fine).any(axis=2)
    share = struck_BS.mean(axis=0)
    return np.pad(share, (0, SIXTEENTHS))[:SIXTEENTHS]


def _or_nothing(tally: Tally) -> float:
    return tally.mean if tally.weight else 0.0

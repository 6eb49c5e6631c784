"""The nine features of a piece that sets of pieces are compared by: five of pitch, four of rhythm.

Source: Yang and Lerch 2020, "On the evaluation of generative models in music", section on features, and its
code, mgeval. They measure one track; here the roles of a piece are read as one, sorted by start and pitch.
Intervals between starts are in quarters and not seconds, since tempo is not in the notes.

Letters: N pieces, F numbers of a feature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import LENGTH, PITCH, PITCHED, START, Notes, NoteTable
from huohua.arts.music.roles import Role
from huohua.errors import DataError
from huohua.metrics.overlap import sets_overlap

Doubles = NDArray[np.float64]

# Of a bar: whole, half, quarter, 8th, 16th; half to 16th dotted; half, quarter and 8th triplets.
NOTE_LENGTHS = np.array([96, 48, 24, 12, 6, 72, 36, 18, 9, 32, 16, 8]) / 96


def pitch_count(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return how many different pitches there are."""
    return np.array([len(np.unique(note_N3[:, PITCH]))], dtype=np.float64)


def pitch_class_histogram(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return the share of each pitch class, notes weighed by how long they sound."""
    weight_12 = np.bincount(note_N3[:, PITCH] % 12, weights=note_N3[:, LENGTH], minlength=12)
    return _shares(weight_12)


def pitch_class_transitions(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return how often each pitch class follows each, 12 by 12 in one row.

    Every note but the last is followed. mgeval's library leaves out pairs with a pause between them.
    """
    class_N = note_N3[:, PITCH] % 12
    pair_K = class_N[:-1] * 12 + class_N[1:]
    return np.bincount(pair_K, minlength=144).astype(np.float64)


def pitch_range(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return the semitones from the lowest pitch to the highest."""
    return np.array([np.ptp(note_N3[:, PITCH]) if len(note_N3) else 0], dtype=np.float64)


def average_interval(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return the mean semitones, up or down, from each note to the next."""
    leap_K = np.abs(np.diff(note_N3[:, PITCH]))
    return np.array([leap_K.mean() if len(leap_K) else 0], dtype=np.float64)


def note_count(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return how many notes there are."""
    return np.array([len(note_N3)], dtype=np.float64)


def average_onset_interval(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return the mean time from each start to the next, in quarters; notes struck together are 0 apart."""
    gap_K = np.diff(note_N3[:, START]) / notes.quarter
    return np.array([gap_K.mean() if len(gap_K) else 0], dtype=np.float64)


def note_length_histogram(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return the share of notes of each of twelve lengths, each note counted as the nearest."""
    return _shares(np.bincount(_length_class(notes, note_N3), minlength=12))


def note_length_transitions(notes: Notes, note_N3: NoteTable) -> Doubles:
    """Return how often each note length follows each, 12 by 12 in one row."""
    class_N = _length_class(notes, note_N3)
    return np.bincount(class_N[:-1] * 12 + class_N[1:], minlength=144).astype(np.float64)


Feature = Callable[[Notes, NoteTable], Doubles]

FEATURES: Mapping[str, Feature] = {
    "pitch count": pitch_count,
    "pitch class histogram": pitch_class_histogram,
    "pitch class transitions": pitch_class_transitions,
    "pitch range": pitch_range,
    "average interval": average_interval,
    "note count": note_count,
    "average onset interval": average_onset_interval,
    "note length histogram": note_length_histogram,
    "note length transitions": note_length_transitions,
}


def describe(pieces: Sequence[Notes], name: str, roles: Iterable[Role] = PITCHED) -> Doubles:
    """Return feature_NF of one of `FEATURES` for pieces, over some of their roles.

    Raises:
        DataError: there is no piece.
    """
    if not pieces:
        raise DataError("No pieces cannot be measured.", advice="Measure more works.")
    roles = tuple(roles)
    return np.stack([FEATURES[name](notes, notes.together(roles)) for notes in pieces])


def overlaps(
    pieces: Sequence[Notes], real: Sequence[Notes], roles: Iterable[Role] = PITCHED
) -> dict[str, tuple[float, float]]:
    """Return for each feature (overlapping area, divergence) of pieces against real ones.

    Source: Yang and Lerch 2020, "On the evaluation of generative models in music", relative measurement.

    Raises:
        DataError: a side has fewer than two pieces.
    """
    roles = tuple(roles)
    return {
        name: sets_overlap(describe(pieces, name, roles), describe(real, name, roles)) for name in FEATURES
    }


def _length_class(notes: Notes, note_N3: NoteTable) -> NDArray[np.intp]:
    length_N = note_N3[:, LENGTH] / notes.steps
    class_N: NDArray[np.intp] = np.abs(length_N[:, None] - NOTE_LENGTHS).argmin(axis=1)
    return class_N


def _shares(count_K: NDArray[np.generic]) -> Doubles:
    amount_K = np.asarray(count_K, dtype=np.float64)
    total = amount_K.sum()
    return amount_K / total if total else amount_K

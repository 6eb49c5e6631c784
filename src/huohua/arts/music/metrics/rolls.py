"""Notes as piano rolls, and what sounds in each quarter as pitch classes.

Letters: T steps, P pitches, B bars, S steps of a bar, Q quarters.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import LENGTH, PITCH, START, Notes, NoteTable

PITCHES = 128
Flags = NDArray[np.bool_]


def sounding(note_N3: NoteTable, length: int) -> Flags:
    """Return sounding_TP: whether a pitch sounds in a step."""
    roll_TP = np.zeros((length, PITCHES), dtype=np.bool_)
    step_K, pitch_K = _each_step(note_N3)
    inside = step_K < length
    roll_TP[step_K[inside], pitch_K[inside]] = True
    return roll_TP


def struck(note_N3: NoteTable, length: int) -> Flags:
    """Return struck_TP: whether a pitch begins in a step."""
    roll_TP = np.zeros((length, PITCHES), dtype=np.bool_)
    inside = note_N3[:, START] < length
    roll_TP[note_N3[inside, START], note_N3[inside, PITCH]] = True
    return roll_TP


def onsets(notes: Notes, note_N3: NoteTable) -> Flags:
    """Return onset_BS: whether any note begins in a step of a bar."""
    onset_T = np.zeros(notes.length, dtype=np.bool_)
    onset_T[note_N3[note_N3[:, START] < notes.length, START]] = True
    return onset_T.reshape(notes.bars, notes.steps)


def pitch_classes(roll_TP: Flags) -> NDArray[np.int64]:
    """Return count_T12: how many pitches of each class sound in a step.

    Example:
        >>> roll = np.zeros((1, 128), dtype=bool)
        >>> roll[0, [60, 72, 64]] = True
        >>> pitch_classes(roll)[0].tolist()
        [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    """
    octaves = -(-PITCHES // 12)
    whole_TP = np.zeros((len(roll_TP), octaves * 12), dtype=np.int64)
    whole_TP[:, :PITCHES] = roll_TP
    count_T12: NDArray[np.int64] = whole_TP.reshape(len(roll_TP), octaves, 12).sum(axis=1)
    return count_T12


def quarters(notes: Notes, note_N3: NoteTable) -> NDArray[np.int64]:
    """Return count_Q12: for each whole quarter, how long each pitch class sounds in it, in steps."""
    whole = notes.length // notes.quarter
    class_T12 = pitch_classes(sounding(note_N3, notes.length))
    count_Q12: NDArray[np.int64] = (
        class_T12[: whole * notes.quarter].reshape(whole, notes.quarter, 12).sum(axis=1)
    )
    return count_Q12


def _each_step(note_N3: NoteTable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the step and the pitch of every step of every note."""
    length_N = note_N3[:, LENGTH]
    first_K = np.repeat(note_N3[:, START], length_N)
    passed_K = np.arange(len(first_K)) - np.repeat(np.cumsum(length_N) - length_N, length_N)
    return first_K + passed_K, np.repeat(note_N3[:, PITCH], length_N)

"""What measuring networks are shown of music: each step as roles, registers, and intervals between roles.

Sixteenths are shown one after another. For each pitched role: whether it strikes a note, which pitch classes
it sounds, and in which octaves. For each two of them: how many pairs of their notes form each interval, up to
octaves. And which drums are struck. Intervals are there so that a small network need not learn from some
hundred pieces that a third is a third in every place; what is no part of this cannot be told by any figure
that rests on it: loudness, tempo, and the time within a sixteenth.

Letters: N pieces, C channels, T steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import LENGTH, PITCH, PITCHED, START, Notes, NoteTable
from huohua.arts.music.metrics.rolls import PITCHES, pitch_classes, sounding
from huohua.arts.music.roles import DRUMS

LOWEST, OCTAVES = 24, 7
OF_A_ROLE = 1 + 12 + OCTAVES
CHANNELS = OF_A_ROLE * len(PITCHED) + 12 * len(list(combinations(PITCHED, 2))) + len(DRUMS)
SIXTEENTHS = 4  # of a quarter

Singles = NDArray[np.float32]

# interval_12 is the shares of two chords' pitch classes, turned against each other by 0 to 11 semitones.
_TURNED = (np.arange(12)[:, None] + np.arange(12)[None]) % 12


def shown(pieces: Sequence[Notes], steps: int | None = None) -> Singles:
    """Return shown_NCT of pieces, 0 after their ends.

    Args:
        pieces: whatever their metres and lengths.
        steps: sixteenths to show of each; as many as the longest has unless given.
    """
    coarse = [_in_sixteenths(notes) for notes in pieces]
    steps = steps or max((notes.length for notes in coarse), default=1)
    shown_NCT = np.zeros((len(pieces), CHANNELS, steps), dtype=np.float32)
    for number, notes in enumerate(coarse):
        kept = min(steps, notes.length)
        shown_NCT[number, :, :kept] = _channels(notes)[:, :kept]
    return shown_NCT


def _channels(notes: Notes) -> Singles:
    roles, classes = [], []
    for role in PITCHED:
        note_N3 = notes.of(role)
        roll_TP = sounding(note_N3, notes.length)
        class_T12 = np.minimum(pitch_classes(roll_TP), 1)
        octave_TO = roll_TP[:, LOWEST : LOWEST + 12 * OCTAVES].reshape(notes.length, OCTAVES, 12).any(axis=2)
        roles += [_struck(note_N3[:, START], notes.length)[:, None], class_T12, octave_TO]
        classes.append(class_T12)
    # How many pairs of one chord's pitch class c and the other's c + i there are, for each interval i.
    pairs = [
        np.einsum("tc,tic->ti", one_T12, two_T12[:, _TURNED]) for one_T12, two_T12 in combinations(classes, 2)
    ]
    drums_TD = np.zeros((notes.length, len(DRUMS)))
    drum_N3 = notes.of("drums")
    drums_TD[drum_N3[:, START], drum_N3[:, PITCH]] = 1
    intervals = [np.minimum(pair_T12, 2) / 2 for pair_T12 in pairs]
    channel_CT: Singles = np.concatenate([*roles, *intervals, drums_TD], axis=1).T.astype(np.float32)
    return channel_CT


def _struck(start_N: NDArray[np.int64], length: int) -> NDArray[np.float64]:
    struck_T = np.zeros(length)
    struck_T[start_N] = 1
    return struck_T


def _in_sixteenths(notes: Notes) -> Notes:
    """Return notes on sixteenths, those beyond the last bar and of no pitch left out."""
    played = {}
    for role, note_N3 in notes.played.items():
        start_N = note_N3[:, START] * SIXTEENTHS // notes.quarter
        end_N = -(-(note_N3[:, START] + note_N3[:, LENGTH]) * SIXTEENTHS // notes.quarter)
        made_N3: NoteTable = np.stack([start_N, np.maximum(end_N - start_N, 1), note_N3[:, PITCH]], axis=1)
        inside = (start_N < notes.length * SIXTEENTHS // notes.quarter) & (note_N3[:, PITCH] < PITCHES)
        played[role] = made_N3[inside]
    steps = notes.steps * SIXTEENTHS // notes.quarter
    return Notes(bars=notes.bars, steps=steps, quarter=SIXTEENTHS, played=played, song=notes.song)

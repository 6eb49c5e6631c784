"""What is the same in a copy, whatever its key, its place and its player: short phrases, counted.

Two pieces that share many phrases of four notes are near copies. A phrase is how three intervals move, or the
same with how long each note waits for the next compared with the one before; so neither transposing, nor
shifting, nor playing at half the speed, nor giving a part to another role changes it. All voices are counted
together, and the highest notes of the chords with them. Chords are counted as what they are above their
lowest note, and what comes next.

Letters: N notes of a voice, P phrases, C bins that phrases are counted in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import PITCH, PITCHED, START, Notes, NoteTable
from huohua.arts.music.metrics.rolls import sounding
from huohua.arts.music.roles import VOICES

BINS = 1024
FEWEST = 4  # notes of a phrase
WIDEST = 24  # semitones; wider leaps are one kind
Singles = NDArray[np.float32]


def phrase_counts(notes: Notes) -> tuple[Singles, Singles, Singles]:
    """Return (moves_C1, rhythms_C1, chords_C1): roots of how often phrases of each bin stand in a piece.

    Roots, so that one phrase that is said over and over does not outweigh all others.

    Source: n-grams of intervals for matching melodies, Downie 1999, "Evaluating a Simple Approach to Music
    Information Retrieval", and Uitdenbogerd and Zobel 1999, "Melodic Matching Techniques for Large Music
    Databases"; the bins, Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning".
    """
    lines = [line for line in _lines(notes) if len(line) >= FEWEST]
    return (
        _binned(_phrases(_moves(line)) for line in lines),
        _binned(_phrases(_moves(line)[:-1], _waits(line)) for line in lines),
        _binned([_chords(notes)]),
    )


def _lines(notes: Notes) -> Iterator[NoteTable]:
    """Yield each voice, and the highest notes of the harmony."""
    for role in VOICES:
        yield notes.of(role)
    harmony = notes.of("harmony")
    if len(harmony):
        last = np.append(np.diff(harmony[:, START]) > 0, True)
        yield harmony[last]


def _moves(line: NoteTable) -> NDArray[np.int64]:
    leap_K: NDArray[np.int64] = np.diff(line[:, PITCH])
    move_K: NDArray[np.int64] = np.clip(leap_K, -WIDEST, WIDEST) + WIDEST
    return move_K


def _waits(line: NoteTable) -> NDArray[np.int64]:
    """Return for each note but two how much longer it waits for the next than the one before: in octaves."""
    gap = np.maximum(np.diff(line[:, START]), 1)
    wait_K: NDArray[np.int64] = np.rint(2 * np.log2(gap[1:] / gap[:-1])).astype(np.int64)
    return np.clip(wait_K, -8, 8) + 8


def _phrases(*parts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return one number for each three neighbours in all parts together."""
    together = np.zeros(len(parts[0]), dtype=np.uint64)
    for part in parts:
        together = together * np.uint64(64) + part.astype(np.uint64)
    width = np.uint64(64 ** len(parts))
    count = max(0, len(together) - 2)
    first, second, third = (together[place : place + count] for place in range(3))
    phrase_P: NDArray[np.uint64] = (first * width + second) * width + third
    return phrase_P


def _chords(notes: Notes) -> NDArray[np.uint64]:
    """Return one number for each change of chord: both as pitch classes above the first one's lowest note."""
    roll_TP = sounding(notes.together(PITCHED), notes.length)
    halves = notes.length // max(1, 2 * notes.quarter)
    chords = []
    for half in range(halves):
        sounds_P = roll_TP[half * 2 * notes.quarter : (half + 1) * 2 * notes.quarter].any(axis=0)
        pitches = np.flatnonzero(sounds_P)
        if len(pitches):
            chords.append(pitches)
    changes = [_above(one[0], one) * 4096 + _above(one[0], two) for one, two in pairwise(chords)]
    return np.array(changes, dtype=np.uint64)


def _above(lowest: int, pitches: Iterable[int]) -> int:
    return sum(1 << int(place) for place in {int(pitch - lowest) % 12 for pitch in pitches})


def _binned(phrases: Iterable[NDArray[np.uint64]]) -> Singles:
    found: Sequence[NDArray[np.uint64]] = list(phrases)
    phrase_P = np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)
    with np.errstate(over="ignore"):  # arithmetic is modulo 2^64 on purpose
        mixed_P = phrase_P * np.uint64(0x9E3779B97F4A7C15)
        bin_P = (mixed_P ^ (mixed_P >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(54)
    count_C = np.bincount(bin_P.astype(np.int64), minlength=BINS)
    return np.sqrt(count_C).astype(np.float32)[:, None]

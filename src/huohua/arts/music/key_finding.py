"""Which key notes are in: the one whose profile the durations of their pitch classes follow best.

Source: Krumhansl and Kessler 1982, "Tracing the dynamic changes in perceived tonal organization in a
spatial representation of musical keys", profiles as in Krumhansl 1990, "Cognitive Foundations of Musical
Pitch", table 2.1, and the algorithm of chapter 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from huohua.arts.music.piece import Key, Mode, Piece

PROFILES: Mapping[Mode, tuple[float, ...]] = {
    "major": (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    "minor": (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
}
# A grid is written in C major or A minor.
HOME: Mapping[Mode, int] = {"major": 0, "minor": 9}


def pitch_classes(notes: Iterable[tuple[int, float]]) -> np.ndarray:
    """Return weight_12 of pitch classes from (MIDI pitch, duration) pairs."""
    weight_12 = np.zeros(12)
    for pitch, duration in notes:
        weight_12[pitch % 12] += duration
    return weight_12


def fits(weight_12: np.ndarray) -> dict[tuple[int, Mode], float]:
    """Return the correlation of each of the 24 keys with weights of pitch classes; 0 where all are equal."""
    return {
        (tonic, mode): _correlation(weight_12, np.roll(np.asarray(profile), tonic))
        for mode, profile in PROFILES.items()
        for tonic in range(12)
    }


def key_of(weight_12: np.ndarray) -> Key:
    """Return the key that fits weights of pitch classes best; C major where none does better.

    Example:
        >>> key = key_of(pitch_classes([(62, 4), (66, 2), (69, 3), (64, 1), (67, 1), (71, 1), (73, 1)]))
        >>> key.tonic, key.mode
        (2, 'major')
    """
    fit = fits(weight_12)
    tonic, mode = max(fit, key=lambda key: (round(fit[key], 12), key[1] == "major", -key[0]))
    return Key(tonic=tonic, mode=mode)


def found_key(piece: Piece) -> Key:
    """Return the key that the pitched notes of a piece are in, found from them alone."""
    notes = ((n.pitch, n.duration) for track in piece.tracks if not track.drums for n in track.notes)
    return key_of(pitch_classes(notes))


def main_key(piece: Piece) -> Key:
    """Return the key that a piece is in longest as it says, or the found one where it says nothing."""
    if not piece.keys:
        return found_key(piece)
    spans: dict[tuple[int, Mode], int] = {}
    for key, later in zip(piece.keys, [*(k.tick for k in piece.keys[1:]), piece.ticks], strict=True):
        spans[key.tonic, key.mode] = spans.get((key.tonic, key.mode), 0) + max(0, later - key.tick)
    tonic, mode = max(spans, key=lambda key: spans[key])
    return Key(tonic=tonic, mode=mode)


def shift_home(key: Key) -> int:
    """Return the semitones, -5 to 6, that take a key to C major or A minor.

    Example:
        >>> shift_home(Key(tonic=2)), shift_home(Key(tonic=6)), shift_home(Key(tonic=4, mode="minor"))
        (-2, 6, 5)
    """
    return (HOME[key.mode] - key.tonic + 5) % 12 - 5


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    one, other = first - first.mean(), second - second.mean()
    size = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / size if size > 0 else 0.0

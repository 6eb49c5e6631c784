"""Which key notes are in: the one whose profile the durations of their pitch classes follow best.

Source: Albrecht and Shanahan 2013, "The Use of Large Corpora to Train a New Type of Key-Finding Algorithm",
table of profiles; the comparison by correlation is that of Krumhansl 1990, "Cognitive Foundations of Musical
Pitch", chapter 4. Their profiles find the stated key more often than Krumhansl and Kessler's, see
docs/decisions/0019-music-as-a-grid.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from huohua.arts.music.piece import Key, Mode, Piece

PROFILES: Mapping[Mode, tuple[float, ...]] = {
    "major": (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    "minor": (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
}
_KEYS: tuple[tuple[int, Mode], ...] = tuple((tonic, mode) for mode in PROFILES for tonic in range(12))
_PROFILE_X12 = np.array([np.roll(PROFILES[mode], tonic) for tonic, mode in _KEYS])
_CENTRED_X12 = _PROFILE_X12 - _PROFILE_X12.mean(axis=1, keepdims=True)
_UNIT_X12 = _CENTRED_X12 / np.linalg.norm(_CENTRED_X12, axis=1, keepdims=True)

# By so much more must another key fit than a signature without sharps and flats, so that it is not believed.
CONTRADICTION = 0.1
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
    centred_12 = weight_12 - weight_12.mean()
    size = float(np.sqrt(centred_12 @ centred_12))
    fit_X = _UNIT_X12 @ centred_12 / size if size > 0 else np.zeros(len(_KEYS))
    return dict(zip(_KEYS, fit_X.tolist(), strict=True))


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


def settled_key(piece: Piece) -> Key:
    """Return the key to take for a piece from a stranger's file, whose key signature may say too little.

    A signature names a scale surely and a mode often wrongly, so the mode is found. No signature, or a
    plain one of C major that the notes contradict, is what programs write when nobody said anything.
    """
    weight_12 = pitch_classes(
        (n.pitch, n.duration) for track in piece.tracks if not track.drums for n in track.notes
    )
    found = key_of(weight_12)
    if not piece.keys:
        return found
    said, fit = main_key(piece), fits(weight_12)
    major = said.tonic if said.mode == "major" else (said.tonic + 3) % 12
    pair: tuple[tuple[int, Mode], tuple[int, Mode]] = ((major, "major"), ((major + 9) % 12, "minor"))
    tonic, mode = max(pair, key=lambda key: (round(fit[key], 12), key == (said.tonic, said.mode)))
    untold = major == 0 and len(piece.keys) == 1
    if untold and fit[found.tonic, found.mode] > fit[tonic, mode] + CONTRADICTION:
        return found
    return Key(tonic=tonic, mode=mode)


def shift_home(key: Key) -> int:
    """Return the semitones, -5 to 6, that take a key to C major or A minor.

    Example:
        >>> shift_home(Key(tonic=2)), shift_home(Key(tonic=6)), shift_home(Key(tonic=4, mode="minor"))
        (-2, 6, 5)
    """
    return (HOME[key.mode] - key.tonic + 5) % 12 - 5

"""How dissonant music is: the intervals between the pitch classes that sound within a beat.

Source: Huron 1994, "Interval-Class Content in Equally Tempered Pitch-Class Sets", table 2 (how consonant
each interval class is, from averaged studies); that a beat is the span, so that a broken chord counts
like a struck one, is our own choice.
"""

from __future__ import annotations

import numpy as np

from huohua.arts.music.grid_layout import STEPS, STEPS_PER_QUARTER
from huohua.arts.music.sounding import LOW, Sounding

# Consonance of interval classes 1 to 6, from the semitone to the tritone.
CONSONANCE = (-1.428, -0.582, 0.594, 0.386, 1.240, -0.453)
_BEATS = STEPS // STEPS_PER_QUARTER


def dissonances() -> np.ndarray:
    """Return the dissonance of each pair of pitch classes, half of it in each of its two places, (12, 12)."""
    pair = np.zeros((12, 12))
    for first in range(12):
        for second in range(12):
            interval = min((first - second) % 12, (second - first) % 12)
            pair[first, second] = -CONSONANCE[interval - 1] / 2 if interval else 0.0
    return pair


def tension(sounding: Sounding) -> tuple[np.ndarray, np.ndarray]:
    """Return (sum_NB, beats_NB): mean dissonances of pairs summed over a bar's beats, and how many had one.

    A beat is a quarter, in 6/8 a dotted quarter; beats with fewer than two pitch classes have none.
    """
    chroma_NBSC = chroma(sounding)
    beat_NSK = _beats(sounding.steps_N, sounding.compound_N)
    chroma_NBKC = np.einsum("nbsc,nsk->nbkc", chroma_NBSC.astype(np.float32), beat_NSK) > 0
    present_NBKC = chroma_NBKC.astype(np.float64)
    sum_NBK = np.einsum("nbkc,cd,nbkd->nbk", present_NBKC, dissonances(), present_NBKC, optimize=True)
    classes_NBK = present_NBKC.sum(axis=3)
    pairs_NBK = classes_NBK * (classes_NBK - 1) / 2
    mean_NBK = sum_NBK / np.maximum(pairs_NBK, 1)
    beats_NB: np.ndarray = (pairs_NBK > 0).sum(axis=2)
    return mean_NBK.sum(axis=2), beats_NB


def chroma(sounding: Sounding) -> np.ndarray:
    """Return chroma_NBSC: which of the twelve pitch classes sound in each step."""
    pitch_NBSP = np.any(sounding.sounding_NBSLP, axis=3)
    chroma_NBSC = np.zeros((*pitch_NBSP.shape[:3], 12), dtype=np.bool_)
    for pitch_class in range(12):
        first = (pitch_class - LOW) % 12
        chroma_NBSC[..., pitch_class] = pitch_NBSP[..., first::12].any(axis=3)
    return chroma_NBSC


def _beats(steps_N: np.ndarray, compound_N: np.ndarray) -> np.ndarray:
    """Return beat_NSK, float32: 1 where a step belongs to a beat."""
    length_N = np.where(compound_N, STEPS_PER_QUARTER * 3 // 2, STEPS_PER_QUARTER)
    beat_NS = np.arange(STEPS) // length_N[:, None]
    there_NS = np.arange(STEPS) < steps_N[:, None]
    belongs_NSK: np.ndarray = (beat_NS[..., None] == np.arange(_BEATS)) & there_NS[..., None]
    return belongs_NSK.astype(np.float32)

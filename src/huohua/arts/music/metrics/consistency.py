"""How regular a piece is in itself: groove, scale, chords and pauses, as MusPy counts them.

Source: Dong et al. 2020, "MusPy: A Toolkit for Symbolic Music Generation", section on evaluation, and the
package's metrics, which the tests compare with these.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import PITCH, START, Notes
from huohua.arts.music.metrics.rolls import onsets, sounding
from huohua.arts.music.metrics.tally import Tally
from huohua.arts.music.piece import Mode
from huohua.arts.music.roles import ROLES

SCALES: dict[Mode, tuple[int, ...]] = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
MANY = 2


def empty_quarters(notes: Notes) -> Tally:
    """Return the share of quarters in which nothing sounds, drums included.

    A note that ends where a quarter begins does not sound in it. MusPy counts it there, and one quarter more
    than there are.
    """
    sounds_T = _sounds(notes)
    whole = notes.length // notes.quarter
    sounds_QS = sounds_T[: whole * notes.quarter].reshape(whole, notes.quarter)
    return Tally(whole - float(sounds_QS.any(axis=1).sum()), whole)


def polyphony(notes: Notes) -> Tally:
    """Return how many pitches sound at once where any does, over all roles but drums."""
    count_T = sounding(notes.together(), notes.length).sum(axis=1)
    return Tally(float(count_T.sum()), float((count_T > 0).sum()))


def polyphony_rate(notes: Notes) -> Tally:
    """Return the share of steps in which more than two pitches sound, over all roles but drums."""
    count_T = sounding(notes.together(), notes.length).sum(axis=1)
    return Tally(float((count_T > MANY).sum()), notes.length)


def pitch_in_scale(notes: Notes, tonic: int = 0, mode: Mode = "major") -> Tally:
    """Return the share of notes whose pitch is in a scale; a grid is in C major or A minor, one scale."""
    inside_12 = np.zeros(12, dtype=np.bool_)
    inside_12[(np.array(SCALES[mode]) + tonic) % 12] = True
    class_N = notes.together()[:, PITCH] % 12
    return Tally(float(inside_12[class_N].sum()), len(class_N))


def scale_consistency(notes: Notes) -> Tally:
    """Return the largest share of notes that any major or minor scale holds; a piece counts as one.

    Source: Mogren 2016, "C-RNN-GAN: Continuous recurrent neural networks with adversarial training".
    """
    shares = [pitch_in_scale(notes, tonic, mode).mean for mode in SCALES for tonic in range(12)]
    return Tally(0, 0) if np.isnan(shares[0]) else Tally(max(shares), 1)


def groove_consistency(notes: Notes) -> Tally:
    """Return how alike the rhythms of neighbouring bars are, 0 to 1: one less the share of steps that differ.

    Source: Dong et al. 2020, groove consistency: onsets of all roles together, bar against next bar.
    """
    onset_BS = onsets(notes, notes.together(ROLES))
    return _alike(onset_BS[:-1] != onset_BS[1:], notes)


def grooving_similarity(notes: Notes) -> Tally:
    """Return how alike the rhythms of any two bars are, 0 to 1.

    Source: Wu and Yang 2020, "The Jazz Transformer on the Front Line: Exploring the Shortcomings of
    AI-composed Music through Quantitative Measures", section 5, GS.
    """
    onset_BS = onsets(notes, notes.together(ROLES))
    one_K, two_K = np.triu_indices(notes.bars, k=1)
    return _alike(onset_BS[one_K] != onset_BS[two_K], notes)


def pitch_class_entropy(notes: Notes, *, bars: int = 4) -> Tally:
    """Return the entropy of the pitch classes struck in so many bars, in bits; 0 to 3.585.

    Source: Wu and Yang 2020, "The Jazz Transformer on the Front Line", H: over every such stretch of bars.
    """
    note_N3 = notes.together()
    width = min(bars, notes.bars)
    found = []
    for first in range(notes.bars - width + 1):
        low, high = first * notes.steps, (first + width) * notes.steps
        inside_N = (note_N3[:, START] >= low) & (note_N3[:, START] < high)
        if inside_N.any():
            found.append(_entropy(np.bincount(note_N3[inside_N, PITCH] % 12, minlength=12)))
    return Tally(float(sum(found)), len(found))


def drum_pattern_consistency(notes: Notes) -> Tally:
    """Return the larger share of drum strokes that fit a duple or a triple division of quarters.

    On a grid every stroke fits the duple one, so measure it on pieces in ticks.

    Source: Dong et al. 2020, drum pattern consistency.
    """
    place_N = notes.of("drums")[:, START] % notes.quarter
    fits = [np.isin(place_N, _places(notes.quarter, parts)).sum() for parts in ((4, 2), (3,))]
    return Tally(float(max(fits)), len(place_N))


def _places(quarter: int, parts: tuple[int, ...]) -> NDArray[np.int64]:
    found = [np.arange(0, quarter, quarter // part) for part in parts if quarter % part == 0]
    return np.concatenate([np.zeros(1, dtype=np.int64), *found])


def _sounds(notes: Notes) -> NDArray[np.bool_]:
    """Return sounds_T: whether anything sounds in a step, drums included."""
    struck_T = np.zeros(notes.length, dtype=np.bool_)
    drum_N = notes.of("drums")[:, START]
    struck_T[drum_N[drum_N < notes.length]] = True
    return struck_T | sounding(notes.together(), notes.length).any(axis=1)


def _alike(differs_KS: NDArray[np.bool_], notes: Notes) -> Tally:
    if not len(differs_KS):
        return Tally(0, 0)
    return Tally(1 - float(differs_KS.mean()), 1)


def _entropy(count_12: NDArray[Any]) -> float:
    share = count_12[count_12 > 0] / count_12.sum()
    return float(-(share * np.log2(share)).sum())

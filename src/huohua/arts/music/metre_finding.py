"""The metre and the pick-up of a piece whose file says neither: where long notes and new chords come.

For chorales and other music that moves in quarters; 3/4 and 4/4 are told apart, with a pick-up of a quarter
or without. On 176 chorales of Bach with their bar lines taken away 96 of 100 come out as he wrote them, see
docs/decisions/0019-music-as-a-grid.md.

Source: Palmer and Krumhansl 1990, "Mental Representations for Musical Meter" (a template of strong places
that is correlated with events); long notes as accents: Lerdahl and Jackendoff 1983, "A Generative Theory of
Tonal Music", metrical preference rules 5 and 6. The sum of the three accents and the bias are our own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from huohua.arts.music.piece import TICKS, Metre, Piece

LONGEST = 4.0  # quarters that an accent of length grows to
HALF_BAR = 0.5  # how strong the third beat of four is
# So much better must three fit than four, in correlation, because most music is in four.
BIAS = 0.4
FEWEST_BEATS = 12


def with_found_metre(piece: Piece) -> Piece:
    """Return a piece in the metre that its notes say, in 4/4 or 3/4, its first bar short if it is a pick-up.

    A piece of fewer than 12 quarters, or without pitches, comes back as it is.
    """
    accent_T = accents(piece)
    if len(accent_T) < FEWEST_BEATS:
        return piece
    beats, pick_up = metre_of(accent_T)
    whole = Metre(tick=TICKS * pick_up, numerator=beats, denominator=4)
    before = (Metre(numerator=pick_up, denominator=4),) if pick_up else ()
    return replace(piece, metres=(*before, whole))


def metre_of(accent_T: np.ndarray) -> tuple[int, int]:
    """Return the beats of a bar, 3 or 4, and those before the first bar line, 0 or 1, of accents of beats.

    Example:
        >>> metre_of(np.array([1.0, 5, 1, 1] * 8)), metre_of(np.array([3.0, 1, 1] * 8))
        ((4, 1), (3, 0))
    """
    four = max(_fit(accent_T, (1.0, 0.0, HALF_BAR, 0.0), first) for first in range(4))
    three = {first: _fit(accent_T, (1.0, 0.0, 0.0), first) for first in (0, 1)}
    if max(three.values()) > four + BIAS:
        return 3, max(three, key=lambda first: three[first])
    # Cadences end in mid-bar as often as not; that a pick-up is shorter than half a bar tells the two apart.
    two = {first: _fit(accent_T, (1.0, 0.0), first) for first in (0, 1)}
    return 4, max(two, key=lambda first: two[first])


def accents(piece: Piece) -> np.ndarray:
    """Return accent_T of each quarter: long notes that begin there, a new chord, the end of the piece.

    Each of the three is brought to mean 0 and deviation 1 over the piece, and they are added.
    """
    notes = [note for track in piece.tracks if not track.drums for note in track.notes]
    count = -(-max((note.end for note in notes), default=0) // TICKS)
    length_T, end_T, chroma_TC = np.zeros(count), np.zeros(count), np.zeros((count, 12))
    for note in notes:
        beat, off = divmod(note.start, TICKS)
        chroma_TC[beat : -(-note.end // TICKS), note.pitch % 12] = 1
        if not off:
            length_T[beat] += min(note.duration / TICKS, LONGEST)
    if not count:
        return length_T
    end_T[max(note.start for note in notes) // TICKS] = 1
    both_T = (chroma_TC[1:] * chroma_TC[:-1]).sum(axis=1)
    either_T = np.maximum(chroma_TC[1:], chroma_TC[:-1]).sum(axis=1)
    change_T = np.concatenate([[1.0], 1 - both_T / np.maximum(either_T, 1)])
    accent_T: np.ndarray = _standard(length_T) + _standard(change_T) + _standard(end_T)
    return accent_T


def _standard(value_T: np.ndarray) -> np.ndarray:
    standard_T: np.ndarray = (value_T - value_T.mean()) / (value_T.std() + 1e-9)
    return standard_T


def _fit(accent_T: np.ndarray, bar: tuple[float, ...], first: int) -> float:
    """Return the covariance of accents with bars whose first beat is `first`, in deviations of the bars."""
    weight_T = np.asarray(bar)[(np.arange(len(accent_T)) - first) % len(bar)]
    centred_T = weight_T - weight_T.mean()
    return float(accent_T @ centred_T) / float(np.sqrt((centred_T**2).sum() * len(accent_T)))

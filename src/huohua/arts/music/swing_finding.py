"""Whether a piece swings, and how hard: where the second eighth falls in beats that have just two.

Source: Friberg and Sundström 2002, "Swing Ratios and Ensemble Timing in Jazz Performance" (the swing
ratio, and its range in practice); the rule by which beats are told apart is our own.
"""

from __future__ import annotations

import numpy as np

from huohua.arts.music.grid_layout import COMPOUND, STEP_TICKS
from huohua.arts.music.piece import Piece
from huohua.arts.music.quantising import STRAIGHT, straightened, swing_at
from huohua.arts.music.retiming import beats

# Places within a beat, in ticks of 48: the second of three triplets, a straight and a swung second eighth.
_TRIPLET, _EVEN, _SWUNG = (14, 18), (21, 27), (29, 35)
FEWEST_BEATS = 8


def swing_of(piece: Piece) -> float:
    """Return the swing ratio of a piece of one metre, 1 if it is straight or does not tell.

    A beat swings if something is struck on it or nothing but its swung second eighth, and neither a
    straight second eighth nor the middle of a triplet. A piece swings if most beats that have an eighth do.
    """
    if any((metre.numerator, metre.denominator) == COMPOUND for metre in piece.metres):
        return STRAIGHT
    swung, even, triplets = [], 0, 0
    for places in beats(piece):
        if any(_EVEN[0] <= place <= _EVEN[1] for place in places):
            even += 1
        elif any(_TRIPLET[0] <= place <= _TRIPLET[1] for place in places):
            triplets += 1
        elif late := [place for place in places if _SWUNG[0] <= place <= _SWUNG[1]]:
            swung += late
    if len(swung) < FEWEST_BEATS or len(swung) <= even + triplets:
        return STRAIGHT
    return swing_at(round(float(np.median(swung))))


def between_steps(piece: Piece, swing: float) -> float:
    """Return the share of notes that lie nearer to the middle between two sixteenths than to either.

    It is 0 for what is written on sixteenths and near 0.5 for what lies anywhere.
    """
    starts = np.array([note.start for track in piece.tracks for note in track.notes], dtype=np.int64)
    if not len(starts):
        return 0.0
    off_N = straightened(starts, swing) % STEP_TICKS
    return float((np.minimum(off_N, STEP_TICKS - off_N) > STEP_TICKS / 4).mean())

"""Whether two files hold the same music: a digest that does not change when a piece is transposed.

Notes count by the step they begin on, the steps they last, and their distance from the lowest pitch. Names,
tempo, loudness and instruments do not.
"""

from __future__ import annotations

import hashlib

import numpy as np

from huohua.arts.music.piece import Piece
from huohua.arts.music.quantising import steps_of


def content_digest(piece: Piece) -> str:
    """Return the digest of the notes of a piece, from its first note on, whatever key it is in."""
    pitched = [note for track in piece.tracks if not track.drums for note in track.notes]
    drums = [note for track in piece.tracks if track.drums for note in track.notes]
    first = min((note.start for note in (*pitched, *drums)), default=0)
    lowest = min((note.pitch for note in pitched), default=0)
    rows = [(n.start - first, n.end - first, n.pitch - lowest, 0) for n in pitched]
    rows += [(n.start - first, n.start - first, n.pitch, 1) for n in drums]
    if not rows:
        return hashlib.sha256(b"").hexdigest()
    row_X4 = np.array(rows, dtype=np.int64)
    row_X4[:, :2] = steps_of(row_X4[:, :2])
    return hashlib.sha256(np.unique(row_X4, axis=0).tobytes()).hexdigest()

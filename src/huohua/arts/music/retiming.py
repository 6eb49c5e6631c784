"""Two readings of a piece's time that make it fit sixteenths: without a player's delay, and in threes.

Whoever plays along with a click comes a little early or late all the time. And a beat that is divided
in three all the time is a beat of 6/8, written as 4/4 with triplets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from huohua.arts.music.grid_layout import STEP_TICKS
from huohua.arts.music.piece import TICKS, Metre, Note, Piece, Track

# Written music has most notes exactly on steps; what has fewer than this was played.
PLAYED = 0.25
# Near a beat is within a thirty-second; further away a note belongs elsewhere.
NEAR = STEP_TICKS // 2
# Places in a beat, in ticks: the second of three triplets, and the inner three of four sixteenths.
_THREE, _FOURS = (14, 19), ((9, 12), (21, 27), (36, 39))
FEWEST_BEATS = 16
# 4/4 and 2/4 in threes are one or two bars of 6/8; 3/4 would be 9/8, which grids lack.
_IN_THREES = {(4, 4): (12, 8), (2, 4): (6, 8), (2, 2): (12, 8)}


def delay_of(piece: Piece) -> int:
    """Return by how many ticks notes near beats come late, on the median; negative if early, 0 if written."""
    start_N = np.array([note.start for track in piece.tracks for note in track.notes], dtype=np.int64)
    if not len(start_N) or (start_N % STEP_TICKS == 0).mean() >= PLAYED:
        return 0
    late_N = (start_N + TICKS // 2) % TICKS - TICKS // 2
    near_N = late_N[np.abs(late_N) <= NEAR]
    return round(float(np.median(near_N))) if len(near_N) else 0


def on_time(piece: Piece) -> Piece:
    """Return a piece whose notes lie as they would without the delay of its player."""
    delay = delay_of(piece)
    return (
        _with_notes(piece, lambda note: max(0, note.start - delay), lambda ticks: ticks) if delay else piece
    )


def divides_in_threes(piece: Piece) -> bool:
    """Return whether twice as many beats of a piece are divided in three as in two or four."""
    threes = fours = 0
    for places in beats(piece):
        if any(low <= place <= high for low, high in _FOURS for place in places):
            fours += 1
        elif any(_THREE[0] <= place <= _THREE[1] for place in places):
            threes += 1
    return threes >= FEWEST_BEATS and threes >= 2 * fours


def in_threes(piece: Piece) -> Piece:
    """Return a piece in triplets as the same music in 6/8 or 12/8; others, and 3/4, come back as they are.

    Each quarter becomes a dotted quarter, in the same time.
    """
    written = {(metre.numerator, metre.denominator) for metre in piece.metres}
    if not written <= set(_IN_THREES) or not divides_in_threes(piece):
        return piece
    wider = _with_notes(piece, lambda note: _wider(note.start), _wider)
    metres = [(metre.tick, *_IN_THREES[metre.numerator, metre.denominator]) for metre in piece.metres]
    return replace(
        wider,
        tempos=tuple(replace(t, tick=_wider(t.tick), qpm=min(1000.0, t.qpm * 1.5)) for t in piece.tempos),
        metres=tuple(Metre(tick=_wider(tick), numerator=n, denominator=d) for tick, n, d in metres),
        keys=tuple(replace(key, tick=_wider(key.tick)) for key in piece.keys),
        chords=tuple(replace(c, start=_wider(c.start), end=_wider(c.end)) for c in piece.chords),
    )


def beats(piece: Piece) -> Iterator[set[int]]:
    """Yield for each beat that has any the places within it, in ticks, at which something is struck."""
    found: dict[int, set[int]] = {}
    for track in piece.tracks:
        for note in track.notes:
            found.setdefault(note.start // TICKS, set()).add(note.start % TICKS)
    yield from found.values()


def _wider(ticks: int) -> int:
    return (3 * ticks + 1) // 2


def _with_notes(piece: Piece, start: Callable[[Note], int], lasting: Callable[[int], int]) -> Piece:
    def moved(track: Track) -> Track:
        notes = (replace(note, start=start(note), duration=lasting(note.duration)) for note in track.notes)
        return replace(track, notes=tuple(notes))

    return replace(piece, tracks=tuple(moved(track) for track in piece.tracks))

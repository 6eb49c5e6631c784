"""New notes put into a piece: where bars are free for a role the written notes stand, elsewhere the old ones.

What is not free stays note for note, with its timing and its loudness, however finely it was played. A note
that would sound across the border of a free stretch ends there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.piece import Note, Piece, Track
from huohua.arts.music.roles import ROLES, Role

Span = tuple[int, int]
Spans = Mapping[Role, Sequence[Span]]


def spans_of(free_BR: NDArray[np.bool_], bar: int) -> dict[Role, list[Span]]:
    """Return for each role the stretches of time, in ticks, that are free.

    Args:
        free_BR: which bars are free for which roles.
        bar: length of a bar in ticks.

    Example:
        >>> free_BR = np.zeros((4, 6), dtype=bool)
        >>> free_BR[1:3, 0] = True
        >>> spans_of(free_BR, 192)
        {'lead': [(192, 576)]}
    """
    found: dict[Role, list[Span]] = {}
    for place, role in enumerate(ROLES):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], free_BR[:, place].astype(int), [0]])))
        spans = [(int(first) * bar, int(end) * bar) for first, end in edges.reshape(-1, 2)]
        if spans:
            found[role] = spans
    return found


def spliced(base: Piece, written: Piece, free: Spans) -> Piece:
    """Return a piece with the written notes where a role is free, and its own everywhere else.

    Args:
        base: the piece as it was; its tracks have roles.
        written: notes of the same bars, one track for each role.
        free: the free stretches of each role.
    """
    new = {track.role: track for track in written.tracks}
    tracks = list(base.tracks)
    for role, spans in free.items():
        places = [place for place, track in enumerate(tracks) if track.role == role]
        for place in places:
            tracks[place] = replace(tracks[place], notes=tuple(_outside(tracks[place].notes, spans)))
        notes = tuple(_inside(new[role].notes, spans)) if role in new else ()
        if places:
            first = tracks[places[0]]
            tracks[places[0]] = replace(first, notes=(*first.notes, *notes))
        elif notes:
            tracks.append(replace(new[role], notes=notes))
    return replace(base, tracks=tuple(sorted(tracks, key=_order)))


def _order(track: Track) -> int:
    return ROLES.index(track.role) if track.role else len(ROLES)


def _outside(notes: Iterable[Note], spans: Sequence[Span]) -> Iterable[Note]:
    """Yield the notes that begin in no span, each cut off where one begins."""
    for note in notes:
        if any(first <= note.start < end for first, end in spans):
            continue
        ends = [first for first, _ in spans if note.start < first < note.end]
        yield replace(note, duration=min([note.end, *ends]) - note.start)


def _inside(notes: Iterable[Note], spans: Sequence[Span]) -> Iterable[Note]:
    """Yield the notes that begin in a span, each cut off where it ends."""
    for note in notes:
        for first, end in spans:
            if first <= note.start < end:
                yield replace(note, duration=min(note.end, end) - note.start)

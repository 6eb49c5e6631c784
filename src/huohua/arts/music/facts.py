"""What a piece knows and no file format of music has a place for: roles, which are derived, and chords.

It stands as one line of JSON in our files, and counts only while the tracks are still those it speaks of.
"""

from __future__ import annotations

import json
from dataclasses import replace

from huohua.arts.music.piece import Chord, Piece
from huohua.errors import DataError
from huohua.provenance.record import LONGEST_RECORD

FACTS_KEYWORD = "huohua-piece"


def facts_of(piece: Piece) -> str:
    """Return as one line of ASCII the roles of the tracks that have notes, and the chords."""
    content = {
        "tracks": [[track.name, track.role, track.derived] for track in piece.tracks if track.notes],
        "chords": [[chord.start, chord.end, chord.name] for chord in piece.chords],
    }
    return json.dumps(content, ensure_ascii=True, separators=(",", ":"))


def with_facts(piece: Piece, text: str, *, source: str) -> Piece:
    """Return a piece with the roles and chords that `facts_of` wrote into the file it was read from.

    Another program may have added, removed or renamed tracks: then their roles are no longer known.

    Raises:
        DataError: the text is damaged.
    """
    try:
        if len(text) > LONGEST_RECORD:
            raise ValueError
        content = json.loads(text)
        chords = tuple(
            Chord(start=int(start), end=int(end), name=str(name)) for start, end, name in content["chords"]
        )
        piece = replace(piece, chords=chords)
        rows = [(str(name), role, bool(derived)) for name, role, derived in content["tracks"]]
        if [name for name, _, _ in rows] != [track.name for track in piece.tracks]:
            return piece
        tracks = [
            replace(track, role=role, derived=derived)
            for track, (_, role, derived) in zip(piece.tracks, rows, strict=True)
        ]
        return replace(piece, tracks=tuple(tracks))
    except (ValueError, KeyError, TypeError, RecursionError, DataError) as error:
        raise DataError(
            f"The roles and chords in {source} cannot be read.",
            advice="They are damaged, or were written by a newer Huohua: update and try again.",
        ) from error

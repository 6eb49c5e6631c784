"""A bass line taken from the chords of a piece that has none, and marked as derived.

Two ways: the lowest notes of a left hand become the bass and leave the harmony; or, where a whole piano
plays the harmony, the lowest note of each half-beat is doubled an octave below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from huohua.arts.music.grid_layout import LOWEST
from huohua.arts.music.piece import TICKS, Note, Piece, Track
from huohua.arts.music.roles import PROGRAMS

HALF_BEAT = TICKS // 2
LEFT_HANDS = ("piano_lh", "left hand", "left", "lh")


def with_bass(piece: Piece) -> Piece:
    """Return a piece whose harmony has several notes at once with a bass; others come back as they are.

    A left hand is told by its name. Only a harmony that moves like a piano gets a doubled bass: block
    chords, that all change together, carry their bass in them already.
    """
    harmony = piece.with_role("harmony")
    if not harmony or piece.with_role("bass"):
        return piece
    left = next((track for track in harmony if track.name.casefold() in LEFT_HANDS), None)
    if left is not None:
        bass, rest = lowest_line(left)
        tracks = [rest if track is left else track for track in piece.tracks]
        return replace(piece, tracks=(*(track for track in tracks if track.notes), bass))
    if all(_in_blocks(track.notes) for track in harmony):
        return piece
    return replace(piece, tracks=(*piece.tracks, octave_below([n for t in harmony for n in t.notes])))


def lowest_line(track: Track) -> tuple[Track, Track]:
    """Return the lowest of the notes that a hand strikes together as a bass, and the hand without them.

    What is struck above a low note that still sounds is no bass.
    """
    line: list[Note] = []
    for note in track.notes:  # sorted by start, then pitch
        last = line[-1] if line else None
        if last and (note.start == last.start or (note.start < last.end and note.pitch > last.pitch)):
            continue
        line.append(note)
    taken = set(line)
    rest = tuple(note for note in track.notes if note not in taken)
    bass = Track(name="bass", program=track.program, role="bass", derived=True, notes=tuple(line))
    return bass, replace(track, notes=rest)


def octave_below(notes: Sequence[Note]) -> Track:
    """Return a bass: in each half-beat the lowest note that sounds, an octave down where the range allows.

    A pitch that goes on is held, one that is struck again is struck.
    """
    cells: dict[int, Note] = {}
    for note in notes:
        for cell in range(note.start // HALF_BEAT, -(-note.end // HALF_BEAT)):
            if cell not in cells or note.pitch < cells[cell].pitch:
                cells[cell] = note
    line: list[Note] = []
    source: Note | None = None
    for cell in sorted(cells):
        start = cell * HALF_BEAT
        if line and cells[cell] is source and line[-1].end == start:
            line[-1] = replace(line[-1], duration=line[-1].duration + HALF_BEAT)
            continue
        source = cells[cell]
        pitch = source.pitch - 12 if source.pitch - 12 >= LOWEST["bass"] else source.pitch
        line.append(Note(start=start, duration=HALF_BEAT, pitch=pitch, velocity=source.velocity))
    return Track(name="bass", program=PROGRAMS["bass"], role="bass", derived=True, notes=tuple(line))


def _in_blocks(notes: Sequence[Note]) -> bool:
    """Say whether most notes are struck with others and stop with them, as chord symbols are played."""
    together: dict[tuple[int, int], int] = {}
    for note in notes:
        together[note.start, note.end] = together.get((note.start, note.end), 0) + 1
    blocked = sum(count for count in together.values() if count >= 3)
    return blocked > 0.8 * len(notes)

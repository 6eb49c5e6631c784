"""What figures read of a piece: for each role a table of its notes on steps, whatever it came from.

A grid is read on its sixteenths, and a piece in ticks, where a grid would hide that notes are shorter than
a sixteenth. Letters: N notes, T steps of a whole piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.grid import Grid, strokes_in
from huohua.arts.music.grid_layout import STEPS_PER_QUARTER
from huohua.arts.music.piece import TICKS, Piece
from huohua.arts.music.roles import DRUM_OF_PITCH, DRUMS, ROLES, Role
from huohua.errors import DataError

NoteTable = NDArray[np.int64]

START, LENGTH, PITCH = 0, 1, 2
NOBODY: NoteTable = np.zeros((0, 3), dtype=np.int64)
PITCHED: tuple[Role, ...] = tuple(role for role in ROLES if role != "drums")


@dataclass(frozen=True, kw_only=True, eq=False)
class Notes:
    """The notes of a piece or of a window of one.

    Attributes:
        bars: its bars.
        steps: steps of a bar.
        quarter: steps of a quarter note; 4 on a grid.
        played: note_N3 of each role that plays: start and length in steps, MIDI pitch; drums by their class.
        song: the piece that it is of: two windows of one song are not independent.
        style: a word for its style, "" where that is not known.
    """

    bars: int
    steps: int
    quarter: int
    played: Mapping[Role, NoteTable]
    song: str = ""
    style: str = ""

    @property
    def length(self) -> int:
        """Return the number of its steps."""
        return self.bars * self.steps

    def of(self, role: Role) -> NoteTable:
        """Return note_N3 of a role, sorted by start and pitch; no rows where it does not play."""
        return self.played.get(role, NOBODY)

    def together(self, roles: Iterable[Role] = PITCHED) -> NoteTable:
        """Return note_N3 of several pitched roles, sorted by start and pitch."""
        return in_order(np.concatenate([NOBODY, *(self.of(role) for role in roles)]))

    def with_notes(self, played: Mapping[Role, NoteTable]) -> Notes:
        """Return the same frame with other notes in it."""
        return replace(self, played={role: in_order(table) for role, table in played.items() if len(table)})

    def window(self, first: int, bars: int) -> Notes:
        """Return some bars; notes are cut at both ends, and what sounds at the beginning starts there.

        Raises:
            DataError: there are no such bars.
        """
        if first < 0 or bars < 1 or first + bars > self.bars:
            raise DataError(f"Bars {first} to {first + bars} are not in a piece of {self.bars}.")
        low, high = first * self.steps, (first + bars) * self.steps
        played = {role: _cut(table, low, high) for role, table in self.played.items()}
        return replace(self.with_notes(played), bars=bars)


def notes_of(grid: Grid, *, song: str = "", style: str = "") -> Notes:
    """Return the notes of a grid, in its own key: C major or A minor."""
    played = {role: table(strokes_in(grid, role)) for role in ROLES}
    empty = Notes(
        bars=grid.bars,
        steps=grid.steps,
        quarter=STEPS_PER_QUARTER,
        played={},
        song=song or grid.title,
        style=style,
    )
    return empty.with_notes(played)


def notes_in_ticks(piece: Piece, *, song: str = "", style: str = "") -> Notes:
    """Return the notes of a piece whose tracks have roles, in ticks and in the key that they sound in.

    Raises:
        DataError: its bars are not all of one length.
    """
    lengths = {bar.metre.bar for bar in piece.bars}
    if len(lengths) != 1:
        raise DataError(f"'{piece.title}' has bars of {len(lengths)} lengths; figures need one.")
    played = {
        role: table(
            (note.start, note.end, DRUMS.index(DRUM_OF_PITCH[note.pitch]) if role == "drums" else note.pitch)
            for track in piece.with_role(role)
            for note in track.notes
            if role != "drums" or note.pitch in DRUM_OF_PITCH
        )
        for role in ROLES
    }
    empty = Notes(
        bars=len(piece.bars),
        steps=lengths.pop(),
        quarter=TICKS,
        played={},
        song=song or piece.title,
        style=style,
    )
    return empty.with_notes(played)


def table(strokes: Iterable[tuple[int, int, int]]) -> NoteTable:
    """Return note_N3 of (start, end, pitch)."""
    rows = [(start, end - start, pitch) for start, end, pitch in strokes]
    return in_order(np.array(rows, dtype=np.int64).reshape(-1, 3))


def in_order(note_N3: NoteTable) -> NoteTable:
    """Return notes sorted by start and pitch."""
    ordered_N3: NoteTable = note_N3[np.lexsort((note_N3[:, PITCH], note_N3[:, START]))]
    return ordered_N3


def moved(notes: Notes, semitones: int) -> Notes:
    """Return notes some semitones higher or lower, drums where they were."""
    up = np.array([0, 0, semitones])
    return notes.with_notes(
        {role: table if role == "drums" else table + up for role, table in notes.played.items()}
    )


def roles_played(pieces: Iterable[Notes], *, least: float = 0.01) -> tuple[Role, ...]:
    """Return the roles that play in at least this share of pieces."""
    pieces = list(pieces)
    counts = {role: sum(role in piece.played for piece in pieces) for role in ROLES}
    return tuple(role for role in ROLES if counts[role] and counts[role] >= least * len(pieces))


def _cut(note_N3: NoteTable, low: int, high: int) -> NoteTable:
    start_N = np.maximum(note_N3[:, START], low)
    end_N = np.minimum(note_N3[:, START] + note_N3[:, LENGTH], high)
    cut_N3 = np.stack([start_N - low, end_N - start_N, note_N3[:, PITCH]], axis=1)
    kept_N3: NoteTable = cut_N3[end_N > start_N]
    return kept_N3

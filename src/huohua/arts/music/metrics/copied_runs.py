"""How long a stretch of a piece stands, note for note, in one of the pieces that a model learnt from.

What is compared are melody and bass as they move, and not their pitches, so a transposed copy is a copy. An
event is a step in which either is struck: how long after the last event, how far each moved since its last
note, and what interval bass and melody are apart. Long runs of nothing new, such as one note struck again
and again, stand in many pieces, so a length means something only beside those of real pieces against others.

Letters: N events of a piece.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huohua.arts.music.metrics.notes import PITCH, START, Notes, NoteTable
from huohua.arts.music.roles import Role
from huohua.metrics.longest_run import RunIndex, Whole

OUTER: tuple[Role, Role] = ("lead", "bass")
SILENT = 511  # what stands for a role that is not struck, in place of how far it moved
LONGEST_GAP = 255  # sixteenths
QUANTILE = 0.95


@dataclass(frozen=True, kw_only=True)
class CopiedRun:
    """The longest stretch of a piece that stands in another.

    Attributes:
        events: how many events it has.
        quarters: how long it lasts.
        song: the piece that it stands in, "" where nothing is shared.
    """

    events: int
    quarters: float
    song: str


class CopiedRuns:
    """Pieces to look for copies in.

    Source: the longest n-gram that a generated work shares with the training set, as in Carlini et al. 2023,
    "Quantifying Memorization Across Neural Language Models", over transposition-free events of our own.

    Args:
        pieces: what the model learnt from.
    """

    def __init__(self, pieces: Sequence[Notes]) -> None:
        self.songs = [notes.song for notes in pieces]
        self.index = RunIndex([events_of(notes)[0] for notes in pieces])

    def longest(self, notes: Notes, *, besides: int = -1) -> CopiedRun:
        """Return the longest stretch of a piece that stands in one of those here.

        Args:
            notes: the piece.
            besides: the number of a piece that does not count.
        """
        event_N, start_N = events_of(notes)
        run = self.index.longest(event_N, besides=besides)
        if not run.length:
            return CopiedRun(events=0, quarters=0.0, song="")
        last = run.start + run.length - 1
        end = start_N[last + 1] if last + 1 < len(start_N) else notes.length
        return CopiedRun(
            events=run.length,
            quarters=float(end - start_N[run.start]) / notes.quarter,
            song=self.songs[run.other],
        )


def events_of(notes: Notes) -> tuple[Whole, Whole]:
    """Return (event_N, start_N): what happens in melody and bass, and at which step.

    The first event has no predecessor and is left out: all a transposed copy shares begins with the second.
    """
    lead_T, bass_T = (_pitches(notes.of(role), notes.length) for role in OUTER)
    start_N = np.flatnonzero((lead_T >= 0) | (bass_T >= 0))
    if len(start_N) < 2:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    lead_N, bass_N = lead_T[start_N], bass_T[start_N]
    gap_N = np.minimum(np.diff(start_N, prepend=start_N[0]) * 4 // notes.quarter, LONGEST_GAP)
    apart_N = np.where((lead_N >= 0) & (bass_N >= 0), lead_N - bass_N + 128, SILENT)
    event_N = ((gap_N * 512 + _moves(lead_N)) * 512 + _moves(bass_N)) * 512 + apart_N
    return event_N[1:].astype(np.int64), start_N[1:].astype(np.int64)


def copied_share(
    pieces: Sequence[Notes], learnt: CopiedRuns, unseen: Sequence[Notes], *, quantile: float = QUANTILE
) -> tuple[float, float]:
    """Return (share of pieces with longer copies than unseen real ones have, that length in quarters).

    One in twenty of the unseen has longer ones too, so about 0.05 is what a model that copies nothing gets.

    Args:
        pieces: generated pieces.
        learnt: what the model learnt from.
        unseen: real pieces that it did not.
        quantile: of the unseen pieces' longest runs, above which a run is a copy.
    """
    limit = float(np.quantile([learnt.longest(notes).quarters for notes in unseen], quantile))
    runs = np.array([learnt.longest(notes).quarters for notes in pieces])
    return float((runs > limit).mean()), limit


def _pitches(note_N3: NoteTable, length: int) -> NDArray[np.int64]:
    """Return for each step the pitch that is struck in it, the highest of several, -1 for none."""
    pitch_T = np.full(length, -1, dtype=np.int64)
    inside = note_N3[:, START] < length
    np.maximum.at(pitch_T, note_N3[inside, START], note_N3[inside, PITCH])
    return pitch_T


def _moves(pitch_N: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how far each strike is from the one before it, 1 to 255 with 128 for none; else `SILENT`."""
    move_N = np.full(len(pitch_N), SILENT, dtype=np.int64)
    played = np.flatnonzero(pitch_N >= 0)
    move_N[played[1:]] = np.diff(pitch_N[played]) + 128
    move_N[played[:1]] = 0  # the first has nothing to move from
    return move_N

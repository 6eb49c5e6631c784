"""A piece cut where its metre changes, each part beginning on a bar line, so that each fits a grid.

A pick-up becomes a whole bar that begins with rests; two short bars that a repeat tore apart become one;
a bar of 12/8 is read as two of 6/8, and 2/2 as 4/4. Bars of metres that grids lack are left out, and the
result says how many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from huohua.arts.music.piece import Bar, Chord, Key, Metre, Note, Piece, Tempo, Track

Reading = tuple[int, int]
_E = TypeVar("_E", Tempo, Key)

# A metre as written -> the metre that it is read in. Bars may be twice as long, or half as long (3/8).
READ_AS: Mapping[Reading, Reading] = {
    (4, 4): (4, 4),
    (2, 2): (4, 4),
    (1, 1): (4, 4),
    (8, 8): (4, 4),
    (4, 2): (4, 4),
    (8, 4): (4, 4),
    (3, 4): (3, 4),
    (6, 4): (3, 4),
    (2, 4): (2, 4),
    (4, 8): (2, 4),
    (6, 8): (6, 8),
    (3, 8): (6, 8),
    (12, 8): (6, 8),
}
FEWEST_BARS = 4
# A tear is mended within as many bars; after more than that the count of bars has begun anew.
_LONGEST_TEAR = 2


@dataclass(frozen=True, kw_only=True)
class Section:
    """Part of a piece in one metre.

    Attributes:
        piece: the part as a piece of its own, which begins on a bar line.
        start, end: where it lies in the whole piece, in ticks, without the rests before a pick-up.
        lead_in: the ticks of rest before a pick-up.
    """

    piece: Piece
    start: int
    end: int
    lead_in: int


@dataclass(frozen=True, kw_only=True)
class Sections:
    """The parts of a piece, and in words what was left out between them."""

    kept: tuple[Section, ...]
    left_out: tuple[str, ...]


@dataclass(kw_only=True)
class _Run:
    """Ticks of bars that follow one another in one reading."""

    reading: Reading
    start: int
    end: int
    lead_in: int = 0

    @property
    def bar(self) -> int:
        return Metre(numerator=self.reading[0], denominator=self.reading[1]).bar


def sections(piece: Piece, *, fewest: int = FEWEST_BARS) -> Sections:
    """Return the parts of a piece that fit grids; a part needs `fewest` bars, or to be all there is."""
    groups = [(key, list(bars)) for key, bars in groupby(piece.bars, key=_reading)]
    whole = len(groups) == 1
    runs: list[_Run] = []
    gap: list[Bar] = []
    lost: Counter[str] = Counter()
    for reading, bars in groups:
        run = _run(reading, bars)
        if run is None or ((run.end - run.start) < fewest * run.bar and not whole):
            gap += bars
            continue
        _close(runs, gap, run, lost)
        gap = []
    _close(runs, gap, None, lost)
    parts = [(run, _cut(piece, run)) for run in runs]
    kept = [
        Section(piece=part, start=run.start, end=run.end, lead_in=run.lead_in) for run, part in parts if part
    ]
    words = [f"{count} {'bar' if count == 1 else 'bars'} {why}" for why, count in sorted(lost.items())]
    return Sections(kept=tuple(kept), left_out=tuple(words))


def _reading(bar: Bar) -> tuple[Reading | None, int, bool]:
    """Return how a bar is read, its written length, and whether the next metre cuts it short."""
    reading = READ_AS.get((bar.metre.numerator, bar.metre.denominator))
    return reading, bar.metre.bar, bar.end - bar.start < bar.metre.bar


def _run(key: tuple[Reading | None, int, bool], bars: Sequence[Bar]) -> _Run | None:
    reading, _, cut_short = key
    if reading is None or cut_short:
        return None
    return _Run(reading=reading, start=bars[0].start, end=bars[-1].end)


def _close(runs: list[_Run], gap: Sequence[Bar], following: _Run | None, lost: Counter[str]) -> None:
    """Give the bars between two runs to them as far as they fit, count the others, and add the second run.

    What a repeat tore apart adds up to whole bars. Otherwise a short last bar is a pick-up to what
    follows, and a short first bar the end of what came before.
    """
    before = runs[-1] if runs else None
    left = list(gap)
    if before and following and before.reading == following.reading:
        torn = following.start - before.end
        if torn % before.bar == 0 and torn <= _LONGEST_TEAR * before.bar:
            before.end = following.end
            return
    if _stands_alone(left):
        lost.update(_name(bar) for bar in left)
        left = []
    if left and following and (length := left[-1].end - left[-1].start) < following.bar:
        following.start = left.pop().start
        following.lead_in = following.bar - length
    if left and before and left[0].end - left[0].start < before.bar:
        before.end = left.pop(0).end
    lost.update(_name(bar) for bar in left)
    if following:
        runs.append(following)


def _stands_alone(gap: Sequence[Bar]) -> bool:
    """Say whether bars are several whole ones of one metre, and no pick-ups or ends of something else."""
    return len(gap) > 1 and len({_reading(bar) for bar in gap}) == 1 and not _reading(gap[0])[2]


def _name(bar: Bar) -> str:
    """Return why a bar is left out, in words that fit after a number of bars."""
    reading, _, cut_short = _reading(bar)
    if reading and not cut_short:
        return f"of {bar.metre.numerator}/{bar.metre.denominator} between changes of metre"
    if reading or bar.metre.denominator > 8 or bar.metre.numerator > 12:
        return "of irregular length"
    return f"of {bar.metre.numerator}/{bar.metre.denominator}, a metre that grids lack"


def _cut(piece: Piece, run: _Run) -> Piece | None:
    """Return the notes of a run as a piece without silent bars around it, or None if it is silent."""
    inside = [[n for n in track.notes if run.start <= n.start < run.end] for track in piece.tracks]
    starts = [note.start for notes in inside for note in notes]
    if not starts:
        return None
    silent = (min(starts) - run.start + run.lead_in) // run.bar * run.bar
    offset = run.lead_in - run.start - silent
    moved = [_moved(track, notes, offset, run.end) for track, notes in zip(piece.tracks, inside, strict=True)]
    numerator, denominator = run.reading
    return Piece(
        title=piece.title,
        tracks=tuple(track for track in moved if track.notes),
        tempos=tuple(Tempo(tick=tick, qpm=tempo.qpm) for tick, tempo in _held(piece.tempos, offset, run.end)),
        metres=(Metre(numerator=numerator, denominator=denominator),),
        keys=tuple(
            Key(tick=tick, tonic=key.tonic, mode=key.mode) for tick, key in _held(piece.keys, offset, run.end)
        ),
        chords=tuple(
            Chord(start=chord.start + offset, end=min(chord.end, run.end) + offset, name=chord.name)
            for chord in piece.chords
            if run.start <= chord.start < run.end and chord.start + offset >= 0
        ),
    )


def _moved(track: Track, notes: Sequence[Note], offset: int, end: int) -> Track:
    return Track(
        name=track.name,
        program=track.program,
        drums=track.drums,
        role=track.role,
        derived=track.derived,
        notes=tuple(
            Note(
                start=note.start + offset,
                duration=min(note.end, end) - note.start,
                pitch=note.pitch,
                velocity=note.velocity,
            )
            for note in notes
        ),
    )


def _held(events: Sequence[_E], offset: int, end: int) -> list[tuple[int, _E]]:
    """Return the events that hold within a part, each with its tick there; the first may be older."""
    held: dict[int, _E] = {}
    for event in events:
        if event.tick < end:
            held[max(0, event.tick + offset)] = event
    return list(held.items())

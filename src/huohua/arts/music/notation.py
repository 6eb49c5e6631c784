"""Lay a piece out as notation: staves of bars, in which voices of chords and rests follow one another.

MIDI knows when keys go down and up; notation knows note values, ties, voices and staves. Everything between
the two is here: times move to the nearest grid of their beat, notes are cut at bar lines, and notes of one
track that overlap go to several voices.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from huohua.arts.music.piece import TICKS, Bar, Note, Piece, Track
from huohua.arts.music.rhythm import GRIDS, TRIPLETS, Value, grid_of_beat, pulse, snapped, values

# Middle C and above goes to the upper of two staves.
SPLIT = 60
PIANO_LIKE = frozenset(range(24)) | {46}
# A rest no longer than this after a note that is no shorter is how a player lets go of a key, and no rest.
RELEASE = 12
# An engraved page shows no value finer than these, and no more voices on a staff.
LEGIBLE = (12, 16, 6)
LEGIBLE_VOICES = 2
MOST_VOICES = 128


@dataclass(frozen=True, kw_only=True)
class Head:
    """One note head of a chord; tied from the chord before it, to the one after it, or both."""

    pitch: int
    velocity: int
    tied_from: bool = False
    tied_to: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """A chord, a single note or, without heads, a rest: where it begins in its bar, and its value."""

    start: int
    value: Value
    heads: tuple[Head, ...] = ()

    @property
    def end(self) -> int:
        """Return where it ends in its bar."""
        return self.start + self.value.ticks


@dataclass(frozen=True, kw_only=True)
class Staff:
    """One staff of a track: for each bar its voices, each a row of events that fills the bar."""

    track: Track
    bars: tuple[tuple[tuple[Event, ...], ...], ...]
    low: bool


def staves(piece: Piece, *, legible: bool = False) -> list[list[Staff]]:
    """Return the staves of each track that has notes: one, or two for keyboard music that needs them.

    With `legible`, grids are no finer than an engraved page bears and short rests after notes are closed;
    without, everything that is on a grid stays where it is.
    """
    bars = piece.bars
    tracks = []
    for track in piece.tracks:
        if not track.notes:
            continue
        notes = _on_grids(track.notes, bars, drums=track.drums, legible=legible)
        parts = [notes]
        if _needs_two(track, piece.tracks):
            parts = [[n for n in notes if n.pitch >= SPLIT], [n for n in notes if n.pitch < SPLIT]]
        tracks.append(
            [
                _staff(track, part, bars, below=index > 0, most=LEGIBLE_VOICES if legible else MOST_VOICES)
                for index, part in enumerate(parts)
            ]
        )
    return tracks


def _needs_two(track: Track, tracks: Sequence[Track]) -> bool:
    """Return whether a track is keyboard music for both hands: the only one, as two are a hand each."""
    if sum(map(_is_keyboard, tracks)) != 1 or not _is_keyboard(track):
        return False
    above = sum(note.pitch >= SPLIT for note in track.notes) / len(track.notes)
    return 0.1 < above < 0.9 and track.polyphony > 1


def _is_keyboard(track: Track) -> bool:
    return not track.drums and track.program in PIANO_LIKE and track.role in {None, "harmony"}


def _staff(track: Track, notes: Sequence[Note], bars: Sequence[Bar], *, below: bool, most: int) -> Staff:
    pitches = [note.pitch for note in notes]
    low = below or (not track.drums and sum(pitches) < 59 * len(pitches))
    split = _split_at_bars(notes, bars)
    return Staff(
        track=track,
        low=low,
        bars=tuple(_bar(heads, bar, most) for heads, bar in zip(split, bars, strict=True)),
    )


# ── times to grids ────────────────────────────────────────────────────────────────────────────────
def _on_grids(notes: Sequence[Note], bars: Sequence[Bar], *, drums: bool, legible: bool) -> list[Note]:
    """Return notes whose starts and ends lie on the grid of their beat."""
    grids = _Grids(bars, notes, LEGIBLE if legible else tuple(GRIDS), ends=not legible)
    moved = []
    for note in notes:
        start = grids.nearest(note.start)
        end = max(grids.nearest(note.end), grids.after(start))
        moved.append(replace(note, start=start, duration=end - start))
    if legible:
        moved = _until_the_next(moved) if drums else _without_short_rests(moved)
    return list(Track(notes=tuple(moved)).notes)


class _Grids:
    """The grid of every beat of a piece, found once from all the times of a track."""

    def __init__(
        self, bars: Sequence[Bar], notes: Sequence[Note], grids: Sequence[int], *, ends: bool
    ) -> None:
        places: dict[int, list[int]] = {}
        for note in notes:
            for place in (note.start, note.end) if ends else (note.start,):
                places.setdefault(place // TICKS, []).append(place % TICKS)
        # Beats count from the piece's beginning; where bars do not begin on one, no thirds are written.
        plain = [grid for grid in grids if grid not in TRIPLETS]
        odd = {
            beat
            for bar in bars
            if bar.start % TICKS or pulse(bar.metre) != TICKS or bar.end % TICKS
            for beat in range(bar.start // TICKS, bar.end // TICKS + 1)
        }
        self.coarsest = plain[0]
        self.of_beat = {
            beat: grid_of_beat(found, plain if beat in odd else grids, exact=ends)
            for beat, found in places.items()
        }

    def nearest(self, place: int) -> int:
        return place // TICKS * TICKS + snapped(place % TICKS, self._at(place))

    def after(self, place: int) -> int:
        return place + self._at(place)

    def _at(self, place: int) -> int:
        return self.of_beat.get(place // TICKS, self.coarsest)


def _until_the_next(notes: Sequence[Note]) -> list[Note]:
    """Return strokes that last to the next in their beat, or its end: drums ring as they like."""
    starts = sorted({note.start for note in notes})
    following = dict(itertools.pairwise(starts))
    held = []
    for note in notes:
        beat = (note.start // TICKS + 1) * TICKS
        end = min(beat, following.get(note.start, beat))
        held.append(replace(note, duration=end - note.start))
    return held


def _without_short_rests(notes: Sequence[Note]) -> list[Note]:
    """Return notes that last until the next begins, where they nearly did."""
    starts = sorted({note.start for note in notes})
    following = dict(itertools.pairwise(starts))
    closed = []
    for note in notes:
        later = following.get(note.start, note.end)
        nearly = 0 < later - note.end <= RELEASE <= note.duration
        closed.append(replace(note, duration=later - note.start) if nearly else note)
    return closed


# ── notes to bars and voices ──────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What one bar holds of a note, in ticks from the bar's beginning."""

    start: int
    end: int
    head: Head


def _split_at_bars(notes: Sequence[Note], bars: Sequence[Bar]) -> list[list[_Piece]]:
    split: list[list[_Piece]] = [[] for _ in bars]
    first = 0
    for note in notes:
        while first < len(bars) - 1 and bars[first].end <= note.start:
            first += 1
        for index in range(first, len(bars)):
            bar = bars[index]
            if bar.start >= note.end:
                break
            head = Head(
                pitch=note.pitch,
                velocity=note.velocity,
                tied_from=note.start < bar.start,
                tied_to=note.end > bar.end and index + 1 < len(bars),
            )
            start, end = max(note.start, bar.start), min(note.end, bar.end)
            split[index].append(_Piece(start=start - bar.start, end=end - bar.start, head=head))
    return split


def _bar(pieces: Sequence[_Piece], bar: Bar, most: int) -> tuple[tuple[Event, ...], ...]:
    """Return the voices of a bar, the upper first; one rest where nothing sounds.

    Where all voices that there may be are sounding, the chord that began first ends for the next.
    """
    length = bar.end - bar.start
    chords: dict[tuple[int, int], list[Head]] = {}
    for piece in pieces:
        chords.setdefault((piece.start, piece.end), []).append(piece.head)
    voices: list[list[tuple[int, int, tuple[Head, ...]]]] = []
    # Of what begins together the higher goes to the upper voice.
    order = sorted(chords, key=lambda span: (span[0], -max(head.pitch for head in chords[span])))
    for start, end in order:
        heads = tuple(sorted(chords[start, end], key=lambda head: head.pitch))
        voice = next((v for v in voices if not v or v[-1][1] <= start), None)
        if voice is None and len(voices) < most:
            voice = []
            voices.append(voice)
        if voice is None:
            voice = min(voices, key=lambda sounding: sounding[-1][0])
            _make_room(voice, start)
        voice.append((start, end, heads))
    return tuple(_filled(voice, length, bar) for voice in voices) or (_filled([], length, bar),)


def _make_room(voice: list[tuple[int, int, tuple[Head, ...]]], start: int) -> None:
    """End the last chord of a voice at a place, or drop it where it begins there too."""
    first, _, heads = voice.pop()
    if first < start:
        voice.append((first, start, tuple(replace(head, tied_to=False) for head in heads)))


def _filled(voice: Sequence[tuple[int, int, tuple[Head, ...]]], length: int, bar: Bar) -> tuple[Event, ...]:
    """Return a voice without holes: rests between its chords, each span as the values that show it."""
    events: list[Event] = []
    thirds = _beats_in_thirds((place for start, end, _ in voice for place in (start, end)), bar)
    place = 0
    for start, end, heads in (*voice, (length, length, ())):
        if start > place:
            events += _written(place, start, (), bar, thirds)
        if end > start:
            events += _written(start, end, heads, bar, thirds)
        place = end
    return tuple(events)


def _beats_in_thirds(places: Iterable[int], bar: Bar) -> set[int]:
    """Return the beats that some place divides by three."""
    if pulse(bar.metre) != TICKS:
        return set()
    return {place // TICKS for place in places if place % 3}


def _written(start: int, end: int, heads: tuple[Head, ...], bar: Bar, thirds: set[int]) -> list[Event]:
    """Return the events that show one chord or rest, tied to one another."""
    spans: list[tuple[int, Value]] = []
    for first, last, divided in _runs(start, end, thirds):
        place = first
        for value in values(first, last, bar.metre, triplet=divided):
            spans.append((place, value))
            place += value.ticks
    return [
        Event(
            start=place,
            value=value,
            heads=tuple(
                replace(
                    head,
                    tied_from=head.tied_from or index > 0,
                    tied_to=head.tied_to or index < len(spans) - 1,
                )
                for head in heads
            ),
        )
        for index, (place, value) in enumerate(spans)
    ]


def _runs(start: int, end: int, thirds: set[int]) -> Iterable[tuple[int, int, bool]]:
    """Cut a span where beats in thirds begin and end: (first, last, whether it lies in such a beat)."""
    place = start
    while place < end:
        beat = place // TICKS
        if beat in thirds:
            last = min(end, (beat + 1) * TICKS)
        else:
            later = min((other * TICKS for other in thirds if other > beat), default=end)
            last = min(end, later)
        yield place, last, beat in thirds
        place = last

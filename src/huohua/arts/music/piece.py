"""A piece of music as a value: tracks of notes, tempo, metre, key and chords, and nothing about files.

Time is counted in ticks, 48 to a quarter note, which hold sixteenths, thirty-second notes and triplets
exactly. Everything is sorted, so two pieces with the same notes are equal.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Protocol, TypeVar

from huohua.arts.music.roles import ROLES, Role
from huohua.errors import DataError

TICKS = 48
DENOMINATORS = (1, 2, 4, 8, 16, 32, 64)
LONGEST_NAME = 200

Mode = Literal["major", "minor"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """One note.

    Attributes:
        start: when it begins, in ticks from the beginning of the piece.
        duration: how long it sounds, in ticks, at least 1.
        pitch: its MIDI number, 60 for middle C; for drums, the key of the General MIDI kit.
        velocity: how hard it is struck, 1 to 127.

    Raises:
        DataError: a number is outside these bounds.
    """

    start: int
    duration: int
    pitch: int
    velocity: int = 80

    def __post_init__(self) -> None:
        if self.start < 0 or self.duration < 1 or not 0 <= self.pitch <= 127 or not 1 <= self.velocity <= 127:
            raise DataError(
                f"There is no such note: start {self.start}, duration {self.duration}, pitch {self.pitch}, "
                f"velocity {self.velocity}.",
                advice="Notes start at 0 or later, last 1 tick or more, and have a pitch from 0 to 127 and a "
                "velocity from 1 to 127.",
            )

    @property
    def end(self) -> int:
        """Return the tick at which it stops."""
        return self.start + self.duration


@dataclass(frozen=True, kw_only=True)
class Track:
    """What one instrument plays.

    Notes are sorted by start, then pitch. A pitch struck again while it sounds ends there, because a key
    cannot be down twice; of two that start together the longer is kept.

    Attributes:
        name: a name for people, such as "violin 1".
        program: the General MIDI instrument, 0 to 127.
        drums: whether pitches are keys of the General MIDI kit.
        role: what it does in the piece, None where that is not known.
        derived: whether the role, or the track itself, was worked out and not given.
        notes: its notes.

    Raises:
        DataError: the program is not one, or only one of `drums` and the role says that it is drums.
    """

    name: str = ""
    program: int = 0
    drums: bool = False
    role: Role | None = None
    derived: bool = False
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.program <= 127:
            raise DataError(f"There is no instrument {self.program}: programs go from 0 to 127.")
        if self.role is not None and self.role not in ROLES:
            raise DataError(f"There is no role '{self.role}'.", advice=f"The roles are {', '.join(ROLES)}.")
        if self.role is not None and (self.role == "drums") != self.drums:
            raise DataError(f"Track '{self.name}' cannot be {self.role}: only drums play the drums.")
        object.__setattr__(self, "name", _plain(self.name))
        object.__setattr__(self, "notes", _struck_once(self.notes))

    @property
    def end(self) -> int:
        """Return the tick at which its last note stops, 0 without notes."""
        return max((note.end for note in self.notes), default=0)

    @property
    def polyphony(self) -> int:
        """Return the largest number of notes that sound at once."""
        changes = sorted(
            (tick, step) for note in self.notes for tick, step in ((note.start, 1), (note.end, -1))
        )
        most = sounding = 0
        for _, step in changes:
            sounding += step
            most = max(most, sounding)
        return most


@dataclass(frozen=True, kw_only=True)
class Tempo:
    """From a tick on, this many quarter notes in a minute.

    Raises:
        DataError: it is slower than 1 or faster than 1,000 quarter notes in a minute.
    """

    tick: int = 0
    qpm: float = 120.0

    def __post_init__(self) -> None:
        _check_tick(self.tick)
        if not 1 <= self.qpm <= 1000:
            raise DataError(f"{self.qpm:g} quarter notes in a minute is no tempo: it goes from 1 to 1,000.")


@dataclass(frozen=True, kw_only=True)
class Metre:
    """From a tick on, bars of this metre; the first of them begins at the tick.

    Raises:
        DataError: the denominator is no power of two up to 64, or the numerator is not from 1 to 255.
    """

    tick: int = 0
    numerator: int = 4
    denominator: int = 4

    def __post_init__(self) -> None:
        _check_tick(self.tick)
        if not 1 <= self.numerator <= 255 or self.denominator not in DENOMINATORS:
            raise DataError(f"There is no metre {self.numerator}/{self.denominator}.")

    @property
    def bar(self) -> int:
        """Return the length of a bar in ticks."""
        return self.numerator * 4 * TICKS // self.denominator


@dataclass(frozen=True, kw_only=True)
class Key:
    """From a tick on, this key: the pitch class of its tonic, 0 for C to 11 for B, and its mode.

    Raises:
        DataError: the tonic is no pitch class, or the mode is neither major nor minor.
    """

    tick: int = 0
    tonic: int = 0
    mode: Mode = "major"

    def __post_init__(self) -> None:
        _check_tick(self.tick)
        if not 0 <= self.tonic <= 11 or self.mode not in {"major", "minor"}:
            raise DataError(f"There is no key with tonic {self.tonic} and mode '{self.mode}'.")


@dataclass(frozen=True, kw_only=True)
class Chord:
    """A chord symbol such as "Am7", from its start to its end in ticks: not notes, but a name for them.

    Raises:
        DataError: it does not end after it starts.
    """

    start: int
    end: int
    name: str

    def __post_init__(self) -> None:
        _check_tick(self.start)
        if self.end <= self.start:
            raise DataError(f"Chord '{self.name}' ends at tick {self.end}, before it has begun.")
        object.__setattr__(self, "name", _plain(self.name))


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Where a bar begins and ends in ticks, and its metre, which the next metre may cut short."""

    start: int
    end: int
    metre: Metre


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece: its tracks, and what holds for all of them.

    Tempo and metre always have a value: where the first does not stand at tick 0, 120 quarter notes in a
    minute and 4/4 come before it, as MIDI says. Of two at one tick the last holds.

    Attributes:
        title: a name for people.
        tracks: what is played.
        tempos: when the tempo changes.
        metres: when the metre changes.
        keys: when the key changes; empty where it is not known.
        chords: chord symbols, where they are known.
    """

    title: str = ""
    tracks: tuple[Track, ...] = ()
    tempos: tuple[Tempo, ...] = ()
    metres: tuple[Metre, ...] = ()
    keys: tuple[Key, ...] = ()
    chords: tuple[Chord, ...] = ()

    def __post_init__(self) -> None:
        chords = sorted(self.chords, key=lambda chord: (chord.start, chord.end, chord.name))
        object.__setattr__(self, "title", _plain(self.title))
        object.__setattr__(self, "tracks", tuple(self.tracks))
        object.__setattr__(self, "tempos", _one_a_tick((Tempo(), *self.tempos)))
        object.__setattr__(self, "metres", _one_a_tick((Metre(), *self.metres)))
        object.__setattr__(self, "keys", _one_a_tick(self.keys))
        object.__setattr__(self, "chords", tuple(chords))

    @cached_property
    def ticks(self) -> int:
        """Return the tick at which the last note stops."""
        return max((track.end for track in self.tracks), default=0)

    @cached_property
    def bars(self) -> tuple[Bar, ...]:
        """Return the bars up to the last note; the last may reach past it."""
        return tuple(_bars(self.metres, self.ticks))

    @cached_property
    def seconds(self) -> float:
        """Return how long the piece lasts, without the sound that fades after its last note."""
        return self.seconds_at(self.ticks)

    @property
    def note_count(self) -> int:
        """Return the number of notes in all tracks."""
        return sum(len(track.notes) for track in self.tracks)

    def seconds_at(self, tick: int) -> float:
        """Return the time from the beginning to a tick.

        Example:
            >>> Piece(tempos=(Tempo(qpm=60), Tempo(tick=48, qpm=120))).seconds_at(96)
            1.5
        """
        index = bisect.bisect_right(self._tempo_ticks, tick) - 1
        return self._tempo_seconds[index] + _seconds(tick - self._tempo_ticks[index], self.tempos[index].qpm)

    def with_role(self, role: Role) -> tuple[Track, ...]:
        """Return the tracks of a role, in their order."""
        return tuple(track for track in self.tracks if track.role == role)

    @cached_property
    def _tempo_ticks(self) -> list[int]:
        return [tempo.tick for tempo in self.tempos]

    @cached_property
    def _tempo_seconds(self) -> list[float]:
        times = [0.0]
        for tempo, later in zip(self.tempos, self.tempos[1:], strict=False):
            times.append(times[-1] + _seconds(later.tick - tempo.tick, tempo.qpm))
        return times


def _bars(metres: Sequence[Metre], ticks: int) -> Iterable[Bar]:
    for index, metre in enumerate(metres):
        later = metres[index + 1].tick if index + 1 < len(metres) else math.inf
        for start in range(metre.tick, int(min(later, ticks)), metre.bar):
            yield Bar(start=start, end=int(min(start + metre.bar, later)), metre=metre)


def _seconds(ticks: int, qpm: float) -> float:
    return ticks / TICKS * 60 / qpm


class _Timed(Protocol):
    @property
    def tick(self) -> int: ...


_Event = TypeVar("_Event", bound=_Timed)


def _one_a_tick(events: Iterable[_Event]) -> tuple[_Event, ...]:
    """Return events in order of time, the last of those at one tick."""
    last = {event.tick: event for event in events}
    return tuple(last[tick] for tick in sorted(last))


def _struck_once(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes in order, without a pitch that is struck while it still sounds."""
    kept: list[Note] = []
    sounding: dict[int, int] = {}
    for note in sorted(notes, key=lambda note: (note.start, note.pitch, -note.duration, -note.velocity)):
        place = sounding.get(note.pitch)
        if place is not None and kept[place].end > note.start:
            earlier = kept[place]
            if earlier.start == note.start:
                continue
            kept[place] = Note(
                start=earlier.start,
                duration=note.start - earlier.start,
                pitch=earlier.pitch,
                velocity=earlier.velocity,
            )
        sounding[note.pitch] = len(kept)
        kept.append(note)
    return tuple(kept)


def _plain(text: str) -> str:
    """Return a name on one line, without control characters, and no longer than a name is."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[
        :LONGEST_NAME
    ]


def _check_tick(tick: int) -> None:
    if tick < 0:
        raise DataError(f"Tick {tick} lies before the piece.")

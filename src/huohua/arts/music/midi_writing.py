"""Write pieces as Standard MIDI Files, format 1: a track of texts, tempo, metre and key, then the others.

mido does the bytes, because it lets every meta event be written; every note is one that other programs read.

Source: MMA, "Standard MIDI Files 1.0"; "General MIDI 1" (channel 10, here 9, plays drums).
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from huohua.arts.music.facts import FACTS_KEYWORD, facts_of
from huohua.arts.music.midi_reading import MICROSECONDS
from huohua.arts.music.needs import library
from huohua.arts.music.piece import TICKS, Key, Piece, Track

# Ten ticks of a file are one of ours: music programs expect 480 to a quarter note.
FILE_TICKS = 480
SCALE = FILE_TICKS // TICKS
DRUM_CHANNEL = 9
CHANNELS = tuple(channel for channel in range(16) if channel != DRUM_CHANNEL)

# How keys are spelled by their tonics, with as few sharps and flats as there can be.
MAJOR_KEYS = ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
MINOR_KEYS = ("Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm")


def midi_bytes(piece: Piece, *, texts: Sequence[str] = (), tail: int = 0) -> bytes:
    """Return a MIDI file; `texts` become text events at its head, before those that describe the piece.

    With `tail` the file goes on in silence for as many ticks after the last note, in which sound may fade.

    Tracks that share an instrument share a channel. There are fifteen beside that of the drums: where a
    piece has more instruments, some share one and sound alike in a player; their notes stay apart.

    Raises:
        MissingDependencyError: the library that writes MIDI is not installed.
    """
    mido = library("mido")
    file = mido.MidiFile(type=1, ticks_per_beat=FILE_TICKS, charset="utf-8")
    file.tracks.append(_head(mido, piece, texts, piece.ticks + tail if tail else 0))
    channels = _channels(piece.tracks)
    file.tracks.extend(
        _notes(mido, track, channel) for track, channel in zip(piece.tracks, channels, strict=True)
    )
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def key_name(key: Key) -> str:
    """Return the name of a key, such as "Bb" or "F#m"."""
    return (MAJOR_KEYS if key.mode == "major" else MINOR_KEYS)[key.tonic]


def _head(mido: Any, piece: Piece, texts: Sequence[str], end: int) -> Any:
    meta = mido.MetaMessage
    events = [(0, meta("track_name", name=piece.title))] if piece.title else []
    events += [(0, meta("text", text=text)) for text in (*texts, f"{FACTS_KEYWORD} {facts_of(piece)}")]
    events += [
        (metre.tick, meta("time_signature", numerator=metre.numerator, denominator=metre.denominator))
        for metre in piece.metres
    ]
    events += [(key.tick, meta("key_signature", key=key_name(key))) for key in piece.keys]
    events += [(t.tick, meta("set_tempo", tempo=round(MICROSECONDS / t.qpm))) for t in piece.tempos]
    return _timed(mido, sorted(events, key=lambda event: event[0]), end)


def _notes(mido: Any, track: Track, channel: int) -> Any:
    head = [(0, mido.MetaMessage("track_name", name=track.name))] if track.name else []
    head.append((0, mido.Message("program_change", channel=channel, program=track.program)))
    # At one tick what ends comes before what begins, or a repeated note would be cut off at once.
    keys = [
        (tick, begins, mido.Message(kind, channel=channel, note=note.pitch, velocity=velocity))
        for note in track.notes
        for tick, begins, kind, velocity in (
            (note.start, 1, "note_on", note.velocity),
            (note.end, 0, "note_off", 0),
        )
    ]
    keys.sort(key=lambda event: event[:2])
    return _timed(mido, [*head, *((tick, message) for tick, _, message in keys)])


def _timed(mido: Any, events: Iterable[tuple[int, Any]], end: int = 0) -> Any:
    """Return a track of events whose times are counted from one to the next."""
    track, before = mido.MidiTrack(), 0
    for tick, message in events:
        track.append(message.copy(time=(tick - before) * SCALE))
        before = tick
    track.append(mido.MetaMessage("end_of_track", time=max(0, end - before) * SCALE))
    return track


def _channels(tracks: Iterable[Track]) -> list[int]:
    taken: dict[int, int] = {}
    channels = []
    for track in tracks:
        if not track.drums and track.program not in taken:
            taken[track.program] = CHANNELS[len(taken) % len(CHANNELS)]
        channels.append(DRUM_CHANNEL if track.drums else taken[track.program])
    return channels

"""Write pieces as ABC, the text in which folk tunes are passed on.

Each voice of a staff is a voice of its own. Like MusicXML, ABC keeps what lies on a grid of its beat exactly.

Source: "The abc music standard 2.1" (2011): fields, pitch, note lengths, tuplets, voices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from huohua.arts.music.grouping import triplet_ends
from huohua.arts.music.key_finding import found_key
from huohua.arts.music.midi_writing import key_name
from huohua.arts.music.notation import Event, Head, Staff, staves
from huohua.arts.music.piece import TICKS, Bar, Key, Piece
from huohua.arts.music.rhythm import pulse
from huohua.arts.music.spelling import in_signature, sharps_of, spelled

UNIT = TICKS // 4  # L:1/16
SIGNS = {-2: "__", -1: "_", 0: "=", 1: "^", 2: "^^"}
BARS_A_LINE = 4


def abc_bytes(piece: Piece, *, fields: Mapping[str, str] | None = None, transcription: str = "") -> bytes:
    """Return an ABC file; `fields` become notes (N:), and `transcription` says who wrote it down (Z:)."""
    keys = piece.keys or (found_key(piece),)
    first = piece.metres[0]
    lines = ["%abc-2.1", "X:1", f"T:{piece.title or 'Untitled'}"]
    lines += [f"Z:{transcription}"] if transcription else []
    lines += [f"N:{name} {' '.join(text.split())}" for name, text in (fields or {}).items()]
    lines += [
        f"M:{first.numerator}/{first.denominator}",
        "L:1/16",
        f"Q:1/4={piece.tempos[0].qpm:g}",
        f"K:{key_name(keys[0])}",
    ]
    number = 0
    for part in staves(piece):
        for staff in part:
            for voice in range(max(len(bar) for bar in staff.bars)):
                number += 1
                lines += _voice(piece, keys, staff, voice, number)
    return ("\n".join(lines) + "\n").encode()


def _voice(piece: Piece, keys: Sequence[Key], staff: Staff, voice: int, number: int) -> list[str]:
    """Return the lines of a voice: its name and instrument, then four bars a line."""
    track = staff.track
    name = (track.name or track.role or f"voice {number}").replace('"', "'")
    clef = "perc" if track.drums else "bass" if staff.low else "treble"
    lines = [f'V:{number} clef={clef} name="{name}"']
    lines.append("%%MIDI channel 10" if track.drums else f"%%MIDI program {track.program}")
    written = []
    key = keys[0]
    for index, bar in enumerate(piece.bars):
        voices = staff.bars[index]
        changes, key = _changes(piece, keys, bar, key, first=index == 0)
        if voice < len(voices):
            written.append(changes + _bar(voices[voice], key, bar, piece if number == 1 else None))
        else:
            written.append(f"{changes}x{_length(Fraction(bar.end - bar.start, UNIT))}")
    for start in range(0, len(written), BARS_A_LINE):
        last = start + BARS_A_LINE >= len(written)
        lines.append(" | ".join(written[start : start + BARS_A_LINE]) + (" |]" if last else " |"))
    return lines


def _changes(piece: Piece, keys: Sequence[Key], bar: Bar, key: Key, *, first: bool) -> tuple[str, Key]:
    """Return the fields in front of a bar where metre, key or tempo change, and the key from there."""
    if first:
        return "", key
    text = ""
    if any(metre.tick == bar.start for metre in piece.metres):
        text += f"[M:{bar.metre.numerator}/{bar.metre.denominator}]"
    for later in keys:
        if bar.start <= later.tick < bar.end:
            key, text = later, f"{text}[K:{key_name(later)}]"
    for tempo in piece.tempos:
        if bar.start <= tempo.tick < bar.end:
            text += f"[Q:1/4={tempo.qpm:g}]"
    return text, key


def _bar(events: Sequence[Event], key: Key, bar: Bar, named: Piece | None) -> str:
    """Return the notes of a bar, a space between beats; with `named`, its chord symbols too."""
    altered: dict[str, int] = {}
    names = (
        {c.start - bar.start: c.name for c in named.chords if bar.start <= c.start < bar.end} if named else {}
    )
    text, beat = "", 0
    for place, (event, ends) in enumerate(zip(events, triplet_ends(events), strict=True)):
        if event.start // pulse(bar.metre) != beat:
            text, beat = f"{text} ", event.start // pulse(bar.metre)
        text += "".join(f'"{names.pop(start)}"' for start in sorted(names) if start <= event.start)
        if "start" in ends:
            text += f"(3:2:{_in_triplet(events, place)}"
        text += _event(event, key, altered)
    return text


def _in_triplet(events: Sequence[Event], place: int) -> int:
    beat = events[place].start // TICKS
    return sum(event.value.triplet and event.start // TICKS == beat for event in events[place:])


def _event(event: Event, key: Key, altered: dict[str, int]) -> str:
    ticks = Fraction(event.value.ticks * 3, 2) if event.value.triplet else Fraction(event.value.ticks)
    length = _length(ticks / UNIT)
    heads = [_head(head, key, altered) for head in event.heads]
    if not heads:
        return f"z{length}"
    if len(heads) == 1:
        note, tie = heads[0]
        return note + length + tie
    if all(tie for _, tie in heads):
        return "[" + "".join(note for note, _ in heads) + "]" + length + "-"
    return "[" + "".join(note + tie for note, tie in heads) + "]" + length


def _head(head: Head, key: Key, altered: dict[str, int]) -> tuple[str, str]:
    """Return a note with its accidental where it needs one, and its tie."""
    written = spelled(head.pitch, key)
    sign = ""
    # An accidental counts for its letter in every octave until the bar is over.
    if written.alter != altered.get(written.letter, in_signature(written.letter, sharps_of(key))):
        sign, altered[written.letter] = SIGNS[written.alter], written.alter
    letter = written.letter if written.octave < 5 else written.letter.lower()
    marks = "'" * max(0, written.octave - 5) + "," * max(0, 4 - written.octave)
    return f"{sign}{letter}{marks}", "-" if head.tied_to else ""


def _length(units: Fraction) -> str:
    """Return a length in units as it stands after a note: "", "3", "/2" or "3/2"."""
    top = "" if units.numerator == 1 else str(units.numerator)
    return top if units.denominator == 1 else f"{top}/{units.denominator}"

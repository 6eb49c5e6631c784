"""Read MusicXML and ABC into pieces: repeats played out, ties joined, all parts as they sound.

music21 does the parsing. What it returns is notation; a piece is what is heard: one track for each part.
"""

from __future__ import annotations

import contextlib
import html
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from huohua.arts.music.drum_parts import drums_as_pitches
from huohua.arts.music.facts import FACTS_KEYWORD, with_facts
from huohua.arts.music.limits import USUAL, Limits
from huohua.arts.music.needs import library
from huohua.arts.music.piece import TICKS, Chord, Key, Metre, Note, Piece, Tempo, Track
from huohua.errors import DataError

ZIP_MARK = b"PK\x03\x04"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Declarations of entities can make a small file expand without end; MusicXML needs none.
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
ABC_TUNE = re.compile(rb"^X:\s*\d+", re.MULTILINE)
ABC_KEY = re.compile(rb"^K:", re.MULTILINE)
USUAL_VELOCITY = 80
GUESSED = "Could not get pitch"
# The shortest bars that are told apart: a sixty-fourth note.
SMALLEST = 64


def is_musicxml(content: bytes) -> bool:
    """Return whether a file begins as MusicXML does, packed or not."""
    head = content[:4096].removeprefix(BYTE_ORDER_MARK).lstrip()
    if head.startswith(ZIP_MARK):
        return True
    # UTF-16 is allowed too: its letters are those of ASCII with zeros between.
    return b"<score-" in content[:65536].replace(b"\0", b"") and head[:4].replace(b"\0", b"").lstrip(
        b"\xff\xfe"
    ).startswith(b"<")


def is_abc(content: bytes) -> bool:
    """Return whether a file is text with the fields that every tune in ABC begins and ends its head with."""
    return b"\0" not in content[:65536] and bool(ABC_TUNE.search(content) and ABC_KEY.search(content))


def read_musicxml(content: bytes, *, source: str, limits: Limits = USUAL) -> Piece:
    """Return the piece in a MusicXML file, `.musicxml` or the packed `.mxl`; `source` names it in errors.

    Raises:
        DataError: it is damaged, holds no notes, or exceeds the limits.
    """
    limits.check_bytes(len(content), source=source)
    content = _unpacked(content, source=source, limits=limits)
    if ENTITY.search(content.replace(b"\0", b"")):
        raise DataError(f"{source} declares entities of XML, which no score needs; it is not read.")
    limits.check_tracks(len(re.findall(rb"<score-part\s", content)), source=source)
    limits.check_notes(len(re.findall(rb"<note[\s>]", content)), source=source)
    try:
        struck, drums = drums_as_pitches(content)
    except ElementTree.ParseError as error:
        raise DataError(
            f"{source} is damaged: it cannot be read as MusicXML.",
            advice="Export it again from the program it comes from.",
        ) from error
    score = _parsed(struck, "musicxml", source=source)
    piece = _piece(score, source=source, limits=limits, drums=drums)
    facts = miscellaneous(content).get(FACTS_KEYWORD)
    return with_facts(piece, facts, source=source) if facts else piece


def read_abc(content: bytes, *, source: str, limits: Limits = USUAL) -> Piece:
    """Return the tune in an ABC file; `source` names it in errors.

    Raises:
        DataError: it holds several tunes, is damaged, holds no notes, or exceeds the limits.
    """
    limits.check_bytes(len(content), source=source)
    tunes = len(ABC_TUNE.findall(content))
    if tunes > 1:
        raise DataError(
            f"{source} holds {tunes} tunes; a piece is one.", advice="Save each tune in a file of its own."
        )
    limits.check_notes(len(re.findall(rb"[A-Ga-g]", content)), source=source)
    text = content.removeprefix(BYTE_ORDER_MARK).decode("utf-8", "replace")
    return _piece(_parsed(text, "abc", source=source), source=source, limits=limits)


def miscellaneous(content: bytes) -> dict[str, str]:
    """Return the fields of a MusicXML file that stand for what the format has no place for."""
    head = content[: content.find(b"<part ") if b"<part " in content else 1 << 20].decode("utf-8", "replace")
    found = re.findall(r'<miscellaneous-field name="([^"]{1,100})">([^<]*)</', head)
    return {name: html.unescape(text) for name, text in found}


def _unpacked(content: bytes, *, source: str, limits: Limits) -> bytes:
    """Return the score that a `.mxl` packs, or the content itself."""
    if not content.startswith(ZIP_MARK):
        return content
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            scores = [
                entry
                for entry in packed.infolist()
                if entry.filename.lower().endswith((".xml", ".musicxml"))
                and not entry.filename.startswith("META-INF/")
            ]
            if not scores:
                raise DataError(f"{source} is packed, and holds no score.")
            limits.check_bytes(scores[0].file_size, source=f"The score in {source}")
            with packed.open(scores[0]) as file:
                return file.read(limits.bytes + 1)[: limits.bytes]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise DataError(f"{source} is damaged: it cannot be unpacked.") from error


def _parsed(content: bytes | str, kind: str, *, source: str) -> Any:
    converter = library("music21.converter")
    said = io.StringIO()
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(said):
            warnings.simplefilter("ignore")
            score = converter.parseData(content, format=kind)
            # The library takes what it cannot read in ABC for a C, and says so where nobody looks.
            if GUESSED in said.getvalue():
                raise ValueError(said.getvalue())
            return _played_out(score).toSoundingPitch()
    except Exception as error:  # a damaged file makes the library fail anywhere, with errors of any class
        raise DataError(
            f"{source} is damaged: it cannot be read as {'ABC' if kind == 'abc' else 'MusicXML'}.",
            advice="Export it again from the program it comes from.",
        ) from error


def _played_out(score: Any) -> Any:
    """Return a score with its repeats written out, or as it stands where they lead nowhere."""
    if hasattr(score, "scores") and not hasattr(score, "parts"):
        score = score.scores[0]
    try:
        return score.expandRepeats()
    except Exception:  # repeats that do not add up: the bars as they stand are still music
        return score


def _piece(score: Any, *, source: str, limits: Limits, drums: frozenset[int] = frozenset()) -> Piece:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            piece = _heard(score, drums)
    except DataError as error:
        raise DataError(f"{source}: {error.message}", advice=error.advice) from error
    limits.check_notes(piece.note_count, source=source)
    limits.check_seconds(piece.seconds, source=source)
    return piece


def _heard(score: Any, drums: frozenset[int]) -> Piece:
    parts = list(score.parts) or [score]
    flat = [part.flatten() for part in parts]
    title = (score.metadata.bestTitle or "") if score.metadata else ""
    groups: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        # The two staves of a piano are two parts here, and one instrument.
        staff = re.fullmatch(r"(.*)-Staff\d+", str(part.id))
        groups.setdefault(f"staves of {staff[1]}" if staff else f"part {place}", []).append(place)
    tracks = [
        _track(parts[places[0]], [flat[place] for place in places], drums=number in drums)
        for number, places in enumerate(groups.values())
    ]
    piece = Piece(
        title=title,
        tracks=tuple(track for track in tracks if track.notes),
        tempos=tuple(_tempos(score)),
        metres=tuple(_metres(parts[0])),
        keys=tuple(_keys(flat[0])),
    )
    return replace(piece, chords=tuple(_chords(flat, piece.ticks)))


def _track(part: Any, staves: Sequence[Any], *, drums: bool) -> Track:
    instrument = part.getInstrument(returnDefault=True)
    program = instrument.midiProgram
    notes = _joined(strike for staff in staves for strike in _strikes(staff))
    return Track(
        name=str(getattr(part, "partName", None) or instrument.instrumentName or ""),
        program=program if isinstance(program, int) and 0 <= program <= 127 and not drums else 0,
        drums=drums,
        notes=tuple(notes),
    )


def _strikes(staff: Any) -> Iterable[tuple[int, int, int, int, str]]:
    """Yield (start, end, pitch, velocity, tie) of every note head but grace notes, which have no time."""
    for element in staff.notes:
        if "ChordSymbol" in element.classes or not element.quarterLength:
            continue
        start = round(float(element.offset) * TICKS)
        end = round(float(element.offset + element.quarterLength) * TICKS)
        for note in getattr(element, "notes", None) or (element,):
            velocity = note.volume.velocity or element.volume.velocity or USUAL_VELOCITY
            tie = note.tie or element.tie
            kind = tie.type if tie is not None else ""
            yield start, max(end, start + 1), int(note.pitch.midi), min(127, max(1, int(velocity))), kind


def _joined(strikes: Iterable[tuple[int, int, int, int, str]]) -> list[Note]:
    """Return notes, tied heads joined to what they are tied to."""
    held: dict[tuple[int, int], int] = {}
    notes: list[Note] = []
    for start, end, pitch, velocity, tie in sorted(strikes):
        place = held.pop((pitch, start), None) if tie in {"stop", "continue"} else None
        if place is None:
            place = len(notes)
            notes.append(Note(start=start, duration=end - start, pitch=pitch, velocity=velocity))
        else:
            notes[place] = replace(notes[place], duration=end - notes[place].start)
        if tie in {"start", "continue"}:
            held[pitch, end] = place
    return notes


def _tempos(score: Any) -> Iterable[Tempo]:
    for mark in score.flatten().getElementsByClass("MetronomeMark"):
        speed = mark.getQuarterBPM()
        if speed and 1 <= speed <= 1000:
            yield Tempo(tick=round(float(mark.offset) * TICKS), qpm=round(float(speed), 3))


def _metres(part: Any) -> Iterable[Metre]:
    """Yield the metre of every bar that differs from the one before; a pick-up is a short bar."""
    measures = list(part.getElementsByClass("Measure"))
    current, before = Metre(), None
    for place, measure in enumerate(measures):
        if measure.timeSignature is not None:
            written = measure.timeSignature
            current = Metre(numerator=written.numerator, denominator=written.denominator)
        start = round(float(measure.offset) * TICKS)
        last = place + 1 == len(measures)
        end = start + current.bar if last else round(float(measures[place + 1].offset) * TICKS)
        bar = current if end - start == current.bar else _metre_of(end - start, current)
        if bar is not None and bar != before:
            yield replace(bar, tick=start)
            before = bar


def _metre_of(ticks: int, usual: Metre) -> Metre | None:
    """Return the metre of one bar of unusual length, None where it has no length that can be written."""
    denominator = usual.denominator
    while denominator <= SMALLEST:
        unit = 4 * TICKS // denominator
        if ticks > 0 and ticks % unit == 0:
            return Metre(numerator=min(255, ticks // unit), denominator=denominator)
        denominator *= 2
    return None


def _keys(flat: Any) -> Iterable[Key]:
    before = None
    for signature in flat.getElementsByClass("KeySignature"):
        minor = getattr(signature, "mode", None) == "minor"
        tonic = (signature.sharps * 7 + (9 if minor else 0)) % 12
        tick = round(float(signature.offset) * TICKS)
        if (tonic, minor) != before:
            yield Key(tick=tick, tonic=tonic, mode="minor" if minor else "major")
        before = tonic, minor


def _chords(flat: Sequence[Any], ticks: int) -> Iterable[Chord]:
    """Yield chord symbols; each lasts until the next, or to the end."""
    symbols = sorted(
        (round(float(symbol.offset) * TICKS), str(symbol.figure))
        for part in flat
        for symbol in part.getElementsByClass("ChordSymbol")
    )
    ends = [*(start for start, _ in symbols), ticks][1:]
    for (start, name), end in zip(symbols, ends, strict=False):
        if end > start:
            yield Chord(start=start, end=end, name=name.replace("-", "b"))

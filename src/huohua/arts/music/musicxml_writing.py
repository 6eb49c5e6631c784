"""Write pieces as MusicXML 4.0, the format that notation programs open.

The same piece gives the same bytes: no dates, no random numbers. Times that lie on a grid of sixteenths,
triplets or sixty-fourths are kept exactly; others move to the nearest place.

Source: W3C, "MusicXML 4.0" (score-partwise; order of elements inside `note`).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from huohua.arts.music.key_finding import found_key
from huohua.arts.music.musicxml_notes import VoiceWriter, instrument_id
from huohua.arts.music.notation import Staff, staves
from huohua.arts.music.piece import TICKS, Bar, Chord, Key, Metre, Piece, Tempo, Track
from huohua.arts.music.roles import VOICES
from huohua.arts.music.spelling import NOTHING_SOUNDS, chord_symbol, sharps_of

DOCTYPE = (
    '<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" '
    '"http://www.musicxml.org/dtds/partwise.dtd">'
)


def musicxml_bytes(
    piece: Piece, *, fields: Mapping[str, str] | None = None, software: str = "", legible: bool = False
) -> bytes:
    """Return a MusicXML file; `fields` become miscellaneous fields at its head.

    With `legible` the rhythm is simplified as for an engraved page.
    """
    root = ET.Element("score-partwise", version="4.0")
    if piece.title:
        ET.SubElement(ET.SubElement(root, "work"), "work-title").text = piece.title
    _identification(root, fields or {}, software)
    parts = staves(piece, legible=legible)
    _part_list(root, [staff_group[0].track for staff_group in parts])
    for number, part in enumerate(parts, 1):
        element = ET.SubElement(root, "part", id=f"P{number}")
        _PartWriter(piece, part, number).write(element)
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n{body}\n'.encode()


def _identification(root: ET.Element, fields: Mapping[str, str], software: str) -> None:
    identification = ET.SubElement(root, "identification")
    if software:
        ET.SubElement(ET.SubElement(identification, "encoding"), "software").text = software
    if fields:
        miscellaneous = ET.SubElement(identification, "miscellaneous")
        for name, text in fields.items():
            ET.SubElement(miscellaneous, "miscellaneous-field", name=name).text = text


def _part_list(root: ET.Element, tracks: Sequence[Track]) -> None:
    """Write the parts and their instruments; voices that follow one another stand in one bracket."""
    listing = ET.SubElement(root, "part-list")
    voices = [place for place, track in enumerate(tracks) if track.role in VOICES]
    bracket = len(voices) > 1 and voices == list(range(voices[0], voices[-1] + 1))
    for place, track in enumerate(tracks):
        if bracket and place == voices[0]:
            group = ET.SubElement(listing, "part-group", type="start", number="1")
            ET.SubElement(group, "group-symbol").text = "bracket"
        _score_part(listing, track, place + 1)
        if bracket and place == voices[-1]:
            ET.SubElement(listing, "part-group", type="stop", number="1")


def _score_part(listing: ET.Element, track: Track, number: int) -> None:
    part = ET.SubElement(listing, "score-part", id=f"P{number}")
    name = track.name or track.role or f"Track {number}"
    ET.SubElement(part, "part-name").text = name
    ET.SubElement(part, "part-abbreviation").text = _abbreviated(name)
    keys = sorted({note.pitch for note in track.notes}) if track.drums else [None]
    for key in keys:
        instrument = ET.SubElement(part, "score-instrument", id=instrument_id(number, key))
        ET.SubElement(instrument, "instrument-name").text = name if key is None else f"key {key}"
    for key in keys:
        midi = ET.SubElement(part, "midi-instrument", id=instrument_id(number, key))
        ET.SubElement(midi, "midi-channel").text = str(10 if track.drums else _channel(number))
        ET.SubElement(midi, "midi-program").text = str(track.program + 1)
        if key is not None:
            ET.SubElement(midi, "midi-unpitched").text = str(key + 1)


def _abbreviated(name: str) -> str:
    """Return the first letter of each word, and numbers.

    Example:
        >>> _abbreviated("violin 2"), _abbreviated("piano_rh")
        ('V. 2', 'P. R.')
    """
    words = re.findall(r"\d+|[^\W\d_]+", name)
    return " ".join(word if word.isdigit() else f"{word[0].upper()}." for word in words)


def _channel(number: int) -> int:
    """Return a MIDI channel, from 1, that is not that of the drums."""
    channel = (number - 1) % 15 + 1
    return channel if channel < 10 else channel + 1


class _PartWriter:
    """Writes the measures of one part: what changed, chord symbols, then voice after voice."""

    def __init__(self, piece: Piece, part: Sequence[Staff], number: int) -> None:
        self.piece, self.part, self.number = piece, part, number
        self.keys = piece.keys or (found_key(piece),)
        self.shown: tuple[int, int] | None = None
        self.sharps: int | None = None
        self.key = self.keys[0]

    def write(self, element: ET.Element) -> None:
        bars = self.piece.bars
        pickup = len(bars) > 1 and _is_pickup(bars)
        for index, bar in enumerate(bars):
            number = index + (0 if pickup else 1)
            measure = ET.SubElement(element, "measure", number=str(number))
            short = bar.end - bar.start != _shown_metre(bars, index).bar
            if (pickup and index == 0) or short:
                measure.set("implicit", "yes")
            self._attributes(measure, index)
            if self.number == 1:
                self._tempos(measure, bar)
                self._chords(measure, bar)
            self._voices(measure, index, bar)
            if index == len(bars) - 1:
                line = ET.SubElement(measure, "barline", location="right")
                ET.SubElement(line, "bar-style").text = "light-heavy"

    def _attributes(self, measure: ET.Element, index: int) -> None:
        attributes = ET.Element("attributes")
        bar = self.piece.bars[index]
        if index == 0:
            ET.SubElement(attributes, "divisions").text = str(TICKS)
        self.key = _key_at(self.keys, bar) or self.key
        if (sharps := sharps_of(self.key)) != self.sharps and not self.part[0].track.drums:
            key = ET.SubElement(attributes, "key")
            ET.SubElement(key, "fifths").text = str(sharps)
            ET.SubElement(key, "mode").text = self.key.mode
            self.sharps = sharps
        metre = _shown_metre(self.piece.bars, index)
        if (shown := (metre.numerator, metre.denominator)) != self.shown:
            time = ET.SubElement(attributes, "time")
            ET.SubElement(time, "beats").text = str(metre.numerator)
            ET.SubElement(time, "beat-type").text = str(metre.denominator)
            self.shown = shown
        if index == 0:
            self._clefs(attributes)
        if len(attributes):
            measure.append(attributes)

    def _clefs(self, attributes: ET.Element) -> None:
        if len(self.part) > 1:
            ET.SubElement(attributes, "staves").text = str(len(self.part))
        for place, staff in enumerate(self.part, 1):
            clef = ET.SubElement(attributes, "clef")
            if len(self.part) > 1:
                clef.set("number", str(place))
            if staff.track.drums:
                ET.SubElement(clef, "sign").text = "percussion"
                continue
            ET.SubElement(clef, "sign").text = "F" if staff.low else "G"
            ET.SubElement(clef, "line").text = "4" if staff.low else "2"

    def _tempos(self, measure: ET.Element, bar: Bar) -> None:
        for tempo in self.piece.tempos:
            if bar.start <= tempo.tick < bar.end:
                _tempo(measure, tempo, bar)

    def _chords(self, measure: ET.Element, bar: Bar) -> None:
        for chord in self.piece.chords:
            if bar.start <= chord.start < bar.end:
                _harmony(measure, chord, chord.start - bar.start)

    def _voices(self, measure: ET.Element, index: int, bar: Bar) -> None:
        voice = 0
        for place, staff in enumerate(self.part, 1):
            altered: dict[tuple[str, int], int] = {}
            for order, events in enumerate(staff.bars[index]):
                if voice:
                    backup = ET.SubElement(measure, "backup")
                    ET.SubElement(backup, "duration").text = str(bar.end - bar.start)
                voice += 1
                several = len(staff.bars[index]) > 1
                writer = VoiceWriter(
                    key=self.key,
                    part=self.number,
                    drums=staff.track.drums,
                    staff=place if len(self.part) > 1 else None,
                    voice=voice,
                    stem=("down" if order % 2 else "up") if several else "",
                    altered=altered,
                    whole=bar.end - bar.start == _shown_metre(self.piece.bars, index).bar,
                )
                writer.write(measure, events, bar, hidden=order > 0)


def _is_pickup(bars: Sequence[Bar]) -> bool:
    """Return whether the first bar is the end of one: shorter than the next, and counted alike."""
    first, second = bars[0], bars[1]
    alike = first.metre.denominator == second.metre.denominator
    return alike and first.end - first.start < second.metre.bar and second.metre.tick == second.start


def _shown_metre(bars: Sequence[Bar], index: int) -> Metre:
    """Return the metre that stands at a bar: at a pick-up, that of the bar it leads to."""
    if index == 0 and len(bars) > 1 and _is_pickup(bars):
        return bars[1].metre
    return bars[index].metre


def _key_at(keys: Sequence[Key], bar: Bar) -> Key | None:
    """Return the last key that begins before a bar is over, None before the first."""
    return next((key for key in reversed(keys) if key.tick < bar.end), None)


def _tempo(measure: ET.Element, tempo: Tempo, bar: Bar) -> None:
    direction = ET.SubElement(measure, "direction", placement="above")
    mark = ET.SubElement(ET.SubElement(direction, "direction-type"), "metronome")
    ET.SubElement(mark, "beat-unit").text = "quarter"
    ET.SubElement(mark, "per-minute").text = f"{tempo.qpm:g}"
    if tempo.tick > bar.start:
        ET.SubElement(direction, "offset").text = str(tempo.tick - bar.start)
    ET.SubElement(direction, "sound", tempo=f"{tempo.qpm:g}")


def _harmony(measure: ET.Element, chord: Chord, offset: int) -> None:
    """Write a chord symbol, as it is spelled; where nothing sounds, and what is no chord, is left out."""
    symbol = None if chord.name in NOTHING_SOUNDS else chord_symbol(chord.name)
    if symbol is None:
        return
    harmony = ET.SubElement(measure, "harmony", placement="above")
    _step(harmony, "root", symbol.root)
    ET.SubElement(harmony, "kind", text=symbol.text).text = symbol.kind
    if symbol.bass:
        _step(harmony, "bass", symbol.bass)
    if offset:
        ET.SubElement(harmony, "offset").text = str(offset)


def _step(harmony: ET.Element, name: str, note: tuple[str, int]) -> None:
    element = ET.SubElement(harmony, name)
    ET.SubElement(element, f"{name}-step").text = note[0]
    if note[1]:
        ET.SubElement(element, f"{name}-alter").text = str(note[1])

"""Read the drums of MusicXML: notes without a pitch, whose instrument says which key of the kit they are.

The library that reads scores keeps one instrument for each part. So each note of a kit is given the key it
stands for as its pitch before the score is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

from huohua.arts.music.musicxml_notes import DRUM_PLACES
from huohua.arts.music.piece import Key
from huohua.arts.music.roles import DRUM_PITCHES
from huohua.arts.music.spelling import spelled

# Where a note says no instrument, its place on the staff says which drum it is, as far as that can be.
KEY_AT: Mapping[tuple[str, str], int] = {
    (letter, str(octave)): DRUM_PITCHES[drum]
    for drum, (letter, octave, _) in reversed(list(DRUM_PLACES.items()))
}
ANYWHERE = DRUM_PITCHES["snare"]
HEIGHT = Key()


def drums_as_pitches(content: bytes) -> tuple[bytes, frozenset[int]]:
    """Return a score whose drums have pitches, and the places of the parts that play them.

    Raises:
        xml.etree.ElementTree.ParseError: the content is no XML.
    """
    root = ElementTree.fromstring(content)  # noqa: S314 - entities are refused before
    keys = {
        str(instrument.get("id")): int(number) - 1
        for instrument in root.iter("midi-instrument")
        if (number := (instrument.findtext("midi-unpitched") or "").strip()).isdigit()
    }
    parts = set()
    for place, part in enumerate(root.iter("part")):
        for note in part.iter("note"):
            if (position := note.find("unpitched")) is not None:
                parts.add(place)
                _give_pitch(note, position, keys)
    return (ElementTree.tostring(root) if parts else content), frozenset(parts)


def _give_pitch(note: ElementTree.Element, place: ElementTree.Element, keys: Mapping[str, int]) -> None:
    instrument = note.find("instrument")
    position = (place.findtext("display-step", ""), place.findtext("display-octave", ""))
    key = keys.get(str(instrument.get("id"))) if instrument is not None else None
    if key is None or not 0 <= key <= 127:
        key = KEY_AT.get(position, ANYWHERE)
    written = spelled(key, HEIGHT)
    place.clear()
    place.tag = "pitch"
    ElementTree.SubElement(place, "step").text = written.letter
    ElementTree.SubElement(place, "alter").text = str(written.alter)
    ElementTree.SubElement(place, "octave").text = str(written.octave)

"""Write the notes of one voice in one bar as elements of MusicXML.

Source: W3C, "MusicXML 4.0", element `note` (the order of what stands in it).
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huohua.arts.music.grouping import beams, triplet_ends
from huohua.arts.music.notation import Event, Head
from huohua.arts.music.piece import Bar, Key
from huohua.arts.music.roles import DRUM_OF_PITCH, Drum
from huohua.arts.music.spelling import in_signature, sharps_of, spelled

ACCIDENTALS = {-2: "flat-flat", -1: "flat", 0: "natural", 1: "sharp", 2: "double-sharp"}
# A MusicXML dynamic of 100 is a velocity of 90.
FORTE = 90

# Where drums stand on their staff, and whether their heads are crosses.
DRUM_PLACES: Mapping[Drum, tuple[str, int, bool]] = {
    "kick": ("F", 4, False),
    "snare": ("C", 5, False),
    "closed hat": ("G", 5, True),
    "open hat": ("G", 5, True),
    "low tom": ("A", 4, False),
    "mid tom": ("D", 5, False),
    "high tom": ("E", 5, False),
    "crash": ("A", 5, True),
    "ride": ("F", 5, True),
}
ELSEWHERE = ("B", 4, True)


def instrument_id(part: int, key: int | None) -> str:
    """Return the name under which a part's instrument, or one of its drums, goes in a file."""
    return f"P{part}-I1" if key is None else f"P{part}-D{key}"


@dataclass(frozen=True, kw_only=True)
class VoiceWriter:
    """Writes one voice of one bar.

    Attributes:
        key: the key that pitches are spelled in.
        part: the number of the part in the file.
        drums: whether it plays the drums.
        staff: the number of the staff, None where the part has one.
        voice: the number of the voice in its part.
        stem: "up" or "down" where several voices share the staff, else "".
        altered: the accidentals that stand in the bar so far, by letter and octave; grows.
        whole: whether the bar is as long as the metre that stands in front of it.
    """

    key: Key
    part: int
    drums: bool
    staff: int | None
    voice: int
    stem: str
    altered: dict[tuple[str, int], int]
    whole: bool

    def write(self, measure: ET.Element, events: Sequence[Event], bar: Bar, *, hidden: bool) -> None:
        """Write the events; with `hidden` rests are moves forward, which nobody sees."""
        # In a bar shorter than its metre, a rest of the whole bar would be as long as the metre.
        if self.whole and not any(event.heads for event in events):
            self._whole_rest(measure, bar.end - bar.start)
            return
        joined = zip(events, beams(events, bar.metre), triplet_ends(events), strict=True)
        for event, beam, ends in joined:
            if not event.heads and hidden and not event.value.triplet:
                forward = ET.SubElement(measure, "forward")
                ET.SubElement(forward, "duration").text = str(event.value.ticks)
                continue
            for order, head in enumerate(event.heads or (None,)):
                note = self._note(measure, event, head, in_chord=order > 0)
                if order == 0:
                    for number, kind in enumerate(beam, 1):
                        ET.SubElement(note, "beam", number=str(number)).text = kind
                _notations(note, head, ends if order == 0 else ())

    def _whole_rest(self, measure: ET.Element, ticks: int) -> None:
        note = ET.SubElement(measure, "note")
        ET.SubElement(note, "rest", measure="yes")
        ET.SubElement(note, "duration").text = str(ticks)
        ET.SubElement(note, "voice").text = str(self.voice)
        self._staff(note)

    def _note(self, measure: ET.Element, event: Event, head: Head | None, *, in_chord: bool) -> ET.Element:
        """Write everything of a note up to its staff, in the order the format wants."""
        note = ET.SubElement(measure, "note")
        if in_chord:
            ET.SubElement(note, "chord")
        self._sound(note, head)
        ET.SubElement(note, "duration").text = str(event.value.ticks)
        for kind in _ties(head):
            ET.SubElement(note, "tie", type=kind)
        if head and self.drums:
            ET.SubElement(note, "instrument", id=instrument_id(self.part, head.pitch))
        ET.SubElement(note, "voice").text = str(self.voice)
        ET.SubElement(note, "type").text = event.value.kind
        if event.value.dotted:
            ET.SubElement(note, "dot")
        self._accidental(note, head)
        if event.value.triplet:
            change = ET.SubElement(note, "time-modification")
            ET.SubElement(change, "actual-notes").text = "3"
            ET.SubElement(change, "normal-notes").text = "2"
        if head and self.stem:
            ET.SubElement(note, "stem").text = self.stem
        if head and self.drums and _drum_place(head.pitch)[2]:
            ET.SubElement(note, "notehead").text = "x"
        self._staff(note)
        return note

    def _staff(self, note: ET.Element) -> None:
        if self.staff is not None:
            ET.SubElement(note, "staff").text = str(self.staff)

    def _sound(self, note: ET.Element, head: Head | None) -> None:
        if head is None:
            ET.SubElement(note, "rest")
            return
        note.set("dynamics", f"{head.velocity / FORTE * 100:.2f}")
        if self.drums:
            step, octave, _ = _drum_place(head.pitch)
            place = ET.SubElement(note, "unpitched")
            ET.SubElement(place, "display-step").text = step
            ET.SubElement(place, "display-octave").text = str(octave)
            return
        written = spelled(head.pitch, self.key)
        pitch = ET.SubElement(note, "pitch")
        ET.SubElement(pitch, "step").text = written.letter
        if written.alter:
            ET.SubElement(pitch, "alter").text = str(written.alter)
        ET.SubElement(pitch, "octave").text = str(written.octave)

    def _accidental(self, note: ET.Element, head: Head | None) -> None:
        """Write an accidental where the key, or an earlier one in the bar, says otherwise."""
        if head is None or self.drums or head.tied_from:
            return
        written = spelled(head.pitch, self.key)
        place = (written.letter, written.octave)
        usual = in_signature(written.letter, sharps_of(self.key))
        if written.alter != self.altered.get(place, usual):
            ET.SubElement(note, "accidental").text = ACCIDENTALS[written.alter]
            self.altered[place] = written.alter


def _drum_place(key: int) -> tuple[str, int, bool]:
    drum = DRUM_OF_PITCH.get(key)
    return DRUM_PLACES[drum] if drum else ELSEWHERE


def _ties(head: Head | None) -> list[str]:
    ends = (("stop", head.tied_from), ("start", head.tied_to)) if head else ()
    return [kind for kind, here in ends if here]


def _notations(note: ET.Element, head: Head | None, triplet: Sequence[str]) -> None:
    ties = _ties(head)
    if not ties and not triplet:
        return
    notations = ET.SubElement(note, "notations")
    for kind in ties:
        ET.SubElement(notations, "tied", type=kind)
    for kind in triplet:
        tuplet = ET.SubElement(notations, "tuplet", type=kind)
        if kind == "start":
            tuplet.set("bracket", "yes")

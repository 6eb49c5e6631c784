"""The machine-readable label that says "an AI made this", as an XMP packet.

Two vocabularies stand side by side in one packet: the IPTC term for the digital source type, which
the European and the American tools read, and the AIGC label of China's GB 45438-2025. Reading uses
patterns on a bounded text and no XML parser, so that a stranger's file cannot expand entities.

Source: IPTC Photo Metadata Standard, "Digital Source Type"; GB 45438-2025, section 6.1 and annex E
(seven fields in JSON); TC260-PG-20258A (the XMP property `TC260:AIGC`).
"""

from __future__ import annotations

import html
import json
import re

from huohua.config import Config
from huohua.provenance.record import Record

AIGC_NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
IPTC_NAMESPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"

# JPEG holds at most 65,502 bytes of XMP; other writers may use more, but not a megabyte.
LONGEST_PACKET = 1 << 20


class AigcLabel(Config):
    """The seven fields of the implicit label of GB 45438-2025, annex E.

    Attributes:
        label: "1" it is generated, "2" it may be, "3" it is suspected.
        content_producer: name or code of who generated it.
        produce_id: the producer's number for this work.
        reserved_code1: the producer's integrity value, if any.
        content_propagator: name or code of who spreads it.
        propagate_id: the spreader's number for it.
        reserved_code2: the spreader's integrity value, if any.
    """

    label: str = "1"
    content_producer: str = ""
    produce_id: str = ""
    reserved_code1: str = ""
    content_propagator: str = ""
    propagate_id: str = ""
    reserved_code2: str = ""

    def to_standard_json(self) -> str:
        """Return the label as the standard spells it."""
        fields = {key: getattr(self, name) for key, name in _STANDARD_KEYS.items()}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


_STANDARD_KEYS = {
    "Label": "label",
    "ContentProducer": "content_producer",
    "ProduceID": "produce_id",
    "ReservedCode1": "reserved_code1",
    "ContentPropagator": "content_propagator",
    "PropagateID": "propagate_id",
    "ReservedCode2": "reserved_code2",
}


def xmp_packet(record: Record, *, work_id: str) -> str:
    """Return the XMP packet of a work: how it was made, by which program, and when."""
    label = AigcLabel(content_producer=record.origin.content_producer, produce_id=work_id)
    fields = {
        "Iptc4xmpExt:DigitalSourceType": SOURCE_TYPES + record.origin.source_type,
        "TC260:AIGC": label.to_standard_json(),
        "xmp:CreatorTool": record.origin.producer,
        "xmp:CreateDate": record.origin.created,
    }
    body = "\n".join(f"   <{name}>{_escape(value)}</{name}>" for name, value in fields.items())
    return _PACKET.format(iptc=IPTC_NAMESPACE, aigc=AIGC_NAMESPACE, body=body)


_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:Iptc4xmpExt="{iptc}"
    xmlns:TC260="{aigc}">
{body}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def read_source_type(packet: str) -> str:
    """Return the IPTC source type of an XMP packet, such as "trainedAlgorithmicMedia", or ""."""
    return _property(packet, "DigitalSourceType").rstrip("/").rpartition("/")[2]


def read_aigc(packet: str) -> AigcLabel | None:
    """Return the AIGC label of an XMP packet, or None when there is none that can be read."""
    text = _property(packet, "AIGC")
    try:
        fields = dict(json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return None
    return AigcLabel(**{name: str(fields[key]) for key, name in _STANDARD_KEYS.items() if key in fields})


def _property(packet: str, name: str) -> str:
    """Return a simple property, written as an element or as an attribute, without its escapes."""
    packet = packet[:LONGEST_PACKET]
    element = re.search(rf"<(?:\w+:)?{name}>([^<]*)</", packet)
    attribute = re.search(rf"""\s(?:\w+:)?{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", packet)
    for found in (element, attribute):
        if found:
            return html.unescape(next(group for group in found.groups() if group is not None)).strip()
    return ""


def _escape(text: str) -> str:
    """Escape what XML reserves and drop the control characters that it forbids even escaped."""
    allowed = "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")
    return html.escape(allowed, quote=False)

"""The label that says "an AI made this": what stands in the packet, and what is read back."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.provenance.labels import AigcLabel, read_aigc, read_source_type, xmp_packet
from huohua.provenance.record import Origin, Recipe, Record

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
AIGC = "{http://www.tc260.org.cn/ns/AIGC/1.0/}AIGC"
SOURCE_TYPE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"


def record(producer: str = "Huohua", program: str = "Huohua 0.1.0") -> Record:
    origin = Origin(producer=program, created="2026-11-24T06:00:00+00:00", content_producer=producer)
    return Record(recipe=Recipe(model_sha256="00", seed=1, version="0.1.0"), origin=origin)


def parsed(packet: str) -> ElementTree.Element:
    """Read a packet as XML: an independent reader, of our own text only."""
    found = ElementTree.fromstring(packet.lstrip("\ufeff")).find(f"{RDF}RDF/{RDF}Description")  # noqa: S314
    assert found is not None
    return found


def test_the_packet_holds_the_seven_fields_of_the_chinese_standard():
    label = json.loads(parsed(xmp_packet(record(), work_id="w1")).findtext(AIGC) or "")
    assert label == {
        "Label": "1",
        "ContentProducer": "Huohua",
        "ProduceID": "w1",
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }


def test_the_packet_names_the_digital_source_type_of_the_iptc():
    address = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    assert parsed(xmp_packet(record(), work_id="w1")).findtext(SOURCE_TYPE) == address


def test_the_packet_holds_exactly_one_label():
    assert xmp_packet(record(), work_id="w1").count("<TC260:AIGC>") == 1


def test_the_packet_is_wrapped_as_xmp_asks():
    packet = xmp_packet(record(), work_id="w1")
    assert packet.startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert packet.endswith('<?xpacket end="w"?>')


@given(st.text(max_size=100))
def test_any_name_of_a_producer_survives_both_readers(producer):
    # What XML forbids even in escaped form cannot survive, and line ends are normalised by it.
    producer = re.sub(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff\x7f-\x9f]", "", producer).strip()
    packet = xmp_packet(record(producer), work_id="w1")
    label = read_aigc(packet)
    assert label is not None
    assert label.content_producer == producer
    assert json.loads(parsed(packet).findtext(AIGC) or "")["ContentProducer"] == producer


def test_a_producer_cannot_break_out_of_its_field():
    packet = xmp_packet(record('</TC260:AIGC><evil a="1">&x;'), work_id="w1")
    assert parsed(packet).findall("evil") == []
    assert len(list(parsed(packet))) == 4


def test_what_was_written_is_read_back():
    packet = xmp_packet(record("001191110000"), work_id="w1")
    assert read_aigc(packet) == AigcLabel(content_producer="001191110000", produce_id="w1")
    assert read_source_type(packet) == "trainedAlgorithmicMedia"


@pytest.mark.parametrize(
    "packet",
    [
        '<d TC260:AIGC="{&quot;Label&quot;:&quot;1&quot;,&quot;ProduceID&quot;:&quot;x&quot;}"/>',
        """<d TC260:AIGC='{"Label":"1","ProduceID":"x"}'/>""",
        "<d><TC260:AIGC>{&#34;Label&#34;:&#x22;1&#34;,&quot;ProduceID&quot;:&quot;x&quot;}</TC260:AIGC></d>",
        '<d><ns0:AIGC>\n{"Label": 1, "ProduceID": "x", "Unknown": []}\n</ns0:AIGC></d>',
    ],
    ids=["attribute", "attribute in single quotes", "escaped element", "other prefix"],
)
def test_labels_of_other_programs_are_read(packet):
    assert read_aigc(packet) == AigcLabel(label="1", produce_id="x")


@pytest.mark.parametrize(
    "packet",
    ["", "<d/>", "<TC260:AIGC>{</TC260:AIGC>", "<TC260:AIGC>[1, 2]</TC260:AIGC>", "<a:AIGC>7</a:AIGC>"],
)
def test_where_there_is_no_label_none_is_read(packet):
    assert read_aigc(packet) is None
    assert read_source_type(packet) == ""


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaa">]><d><TC260:AIGC>{"ProduceID":"&a;"}</TC260:AIGC></d>'
    label = read_aigc(bomb)
    assert label is not None
    assert label.produce_id == "&a;"

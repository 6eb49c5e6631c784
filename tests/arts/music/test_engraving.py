"""Engraved scores: pages that stand on their own, the same each time, with the record in SVG and PDF."""

from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from huohua.arts.music.piece import Chord, Note, Piece, Tempo, Track
from huohua.arts.music.stamps import Stamp
from huohua.errors import DataError

pytest.importorskip("verovio")
STAMP = Stamp(title="A & B", record='{"recipe":"<1>"}', description="jazz, made by an AI", xmp="<x>label</x>")


def scale(bars=2, title=""):
    notes = tuple(Note(start=48 * n, duration=48, pitch=60 + n % 12) for n in range(4 * bars))
    drums = tuple(Note(start=48 * n, duration=12, pitch=36) for n in range(4 * bars))
    return Piece(
        title=title,
        tracks=(Track(name="flute", notes=notes, role="lead"), Track(name="kit", drums=True, notes=drums)),
        tempos=(Tempo(qpm=90),),
        chords=(Chord(start=0, end=192, name="Bbm7/Db"),),
    )


@pytest.fixture(scope="module")
def pages():
    from huohua.arts.music.engraving import pages

    return pages(scale(120, title="火花"), footer="made by an AI")


def test_a_long_piece_takes_several_pages_and_each_says_who_made_it(pages):
    assert len(pages) > 1
    assert all("made by an AI" in page for page in pages)
    assert "火花" in pages[0]


def test_every_note_is_on_some_page(pages):
    heads = sum(len(re.findall(r'<g id="[^"]+" class="note"', page)) for page in pages)
    assert heads == 2 * 4 * 120


def test_a_page_is_xml_that_needs_no_music_font(pages):
    for page in pages:
        ElementTree.fromstring(page)  # noqa: S314 - our own
        assert "@font-face" not in page
        assert not re.search("[\ue000-\uf8ff]", page), "signs of a music font that other programs do not have"
    assert "<ellipse" in pages[0], "the quarter note of the tempo is drawn"
    assert ">b</tspan>" in pages[0], "flats of chord symbols are letters"


def test_the_svg_carries_record_and_label_and_is_the_same_each_time():
    from huohua.arts.music.engraving import svg_bytes

    content = svg_bytes(scale(), STAMP)
    root = ElementTree.fromstring(content)  # noqa: S314 - our own
    record = root.find(".//{urn:huohua:record}record")
    assert record is not None and record.text == STAMP.record
    assert "<x>label</x>" in content.decode()
    assert svg_bytes(scale(), STAMP) == content


def test_the_pdf_carries_record_and_label_and_is_the_same_each_time(tmp_path):
    from huohua.arts.music.engraving import pdf_bytes, record_of_pdf

    pypdf = pytest.importorskip("pypdf")
    content = pdf_bytes(scale(), STAMP)
    read = pypdf.PdfReader(io.BytesIO(content))
    assert len(read.pages) == 1
    assert [round(float(side) / 72 * 25.4) for side in read.pages[0].mediabox[2:]] == [210, 297]
    assert read.metadata.title == "A & B"
    assert b"<x>label</x>" in content or "label" in read.xmp_metadata.stream.get_data().decode()
    (tmp_path / "a.pdf").write_bytes(content)
    assert record_of_pdf(tmp_path / "a.pdf") == STAMP.record
    assert pdf_bytes(scale(), STAMP) == content


def test_the_picture_of_the_first_page_is_ink_on_white():
    from huohua.arts.music.engraving import page_image

    pixels = np.asarray(page_image(scale()).convert("L"))
    assert pixels.shape == (2339, 1654)
    assert 0.002 < (pixels < 128).mean() < 0.2
    assert (pixels[:40] == 255).all()


def test_a_damaged_pdf_and_a_piece_without_notes_are_told(tmp_path):
    from huohua.arts.music.engraving import pages, record_of_pdf

    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(DataError, match="cannot be read as a PDF"):
        record_of_pdf(tmp_path / "a.pdf")
    with pytest.raises(DataError, match="has no score"):
        pages(Piece())

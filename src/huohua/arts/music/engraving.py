"""Engraved scores: Verovio sets the pages, which become one SVG, a PDF, or a picture of the first page.

Pages are A4. The same piece gives the same bytes: Verovio's names for elements are numbered from a fixed
seed. Note signs in text are drawn, so that no page needs a music font; letters of titles and names come from
the fonts of the machine that shows or converts the page.
"""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huohua.arts.music.musicxml_writing import musicxml_bytes
from huohua.arts.music.needs import library
from huohua.arts.music.piece import Piece
from huohua.arts.music.stamps import KEYWORD, Stamp
from huohua.errors import DataError
from huohua.provenance.record import LONGEST_RECORD

if TYPE_CHECKING:
    from PIL import Image

# Tenths of a millimetre, as Verovio counts, and how large a staff is drawn.
WIDTH, HEIGHT = 2100, 2970
OPTIONS = {
    "pageWidth": WIDTH,
    "pageHeight": HEIGHT,
    "pageMarginLeft": 120,
    "pageMarginRight": 120,
    "pageMarginTop": 120,
    "pageMarginBottom": 140,
    "scale": 40,
    "svgViewBox": True,
    "footer": "none",
    "header": "auto",
    "font": "Leipzig",
    "smuflTextFont": "none",
    "xmlIdSeed": 1,
    "breaks": "auto",
    "condense": "none",
}
PICTURE_WIDTH = 1654  # A4 at 200 dots to an inch
NAMESPACE = "urn:huohua:record"
PDF_KEY = "/Huohua"

# The quarter note of tempo marks, drawn here in thousandths of the size of its letter.
QUARTER_SIGN = (
    '<ellipse cx="150" cy="-25" rx="155" ry="108" transform="rotate(-24 150 -25)"/>'
    '<rect x="262" y="-840" width="30" height="790"/>'
)
QUARTER_ADVANCE = 390
SIGN = re.compile(
    r'<text x="(\d+)" y="(\d+)"([^>]*)>((?:(?!</text>).)*?)'
    r'<tspan font-family="Leipzig" font-size="(\d+)px">\ueca5</tspan>',
    re.DOTALL,
)
# Accidentals of chord symbols, which every font has in this form.
LETTERS = {"\uea64": "b", "\uea66": "#", "\uea65": ""}
CHINESE = re.compile(r"<tspan([^>]*)>([^<]*[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef][^<]*)</tspan>")
CHINESE_FONT = "Noto Serif CJK SC"
FONT_STYLE = re.compile(r"<style[^>]*>@font-face.*?</style>", re.DOTALL)


def pages(piece: Piece, *, footer: str = "") -> list[str]:
    """Return the pages of the score of a piece, each an SVG of its own; `footer` stands below each.

    Raises:
        DataError: the piece has no notes.
        MissingDependencyError: the library that engraves is not installed.
    """
    if not piece.note_count:
        raise DataError("A piece without notes has no score.")
    verovio = library("verovio")
    verovio.enableLog(verovio.LOG_OFF)
    engraver = verovio.toolkit()
    engraver.setOptions(OPTIONS)
    engraver.loadData(musicxml_bytes(piece, legible=True).decode())
    count = engraver.getPageCount()
    return [_finished(engraver.renderToSVG(number), footer) for number in range(1, count + 1)]


def svg_bytes(piece: Piece, stamp: Stamp) -> bytes:
    """Return one SVG with all pages below one another, and the stamp as its metadata.

    Raises:
        DataError: the piece has no notes.
        MissingDependencyError: the library that engraves is not installed.
    """
    sheets = pages(piece, footer=stamp.description)
    placed = [
        sheet.replace("<svg ", f'<svg y="{number * HEIGHT}" width="{WIDTH}" height="{HEIGHT}" ', 1)
        for number, sheet in enumerate(sheets)
    ]
    packet = re.sub(r"<\?xpacket[^>]*\?>\n?", "", stamp.xmp)
    height = HEIGHT * len(sheets)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH // 10}mm" height="{height // 10}mm" '
        f'viewBox="0 0 {WIDTH} {height}">',
        f"<title>{html.escape(stamp.title or stamp.description, quote=False)}</title>",
        f"<desc>{html.escape(stamp.description, quote=False)}</desc>",
        "<metadata>",
        f'<{KEYWORD}:record xmlns:{KEYWORD}="{NAMESPACE}">{html.escape(stamp.record)}</{KEYWORD}:record>',
        packet,
        "</metadata>",
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    return "\n".join([*head, *placed, "</svg>\n"]).encode()


def pdf_bytes(piece: Piece, stamp: Stamp) -> bytes:
    """Return a PDF with a page for each of the score's, and the stamp as its metadata.

    Raises:
        DataError: the piece has no notes.
        MissingDependencyError: a library that engraves or converts is not installed.
    """
    cairosvg, pypdf = library("cairosvg"), library("pypdf")
    writer = pypdf.PdfWriter()
    for sheet in pages(piece, footer=stamp.description):
        page = cairosvg.svg2pdf(bytestring=_sized(sheet).encode())
        writer.append(io.BytesIO(page), import_outline=False)
    writer.metadata = None
    writer.add_metadata(
        {
            "/Title": stamp.title or stamp.description,
            "/Subject": stamp.description,
            "/Producer": "Huohua",
            PDF_KEY: stamp.record,
        }
    )
    writer.xmp_metadata = stamp.xmp.encode()
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def page_image(piece: Piece) -> Image.Image:
    """Return the first page of the score as an RGB picture.

    Raises:
        DataError: the piece has no notes.
        MissingDependencyError: a library that engraves or converts is not installed.
    """
    from PIL import Image

    cairosvg = library("cairosvg")
    sheet = pages(piece)[0]
    png = cairosvg.svg2png(
        bytestring=_sized(sheet).encode(), output_width=PICTURE_WIDTH, background_color="white"
    )
    with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
        page: Image.Image = opened.convert("RGB")
    return page


def record_of_pdf(path: Path) -> str:
    """Return the record in the metadata of a PDF, "" where there is none.

    Raises:
        DataError: it is no PDF, or is damaged.
        MissingDependencyError: the library that reads PDF is not installed.
    """
    pypdf = library("pypdf")
    try:
        metadata: Any = pypdf.PdfReader(path).metadata or {}
        text = str(metadata.get(PDF_KEY, ""))
    except Exception as error:  # a damaged file makes the library fail anywhere, with errors of any class
        raise DataError(f"{path} cannot be read as a PDF.") from error
    return text if len(text) <= LONGEST_RECORD else ""


def _finished(sheet: str, footer: str) -> str:
    """Return a page whose note signs are paths and whose letters are those of any font, with its footer."""
    sheet = FONT_STYLE.sub("", sheet)
    sheet = SIGN.sub(_drawn_sign, sheet)
    for sign, letter in LETTERS.items():
        sheet = re.sub(rf'<tspan[^>]*font-size="720px">{sign}', f'<tspan font-size="405px">{letter}', sheet)
    sheet = CHINESE.sub(_in_chinese_font, sheet)
    if not footer:
        return sheet
    words = (
        '<text x="50%" y="98.2%" text-anchor="middle" font-family="serif" font-size="11px" fill="#666">'
        f"{html.escape(footer, quote=False)}</text>"
    )
    return sheet.rstrip().removesuffix("</svg>") + words + "\n</svg>\n"


def _drawn_sign(found: re.Match[str]) -> str:
    """Return a text whose first sign, a quarter note, is drawn before it."""
    x, y, more, before, size = found.groups()
    scale = int(size) / 1000
    note = f'<g transform="translate({x},{y}) scale({scale})">{QUARTER_SIGN}</g>'
    return f'{note}<text x="{int(x) + round(QUARTER_ADVANCE * scale)}" y="{y}"{more}>{before}'


def _in_chinese_font(found: re.Match[str]) -> str:
    """Return a text in a font that has its letters: converters try the first that is named and no other."""
    more, text = found.groups()
    more = re.sub(r' font-family="[^"]*"', "", more)
    return f'<tspan font-family="{CHINESE_FONT}"{more}>{text}</tspan>'


def _sized(sheet: str) -> str:
    """Return a page that says how large it is, for what turns it into paper or pixels."""
    return sheet.replace("<svg ", f'<svg width="{WIDTH // 10}mm" height="{HEIGHT // 10}mm" ', 1)

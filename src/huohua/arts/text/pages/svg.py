"""A page as SVG: real text, so that it can be searched, copied and read aloud."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from huohua.arts.text.pages.faces import FAMILIES
from huohua.arts.text.pages.layout import PAPER, Page


def svg(page: Page, *, description: str = "", record: str = "", packet: str = "") -> str:
    """Return a page as an SVG document.

    Args:
        page: what is drawn.
        description: a sentence about it.
        record: the record of the work, one line of JSON.
        packet: an XMP packet about it.
    """
    families = ", ".join(f"'{family}'" if " " in family else family for family in FAMILIES)
    rows = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{page.width}" height="{page.height}" '
        f'viewBox="0 0 {page.width} {page.height}" role="img" font-family={quoteattr(families)}>',
        f"<title>{escape(_plain(page.title))}</title>",
        f"<desc>{escape(_plain(description))}</desc>",
        f'<metadata><huohua xmlns="https://huohua.invalid/record">{escape(record)}</huohua>{packet}</metadata>',
        f'<rect width="100%" height="100%" fill="{PAPER}"/>',
        *(
            f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="3" '
            f'fill="{box.colour}"/>'
            for box in page.boxes
        ),
        *(
            f'<text x="{piece.x:.1f}" y="{piece.y:.1f}" font-size="{piece.size}" fill="{piece.colour}" '
            f'xml:space="preserve">{escape(_plain(piece.text))}</text>'
            for piece in page.pieces
        ),
        "</svg>",
    ]
    return "\n".join(rows) + "\n"


def _plain(text: str) -> str:
    """Return a text without characters that XML forbids."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")

"""A specimen: some texts side by side on one page, for a glance at what a writer has learnt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

from huohua.arts.text.pages.faces import face
from huohua.errors import MissingDependencyError

SIZE, MARGIN, LEADING = 16, 24, 24
COLUMN, COLUMNS = 360, 4
MOST_LINES = 18
UNDRAWN = "\U00010000"  # from here on typefaces have few shapes, and layout may fail


def specimen(texts: Sequence[str]) -> Image.Image:
    """Return a page with the beginnings of texts, row by row."""
    cells = [_fitted(text) for text in texts]
    grid = [cells[at : at + COLUMNS] for at in range(0, len(cells), COLUMNS)]
    heights = [LEADING * (1 + max(map(len, row))) for row in grid]
    width = MARGIN + COLUMN * min(COLUMNS, max(1, len(texts)))
    page = Image.new("RGB", (width, 2 * MARGIN + sum(heights)), "white")
    pen, top = ImageDraw.Draw(page), MARGIN
    for row, height in zip(grid, heights, strict=True):
        for column, lines in enumerate(row):
            for number, line in enumerate(lines):
                place = MARGIN + column * COLUMN, top + number * LEADING
                pen.text(place, line, fill="black", font=_face())
        top += height
    return page


@cache
def _face() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a typeface with Chinese characters or, where there is none, one without them."""
    try:
        return face(SIZE, chinese=True)
    except MissingDependencyError:
        return ImageFont.load_default(SIZE)


def _fitted(text: str) -> list[str]:
    """Return the lines of a text, broken where a column ends."""
    lines: list[str] = []
    for line in map(_drawable, text.replace("\t", " ⁄ ").split("\n")):
        while line and _face().getlength(line) > COLUMN - MARGIN:
            cut = len(line)
            while cut > 1 and _face().getlength(line[:cut]) > COLUMN - MARGIN:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines[:MOST_LINES]


def _drawable(line: str) -> str:
    """Return a line with a dot for whatever has no shape: a fresh writer of bytes writes anything."""
    return "".join(letter if letter.isprintable() and letter < UNDRAWN else "·" for letter in line)

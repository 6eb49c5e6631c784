"""A specimen: some texts side by side on one page, for a glance at what a writer has learnt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

# Typefaces with Chinese characters as systems name their files; the library looks where systems keep them.
FACES = (
    "NotoSerifCJK-Regular.ttc",
    "NotoSansCJK-Regular.ttc",
    "PingFang.ttc",
    "Songti.ttc",
    "msyh.ttc",
    "simsun.ttc",
    "wqy-zenhei.ttc",
)
SIZE, MARGIN, LEADING = 16, 24, 24
COLUMN, COLUMNS = 360, 4
MOST_LINES = 18


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
                pen.text(place, line, fill="black", font=face())
        top += height
    return page


@cache
def face() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the first typeface with Chinese characters that this system has, or one without them."""
    for name in FACES:
        try:
            return ImageFont.truetype(name, SIZE)
        except OSError:
            continue
    return ImageFont.load_default(SIZE)


def _fitted(text: str) -> list[str]:
    """Return the lines of a text, broken where a column ends."""
    lines: list[str] = []
    for line in text.replace("\t", " ⁄ ").split("\n"):
        while line and face().getlength(line) > COLUMN - MARGIN:
            cut = len(line)
            while cut > 1 and face().getlength(line[:cut]) > COLUMN - MARGIN:
                cut -= 1
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    return lines[:MOST_LINES]

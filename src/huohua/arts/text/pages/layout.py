"""Where everything on a page stands: Chinese verse from right to left in columns, all else in lines.

Columns are set as in a printed book of poems: the title on the right, a column for each line of the text,
marks in the upper right of their cell, and at the foot on the left a seal and the words that say who made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from huohua.arts.text.pages.faces import face_for, has_chinese

INK, RED, GREY, PAPER = "#1f1b16", "#a8321f", "#7a7266", "#faf6ec"
SIZE, TITLE, SMALL = 40, 52, 20  # pixels of text, title and label
GAP = 34  # between columns
MARGIN = 110
LINE = 1.65  # height of a line, in sizes
WIDEST = 1100  # of a text set in lines
TALLEST = 22  # characters of one column
SEAL = "火花"
# The marks of vertical setting; Unicode 16, block Vertical Forms and CJK Compatibility Forms.
UPRIGHT = str.maketrans("，、。：；！？…—（）“”‘’「」『』《》", "︐︑︒︓︔︕︖︙︱︵︶﹃﹄﹁﹂﹁﹂﹃﹄︽︾")

Setting = Literal["vertical", "horizontal"]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """One character of a column, or one line: its text, the left end of its base line, size and colour."""

    text: str
    x: float
    y: float
    size: int
    colour: str = INK


@dataclass(frozen=True, kw_only=True)
class Box:
    """A filled rectangle with round corners."""

    x: float
    y: float
    width: float
    height: float
    colour: str = RED


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page: its size in pixels and what stands on it."""

    width: int
    height: int
    pieces: tuple[Piece, ...]
    boxes: tuple[Box, ...]
    title: str


def laid_out(text: str, *, title: str = "", label: str = "", setting: Setting | None = None) -> Page:
    """Return the page of a text.

    Args:
        text: with line feeds between lines; an empty line makes a gap.
        title: above it, or on its right.
        label: the words that say who made it.
        setting: in columns or in lines; columns for Chinese in short lines unless given.

    Raises:
        MissingDependencyError: the text is Chinese, and no typeface of this system has it.
    """
    lines = text.split("\n")
    if setting is None:
        setting = "vertical" if has_chinese(text) and max(map(len, lines)) <= TALLEST else "horizontal"
    return _columns(lines, title, label) if setting == "vertical" else _rows(lines, title, label)


def _columns(lines: Sequence[str], title: str, label: str) -> Page:
    texts = [(part, SIZE) for line in lines for part in _cut(line)]
    columns = [*([(part, TITLE) for part in _cut(title)] if title else []), *texts]
    tallest = max(len(part) * size for part, size in columns)
    widths = [size + GAP if part else GAP for part, size in columns]
    width = max(round(2 * MARGIN + sum(widths) - GAP + (GAP if title else 0)), _label_width(label))
    height = round(2 * MARGIN + max(tallest, 8 * SIZE) + 2 * SMALL)
    pieces: list[Piece] = []
    right = (width + sum(widths) - GAP) / 2
    for (part, size), step in zip(columns, widths, strict=True):
        down = MARGIN if size == TITLE else MARGIN + SIZE * 0.5
        for place, character in enumerate(part.translate(UPRIGHT)):
            y = down + place * size + size * 0.88
            pieces.append(Piece(text=character, x=right - size, y=y, size=size))
        right -= step + (GAP / 2 if size == TITLE else 0)
    return _finished(width, height, pieces, title, label)


def _cut(line: str) -> Iterator[str]:
    """Yield a line in parts that fit into a column; an empty line is one empty part."""
    yield line[:TALLEST]
    for start in range(TALLEST, len(line), TALLEST):
        yield line[start : start + TALLEST]


def _rows(lines: Sequence[str], title: str, label: str) -> Page:
    chinese = has_chinese(title + "".join(lines))
    rows = [(row, SIZE) for line in lines for row in _wrapped(line, SIZE, chinese=chinese)]
    heads = [(row, TITLE) for row in _wrapped(title, TITLE, chinese=chinese)] if title else []
    widest = max(
        (face_for(row, size, chinese=chinese).getlength(row) for row, size in [*heads, *rows]), default=0
    )
    width = max(round(2 * MARGIN + max(widest, 8 * SIZE)), _label_width(label))
    pieces: list[Piece] = []
    y = float(MARGIN)
    for row, size in [*heads, *([("", SIZE // 2)] if heads else []), *rows]:
        y += size * (LINE if row else 0.9)
        if row:
            pieces.append(Piece(text=row, x=MARGIN, y=y, size=size))
    return _finished(width, round(y + MARGIN + 3 * SMALL), pieces, title, label)


def _wrapped(line: str, size: int, *, chinese: bool) -> Iterator[str]:
    """Yield a line in rows that are not too wide, broken at spaces where there are any."""
    letters = face_for(line, size, chinese=chinese)
    while letters.getlength(line) > WIDEST:
        fits = len(line)
        while fits > 1 and letters.getlength(line[:fits]) > WIDEST:
            fits = max(1, min(fits - 1, int(fits * WIDEST / letters.getlength(line[:fits]))))
        space = line.rfind(" ", 1, fits + 1)
        cut = space if space > 0 else fits
        yield line[:cut]
        line = line[cut:].lstrip(" ")
    yield line


def _label_width(label: str) -> int:
    return round(
        2 * MARGIN + 3 * SMALL + face_for(label, SMALL, chinese=has_chinese(label + SEAL)).getlength(label)
    )


def _finished(width: int, height: int, pieces: Sequence[Piece], title: str, label: str) -> Page:
    """Return a page with the seal and the label at its foot."""
    side = SMALL * 1.3
    x, y = MARGIN, height - MARGIN * 0.55
    seal = [
        Piece(text=character, x=x + side * 0.12, y=y - side * (0.18 - number), size=SMALL, colour=PAPER)
        for number, character in enumerate(SEAL)
    ]
    words = Piece(text=label, x=x + 1.6 * side, y=y + side * 0.55, size=SMALL, colour=GREY)
    box = Box(x=x, y=y - side * 1.05, width=side, height=side * 2.05)
    return Page(
        width=width,
        height=height,
        pieces=(*pieces, *seal, *([words] if label else [])),
        boxes=(box,),
        title=title,
    )

"""Rows of pictures kept one by one as jobs end, and stacked into one sheet when all are there."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from PIL import Image

from huohua.arts.image.sheet import sheet
from huohua.files import write_bytes


def write_row(path: Path, pictures: Sequence[Image.Image]) -> None:
    """Keep pictures side by side in a PNG file, on white and without anything between them."""
    row = sheet(pictures, columns=len(pictures), gap=1)
    buffer = io.BytesIO()
    row.save(buffer, "PNG")
    write_bytes(path, buffer.getvalue())


def read_row(path: Path) -> Image.Image | None:
    """Return a row that was kept, or nothing if it was not."""
    if not path.is_file():
        return None
    with Image.open(path) as opened:
        row: Image.Image = opened.convert("RGB")
    return row


def stacked(rows: Mapping[str, Image.Image]) -> Image.Image:
    """Return rows under one another, each with its name on the left."""
    return sheet(list(rows.values()), columns=1, row_labels=list(rows))

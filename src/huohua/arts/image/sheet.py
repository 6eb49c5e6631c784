"""Many pictures on one: previews, contact sheets, and the pictures of the README."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_MARGIN, _LINE = 4, 12


def sheet(
    images: np.ndarray | Sequence[Image.Image],
    columns: int,
    gap: int = 2,
    row_labels: Sequence[str] | None = None,
) -> Image.Image:
    """Return pictures laid out in rows on white, all cells of the size of the largest.

    Args:
        images: uint8 images_NHWC with 1, 3 or 4 channels, or pictures of any mode.
        columns: pictures in a row.
        gap: pixels between pictures and around them.
        row_labels: a word or two for each row, written in a margin on the left.

    Raises:
        ValueError: there is no picture, no column, or another number of labels than rows.
    """
    pictures = [_on_white(image) for image in _pictures(images)]
    if not pictures or columns < 1:
        raise ValueError(f"a sheet needs pictures and columns, not {len(pictures)} and {columns}")
    rows = -(-len(pictures) // columns)
    if row_labels is not None and len(row_labels) != rows:
        raise ValueError(f"{len(row_labels)} labels for {rows} rows")
    width = max(picture.width for picture in pictures)
    height = max(picture.height for picture in pictures)
    margin = _margin(row_labels)
    size = (margin + gap + columns * (width + gap), gap + rows * (height + gap))
    page = Image.new("RGB", size, "white")
    for place, picture in enumerate(pictures):
        row, column = divmod(place, columns)
        left, top = margin + gap + column * (width + gap), gap + row * (height + gap)
        page.paste(picture, (left + (width - picture.width) // 2, top + (height - picture.height) // 2))
    _write_labels(page, row_labels or (), gap, height)
    return page


def _pictures(images: np.ndarray | Sequence[Image.Image]) -> Sequence[Image.Image]:
    if not isinstance(images, np.ndarray):
        return images
    if images.dtype != np.uint8 or images.ndim != 4:
        raise ValueError(f"uint8 images_NHWC are needed, not {images.dtype} of shape {images.shape}")
    return [Image.fromarray(np.asarray(image[:, :, 0] if image.shape[2] == 1 else image)) for image in images]


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image.convert("RGBA"))
    return paper.convert("RGB")


def _margin(labels: Sequence[str] | None) -> int:
    if not labels:
        return 0
    font = ImageFont.load_default()
    return 2 * _MARGIN + max(round(font.getlength(label)) for label in labels)


def _write_labels(page: Image.Image, labels: Sequence[str], gap: int, height: int) -> None:
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default()
    for row, label in enumerate(labels):
        top = gap + row * (height + gap) + max(0, (height - _LINE) // 2)
        pen.text((_MARGIN, top), label, fill="black", font=font)

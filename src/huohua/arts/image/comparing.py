"""A picture in a file and one made again, pixel by pixel."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops

from huohua.arts.comparison import Comparison
from huohua.arts.image.artwork import Artwork


def compare(path: Path, encoded: bytes) -> Comparison:
    """Compare the pixels in a file with those of a work made again, written as that kind of file.

    Args:
        path: the file.
        encoded: the content that a file of the other work would have.

    Raises:
        DataError: the file cannot be read.
    """
    before = Artwork.open(path).image
    after = Image.open(io.BytesIO(encoded))
    pixels = before.width * before.height
    if before.size != after.size or before.mode != after.mode:
        return Comparison(parts=pixels, different=pixels, largest=255)
    # The largest difference over the channels of each pixel, as one grey picture.
    worst, *others = ImageChops.difference(before, after).split()
    for channel in others:
        worst = ImageChops.lighter(worst, channel)
    counts = worst.histogram()
    largest = max(level for level, count in enumerate(counts) if count)
    return Comparison(parts=pixels, different=pixels - counts[0], largest=largest)

"""The texts that travel in every file of a work; `stamp_reading.py` finds them again.

A stamp is the record, a line for people, and the XMP packet whose labels say that an AI made the work.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

KEYWORD = "huohua"
XMP_KEYWORD = "XML:com.adobe.xmp"
DESCRIPTION = "Description"


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """What a file says about its work.

    Attributes:
        title: the title of the piece, "" without one.
        record: recipe and origin as one line of ASCII.
        description: one line for people.
        xmp: the XMP packet with the labels.
    """

    title: str
    record: str
    description: str
    xmp: str

    def fields(self) -> dict[str, str]:
        """Return the texts by their names."""
        return {KEYWORD: self.record, DESCRIPTION: self.description, XMP_KEYWORD: self.xmp}

    def lines(self) -> list[str]:
        """Return the texts, each after its name."""
        return [f"{name} {text}" for name, text in self.fields().items()]


def png_bytes(image: Image.Image, stamp: Stamp) -> bytes:
    """Return a PNG with the same text chunks as pictures have."""
    from PIL import PngImagePlugin

    chunks = PngImagePlugin.PngInfo()
    for name, text in stamp.fields().items():
        chunks.add_itxt(name, text)
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", pnginfo=chunks)
    return buffer.getvalue()

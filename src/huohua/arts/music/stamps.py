"""The texts that travel in every file of a work, and how they are found again in each kind of file.

A stamp is the record, a line for people, and the XMP packet whose labels say that an AI made the work.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from huohua.errors import DataError
from huohua.provenance.record import LONGEST_RECORD

if TYPE_CHECKING:
    from PIL import Image

KEYWORD = "huohua"
XMP_KEYWORD = "XML:com.adobe.xmp"
DESCRIPTION = "Description"

# A work of ours takes some megabytes; whatever is a hundred times that is not one.
LARGEST_FILE = 1 << 30
# Records stand at the head of a text file, or close to it.
HEAD = 4 * LONGEST_RECORD


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


def read_stamp(path: Path) -> str:
    """Return the text of the record in a file of any kind, "" where there is none.

    Raises:
        DataError: the file is missing, too large, or of a kind that music is not saved in.
        MissingDependencyError: what reads such files is not installed.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"{path} has no ending of a work of music.", advice=f"They are {', '.join(_READERS)}."
        )
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"{path} is too large to be a work of Huohua.")
        return reader(path)
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from error


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _of_midi(path: Path) -> str:
    from huohua.arts.music.midi_reading import texts_of

    lines = [text for _, text in texts_of(_head(path)) if text.startswith(f"{KEYWORD} ")]
    return lines[0].partition(" ")[2] if lines else ""


def _of_musicxml(path: Path) -> str:
    from huohua.arts.music.notation_reading import miscellaneous

    return miscellaneous(_head(path)).get(KEYWORD, "")


def _of_svg(path: Path) -> str:
    found = re.search(rf"<{KEYWORD}:record [^>]*>([^<]*)</", _head(path).decode("utf-8", "replace"))
    return html.unescape(found[1]) if found else ""


def _of_png(path: Path) -> str:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=("PNG",)) as image:
            text = image.info.get(KEYWORD)
    except (UnidentifiedImageError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DataError(f"{path} cannot be read as a picture: {error}.") from error
    return text if isinstance(text, str) else ""


def _of_pdf(path: Path) -> str:
    from huohua.arts.music.engraving import record_of_pdf

    return record_of_pdf(path)


def _of_sound(path: Path) -> str:
    from huohua.arts.music.sound_files import record_of_sound

    return record_of_sound(path)


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".mid": _of_midi,
    ".midi": _of_midi,
    ".musicxml": _of_musicxml,
    ".wav": _of_sound,
    ".flac": _of_sound,
    ".mp3": _of_sound,
    ".ogg": _of_sound,
    ".svg": _of_svg,
    ".pdf": _of_pdf,
    ".png": _of_png,
}

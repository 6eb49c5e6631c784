"""Find the record of a work of music in a file of any kind that music is saved in."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from huohua.arts.music.engraving import record_of_pdf
from huohua.arts.music.midi_reading import texts_of
from huohua.arts.music.notation_reading import miscellaneous
from huohua.arts.music.sound_files import record_of_sound
from huohua.arts.music.stamps import KEYWORD
from huohua.errors import DataError
from huohua.provenance.record import LONGEST_RECORD

# A work of ours takes some megabytes; whatever is a hundred times that is not one.
LARGEST_FILE = 1 << 30
# Records stand at the head of a text file, or close to it.
HEAD = 4 * LONGEST_RECORD


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
    lines = [text for _, text in texts_of(_head(path)) if text.startswith(f"{KEYWORD} ")]
    return lines[0].partition(" ")[2] if lines else ""


def _of_musicxml(path: Path) -> str:
    return miscellaneous(_head(path)).get(KEYWORD, "")


def _of_abc(path: Path) -> str:
    found = re.search(rf"^N:{KEYWORD} (.*)$", _head(path).decode("utf-8", "replace"), re.MULTILINE)
    return found[1].rstrip("\r") if found else ""


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


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".mid": _of_midi,
    ".midi": _of_midi,
    ".musicxml": _of_musicxml,
    ".abc": _of_abc,
    ".wav": record_of_sound,
    ".flac": record_of_sound,
    ".mp3": record_of_sound,
    ".ogg": record_of_sound,
    ".svg": _of_svg,
    ".pdf": record_of_pdf,
    ".png": _of_png,
}

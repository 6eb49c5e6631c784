"""A finished picture with its recipe and origin, saved as PNG, JPEG or WebP.

Every file carries one JSON record (PNG: the text chunk `huohua`; JPEG and WebP: the EXIF user
comment) and an XMP packet that says that an AI made it. PNG and WebP keep every pixel; JPEG does not.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from PIL import Image, PngImagePlugin, UnidentifiedImageError
from typing_extensions import Self

from huohua.errors import DataError, UsageError
from huohua.files import write_bytes
from huohua.provenance.labels import xmp_packet
from huohua.provenance.record import Origin, Recipe, Record

KEYWORD = "huohua"
XMP_KEYWORD = "XML:com.adobe.xmp"

# Tags of EXIF 2.32, and the eight bytes in front of a user comment that name its encoding.
IMAGE_DESCRIPTION = 0x010E
SOFTWARE = 0x0131
EXIF_FOLDER = 0x8769
USER_COMMENT = 0x9286
ASCII_MARK = b"ASCII\0\0\0"

# A work of ours takes some megabytes; whatever is a hundred times that is not one.
LARGEST_FILE = 1 << 30

# What Pillow raises for files that are cut off, damaged or made to exhaust memory.
UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, kw_only=True)
class Artwork:
    """A picture, how it was made, and where it comes from."""

    image: Image.Image
    recipe: Recipe
    origin: Origin

    @property
    def record(self) -> Record:
        """Return what is written into the file beside the pixels."""
        return Record(recipe=self.recipe, origin=self.origin)

    @property
    def work_id(self) -> str:
        """Return the number the work goes by: the same pixels and recipe give the same number."""
        digest = hashlib.sha256(self.recipe.to_json().encode())
        digest.update(f"{self.image.mode}{self.image.size}".encode() + self.image.tobytes())
        return digest.hexdigest()[:32]

    @property
    def description(self) -> str:
        """Return one line for people and screen readers, such as "lemon, made by an AI (Huohua 0.1.0)"."""
        names = [name for weights in self.recipe.conditions.values() for name in weights]
        return f"{', '.join(names) or 'picture'}, made by an AI ({self.origin.producer})"

    def told(self, *, recipe: Recipe, origin: Origin) -> Self:
        """Return the same picture with another record."""
        return replace(self, recipe=recipe, origin=origin)

    def encode(self, suffix: str) -> bytes:
        """Return the content of a file that ends with `suffix`.

        Raises:
            UsageError: pictures are not saved in such files.
        """
        encoder = ENCODERS.get(suffix.lower())
        if encoder is None:
            raise UsageError(
                f"Pictures are not saved as '{suffix}'.", advice=f"Use one of {', '.join(ENCODERS)}."
            )
        return encoder(self)

    def save(self, path: str | Path) -> Path:
        """Write the picture with its record and label, whole or not at all, and return its path.

        Raises:
            UsageError: the ending of `path` is none that pictures are saved in.
            StorageError: the file cannot be written.
        """
        path = Path(path).expanduser()
        write_bytes(path, self.encode(path.suffix))
        return path

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a picture that Huohua made.

        Raises:
            DataError: the file is missing, damaged, or carries no recipe.
        """
        path = Path(path).expanduser()
        image, text = _read(path)
        if not text:
            raise DataError(
                f"{path} carries no Huohua recipe.",
                advice="It was made by another program, or a program that removes metadata has passed it on.",
            )
        record = Record.read(text, source=str(path))
        return cls(image=image, recipe=record.recipe, origin=record.origin)


def _png(work: Artwork) -> bytes:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt(KEYWORD, work.record.to_ascii())
    chunks.add_itxt("Description", work.description)
    chunks.add_itxt(XMP_KEYWORD, xmp_packet(work.record, work_id=work.work_id))
    return _encoded(work.image, format="PNG", pnginfo=chunks)


def _jpeg(work: Artwork) -> bytes:
    image = work.image if work.image.mode in {"L", "RGB"} else _on_white(work.image)
    return _encoded(image, format="JPEG", quality=95, subsampling=0, **_exif_and_xmp(work))


def _webp(work: Artwork) -> bytes:
    return _encoded(work.image, format="WEBP", lossless=True, exact=True, **_exif_and_xmp(work))


# The usual ending first.
ENCODERS: Mapping[str, Callable[[Artwork], bytes]] = {
    ".png": _png,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".webp": _webp,
}


def _encoded(image: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()


def _exif_and_xmp(work: Artwork) -> dict[str, bytes]:
    exif = Image.Exif()
    exif[IMAGE_DESCRIPTION] = work.description.encode("ascii", "replace").decode()
    exif[SOFTWARE] = work.origin.producer
    exif.get_ifd(EXIF_FOLDER)[USER_COMMENT] = ASCII_MARK + work.record.to_ascii().encode("ascii")
    return {"exif": exif.tobytes(), "xmp": xmp_packet(work.record, work_id=work.work_id).encode()}


def _on_white(image: Image.Image) -> Image.Image:
    """Return a picture without transparency, which JPEG cannot hold."""
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba).convert("RGB")


def _read(path: Path) -> tuple[Image.Image, str]:
    """Return the decoded picture and the text of its record, "" when it has none."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise DataError(f"{path} is too large to be a work of Huohua.")
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as opened:
                opened.load()
                return opened.copy(), _record_text(opened)
    except UnidentifiedImageError as error:
        raise DataError(f"{path} is not a PNG, JPEG or WebP picture.") from error
    except FileNotFoundError as error:
        raise DataError(f"There is no file {path}.") from error
    except UNREADABLE as error:
        raise DataError(f"{path} cannot be read as a picture: {error}.") from error


def _record_text(image: Image.Image) -> str:
    text = image.info.get(KEYWORD)
    if isinstance(text, str):
        return str(text)
    comment = image.getexif().get_ifd(EXIF_FOLDER).get(USER_COMMENT, b"")
    if not isinstance(comment, bytes) or not comment.startswith(ASCII_MARK):
        return ""
    text = comment.removeprefix(ASCII_MARK).decode("ascii", "replace").strip("\0 ")
    # Cameras write their own remarks here; only ours begins with a recipe.
    return text if text.startswith('{"recipe":') else ""

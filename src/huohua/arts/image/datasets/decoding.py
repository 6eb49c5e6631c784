"""From the bytes of any picture to pixels of one size: the canvas every work is brought to."""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from huohua.arts.image.datasets.colour import to_channels
from huohua.errors import DataError, UsageError

# Formats that describe pixels. Others that Pillow opens run programs (EPS), need drivers (WMF)
# or accept almost any bytes as a header (TGA).
FORMATS = (
    "JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "BMP", "DIB", "AVIF",
    "JPEG2000", "PPM", "ICO", "ICNS", "PCX", "QOI", "SGI", "PSD", "DDS",
)  # fmt: skip

CROPS = ("centre", "pad", "squash")
MOST_PIXELS = 100_000_000
# Above this a picture is decoded alone, so that many threads do not hold many giants at once.
GIANT_PIXELS = 20_000_000
_one_giant = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """The size and kind of picture every work is brought to.

    Attributes:
        height, width: in pixels.
        channels: 1 grey, 3 colour, 4 colour with transparency.
        crop: "centre" fills the canvas and cuts what stands out, "pad" shows the whole work with
            its own border colour around it, "squash" ignores the proportions.
    """

    height: int
    width: int
    channels: int = 3
    crop: str = "centre"

    def __post_init__(self) -> None:
        """Refuse sizes, channels and crops that do not exist."""
        if min(self.height, self.width) < 1 or max(self.height, self.width) > 4096:
            raise UsageError(
                f"A canvas of {self.width} x {self.height} pixels is not possible.", advice="Use 1 to 4096."
            )
        if self.channels not in (1, 3, 4):
            raise UsageError(f"{self.channels} channels are not possible.", advice="Use 1, 3 or 4.")
        if self.crop not in CROPS:
            raise UsageError(f"There is no crop '{self.crop}'.", advice=f"Use {', '.join(CROPS)}.")


def open_picture(content: bytes) -> Image.Image:
    """Return bytes as an opened picture, its header read and its size checked, not yet decoded.

    Raises:
        DataError: the bytes are empty, no picture, or a picture beyond `MOST_PIXELS`.
    """
    if not content:
        raise DataError("the file is empty")
    try:
        image = Image.open(io.BytesIO(content), formats=_known_formats())
    except UnidentifiedImageError as error:
        raise DataError("it is not a picture that can be read") from error
    except Image.DecompressionBombError as error:
        raise DataError(f"it has more than {MOST_PIXELS // 1_000_000} million pixels") from error
    except Exception as error:  # readers raise errors of a dozen unrelated kinds
        raise DataError(f"the picture is cut short or damaged ({_short(error)})") from error
    if image.width * image.height > MOST_PIXELS:
        raise DataError(
            f"it has {image.width} x {image.height} pixels,"
            f" more than the {MOST_PIXELS // 1_000_000} million that are read"
        )
    return image


def _known_formats() -> list[str]:
    if "AVIF" not in Image.OPEN and "WEBP" not in Image.OPEN:
        Image.init()
    return [name for name in FORMATS if name in Image.OPEN]


def decode(image: Image.Image, canvas: Canvas) -> np.ndarray:
    """Return a picture on a canvas as uint8 image_HWC; the first frame of a moving one.

    Raises:
        DataError: the pixels are cut short or damaged.
    """
    try:
        if image.width * image.height < GIANT_PIXELS:
            return _pixels(image, canvas)
        with _one_giant:
            return _pixels(image, canvas)
    except Exception as error:  # readers raise errors of a dozen unrelated kinds
        raise DataError(f"the picture is cut short or damaged ({_short(error)})") from error


def _short(error: Exception) -> str:
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    return text if len(text) <= 80 else text[:79] + "…"


def _pixels(image: Image.Image, canvas: Canvas) -> np.ndarray:
    longest = 2 * max(canvas.height, canvas.width)
    # A JPEG can be decoded at 1/2, 1/4 or 1/8; twice the canvas leaves the filter enough to work with.
    image.draft(None, (longest, longest))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    placed = fit(to_channels(image, canvas.channels), canvas)
    image_HWC = np.asarray(placed)
    return image_HWC if image_HWC.ndim == 3 else image_HWC[:, :, None]


def fit(image: Image.Image, canvas: Canvas) -> Image.Image:
    """Return a picture resized to a canvas with a high-quality filter; one that fits is untouched."""
    size = (canvas.width, canvas.height)
    if image.size == size:
        return image
    if canvas.crop == "pad":
        return _padded(image, size)
    box = _centre_box(image.size, size) if canvas.crop == "centre" else None
    return image.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)


def _centre_box(source: tuple[int, int], target: tuple[int, int]) -> tuple[float, float, float, float]:
    """Return the largest centred box of the target's proportions within the source, in its pixels."""
    scale = min(source[0] / target[0], source[1] / target[1])
    width, height = target[0] * scale, target[1] * scale
    left, top = (source[0] - width) / 2, (source[1] - height) / 2
    return max(0.0, left), max(0.0, top), min(source[0], left + width), min(source[1], top + height)


def _padded(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    scale = min(size[0] / image.width, size[1] / image.height)
    inner = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = image.resize(inner, Image.Resampling.LANCZOS, reducing_gap=3.0)
    canvas = Image.new(image.mode, size, _border_colour(small))
    canvas.paste(small, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return canvas


def _border_colour(image: Image.Image) -> tuple[int, ...] | int:
    """Return the middle colour of the outermost pixels: paper stays paper, night stays night."""
    pixels = np.atleast_3d(np.asarray(image))
    ring = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    colour = tuple(int(value) for value in np.median(ring, axis=0))
    return colour if len(colour) > 1 else colour[0]

"""Any picture mode to plain 8-bit grey, RGB or RGBA, so that nothing later meets another mode."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageCms

MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def to_channels(image: Image.Image, channels: int) -> Image.Image:
    """Return a picture as 8-bit grey (1), RGB (3) or RGBA (4).

    Transparency is laid on white paper unless it is kept (4 channels). Colours with an embedded
    profile come out in sRGB. Deep pictures are scaled to 8 bits, not clipped: see `to_eight_bits`.
    """
    mode = MODES[channels]
    if image.mode == mode and not image.has_transparency_data and "icc_profile" not in image.info:
        return image
    image = to_srgb(to_eight_bits(image))
    if image.mode == "La":  # grey with its transparency multiplied in has one way out only
        image = image.convert("LA")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        return image if channels == 4 else on_white(image).convert(mode)
    if image.mode in ("1", "L", "RGB", "RGBA"):
        return image.convert(mode)
    return image.convert("RGB").convert(mode)


def on_white(image: Image.Image) -> Image.Image:
    """Return an RGBA picture laid on white paper, as RGB."""
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def to_eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 16 or 32 bits a pixel as 8-bit grey; others come back as they are.

    Sixteen bits are divided by 257, which takes 65535 to 255. The range of wider integers and of
    fractions is not written in the file: fractions within 0 to 1 are taken as such, values within
    0 to 255 stay, values within 0 to 65535 count as sixteen bits, and others are stretched.
    """
    if image.mode.startswith("I;16"):
        return _grey(np.asarray(image).astype(np.float32) / 257)
    if image.mode in ("I", "F"):
        return _grey(_scaled(np.asarray(image).astype(np.float32), fraction=image.mode == "F"))
    return image


def _scaled(values_HW: np.ndarray, *, fraction: bool) -> np.ndarray:
    values_HW = np.nan_to_num(values_HW, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values_HW.min()), float(values_HW.max())
    if low < 0 or high > 65535:
        return (values_HW - low) * (255 / max(high - low, 1e-30))
    if fraction and high <= 1:
        return values_HW * 255
    return values_HW if high <= 255 else values_HW / 257


def _grey(values_HW: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(values_HW), 0, 255).astype(np.uint8))


def to_srgb(image: Image.Image) -> Image.Image:
    """Return a picture in sRGB when it carries a usable RGB or CMYK colour profile."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    transform = _transform(profile, image.mode)
    if transform is None:
        return image
    converted = ImageCms.applyTransform(image, transform)
    return image if converted is None else converted


@lru_cache(maxsize=64)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB, or None where there is none or none is needed."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(source).casefold():
            return None
        target = ImageCms.createProfile("sRGB")
        return ImageCms.buildTransform(source, target, mode, "RGB" if mode == "CMYK" else mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that does not fit its picture is ignored, as every viewer does.
        return None

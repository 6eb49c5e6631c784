from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageCms

from huohua.arts.image.datasets.colour import to_channels, to_eight_bits

ORANGE = (240, 120, 30)
MODES = [
    "1",
    "L",
    "LA",
    "La",
    "P",
    "PA",
    "RGB",
    "RGBA",
    "RGBa",
    "RGBX",
    "CMYK",
    "YCbCr",
    "HSV",
    "LAB",
    "I",
    "F",
    "I;16",
]


def in_mode(mode: str) -> Image.Image:
    base = Image.new("RGB", (6, 5), ORANGE)
    if mode in ("La", "RGBa"):
        return base.convert(mode[:-1].upper() + "A").convert(mode)
    if mode == "PA":
        return base.convert("P").convert("PA")
    if mode == "I;16":
        return Image.fromarray(np.full((5, 6), 30_000, np.uint16))
    if mode == "LAB":
        way = ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
        )
        return ImageCms.applyTransform(base, way)
    if mode in ("I", "F"):
        return base.convert("L").convert(mode)
    return base.convert(mode)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("channels", "expected"), [(1, "L"), (3, "RGB"), (4, "RGBA")])
def test_every_mode_becomes_grey_colour_or_colour_with_transparency(mode, channels, expected):
    assert to_channels(in_mode(mode), channels).mode == expected


@pytest.mark.parametrize("mode", ["P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV", "LAB"])
def test_colour_modes_keep_their_colour(mode):
    found = np.asarray(to_channels(in_mode(mode), 3))[2, 2].astype(int)
    # The web palette that P uses by default has steps of 51.
    assert np.abs(found - ORANGE).max() <= (26 if mode.startswith("P") else 4)


def test_transparency_is_laid_on_white():
    half = Image.new("RGBA", (2, 2), (0, 0, 0, 128))
    assert np.asarray(to_channels(half, 3))[0, 0].tolist() == [127, 127, 127]
    assert np.asarray(to_channels(Image.new("LA", (2, 2), (0, 0)), 1))[0, 0] == 255


def test_a_transparent_palette_colour_becomes_white():
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    image.info["transparency"] = 0
    assert np.asarray(to_channels(image, 3)).tolist() == [[[255, 255, 255], [0, 0, 255]]]


def test_a_transparent_grey_value_becomes_white():
    image = Image.new("L", (2, 1), 40)
    image.info["transparency"] = 40
    assert np.asarray(to_channels(image, 1)).tolist() == [[255, 255]]


def test_transparency_is_kept_when_it_is_asked_for():
    image = Image.new("RGBA", (1, 1), (10, 20, 30, 40))
    assert np.asarray(to_channels(image, 4)).tolist() == [[[10, 20, 30, 40]]]
    assert np.asarray(to_channels(Image.new("RGB", (1, 1), (10, 20, 30)), 4)).tolist() == [
        [[10, 20, 30, 255]]
    ]


@pytest.mark.parametrize(
    ("values", "dtype", "expected"),
    [
        ([0, 257, 65535], np.uint16, [0, 1, 255]),
        ([0, 100, 255], np.int32, [0, 100, 255]),
        ([0, 257 * 7, 65535], np.int32, [0, 7, 255]),
        ([-100, 0, 100], np.int32, [0, 128, 255]),
        ([0.0, 0.5, 1.0], np.float32, [0, 128, 255]),
        ([0.0, 77.0, 255.0], np.float32, [0, 77, 255]),
        ([0.0, 2570.0, 65535.0], np.float32, [0, 10, 255]),
        ([float("nan"), 1.0, float("inf")], np.float32, [0, 255, 0]),
        ([-5.0, -5.0, -5.0], np.float32, [0, 0, 0]),
    ],
)
def test_deep_values_are_scaled_and_not_clipped(values, dtype, expected):
    image = to_eight_bits(Image.fromarray(np.array([values], dtype)))
    assert np.asarray(image).tolist() == [expected]


def exchanged_profile() -> bytes:
    """Return sRGB with its red and green primaries exchanged, under another name."""
    content = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = content.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
    return content.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))


def test_an_embedded_colour_profile_is_obeyed():
    image = Image.new("RGB", (2, 2), (255, 0, 0))
    image.info["icc_profile"] = exchanged_profile()
    found = np.asarray(to_channels(image, 3))[0, 0].astype(int)
    assert np.abs(found - (0, 255, 0)).max() <= 2


@pytest.mark.parametrize("profile", [b"", b"no profile", "text"])
def test_a_broken_colour_profile_is_ignored(profile):
    image = Image.new("RGB", (2, 2), ORANGE)
    image.info["icc_profile"] = profile
    assert np.asarray(to_channels(image, 3))[0, 0].tolist() == list(ORANGE)


def test_a_profile_that_says_srgb_changes_nothing():
    image = Image.new("RGB", (2, 2), ORANGE)
    image.info["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.asarray(to_channels(image, 3))[0, 0].tolist() == list(ORANGE)

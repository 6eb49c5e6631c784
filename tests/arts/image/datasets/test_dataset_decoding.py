from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from huohua.arts.image.datasets import decoding
from huohua.arts.image.datasets.decoding import Canvas, decode, fit, open_picture
from huohua.errors import DataError, UsageError

FORMATS = ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "AVIF", "PPM"]


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def flat(colour, size=(20, 10), mode="RGB"):
    return Image.new(mode, size, colour)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_common_format_is_read(kind):
    pixels = decode(open_picture(encoded(flat((200, 40, 90)), kind)), Canvas(height=8, width=8))
    assert pixels.shape == (8, 8, 3)
    assert np.abs(pixels.astype(int) - (200, 40, 90)).max() <= 12


def test_a_picture_of_the_canvas_size_keeps_every_pixel():
    pixels_HW = np.random.default_rng(0).integers(0, 256, (28, 28), dtype=np.uint8)
    image = open_picture(encoded(Image.fromarray(pixels_HW)))
    decoded = decode(image, Canvas(height=28, width=28, channels=1))
    assert decoded.dtype == np.uint8
    assert np.array_equal(decoded[:, :, 0], pixels_HW)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_on_its_side_stands_upright(orientation):
    upright = Image.new("RGB", (40, 24), "white")
    upright.paste((255, 0, 0), (0, 0, 20, 12))  # red in the upper left quarter
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(back[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = open_picture(encoded(stored, "PNG", exif=exif))
    assert np.array_equal(decode(image, Canvas(height=24, width=40)), np.asarray(upright))


def test_a_centre_crop_cuts_the_long_side_only():
    image = Image.new("RGB", (30, 10), "black")
    image.paste("white", (10, 0, 20, 10))
    assert np.asarray(fit(image, Canvas(height=10, width=10))).min() == 255


def test_padding_shows_the_whole_work_on_its_own_border_colour():
    image = flat((10, 60, 110), (30, 10))
    image.paste((250, 250, 250), (10, 3, 20, 7))
    padded = np.asarray(fit(image, Canvas(height=30, width=30, crop="pad")))
    assert np.array_equal(padded[10:20], np.asarray(image))
    assert (padded[:10] == (10, 60, 110)).all()
    assert (padded[20:] == (10, 60, 110)).all()


def test_padding_works_in_grey():
    padded = np.asarray(fit(flat(77, (10, 30), "L"), Canvas(height=30, width=30, channels=1, crop="pad")))
    assert (padded == 77).all()


def test_squashing_keeps_all_of_the_work():
    image = Image.new("L", (40, 10), 0)
    image.paste(255, (20, 0, 40, 10))
    squashed = np.asarray(fit(image, Canvas(height=10, width=10, channels=1, crop="squash")))
    assert squashed[:, 0].max() < 10
    assert squashed[:, 9].min() > 245


@given(
    size=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    target=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    crop=st.sampled_from(decoding.CROPS),
)
@settings(max_examples=60, deadline=None)
def test_any_size_and_proportion_fits_any_canvas_and_one_colour_stays_one(size, target, crop):
    canvas = Canvas(width=target[0], height=target[1], crop=crop)
    placed = np.asarray(fit(flat((12, 200, 99), size), canvas))
    assert placed.shape == (target[1], target[0], 3)
    assert (placed == (12, 200, 99)).all()


def test_the_crop_agrees_with_cropping_first_and_resizing_after():
    rng = np.random.default_rng(1)
    image = Image.fromarray(rng.integers(0, 256, (5, 12, 3), dtype=np.uint8)).resize((120, 50))
    twin = image.crop((35, 0, 85, 50)).resize((20, 20), Image.Resampling.LANCZOS)
    placed = fit(image, Canvas(height=20, width=20))
    difference = np.abs(np.asarray(placed).astype(int) - np.asarray(twin).astype(int))
    assert difference[:, 2:-2].max() <= 3


def test_a_large_photo_is_decoded_small_and_looks_the_same():
    rng = np.random.default_rng(2)
    photo = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8)).resize((1600, 1600))
    content = encoded(photo, "JPEG", quality=95)
    image = open_picture(content)
    small = decode(image, Canvas(height=64, width=64))
    assert image.size == (200, 200)
    whole = photo.resize((64, 64), Image.Resampling.LANCZOS)
    assert np.abs(small.astype(int) - np.asarray(whole).astype(int)).mean() < 2


def test_only_the_first_frame_of_an_animation_is_taken():
    frames = [flat((250, 0, 0)), flat((0, 0, 250))]
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decode(open_picture(content), Canvas(height=4, width=4))[0, 0].tolist() == [250, 0, 0]


def test_an_empty_file_is_named_as_such():
    with pytest.raises(DataError, match=r"the file is empty"):
        open_picture(b"")


def test_text_is_no_picture():
    with pytest.raises(DataError, match=r"not a picture"):
        open_picture(b"once upon a time")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP"])
def test_a_truncated_picture_is_refused(kind):
    rng = np.random.default_rng(3)
    content = encoded(Image.fromarray(rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)), kind)
    with pytest.raises(DataError, match=r"cut short or damaged|not a picture"):
        decode(open_picture(content[: len(content) // 2]), Canvas(height=8, width=8))


@given(
    st.binary(min_size=1, max_size=80), st.integers(0, 200), st.sampled_from(["PNG", "GIF", "WEBP", "BMP"])
)
@settings(max_examples=80, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_damaged_bytes_give_pixels_or_one_clear_error(noise, place, kind):
    content = encoded(flat((9, 99, 199)), kind)
    place %= len(content)
    damaged = content[:place] + noise + content[place + len(noise) :]
    try:
        pixels = decode(open_picture(damaged), Canvas(height=4, width=4))
    except DataError as error:
        assert error.message
    else:
        assert pixels.shape == (4, 4, 3)


def test_the_size_in_the_header_is_checked_before_decoding():
    content = bytearray(encoded(flat("red", (16, 16)), "BMP"))
    content[18:26] = (50_000).to_bytes(4, "little") * 2
    with pytest.raises(DataError, match=r"million pixels"):
        open_picture(bytes(content))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_just_too_many_pixels_are_refused_with_their_number():
    content = bytearray(encoded(flat("red", (16, 16)), "BMP"))
    content[18:26] = (11_000).to_bytes(4, "little") * 2
    with pytest.raises(DataError, match=r"11000 x 11000 pixels, more than the 100 million"):
        open_picture(bytes(content))


def test_a_picture_of_fifty_thousand_pixels_across_is_read():
    image = open_picture(encoded(flat(128, (50_000, 4), "L")))
    assert decode(image, Canvas(height=8, width=8)).tolist() == [[[128, 128, 128]] * 8] * 8


def test_giants_are_decoded_one_at_a_time(monkeypatch):
    monkeypatch.setattr(decoding, "GIANT_PIXELS", 10)
    image = open_picture(encoded(flat((1, 2, 3))))
    assert decode(image, Canvas(height=2, width=2))[0, 0].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "wrong",
    [{"height": 0}, {"width": -3}, {"height": 5000}, {"channels": 2}, {"crop": "random"}],
)
def test_an_impossible_canvas_is_a_usage_error(wrong):
    with pytest.raises(UsageError):
        Canvas(**{"height": 8, "width": 8, **wrong})

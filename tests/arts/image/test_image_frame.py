"""The frame of a picture: a size as people write it, and back."""

from __future__ import annotations

import pytest

from huohua.arts.image.art import ImageArt
from huohua.arts.image.frame import ImageFrame
from huohua.arts.image.presets import PRESETS
from huohua.errors import UsageError


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (None, (PRESETS["seed"].size, PRESETS["seed"].size)),
        (64, (64, 64)),
        ("64", (64, 64)),
        ("192x128", (128, 192)),
        ("192X128", (128, 192)),
        ("192×128", (128, 192)),
        (" 24 x 8 ", (8, 24)),
        (1024, (1024, 1024)),
    ],
)
def test_a_size_is_width_times_height(text, size):
    frame = ImageArt().frame(text, PRESETS["seed"])
    assert (frame.height, frame.width, frame.channels) == (*size, 1)


@pytest.mark.parametrize(
    "text", ["abc", "64x", "x64", "", "64x64x64", "-64", "6.5", 64.0, "64 px", "9" * 5000, "64y32"]
)
def test_what_is_no_size_is_refused(text):
    with pytest.raises(UsageError, match="is not a size") as refusal:
        ImageArt().frame(text, PRESETS["seed"])
    assert "--size 192x128" in refusal.value.advice


@pytest.mark.parametrize("text", [0, 3, 7, 1025, "64x7", "1025x64", "999999"])
def test_a_size_out_of_range_is_refused_with_the_range(text):
    with pytest.raises(UsageError, match="out of range") as refusal:
        ImageArt().frame(text, PRESETS["seed"])
    assert refusal.value.advice == "Sides go from 8 to 1024 pixels."


def test_a_frame_is_said_as_it_is_asked_for_and_as_people_read_it():
    frame = ImageFrame(height=128, width=192, channels=3)
    assert frame.size == "192x128"
    assert ImageFrame.read(frame.size, channels=3) == frame
    assert frame.words == "192 × 128 pixels, colour"
    assert frame.model_copy(update={"channels": 1}).words == "192 × 128 pixels, grey"

"""The table of arts: each builds, finishes and opens, and what is missing is named."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from huohua.arts.image.frame import ImageFrame
from huohua.arts.table import ARTS, art, art_of
from huohua.errors import DataError, ModelError
from huohua.provenance.record import Origin, Recipe

ORIGIN = Origin(producer="Huohua", created="2026-11-24T06:00:00+00:00")


@pytest.mark.parametrize("name", ARTS)
def test_an_art_goes_by_its_name_and_by_the_endings_of_its_files(name):
    assert art(name).name == name
    for suffix in art(name).suffixes:
        assert art_of(Path(f"work{suffix.upper()}")) is art(name)


def test_no_two_arts_share_an_ending():
    endings = [suffix for each in ARTS.values() for suffix in each.suffixes]
    assert len(endings) == len(set(endings))


def test_an_art_or_a_file_that_is_not_known_is_named():
    with pytest.raises(ModelError, match="no art 'sculpture'") as caught:
        art("sculpture")
    assert "image" in caught.value.advice
    with pytest.raises(DataError, match=r"song\.xyz is no kind of file"):
        art_of(Path("song.xyz"))


def finish(sample_CHW):
    recipe = Recipe(model_sha256="", seed=0, version="0")
    return art("image").finish(sample_CHW, recipe=recipe, origin=ORIGIN).image


def test_a_sample_becomes_a_picture_by_rounding_to_256_levels():
    # -1 is black, 1 is white, 0 is 127.5 and rounds to even; beyond the ends is cut off.
    levels = [-1.5, -1.0, -127 / 127.5, 0.0, 1.0, 1.5]
    image = finish(torch.tensor([[levels]]))
    assert (image.mode, image.size) == ("L", (6, 1))
    assert list(image.tobytes()) == [0, 0, 0, 128, 255, 255]


def test_channels_rows_and_columns_keep_their_places():
    sample_CHW = torch.tensor(range(12)).view(3, 2, 2) / 127.5 - 1
    image = finish(sample_CHW)
    assert image.mode == "RGB"
    assert image.getpixel((1, 0)) == (1, 5, 9)
    assert image.getpixel((0, 1)) == (2, 6, 10)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_a_number_is_not_a_picture(value):
    with pytest.raises(ModelError, match="not a picture"):
        finish(torch.full((3, 2, 2), value))


def test_settings_that_do_not_fit_are_named():
    sizes = {"latent": 8, "condition": 0, "frame": ImageFrame(height=16, width=16, channels=3)}
    with pytest.raises(ModelError, match="no generator 'styel'"):
        art("image").build_generator("styel", {}, **sizes)
    with pytest.raises(ModelError, match="widset: extra inputs"):
        art("image").build_generator("style", {"widset": 3}, **sizes)

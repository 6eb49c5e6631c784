"""A person's own picture as a sample: any file, any mode, brought to the size of a model."""

from __future__ import annotations

import re

import numpy as np
import pytest
import torch
from PIL import Image

from huohua.arts.image.art import ImageArt
from huohua.arts.image.artwork import Artwork
from huohua.arts.image.frame import ImageFrame
from huohua.arts.image.taking_in import sample_of
from huohua.errors import DataError, ModelError
from huohua.provenance.record import Origin, Recipe


def picture(mode: str = "RGB", size: tuple[int, int] = (12, 8)) -> Image.Image:
    levels = np.linspace(0, 255, size[0]).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(levels, size[::-1]).copy()).convert(mode)


def test_a_picture_of_the_right_size_is_taken_in_pixel_by_pixel():
    sample_CHW = sample_of(picture(), height=8, width=12, channels=3)
    assert sample_CHW.shape == (3, 8, 12)
    expected = torch.from_numpy(np.asarray(picture()).copy()).permute(2, 0, 1) / 127.5 - 1
    torch.testing.assert_close(sample_CHW, expected.float())


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK", "1", "P"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_any_kind_of_picture_is_brought_to_the_channels_of_the_model(mode, channels):
    sample_CHW = sample_of(picture(mode, (30, 20)), height=8, width=8, channels=channels)
    assert sample_CHW.shape == (channels, 8, 8)
    assert -1 <= sample_CHW.min() < sample_CHW.max() <= 1


def test_a_file_a_picture_and_a_work_are_the_same_to_it(tmp_path):
    path = tmp_path / "it.png"
    picture().save(path)
    origin = Origin(producer="", created="")
    work = Artwork(image=picture(), recipe=Recipe(model_sha256="", seed=0, version=""), origin=origin)
    samples = [sample_of(each, height=8, width=8, channels=3) for each in (path, str(path), picture(), work)]
    assert all(torch.equal(samples[0], other) for other in samples[1:])


def test_a_picture_in_memory_is_left_as_it_was():
    image = picture()
    image.getexif()[0x0112] = 6  # lies on its side
    before = image.tobytes(), image.size
    sample_of(image, height=8, width=8, channels=3)
    assert (image.tobytes(), image.size) == before


def test_what_is_no_picture_is_one_clear_error(tmp_path):
    with pytest.raises(DataError, match=r"none\.png cannot be read: No such file"):
        sample_of(tmp_path / "none.png", height=8, width=8, channels=3)
    path = tmp_path / "notes.png"
    path.write_text("no picture")
    with pytest.raises(DataError, match=re.escape(f"{path} cannot be taken in: it is not a picture")):
        sample_of(path, height=8, width=8, channels=3)
    content = tmp_path / "whole.png"
    picture(size=(200, 200)).save(content)
    path.write_bytes(content.read_bytes()[:200])
    with pytest.raises(DataError, match="damaged"):
        sample_of(path, height=8, width=8, channels=3)


def test_the_art_builds_encoders_by_name():
    shape = {"latent": 4, "frame": ImageFrame(height=16, width=16, channels=3)}
    network = ImageArt().build_encoder("convolutional", {"widest": 8, "budget": 64}, **shape)
    assert network(torch.zeros(2, 3, 16, 16)).mean_BZ.shape == (2, 4)
    with pytest.raises(ModelError, match="no encoder 'nobody'"):
        ImageArt().build_encoder("nobody", {}, **shape)
    with pytest.raises(ModelError, match="wdiest"):
        ImageArt().build_encoder("convolutional", {"wdiest": 8}, **shape)

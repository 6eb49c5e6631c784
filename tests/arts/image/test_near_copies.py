"""Known near-copies: like their picture, and yet another."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from huohua.arts.image.near_copies import NEAR_COPIES, appearances, compressed, cropped, near_copies


def picture(channels: int = 3, height: int = 40, width: int = 40) -> Tensor:
    rows, columns = torch.linspace(-1, 1, height), torch.linspace(-1, 1, width)
    ramp = (rows[:, None] * 0.3 + columns[None, :] * 0.7).expand(2, channels, -1, -1)
    return ramp.clone()


def test_a_picture_appears_as_it_is_and_mirrored():
    plain, mirrored = appearances(picture())
    assert torch.equal(plain, picture())
    assert torch.equal(mirrored[..., 0], picture()[..., -1])
    assert torch.equal(appearances(mirrored)[1], plain)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("kind", NEAR_COPIES)
def test_a_near_copy_has_its_size_and_is_near_but_not_the_same(kind, channels):
    whole = picture(channels, height=24, width=56)
    copy = NEAR_COPIES[kind](whole)
    assert copy.shape[2:] == whole.shape[2:]
    like = whole.flip(3) if kind == "flip" else whole
    if kind != "jpeg":  # which comes back in colour, on white
        assert 0 < (copy - like).abs().mean() < 0.1
        assert (copy - like.flip(3)).abs().mean() > 0.3


def test_a_crop_keeps_nine_tenths_of_each_side():
    edges = cropped(picture())
    # The ramp runs over its columns by 1.4 and over its rows by 0.6; of each a tenth is lost.
    spread = float(edges.max() - edges.min())
    assert spread == pytest.approx(2 * (35 / 39), abs=0.02)


def test_a_compressed_picture_is_one_that_went_through_a_file():
    noise = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0)) * 2 - 1
    copy = compressed(noise)
    assert copy.shape == noise.shape
    assert 0.05 < (copy - noise).abs().mean() < 0.5
    assert torch.equal(compressed(noise), copy)


def test_every_kind_is_made():
    assert set(near_copies(picture())) == {"flip", "crop", "jpeg", "grain"}

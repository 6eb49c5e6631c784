from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from huohua.arts.image.sheet import sheet


def test_pictures_lie_in_rows_with_gaps_on_white():
    images = np.zeros((3, 4, 6, 3), np.uint8)
    images[1] = 100
    images[2] = 200
    page = np.asarray(sheet(images, columns=2, gap=2))
    assert page.shape == (2 + 2 * 6, 2 + 2 * 8, 3)
    assert (page[2:6, 2:8] == 0).all()
    assert (page[2:6, 10:16] == 100).all()
    assert (page[8:12, 2:8] == 200).all()
    assert (page[8:12, 10:16] == 255).all()
    assert (page[:2] == 255).all()
    assert (page[:, 8:10] == 255).all()


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_grey_colour_and_transparent_arrays_are_shown(channels):
    page = np.asarray(sheet(np.full((1, 3, 3, channels), 255, np.uint8), columns=1, gap=0))
    assert page.shape == (3, 3, 3)


def test_transparent_pictures_lie_on_white():
    page = np.asarray(sheet([Image.new("RGBA", (2, 2), (0, 0, 0, 0))], columns=1, gap=0))
    assert (page == 255).all()


def test_pictures_of_several_sizes_are_centred_in_equal_cells():
    page = np.asarray(sheet([Image.new("L", (2, 2), 0), Image.new("RGB", (6, 4))], columns=2, gap=0))
    assert page.shape == (4, 12, 3)
    assert (page[1:3, 2:4] == 0).all()
    assert (page[0, :6] == 255).all()


def test_row_labels_stand_in_a_margin_on_the_left():
    images = np.full((4, 20, 20, 3), 255, np.uint8)
    plain = sheet(images, columns=2)
    labelled = sheet(images, columns=2, row_labels=["apple", "a much longer name"])
    margin = labelled.width - plain.width
    assert margin > 60
    ink = np.asarray(labelled.convert("L")) < 128
    assert ink[2:22, :margin].any()
    assert ink[24:44, :margin].any()
    assert not ink[:, margin:].any()


@pytest.mark.parametrize(
    ("images", "columns", "labels"),
    [
        ([], 2, None),
        (np.zeros((0, 4, 4, 3), np.uint8), 2, None),
        (np.zeros((1, 4, 4, 3), np.uint8), 0, None),
        (np.zeros((1, 4, 4, 3), np.uint8), 1, ["a", "b"]),
        (np.zeros((1, 4, 4, 3), np.float32), 1, None),
        (np.zeros((4, 4, 3), np.uint8), 1, None),
    ],
)
def test_what_cannot_be_laid_out_is_refused(images, columns, labels):
    with pytest.raises(ValueError, match=r"needs pictures|labels for|are needed"):
        sheet(images, columns, row_labels=labels)

"""Attributes computed from pictures: against a slow twin, and by pictures whose attributes are plain."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.image.attributes import ATTRIBUTES, CHUNK, measure, seen
from huohua.conditions.attribute_names import COLOURS, LOOKS, PLACES
from parity.reference import attributes as slow

PLACE = {attribute: number for number, attribute in enumerate(ATTRIBUTES)}


def value(picture, group, name):
    return float(measure(picture[None])[0, PLACE[group, name]])


def plain(*colour, height=30, width=20):
    return np.full((height, width, len(colour)), colour, dtype=np.uint8)


def test_there_is_one_number_for_each_colour_of_each_place_and_each_look():
    assert len(ATTRIBUTES) == len(set(ATTRIBUTES)) == len(COLOURS) * len(PLACES) + len(LOOKS)
    assert measure(np.zeros((0, 8, 8, 3), np.uint8)).shape == (0, len(ATTRIBUTES))


def test_all_attributes_are_those_of_the_slow_twin():
    # Few levels, in the middle of the cells of the fast table, so that both see the same colours.
    levels = np.random.default_rng(0).integers(0, 32, (2, 10, 9, 3)) * 8 + 4
    levels[levels == 4], levels[levels == 252] = 0, 255
    pictures = levels.astype(np.uint8)
    fast_NA = measure(pictures)
    for row, picture in zip(fast_NA, pictures, strict=True):
        twin = slow.attributes(picture.tolist())
        np.testing.assert_allclose(row, [twin[attribute] for attribute in ATTRIBUTES], atol=4e-3)


def test_colours_are_found_where_they_lie():
    picture = np.concatenate(
        [plain(0, 0, 255, height=10), plain(255, 0, 0, height=10), plain(0, 128, 0, height=10)]
    )
    for group, name in [("colour_top", "blue"), ("colour_middle", "red"), ("colour_bottom", "green")]:
        assert value(picture, group, name) == pytest.approx(1, abs=0.01)
    assert value(picture, "colour_top", "red") < 0.05


def test_a_share_of_area_is_a_square_root():
    picture = plain(255, 255, 255, height=30)
    picture[:10, :5] = (255, 0, 0)
    assert value(picture, "colour_top", "red") == pytest.approx(0.5, abs=0.01)
    assert value(picture, "colour_top", "white") == pytest.approx(0.75**0.5, abs=0.01)


def test_shares_of_a_place_add_up_to_all_of_it():
    pictures = np.random.default_rng(1).integers(0, 256, (5, 16, 16, 3)).astype(np.uint8)
    for place in PLACES:
        columns = [PLACE[f"colour_{place}", colour] for colour in COLOURS]
        np.testing.assert_allclose((measure(pictures)[:, columns] ** 2).sum(axis=1), 1, atol=1e-4)


@pytest.mark.parametrize(
    ("look", "less", "more"),
    [
        ("light", plain(30, 30, 30), plain(220, 220, 220)),
        ("saturated", plain(120, 120, 120), plain(255, 0, 60)),
        ("warm", plain(40, 80, 220), plain(240, 120, 30)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_look_grows_with_what_it_is_called_after(look, less, more):
    assert value(less, "look", look) < value(more, "look", look) - 0.05


def test_contrast_and_detail_are_two_things():
    halves = plain(0, 0, 0)
    halves[:, 10:] = 255
    stripes = plain(0, 0, 0)
    stripes[:, ::2] = 255
    assert value(halves, "look", "contrast") == pytest.approx(0.5, abs=1e-4)
    assert value(stripes, "look", "contrast") == pytest.approx(0.5, abs=1e-4)
    assert value(stripes, "look", "detailed") == pytest.approx(0.5, abs=1e-4)
    assert value(halves, "look", "detailed") == pytest.approx(0.5 / 19, abs=1e-4)
    assert value(plain(9, 9, 9), "look", "detailed") == pytest.approx(0, abs=1e-6)


def test_a_mirrored_picture_has_the_same_attributes():
    pictures = np.random.default_rng(2).integers(0, 256, (3, 24, 24, 3)).astype(np.uint8)
    np.testing.assert_allclose(measure(pictures), measure(pictures[:, :, ::-1]), atol=1e-5)


def test_a_large_picture_is_measured_as_its_small_one():
    small = np.random.default_rng(3).integers(0, 256, (2, 64, 64, 3)).astype(np.uint8)
    large = small.repeat(3, axis=1).repeat(3, axis=2)
    np.testing.assert_array_equal(seen(large), small)
    np.testing.assert_allclose(measure(large), measure(small), atol=1e-6)


def test_sides_that_do_not_divide_lose_their_rim():
    assert seen(np.zeros((1, 200, 131, 3), np.uint8)).shape == (1, 100, 65, 3)


def test_grey_and_transparent_pictures_are_measured_on_white_paper():
    grey = np.full((1, 8, 8, 1), 128, np.uint8)
    assert measure(grey)[0, PLACE["colour_top", "grey"]] == pytest.approx(1, abs=0.02)
    clear = np.zeros((1, 8, 8, 4), np.uint8)
    assert measure(clear)[0, PLACE["colour_top", "white"]] == pytest.approx(1, abs=0.01)


def test_works_read_in_chunks_from_disk_are_the_same(tmp_path):
    pictures = np.random.default_rng(4).integers(0, 256, (CHUNK + 3, 8, 8, 3)).astype(np.uint8)
    np.save(tmp_path / "works.npy", pictures)
    mapped = np.load(tmp_path / "works.npy", mmap_mode="r")
    single = np.concatenate([measure(picture[None]) for picture in pictures])
    np.testing.assert_allclose(measure(mapped), single, atol=1e-5)

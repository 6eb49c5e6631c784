"""Eleven names for all colours: by values checked by hand, by a slow twin, and smoothly."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.arts.image.colour_names import EXAMPLES, degrees, degrees_of, to_oklab
from huohua.conditions.attribute_names import COLOURS
from parity.reference import attributes as slow

# What people would call these, most of them well-known colours of the web.
BY_EYE = {
    "black": ["000000", "111111", "0a0a14"],
    "grey": ["808080", "a9a9a9", "555555", "c0c0c0", "707678"],
    "white": ["ffffff", "fafafa", "fffaf0", "f0f8ff"],
    "red": ["ff0000", "dc143c", "b22222", "8b0000", "cc2222"],
    "orange": ["ffa500", "ff8c00", "f4a460", "e8702a"],
    "yellow": ["ffff00", "ffd700", "f0e68c", "eee8aa", "e1c340"],
    "green": ["008000", "228b22", "90ee90", "556b2f", "2e8b57", "6b8e23", "00ff7f"],
    "blue": ["0000ff", "87ceeb", "4682b4", "191970", "add8e6", "6495ed", "1e90ff", "5f87a8"],
    "purple": ["800080", "9370db", "8a2be2", "4b0082", "ba55d3", "663399"],
    "pink": ["ffc0cb", "ff69b4", "ff1493", "ffb6c1", "db7093"],
    "brown": ["8b4513", "a0522d", "d2b48c", "5c4033", "654321", "cd853f"],
}


@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in BY_EYE.items() for code in codes])
def test_a_colour_has_the_name_a_person_would_give_it(name, code):
    rgb_13 = np.array([tuple(bytes.fromhex(code))])
    degree_K = degrees_of(rgb_13)[0]
    assert COLOURS[int(degree_K.argmax())] == name
    assert degree_K.sum() == pytest.approx(1, abs=1e-5)


def test_every_name_has_examples_and_each_example_is_wholly_its_own():
    assert set(EXAMPLES) == set(COLOURS)
    for name, codes in EXAMPLES.items():
        rgb_N3 = np.array([tuple(bytes.fromhex(code)) for code in codes.split()])
        assert degrees_of(rgb_N3)[:, COLOURS.index(name)].min() > 0.99


def test_values_of_oklab_are_those_of_its_paper():
    lab = to_oklab(np.array([[255, 255, 255], [255, 0, 0], [0, 0, 255], [0, 0, 0]]))
    expected = [[1, 0, 0], [0.628, 0.2249, 0.1258], [0.452, -0.0324, -0.3115], [0, 0, 0]]
    np.testing.assert_allclose(lab, expected, atol=6e-4)


def test_bytes_and_numbers_of_the_same_colour_are_the_same():
    rgb = np.arange(0, 255, 5).reshape(-1, 3)
    np.testing.assert_allclose(to_oklab(rgb.astype(np.uint8)), to_oklab(rgb), atol=1e-6)


def test_degrees_are_those_of_the_slow_twin():
    rgb_N3 = np.random.default_rng(0).integers(0, 256, (40, 3))
    twin_NK = [[slow.names_of(*rgb)[name] for name in COLOURS] for rgb in rgb_N3.tolist()]
    np.testing.assert_allclose(degrees_of(rgb_N3), twin_NK, atol=2e-4)


def test_the_table_is_near_enough():
    rgb_N3 = np.random.default_rng(1).integers(0, 256, (4000, 3)).astype(np.uint8)
    error_NK = np.abs(degrees(rgb_N3) - degrees_of(rgb_N3))
    assert np.abs(degrees(rgb_N3).mean(0) - degrees_of(rgb_N3).mean(0)).max() < 0.005
    assert error_NK.mean() < 0.02


def test_white_black_and_grey_have_no_colour_in_the_table():
    grey_N3 = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    plain = [COLOURS.index(name) for name in ("black", "grey", "white")]
    assert degrees(grey_N3)[:, plain].sum(axis=1).min() > 0.9


def test_a_name_changes_smoothly_along_a_ramp():
    ramp_N3 = np.linspace([0, 0, 255], [255, 0, 0], 512)
    assert np.abs(np.diff(degrees_of(ramp_N3), axis=0)).max() < 0.12

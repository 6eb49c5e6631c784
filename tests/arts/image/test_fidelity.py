"""Figures of pictures made again: by hand where that is possible, and by a slow twin where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import correlate1d

from huohua.arts.image.fidelity import peak_signal_to_noise, structural_similarity


def noise(seed: int, shape: tuple[int, ...] = (20, 30, 3)) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def test_an_error_of_a_tenth_of_white_is_twenty_decibels():
    black = np.zeros((4, 4, 3), np.uint8)
    # 25.5 cannot be written; 25 and 26 in equal parts have a mean square of 650.5.
    halves = np.where(np.indices((4, 4, 3)).sum(0) % 2, 26, 25).astype(np.uint8)
    assert peak_signal_to_noise(black, halves) == pytest.approx(10 * np.log10(255**2 / 650.5))
    assert peak_signal_to_noise(halves, black) == peak_signal_to_noise(black, halves)


def test_equal_pictures_have_no_noise_and_are_similar_in_full():
    assert peak_signal_to_noise(noise(1), noise(1)) == float("inf")
    assert structural_similarity(noise(1), noise(1)) == pytest.approx(1.0, abs=1e-12)


def test_flat_pictures_differ_in_light_alone():
    """Without structure what is left is (2ab + c) / (a² + b² + c), c the square of a hundredth of white."""
    dark, light = np.full((16, 16, 1), 50, np.uint8), np.full((16, 16, 1), 100, np.uint8)
    steady = 2.55**2
    expected = (2 * 50 * 100 + steady) / (50**2 + 100**2 + steady)
    assert structural_similarity(dark, light) == pytest.approx(expected, rel=1e-9)


def slow_similarity(first: np.ndarray, second: np.ndarray) -> float:
    """Go through equation 13 with filters of another library, and drop the borders afterwards."""
    weight = np.exp(-(np.arange(-5, 6) ** 2) / 4.5)
    weight /= weight.sum()

    def windowed(picture: np.ndarray) -> np.ndarray:
        for axis in (0, 1):
            picture = correlate1d(picture, weight, axis=axis)
        return picture[5:-5, 5:-5]

    x, y = first.astype(float), second.astype(float)
    mx, my = windowed(x), windowed(y)
    vx, vy, both = windowed(x * x) - mx**2, windowed(y * y) - my**2, windowed(x * y) - mx * my
    c1, c2 = 6.5025, 58.5225
    return float(((2 * mx * my + c1) * (2 * both + c2) / ((mx**2 + my**2 + c1) * (vx + vy + c2))).mean())


@pytest.mark.parametrize("other", [noise(2), (noise(1) // 2 + noise(2) // 2), 255 - noise(1)])
def test_similarity_is_that_of_the_slow_twin(other):
    assert structural_similarity(noise(1), other) == pytest.approx(slow_similarity(noise(1), other), abs=1e-9)


def test_a_picture_turned_dark_for_light_is_unlike_itself():
    assert structural_similarity(noise(1), 255 - noise(1)) < -0.5


def test_small_pictures_are_compared_with_a_small_window():
    assert structural_similarity(noise(1, (7, 5, 1)), noise(1, (7, 5, 1))) == pytest.approx(1.0)
    assert structural_similarity(noise(1, (7, 5, 1)), noise(2, (7, 5, 1))) < 0.9

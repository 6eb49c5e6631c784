"""Changes of size against loops over single pixels."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from huohua.blocks.resampling import binomial, blur, enlarge, middle, stages


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_binomial_kernels_are_rows_of_pascals_triangle():
    assert binomial(1).tolist() == [[1.0]]
    assert (binomial(3, gain=16.0)).tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert binomial(4, gain=64.0)[0].tolist() == [1, 3, 3, 1]


@pytest.mark.parametrize("taps", [1, 2, 3, 4, 7])
@pytest.mark.parametrize("gain", [1.0, 4.0])
def test_a_binomial_kernel_sums_to_its_gain_and_is_symmetric(taps, gain):
    kernel = binomial(taps, gain=gain)
    assert kernel.sum().item() == pytest.approx(gain)
    assert torch.equal(kernel, kernel.flip(0, 1))
    assert torch.equal(kernel, kernel.T)


@pytest.mark.parametrize(("taps", "before", "after"), [(3, 1, 1), (4, 1, 2), (4, 1, 1), (2, 0, 0)])
def test_blurring_is_a_weighted_mean_of_neighbours(taps, before, after):
    image, kernel = drawn(2, 3, 5, 6), drawn(taps, taps, seed=1)
    out = blur(image, kernel, before=before, after=after)
    height, width = 5 + before + after - taps + 1, 6 + before + after - taps + 1
    assert out.shape == (2, 3, height, width)
    for work, channel, row, column in [(0, 0, 0, 0), (1, 2, height - 1, width - 1), (0, 1, 1, 2)]:
        expected = 0.0
        for down in range(taps):
            for right in range(taps):
                y, x = row + down - before, column + right - before
                if 0 <= y < 5 and 0 <= x < 6:
                    expected += (image[work, channel, y, x] * kernel[down, right]).item()
        assert out[work, channel, row, column].item() == pytest.approx(expected, abs=1e-12)


def test_blurring_keeps_the_image_in_its_precision():
    image = drawn(1, 2, 4, 4).bfloat16()
    assert blur(image, binomial(3), before=1, after=1).dtype == torch.bfloat16


def test_enlarging_doubles_and_keeps_a_flat_image_flat():
    out = enlarge(torch.full((1, 1, 3, 4), 0.25))
    assert out.shape == (1, 1, 6, 8)
    torch.testing.assert_close(out, torch.full((1, 1, 6, 8), 0.25))


def test_enlarging_is_bilinear_between_the_middles_of_pixels():
    out = enlarge(torch.tensor([[[[0.0, 1.0]]]]))
    torch.testing.assert_close(out[0, 0], torch.tensor([[0.0, 0.25, 0.75, 1.0]]).expand(2, 4))


@given(height=st.integers(8, 300), width=st.integers(8, 300))
def test_every_size_is_reached_by_doubling_a_small_start(height, width):
    doublings, start_height, start_width = stages(height, width)
    assert 4 <= min(start_height, start_width) <= 8
    for side, start in ((height, start_height), (width, start_width)):
        reached = start * 2**doublings
        assert 0 <= reached - side < 2**doublings  # enough, and no smaller start would do


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(64, 64, (4, 4, 4)), (28, 28, (2, 7, 7)), (30, 30, (2, 8, 8)), (64, 192, (4, 4, 12)), (8, 8, (1, 4, 4))],
)
def test_stages_of_usual_sizes(height, width, expected):
    assert stages(height, width) == expected


def test_the_middle_of_an_image_leaves_the_same_margin_around():
    image = torch.arange(30.0).view(1, 1, 5, 6)
    assert middle(image, 3, 2).tolist() == [[[[8, 9], [14, 15], [20, 21]]]]
    assert torch.equal(middle(image, 5, 6), image)
    assert middle(image, 4, 6)[0, 0, 0, 0] == 0  # an odd margin is one smaller above

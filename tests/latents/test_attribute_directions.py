"""Directions of measured attributes: the slopes that were put in come out, and noise is called noise."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from huohua.latents.attributes import attribute_directions, explained, independent, ridge
from huohua.randomness import torch_generator
from parity.reference.latents import ridge as slow_ridge


def draw(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch_generator(seed))


@pytest.mark.parametrize("strength", [0.0, 0.1, 3.0])
def test_ridge_is_a_least_squares_with_more_rows(strength):
    latent_NV, value_NA = draw(40, 6), draw(40, 2, seed=1)
    expected = slow_ridge(latent_NV.double().numpy(), value_NA.double().numpy(), strength)
    np.testing.assert_allclose(ridge(latent_NV, value_NA, strength).numpy(), expected, atol=1e-5)


def test_ridge_of_one_number_by_hand():
    """Latents -1, 0, 1 and values 1, 3, 8: sum of products 7, of squares 2; with strength 1 plus 3."""
    latent_NV, value_NA = torch.tensor([[-1.0], [0.0], [1.0]]), torch.tensor([[1.0], [3.0], [8.0]])
    assert ridge(latent_NV, value_NA, 0.0).item() == pytest.approx(3.5)
    assert ridge(latent_NV, value_NA, 1.0).item() == pytest.approx(7 / 5)


def test_a_slope_that_was_put_in_is_found_and_noise_is_not():
    latent_NV = draw(1500, 20)
    light = latent_NV @ torch.tensor([0.6, 0.8] + [0.0] * 18)
    value_NA = torch.stack([5 + 2 * light + 0.5 * draw(1500, seed=2), draw(1500, seed=3)], dim=1)
    found = attribute_directions(latent_NV, value_NA)
    torch.testing.assert_close(found.direction_AV[0, :2], torch.tensor([0.6, 0.8]), rtol=0, atol=0.05)
    # Of a variance of 4 + 0.25 the latents explain 4; the ridge of 0.1 takes a tenth of the slope.
    assert 0.88 < float(found.explained_A[0]) < 4 / 4.25 + 0.02
    assert -0.2 < float(found.explained_A[1]) < 0.1
    assert float(found.gain_A[0]) == pytest.approx(2 / (4.25**0.5) / 1.1, rel=0.06)
    torch.testing.assert_close(found.direction_AV.norm(dim=1), torch.ones(2))


def test_a_perfect_prediction_explains_everything_and_the_mean_nothing():
    latent_NV = draw(50, 3)
    slope_AV = draw(2, 3, seed=1)
    value_NA = latent_NV @ slope_AV.T + 7
    torch.testing.assert_close(explained(latent_NV, value_NA, slope_AV), torch.ones(2))
    torch.testing.assert_close(
        explained(latent_NV, value_NA, 0 * slope_AV), torch.zeros(2), rtol=0, atol=1e-6
    )


def test_an_independent_direction_leaves_the_others_alone():
    others_KV = draw(3, 10)
    found = independent(draw(10, seed=4), others_KV)
    torch.testing.assert_close(others_KV @ found, torch.zeros(3), rtol=0, atol=1e-5)
    assert float(found.norm()) == pytest.approx(1.0)


def test_others_that_repeat_one_another_count_once():
    other = torch.tensor([[1.0, 0.0, 0.0]])
    found = independent(torch.tensor([1.0, 1.0, 0.0]), torch.cat([other, 2 * other, 0 * other]))
    torch.testing.assert_close(found, torch.tensor([0.0, 1.0, 0.0]))


def test_a_constant_attribute_has_no_direction():
    found = attribute_directions(draw(100, 4), torch.ones(100, 1))
    assert not found.direction_AV.any()

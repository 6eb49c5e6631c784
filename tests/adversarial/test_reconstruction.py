"""What an autoencoder pays, against hand-computed values and brute force."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from huohua.adversarial.reconstruction import ROUNDING, calibrated_error, feature_error, kl_to_normal
from huohua.randomness import torch_generator
from parity.reference import reconstruction as slow


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch_generator(seed, "test"), dtype=torch.float64)


@pytest.mark.parametrize(
    ("mean", "log_variance", "nats"),
    [
        (0.0, 0.0, 0.0),
        (3.0, 0.0, 4.5),
        (0.0, 1.0, (math.e - 2) / 2),
        (0.0, -2.0, (math.exp(-2) + 1) / 2),
        (1.0, math.log(4), (1 + 4 - 1 - math.log(4)) / 2),
    ],
)
def test_the_distance_to_the_prior_worked_out_by_hand(mean, log_variance, nats):
    mean_BZ, log_variance_BZ = torch.tensor([[mean]]), torch.tensor([[log_variance]])
    assert kl_to_normal(mean_BZ, log_variance_BZ).item() == pytest.approx(nats, abs=1e-6)


def test_the_distance_to_the_prior_is_a_sum_over_the_latent_and_a_mean_over_works():
    mean_BZ = torch.tensor([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]])
    assert kl_to_normal(mean_BZ, torch.zeros(2, 3)).item() == pytest.approx((1.5 + 0.5) / 2)


def test_the_distance_to_the_prior_agrees_with_the_integral():
    mean, log_variance = drawn(3, 4), drawn(3, 4, seed=1)
    expected = slow.kl_to_normal(mean.numpy(), log_variance.numpy())
    assert kl_to_normal(mean, log_variance).item() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("factor", [0.1, 1.0, 10.0])
def test_an_error_is_the_logarithm_of_its_root_mean_square(factor):
    real = torch.zeros(2, 1, 2, 2, dtype=torch.float64)
    made = factor * torch.tensor([[1.0, -1, 1, -1], [3, 1, 3, 1]], dtype=torch.float64).view(2, 1, 2, 2)
    expected = math.log(factor) + math.log(3) / 2  # squares are 1 and 5 on average
    assert calibrated_error(real, made).item() == pytest.approx(expected, abs=1e-3)


def test_an_error_is_the_likelihood_under_the_spread_that_suits_it_best():
    real, made = drawn(4, 15), drawn(4, 15, seed=1)
    expected = slow.calibrated_error(real.numpy(), made.numpy())
    assert calibrated_error(real, made).item() == pytest.approx(expected, abs=1e-4)


def test_the_spread_is_one_for_the_works_shown_together():
    """Squares of errors 1 and 9 are 5 together; a far work weighs as its square does."""
    real, made = torch.zeros(2, 4), torch.tensor([[1.0], [3.0]]).expand(2, 4).clone().requires_grad_()
    error = calibrated_error(real, made)
    error.backward()
    assert error.item() == pytest.approx(math.log(5) / 2, abs=1e-5)
    assert made.grad is not None
    assert (made.grad[1] / made.grad[0]).tolist() == pytest.approx([3.0] * 4)


def test_the_slope_does_not_grow_beyond_bounds_where_a_work_comes_back_as_it_was():
    real = torch.zeros(1, 100)
    made = (torch.zeros(1, 100) + 1e-9).requires_grad_()
    calibrated_error(real, made).backward()
    assert calibrated_error(real, real).item() == pytest.approx(math.log(ROUNDING) / 2)
    assert made.grad is not None
    assert made.grad.abs().max() < 1e-3


def test_a_halved_error_is_worth_the_same_wherever_it_began():
    real, step = drawn(2, 50), drawn(2, 50, seed=1)
    gains = [
        calibrated_error(real, real + f * step) - calibrated_error(real, real + f * step / 2) for f in (1, 9)
    ]
    for gain in gains:
        assert gain.item() == pytest.approx(math.log(2), rel=1e-3)


def test_features_count_alike_however_large_they_are():
    real, made = drawn(3, 8, 2, 2), drawn(3, 8, 2, 2, seed=1)
    one = feature_error([real], [made]).item()
    assert feature_error([real, 100 * real], [made, 100 * made]).item() == pytest.approx(
        one + math.log(100) / 2, abs=1e-4
    )


@pytest.mark.parametrize("error", [calibrated_error, lambda real, made: feature_error([real], [made])])
def test_the_real_works_are_targets_and_receive_no_gradient(error):
    real, made = drawn(2, 3).requires_grad_(), drawn(2, 3, seed=1).requires_grad_()
    error(real, made).backward()
    assert real.grad is None
    assert made.grad is not None
    assert (made.grad.sign() == (made - real).sign()).all()


def test_no_layers_or_too_few_are_refused():
    with pytest.raises(ValueError, match="at least one layer"):
        feature_error([], [])
    with pytest.raises(ValueError, match="zip"):
        feature_error([torch.zeros(1, 1)], [])

"""Penalties against hand-computed values and finite differences."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import torch
from torch import Tensor

from huohua.adversarial.penalties import PENALTIES, gradient_penalty, path_length, r1, r2
from huohua.randomness import torch_generator
from parity.reference import penalties as slow

SLOPES = {"r1": r1, "r2": r2}


def drawn(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch_generator(seed, "test"), dtype=torch.float64)


def bent(sample: Tensor, weight: Tensor) -> Tensor:
    """Score works (B, 3) in two positions, by a function that is not linear."""
    return torch.tanh(sample @ weight).square() + sample.sum(1, keepdim=True).sin()


def bent_slowly(weight: np.ndarray):
    return lambda work: np.tanh(work @ weight) ** 2 + np.sin(work.sum())


@pytest.mark.parametrize("name", PENALTIES)
def test_every_penalty_names_its_source(name):
    assert "Source: " in inspect.getdoc(PENALTIES[name])


@pytest.mark.parametrize("penalty", SLOPES.values(), ids=SLOPES)
def test_the_penalty_of_a_linear_score_is_its_squared_length(penalty):
    sample = drawn(4, 2).requires_grad_()
    score_BS = sample @ torch.tensor([[3.0], [4.0]], dtype=torch.float64)
    assert penalty(sample, score_BS).item() == pytest.approx(25)


@pytest.mark.parametrize("penalty", SLOPES.values(), ids=SLOPES)
def test_the_score_of_a_work_is_the_mean_over_its_positions(penalty):
    sample = drawn(4, 2).requires_grad_()
    weight = torch.tensor([[3.0, 1.0], [4.0, 0.0]], dtype=torch.float64)  # mean slope (2, 2)
    assert penalty(sample, sample @ weight).item() == pytest.approx(8)


@pytest.mark.parametrize("penalty", SLOPES.values(), ids=SLOPES)
def test_a_score_of_one_number_a_work_needs_no_second_axis(penalty):
    sample = drawn(4, 2).requires_grad_()
    assert penalty(sample, (3 * sample).sum(1, keepdim=True)).item() == pytest.approx(18)


@pytest.mark.parametrize("penalty", SLOPES.values(), ids=SLOPES)
def test_a_penalty_agrees_with_finite_differences(penalty):
    sample, weight = drawn(5, 3).requires_grad_(), drawn(3, 2, seed=1)
    expected = slow.squared_slope(bent_slowly(weight.numpy()), sample.detach().numpy())
    assert penalty(sample, bent(sample, weight)).item() == pytest.approx(expected, rel=1e-6)


def test_the_squares_of_all_parts_of_a_work_are_summed():
    image, rhythm = drawn(2, 3, 2, 2).requires_grad_(), drawn(2, 5).requires_grad_()
    score_BS = 2 * image.flatten(1).sum(1, keepdim=True) + 3 * rhythm.sum(1, keepdim=True)
    assert r1([image, rhythm], score_BS).item() == pytest.approx(12 * 4 + 5 * 9)
    assert r1((image,), score_BS).item() == pytest.approx(12 * 4)


def test_the_slope_of_a_penalty_reaches_the_discriminators_weights():
    sample = drawn(3, 3).requires_grad_()
    weight = drawn(3, 2, seed=1).requires_grad_()
    assert torch.autograd.gradcheck(lambda w: r1(sample, bent(sample, w)), (weight,))


def test_small_slopes_in_sixteen_bits_are_not_lost():
    sample = torch.ones(2, 100, dtype=torch.float16, requires_grad=True)
    score_BS = sample * torch.tensor(1e-4, dtype=torch.float16)
    value = r1(sample, score_BS.sum(1, keepdim=True))
    assert value.dtype == torch.float32
    assert value.item() == pytest.approx(100 * 1e-8, rel=1e-2)


def test_a_channels_last_sample_has_the_same_penalty():
    plain = drawn(2, 3, 4, 4)
    values = []
    for layout in (torch.contiguous_format, torch.channels_last):
        sample = plain.clone(memory_format=layout).requires_grad_()
        values.append(r1(sample, sample.square().flatten(1).sum(1, keepdim=True)).item())
    assert values[0] == pytest.approx(4 * plain.square().sum().item() / 2)
    assert values[1] == pytest.approx(values[0])


@pytest.mark.parametrize(("target", "expected"), [(1.0, 16.0), (0.0, 25.0), (5.0, 0.0)])
def test_the_gradient_penalty_of_a_linear_score_is_its_distance_from_the_target(target, expected):
    weight = torch.tensor([[3.0], [4.0]], dtype=torch.float64)
    value = gradient_penalty(
        lambda x: x @ weight, drawn(4, 2), drawn(4, 2, seed=1), torch_generator(0), target=target
    )
    assert value.item() == pytest.approx(expected, abs=1e-9)


def test_the_gradient_penalty_is_taken_between_real_and_fake_works():
    seen: list[Tensor] = []
    weight = drawn(3, 2, seed=2)

    def discriminate(works: Tensor) -> Tensor:
        seen.append(works)
        return bent(works, weight)

    real, fake = drawn(5, 3), drawn(5, 3, seed=1)
    value = gradient_penalty(discriminate, real, fake, torch_generator(0))
    share = ((seen[0] - fake) / (real - fake)).detach()
    torch.testing.assert_close(share, share[:, :1].expand_as(share))
    assert ((share > 0) & (share < 1)).all()
    assert share[:, 0].unique().numel() == 5
    expected = slow.distance_from_slope(bent_slowly(weight.numpy()), seen[0].detach().numpy(), 1.0)
    assert value.item() == pytest.approx(expected, rel=1e-6)


def test_the_gradient_penalty_depends_on_its_generator_only():
    def value(seed: int) -> float:
        weight = drawn(3, 2, seed=2)
        return gradient_penalty(
            lambda x: bent(x, weight), drawn(5, 3), drawn(5, 3, seed=1), torch_generator(seed)
        ).item()

    assert value(0) == value(0)
    assert value(0) != value(1)


def test_the_gradient_penalty_sends_no_gradient_to_the_generator_of_works():
    fake, weight = drawn(4, 3).requires_grad_(), drawn(3, 2, seed=1).requires_grad_()
    value = gradient_penalty(lambda x: bent(x, weight), drawn(4, 3, seed=3), fake, torch_generator(0))
    to_fake, to_weight = torch.autograd.grad(value, (fake, weight), allow_unused=True)
    assert to_fake is None
    assert to_weight.abs().sum() > 0


def test_a_flat_score_has_a_finite_gradient_penalty_and_slope():
    weight = torch.zeros(3, 1, dtype=torch.float64, requires_grad=True)
    value = gradient_penalty(lambda x: x @ weight, drawn(4, 3), drawn(4, 3, seed=1), torch_generator(0))
    (slope,) = torch.autograd.grad(value, weight)
    assert value.item() == pytest.approx(1)
    assert slope.isfinite().all()


def test_path_length_has_the_value_worked_by_hand():
    latent = torch.tensor([[1.0], [2.0]], requires_grad=True)
    sample = (3 * latent).view(2, 1, 1, 1).expand(2, 1, 2, 2)  # four positions
    noise = torch.ones(2, 1, 2, 2)
    # J^T y = 3 * 4 / sqrt(4) = 6 for both; the mean goes from 2 to 2 + (6 - 2) / 100.
    penalty, mean = path_length(sample, latent, noise, torch.tensor(2.0))
    assert mean.item() == pytest.approx(2.04)
    assert penalty.item() == pytest.approx((6 - 2.04) ** 2, rel=1e-6)


@pytest.mark.parametrize("layers", [1, 3])
def test_path_length_agrees_with_finite_differences(layers):
    mixing = drawn(layers * 2, 12, seed=1)
    latent = drawn(4, layers, 2).requires_grad_()
    noise = drawn(4, 3, 2, 2, seed=2)
    sample = torch.tanh(latent.flatten(1) @ mixing).view(4, 3, 2, 2)
    penalty, mean = path_length(sample, latent, noise, torch.tensor(0.7, dtype=torch.float64))
    expected = slow.path_length(
        lambda w: np.tanh(w.reshape(-1) @ mixing.numpy()).reshape(3, 2, 2),
        latent.detach().numpy(),
        noise.numpy(),
        0.7,
    )
    assert (penalty.item(), mean.item()) == pytest.approx(expected, rel=1e-6)


def test_one_layer_of_latents_is_the_same_as_no_layers():
    latent, mixing, noise = drawn(4, 2), drawn(2, 12, seed=1), drawn(4, 3, 2, 2, seed=2)
    values = []
    for shape in ((4, 2), (4, 1, 2)):
        w = latent.view(shape).clone().requires_grad_()
        sample = torch.tanh(w.flatten(1) @ mixing).view(4, 3, 2, 2)
        values.append(path_length(sample, w, noise, torch.tensor(0.0))[0].item())
    assert values[0] == pytest.approx(values[1])


def test_path_length_trains_the_generator_and_its_mean_is_a_constant():
    weight = drawn(2, 12, seed=1).requires_grad_()
    latent, noise = drawn(4, 2).requires_grad_(), drawn(4, 3, 2, 2, seed=2)

    def penalty_and_mean(w: Tensor) -> tuple[Tensor, Tensor]:
        return path_length(torch.tanh(latent @ w).view(4, 3, 2, 2), latent, noise, torch.tensor(0.5).double())

    penalty, mean = penalty_and_mean(weight)
    assert not mean.requires_grad
    (slope,) = torch.autograd.grad(penalty, weight)
    # The mean is held still, so differences of the penalty are taken about that same mean.
    step = torch.zeros_like(weight)
    step[0, 0] = 1e-6

    def length_cost(w: Tensor) -> float:
        sample = torch.tanh(latent @ w).view(4, 3, 2, 2)
        (part,) = torch.autograd.grad((sample * noise).sum() / 2, latent)
        return (part.norm(dim=1) - mean).square().mean().item()

    difference = (length_cost(weight + step) - length_cost(weight - step)) / 2e-6
    assert slope[0, 0].item() == pytest.approx(difference, rel=1e-5)

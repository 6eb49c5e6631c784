"""Mode seeking."""

from __future__ import annotations

import inspect

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from huohua.adversarial.mode_seeking import mode_seeking
from huohua.randomness import torch_generator
from parity.reference import mode_seeking as slow


def pairs(seed: int = 0, spread: float = 1.0) -> tuple[torch.Tensor, ...]:
    random = torch_generator(seed)
    shapes = ((6, 3, 4, 4), (6, 3, 4, 4), (6, 8), (6, 8))
    a, b, z_a, z_b = (torch.randn(*shape, generator=random, dtype=torch.float64) for shape in shapes)
    return a, a + spread * (b - a), z_a, z_b


def test_a_pair_half_as_different_as_wanted_costs_what_is_worked_by_hand():
    # Ratios: 0.5 / 1 and 0.2 / 2; with a clamp of 1 the costs are 2 - 1 and 10 - 1.
    sample_a, sample_b = torch.zeros(2, 4), torch.tensor([[0.5] * 4, [0.2] * 4])
    latent_a, latent_b = torch.zeros(2, 3), torch.tensor([[1.0] * 3, [2.0] * 3])
    value = mode_seeking(sample_a, sample_b, latent_a, latent_b, clamp=1.0)
    assert value.item() == pytest.approx(5, abs=1e-3)


@pytest.mark.parametrize("clamp", [0.3, 1.0, 3.0])
def test_mode_seeking_agrees_with_its_slow_twin(clamp):
    parts = pairs()
    expected = slow.mode_seeking(*(part.numpy() for part in parts), clamp=clamp)
    assert mode_seeking(*parts, clamp=clamp).item() == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("difference", [0.5, 0.75, 100.0])
def test_pairs_that_differ_enough_cost_exactly_nothing_and_feel_no_slope(difference):
    sample_b = torch.full((2, 4), difference, requires_grad=True)
    value = mode_seeking(torch.zeros(2, 4), sample_b, torch.zeros(2, 4), torch.ones(2, 4), clamp=0.5)
    (slope,) = torch.autograd.grad(value, sample_b)
    assert value.item() == 0
    assert torch.equal(slope, torch.zeros_like(slope))


def test_the_slope_drives_works_of_a_pair_apart():
    a, b, z_a, z_b = pairs(spread=0.2)
    b.requires_grad_()
    (slope,) = torch.autograd.grad(mode_seeking(a, b, z_a, z_b, clamp=5.0), b)
    assert torch.equal(slope.sign(), -(b - a).sign())


def test_the_slope_agrees_with_finite_differences():
    a, b, z_a, z_b = pairs(spread=0.5)
    assert torch.autograd.gradcheck(
        lambda x, y: mode_seeking(x, y, z_a, z_b, clamp=1.0), (a.requires_grad_(), b.requires_grad_())
    )


def test_a_generator_that_ignores_its_latent_has_a_high_and_finite_cost():
    a, _, z_a, z_b = pairs()
    value = mode_seeking(a, a, z_a, z_b, clamp=1.0)
    assert value.item() == pytest.approx(1e5 - 1, rel=1e-4)


@given(st.floats(0, 3), st.floats(0.01, 3), st.integers(0, 5))
def test_the_cost_is_never_negative(spread, clamp, seed):
    assert mode_seeking(*pairs(seed, spread), clamp=clamp).item() >= 0


def test_mode_seeking_names_its_source():
    assert "Source: " in inspect.getdoc(mode_seeking)

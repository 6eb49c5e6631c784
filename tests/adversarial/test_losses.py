"""Losses against hand-computed values, a slow twin, and what any loss must do."""

from __future__ import annotations

import inspect
import math

import pytest
import torch

from huohua.adversarial.losses import LOSSES, Loss, smoothed
from huohua.randomness import torch_generator
from parity.reference import losses as slow

SIDES = [(name, side) for name in LOSSES for side in ("discriminator", "generator")]
CAN_BE_SMOOTHED = ("non_saturating", "saturating", "least_squares")


def scores(*names: int | str, low: float = -3.0, high: float = 3.0) -> torch.Tensor:
    drawn = torch.rand(5, 4, generator=torch_generator(1, *names), dtype=torch.float64)
    return low + (high - low) * drawn


# One real score of 2 and one fake score of -1, worked by hand.
BY_HAND = {
    ("non_saturating", "discriminator"): math.log(1 + math.exp(-2)) + math.log(1 + math.exp(-1)),
    ("non_saturating", "generator"): math.log(1 + math.e),
    ("saturating", "discriminator"): math.log(1 + math.exp(-2)) + math.log(1 + math.exp(-1)),
    ("saturating", "generator"): -math.log(1 + math.exp(-1)),
    ("hinge", "discriminator"): 0.0,
    ("hinge", "generator"): 1.0,
    ("least_squares", "discriminator"): 1.0,
    ("least_squares", "generator"): 2.0,
    ("wasserstein", "discriminator"): -3.0,
    ("wasserstein", "generator"): 1.0,
    ("relativistic", "discriminator"): math.log(1 + math.exp(-3)),
    ("relativistic", "generator"): math.log(1 + math.exp(3)),
}


def side_of(name: str, side: str):
    return getattr(LOSSES[name], side)


def test_every_loss_is_listed_under_its_own_name():
    assert [loss.name for loss in LOSSES.values()] == list(LOSSES)


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_a_loss_has_the_value_worked_by_hand(name, side):
    value = side_of(name, side)(torch.tensor([[2.0]]), torch.tensor([[-1.0]]))
    assert value.shape == ()
    assert value.item() == pytest.approx(BY_HAND[name, side], abs=1e-6)


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_a_loss_agrees_with_its_slow_twin(name, side):
    real, fake = scores("real"), scores("fake")
    twin = (slow.DISCRIMINATOR if side == "discriminator" else slow.GENERATOR)[name]
    assert side_of(name, side)(real, fake).item() == pytest.approx(
        twin(real.tolist(), fake.tolist()), rel=1e-9
    )


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_a_loss_and_its_slope_stay_finite_at_extreme_scores(name, side):
    real = torch.tensor([[1e4, -1e4, 0.0]], requires_grad=True)
    fake = torch.tensor([[-1e4, 1e4, 0.0]], requires_grad=True)
    value = side_of(name, side)(real, fake)
    slopes = torch.autograd.grad(value, (real, fake), allow_unused=True)
    assert value.isfinite()
    assert all(slope is None or slope.isfinite().all() for slope in slopes)


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_the_slope_of_a_loss_agrees_with_finite_differences(name, side):
    # Apart from +1 and -1, where the hinge has its kinks.
    real = torch.tensor([[0.5, -2.0], [1.7, 0.1]], dtype=torch.float64, requires_grad=True)
    fake = torch.tensor([[-0.5, 2.0], [0.3, -1.4]], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(side_of(name, side), (real, fake))


@pytest.mark.parametrize("name", LOSSES)
def test_the_generators_slope_raises_every_fake_score(name):
    fake = scores("fake", high=0.9).requires_grad_()
    (slope,) = torch.autograd.grad(LOSSES[name].generator(scores("real"), fake), fake)
    assert (slope < 0).all()


@pytest.mark.parametrize("name", LOSSES)
def test_the_discriminators_slope_raises_real_scores_and_lowers_fake_ones(name):
    real = scores("real", high=0.9).requires_grad_()
    fake = scores("fake", low=0.1).requires_grad_()
    real_slope, fake_slope = torch.autograd.grad(LOSSES[name].discriminator(real, fake), (real, fake))
    assert (real_slope < 0).all()
    assert (fake_slope > 0).all()


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_only_a_paired_loss_depends_on_which_work_meets_which(name, side):
    real, fake = scores("real"), scores("fake")
    function = side_of(name, side)
    before, after = function(real, fake).item(), function(real.flip(0), fake).item()
    together = function(real.flip(0), fake.flip(0)).item()
    assert together == pytest.approx(before, rel=1e-12)
    if LOSSES[name].paired:
        assert abs(after - before) > 1e-3
    else:
        assert after == pytest.approx(before, rel=1e-12)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_says_truly_whether_its_generator_looks_at_real_scores(name):
    real, fake = scores("real").requires_grad_(), scores("fake").requires_grad_()
    value = LOSSES[name].generator(real, fake)
    (slope,) = torch.autograd.grad(value, real, allow_unused=True)
    assert (slope is not None) == LOSSES[name].paired


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_a_loss_does_not_grow_with_works_or_positions(name, side):
    real, fake = scores("real"), scores("fake")
    function = side_of(name, side)
    assert function(real.repeat(3, 2), fake.repeat(3, 2)).item() == pytest.approx(function(real, fake).item())


@pytest.mark.parametrize(("name", "side"), SIDES)
def test_every_loss_names_its_source(name, side):
    assert "Source: " in inspect.getdoc(side_of(name, side))


def test_the_saturating_generator_learns_less_than_the_other_where_it_is_worst():
    fake = torch.tensor([[-10.0]], requires_grad=True)
    real = torch.zeros(1, 1)
    (weak,) = torch.autograd.grad(LOSSES["saturating"].generator(real, fake), fake)
    (strong,) = torch.autograd.grad(LOSSES["non_saturating"].generator(real, fake), fake)
    assert weak.item() == pytest.approx(-1 / (1 + math.exp(10)), rel=1e-4)
    assert strong.item() == pytest.approx(-1 / (1 + math.exp(-10)), rel=1e-4)


@pytest.mark.parametrize("name", CAN_BE_SMOOTHED)
@pytest.mark.parametrize("amount", [0.1, 0.3])
def test_a_smoothed_loss_agrees_with_its_slow_twin(name, amount):
    real, fake = scores("real"), scores("fake")
    twin = slow.least_squares if name == "least_squares" else slow.logistic
    value = smoothed(LOSSES[name], amount).discriminator(real, fake).item()
    assert value == pytest.approx(twin(real.tolist(), fake.tolist(), 1 - amount), rel=1e-9)


def test_a_smoothed_discriminator_is_content_with_a_probability_of_nine_tenths():
    real = torch.tensor([[math.log(9)]], dtype=torch.float64, requires_grad=True)  # sigmoid = 0.9
    loss = smoothed(LOSSES["non_saturating"], 0.1)
    (slope,) = torch.autograd.grad(loss.discriminator(real, torch.zeros(1, 1)), real)
    assert slope.item() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("name", CAN_BE_SMOOTHED)
def test_smoothing_leaves_the_generator_and_the_fake_side_alone(name):
    plain, smooth = LOSSES[name], smoothed(LOSSES[name], 0.2)
    assert smooth.generator is plain.generator
    real, fake = scores("real"), scores("fake").requires_grad_()
    slopes = [torch.autograd.grad(loss.discriminator(real, fake), fake)[0] for loss in (plain, smooth)]
    torch.testing.assert_close(*slopes, rtol=0, atol=0)


def test_smoothing_by_nothing_changes_nothing():
    assert smoothed(LOSSES["non_saturating"], 0) is LOSSES["non_saturating"]


@pytest.mark.parametrize("name", sorted(set(LOSSES) - set(CAN_BE_SMOOTHED)))
def test_a_loss_without_a_target_cannot_be_smoothed(name):
    with pytest.raises(ValueError, match=f"{name} loss has no target"):
        smoothed(LOSSES[name], 0.1)


@pytest.mark.parametrize("amount", [-0.1, 1.0, 2.0])
def test_an_impossible_amount_of_smoothing_is_refused(amount):
    with pytest.raises(ValueError, match="at least 0 and below 1"):
        smoothed(LOSSES["non_saturating"], amount)


def test_a_loss_of_ones_own_has_the_same_shape():
    loss = Loss(name="mine", discriminator=lambda r, f: (f - r).mean(), generator=lambda r, f: -f.mean())
    assert loss.paired is False
    assert loss.discriminator(torch.ones(1, 1), torch.zeros(1, 1)).item() == -1

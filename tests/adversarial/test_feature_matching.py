"""Feature matching."""

from __future__ import annotations

import inspect

import pytest
import torch

from huohua.adversarial.feature_matching import feature_matching
from huohua.randomness import torch_generator
from parity.reference import feature_matching as slow


def layers(seed: int, works: int = 4) -> list[torch.Tensor]:
    random = torch_generator(seed)
    return [
        torch.randn(*shape, generator=random, dtype=torch.float64)
        for shape in ((works, 3, 4, 2), (works, 5, 6), (works, 7))
    ]


def test_the_distance_of_two_layers_is_the_mean_of_theirs():
    real = [torch.tensor([[1.0, 0.0], [3.0, 0.0]]), torch.full((2, 1, 2, 2), 4.0)]
    fake = [torch.tensor([[0.0, 1.0]]), torch.full((1, 1, 2, 2), 1.0)]
    assert feature_matching(real, fake).item() == pytest.approx((5 + 9) / 2)


@pytest.mark.parametrize("works", [2, 4])
def test_feature_matching_agrees_with_its_slow_twin(works):
    real, fake = layers(0), layers(1, works)
    expected = slow.feature_matching([r.numpy() for r in real], [f.numpy() for f in fake])
    assert feature_matching(real, fake).item() == pytest.approx(expected, rel=1e-9)


def test_the_same_works_in_another_order_and_place_match_exactly():
    real = layers(0)
    fake = [feature.flip([0, *range(2, feature.ndim)]) for feature in real]
    assert feature_matching(real, fake).item() == pytest.approx(0, abs=1e-20)


def test_gradients_reach_fake_features_only():
    real = [feature.requires_grad_() for feature in layers(0)]
    fake = [feature.requires_grad_() for feature in layers(1)]
    feature_matching(real, fake).backward()
    assert all(feature.grad is None for feature in real)
    assert all(feature.grad.abs().sum() > 0 for feature in fake)


def test_the_slope_agrees_with_finite_differences():
    fake = [feature.requires_grad_() for feature in layers(1, works=2)]
    assert torch.autograd.gradcheck(lambda *parts: feature_matching(layers(0), parts), tuple(fake))


def test_layers_that_do_not_correspond_are_refused():
    with pytest.raises(ValueError, match=r"shorter|longer"):
        feature_matching(layers(0), layers(1)[:2])
    with pytest.raises(ValueError, match="at least one layer"):
        feature_matching([], [])


def test_feature_matching_names_its_source():
    assert "Source: " in inspect.getdoc(feature_matching)

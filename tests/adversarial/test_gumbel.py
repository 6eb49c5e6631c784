"""Straight-through choices: distribution, gradients and hand values."""

from __future__ import annotations

import pytest
import torch

from huohua.adversarial.gumbel import perturbed, straight


def test_a_given_choice_is_always_the_largest():
    dice = torch.Generator().manual_seed(0)
    scores = torch.randn(500, 7, generator=dice)
    choice = torch.randint(7, (500,), generator=dice)
    assert (perturbed(scores, choice, dice).argmax(1) == choice).all()


def test_noise_after_the_choice_is_distributed_like_noise_before_it():
    """Means of all numbers agree with those of chances plus Gumbel noise drawn without knowing any choice."""
    dice = torch.Generator().manual_seed(1)
    scores = torch.tensor([[1.0, 0.0, -1.0]]).expand(40_000, 3)
    choice = torch.multinomial(scores.softmax(-1), 1, generator=dice)[:, 0]
    after = perturbed(scores, choice, dice)
    noise = -(-torch.rand(40_000, 3, generator=dice).clamp_min(1e-20).log()).log()
    before = scores.log_softmax(-1) + noise
    torch.testing.assert_close(after.mean(0), before.mean(0), atol=0.03, rtol=0)
    torch.testing.assert_close(after.std(0), before.std(0), atol=0.03, rtol=0)


def test_a_straight_choice_is_hard_forwards_and_soft_backwards():
    scores = torch.tensor([[0.3, -0.2, 0.9]], requires_grad=True)
    chosen = straight(scores, torch.tensor([1]), torch.Generator().manual_seed(2))
    assert chosen.tolist() == [[0.0, 1.0, 0.0]]
    (chosen * torch.tensor([[0.0, 1.0, 0.0]])).sum().backward()
    assert scores.grad.abs().sum() > 0.01
    assert scores.grad.sum().item() == pytest.approx(0.0, abs=1e-6)

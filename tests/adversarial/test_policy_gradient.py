"""Policy gradients: by hand, and against slow twins."""

from __future__ import annotations

import math

import pytest
import torch

from huohua.adversarial.policy_gradient import divergence, normalised, proximal_loss, reinforce_loss


def nats(*chances: float) -> torch.Tensor:
    return -torch.tensor(chances).log()


def slow_proximal(new, old, advantages, clip):
    total = 0.0
    for n, o, a in zip(new, old, advantages, strict=True):
        ratio = math.exp(-n) / math.exp(-o)
        total += min(ratio * a, max(1 - clip, min(1 + clip, ratio)) * a)
    return -total / len(new)


def test_the_proximal_loss_is_what_the_hand_says():
    # Ratios 1.5, 0.5, 1.5, 0.5; with clip 0.2 they count as 1.2, 0.5, 1.5 and 0.8.
    new, old = nats(0.3, 0.1, 0.3, 0.1), nats(0.2, 0.2, 0.2, 0.2)
    advantage = torch.tensor([1.0, 1.0, -1.0, -1.0])
    loss = proximal_loss(new, old, advantage, clip=0.2)
    assert loss.item() == pytest.approx(-(1.2 + 0.5 - 1.5 - 0.8) / 4, abs=1e-6)


def test_the_proximal_loss_agrees_with_a_loop_over_choices():
    dice = torch.Generator().manual_seed(3)
    new, old = torch.rand(50, generator=dice) * 3, torch.rand(50, generator=dice) * 3
    advantage = torch.randn(50, generator=dice)
    slow = slow_proximal(new.tolist(), old.tolist(), advantage.tolist(), 0.15)
    assert proximal_loss(new, old, advantage, clip=0.15).item() == pytest.approx(slow, rel=1e-5)


def test_where_the_policy_stands_the_proximal_gradient_is_that_of_reinforce():
    old, advantage = nats(0.5, 0.25), torch.tensor([1.0, -2.0])
    first, second = old.clone().requires_grad_(), old.clone().requires_grad_()
    proximal_loss(first, old, advantage, clip=0.2).backward()
    reinforce_loss(second, advantage).backward()
    torch.testing.assert_close(first.grad, second.grad)
    torch.testing.assert_close(first.grad, advantage / 2)


def test_a_ratio_beyond_the_clip_no_longer_pays():
    new = nats(0.4).requires_grad_()
    proximal_loss(new, nats(0.2), torch.ones(1), clip=0.2).backward()
    assert new.grad.item() == 0.0


def test_reinforce_finds_the_gradient_of_the_expected_reward():
    """Over all choices, weighted by their chances, the estimate is the gradient itself."""
    logits, reward = torch.tensor([0.2, -0.4, 0.1], requires_grad=True), torch.tensor([1.0, 0.0, 3.0])
    (exact,) = torch.autograd.grad((logits.softmax(0) * reward).sum(), logits)
    estimate = torch.zeros(3)
    for choice, chance in enumerate(logits.detach().softmax(0)):
        loss = reinforce_loss(-logits.log_softmax(0)[choice][None], reward[choice][None])
        estimate -= chance * torch.autograd.grad(loss, logits)[0]
    torch.testing.assert_close(estimate, exact)


def test_the_divergence_averages_to_the_exact_one():
    policy, anchor = torch.tensor([0.7, 0.2, 0.1]), torch.tensor([0.5, 0.25, 0.25])
    exact = float((policy * (policy / anchor).log()).sum())
    each = torch.stack([divergence(-policy[n].log()[None], -anchor[n].log()[None]) for n in range(3)])
    assert float((policy * each).sum()) == pytest.approx(exact, rel=1e-5)
    assert (each >= 0).all()


def test_rewards_are_normalised_by_hand():
    assert normalised(torch.tensor([0.0, 0.0, 3.0])).tolist() == pytest.approx(
        [-0.70711, -0.70711, 1.41421], abs=1e-4
    )
    assert normalised(torch.ones(4)).tolist() == [0.0] * 4

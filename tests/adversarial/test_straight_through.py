"""Choices with slopes: the noise fits the choice, and the slope is that of the soft choice."""

from __future__ import annotations

import pytest
import torch

from huohua.adversarial.straight_through import noisy_logits, straight_through


def dice() -> torch.Generator:
    return torch.Generator().manual_seed(3)


def test_the_chosen_value_is_always_the_greatest():
    logits = torch.randn(4000, 5, generator=dice()) * 3
    chosen = torch.randint(0, 5, (4000,), generator=dice())
    assert (noisy_logits(logits, chosen, dice()).argmax(-1) == chosen).all()


def test_over_choices_drawn_by_the_logits_the_noise_is_gumbel():
    """If values are chosen as the logits say, what was added to them is ordinary Gumbel noise."""
    logits = torch.tensor([1.0, 0.0, -2.0]).expand(40000, 3)
    chosen = torch.multinomial(logits[0].softmax(0), 40000, replacement=True, generator=dice())
    noise = noisy_logits(logits, chosen, dice()) - logits.log_softmax(-1)
    assert noise.mean(0).tolist() == pytest.approx([0.5772] * 3, abs=0.04)  # Euler's number of Gumbel noise
    assert noise.var(0).tolist() == pytest.approx([1.6449] * 3, abs=0.1)  # pi^2 / 6
    assert noise.T.corrcoef()[0, 1].item() == pytest.approx(0.0, abs=0.03)


def test_going_forward_it_is_one_hot_and_going_back_it_is_soft():
    logits = torch.tensor([[0.5, -0.5], [2.0, 0.0]], requires_grad=True)
    chosen, weight = torch.tensor([1, 0]), torch.tensor([[1.0, 3.0], [2.0, 5.0]])
    hard = straight_through(logits, chosen, dice(), temperature=0.7)
    assert torch.allclose(hard.detach(), torch.tensor([[0.0, 1.0], [1.0, 0.0]]), atol=1e-6)
    (hard * weight).sum().backward()
    soft = (noisy_logits(logits.detach(), chosen, dice()) / 0.7).softmax(-1)
    for row in range(2):  # d softmax_i / d logit_j = p_i (1[i = j] - p_j) / temperature
        p = soft[row]
        expected = [
            sum(weight[row, i] * p[i] * (float(i == j) - p[j]) for i in range(2)).item() / 0.7
            for j in range(2)
        ]
        assert logits.grad[row].tolist() == pytest.approx(expected, abs=1e-6)


def test_more_draws_make_a_calmer_slope():
    def slope(draws: int, seed: int) -> float:
        logits = torch.tensor([[0.0, 0.5, -0.5]], requires_grad=True)
        hard = straight_through(
            logits, torch.tensor([0]), torch.Generator().manual_seed(seed), temperature=0.5, draws=draws
        )
        hard[0, 0].backward()
        return logits.grad[0, 0].item()

    one, many = (torch.tensor([slope(draws, seed) for seed in range(60)]) for draws in (1, 30))
    assert many.std() < one.std() / 3
    assert many.mean().item() == pytest.approx(one.mean().item(), abs=0.08)

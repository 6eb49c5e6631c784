"""Choices that let gradients through: forwards a hard choice, backwards the soft one it was made from.

Letters: N choices, V things to choose from.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

SMALLEST = 1e-20


def perturbed(score_NV: Tensor, choice_N: Tensor, dice: torch.Generator) -> Tensor:
    """Return log chances with Gumbel noise under which given choices are the largest.

    Choices drawn in any way from these chances, with such noise added afterwards, are distributed as if the
    noise had come first and the largest been taken.

    Source: Maddison et al. 2014, "A* Sampling", section 3 (the top-down construction); used for gradients by
    Paulus et al. 2021, "Rao-Blackwellizing the Straight-Through Gumbel-Softmax Gradient Estimator", equation
    8.

    Args:
        score_NV: logits.
        choice_N: what was drawn.
        dice: a CPU generator.
    """
    log_NV = score_NV.log_softmax(-1)
    exponential_NV = -torch.rand(score_NV.shape, generator=dice).clamp_min(SMALLEST).log().to(score_NV)
    chosen_N1 = exponential_NV.gather(1, choice_N[:, None])
    others_NV = -(exponential_NV / log_NV.exp().clamp_min(SMALLEST) + chosen_N1).log()
    return others_NV.scatter(1, choice_N[:, None], -chosen_N1.clamp_min(SMALLEST).log())


def straight(
    score_NV: Tensor, choice_N: Tensor, dice: torch.Generator, *, temperature: float = 1.0
) -> Tensor:
    """Return choices as rows of a 1 among zeros, with the gradients of a softmax at this temperature.

    Source: Jang et al. 2017, "Categorical Reparameterization with Gumbel-Softmax", section 2.2, the
    straight-through estimator.

    Example:
        >>> scores = torch.zeros(1, 3, requires_grad=True)
        >>> chosen = straight(scores, torch.tensor([2]), torch.Generator().manual_seed(0))
        >>> chosen.tolist()
        [[0.0, 0.0, 1.0]]
    """
    soft_NV = (perturbed(score_NV, choice_N, dice) / temperature).softmax(-1)
    hard_NV = F.one_hot(choice_N, score_NV.shape[1]).to(soft_NV)
    return hard_NV + (soft_NV - soft_NV.detach())

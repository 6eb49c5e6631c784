"""Policy gradients: how a generator of discrete choices learns from rewards it cannot differentiate.

All functions speak of nats, the surprise of a policy at its own choices: log pi is minus that.

Letters: B works, N choices of all works.
"""

from __future__ import annotations

import torch
from torch import Tensor

SMALLEST_SPREAD = 1e-6


def proximal_loss(new_nats_N: Tensor, old_nats_N: Tensor, advantage_N: Tensor, *, clip: float) -> Tensor:
    """Return the clipped objective of proximal policy optimisation, as a loss.

    Source: Schulman et al. 2017, "Proximal Policy Optimization Algorithms", equation 7.

    Args:
        new_nats_N: surprise of the policy that moves, with gradients.
        old_nats_N: surprise of the policy that made the choices.
        advantage_N: how much better than usual each choice turned out.
        clip: epsilon, how far a ratio may go from 1 before it no longer pays.

    Example:
        >>> log = torch.log
        >>> loss = proximal_loss(
        ...     -log(torch.tensor([0.3])), -log(torch.tensor([0.2])), torch.ones(1), clip=0.2
        ... )
        >>> round(loss.item(), 4)  # the ratio 1.5 counts as 1.2
        -1.2
    """
    ratio_N = (old_nats_N - new_nats_N).exp()
    near_N = ratio_N.clamp(1 - clip, 1 + clip)
    return -torch.minimum(ratio_N * advantage_N, near_N * advantage_N).mean()


def reinforce_loss(nats_N: Tensor, advantage_N: Tensor) -> Tensor:
    """Return the loss whose gradient is that of the expected reward.

    Source: Williams 1992, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement
    Learning", theorem 1.

    Example:
        >>> reinforce_loss(torch.tensor([2.0, 1.0]), torch.tensor([1.0, -1.0])).item()
        0.5
    """
    return (nats_N * advantage_N).mean()


def divergence(nats_N: Tensor, anchor_nats_N: Tensor) -> Tensor:
    """Return an estimate of KL(policy || anchor) from choices of the policy; never negative.

    Source: Schulman 2020, "Approximating KL Divergence", the estimator k3.

    Example:
        >>> divergence(torch.tensor([1.0]), torch.tensor([1.0])).item()
        0.0
    """
    log_ratio_N = nats_N - anchor_nats_N  # log anchor - log policy
    return (log_ratio_N.exp() - 1 - log_ratio_N).mean()


def normalised(reward_B: Tensor) -> Tensor:
    """Return rewards as distances from their mean in units of their spread.

    Source: Wu et al. 2021, "TextGAIL: Generative Adversarial Imitation Learning for Text Generation", section
    3.3, the normalised rewards.

    Example:
        >>> normalised(torch.tensor([1.0, 3.0])).tolist()
        [-1.0, 1.0]
    """
    spread = reward_B.std(correction=0)
    return (reward_B - reward_B.mean()) / spread.clamp_min(SMALLEST_SPREAD)

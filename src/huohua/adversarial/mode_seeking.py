"""Mode seeking: two different latents under the same condition should give two different works.

Shape letters:  B pairs of works,  Z latent.
"""

from __future__ import annotations

import torch
from torch import Tensor


def mode_seeking(
    sample_a: Tensor,
    sample_b: Tensor,
    latent_a_BZ: Tensor,
    latent_b_BZ: Tensor,
    *,
    clamp: float,
    epsilon: float = 1e-5,
) -> Tensor:
    """Return the mean over pairs of 1 / ratio, where ratio = d(samples) / d(latents), above its floor.

    Both distances are mean absolute differences. The paper's loss rewards difference without end; the
    clamp is ours: from a ratio of `clamp` on a pair is different enough, costs exactly nothing and has
    no gradient. The cost of one pair is 1 / (ratio + epsilon) - 1 / (clamp + epsilon).

    Source: Mao et al. 2019, "Mode Seeking Generative Adversarial Networks for Diverse Image Synthesis",
    equation 2.

    Args:
        sample_a: generated works (B, ...).
        sample_b: works from the same conditions and other latents.
        latent_a_BZ: the latents of `sample_a`.
        latent_b_BZ: the latents of `sample_b`, each different from its partner.
        clamp: the ratio that is enough; the ratio measured on pairs of real works, with latents drawn
            afresh, is a natural choice.
        epsilon: keeps the cost of two equal works finite, at about 1 / epsilon.

    Example:
        >>> one, two = torch.zeros(1, 4), torch.ones(1, 4)
        >>> round(mode_seeking(one, one + 0.25, one, two, clamp=0.5).item(), 3)  # 1 / 0.25 - 1 / 0.5
        2.0
        >>> mode_seeking(one, one + 0.75, one, two, clamp=0.5).item()
        0.0
    """
    ratio_B = _distance_B(sample_a, sample_b) / _distance_B(latent_a_BZ, latent_b_BZ).clamp_min(epsilon)
    cost_B = 1 / (ratio_B + epsilon) - 1 / (clamp + epsilon)
    return torch.where(ratio_B < clamp, cost_B, torch.zeros_like(cost_B)).mean()


def _distance_B(first: Tensor, second: Tensor) -> Tensor:
    return (first - second).abs().mean(dim=tuple(range(1, first.ndim)))

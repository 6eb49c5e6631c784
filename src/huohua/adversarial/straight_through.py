"""Choices that a slope can pass: discrete on the way forward, soft on the way back.

A choice was made already, by whatever drew it. Here noise is drawn that would have led to it, and the slope
is that of the soft choice under the same noise. So a work can be written step by step without slopes, and all
its choices be given their slopes in one pass afterwards.

Letters: X choices, K values.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def straight_through(
    logit_XK: Tensor, chosen_X: Tensor, dice: torch.Generator, *, temperature: float, draws: int = 1
) -> Tensor:
    """Return one-hot choices (X, K) whose slope is the mean slope of soft choices that lead to them.

    Source: Paulus, Maddison and Krause 2021, "Rao-Blackwellizing the Straight-Through Gumbel-Softmax Gradient
    Estimator", equation 5; the straight-through Gumbel-softmax is Jang et al. 2017, "Categorical
    Reparameterization with Gumbel-Softmax", section 2.2.

    Args:
        logit_XK: logits that the choices were drawn from.
        chosen_X: the choices, 0 to K - 1.
        dice: a CPU generator.
        temperature: of the soft choices; the lower, the sharper and the noisier the slope.
        draws: over how much noise the slope is averaged.
    """
    hard_XK = F.one_hot(chosen_X, logit_XK.shape[-1]).to(logit_XK.dtype)
    soft = [(noisy_logits(logit_XK, chosen_X, dice) / temperature).softmax(-1) for _ in range(draws)]
    mean_XK = torch.stack(soft).mean(0)
    return hard_XK + mean_XK - mean_XK.detach()


def noisy_logits(logit_XK: Tensor, chosen_X: Tensor, dice: torch.Generator) -> Tensor:
    """Return logits with Gumbel noise, drawn such that the chosen value is the greatest.

    Source: Maddison, Tarlow and Minka 2014, "A* Sampling", section 3 (top-down construction); in this form
    Paulus, Maddison and Krause 2021, equation 10. The noise is held fixed: the slope is that of the logits.

    Args:
        logit_XK: logits; they keep their slope.
        chosen_X: the choices.
        dice: a CPU generator.
    """
    log_share_XK = logit_XK.log_softmax(-1).detach()
    wait_XK = torch.empty(logit_XK.shape).exponential_(generator=dice).to(logit_XK)
    first_X1 = wait_XK.gather(-1, chosen_X[:, None])
    greatest_X1 = -first_X1.log()
    others_XK = -(wait_XK * (-log_share_XK).exp() + first_X1).log()
    noisy_XK = others_XK.scatter(-1, chosen_X[:, None], greatest_X1)
    return logit_XK + (noisy_XK - logit_XK.detach())

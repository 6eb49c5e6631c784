"""Truncation: trade variety for typicality by drawing nearer to the middle.

A generator with a mapping network is truncated in its mapped space W, around the mean of W for the
same condition. Scaling its latent would do nothing, because the mapping normalises it. A generator
without one is truncated by scaling its latent, which is drawn around zero.

Source: Karras et al. 2019, "A Style-Based Generator Architecture for GANs", appendix B;
for latents, Marchesi 2017, "Megapixel Size Image Creation using Generative Adversarial Networks".

Letters: B works, Z latent, C condition, W mapped latent.
"""

from __future__ import annotations

from typing import Protocol, cast, runtime_checkable

import torch
from torch import Tensor, nn

from huohua.randomness import torch_generator

# The mean of W is estimated from so many latents; more change it by less than the eye can see.
ESTIMATED_FROM = 1024


@runtime_checkable
class Mapped(Protocol):
    """A generator in two halves, latent to W and W to work."""

    def map(self, latent_BZ: Tensor, condition_BC: Tensor) -> Tensor:
        """Return latent_BW."""
        ...

    def render(self, latent_BW: Tensor) -> Tensor:
        """Return the works."""
        ...


def generate(generator: nn.Module, latent_BZ: Tensor, condition_BC: Tensor, *, truncation: float) -> Tensor:
    """Return the works of latents drawn towards the middle.

    Args:
        generator: a generator, in evaluation mode.
        latent_BZ: latents from the normal distribution.
        condition_BC: one condition for each.
        truncation: 1 changes nothing, 0 gives the one most typical work, above 1 exaggerates.
    """
    if truncation == 1.0:
        return cast(Tensor, generator(latent_BZ, condition_BC))
    if not isinstance(generator, Mapped):
        return cast(Tensor, generator(truncation * latent_BZ, condition_BC))
    middle_BW = torch.cat([middle(generator, row_C, latent_BZ.shape[1]) for row_C in condition_BC])
    latent_BW = generator.map(latent_BZ, condition_BC)
    return generator.render(middle_BW + truncation * (latent_BW - middle_BW))


def middle(generator: Mapped, condition_C: Tensor, latent: int) -> Tensor:
    """Return the mean of W for one condition, shape (1, W), estimated from the same latents every time."""
    random = torch_generator(0, "truncation")
    latent_BZ = torch.randn(ESTIMATED_FROM, latent, generator=random).to(condition_C.device)
    return generator.map(latent_BZ, condition_C.expand(ESTIMATED_FROM, -1)).mean(0, keepdim=True)

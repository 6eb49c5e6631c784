"""Networks that draw in 16 bits as far as nobody can see it: in all sizes but the last two.

Rounding to bfloat16 adds a little noise to every pixel of every layer. What it adds at small sizes is spread
out by all that follows; at the last sizes it stays where it is, as a visible grain in smooth skies. On a
trained generator of 64 px: 27 levels of 255 at most with all layers in 16 bits, 3 with the last two sizes
in 32. Weights and arithmetic are cheapest to halve where it does no harm: small pictures have most channels.

Letters: B works, Z latent, C condition, H W pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from huohua.blocks.folding import folded

# Sizes above this share of the last one are drawn in 32 bits: the last one and its half.
PRECISE_FROM = 0.25


def in_sixteen_bits(network: nn.Module, latent_BZ: Tensor, condition_BC: Tensor) -> nn.Module:
    """Return a folded copy of a generator for drawing under autocast to bfloat16.

    Args:
        network: a generator, in evaluation mode.
        latent_BZ: any latents; one is drawn, to see how large each layer's picture is.
        condition_BC: conditions for them.

    Raises:
        ValueError: the network is in training.
    """
    copied = folded(network)
    sides = _sides(copied, latent_BZ, condition_BC)
    last = max(sides.values(), default=0)
    precise = [module for module, side in sides.items() if side > PRECISE_FROM * last]
    kept = {id(weight) for module in precise for weight in module.parameters()}
    for weight in copied.parameters():
        if weight.ndim > 1 and id(weight) not in kept:
            weight.data = weight.data.to(torch.bfloat16)
    for module in precise:
        module.forward = _precisely(module.forward)
    return copied


def _sides(network: nn.Module, latent_BZ: Tensor, condition_BC: Tensor) -> dict[nn.Module, int]:
    """Return the shorter side of the picture that each module with kernels of its own makes."""
    sides: dict[nn.Module, int] = {}

    def note(module: nn.Module, _: Any, made: Any) -> None:
        if isinstance(made, Tensor) and made.ndim == 4:
            sides[module] = min(made.shape[2:])

    painters = [
        module
        for module in network.modules()
        if module is not network and any(own.ndim == 4 for own in module.parameters(recurse=False))
    ]
    handles = [module.register_forward_hook(note) for module in painters]
    try:
        with torch.inference_mode():
            network(latent_BZ[:1], condition_BC[:1])
    finally:
        for handle in handles:
            handle.remove()
    return sides


def _precisely(forward: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a module's forward pass that computes in 32 bits whatever it is given."""

    def in_32_bits(*given: Tensor) -> Tensor:
        with torch.autocast(given[0].device.type, enabled=False):
            return forward(*(each.float() for each in given))

    return in_32_bits

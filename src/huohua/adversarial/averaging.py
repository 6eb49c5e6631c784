"""The averaged network: a slow copy of the generator, which draws better than any one moment of it."""

from __future__ import annotations

import copy

import torch
from torch import Tensor, nn

WORKS_PER_KIMG = 1000


def decay(*, shown: int, batch: int, half_life_kimg: float, ramp: float | None = 0.05) -> float:
    """Return the share of the old average that one update keeps: 0.5^(batch / half-life in works).

    Early on the half-life is at most `ramp` times the works shown so far, so that the average forgets
    the untrained network soon.

    Source: Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data", the
    averaging of generator weights in the authors' training loop.

    Args:
        shown: real works shown so far.
        batch: works shown since the last update.
        half_life_kimg: thousands of works after which an old weight counts for half.
        ramp: the share of `shown` that caps the half-life; None for no cap.

    Example:
        >>> decay(shown=1_000_000, batch=500, half_life_kimg=0.5)
        0.5
        >>> decay(shown=0, batch=16, half_life_kimg=10)
        0.0
    """
    half_life = half_life_kimg * WORKS_PER_KIMG
    if ramp is not None:
        half_life = min(half_life, shown * ramp)
    return 0.5 ** (batch / half_life) if half_life > 0 else 0.0


class Average:
    """An exponential moving average of a network.

    Weights and floating-point buffers (running statistics) are averaged; other buffers (counters,
    tables of indices) are copied.

    Attributes:
        network: the averaged copy, in evaluation mode and without gradients. Its `state_dict` is the
            whole state of the average.
    """

    def __init__(self, network: nn.Module) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)

    @property
    def finite(self) -> bool:
        """Return whether every number in it is finite, so that it can be drawn with."""
        return all(bool(tensor.isfinite().all()) for tensor in self.network.state_dict().values())

    @torch.no_grad()
    def update(
        self, network: nn.Module, *, shown: int, batch: int, half_life_kimg: float, ramp: float | None = 0.05
    ) -> None:
        """Move the average towards `network`; the arguments are those of `decay`."""
        share = 1 - decay(shown=shown, batch=batch, half_life_kimg=half_life_kimg, ramp=ramp)
        averages, copies = _split(self.network)
        targets, originals = _split(network)
        torch._foreach_lerp_(averages, targets, share)
        for kept, original in zip(copies, originals, strict=True):
            kept.copy_(original)


def _split(network: nn.Module) -> tuple[list[Tensor], list[Tensor]]:
    """Return the tensors of a network that are averaged, and those that are copied, in a fixed order."""
    tensors = [weight.data for weight in network.parameters()] + list(network.buffers())
    averaged = [tensor for tensor in tensors if tensor.is_floating_point()]
    return averaged, [tensor for tensor in tensors if not tensor.is_floating_point()]

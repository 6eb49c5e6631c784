"""Minibatch statistics: a discriminator layer that sees how different the works of a batch are."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class MinibatchDeviation(nn.Module):
    """Appends one channel that tells each work how much its group of works differs.

    A generator that always makes the same work is found out by this one number. The number is the
    standard deviation over the group, averaged over channels and positions. In a batch of B works
    those whose indices are equal modulo B / group form a group.

    Source: Karras et al. 2018, "Progressive Growing of GANs for Improved Quality, Stability, and
    Variation", section 3; it simplifies Salimans et al. 2016, "Improved Techniques for Training GANs",
    section 3.2.

    Args:
        group_size: works in a group; a batch that it does not divide uses its largest divisor below.
            A group of one has no deviation.
    """

    def __init__(self, group_size: int = 4) -> None:
        super().__init__()
        if group_size < 1:
            raise ValueError(f"A group of {group_size} works cannot be compared; use at least 1.")
        self.group_size = group_size

    def forward(self, feature: Tensor) -> Tensor:
        """Return (B, C + 1, ...) for (B, C, ...)."""
        batch = len(feature)
        group = largest_divisor(batch, self.group_size)
        spread = _deviation(feature, group).to(feature.dtype)
        spread = spread.view(-1, *[1] * (feature.ndim - 1)).expand(batch, 1, *feature.shape[2:])
        return torch.cat([feature, spread], dim=1)

    def extra_repr(self) -> str:
        """Return what `print(network)` shows."""
        return f"group_size={self.group_size}"


def largest_divisor(number: int, at_most: int) -> int:
    """Return the largest divisor of `number` that is not above `at_most`.

    Example:
        >>> largest_divisor(6, 4), largest_divisor(7, 4), largest_divisor(2, 4)
        (3, 1, 2)
    """
    return next(size for size in range(min(number, at_most), 0, -1) if number % size == 0)


def _deviation(feature: Tensor, group: int) -> Tensor:
    """Return for each of B works the mean deviation of its group; in 32 bits, as squares are lost in 16."""
    precise = feature if feature.dtype == torch.float64 else feature.float()
    grouped = precise.reshape(group, len(feature) // group, -1)
    variance = (grouped - grouped.mean(0)).square().mean(0)
    return (variance + 1e-8).sqrt().mean(1).repeat(group)

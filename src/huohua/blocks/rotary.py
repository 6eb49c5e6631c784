"""Rotary positions: attention that knows how far apart two places are, and nothing of where they lie.

Letters: B works, H heads, T places in time, D width of a head.
"""

from __future__ import annotations

import torch
from torch import Tensor


def rotary_table(places: int, width: int, *, base: float = 10000.0) -> tuple[Tensor, Tensor]:
    """Return the cosines and sines (T, D / 2) of the angles by which places 0 to T - 1 are turned.

    Source: Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding", equation 15.

    Args:
        places: T.
        width: D, an even number.
        base: the slowest angle turns by about 1 / `base` a place.

    Raises:
        ValueError: the width is odd.
    """
    if width % 2:
        raise ValueError(f"Rotary positions need an even width, and {width} is odd.")
    speed = base ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angle_TD = torch.arange(places, dtype=torch.float64)[:, None] * speed
    return angle_TD.cos().float(), angle_TD.sin().float()


def turned(x_BHTD: Tensor, cos_TD: Tensor, sin_TD: Tensor) -> Tensor:
    """Return queries or keys turned by the angles of their places.

    The first half of a head holds the first numbers of all pairs and the second half the second ones.

    Source: Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding", equation 34.

    Example:
        >>> cos, sin = rotary_table(2, 2)
        >>> by_one = turned(torch.tensor([[[[1.0, 0.0], [1.0, 0.0]]]]), cos, sin)[0, 0, 1]
        >>> [round(number, 4) for number in by_one.tolist()]  # the cosine and the sine of 1
        [0.5403, 0.8415]
    """
    first, second = x_BHTD.chunk(2, dim=-1)
    return torch.cat([first * cos_TD - second * sin_TD, second * cos_TD + first * sin_TD], dim=-1)

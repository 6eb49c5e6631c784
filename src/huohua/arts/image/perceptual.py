"""How different pictures look, as a sum that can be descended: rows of numbers, compared by their squares.

Rows join the directions of a frozen network's taps at every position and, with a weight, the pixels
themselves: a network alone would forgive colours that are a little off. The squared distance of two rows
is the distance of the pictures. `metrics/perceptual.py` computes the network's part in NumPy, for figures.

Source: Zhang et al. 2018, "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", the
distance of features normalised over channels; every learnt weight is left at 1, and the pixels are ours.

Letters: B pictures, C channels, H W pixels, S numbers of a row.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from huohua.arts.image.features import FrozenFeatures

SMALLEST_SIDE = 64  # smaller pictures are enlarged to it, or the deeper taps have nothing to look at
LARGEST_SIDE = 128  # larger ones are reduced to it: the eye judges the whole, and time is short


class PerceptualRows:
    """Pictures to rows whose squared distance is how different they look.

    Args:
        network: `lite0` or `lite1`; use another for figures than for fitting.
        taps: which of the four taps count.
        pixels: weight of the mean squared difference of pixels in [-1, 1], beside about 1 for each tap.

    Raises:
        MissingDependencyError: the package with the network's weights is not installed.
    """

    def __init__(
        self, network: str = "lite0", *, taps: Sequence[int] = (0, 1, 2), pixels: float = 2.0
    ) -> None:
        self.features = FrozenFeatures(network)
        self.taps, self.pixels = tuple(taps), pixels

    def __call__(self, image_BCHW: Tensor) -> Tensor:
        """Return row_BS of pictures in [-1, 1]; slopes reach the pictures."""
        seen_BCHW = _seen(image_BCHW)
        taps = self.features.taps(seen_BCHW)
        rows = [_directions(taps[number]) for number in self.taps]
        if self.pixels:
            count = seen_BCHW[0].numel()
            rows.append(seen_BCHW.flatten(1) * (self.pixels / count) ** 0.5)
        return torch.cat(rows, dim=1)


def _seen(image_BCHW: Tensor) -> Tensor:
    """Return pictures in three colours, at a size that the network can look at."""
    colour = image_BCHW.expand(-1, 3, -1, -1) if image_BCHW.shape[1] == 1 else image_BCHW[:, :3]
    side = min(colour.shape[2:])
    wanted = min(max(side, SMALLEST_SIDE), LARGEST_SIDE)
    if wanted == side:
        return colour
    size = [round(length * wanted / side) for length in colour.shape[2:]]
    return F.interpolate(colour, size, mode="bilinear", antialias=True, align_corners=False)


def _directions(tap_BCHW: Tensor) -> Tensor:
    """Return each position's channels as a direction of length 1, over the root of the positions."""
    positions = tap_BCHW.shape[2] * tap_BCHW.shape[3]
    # Where a tap is silent there is no direction; the small number keeps its slope finite.
    length = tap_BCHW.square().sum(1, keepdim=True).add(1e-10).sqrt()
    row_BS: Tensor = (tap_BCHW / length).flatten(1) / positions**0.5
    return row_BS

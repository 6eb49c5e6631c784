"""A walk through latents whose works change at one pace, open or closed into a loop.

The way is a smooth curve through the keys. Equal steps in the latent space are unequal steps to the eye:
a generator passes some stretches in a leap and dwells in others. So the way is measured by what changes
in the works along it, and frames are set at equal distances on that measure. Where one step is still
longer than the others it is measured more finely, and the frames are set again.

Source: Catmull and Rom 1974, "A Class of Local Interpolating Splines" (the curve); the pace is arc
length under the metric that the works pull back to the latent space, as in Arvanitidis et al. 2018,
"Latent Space Oddity: on the Curvature of Deep Generative Models".

Letters: N works, K keys.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

# Works as feature_NF at some places, whose Euclidean distance is how much the eye sees change.
Look = Callable[[Sequence[float]], Tensor]

PROBES = 8  # places looked at on each stretch before anything is known of it
MOST_PASSES = 4
COARSE = 1.5  # a piece of the way that changes by more than so many steps is looked at more finely


@dataclass(frozen=True, kw_only=True)
class Way:
    """A smooth curve through keys.

    Attributes:
        keys: how many keys there are, at least 1.
        loop: whether it returns to the first.
    """

    keys: int
    loop: bool = False

    @property
    def length(self) -> int:
        """Return the number of stretches between keys."""
        return self.keys if self.loop else self.keys - 1

    def weights(self, place: float) -> list[float]:
        """Return the weight of each key at a place from 0 to `length`; they add up to 1.

        Example:
            >>> Way(keys=3).weights(1.0), Way(keys=4, loop=True).weights(1.5)
            ([0.0, 1.0, 0.0], [-0.0625, 0.5625, 0.5625, -0.0625])
        """
        if self.length == 0:
            return [1.0]
        stretch = min(int(place), self.length - 1)
        weights = [0.0] * self.keys
        for offset, share in zip((-1, 0, 1, 2), _catmull_rom(place - stretch), strict=True):
            weights[self._key(stretch + offset)] += share
        return weights

    def _key(self, number: int) -> int:
        """Return a key by its number along the way; before the first of an open way is the first itself."""
        return number % self.keys if self.loop else max(0, min(self.keys - 1, number))


def _catmull_rom(t: float) -> tuple[float, float, float, float]:
    """Return the weights of four neighbouring keys at t from 0 (the second) to 1 (the third)."""
    return (
        0.5 * t * (-1 + t * (2 - t)),
        0.5 * (2 + t * t * (-5 + 3 * t)),
        0.5 * t * (1 + t * (4 - 3 * t)),
        0.5 * t * t * (t - 1),
    )


def even_places(way: Way, look: Look, frames: int) -> list[float]:
    """Return the places of frames between which the works change by equal amounts.

    The first frame is the first key; the last is the last key, or in a loop one step before the first.

    Args:
        way: the curve.
        look: shows the works at some places; it is called a few times with many places.
        frames: how many places, at least 2.
    """
    steps = frames if way.loop else frames - 1
    places = [number / PROBES for number in range(way.length * PROBES + 1)]
    feature_NF = look(places)
    for _ in range(MOST_PASSES):
        change = _changes(feature_NF)
        step = float(change.sum()) / steps
        pieces = [math.ceil(each / step) if each > COARSE * step > 0 else 1 for each in change.tolist()]
        if max(pieces) == 1:
            break
        places, feature_NF = _refined(places, feature_NF, pieces, look)
    return _at_equal_distances(places, _changes(feature_NF), steps)[:frames]


def evenness(feature_NF: Tensor, *, loop: bool) -> float:
    """Return the largest change from one frame to the next, as a multiple of the median; 1 is perfectly even.

    In a loop the change from the last frame to the first counts too.
    """
    change = _changes(torch.cat([feature_NF, feature_NF[:1]]) if loop else feature_NF)
    middle = float(change.median())
    return float(change.max()) / middle if middle > 0 else 1.0


def _changes(feature_NF: Tensor) -> Tensor:
    change_N: Tensor = (feature_NF[1:] - feature_NF[:-1]).double().norm(dim=1)
    return change_N


def _refined(
    places: Sequence[float], feature_NF: Tensor, pieces: Sequence[int], look: Look
) -> tuple[list[float], Tensor]:
    """Return places and features with each stretch between two places cut into so many pieces."""
    fresh = [
        start + (end - start) * number / count
        for start, end, count in zip(places, places[1:], pieces, strict=False)
        for number in range(1, count)
    ]
    order = sorted(range(len(places) + len(fresh)), key=[*places, *fresh].__getitem__)
    together = [*places, *fresh]
    return [together[number] for number in order], torch.cat([feature_NF, look(fresh)])[order]


def _at_equal_distances(places: Sequence[float], change: Tensor, steps: int) -> list[float]:
    """Return steps + 1 places at equal distances, between the measured ones by straight lines."""
    total = float(change.sum())
    if total == 0.0:
        return [places[-1] * number / steps for number in range(steps + 1)]
    reached = [0.0, *change.cumsum(0).tolist()]
    found, piece = [], 0
    for number in range(steps + 1):
        wanted = total * number / steps
        while piece < len(places) - 2 and reached[piece + 1] < wanted:
            piece += 1
        length = reached[piece + 1] - reached[piece]
        share = (wanted - reached[piece]) / length if length > 0 else 0.0
        found.append(places[piece] + (places[piece + 1] - places[piece]) * min(1.0, share))
    return found

"""Between latents: the weights with which two or more of them are added up.

Straight lines suit the mapped latent W. Latents of a normal distribution in many dimensions all have
about the same length, and a straight line between two leads through shorter ones, which the generator
has hardly ever been given: it draws them pale. There the way is bent outwards, to the length between
those of the two ends.

Source: Shoemake 1985, "Animating Rotation with Quaternion Curves" (slerp); for latents, White 2016,
"Sampling Generative Networks", on interpolation.

Letters: N latents, V their length.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

# Below this angle sine and straight line differ by less than a rounding.
NEARLY_PARALLEL = 1e-4


def linear(place: float) -> tuple[float, float]:
    """Return the weights of both ends at a place between 0 and 1.

    Example:
        >>> linear(0.25)
        (0.75, 0.25)
    """
    return 1.0 - place, place


def spherical(place: float, angle: float) -> tuple[float, float]:
    """Return the weights of both ends at a place between 0 and 1 on the arc that spans an angle.

    Equal steps of `place` are equal angles. Ends that lie opposite have no one arc between them; they
    are met by a straight line, as are ends in nearly the same direction.

    Args:
        place: 0 is the first end, 1 the second.
        angle: between the two ends, in radians, 0 to pi.

    Example:
        >>> tuple(round(weight, 4) for weight in spherical(1 / 3, math.pi / 2))
        (0.866, 0.5)
    """
    if angle < NEARLY_PARALLEL or math.pi - angle < NEARLY_PARALLEL:
        return linear(place)
    sine = math.sin(angle)
    return math.sin((1 - place) * angle) / sine, math.sin(place * angle) / sine


def angle_between(first: Tensor, second: Tensor) -> float:
    """Return the angle between two latents of any shape, in radians."""
    one, two = first.double().flatten(), second.double().flatten()
    scale = float(one.norm() * two.norm())
    if scale == 0.0:
        return 0.0
    return math.acos(max(-1.0, min(1.0, float(one @ two) / scale)))


def stretched(weights: Sequence[float], latents_NV: Tensor) -> list[float]:
    """Return weights scaled so that the weighted sum is as long as the same mean of the lengths.

    Weights that add up to 1 then trace the arc between two latents of one length, as `spherical` does,
    only at another pace; unlike that they serve any number of latents.

    Args:
        weights: N weights that add up to 1.
        latents_NV: the latents, flattened.
    """
    latents_NV = latents_NV.double()
    weight_N = torch.tensor(weights, dtype=torch.float64)
    wanted = float(weight_N @ latents_NV.norm(dim=1))
    length = float((weight_N @ latents_NV).norm())
    # Opposite latents cancel out; nothing can be stretched there.
    factor = wanted / length if length > NEARLY_PARALLEL * abs(wanted) else 1.0
    return [weight * factor for weight in weights]

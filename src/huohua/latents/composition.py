"""A work from several latents: each part has a weight, a stretch of layers, and conditions if it brings any.

Everything that steering does is such a sum. A step of a walk is two or more latents with weights; a mix
is two latents on different layers; an edit is one latent and a direction; an inverted work is a vector
of its own at each layer. Sums run in the order of the parts, number by number, so that a work does not
depend on what else is made beside it.

Source: Karras et al. 2019, "A Style-Based Generator Architecture for GANs", section 3.1 (mixing by
layer); Shen et al. 2020, "Interpreting the Latent Space of GANs for Semantic Face Editing", on manipulation
(an edit is the latent plus a multiple of a direction).

Letters: V what is steered, C condition, L layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Part:
    """One latent's share in a work.

    Attributes:
        latent_LV: one row for every layer it is told to, or a single row told to all of them.
        weight: factor on the latent.
        layers: the first layer it is told to, and the first that it is not; None is all.
        condition_C: what it asks for; None for a part that asks for nothing, such as a direction.
    """

    latent_LV: Tensor
    weight: float = 1.0
    layers: tuple[int, int] | None = None
    condition_C: Tensor | None = None


def compose(parts: Sequence[Part], *, layers: int, condition_C: Tensor) -> tuple[Tensor, Tensor]:
    """Return latent_LV and condition_LC: what each layer is told.

    Latents add up. Conditions are averaged over the parts of a layer that bring one, by their positive
    weights; where none does, the layer is told `condition_C`.

    Args:
        parts: at least one.
        layers: L.
        condition_C: what is asked for where no part says otherwise.

    Raises:
        ValueError: there is no part, or one does not fit the layers.

    Example:
        >>> shape = Part(latent_LV=torch.tensor([[1.0, 0.0]]), layers=(0, 1))
        >>> colour = Part(latent_LV=torch.tensor([[0.0, 2.0]]), layers=(1, 2))
        >>> compose([shape, colour], layers=2, condition_C=torch.zeros(0))[0].tolist()
        [[1.0, 0.0], [0.0, 2.0]]
    """
    if not parts:
        raise ValueError("a work needs at least one latent")
    width = parts[0].latent_LV.shape[1]
    latent_LV = torch.zeros(layers, width)
    asked_LC, weight_L = torch.zeros(layers, len(condition_C)), torch.zeros(layers)
    for part in parts:
        first, end = part.layers or (0, layers)
        if not 0 <= first < end <= layers or part.latent_LV.shape[0] not in {1, end - first}:
            raise ValueError(f"a part for layers {first} to {end} does not fit a generator of {layers}")
        latent_LV[first:end] += part.weight * part.latent_LV
        if part.condition_C is not None and part.weight > 0:
            asked_LC[first:end] += part.weight * part.condition_C
            weight_L[first:end] += part.weight
    told = weight_L > 0
    condition_LC = condition_C.expand(layers, -1).clone()
    condition_LC[told] = asked_LC[told] / weight_L[told, None]
    return latent_LV, condition_LC

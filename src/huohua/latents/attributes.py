"""Directions of measured attributes: along each, one thing that can be measured grows, and others need not.

Works are drawn, an attribute of each is measured, such as how light it is, and the latents are asked
which way it grows. The answer is a linear fit that is held back where there are few works for many
numbers (ridge). How well it predicts works it has not seen says whether it is worth a slider.

Source: Shen et al. 2020, "Interpreting the Latent Space of GANs for Semantic Face Editing" (attributes are
linear in latents; one is made independent of others by projection); the fit, Hoerl and Kennard 1970, "Ridge
Regression: Biased Estimation for Nonorthogonal Problems".

Letters: N works, V what is steered, A attributes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

HELD_OUT = 0.2  # of the works, for the honest figure


@dataclass(frozen=True, kw_only=True)
class AttributeDirections:
    """One direction for each attribute.

    Attributes:
        direction_AV: of unit length; an attribute that nothing predicts has a row of zeros.
        explained_A: share of the attribute's variance that the fit predicts in works it has not seen; at
            most 1, below 0 where it is worse than the mean.
        gain_A: how much the attribute grows for one unit along its direction, in its own deviations.
    """

    direction_AV: Tensor
    explained_A: Tensor
    gain_A: Tensor


def ridge(latent_NV: Tensor, value_NA: Tensor, strength: float) -> Tensor:
    """Return slope_AV of the linear fit whose squared length costs `strength` for each work.

    Both sides are centred first, so the fit needs no constant.

    Source: Hoerl and Kennard 1970, the ridge estimate.

    Example:
        >>> latent_NV, value_NA = torch.tensor([[1.0], [-1.0]]), torch.tensor([[2.0], [-2.0]])
        >>> ridge(latent_NV, value_NA, 0.0).item(), ridge(latent_NV, value_NA, 1.0).item()
        (2.0, 1.0)
    """
    latent = latent_NV.double() - latent_NV.double().mean(0)
    value = value_NA.double() - value_NA.double().mean(0)
    power_VV = latent.T @ latent
    power_VV += strength * len(latent) * torch.eye(latent.shape[1], dtype=torch.float64)
    slope_VA: Tensor = torch.linalg.solve(power_VV, latent.T @ value)
    return slope_VA.T.float()


def attribute_directions(
    latent_NV: Tensor, value_NA: Tensor, *, strength: float = 0.1
) -> AttributeDirections:
    """Return the direction in which each measured attribute grows fastest.

    Args:
        latent_NV: what was steered, in units of its own spread.
        value_NA: what was measured of each work.
        strength: of the ridge; 0.1 suits latents of unit spread and a thousand works.
    """
    value_NA = _standardised(value_NA)
    held = max(1, round(len(latent_NV) * HELD_OUT))
    slope_AV = ridge(latent_NV[held:], value_NA[held:], strength)
    explained_A = explained(latent_NV[:held], value_NA[:held], slope_AV)
    slope_AV = ridge(latent_NV, value_NA, strength)
    return AttributeDirections(
        direction_AV=torch.nn.functional.normalize(slope_AV, dim=1),
        explained_A=explained_A,
        gain_A=slope_AV.norm(dim=1),
    )


def explained(latent_NV: Tensor, value_NA: Tensor, slope_AV: Tensor) -> Tensor:
    """Return the share of each attribute's variance that the slopes predict."""
    predicted_NA = (latent_NV - latent_NV.mean(0)) @ slope_AV.T
    value_NA = value_NA - value_NA.mean(0)
    missed_A = (value_NA - predicted_NA).square().sum(0)
    return 1 - missed_A / value_NA.square().sum(0).clamp_min(1e-12)


def independent(direction_V: Tensor, others_KV: Tensor) -> Tensor:
    """Return the part of a direction along which the others, as far as they are linear, do not change.

    Source: Shen et al. 2020, on conditional manipulation by projection, for several others at once.

    Example:
        >>> independent(torch.tensor([0.6, 0.8]), torch.tensor([[0.0, 2.0]])).tolist()
        [1.0, 0.0]
    """
    axes_VK, lengths_K, _ = torch.linalg.svd(others_KV.double().T, full_matrices=False)
    basis = axes_VK[:, lengths_K > 1e-6 * lengths_K.max()]
    rest_V = direction_V.double() - basis @ (basis.T @ direction_V.double())
    return torch.nn.functional.normalize(rest_V, dim=0).float()


def _standardised(value_NA: Tensor) -> Tensor:
    value_NA = value_NA.double() - value_NA.double().mean(0)
    return (value_NA / value_NA.std(0).clamp_min(1e-12)).float()

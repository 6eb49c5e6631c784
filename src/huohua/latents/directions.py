"""Directions found without labels: along each, works change in one way that can be looked at and named.

Two roads. *Principal*: works differ most along few axes; they are found in what the generator makes of
latents early on, and carried back to the latents. *By weights*: the axes along which the weights that
the latent meets first stretch it most; that takes no works at all.

Source: Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls"; Shen and Zhou 2021,
"Closed-Form Factorization of Latent Semantics in GANs".

Letters: N works, V what is steered, C condition, F features, K directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Directions:
    """Directions of unit length, most telling first.

    Attributes:
        direction_KV: one in each row; its largest number is positive, so that a sign is no accident.
        share_K: how much of all variation each explains, 0 to 1.
    """

    direction_KV: Tensor
    share_K: Tensor


def principal(feature_NF: Tensor, latent_NV: Tensor, count: int) -> Directions:
    """Return the latents' directions along which features vary most.

    Principal axes of the features are found first; each is then carried to the latents as the direction
    that best predicts them from the works' places on that axis (the paper's equation for generators
    whose latent is drawn from a normal distribution). Where the features are the latents themselves, the
    two are the same.

    Args:
        feature_NF: what the generator makes of N latents early on, without what conditions explain.
        latent_NV: those latents.
        count: K, at most N, F and V.

    Source: Härkönen et al. 2020, on principal feature directions: axes of activations, and the regression
    that carries them to the latents of BigGAN.

    Example:
        >>> latent_NV = torch.tensor([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.1], [0.0, -0.1]])
        >>> principal(latent_NV, latent_NV, 1).direction_KV.tolist()
        [[1.0, 0.0]]
    """
    feature_NF = feature_NF.double() - feature_NF.double().mean(0)
    latent_NV = latent_NV.double() - latent_NV.double().mean(0)
    axis_FK, variance_K = _axes(feature_NF, count)
    place_NK = feature_NF @ axis_FK
    direction_KV = place_NK.T @ latent_NV / place_NK.square().sum(0)[:, None].clamp_min(1e-12)
    total = feature_NF.square().sum() / len(feature_NF)
    return Directions(direction_KV=_settled(direction_KV), share_K=(variance_K / total).float())


def by_weights(matrices_OV: Sequence[Tensor], count: int) -> Directions:
    """Return the directions that the weights a latent meets first stretch most.

    They are the eigenvectors of the largest eigenvalues of AᵀA, where A are all those weights.

    Args:
        matrices_OV: the weights, of some layers or of all.
        count: K, at most V.

    Source: Shen and Zhou 2021, on unsupervised semantic factorisation.

    Example:
        >>> by_weights([torch.tensor([[0.0, 3.0], [1.0, 0.0]])], 1).direction_KV.tolist()
        [[0.0, 1.0]]
    """
    stretch_VV = sum((m.double().T @ m.double() for m in matrices_OV), torch.zeros(()).double())
    power_V, axis_VV = torch.linalg.eigh(stretch_VV)
    power_K, axis_VK = power_V.flip(0)[:count], axis_VV.flip(1)[:, :count]
    return Directions(direction_KV=_settled(axis_VK.T), share_K=(power_K / power_V.sum()).float())


def without_conditions(value_NF: Tensor, condition_NC: Tensor) -> Tensor:
    """Return values without what a linear fit on the conditions explains.

    What a model was told to draw would otherwise be the first thing found.
    """
    if condition_NC.shape[1] == 0:
        return value_NF - value_NF.mean(0)
    told_NC = torch.cat([condition_NC, torch.ones(len(condition_NC), 1)], dim=1).double()
    # Conditions that add up to 1 leave no single solution; gelsd takes the shortest.
    fit_CF = torch.linalg.lstsq(told_NC, value_NF.double(), driver="gelsd").solution
    rest_NF: Tensor = value_NF.double() - told_NC @ fit_CF
    return rest_NF.to(value_NF.dtype)


def _axes(feature_NF: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the principal axes as columns, and the variance along each, by the smaller Gram matrix."""
    works, width = feature_NF.shape
    if width <= works:
        power, axis = torch.linalg.eigh(feature_NF.T @ feature_NF)
        axis_FK = axis.flip(1)[:, :count]
    else:
        power, place = torch.linalg.eigh(feature_NF @ feature_NF.T)
        axis_FK = torch.nn.functional.normalize(feature_NF.T @ place.flip(1)[:, :count], dim=0)
    return axis_FK, power.flip(0)[:count].clamp_min(0) / works


def _settled(direction_KV: Tensor) -> Tensor:
    """Return directions of unit length whose largest number is positive."""
    unit_KV = torch.nn.functional.normalize(direction_KV.double(), dim=1)
    largest_K1 = unit_KV.abs().argmax(1, keepdim=True)
    return (unit_KV * unit_KV.gather(1, largest_K1).sign()).float()

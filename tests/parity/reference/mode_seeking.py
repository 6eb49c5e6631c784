"""Mode seeking one pair at a time."""

from __future__ import annotations

import numpy as np


def mode_seeking(
    sample_a: np.ndarray,
    sample_b: np.ndarray,
    latent_a: np.ndarray,
    latent_b: np.ndarray,
    clamp: float,
    epsilon: float = 1e-5,
) -> float:
    costs = []
    for one, other, z_one, z_other in zip(sample_a, sample_b, latent_a, latent_b, strict=True):
        ratio = np.mean(np.abs(one - other)) / np.mean(np.abs(z_one - z_other))
        costs.append(1 / (min(ratio, clamp) + epsilon) - 1 / (clamp + epsilon))
    return float(np.mean(costs))

"""What an autoencoder pays, by brute force: integrals as sums over fine grids, the best spread by trying."""

from __future__ import annotations

import numpy as np


def log_normal(x: np.ndarray, mean: float, spread: float) -> np.ndarray:
    return -((x - mean) ** 2) / (2 * spread**2) - np.log(spread * np.sqrt(2 * np.pi))


def kl_to_normal(mean: np.ndarray, log_variance: np.ndarray) -> float:
    """The integral of p log(p / q), number by number, as a sum over a grid."""
    works = []
    for row_mean, row_log in zip(mean, log_variance, strict=True):
        total = 0.0
        for m, log in zip(row_mean, row_log, strict=True):
            spread = np.exp(log / 2)
            x = np.linspace(m - 12 * spread, m + 12 * spread, 20_001)
            p, q = log_normal(x, m, spread), log_normal(x, 0.0, 1.0)
            total += float(np.sum(np.exp(p) * (p - q)) * (x[1] - x[0]))
        works.append(total)
    return float(np.mean(works))


def calibrated_error(real: np.ndarray, made: np.ndarray) -> float:
    """The least mean negative log-likelihood that any spread gives, less that of an error of one."""
    spreads = np.exp(np.linspace(-6, 3, 20_001))
    likelihood = np.mean(
        [-log_normal(again, work, spreads[:, None]) for work, again in zip(real, made, strict=True)],
        axis=(0, 2),
    )
    return float(likelihood.min() + log_normal(np.array(1.0), 0.0, 1.0))

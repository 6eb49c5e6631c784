"""Slopes by moving one number at a time: no automatic differentiation anywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

STEP = 1e-5


def slope(function: Callable[[np.ndarray], float], point: np.ndarray) -> np.ndarray:
    """Central differences of a function of one array."""
    result = np.zeros_like(point)
    for index in np.ndindex(point.shape):
        above, below = point.copy(), point.copy()
        above[index] += STEP
        below[index] -= STEP
        result[index] = (function(above) - function(below)) / (2 * STEP)
    return result


def squared_slope(score: Callable[[np.ndarray], np.ndarray], works: np.ndarray) -> float:
    """Mean over works of the squared slope of a work's mean score; `score` takes one work."""
    squares = [np.sum(slope(lambda x: float(np.mean(score(x))), work) ** 2) for work in works]
    return float(np.mean(squares))


def distance_from_slope(score: Callable[[np.ndarray], np.ndarray], works: np.ndarray, target: float) -> float:
    lengths = [np.sqrt(np.sum(slope(lambda x: float(np.mean(score(x))), work) ** 2)) for work in works]
    return float(np.mean([(length - target) ** 2 for length in lengths]))


def path_length(
    generate: Callable[[np.ndarray], np.ndarray], latents: np.ndarray, noise: np.ndarray, mean: float
) -> tuple[float, float]:
    """`generate` makes one work (C, H, W) of one latent (layers, W)."""
    lengths = []
    for latent, y in zip(latents, noise, strict=True):
        scaled = y / np.sqrt(y.shape[1] * y.shape[2])
        rows = slope(lambda w, scaled=scaled: float(np.sum(generate(w) * scaled)), latent)
        lengths.append(np.sqrt(np.mean([np.sum(row**2) for row in rows])))
    new_mean = 0.99 * mean + 0.01 * float(np.mean(lengths))
    return float(np.mean([(length - new_mean) ** 2 for length in lengths])), new_mean

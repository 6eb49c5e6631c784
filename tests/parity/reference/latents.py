"""Slow twins of what moves in latents: written plainly, and in another way than the fast ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np


def catmull_rom(before: float, start: float, end: float, after: float, t: float) -> float:
    """Return the curve from `start` to `end` by its tangents, as a cubic Hermite curve."""
    first_slope, second_slope = (end - before) / 2, (after - start) / 2
    return (
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * first_slope
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * second_slope
    )


def arc(first: np.ndarray, second: np.ndarray, place: float) -> np.ndarray:
    """Return the point on the great arc, by turning the first towards the second in their plane."""
    angle = math.acos(float(first @ second) / float(np.linalg.norm(first) * np.linalg.norm(second)))
    across = second - first * float(first @ second) / float(first @ first)
    across *= np.linalg.norm(first) / np.linalg.norm(across)
    return first * math.cos(place * angle) + across * math.sin(place * angle)


def even_places(curve: Callable[[float], Sequence[float]], end: float, frames: int, fine: int) -> list[float]:
    """Return frames at equal distances along a curve, by walking it in very many small steps."""
    points = [np.asarray(curve(end * number / fine)) for number in range(fine + 1)]
    length, lengths = 0.0, [0.0]
    for before, after in pairwise(points):
        length += float(np.linalg.norm(after - before))
        lengths.append(length)
    return [
        end * float(np.interp(length * number / (frames - 1), lengths, range(fine + 1))) / fine
        for number in range(frames)
    ]


def principal(features: np.ndarray, latents: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return GANSpace's directions by a singular value decomposition and a fit for each one, and shares."""
    features, latents = features - features.mean(0), latents - latents.mean(0)
    places, lengths, _ = np.linalg.svd(features, full_matrices=False)
    rows = []
    for number in range(count):
        place = places[:, number] * lengths[number]
        row = np.array([np.linalg.lstsq(place[:, None], column, rcond=None)[0][0] for column in latents.T])
        rows.append(row / np.linalg.norm(row))
    return np.stack(rows), lengths[:count] ** 2 / (lengths**2).sum()


def stretched_most(matrix: np.ndarray, count: int, turns: int = 2000) -> np.ndarray:
    """Return the directions a matrix stretches most, by power iteration and deflation."""
    rest = matrix.T @ matrix
    rows = []
    for _ in range(count):
        row = np.ones(len(rest)) / math.sqrt(len(rest))
        for _ in range(turns):
            row = rest @ row
            row /= np.linalg.norm(row)
        rows.append(row)
        rest = rest - np.outer(row, row) * (row @ rest @ row)
    return np.stack(rows)


def ridge(latents: np.ndarray, values: np.ndarray, strength: float) -> np.ndarray:
    """Return the ridge fit as a plain least squares with a row of root-strength for each latent number."""
    latents, values = latents - latents.mean(0), values - values.mean(0)
    width = latents.shape[1]
    more = math.sqrt(strength * len(latents)) * np.eye(width)
    taller = np.concatenate([latents, more])
    return np.linalg.lstsq(taller, np.concatenate([values, np.zeros((width, values.shape[1]))]), rcond=None)[
        0
    ].T

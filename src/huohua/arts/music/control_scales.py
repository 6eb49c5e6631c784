"""From measured controls to conditions between 0 and 1, on scales that are taken from the music itself.

0 is what one window of twenty falls short of, 1 what one of twenty exceeds. Swing goes from straight to a
triplet's, whatever the music. What says nothing, such as the register of drums, counts as one half.

Letters: N windows, B bars, K all controls, C those that tell windows apart.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from huohua.arts.music.controls import CONTROLS
from huohua.arts.music.quantising import STRAIGHT, TRIPLET
from huohua.conditions.scale import Scale

GROUP = "control"
ENDS = (0.05, 0.95)
NEUTRAL = 0.5
DIGITS = 4
# Below these distances between the ends a control is the same everywhere. In the units of `controls`.
LEAST_REACH: Mapping[str, float] = {
    "density": 0.1,
    "complexity": 0.2,
    "polyphony": 0.2,
    "register": 1.0,
    "range": 1.0,
    "tension": 0.02,
    "repetition": 0.05,
}
# Swing is a condition if one window of a hundred swings.
SWINGS, OFTEN = 1.05, 0.01


def choose_scales(value_NK: np.ndarray) -> dict[str, Scale]:
    """Return the scales of the controls that tell windows apart, in the order of `CONTROLS`."""
    scales = {}
    for place, name in enumerate(CONTROLS):
        known_N = value_NK[:, place][~np.isnan(value_NK[:, place])]
        scale = _swing_scale(known_N) if name == "swing" else _scale(name, known_N)
        if scale is not None:
            scales[name] = scale
    return scales


def weigh(value_XK: np.ndarray, scales: Mapping[str, Scale]) -> np.ndarray:
    """Return weight_XC, float32, in [0, 1], of measured controls; the last axis holds all of `CONTROLS`."""
    columns = []
    for name, scale in scales.items():
        value_X = value_XK[..., CONTROLS.index(name)]
        columns.append(np.where(np.isnan(value_X), NEUTRAL, scale.weights(value_X)))
    if not columns:
        return np.zeros((*value_XK.shape[:-1], 0), dtype=np.float32)
    return np.stack(columns, axis=-1).astype(np.float32)


def value_at(weight: float, scale: Scale) -> float:
    """Return the value, in the unit of its control, that a weight from 0 to 1 stands for.

    Example:
        >>> value_at(0.5, Scale(low=2.0, middle=2.0, high=4.0))
        3.0
    """
    return scale.middle + weight * (scale.high - scale.middle)


def _scale(name: str, known_N: np.ndarray) -> Scale | None:
    if not len(known_N):
        return None
    low, high = (round(float(end), DIGITS) for end in np.quantile(known_N, ENDS))
    return Scale(low=low, middle=low, high=high) if high - low >= LEAST_REACH[name] else None


def _swing_scale(known_N: np.ndarray) -> Scale | None:
    if not len(known_N) or (known_N > SWINGS).mean() < OFTEN:
        return None
    return Scale(low=STRAIGHT, middle=STRAIGHT, high=TRIPLET)

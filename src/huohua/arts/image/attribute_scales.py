"""From measured attributes to conditions: which of them tell these works apart, and on which scales.

A network should hear few numbers, each as large as the others. So a colour that hardly occurs in a place,
or is there in every work alike, is left out; the rest are brought to scales taken from the works themselves.

Letters: N works, A attributes, C condition.
"""

from __future__ import annotations

import numpy as np

from huohua.arts.image.attributes import ATTRIBUTES, measure
from huohua.conditions.attribute_names import LOOK
from huohua.conditions.scale import Scale
from huohua.conditions.space import ConditionSpace

# A colour is a condition of a place where it covers a fifth of it in one work of a hundred, and in five.
PLAIN_SHARE, RARELY, FEWEST_WORKS = 0.2, 0.01, 5
# As much as it gets: what one work of fifty exceeds, or three in a small set.
FULL, FULL_WORKS = 0.02, 3
# Looks go from what one work of twenty falls short of to what one of twenty exceeds.
LOOK_ENDS = (0.05, 0.5, 0.95)
# Below this spread of weights a colour is the same everywhere, such as the white of paper.
LEAST_SPREAD = 0.15
# Below these distances from the middle to an end a look is the same everywhere, as saturation of grey works.
LEAST_REACH = {"light": 0.03, "saturated": 0.01, "contrast": 0.02, "warm": 0.01, "detailed": 0.004}
DIGITS = 4


def attribute_conditions(image_NHWC: np.ndarray) -> tuple[ConditionSpace, np.ndarray]:
    """Return the conditions that can be computed from some works, and condition_NC, float32."""
    value_NA = measure(image_NHWC)
    space = choose_scales(value_NA)
    return space, weigh(value_NA, space)


def choose_scales(value_NA: np.ndarray) -> ConditionSpace:
    """Return the space of the attributes that tell works apart; it is empty if they are all alike."""
    scales: dict[str, dict[str, Scale]] = {}
    for (group, name), value_N in zip(ATTRIBUTES, value_NA.T, strict=True):
        scale = _look_scale(name, value_N) if group == LOOK else _colour_scale(value_N)
        if scale is not None:
            scales.setdefault(group, {})[name] = scale
    return ConditionSpace(groups={group: tuple(names) for group, names in scales.items()}, scales=scales)


def weigh(value_NA: np.ndarray, space: ConditionSpace) -> np.ndarray:
    """Return condition_NC, float32, of measured works in the measured groups of a space."""
    place = {attribute: number for number, attribute in enumerate(ATTRIBUTES)}
    columns = [
        space.scales[group][name].weights(value_NA[:, place[group, name]])
        for group in space.scales
        for name in space.groups[group]
    ]
    if not columns:
        return np.zeros((len(value_NA), 0), dtype=np.float32)
    return np.stack(columns, axis=1).astype(np.float32)


def joined(labels: ConditionSpace, attributes: ConditionSpace) -> ConditionSpace:
    """Return the space of both: labels first, so that what a work shows still leads."""
    return ConditionSpace(groups={**labels.groups, **attributes.groups}, scales=attributes.scales)


def _colour_scale(value_N: np.ndarray) -> Scale | None:
    """Return the scale of square roots of shares, or None where the colour tells nothing."""
    often = max(FEWEST_WORKS, RARELY * len(value_N))
    if int((value_N**2 >= PLAIN_SHARE).sum()) < often:
        return None
    full = float(np.quantile(value_N, 1 - max(FULL, min(0.5, FULL_WORKS / len(value_N)))))
    scale = Scale(high=round(max(full, PLAIN_SHARE**0.5), DIGITS))
    return scale if float(scale.weights(value_N).std()) >= LEAST_SPREAD else None


def _look_scale(name: str, value_N: np.ndarray) -> Scale | None:
    """Return the scale of a look, or None where the works are alike in it."""
    low, middle, high = (float(end) for end in np.quantile(value_N, LOOK_ENDS)) if len(value_N) else (0, 0, 0)
    if min(middle - low, high - middle) < LEAST_REACH[name]:
        return None
    return Scale(low=round(low, DIGITS), middle=round(middle, DIGITS), high=round(high, DIGITS))

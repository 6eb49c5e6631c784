"""The deviation of a group of works, one group, channel and position at a time."""

from __future__ import annotations

import numpy as np


def with_deviation(feature: np.ndarray, group: int) -> np.ndarray:
    batch = len(feature)
    size = max(d for d in range(1, group + 1) if batch % d == 0)
    groups = batch // size
    flat = feature.reshape(batch, -1)
    added = np.zeros((batch, 1, *feature.shape[2:]))
    for first in range(groups):
        members = [work for work in range(batch) if work % groups == first]
        deviations = []
        for column in range(flat.shape[1]):
            values = [flat[work, column] for work in members]
            middle = sum(values) / size
            deviations.append(np.sqrt(sum((value - middle) ** 2 for value in values) / size + 1e-8))
        for work in members:
            added[work] = np.mean(deviations)
    return np.concatenate([feature, added], axis=1)

"""Feature matching one channel at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def feature_matching(real: Sequence[np.ndarray], fake: Sequence[np.ndarray]) -> float:
    layers = []
    for real_layer, fake_layer in zip(real, fake, strict=True):
        total = 0.0
        for channel in range(real_layer.shape[1]):
            total += (float(real_layer[:, channel].mean()) - float(fake_layer[:, channel].mean())) ** 2
        layers.append(total)
    return sum(layers) / len(layers)

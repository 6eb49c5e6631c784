"""A model of six numbers in two groups, whose works are bends of them."""

from __future__ import annotations

import numpy as np


class ToyMedium:
    """Features `red` and `light`, and two without names."""

    groups = {"shape": (0, 4), "colour": (4, 6)}
    names = ("red", "light")

    def draw(self, count, random):
        return random.standard_normal((count, 6))

    def features(self, point_ND):
        bent_ND = np.tanh(point_ND)
        return np.stack(
            [bent_ND[:, 4], bent_ND[:, 5] + bent_ND[:, 0], bent_ND[:, 1] - bent_ND[:, 2], bent_ND[:, 3]],
            axis=1,
        )

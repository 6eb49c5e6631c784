"""A map of works: the directions along which real works differ most, for looking at many works at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huohua.metrics.features import Doubles, Features, check_features


@dataclass(frozen=True, kw_only=True)
class Map:
    """A flat map of a feature space.

    Attributes:
        middle_F: where the map has its origin, the mean of the real works.
        axis_AF: its axes, orthogonal, of length 1, the one of most variance first.
        share_A: share of the real works' variance along each axis, 0 to 1.
    """

    middle_F: Doubles
    axis_AF: Doubles
    share_A: Doubles

    def place(self, feature_NF: Features) -> Doubles:
        """Return place_NA of works on the map, in units of the features."""
        return np.asarray((feature_NF - self.middle_F) @ self.axis_AF.T, dtype=np.float64)


def principal_map(real_NF: Features, *, axes: int = 2) -> Map:
    """Return the map whose axes carry the most variance of the real works.

    The sign of an axis is free, so it is set: the largest part of each axis is positive.

    Source: Pearson 1901, "On Lines and Planes of Closest Fit to Systems of Points in Space".

    Raises:
        DataError: there are fewer than two rows, or they cannot be measured.
    """
    real_NF = check_features(real_NF, least=2, whose="the real works")
    middle_F = real_NF.mean(axis=0)
    _, scale_K, axis_KF = np.linalg.svd(real_NF - middle_F, full_matrices=False)
    axis_AF = np.zeros((axes, real_NF.shape[1]))
    kept = min(axes, len(axis_KF))
    axis_AF[:kept] = axis_KF[:kept]
    leading_A = axis_AF[np.arange(axes), np.abs(axis_AF).argmax(axis=1)]
    axis_AF *= np.where(leading_A < 0, -1.0, 1.0)[:, None]
    power_K = scale_K**2
    share_A = np.zeros(axes)
    share_A[:kept] = power_K[:kept] / (power_K.sum() or 1.0)
    return Map(middle_F=middle_F, axis_AF=axis_AF, share_A=share_A)

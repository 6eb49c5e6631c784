"""A survey of a model: some hundred works looked at once, so that the learner knows in what they differ.

A work's place tells two things: its features, brought to one spread so that none counts more for being
written in larger numbers; and its point, along the directions that change features most, each as long as
the change. The person may see what no feature measures, and then the point still tells works apart. Of
both together the axes are kept along which works differ most; nobody can choose by the others. Places are
brought to one length, so that a taste asks for works *of a kind* and not for ever more of something.

Source: Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls" (principal axes of what a
generator makes of many latents, carried back by regression); Chiu et al. 2020, "Human-in-the-Loop
Differential Subspace Search in High-Dimensional Latent Space" (directions by how much they change works).

Letters: N works, D numbers of a point, F features, S sensitive directions, X numbers of both, K axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from huohua.steer.medium import Array, Medium

SURVEYED = 512
AXES = 16
DIRECTIONS = 24
POINT_SHARE = 0.5  # of the point in a place; the rest are features
EVEN = 1e-6  # what spreads less than this is the same in every work


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is known of a model's works.

    Attributes:
        centre_D: the average point.
        mean_F: the average work.
        spread_F: the deviation of each feature; infinite for one that never differs.
        direction_DS: directions of points by how much they change features.
        axis_XK: the axes, of unit length.
        share_K: how much of all variation lies along each axis, most first.
    """

    centre_D: Array
    mean_F: Array
    spread_F: Array
    direction_DS: Array
    axis_XK: Array
    share_K: Array

    def place(self, point_ND: Array, feature_NF: Array) -> Array:
        """Return place_NK of works, each of length 1, or 0 for the average work."""
        place_NK = self._both(point_ND, feature_NF) @ self.axis_XK
        length_N1 = np.linalg.norm(place_NK, axis=1, keepdims=True)
        unit_NK: Array = place_NK / np.where(length_N1 > EVEN, length_N1, 1.0)
        return unit_NK

    def in_features(self, weight_K: Array) -> Array:
        """Return weight_F: what weights of axes say of each feature, counted in its spreads."""
        weight_F: Array = (self.axis_XK @ weight_K)[: len(self.mean_F)]
        return weight_F

    def _both(self, point_ND: Array, feature_NF: Array) -> Array:
        scaled_NF = (feature_NF - self.mean_F) / self.spread_F
        return _beside(scaled_NF, (point_ND - self.centre_D) @ self.direction_DS)


def survey(medium: Medium, random: np.random.Generator, *, count: int = SURVEYED, axes: int = AXES) -> Survey:
    """Look at so many works of a model.

    Args:
        medium: the model.
        random: what points are drawn with.
        count: works, at least 3.
        axes: at most so many.
    """
    point_ND = medium.draw(count, random)
    return surveyed(point_ND, medium.features(point_ND), axes=axes)


def surveyed(point_ND: Array, feature_NF: Array, *, axes: int = AXES) -> Survey:
    """Return the survey of works that have been looked at.

    Example:
        >>> point_ND = np.array([[1.0, 1.0], [-1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
        >>> found = surveyed(point_ND, 3 * point_ND[:, :1] + 5)
        >>> found.place(np.array([[2.0, 9.0]]), np.array([[11.0]])).round(4).tolist()
        [[1.0]]
    """
    centre_D, mean_F, spread_F = point_ND.mean(0), feature_NF.mean(0), feature_NF.std(0)
    spread_F = np.where(spread_F > EVEN, spread_F, np.inf)
    scaled_NF = (feature_NF - mean_F) / spread_F
    direction_DS = _sensitive(point_ND - centre_D, scaled_NF)
    both_NX = _beside(scaled_NF, (point_ND - centre_D) @ direction_DS)
    _, power_K, axis_KX = np.linalg.svd(both_NX - both_NX.mean(0), full_matrices=False)
    kept = max(1, min(axes, int((power_K > EVEN * power_K[0]).sum())))
    return Survey(
        centre_D=centre_D,
        mean_F=mean_F,
        spread_F=spread_F,
        direction_DS=direction_DS,
        axis_XK=_settled(axis_KX[:kept]).T,
        share_K=np.square(power_K[:kept]) / max(float(np.square(power_K).sum()), EVEN),
    )


def _sensitive(point_ND: Array, scaled_NF: Array) -> Array:
    """Return directions of points; together their squares add up to 1."""
    change_DF = np.linalg.lstsq(point_ND, scaled_NF, rcond=None)[0]
    direction_DS, power_S, _ = np.linalg.svd(change_DF, full_matrices=False)
    found_DS = _settled(direction_DS[:, :DIRECTIONS].T).T * power_S[:DIRECTIONS]
    whole_DS: Array = found_DS / max(float(np.linalg.norm(found_DS)), EVEN)
    return whole_DS


def _beside(scaled_NF: Array, moved_NS: Array) -> Array:
    """Return features and movements side by side, each with its share whatever their number."""
    features_NF = (1.0 - POINT_SHARE) / np.sqrt(scaled_NF.shape[1]) * scaled_NF
    return np.concatenate([features_NF, POINT_SHARE * moved_NS], axis=1)


def _settled(axis_KX: Array) -> Array:
    """Return axes whose largest number is positive, so that a sign is no accident."""
    largest_K1 = np.abs(axis_KX).argmax(1)[:, None]
    settled_KX: Array = axis_KX * np.where(np.take_along_axis(axis_KX, largest_K1, 1) < 0, -1.0, 1.0)
    return settled_KX

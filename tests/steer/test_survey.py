"""Surveys: what works differ in, whatever numbers their features are written in."""

from __future__ import annotations

import numpy as np
import pytest

from huohua.randomness import numpy_generator
from huohua.steer.medium import locked_numbers
from huohua.steer.survey import POINT_SHARE, survey, surveyed
from toys.toy_medium import ToyMedium


def test_the_units_of_a_feature_do_not_matter():
    random = numpy_generator(0, "points")
    point_ND = random.standard_normal((50, 3))
    feature_NF = np.tanh(point_ND @ random.standard_normal((3, 4)))
    one = surveyed(point_ND, feature_NF)
    other = surveyed(point_ND, feature_NF * np.array([1000.0, 0.01, 1.0, 7.0]) + 5.0)
    scaled_NF = feature_NF * np.array([1000.0, 0.01, 1.0, 7.0]) + 5.0
    assert np.allclose(one.place(point_ND, feature_NF), other.place(point_ND, scaled_NF))


def test_places_have_one_length_and_keep_their_angles_when_no_axis_is_dropped():
    """The slow twin: cosines of features and sensitive movements, written side by side."""
    medium = ToyMedium()
    point_ND = medium.draw(80, numpy_generator(1, "points"))
    feature_NF = medium.features(point_ND)
    known = surveyed(point_ND, feature_NF, axes=100)
    place_NK = known.place(point_ND, feature_NF)
    assert np.allclose(np.linalg.norm(place_NK, axis=1), 1.0)
    scaled_NF = (feature_NF - feature_NF.mean(0)) / feature_NF.std(0)
    change_DF = np.linalg.pinv(point_ND - point_ND.mean(0)) @ scaled_NF
    left, power, right = np.linalg.svd(change_DF, full_matrices=False)
    moved_NF = (point_ND - point_ND.mean(0)) @ left @ np.diag(power / np.linalg.norm(power)) @ right
    both_NX = np.concatenate([(1 - POINT_SHARE) / 2 * scaled_NF, POINT_SHARE * moved_NF], axis=1)
    both_NX /= np.linalg.norm(both_NX, axis=1, keepdims=True)
    assert np.allclose(place_NK @ place_NK.T, both_NX @ both_NX.T)


def test_what_never_differs_counts_for_nothing():
    point_ND = numpy_generator(2, "points").standard_normal((30, 2))
    feature_NF = np.stack([point_ND[:, 0], np.full(30, 4.0)], axis=1)
    known = surveyed(point_ND, feature_NF)
    changed_NF = feature_NF + np.array([0.0, 100.0])
    assert np.array_equal(known.place(point_ND, feature_NF), known.place(point_ND, changed_NF))
    assert np.isfinite(surveyed(point_ND, np.ones((30, 2))).place(point_ND, np.ones((30, 2)))).all()


def test_the_axes_are_in_order_and_the_same_each_time():
    first, again = (survey(ToyMedium(), numpy_generator(3, "survey"), count=60, axes=4) for _ in range(2))
    assert np.array_equal(first.axis_XK, again.axis_XK)
    assert first.axis_XK.shape[1] == 4
    assert (np.diff(first.share_K) <= 0).all() and 0.5 < first.share_K.sum() <= 1


def test_locks_name_their_numbers():
    assert locked_numbers({"a": (0, 1), "b": (1, 3)}, ["b"], 4).tolist() == [False, True, True, False]
    with pytest.raises(KeyError):
        locked_numbers({"a": (0, 1)}, ["c"], 4)

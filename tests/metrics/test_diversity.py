from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics.diversity import (
    diversity_ratio,
    mean_pairwise_distance,
    within_class_diversity,
    within_class_ratio,
)

TABLES = arrays(np.float64, st.tuples(st.integers(2, 9), st.integers(1, 4)), elements=st.floats(-50, 50))


def slow_mean_pairwise_distance(feature_NF):
    return float(np.mean([np.linalg.norm(a - b) for a, b in combinations(feature_NF, 2)]))


def test_the_mean_distance_of_a_three_four_five_triangle_is_four():
    assert mean_pairwise_distance(np.array([[0.0, 0.0], [3.0, 0.0], [3.0, 4.0]])) == 4.0


@given(TABLES)
def test_the_mean_distance_agrees_with_the_slow_twin(feature_NF):
    assert mean_pairwise_distance(feature_NF) == pytest.approx(
        slow_mean_pairwise_distance(feature_NF), abs=2e-4
    )


@given(TABLES, st.floats(-10, 10), st.randoms(use_true_random=False))
def test_the_mean_distance_ignores_place_and_order(feature_NF, shift, random):
    moved_NF = np.array(random.sample(list(feature_NF), len(feature_NF))) + shift
    assert mean_pairwise_distance(moved_NF) == pytest.approx(mean_pairwise_distance(feature_NF), abs=5e-4)


@given(TABLES, st.floats(0.1, 10))
def test_the_mean_distance_grows_with_the_scale(feature_NF, scale):
    scaled = mean_pairwise_distance(feature_NF * scale)
    assert scaled == pytest.approx(scale * mean_pairwise_distance(feature_NF), rel=1e-6, abs=2e-3)


def test_copies_of_one_work_have_no_diversity():
    assert mean_pairwise_distance(np.full((5, 7), 0.3)) == 0.0


def test_the_number_of_works_does_not_bias_the_mean_distance():
    generator = np.random.default_rng(0)
    few = np.mean([mean_pairwise_distance(generator.normal(size=(3, 8))) for _ in range(3000)])
    assert few == pytest.approx(mean_pairwise_distance(generator.normal(size=(2000, 8))), rel=0.02)


def test_one_work_has_no_pair_and_is_refused():
    with pytest.raises(DataError, match="at least 2 rows"):
        mean_pairwise_distance(np.zeros((1, 3)))


def test_within_class_diversity_compares_only_works_of_one_class():
    feature_NF = np.array([[0.0], [10.0], [2.0], [14.0], [99.0]])
    found = within_class_diversity(feature_NF, ["pear", "fig", "pear", "fig", "plum"])
    assert found == {"pear": 2.0, "fig": 4.0}
    assert list(found) == ["pear", "fig"]


def test_classes_may_be_an_array_of_numbers():
    assert within_class_diversity(np.array([[0.0], [1.0], [4.0]]), np.array([7, 2, 7])) == {7: 4.0}


def test_rows_and_classes_must_be_of_one_number():
    with pytest.raises(DataError, match="3 rows of features and 2 classes"):
        within_class_diversity(np.zeros((3, 1)), ["a", "b"])


def test_the_ratio_is_half_for_works_half_as_far_apart():
    assert diversity_ratio(np.array([[0.0], [1.0]]), np.array([[5.0], [7.0]])) == 0.5


@given(TABLES)
def test_works_are_as_varied_as_themselves(feature_NF):
    if mean_pairwise_distance(feature_NF) > 0:
        assert diversity_ratio(feature_NF, feature_NF) == 1.0


def test_real_works_all_the_same_give_no_ratio():
    with pytest.raises(DataError, match="all the same"):
        diversity_ratio(np.array([[0.0], [1.0]]), np.ones((4, 1)))


def test_the_within_class_ratio_is_the_mean_over_classes():
    fake_NF = np.array([[0.0], [1.0], [0.0], [3.0], [8.0]])
    real_NF = np.array([[0.0], [2.0], [0.0], [4.0], [5.0], [6.0]])
    found = within_class_ratio(fake_NF, ["a", "a", "b", "b", "c"], real_NF, ["a", "a", "b", "b", "c", "d"])
    assert found == pytest.approx((1 / 2 + 3 / 4) / 2, abs=1e-12)


def test_a_model_collapsed_in_each_class_is_varied_overall_and_not_within():
    real_NF = np.array([[0.0], [1.0], [100.0], [101.0]])
    fake_NF = np.array([[0.5], [0.5], [100.5], [100.5]])
    classes = ["a", "a", "b", "b"]
    assert diversity_ratio(fake_NF, real_NF) == pytest.approx(1, abs=0.02)
    assert within_class_ratio(fake_NF, classes, real_NF, classes) == 0.0


def test_no_class_on_both_sides_gives_no_ratio():
    with pytest.raises(DataError, match="No class"):
        within_class_ratio(np.array([[0.0], [1.0]]), ["a", "a"], np.array([[0.0], [1.0]]), ["b", "b"])

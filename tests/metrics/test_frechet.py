from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.metrics.frechet import frechet_distance

TABLES = arrays(np.float64, st.tuples(st.integers(2, 9), st.just(3)), elements=st.floats(-5, 5))


def slow_frechet_distance(fake_NF, real_NF):
    """Work with covariances and the eigenvalues of their product, as the formula is printed."""
    fake_FF, real_FF = np.cov(fake_NF, rowvar=False), np.cov(real_NF, rowvar=False)
    eigenvalues = np.linalg.eigvals(fake_FF @ real_FF).real.clip(min=0)
    apart_F = fake_NF.mean(axis=0) - real_NF.mean(axis=0)
    return apart_F @ apart_F + np.trace(fake_FF) + np.trace(real_FF) - 2 * np.sqrt(eigenvalues).sum()


def test_means_apart_and_equal_spread_give_the_square_of_the_way():
    assert frechet_distance(np.array([[0.0], [2.0]]), np.array([[3.0], [5.0]])) == pytest.approx(9)


def test_equal_means_give_the_square_of_the_difference_in_deviation():
    # Deviations are sqrt(2) and sqrt(18): 2 + 18 - 2 sqrt(36) = 8.
    assert frechet_distance(np.array([[-1.0], [1.0]]), np.array([[-3.0], [3.0]])) == pytest.approx(8)


def test_spread_along_other_axes_shares_nothing():
    # Covariances diag(2, 0) and diag(0, 8) have product 0, so only their traces remain.
    fake_NF, real_NF = np.array([[-1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, -2.0], [0.0, 2.0]])
    assert frechet_distance(fake_NF, real_NF) == pytest.approx(10)


@given(TABLES, TABLES)
def test_the_distance_agrees_with_the_slow_twin(fake_NF, real_NF):
    assert frechet_distance(fake_NF, real_NF) == pytest.approx(
        slow_frechet_distance(fake_NF, real_NF), abs=1e-4
    )


def test_the_distance_agrees_with_the_slow_twin_for_many_works():
    generator = np.random.default_rng(0)
    fake_NF = generator.normal(size=(300, 20)) @ generator.normal(size=(20, 20))
    real_NF = generator.normal(size=(400, 20)) @ generator.normal(size=(20, 20)) + 1
    assert frechet_distance(fake_NF, real_NF) == pytest.approx(
        slow_frechet_distance(fake_NF, real_NF), rel=1e-9
    )


def test_fewer_works_than_features_are_exact_without_regularisation():
    # The same works seen only in the few directions that they span must be as far apart.
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(size=(7, 50)), generator.normal(size=(9, 50)) + 0.5
    basis_FK = np.linalg.svd(np.concatenate([fake_NF, real_NF]), full_matrices=False)[2].T
    expected = slow_frechet_distance(fake_NF @ basis_FK, real_NF @ basis_FK)
    assert frechet_distance(fake_NF, real_NF) == pytest.approx(expected, rel=1e-6)


def test_it_agrees_with_the_square_root_of_a_matrix():
    linalg = pytest.importorskip("scipy.linalg")
    generator = np.random.default_rng(1)
    fake_NF, real_NF = generator.normal(size=(60, 6)) * 2, generator.normal(size=(70, 6)) + 0.1
    fake_FF, real_FF = np.cov(fake_NF, rowvar=False), np.cov(real_NF, rowvar=False)
    root_FF = linalg.sqrtm(fake_FF @ real_FF).real
    expected = ((fake_NF.mean(0) - real_NF.mean(0)) ** 2).sum() + np.trace(fake_FF + real_FF - 2 * root_FF)
    assert frechet_distance(fake_NF, real_NF) == pytest.approx(expected, rel=1e-9)


@given(TABLES)
def test_works_are_at_no_distance_from_themselves(feature_NF):
    assert 0 <= frechet_distance(feature_NF, feature_NF[::-1]) < 1e-10


@given(TABLES, TABLES)
def test_the_distance_is_the_same_both_ways_and_never_negative(fake_NF, real_NF):
    there = frechet_distance(fake_NF, real_NF)
    assert there >= 0
    assert there == pytest.approx(frechet_distance(real_NF, fake_NF), abs=1e-8)

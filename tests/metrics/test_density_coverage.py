from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics import distances
from huohua.metrics.density_coverage import coverage, density

# Whole numbers, so that a work on the surface of a ball is exactly on it for both roads.
TABLES = arrays(np.float64, st.tuples(st.integers(4, 8), st.just(2)), elements=st.integers(-4, 4).map(float))


def slow_balls(fake_NF, real_NF, k):
    """Return for each real work the generated works in its ball."""
    balls = []
    for one in range(len(real_NF)):
        others = sorted(
            np.linalg.norm(real_NF[one] - real_NF[other]) for other in range(len(real_NF)) if other != one
        )
        balls.append(
            [f for f in range(len(fake_NF)) if np.linalg.norm(fake_NF[f] - real_NF[one]) <= others[k - 1]]
        )
    return balls


def test_density_and_coverage_are_those_worked_out_by_hand():
    # k = 1: balls from -1 to 1, 0 to 2 and 1 to 17 around 0, 1 and 9 hold 1, 2 and 2 generated works.
    real_NF = np.array([[0.0], [1.0], [9.0]])
    fake_NF = np.array([[0.5], [1.5], [10.0], [40.0]])
    assert density(fake_NF, real_NF, k=1) == pytest.approx((1 + 2 + 2) / 4)
    assert coverage(fake_NF, real_NF, k=1) == 1.0
    assert coverage(fake_NF[2:], real_NF, k=1) == pytest.approx(1 / 3)


@given(TABLES, TABLES, st.integers(1, 3))
def test_density_and_coverage_agree_with_the_slow_twin(fake_NF, real_NF, k):
    balls = slow_balls(fake_NF, real_NF, k)
    assert density(fake_NF, real_NF, k=k) == pytest.approx(sum(map(len, balls)) / (k * len(fake_NF)))
    assert coverage(fake_NF, real_NF, k=k) == pytest.approx(sum(map(bool, balls)) / len(balls))


@given(TABLES)
def test_works_cover_themselves(feature_NF):
    assert coverage(feature_NF, feature_NF, k=2) == 1.0


def test_a_work_that_the_data_holds_many_times_is_covered_by_its_copy():
    real_NF = np.array([[1.0]] * 6 + [[50.0]])
    assert coverage(np.array([[1.0]]), real_NF) == 1.0
    assert coverage(np.array([[50.0]]), real_NF) == pytest.approx(1 / 7)


def test_one_source_gives_a_density_of_about_one():
    generator = np.random.default_rng(0)
    found = [density(generator.normal(size=(300, 3)), generator.normal(size=(300, 3))) for _ in range(10)]
    assert np.mean(found) == pytest.approx(1, abs=0.05)


def test_coverage_of_one_source_is_as_the_paper_expects():
    # Naeem et al. 2020, lemma 2: with N real and M generated works, 1 - (N - 1)...(N - k) / ((M + N - 1)...).
    generator = np.random.default_rng(0)
    found = [coverage(generator.normal(size=(100, 3)), generator.normal(size=(100, 3))) for _ in range(40)]
    expected = 1 - np.prod([(100 - i) / (200 - i) for i in range(1, 6)])
    assert np.mean(found) == pytest.approx(expected, abs=0.01)


def test_the_block_changes_nothing(monkeypatch):
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(size=(31, 4)), generator.normal(2, 1, size=(37, 4))
    at_once = density(fake_NF, real_NF), coverage(fake_NF, real_NF)
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 37 * 3)
    assert (density(fake_NF, real_NF), coverage(fake_NF, real_NF)) == at_once
    assert 0 < at_once[1] < 1


@pytest.mark.parametrize("figure", [density, coverage])
def test_no_more_than_k_real_works_are_refused(figure):
    with pytest.raises(DataError, match="at least 6 rows of features of the real works"):
        figure(np.zeros((9, 1)), np.zeros((5, 1)))

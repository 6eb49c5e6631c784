from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics import distances
from huohua.metrics.precision_recall import precision, realism, recall

# Whole numbers, so that a work on the surface of a ball is exactly on it for both roads.
TABLES = arrays(np.float64, st.tuples(st.integers(4, 8), st.just(2)), elements=st.integers(-4, 4).map(float))


def slow_precision(fake_NF, real_NF, k):
    def inside(work_F):
        for one in range(len(real_NF)):
            others = sorted(
                np.linalg.norm(real_NF[one] - real_NF[other]) for other in range(len(real_NF)) if other != one
            )
            if np.linalg.norm(work_F - real_NF[one]) <= others[k - 1]:
                return True
        return False

    return sum(inside(work_F) for work_F in fake_NF) / len(fake_NF)


def test_precision_and_recall_are_those_worked_out_by_hand():
    # k = 1: real balls reach 1, 1 and 8 around 0, 1 and 9, thus from -1 to 2 and from 1 to 17.
    # Generated balls reach 1 around 2, 1 around 3 and 17 around 20, thus from 1 to 4 and from 3 to 37.
    real_NF = np.array([[0.0], [1.0], [9.0]])
    fake_NF = np.array([[2.0], [3.0], [20.0]])
    assert precision(fake_NF, real_NF, k=1) == pytest.approx(2 / 3)
    assert recall(fake_NF, real_NF, k=1) == pytest.approx(2 / 3)


def test_works_in_one_corner_are_precise_and_recall_little():
    real_NF = np.array([[float(n)] for n in range(12)])
    fake_NF = np.array([[0.0], [0.01], [0.02], [0.03]])
    assert precision(fake_NF, real_NF) == 1.0
    assert recall(fake_NF, real_NF) == pytest.approx(1 / 12)


@given(TABLES, TABLES, st.integers(1, 3))
def test_precision_and_recall_agree_with_the_slow_twin(fake_NF, real_NF, k):
    assert precision(fake_NF, real_NF, k=k) == pytest.approx(slow_precision(fake_NF, real_NF, k))
    assert recall(fake_NF, real_NF, k=k) == pytest.approx(slow_precision(real_NF, fake_NF, k))


@given(TABLES)
def test_works_are_precise_about_themselves_and_recall_themselves(feature_NF):
    assert precision(feature_NF, feature_NF) == 1.0
    assert recall(feature_NF, feature_NF) == 1.0


def test_works_from_elsewhere_have_neither():
    generator = np.random.default_rng(0)
    near_NF, far_NF = generator.normal(size=(20, 3)), generator.normal(1000, 1, size=(20, 3))
    assert precision(far_NF, near_NF) == 0.0
    assert recall(far_NF, near_NF) == 0.0


def test_the_block_changes_nothing(monkeypatch):
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(size=(31, 4)), generator.normal(0.5, 1, size=(37, 4))
    at_once = precision(fake_NF, real_NF), recall(fake_NF, real_NF)
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 37 * 3)
    assert (precision(fake_NF, real_NF), recall(fake_NF, real_NF)) == at_once
    assert 0 < at_once[0] < 1


def test_no_more_than_k_works_are_refused():
    with pytest.raises(DataError, match="at least 4 rows"):
        precision(np.zeros((3, 1)), np.zeros((9, 1)))


def test_realism_is_that_worked_out_by_hand():
    # k = 1: radii 1, 1, 2 and 6 around 0, 1, 3 and 9; the median is 1.5, so 3 and 9 do not count.
    real_NF = np.array([[0.0], [1.0], [3.0], [9.0]])
    found = realism(np.array([[0.5], [2.0], [5.0], [1.0]]), real_NF, k=1)
    assert found.tolist() == [2.0, 1.0, 0.25, np.inf]


@given(TABLES, TABLES)
def test_works_of_realism_one_or_more_are_precise(fake_NF, real_NF):
    inside = [precision(np.repeat(row[None], 4, axis=0), real_NF, k=2) for row in fake_NF]
    found = realism(fake_NF, real_NF, k=2)
    assert all(precise == 1 for precise, depth in zip(inside, found, strict=True) if depth > 1)


def test_realism_needs_more_works_than_neighbours():
    with pytest.raises(DataError, match="at least 4 rows"):
        realism(np.zeros((1, 2)), np.zeros((3, 2)))

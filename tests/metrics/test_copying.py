from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics import distances
from huohua.metrics.copying import copy_rate, copy_threshold, nearest

TABLES = arrays(np.float64, st.tuples(st.integers(2, 7), st.just(3)), elements=st.floats(-5, 5, width=16))


def slow_cosine(a, b):
    lengths = np.sqrt(sum(a * a)) * np.sqrt(sum(b * b))
    return sum(a * b) / lengths if lengths > 0 else 0.0


def around(*degrees):
    """Return works on the unit circle, whose cosines are those of the angles between them."""
    turn = np.radians(degrees)
    return np.stack([np.cos(turn), np.sin(turn)], axis=1)


def test_the_nearest_work_is_that_at_the_smallest_angle():
    index_N, similarity_N = nearest(3 * around(10, 80), around(0, 70, 90))
    assert index_N.tolist() == [0, 1]
    assert similarity_N == pytest.approx(np.cos(np.radians([10, 10])))


@given(TABLES, TABLES)
def test_nearest_agrees_with_the_slow_twin(fake_NF, real_NF):
    index_N, similarity_N = nearest(fake_NF, real_NF)
    for row, fake_F in enumerate(fake_NF):
        cosines = [slow_cosine(fake_F, real_F) for real_F in real_NF]
        assert similarity_N[row] == pytest.approx(max(cosines), abs=1e-9)
        assert cosines[index_N[row]] == pytest.approx(max(cosines), abs=1e-9)


def test_a_work_without_features_is_similar_to_nothing():
    index_N, similarity_N = nearest(np.zeros((1, 2)), around(0, 90))
    assert similarity_N.tolist() == [0.0]
    assert index_N.tolist() == [0]


def test_the_threshold_is_read_off_the_real_works():
    # Nearest others are 10, 10 and 50 degrees away; the median similarity is that of 10 degrees.
    real_NF = around(0, 10, 60)
    assert copy_threshold(real_NF, quantile=0.5) == pytest.approx(np.cos(np.radians(10)))
    assert copy_threshold(real_NF, quantile=0.0) == pytest.approx(np.cos(np.radians(50)))


def test_a_real_work_is_not_its_own_neighbour():
    assert copy_threshold(around(0, 90, 180)) == pytest.approx(0, abs=1e-12)


def test_copies_are_counted_and_others_are_not():
    # Two real works are 5 degrees apart, which sets the threshold; the others are further from any.
    real_NF = around(0, 5, 40, 80)
    fake_NF = around(1, 41, 20, 60)
    assert copy_rate(fake_NF, real_NF) == 0.5
    assert copy_rate(fake_NF, real_NF, threshold=0.5) == 1.0
    assert copy_rate(fake_NF, real_NF, threshold=1.0) == 0.0


def test_exact_copies_of_all_works_give_a_rate_of_one():
    real_NF = np.random.default_rng(0).normal(size=(50, 8))
    assert copy_rate(real_NF, real_NF) == 1.0


def test_new_works_of_the_same_source_show_about_one_in_a_hundred():
    generator = np.random.default_rng(0)
    rate = copy_rate(generator.normal(size=(2000, 6)), generator.normal(size=(1000, 6)))
    assert rate == pytest.approx(0.01, abs=0.008)


def test_the_block_changes_nothing(monkeypatch):
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(size=(31, 4)), generator.normal(size=(37, 4))
    at_once = nearest(fake_NF, real_NF), copy_threshold(real_NF)
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 37 * 3)
    index_N, similarity_N = nearest(fake_NF, real_NF)
    assert index_N.tolist() == at_once[0][0].tolist()
    assert similarity_N == pytest.approx(at_once[0][1], abs=1e-12)
    assert copy_threshold(real_NF) == pytest.approx(at_once[1], abs=1e-12)


def test_one_real_work_gives_no_threshold():
    with pytest.raises(DataError, match="at least 2 rows"):
        copy_threshold(around(0))

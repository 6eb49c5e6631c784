from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics import distances
from huohua.metrics.kernel import kernel_distance, kernel_distances

TABLES = arrays(np.float64, st.tuples(st.integers(2, 6), st.just(3)), elements=st.floats(-3, 3))


def slow_kernel_distance(fake_NF, real_NF):
    def kernel(a, b):
        return (sum(a * b) / len(a) + 1) ** 3

    def within(rows):
        pairs = [kernel(a, b) for i, a in enumerate(rows) for j, b in enumerate(rows) if i != j]
        return np.mean(pairs)

    return within(fake_NF) + within(real_NF) - 2 * np.mean([kernel(a, b) for a in fake_NF for b in real_NF])


def test_the_kernel_distance_is_that_worked_out_by_hand():
    # F = 1, kernel (xy + 1)^3. Within 0 and 2: 1. Within 1 and 3: 64. Across: 1, 1, 27 and 343, mean 93.
    found = kernel_distance(np.array([[0.0], [2.0]]), np.array([[1.0], [3.0]]))
    assert found == pytest.approx(1 + 64 - 2 * 93)


@given(TABLES, TABLES)
def test_the_kernel_distance_agrees_with_the_slow_twin(fake_NF, real_NF):
    assert kernel_distance(fake_NF, real_NF) == pytest.approx(
        slow_kernel_distance(fake_NF, real_NF), abs=1e-8
    )


@given(TABLES, TABLES)
def test_the_kernel_distance_is_the_same_both_ways(fake_NF, real_NF):
    assert kernel_distance(fake_NF, real_NF) == pytest.approx(kernel_distance(real_NF, fake_NF), abs=1e-8)


def test_one_source_gives_zero_on_average_even_for_few_works():
    generator = np.random.default_rng(0)
    found = [
        kernel_distance(generator.normal(size=(5, 4)), generator.normal(size=(5, 4))) for _ in range(4000)
    ]
    assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / np.sqrt(4000))
    assert min(found) < 0


def test_other_sources_are_further_the_more_they_differ():
    generator = np.random.default_rng(0)
    real_NF = generator.normal(size=(200, 4))
    near, far = (kernel_distance(generator.normal(m, 1, size=(200, 4)), real_NF) for m in (0.5, 2))
    assert 0.1 < near < far


def test_the_block_changes_nothing(monkeypatch):
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(size=(31, 4)), generator.normal(size=(37, 4))
    at_once = kernel_distance(fake_NF, real_NF)
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 37 * 3)
    assert kernel_distance(fake_NF, real_NF) == pytest.approx(at_once, abs=1e-10)


def test_whole_subsets_give_the_distance_itself():
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(size=(9, 4)), generator.normal(size=(9, 4))
    found_S = kernel_distances(fake_NF, real_NF, generator, subsets=3)
    assert found_S == pytest.approx([kernel_distance(fake_NF, real_NF)] * 3, abs=1e-10)


def test_the_mean_over_subsets_is_about_the_distance_of_all():
    generator = np.random.default_rng(0)
    fake_NF, real_NF = generator.normal(1, 1, size=(150, 4)), generator.normal(size=(150, 4))
    found_S = kernel_distances(fake_NF, real_NF, generator, subsets=200, size=50)
    assert len(found_S) == 200
    assert len(set(found_S.tolist())) == 200
    assert found_S.mean() == pytest.approx(
        kernel_distance(fake_NF, real_NF), abs=4 * found_S.std() / 200**0.5
    )


def test_one_generator_state_gives_one_answer():
    feature_NF = np.random.default_rng(0).normal(size=(30, 4))
    first, again = (
        kernel_distances(feature_NF, feature_NF + 1, np.random.default_rng(3), subsets=4, size=7)
        for _ in "ab"
    )
    assert first.tolist() == again.tolist()


@pytest.mark.parametrize(("subsets", "size"), [(0, 10), (5, 1)])
def test_subsets_that_hold_no_pair_are_refused(subsets, size):
    with pytest.raises(DataError, match="cannot be measured"):
        kernel_distances(np.eye(4), np.eye(4), np.random.default_rng(0), subsets=subsets, size=size)

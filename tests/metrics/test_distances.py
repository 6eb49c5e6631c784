from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.metrics import distances
from huohua.metrics.distances import distance_blocks, neighbour_radius, row_blocks


def slow_distances(first_NF, second_MF):
    return np.array([[np.sqrt(sum((a - b) ** 2)) for b in second_MF] for a in first_NF])


def whole(first_NF, second_MF):
    return np.concatenate([distance_BM for _, distance_BM in distance_blocks(first_NF, second_MF)])


def test_distances_are_those_worked_out_by_hand():
    first_NF = np.array([[0.0, 0.0], [3.0, 0.0]])
    second_MF = np.array([[0.0, 4.0], [3.0, 0.0], [0.0, 0.0]])
    assert whole(first_NF, second_MF).tolist() == [[4.0, 3.0, 0.0], [5.0, 0.0, 3.0]]


@given(
    arrays(np.float64, (4, 3), elements=st.floats(-100, 100)),
    arrays(np.float64, (5, 3), elements=st.floats(-100, 100)),
)
def test_distances_agree_with_the_slow_twin(first_NF, second_MF):
    # Differences below a millionth of the lengths are taken for rounding, so the tolerance is theirs.
    assert whole(first_NF, second_MF) == pytest.approx(slow_distances(first_NF, second_MF), abs=4e-4)


def test_a_copy_is_at_distance_zero_whatever_the_rounding():
    feature_NF = np.random.default_rng(0).normal(5, 1, (40, 1280))
    assert np.diagonal(whole(feature_NF, feature_NF)).tolist() == [0.0] * 40
    assert whole(feature_NF, feature_NF)[~np.eye(40, dtype=bool)].min() > 10


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (7, 3), (10, 10**9), (0, 5), (5, 0)])
def test_blocks_cover_every_row_once_and_in_order(rows, columns):
    covered = [row for block in row_blocks(rows, columns) for row in range(block.start, block.stop)]
    assert covered == list(range(rows))


def test_blocks_hold_no_more_bytes_than_allowed(monkeypatch):
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 100 * 7 + 3)
    assert [block.stop - block.start for block in row_blocks(20, 100)] == [7, 7, 6]


def test_memory_stays_bounded_by_the_block(monkeypatch):
    monkeypatch.setattr(distances, "BLOCK_BYTES", 2**18)
    feature_NF = np.random.default_rng(0).normal(size=(2000, 2))
    tracemalloc.start()
    try:
        total = sum(float(distance_BM.sum()) for _, distance_BM in distance_blocks(feature_NF, feature_NF))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total > 0
    assert peak < 2000 * 2000 * 8 / 10


def test_the_radius_reaches_to_the_kth_other_work():
    feature_NF = np.array([[0.0], [1.0], [3.0], [7.0]])
    assert neighbour_radius(feature_NF, 1).tolist() == [1.0, 1.0, 2.0, 4.0]
    assert neighbour_radius(feature_NF, 2).tolist() == [3.0, 2.0, 3.0, 6.0]


def test_a_work_held_twice_has_no_radius_to_its_copy():
    assert neighbour_radius(np.array([[2.0], [2.0], [5.0]]), 1).tolist() == [0.0, 0.0, 3.0]


def test_the_radius_does_not_depend_on_the_block(monkeypatch):
    feature_NF = np.random.default_rng(1).normal(size=(23, 4))
    at_once_N = neighbour_radius(feature_NF, 3)
    monkeypatch.setattr(distances, "BLOCK_BYTES", 8 * 23 * 4)
    assert neighbour_radius(feature_NF, 3) == pytest.approx(at_once_N, rel=1e-12)

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics import distances
from huohua.metrics.copying import (
    NearestSoFar,
    calibrate,
    copy_rate,
    copy_threshold,
    distinct,
    nearest,
    nearest_other,
    share_deviation,
)

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


def slow_calibration(real_N, copies, most):
    """Every candidate tried in turn, as the definition reads."""
    best = None
    for threshold in sorted({*real_N, *(s for kind in copies.values() for s in kind)}):
        alarms = sum(s > threshold for s in real_N) / len(real_N)
        found = [sum(s > threshold for s in kind) / len(kind) for kind in copies.values()]
        gain = sum(found) / len(found) - alarms
        if alarms <= most and (best is None or gain >= best[0] - 1e-12):
            best = (gain, threshold, alarms)
    return best


SIMILARITIES = arrays(np.float64, st.integers(1, 8), elements=st.integers(-8, 8).map(lambda n: n / 8))


@given(SIMILARITIES, SIMILARITIES, SIMILARITIES, st.sampled_from([0.0, 0.2, 0.5, 1.0]))
def test_the_calibration_agrees_with_the_slow_twin(real_N, flips, crops, most):
    found = calibrate(real_N, {"flip": flips, "crop": crops}, most=most)
    _, threshold, alarms = slow_calibration(real_N, {"flip": flips, "crop": crops}, most)
    assert found.threshold == threshold
    assert found.false_alarms == pytest.approx(alarms)
    assert found.found["crop"] == pytest.approx(np.mean(crops > threshold))


def test_copies_that_stand_out_are_all_found_without_a_false_alarm():
    generator = np.random.default_rng(0)
    real_N, copies = generator.uniform(0.2, 0.6, 300), {"flip": generator.uniform(0.8, 1.0, 50)}
    found = calibrate(real_N, copies)
    assert 0.59 < found.threshold <= 0.8
    assert (found.false_alarms, found.power) == (0.0, 1.0)
    assert found.telling


def test_copies_no_more_alike_than_real_works_cannot_be_told():
    generator = np.random.default_rng(0)
    real_N, copies = generator.uniform(0.5, 0.9, 300), {"jpeg": generator.uniform(0.5, 0.9, 100)}
    found = calibrate(real_N, copies)
    assert found.false_alarms <= 0.05
    assert found.power < 0.15
    assert not found.telling


def test_duplicates_among_the_real_works_do_not_use_up_the_false_alarms_for_nothing():
    """One real work in twenty has a twin; the threshold does not climb above the twins to avoid them."""
    generator = np.random.default_rng(0)
    real_N = np.concatenate([np.ones(5), generator.uniform(0.1, 0.5, 95)])
    found = calibrate(real_N, {"crop": generator.uniform(0.7, 0.95, 60)})
    assert found.false_alarms == pytest.approx(0.05)
    assert found.power == 1.0


def test_a_calibration_needs_both_sides():
    with pytest.raises(DataError, match="known copies"):
        calibrate(np.array([0.5]), {})
    with pytest.raises(DataError, match="known copies"):
        calibrate(np.array([]), {"flip": np.array([0.5])})
    with pytest.raises(DataError, match="known copies"):
        calibrate(np.array([0.5]), {"flip": np.array([])})


@given(TABLES, TABLES)
def test_meeting_works_a_few_at_a_time_finds_what_meeting_all_does(fake_NF, real_NF):
    queries = NearestSoFar(fake_NF)
    for first in range(0, len(real_NF), 2):
        queries.meet(real_NF[first : first + 2], np.arange(first, min(first + 2, len(real_NF))))
    index_N, similarity_N = nearest(fake_NF, real_NF)
    assert queries.similarity_N == pytest.approx(similarity_N, abs=1e-12)
    assert queries.index_N.tolist() == index_N.tolist()


def test_a_work_that_comes_by_is_not_its_own_nearest_in_any_form():
    works_NF = around(0, 10, 60)
    queries = NearestSoFar(works_NF, own_N=np.arange(3))
    queries.meet(works_NF, np.arange(3))
    queries.meet(works_NF, np.arange(3))
    assert queries.index_N.tolist() == [1, 0, 1]
    assert queries.similarity_N == pytest.approx(np.cos(np.radians([10, 10, 50])))


def test_the_better_of_two_forms_of_a_work_counts():
    queries = NearestSoFar(around(0))
    queries.meet(around(50, 40), np.array([7, 8]))
    queries.meet(around(5, 60), np.array([7, 8]))
    assert queries.index_N.tolist() == [7]
    assert queries.similarity_N == pytest.approx([np.cos(np.radians(5))])


def test_queries_in_single_precision_stay_so():
    queries = NearestSoFar(np.eye(3, dtype=np.float32))
    queries.meet(np.eye(3, dtype=np.float32)[1:], np.array([1, 2]))
    assert queries._query_NF.dtype == np.float32
    assert queries.index_N.tolist() == [1, 1, 2]
    assert queries.similarity_N.tolist() == [0.0, 1.0, 1.0]


def test_a_set_that_repeats_itself_has_near_neighbours():
    assert nearest_other(around(0, 10, 60)) == pytest.approx(np.cos(np.radians([10, 10, 50])))
    assert nearest_other(np.repeat(around(0, 80), 2, axis=0)) == pytest.approx(np.ones(4))
    with pytest.raises(DataError, match="no nearest other one"):
        nearest_other(around(0))


def test_works_that_are_alike_count_as_one():
    limit = float(np.cos(np.radians(12)))
    assert distinct(around(0, 0, 0, 0), limit) == pytest.approx(1)
    assert distinct(around(0, 30, 60, 90), limit) == pytest.approx(4)
    # 0 is like 10, and 10 like both others, and 20 like 10: a half, a third and a half.
    assert distinct(around(0, 10, 20), limit) == pytest.approx(4 / 3)
    assert distinct(np.zeros((3, 2)), 0.5) == pytest.approx(3)  # silence is like nothing but itself


def test_trials_that_were_not_independent_widen_the_margin():
    assert share_deviation(3, 20) > 3 * share_deviation(60, 400)
    assert share_deviation(0, 20) > 0

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from huohua.errors import DataError
from huohua.metrics import perceptual
from huohua.metrics.perceptual import perceptual_diversity, perceptual_ratio, perceptual_rows

WHOLE = st.integers(-5, 5).map(float)
TAPS = arrays(np.float64, st.tuples(st.just(4), st.just(3), st.integers(1, 3)), elements=WHOLE)


def slow_distance(taps, first, second):
    """The formula as it is written: at each scale the mean over positions of squared differences."""
    total = 0.0
    for tap in taps:
        parts = []
        for position in range(tap.shape[2]):
            one, other = tap[first, :, position], tap[second, :, position]
            one = one / np.sqrt(sum(one**2)) if any(one) else one
            other = other / np.sqrt(sum(other**2)) if any(other) else other
            parts.append(sum((one - other) ** 2))
        total += sum(parts) / len(parts)
    return total


def test_the_distance_of_two_works_is_that_worked_out_by_hand():
    # One tap of 2 channels at 2 positions. At the first position the directions are opposite, squared
    # distance 4; at the second they are the same though one is longer. The mean of 4 and 0 is 2.
    tap = np.array([[[3.0, 0.0], [0.0, 5.0]], [[-1.0, 0.0], [0.0, 2.0]]])
    row_NS = perceptual_rows([tap])
    assert row_NS.dtype == np.float32
    assert ((row_NS[0] - row_NS[1]) ** 2).sum() == pytest.approx(2)
    assert perceptual_diversity(row_NS) == pytest.approx(2)


@given(TAPS, TAPS)
def test_distances_agree_with_the_slow_twin(first_tap, second_tap):
    row_NS = perceptual_rows([first_tap, second_tap])
    pairs = list(itertools.combinations(range(4), 2))
    slow = [slow_distance([first_tap, second_tap], *pair) for pair in pairs]
    fast = [float(((row_NS[a] - row_NS[b]) ** 2).sum()) for a, b in pairs]
    assert fast == pytest.approx(slow, abs=2e-5)
    assert perceptual_diversity(row_NS) == pytest.approx(np.mean(slow), abs=2e-5)


def test_scales_count_alike_however_many_positions_they_have():
    near, far = np.ones((2, 1, 1)), np.array([[[1.0]], [[-1.0]]])
    few = perceptual_rows([far, near])
    many = perceptual_rows([np.repeat(far, 9, axis=2), near])
    assert perceptual_diversity(few) == pytest.approx(4)
    assert perceptual_diversity(many) == pytest.approx(4)


def test_how_strongly_a_network_answers_changes_nothing():
    tap = np.random.default_rng(0).normal(size=(5, 4, 6))
    louder = tap * np.arange(1, 6)[:, None, None]
    assert perceptual_rows([louder]) == pytest.approx(perceptual_rows([tap]), abs=1e-6)


def test_a_silent_position_is_no_direction():
    row_NS = perceptual_rows([np.array([[[0.0], [0.0]], [[3.0], [4.0]]])])
    assert row_NS[0].tolist() == [0.0, 0.0]
    assert row_NS[1].tolist() == pytest.approx([0.6, 0.8])


def test_the_ratio_tells_a_collapsed_model():
    generator = np.random.default_rng(0)
    real, same = generator.normal(size=(40, 4, 3)), np.ones((40, 4, 3))
    assert perceptual_ratio(perceptual_rows([same]), perceptual_rows([real])) == pytest.approx(0, abs=1e-6)
    other = perceptual_rows([generator.normal(size=(40, 4, 3))])
    assert perceptual_ratio(other, perceptual_rows([real])) == pytest.approx(1, abs=0.1)


def test_the_block_changes_nothing(monkeypatch):
    row_NS = np.random.default_rng(0).normal(size=(31, 7))
    whole = perceptual_diversity(row_NS)
    monkeypatch.setattr(perceptual, "BLOCK", 4)
    assert perceptual_diversity(row_NS) == pytest.approx(whole, rel=1e-12)


def test_what_cannot_be_measured_is_said():
    with pytest.raises(DataError, match="of the same works"):
        perceptual_rows([np.zeros((2, 3, 1)), np.zeros((3, 3, 1))])
    with pytest.raises(DataError, match="of the same works"):
        perceptual_rows([])
    with pytest.raises(DataError, match="at least two rows"):
        perceptual_diversity(np.zeros((1, 3)))
    with pytest.raises(DataError, match="infinite or undefined"):
        perceptual_diversity(np.array([[0.0], [np.nan]]))
    with pytest.raises(DataError, match="look the same"):
        perceptual_ratio(np.eye(2), np.ones((2, 2)))

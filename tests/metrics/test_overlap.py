from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from huohua.errors import DataError
from huohua.metrics.overlap import (
    across_distances,
    divergence,
    kernel_density,
    overlap_area,
    sets_overlap,
    within_distances,
)

DICE = np.random.default_rng(3)
FEW, MORE = DICE.normal(size=40), DICE.normal(1.0, 2.0, size=70)


def test_distances_within_leave_out_each_work_itself():
    distances = within_distances(np.array([[0.0, 0.0], [3.0, 4.0]]))
    assert distances.tolist() == [5.0, 5.0]


def test_distances_across_are_those_of_all_pairs():
    distances = across_distances(np.array([[0.0], [1.0]]), np.array([[2.0], [5.0], [1.0]]))
    assert distances.tolist() == [2.0, 5.0, 1.0, 1.0, 4.0, 0.0]


@pytest.mark.parametrize("sample", [FEW, MORE])
def test_a_density_is_that_of_scipy(sample):
    at = np.linspace(-6, 8, 57)
    assert kernel_density(sample, at) == pytest.approx(stats.gaussian_kde(sample)(at), abs=1e-12)


def test_counting_into_bins_hardly_moves_a_density():
    sample = np.abs(np.random.default_rng(0).normal(size=20_000))
    at = np.linspace(0, 4, 41)
    assert kernel_density(sample, at) == pytest.approx(stats.gaussian_kde(sample)(at), rel=1e-3, abs=1e-6)


def test_whole_numbers_lose_nothing_in_bins():
    sample = np.random.default_rng(1).integers(0, 9, size=5_000).astype(float)
    at = np.linspace(0, 8, 33)
    assert kernel_density(sample, at) == pytest.approx(stats.gaussian_kde(sample)(at), rel=1e-9)


def test_the_overlapping_area_is_the_integral_of_the_lower_density():
    first, second = stats.gaussian_kde(FEW), stats.gaussian_kde(MORE)
    area = integrate.quad(lambda x: min(first(x)[0], second(x)[0]), -12, 14, limit=200)[0]
    assert overlap_area(FEW, MORE) == pytest.approx(area, abs=1e-4)
    assert overlap_area(FEW, MORE) == pytest.approx(overlap_area(MORE, FEW), abs=1e-12)


def test_a_sample_shares_all_with_itself_and_nothing_with_one_far_away():
    half_zeros = np.repeat([0.0, 1.0], 50)
    for sample in (MORE, half_zeros):
        assert overlap_area(sample, sample) == pytest.approx(1, abs=1e-3)
    assert overlap_area(FEW, FEW + 1000) == pytest.approx(0, abs=1e-6)


def test_the_divergence_of_two_bells_is_that_of_the_formula():
    dice = np.random.default_rng(5)
    first, second = dice.normal(0, 1, 40_000), dice.normal(0.5, 1.5, 40_000)
    expected = np.log(1.5) + (1 + 0.25) / (2 * 2.25) - 0.5
    assert divergence(first, second) == pytest.approx(expected, abs=0.02)
    assert divergence(first, first) == pytest.approx(0, abs=1e-12)


def test_a_shift_is_a_divergence():
    assert divergence(FEW, FEW + 3) > 1


def test_samples_that_do_not_vary_are_alike_or_apart():
    ones, twos = np.ones(4), np.full(6, 2.0)
    assert (overlap_area(ones, ones), divergence(ones, ones)) == (1.0, 0.0)
    assert (overlap_area(ones, twos), divergence(ones, twos)) == (0.0, float("inf"))
    assert (overlap_area(ones, FEW), divergence(FEW, ones)) == (0.0, float("inf"))
    with pytest.raises(DataError, match="does not vary"):
        kernel_density(ones, ones)


def test_one_distance_is_too_few():
    with pytest.raises(DataError, match="at least two"):
        overlap_area(np.ones(1), FEW)


def test_sets_of_one_source_overlap_more_than_sets_of_two():
    dice = np.random.default_rng(7)
    real, other, narrow = dice.normal(size=(60, 2)), dice.normal(size=(60, 2)), dice.normal(0, 0.1, (60, 2))
    like, unlike = sets_overlap(other, real), sets_overlap(narrow, real)
    assert like[0] > 0.9 > 0.8 > unlike[0]
    assert like[1] < 0.05 < unlike[1]

from __future__ import annotations

import functools

import numpy as np
import pytest

from huohua.errors import DataError
from huohua.metrics.frechet import frechet_distance
from huohua.metrics.halves import comparable, draw_halves, measure, measure_all
from huohua.metrics.precision_recall import precision


def drawn(fakes, reals, *, draws=6, seed=0):
    return list(draw_halves(fakes, reals, np.random.default_rng(seed), draws=draws))


def compare(function, fake_NF, real_NF, **options):
    return measure(
        lambda a, b: function(fake_NF[a], real_NF[b]),
        lambda a, b: function(real_NF[a], real_NF[b]),
        drawn(len(fake_NF), len(real_NF), **options),
    )


@pytest.mark.parametrize(("fakes", "reals", "size"), [(100, 9, 4), (5, 100, 2), (8, 8, 4), (1, 8, 0)])
def test_both_sides_of_both_comparisons_have_one_size(fakes, reals, size):
    assert comparable(fakes, reals) == size
    if size == 0:
        with pytest.raises(DataError, match="cannot be halved"):
            drawn(fakes, reals)
        return
    for draw in drawn(fakes, reals):
        for rows, most in ((draw.fake, fakes), (draw.real, reals), (draw.first, reals), (draw.second, reals)):
            assert len(set(rows.tolist())) == len(rows) == size
            assert rows.min() >= 0
            assert rows.max() < most


def test_the_halves_of_the_works_share_no_work():
    for draw in drawn(10, 11):
        assert not set(draw.first.tolist()) & set(draw.second.tolist())


def test_draws_differ_and_are_the_same_for_one_seed():
    first, again = drawn(40, 40), drawn(40, 40)
    assert len({tuple(draw.real.tolist()) for draw in first}) == 6
    assert [draw.fake.tolist() for draw in first] == [draw.fake.tolist() for draw in again]
    assert drawn(40, 40, seed=1)[0].fake.tolist() != first[0].fake.tolist()


def test_mean_and_spread_are_those_worked_out_by_hand():
    answers = iter([1.0, 2.0, 6.0])
    found = measure(lambda a, b: next(answers), lambda a, b: 5.0, drawn(4, 4, draws=3))
    assert (found.value, found.floor, found.floor_spread, found.works) == (3.0, 5.0, 0.0, 2)
    assert found.spread == pytest.approx(7**0.5)  # of 1, 2 and 6: (4 + 1 + 9) / 2
    assert found.noise == pytest.approx(7**0.5)


def test_works_of_one_source_come_out_at_the_floor():
    generator = np.random.default_rng(0)
    real_NF, fake_NF = generator.normal(size=(200, 12)), generator.normal(size=(200, 12))
    for function in (frechet_distance, precision):
        found = compare(function, fake_NF, real_NF, draws=10)
        assert abs(found.value - found.floor) < 3 * found.noise


def test_the_floor_moves_with_the_size_and_takes_the_figure_along():
    """The Fréchet distance of few works is large by chance alone; beside its floor it is not."""
    generator = np.random.default_rng(0)
    few, many = (
        compare(frechet_distance, generator.normal(size=(n, 12)), generator.normal(size=(n, 12)))
        for n in (30, 400)
    )
    assert few.floor > 4 * many.floor
    assert few.value / few.floor == pytest.approx(many.value / many.floor, abs=0.5)


def test_the_spread_over_halves_is_the_standard_error_of_the_whole():
    """For a mean both are known: the spread over half samples must be that of means of all N works."""
    generator = np.random.default_rng(0)
    spreads = []
    for _ in range(20):
        fake_NF, real_NF = generator.normal(size=(60, 1)), np.zeros((60, 1))
        found = compare(lambda fake, real: float(fake.mean()), fake_NF, real_NF, draws=200)
        spreads.append(found.spread)
    assert np.mean(spreads) == pytest.approx(1 / 60**0.5, rel=0.08)


def test_a_figure_that_cannot_be_measured_says_why_and_spoils_no_other():
    feature_NF = np.random.default_rng(0).normal(size=(8, 3))

    def figure(a, b, k):
        return precision(feature_NF[a], feature_NF[b], k=k)

    few, many = (functools.partial(figure, k=k) for k in (3, 5))
    found = measure_all({"possible": (few, few), "impossible": (many, many)}, drawn(8, 8))
    assert isinstance(found["impossible"], DataError)
    assert "at least 6 rows" in str(found["impossible"])
    assert not isinstance(found["possible"], DataError)


def test_no_draw_is_no_figure():
    with pytest.raises(DataError, match="at least one draw"):
        measure(lambda a, b: 1.0, lambda a, b: 1.0, [])

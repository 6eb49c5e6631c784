"""What is believed of a person's taste: hand values, a slow twin, and what it must not do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from huohua.randomness import numpy_generator
from huohua.steer.choices import Choice, judged, picked, ranked, told
from huohua.steer.taste import WIDTHS, believed, taste

SHARE = np.array([0.6, 0.3, 0.1])


def rounds(count: int, weight_K: np.ndarray, seed: int = 0) -> list[Choice]:
    random = numpy_generator(seed, "rounds")
    found = []
    for _ in range(count):
        place_MK = random.standard_normal((9, len(weight_K)))
        found.append(picked(place_MK, int((place_MK @ weight_K).argmax())))
    return found


def slow_logarithm(aged, weight_K, deviation_K) -> float:
    """The definition, written out one option at a time."""
    total = -sum(0.5 * (w / d) ** 2 for w, d in zip(weight_K, deviation_K, strict=True))
    for choice, weight in aged:
        for winner, among in choice.stages:
            chances = [
                np.exp(sum(x * w for x, w in zip(choice.place_MK[m], weight_K, strict=True))) for m in among
            ]
            total += weight / len(choice.stages) * np.log(chances[list(among).index(winner)] / sum(chances))
    return total


def test_nothing_said_leaves_the_belief_as_wide_as_works_differ():
    belief = taste([], SHARE)
    assert belief.mean_K.tolist() == [0, 0, 0]
    assert np.allclose(belief.covariance_KK.diagonal(), WIDTHS[2] ** 2 * SHARE / SHARE.max())


def test_one_pick_of_two_has_its_peak_where_calculus_says():
    """One axis, places 1 and 0, deviation 1: at the peak w = 1 - s(w), so w = 0.401058; bend 1 + s(1 - s)."""
    belief = believed([(picked(np.array([[1.0], [0.0]]), 0), 1.0)], np.ones(1))
    assert belief.mean_K[0] == pytest.approx(0.401058, abs=1e-5)
    sure = 1 / (1 + np.exp(-0.401058))
    assert belief.covariance_KK[0, 0] == pytest.approx(1 / (1 + sure * (1 - sure)), abs=1e-5)
    assert belief.evidence == pytest.approx(
        np.log(sure) - 0.401058**2 / 2 - 0.5 * np.log(1 + sure * (1 - sure)), abs=1e-5
    )


@given(st.integers(0, 10_000))
def test_the_peak_is_no_lower_than_any_point_around_it_by_the_slow_twin(seed):
    random = numpy_generator(seed, "twin")
    aged = [
        (ranked(random.standard_normal((4, 3)), [2, 0]), 0.9),
        (picked(random.standard_normal((5, 3)), 1), 0.5),
    ]
    deviation_K = np.array([2.0, 1.0, 0.5])
    belief = believed(aged, deviation_K)
    peak = slow_logarithm(aged, belief.mean_K, deviation_K)
    for away_K in 1e-3 * np.concatenate([np.eye(3), -np.eye(3)]):
        assert slow_logarithm(aged, belief.mean_K + away_K, deviation_K) < peak


def test_the_bend_is_the_second_difference_of_the_slow_twin():
    random = numpy_generator(1, "bend")
    aged = [(ranked(random.standard_normal((4, 2)), [3, 1, 0]), 0.7)]
    belief = believed(aged, np.array([1.0, 2.0]))
    step = 1e-4

    def at(one: float, other: float) -> float:
        return slow_logarithm(aged, belief.mean_K + np.array([one, other]), np.array([1.0, 2.0]))

    mixed = (at(step, step) - at(step, -step) - at(-step, step) + at(-step, -step)) / (4 * step**2)
    straight = (at(step, 0) - 2 * at(0, 0) + at(-step, 0)) / step**2
    bend_KK = np.linalg.inv(belief.covariance_KK)
    assert bend_KK[0, 0] == pytest.approx(-straight, rel=1e-4)
    assert bend_KK[0, 1] == pytest.approx(-mixed, rel=1e-3, abs=1e-5)


def test_a_consistent_person_is_understood():
    weight_K = np.array([3.0, -2.0, 1.0])
    belief = taste(rounds(30, weight_K), SHARE, memory=1.0)
    cosine = belief.mean_K @ weight_K / np.linalg.norm(belief.mean_K) / np.linalg.norm(weight_K)
    assert 0.97 < cosine <= 1
    assert np.trace(belief.covariance_KK) < np.trace(taste([], SHARE).covariance_KK) * 100
    careless = taste(
        [picked(numpy_generator(n, "x").standard_normal((9, 3)), n % 9) for n in range(30)], SHARE
    )
    assert np.linalg.norm(careless.mean_K) < 0.3 * np.linalg.norm(belief.mean_K)


def test_a_change_of_mind_is_followed():
    weight_K = np.array([2.0, 0.0, 0.0])
    belief = taste([*rounds(10, weight_K), *rounds(10, -weight_K, seed=1)], SHARE)
    assert belief.mean_K[0] < 0


def test_a_ranking_counts_no_more_than_a_pick():
    """All stages together have the weight of one; the flattest possible bend is a bound for both."""
    place_MK = np.eye(4)
    deviation_K = np.ones(4)
    whole = believed([(ranked(place_MK, [0, 1, 2, 3]), 1.0)], deviation_K)
    assert 1 < np.trace(np.linalg.inv(whole.covariance_KK)) - 3 <= 2


def test_guesses_have_the_mean_and_spread_of_the_belief():
    belief = taste(rounds(5, np.array([1.0, 0.0, 0.0])), SHARE)
    guess_SK = belief.guess(20_000, numpy_generator(0, "guess"))
    deviation_K = np.sqrt(belief.covariance_KK.diagonal())
    assert np.allclose(guess_SK.mean(0), belief.mean_K, atol=0.05 * deviation_K.max())
    assert np.allclose(np.cov(guess_SK.T), belief.covariance_KK, atol=0.05 * deviation_K.max() ** 2)
    assert np.allclose(belief.doubt(np.eye(3)), deviation_K)


def test_very_sure_choices_do_not_make_it_diverge():
    place_MK = np.array([[1e3, 0.0, 0.0], [-1e3, 0.0, 0.0]])
    belief = taste([picked(place_MK, 0)] * 50, SHARE)
    assert np.isfinite(belief.mean_K).all() and belief.mean_K[0] > 0


@pytest.mark.parametrize(
    ("make", "stages"),
    [
        (lambda m: picked(m, 1), ((1, (0, 1, 2, 3)),)),
        (lambda m: ranked(m, [3, 0, 1, 2]), ((3, (0, 1, 2, 3)), (0, (0, 1, 2)), (1, (1, 2)))),
        (lambda m: judged(m, [0, 1], [3]), ((0, (0, 3)), (1, (1, 3)))),
        (lambda m: judged(m, [2], []), ((2, (0, 1, 2, 3)),)),
        (lambda m: told(m[:3]), ((0, (0, 1, 2)), (1, (1, 2)))),
    ],
)
def test_what_is_said_becomes_stages(make, stages):
    assert make(np.arange(4.0)[:, None]).stages == stages


@pytest.mark.parametrize(
    "make",
    [
        lambda m: picked(m, 4),
        lambda m: picked(m, -1),
        lambda m: picked(m[:1], 0),
        lambda m: ranked(m, [0, 0]),
        lambda m: ranked(m, []),
        lambda m: judged(m, [], []),
        lambda m: judged(m, [0], [0]),
        lambda m: judged(m, [0, 1, 2, 3], []),
        lambda m: told(m[[0, 0, 0]]),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(ValueError, match=r"\w"):
        make(np.arange(4.0)[:, None])

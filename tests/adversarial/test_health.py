"""Health: plain numbers in, a diagnosis out."""

from __future__ import annotations

import json
import math

import pytest
from pydantic import ValidationError

from huohua.adversarial.health import Diagnosis, Dose, Health, HealthSettings

CALM = {"score_real": 1.0, "score_fake": -1.0}


def round_of(
    health: Health, real: float = 1.0, fake: float = -1.0, *, finite: bool = True
) -> Diagnosis | None:
    gauges = {"score_real": real, "score_fake": fake}
    return health.watch_round({"generator/adversarial": 0.5}, gauges, finite=finite)


def figures_of(
    health: Health, ratio: float, *, shown: int = 0, sign: float = 0.0, headroom: float = 0.5
) -> Diagnosis | None:
    gauges = {"sign_real_mean": sign, "augmentation_headroom": headroom}
    return health.watch_figures({"diversity_ratio": ratio}, gauges, shown=shown)


def test_a_calm_game_is_healthy():
    health = Health()
    assert all(round_of(health) is None for _ in range(100))
    assert all(figures_of(health, ratio, shown=40_000) is None for ratio in (0.6, 0.8, 0.7, 1.1))


def test_a_refused_step_is_divergence():
    diagnosis = round_of(Health(), finite=False)
    assert diagnosis.illness == "divergence"
    assert diagnosis.roll_back
    assert "no longer a finite number" in diagnosis.message


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_cost_or_gauge_that_is_not_finite_is_divergence(bad):
    assert Health().watch_round({"discriminator/r1": bad}, CALM, finite=True).illness == "divergence"
    assert Health().watch_round({}, CALM | {"score_fake": bad}, finite=True).illness == "divergence"
    assert figures_of(Health(), bad).illness == "divergence"


def test_scores_that_run_away_are_divergence_but_one_spike_is_not():
    health = Health(HealthSettings(runaway=100))
    assert round_of(health, 900, -900) is None  # a mean over twenty rounds sees 90 of it
    assert all(round_of(health) is None for _ in range(100))
    # The mean of a gap of 110 passes 100 after log(10 / 110) / log(0.95) = 46.7 rounds.
    assert all(round_of(health, 100, -10) is None for _ in range(46))
    assert "run away to 100" in round_of(health, 100, -10).message


def test_scores_that_drift_together_have_not_run_away():
    """A relativistic or Wasserstein score has no zero: only differences mean anything."""
    health = Health(HealthSettings(runaway=10))
    assert all(round_of(health, 5001, 5000) is None for _ in range(200))


@pytest.mark.parametrize(
    ("history", "ratio", "shown", "ill"),
    [
        ([], 0.1, 19_999, False),  # young, and never grown
        ([], 0.1, 20_000, True),  # out of patience
        ([], 0.26, 20_000, False),
        ([0.5], 0.24, 100, True),  # grown, and below a quarter of the real works'
        ([0.5], 0.26, 100, False),
        ([0.49], 0.1, 100, False),  # not grown yet
        ([1.0], 0.39, 100, True),  # below 40 % of its own best
        ([1.0], 0.41, 100, False),
        ([1.0, 0.6], 0.39, 100, True),  # the best counts and not the last
    ],
)
def test_collapse_is_judged_against_the_real_works_and_the_runs_own_best(history, ratio, shown, ill):
    health = Health(HealthSettings(collapsed=0.25, fallen=0.4, grown=0.5, patience_kimg=20))
    for earlier in history:
        assert figures_of(health, earlier) is None
    diagnosis = figures_of(health, ratio, shown=shown)
    assert (diagnosis is not None) == ill
    if diagnosis:
        assert diagnosis.illness == "collapse"
        assert diagnosis.roll_back
        assert f"{ratio:.0%}" in diagnosis.message


def test_one_work_for_each_label_is_collapse_too():
    health = Health()
    assert health.watch_figures({"diversity_ratio": 0.9, "diversity_within": 0.8}, {}, shown=0) is None
    diagnosis = health.watch_figures({"diversity_ratio": 0.9, "diversity_within": 0.1}, {}, shown=0)
    assert diagnosis.illness == "collapse"
    assert "10%" in diagnosis.message
    broken = {"diversity_ratio": 0.9, "diversity_within": math.nan}
    assert Health().watch_figures(broken, {}, shown=0).illness == "divergence"


def test_noise_that_varies_more_than_real_works_sets_no_mark():
    health = Health(HealthSettings(collapsed=0.25, fallen=0.4))
    assert figures_of(health, 3.0) is None
    assert figures_of(health, 0.41) is None
    assert figures_of(health, 0.39) is not None


def test_figures_without_diversity_say_nothing_about_collapse():
    assert Health().watch_figures({"recall": 0.0}, {}, shown=10**6) is None


def test_overfitting_warns_once_while_it_lasts_and_does_not_roll_back():
    health = Health(HealthSettings(overfit_sign=0.95))
    assert figures_of(health, 0.8, sign=0.99, headroom=0.1) is None  # augmentation can still help
    diagnosis = figures_of(health, 0.8, sign=0.99, headroom=0.0)
    assert diagnosis.illness == "overfitting"
    assert not diagnosis.roll_back
    assert all(figures_of(health, 0.8, sign=0.99, headroom=0.0) is None for _ in range(5))
    assert figures_of(health, 0.8, sign=0.5, headroom=0.0) is None  # it has passed …
    assert figures_of(health, 0.8, sign=0.99, headroom=0.0) is not None  # … and comes again


def test_divergence_is_answered_by_smaller_steps_and_firmer_penalties():
    health = Health(HealthSettings(soften=0.5, stiffen=3, spread=2))
    assert health.rolled_back(round_of(health, finite=False)) == Dose(learning_rate=0.5, penalty=3)
    assert health.rolled_back(round_of(health, finite=False)) == Dose(learning_rate=0.25, penalty=9)


def test_collapse_is_answered_by_more_weight_on_variety_too():
    health = Health(HealthSettings(soften=0.5, stiffen=3, spread=2))
    diagnosis = figures_of(health, 0.0, shown=10**6)
    assert health.rolled_back(diagnosis) == Dose(learning_rate=0.5, penalty=3, spread=2)
    assert health.dose.spread == 2


def test_a_run_gives_up_after_so_many_attempts_in_a_row():
    health = Health(HealthSettings(attempts=2))
    diagnosis = round_of(health, finite=False)
    states = []
    for _ in range(3):
        states.append(health.exhausted)
        health.rolled_back(diagnosis)
    assert states == [False, False, True]
    health.recovered()
    assert not health.exhausted
    assert health.dose.learning_rate == 0.125  # the softer game goes on


def test_softened_learning_rates_double_in_so_many_works_and_stop_where_they_were():
    health = Health(HealthSettings(recover_kimg=2))
    health.rolled_back(round_of(health, finite=False))
    rates = []
    for _ in range(4):
        for _ in range(50):
            health.advance(10)
        rates.append(health.dose.learning_rate)
    assert rates == pytest.approx([0.5 * 2**0.25, 0.5 * 2**0.5, 0.5 * 2**0.75, 1.0])
    health.advance(10**9)
    assert health.dose == Dose(penalty=2)  # firmer penalties stay


def test_after_each_roll_back_learning_rates_grow_back_more_slowly():
    health = Health(HealthSettings(recover_kimg=2))
    for falls in (1, 2, 3):
        health.recovered()
        health.dose = Dose()
        health.rolled_back(round_of(health, finite=False))
        health.advance(1000)
        assert health.dose.learning_rate == pytest.approx(0.5 * 2 ** (0.5 / falls))


def test_what_outlives_going_back_is_taken_over():
    health, earlier = Health(), Health()
    for _ in range(2):
        health.rolled_back(round_of(health, finite=False))
    earlier.keep(health.keep())
    assert (earlier.dose, earlier.attempts, earlier.falls) == (health.dose, 2, 2)


def test_weights_that_are_not_finite_are_divergence():
    health = Health()
    assert health.watch_average(finite=True) is None
    assert health.watch_average(finite=False).roll_back


def test_a_roll_back_forgets_the_scores_that_ran_away():
    health = Health(HealthSettings(runaway=10))
    diagnosis = next(found for _ in range(50) if (found := round_of(health, 50, -50)))
    health.rolled_back(diagnosis)
    assert round_of(health) is None


def test_state_survives_json():
    health = Health()
    figures_of(health, 0.7, sign=0.99, headroom=0.0)
    round_of(health, 30, -30)
    health.rolled_back(figures_of(health, 0.0))
    round_of(health, 33, 1 / 3)
    copy = Health()
    copy.load(json.loads(json.dumps(health.state())))
    assert copy.state() == health.state()
    assert copy.dose == health.dose != Dose()
    assert copy.attempts == 1
    assert figures_of(copy, 0.2) is not None  # it remembers its best
    assert figures_of(copy, 0.7, sign=0.99, headroom=0.0) is None  # and that it has warned


def test_settings_that_would_harden_instead_of_soften_are_refused():
    for wrong in ({"soften": 1.5}, {"soften": 0}, {"stiffen": 0.5}, {"spread": 0.9}, {"attempts": -1}):
        with pytest.raises(ValidationError):
            HealthSettings.model_validate(wrong)

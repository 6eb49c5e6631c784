"""How a run stands, folded from its events."""

from __future__ import annotations

import pytest

from huohua.adversarial.events import (
    Finished,
    Measured,
    Previewed,
    Progress,
    RolledBack,
    Saved,
    Started,
    Warned,
)
from huohua.cli.situation import Situation, clock


def at(kind, shown=0, seconds=0.0, **fields):
    return kind(seconds=seconds, shown=shown, round=shown // 16, **fields)


def situation(*events):
    state = Situation()
    for event in events:
        state(event)
    return state


def test_a_budget_of_works_tells_fraction_and_time_left():
    state = situation(at(Started, total_shown=36_000), at(Progress, shown=9_000, seconds=90.0, speed=100.0))
    assert state.fraction == 0.25
    assert state.seconds_left == 270.0
    assert state.amount() == "9.0 of 36.0 kimg"
    assert state.pace() == "100 works/s · 1:30 · 4:30 left"


def test_a_budget_of_time_needs_no_speed():
    state = situation(at(Started, total_seconds=600.0), at(Measured, shown=500, seconds=150.0))
    assert (state.fraction, state.seconds_left) == (0.25, 450.0)
    assert state.amount() == "0.5 kimg"


def test_of_two_budgets_the_nearer_end_counts():
    state = situation(
        at(Started, total_shown=1_000, total_seconds=1_000.0),
        at(Progress, shown=900, seconds=100.0, speed=10.0),
    )
    assert (state.fraction, state.seconds_left) == (0.9, 10.0)


def test_nothing_is_foretold_before_a_speed_is_known():
    state = situation(at(Started, total_shown=1_000))
    assert (state.fraction, state.seconds_left) == (0.0, None)
    assert state.pace() == "measuring speed · 0:00"


def test_speed_is_smoothed():
    state = situation(at(Progress, speed=100.0), at(Progress, speed=50.0))
    assert state.speed == pytest.approx(0.8 * 100 + 0.2 * 50)


def test_a_run_past_its_budget_is_whole_and_not_more():
    state = situation(at(Started, total_shown=100), at(Progress, shown=112, speed=1.0))
    assert (state.fraction, state.seconds_left) == (1.0, 0.0)


def test_health_follows_warnings_and_recovers_with_the_next_good_measurement():
    events = [
        (at(Started), "starting"),
        (at(Measured, shown=4_000, figures={"diversity_ratio": 0.8}), "good"),
        (at(Measured, shown=8_000), "good"),
        (at(Warned, shown=8_000, problem="over_fitting"), "over fitting"),
        (at(Measured, shown=12_000), "good"),
        (at(Warned, shown=13_000, problem="divergence"), "divergence"),
        (at(RolledBack, shown=12_000, problem="divergence", to_shown=12_000), "recovering from divergence"),
        (at(Measured, shown=12_000), "recovering from divergence"),
        (at(Measured, shown=16_000), "good"),
    ]
    state = Situation()
    for event, health in events:
        state(event)
        assert state.health == health


def test_losses_and_condition_fit_on_a_line_each():
    state = situation(
        at(
            Progress,
            costs={"discriminator/adversarial": 0.4321, "generator/mode_seeking": 12.0},
            gauges={"augmentation": 0.125, "learning_rate": 0.002},
        ),
        at(Measured, figures={"diversity_ratio": 0.71, "recall": 0.3, "other": 1.0}),
    )
    assert state.losses() == "discriminator 0.432 · generator mode seeking 12"
    assert (
        state.condition()
        == "health good · diversity 71% of the real works' · recall 0.30 · augmentation 0.12"
    )


def test_paths_and_the_end_are_remembered():
    state = situation(
        at(Previewed, path="previews/1.png"),
        at(Saved, path="checkpoints/1"),
        at(Finished, reason="interrupted"),
    )
    assert (state.preview, state.saved, state.reason) == ("previews/1.png", "checkpoints/1", "interrupted")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (3600, "1:00:00"), (90_061, "25:01:01")]
)
def test_times_are_written_as_people_write_them(seconds, text):
    assert clock(seconds) == text

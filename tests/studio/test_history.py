from __future__ import annotations

import math

import pytest

from huohua.adversarial.events import Finished, Measured, Previewed, Progress, RolledBack, Started, Warned
from huohua.studio.history import (
    cost_curves,
    figure_curves,
    figures,
    gauge_curves,
    recent_figure,
    settle,
    speed_curve,
)


def started(shown=0, *, resumed=False):
    return Started(seconds=shown, shown=shown, round=shown, resumed=resumed)


def progress(shown, value=0.0, seconds=None):
    return Progress(
        seconds=shown if seconds is None else seconds,
        shown=shown,
        round=shown,
        costs={"generator/adversarial": value},
        speed=value,
        gauges={"fade": value},
    )


def rolled_back(to_shown, seconds=0):
    return RolledBack(seconds=seconds, shown=to_shown, round=to_shown, problem="collapse", to_shown=to_shown)


def warned(shown):
    return Warned(seconds=shown, shown=shown, round=shown, problem="collapse")


def points(curves):
    (curve,) = curves
    return curve.points


def test_an_undisturbed_run_is_kept_as_it_is():
    events = (started(), progress(10), progress(20), Finished(seconds=20, shown=20, round=20))
    history = settle(events)
    assert history.events == events
    assert history.abandoned == ()
    assert (history.shown, history.seconds) == (20, 20)


def test_works_played_again_after_a_kill_count_once():
    history = settle(
        [
            started(),
            progress(10, 1),
            progress(20, 1),
            started(10, resumed=True),
            progress(20, 2),
            progress(30, 2),
        ]
    )
    assert points(speed_curve(history)) == ((10, 1), (20, 2), (30, 2))
    assert history.abandoned == ()


def test_a_run_begun_anew_in_the_same_log_forgets_the_first():
    history = settle([started(), progress(10, 1), started(), progress(5, 2)])
    assert points(speed_curve(history)) == ((5, 2),)


def test_what_a_roll_back_gives_up_is_kept_apart_and_its_warning_stays():
    history = settle(
        [started(), progress(10, 1), progress(20, 9), warned(20), rolled_back(10), progress(20, 2)]
    )
    (curve,) = cost_curves(history)
    assert curve.points == ((10, 1), (20, 2))
    assert curve.abandoned == (((20, 9),),)
    assert [event.shown for event in history.of(Warned)] == [20]
    assert len(history.of(RolledBack)) == 1


def test_a_start_after_a_roll_back_undoes_only_the_way_it_is_on():
    before = [started(), progress(40), progress(50, 9), warned(50), rolled_back(40)]
    history = settle([*before, progress(45, 1), started(44, resumed=True), progress(48, 2)])
    assert [event.shown for event in history.of(Warned)] == [50]
    assert points(gauge_curves(history)) == ((40, 0), (48, 2))
    assert [stretch[0].shown for stretch in history.abandoned] == [50]


def test_a_start_before_a_roll_back_undoes_it():
    history = settle(
        [started(), progress(10), progress(50), warned(50), rolled_back(40), started(10, resumed=True)]
    )
    assert history.of(RolledBack) == ()
    assert history.of(Warned) == ()


def test_a_roll_back_that_gives_nothing_up_leaves_no_stretch():
    assert settle([started(), progress(10), rolled_back(10)]).abandoned == ()


def test_sheets_beyond_a_roll_back_are_given_up():
    sheet = Previewed(seconds=20, shown=20, round=20, path="previews/000000020.png")
    assert settle([started(), sheet, rolled_back(10)]).of(Previewed) == ()


def test_a_number_that_comes_later_has_a_curve_from_there():
    history = settle([progress(10), Progress(seconds=2, shown=20, round=2, costs={"discriminator/r1": 3.0})])
    curves = {curve.name: curve.points for curve in cost_curves(history)}
    assert curves == {"generator/adversarial": ((10, 0),), "discriminator/r1": ((20, 3),)}


def test_the_recent_figure_is_the_mean_of_the_last_three_finite_ones():
    values = (9.0, 0.2, math.nan, 0.4, 0.9)
    history = settle(
        Measured(seconds=n, shown=n, round=n, figures={"recall": v}) for n, v in enumerate(values)
    )
    assert figures(history, "recall") == [9.0, 0.2, 0.4, 0.9]
    assert recent_figure(history, "recall") == pytest.approx(0.5)
    assert recent_figure(history, "precision") is None
    assert [curve.name for curve in figure_curves(history)] == ["recall"]


def test_no_events_are_an_empty_history():
    history = settle([])
    assert (history.shown, history.seconds, history.events) == (0, 0.0, ())

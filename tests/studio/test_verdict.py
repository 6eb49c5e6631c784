from __future__ import annotations

import math

import pytest

from huohua.adversarial.events import Finished, Measured, Progress, RolledBack, Started, Warned
from huohua.studio.report_words import WORDS
from huohua.studio.verdict import verdict

HEALTHY = {"score_real": 0.5, "score_fake": -0.5, "sign_real": 0.6, "augmentation": 0.3}


def run(
    *,
    shown=100_000,
    ratios=(0.5, 0.6, 0.7, 0.8, 0.8, 0.8),
    reason="budget",
    gauges=HEALTHY,
    costs=None,
    speeds=(20.0,),
    precision=0.7,
    figures=None,
    extra=(),
):
    """Return the events of a run of ten minutes; `reason` None is a run that has not finished."""
    events = [Started(seconds=0, shown=0, round=0, total_shown=shown)]
    for step in range(1, 21):
        place = {"seconds": 30.0 * step, "shown": shown * step // 20, "round": step}
        speed = speeds[(step - 1) * len(speeds) // 20]
        events.append(
            Progress(costs=costs or {"generator/adversarial": 0.7}, speed=speed, gauges=gauges, **place)
        )
    for step, ratio in enumerate(ratios, start=1):
        place = {"seconds": 600.0, "shown": shown, "round": 20 + step}
        measured = {"diversity_ratio": ratio, "precision": precision, **(figures or {})}
        events.append(Measured(figures=measured, **place))
    events = sorted([*events, *extra], key=lambda event: event.seconds)
    if reason:
        events.append(Finished(seconds=600, shown=shown, round=30, reason=reason))
    return events


def rolled_back(seconds, shown=40_000):
    return RolledBack(seconds=seconds, shown=shown, round=8, problem="divergence", to_shown=shown)


def test_a_healthy_run_is_good_and_says_how_much_and_how_varied():
    found = verdict(run())
    assert found.light == "good"
    assert "100,000 works shown in 10\N{NO-BREAK SPACE}min" in found.summary
    assert "80% as varied" in found.summary
    assert found.advice == (WORDS["en"]["variety_growing_advice"],)


def test_a_healthy_run_that_no_longer_grows_is_there_to_be_enjoyed():
    assert verdict(run(ratios=[0.8] * 9)).advice == (WORDS["en"]["enjoy_advice"],)


def test_falling_variety_is_told_even_where_it_is_still_good():
    found = verdict(run(ratios=(0.9, 0.9, 0.9, 0.9, 0.78, 0.78)))
    assert found.light == "good"
    assert found.advice == (WORDS["en"]["variety_falling_advice"],)


def test_nothing_played_is_trouble():
    for events in ([], [Started(seconds=0, shown=0, round=0)]):
        found = verdict(events)
        assert found.light == "trouble"
        assert found.summary == WORDS["en"]["end_none"]
        assert found.advice == (WORDS["en"]["end_none_advice"],)


def test_a_run_without_an_end_is_watched_and_can_be_taken_up():
    found = verdict(run(reason=None))
    assert found.light == "watch"
    assert found.summary.startswith("Training has not finished")
    assert found.advice[0] == WORDS["en"]["end_open_advice"]


def test_a_resumed_run_that_has_not_ended_again_is_open():
    events = [*run(reason="interrupted"), Started(seconds=600, shown=100_000, round=30, resumed=True)]
    assert verdict(events).summary.startswith("Training has not finished")


@pytest.mark.parametrize("reason", ["stopped", "interrupted"])
def test_a_run_ended_by_a_person_is_judged_by_its_works(reason):
    found = verdict(run(reason=reason))
    assert found.light == "good"
    assert f"Training was {reason} after 100,000 works" in found.summary
    assert WORDS["en"]["end_early_advice"] in found.advice


def test_an_end_for_an_unknown_reason_is_a_stop():
    assert "Training was stopped" in verdict(run(reason="moonlight")).summary


def test_a_failed_run_is_trouble_whatever_its_works():
    found = verdict(run(reason="failed"))
    assert found.light == "trouble"
    assert found.advice[0] == WORDS["en"]["end_failed_advice"]


def test_works_that_look_alike_are_trouble():
    found = verdict(run(ratios=[0.3] * 6))
    assert found.light == "trouble"
    assert "only 30% of the variety" in found.summary
    assert found.advice[0] == WORDS["en"]["variety_lost_advice"]


def test_little_variety_in_a_young_run_is_only_watched():
    found = verdict(run(shown=15_000, ratios=[0.3] * 6))
    assert found.light == "watch"
    assert found.advice[0] == WORDS["en"]["variety_young_advice"]


@pytest.mark.parametrize(
    ("ratios", "advice"),
    [
        ((0.3, 0.3, 0.4, 0.4, 0.55, 0.55), "variety_growing_advice"),
        ((0.9, 0.9, 0.7, 0.7, 0.5, 0.5), "variety_falling_advice"),
        ([0.55] * 6, "variety_short_advice"),
        ([0.55, 0.6], "variety_short_advice"),
    ],
)
def test_advice_on_little_variety_depends_on_its_trend(ratios, advice):
    found = verdict(run(ratios=ratios))
    assert found.light == "watch"
    assert found.advice[0] == WORDS["en"][advice]


def test_a_model_that_makes_one_work_of_each_label_is_not_varied():
    within = [
        Measured(
            seconds=600, shown=100_000, round=40, figures={"diversity_ratio": 0.9, "diversity_within": share}
        )
        for share in (0.3, 0.2, 0.1)
    ]
    found = verdict(run(ratios=[0.9] * 3, extra=within))
    assert found.light == "trouble"
    assert "New works of one label look much alike: only 20% of the variety" in found.summary


def test_the_lower_of_two_figures_of_variety_is_told():
    extra = [Measured(seconds=600, shown=100_000, round=40, figures={"diversity_within": 0.95})]
    assert "New works are 80% as varied" in verdict(run(ratios=[0.8] * 3, extra=extra)).summary


def test_more_variety_than_real_works_have_is_noise():
    found = verdict(run(ratios=[1.6] * 6))
    assert found.light == "watch"
    assert "160%" in found.summary


def test_one_measurement_that_jumps_does_not_change_the_light():
    assert verdict(run(ratios=(0.8, 0.8, 0.8, 0.8, 0.8, 0.65))).light == "good"


def test_a_run_without_measurements_is_watched():
    found = verdict(run(ratios=()))
    assert found.light == "watch"
    assert WORDS["en"]["unmeasured"] in found.summary


def test_few_works_that_pass_for_real_are_watched():
    found = verdict(run(precision=0.05))
    assert found.light == "watch"
    assert "Only 5% of the new works" in found.summary


def test_a_discriminator_sure_of_everything_is_overfitting():
    found = verdict(run(gauges={**HEALTHY, "sign_real": 0.99, "augmentation": 0.8}))
    assert found.light == "watch"
    assert WORDS["en"]["overfit_full"] in found.summary
    assert WORDS["en"]["overfit_full_advice"] in found.advice


def test_a_sure_discriminator_whose_augmentation_still_rises_may_yet_be_cured():
    events = run(gauges={**HEALTHY, "sign_real": 0.99})
    last = events[20]
    assert isinstance(last, Progress)
    events[20] = Progress(
        seconds=600,
        shown=last.shown,
        round=20,
        costs=last.costs,
        speed=20,
        gauges={**last.gauges, "augmentation": 0.5},
    )
    found = verdict(events)
    assert found.light == "watch"
    assert WORDS["en"]["overfit"] in found.summary


def test_augmentation_at_its_most_asks_for_more_works():
    found = verdict(run(ratios=[0.8] * 6, gauges={**HEALTHY, "augmentation": 1.0}))
    assert found.light == "good"
    assert found.advice == (WORDS["en"]["augmented_full_advice"],)


def test_an_early_roll_back_is_told_and_forgiven():
    found = verdict(run(extra=[rolled_back(200)]))
    assert found.light == "good"
    assert "earlier checkpoint once and recovered" in found.summary


def test_a_late_roll_back_is_watched():
    found = verdict(run(extra=[rolled_back(100), rolled_back(590)]))
    assert found.light == "watch"
    assert "2 times, the last time near the end" in found.summary


def test_many_roll_backs_ask_for_smaller_steps():
    found = verdict(run(extra=[rolled_back(seconds) for seconds in (100, 150, 200, 250)]))
    assert found.light == "watch"
    assert WORDS["en"]["rolled_back_often_advice"] in found.advice


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_trouble(number):
    found = verdict(run(costs={"generator/r1": number}))
    assert found.light == "trouble"
    assert WORDS["en"]["infinite"] in found.summary


def test_a_run_that_slowed_down_is_watched_and_says_from_what_to_what():
    found = verdict(run(speeds=(20.0, 20.0, 20.0, 8.0)))
    assert found.light == "watch"
    assert "from 20 to 8 works a second" in found.summary


def test_a_little_slower_is_no_matter():
    assert verdict(run(speeds=(20.0, 20.0, 20.0, 12.0))).light == "good"


def test_a_short_run_is_told_to_go_on():
    assert WORDS["en"]["short_advice"] in verdict(run(shown=4_000)).advice


def test_the_worst_finding_gives_the_light_and_its_advice_comes_first():
    found = verdict(run(ratios=[0.3] * 6, speeds=(20.0, 20.0, 20.0, 8.0)))
    assert found.light == "trouble"
    assert found.advice == (WORDS["en"]["variety_lost_advice"], WORDS["en"]["slowed_advice"])
    assert "slowed" not in found.summary


def test_works_given_up_at_a_roll_back_do_not_count():
    bad = Measured(seconds=600, shown=100_000, round=40, figures={"diversity_ratio": 0.01})
    back = RolledBack(seconds=600, shown=100_000, round=40, problem="collapse", to_shown=99_000)
    found = verdict([*run(reason=None), bad, back])
    assert "1%" not in found.summary


def test_warnings_alone_do_not_change_the_light():
    warning = Warned(seconds=300, shown=50_000, round=10, problem="threads", message="Slow.", remedy="Wait.")
    assert verdict(run(extra=[warning])).light == "good"


@pytest.mark.parametrize(
    "events",
    [
        [],
        run(),
        run(reason=None),
        run(reason="failed", ratios=[0.3] * 6),
        run(ratios=(), extra=[rolled_back(9)]),
    ],
)
def test_the_verdict_is_the_same_in_chinese(events):
    english, chinese = verdict(events, "en"), verdict(events, "zh")
    assert english.light == chinese.light
    assert len(english.advice) == len(chinese.advice)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.summary)


REBUILT = {"reconstruction_pixels": 0.3, "reconstruction_features": 0.6}
PLAIN = {"kl_weight": 1.0, "latent_nats": 150.0}


def test_the_blur_of_an_autoencoder_is_no_collapse():
    found = verdict(run(ratios=[0.3] * 6, precision=0.1, gauges=PLAIN, figures=REBUILT))
    assert found.light == "good"
    assert "30% as varied as the real ones; with no discriminator they are soft" in found.summary
    assert "Works come back at 30% of the distance to another work" in found.summary
    assert found.advice == (WORDS["en"]["variety_soft_advice"],)


def test_an_autoencoder_with_a_discriminator_is_held_to_the_variety_of_real_works():
    found = verdict(run(ratios=[0.3] * 6, gauges={**HEALTHY, **PLAIN}, figures=REBUILT))
    assert found.light == "trouble"
    assert "look much alike" in found.summary


@pytest.mark.parametrize(("shown", "light"), [(15_000, "watch"), (100_000, "trouble")])
def test_works_that_do_not_come_back_are_told(shown, light):
    figures = {"reconstruction_pixels": 0.95}
    found = verdict(run(shown=shown, ratios=[0.3] * 6, gauges=PLAIN, figures=figures))
    assert found.light == light
    assert "hardly come back: at 95%" in found.summary
    assert found.advice[0] == WORDS["en"]["rebuilt_badly_advice"]

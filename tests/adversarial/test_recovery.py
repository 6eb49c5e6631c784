"""Falling ill and getting well: going back to a good checkpoint and playing on more softly."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
import torch

from huohua.adversarial import checkpoint as checkpoints
from huohua.adversarial.duel import DuelSettings
from huohua.adversarial.events import Event
from huohua.adversarial.game import Moment
from huohua.adversarial.health import HealthSettings
from huohua.adversarial.schedule import constant
from huohua.errors import TrainingError
from toys.ring import RingInspector, RingWorks, equal, everything_of, rich_run, toy_duel, toy_run


class Spoiler:
    """Adds NaN to the works of some rounds, the first so many times that each is played."""

    def __init__(self, rounds: set[int], times: int = 1) -> None:
        self.left, self.moments = dict.fromkeys(rounds, times), []

    def __call__(self, moment: Moment) -> float | None:
        self.moments.append(moment)
        if not self.left.get(moment.round):
            return None
        self.left[moment.round] -= 1
        return math.nan


def named(events: list[Event], kind: str) -> list[Event]:
    return [event for event in events if event.kind == kind]


def stored_weights(folder: Path, shown: int) -> dict[str, torch.Tensor]:
    from safetensors.torch import load_file

    return load_file(folder / "checkpoints" / f"{shown:09d}" / "generator.safetensors")


def test_a_nan_is_answered_by_the_last_good_weights_and_a_softer_game(tmp_path):
    spoiler, events, after = Spoiler({14}), [], {}
    duel = toy_duel(DuelSettings(r1=constant(0.2), mode_seeking=1e-3))

    def listen(event: Event) -> None:
        events.append(event)
        if event.kind == "rolled_back":
            after.update({k: v.clone() for k, v in run.game.players["generator"].state_dict().items()})
            after["stored"] = stored_weights(tmp_path, event.to_shown)

    run = toy_run(tmp_path, duel=duel, works=RingWorks(on_take=spoiler), listeners=(listen,), rate=1e-2)
    assert run.go() == "budget"
    assert run.shown == 640

    (warned,), (back,) = named(events, "warned"), named(events, "rolled_back")
    assert (warned.problem, warned.shown) == ("divergence", 14 * 32)
    assert (back.problem, back.to_shown, back.shown, back.round) == ("divergence", 320, 320, 10)
    assert back.changes == {"learning_rate": 0.5, "penalty": 2.0, "spread": 1.0}
    assert equal(after.pop("stored"), after)

    first, again = [moment for moment in spoiler.moments if moment.round == 12]
    assert again.penalty_scale == 2 * first.penalty_scale
    assert again.seed != first.seed  # the same road is not taken twice
    assert [moment.round for moment in spoiler.moments] == [*range(15), *range(10, 20)]
    assert run.optimisers["generator"].param_groups[0]["lr"] == pytest.approx(
        0.5e-2 * 2 ** ((640 - 32 - 320) / 4000)  # of the last round: it has begun to grow back
    )
    assert all(weight.isfinite().all() for weight in run.average.network.parameters())


def test_checkpoints_of_the_history_that_went_wrong_are_removed(tmp_path):
    present: list[list[int]] = []

    def note(moment: Moment) -> float | None:
        present.append([found.shown for found in checkpoints.listing(tmp_path / "checkpoints")])
        return spoiler(moment)

    spoiler = Spoiler({14})
    toy_run(tmp_path, works=RingWorks(on_take=note), save_seconds=1e-9).go()
    assert present[14] == [320, 416, 448]  # the last good one and the newest two
    assert present[15] == [320]


def test_a_collapse_is_answered_by_more_weight_on_variety(tmp_path):
    ratios = iter([0.7, 0.8, 0.2, 0.75, 0.8, 0.8, 0.8])
    moments, events = [], []
    run = toy_run(
        tmp_path, duel=toy_duel(DuelSettings(mode_seeking=1e-3)), tick_kimg=0.128,
        inspector=RingInspector(lambda network: {"diversity_ratio": next(ratios)}),
        works=RingWorks(on_take=lambda moment: moments.append(moment)), listeners=(events.append,),
    )  # fmt: skip
    assert run.go() == "budget"
    (warned,), (back,) = named(events, "warned"), named(events, "rolled_back")
    assert warned.problem == "collapse"
    assert "20%" in warned.message
    assert "80%" in warned.message
    assert (warned.shown, back.to_shown) == (384, 256)
    assert back.changes == {"learning_rate": 0.5, "penalty": 2.0, "spread": 2.0}
    assert {moment.spread_scale for moment in moments if moment.round < 8} == {1.0}
    assert [m.spread_scale for m in moments if m.round == 10] == [1.0, 2.0]
    assert [event.figures["diversity_ratio"] for event in named(events, "measured")][2:4] == [0.2, 0.75]
    assert 384 in [event.shown for event in named(events, "saved")]  # reached again, and healthy


def test_samples_that_are_not_finite_are_divergence(tmp_path):
    ratios = iter([0.7, math.nan, 0.7, 0.7, 0.7, 0.7])
    events: list[Event] = []
    run = toy_run(
        tmp_path, tick_kimg=0.16, listeners=(events.append,),
        inspector=RingInspector(lambda network: {"diversity_ratio": next(ratios)}),
    )  # fmt: skip
    assert run.go() == "budget"
    assert [event.problem for event in named(events, "rolled_back")] == ["divergence"]


def test_a_game_that_cannot_be_cured_gives_up_and_keeps_the_last_good_model(tmp_path):
    spoiler, events = Spoiler({12}, times=99), []
    run = toy_run(
        tmp_path, works=RingWorks(on_take=spoiler), listeners=(events.append,),
        health=HealthSettings(attempts=3),
    )  # fmt: skip
    with pytest.raises(TrainingError, match="again and again") as caught:
        run.go()
    assert "smaller learning rate" in caught.value.advice
    backs = named(events, "rolled_back")
    rates = [back.changes["learning_rate"] for back in backs]
    assert rates == pytest.approx([0.5, 0.25, 0.125], rel=0.05)  # they grew back for two rounds between
    assert len({moment.seed for moment in spoiler.moments}) == 4
    assert (events[-1].kind, events[-1].reason) == ("finished", "failed")
    good = checkpoints.latest(tmp_path / "checkpoints", good=True)
    assert good.shown == 320


def test_a_game_that_is_ill_from_the_first_round_goes_back_to_the_beginning(tmp_path):
    events: list[Event] = []
    run = toy_run(tmp_path, works=RingWorks(on_take=Spoiler({0})), listeners=(events.append,))
    assert run.go() == "budget"
    assert named(events, "rolled_back")[0].to_shown == 0


def test_without_a_good_checkpoint_to_go_to_the_run_fails(tmp_path):
    def wreck(moment: Moment) -> float | None:
        if moment.round != 3:
            return None
        for found in checkpoints.listing(tmp_path / "checkpoints"):
            (found.folder / "generator.safetensors").write_bytes(b"")
        return math.nan

    with pytest.raises(TrainingError):
        toy_run(tmp_path, works=RingWorks(on_take=wreck)).go()


def test_illness_after_recovery_is_a_new_illness(tmp_path):
    spoiler, events = Spoiler({12, 17}), []
    run = toy_run(
        tmp_path, works=RingWorks(on_take=spoiler), tick_kimg=0.16, listeners=(events.append,),
        health=HealthSettings(attempts=1),
    )  # fmt: skip
    assert run.go() == "budget"
    assert [back.to_shown for back in named(events, "rolled_back")] == [320, 480]
    first, second = (back.changes["learning_rate"] for back in named(events, "rolled_back"))
    assert (first, second) == (0.5, pytest.approx(0.25 * 2 ** (7 * 32 / 4000)))
    assert run.health.attempts == 0


def test_the_softer_game_survives_a_stop(tmp_path):
    spoiler = Spoiler({12})
    works = RingWorks(labelled=True, on_take=spoiler)
    straight = rich_run(tmp_path / "straight", works=works, tick_kimg=0.16)
    straight.go()

    spoiler = Spoiler({12})
    cut = rich_run(
        tmp_path / "cut", works=RingWorks(labelled=True, on_take=spoiler), tick_kimg=0.16, shown=544
    )
    cut.go()
    again = rich_run(tmp_path / "cut", tick_kimg=0.16)
    again.resume()
    assert 0.5 < again.health.dose.learning_rate < 0.55
    again.go()
    assert equal(everything_of(straight), everything_of(again))


def test_real_learning_rates_that_are_far_too_large_are_cured(tmp_path):
    """Nothing is injected: plain descent at a thousand times the rate overflows by itself."""
    duel = toy_duel(DuelSettings(loss="least_squares"))
    events: list[Event] = []
    run = toy_run(tmp_path, duel=duel, listeners=(events.append,), shown=1280,
                  health=HealthSettings(soften=0.1, runaway=1e9, attempts=9, recover_kimg=1e9))  # fmt: skip
    rates = {"discriminator": 100.0, "generator": 100.0}
    run.optimisers = {n: torch.optim.SGD(duel.players[n].parameters(), lr=r) for n, r in rates.items()}
    run.rates = {name: [rate] for name, rate in rates.items()}
    assert run.go() == "budget"
    backs = named(events, "rolled_back")
    assert {back.problem for back in backs} == {"divergence"}
    assert 1 <= len(backs) <= 5
    assert run.health.dose.learning_rate == pytest.approx(0.1 ** len(backs))
    assert all(weight.isfinite().all() for weight in run.game.players["generator"].parameters())
    shown = [event.shown for event in events]
    assert any(b < a for a, b in itertools.pairwise(shown))


def test_a_generator_that_cannot_be_drawn_with_at_the_end_gives_way_to_the_last_good_one(tmp_path):
    """Running statistics may overflow where no loss does; here a weight of the average is spoilt."""
    events: list[Event] = []

    def spoil(moment: Moment) -> None:
        if moment.round == 17:
            next(run.average.network.parameters()).data[0] = math.inf

    inspector = RingInspector()
    run = toy_run(
        tmp_path, works=RingWorks(on_take=spoil), inspector=inspector, listeners=(events.append,)
    )  # fmt: skip
    run.budget = run.budget.model_copy(update={"shown": 18 * 32})
    assert run.go() == "budget"
    (warned,) = named(events, "warned")
    assert (warned.problem, warned.remedy) == (
        "divergence",
        "The run ends with its last good checkpoint.",
    )
    assert (events[-1].kind, events[-1].reason, events[-1].shown) == ("finished", "budget", 320)
    assert inspector.published[-1]["shown"] == 320
    assert run.average.finite
    assert equal(stored_weights(tmp_path, 320), run.game.players["generator"].state_dict())


def test_a_generator_that_cannot_be_drawn_with_at_a_tick_sends_the_run_back(tmp_path):
    events: list[Event] = []

    def spoil(moment: Moment) -> None:
        if moment.round == 19 and not named(events, "rolled_back"):
            next(run.average.network.parameters()).data[0] = math.nan

    run = toy_run(tmp_path, works=RingWorks(on_take=spoil), listeners=(events.append,), shown=960)
    assert run.go() == "budget"
    (back,) = named(events, "rolled_back")
    assert (back.shown, back.to_shown) == (320, 320)
    assert run.average.finite
    assert run.shown == 960

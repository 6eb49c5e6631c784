"""Runs: budgets, ticks and events, stopping, and what a run learns."""

from __future__ import annotations

import errno
import itertools
import threading
from pathlib import Path

import pytest
import torch

from huohua.adversarial import checkpoint as checkpoints
from huohua.adversarial import run as runs
from huohua.adversarial.augmentation import Adaptation
from huohua.adversarial.duel import Duel, DuelSettings
from huohua.adversarial.events import Event
from huohua.adversarial.game import Moment
from huohua.adversarial.health import HealthSettings
from huohua.adversarial.schedule import constant, ramp
from huohua.errors import StorageError, UsageError
from toys.ring import (
    RingInspector,
    RingWorks,
    equal,
    everything_of,
    rich_run,
    ring_figures,
    toy_duel,
    toy_run,
)


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def saved(folder: Path) -> dict[int, bool]:
    return {found.shown: found.good for found in checkpoints.listing(folder / "checkpoints")}


@pytest.mark.parametrize("loss", ["non_saturating", "hinge", "relativistic"])
def test_a_game_learns_a_ring_of_eight_clouds(tmp_path, loss):
    rules = DuelSettings(loss=loss, r1=constant(0.1), r2=constant(0.1 if loss == "relativistic" else 0.0))
    duel = toy_duel(rules, width=64)
    before = ring_figures(duel.players["generator"])
    run = toy_run(tmp_path, duel=duel, rate=3e-3, batch=128, shown=128 * 300, tick_kimg=1e3,
                  average_half_life_kimg=3.0)  # fmt: skip
    run.go()
    after = ring_figures(run.average.network)
    assert before["valid"] < 0.05
    assert before["reached"] == 0
    assert after["valid"] > 0.4
    assert after["reached"] >= 7 / 8


def test_a_run_tells_its_story_in_order(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "PROGRESS_SECONDS", 0.0)
    events: list[Event] = []
    inspector = RingInspector()
    run = toy_run(tmp_path, shown=96, tick_kimg=0.064, listeners=(events.append,), inspector=inspector)
    assert run.go() == "budget"
    assert kinds(events) == [
        "started", "saved",
        "progress",
        "progress", "measured", "saved", "previewed",
        "progress",
        "saved", "measured", "previewed", "finished",
    ]  # fmt: skip
    assert [event.shown for event in events] == [0, 0, 32, 64, 64, 64, 64, 96, 96, 96, 96, 96]
    assert events[0].total_shown == 96
    assert events[2].costs.keys() == {
        "discriminator/adversarial",
        "discriminator/r1",
        "generator/adversarial",
    }
    assert events[2].speed > 0
    assert {"score_real", "sign_real", "fade", "augmentation", "learning_rate"} <= events[2].gauges.keys()
    assert events[4].figures == run.figures | events[4].figures
    assert events[6].path == "previews/000000064.png"
    assert all(a.seconds <= b.seconds for a, b in itertools.pairwise(events))
    assert [model["shown"] for model in inspector.published] == [64, 96]
    assert inspector.published[0]["figures"].keys() == {"valid", "reached"}


def test_the_same_seed_gives_the_same_weights_and_another_others(tmp_path):
    runs_ = [toy_run(tmp_path / str(number), seed=seed) for number, seed in enumerate((5, 5, 6))]
    for run in runs_:
        run.go()
    first, second, third = (everything_of(run)["networks"] for run in runs_)
    assert equal(first, second)
    assert not equal(first, third)


def test_when_checkpoints_are_written_does_not_change_what_is_learnt(tmp_path):
    seldom, often = rich_run(tmp_path / "a"), rich_run(tmp_path / "b", save_seconds=1e-9)
    numbers: list[int] = []
    often.listeners = [lambda event: numbers.append(event.shown) if event.kind == "saved" else None]
    seldom.go()
    often.go()
    assert len(numbers) == 22  # every round, the beginning and the end
    assert equal(everything_of(seldom), everything_of(often))


def test_a_run_taken_in_parts_learns_what_a_whole_one_does(tmp_path):
    runs_ = [toy_run(tmp_path / str(parts), accumulate=parts, shown=320) for parts in (1, 4)]
    for run in runs_:
        run.go()
    one, other = (run.game.players["generator"].state_dict() for run in runs_)
    for name in one:
        torch.testing.assert_close(other[name], one[name], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize(("accumulate", "batch"), [(3, 32), (64, 32), (2, 33)])
def test_a_batch_that_cannot_be_shared_out_evenly_is_refused(tmp_path, accumulate, batch):
    with pytest.raises(UsageError, match=f"{batch} works") as caught:
        toy_run(tmp_path, accumulate=accumulate, batch=batch)
    assert f"multiple of {accumulate}" in caught.value.advice


def test_the_budget_may_be_time_which_all_sessions_share(tmp_path):
    first = toy_run(tmp_path, shown=None, seconds=0.05)
    assert first.go() == "budget"
    assert first.seconds >= 0.05
    assert first.round > 0
    second = toy_run(tmp_path, shown=None, seconds=0.05)
    second.resume()
    assert second.seconds >= 0.05
    assert second.go() == "budget"
    assert second.round == first.round


def test_a_finished_run_that_is_started_again_plays_no_more(tmp_path):
    first = rich_run(tmp_path)
    first.go()
    again = rich_run(tmp_path)
    again.resume()
    assert again.go() == "budget"
    assert equal(everything_of(first), everything_of(again))


def test_a_finished_run_can_be_given_a_larger_budget(tmp_path):
    straight = rich_run(tmp_path / "straight", shown=960)
    straight.go()
    rich_run(tmp_path / "short", shown=416).go()
    longer = rich_run(tmp_path / "short", shown=960)
    longer.resume()
    longer.go()
    assert equal(everything_of(straight), everything_of(longer))


def test_stopping_from_another_thread_ends_after_the_round_and_saves(tmp_path):
    def stop_in_round_five(moment: Moment) -> None:
        if moment.round == 5:
            thread = threading.Thread(target=run.stop)
            thread.start()
            thread.join()

    run = toy_run(tmp_path, works=RingWorks(on_take=stop_in_round_five))
    assert run.go() == "stopped"
    assert run.round == 6
    assert 6 * 32 in saved(tmp_path)


def test_somebody_in_a_hurry_does_not_wait_for_measurements(tmp_path):
    inspector = RingInspector()
    events: list[Event] = []
    run = toy_run(tmp_path, inspector=inspector, listeners=(events.append,))
    run.stop("interrupted")
    assert run.go() == "interrupted"
    assert inspector.measured == 0
    assert run.round == 0
    assert events[-1].reason == "interrupted"
    assert saved(tmp_path) == {0: True}


def test_stopping_at_a_tick_does_not_take_back_that_it_was_good(tmp_path):
    def stop_in_round_nine(moment: Moment) -> None:
        if moment.round == 9:
            run.stop()

    run = toy_run(tmp_path, works=RingWorks(on_take=stop_in_round_nine))
    run.go()
    assert saved(tmp_path) == {0: True, 320: True}
    again = toy_run(tmp_path)
    again.resume()
    again.stop()
    again.go()
    assert saved(tmp_path) == {0: True, 320: True}


def test_a_checkpoint_between_ticks_is_not_called_good(tmp_path):
    run = toy_run(tmp_path, shown=12 * 32)
    run.go()
    assert saved(tmp_path) == {320: True, 384: False}


def test_a_full_disk_stops_the_run_and_loses_nothing_before(tmp_path, monkeypatch):
    straight = rich_run(tmp_path / "straight")
    straight.go()
    write, files = checkpoints._write, itertools.count()

    def full_at_the_second_checkpoint(path: Path, tensors: object) -> None:
        if next(files) > 8:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, tensors)

    monkeypatch.setattr(checkpoints, "_write", full_at_the_second_checkpoint)
    with pytest.raises(StorageError, match="No space left"):
        rich_run(tmp_path / "full").go()
    assert saved(tmp_path / "full") == {0: True}
    monkeypatch.undo()
    again = rich_run(tmp_path / "full")
    assert again.resume()
    again.go()
    assert equal(everything_of(straight), everything_of(again))


def test_learning_rates_follow_their_schedule(tmp_path):
    rates: list[float] = []

    def note(moment: Moment) -> None:
        rates.append(run.optimisers["generator"].param_groups[0]["lr"])

    run = toy_run(tmp_path, rate=1e-2, shown=128, works=RingWorks(on_take=note),
                  learning_rate=ramp(0.032, 0.096, start=1.0, end=0.5))  # fmt: skip
    run.go()
    assert rates == pytest.approx([1e-2, 1e-2, 0.75e-2, 0.5e-2])


def test_augmentation_rises_while_the_discriminator_is_sure(tmp_path):
    class Sure(Duel):
        def gauges(self, deal):
            return super().gauges(deal) | {"sign_real": 1.0}

    toy = toy_duel(DuelSettings())
    duel = Sure(*reversed(list(toy.players.values())), latent=toy.latent, settings=toy.settings)
    strengths: list[float] = []
    works = RingWorks(on_take=lambda moment: strengths.append(moment.strength))
    adaptation = Adaptation(start=0.1, maximum=0.3, kimg_to_full=1.0, adjust_every=2)
    toy_run(tmp_path, duel=duel, works=works, shown=320, adaptation=adaptation).go()
    assert strengths == pytest.approx(
        [0.1, 0.1, 0.164, 0.164, 0.228, 0.228, 0.292, 0.292, 0.3, 0.3], abs=1e-6
    )


def test_overfitting_is_told_once_and_training_goes_on(tmp_path):
    class Sure(Duel):
        def gauges(self, deal):
            return super().gauges(deal) | {"sign_real": 1.0}

    toy = toy_duel(DuelSettings())
    duel = Sure(*reversed(list(toy.players.values())), latent=toy.latent, settings=toy.settings)
    events: list[Event] = []
    run = toy_run(tmp_path, duel=duel, tick_kimg=0.064, listeners=(events.append,),
                  adaptation=Adaptation(start=0.2, maximum=0.2), health=HealthSettings())  # fmt: skip
    assert run.go() == "budget"
    warnings = [event for event in events if event.kind == "warned"]
    assert [event.problem for event in warnings] == ["overfitting"]
    assert "by heart" in warnings[0].message
    assert "rolled_back" not in kinds(events)


def test_the_averaged_generator_is_the_mean_worked_out_by_hand(tmp_path):
    weights: list[torch.Tensor] = []

    def note(moment: Moment) -> None:
        weights.append(run.game.players["generator"].outer[2].bias.detach().clone())

    run = toy_run(tmp_path, works=RingWorks(on_take=note), average_half_life_kimg=0.02)
    run.go()
    weights.append(run.game.players["generator"].outer[2].bias.detach())
    mean = weights[0]
    for number, weight in enumerate(weights[1:], 1):
        half_life = min(20, 0.05 * number * 32)  # works; capped by a twentieth of those shown
        mean = weight + (mean - weight) * 0.5 ** (32 / half_life)
    torch.testing.assert_close(run.average.network.outer[2].bias, mean)
    assert not torch.allclose(mean, weights[-1], rtol=1e-4)

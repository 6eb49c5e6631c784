"""A run: a game played to the end of its budget, with everything around it.

`loop.play` moves the players. A run feeds it works, averages the generator, adapts augmentation,
measures, draws previews, saves, watches over health, goes back when it must, and tells the world by
events. It can be stopped at any moment, even by a power cut, and goes on from its last checkpoint to
the same weights, bit for bit on a CPU, as if it had not been stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from pydantic import Field
from torch import nn

from huohua.adversarial import agreement, events
from huohua.adversarial import checkpoint as checkpoints
from huohua.adversarial.augmentation import Adaptation, AdaptiveStrength
from huohua.adversarial.averaging import Average
from huohua.adversarial.events import Event, Listener
from huohua.adversarial.game import Game, Moment
from huohua.adversarial.health import Diagnosis, Health, HealthSettings
from huohua.adversarial.loop import Played, Round, play
from huohua.adversarial.sampling import order
from huohua.adversarial.schedule import Schedule, constant
from huohua.adversarial.surroundings import Inspector, Works
from huohua.config import Config
from huohua.errors import CheckpointError, TrainingError
from huohua.randomness import derive_seed

PROGRESS_SECONDS = 1.0


class RunSettings(Config):
    """How a game is played over time.

    Attributes:
        batch: works in a round, over all processes and parts.
        accumulate: parts in which a process goes through its works, to save memory.
        learning_rate: factor over time on the learning rates of the optimisers.
        clip: gradients longer than this are shortened; none by default.
        average_half_life_kimg: half-life of the averaged generator, in thousands of works.
        tick_kimg: thousands of works between two measurements with preview and checkpoint.
        save_seconds: a checkpoint is written at least this often.
        adaptation: how augmentation adapts.
        health: when the game is ill.
    """

    batch: int = Field(default=16, ge=2)
    accumulate: int = Field(default=1, ge=1)
    learning_rate: Schedule = constant(1.0)
    clip: float | None = Field(default=None, gt=0)
    average_half_life_kimg: float = Field(default=1.0, gt=0)
    tick_kimg: float = Field(default=4.0, gt=0)
    save_seconds: float = Field(default=60.0, gt=0)
    adaptation: Adaptation = Adaptation()
    health: HealthSettings = HealthSettings()


class Budget(Config):
    """When a run is done: after so many works, or so much time, whichever comes first."""

    shown: int | None = Field(default=None, ge=1)
    seconds: float | None = Field(default=None, gt=0)


class Run:
    """One run in one folder.

    Args:
        folder: the run folder; checkpoints go into `checkpoints`.
        game: players, turns and deals.
        optimisers: one for each player, not yet prepared.
        works: the real works.
        inspector: measures, previews and publishes.
        settings: how the game is played.
        budget: when it is done.
        seed: everything random follows from it.
        accelerator: device, precision and processes.
        listeners: who is told.
        record: plain settings that the first event carries, for people to read.

    Raises:
        UsageError: the batch cannot be shared out evenly among processes and parts.
    """

    def __init__(
        self,
        folder: Path,
        *,
        game: Game[Any],
        optimisers: Mapping[str, torch.optim.Optimizer],
        works: Works,
        inspector: Inspector,
        settings: RunSettings,
        budget: Budget,
        seed: int,
        accelerator: Accelerator,
        listeners: Sequence[Listener] = (),
        record: Mapping[str, Any] | None = None,
    ) -> None:
        agreement.check_sharing(settings.batch, settings.accumulate * accelerator.num_processes)
        self.root = folder / "checkpoints"
        self.game, self.works, self.inspector = game, works, inspector
        self.settings, self.budget, self.seed = settings, budget, seed
        self.accelerator, self.record = accelerator, dict(record or {})
        self.listeners = listeners if accelerator.is_main_process else ()
        self.optimisers = {name: accelerator.prepare(each) for name, each in optimisers.items()}
        self.rates = {name: [g["lr"] for g in each.param_groups] for name, each in optimisers.items()}
        self.average = Average(game.averaged)
        self.strength = AdaptiveStrength(settings.adaptation)
        self.health = Health(settings.health)
        self.shown = self.round = 0
        self.seconds = 0.0
        self.figures: Mapping[str, float] = {}
        self._stopping: str | None = None
        self._signs: list[float] = []
        self._good_at = -1  # works shown when the run was last known to be healthy
        self._since_save = self._since_progress = 0.0
        self._progressed: tuple[float, int] = (0.0, 0)

    def stop(self, reason: str = "stopped") -> None:
        """Ask the run to end after this round, saving; safe to call from a signal handler or a thread."""
        self._stopping = reason

    def resume(self) -> bool:
        """Go back to the newest intact checkpoint; return whether there was one.

        Raises:
            CheckpointError: there are checkpoints, but none is intact or fits this game.
        """
        newest = checkpoints.latest(self.root)
        if newest is None:
            # Hidden folders are what a kill left of a checkpoint that was just being written.
            if self.root.is_dir() and any(path.name[0] != "." for path in self.root.iterdir()):
                raise CheckpointError(
                    f"Every checkpoint in {self.root} is damaged.", advice="Begin anew with --restart."
                )
            return False
        self._restore(newest)
        last = max(path.name for path in self.root.glob("[0-9]*"))
        if last != newest.name:
            remedy = f"Going on from the one before it, {newest.name}."
            message = f"The newest checkpoint, {last}, is damaged."
            self._tell(events.Warned, problem="checkpoint", message=message, remedy=remedy)
        return True

    def go(self) -> str:
        """Play to the end of the budget and return why the run ended: budget, stopped or interrupted.

        Raises:
            TrainingError: the game fell ill again and again and could not be cured.
        """
        self._tell(
            events.Started,
            total_shown=self.budget.shown,
            total_seconds=self.budget.seconds,
            resumed=self.shown > 0,
            settings=self.record,
        )
        agreement.share_networks(self._networks().values(), self.accelerator)
        if self.shown == 0:
            self._save(good=True)  # a roll-back needs somewhere to go
        self._progressed = (self.seconds, self.shown)
        while (reason := self._ending()) is None:
            if illness := self._play_until_ill():
                self._roll_back(illness)
        self._close(reason)
        return reason

    def _play_until_ill(self) -> Diagnosis | None:
        """Play until the budget is spent or the run is stopped (None), or until the game falls ill."""
        clock = time.monotonic()
        for played in play(
            self.game, self._rounds(), self.optimisers, self.accelerator, clip=self.settings.clip
        ):
            now = time.monotonic()
            self.seconds, clock = self.seconds + now - clock, now
            costs = agreement.mean(played.costs, self.accelerator)
            gauges = agreement.mean(played.gauges, self.accelerator)
            finite = agreement.everywhere(played.finite, self.accelerator)
            illness = self.health.watch_round(costs, gauges, finite=finite)
            if illness:
                return illness
            self._advance(played, gauges)
            self._report(costs, gauges)
            if self._crossed(self.settings.tick_kimg):
                illness = self._tick(gauges)
                if illness and illness.roll_back:
                    return illness
            elif self.seconds - self._since_save > self.settings.save_seconds:
                self._save(good=False)
            if self._ending():
                break
        return None

    def _rounds(self) -> Iterator[Round]:
        """Yield rounds for ever; each is made from the counters alone."""
        processes, mine = self.accelerator.num_processes, self.accelerator.process_index
        parts = self.settings.accumulate
        while True:
            numbers = order(self.seed, self.shown, self.settings.batch, len(self.works))
            share = np.array_split(numbers, parts * processes)
            moments = [self._moment(part) for part in range(parts)]
            own = [share[part * processes + mine] for part in range(parts)]
            pairs = zip(own, moments, strict=True)
            self._set_learning_rates()
            yield Round(moments=moments, batches=[self.works.take(which, when) for which, when in pairs])

    def _moment(self, part: int) -> Moment:
        attempts = self.health.attempts
        return Moment(
            round=self.round,
            shown=self.shown,
            seed=derive_seed(self.seed, "attempt", attempts) if attempts else self.seed,
            part=part,
            parts=self.settings.accumulate,
            share=self.accelerator.process_index,
            shares=self.accelerator.num_processes,
            strength=self.strength.strength,
            penalty_scale=self.health.dose.penalty,
            spread_scale=self.health.dose.spread,
        )

    def _advance(self, played: Played, gauges: Mapping[str, float]) -> None:
        """Count the round, move the average, the strength of augmentation and what is growing back."""
        batch = self.settings.batch
        self.health.advance(batch)
        self.round, self.shown = self.round + 1, self.shown + batch
        self.average.update(
            self.game.averaged,
            shown=self.shown,
            batch=batch,
            half_life_kimg=self.settings.average_half_life_kimg,
        )
        if "sign_real" in gauges:
            self.strength.observe_mean(gauges["sign_real"])
            self.strength.update(batch)
            self._signs.append(gauges["sign_real"])

    def _tick(self, gauges: Mapping[str, float]) -> Diagnosis | None:
        """Measure, preview, judge and save; return what is wrong, if anything is."""
        self._measure()
        self.figures = agreement.of_main(self.figures, self.accelerator)
        signs, self._signs = self._signs, []
        headroom = self.settings.adaptation.maximum - self.strength.strength
        slow = {"sign_real_mean": float(np.mean(signs or [0.0])), "augmentation_headroom": headroom}
        seen = {**gauges, **slow}
        illness = self.health.watch_average(finite=self.average.finite)
        illness = illness or self.health.watch_figures(self.figures, seen, shown=self.shown)
        if illness and not illness.roll_back:
            self._warn(illness)
        if illness is None or not illness.roll_back:
            self.health.recovered()
            self._save(good=True)
            self._show()
        return illness

    def _measure(self) -> None:
        if self.accelerator.is_main_process:
            figures = self.inspector.measure(self.average.network)
            self.figures = {name: float(figure) for name, figure in figures.items()}
        self._tell(events.Measured, figures=self.figures)

    def _show(self) -> None:
        if self.accelerator.is_main_process:
            self._tell(events.Previewed, path=self.inspector.preview(self.average.network, self.shown))
            self.inspector.publish(self.average.network, self.shown, self.seconds, self.figures)

    def _roll_back(self, illness: Diagnosis) -> None:
        """Return to the last good checkpoint and go on more softly.

        Raises:
            TrainingError: this was tried too often.
        """
        self._warn(illness)
        good = self._last_good(illness)
        # The remedy outlives the roll-back: the checkpoint's own dose is the one that failed.
        kept = self.health.keep()
        self._return_to(good)
        self.health.keep(kept)
        changed = vars(self.health.rolled_back(illness)).copy()
        self._tell(events.RolledBack, problem=illness.illness, to_shown=good.shown, changes=changed)

    def _last_good(self, illness: Diagnosis) -> checkpoints.Checkpoint:
        """Return the last good checkpoint; without one, or after too many attempts, the run has failed."""
        good = checkpoints.latest(self.root, good=True)
        if good is None or self.health.exhausted:
            self._tell(events.Finished, reason="failed")
            raise TrainingError(
                f"Training fell ill again and again: {illness.message}",
                advice="The last good model is kept. Try a smaller learning rate or the default preset.",
            )
        return good

    def _return_to(self, good: checkpoints.Checkpoint) -> None:
        self._restore(good)
        if self.accelerator.is_main_process:
            checkpoints.discard_after(self.root, good.shown)
        self.accelerator.wait_for_everyone()

    def _close(self, reason: str) -> None:
        """Save, measure for the last time unless somebody is in a hurry, draw, publish and say goodbye."""
        if wreck := self.health.watch_average(finite=self.average.finite):
            self._warn(replace(wreck, remedy="The run ends with its last good checkpoint."))
            self._return_to(self._last_good(wreck))
        self._save(good=False)
        if reason != "interrupted":
            self._measure()
        self._show()
        self._tell(events.Finished, reason=reason)

    def _ending(self) -> str | None:
        """Return why the run should end now, or None; all processes give the same answer."""
        over_works = self.budget.shown is not None and self.shown >= self.budget.shown
        over_time = self.budget.seconds is not None and self.seconds >= self.budget.seconds
        wishes = {"stop": float(self._stopping is not None), "spent": float(over_works or over_time)}
        wishes = agreement.mean(wishes, self.accelerator)
        if wishes["stop"]:
            return self._stopping or "stopped"
        return "budget" if wishes["spent"] else None

    def _crossed(self, kimg: float) -> bool:
        """Whether the round just played went past a multiple of `kimg`."""
        works = kimg * 1000
        return int(self.shown // works) > int((self.shown - self.settings.batch) // works)

    def _set_learning_rates(self) -> None:
        factor = self.settings.learning_rate.at(self.shown) * self.health.dose.learning_rate
        for name, optimiser in self.optimisers.items():
            for group, rate in zip(optimiser.param_groups, self.rates[name], strict=True):
                group["lr"] = rate * factor

    def _networks(self) -> dict[str, nn.Module]:
        return {**self.game.players, "average": self.average.network}

    def _save(self, *, good: bool) -> None:
        self._since_save = self.seconds
        good = good or self._good_at == self.shown  # what was found healthy stays so when saved again
        self._good_at = self.shown if good else self._good_at
        if not self.accelerator.is_main_process:
            return
        state = {
            "round": self.round,
            "seconds": self.seconds,
            "strength": self.strength.state(),
            "health": self.health.state(),
            "figures": dict(self.figures),
            "signs": self._signs,
        }
        saved = checkpoints.save(
            self.root,
            networks=self._networks(),
            optimisers=self.optimisers,
            state=state,
            shown=self.shown,
            good=good,
        )
        self._tell(events.Saved, path=f"checkpoints/{saved.name}", good=good)

    def _restore(self, chosen: checkpoints.Checkpoint) -> None:
        state = checkpoints.restore(chosen, networks=self._networks(), optimisers=self.optimisers)
        self.shown, self.round = chosen.shown, int(state["round"])
        self.seconds = max(self.seconds, float(state["seconds"]))
        self.strength.load(state["strength"])
        self.health.load(state["health"])
        self.figures, self._signs = state["figures"], list(state["signs"])
        self._good_at = chosen.shown if chosen.good else -1
        self._since_save = self._since_progress = self.seconds
        self._progressed = (self.seconds, self.shown)

    def _report(self, costs: Mapping[str, float], gauges: Mapping[str, float]) -> None:
        if self.seconds - self._since_progress < PROGRESS_SECONDS:
            return
        self._since_progress = self.seconds
        before, shown = self._progressed
        self._progressed = (self.seconds, self.shown)
        speed = (self.shown - shown) / max(self.seconds - before, 1e-9)
        extra = {
            "augmentation": self.strength.strength,
            "learning_rate": self.settings.learning_rate.at(self.shown) * self.health.dose.learning_rate,
            "penalty_scale": self.health.dose.penalty,
        }
        self._tell(events.Progress, costs=costs, speed=speed, gauges={**gauges, **extra})

    def _warn(self, illness: Diagnosis) -> None:
        self._tell(events.Warned, problem=illness.illness, message=illness.message, remedy=illness.remedy)

    def _tell(self, kind: type[Event], **fields: Any) -> None:
        event = kind(seconds=self.seconds, shown=self.shown, round=self.round, **fields)
        for listener in self.listeners:
            listener(event)

"""A run: a game played to the end of its budget, with everything around it.

`loop.play` moves the players. A run feeds it works, averages the generator, adapts augmentation,
measures, draws previews, saves, watches over health, goes back when it must, and tells the world by
events. It can be stopped at any moment, even by a power cut, and goes on from its last checkpoint to
the same weights, bit for bit on a CPU, as if it had not been stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from accelerate import Accelerator
from numpy.typing import NDArray
from pydantic import Field
from torch import nn

from huohua.adversarial import checkpoint as checkpoints
from huohua.adversarial.augmentation import Adaptation, AdaptiveStrength
from huohua.adversarial.averaging import Average
from huohua.adversarial.events import (
    Event,
    Finished,
    Listener,
    Measured,
    Previewed,
    Progress,
    RolledBack,
    Saved,
    Started,
    Warned,
)
from huohua.adversarial.game import Batch, Game, Moment
from huohua.adversarial.health import Diagnosis, Health, HealthSettings
from huohua.adversarial.loop import Played, Round, play
from huohua.adversarial.sampling import order
from huohua.adversarial.schedule import Schedule, constant
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


class Works(Protocol):
    """The real works, by number."""

    def __len__(self) -> int:
        """The number of works."""

    def take(self, numbers: NDArray[np.int64], moment: Moment) -> Batch:
        """Return these works as a batch."""


class Inspector(Protocol):
    """What an art does with the averaged generator while a run goes on."""

    def measure(self, network: nn.Module) -> Mapping[str, float]:
        """Return figures of fixed probe samples: `diversity_ratio` is what health looks at."""

    def preview(self, network: nn.Module, shown: int) -> str:
        """Draw a sheet of samples and return its path, relative to the run folder."""

    def publish(self, network: nn.Module, shown: int, seconds: float, figures: Mapping[str, float]) -> None:
        """Save the generator as a model that can be played at once."""


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
        self.root = folder / "checkpoints"
        self.game, self.works, self.inspector = game, works, inspector
        self.settings, self.budget, self.seed = settings, budget, seed
        self.accelerator, self.record = accelerator, dict(record or {})
        self.listeners = listeners if accelerator.is_main_process else ()
        self.optimisers = {name: accelerator.prepare(each) for name, each in optimisers.items()}
        self.rates = {name: [g["lr"] for g in each.param_groups] for name, each in optimisers.items()}
        self.average = Average(game.players["generator"])
        self.strength = AdaptiveStrength(settings.adaptation)
        self.health = Health(settings.health)
        self.shown = self.round = 0
        self.seconds = 0.0
        self.figures: Mapping[str, float] = {}
        self._stopping: str | None = None
        self._signs: list[float] = []
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
            if checkpoints.listing(self.root) or (self.root.is_dir() and any(self.root.iterdir())):
                raise CheckpointError(
                    f"Every checkpoint in {self.root} is damaged.", advice="Begin anew with --restart."
                )
            return False
        self._restore(newest)
        return True

    def go(self) -> str:
        """Play to the end of the budget and return why the run ended: budget, stopped or interrupted.

        Raises:
            TrainingError: the game fell ill again and again and could not be cured.
        """
        self._tell(
            Started,
            total_shown=self.budget.shown,
            total_seconds=self.budget.seconds,
            resumed=self.shown > 0,
            settings=self.record,
        )
        if self.shown == 0:
            self._save(good=True)  # a roll-back needs somewhere to go
        self._progressed = (self.seconds, self.shown)
        reason = None
        while reason is None:
            illness = self._play_until_ill()
            if illness is None:
                reason = self._stopping or "budget"
            else:
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
            costs, gauges = self._mean(played.costs), self._mean(played.gauges)
            illness = self.health.watch_round(costs, gauges, finite=self._everywhere(played.finite))
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
            if self._done():
                return None
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
        return Moment(
            round=self.round,
            shown=self.shown,
            seed=derive_seed(self.seed, "attempt", self.health.attempts) if self.health.attempts else self.seed,
            part=part,
            share=self.accelerator.process_index,
            shares=self.accelerator.num_processes,
            strength=self.strength.strength,
            penalty_scale=self.health.dose.penalty,
            spread_scale=self.health.dose.spread,
        )

    def _advance(self, played: Played, gauges: Mapping[str, float]) -> None:
        """Count the round, move the average and the strength of augmentation."""
        batch = self.settings.batch
        self.round, self.shown = self.round + 1, self.shown + batch
        self.average.update(
            self.game.players["generator"],
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
        if self.accelerator.is_main_process:
            self.figures = dict(self.inspector.measure(self.average.network))
        self.figures = self._same(self.figures)
        self._tell(Measured, figures=self.figures)
        signs, self._signs = self._signs, []
        headroom = self.settings.adaptation.maximum - self.strength.strength
        slow = {"sign_real_mean": float(np.mean(signs or [0.0])), "augmentation_headroom": headroom}
        illness = self.health.watch_figures(self.figures, {**gauges, **slow}, shown=self.shown)
        if illness and not illness.roll_back:
            self._warn(illness)
        if illness is None or not illness.roll_back:
            self.health.recovered()
            self._save(good=True)
            self._show()
        return illness

    def _show(self) -> None:
        if self.accelerator.is_main_process:
            self._tell(Previewed, path=self.inspector.preview(self.average.network, self.shown))
            self.inspector.publish(self.average.network, self.shown, self.seconds, self.figures)

    def _roll_back(self, illness: Diagnosis) -> None:
        """Return to the last good checkpoint and go on more softly.

        Raises:
            TrainingError: this was tried too often.
        """
        self._warn(illness)
        attempts = self.health.attempts
        good = checkpoints.latest(self.root, good=True)
        dose = self.health.dose
        if good is None or attempts >= self.settings.health.attempts:
            self._tell(Finished, reason="failed")
            raise TrainingError(
                f"Training fell ill again and again: {illness.message}",
                advice="The last good model is kept. Try a smaller learning rate or the default preset.",
            )
        self._restore(good)
        # The remedy outlives the roll-back: the checkpoint's own dose is the one that failed.
        self.health.dose, self.health.attempts = dose, attempts
        changed = vars(self.health.rolled_back(illness)).copy()
        self._tell(RolledBack, problem=illness.illness, to_shown=good.shown, changes=changed)
        if self.accelerator.is_main_process:
            checkpoints.discard_after(self.root, good.shown)
        self.accelerator.wait_for_everyone()

    def _close(self, reason: str) -> None:
        """Save, draw the last preview, publish and say goodbye."""
        self._save(good=reason == "budget" and bool(self.figures))
        if self.accelerator.is_main_process and reason != "interrupted":
            self.figures = dict(self.inspector.measure(self.average.network))
            self._tell(Measured, figures=self.figures)
        self._show()
        self._tell(Finished, reason=reason)

    def _done(self) -> bool:
        over_works = self.budget.shown is not None and self.shown >= self.budget.shown
        over_time = self.budget.seconds is not None and self.seconds >= self.budget.seconds
        return bool(self._anywhere(over_works or over_time or self._stopping is not None))

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
        self._tell(Saved, path=f"checkpoints/{saved.name}", good=good)

    def _restore(self, chosen: checkpoints.Checkpoint) -> None:
        state = checkpoints.restore(chosen, networks=self._networks(), optimisers=self.optimisers)
        self.shown, self.round = chosen.shown, int(state["round"])
        self.seconds = max(self.seconds, float(state["seconds"]))
        self.strength.load(state["strength"])
        self.health.load(state["health"])
        self.figures, self._signs = state["figures"], list(state["signs"])
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
        self._tell(Progress, costs=costs, speed=speed, gauges={**gauges, **extra})

    def _warn(self, illness: Diagnosis) -> None:
        self._tell(Warned, problem=illness.illness, message=illness.message, remedy=illness.remedy)

    def _tell(self, kind: type[Event], **fields: Any) -> None:
        event = kind(seconds=self.seconds, shown=self.shown, round=self.round, **fields)
        for listener in self.listeners:
            listener(event)

    def _mean(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Return numbers averaged over processes, so that all decide alike."""
        if self.accelerator.num_processes == 1 or not numbers:
            return dict(numbers)
        row = torch.tensor(list(numbers.values()), dtype=torch.float64, device=self.accelerator.device)
        return dict(zip(numbers, self.accelerator.reduce(row, "mean").tolist(), strict=True))

    def _same(self, numbers: Mapping[str, float]) -> dict[str, float]:
        """Return the main process's numbers in every process."""
        if self.accelerator.num_processes == 1:
            return dict(numbers)
        from accelerate.utils import broadcast_object_list

        box = [dict(numbers)]
        broadcast_object_list(box)
        return box[0]

    def _anywhere(self, flag: bool) -> bool:
        return self._mean({"flag": float(flag)})["flag"] > 0

    def _everywhere(self, flag: bool) -> bool:
        return self._mean({"flag": float(flag)})["flag"] == 1

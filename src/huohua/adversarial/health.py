"""Health: notice that a game goes wrong, name it, and say how to go on.

Three things go wrong in adversarial training. It *diverges*: a number is no longer finite, or the
scores run away. It *collapses*: different latents no longer give different works. The discriminator
*overfits*: it knows the real works by heart. The first two are answered by going back to the last
good checkpoint and playing on more softly; the third by augmentation, which adapts all the time, and
by a warning when that no longer suffices.

The doctor here is a small state machine over plain numbers. It knows no network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from huohua.config import Config

Illness = Literal["divergence", "collapse", "overfitting"]

# Diversity beside that of the real works: of all samples, and of those that share a label. The lesser
# counts, because a generator may make one work for each label and still make many.
VARIETY = ("diversity_ratio", "diversity_within")


class HealthSettings(Config):
    """When to call a game ill, and how much softer to go on.

    Attributes:
        runaway: scores farther apart than this, on average over many rounds, have run away.
        collapsed: diversity below this share of the real works' diversity is collapse,
            once it has been above `grown` or `patience_kimg` have passed.
        fallen: diversity below this share of its own best is collapse as well; more than the real
            works' does not count as best.
        grown: the diversity ratio from which a generator counts as grown up.
        patience_kimg: thousands of works after which even a young generator must be diverse.
        overfit_sign: a mean sign of real scores above this, with augmentation at its most, is overfitting.
        soften: factor on the learning rates at a roll-back.
        recover_kimg: thousands of works in which softened learning rates double again, up to what they
            were; after the second roll-back of a run twice as many, after the third three times, and so on.
        stiffen: factor on the penalties at a roll-back.
        spread: factor on mode seeking after a collapse.
        attempts: roll-backs without a new good checkpoint before the run gives up.
    """

    runaway: float = Field(default=100.0, gt=0)
    collapsed: float = Field(default=0.25, ge=0)
    fallen: float = Field(default=0.4, ge=0)
    grown: float = Field(default=0.5, ge=0)
    patience_kimg: float = Field(default=20.0, ge=0)
    overfit_sign: float = Field(default=0.95, le=1)
    soften: float = Field(default=0.5, gt=0, le=1)
    recover_kimg: float = Field(default=4.0, gt=0)
    stiffen: float = Field(default=2.0, ge=1)
    spread: float = Field(default=2.0, ge=1)
    attempts: int = Field(default=5, ge=0)


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """An illness in plain words, and whether the run must go back."""

    illness: Illness
    message: str
    remedy: str
    roll_back: bool


@dataclass(frozen=True, kw_only=True)
class Dose:
    """How softly the game is played: factors on what its settings say."""

    learning_rate: float = 1.0
    penalty: float = 1.0
    spread: float = 1.0


class Health:
    """Watches a run's numbers and prescribes.

    Attributes:
        dose: the factors in force.
        attempts: roll-backs since the last good checkpoint was reached anew.
        falls: roll-backs of the whole run.
    """

    def __init__(self, settings: HealthSettings | None = None) -> None:
        self.settings = settings or HealthSettings()
        self.dose = Dose()
        self.attempts = self.falls = 0
        self._gap = 0.0
        self._best = 0.0
        self._warned = False

    def watch_round(
        self, costs: Mapping[str, float], gauges: Mapping[str, float], *, finite: bool
    ) -> Diagnosis | None:
        """Look at one round's numbers; return a diagnosis if the game has diverged."""
        if not finite or not all(math.isfinite(number) for number in (*costs.values(), *gauges.values())):
            return _divergence("A loss or a gradient is no longer a finite number.")
        gap = abs(gauges.get("score_real", 0.0) - gauges.get("score_fake", 0.0))
        self._gap += 0.05 * (gap - self._gap)  # a mean over about twenty rounds: one spike is no illness
        if self._gap > self.settings.runaway:
            return _divergence(
                f"Scores have run away to {self._gap:.0f}: one player no longer answers the other."
            )
        return None

    def watch_average(self, *, finite: bool) -> Diagnosis | None:
        """Return a diagnosis if the averaged network can no longer be drawn with."""
        return None if finite else _divergence("The generator's weights are no longer finite numbers.")

    def watch_figures(
        self, figures: Mapping[str, float], gauges: Mapping[str, float], *, shown: int
    ) -> Diagnosis | None:
        """Look at figures measured on probe samples; return a diagnosis of collapse or overfitting."""
        rules = self.settings
        ratios = [figures[name] for name in VARIETY if name in figures]
        if ratios:
            if not all(map(math.isfinite, ratios)):
                return _divergence("The samples are no longer finite numbers.")
            ratio = min(ratios)
            grown_up = self._best >= rules.grown or shown >= rules.patience_kimg * 1000
            if grown_up and ratio < max(rules.collapsed, rules.fallen * self._best):
                return _collapse(ratio, self._best)
            # More variety than the real works have is noise and no measure of a fall.
            self._best = max(self._best, min(ratio, 1.0))
        return self._overfitting(gauges)

    def rolled_back(self, diagnosis: Diagnosis) -> Dose:
        """Prescribe a softer game after a roll-back and return the new dose."""
        rules, dose = self.settings, self.dose
        spread = rules.spread if diagnosis.illness == "collapse" else 1.0
        self.dose = Dose(
            learning_rate=dose.learning_rate * rules.soften,
            penalty=dose.penalty * rules.stiffen,
            spread=dose.spread * spread,
        )
        self.attempts, self.falls = self.attempts + 1, self.falls + 1
        self._gap = 0.0
        return self.dose

    def advance(self, works: int) -> None:
        """Let softened learning rates grow back a little, after a round in which `works` were shown."""
        if self.dose.learning_rate < 1:
            growth = 2 ** (works / (1000 * self.settings.recover_kimg * max(1, self.falls)))
            self.dose = replace(self.dose, learning_rate=min(1.0, self.dose.learning_rate * growth))

    def keep(self, other: tuple[Dose, int, int] | None = None) -> tuple[Dose, int, int]:
        """Return what outlives going back to a checkpoint, or take it over from before."""
        if other is not None:
            self.dose, self.attempts, self.falls = other
        return self.dose, self.attempts, self.falls

    @property
    def exhausted(self) -> bool:
        """Whether so many roll-backs in a row have failed that the run should give up."""
        return self.attempts >= self.settings.attempts

    def recovered(self) -> None:
        """Take note that a new good checkpoint was reached: attempts are counted anew."""
        self.attempts = 0

    def state(self) -> dict[str, Any]:
        """Return everything that a resumed run needs, as plain data for JSON."""
        return {
            "dose": vars(self.dose).copy(),
            "attempts": self.attempts,
            "falls": self.falls,
            "gap": self._gap,
            "best": self._best,
            "warned": self._warned,
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Take over what `state` returned."""
        self.dose = Dose(**state["dose"])
        self.attempts = int(state["attempts"])
        self.falls = int(state.get("falls", 0))  # a checkpoint of an earlier version does not count them
        self._gap, self._best = float(state["gap"]), float(state["best"])
        self._warned = bool(state["warned"])

    def _overfitting(self, gauges: Mapping[str, float]) -> Diagnosis | None:
        sign, strength = gauges.get("sign_real_mean", 0.0), gauges.get("augmentation_headroom", 1.0)
        ill = sign > self.settings.overfit_sign and strength <= 0.0
        first, self._warned = ill and not self._warned, ill
        if not first:
            return None
        return Diagnosis(
            illness="overfitting",
            message="The discriminator knows the real works by heart, though augmentation is at its most.",
            remedy="More works help most; a shorter run or a smaller model help too.",
            roll_back=False,
        )


def _divergence(message: str) -> Diagnosis:
    return Diagnosis(
        illness="divergence",
        message=message,
        remedy="Going back to the last good checkpoint with smaller steps and firmer penalties.",
        roll_back=True,
    )


def _collapse(ratio: float, best: float) -> Diagnosis:
    return Diagnosis(
        illness="collapse",
        message=f"Samples look alike: diversity is {ratio:.0%} of the real works', after {best:.0%} at best.",
        remedy="Going back to the last good checkpoint with smaller steps and more weight on variety.",
        roll_back=True,
    )

"""How a training run stands, folded from its events: what a progress bar, live or printed, shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huohua.adversarial.events import (
    Event,
    Finished,
    Measured,
    Previewed,
    Progress,
    RolledBack,
    Saved,
    Started,
    Warned,
)

# How much of the old speed is kept at each new report: short hiccups should not move the forecast.
SPEED_MEMORY = 0.8

# Figures worth a place on one line, and how they are written.
FIGURES = {
    "diversity_ratio": ("diversity", "{:.0%} of the real works'"),
    "recall": ("recall", "{:.2f}"),
    "precision": ("precision", "{:.2f}"),
}
GAUGES = {"augmentation": "augmentation", "fade": "fade"}


@dataclass
class Situation:
    """How a run stands now; give it every event.

    Attributes:
        shown: real works shown so far.
        seconds: time spent so far.
        speed: works in a second, smoothed.
        health: one or two words.
        preview: the newest sheet of samples, relative to the run folder.
        saved: the newest checkpoint, relative to the run folder.
        reason: why the run ended, "" while it goes on.
    """

    shown: int = 0
    seconds: float = 0.0
    total_shown: int | None = None
    total_seconds: float | None = None
    resumed: bool = False
    speed: float = 0.0
    costs: Mapping[str, float] = field(default_factory=dict)
    gauges: Mapping[str, float] = field(default_factory=dict)
    figures: Mapping[str, float] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    health: str = "starting"
    preview: str = ""
    saved: str = ""
    reason: str = ""
    _warned_at: int = -1

    def __call__(self, event: Event) -> None:
        """Take in one event."""
        self.shown, self.seconds = event.shown, event.seconds
        if isinstance(event, Started):
            self.total_shown, self.total_seconds = event.total_shown, event.total_seconds
            self.resumed, self.settings = event.resumed, event.settings
        elif isinstance(event, Progress):
            keep = SPEED_MEMORY if self.speed else 0.0
            self.speed = keep * self.speed + (1 - keep) * event.speed
            self.costs, self.gauges = event.costs, event.gauges
        elif isinstance(event, Measured):
            self._measured(event)
        elif isinstance(event, Warned):
            self.health, self._warned_at = event.problem.replace("_", " "), event.shown
        elif isinstance(event, RolledBack):
            self.health, self._warned_at = f"recovering from {event.problem}", event.to_shown
        elif isinstance(event, Previewed):
            self.preview = event.path
        elif isinstance(event, Saved):
            self.saved = event.path
        elif isinstance(event, Finished):
            self.reason = event.reason

    def _measured(self, event: Measured) -> None:
        """Take in figures; a warning is over when a later measurement brings no new one."""
        self.figures = event.figures
        if self._warned_at < event.shown:
            self.health = "good"

    @property
    def fraction(self) -> float:
        """Return how much of the budget is spent, from 0 to 1, by whichever limit is nearer."""
        parts = [0.0]
        if self.total_shown:
            parts.append(self.shown / self.total_shown)
        if self.total_seconds:
            parts.append(self.seconds / self.total_seconds)
        return min(1.0, max(parts))

    @property
    def seconds_left(self) -> float | None:
        """Return the time to the end of the budget, or None while it cannot be told."""
        ends = []
        if self.total_shown and self.speed > 0:
            ends.append((self.total_shown - self.shown) / self.speed)
        if self.total_seconds:
            ends.append(self.total_seconds - self.seconds)
        return max(0.0, min(ends)) if ends else None

    def amount(self) -> str:
        """Return how far the run is, such as "12.3 of 36.0 kimg"."""
        of = f" of {self.total_shown / 1000:,.1f}" if self.total_shown else ""
        return f"{self.shown / 1000:,.1f}{of} kimg"

    def pace(self) -> str:
        """Return speed and times, such as "95 works/s · 2:10 · 4:12 left"."""
        parts = [f"{self.speed:,.0f} works/s" if self.speed else "measuring speed", clock(self.seconds)]
        if self.seconds_left is not None:
            parts.append(f"{clock(self.seconds_left)} left")
        return " · ".join(parts)

    def losses(self) -> str:
        """Return the losses of both players, such as "discriminator 0.43 · generator 1.20"."""
        names = (name.removesuffix("/adversarial").replace("/", " ").replace("_", " ") for name in self.costs)
        return " · ".join(f"{name} {cost:.3g}" for name, cost in zip(names, self.costs.values(), strict=True))

    def condition(self) -> str:
        """Return health, diversity and augmentation, such as "good · augmentation 0.12"."""
        parts = [f"health {self.health}"]
        for name, (word, form) in FIGURES.items():
            if name in self.figures:
                parts.append(f"{word} {form.format(self.figures[name])}")
        for name, word in GAUGES.items():
            if name in self.gauges:
                parts.append(f"{word} {self.gauges[name]:.2f}")
        return " · ".join(parts)


def extent(shown: int) -> str:
    """Return a number of works shown as people read it.

    Example:
        >>> extent(320), extent(12_345)
        ('320 works', '12.3 kimg')
    """
    return f"{shown:,} works" if shown < 1000 else f"{shown / 1000:,.1f} kimg"


def clock(seconds: float) -> str:
    """Return a time as people write it.

    Example:
        >>> clock(125), clock(7322)
        ('2:05', '2:02:02')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"

"""A run's events put in order: what still counts, what was played and given up, and curves of both.

After a kill a run starts again from a checkpoint and plays some works a second time; after a roll-back
it takes another way from there. So the log is not one line of time, and curves drawn straight from it
would run backwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeVar

from huohua.adversarial.events import Event, Measured, Previewed, Progress, RolledBack, Saved, Started

Point = tuple[float, float]
E = TypeVar("E", bound=Event)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A named number over works shown.

    Attributes:
        name: the number's name in the events.
        points: (works shown, value) of what counts, in order.
        abandoned: stretches that were given up at a roll-back.
    """

    name: str
    points: tuple[Point, ...]
    abandoned: tuple[tuple[Point, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """The events of a run that still count, in order, and the stretches that were given up."""

    events: tuple[Event, ...]
    abandoned: tuple[tuple[Event, ...], ...] = ()

    def of(self, kind: type[E]) -> tuple[E, ...]:
        """Return the events of one kind that still count."""
        return tuple(event for event in self.events if isinstance(event, kind))

    @property
    def shown(self) -> int:
        """Return how many works the run has shown by its end."""
        return self.events[-1].shown if self.events else 0

    @property
    def seconds(self) -> float:
        """Return how long the run has trained by its end."""
        return max((event.seconds for event in self.events), default=0.0)


def settle(events: Iterable[Event]) -> History:
    """Return the history that events tell.

    A start takes out what was recorded beyond it on the way the run is on: those works are played
    again. A roll-back moves the numbers beyond its checkpoint to `abandoned`, and stays itself, with its
    warning.
    """
    kept: list[Event] = []
    abandoned: list[tuple[Event, ...]] = []
    for event in events:
        if isinstance(event, Started):
            fixed = _fixed(kept, event)
            kept[fixed:] = [each for each in kept[fixed:] if each.shown <= event.shown]
        elif isinstance(event, RolledBack):
            given_up = [each for each in kept if _is_given_up(each, event)]
            kept = [each for each in kept if not _is_given_up(each, event)]
            abandoned.append(tuple(given_up))
        kept.append(event)
    return History(events=tuple(kept), abandoned=tuple(stretch for stretch in abandoned if stretch))


def cost_curves(history: History) -> tuple[Curve, ...]:
    """Return a curve for each loss, named as in the events: player/loss."""
    return _curves(history, Progress, lambda event: event.costs)


def gauge_curves(history: History) -> tuple[Curve, ...]:
    """Return a curve for each gauge."""
    return _curves(history, Progress, lambda event: event.gauges)


def speed_curve(history: History) -> tuple[Curve, ...]:
    """Return the curve of works per second."""
    return _curves(history, Progress, lambda event: {"speed": event.speed})


def figure_curves(history: History) -> tuple[Curve, ...]:
    """Return a curve for each figure that was measured."""
    return _curves(history, Measured, lambda event: event.figures)


def figures(history: History, name: str) -> list[float]:
    """Return every finite measurement of one figure, in order."""
    measured = (event.figures.get(name, math.nan) for event in history.of(Measured))
    return [figure for figure in measured if math.isfinite(figure)]


def recent_figure(history: History, name: str) -> float | None:
    """Return the mean of the last three measurements, or nothing: probe samples are few and one jumps."""
    last = figures(history, name)[-3:]
    return fmean(last) if last else None


def _fixed(events: Sequence[Event], start: Started) -> int:
    """Return how many events lie before the way that the run is on at this start, which no start undoes."""
    for index in range(len(events) - 1, -1, -1):
        event = events[index]
        if isinstance(event, RolledBack) and event.to_shown <= start.shown:
            return index + 1
    return 0


def _is_given_up(event: Event, roll_back: RolledBack) -> bool:
    # Starts, warnings and earlier roll-backs did happen; only what came of the works is given up.
    return event.shown > roll_back.to_shown and isinstance(event, (Progress, Measured, Previewed, Saved))


def _curves(
    history: History, kind: type[E], numbers: Callable[[E], Mapping[str, float]]
) -> tuple[Curve, ...]:
    def points(events: Sequence[Event], name: str) -> tuple[Point, ...]:
        found = ((event.shown, numbers(event)) for event in events if isinstance(event, kind))
        return tuple((float(shown), values[name]) for shown, values in found if name in values)

    stretches = (history.events, *history.abandoned)
    told = [event for stretch in stretches for event in stretch if isinstance(event, kind)]
    names = dict.fromkeys(name for event in told for name in numbers(event))
    return tuple(
        Curve(
            name=name,
            points=points(history.events, name),
            abandoned=tuple(given_up for stretch in history.abandoned if (given_up := points(stretch, name))),
        )
        for name in names
    )

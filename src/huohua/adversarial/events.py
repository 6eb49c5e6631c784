"""What a training run tells the world: one frozen record for each thing that happens.

A progress bar, TensorBoard, a log file and a web page all read the same events, so none of them
needs the training loop to know it exists. An event becomes one JSON line and back without loss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in a run.

    Attributes:
        seconds: time spent training since the run first began, earlier sessions included.
        shown: number of real works the discriminator has been shown.
        round: number of rounds played.
    """

    kind: ClassVar[str] = ""
    seconds: float
    shown: int
    round: int


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    """A run begins or goes on; one of the two totals says when it will end."""

    kind: ClassVar[str] = "started"
    total_shown: int | None = None
    total_seconds: float | None = None
    resumed: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """How training goes: losses by name, works per second, and gauges such as the learning rate."""

    kind: ClassVar[str] = "progress"
    costs: Mapping[str, float] = field(default_factory=dict)
    speed: float = 0.0
    gauges: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Measured(Event):
    """Figures measured on probe samples, such as their diversity."""

    kind: ClassVar[str] = "measured"
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Previewed(Event):
    """A sheet of samples was drawn; `path` is relative to the run folder."""

    kind: ClassVar[str] = "previewed"
    path: str = ""


@dataclass(frozen=True, kw_only=True)
class Saved(Event):
    """A checkpoint was written; `good` says that the run was healthy at that moment."""

    kind: ClassVar[str] = "saved"
    path: str = ""
    good: bool = True


@dataclass(frozen=True, kw_only=True)
class Warned(Event):
    """A problem was noticed: its name, what it means in plain words, and what is done about it."""

    kind: ClassVar[str] = "warned"
    problem: str = ""
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class RolledBack(Event):
    """The run went back to its last good checkpoint and changed some settings."""

    kind: ClassVar[str] = "rolled_back"
    problem: str = ""
    to_shown: int = 0
    changes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finished(Event):
    """The run ended: `reason` is budget, stopped, interrupted or failed."""

    kind: ClassVar[str] = "finished"
    reason: str = "budget"


Listener = Callable[[Event], None]

EVENTS: Mapping[str, type[Event]] = {
    event.kind: event
    for event in (Started, Progress, Measured, Previewed, Saved, Warned, RolledBack, Finished)
}


def as_record(event: Event) -> dict[str, Any]:
    """Return an event as plain data for JSON, its kind first."""
    return {"kind": event.kind, **asdict(event)}


def from_record(record: Mapping[str, Any]) -> Event:
    """Return the event that `as_record` made into plain data.

    Raises:
        KeyError: the kind is unknown.
    """
    fields = dict(record)
    return EVENTS[fields.pop("kind")](**fields)

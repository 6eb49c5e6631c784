"""Threads while other programs come and go: fewer when they need the cores, more when they are gone.

A step of training is shared out among threads hundreds of times, and each time all wait for the slowest.
One thread that has to share its core with another program so holds up all: two threads on two busy cores
were measured 13 to 20 times slower than one. A run is therefore watched, and goes on with as many threads
as there are cores left, unless the number was asked for; then the person is told.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil
import torch

from huohua.adversarial.events import Event, Listener, Progress, Warned
from huohua.devices import allowed_cores, usable_cores

# Less often than this the numbers are looked at; more often they would tell of moments only.
EVERY_SECONDS = 3.0
# Threads come back after so many looks in a row that found room for them.
CALM_LOOKS = 3
# A core counts as free when others use less than this share of it, for a thread to stay or to come back.
STAY_SHARE, RETURN_SHARE = 0.5, 0.25


@dataclass(frozen=True, kw_only=True)
class Usage:
    """Processor time up to one moment, in core-seconds.

    Attributes:
        clock: the moment, in seconds.
        all: of all programs on the cores that this process may use.
        own: of this process.
    """

    clock: float
    all: float
    own: float


def usage() -> Usage:
    """Return the processor time used up to now."""
    times = psutil.cpu_times(percpu=True)
    busy = [
        sum(times[core]) - times[core].idle - getattr(times[core], "iowait", 0.0) for core in _known(times)
    ]
    own = psutil.Process().cpu_times()
    return Usage(clock=time.monotonic(), all=sum(busy), own=own.user + own.system)


def others(before: Usage, after: Usage) -> float:
    """Return how many cores other programs used on average between two moments.

    Example:
        >>> others(Usage(clock=0.0, all=0.0, own=0.0), Usage(clock=2.0, all=4.0, own=1.0))
        1.5
    """
    return max(0.0, (after.all - before.all - (after.own - before.own)) / (after.clock - before.clock))


class Crowding:
    """Watches over the threads of a run; a listener that acts on the signs of its progress.

    Args:
        told: who is told of what was noticed.
        adapt: change the number of threads; if False it was asked for, and is only spoken about.
        look: returns the processor time used so far.
        cores: how many this process may use.
    """

    def __init__(
        self,
        told: Sequence[Listener],
        *,
        adapt: bool,
        look: Callable[[], Usage] = usage,
        cores: int | None = None,
    ) -> None:
        self.told, self.adapt, self.look = told, adapt, look
        self.cores = usable_cores() if cores is None else cores
        self.most = self.cores if adapt else torch.get_num_threads()
        self.before = look()
        self.calm = 0
        self.said = False

    def __call__(self, event: Event) -> None:
        """Look at the machine if the run goes on and it is time to."""
        if not isinstance(event, Progress):
            return
        now = self.look()
        if now.clock - self.before.clock < EVERY_SECONDS:
            return
        taken, self.before = others(self.before, now), now
        threads = torch.get_num_threads()
        room = max(0, self.cores - threads)  # that more threads than cores crowd one another is no news
        if taken > room + STAY_SHARE:
            self._crowded(event, taken, threads)
        elif taken < room - 1 + RETURN_SHARE or threads >= self.most:
            self._quiet(threads)
        else:
            self.calm = 0

    def _crowded(self, event: Event, taken: float, threads: int) -> None:
        self.calm = 0
        left = max(1, int(self.cores - taken + STAY_SHARE))
        if left >= threads:
            return
        if self.adapt:
            torch.set_num_threads(left)
            self._say(event, taken, f"Going on with {_counted(left)} until they are free again.")
        elif not self.said:
            self._say(event, taken, f"Close other programs, or use --threads {left}.")
        self.said = True

    def _quiet(self, threads: int) -> None:
        self.calm += 1
        if self.calm < CALM_LOOKS:
            return
        self.calm = 0
        self.said = self.said and threads < self.most
        if self.adapt and threads < self.most:
            torch.set_num_threads(threads + 1)

    def _say(self, event: Event, taken: float, remedy: str) -> None:
        message = f"Other programs use {taken:.1f} of {self.cores} cores, so threads wait for one another."
        warned = Warned(
            seconds=event.seconds,
            shown=event.shown,
            round=event.round,
            problem="threads",
            message=message,
            remedy=remedy,
        )
        for listener in self.told:
            listener(warned)


def may_adapt(wish: int | None) -> bool:
    """Return whether the number of threads is ours to choose: neither asked for nor set from outside."""
    return wish is None and not os.environ.get("OMP_NUM_THREADS")


def _known(times: Sequence[object]) -> list[int]:
    return [core for core in allowed_cores() if core < len(times)]


def _counted(threads: int) -> str:
    return "one thread" if threads == 1 else f"{threads} threads"

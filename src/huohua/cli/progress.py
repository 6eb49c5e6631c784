"""Showing a training run while it goes on: a live bar, plain lines, JSON lines, or nothing.

Each display is a listener of events and a context manager; all of them fold the events into the same
`Situation`, so that the command knows afterwards how the run ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text
from typing_extensions import Self, override

from huohua.adversarial.events import Event, Progress, RolledBack, Started, Warned, as_record
from huohua.cli.screen import notes, put_json, say
from huohua.cli.situation import Situation, clock, extent

LINE_SECONDS = 10.0
BAR_WIDTH = 30


class Display:
    """The quiet display: it shows nothing and knows how the run stands."""

    def __init__(self) -> None:
        self.situation = Situation()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __call__(self, event: Event) -> None:
        """Take in one event and show what it changes."""
        self.situation(event)
        self.show(event)

    def prepare(self, done: int, total: int) -> None:
        """Take in that works are being read before the run begins."""

    def show(self, event: Event) -> None:
        """Show what an event changed."""

    def close(self) -> None:
        """Give the screen back."""


class JsonDisplay(Display):
    """One JSON line on standard output for each event, for programs."""

    @override
    def show(self, event: Event) -> None:
        put_json(as_record(event))


class LineDisplay(Display):
    """A plain line every ten seconds and for whatever matters, for logs and pipes."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now = now
        self._last = -LINE_SECONDS

    @override
    def show(self, event: Event) -> None:
        if message := remark(event):
            say(message)
        if isinstance(event, Progress) and self._now() - self._last < LINE_SECONDS:
            return
        if isinstance(event, Progress):
            self._last = self._now()
            state = self.situation
            say(" | ".join(filter(None, (state.amount(), state.pace(), state.losses(), state.condition()))))


class LiveDisplay(Display):
    """A bar that moves, with losses and health below it, for terminals."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__()
        self._console = console or notes()
        self._prepared = (0, 0)
        self._started = False
        self._live = Live(console=self._console, refresh_per_second=4, get_renderable=self.render)

    @override
    def __enter__(self) -> Self:
        self._live.start()
        return self

    @override
    def prepare(self, done: int, total: int) -> None:
        self._prepared = (done, total)

    @override
    def show(self, event: Event) -> None:
        self._started = True
        if message := remark(event):
            style = "yellow" if isinstance(event, (Warned, RolledBack)) else "dim"
            self._console.print(Text(message, style=style))

    @override
    def close(self) -> None:
        self._live.stop()

    def render(self) -> Group:
        """Return what stands on the screen now."""
        if not self._started:
            return Group(Text(_preparation(*self._prepared), style="dim"))
        state = self.situation
        head = Table.grid(padding=(0, 1))
        words = Text.assemble((f"{state.fraction:4.0%}", "bold"), f" {state.amount()} · {state.pace()}")
        room = self._console.width - len(words) - 2
        bar = ProgressBar(total=1.0, completed=state.fraction, width=max(4, min(room, BAR_WIDTH)))
        head.add_row(bar, words)
        lines = [Text(line, style="dim") for line in (state.losses(), state.condition()) if line]
        if state.preview:
            lines.append(Text(f"newest sheet {state.preview}", style="dim"))
        return Group(head, *lines)


def remark(event: Event) -> str:
    """Return the sentence that an event deserves, "" for the many that deserve none."""
    if isinstance(event, Started):
        return "\n".join(filter(None, (_introduction(event.settings), _resumption(event))))
    if isinstance(event, Warned):
        return f"{event.message} {event.remedy}".strip()
    if isinstance(event, RolledBack):
        return f"Went back to {extent(event.to_shown)}, the last time the run was healthy."
    return ""


def _preparation(done: int, total: int) -> str:
    if not total:  # of some kinds of data nobody knows how many works they hold
        return f"reading works: {done:,}" if done else "starting"
    return f"reading works {done:,} of {total:,}" if done < total else "getting to know the works"


def _introduction(settings: Mapping[str, Any]) -> str:
    """Return what is trained on what, such as "fruit: 240 works, preset fast, 64x64, seed 0"."""
    if "name" not in settings:
        return ""
    parts = [f"{settings['works']:,} works"] if "works" in settings else []
    parts += [f"{key} {settings[key]}" for key in ("preset", "size", "batch", "seed") if key in settings]
    if threads := settings.get("threads"):
        parts.append(f"{threads} thread{'s' if threads > 1 else ''}")
    parts += [str(settings["precision"])] if "precision" in settings else []
    lines = [f"{settings['name']}: {', '.join(parts)}"]
    if left_out := settings.get("left_out"):
        what = "1 file was" if left_out == 1 else f"{left_out:,} files were"
        lines.append(f"{what} left out; to see why: huohua data show {settings.get('source', 'DATA')}")
    return "\n".join(lines)


def _resumption(event: Started) -> str:
    if not event.resumed:
        return ""
    return f"Going on from {extent(event.shown)}, after {clock(event.seconds)} of training."


def choose(*, json: bool, quiet: bool, terminal: bool) -> Display:
    """Return the display for the flags and for what standard error is connected to."""
    if json:
        return JsonDisplay()
    if quiet:
        return Display()
    return LiveDisplay() if terminal else LineDisplay()

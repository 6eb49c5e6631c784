"""A bar for work that counts to a known number, gone when it is done; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from huohua.cli.screen import notes

Counter = Callable[[int, int], None]


@contextmanager
def counting(*, shown: bool = True) -> Iterator[Callable[[str], Counter]]:
    """Give a function that returns a counter (done, total) for each kind of work.

    Args:
        shown: False shows nothing; nor is anything shown when standard error is not a terminal.
    """
    if not (shown and sys.stderr.isatty()):
        yield lambda title: lambda done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=notes(), transient=True) as bar:

        def start(title: str) -> Counter:
            task = bar.add_task(title, total=None, visible=False)
            return lambda done, total: bar.update(task, completed=done, total=total, visible=True)

        yield start

"""Work done by several threads, results in the order of the questions, with few held at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

_CHUNK = 8
_MOST_THREADS = 8


def processors() -> int:
    """Return the number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    function: Callable[[Question], Answer], questions: Sequence[Question], *, threads: int | None = None
) -> Iterator[Answer]:
    """Yield `function` of each question, in order, computed by several threads ahead of need.

    At most a few chunks for each thread are held at once, so memory does not grow with the number
    of questions. Leaving the loop early stops what has not begun.
    """
    threads = min(threads or processors(), _MOST_THREADS)
    if threads == 1:
        yield from map(function, questions)
        return
    chunks = (questions[start : start + _CHUNK] for start in range(0, len(questions), _CHUNK))
    waiting: deque[Future[list[Answer]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for chunk in chunks:
                waiting.append(pool.submit(lambda part: [function(item) for item in part], chunk))
                if len(waiting) > 2 * threads:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

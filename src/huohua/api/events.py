"""Server-sent events of a job, read from the database: a watcher sees what a restart would see.

The form is that of the HTML standard, section "Server-sent events".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool

from huohua.api.schemas import Job, JobEvent
from huohua.studio.database.tables import JobEventRow, JobRow
from huohua.studio.jobs.queue import OVER, Queue

LOOK = 0.5  # seconds between two looks
SILENCE = 15.0  # seconds after which a comment keeps the connection alive


async def told(queue: Queue, id: str, *, after: int, closing: asyncio.Event) -> AsyncIterator[str]:
    """Yield the events of a job until it is over or the server stops."""
    changes, silent = -1, 0.0
    while True:
        # The job is read first, so that the lines that led to its state are told with it.
        job, lines = await run_in_threadpool(_look, queue, id, after)
        for line in lines:
            yield f"id: {line.number}\nevent: log\ndata: {JobEvent.of(line).model_dump_json()}\n\n"
            after, silent = line.number, 0.0
        if job.changes != changes:
            yield f"event: job\ndata: {Job.of(job).model_dump_json()}\n\n"
            changes, silent = job.changes, 0.0
        if job.state in OVER or closing.is_set():
            return
        if silent >= SILENCE:
            yield ": still here\n\n"
            silent = 0.0
        silent += LOOK
        try:
            await asyncio.wait_for(closing.wait(), LOOK)
        except asyncio.TimeoutError:
            continue


def _look(queue: Queue, id: str, after: int) -> tuple[JobRow, list[JobEventRow]]:
    job = queue.get(id)
    return job, list(queue.events(id, after=after))

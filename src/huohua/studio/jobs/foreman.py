"""The foreman: takes one job after another from the queue and watches over the process that does it.

One at a time, because a training uses the whole processor. A process that dies without a word is begun
again, a few times; what it has saved is not done twice.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from huohua.logs import logger
from huohua.studio.database.gallery import Gallery
from huohua.studio.database.tables import ArtworkRow, JobRow
from huohua.studio.jobs.messages import Ended, Kept, Message, Noted, Stands, Task, read_message
from huohua.studio.jobs.queue import BECOMES, Queue, Report

LOOK = 0.25  # seconds between two looks at the queue
GRACE = 120.0  # seconds that a process may take to save its state when a person pauses or cancels it
PARTING = 20.0  # the same when the server itself is to stop
ATTEMPTS = 3


class Foreman:
    """Does the jobs of a studio in the background, from `start` to `stop`.

    Args:
        queue: where jobs come from.
        gallery: where works of jobs are entered.
        folder: the data folder of the studio.
        kept: returns the ids of the works that a job has made so far.
    """

    def __init__(
        self, queue: Queue, gallery: Gallery, folder: Path, *, kept: Callable[[str], tuple[str, ...]]
    ) -> None:
        self._queue, self._gallery, self._folder, self._kept = queue, gallery, folder, kept
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._work, name="foreman", daemon=True)

    def start(self) -> None:
        """Begin; jobs that ran when the server was killed go on first."""
        self._queue.recover()
        self._thread.start()

    def stop(self) -> None:
        """Let the job that is going on save its state and go back into the queue; return when it has."""
        self._closing.set()
        self._thread.join(PARTING + 10)

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                job = self._queue.take()
                if job is not None:
                    self._do(job)
                    continue
            except Exception:  # a database that is away for a moment must not end all jobs for good
                logger("studio").exception("The foreman stumbled and goes on.")
                self._closing.wait(5)
            self._closing.wait(LOOK)

    def _do(self, job: JobRow) -> None:
        process = self._begun(job)
        ending: list[Ended] = []
        reader = threading.Thread(target=self._listen, args=(job.id, process, ending), daemon=True)
        reader.start()
        wanted = self._attend(job.id, process)
        reader.join(10)
        self._close(job, ending[-1] if ending else None, wanted)

    def _begun(self, job: JobRow) -> subprocess.Popen[bytes]:
        """Start the process of a job and give it its task."""
        task = Task(
            job=job.id,
            kind=job.kind,
            order=job.order,
            works=self._folder / "works",
            runs=self._folder / "runs",
            datasets=self._folder / "datasets",
            kept=self._kept(job.id),
        )
        logs = self._folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"{job.id}.txt").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "huohua.studio.jobs.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is ours to pass on
            )
        if process.stdin:
            with suppress(BrokenPipeError):
                process.stdin.write(task.model_dump_json().encode() + b"\n")
                process.stdin.flush()
        return process

    def _attend(self, id: str, process: subprocess.Popen[bytes]) -> str:
        """Wait until the process ends; pass on what a person wants; return that, "close", or nothing."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                process.wait(LOOK)
                return self._queue.get(id).wanted
            closing = self._closing.is_set()
            wanted = self._queue.get(id).wanted
            if closing or wanted:
                _end(process, PARTING if closing else GRACE)
                return wanted or "close"

    def _listen(self, id: str, process: subprocess.Popen[bytes], ending: list[Ended]) -> None:
        for line in process.stdout or ():
            try:
                self._hear(id, read_message(line), ending)
            except Exception:
                logger("studio").exception("A message of the job %s was lost.", id)

    def _hear(self, id: str, message: Message, ending: list[Ended]) -> None:
        if isinstance(message, Stands):
            said = message.model_dump(exclude={"say"})
            self._queue.report(id, Report(**said))
        elif isinstance(message, Noted):
            self._queue.note(id, message.kind, message.message, message.facts)
        elif isinstance(message, Kept):
            self._gallery.enter(ArtworkRow(**message.row), job=id)
        else:
            ending.append(message)

    def _close(self, job: JobRow, ended: Ended | None, wanted: str) -> None:
        if ended is not None and ended.how in {"done", "failed"}:
            state = ended.how if ended.how == "done" or wanted != "cancel" else "cancelled"
            self._queue.settle(job.id, state, message=ended.message, result=ended.result)
        elif wanted in BECOMES:
            self._queue.settle(job.id, BECOMES[wanted])  # type: ignore[index]
        elif wanted == "close" or ended is not None:
            self._queue.settle(job.id, "queued", message="It goes on when the server is there again.")
        elif job.attempts < ATTEMPTS:
            self._queue.settle(job.id, "queued", message="It ended without a word and is begun again.")
        else:
            self._queue.settle(job.id, "failed", message=f"It ended without a word {job.attempts} times.")


def _end(process: subprocess.Popen[bytes], grace: float) -> None:
    process.terminate()
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()

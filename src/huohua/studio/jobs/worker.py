"""The process of one job: reads its task from standard input, tells how it goes on standard output.

It ends when it is asked to politely, with its state saved, and also when its foreman dies: then its
standard input closes. The foreman starts it as `python -m huohua.studio.jobs.worker`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from contextlib import suppress
from typing import IO

from huohua.errors import HuohuaError
from huohua.studio.jobs.messages import Ended, Message, Task


def main() -> int:
    """Do the one task that standard input names and return the exit code."""
    line = sys.stdin.buffer.readline()
    # Whatever a library prints goes to the log; the way to the foreman is ours alone.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = threading.Event()

    def stop(*_: object) -> None:
        asked.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.Thread(target=_end_with_foreman, daemon=True).start()
    tell = _Teller(out)
    task = Task.model_validate_json(line)
    try:
        from huohua.studio.jobs.tasks import TASKS

        ended = Ended(how="stopped") if asked.is_set() else TASKS[task.kind](task, tell, asked.is_set)
    except HuohuaError as error:
        ended = Ended(how="failed", message=str(error))
    except Exception:
        traceback.print_exc()
        ended = Ended(how="failed", message="Something went wrong that should not have; see the job's log.")
    tell(ended)
    return 1 if ended.how == "failed" else 0


class _Teller:
    """Writes one message after another, whole, from whatever thread."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._turn = threading.Lock()

    def __call__(self, message: Message) -> None:
        # Where the foreman is gone nobody listens; the work is saved all the same.
        with self._turn, suppress(BrokenPipeError):
            self._out.write(message.model_dump_json().encode() + b"\n")
            self._out.flush()


def _end_with_foreman() -> None:
    """Wait until standard input closes, then ask ourselves to end politely."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

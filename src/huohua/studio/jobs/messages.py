"""What a foreman and the process of a job tell one another: lines of JSON, each checked when it is read.

The process never touches the database: it tells, and the foreman writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from huohua.config import Config


class Task(Config):
    """What the foreman gives to a new process.

    Attributes:
        job: the id of the job.
        kind: a name in `tasks.TASKS`.
        order: what is to be done.
        works: the folder where works are written.
        runs: the folder of training runs.
        datasets: the folder of datasets.
        kept: ids of the works that an earlier attempt has made.
    """

    job: str
    kind: str
    order: dict[str, Any]
    works: Path
    runs: Path
    datasets: Path
    kept: tuple[str, ...] = ()


class Stands(Config):
    """Where the job stands; see `queue.Report`."""

    say: Literal["stands"] = "stands"
    fraction: float | None = None
    seconds_left: float | None = None
    message: str = ""


class Noted(Config):
    """A line for the log."""

    say: Literal["noted"] = "noted"
    kind: str
    message: str = ""
    facts: dict[str, Any] = {}


class Kept(Config):
    """A work was made and its file is on the disk; `row` is the row to be entered."""

    say: Literal["kept"] = "kept"
    row: dict[str, Any]


class Ended(Config):
    """The last word: done, stopped because it was asked to, or failed."""

    say: Literal["ended"] = "ended"
    how: Literal["done", "stopped", "failed"]
    message: str = ""
    result: dict[str, Any] = {}


Message = Stands | Noted | Kept | Ended
_READER: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="say")])


def read_message(line: bytes) -> Message:
    """Return what a line says.

    Raises:
        ValueError: it says nothing that is known.
    """
    return _READER.validate_json(line)

"""The events of a run in a file, one JSON line each, readable after the process was killed.

A line is whole or last: a killed process can leave half a line at the end and nothing worse. Readers
skip what they cannot read, and a log that is opened again first repairs its end. JSON knows no NaN, so
a number that is not finite is written as null and comes back as NaN.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from typing_extensions import Self

from huohua.adversarial.events import Event, as_record, from_record
from huohua.files import storage_errors
from huohua.logs import logger

LOG = "events.jsonl"


class EventLog:
    """A listener that appends each event to a file and flushes it, so that only a power cut loses any.

    Args:
        path: the file; it and its folder are made if need be, and a torn last line is removed.

    Raises:
        StorageError: the disk is full or the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _repair(path)
            self._file: IO[bytes] = path.open("ab")

    def __call__(self, event: Event) -> None:
        """Write one event.

        Raises:
            StorageError: the disk is full.
        """
        line = json.dumps(_strict(as_record(event)), ensure_ascii=False, allow_nan=False, default=str)
        with storage_errors(self.path):
            self._file.write(line.encode() + b"\n")
            self._file.flush()

    def close(self) -> None:
        """Close the file; the log cannot be written any more."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read_events(path: Path) -> tuple[Event, ...]:
    """Return the events of a log in the order they were written.

    A torn line, and an event of a kind this version does not know, are skipped; no file is no events.
    """
    return tuple(_events(path))


def _events(path: Path) -> Iterator[Event]:
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return
    for number, line in enumerate(lines, start=1):
        try:
            yield from_record(_restore(json.loads(line)))
        except (ValueError, TypeError, KeyError, AttributeError):
            logger("studio").info("%s: line %d is not an event and was skipped", path, number)


def _repair(path: Path) -> None:
    """End the file with a whole line: end a last line that is whole, remove one that is torn."""
    if not path.exists():
        return
    content = path.read_bytes()
    whole, _, last = content.rpartition(b"\n")
    if not last:
        return
    try:
        json.loads(last)
    except ValueError:
        keep = len(whole) + 1 if whole else 0
        with path.open("r+b") as file:
            file.truncate(keep)
    else:
        with path.open("ab") as file:
            file.write(b"\n")


def _strict(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


NUMBERS = ("costs", "gauges", "figures", "changes")


def _restore(record: dict[str, Any]) -> dict[str, Any]:
    restored = dict(record)
    for name in NUMBERS:
        if name in restored:
            restored[name] = {
                key: math.nan if value is None else value for key, value in restored[name].items()
            }
    if "speed" in restored and restored["speed"] is None:
        restored["speed"] = math.nan
    return restored

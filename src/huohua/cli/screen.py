"""Where the command line writes: results on standard output, everything else on standard error.

A program that reads our output gets paths or JSON and nothing else; a person sees both streams.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

PIPE_WIDTH = 200


def results() -> Console:
    """Return the console on standard output, for tables that people read."""
    # A file or a pipe has no width; the usual guess of 80 letters would fold every path.
    return Console(highlight=False, emoji=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)


def notes() -> Console:
    """Return the console on standard error, for progress, remarks and errors."""
    return Console(stderr=True, highlight=False, emoji=False)


def say(text: str, *, style: str = "") -> None:
    """Write a remark for people, on one line however long it is."""
    notes().print(escape(text), style=style, soft_wrap=True)


def put(text: str | Path) -> None:
    """Write one line of result, exactly as it is."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def put_json(record: Any, *, indent: int | None = None) -> None:
    """Write one result as JSON; numbers that are not finite become null, as JSON has none."""
    put(as_json(record, indent=indent))


def as_json(record: Any, *, indent: int | None = None) -> str:
    """Return strict JSON of plain data."""
    return json.dumps(_strict(record), indent=indent, ensure_ascii=False, allow_nan=False)


def _strict(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _strict(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_strict(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value) if isinstance(value, Path) else value

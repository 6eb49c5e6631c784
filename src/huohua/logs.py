"""Log records for developers: silent until somebody asks for them.

What a person should see is an event or an error; what a developer may want afterwards is a log record.
Importing Huohua sets up no handler and no level.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huohua.errors import StorageError

ROOT = "huohua"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def logger(name: str) -> logging.Logger:
    """Return the logger of one part of Huohua, such as `logger("train")` for `huohua.train`."""
    return logging.getLogger(f"{ROOT}.{name}")


@contextmanager
def log_file(path: Path, *, level: int = logging.INFO) -> Iterator[None]:
    """Append Huohua's log records to a file while the block runs, times in UTC.

    Raises:
        StorageError: the file cannot be written.
    """
    root = logging.getLogger(ROOT)
    handler = _open(path)
    formatter = logging.Formatter(FORMAT, datefmt="%Y-%m-%dT%H:%M:%SZ")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    level_before = root.level
    root.setLevel(level)
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level_before)
        handler.close()


def _open(path: Path) -> logging.FileHandler:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return logging.FileHandler(path, encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"The log {path} cannot be written: {error.strerror}.", advice="Choose another place with --out."
        ) from error

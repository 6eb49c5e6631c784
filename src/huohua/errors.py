"""Every error Huohua raises on purpose, and the exit code a command line gives for it.

    HuohuaError                 1
    ├── UsageError              2   a flag or an argument is wrong
    ├── DataError               3   a dataset cannot be used
    ├── ModelError              4   a model folder is missing, damaged or of another kind
    ├── CheckpointError         5   a training run cannot be resumed
    ├── TrainingError           6   training failed and could not be cured
    ├── MissingDependencyError  7   an optional library or system program is not installed
    ├── StorageError            8   the disk is full or a folder cannot be written
    ├── MissingError            9   what was asked for by its id is not in the studio
    └── StateError             10   what was asked for cannot be done now, in the state that it is in

`Ctrl-C` leaves with 130, as shells expect.
"""

from __future__ import annotations


class HuohuaError(Exception):
    """Something went wrong that a person can act on.

    Args:
        message: what is wrong, in one sentence, naming the thing.
        advice: what to do about it, in one sentence; may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class UsageError(HuohuaError):
    """A flag or an argument is wrong."""

    exit_code = 2


class DataError(HuohuaError):
    """A dataset cannot be used."""

    exit_code = 3


class ModelError(HuohuaError):
    """A model folder is missing, damaged or of another kind."""

    exit_code = 4


class CheckpointError(HuohuaError):
    """A training run cannot be resumed."""

    exit_code = 5


class TrainingError(HuohuaError):
    """Training failed and could not be cured."""

    exit_code = 6


class MissingDependencyError(HuohuaError):
    """An optional library or a system program is not installed."""

    exit_code = 7


class StorageError(HuohuaError):
    """The disk is full, or a folder cannot be written."""

    exit_code = 8


class MissingError(HuohuaError):
    """What was asked for by its id is not in the studio."""

    exit_code = 9


class StateError(HuohuaError):
    """What was asked for cannot be done now, in the state that it is in."""

    exit_code = 10

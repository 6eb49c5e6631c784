"""The folder of a sitting: a file for each step, which never changes, and one that says where one is.

A step is written first and pointed at afterwards, each as a whole: whatever moment the program is killed
at, the folder holds a sitting that can be opened, and everything that was returned from is in it.
"""

from __future__ import annotations

from pathlib import Path

from huohua.errors import DataError, HuohuaError
from huohua.files import sweep, write_text
from huohua.steer.record import MOST_STEPS, Place, Step

PLACE = "sitting.json"
STEPS = "steps"
LARGEST_FILE = 64 * 1024 * 1024


class Shelf:
    """Where a sitting is kept.

    Args:
        folder: of the sitting.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def taken(self) -> bool:
        """Whether there is a sitting in the folder."""
        return (self.folder / PLACE).exists()

    def put_step(self, step: Step) -> None:
        """Write a step.

        Raises:
            DataError: there are too many steps.
            StorageError: it cannot be written.
        """
        if step.number >= MOST_STEPS - 1:
            raise DataError("This sitting is full.", advice="Begin a new one from the work you hold on to.")
        write_text(self._file(step.number), step.to_json())

    def put_place(self, place: Place) -> None:
        """Write where one is.

        Raises:
            StorageError: it cannot be written.
        """
        write_text(self.folder / PLACE, place.to_json())

    def place(self) -> Place:
        """Read where one is; remove what a kill left half written.

        Raises:
            DataError: there is no sitting, or a damaged one.
        """
        sweep(self.folder / PLACE)
        return Place.from_json(_text(self.folder / PLACE), source=PLACE) if self.taken else _none(self.folder)

    def steps(self) -> list[Step]:
        """Read all steps.

        Raises:
            DataError: one is missing or damaged.
        """
        found: list[Step] = []
        while (file := self._file(len(found))).exists():
            found.append(_step(file, len(found)))
        for scratch in (self.folder / STEPS).glob(".*"):
            scratch.unlink(missing_ok=True)
        return found

    def _file(self, number: int) -> Path:
        return self.folder / STEPS / f"{number:06d}.json"


def _step(file: Path, number: int) -> Step:
    try:
        step = Step.from_json(_text(file), source=file.name)
    except HuohuaError as error:
        raise DataError(f"The sitting is damaged: {error.message}") from error
    if step.number != number or not -1 <= step.parent < number or (step.parent == -1) != (number == 0):
        raise DataError(f"The sitting is damaged: {file.name} is not step {number} of a tree.")
    return step


def _text(file: Path) -> str:
    if file.stat().st_size > LARGEST_FILE:
        raise DataError(f"{file.name} is larger than a sitting ever writes.")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DataError(f"{file.name} is no text.") from error


def _none(folder: Path) -> Place:
    raise DataError(f"There is no sitting in {folder}.")

"""A run in TensorBoard: numbers as curves over works shown, sheets as pictures, warnings as text.

TensorBoard is optional; see the extra named "tensorboard".
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from huohua.adversarial.events import (
    Event,
    Finished,
    Measured,
    Previewed,
    Progress,
    RolledBack,
    Started,
    Warned,
)
from huohua.errors import MissingDependencyError
from huohua.logs import logger

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

FOLDER = "tensorboard"


class TensorBoardListener:
    """A listener that writes what `tensorboard --logdir RUN` shows; steps count works shown.

    Args:
        run_folder: the run folder, which paths of sheets are relative to; files go into `tensorboard/` in it.

    Raises:
        MissingDependencyError: TensorBoard is not installed.
    """

    def __init__(self, run_folder: Path) -> None:
        self._writer_class = _writer_class()
        self._run_folder = run_folder
        self._writer: SummaryWriter | None = None

    def __call__(self, event: Event) -> None:
        """Write one event."""
        # A resumed run plays works after its checkpoint again: their first curves are to be forgotten.
        purge = event.shown if isinstance(event, Started) else None
        if self._writer is None:
            self._writer = self._writer_class(str(self._run_folder / FOLDER), purge_step=purge)
        self._write(self._writer, event)

    def close(self) -> None:
        """Write out what is buffered and close the files."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _write(self, writer: SummaryWriter, event: Event) -> None:
        match event:
            case Started():
                text = json.dumps(dict(event.settings), indent=2, ensure_ascii=False, default=str)
                writer.add_text("settings", f"```json\n{text}\n```", event.shown)
            case Progress():
                _add(writer, "cost", event.costs, event.shown)
                _add(writer, "gauge", event.gauges, event.shown)
                writer.add_scalar("speed", event.speed, event.shown)
            case Measured():
                _add(writer, "figure", event.figures, event.shown)
            case Previewed():
                self._add_sheet(writer, event)
            case Warned():
                writer.add_text(f"warning/{event.problem}", f"{event.message} {event.remedy}", event.shown)
            case RolledBack():
                text = f"Back to {event.to_shown} works shown; changed: {dict(event.changes)}."
                writer.add_text(f"rolled_back/{event.problem}", text, event.shown)
            case Finished():
                self.close()
            case _:
                pass

    def _add_sheet(self, writer: SummaryWriter, event: Previewed) -> None:
        try:
            with Image.open(self._run_folder / event.path) as sheet:
                pixel_HWC = np.asarray(sheet.convert("RGB"))
        except OSError as error:
            # A sheet that was removed meanwhile is no reason to end a training run.
            logger("studio").warning("%s cannot be shown in TensorBoard: %s", event.path, error)
            return
        writer.add_image("sheet", pixel_HWC, event.shown, dataformats="HWC")


def _add(writer: SummaryWriter, group: str, numbers: Mapping[str, float], shown: int) -> None:
    for name, number in numbers.items():
        writer.add_scalar(f"{group}/{name}", number, shown)


def _writer_class() -> type[SummaryWriter]:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise MissingDependencyError(
            "TensorBoard is not installed.", advice='Install it with: pip install "huohua[tensorboard]"'
        ) from error
    return SummaryWriter

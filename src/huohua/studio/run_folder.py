"""The folder of a training run: taken for a plan, new, gone on with, or begun anew.

    RUN/
    ├── run.json       the plan
    ├── events.jsonl   what happened
    ├── checkpoints/   from which the run goes on
    ├── previews/      sheets of samples
    ├── report.html    how it went
    └── model/         what can be played

Nobody's other files are touched: only a folder that holds a plan is taken for a run.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huohua.errors import CheckpointError, UsageError
from huohua.files import storage_errors, sweep
from huohua.studio.plan import FILE, Plan, agree


def check_place(out: str | Path | None, name: str | None) -> None:
    """Refuse a place that cannot be a run folder, before any work is read.

    Raises:
        UsageError: there is a file of that name, or the name is no name of a folder.
    """
    place = Path(out or ".").expanduser()
    for folder in (place, *place.parents):
        if folder.exists() and not folder.is_dir():
            raise UsageError(
                f"{folder} is a file and no folder for a run.", advice="Name a folder with --out."
            )
    if name is not None and (not name.strip(". ") or set(name) & set("/\\\0\n")):
        raise UsageError(f"'{name}' is no name for a model.", advice="Use letters, digits, '-' and '_'.")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a run folder, so that no second training writes into it; a kill lets go of it too.

    Raises:
        CheckpointError: another process, or another thread of this one, holds it.
        StorageError: the folder cannot be made.
    """
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    if sys.platform == "win32":  # where folders cannot be locked
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        _lock(handle, folder)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, folder: Path) -> None:
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CheckpointError(
            f"Another training is going on in {folder} right now.",
            advice="Wait until it ends, or choose another --out.",
        ) from error
    except OSError:
        return  # some network file systems have no locks; training matters more


def open_run_folder(folder: Path, plan: Plan, *, resume: bool) -> Plan:
    """Take a folder for a run: write the plan into a new one, check that an old one holds the same.

    Args:
        folder: the run folder.
        plan: what is to be trained.
        resume: if False, an earlier run there is removed first; its model stays until there is a new one.

    Returns:
        the plan, by the name that the run has had from its beginning.

    Raises:
        CheckpointError: the folder holds a run of another plan, or one whose plan is gone or damaged.
        StorageError: the folder cannot be written.
    """
    if not resume:
        with storage_errors(folder):
            _remove_run(folder)
    checkpoints, known = folder / "checkpoints", (folder / FILE).is_file()
    begun = checkpoints.is_dir() and any(checkpoints.glob("[!.]*"))
    if begun and not known:
        raise CheckpointError(
            f"{checkpoints} holds checkpoints, but the {FILE} that says what they are is gone.",
            advice="Choose another --out, or remove that folder.",
        )
    with storage_errors(folder):
        for part in ("model", "report.html", FILE):
            sweep(folder / part)
        if known and not begun and not (folder / "model").exists():
            (folder / FILE).unlink()  # a run that was stopped before it began binds nobody
    return agree(folder, plan)


def _remove_run(folder: Path) -> None:
    """Remove a run's files and nothing else; the plan goes last, so that a half-removed run is still one."""
    if not (folder / FILE).is_file():
        return
    for part in ("checkpoints", "tensorboard"):
        if (folder / part).is_dir():
            shutil.rmtree(folder / part)
    for sheet in (folder / "previews").glob("[0-9]*.png"):
        sheet.unlink()
    for part in ("events.jsonl", "report.html", FILE):
        (folder / part).unlink(missing_ok=True)

"""The studio as a place: one data folder with its database, gallery, queue and foreman, open or closed.

DATA/
├── studio.sqlite   works and jobs, unless they are in PostgreSQL
├── works/          the files of the gallery
├── datasets/       folders and files to train on, put there by whoever owns the folder
├── runs/           training runs, one folder for each job
├── logs/           what the processes of jobs said
└── studio.lock     held by the one server that is open
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from typing_extensions import Self

from huohua.errors import MissingError, StateError
from huohua.files import storage_errors
from huohua.studio.database.connection import Database
from huohua.studio.database.gallery import Gallery
from huohua.studio.database.tables import ArtworkRow
from huohua.studio.jobs.foreman import Foreman
from huohua.studio.jobs.queue import Queue
from huohua.studio.playroom import Playroom

LOCK = "studio.lock"


class Premises:
    """A studio that is open; close it to let the job that is going on save its state.

    Args:
        folder: the data folder; made if need be.
        database: the address of a database; a file of SQLite in the folder if absent.

    Raises:
        StateError: another server has this folder open.
        StorageError: the folder cannot be written or the database cannot be opened.
        UsageError: it is no address of a database.
    """

    def __init__(self, folder: Path, *, database: str = "") -> None:
        self.folder = folder.expanduser().absolute()
        with storage_errors(self.folder):
            for name in ("works", "datasets", "runs", "logs"):
                (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._lock = _alone(self.folder)
        try:
            self.database = Database(database or f"sqlite:///{self.folder / 'studio.sqlite'}")
        except BaseException:
            self._unlock()
            raise
        self.gallery = Gallery(self.database, self.folder / "works")
        self.queue = Queue(self.database)
        self.playroom = Playroom()
        self._foreman = Foreman(self.queue, self.gallery, self.folder, kept=self._kept)

    def open(self) -> Self:
        """Begin with the jobs."""
        self._foreman.start()
        return self

    def close(self) -> None:
        """Let the job that is going on save its state, then let go of database and folder."""
        self._foreman.stop()
        self.database.close()
        self._unlock()

    def datasets(self) -> Sequence[str]:
        """Return the names of what there is to train on."""
        return sorted(path.name for path in (self.folder / "datasets").glob("[!.]*"))

    def dataset(self, name: str) -> Path:
        """Return where a dataset is, by a name that is listed.

        Raises:
            MissingError: there is none of that name.
        """
        if name not in self.datasets():
            raise MissingError(f"The studio has no dataset '{name}'.", advice="Choose one that is listed.")
        return self.folder / "datasets" / name

    def _kept(self, job: str) -> tuple[str, ...]:
        with self.database.reading() as session:
            return tuple(session.scalars(sa.select(ArtworkRow.id).where(ArtworkRow.job == job)))

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _alone(folder: Path) -> int | None:
    """Hold the folder until the handle is closed; a kill lets go of it too."""
    if sys.platform == "win32":
        return None
    import fcntl

    with storage_errors(folder):
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StateError(
            f"Another studio has {folder} open.",
            advice="Stop it first, or choose another folder with --data.",
        ) from error
    return handle

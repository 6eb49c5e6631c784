"""The gallery: works that are kept, each a file on disk and a row that says what it is.

The file is written first and the row second, so that every row has its file; a file without a row is what
a kill left behind, and nobody was told of it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import sqlalchemy as sa

from huohua.errors import MissingError
from huohua.files import write_bytes
from huohua.studio.database.connection import Database
from huohua.studio.database.tables import ArtworkRow

if TYPE_CHECKING:
    from huohua.arts.art import Work

MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class Search:
    """Which works of the gallery are asked for.

    Attributes:
        art: of this art only.
        model: of this model only.
        words: those whose title or prompt hold this.
        favourite: marked ones only.
        job: what this job made only.
        before: older than the work of this number, for the next page.
        limit: how many at most.
    """

    art: str | None = None
    model: str | None = None
    words: str = ""
    favourite: bool = False
    job: str | None = None
    before: int | None = None
    limit: int = 50


class Gallery:
    """The kept works of a studio.

    Args:
        database: where the rows are.
        folder: where the files are.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def keep(self, work: Work, *, suffix: str, job: str | None = None, id: str = "") -> ArtworkRow:
        """Keep a work: its file is on the disk and its row in the database when this returns.

        Args:
            work: a work of any art.
            suffix: the ending of its file, one that the art knows.
            job: the job that made it.
            id: its id, if it must be the same each time it is made; keeping it twice keeps it once.

        Raises:
            StorageError: the disk is full or the folder cannot be written.
        """
        return self.enter(written(work, self._folder, suffix=suffix, id=id), job=job)

    def enter(self, row: ArtworkRow, *, job: str | None = None) -> ArtworkRow:
        """Enter a work whose file is written already; one that is known stays as it is."""
        row.job = job
        with self._database.writing() as session:
            known = session.scalar(sa.select(ArtworkRow).where(ArtworkRow.id == row.id))
            if known is None:
                session.add(row)
            return known or row

    def search(self, search: Search) -> list[ArtworkRow]:
        """Return works, the newest first."""
        question = sa.select(ArtworkRow).order_by(ArtworkRow.number.desc())
        for column, value in (
            (ArtworkRow.art, search.art),
            (ArtworkRow.model, search.model),
            (ArtworkRow.job, search.job),
        ):
            if value is not None:
                question = question.where(column == value)
        if search.favourite:
            question = question.where(ArtworkRow.favourite)
        if search.before is not None:
            question = question.where(ArtworkRow.number < search.before)
        for word in search.words.split():
            question = question.where(
                ArtworkRow.title.icontains(word, autoescape=True)
                | ArtworkRow.prompt.icontains(word, autoescape=True)
            )
        with self._database.reading() as session:
            return list(session.scalars(question.limit(min(search.limit, MOST_LISTED))))

    def get(self, id: str) -> ArtworkRow:
        """Return a work.

        Raises:
            MissingError: there is none of that id.
        """
        with self._database.reading() as session:
            row = session.scalar(sa.select(ArtworkRow).where(ArtworkRow.id == id))
        if row is None:
            raise MissingError(f"There is no work '{id}' in the gallery.")
        return row

    def file(self, row: ArtworkRow) -> Path:
        """Return where the file of a work is; its name comes from the row and never from a request.

        Raises:
            MissingError: somebody has removed it.
        """
        path = self._folder / f"{row.id}{row.suffix}"
        if not path.is_file():
            raise MissingError(f"The file of the work '{row.id}' is gone.")
        return path

    def mark(self, id: str, *, favourite: bool) -> ArtworkRow:
        """Mark a work as a favourite, or not.

        Raises:
            MissingError: there is none of that id.
        """
        with self._database.writing() as session:
            row = session.scalar(sa.select(ArtworkRow).where(ArtworkRow.id == id))
            if row is None:
                raise MissingError(f"There is no work '{id}' in the gallery.")
            row.favourite = favourite
            return row

    def remove(self, id: str) -> None:
        """Remove a work, its row first: a row without a file would be a work that cannot be seen.

        Raises:
            MissingError: there is none of that id.
        """
        row = self.get(id)
        with self._database.writing() as session:
            session.execute(sa.delete(ArtworkRow).where(ArtworkRow.id == id))
        (self._folder / f"{row.id}{row.suffix}").unlink(missing_ok=True)


def written(work: Work, folder: Path, *, suffix: str, id: str = "") -> ArtworkRow:
    """Write the file of a work into a folder and return the row that tells of it, not yet entered.

    Raises:
        StorageError: the disk is full or the folder cannot be written.
    """
    content = work.encode(suffix)
    row = ArtworkRow(
        id=id or uuid4().hex,
        art=work.recipe.art,
        model=work.recipe.model,
        title=str(getattr(work, "description", "")),
        prompt=work.recipe.prompt,
        suffix=suffix,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        recipe=work.recipe.model_dump(mode="json"),
        favourite=False,
    )
    write_bytes(folder / f"{row.id}{suffix}", content)
    return row

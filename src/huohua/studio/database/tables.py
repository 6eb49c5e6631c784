"""The tables of the studio as Python classes: works that are kept, jobs, and what happened in jobs.

`migrations/` makes and changes them; a test compares the two.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from typing_extensions import override


class Time(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no zone, so it is put back."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @override
    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        return value.replace(tzinfo=timezone.utc) if value and value.tzinfo is None else value


def now() -> datetime:
    """Return the time in UTC, with its zone."""
    return datetime.now(timezone.utc)


class Table(DeclarativeBase):
    """What every table is derived from."""


class JobRow(Table):
    """A long task: waiting, going on, or over.

    Attributes:
        id: 32 hexadecimal digits.
        kind: a name in `jobs.orders.ORDERS`.
        order: what is to be done, as that kind of order says it.
        state: queued, running, paused, done, failed or cancelled.
        wanted: what a person has asked of a running job: pause, cancel, or nothing.
        place: where it stands in the queue, the lowest first.
        attempts: how often it was begun.
        changes: grows by one with every change of the row, so that a watcher need not compare it.
        fraction: how much of it is done, from 0 to 1, where that is known.
        seconds_left: how long it will take from now on, where that is known.
        message: where it stands in a sentence, or why it failed.
        result: what came of it.
        created: when it was ordered.
        started: when it was begun first.
        ended: when it was done, failed or cancelled.
    """

    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    order: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    state: Mapped[str] = mapped_column(sa.String(10), index=True, default="queued")
    wanted: Mapped[str] = mapped_column(sa.String(10), default="")
    place: Mapped[int]
    attempts: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column(default=0)
    fraction: Mapped[float | None] = mapped_column(sa.Float)
    seconds_left: Mapped[float | None] = mapped_column(sa.Float)
    message: Mapped[str] = mapped_column(sa.Text, default="")
    result: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    created: Mapped[datetime] = mapped_column(Time, default=now)
    started: Mapped[datetime | None] = mapped_column(Time)
    ended: Mapped[datetime | None] = mapped_column(Time)


class JobEventRow(Table):
    """Something worth a line in the log of a job.

    Attributes:
        number: grows with time, over all jobs.
        job: the job.
        time: when it was.
        kind: what it was in a word.
        message: what it was in a sentence.
        facts: what else is known of it.
    """

    __tablename__ = "job_events"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    job: Mapped[str] = mapped_column(sa.ForeignKey("jobs.id"), index=True)
    time: Mapped[datetime] = mapped_column(Time, default=now)
    kind: Mapped[str] = mapped_column(sa.String(20))
    message: Mapped[str] = mapped_column(sa.Text, default="")
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)


class ArtworkRow(Table):
    """A work in the gallery; its file lies in the folder of works, named after `id` and `suffix`.

    Attributes:
        number: grows with time.
        id: the name of its file; letters, digits and hyphens only.
        art: the art it is of.
        model: the name of the model that made it.
        title: what it shows, in words.
        prompt: the words it was made from.
        suffix: the ending of its file.
        bytes: the size of its file.
        sha256: of its file.
        recipe: how to make it again.
        favourite: a person marked it.
        job: the job that made it, if one did.
        created: when it was kept.
    """

    __tablename__ = "artworks"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(sa.String(48), unique=True)
    art: Mapped[str] = mapped_column(sa.String(20), index=True)
    model: Mapped[str] = mapped_column(sa.Text)
    title: Mapped[str] = mapped_column(sa.Text, default="")
    prompt: Mapped[str] = mapped_column(sa.Text, default="")
    suffix: Mapped[str] = mapped_column(sa.String(20))
    bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    recipe: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    favourite: Mapped[bool] = mapped_column(default=False)
    job: Mapped[str | None] = mapped_column(sa.ForeignKey("jobs.id"), index=True)
    created: Mapped[datetime] = mapped_column(Time, default=now)

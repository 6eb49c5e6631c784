"""The queue of jobs in the database: every move is one transaction, so a kill finds it before or after.

queued → running → done | failed
↑↓       ↓ ↑
paused ←─┘ └── the server was stopped: queued again
queued | running | paused → cancelled
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from huohua.errors import MissingError, StateError
from huohua.studio.database.connection import Database
from huohua.studio.database.tables import JobEventRow, JobRow, now

Wanted = Literal["pause", "cancel"]
BECOMES: Final[Mapping[Wanted, str]] = {"pause": "paused", "cancel": "cancelled"}
OVER: Final = frozenset({"done", "failed", "cancelled"})
LONGEST_QUEUE = 1000


@dataclass(frozen=True, kw_only=True)
class Report:
    """Where a job stands; what is None is not known.

    Attributes:
        fraction: how much of it is done, from 0 to 1.
        seconds_left: how long it will take from now on.
        message: in a sentence.
    """

    fraction: float | None = None
    seconds_left: float | None = None
    message: str = ""


class Queue:
    """The jobs of a studio.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, order: Mapping[str, Any]) -> JobRow:
        """Put a job at the end of the queue.

        Raises:
            StateError: the queue is full.
        """
        with self._database.writing() as session:
            waiting = sa.select(sa.func.count()).where(JobRow.state == "queued")
            if (session.scalar(waiting) or 0) >= LONGEST_QUEUE:
                raise StateError(f"{LONGEST_QUEUE:,} jobs wait already.", advice="Cancel some of them first.")
            last = session.scalar(sa.select(sa.func.max(JobRow.place)))
            job = JobRow(id=uuid4().hex, kind=kind, order=dict(order), place=(last or 0) + 1)
            session.add(job)
            session.flush()
            _note(session, job, "queued")
            return job

    def get(self, id: str) -> JobRow:
        """Return a job.

        Raises:
            MissingError: there is none of that id.
        """
        with self._database.reading() as session:
            return _found(session, id)

    def listing(self, *, limit: int = 200) -> Sequence[JobRow]:
        """Return jobs: what is going on, then what waits in its order, then the others, newest first."""
        rank = sa.case({"running": 0, "queued": 1, "paused": 2}, value=JobRow.state, else_=3)
        waiting = sa.case((JobRow.state == "queued", JobRow.place), else_=0)
        question = sa.select(JobRow).order_by(rank, waiting, JobRow.created.desc()).limit(limit)
        with self._database.reading() as session:
            return list(session.scalars(question))

    def events(self, id: str, *, after: int = 0, limit: int = 500) -> Sequence[JobEventRow]:
        """Return the log of a job after a number, the oldest first."""
        question = sa.select(JobEventRow).where(JobEventRow.job == id, JobEventRow.number > after)
        with self._database.reading() as session:
            return list(session.scalars(question.order_by(JobEventRow.number).limit(limit)))

    def ask(self, id: str, wanted: Wanted) -> JobRow:
        """Pause or cancel a job: at once if it waits, as soon as it has saved its state if it is running.

        Raises:
            MissingError: there is none of that id.
            StateError: it is over, or paused already.
        """
        with self._database.writing() as session:
            job = _found(session, id)
            if job.state == "running":
                if job.wanted != "cancel":  # a cancelled job is not paused any more
                    job.wanted = wanted
                job.changes += 1
            elif job.state == "queued" or (job.state == "paused" and wanted == "cancel"):
                _settle(session, job, BECOMES[wanted])
            else:
                raise StateError(f"This job is {job.state}.")
            return job

    def resume(self, id: str) -> JobRow:
        """Put a paused or failed job back into the queue, where it goes on from what it has saved.

        Raises:
            MissingError: there is none of that id.
            StateError: it is neither paused nor failed.
        """
        with self._database.writing() as session:
            job = _found(session, id)
            if job.state not in {"paused", "failed"}:
                raise StateError(f"This job is {job.state}.")
            job.attempts = 0
            _settle(session, job, "queued")
            return job

    def move(self, id: str, *, before: str | None) -> Sequence[JobRow]:
        """Move a waiting job to before another waiting one, or to the end, and return the queue.

        Raises:
            MissingError: one of them is not there.
            StateError: one of them does not wait.
        """
        with self._database.writing() as session:
            question = sa.select(JobRow).where(JobRow.state == "queued").order_by(JobRow.place)
            line = list(session.scalars(question))
            job = _waiting(session, id)
            rest = [other for other in line if other.id != id]
            if before == id:  # before itself it stands already
                return line
            place = len(rest) if before is None else rest.index(_waiting(session, before))
            rest.insert(place, job)
            places = sorted(other.place for other in line)
            for other, number in zip(rest, places, strict=True):
                if other.place != number:
                    other.place = number
                    other.changes += 1
            return rest

    def take(self) -> JobRow | None:
        """Take the first of the queue and mark it as running, or return None if nothing waits."""
        with self._database.writing() as session:
            question = sa.select(JobRow).where(JobRow.state == "queued").order_by(JobRow.place).limit(1)
            job = session.scalar(question.with_for_update(skip_locked=True))
            if job is None:
                return None
            job.attempts += 1
            job.started = job.started or now()
            _settle(session, job, "running")
            return job

    def report(self, id: str, report: Report) -> None:
        """Write down where a running job stands."""
        with self._database.writing() as session:
            job = _found(session, id)
            if report.fraction is not None:
                job.fraction = min(max(report.fraction, 0.0), 1.0)
            job.seconds_left = report.seconds_left
            job.message = report.message or job.message
            job.changes += 1

    def note(self, id: str, kind: str, message: str = "", facts: Mapping[str, Any] | None = None) -> None:
        """Write a line into the log of a job."""
        with self._database.writing() as session:
            _note(session, _found(session, id), kind, message, facts)

    def settle(
        self, id: str, state: str, *, message: str = "", result: Mapping[str, Any] | None = None
    ) -> JobRow:
        """Say how a running job has ended, or that it waits again."""
        with self._database.writing() as session:
            job = _found(session, id)
            job.message = message or job.message
            if result is not None:
                job.result = dict(result)
            _settle(session, job, state, message)
            return job

    def recover(self) -> Sequence[JobRow]:
        """Put jobs that ran when the server was killed back into the queue, or where a person wanted them.

        Only for the one who has the studio to himself.
        """
        with self._database.writing() as session:
            left = list(session.scalars(sa.select(JobRow).where(JobRow.state == "running")))
            for job in left:
                state = BECOMES.get(job.wanted, "queued")  # type: ignore[call-overload]
                _settle(session, job, state, "The server was stopped in the middle of it.")
            return left


def _found(session: Session, id: str) -> JobRow:
    job = session.get(JobRow, id)
    if job is None:
        raise MissingError(f"There is no job '{id}'.")
    return job


def _waiting(session: Session, id: str) -> JobRow:
    job = _found(session, id)
    if job.state != "queued":
        raise StateError(f"The job '{id}' is {job.state} and does not wait.")
    return job


def _settle(session: Session, job: JobRow, state: str, message: str = "") -> None:
    job.state, job.wanted = state, ""
    job.seconds_left = None
    job.ended = now() if state in OVER else None
    if state == "done":
        job.fraction = 1.0
    job.changes += 1
    _note(session, job, state, message)


def _note(
    session: Session, job: JobRow, kind: str, message: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    session.add(JobEventRow(job=job.id, kind=kind, message=message, facts=dict(facts or {})))

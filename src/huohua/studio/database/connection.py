"""A database of the studio, opened and brought up to date: a file of SQLite, or PostgreSQL by its address.

SQLite writes ahead, so that readers never wait, and every commit reaches the disk before it returns.
Whoever means to write says so from the beginning: two transactions that begin by reading and both write
later would make one of them fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.orm import Session

from huohua.errors import MissingDependencyError, StorageError, UsageError

STEPS = Path(__file__).parent / "migrations"
# A writer waits for another up to 30 seconds.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000")
SCHEMES = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


class Database:
    """The tables of one studio.

    Args:
        address: a URL such as "sqlite:////srv/studio.sqlite" or "postgresql://user:word@host/name".

    Raises:
        UsageError: it is no address of a database that can be used.
        StorageError: it cannot be opened, or was written by a newer Huohua.
        MissingDependencyError: the driver of PostgreSQL is not installed.
    """

    def __init__(self, address: str) -> None:
        url = _checked(address)
        try:
            self._engine = sa.create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
        except ModuleNotFoundError as error:
            raise MissingDependencyError(
                "The driver of PostgreSQL is not installed.",
                advice='Install it: pip install "psycopg[binary]"',
            ) from error
        if url.get_backend_name() == "sqlite":
            _set_up_sqlite(self._engine)
        self._writer = self._engine.execution_options(writes=True)
        try:
            self._bring_up_to_date()
        except sa.exc.DBAPIError as error:
            self._engine.dispose()
            place = url.render_as_string(hide_password=True)
            raise StorageError(f"The database {place} cannot be opened: {error.orig}.") from error
        except BaseException:
            self._engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session for questions."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose changes are on the disk when the block ends, or none of them if it fails."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def answers(self) -> bool:
        """Return whether the database answers a question now."""
        try:
            with self.reading() as session:
                return session.scalar(sa.select(sa.literal(1))) == 1
        except sa.exc.SQLAlchemyError:
            return False

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def _bring_up_to_date(self) -> None:
        script = ScriptDirectory(STEPS, version_locations=[STEPS])
        with self._writer.begin() as connection:
            # The steps of a new database are one transaction: all tables, or none.
            context = MigrationContext.configure(
                connection,
                opts={"fn": lambda revision, _: script._upgrade_revs("head", revision)},
            )
            known = {step.revision for step in script.walk_revisions()}
            if newer := set(context.get_current_heads()) - known:
                raise StorageError(
                    f"The database was written by a newer Huohua (its step is {', '.join(newer)}).",
                    advice="Update Huohua.",
                )
            with Operations.context(context):
                context.run_migrations()


def _checked(address: str) -> sa.URL:
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError) as error:
        raise UsageError("That is no address of a database.", advice=_example()) from error
    scheme = url.drivername.partition("+")[0]
    if scheme not in SCHEMES:
        raise UsageError(f"Databases of the kind '{scheme}' cannot be used.", advice=_example())
    return url.set(drivername=SCHEMES[scheme])


def _example() -> str:
    return "Use sqlite:////folder/studio.sqlite or postgresql://user:password@host/name."


def _set_up_sqlite(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say, below
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

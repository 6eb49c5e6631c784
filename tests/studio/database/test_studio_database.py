"""The database: made by its steps, the same as its classes, and safe against two who write."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from huohua.errors import StorageError, UsageError
from huohua.studio.database.connection import Database
from huohua.studio.database.tables import JobRow, Table, now


def row(id: str) -> JobRow:
    return JobRow(id=id, kind="create", order={"art": "image"}, place=1)


def test_the_steps_make_the_tables_that_the_classes_describe(database):
    with database._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_a_database_that_is_opened_again_keeps_what_is_in_it(database, address):
    with database.writing() as session:
        session.add(row("a" * 32))
    database.close()
    again = Database(address)
    with again.reading() as session:
        found = session.get(JobRow, "a" * 32)
    again.close()
    assert found is not None
    assert found.order == {"art": "image"}
    assert found.created.utcoffset() == timedelta(0)
    assert timedelta(0) <= now() - found.created < timedelta(minutes=1)


def test_a_block_that_fails_changes_nothing(database):
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        session.add(row("a" * 32))
        session.flush()
        raise ZeroDivisionError
    with database.reading() as session:
        assert session.get(JobRow, "a" * 32) is None


def test_eight_threads_that_read_and_then_write_lose_nothing(database):
    with database.writing() as session:
        session.add(row("a" * 32))

    def count() -> None:
        for _ in range(10):
            with database.writing() as session:
                job = session.get(JobRow, "a" * 32, with_for_update=True)
                assert job is not None
                job.changes += 1

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.reading() as session:
        assert session.scalar(sa.select(JobRow.changes)) == 80


def test_a_database_of_a_newer_release_is_left_alone(database, address):
    with database.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="newer Huohua"):
        Database(address)


@pytest.mark.parametrize("address", ["mysql://a@b/c", "no address", "", "http://localhost"])
def test_an_address_of_another_kind_is_refused(address):
    with pytest.raises(UsageError):
        Database(address)


def test_a_password_is_not_in_the_message_of_a_failure():
    with pytest.raises(StorageError) as failure:
        Database("postgresql://somebody:secret-word@127.0.0.1:1/nothing")
    assert "secret-word" not in str(failure.value)

"""An empty database of either kind, for each test."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from huohua.studio.database.connection import Database
from huohua.studio.database.tables import Table
from toys.databases import postgresql, postgresql_programs


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    if postgresql_programs() is None:
        pytest.skip("PostgreSQL's server is not installed")
    # Sockets have short names, and another user must be able to come here.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        Path(folder).chmod(0o755)
        with postgresql(Path(folder) / "s") as address:
            yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'studio.sqlite'}"
    found: str = request.getfixturevalue("server")
    engine = sa.create_engine(found.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        Table.metadata.drop_all(connection)
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    engine.dispose()
    return found


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    opened = Database(address)
    yield opened
    opened.close()

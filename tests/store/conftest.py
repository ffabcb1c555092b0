"""Databases for the tests of stores: a SQLite file and a schema of a PostgreSQL server, for each test process."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from coopledger.store.database import engine_of
from tests.servers import postgresql


@pytest.fixture(scope="session")
def postgresql_uri() -> Iterator[str]:
    with postgresql() as uri:
        yield uri


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_uri: str) -> Iterator[Engine]:
    engine = engine_of(postgresql_uri)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_schema(postgresql_engine: Engine) -> Iterator[str]:
    """A schema of this test process, dropped at its end."""
    name = f"coopledger_test_{os.getpid()}"
    yield name
    with postgresql_engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")


@pytest.fixture(scope="session")
def sqlite_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder: Path = tmp_path_factory.mktemp("sqlite")
    engine = engine_of(folder / "books.db")
    yield engine
    engine.dispose()

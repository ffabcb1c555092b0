"""Databases to be broken: a SQLite file and a schema of a PostgreSQL server, new for each test."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from coopledger.store.database import engine_of
from tests.faults.books import Place
from tests.servers import postgresql

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def fault_engine() -> Iterator[Engine]:
    with postgresql() as uri:
        engine = engine_of(uri)
        yield engine
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A database of each kind."""
    if request.param == "sqlite":
        engine = engine_of(tmp_path / "book.db")
        yield Place(engine)
        engine.dispose()
        return
    engine = request.getfixturevalue("fault_engine")
    schema = f"coopledger_fault_{os.getpid()}_{next(_numbers)}"
    yield Place(engine, schema)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")

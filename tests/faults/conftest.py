"""Databases to be broken: a SQLite file and a schema of a PostgreSQL server, new for each test."""

import itertools
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from coopledger.store.database import engine_of
from tests.faults.books import FULL, Figures, Keep, Place
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


@pytest.fixture
def keep(record_property: Callable[[str, object], None]) -> Keep:
    """Keeps figures for the table at the end."""
    return lambda figures: record_property("figures", list(figures))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of what was measured, whichever process measured it."""
    if not FULL:
        return
    terminalreporter.section("faults")
    terminalreporter.write_line(_line(Figures._fields))
    for one in terminalreporter.getreports("passed"):
        for name, value in one.user_properties if isinstance(one, pytest.TestReport) and one.when == "call" else []:
            if name == "figures" and isinstance(value, list):
                terminalreporter.write_line(_line(value))


def _line(cells: Iterable[object]) -> str:
    fault, database, done, note = [f"{one}" for one in cells]
    return f"{fault:<36}{database:<12}{done:>12}  {note}"

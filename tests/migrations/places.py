"""Where tables can be made: a SQLite file, a schema of a PostgreSQL server, the first schema of a search path."""

import itertools
import os
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import URL, Connection, Engine, inspect, make_url

from coopledger.store.database import engine_of

KINDS = ("sqlite", "postgresql", "postgresql, search path")
"""On the second kind a schema is named; on the third it is what the connection finds first."""

_numbers = itertools.count(1)


class Place(NamedTuple):
    """An empty database, or an empty schema of one."""

    url: URL
    engine: Engine
    schema: str | None

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name


class Places:
    """Makes places, each under a name of its own, and takes them away in the end."""

    def __init__(self, uri: str, folder: Path) -> None:
        self._server = make_url(uri).set(drivername="postgresql+psycopg")
        self._folder = folder
        self._last = ExitStack()

    def make(self, kind: str) -> Place:
        name = f"Places_{os.getpid()}_{next(_numbers)}"  # a name that must be quoted
        if kind == "sqlite":
            return self._place(URL.create("sqlite", database=str(self._folder / f"{name}.db")), None)
        self._last.callback(self._drop, name)
        if kind == "postgresql":
            return self._place(self._server, name)
        self._run(f'CREATE SCHEMA "{name}"')
        return self._place(self._server.update_query_dict({"options": f'-csearch_path="{name}"'}), None)

    def _place(self, url: URL, schema: str | None) -> Place:
        engine = engine_of(url)
        self._last.callback(engine.dispose)
        return Place(url, engine, schema)

    def _drop(self, name: str) -> None:
        self._run(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')

    def _run(self, statement: str) -> None:
        engine = engine_of(self._server)
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._last.close()


def names(connection: Connection, schema: str | None = None) -> set[str]:
    """The names of all tables."""
    return set(inspect(connection).get_table_names(schema))

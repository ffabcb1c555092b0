"""Engines as services make them that embed a book, and what such a service does beside it."""

import sys
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, text

from tests.migrations.places import Place

SQLITE: dict[str, dict[str, Any]] = {
    "plain": {},
    "no pool": {"poolclass": NullPool},
    "any thread": {"connect_args": {"check_same_thread": False}},
    "immediate": {"connect_args": {"isolation_level": "IMMEDIATE"}},
    "begun by hand": {},
}
POSTGRESQL: dict[str, dict[str, Any]] = {
    "plain": {},
    "no pool": {"poolclass": NullPool},
    "one connection": {"pool_size": 1, "max_overflow": 0},
}
if sys.version_info >= (3, 12):
    SQLITE["always in a transaction"] = {"connect_args": {"autocommit": False}}

HOSTS = [("sqlite", how) for how in SQLITE] + [("postgresql", how) for how in POSTGRESQL]


def host_engine(place: Place, how: str = "plain", **options: Any) -> Engine:
    """An engine of a host for a place."""
    known = SQLITE if place.dialect == "sqlite" else POSTGRESQL
    engine = create_engine(place.url, **(known[how] | options))
    if how == "begun by hand":  # as SQLAlchemy's documentation tells for savepoints
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def make_table(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS villager (id integer PRIMARY KEY)"))
        connection.execute(text("DELETE FROM villager"))


def add(connection: Connection, number: int) -> None:
    connection.execute(text("INSERT INTO villager (id) VALUES (:number)"), {"number": number})


def villagers(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT id FROM villager ORDER BY id")).scalars())

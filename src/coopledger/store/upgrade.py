"""Making and upgrading a database's tables, from the revisions in ``migrations/``.

A host service calls ``upgrade`` beside its own migrations or within one of them: the version table is coopledger's own,
and on PostgreSQL all tables may stand in a schema of their own.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from coopledger.errors import StoreError
from coopledger.store.dialect import Dialect
from coopledger.store.dialects import DIALECTS
from coopledger.text import Message, printable

VERSION_TABLE = "coopledger_version"

_one_at_a_time = threading.Lock()


def revisions() -> list[str]:
    """The revisions there are, the oldest first."""
    return [one.revision for one in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


@cache
def newest() -> str:
    """The revision that this version keeps books at."""
    return revisions()[-1]


def upgrade(connection: Connection, *, schema: str | None = None, revision: str = "head") -> None:
    """Bring the tables to a revision, within the connection's transaction: the caller commits it.

    Others who upgrade the same database wait for it. If it fails, all is as it was. On PostgreSQL the schema is made
    if it is not there. Raises StoreError for a database that a newer version made, for a connection that commits each
    statement or is none, as where Alembic only prints SQL, and for a name that no schema of ours can have.

    >>> from coopledger.store.database import engine_of
    >>> with engine_of(":memory:").begin() as connection:
    ...     upgrade(connection)
    ...     current(connection) == newest()
    True
    """
    _dialect(connection, schema).lock_tables(connection, joined=True)
    known = revisions()
    due = known[-1] if revision == "head" else revision
    seen = current(connection, schema=schema)
    if seen is not None and seen not in known:
        raise _too_new(seen)
    if due not in known:
        raise StoreError(Message("there is no revision {seen}: there are {known}", seen=printable(due), known=known))
    if seen is not None and known.index(seen) >= known.index(due):
        return
    config = _config()
    config.attributes.update(connection=connection, schema=schema)
    with connection.begin_nested(), _alone():
        if schema is not None and not inspect(connection).has_schema(schema):
            connection.exec_driver_sql(f'CREATE SCHEMA "{schema}"')
        command.upgrade(config, due)


def current(connection: Connection, *, schema: str | None = None) -> str | None:
    """The revision that the tables are at; None if there are none."""
    _dialect(connection, schema)
    options = {"version_table": VERSION_TABLE, "version_table_schema": schema}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


def check_newest(connection: Connection, *, schema: str | None = None) -> None:
    """Raise StoreError if the tables are not those of this version."""
    seen = current(connection, schema=schema)
    if seen == newest():
        return
    if seen is None:
        raise no_books(connection)
    if seen not in revisions():
        raise _too_new(seen)
    raise StoreError(
        Message(
            "the database is at revision {seen}, this version keeps books at {newest}: run 'coopledger book upgrade'",
            seen=printable(seen),
            newest=newest(),
        )
    )


def no_books(connection: Connection) -> StoreError:
    """Why no book is found: there is none in the database, or those that there are stand in other schemas."""
    elsewhere = _schemas(connection)
    if elsewhere:
        return StoreError(
            Message("there are no books here, but in the schema {schemas}: name it", schemas=elsewhere),
            about=["schema"],
        )
    return StoreError(Message("there are no books here: make one with 'coopledger book create'"))


def _schemas(connection: Connection) -> list[str]:
    """The schemas that have tables of ours; SQLite has no schemas."""
    if connection.dialect.name != "postgresql":
        return []
    found = (
        "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE c.relname = %s AND c.relkind = 'r' ORDER BY n.nspname"
    )
    return [printable(row[0]) for row in connection.exec_driver_sql(found, (VERSION_TABLE,))]


def _too_new(seen: str) -> StoreError:
    return StoreError(
        Message(
            "the database is at revision {seen}, which this version does not know (it knows {known}): "
            "install a newer coopledger",
            seen=printable(seen),
            known=revisions(),
        )
    )


def _dialect(connection: Connection, schema: str | None) -> Dialect:
    """How the database is asked; refused if it is another one, or none, or no schema of ours can have the name."""
    if not isinstance(connection, Connection):
        raise StoreError(
            Message(
                "{seen}: an open connection is needed, such as engine.begin() gives, for the tables are looked at "
                "first: run a migration online, not to print its SQL (offline)",
                seen=type(connection).__name__,
            )
        )
    if connection.dialect.name not in DIALECTS:
        raise StoreError(
            Message("{name}: a SQLite or PostgreSQL database is expected", name=printable(connection.dialect.name))
        )
    return DIALECTS[connection.dialect.name](schema)


@contextmanager
def _alone() -> Iterator[None]:
    """Alembic keeps what is running in two modules: one thread at a time, and a host's own migration goes on after."""
    with _one_at_a_time:
        outer = [one for one in (getattr(context, "_proxy", None), getattr(op, "_proxy", None)) if one is not None]
        try:
            yield
        finally:
            for one in outer:
                one._install_proxy()  # noqa: SLF001 - our own has taken it away


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _folder() -> Path:
    """The revisions: in the installed package, or beside ``src`` in a copy of the source."""
    package = Path(__file__).parent.parent
    installed = package / "migrations"
    return installed if os.path.isdir(installed) else package.parent.parent / "migrations"

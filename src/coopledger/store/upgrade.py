"""Making and upgrading a database's tables, from the revisions in ``migrations/``.

A host service calls ``upgrade`` beside its own migrations: the version table is coopledger's own, and all tables may
stand in a schema of their own.
"""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from coopledger.errors import StoreError
from coopledger.text import Message

VERSION_TABLE = "coopledger_version"


def revisions() -> list[str]:
    """The revisions there are, the oldest first."""
    return [one.revision for one in reversed(list(ScriptDirectory.from_config(_config()).walk_revisions()))]


def newest() -> str:
    """The revision that this version keeps books at."""
    return revisions()[-1]


def upgrade(connection: Connection, *, schema: str | None = None, revision: str = "head") -> None:
    """Bring the tables to a revision, within the connection's transaction.

    On PostgreSQL the schema is made if it is not there. Raises StoreError for a database that a newer version made.
    """
    seen = current(connection, schema=schema)
    if seen is not None and seen not in revisions():
        raise StoreError(
            Message(
                "the database is at revision {seen}, which this version does not know (it knows {known}): "
                "install a newer coopledger",
                seen=seen,
                known=revisions(),
            )
        )
    if schema is not None and connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    config = _config()
    config.attributes.update(connection=connection, schema=schema)
    command.upgrade(config, revision)


def current(connection: Connection, *, schema: str | None = None) -> str | None:
    """The revision that the tables are at; None if there are none."""
    options = {"version_table": VERSION_TABLE, "version_table_schema": schema}
    return MigrationContext.configure(connection, opts=options).get_current_revision()


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

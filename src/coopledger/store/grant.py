"""The rights of an application's role on PostgreSQL: it reads and adds, and can neither change nor remove anything.

Two roles are expected: the owner, who makes and upgrades the tables, and the application's, which keeps the books.
"""

from sqlalchemy import Connection

from coopledger.errors import StoreError
from coopledger.store.postgresql import LONGEST_NAME, Postgresql
from coopledger.store.shape import expected, schema_of
from coopledger.store.upgrade import VERSION_TABLE, check_newest, newest
from coopledger.text import Message, printable

_ASKED = "coopledger_below_zero"
"""The one function that is called by name; the others are called by triggers, which need no right to."""


def grants(role: str, schema: str | None = None) -> list[str]:
    """The statements that give a role what an application needs; the owner of the tables runs them after an upgrade.

    The role may SELECT and INSERT, and has nothing else on the tables afterwards, whatever it had before. Without a
    schema, the tables are looked for on the search path. Raises StoreError for a name that no role or schema can have.

    >>> for statement in grants("app", "books"):
    ...     print(statement[:80])
    REVOKE ALL ON TABLE "books"."coopledger_book", "books"."coopledger_personal", "b
    REVOKE ALL ON FUNCTION "books"."coopledger_below_zero", "books"."coopledger_pers
    GRANT USAGE ON SCHEMA "books" TO "app"
    GRANT SELECT, INSERT ON TABLE "books"."coopledger_book", "books"."coopledger_per
    GRANT SELECT ON TABLE "books"."coopledger_version" TO "app"
    GRANT EXECUTE ON FUNCTION "books"."coopledger_below_zero" TO "app"
    """
    Postgresql(schema)
    if not (isinstance(role, str) and role.isprintable() and 0 < len(role.encode(errors="replace")) <= LONGEST_NAME):
        raise StoreError(
            Message(
                "{seen} is not a name of a role: 1 to {longest} bytes, printable characters are expected",
                seen=printable(str(role)) or "''",
                longest=LONGEST_NAME,
            )
        )
    names = [name.split(" ", 1) for name in sorted(expected(newest(), "postgresql"))]
    tables = [_at(schema, name) for kind, name in names if kind == "table"]
    functions = [_at(schema, name) for kind, name in names if kind == "function"]
    to = _quoted(role)
    return [
        f"REVOKE ALL ON TABLE {', '.join([*tables, _at(schema, VERSION_TABLE)])} FROM PUBLIC, {to}",
        f"REVOKE ALL ON FUNCTION {', '.join(functions)} FROM PUBLIC, {to}",
        *([f"GRANT USAGE ON SCHEMA {_quoted(schema)} TO {to}"] if schema is not None else []),
        f"GRANT SELECT, INSERT ON TABLE {', '.join(tables)} TO {to}",
        f"GRANT SELECT ON TABLE {_at(schema, VERSION_TABLE)} TO {to}",
        f"GRANT EXECUTE ON FUNCTION {_at(schema, _ASKED)} TO {to}",
    ]


def grant(connection: Connection, role: str, schema: str | None = None) -> None:
    """Run the statements of :func:`grants` in the connection's transaction: the caller commits it.

    Raises StoreError for a role that is not there or may act for the owner of the tables, for tables of another
    version, and on SQLite, which has no roles.
    """
    statements = grants(role, schema)
    if connection.dialect.name != "postgresql":
        raise StoreError(
            Message("{database}: PostgreSQL has roles, this database has none", database=connection.dialect.name)
        )
    check_newest(connection, schema=schema)
    if not connection.exec_driver_sql("SELECT count(*) FROM pg_roles WHERE rolname = %s", (role,)).scalar_one():
        raise StoreError(Message("there is no role {role}: create it first", role=role))
    if connection.exec_driver_sql(_ACTS_FOR_OWNER, (role, schema or schema_of(connection))).scalar_one():
        raise StoreError(
            Message("the role {role} may act for the owner of the tables: another one is expected", role=role)
        )
    for statement in statements:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def _at(schema: str | None, name: str) -> str:
    return _quoted(name) if schema is None else f"{_quoted(schema)}.{_quoted(name)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


# A superuser is a member of every role.
_ACTS_FOR_OWNER = """
SELECT count(*) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relname LIKE 'coopledger\\_%%' AND pg_has_role(%s, c.relowner, 'MEMBER')
    AND n.nspname = %s
"""

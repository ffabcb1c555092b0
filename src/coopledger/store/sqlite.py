"""Books in SQLite: a file, or memory."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, islice
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, OperationalError

from coopledger.core.accounts import Ground
from coopledger.core.balances import Place
from coopledger.errors import StoreError
from coopledger.store.dialect import (
    Dialect,
    Places,
    asked,
    commits_each_statement,
    hidden,
    raising_as_sqlalchemy,
)
from coopledger.store.tables import tables
from coopledger.text import Message, printable

_PAGE = 500
_PATIENCE = 2_000  # milliseconds
_UNAVAILABLE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
)
_OF_THE_HOST = ("no such collation sequence", "unknown function", "no such module")


class Sqlite(Dialect):
    """How SQLite is asked."""

    sums = ("sum(quantity >> 32)", "sum(quantity & 4294967295)")

    def place(self, connection: Connection) -> object:
        """The file; a memory has none."""
        with suppress(DBAPIError, OSError):  # it is gone, or its name is no text
            for _, name, file in connection.exec_driver_sql("PRAGMA database_list"):
                if name == "main" and file:
                    seen = os.stat(file)
                    return os.path.realpath(file), seen.st_dev, seen.st_ino
        return None

    def check_schema(self, schema: str) -> None:
        """Raise StoreError: SQLite has none."""
        raise StoreError(Message("{seen}: SQLite has no schemas: leave it out", seen=printable(schema)))

    def totals(self, connection: Connection, statement: str, values: Sequence[Any]) -> Iterator[tuple[Place, int]]:
        """The places with their sums: how often 2**32, and what is left."""
        rows = self.rows(connection, statement, values)
        return (((denomination, account), (high << 32) + low) for denomination, account, high, low in rows)

    def of_kinds(self, kinds: Sequence[str], book: int, since: int, last: int, count: int) -> tuple[str, list[Any]]:
        """Each kind by its index: asked for all in order, SQLite would rather read every record and keep few."""
        if not kinds:
            return super().of_kinds(kinds, book, since, last, count)
        of_kind = "SELECT seq FROM {s}coopledger_record WHERE book = ? AND kind = ? AND seq > ? AND seq <= ?"
        numbers = f"SELECT seq FROM ({' UNION ALL '.join(of_kind for _ in kinds)}) ORDER BY seq LIMIT {count}"
        values = [one for kind in kinds for one in (book, kind, since, last)]
        return f"book = ? AND seq IN ({numbers})", [book, *values]

    def is_busy(self, driver: Any) -> bool:  # noqa: ANN401 - the driver's connection
        """Whether a transaction is open; a driver that is told ``autocommit=False`` always has one."""
        with suppress(sqlite3.ProgrammingError):  # it is closed
            return bool(driver.in_transaction)
        return False

    def lock_tables(self, connection: Connection, *, joined: bool) -> None:
        """Let nobody else write until the transaction ends.

        In a transaction that has begun already, the version table is made as Alembic would make it: nothing may be
        read before the lock is there, or what was read is too old to write after it.
        """
        if not self._begin(connection, joined=joined):
            self.run(
                connection,
                "CREATE TABLE IF NOT EXISTS coopledger_version (version_num VARCHAR(32) NOT NULL, "
                "CONSTRAINT coopledger_version_pkc PRIMARY KEY (version_num))",
            )
            self.run(connection, "DELETE FROM coopledger_version WHERE 0")

    def lock(self, connection: Connection, book: int, *, joined: bool) -> None:  # noqa: ARG002 - all books of a file
        """Let nobody else write until the transaction ends.

        The transactions of our own engines began so. In another, a statement that changes nothing takes the lock.
        """
        options = connection.get_execution_options()
        if options.get("coopledger_begins") and options.get("coopledger_write"):
            return
        if not self._begin(connection, joined=joined):
            self.run(connection, "DELETE FROM coopledger_personal WHERE 0")

    def _begin(self, connection: Connection, *, joined: bool) -> bool:
        """Whether the transaction holds the lock; begun with it if the driver has not begun one.

        A caller's engine may leave that to the driver, which begins at the first change: after what was read.
        """
        if not connection.in_transaction():
            connection.begin()
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:
            return False
        if (joined and driver.isolation_level is None) or getattr(driver, "autocommit", None) is True:
            raise commits_each_statement()
        if connection.dialect.skip_autocommit_rollback and driver.isolation_level is None:
            raise StoreError(
                Message(
                    "the engine takes nothing back on a connection that begins no transactions "
                    "(skip_autocommit_rollback): leave that option out"
                )
            )
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return True

    def write(self, connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows of a table, a page at a time: fewer than would have the garbage collector look at them.

        In a transaction of our own, a row that is refused ends it anyhow. SQLite is told so (OR FAIL) and keeps nothing
        to take the row back. Where the disk is full it then takes back everything: not to be done to a caller.
        """
        insert = "INSERT OR FAIL" if connection.get_execution_options().get("coopledger_write") else "INSERT"
        marks = ", ".join("?" * len(columns))
        statement = self.sql(f"{insert} INTO {{s}}{table} ({', '.join(columns)}) VALUES ({marks})")
        left = iter(rows)
        with hidden():
            while page := [*islice(left, _PAGE)]:
                connection.exec_driver_sql(statement, page if len(page) > 1 else page[0])

    def forget(self, connection: Connection) -> None:
        """Have deleted rows overwritten with zeros, and nothing kept of a rollback journal that the host lets stand."""
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
        connection.exec_driver_sql("PRAGMA journal_size_limit = 0")

    def forgotten(self, connection: Connection) -> None:
        """Empty the log beside the file. Whoever reads for long still needs it: then a later erasure does it.

        The driver is asked, outside of any transaction: a host's engine may begin one whatever is asked of it. It does
        not wait for a reader as long as it would for a writer: nobody can write meanwhile.
        """
        driver: Any = connection.connection.driver_connection
        checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)"
        with raising_as_sqlalchemy(connection, checkpoint):
            [[waits]] = driver.execute("PRAGMA busy_timeout").fetchall()
            driver.execute(f"PRAGMA busy_timeout = {min(waits, _PATIENCE)}").close()
            try:
                driver.execute(checkpoint).close()
            finally:
                driver.execute(f"PRAGMA busy_timeout = {waits}").close()

    def below_zero(self, connection: Connection, book: int, places: Places, ground: Ground) -> list[tuple[Place, int]]:
        """The places that are below zero on a day, with the first such day."""
        try:
            suspects = self.rows(connection, _SUSPECTS, (json.dumps(asked(places, ground)), book))
            if not suspects:
                return []
            found = self.rows(connection, _BELOW_ZERO, (json.dumps([tuple(row) for row in suspects]), book))
        except OperationalError as error:
            if "integer overflow" not in str(error.orig):
                raise
            found = self._below_zero(connection, book, asked(places, ground))
        return [((denomination, account), on) for denomination, account, on in found]

    def _below_zero(
        self, connection: Connection, book: int, places: Sequence[tuple[str, str, int, int]]
    ) -> list[tuple[str, str, int]]:
        """The same, added up in Python, where a sum is beyond the whole numbers that SQLite counts with."""
        found = []
        for denomination, account, since, sign in places:
            moved: Counter[int] = Counter()
            for side, way in (("target", sign), ("source", -sign)):
                statement = (
                    "SELECT effective_on, quantity FROM {s}coopledger_posting "
                    f"WHERE book = ? AND denomination = ? AND {side} = ?"
                )
                for on, quantity in self.rows(connection, statement, (book, denomination, account)):
                    moved[on] += way * quantity
            running = accumulate(sorted(moved.items()), lambda before, one: (one[0], before[1] + one[1]))
            below = next((on for on, stands in running if on >= since and stands < 0), None)
            if below is not None:
                found.append((denomination, account, below))
        return found

    def reading(self, connection: Connection, statement: str, values: Sequence[Any] = ()) -> "SqliteRows":
        """Fetch straight from the driver."""
        return SqliteRows(connection, self.sql(statement), values)

    def is_unavailable(self, error: DBAPIError) -> bool:
        """Whether others hold the file, it is not for us, there is no room, or the statement was interrupted."""
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _UNAVAILABLE

    def is_corruption(self, error: DBAPIError) -> bool:
        """Whether the file is none of SQLite's, or not as it must be."""
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
        return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or "unsupported file format" in str(error.orig)

    def complaints(self, connection: Connection, book: int, last: int) -> list[str]:  # noqa: ARG002 - of the file
        """What SQLite's own check finds; in our own tables, if it does not know what a host's are ordered by."""
        try:
            found = self.rows(connection, "PRAGMA integrity_check")
        except OperationalError as error:
            if not any(missing in str(error.orig) for missing in _OF_THE_HOST):
                raise
            found = [
                row for table in tables().tables for row in self.rows(connection, f"PRAGMA integrity_check({table})")
            ]
        return [row[0] for row in found if row[0] != "ok"]

    def _translated(self, statement: str) -> str:
        return statement


class SqliteRows:
    """Rows that the driver fetches. While they are not closed, their connection sees the file as it was."""

    def __init__(self, connection: Connection, statement: str, values: Sequence[Any]) -> None:
        driver: Any = connection.connection.driver_connection
        self._connection, self._statement = connection, statement
        with raising_as_sqlalchemy(connection, statement):
            self._cursor = driver.execute(statement, tuple(values))

    def fetch(self, count: int) -> Sequence[Any]:
        """The next rows, fewer at the end."""
        with raising_as_sqlalchemy(self._connection, self._statement):
            rows: Sequence[Any] = self._cursor.fetchmany(count)
        return rows

    def let_go(self) -> bool:
        """Closed at once: until then the file's tables are in use."""
        self.close()
        return True

    def close(self) -> None:
        """Fetch no more; a second time does nothing."""
        with suppress(sqlite3.Error):  # the connection is closed, or this is another thread: then the view did it
            self._cursor.close()


_PLACES = """(
    SELECT value ->> 0 AS denomination, value ->> 1 AS account, value ->> 2 AS since, value ->> 3 AS sign, ?2 AS book
    FROM json_each(?1)
) AS place"""


def _sum(side: str, days: str = "") -> str:
    return f"""(
        SELECT coalesce(sum(quantity), 0) FROM {{s}}coopledger_posting AS p
        WHERE p.book = place.book AND p.denomination = place.denomination AND p.{side} = place.account{days}
    )"""


_SO_FAR = " AND p.effective_on <= place.since"

# The places that could be below zero on a day: more is taken from them, some of it perhaps later, than had come in up
# to the earliest day in question. Correlated on purpose: joined to the postings, SQLite scans a whole index to build a
# Bloom filter.
_SUSPECTS = f"""
SELECT denomination, account, since, sign FROM {_PLACES}
WHERE CASE sign WHEN 1 THEN {_sum("target", _SO_FAR)} < {_sum("source")}
    ELSE {_sum("source", _SO_FAR)} < {_sum("target")} END
"""

# For each of them its running balance by day, from the earliest day in question on: twelve times as slow.
_BELOW_ZERO = f"""
SELECT denomination, account, below FROM (
    SELECT denomination, account, (
        SELECT min(on_day) FROM (
            SELECT effective_on AS on_day, sum(sum(moved)) OVER (ORDER BY effective_on) AS running FROM (
                SELECT effective_on, quantity AS moved FROM {{s}}coopledger_posting AS p
                WHERE p.book = place.book AND p.denomination = place.denomination AND p.target = place.account
                UNION ALL
                SELECT effective_on, -quantity FROM {{s}}coopledger_posting AS p
                WHERE p.book = place.book AND p.denomination = place.denomination AND p.source = place.account
            ) GROUP BY effective_on
        ) WHERE on_day >= place.since AND running * place.sign < 0
    ) AS below FROM {_PLACES}
) WHERE below IS NOT NULL ORDER BY denomination, account
"""

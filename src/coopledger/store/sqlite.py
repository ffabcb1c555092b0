"""Books in SQLite: a file, or memory."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import Connection

from coopledger.core.accounts import Ground
from coopledger.core.balances import Place
from coopledger.store.dialect import Dialect, Places, asked


class Sqlite(Dialect):
    """How SQLite is asked."""

    def lock(self, connection: Connection, book: int, *, joined: bool) -> None:  # noqa: ARG002 - all books of a file
        """Let nobody else write until the transaction ends.

        Our own transactions began so (BEGIN IMMEDIATE). In a caller's, a statement that changes nothing takes the
        lock, and begins the transaction if the driver has not done so yet.
        """
        if joined:
            self.run(connection, "DELETE FROM {s}coopledger_personal WHERE 0")

    def write(self, connection: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Write rows of a table."""
        marks = ", ".join("?" * len(columns))
        statement = self.sql(f"INSERT INTO {{s}}{table} ({', '.join(columns)}) VALUES ({marks})")
        connection.exec_driver_sql(statement, rows if len(rows) > 1 else rows[0])

    def below_zero(self, connection: Connection, book: int, places: Places, ground: Ground) -> list[tuple[Place, int]]:
        """The places that are below zero on a day, with the first such day."""
        found = self.rows(connection, _GUARD, (json.dumps(asked(places, ground)), book))
        return [((denomination, account), on) for denomination, account, on in found]

    @contextmanager
    def reading(
        self, connection: Connection, statement: str, values: Sequence[Any] = ()
    ) -> Iterator[Callable[[int], Sequence[Any]]]:
        """Fetch straight from the driver."""
        driver: Any = connection.connection.driver_connection
        with closing(driver.execute(self.sql(statement), tuple(values))) as cursor:
            yield cursor.fetchmany

    def complaints(self, connection: Connection) -> list[str]:
        """What SQLite's own check finds."""
        return [row[0] for row in self.rows(connection, "PRAGMA integrity_check") if row[0] != "ok"]

    def _translated(self, statement: str) -> str:
        return statement


# For each place its running balance by day, from the earliest day in question on. Correlated on purpose: joined to
# the postings, SQLite scans a whole index to build a Bloom filter.
_GUARD = """
SELECT denomination, account, below FROM (
    SELECT denomination, account, (
        SELECT min(on_day) FROM (
            SELECT effective_on AS on_day, sum(sum(moved)) OVER (ORDER BY effective_on) AS running FROM (
                SELECT effective_on, quantity AS moved FROM {s}coopledger_posting AS p
                WHERE p.book = place.book AND p.denomination = place.denomination AND p.target = place.account
                UNION ALL
                SELECT effective_on, -quantity FROM {s}coopledger_posting AS p
                WHERE p.book = place.book AND p.denomination = place.denomination AND p.source = place.account
            ) GROUP BY effective_on
        ) WHERE on_day >= place.since AND running * place.sign < 0
    ) AS below
    FROM (
        SELECT value ->> 0 AS denomination, value ->> 1 AS account, value ->> 2 AS since, value ->> 3 AS sign,
            ?2 AS book
        FROM json_each(?1)
    ) AS place
) WHERE below IS NOT NULL ORDER BY denomination, account
"""

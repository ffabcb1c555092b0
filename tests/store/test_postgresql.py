"""A book in PostgreSQL keeps every promise of a book in memory."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from coopledger.core.journal import Entry
from coopledger.store.database import create_book
from coopledger.store.postgresql import Postgresql
from coopledger.store.sql import SqlJournal
from tests.store.books import DAY, Book, issue
from tests.store.contract import Contract


class TestPostgresql(Contract):
    engine: Engine
    schema: str

    @pytest.fixture(autouse=True)
    def _database(self, postgresql_engine: Engine, postgresql_schema: str) -> None:
        self.engine, self.schema = postgresql_engine, postgresql_schema

    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        return create_book(self.engine, book, schema=self.schema, clock=clock, salt=salt)

    def test_an_append_onto_a_large_book_does_not_read_all_its_postings(self) -> None:
        """The planner would rather scan a large table, or an index, than look for rows of which it knows no number."""
        book = self.founded()
        assert isinstance(book, SqlJournal)
        for n in range(20):
            postings = issue(1, "holder/2").postings * 1000
            book.append([Entry("many", DAY, DAY, {}, postings)], key=f"many{n}", actor="me")
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f'VACUUM ANALYZE "{self.schema}".coopledger_posting')
        with self.engine.connect() as connection:
            before, pages = self._pages(connection)
            connection.exec_driver_sql("SET LOCAL random_page_cost = 1000")  # as if there were millions
            book.within(connection).append([issue(1)], key="one", actor="me")
            connection.commit()
            after, _ = self._pages(connection)
        assert 0 < after - before < pages / 2

    def test_balances_are_planned_for_what_is_asked(self) -> None:
        """The plan for any values, which the server takes after a few times, would use one processor."""
        book = self.founded()
        assert isinstance(book, SqlJournal)
        with self.engine.connect() as connection, book.within(connection).read() as view:
            for _ in range(12):
                view.balances("land", "holder", DAY)
                [*view.records("issue", since=1)]
            prepared = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
        assert [one for one in prepared if "coopledger_record" in one]
        assert not [one for one in prepared if "sum(" in one]

    def test_what_is_appended_while_a_book_is_verified_is_no_fault_of_its_indexes(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Table and index are counted one after the other, as they stand at one moment."""
        book = self.founded()
        right = Postgresql.rows
        appended: list[str] = []

        def rows(
            dialect: Postgresql, connection: Connection, statement: str, values: Sequence[Any] = ()
        ) -> Sequence[Any]:
            found = right(dialect, connection, statement, values)
            if statement.startswith("SELECT count(*), sum(") and len(appended) < 20:
                appended.append(statement)
                book.append([issue(1)], key=f"meanwhile{len(appended)}", actor="me")
            return found

        monkeypatch.setattr(Postgresql, "rows", rows)
        assert book.verify() == []
        assert len(appended) > 2

    def _pages(self, connection: Connection) -> tuple[int, int]:
        """How many pages of the postings and their indexes this connection has read so far, and how many there are."""
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        connection.commit()
        asked = (
            "SELECT heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit, pg_relation_size(relid) / 8192 "
            "FROM pg_statio_user_tables WHERE schemaname = %s AND relname = %s"
        )
        read, there = connection.exec_driver_sql(asked, (self.schema, "coopledger_posting")).one()
        return read, there

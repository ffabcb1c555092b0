"""What the tests of faults share: how far they go, what they found, a small book, and what a database says of it."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine

from coopledger.core.journal import Entry, Posting
from coopledger.store.database import create_book, engine_of
from coopledger.store.sql import SqlJournal
from tests.store.books import DAY, Clock, Salts, about, founding, issue, note

TABLES = ("book", "record", "posting", "personal")

ROOT = Path(__file__).parents[2]

FULL = os.environ.get("COOPLEDGER_FAULTS") == "full"
"""Whether each fault is tried as often as its target says (``make fault``), or a few times (``make test``)."""


def times(few: int, many: int) -> int:
    """How often something is done: a few times, or as often as the target says."""
    return many if FULL else few


class Figures(NamedTuple):
    """How often a fault was survived: nothing lost, nothing in part, nothing unnoticed, or the test had failed.

    ``make fault`` prints it as a table.
    """

    fault: str
    database: str
    done: int
    note: str = ""


Keep = Callable[[Figures], None]


class Place(NamedTuple):
    """A database for books: an engine, and the schema that its tables are in."""

    engine: Engine
    schema: str | None = None

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    def book(self, name: str = "hill") -> SqlJournal:
        """An empty book."""
        return create_book(self.engine, name, schema=self.schema, clock=Clock(), salt=Salts())

    def run(self, *statements: str) -> None:
        """Run statements past the library, in one transaction; ``{s}`` stands before the names of tables."""
        prefix = f'"{self.schema}".' if self.schema else ""
        with self.engine.begin() as connection:
            for one in statements:
                connection.exec_driver_sql(one.replace("{s}", prefix))

    @contextmanager
    def off_guard(self) -> Iterator[None]:
        """While this lasts no trigger keeps the book; afterwards nothing of it shows in the schema."""
        if self.dialect == "sqlite":
            triggers = self.rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            self.run(*(f"DROP TRIGGER {name}" for name, _ in triggers))
            self.engine.dispose()  # SQLite takes a trigger for there that another connection has dropped
            yield
            self.engine.dispose()
            self.run(*(str(definition) for _, definition in triggers))
            return
        self.run(*(f"ALTER TABLE {{s}}coopledger_{one} DISABLE TRIGGER USER" for one in TABLES))
        yield
        self.run(
            *(
                f"ALTER TABLE {{s}}{table} ENABLE ALWAYS TRIGGER {trigger}"
                for table, trigger in self.rows(
                    "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                    f"JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{self.schema}' "
                    "AND NOT t.tgisinternal"
                )
            )
        )

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement selects."""
        prefix = f'"{self.schema}".' if self.schema else ""
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement.replace("{s}", prefix))]


def in_a_file(path: Path) -> Place:
    return Place(engine_of(path))


def entries() -> list[Entry]:
    """Something of everything: shares, money, a lot, a reversal, members with personal rows."""
    day = DAY + timedelta(1)
    paid = Entry(
        "dividend",
        day,
        day,
        {"reason": "2025"},
        [Posting("CNY", f"c37:222/{n}", "c37:332", 100 + n, lot="2025") for n in (1, 2)],
    )
    back = Entry("back", day, day, {}, [Posting("CNY", "c37:332", "c37:222/1", 40, 5, 0, "2025")])
    return [
        founding(),
        issue(50),
        issue(30, "holder/2"),
        Entry("person", DAY, DAY, {}, [], {"1": {"card": "6222 0001"}, "2": {"card": "6222 0002"}}),
        paid,
        back,
        about("3", {"name": "成员丙"}),
        note(said="the last one"),
    ]


def filled(place: Place, name: str = "hill") -> SqlJournal:
    """A book with something of everything, each in an append of its own; after it everything verifies."""
    book = place.book(name)
    for n, one in enumerate(entries(), 1):
        book.append([one], key=f"key {n}", actor="clerk")
    assert said(book.verify()) == []
    return book


def said(problems: Sequence[object]) -> list[str]:
    return [str(one) for one in problems]

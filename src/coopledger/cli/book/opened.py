"""Opening the book that a command is about, and the clock: the one place where they are read."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from coopledger.cli.book.command import Where
from coopledger.core.journal import View
from coopledger.errors import RegisterError, StoreError
from coopledger.text import Message, printable

if TYPE_CHECKING:  # it takes a quarter of a second, and only what opens a book needs it
    from sqlalchemy import Engine

    from coopledger.store.sql import SqlJournal


class Opened(NamedTuple):
    """A book, and the engine of its database."""

    engine: "Engine"
    journal: "SqlJournal"


_now_ns = time.time_ns
"""The machine's clock. Nothing else of the command line looks at it."""


def clock() -> int:
    """The time, in microseconds since 1970."""
    return _now_ns() // 1000


def today() -> date:
    """The day that it is here."""
    return datetime.fromtimestamp(clock() // 1_000_000).date()  # noqa: DTZ006 - the accountant's own day


@contextmanager
def engine_at(where: Where, *, there: bool = True) -> Iterator["Engine"]:
    """An engine for the database; with ``there`` its file must be there already."""
    from coopledger.store.database import engine_of

    if there and "://" not in where.database and not os.path.isfile(where.database):
        file = printable(where.database)
        if os.path.isdir(where.database):
            raise StoreError(Message("{file} is a folder: a book's file is expected", file=file))
        raise StoreError(Message("{file}: there is no such file", file=file))
    engine = engine_of(where.database)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened(where: Where) -> Iterator[Opened]:
    """The book."""
    from coopledger.store.database import open_book

    with engine_at(where) as engine:
        yield Opened(engine, open_book(engine, where.named, schema=where.schema, clock=clock))


def check_known(journal: "SqlJournal", view: View, known: int | datetime | None) -> None:
    """Raise RegisterError if nothing had been written by the time as at which a book is to be known."""
    if isinstance(known, datetime) and not view.head.seq:
        with journal.read() as latest:
            first = latest.record(1).recorded_at if latest.head.seq else None
        if first is not None:
            raise RegisterError(
                Message(
                    "nothing was known at {time}: the first record was written at {first}",
                    time=known.astimezone().isoformat(" ", "seconds"),
                    first=first.astimezone().isoformat(" ", "seconds"),
                )
            )


def book_files(engine: "Engine") -> list[str]:
    """A book's own files: the database's, and the log or journal that SQLite keeps beside it; none on a server.

    SQLite itself says which file it has open: a URL or a link may lead to it under any name.
    """
    if engine.dialect.name != "sqlite":
        return []
    with engine.connect() as connection:
        files = [row[2] for row in connection.exec_driver_sql("PRAGMA database_list") if row[2]]
    return [f"{file}{ending}" for file in files for ending in ("", "-wal", "-shm", "-journal")]

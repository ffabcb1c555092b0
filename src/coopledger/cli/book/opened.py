"""Opening the book that a command is about, and the clock: the one place where they are read."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from coopledger.cli.book.command import Where
from coopledger.errors import StoreError
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

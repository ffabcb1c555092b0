"""The PostgreSQL database: a pool of connections, the tables at start, and work that is tried again."""

import os
import random
import time
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

from sqlalchemy import MetaData, create_engine, make_url
from sqlalchemy.exc import InterfaceError, OperationalError

from coopledger import book

_T = TypeVar("_T")


class Database:
    """An engine, and the books that were opened on it. One object serves all threads of a process."""

    def __init__(self, url: str | None = None) -> None:
        named = make_url(url or os.environ["DATABASE_URL"])
        self.engine = create_engine(
            named.set(drivername="postgresql+psycopg"),
            pool_size=10,  # a request at work has one connection, one that verifies three
            max_overflow=10,
            pool_timeout=10,  # seconds; then 503, and not a queue that nobody sees
            pool_pre_ping=True,  # a connection that the server has closed is replaced before it is used
            hide_parameters=True,  # no personal data in logs
            connect_args={
                "connect_timeout": 5,
                "options": f"{named.query.get('options', '')} -c lock_timeout=10s",
            },
        )
        self._books: dict[str, book.Journal] = {}
        self._opening = Lock()

    def migrate(self, own: MetaData) -> None:
        """Make the tables, or bring them to this version. Processes that start at once take turns."""
        with self.engine.begin() as connection:
            book.upgrade(connection)
            own.create_all(connection)

    def open(self, name: str) -> book.Journal:
        """A book by its name, opened once."""
        with self._opening:
            if name not in self._books:
                self._books[name] = book.open_book(self.engine, name)
            return self._books[name]


def retried(work: Callable[[], _T]) -> _T:
    """What work gives, done again where the database could not answer: restarted, deadlocked, locked for too long.

    If all was written and only the answer was lost, the key finds it. So what writes has a key.
    """
    for wait in (0.1, 0.5):
        try:
            return work()
        except (InterfaceError, OperationalError):
            time.sleep(wait * random.uniform(0.5, 1.5))  # noqa: S311 - those who failed together do not return together
    return work()

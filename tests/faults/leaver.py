"""A process that leaves without a word before a statement of an append, for each statement and each kind of append.

``python -m tests.faults.leaver DATABASE SCHEMA``; a schema of ``-`` is none. It makes children of itself, one for each
statement, and says how many left; a process of its own does this, because one with threads cannot be copied safely.
"""

import itertools
import os
import sys
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from coopledger.store.database import engine_of, open_book
from coopledger.store.postgresql import Postgresql
from coopledger.store.sql import SqlJournal
from tests.faults.books import Place, filled, said
from tests.faults.test_crash import erased, everything, many, one, opened
from tests.store.books import Clock, Salts, head

LEFT = 9


def main() -> None:
    """Say how many left, kind by kind; an assertion fails where something is neither as before nor whole."""
    database, schema = sys.argv[1:]
    place = Place(engine_of(database), None if schema == "-" else schema)
    for work in (one, many, opened, erased):
        name = f"hill-{work.__name__}"
        book = filled(place, name)
        before = stands = head(book), everything(place)
        at = 0
        while (left := after_leaving(at, place, name, work)) == LEFT:
            if stands == before and head(book).seq > before[0].seq:  # what comes after its commit cannot undo it
                stands = head(book), everything(place)
            assert (head(book), everything(place)) == stands, (name, at)
            at += 1
        assert left == 0, (name, at)
        assert head(book).seq > before[0].seq
        assert said(book.verify([before[0], head(book)])) == []
        now = everything(place)
        work(book)  # the same once more is a repetition
        assert everything(place) == now
        os.write(1, b"%d\n" % at)
    place.engine.dispose()


def after_leaving(at: int, place: Place, name: str, work: Callable[[SqlJournal], None]) -> int:
    """How a child ended that was to leave before a statement of its work; 0 if it had no such statement."""
    place.engine.dispose()
    child = os.fork()
    if child == 0:
        book = open_book(place.engine.url, name, schema=place.schema, clock=Clock(), salt=Salts())
        leave_at(at)
        work(book)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def leave_at(at: int) -> None:
    """Leave before the statement of that number: of those that are written, of COPY and of COMMIT."""
    count = itertools.count()

    def passed(*_what: Any) -> None:
        if next(count) == at:
            os._exit(LEFT)

    def write(self: Postgresql, *what: Any) -> None:
        passed()
        copy(self, *what)

    copy = Postgresql.write
    setattr(Postgresql, "write", write)  # noqa: B010 - instead of the method
    event.listen(Engine, "before_cursor_execute", passed)
    event.listen(Engine, "commit", passed)


if __name__ == "__main__":
    main()

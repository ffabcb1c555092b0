"""An append that breaks off at any of its statements leaves the book as it was, and the next one goes on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from coopledger.core.accounts import Denomination, opening
from coopledger.core.journal import Entry, Posting
from coopledger.errors import UnopenedError
from coopledger.store.postgresql import Postgresql
from coopledger.store.sql import SqlJournal
from coopledger.store.upgrade import upgrade
from tests.faults.books import Figures, Keep, Place, filled, said
from tests.store.books import DAY, about, founding, head, issue, note, take

NEXT = DAY + timedelta(1)


class CutError(Exception):
    """The power is gone."""


@contextmanager
def cut(engine: Engine, at: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Break off before the statement of that number, counted from 0; which were run is noted."""
    run: list[str] = []

    def before(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        if len(run) == at:
            raise CutError
        run.append(statement)

    def commit(_connection: Connection) -> None:
        if len(run) == at:
            raise CutError
        run.append("COMMIT")

    def copied(self: Postgresql, *arguments: Any) -> None:
        if len(run) == at:
            raise CutError
        run.append("COPY")
        copy(self, *arguments)

    copy = Postgresql.write
    monkeypatch.setattr(Postgresql, "write", copied)
    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "commit", commit)
    try:
        yield run
    finally:
        monkeypatch.setattr(Postgresql, "write", copy)
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "commit", commit)


def one(book: SqlJournal) -> None:
    book.append([issue(5, "holder/3")], key="new", actor="clerk")


def many(book: SqlJournal) -> None:
    people = {"8": {"name": "成员丁"}}
    back = Entry("back", NEXT, NEXT, {}, [Posting("land", "holder/2", "unissued", 3, 3, 0)])
    entries = [issue(5, "holder/3"), take(1, "holder/3", NEXT), back, about("9", {"name": "成员戊"})]
    book.append([*entries, Entry("person", NEXT, NEXT, {}, [], people), note()], key="new", actor="clerk")


def paged(book: SqlJournal) -> None:
    """More rows of each table than a store writes at once."""
    two = [Posting("land", "unissued", "holder/3", 1), Posting("land", "unissued", "holder/4", 1)]
    book.append([Entry("issue", DAY, DAY, {}, two)] * 600, key="new", actor="clerk")


def opened(book: SqlJournal) -> None:
    more = Entry("opening", DAY, DAY, opening([Denomination("forest", "forest shares")]))
    book.append(
        [more, Entry("issue", DAY, DAY, {}, [Posting("forest", "unissued", "holder/1", 1)])], key="new", actor="me"
    )


def erased(book: SqlJournal) -> None:
    book.erase(["1", "2"], key="new", actor="clerk", on=DAY)


@pytest.mark.parametrize("work", [one, many, paged, opened, erased])
def test_an_append_that_breaks_off_at_any_statement_is_whole_or_not_there(
    place: Place, work: Callable[[SqlJournal], None], monkeypatch: pytest.MonkeyPatch, keep: Keep
) -> None:
    book = filled(place)
    before = head(book), everything(place)
    broken = 0
    while True:
        with cut(place.engine, broken, monkeypatch) as run:
            try:
                work(book)
            except CutError:
                assert len(run) == broken
                if "COMMIT" in run:  # what comes after its commit cannot undo it
                    break
            else:
                break
        assert (head(book), everything(place)) == before
        broken += 1
    assert broken >= 4
    assert head(book).seq > before[0].seq
    assert said(book.verify([before[0], head(book)])) == []
    now = everything(place)
    work(book)  # the same once more is a repetition
    assert everything(place) == now
    keep(Figures("append broken off at a statement", place.dialect, broken, work.__name__))


def test_what_a_callers_rollback_took_away_is_not_believed_afterwards(place: Place) -> None:
    with place.engine.begin() as connection:
        upgrade(connection, schema=place.schema)
    book = place.book()
    book.append([founding()], key="founding", actor="me")
    forest = Entry("issue", DAY, DAY, {}, [Posting("forest", "unissued", "holder/1", 1)])
    with place.engine.connect() as connection:
        joined = book.within(connection)
        opened(joined)
        joined.append([forest], key="more", actor="me")
        connection.rollback()
    with pytest.raises(UnopenedError):
        book.append([forest], key="after", actor="me")
    book.append([note(), note(), note()], key="notes", actor="me")
    with pytest.raises(UnopenedError):
        book.append([forest], key="after", actor="me")
    assert said(book.verify()) == []


def everything(place: Place) -> list[list[tuple[object, ...]]]:
    """All rows of all tables."""
    tables = ("book", "record", "posting", "personal")
    return [sorted(place.rows(f"SELECT * FROM {{s}}coopledger_{one}"), key=str) for one in tables]

"""A disk that is full: nothing is there in part, and the book goes on once there is room."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from tests.faults.books import Figures, Keep, filled, in_a_file, said
from tests.store.books import head, issue, note


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """No file of this process may grow beyond a size: what a full disk says to a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("room", [0, 8_192, 100_000, 400_000])
def test_an_append_without_room_leaves_the_book_as_it_was(tmp_path: Path, room: int, keep: Keep) -> None:
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    before = head(book)
    size = max(one.stat().st_size for one in tmp_path.iterdir())
    with no_file_above(size + room):
        for n in range(1000):
            try:
                book.append([note(memo="备注" * 5000)], key=f"memo {n}", actor="me")
            except (SQLAlchemyError, OSError):
                break
        else:
            pytest.fail("there was always room")
    told = head(book)
    assert told.seq == before.seq + n
    assert said(book.verify([before, told])) == []
    book.append([note(memo="备注" * 5000)], key=f"memo {n}", actor="me")
    assert head(book).seq == told.seq + 1
    assert said(book.verify([before, told, head(book)])) == []
    place.engine.dispose()
    keep(Figures("disk full", "sqlite", 1, f"{room} bytes of room, {n} appends before"))


def test_a_hosts_work_outlives_an_append_for_which_there_was_no_room(tmp_path: Path) -> None:
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    before = head(book)
    with place.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE host (n INTEGER)")
        connection.exec_driver_sql("INSERT INTO host VALUES (1)")
        [[pages]] = connection.exec_driver_sql("PRAGMA page_count").fetchall()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 3}")
        with pytest.raises(SQLAlchemyError, match="full"):
            book.within(connection).append([issue(1) for _ in range(3000)], key="many", actor="me")
        connection.exec_driver_sql("INSERT INTO host VALUES (2)")
        connection.exec_driver_sql("PRAGMA max_page_count = 100000")
        book.within(connection).append([issue(1)], key="one", actor="me")
    with place.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM host ORDER BY n").fetchall() == [(1,), (2,)]
    assert head(book).seq == before.seq + 1
    assert said(book.verify([before, head(book)])) == []
    place.engine.dispose()


def test_a_large_append_for_which_there_was_no_room_leaves_nothing(tmp_path: Path) -> None:
    place = in_a_file(tmp_path / "book.db")
    book = filled(place)
    before = head(book)
    size = max(one.stat().st_size for one in tmp_path.iterdir())
    with no_file_above(size + 300_000), pytest.raises((SQLAlchemyError, OSError)):
        book.append([issue(1) for _ in range(5000)], key="many", actor="me")
    assert head(book) == before
    assert said(book.verify([before])) == []
    assert len(book.append([issue(1) for _ in range(5000)], key="many", actor="me")) == 5000
    assert said(book.verify([before, head(book)])) == []
    place.engine.dispose()

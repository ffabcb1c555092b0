"""A PostgreSQL server that is killed, stopped at once, filled up or damaged on its disk."""

import os
import random
import resource
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from coopledger.core.journal import Entry, Head
from coopledger.store.database import create_book, engine_of, open_book
from coopledger.store.postgresql import Postgresql
from tests.faults.books import ROOT, Figures, Keep, Place, filled, said, times
from tests.faults.embedded import Embedded, embedded
from tests.store.books import DAY, founding, head, issue, note

WRITER = "coopledger writer"
ROOM = 17_000_000
"""More than a segment of the server's log (16 MiB), which must not be what is full."""


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    with embedded() as server:
        yield server


def test_a_server_that_is_killed_or_stopped_at_once_loses_nothing_that_it_acknowledged(
    server: Embedded, keep: Keep
) -> None:
    """Three backends in four are killed (the whole server recovers then), every fourth time the server is stopped."""
    engine = engine_of(server.uri)
    create_book(engine, "hill", schema="killed").append([founding()], key="founding", actor="me")
    heads: list[Head] = []
    chance = random.Random(12)  # noqa: S311 - the same moments in each run
    count = times(4, 200)
    for n in range(count):
        command = [sys.executable, "-m", "tests.faults.writer", server.uri, "killed", f"writer {n}", "0"]
        environment = {**os.environ, "PGAPPNAME": WRITER}
        with subprocess.Popen(  # noqa: S603 - our own
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(chance.randint(1, 25))]
            if n % 4 == 3:
                server.stop()
                server.start()
            else:
                server.kill(chance.choice(server.backends(WRITER)))
            lines += process.stdout.readlines()
        assert process.returncode != 0
        heads += [
            Head(int(seq), bytes.fromhex(own.decode()))
            for seq, own in (line.split(b":") for line in lines if line.endswith(b"\n"))
        ]
        server.wait()
        engine.dispose()
        if n % 20 == 0 or n == count - 1:
            assert said(open_book(engine, schema="killed").verify(heads)) == []
    book = open_book(engine, schema="killed")
    last = head(book)
    assert len(heads) + 1 <= last.seq <= len(heads) + 1 + count
    book.append([note()], key="after", actor="me")
    assert said(book.verify([*heads, last])) == []
    engine.dispose()
    keep(Figures("server killed or stopped at once", "postgresql", count, f"{len(heads)} acknowledged"))


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """What this process starts may write no file beyond a size: what a full disk says to a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_server_without_room_leaves_the_book_as_it_was_and_goes_on_when_there_is_room(
    server: Embedded, keep: Keep
) -> None:
    engine = engine_of(server.uri)
    book = filled(Place(engine, "crowded"))
    engine.dispose()
    server.stop(signal.SIGINT)
    with no_file_above(ROOM):
        server.start()
    before = head(book)
    big = [note(memo=secrets.token_hex(500_000)) for _ in range(20)]
    count = times(1, 5)
    for _ in range(count):
        with pytest.raises(DBAPIError, match="File too large"):
            book.append(big, key="big", actor="me")
        assert head(book) == before
        book.append([note()], key=f"small {before.seq}", actor="me")  # what is small finds room
        before = head(book)
    engine.dispose()
    server.stop(signal.SIGINT)
    server.start()
    assert book.append(big, key="big", actor="me")[0].prev_hash == before.hash
    assert said(book.verify([before, head(book)])) == []
    engine.dispose()
    keep(Figures("disk full", "postgresql", count))


@pytest.mark.parametrize("table", ["posting", "personal", "record"])
def test_a_journal_whose_backend_is_ended_in_the_middle_of_an_append_goes_on(
    server: Embedded, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing need be opened again: the error is SQLAlchemy's, and the broken connection is not used any more."""
    engine = engine_of(server.uri)
    book = filled(Place(engine, f"ended_{table}"))
    before = head(book)
    write = Postgresql.write

    def ended(self: Postgresql, connection: Connection, into: str, *what: Any) -> None:
        write(self, connection, into, *what)
        if into == f"coopledger_{table}":
            [[pid]] = connection.exec_driver_sql("SELECT pg_backend_pid()")
            server.ask("SELECT pg_terminate_backend(%s, 10000)", pid)
            write(self, connection, into, *what)

    entry = Entry("issue", DAY, DAY, {}, issue(5).postings, {"9": {"name": "成员壬"}})
    monkeypatch.setattr(Postgresql, "write", ended)
    with pytest.raises(DBAPIError):
        book.append([entry], key="new", actor="me")
    monkeypatch.setattr(Postgresql, "write", write)
    assert head(book) == before
    assert book.append([entry], key="new", actor="me")[0].prev_hash == before.hash
    assert said(book.verify([before])) == []
    engine.dispose()


RELATIONS = [
    "record",
    "record_pkey",
    "record_key",
    "record_kind",
    "posting",
    "posting_pkey",
    "posting_source",
    "posting_target",
    "posting_reverses",
    "personal",
    "personal_pkey",
    "personal_seq",
]


def test_a_page_that_changed_on_the_servers_disk_is_found(server: Embedded, keep: Keep) -> None:
    """One bit of the first item of each table and index: the server checks its pages, unless initdb is told not to."""
    engine = engine_of(server.uri)
    files: dict[str, Path] = {}
    anchors: dict[str, Head] = {}
    for name in RELATIONS:
        place = Place(engine, f"changed_{name}")
        anchors[name] = head(filled(place))
        [[path]] = place.rows(f"SELECT pg_relation_filepath('changed_{name}.coopledger_{name}')")
        files[name] = server.data / str(path)
    engine.dispose()
    server.stop(signal.SIGINT)
    for file in files.values():
        page = bytearray(file.read_bytes())
        page[-40] ^= 1  # items are laid from the end of a page
        file.write_bytes(page)
    server.start()
    found = {name: open_book(engine, schema=f"changed_{name}").verify([anchors[name]]) for name in RELATIONS}
    engine.dispose()
    assert [name for name, problems in found.items() if not problems] == []
    keep(Figures("page changed on disk", "postgresql", len(RELATIONS)))

"""Writers that are killed, and many of them at once: nothing acknowledged is lost, nothing is there in part."""

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from coopledger.core.journal import Head
from coopledger.store.database import create_book, engine_of, open_book
from coopledger.store.sql import SqlJournal
from tests.faults.books import ROOT, Figures, Keep, Place, said, times
from tests.store.books import founding, head, records


def writer(database: str, schema: str | None, name: str, count: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.writer", database, schema or "-", name, f"{count}"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - our own


def acknowledged(said_by_writer: bytes) -> list[Head]:
    """The heads that a writer said; a line that was cut off is none."""
    lines = said_by_writer.split(b"\n")[:-1]
    return [Head(int(seq), bytes.fromhex(own.decode())) for seq, own in (line.split(b":") for line in lines)]


def assert_none_lost(book: SqlJournal, heads: list[Head]) -> None:
    assert said(book.verify([*heads, head(book)])) == []


def test_a_writer_that_is_killed_loses_nothing_that_it_acknowledged(tmp_path: Path, keep: Keep) -> None:
    """kill −9 at a moment of its own for each writer, after a random number of acknowledgements."""
    file = tmp_path / "book.db"
    create_book(file, "hill").append([founding()], key="founding", actor="me")
    chance = random.Random(9)  # noqa: S311 - the same moments in each run
    heads: list[Head] = []
    for n in range(times(12, 1000)):
        process = writer(str(file), None, f"writer {n}", 0)
        assert process.stdout is not None
        seen = b"".join(process.stdout.readline() for _ in range(chance.randint(1, 25)))
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        heads += acknowledged(seen + rest)
        if n % 20 == 0:
            assert_none_lost(open_book(file), heads)
    book = open_book(file)
    assert_none_lost(book, heads)
    # Of each writer at most one record more than it could say: written, and killed before it said so.
    assert len(heads) + 1 <= head(book).seq <= len(heads) + 1 + times(12, 1000)
    book.append([founding()], key="after", actor="me")
    keep(Figures("writer killed (-9)", "sqlite", times(12, 1000), f"{len(heads)} acknowledged"))


def test_a_backend_that_is_killed_loses_nothing_that_it_acknowledged(fault_engine: Engine, keep: Keep) -> None:
    schema = "coopledger_fault_kill"
    place = Place(fault_engine, schema)
    place.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    book = create_book(place.engine, "hill", schema=schema)
    book.append([founding()], key="founding", actor="me")
    url = fault_engine.url.update_query_dict({"application_name": "fault_writer"})
    uri = url.render_as_string(hide_password=False)
    heads: list[Head] = []
    chance = random.Random(11)  # noqa: S311 - the same moments in each run
    for n in range(times(4, 200)):
        process = writer(uri, schema, f"writer {n}", 0)
        assert process.stdout is not None
        seen = b"".join(process.stdout.readline() for _ in range(chance.randint(1, 25)))
        place.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fault_writer'")
        rest, _ = process.communicate()
        heads += acknowledged(seen + rest)
        assert process.returncode != 0
        fault_engine.dispose()
    assert_none_lost(book, heads)
    assert len(heads) >= times(4, 200)
    assert len(heads) + 1 <= head(book).seq <= len(heads) + 1 + times(4, 200)
    place.run(f"DROP SCHEMA {schema} CASCADE")
    keep(Figures("backend ended", "postgresql", times(4, 200), f"{len(heads)} acknowledged"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_many_processes_write_without_a_fork_or_a_gap(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest, keep: Keep
) -> None:
    schema = "coopledger_fault_many" if kind == "postgresql" else None
    engine = request.getfixturevalue("fault_engine") if schema else engine_of(tmp_path / "book.db")
    place = Place(engine, schema)
    if schema:
        place.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    book = create_book(place.engine, "hill", schema=schema)
    book.append([founding()], key="founding", actor="me")
    uri = engine.url.render_as_string(hide_password=False)
    writers, each = times(6, 32), times(25, 1000)
    processes = [writer(uri if schema else str(tmp_path / "book.db"), schema, f"w{n}", each) for n in range(writers)]
    results = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * writers, results
    heads = [one for out, _ in results for one in acknowledged(out)]
    assert sorted(one.seq for one in heads) == list(range(2, writers * each + 2))
    assert [one.seq for one in records(book)] == list(range(1, writers * each + 2))
    assert_none_lost(book, heads)
    if schema:
        place.run(f"DROP SCHEMA {schema} CASCADE")
    engine.dispose()
    keep(Figures("writers at the same time", kind, writers, f"{each} appends each"))

"""What an append costs, against the raw drivers writing the same rows in one transaction.

Two baselines: *bare* tables, with a primary key and nothing else, and the *same* tables with their constraints and
indexes, but without triggers. Ours starts from built entries and reads head and key, hashes, asks the guards, fires the
triggers and commits. The files, the write-ahead log and full synchronisation are the same for all.
"""

import gc
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import psycopg

from coopledger.core.accounts import Account, Denomination, opening
from coopledger.core.journal import Entry, Posting, Record
from coopledger.store.database import create_book
from coopledger.store.dialect import POSTING_COLUMNS, RECORD_COLUMNS
from coopledger.store.sql import SqlJournal
from tests.servers import postgresql as server

ROWS = 10_000
SEPARATE = 300
ROUNDS = 11
DAY = date(2026, 1, 31)
BEFORE = date(2025, 1, 1)

OPENING = Entry(
    "opening",
    BEFORE,
    BEFORE,
    opening(
        [Denomination("CNY", "yuan", 2), Denomination("land", "land shares")],
        [
            Account("unissued", "unissued shares"),
            Account("holder", "holders", "debit"),
            Account("c2021:222", "dividends payable", "credit"),
            Account("c2021:332", "appropriation"),
            Account("c2021:102", "bank"),
        ],
    ),
)


def dividend() -> list[Entry]:
    """One record of 10,000 postings: a dividend declared."""
    return [
        Entry(
            "dividend",
            DAY,
            DAY,
            {"reason": "2025"},
            [Posting("CNY", f"c2021:222/{n:05d}", "c2021:332", 123_456 + n) for n in range(ROWS)],
        )
    ]


def issues() -> list[Entry]:
    """10,000 records of two postings: an import."""
    return [
        Entry(
            "issue",
            DAY,
            DAY,
            {"reason": "2 mu of land"},
            [
                Posting("land", "unissued", f"holder/{n:05d}", 500),
                Posting("CNY", f"c2021:222/{n:05d}", "c2021:332", 123_456 + n),
            ],
        )
        for n in range(ROWS)
    ]


class Place(NamedTuple):
    """A database to measure on: a fresh book of ours, a fresh raw baseline, by kind (bare or same)."""

    name: str
    ours: Callable[[], SqlJournal]
    raw: Callable[[str], Callable[[Sequence[Any]], None]]
    clean: Callable[[], None]


Rows = tuple[list[Any], list[Any]]


def rows_of(records: Sequence[Any]) -> Rows:
    """The rows that a raw driver writes for some records."""
    headers, postings = [], []
    for one in records:
        on = one.effective_on.year * 10000 + one.effective_on.month * 100 + one.effective_on.day
        headers.append(
            (
                1, one.seq, one.prev_hash, one.hash, one.kind, on, on, one.recorded_us, one.key, one.content_hash,
                one.actor, '{"reason":"2 mu of land"}', "[]", 0, len(one.postings),
            )
        )  # fmt: skip
        postings += [(1, one.seq, line, *posting[:4], on, *posting[4:]) for line, posting in enumerate(one.postings)]
    return headers, postings


BARE = """
CREATE TABLE coopledger_book (id BIGINT PRIMARY KEY, code TEXT);
CREATE TABLE coopledger_record (book BIGINT, seq BIGINT, prev_hash {b}, hash {b}, kind TEXT, effective_on INTEGER,
    booked_on INTEGER, recorded_us BIGINT, key TEXT, content_hash {b}, actor TEXT, facts TEXT, personal TEXT,
    locked_through INTEGER, n_postings INTEGER, PRIMARY KEY (book, seq)) {o};
CREATE TABLE coopledger_posting (book BIGINT, seq BIGINT, line INTEGER, denomination TEXT, source TEXT, target TEXT,
    quantity BIGINT, effective_on INTEGER, reverses_seq BIGINT, reverses_line INTEGER, lot TEXT,
    PRIMARY KEY (book, seq, line)) {o};
INSERT INTO coopledger_book VALUES (1, 'bench');
"""


def sqlite(folder: str) -> Place:
    """SQLite files in a folder."""
    made = [0]

    def path() -> str:
        made[0] += 1
        return os.path.join(folder, f"{made[0]}.db")

    def ours() -> SqlJournal:
        book = create_book(path(), "bench")
        book.append([OPENING], key="opening", actor="bench")
        return book

    def raw(kind: str) -> Callable[[Sequence[Any]], None]:
        file = path()
        if kind == "same":
            create_book(file, "bench")
        connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        if kind == "same":
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                connection.execute(f"DROP TRIGGER {name}")
        else:
            connection.executescript(BARE.format(b="BLOB", o="WITHOUT ROWID"))
        marks = {n: ", ".join("?" * n) for n in (len(POSTING_COLUMNS), len(RECORD_COLUMNS))}

        def write(batches: Sequence[Rows]) -> None:
            for headers, postings in batches:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(
                    f"INSERT INTO coopledger_posting VALUES ({marks[len(POSTING_COLUMNS)]})", postings
                )
                connection.executemany(f"INSERT INTO coopledger_record VALUES ({marks[len(RECORD_COLUMNS)]})", headers)
                connection.execute("COMMIT")

        return write

    def clean() -> None:
        for name in os.listdir(folder):
            os.remove(os.path.join(folder, name))

    return Place("SQLite", ours, raw, clean)


def postgresql(uri: str) -> Place:
    """A PostgreSQL server: each time a schema of its own."""
    made = [0]

    def schema() -> str:
        made[0] += 1
        return f"bench{made[0]}"

    def ours() -> SqlJournal:
        book = create_book(uri, "bench", schema=schema())
        book.append([OPENING], key="opening", actor="bench")
        return book

    def raw(kind: str) -> Callable[[Sequence[Any]], None]:
        name = schema()
        if kind == "same":
            create_book(uri, "bench", schema=name)
        connection = psycopg.connect(uri, autocommit=True)
        if kind == "bare":
            connection.execute(f"CREATE SCHEMA {name}")
        connection.execute(f"SET search_path = {name}")
        if kind == "same":
            for table in ("record", "posting", "personal"):
                connection.execute(f"ALTER TABLE coopledger_{table} DISABLE TRIGGER USER")
        else:
            connection.execute(BARE.format(b="BYTEA", o=""))

        def write(batches: Sequence[Rows]) -> None:
            for headers, postings in batches:
                with connection.transaction(), connection.cursor() as cursor:
                    with cursor.copy("COPY coopledger_posting FROM STDIN") as copy:
                        for row in postings:
                            copy.write_row(row)
                    with cursor.copy("COPY coopledger_record FROM STDIN") as copy:
                        for row in headers:
                            copy.write_row(row)

        return write

    def clean() -> None:
        with psycopg.connect(uri, autocommit=True) as connection:
            for (name,) in connection.execute(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'bench%'"
            ).fetchall():
                connection.execute(f"DROP SCHEMA {name} CASCADE")

    return Place("PostgreSQL", ours, raw, clean)


def timed(work: Callable[[], object]) -> float:
    """Seconds that some work takes, without what the garbage collector has to do for the work before it."""
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median over the rounds, in each of which both follow upon each other: the machine's pace changes between."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def appends(place: Place) -> Iterator[tuple[str, float, float]]:
    """The three kinds of appends on one database."""
    one, many = dividend(), issues()
    same = {"one record of 10,000 postings": 1.7, "10,000 records of two postings, one transaction": 2.1}
    if place.name == "PostgreSQL":
        same = dict(zip(same, (1.6, 2.0), strict=True))
    for (what, target), entries in zip(same.items(), (one, many), strict=True):
        seconds: dict[str, list[float]] = {"ours": [], "same": [], "bare": []}
        for _ in range(ROUNDS):
            book = place.ours()
            records: list[Record] = []
            seconds["ours"].append(timed(lambda: records.extend(book.append(entries, key="work", actor="bench"))))  # noqa: B023 - called at once
            batch = rows_of([one._replace(seq=one.seq - 1) for one in records])
            for kind in ("same", "bare"):
                write = place.raw(kind)
                seconds[kind].append(timed(lambda: write([batch])))  # noqa: B023 - called at once
            place.clean()
        yield f"{place.name}, {what}, against the same tables", target, ratio(seconds["ours"], seconds["same"])
        yield f"{place.name}, {what}, against bare tables", 0, ratio(seconds["ours"], seconds["bare"])
    some = many[:SEPARATE]
    seconds = {"ours": [], "bare": []}
    for _ in range(ROUNDS):
        book = place.ours()
        appended: list[list[Record]] = []

        def one_by_one() -> None:
            for n, entry in enumerate(some):
                appended.append(book.append([entry], key=f"work{n}", actor="bench"))  # noqa: B023 - called at once

        seconds["ours"].append(timed(one_by_one))
        batches = [rows_of(one) for one in appended]
        write = place.raw("bare")
        seconds["bare"].append(timed(lambda: write(batches)))  # noqa: B023 - called at once
        place.clean()
    target = 2.3 if place.name == "SQLite" else 3.0
    yield f"{place.name}, separate appends, against bare tables", target, ratio(seconds["ours"], seconds["bare"])


def run() -> Iterator[tuple[str, float, float]]:
    """Name, target and measured ratio of time for each kind of append on each database."""
    with tempfile.TemporaryDirectory() as folder:
        yield from appends(sqlite(folder))
    with server() as uri:
        yield from appends(postgresql(uri))


if __name__ == "__main__":
    for name, target, figure in run():
        print(f"{name:<80} {figure:5.2f} (at most {target})", flush=True)

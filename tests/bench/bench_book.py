"""What a book of a million postings costs: an append onto it, its guard, its register, its verification.

The book: 10,000 holders, their land shares issued and passed on, and dividends declared and paid, 10,000 postings each.
"""

import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))

import psycopg
from bench_journal import BEFORE, OPENING, ratio, rows_of, timed

from coopledger.core.audit import ChainAudit
from coopledger.core.charter import found
from coopledger.core.journal import Entry, Posting, Record
from coopledger.core.member import Joiner, admit
from coopledger.core.register import holdings
from coopledger.core.share_class import open_class, preset
from coopledger.store.database import create_book
from coopledger.store.dialect import POSTING_COLUMNS, RECORD_COLUMNS
from coopledger.store.sql import SqlJournal
from coopledger.store.verify import Reading, stored
from coopledger.store.view import SqlView
from tests.servers import postgresql as server

HOLDERS = 10_000
RECORDS = 100
ROUNDS = 9
LAST = date(2025, 12, 31)


def numbers() -> list[str]:
    """The holders' numbers."""
    return [f"{n:05d}" for n in range(HOLDERS)]


def history(*, money: bool = True) -> Iterator[Entry]:
    """A hundred records of 10,000 postings: land issued, dividends declared and paid, land passed on; or land alone."""
    names = numbers()
    for n in range(RECORDS):
        on = BEFORE + timedelta(n + 2)
        if n == 0:
            postings = [Posting("land", "unissued", f"holder/{one}", 50_000) for one in names]
        elif n % 10 == 9:
            postings = [Posting("land", f"holder/{one}", f"holder/{names[at - 1]}", 50) for at, one in enumerate(names)]
        elif n % 2:
            postings = [Posting("CNY", f"c2021:222/{one}", "c2021:332", 123_456) for one in names]
        else:
            postings = [Posting("CNY", "c2021:102", f"c2021:222/{one}", 90_000) for one in names]
        if not money and postings[0].denomination == "CNY":
            continue
        yield Entry("movement", on, on, {}, postings)


def payment() -> Entry:
    """What is owed paid to everybody: the guard looks at 10,000 accounts."""
    return Entry("payment", LAST, LAST, {}, [Posting("CNY", "c2021:102", f"c2021:222/{one}", 50) for one in numbers()])


def build(database: str, schema: str | None = None, *, money: bool = True) -> SqlJournal:
    """The book of a million postings; without money, the same shares and nothing else."""
    book = create_book(database, "bench", schema=schema)
    entries = [
        found("示例村股份经济合作社", effective_on=BEFORE),
        open_class(preset("land", code="land"), effective_on=BEFORE),
    ]
    for n, decision in enumerate(entries):
        book.append(decision, key=f"founding{n}", actor="bench")
    book.append([OPENING], key="opening", actor="bench")
    book.append(admit(*(Joiner(one) for one in numbers()), effective_on=BEFORE), key="admission", actor="bench")
    for n, entry in enumerate(history(money=money)):
        book.append([entry], key=f"history{n}", actor="bench")
    return book


def median(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of the seconds that some work takes."""
    return statistics.median(timed(work) for _ in range(rounds))


def against(ours: Callable[[], object], theirs: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median ratio of the seconds of two works that alternate."""
    pairs = [(timed(ours), timed(theirs)) for _ in range(rounds)]
    return ratio(*zip(*pairs, strict=True))


BARE_REGISTER = """
SELECT account, sum(quantity) FROM (
    SELECT target AS account, quantity FROM coopledger_posting
    WHERE book = 1 AND denomination = 'land' AND target >= 'holder/' AND target < 'holder0' AND effective_on <= 20251231
    UNION ALL
    SELECT source, -quantity FROM coopledger_posting
    WHERE book = 1 AND denomination = 'land' AND source >= 'holder/' AND source < 'holder0' AND effective_on <= 20251231
) AS legs GROUP BY account HAVING sum(quantity) <> 0
"""
RAW_ROWS = "SELECT * FROM coopledger_posting WHERE book = 1 ORDER BY seq, line"


def registers(
    name: str, view: SqlView, plain: SqlJournal, bare: Callable[[], object]
) -> Iterator[tuple[str, float, float]]:
    """What reading who holds what costs, against the bare SQL, against less of a history, and against no payments."""

    def shares() -> object:
        return view.balances("land", "holder", LAST)

    yield f"{name}, shares of 10,000 holders as of a day, against the bare SQL", 1.5, against(shares, bare)
    members = against(lambda: holdings(view, "land", LAST), bare)
    yield f"{name}, the register with its members, against the bare SQL", 1.5, members
    few = against(shares, lambda: view.balances("land", "holder", BEFORE + timedelta(2)))
    yield f"{name}, those shares, issued and moved ten times, against issued", 0, few
    with plain.read() as other:
        alone = against(shares, lambda: other.balances("land", "holder", LAST))
    yield f"{name}, those shares, with 900,000 other postings in the book against none", 0, alone


def measure(  # noqa: PLR0917 - two books and three ways of asking a raw driver
    name: str,
    book: SqlJournal,
    plain: SqlJournal,
    raw: Callable[[str], Sequence[Any]],
    each: Callable[[str], None],
    same: Callable[[Sequence[Record]], float],
) -> Iterator[tuple[str, float, float]]:
    """Ratios on one database; milliseconds for the guard."""
    paid: list[float] = []
    bare: list[float] = []
    for n in range(ROUNDS):
        entry, records = payment(), []
        paid.append(timed(lambda: records.extend(book.append([entry], key=f"payment{n}", actor="bench"))))  # noqa: B023 - called at once
        bare.append(same(records))
    yield (
        f"{name}, 10,000 payments onto a million postings, guard included, against the same tables",
        3.0,
        ratio(paid, bare),
    )
    backdated = BEFORE + timedelta(50)
    with book.read() as view:
        ground = book._tip(view._connection, "x")[0].ground  # noqa: SLF001 - the guard alone is measured
        asked = {("land", "holder/00007"): backdated}
        alone = median(lambda: book._check_guards(view._connection, asked, ground), 50)  # noqa: SLF001
        yield f"{name}, guard of one backdated transfer, milliseconds", 5.0, alone * 1000
        yield from registers(name, view, plain, lambda: raw(BARE_REGISTER))

    def rows() -> None:
        each(RAW_ROWS)

    def chain() -> None:
        with book._engine.connect() as connection:  # noqa: SLF001 - a part of verify alone
            reading = Reading(connection, book._dialect, 1, 10**9)  # noqa: SLF001
            audit = ChainAudit("bench")
            assert not [problem for one in stored(reading) for problem in audit.read(one)]

    yield f"{name}, verify the chain alone, against reading the rows", 2.3, against(chain, rows, 3)

    def whole() -> None:
        assert not book.verify()

    yield f"{name}, verify everything, against reading the rows", 3.0, against(whole, rows, 3)


def run() -> Iterator[tuple[str, float, float]]:
    """Name, target and measured figure on SQLite and on PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "book.db")
        book = build(file)
        plain = build(os.path.join(folder, "plain.db"), money=False)
        copy = os.path.join(folder, "same.db")
        reader = sqlite3.connect(file, isolation_level=None)
        reader.execute(f"VACUUM INTO '{copy}'")
        connection = sqlite3.connect(copy, isolation_level=None)
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {pragma}")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")

        def same(records: Sequence[Record]) -> float:
            headers, postings = rows_of(records)

            def write() -> None:
                connection.execute("BEGIN IMMEDIATE")
                tables = (("posting", POSTING_COLUMNS, postings), ("record", RECORD_COLUMNS, headers))
                for table, columns, rows in tables:
                    marks = ", ".join("?" * len(columns))
                    connection.executemany(f"INSERT INTO coopledger_{table} VALUES ({marks})", rows)
                connection.execute("COMMIT")

            return timed(write)

        def each(statement: str) -> None:
            for _ in reader.execute(statement):
                pass

        yield from measure("SQLite", book, plain, lambda sql: reader.execute(sql).fetchall(), each, same)
    with server() as uri:
        book = build(uri, "bench")
        plain = build(uri, "plain", money=False)
        with psycopg.connect(uri, autocommit=True) as one, psycopg.connect(uri, autocommit=True) as other:
            create_book(uri, "bench", schema="same")
            one.execute("SET search_path = bench")
            other.execute("SET search_path = same")
            for table in ("record", "posting", "personal"):
                other.execute(f"ALTER TABLE coopledger_{table} DISABLE TRIGGER USER")
            other.execute("INSERT INTO coopledger_record SELECT * FROM bench.coopledger_record")
            other.execute("INSERT INTO coopledger_posting SELECT * FROM bench.coopledger_posting")
            for connection_, schema in ((one, "bench"), (other, "same"), (one, "plain")):
                connection_.execute(f"VACUUM ANALYZE {schema}.coopledger_record, {schema}.coopledger_posting")

            def copied(records: Sequence[Record]) -> float:
                headers, postings = rows_of(records)

                def write() -> None:
                    with other.transaction(), other.cursor() as cursor:
                        for table, rows in (("posting", postings), ("record", headers)):
                            with cursor.copy(f"COPY coopledger_{table} FROM STDIN") as copying:
                                for row in rows:
                                    copying.write_row(row)

                return timed(write)

            def streamed(statement: str) -> None:
                with one.transaction(), one.cursor(name="rows", binary=True) as cursor:
                    cursor.itersize = 10_000
                    for _ in cursor.execute(statement):
                        pass

            yield from measure("PostgreSQL", book, plain, lambda sql: one.execute(sql).fetchall(), streamed, copied)


if __name__ == "__main__":
    for name_, target, figure in run():
        print(f"{name_:<95} {figure:6.2f} (at most {target})", flush=True)

"""Verifying a book in a database: its chain, its anchors, its guards, its personal rows, and the database itself."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection, Engine

from coopledger.core.accounts import ERASURE, GROUND
from coopledger.core.audit import ChainAudit, Stored
from coopledger.core.balances import Place, check_reversal
from coopledger.core.chain import commitment, facts_of
from coopledger.core.journal import FIRST_DAY, TRANSIT, Head, Posting, Record, day
from coopledger.errors import CoopledgerError, Problem
from coopledger.store.dialect import Dialect
from coopledger.store.shape import check_shape, expected, shape
from coopledger.store.upgrade import newest
from coopledger.text import Message, printable

_PAGE = 1000
_PLACES = 10_000
_READ = GROUND | {ERASURE}

_HEADERS = """
SELECT seq, prev_hash, hash, kind, effective_on, booked_on, recorded_us, key, content_hash, actor, facts, personal,
    locked_through, n_postings
FROM {s}coopledger_record WHERE book = ? AND seq > ? ORDER BY seq LIMIT ?
"""
_POSTINGS = """
SELECT denomination, source, target, quantity, reverses_seq, reverses_line, lot, line, effective_on
FROM {s}coopledger_posting WHERE book = ? AND seq BETWEEN ? AND ? ORDER BY seq, line
"""
_COUNT = "SELECT count(*) FROM {s}coopledger_posting WHERE book = ? AND seq BETWEEN ? AND ?"

_TRANSIT = """
SELECT seq, denomination FROM (
    SELECT seq, denomination,
        CASE WHEN target = ? THEN quantity ELSE 0 END - CASE WHEN source = ? THEN quantity ELSE 0 END AS moved
    FROM {s}coopledger_posting WHERE book = ? AND (source = ? OR target = ?)
) AS legs GROUP BY seq, denomination HAVING sum(moved) <> 0
"""


def stored(connection: Connection, dialect: Dialect, book: int) -> Iterator[Stored]:
    """The records of a book as they are stored, a page at a time."""
    last = 0
    while headers := dialect.rows(connection, _HEADERS, (book, last, _PAGE)):
        first, last = headers[0][0], headers[-1][0]
        [[standing]] = dialect.rows(connection, _COUNT, (book, first, last))
        if standing != sum(header[-1] for header in headers):  # one by one, so that only the wrong one is named
            for header in headers:
                yield _stored(header, [dialect.rows(connection, _POSTINGS, (book, header[0], header[0]))])
            continue
        with dialect.reading(connection, _POSTINGS, (book, first, last)) as fetch:
            for header in headers:
                yield _stored(header, _pages(fetch, header[-1]))


def _pages(fetch: Callable[[int], Sequence[Any]], count: int) -> Iterator[Sequence[Any]]:
    """The next rows, as many as are declared."""
    for n in range(0, count, _PAGE):
        yield fetch(min(_PAGE, count - n))


def _stored(header: Any, pages: Iterable[Sequence[Any]]) -> Stored:  # noqa: ANN401 - a database's row
    seq, prev, own, kind, effective, booked, recorded_us, key, content, actor, facts, personal, locked, declared = (
        header
    )
    record = Record(
        seq,
        bytes(prev),
        bytes(own),
        kind,
        day(effective),
        day(booked),
        recorded_us,
        key,
        bytes(content),
        actor,
        facts_of(facts) if kind in _READ else {},
        tuple((subject, digest) for subject, digest in json.loads(personal)) if personal != "[]" else (),
        locked,
        (),
    )
    return Stored(record, facts, personal, declared, pages)


def verify(
    engine: Engine, dialect: Dialect, book: int, name: str, schema: str | None, anchors: Collection[Head]
) -> list[Problem]:
    """Everything that is wrong with a book; an empty list if nothing is.

    The database checks its own indexes in a second thread meanwhile.
    """
    with ThreadPoolExecutor(1) as second, engine.connect() as connection:
        own = second.submit(_itself, engine, dialect)
        found = []
        for check in (
            lambda: check_shape(shape(connection, schema), expected(newest(), connection.dialect.name)),
            lambda: _whole(connection, dialect, book, name, anchors),
            lambda: _strays(connection, dialect),
            own.result,
        ):
            try:
                found += check()
            except Exception as error:  # noqa: BLE001 - a damaged file breaks anywhere, and that is what is said
                found.append(Problem(name, Message("it cannot be read: {error}", error=printable(str(error))[:300])))
        return found


def _itself(engine: Engine, dialect: Dialect) -> list[Problem]:
    with engine.connect() as connection:
        return [Problem("database", Message("{complaint}", complaint=one)) for one in dialect.complaints(connection)]


def _whole(
    connection: Connection, dialect: Dialect, book: int, name: str, anchors: Collection[Head]
) -> Iterator[Problem]:
    """The chain, and what its records say together: places, guards, reversals, personal rows."""
    audit = ChainAudit(name, anchors)
    for one in stored(connection, dialect, book):
        yield from audit.read(one)
    yield from audit.end()
    [[standing]] = dialect.rows(connection, "SELECT count(*) FROM {s}coopledger_posting WHERE book = ?", (book,))
    if standing != audit.declared:
        yield Problem(
            name,
            Message(
                "{seen} postings stand in the book, {due} belong to its records", seen=standing, due=audit.declared
            ),
        )
    for seq, denomination in dialect.rows(connection, _TRANSIT, (TRANSIT, TRANSIT, book, TRANSIT, TRANSIT)):
        yield Problem(f"record {seq}", Message("{denomination} left in transit", denomination=denomination))
    for side, guard in (("source", "debit"), ("target", "credit")):
        used = dialect.rows(
            connection,
            f"SELECT denomination, {side}, min(seq) FROM {{s}}coopledger_posting WHERE book = ? "
            f"GROUP BY denomination, {side}",
            (book,),
        )
        yield from audit.places(used)
        guarded = {root for root, account in audit.ground.accounts.items() if account.guard == guard}
        places: list[Place] = [(row[0], row[1]) for row in used if row[1].partition("/")[0] in guarded]
        for n in range(0, len(places), _PLACES):
            some = dict.fromkeys(places[n : n + _PLACES], FIRST_DAY)
            for (denomination, account), on in dialect.below_zero(connection, book, some, audit.ground):
                yield Problem(
                    account, Message("{denomination} below zero on {day}", denomination=denomination, day=day(on))
                )
    yield from _reversals(connection, dialect, book)
    yield from _personal(connection, dialect, book, audit)


def _reversals(connection: Connection, dialect: Dialect, book: int) -> Iterator[Problem]:
    """Every reversal of what is not there, or of more than there was."""
    already: dict[tuple[int, int], int] = {}
    rows = dialect.rows(
        connection,
        "SELECT r.seq, r.line, r.denomination, r.source, r.target, r.quantity, r.reverses_seq, r.reverses_line, r.lot, "
        "o.denomination, o.source, o.target, o.quantity, o.reverses_seq, o.reverses_line, o.lot "
        "FROM {s}coopledger_posting AS r LEFT JOIN {s}coopledger_posting AS o "
        "ON o.book = r.book AND o.seq = r.reverses_seq AND o.line = r.reverses_line AND o.seq < r.seq "
        "WHERE r.book = ? AND r.reverses_seq IS NOT NULL ORDER BY r.seq, r.line",
        (book,),
    )
    for row in rows:
        one = Posting(*row[2:9])
        original = Posting(*row[9:]) if row[9] is not None else None
        place = (one.reverses_seq or 0, one.reverses_line or 0)
        try:
            check_reversal(row[1], one, original, already.get(place, 0))
        except CoopledgerError as error:
            yield Problem(f"record {row[0]}", error.message)
        already[place] = already.get(place, 0) + one.quantity


def _personal(
    connection: Connection,
    dialect: Dialect,
    book: int,
    audit: ChainAudit,
) -> Iterator[Problem]:
    """Every personal row that was changed, swapped, added, or lost without a record of its erasure."""
    due, erased = audit.personal, audit.erased
    seen = set()
    for subject, seq, salt, content in dialect.rows(
        connection,
        "SELECT subject, seq, salt, content FROM {s}coopledger_personal WHERE book = ? ORDER BY seq, subject",
        (book,),
    ):
        seen.add((seq, subject))
        if due.get((seq, subject)) != commitment(bytes(salt), content):
            yield Problem(
                f"record {seq}", Message("the personal row of {subject} is not what was hashed", subject=subject)
            )
        elif erased.get(subject, 0) > seq:
            yield Problem(
                f"record {seq}", Message("the personal row of {subject} was erased, and is here", subject=subject)
            )
    for seq, subject in sorted(due.keys() - seen):
        if erased.get(subject, 0) < seq:
            yield Problem(
                f"record {seq}",
                Message("the personal row of {subject} is gone without a record of its erasure", subject=subject),
            )


def _strays(connection: Connection, dialect: Dialect) -> Iterator[Problem]:
    """Rows of books that are not there."""
    for table in ("record", "posting", "personal"):
        [[count]] = dialect.rows(
            connection,
            f"SELECT count(*) FROM {{s}}coopledger_{table} WHERE book NOT IN (SELECT id FROM {{s}}coopledger_book)",
        )
        if count:
            yield Problem(f"coopledger_{table}", Message("{count} rows belong to no book", count=count))

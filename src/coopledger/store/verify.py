"""Verifying a book in a database: its chain, its anchors, its guards, its personal rows, and the database itself."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from contextvars import copy_context
from typing import Any, NamedTuple

from sqlalchemy import AssertionPool, Connection, Engine, Pool, QueuePool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from coopledger.core.accounts import ERASURE, GROUND, Ground
from coopledger.core.audit import ChainAudit, GuardAudit, Stored, audit_reversals
from coopledger.core.chain import PersonalRow, facts_of
from coopledger.core.journal import FIRST_DAY, Head, Posting, Record, day, day_number
from coopledger.errors import Problem, StoreError
from coopledger.store.connection import InUseError, connected, has_one_connection
from coopledger.store.dialect import Dialect, without_content
from coopledger.store.shape import Shape, check_shape, expected, shape
from coopledger.store.upgrade import newest
from coopledger.store.view import record_of
from coopledger.text import Message, printable

_PAGE = 1000
_PLACES = 10_000
_READ = GROUND | {ERASURE}
_NO_JSON = Message("what it says, or its commitments to personal rows, are no JSON")


class Reading(NamedTuple):
    """A book, up to the record that was its last when the verification began, on a connection of its own."""

    connection: Connection
    dialect: Dialect
    book: int
    last: int

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Sequence[Any]:
        """What a statement selects."""
        return self.dialect.rows(self.connection, statement, values)

    def streamed(self, statement: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """The same, a page at a time, where as many rows may come as there are records."""
        with closing(self.dialect.reading(self.connection, statement, values)) as rows:
            while page := rows.fetch(_PAGE):
                yield from page


def verify(  # noqa: PLR0917 - what a journal knows of itself
    engine: Engine,
    dialect: Dialect,
    book: int,
    name: str,
    schema: str | None,
    anchors: Collection[Head],
    first: bytes | None,
) -> list[Problem]:
    """Everything that is wrong with a book; an empty list if nothing is.

    ``first`` is the hash of its first record, if the book is known by it: a like-named one may stand here now, or none.
    The postings are read once, for the chain and for the guards, while the database checks its indexes in a thread of
    its own. Only of the places that this reading leaves in doubt is every day asked for.
    """
    problems: list[Problem] = []
    audit = ChainAudit(name, anchors)
    guards = GuardAudit()
    last = 0

    def attempt(check: Callable[[Reading], Iterable[Problem]]) -> list[Problem]:
        found: list[Problem] = []
        begun = False
        try:
            with connected(engine) as connection:
                connection.begin()  # for what a host does when one begins
                begun = True
                found.extend(check(Reading(connection, dialect, book, last)))
        except Exception as error:  # a damaged file breaks anywhere, and that is what is said
            if not _is_damage(error, dialect, engine, begun=begun):
                raise
            found.append(Problem(name, Message("it cannot be read: {error}", error=without_content(str(error))[:300])))
        return found

    def see_the_end(reading: Reading) -> Iterable[Problem]:
        nonlocal last
        [[end]] = reading.rows("SELECT max(seq) FROM {s}coopledger_record WHERE book = ?", (book,))
        last = end or 0
        return ()

    problems += attempt(lambda reading: check_shape(shape(reading.connection, schema), _expected(reading)))
    problems += attempt(see_the_end)
    with _beside(engine) as beside:
        itself = beside(attempt, _itself)
        problems += attempt(lambda reading: _chain(reading, audit, guards))
        problems += attempt(lambda reading: _below_zero(reading, guards, audit.ground))
        problems += attempt(_reversals)
        problems += itself()
    problems += attempt(lambda reading: _personal(reading, audit))
    problems += attempt(lambda reading: _strays(reading, name, first))
    return problems


_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RecursionError, StoreError, TypeError, ValueError)
"""What comes of reading what nobody wrote so."""


def _is_damage(error: Exception, dialect: Dialect, engine: Engine, *, begun: bool) -> bool:
    """Whether an error says something of the book, and not of a database that cannot be had now, or of its engine.

    Before anything was begun, a host's engine may have asked for what we know nothing of.
    """
    if isinstance(error, PoolTimeout | InUseError):
        return False
    if isinstance(error, DBAPIError) and (dialect.is_unavailable(error) or not (begun or dialect.is_corruption(error))):
        return False
    if isinstance(getattr(error, "orig", error), engine.dialect.loaded_dbapi.DatabaseError):
        return True
    return isinstance(error, UnicodeDecodeError) or (begun and isinstance(error, _UNREADABLE))


@contextmanager
def _beside(engine: Engine) -> Iterator[Callable[..., Callable[[], list[Problem]]]]:
    """What runs a task in a thread of its own, unless two connections of the engine would be in each other's way."""
    if has_one_connection(engine) or _gives_one(engine.pool) or _may_lock(engine):
        yield lambda task, *arguments: lambda: task(*arguments)
        return
    with ThreadPoolExecutor(1) as thread:
        # In our context: a host may keep in it for whom it asks, and look there whenever a statement is run.
        yield lambda task, *arguments: thread.submit(copy_context().run, task, *arguments).result


def _gives_one(pool: Pool) -> bool:
    """Whether a pool has no second connection to give now."""
    if isinstance(pool, QueuePool):
        most = pool._max_overflow  # noqa: SLF001 - nothing else says it
        return most >= 0 and pool.size() + most - pool.checkedout() < 2
    return isinstance(pool, AssertionPool)


def _may_lock(engine: Engine) -> bool:
    """Whether reading may lock a file: a host's engine may begin every transaction as if it was to write."""
    return engine.dialect.name == "sqlite" and not engine.get_execution_options().get("coopledger_begins")


def _expected(reading: Reading) -> Shape:
    return expected(newest(), reading.connection.dialect.name)


def _itself(reading: Reading) -> Iterator[Problem]:
    for complaint in reading.dialect.complaints(reading.connection, reading.book, reading.last):
        yield Problem("database", Message("{complaint}", complaint=printable(complaint)))


# ---------------------------------------------------------------- the chain

_HEADERS = """
SELECT seq, prev_hash, hash, kind, effective_on, booked_on, recorded_us, key, content_hash, actor, facts, personal,
    locked_through, n_postings
FROM {s}coopledger_record WHERE book = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?
"""
_POSTINGS = """
SELECT denomination, source, target, quantity, reverses_seq, reverses_line, lot, line, effective_on
FROM {s}coopledger_posting WHERE book = ? AND seq BETWEEN ? AND ? ORDER BY seq, line
"""
_COUNT = "SELECT count(*) FROM {s}coopledger_posting WHERE book = ? AND seq BETWEEN ? AND ?"
_COUNTS = """
SELECT seq, count(*) FROM {s}coopledger_posting WHERE book = ? AND seq BETWEEN ? AND ? GROUP BY seq
"""


def stored(reading: Reading) -> Iterator[Stored]:
    """The records of a book as they are stored, a page at a time."""
    last = 0
    while headers := reading.rows(_HEADERS, (reading.book, last, reading.last, _PAGE)):
        first, last = headers[0][0], headers[-1][0]
        standing = dict(map(tuple, reading.rows(_COUNTS, (reading.book, first, last))))
        if standing != {header[0]: header[-1] for header in headers if header[-1]}:
            # One by one, so that only the wrong ones are named. Read on end, a line would pass for another record's.
            for header in headers:
                yield _stored(header, [reading.rows(_POSTINGS, (reading.book, header[0], header[0]))])
            continue
        with closing(reading.dialect.reading(reading.connection, _POSTINGS, (reading.book, first, last))) as rows:
            for header in headers:
                yield _stored(header, _pages(rows.fetch, header[-1]))


def _pages(fetch: Callable[[int], Sequence[Any]], count: int) -> Iterator[Sequence[Any]]:
    """The next rows, as many as are declared."""
    for n in range(0, count, _PAGE):
        yield fetch(min(_PAGE, count - n))


def _stored(header: Any, pages: Iterable[Sequence[Any]]) -> Stored:  # noqa: ANN401 - a database's row
    kind, facts, personal, declared = header[3], header[10], header[11], header[13]
    unread = None
    try:
        record = record_of((*header[:10], facts if kind in _READ else "{}", *header[11:]), ())
        _check_shape(record)
    except (ArithmeticError, AttributeError, LookupError, StoreError, TypeError, ValueError) as error:
        bare = (*header[:3], "", *map(_some_day, header[4:6]), *header[6:10], "{}", "[]", *header[12:])
        record = record_of(bare, ())
        why = _NO_JSON if isinstance(error, StoreError) else without_content(str(error))[:300]
        unread = Message("it cannot be read: {error}", error=why)
    return Stored(record, facts, personal, declared, pages, unread)


def _check_shape(record: Record) -> None:
    """Raise TypeError if facts are none, or an erasure's do not say whose rows it is about."""
    facts: Any = record.facts
    subjects = facts.get("subjects") if isinstance(facts, dict) and record.kind == ERASURE else []
    if not isinstance(facts, dict) or not isinstance(subjects, list) or not all(type(one) is str for one in subjects):
        msg = f"facts {str(facts)[:80]}"
        raise TypeError(msg)


def _some_day(seen: int) -> int:
    """A day number, if it is one, or the first."""
    try:
        return day_number(day(seen))
    except ValueError:
        return day_number(FIRST_DAY)


def _chain(reading: Reading, audit: ChainAudit, guards: GuardAudit) -> Iterator[Problem]:
    """What is wrong in the chain, and whether all postings belong to it."""
    for one in stored(reading):
        yield from audit.read(guards.read(one, audit.ground))
    yield from audit.end()
    yield from audit.places(guards.used)
    yield from guards.left
    [[standing]] = reading.rows(_COUNT, (reading.book, -(2**63), reading.last))
    if standing != audit.declared:
        yield Problem(
            "postings",
            Message("{seen} stand in the book, {due} belong to its records", seen=standing, due=audit.declared),
        )
    for table, place in (("posting", "postings"), ("personal", "personal rows")):
        [[behind]] = reading.rows(
            f"SELECT count(*) FROM {{s}}coopledger_{table} WHERE book = ? "
            "AND seq > (SELECT coalesce(max(seq), 0) FROM {s}coopledger_record WHERE book = ?)",
            (reading.book, reading.book),
        )
        if behind:
            yield Problem(place, Message("{count} stand behind the last record", count=behind))


# ---------------------------------------------------------------- what the records say together


def _below_zero(reading: Reading, guards: GuardAudit, ground: Ground) -> Iterator[Problem]:
    """Every suspect that is below zero on some day."""
    suspects = sorted(guards.suspects)
    for n in range(0, len(suspects), _PLACES):
        some = dict.fromkeys(suspects[n : n + _PLACES], FIRST_DAY)
        for (denomination, account), on in reading.dialect.below_zero(reading.connection, reading.book, some, ground):
            said = Message("{denomination} below zero on {day}", denomination=denomination, day=day(on))
            yield Problem(account, said)


def _reversals(reading: Reading) -> Iterator[Problem]:
    rows = reading.streamed(
        "SELECT r.seq, r.line, r.denomination, r.source, r.target, r.quantity, r.reverses_seq, r.reverses_line, r.lot, "
        "o.denomination, o.source, o.target, o.quantity, o.reverses_seq, o.reverses_line, o.lot "
        "FROM {s}coopledger_posting AS r LEFT JOIN {s}coopledger_posting AS o "
        "ON o.book = r.book AND o.seq = r.reverses_seq AND o.line = r.reverses_line AND o.seq < r.seq "
        "WHERE r.book = ? AND r.reverses_seq IS NOT NULL ORDER BY r.seq, r.line",
        (reading.book,),
    )
    return audit_reversals(
        (row[0], row[1], Posting(*row[2:9]), Posting(*row[9:]) if row[9] is not None else None) for row in rows
    )


def _personal(reading: Reading, audit: ChainAudit) -> Iterator[Problem]:
    return audit.rows(_kept(reading, audit))


def _kept(reading: Reading, audit: ChainAudit) -> Iterator[tuple[int, PersonalRow]]:
    """The personal rows; after them it is noted whom somebody erased while the book was read."""
    for subject, seq, salt, content in reading.streamed(
        "SELECT subject, seq, salt, content FROM {s}coopledger_personal WHERE book = ? AND seq <= ? "
        "ORDER BY seq, subject",
        (reading.book, reading.last),
    ):
        yield seq, PersonalRow(subject, bytes(salt), content)
    for seq, facts in reading.rows(
        "SELECT seq, facts FROM {s}coopledger_record WHERE book = ? AND seq > ? AND kind = ?",
        (reading.book, reading.last, ERASURE),
    ):
        audit.erased.update(dict.fromkeys(facts_of(facts)["subjects"], seq))


def _strays(reading: Reading, name: str, first: bytes | None) -> Iterator[Problem]:
    """A book that goes by another name than its own or begins otherwise, and rows of books that are not there."""
    for (code,) in reading.rows("SELECT code FROM {s}coopledger_book WHERE id = ?", (reading.book,)):
        if code != name:
            yield Problem(name, Message("the database calls it {code}", code=printable(code)))
    rows = reading.rows("SELECT hash FROM {s}coopledger_record WHERE book = ? AND seq = 1", (reading.book,))
    if first is not None and [bytes(own) for (own,) in rows] != [first]:
        yield Problem("record 1", Message("it is not the one by which the book was known when it was opened"))
    for table in ("record", "posting", "personal"):
        [[count]] = reading.rows(
            f"SELECT count(*) FROM {{s}}coopledger_{table} WHERE book NOT IN (SELECT id FROM {{s}}coopledger_book)"
        )
        if count:
            yield Problem(f"coopledger_{table}", Message("rows that belong to no book: {count}", count=count))

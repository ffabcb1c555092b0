"""A book in a SQL database: SQLite or PostgreSQL, by SQLAlchemy, with statements of our own for what must be fast."""

import gc
import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from coopledger.core.accounts import ERASURE, NOTHING, OPENING, Ground, grown
from coopledger.core.balances import at_risk, check_reversal, overdrawn
from coopledger.core.chain import (
    PersonalRow,
    Tip,
    Written,
    appended_in_a_decision,
    chained,
    check_actor,
    check_after,
    check_key,
    check_known,
    check_known_subjects,
    check_repeated,
    chosen_subjects,
    decided,
    decided_again,
    microseconds,
    start,
    unknown_record,
)
from coopledger.core.journal import Decision, Entry, Facts, Head, Posting, Record, code, day, shown
from coopledger.errors import Problem, StoreError
from coopledger.store.connection import connected
from coopledger.store.dialect import Places
from coopledger.store.dialects import DIALECTS
from coopledger.store.view import POSTING, SqlView
from coopledger.text import Message

_LAST = Head(2**63 - 1, b"")


class SqlJournal:
    """A book in a SQL database, safe from many threads and processes; :mod:`coopledger.store.database` opens it.

    ``within(connection)`` gives the same book inside a transaction of the caller's, who then commits.
    """

    def __init__(
        self,
        engine: Engine,
        book: str,
        number: int,
        *,
        schema: str | None = None,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
        salt: Callable[[], bytes] = lambda: secrets.token_bytes(16),
        owns_engine: bool = False,
        place: object = None,
        first: bytes | None = None,
    ) -> None:
        self.book = code(book)
        self.schema = schema
        self._engine = engine
        self._number = number
        self._clock = clock
        self._salt = salt
        self._owns_engine = owns_engine
        self._dialect = DIALECTS[engine.dialect.name](schema)
        self._joined: Connection | None = None
        self._place, self._first = place, first
        self._ground: tuple[Head, Ground] = (start(book).head, NOTHING)

    def close(self) -> None:
        """Let go of the file, or of the server's connections. An engine that was handed in stays as it is."""
        if self._owns_engine:
            self._engine.dispose()

    def within(self, connection: Connection) -> "SqlJournal":
        """The same book inside the caller's transaction: an append is undone if the caller rolls back.

        Raises StoreError for what is no connection, and if it is of another engine and the book is not where it leads.
        """
        if not isinstance(connection, Connection):
            raise StoreError(
                Message(
                    "{seen}: a Connection is expected: session.connection() of a session of SQLAlchemy's",
                    seen=shown(connection),
                )
            )
        if connection.engine.pool is not self._engine.pool:
            self._check_at(connection)
        journal = SqlJournal(
            self._engine,
            self.book,
            self._number,
            schema=self.schema,
            clock=self._clock,
            salt=self._salt,
            place=self._place,
            first=self._first,
        )
        journal._joined, journal._ground = connection, self._ground
        return journal

    @contextmanager
    def read(self, known: int | datetime | None = None) -> Iterator[SqlView]:
        """The book as it is, as it was after a record, or as it was known at a time."""
        if self._joined is not None:
            with closing(self._looked_at(self._joined, known)) as view:
                yield view
            return
        with connected(self._engine) as connection, closing(self._looked_at(connection, known)) as view:
            yield view

    def append(
        self,
        entries: Iterable[Entry] | Decision,
        *,
        key: str,
        actor: str,
        after: Head | None = None,
        confirm_clock: bool = False,
    ) -> list[Record]:
        """Append entries, all or none; see :class:`~coopledger.core.journal.Journal`."""
        return self._append(entries, key=key, actor=actor, after=after, confirm_clock=confirm_clock)

    def _append(
        self,
        entries: Iterable[Entry] | Decision,
        *,
        key: str,
        actor: str,
        after: Head | None = None,
        confirm_clock: bool = False,
        erasing: bool = False,
    ) -> list[Record]:
        key, actor = check_key(key), check_actor(actor)
        with self._writing() as connection:
            tip, repeated = self._tip(connection, key)
            if repeated:
                return self._repeated(connection, repeated, entries, key, actor)
            check_after(after, tip.head)
            with closing(self._view(connection, tip.head)) as view, _deciding(), _uncollected():
                new_entries = decided(entries, view)
            if not new_entries:
                return []
            written = chained(
                new_entries,
                tip,
                now_us=self._clock(),
                key=key,
                actor=actor,
                salt=self._salt,
                confirm_clock=confirm_clock,
                erasing=erasing,
            )
            records = [one.record for one in written]
            ground = self._grown(tip.ground, records)
            self._check_reversals(connection, records)
            self._dialect.write_postings(connection, self._number, records)
            self._check_guards(connection, at_risk(new_entries, ground), ground)
            self._write_records(connection, written)
        if self._joined is None:
            self._ground = (records[-1].head, ground)
            if records[0].seq == 1:
                self._first = records[0].hash
        return records

    def erase(self, subjects: Collection[str], *, key: str, actor: str, on: date, facts: Facts | None = None) -> Record:
        """Erase all personal rows of some numbers, rows and salts, and record that it was done.

        A repetition erases nothing that was written after the first time. On PostgreSQL the owner of the tables does
        this; the application's role may not delete. A SQLite file and its log keep nothing of the rows; but while
        others read the file, or within a caller's transaction, the log keeps them until its next checkpoint. Copies and
        backups are the caller's to erase.
        """
        with self._writing() as connection:
            self._dialect.forget(connection)
            chosen = chosen_subjects(subjects)
            check_known_subjects(chosen, self._view(connection, self._head(connection, None)))
            erasure = Entry(ERASURE, on, on, {**(facts or {}), "subjects": chosen})
            [record] = self.within(connection)._append([erasure], key=key, actor=actor, erasing=True)  # noqa: SLF001 - itself
            if self._head(connection, None) == record.head:  # otherwise a repetition: what was written since stays
                for subject in chosen:
                    self._dialect.run(
                        connection,
                        "DELETE FROM {s}coopledger_personal WHERE book = ? AND subject = ?",
                        (self._number, subject),
                    )
        if self._joined is None:
            with suppress(SQLAlchemyError, StoreError), connected(self._engine) as connection:  # it stands all the same
                self._dialect.forgotten(connection)
        return record

    def verify(self, anchors: Collection[Head] = ()) -> list[Problem]:
        """Everything that is wrong with the book; see :mod:`coopledger.store.verify`.

        It reads by connections of its own, so raises StoreError for a book within a caller's transaction.
        """
        from coopledger.store.verify import verify

        if self._joined is not None:
            raise StoreError(
                Message("a transaction that is not committed cannot be verified: verify the book outside of it")
            )
        return verify(self._engine, self._dialect, self._number, self.book, self.schema, anchors, self._first)

    def _check_at(self, connection: Connection) -> None:
        """Raise StoreError unless a connection of another engine leads to this very book.

        By its number, its name and its first record, or, while none was known, the place of its tables. Both are
        remembered: to look for them now would wait for what the caller has locked.
        """
        found: Sequence[Any] = ()
        if connection.dialect.name == self._engine.dialect.name and inspect(connection).has_table(
            "coopledger_book", self.schema
        ):
            joined = "{s}coopledger_book LEFT JOIN {s}coopledger_record ON book = id AND seq = 1"
            statement = f"SELECT hash FROM {joined} WHERE code = ? AND id = ?"
            found = self._dialect.rows(connection, statement, (self.book, self._number))
        if self._first is None:
            is_here = found and self._place is not None and self._dialect.place(connection) == self._place
        else:
            is_here = found and found[0][0] is not None and bytes(found[0][0]) == self._first
        if not is_here:
            raise self._elsewhere()

    def _check_here(self, name: str | None, first: bytes | None) -> None:
        """Raise StoreError unless the book that has our number here is ours, by its name and, if known, first record.

        The search path of a host's connection may lead to another schema than when the book was opened.
        """
        if name != self.book or (self._first is not None and (first is None or bytes(first) != self._first)):
            raise self._elsewhere()

    def _begins(self) -> int:
        """The number of the record that the book is known by; 0 if it is not known by one."""
        return 0 if self._first is None else 1

    def _elsewhere(self) -> StoreError:
        return StoreError(
            Message("the connection leads to another database: the book {book} is not there", book=self.book)
        )

    # ---------------------------------------------------------------- within an append

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A connection with the book's lock, in a transaction of its own or, on purpose, in the caller's.

        Within a decision it is refused: the append that is being decided would wait for this one, and this one for it.
        """
        if getattr(_thread, "decides", False):
            raise appended_in_a_decision()
        if self._joined is not None:
            with self._dialect.joining(self._joined, self._number):
                yield self._joined
            return
        with connected(self._engine) as connection:
            writing = connection.execution_options(coopledger_write=True)
            with writing.begin():
                self._dialect.lock(writing, self._number, joined=False)
                yield writing

    def _tip(self, connection: Connection, key: str) -> tuple[Tip, int]:
        """The last record, the ground after it, and the number of the record that has the key (0 if none has)."""
        (cached, cached_hash), ground = self._ground
        [row] = self._dialect.rows(
            connection,
            "SELECT (SELECT seq FROM {s}coopledger_record WHERE book = ? AND key = ?), "
            "(SELECT hash FROM {s}coopledger_record WHERE book = ? AND seq = ?), "
            "(SELECT max(seq) FROM {s}coopledger_record WHERE book = ? AND kind = ?), "
            "(SELECT max(seq) FROM {s}coopledger_personal WHERE book = ?), "
            "(SELECT code FROM {s}coopledger_book WHERE id = ?), "
            "(SELECT hash FROM {s}coopledger_record WHERE book = ? AND seq = ?), "
            "last.seq, last.hash, last.recorded_us, last.locked_through "
            "FROM (SELECT 1) AS one LEFT JOIN (SELECT seq, hash, recorded_us, locked_through FROM {s}coopledger_record "
            "WHERE book = ? ORDER BY seq DESC LIMIT 1) AS last ON 1 = 1",
            (
                *(self._number, key, self._number, cached, self._number, OPENING),
                *(self._number, self._number, self._number, self._begins(), self._number),
            ),
        )
        repeated, seen, opened, rows_end, name, first, seq, own, recorded_us, locked_through = row
        self._check_here(name, first)
        if (rows_end or 0) > (seq or 0):
            raise StoreError(
                Message(
                    "a personal row stands behind the last record, and the next one would take it for its own: "
                    "'verify' names it, the owner of the tables takes it out"
                )
            )
        if seq is None:
            return start(self.book), 0
        head = Head(seq, bytes(own))
        if seen is None or bytes(seen) != cached_hash:
            cached, ground = 0, NOTHING
        if (opened or 0) > cached:
            ground = self._grown(ground, self._view(connection, head).records(OPENING, since=cached))
        ground = ground._replace(locked_through=locked_through)
        return Tip(head.seq, head.hash, recorded_us, ground), repeated or 0

    def _grown(self, ground: Ground, records: Iterable[Record]) -> Ground:
        for record in records:
            ground = grown(ground, record)
        return ground

    def _repeated(
        self, connection: Connection, seq: int, entries: Iterable[Entry] | Decision, key: str, actor: str
    ) -> list[Record]:
        """The records that stand under a key, if the entries are the same; otherwise KeyConflictError."""
        view = self._view(connection, self._head(connection, None))
        records: list[Record] = []
        for record in view.records(since=seq - 1):
            if record.key != (f"{key}#{len(records) + 1}" if records else key):
                break
            records.append(record)
        with closing(self._view(connection, self._head(connection, seq - 1))) as before, _deciding():
            again = decided_again(entries, before, records[0])
        check_repeated(again, records, actor, lambda one: self._personal_rows(connection, one))
        return records

    def _personal_rows(self, connection: Connection, record: Record) -> list[PersonalRow]:
        rows = self._dialect.rows(
            connection,
            "SELECT subject, salt, content FROM {s}coopledger_personal WHERE book = ? AND seq = ? ORDER BY subject",
            (self._number, record.seq),
        )
        return [PersonalRow(subject, bytes(salt), row) for subject, salt, row in rows]

    def _check_reversals(self, connection: Connection, records: Sequence[Record]) -> None:
        """Raise ReversalError if a posting takes back what is not there or more than is left of it."""
        first = records[0].seq
        already: dict[tuple[int, int], int] = {}
        for record in records:
            for line, one in enumerate(record.postings):
                if one.reverses_seq is None or one.reverses_line is None:
                    continue
                place = (one.reverses_seq, one.reverses_line)
                if place[0] >= first:
                    among = records[place[0] - first].postings if place[0] < record.seq else ()
                    original = among[place[1]] if place[1] < len(among) else None
                    before = already.get(place, 0)
                else:
                    original, before = self._original(connection, place)
                    before += already.get(place, 0)
                check_reversal(line, one, original, before)
                already[place] = already.get(place, 0) + one.quantity

    def _original(self, connection: Connection, place: tuple[int, int]) -> tuple[Posting | None, int]:
        rows = self._dialect.rows(
            connection,
            f"SELECT {POSTING}, (SELECT coalesce(sum(quantity), 0) FROM {{s}}coopledger_posting AS taken "
            "WHERE taken.book = was.book AND taken.reverses_seq = was.seq AND taken.reverses_line = was.line) "
            "FROM {s}coopledger_posting AS was WHERE book = ? AND seq = ? AND line = ?",
            (self._number, *place),
        )
        return (Posting(*rows[0][:-1]), int(rows[0][-1])) if rows else (None, 0)

    def _check_guards(self, connection: Connection, places: Places, ground: Ground) -> None:
        """Raise OverdrawnError if a place from which something was taken is below zero on some day."""
        if not places:
            return
        for place, on in self._dialect.below_zero(connection, self._number, places, ground):
            denomination, account = place
            everything = self._view(connection, _LAST)  # with what was just written
            stands = everything.balances(denomination, account, day(on)).get(place, 0)
            stands = stands if ground.guard(place[1]) == "debit" else -stands
            raise overdrawn(place, day(on), stands, ground.denominations[place[0]].digits)

    def _write_records(self, connection: Connection, written: Sequence[Written]) -> None:
        personal = [
            (self._number, one.subject, written_one.record.seq, one.salt, one.row)
            for written_one in written
            for one in written_one.rows
        ]
        if personal:
            self._dialect.write(
                connection, "coopledger_personal", ("book", "subject", "seq", "salt", "content"), personal
            )
        self._dialect.write_records(connection, self._number, written)

    # ---------------------------------------------------------------- looking at it

    def _looked_at(self, connection: Connection, known: int | datetime | None) -> SqlView:
        """A view of the book, if it is here."""
        joined = "{s}coopledger_book LEFT JOIN {s}coopledger_record ON book = id AND seq = ?"
        statement = f"SELECT code, hash FROM {joined} WHERE id = ?"
        rows = self._dialect.rows(connection, statement, (self._begins(), self._number))
        self._check_here(*(rows[0] if rows else (None, None)))
        return self._view(connection, self._head(connection, known))

    def _view(self, connection: Connection, head: Head) -> SqlView:
        return SqlView(connection, self._dialect, self._number, head)

    def _head(self, connection: Connection, known: int | datetime | None) -> Head:
        check_known(known)
        if isinstance(known, datetime):
            known = self._known_seq(connection, microseconds(known))
        if known == 0:
            return start(self.book).head
        if known is not None and abs(known) > _LAST.seq:  # no number that a database could look for
            raise unknown_record(known, self._head(connection, None).seq)
        chosen = "" if known is None else "AND seq = ?"
        rows = self._dialect.rows(
            connection,
            f"SELECT seq, hash FROM {{s}}coopledger_record WHERE book = ? {chosen} ORDER BY seq DESC LIMIT 1",
            (self._number, *(() if known is None else (known,))),
        )
        if rows:
            return Head(rows[0][0], bytes(rows[0][1]))
        if known is None:
            return start(self.book).head
        raise unknown_record(known, self._head(connection, None).seq)

    def _known_seq(self, connection: Connection, known_us: int) -> int:
        """The last record known at a time. What a clock record contradicts has a later time than that."""
        rows = self._dialect.rows(
            connection,
            "SELECT seq FROM {s}coopledger_record WHERE book = ? AND recorded_us <= ? ORDER BY seq DESC LIMIT 1",
            (self._number, known_us),
        )
        return rows[0][0] if rows else 0


_thread = threading.local()


@contextmanager
def _deciding() -> Iterator[None]:
    """What an append is told to decide, is being decided in this thread."""
    _thread.decides = True
    try:
        yield
    finally:
        _thread.decides = False


@contextmanager
def _uncollected() -> Iterator[None]:
    """The garbage collector waits: a dividend is half a million objects, all of use, and it would look at each of them
    again and again. Where several threads do this, it waits for the first of them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()

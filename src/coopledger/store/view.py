"""A book in a database, looked at: what it says up to one record."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from coopledger.core.accounts import OPENING
from coopledger.core.balances import Place
from coopledger.core.chain import commitments_of, facts_of, unknown_record
from coopledger.core.journal import Facts, Head, Movement, Posting, Record, check_seq, day, day_number
from coopledger.errors import StoreError
from coopledger.store.dialect import Dialect, Rows
from coopledger.text import Message, printable

_PAGE = 1000
"""How many records are read at a time, so that a long book does not fill the memory."""

_RECORD = (
    "seq, prev_hash, hash, kind, effective_on, booked_on, recorded_us, key, content_hash, actor, facts, personal, "
    "locked_through, n_postings"
)
POSTING = "denomination, source, target, quantity, reverses_seq, reverses_line, lot"
"""The columns that make a posting, in its order."""


class SqlView:
    """A book in a database as it was known when one record was its last, until it is closed, or its connection is.

    Raises StoreError once it is closed, and for a record whose facts are no facts: somebody changed the database.
    """

    def __init__(self, connection: Connection, dialect: Dialect, book: int, head: Head) -> None:
        self._open = connection
        self._closed = False
        self._readings: list[Rows] = []
        self._left: list[Rows] = []
        self._dialect = dialect
        self._book = book
        self.head = head

    def close(self) -> None:
        """Answer no more. What is half read is let go of, while its transaction lasts."""
        self._closed = True
        for some in (self._readings, self._left):
            while some:
                some.pop().close()

    def records(self, *kinds: str, since: int = 0) -> Iterator[Record]:
        """The records after a number, of some kinds or all, in order; read a thousand at a time."""
        since = max(0, min(since, self.head.seq))  # no number that a database could not hold
        # Each kind by its index: asked for in order, SQLite would rather read every record and keep few.
        of_kind = "SELECT seq FROM {s}coopledger_record WHERE book = ? AND kind = ? AND seq > ? AND seq <= ?"
        numbers = f"SELECT seq FROM ({' UNION ALL '.join(of_kind for _ in kinds)}) AS found ORDER BY seq LIMIT {_PAGE}"
        chosen = f"seq IN ({numbers})" if kinds else "seq > ? AND seq <= ?"
        while True:
            bounds = (since, self.head.seq)
            values = [one for kind in kinds for one in (self._book, kind, *bounds)] if kinds else bounds
            headers = self._rows(
                f"SELECT {_RECORD} FROM {{s}}coopledger_record WHERE book = ? AND {chosen} ORDER BY seq LIMIT {_PAGE}",
                (self._book, *values),
            )
            if not headers:
                return
            postings = self._postings([header[0] for header in headers if header[-1]], every=not kinds)
            for header in headers:
                yield _read(header, postings.get(header[0], ()))
            since = headers[-1][0]

    def record(self, seq: int) -> Record:
        """One record by its number."""
        check_seq(seq)
        if 0 < seq <= self.head.seq:
            for header in self._rows(
                f"SELECT {_RECORD} FROM {{s}}coopledger_record WHERE book = ? AND seq = ?", (self._book, seq)
            ):
                return _read(header, self._postings([seq], every=True).get(seq, ()))
        raise unknown_record(seq, self.head.seq)

    def balances(
        self, denomination: str | None = None, under: str | None = None, on: date | None = None
    ) -> dict[Place, int]:
        """What went in less what went out, by denomination and account."""
        went_in, went_out = (self._moved(side, denomination, under, on) for side in ("target", "source"))
        found = dict(went_in)
        for place, quantity in went_out:
            found[place] = found.get(place, 0) - quantity
        return {place: found[place] for place in sorted(found) if found[place]}

    def movements(
        self, under: str, denomination: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[Movement]:
        """The postings that touch an account or those below it, by day, number and line."""
        counted, already = _under("source", under)  # what is moved below the account is found on both sides
        found: list[str] = []
        values: list[Any] = []
        for side, unless, those in (("source", "", []), ("target", f" AND NOT ({counted})", already)):
            # The account itself apart from those below it: of one account the index has the days in order.
            for within in ((f"{side} = ?", [under]), (f"{side} >= ? AND {side} < ?", [f"{under}/", f"{under}0"])):
                where, asked = self._where(denomination, within, since, until)
                found.append(
                    f"SELECT seq, line, effective_on, {POSTING} FROM {{s}}coopledger_posting WHERE {where}{unless}"
                )
                values += [*asked, *those]
        statement = (
            f"SELECT p.seq, p.line, p.effective_on, {POSTING}, r.kind, r.booked_on "
            f"FROM ({' UNION ALL '.join(found)}) AS p "
            "CROSS JOIN {s}coopledger_record AS r WHERE r.book = ? AND r.seq = p.seq "
            "ORDER BY p.effective_on, p.seq, p.line"
        )
        values.append(self._book)
        while self._left:
            self._left.pop().close()
        rows = self._dialect.reading(self._connection, statement, values)
        self._readings.append(rows)
        try:
            while page := self._page(rows):
                for seq, line, effective_on, *posting, kind, booked_on in page:
                    yield Movement(seq, line, kind, _day(seq, effective_on), _day(seq, booked_on), Posting(*posting))
        finally:
            # Nobody reads on, which the garbage collector may have found out in the midst of another statement, in
            # another thread.
            if rows in self._readings:  # otherwise the view has closed them
                self._readings.remove(rows)
                if not rows.let_go():
                    self._left.append(rows)

    def personal(self, subjects: Collection[str] | None = None) -> dict[str, Facts]:
        """The latest personal row of each number that has one."""
        statement = "SELECT subject, content FROM {s}coopledger_personal WHERE book = ? AND seq <= ?"
        values: list[Any] = [self._book, self.head.seq]
        latest: dict[str, str] = {}
        if subjects is None:
            latest.update(map(tuple, self._rows(f"{statement} ORDER BY subject, seq", values)))
        else:
            wanted = sorted(set(subjects))
            for some in (wanted[n : n + _PAGE] for n in range(0, len(wanted), _PAGE)):
                chosen = f"{statement} AND subject IN ({', '.join('?' * len(some))}) ORDER BY subject, seq"
                latest.update(map(tuple, self._rows(chosen, [*values, *some])))
        found = {}
        for subject, row in latest.items():
            try:
                found[subject] = facts_of(row)
            except ValueError:
                raise unreadable(Message("the personal row of {subject}", subject=printable(subject))) from None
        return found

    def _moved(
        self, side: str, denomination: str | None, under: str | None, on: date | None
    ) -> Iterator[tuple[Place, int]]:
        """What went into accounts, as the targets of postings, or out of them, as the sources."""
        where, values = self._where(denomination, None if under is None else _under(side, under), None, on)
        sums = ", ".join(self._dialect.sums)
        return self._dialect.totals(
            self._connection,
            f"SELECT denomination, {side}, {sums} FROM {{s}}coopledger_posting WHERE {where} "
            f"GROUP BY denomination, {side} ORDER BY denomination, {side}",
            values,
        )

    @property
    def _connection(self) -> Connection:
        self._check_open()
        return self._open

    def _check_open(self) -> None:
        if self._closed or self._open.closed:
            raise StoreError(
                Message("the view is closed: it answers within its 'with book.read() as view:', read the book again")
            )

    def _page(self, rows: Rows) -> Sequence[Any]:
        """The next rows, while the view is open."""
        self._check_open()
        return rows.fetch(_PAGE)

    def _rows(self, sql: str, values: Sequence[Any]) -> Sequence[Any]:
        return self._dialect.rows(self._connection, sql, values)

    def _where(
        self, denomination: str | None, within: tuple[str, list[str]] | None, since: date | None, until: date | None
    ) -> tuple[str, list[Any]]:
        # The index of accounts begins with denominations; SQLite would rather read every record before the last.
        where = ["book = ?", "+seq <= ?" if within else "seq <= ?"]
        values: list[Any] = [self._book, self.head.seq]
        known = [denomination] if denomination is not None else self._denominations() or [""] if within else []
        if 0 < len(known) <= _PAGE:  # a database takes so many values, and not many more
            where.append(f"denomination IN ({', '.join('?' * len(known))})")
            values += known
        if within is not None:
            where.append(within[0])
            values += within[1]
        if since is not None:
            where.append("effective_on >= ?")
            values.append(day_number(since))
        if until is not None:
            where.append("effective_on <= ?")
            values.append(day_number(until))
        return " AND ".join(where), values

    def _denominations(self) -> list[str]:
        return sorted({name for record in self.records(OPENING) for name in record.facts.get("denominations", ())})

    def _postings(self, seqs: Sequence[int], *, every: bool) -> dict[int, tuple[Posting, ...]]:
        if not seqs:
            return {}
        chosen = "" if every else f"AND seq IN ({', '.join('?' * len(seqs))})"
        rows = self._rows(
            f"SELECT seq, {POSTING} FROM {{s}}coopledger_posting WHERE book = ? AND seq BETWEEN ? AND ? {chosen} "
            "ORDER BY seq, line",
            (self._book, seqs[0], seqs[-1], *(() if every else seqs)),
        )
        return {seq: tuple(Posting._make(row[1:]) for row in group) for seq, group in groupby(rows, key=itemgetter(0))}


def _under(side: str, under: str) -> tuple[str, list[str]]:
    """One range of the index: '0' is the character after '/', and what lies between is left out again."""
    return (
        f"{side} >= ? AND {side} < ? AND ({side} = ? OR {side} >= ?)",
        [under, f"{under}0", under, f"{under}/"],
    )


def unreadable(what: object) -> StoreError:
    """What is said of a record or a row that somebody changed in the database, so that it cannot be read."""
    return StoreError(Message("{what} cannot be read: 'verify' says what is wrong with the book", what=what))


def record_of(header: Sequence[Any], postings: tuple[Posting, ...]) -> Record:
    """The record that a row and its postings are. Raises StoreError for facts or commitments that are none."""
    seq, prev_hash, own, kind, effective_on, booked_on, recorded_us, key, content, actor, facts, personal, locked, _ = (
        header
    )
    try:
        said, commitments = facts_of(facts), commitments_of(personal)
    except (TypeError, ValueError):
        said, commitments = None, ()
    if not isinstance(said, dict):
        raise unreadable(Message("record {number}", number=seq))
    return Record(
        seq,
        bytes(prev_hash),
        bytes(own),
        kind,
        day(effective_on),
        day(booked_on),
        recorded_us,
        key,
        bytes(content),
        actor,
        said,
        commitments,
        locked,
        postings,
    )


def _read(header: Sequence[Any], postings: tuple[Posting, ...]) -> Record:
    """The same, of a book that is asked. Raises StoreError for days and hashes that are none, too."""
    try:
        return record_of(header, postings)
    except (TypeError, ValueError):
        raise unreadable(Message("record {number}", number=header[0])) from None


def _day(seq: int, seen: int) -> date:
    """A day as it is stored. Raises StoreError for a number that is none."""
    try:
        return day(seen)
    except (TypeError, ValueError):
        raise unreadable(Message("record {number}", number=seq)) from None

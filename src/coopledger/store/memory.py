"""A book in memory: the specification of every store. Slow and plain: each question reads every record."""

import secrets
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime

from coopledger.core.accounts import ERASURE, NOTHING, Ground, grown
from coopledger.core.audit import ChainAudit, GuardAudit, Stored, audit_reversals
from coopledger.core.balances import (
    Place,
    at_risk,
    balances,
    check_reversal,
    first_overdrawn,
    movements,
    overdrawn,
)
from coopledger.core.chain import (
    PersonalRow,
    Tip,
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
    facts_of,
    known_seq,
    microseconds,
    start,
    unknown_record,
)
from coopledger.core.journal import (
    Decision,
    Entry,
    Facts,
    Head,
    Movement,
    Record,
    canonical,
    check_seq,
    code,
    day_number,
    root,
)
from coopledger.errors import Problem
from coopledger.text import Message


class MemoryView:
    """The first records of a book in memory. What it gives away is copied: nobody can change the book through it."""

    def __init__(self, records: list[Record], rows: dict[int, list[PersonalRow]], head: Head) -> None:
        self._records = records
        self._rows = rows
        self.head = head

    def records(self, *kinds: str, since: int = 0) -> Iterator[Record]:
        """The records after a number, of some kinds or all."""
        return (_copy(one) for one in self._records if one.seq > since and (not kinds or one.kind in kinds))

    def record(self, seq: int) -> Record:
        """One record by its number."""
        check_seq(seq)
        if not 0 < seq <= len(self._records):
            raise unknown_record(seq, len(self._records))
        return _copy(self._records[seq - 1])

    def balances(
        self, denomination: str | None = None, under: str | None = None, on: date | None = None
    ) -> dict[Place, int]:
        """What went in less what went out, by denomination and account."""
        return balances(self._records, denomination, under, on)

    def movements(
        self, under: str, denomination: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[Movement]:
        """The postings that touch an account or those below it."""
        return iter(movements(self._records, under, denomination, since, until))

    def personal(self, subjects: Collection[str] | None = None) -> dict[str, Facts]:
        """The latest personal row of each number."""
        found: dict[str, Facts] = {}
        for record in self._records:
            for one in self._rows.get(record.seq, []):
                if subjects is None or one.subject in subjects:
                    found[one.subject] = facts_of(one.row)
        return found


class MemoryJournal:
    """A book in memory, safe from many threads.

    The clock gives microseconds since 1970, the salt 16 random bytes; tests pass their own.

    >>> from coopledger.core.accounts import Account, Denomination, opening
    >>> from coopledger.core.journal import Posting
    >>> book = MemoryJournal("hill", clock=lambda: 0)
    >>> day = date(2026, 1, 1)
    >>> accounts = [Account("unissued", "unissued shares"), Account("holder", "holders", "debit")]
    >>> facts = opening([Denomination("land", "land shares")], accounts)
    >>> founding = Entry("opening", day, day, facts)
    >>> issue = Entry("issue", day, day, {}, [Posting("land", "unissued", "holder/7", 100)])
    >>> [one.seq for one in book.append([founding, issue], key="founding", actor="me")]
    [1, 2]
    >>> with book.read() as view:
    ...     view.balances("land", under="holder")
    {('land', 'holder/7'): 100}
    """

    def __init__(
        self,
        book: str,
        *,
        clock: Callable[[], int] = lambda: time.time_ns() // 1000,
        salt: Callable[[], bytes] = lambda: secrets.token_bytes(16),
    ) -> None:
        self.book = code(book)
        self._clock = clock
        self._salt = salt
        self._lock = threading.RLock()
        self._decides = False
        self._records: list[Record] = []
        self._rows: dict[int, list[PersonalRow]] = {}

    def read(self, known: int | datetime | None = None) -> AbstractContextManager[MemoryView]:
        """The book as it is, as it was after a record, or as it was known at a time."""
        with self._lock:
            return nullcontext(self._view(self._seq(known)))

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
        with self._lock:
            if self._decides:
                raise appended_in_a_decision()
            if repeated := self._under(key):
                with self._deciding():
                    again = decided_again(entries, self._view(repeated[0].seq - 1), repeated[0])
                check_repeated(again, repeated, actor, lambda one: self._rows.get(one.seq, []))
                return [_copy(one) for one in repeated]
            view = self._view(len(self._records))
            check_after(after, view.head)
            with self._deciding():
                new_entries = decided(entries, view)
            tip = self._tip()
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
            new = [one.record for one in written]
            ground = self._ground([*self._records, *new])
            self._check_reversals(new)
            found = first_overdrawn([*self._records, *new], at_risk(new_entries, ground), ground)
            if found is not None:
                place, day, quantity = found
                raise overdrawn(place, day, quantity, ground.denominations[place[0]].digits)
            self._records += [one.record._replace(facts=facts_of(one.facts)) for one in written]
            self._rows.update({one.record.seq: list(one.rows) for one in written if one.rows})
            return new

    def erase(self, subjects: Collection[str], *, key: str, actor: str, on: date, facts: Facts | None = None) -> Record:
        """Erase all personal rows of some numbers, rows and salts, and record that it was done.

        A repetition erases nothing that was written after the first time.
        """
        chosen = chosen_subjects(subjects)
        erasure = Entry(ERASURE, on, on, {**(facts or {}), "subjects": chosen})
        with self._lock:
            check_known_subjects(chosen, self._view(len(self._records)))
            [record] = self._append([erasure], key=key, actor=actor, erasing=True)
            for seq, rows in self._rows.items():
                if seq < record.seq:
                    self._rows[seq] = [one for one in rows if one.subject not in chosen]
            return record

    def verify(self, anchors: Collection[Head] = ()) -> list[Problem]:
        """Everything that is wrong with the book."""
        audit, guards = ChainAudit(self.book, anchors), GuardAudit()
        problems = [problem for one in self._records for problem in audit.read(guards.read(_stored(one), audit.ground))]
        problems += [*audit.end(), *guards.left]
        used: dict[Place, int] = {}
        reversals = []
        for record in self._records:
            for line, one in enumerate(record.postings):
                used.setdefault((one.denomination, one.source), record.seq)
                used.setdefault((one.denomination, one.target), record.seq)
                if one.reverses_seq is not None and one.reverses_line is not None:
                    lines = self._records[one.reverses_seq - 1].postings if one.reverses_seq < record.seq else ()
                    original = lines[one.reverses_line] if one.reverses_line < len(lines) else None
                    reversals.append((record.seq, line, one, original))
        problems += audit.places((*place, seq) for place, seq in used.items())
        problems += audit_reversals(reversals)
        opened = audit.ground.accounts
        guarded = [place for place in used if root(place[1]) in opened and opened[root(place[1])].guard != "none"]
        if below := first_overdrawn(self._records, guarded, audit.ground):
            (denomination, account), day, _ = below
            problems.append(
                Problem(account, Message("{denomination} below zero on {day}", denomination=denomination, day=day))
            )
        problems += audit.rows((seq, row) for seq, rows in self._rows.items() for row in rows)
        return problems

    def _view(self, seq: int) -> MemoryView:
        records = self._records[:seq]
        return MemoryView(records, self._rows, records[-1].head if records else start(self.book).head)

    def _seq(self, known: int | datetime | None) -> int:
        check_known(known)
        if known is None:
            return len(self._records)
        if isinstance(known, datetime):
            known_us = microseconds(known)
            return known_seq(((one.seq, one.recorded_us, one.kind) for one in self._records), known_us)
        if not 0 <= known <= len(self._records):
            raise unknown_record(known, len(self._records))
        return known

    @contextmanager
    def _deciding(self) -> Iterator[None]:
        """What an append is told to decide, is being decided in the thread that has the lock."""
        self._decides = True
        try:
            yield
        finally:
            self._decides = False

    def _under(self, key: str) -> list[Record]:
        first = next((n for n, one in enumerate(self._records) if one.key == key), None)
        if first is None:
            return []
        found = [self._records[first]]
        while first + len(found) < len(self._records) and (
            self._records[first + len(found)].key == f"{key}#{len(found) + 1}"
        ):
            found.append(self._records[first + len(found)])
        return found

    def _tip(self) -> Tip:
        if not self._records:
            return start(self.book)
        last = self._records[-1]
        return Tip(last.seq, last.hash, last.recorded_us, self._ground(self._records))

    def _ground(self, records: Iterable[Record]) -> Ground:
        ground = NOTHING
        for record in records:
            ground = grown(ground, record)
        return ground

    def _check_reversals(self, new: list[Record]) -> None:
        records = [*self._records, *new]
        reversed_so_far: dict[tuple[int, int], int] = {}
        for record in records:
            for line, one in enumerate(record.postings):
                if one.reverses_seq is None or one.reverses_line is None:
                    continue
                place = (one.reverses_seq, one.reverses_line)
                if record.seq > len(self._records):
                    before = records[: record.seq - 1]
                    original = None
                    if place[0] <= len(before) and place[1] < len(before[place[0] - 1].postings):
                        original = before[place[0] - 1].postings[place[1]]
                    check_reversal(line, one, original, reversed_so_far.get(place, 0))
                reversed_so_far[place] = reversed_so_far.get(place, 0) + one.quantity


def _copy(record: Record) -> Record:
    return record._replace(facts=facts_of(canonical(record.facts)))


def _stored(record: Record) -> Stored:
    day = day_number(record.effective_on)
    page = [(*one, line, day) for line, one in enumerate(record.postings)]
    bare = record._replace(postings=())
    return Stored(bare, canonical(record.facts), canonical(record.personal), len(record.postings), [page])

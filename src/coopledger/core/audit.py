"""The audit of a journal: every promise that can be checked by reading it from its first record to its last."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from coopledger.core.accounts import CLOCK, ERASURE, NOTHING, OPENING, UNLOCK, Ground, grown
from coopledger.core.balances import Place, check_reversal
from coopledger.core.chain import PersonalRow
from coopledger.core.journal import (
    TRANSIT,
    Head,
    Posting,
    Record,
    checked_head,
    code,
    commitment,
    content_hash,
    day_number,
    genesis,
    listed,
    record_hash,
    root,
)
from coopledger.errors import CoopledgerError, Problem
from coopledger.text import Message


class Stored(NamedTuple):
    """A record as it is stored, with its texts unread.

    ``declared`` is the number of postings that the record claims. The record's own postings are left empty: they come
    in pages, to be read once, each posting with the line and the day number that it is stored under after its fields.
    ``unread`` is why the record could not be read, if so: it has neither facts nor commitments then.
    """

    record: Record
    facts: str
    personal: str
    declared: int
    pages: Iterable[Sequence[Sequence[Any]]]
    unread: Message | None = None


class ChainAudit:
    """Reads a book's records one after the other and says what is wrong with each.

    An anchor is a head that was printed once; without one, a tail that was cut off does not show. After the last
    record, ``ground``, ``opened_by`` (which record opened an account or a denomination), ``personal`` (the commitments
    by record and number), ``erased`` (the record that erased a number's rows) and ``declared`` (the number of postings)
    say what the rest of the book is checked against.
    """

    def __init__(self, book: str, anchors: Collection[Head] = ()) -> None:
        self.head = self._start = Head(0, genesis(book))
        self.ground: Ground = NOTHING
        self.opened_by: dict[str, int] = {}
        self.personal: dict[tuple[int, str], str] = {}
        self.erased: dict[str, int] = {}
        self.declared = 0
        self._recorded_us = 0
        self._unread: set[int] = set()
        self._anchors = sorted(map(checked_head, listed(anchors, Head)))

    def read(self, one: Stored) -> Iterator[Problem]:
        """What is wrong with the next record."""
        record, before = one.record, self.ground
        self.declared += one.declared
        found = [*_chained(one, self.head)]
        if one.unread is not None:
            found.insert(0, one.unread)
            self._unread.add(record.seq)
        if record.recorded_us <= self._recorded_us and record.kind != CLOCK and self.head.seq:
            found.append(Message("its time is not after that of the record before it"))
        try:
            self.ground = grown(before, record)
        except CoopledgerError as error:
            found.append(error.message)
        closed = self.ground if record.kind == UNLOCK else before
        if day_number(record.booked_on) <= closed.locked_through:
            found.append(Message("it is booked on {booked}, in a locked period", booked=record.booked_on))
        if record.locked_through != self.ground.locked_through:
            found.append(Message("the day up to which it says the books are closed is not what the records say"))
        if record.kind == OPENING:
            for name in (*self.ground.denominations, *self.ground.accounts):
                self.opened_by.setdefault(name, record.seq)
        if record.kind == ERASURE:
            self.erased.update(dict.fromkeys(record.facts.get("subjects", ()), record.seq))
        for subject, digest in record.personal:
            self.personal[record.seq, subject] = digest
        self.head, self._recorded_us = record.head, record.recorded_us
        found += [
            Message("the anchor {anchor} was printed, but {now} stands here", anchor=str(anchor), now=str(self.head))
            for anchor in self._anchors
            if anchor.seq == self.head.seq and anchor != self.head
        ]
        return (Problem(f"record {record.seq}", message) for message in found)

    def end(self) -> Iterator[Problem]:
        """The anchors that the book did not reach."""
        for anchor in self._anchors:
            if anchor.seq > self.head.seq or (anchor.seq <= 0 and anchor != self._start):
                yield Problem(
                    f"record {anchor.seq}",
                    Message(
                        "the anchor {anchor} is not in the book, which ends at record {last}",
                        anchor=str(anchor),
                        last=self.head.seq,
                    ),
                )

    def places(self, used: Iterable[tuple[str, str, int]]) -> Iterator[Problem]:
        """What is wrong with the places that postings name: (denomination, account, first record that does)."""
        for denomination, account, seq in used:
            for name, opened in ((denomination, denomination), (account, root(account))):
                if not self.opened_by.get(opened, seq) < seq or opened not in self.opened_by or not _is_code(name):
                    yield Problem(f"record {seq}", Message("{name} is not open when it is used", name=name))

    def rows(self, kept: Iterable[tuple[int, PersonalRow]]) -> Iterator[Problem]:
        """Every personal row that was changed, swapped, added, or lost without a record of its erasure."""
        seen = set()
        for seq, row in kept:
            seen.add((seq, row.subject))
            if seq in self._unread:
                continue  # what it says of the row is not known, and the record is named already
            if self.personal.get((seq, row.subject)) != commitment(row.salt, row.row):
                said = Message("the personal row of {subject} is not what was hashed", subject=row.subject)
                yield Problem(f"record {seq}", said)
            elif self.erased.get(row.subject, 0) > seq:
                said = Message("the personal row of {subject} was erased, and is here", subject=row.subject)
                yield Problem(f"record {seq}", said)
        for seq, subject in sorted(self.personal.keys() - seen):
            if self.erased.get(subject, 0) < seq:
                said = Message("the personal row of {subject} is gone without a record of its erasure", subject=subject)
                yield Problem(f"record {seq}", said)


class GuardAudit:
    """Picks out, while the postings are read once, the few places that may be below zero on some day.

    A place is a suspect if it stands below zero after a line, in the order of the records, or if something is taken
    from it by a record of an earlier day than one before it. No other place is ever below zero: at the end of a day,
    the last record that took from it by then had every earlier record behind it, and later ones only gave. ``suspects``
    are to be asked for day by day; ``used`` has every place with the first record that names it, ``left`` what records
    left in transit.
    """

    def __init__(self) -> None:
        self.suspects: set[Place] = set()
        self.used: list[tuple[str, str, int]] = []
        self.left: list[Problem] = []
        self._stands: dict[str, _Stands] = {}
        self._newest = 0

    def read(self, one: Stored, ground: Ground) -> Stored:
        """The next record, whose postings are looked at as they are read. The ground is that before it."""
        return one._replace(pages=self._read(one, ground))

    def _read(self, one: Stored, ground: Ground) -> Iterator[Sequence[Sequence[Any]]]:
        on = day_number(one.record.effective_on)
        late = on < self._newest
        self._newest = max(on, self._newest)
        denomination, stands = None, _Stands()
        for page in one.pages:
            for row in page:
                if row[0] != denomination:
                    denomination = row[0]
                    stands = self._stands.setdefault(denomination, _Stands())
                    stands.ground = ground
                source, target, quantity = row[1], row[2], row[3]
                stands[source] = balance = stands[source] - quantity
                if (late or balance < 0) and source in stands.debit:
                    self.suspects.add((row[0], source))
                stands[target] = balance = stands[target] + quantity
                if (late or balance > 0) and target in stands.credit:
                    self.suspects.add((row[0], target))
            yield page
        for name, stands in self._stands.items():
            self.used += [(name, account, one.record.seq) for account in stands.new]
            stands.new.clear()
            if stands.get(TRANSIT):
                stands[TRANSIT] = 0
                said = Message("{denomination} left in transit", denomination=name)
                self.left.append(Problem(f"record {one.record.seq}", said))


class _Stands(dict[str, int]):
    """What stands where, of one denomination, with the places that are guarded and those not yet noted as used."""

    def __init__(self) -> None:
        self.ground = NOTHING
        self.debit: set[str] = set()
        self.credit: set[str] = set()
        self.new: list[str] = []

    def __missing__(self, account: str) -> int:
        self.new.append(account)
        opened = self.ground.accounts.get(root(account))
        if opened is not None and opened.guard != "none":
            (self.debit if opened.guard == "debit" else self.credit).add(account)
        return 0


def audit_reversals(reversals: Iterable[tuple[int, int, Posting, Posting | None]]) -> Iterator[Problem]:
    """Every reversal of too much: (its record, its line, itself, the posting it names, if there is one), in order."""
    already: dict[tuple[int | None, int | None], int] = {}
    for seq, line, one, original in reversals:
        place = (one.reverses_seq, one.reverses_line)
        try:
            check_reversal(line, one, original, already.get(place, 0))
        except CoopledgerError as error:
            yield Problem(f"record {seq}", error.message)
        already[place] = already.get(place, 0) + one.quantity


def _chained(one: Stored, head: Head) -> Iterator[Message]:
    record = one.record
    if record.seq != head.seq + 1:
        yield Message("record {due} is expected after record {last}", due=head.seq + 1, last=head.seq)
    if record.prev_hash != head.hash:
        yield Message("it does not follow the record before it")
    effective, booked = day_number(record.effective_on), day_number(record.booked_on)
    lines: list[int] = []
    days: set[int] = set()
    content = content_hash(
        record.kind, effective, booked, record.actor, one.facts, _without_places(one.pages, lines, days)
    )
    if record.content_hash != content:
        yield Message("its content is not what was hashed")
    if record.hash != record_hash(
        head.hash, record.seq, record.recorded_us, record.key, record.content_hash, one.personal, record.locked_through
    ):
        yield Message("its hash is not that of its content")
    if lines != list(range(one.declared)):
        yield Message("{seen} postings stand where {declared} are declared", seen=len(lines), declared=one.declared)
    if days - {effective}:
        yield Message("a posting is stored under another day than its record's")


def _without_places(
    pages: Iterable[Sequence[Sequence[Any]]], lines: list[int], days: set[int]
) -> Iterator[Sequence[Sequence[Any]]]:
    """The postings without the lines and days they are stored under, which are noted."""
    for page in pages:
        lines += [row[7] for row in page]
        days.update([row[8] for row in page])
        yield [row[:7] for row in page]


def _is_code(name: str) -> bool:
    try:
        return code(name) == name
    except CoopledgerError:
        return False

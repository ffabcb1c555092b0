"""What the tests of all stores share: how a book is made, a clock and salts that are always the same, short entries."""

import itertools
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Protocol

from coopledger.core.accounts import Account, Denomination, opening
from coopledger.core.journal import Decision, Entry, Facts, Head, Posting, Record, View
from coopledger.errors import Problem

DAY = date(2026, 1, 1)
NOW_US = 1_767_225_600_000_000
"""2026-01-01T00:00:00Z"""

SECOND_US = 1_000_000
DAY_US = 24 * 3600 * SECOND_US


class Book(Protocol):
    """A journal as every store makes it: with its name and ``erase``."""

    book: str

    def read(self, known: int | datetime | None = None) -> AbstractContextManager[View]: ...

    def append(
        self,
        entries: Iterable[Entry] | Decision,
        *,
        key: str,
        actor: str,
        after: Head | None = None,
        confirm_clock: bool = False,
    ) -> list[Record]: ...

    def erase(
        self, subjects: Collection[str], *, key: str, actor: str, on: date, facts: Facts | None = None
    ) -> Record: ...

    def verify(self, anchors: Collection[Head] = ()) -> list[Problem]: ...


Make = Callable[[str, Callable[[], int], Callable[[], bytes]], Book]
"""A book's name, its clock and its salts give an empty book."""


class Clock:
    """A clock that stands still until somebody sets it."""

    def __init__(self, now_us: int = NOW_US) -> None:
        self.now_us = now_us

    def __call__(self) -> int:
        return self.now_us

    def forward(self, us: int) -> None:
        self.now_us += us


class Salts:
    """Salts that are all different and always the same."""

    def __init__(self) -> None:
        self.given: list[bytes] = []

    def __call__(self) -> bytes:
        self.given.append(sha256(b"salt %d" % len(self.given)).digest()[:16])
        return self.given[-1]


_numbers = itertools.count(1)


class Promises:
    """A store's promises, each a test. A store says in ``make`` how an empty book of it is made.

    ``make`` is never asked for the same name twice in one process, so one database does for all.
    """

    def make(self, book: str, clock: Callable[[], int], salt: Callable[[], bytes]) -> Book:
        raise NotImplementedError

    def empty(self, clock: Callable[[], int] | None = None, salt: Callable[[], bytes] | None = None) -> Book:
        """An empty book, under a name of its own."""
        return self.make(fresh_name(), clock or Clock(), salt or Salts())

    def founded(self, clock: Callable[[], int] | None = None, salt: Callable[[], bytes] | None = None) -> Book:
        """A book of one record that opens what the tests use."""
        book = self.empty(clock, salt)
        book.append([founding()], key="founding", actor="founder")
        return book


def fresh_name() -> str:
    return f"book-{next(_numbers):05d}"


# ---------------------------------------------------------------- entries

DENOMINATIONS = (Denomination("CNY", "yuan", 2), Denomination("land", "land shares"), Denomination("mu", "mu", 2))
ACCOUNTS = (
    Account("unissued", "unissued shares"),
    Account("holder", "holders", "debit"),
    Account("holders", "an account whose code begins like another's"),
    Account("c37:102", "银行存款"),
    Account("c37:222", "应付剩余盈余", "credit"),
    Account("c37:332", "盈余分配"),
    Account("transit", "transit"),
    Account("村账:现金", "库存现金"),
    Account("hold_r", "an account with a character that LIKE takes for any"),
)


def founding() -> Entry:
    return Entry("opening", DAY, DAY, opening(DENOMINATIONS, ACCOUNTS))


def note(on: date = DAY, booked: date | None = None, **facts: object) -> Entry:
    """A record without postings."""
    return Entry("note", on, booked or on, facts)


def move(
    quantity: int,
    source: str,
    target: str,
    on: date = DAY,
    *,
    denomination: str = "land",
    booked: date | None = None,
    lot: str | None = None,
    reverses: tuple[int | None, int | None] = (None, None),
) -> Entry:
    """A record with one posting."""
    seq, line = reverses
    return Entry("move", on, booked or on, {}, [Posting(denomination, source, target, quantity, seq, line, lot)])


def issue(quantity: int, holder: str = "holder/1", on: date = DAY) -> Entry:
    return move(quantity, "unissued", holder, on)


def take(quantity: int, holder: str = "holder/1", on: date = DAY) -> Entry:
    return move(quantity, holder, "unissued", on)


def taking_back(quantity: int, seq: int, line: int = 0, on: date = DAY, holder: str = "holder/1") -> Entry:
    """A reversal of shares that were issued."""
    return move(quantity, holder, "unissued", on, reverses=(seq, line))


def about(subject: str, row: Mapping[str, object], on: date = DAY) -> Entry:
    """A record about a person."""
    return Entry("person", on, on, {}, [], {subject: row})


def locking(through: date, booked: date) -> Entry:
    return Entry("lock", booked, booked, {"through": through.isoformat()})


def unlocking(through: date | None, booked: date) -> Entry:
    return Entry("unlock", booked, booked, {"through": through and through.isoformat(), "reason": "a late voucher"})


def clock_set(on: date = DAY) -> Entry:
    return Entry("clock", on, on, {"reason": "the clock was wrong"})


def days(count: int, since: date = DAY) -> list[date]:
    return [since + timedelta(n) for n in range(count)]


# ---------------------------------------------------------------- looking at a book


def head(book: Book) -> Head:
    with book.read() as view:
        return view.head


def records(book: Book, known: int | datetime | None = None) -> list[Record]:
    with book.read(known) as view:
        return list(view.records())


def balance(book: Book, account: str = "holder/1", on: date | None = None, denomination: str = "land") -> int:
    with book.read() as view:
        return view.balances(denomination, under=account, on=on).get((denomination, account), 0)


def personal(book: Book) -> dict[str, Facts]:
    with book.read() as view:
        return view.personal()


def at(us: int) -> datetime:
    """A time of the clock, in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=us)


# ---------------------------------------------------------------- the bytes, written down a second time


def json_of(value: object) -> str:
    """A value in its one form, by the slow road."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def name_hash(book: str) -> bytes:
    return sha256(f"coopledger 1 book {book}".encode()).digest()


def counted(text: str) -> str:
    """A text behind its length, so that no text can pass for two."""
    return f"{len(text)}:{text}"


def hashes_by_hand(record: Record) -> tuple[bytes, bytes]:
    """What a record's content hash and hash must be, by the description of the bytes."""
    effective, booked = (day.strftime("%Y%m%d") for day in (record.effective_on, record.booked_on))
    said = f"coopledger 1 content\n{counted(record.kind)}{effective},{booked},{counted(record.actor)}"
    said += counted(json_of(record.facts))
    for one in record.postings:
        said += f";{counted(one.denomination)}{counted(one.source)}{counted(one.target)}{one.quantity}"
        said += "" if one.reverses_seq is None else f"r{one.reverses_seq},{one.reverses_line}"
        said += "" if one.lot is None else f"l{counted(one.lot)}"
    content = sha256(said.encode()).digest()
    said = f"coopledger 1 record\n{record.prev_hash.hex()}{record.seq},{record.recorded_us},{counted(record.key)}"
    said += f"{content.hex()}{counted(json_of([list(one) for one in record.personal]))}{record.locked_through}"
    return content, sha256(said.encode()).digest()


def assert_whole(book: Book, name: str | None = None) -> None:
    """The chain holds from the first record to the last: numbers, hashes, links, keys."""
    with book.read() as view:
        found = list(view.records())
        last = view.head
    assert [one.seq for one in found] == list(range(1, len(found) + 1))
    assert len({one.key for one in found}) == len(found)
    for before, one in itertools.pairwise(found):
        assert one.prev_hash == before.hash
    for one in found:
        assert (one.content_hash, one.hash) == hashes_by_hand(one)
    if found:
        assert last == found[-1].head
        if name is not None:
            assert found[0].prev_hash == name_hash(name)

"""coopledger itself, in processes of their own, for what they hold in memory. A place is a file or a URL."""

from datetime import date

import measured

from coopledger.core.accounts import Account, Denomination, opening
from coopledger.core.journal import Entry, Posting
from coopledger.store.database import create_book, open_book

MEMBERS = 1000
DAY = date(2026, 1, 31)
BEFORE = date(2025, 1, 1)
BATCH = 1000


def issue(n: int) -> Entry:
    """An entry of two postings."""
    postings = [
        Posting("land", "unissued", f"holder/{n % MEMBERS:05d}", 500),
        Posting("CNY", f"c2021:222/{n % MEMBERS:05d}", "c2021:332", 123_456 + n),
    ]
    return Entry("issue", DAY, DAY, {"reason": "2 mu of land"}, postings)


def make(place: str, _count: int) -> measured.Work:
    """A new book with its accounts."""
    denominations = [Denomination("CNY", "yuan", 2), Denomination("land", "land shares")]
    accounts = [
        Account("unissued", "unissued shares"),
        Account("holder", "holders", "debit"),
        Account("c2021:222", "dividends payable", "credit"),
        Account("c2021:332", "appropriation"),
    ]
    founding = Entry("opening", BEFORE, BEFORE, opening(denominations, accounts))
    return lambda: create_book(place, "bench").append([founding], key="opening", actor="bench")


def append(place: str, count: int) -> measured.Work:
    """Records appended one after the other."""
    book = open_book(place)

    def work() -> None:
        for n in range(count):
            book.append([issue(n)], key=f"issue {n}", actor="bench")

    return work


def many(place: str, count: int) -> measured.Work:
    """Records appended a thousand at a time."""
    book = open_book(place)

    def work() -> None:
        for n in range(0, count, BATCH):
            book.append([issue(n + one) for one in range(BATCH)], key=f"issues {n}", actor="bench")

    return work


def read(place: str, count: int) -> measured.Work:
    """Every record read."""
    book = open_book(place)

    def work() -> None:
        with book.read() as view:
            assert sum(len(one.postings) for one in view.records()) == 2 * count

    return work


def verify(place: str, _count: int) -> measured.Work:
    """Everything verified."""
    book = open_book(place)

    def work() -> None:
        assert not book.verify()

    return work


if __name__ == "__main__":
    measured.main({"make": make, "append": append, "many": many, "read": read, "verify": verify})

"""piecash: transactions with their splits added to a book in a SQLite file, which is then saved.

This is the one way its documents show: ``Transaction(splits=[Split(…), …])`` and ``book.save()``, which checks and
commits. The book stays open from one save to the next, as opening it again would cost more.
"""

import os
import warnings
from datetime import date
from decimal import Decimal
from typing import Any

import measured

warnings.simplefilter("ignore")  # of the old SQLAlchemy

import piecash  # noqa: E402 - it warns while it is imported

MEMBERS = 100
DAY = date(2026, 1, 31)


class Book:
    """A new book with its accounts."""

    def __init__(self, place: str) -> None:
        self.book = piecash.create_book(os.path.join(place, "book.gnucash"), currency="CNY")
        self.currency = self.book.default_currency
        root = self.book.root_account
        self.reserve = piecash.Account("appropriation", "EQUITY", self.currency, parent=root)
        self.payable = [
            piecash.Account(f"payable {n:05d}", "LIABILITY", self.currency, parent=root) for n in range(MEMBERS)
        ]
        self.book.save()

    def add(self, lines: list[tuple[Any, Decimal]]) -> None:
        """A transaction with its splits."""
        piecash.Transaction(
            currency=self.currency,
            description="dividend 2025",
            post_date=DAY,
            splits=[piecash.Split(account=account, value=value) for account, value in lines],
        )

    def pair(self, n: int) -> list[tuple[Any, Decimal]]:
        """The lines of an entry of two."""
        value = Decimal(123_456 + n).scaleb(-2)
        return [(self.payable[n % MEMBERS], -value), (self.reserve, value)]


def one(place: str, count: int) -> measured.Work:
    """One transaction with a split for each payment and one for their sum."""
    book = Book(place)
    values = [Decimal(123_456 + n).scaleb(-2) for n in range(count)]
    lines = [(book.payable[n % MEMBERS], -value) for n, value in enumerate(values)]
    lines.append((book.reserve, sum(values, Decimal())))

    def work() -> None:
        book.add(lines)
        book.book.save()

    return work


def many(place: str, count: int) -> measured.Work:
    """Transactions of two splits, saved together."""
    book = Book(place)
    entries = [book.pair(n) for n in range(count)]

    def work() -> None:
        for lines in entries:
            book.add(lines)
        book.book.save()

    return work


def append(place: str, count: int) -> measured.Work:
    """Transactions of two splits, each saved by itself."""
    book = Book(place)

    def work() -> None:
        for n in range(count):
            book.add(book.pair(n))
            book.book.save()

    return work


def read(place: str, count: int) -> measured.Work:
    """Every transaction of a book, with its splits. The book was filled by a run of ``many`` in the same place."""

    def work() -> None:
        with piecash.open_book(os.path.join(place, "book.gnucash")) as book:
            assert sum(len(one.splits) for one in book.transactions) == 2 * count

    return work


if __name__ == "__main__":
    measured.main({"one": one, "many": many, "append": append, "read": read})

"""piecash: transactions with their splits added to a book in a SQLite file, which is then saved.

This is the one way its documents show: ``Transaction(splits=[Split(…), …])`` and ``book.save()``, which checks and
commits. The book stays open from one save to the next: opening it again would cost more.
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


def file(place: str) -> str:
    """The book's file."""
    return os.path.join(place, "book.gnucash")


class Book:
    """An open book and its accounts."""

    def __init__(self, place: str) -> None:
        self.book = piecash.open_book(file(place), readonly=False, do_backup=False)
        accounts = {one.name: one for one in self.book.accounts}
        self.reserve = accounts["appropriation"]
        self.payable = [accounts[f"payable {n:05d}"] for n in range(MEMBERS)]

    def add(self, lines: list[tuple[Any, Decimal]]) -> None:
        """A transaction with its splits."""
        piecash.Transaction(
            currency=self.book.default_currency,
            description="dividend 2025",
            post_date=DAY,
            splits=[piecash.Split(account=account, value=value) for account, value in lines],
        )

    def pair(self, n: int) -> list[tuple[Any, Decimal]]:
        """The lines of an entry of two."""
        value = Decimal(123_456 + n).scaleb(-2)
        return [(self.payable[n % MEMBERS], -value), (self.reserve, value)]


def make(place: str, _count: int) -> measured.Work:
    """A new book with its accounts."""

    def work() -> None:
        with piecash.create_book(file(place), currency="CNY") as book:
            currency, root = book.default_currency, book.root_account
            piecash.Account("appropriation", "EQUITY", currency, parent=root)
            for n in range(MEMBERS):
                piecash.Account(f"payable {n:05d}", "LIABILITY", currency, parent=root)
            book.save()

    return work


def one(place: str, count: int) -> measured.Work:
    """One transaction with a split for each member's part and one for their sum."""
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
    """Every transaction of a book with its splits."""

    def work() -> None:
        with piecash.open_book(file(place)) as book:
            assert sum(len(one.splits) for one in book.transactions) == 2 * count

    return work


if __name__ == "__main__":
    measured.main({"make": make, "one": one, "many": many, "append": append, "read": read})

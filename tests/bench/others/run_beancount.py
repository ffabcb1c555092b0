"""beancount: entries printed at the end of a ledger file, which is then loaded with every check.

This is how its documents let a program write: directives as values, ``printer.print_entries``, ``loader.load_file``.
beancount checks nothing when it writes, so an entry counts as written once the whole file has been loaded without an
error; the same without loading is measured as *unchecked*. The cache of loaded files is off: the file is always new.
"""

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import measured
from beancount import loader
from beancount.core import amount, data
from beancount.parser import printer

MEMBERS = 100
DAY = date(2026, 1, 31)
RESERVE = "Equity:Appropriation"
PAYABLE = [f"Liabilities:Dividends:M{n:05d}" for n in range(MEMBERS)]


def line(account: str, fen: int) -> Any:
    """A line of an entry."""
    return data.Posting(account, amount.Amount(Decimal(fen).scaleb(-2), "CNY"), None, None, None, None)


def entry(lines: list[Any]) -> Any:
    """An entry of the day."""
    return data.Transaction({}, DAY, "*", None, "dividend 2025", data.EMPTY_SET, data.EMPTY_SET, lines)


def pair(n: int) -> Any:
    """An entry of two lines."""
    return entry([line(PAYABLE[n % MEMBERS], -(123_456 + n)), line(RESERVE, 123_456 + n)])


def pairs(count: int) -> list[Any]:
    """Entries of two lines."""
    return [pair(n) for n in range(count)]


def dividend(count: int) -> list[Any]:
    """One entry with a line for each member's part and one for their sum."""
    lines = [line(PAYABLE[n % MEMBERS], -(123_456 + n)) for n in range(count)]
    return [entry([*lines, line(RESERVE, sum(123_456 + n for n in range(count)))])]


def ledger(place: str) -> str:
    """The ledger's file."""
    return os.path.join(place, "book.beancount")


def write(file: str, entries: list[Any]) -> None:
    """Print entries at the end of a file and wait until the disk has them."""
    with open(file, "a") as out:
        printer.print_entries(entries, file=out)
        out.flush()
        os.fsync(out.fileno())


def load(file: str) -> None:
    """Parse, book and check the whole ledger."""
    _, errors, _ = loader.load_file(file)
    assert not errors, errors[0]


def make(place: str, _count: int) -> measured.Work:
    """A ledger whose accounts are open."""
    opened = [data.Open({}, date(2025, 1, 1), account, ["CNY"], None) for account in (RESERVE, *PAYABLE)]
    return lambda: write(ledger(place), opened)


def written(entries: Callable[[int], list[Any]], *, checked: bool) -> Callable[[str, int], measured.Work]:
    """Entries printed in one go; the file loaded if they are to be checked."""

    def prepared(place: str, count: int) -> measured.Work:
        built = entries(count)

        def work() -> None:
            write(ledger(place), built)
            if checked:
                load(ledger(place))

        return work

    return prepared


def append(place: str, count: int) -> measured.Work:
    """Entries printed one after the other; none is checked."""

    def work() -> None:
        for n in range(count):
            write(ledger(place), [pair(n)])

    return work


def read(place: str, _count: int) -> measured.Work:
    """A ledger loaded."""
    return lambda: load(ledger(place))


if __name__ == "__main__":
    loader.initialize(use_cache=False)
    measured.main(
        {
            "make": make,
            "one": written(dividend, checked=True),
            "many": written(pairs, checked=True),
            "one unchecked": written(dividend, checked=False),
            "many unchecked": written(pairs, checked=False),
            "append": append,
            "read": read,
        }
    )

"""beancount: entries printed at the end of a ledger file, which is then loaded with every check.

This is how its documents let a program write: directives as values, ``printer.print_entries``, ``loader.load_file``.
beancount books and checks nothing when it writes, so an entry counts as checked once the file has been loaded. The
cache of loaded files is off: the file is always new, and writing the cache would only cost time.
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


def yuan(fen: int) -> Any:
    """An amount of money."""
    return amount.Amount(Decimal(fen).scaleb(-2), "CNY")


def posting(account: str, fen: int) -> Any:
    """A line of an entry."""
    return data.Posting(account, yuan(fen), None, None, None, None)


def entry(postings: list[Any]) -> Any:
    """An entry of the day."""
    return data.Transaction({}, DAY, "*", None, "dividend 2025", data.EMPTY_SET, data.EMPTY_SET, postings)


def one(count: int) -> list[Any]:
    """One entry with a line for each payment and one for their sum."""
    fen = [123_456 + n for n in range(count)]
    lines = [posting(PAYABLE[n % MEMBERS], -one) for n, one in enumerate(fen)]
    return [entry([*lines, posting(RESERVE, sum(fen))])]


def pair(n: int) -> Any:
    """An entry of two lines."""
    return entry([posting(PAYABLE[n % MEMBERS], -(123_456 + n)), posting(RESERVE, 123_456 + n)])


def many(count: int) -> list[Any]:
    """Entries of two lines."""
    return [pair(n) for n in range(count)]


def opened(place: str) -> str:
    """A ledger in which the accounts are open."""
    loader.initialize(use_cache=False)
    file = os.path.join(place, "book.beancount")
    write(file, [data.Open({}, date(2025, 1, 1), account, ["CNY"], None) for account in (RESERVE, *PAYABLE)])
    return file


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


def written(entries: Callable[[int], list[Any]], *, checked: bool) -> Callable[[str, int], measured.Work]:
    """Print entries in one go; load the file if they are to be checked."""

    def prepared(place: str, count: int) -> measured.Work:
        file, built = opened(place), entries(count)

        def work() -> None:
            write(file, built)
            if checked:
                load(file)

        return work

    return prepared


def appended(place: str, count: int) -> measured.Work:
    """Print entries one after the other; nothing is checked."""
    file = opened(place)
    return lambda: [write(file, [pair(n)]) for n in range(count)]


def loaded(place: str, count: int) -> measured.Work:
    """Load a ledger that is there."""
    file = opened(place)
    write(file, many(count))
    return lambda: load(file)


if __name__ == "__main__":
    measured.main(
        {
            "one": written(one, checked=True),
            "many": written(many, checked=True),
            "one unchecked": written(one, checked=False),
            "many unchecked": written(many, checked=False),
            "append": appended,
            "read": loaded,
        }
    )

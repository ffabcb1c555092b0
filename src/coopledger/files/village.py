"""A village as a workbook says it: rows of households, members, classes, shares, contributions, balances.

Each row knows where it stands, so that whatever is wrong with it is said at its cell.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from coopledger.core.chart import Chart
from coopledger.core.charter import Charter
from coopledger.core.share_class import ShareClass
from coopledger.errors import Problem
from coopledger.files.listing import Listing
from coopledger.files.workbook import Workbook
from coopledger.text import Message


class At(NamedTuple):
    """A row of a listing."""

    listing: Listing
    row: int

    def place(self, field: str | None = None) -> str:
        """The cell of a column, or the row's first cell."""
        return self.listing.place(self.row, field)


class Cooperative(NamedTuple):
    """Whose book it is to be. ``places`` has the cells by what they say."""

    name: str
    charter: Charter | None
    chart: Chart | None
    on: date | None
    places: Mapping[str, str]


class HouseholdRow(NamedTuple):
    """A household: the head by number or name, how many people are said to live in it, its personal row."""

    at: At
    number: str
    head: str
    people: int | None
    personal: Mapping[str, str]


class MemberRow(NamedTuple):
    """A member. ``head`` says that it is the head of its household."""

    at: At
    number: str
    kind: str
    household: str
    head: bool
    standing: str
    groups: tuple[str, ...]
    personal: Mapping[str, str]


class ClassRow(NamedTuple):
    """A class that is to be opened, and how many shares of it there are to be."""

    at: At
    share_class: ShareClass
    total: Decimal | None
    capital: str
    """The account of its capital as the sheet names it, if it does."""


class ShareRow(NamedTuple):
    """Shares of a class, named by its heading or cell; ``field`` is the column in which they stand."""

    at: At
    field: str
    household: str
    number: str
    name: str
    cls: str
    shares: Decimal


class ContributionRow(NamedTuple):
    """A contribution, its cells by column."""

    at: At
    number: str
    holder: str
    cls: str
    cells: Mapping[str, Any]


class BalanceRow(NamedTuple):
    """The opening balance of an account, in fen, debit positive."""

    at: At
    account: str
    name: str
    fen: int


class DividendRow(NamedTuple):
    """What a holder got of a year before the book was kept, in fen."""

    at: At
    field: str
    year: int
    holder: str
    name: str
    fen: int


class Village(NamedTuple):
    """What a workbook says, and the problems and notices of reading it."""

    workbook: Workbook
    cooperative: Cooperative | None
    households: Sequence[HouseholdRow]
    members: Sequence[MemberRow]
    classes: Sequence[ClassRow]
    shares: Sequence[ShareRow]
    contributions: Sequence[ContributionRow]
    balances: Sequence[BalanceRow]
    dividends: Sequence[DividendRow]
    listings: Sequence[Listing]
    problems: Sequence[Problem]
    notices: Sequence[Problem]

    def __str__(self) -> str:
        """The name of the file."""
        return self.workbook.file


def names_of(village: Village) -> dict[str, set[str]]:
    """The names that may stand beside a number: a member's own, and that of the head beside a household's."""
    found: dict[str, set[str]] = {}
    for one in village.members:
        if name := one.personal.get("name"):
            for number in (one.number, one.household) if one.head else (one.number,):
                found.setdefault(number, set()).add(name)
    return found


def not_listed(seen: str, known: Iterable[str], sheet: str) -> Message:
    """What is said of a number that is not in a sheet; near is one without the zeros that a spreadsheet drops."""
    near = [one for one in known if one.lstrip("0") == seen.lstrip("0")]
    if near:
        return Message(
            "{seen} is not in the sheet {sheet}: is {near} meant? A spreadsheet drops zeros in front",
            seen=seen,
            sheet=sheet,
            near=near[0],
        )
    return Message("{seen} is not in the sheet {sheet}", seen=seen, sheet=sheet)


def differs(said: Decimal | int, come_to: Decimal | int) -> Message:
    """What is said of a total that is not that of its rows."""
    return Message("{said} is said, and the rows come to {sum}", said=plain(said), sum=plain(come_to))


def plain(seen: Decimal | int) -> str:
    """A number without an exponent and without zeros behind.

    >>> plain(Decimal("2.50")), plain(Decimal("1E+3"))
    ('2.5', '1000')
    """
    return f"{seen:f}".rstrip("0").rstrip(".") if "." in f"{seen:f}" else f"{seen:f}"

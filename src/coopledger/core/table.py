"""Tables: what a report is before anybody renders it."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from coopledger.errors import EntryError
from coopledger.text import LANGUAGES, Message, printable

Text = Message | str

_NUMBER = re.compile(r"-?\d{1,3}(?:,\d{3})*(?:\.\d+)?|-?\d+(?:\.\d+)?", re.ASCII)


class Column(NamedTuple):
    """A column: its heading, the unit of its cells, and whether they are numbers (set to the right)."""

    heading: Text
    unit: Text = ""
    number: bool = False


class Table(NamedTuple):
    """A title, columns with units, rows of ready-made cells, a last row of totals, and notes."""

    title: Text
    columns: Sequence[Column]
    rows: Sequence[Sequence[Text]]
    totals: Sequence[Text] = ()
    notes: Sequence[Text] = ()


def check_tables(tables: object, language: object) -> None:
    """Raises EntryError for what is no list of tables, such as one by itself, or a language that is none of ours.

    >>> check_tables(Table("land", [], []), "en")
    Traceback (most recent call last):
    coopledger.errors.EntryError: Table: a list of Table is expected
    """
    many = isinstance(tables, list | tuple) and not isinstance(tables, Table)
    wrong = [one for one in tables if not isinstance(one, Table)] if many else [tables]  # type: ignore[attr-defined]
    if wrong:
        raise EntryError(Message("{seen}: a list of {kind} is expected", seen=type(wrong[0]).__name__, kind="Table"))
    if language not in LANGUAGES:
        seen = printable(repr(language))[:80]
        raise EntryError(Message("{seen}: one of {accepted} is accepted", seen=seen, accepted=LANGUAGES))


def number(cell: str) -> Decimal | None:
    """The number that a cell says, exactly, with the decimals that stand there; None if it says something else.

    Something else are words (``not known``), a number with its unit, and what no decimals end (``100/3``).

    >>> number("1,234.50"), number("-3"), number("100/3")
    (Decimal('1234.50'), Decimal('-3'), None)
    """
    return Decimal(cell.replace(",", "")) if _NUMBER.fullmatch(cell) else None

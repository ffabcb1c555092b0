"""Tables: what a report is before anybody renders it."""

from collections.abc import Sequence
from typing import NamedTuple

from coopledger.text import Message

Text = Message | str


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

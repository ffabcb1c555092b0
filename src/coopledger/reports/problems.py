"""Problems as a table: what violates a rule of the book, and where."""

from coopledger.core.journal import View
from coopledger.core.problems import problems
from coopledger.core.table import Column, Table, Text
from coopledger.reports.witness import known
from coopledger.text import Message


def problems_report(view: View) -> Table:
    """What :func:`~coopledger.core.problems.problems` finds in a book, a row each.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     str(problems_report(view).title)
    'problems found: 0'
    """
    rows: list[list[Text]] = [[one.where, one.message] for one in problems(view)]
    columns = [Column(Message("where")), Column(Message("what is wrong"))]
    return Table(Message("problems found: {count}", count=len(rows)), columns, rows, notes=known(view))

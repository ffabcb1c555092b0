"""Problems as a table: what an audit found, and where."""

from collections.abc import Iterable

from coopledger.core.table import Column, Table, Text
from coopledger.errors import Problem
from coopledger.text import Message


def problems_report(problems: Iterable[Problem]) -> Table:
    """Problems, as :func:`~coopledger.core.register_audit.audit_register` and others return them, a row each.

    >>> from coopledger.text import said
    >>> table = problems_report([Problem("household 17", Message("{count} heads", count=2))])
    >>> said(table.title, "en"), [[said(cell, "en") for cell in row] for row in table.rows]
    ('problems found: 1', [['household 17', '2 heads']])
    """
    rows: list[list[Text]] = [[one.where, one.message] for one in problems]
    columns = [Column(Message("where")), Column(Message("what is wrong"))]
    return Table(Message("problems found: {count}", count=len(rows)), columns, rows)

"""The overview of several books, as a township's office keeps it: who belongs, what was declared, what is unpaid."""

from collections.abc import Sequence
from datetime import date

from coopledger.core.composition import composition
from coopledger.core.journal import View, shown
from coopledger.core.quantity import Number
from coopledger.core.register import holdings, register
from coopledger.core.run import runs, still_owed
from coopledger.core.table import Column, Table, Text
from coopledger.errors import EntryError, RegisterError
from coopledger.reports.cells import IN_YUAN, count, money, yuan
from coopledger.text import Message


def overview_report(views: Sequence[View], on: date | None = None) -> Table:
    """Several books in a line each, as of a day, and their totals; the last column is up to which record it is known.

    Members, households in which somebody lives, holders of shares, the shares of capital that are paid in, at par; of
    all runs that stand declared how many there are, what was declared, what of that is settled and not paid yet.

    Raises RegisterError for a book that is not founded on that day, and for one that is there twice (a copy of it too,
    by its name and first record), for it would count twice; EntryError for what is no list of views.

    >>> from coopledger.book import MemoryJournal, found
    >>> hill = MemoryJournal("hill")
    >>> _ = hill.append(found("示例村合作社", effective_on=date(2026, 1, 1)), key="founding", actor="accountant")
    >>> with hill.read() as view:
    ...     overview_report([view]).rows
    [['示例村合作社', '0', '0', '0', '0.00', '0', '0.00', '0.00', '0.00', '2']]
    """
    rows: list[list[Text]] = []
    known: set[tuple[str, bytes]] = set()
    sums: list[Number] = [0] * 8
    if not isinstance(views, list | tuple) or not all(hasattr(one, "head") for one in views):
        raise EntryError(Message("{seen}: a list of {kind} is expected", seen=shown(views), kind="View"))
    for view in views:
        now = register(view, on)
        if (this := (now.book.name, view.record(1).hash)) in known:
            raise RegisterError(
                Message("{book} is there twice, or as a copy: it would be counted twice", book=now.book.name)
            )
        known.add(this)
        capital = [one.capital_fen for one in composition(view, on).values() if one.capital_fen is not None]
        declared = [one for one in runs(view, on).values() if one.declared_on is not None]
        amount = sum(one.amount_fen for one in declared)
        owed = sum(sum(still_owed(view, one.code, on).values()) for one in declared)
        figures: list[Number] = [
            sum(one.standing == "member" for one in now.members.values()),
            sum(bool(one.members) for one in now.households.values()),
            len({number for cls in now.classes for number in holdings(view, cls, on, now)}),
            sum(capital[1:], start=capital[0]) if capital else 0,
            len(declared),
            amount,
            amount - owed,
            owed,
        ]
        sums = [*map(sum, zip(sums, figures, strict=True))]
        rows.append([now.book.name, *_cells(figures), str(view.head.seq)])
    columns = [
        Column(Message("cooperative")),
        count(Message("members")),
        count(Message("households")),
        count(Message("holders")),
        money(Message("paid in, at par")),
        count(Message("runs declared")),
        money(Message("declared")),
        money(Message("settled")),
        money(Message("not paid yet")),
        count(Message("record")),
    ]
    day = Message("after everything that is recorded") if on is None else Message("as of {day}", day=on)
    title = Message("overview of {count} cooperatives", count=len(rows))
    return Table(title, columns, rows, [Message("total"), *_cells(sums), ""], [IN_YUAN, day])


def _cells(figures: Sequence[Number]) -> list[str]:
    in_yuan = (3, 5, 6, 7)
    return [yuan(one) if place in in_yuan else f"{one:,}" for place, one in enumerate(figures)]

"""One holder's dividends over the years: declared, paid, withheld, lapsed, not paid yet, run by run."""

from datetime import date

from coopledger.core.dues import WAYS, Due, dues
from coopledger.core.journal import View
from coopledger.core.people import number_of
from coopledger.core.register import register
from coopledger.core.run import Run, runs
from coopledger.core.table import Column, Table, Text
from coopledger.errors import RegisterError
from coopledger.reports.cells import IN_YUAN, money, yuan
from coopledger.reports.dividend import CALLED, paid_for
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable


def dividend_statement_report(view: View, holder: str, on: date | None = None, *, names: bool = True) -> Table:
    """What one holder has had of all runs by a day, in the order in which they were declared.

    What was declared is what was paid, set off, withheld, lapsed, settled otherwise and is not paid yet, and what was
    given in goods, retained or reinvested, where there is any. A run that was undone is not in it.

    Raises RegisterError for a number that is not in the register on that day.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> founding = in_turn(found("示例村合作社", effective_on=day), admit(Joiner("0042"), effective_on=day))
    >>> _ = journal.append(founding, key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     dividend_statement_report(view, "0042").rows
    []
    """
    number = number_of(holder)
    now = register(view, on)
    if number not in now.members and number not in now.households:
        raise RegisterError(Message("{number} is not in the register", number=printable(number)))
    found: list[tuple[Run, Due]] = []
    declared = [one for one in runs(view, on).values() if one.declared_on is not None]
    for one in sorted(declared, key=lambda one: (one.declared_on, one.declared_in)):
        own = dues(view, one, on, number).get(number)
        if own is None:
            continue
        found.append((one, own))
    later = [way for way in WAYS[5:] if any(own.by_way[way] for _, own in found)]
    figures = [[*own[:6], *(own.by_way[way] for way in later), own.unpaid_fen] for _, own in found]
    rows: list[list[Text]] = [
        [one.code, paid_for(one.proposal), str(one.declared_on), *map(yuan, line)]
        for (one, _), line in zip(found, figures, strict=True)
    ]
    sums = [sum(column) for column in zip(*figures, strict=True)] or [0] * 7
    columns = [
        Column(Message("run")),
        Column(Message("paid for")),
        Column(Message("declared on")),
        money(Message("amount")),
        money(Message("paid out")),
        money(Message("set off")),
        money(Message("withheld")),
        money(Message("lapsed")),
        money(Message("settled otherwise")),
        *(money(CALLED[way]) for way in later),
        money(Message("not paid yet")),
    ]
    title = Message("{book}: dividends of {number}", book=now.book.name, number=number)
    if names:
        title = Message("{title}, {name}", title=title, name=name_of(now, number, personal_rows(view)))
    totals: list[Text] = [Message("total"), "", "", *map(yuan, sums)]
    advances = [one.code for one, _ in found if one.proposal.advance]
    notes: list[Text] = [IN_YUAN, *([] if rows else [Message("none")])]
    if advances:
        notes.append(Message("advances, which the runs that net them set off: {runs}", runs=advances))
    return Table(title, columns, rows, totals, [*notes, *as_of(view, on)])

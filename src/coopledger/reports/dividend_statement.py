"""One holder's dividends over the years: declared, paid, withheld, lapsed, not paid yet, run by run."""

from collections.abc import Iterator
from datetime import date

from coopledger.core.collection import collected, debts_of, owes
from coopledger.core.debt import advances
from coopledger.core.dues import CALLED, WAYS, Due, dues
from coopledger.core.journal import View
from coopledger.core.past_dividend import past_dividends
from coopledger.core.people import number_of
from coopledger.core.register import register
from coopledger.core.run import RETENTION, Run, runs
from coopledger.core.settlement import kept
from coopledger.core.table import Column, Table, Text
from coopledger.errors import RegisterError
from coopledger.reports.cells import IN_YUAN, money, yuan
from coopledger.reports.dividend import paid_for
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable


def dividend_statement_report(view: View, holder: str, on: date | None = None, *, names: bool = True) -> Table:
    """What one holder has had of all runs by a day, in the order in which they were declared.

    What was declared is what was paid, set off, withheld, lapsed, settled otherwise and is not paid yet, and what was
    given in goods, retained or reinvested, where there is any; of what was retained, what was paid out. What a
    run set off against an advance he had with that: a line of its own takes it off, so that the totals have it once. A
    run that was undone is not in it: notes say what he had of it and owes since then in his current account, and what
    of it came in.

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
    released = {
        one.code: -sum(move.fen for move in kept(view, one, on) if move.holder == number and move.kind != RETENTION)
        for one, _ in found
    }
    columns_of = [[*own[:6], *(own.by_way[way] for way in later), own.unpaid_fen] for _, own in found]
    apart = any(released.values())
    figures = [
        [*line, *([released[one.code]] if apart else [])] for (one, _), line in zip(found, columns_of, strict=True)
    ]
    netted = advances(view, number, on).netted
    rows: list[list[Text]] = []
    sums = [0] * (len(figures[0]) if figures else 7)
    for (one, _), line in zip(found, figures, strict=True):
        rows.append([one.code, paid_for(one.proposal, view), str(one.declared_on), *map(yuan, line)])
        sums = [*map(sum, zip(sums, line, strict=True))]
        for (name, advance), fen in netted.items():
            if name == one.code:  # he had it with the advance: in the column of the amount, and of what is set off
                taken = [-fen, 0, -fen, *[0] * (len(line) - 3)]
                said = Message("advance, set off by run {run}", run=name)
                rows.append([advance, said, str(one.declared_on), *map(yuan, taken)])
                sums = [*map(sum, zip(sums, taken, strict=True))]
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
        *([money(Message("retained, paid out since"))] if apart else []),
    ]
    who = Message("{number}", number=number)
    if names:
        who = Message("{number}, {name}", number=number, name=name_of(now, number, personal_rows(view)))
    title = Message("{book}: dividends of {holder}", book=now.book.name, holder=who)
    totals: list[Text] = [Message("total"), "", "", *map(yuan, sums)]
    of_advances = [one.code for one, _ in found if one.proposal.advance]
    notes: list[Text] = [IN_YUAN, *([] if rows else [Message("none")])]
    if of_advances:
        notes.append(Message("advances, which the runs that net them set off: {runs}", runs=of_advances))
    notes += _debt(view, number, on)
    for past in past_dividends(view, on).get(number, ()):
        notes.append(
            Message(
                "before the book was kept: {year}, {fen} yuan (record {seq})",
                year=past.year,
                fen=yuan(past.fen),
                seq=past.seq,
            )
        )
    return Table(title, columns, rows, totals, [*notes, *as_of(view, on)])


def _debt(view: View, number: str, on: date | None) -> Iterator[Message]:
    """What a holder had of runs that were undone, what came in of it or went back, and what is owed still."""
    for run in runs(view, on).values():
        for debt in debts_of(view, run, number, on):
            yield Message(
                "{day}: run {run} was undone, record {seq}: {fen} yuan that the holder had of it are owed back",
                day=debt.on,
                run=run.code,
                seq=debt.seq,
                fen=yuan(debt.fen),
            )
    for one in collected(view, number, on):
        came_in = Message("{day}: collected from the holder {fen} yuan, record {seq}")
        went_back = Message("{day}: repaid to the holder {fen} yuan, record {seq}")
        said = came_in if one.fen > 0 else went_back
        yield Message(said.template, day=one.on, fen=yuan(abs(one.fen)), seq=one.seq)
    if (fen := owes(view, number, on)) > 0:
        yield Message("owed by the holder in the current account: {fen} yuan", fen=yuan(fen))
    elif fen < 0:
        yield Message("owed to the holder in the current account: {fen} yuan", fen=yuan(-fen))

"""The share classes as a table: who may hold each, its par value, its capital, since when there is it."""

from datetime import date

from coopledger.core.charter import book
from coopledger.core.journal import View
from coopledger.core.share_class import ShareClass, classes, share_class
from coopledger.core.table import Column, Table, Text
from coopledger.core.timeline import Timeline, state
from coopledger.core.wording import words
from coopledger.reports.cells import IN_YUAN, count, money, yuan
from coopledger.reports.witness import as_of
from coopledger.text import Message


def classes_report(view: View, on: date | None = None) -> Table:
    """The share classes of a day, with their rules as they are then.

    A class that begins later is left out; of one that is closed the day of that is told.

    >>> from coopledger.book import MemoryJournal, found, in_turn, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land", par_fen=100_00), effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [str(cell) for cell in classes_report(view, day).rows[0]]
    ['land', '土地股', 'household', 'person, collective, enterprise, fund', '0', '100.00', '', '2026-01-01', '']
    """
    rows = [_row(share_class(fields), line, on) for line in classes(view).values() if (fields := state(line, on))]
    columns = [
        Column(Message("class")),
        Column(Message("name of the class")),
        Column(Message("held by")),
        Column(Message("kinds of holders")),
        count(Message("decimals")),
        money(Message("par value")),
        Column(Message("capital account")),
        Column(Message("since")),
        Column(Message("closed")),
    ]
    title = Message("{book}: share classes", book=book(view, on).name)
    return Table(title, columns, rows, (), [IN_YUAN, *as_of(view, on)])


def _row(one: ShareClass, line: Timeline, on: date | None) -> list[Text]:
    known = [change for change in line if on is None or change.effective_on <= on]
    return [
        one.code,
        one.name,
        Message("all alike") if one.pooled else words(one.level),
        Message("{kinds}", kinds=[words(kind) for kind in one.holders]),
        str(one.digits),
        "" if one.par_fen is None else yuan(one.par_fen),
        one.capital or "",
        str(known[0].effective_on),
        str(max(change.effective_on for change in known if "closed" in change.fields)) if one.closed else "",
    ]

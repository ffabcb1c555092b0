"""Tax withheld of dividends (代扣税款), by run and holder, in a period."""

from datetime import date

from coopledger.core.allocation import natural_key
from coopledger.core.journal import View
from coopledger.core.register import register
from coopledger.core.table import Column, Table, Text
from coopledger.core.withholding import withholdings
from coopledger.reports.cells import IN_YUAN, money, yuan
from coopledger.reports.register import id_of, name_of, personal_rows
from coopledger.reports.witness import between, known
from coopledger.text import Message


def withholdings_report(
    view: View, since: date | None = None, until: date | None = None, *, names: bool = True
) -> list[Table]:
    """What was withheld from one day to another, both included: a table by run and holder, and one by holder.

    What was withheld and given back, because a payment came back or a run was undone, is taken off on the day of that.

    >>> from coopledger.core.charter import found
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> _ = journal.append(found("示例村合作社", effective_on=day), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [len(table.rows) for table in withholdings_report(view)]
    [0, 0]
    """
    now = register(view, until)
    rows_of = personal_rows(view) if names else None
    by_run: dict[tuple[str, str], tuple[int, int]] = {}
    by_holder: dict[str, tuple[int, int]] = {}
    for one in withholdings(view, since, until):
        withheld, back = by_run.get((one.run, one.holder), (0, 0))
        by_run[one.run, one.holder] = (withheld + max(one.fen, 0), back - min(one.fen, 0))
        withheld, back = by_holder.get(one.holder, (0, 0))
        by_holder[one.holder] = (withheld + max(one.fen, 0), back - min(one.fen, 0))

    def who(number: str) -> list[Text]:
        return [] if rows_of is None else [name_of(now, number, rows_of), id_of(now, number, rows_of)]

    people = [Column(Message("name")), Column(Message("ID number"))] if names else []
    figures = [money(Message("withheld")), money(Message("given back")), money(Message("tax"))]
    runs_of = [*dict.fromkeys(name for name, _ in by_run)]
    lines: list[list[Text]] = [
        [name, number, *who(number), *_figures(*by_run[name, number])]
        for name, number in sorted(by_run, key=lambda key: (runs_of.index(key[0]), natural_key(key[1])))
    ]
    sums = _figures(*map(sum, zip(*by_run.values(), strict=True))) if by_run else _figures(0, 0)
    empty = [""] * len(people)
    notes: list[Text] = [
        between(since, until),
        IN_YUAN,
        *([] if lines else [Message("none")]),
        *known(view),
    ]
    return [
        Table(
            Message("{book}: tax withheld of dividends, by run and holder", book=now.book.name),
            [Column(Message("run")), Column(Message("number")), *people, *figures],
            lines,
            [Message("total"), "", *empty, *sums],
            notes,
        ),
        Table(
            Message("{book}: tax withheld of dividends, by holder", book=now.book.name),
            [Column(Message("number")), *people, *figures],
            [[number, *who(number), *_figures(*by_holder[number])] for number in sorted(by_holder, key=natural_key)],
            [Message("total"), *empty, *sums],
            notes,
        ),
    ]


def _figures(withheld: int, back: int) -> list[str]:
    return [yuan(withheld), yuan(back), yuan(withheld - back)]

"""The trial balance as tables (科目余额表): one for each chart of accounts that a period knows."""

from collections.abc import Sequence
from datetime import date

from coopledger.core.chart import Words, charts
from coopledger.core.journal import View
from coopledger.core.table import Column, Table, Text
from coopledger.core.trial_balance import TrialBalanceRow, totals, trial_balance
from coopledger.reports.cells import IN_YUAN, money, yuan
from coopledger.reports.witness import between, known
from coopledger.text import Message


def trial_balance_report(view: View, since: date | None, until: date | None) -> list[Table]:
    """What every account stood at, what moved through it and what it stands at, by accounting date, both days included.

    Where a chart does not balance by itself, because balances went over to another one in the period, a note says so.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.core.journal import Entry, Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {}, [Posting("CNY", "c2021:301", "c2021:101", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     [table] = trial_balance_report(view, day, day)
    >>> [[str(cell) for cell in row] for row in table.rows]
    [['101', 'cash in hand', '', '', '500.00', '', '500.00', ''],
     ['301', 'share capital', '', '', '', '500.00', '', '500.00']]
    """
    rows = trial_balance(view, since, until)
    names = {chart.code: chart.name for _, chart in charts(view).adopted}
    notes: list[Text] = [
        Message("booked {days}", days=between(since, until)),
        IN_YUAN,
        *known(view),
    ]
    return [
        _table(code, names.get(code), [one for one in rows if one.chart == code], notes)
        for code in sorted({one.chart for one in rows})
    ]


def _table(code: str, name: Words | None, rows: Sequence[TrialBalanceRow], notes: Sequence[Text]) -> Table:
    sums = totals(rows)
    lines: list[list[Text]] = [
        [
            one.account.rpartition(":")[2],
            Message("{shown}", shown=one.name),
            *_sides(one.opening_fen),
            _amount(one.debit_fen),
            _amount(one.credit_fen),
            *_sides(one.closing_fen),
        ]
        for one in rows
    ]
    columns = [
        Column(Message("account")),
        Column(Message("account name")),
        money(Message("opening debit")),
        money(Message("opening credit")),
        money(Message("debit")),
        money(Message("credit")),
        money(Message("closing debit")),
        money(Message("closing credit")),
    ]
    apart: list[Text] = []
    if not sums.balanced:
        apart = [
            Message(
                "by itself it does not balance: {fen} yuan more were debited than credited in the period, against "
                "accounts of another chart",
                fen=yuan(sums.debit_fen - sums.credit_fen),
            )
        ]
    title = Message("trial balance: {name} ({chart})", name=name or Message("no chart of accounts"), chart=code or "-")
    return Table(title, columns, lines, [Message("total"), "", *map(yuan, sums)], [*apart, *notes])


def _sides(fen: int) -> tuple[str, str]:
    """A balance on its side: debit, credit."""
    return (_amount(max(fen, 0)), _amount(max(-fen, 0)))


def _amount(fen: int) -> str:
    return yuan(fen) if fen else ""

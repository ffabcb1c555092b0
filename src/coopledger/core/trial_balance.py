"""The trial balance (科目余额表): what each account stood at, what moved through it in a period, what it stands at.

By accounting date, as vouchers are, and from the same lines: a reversal lessens the turnover of the original side.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from coopledger.core.chart import Words, charts
from coopledger.core.journal import View
from coopledger.core.voucher import check_span, lines


class TrialBalanceRow(NamedTuple):
    """An account (its parts together) over a period, in fen; opening and closing are positive in debit."""

    account: str
    name: Words
    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        """What it stands at after the period, positive in debit."""
        return self.opening_fen + self.debit_fen - self.credit_fen

    @property
    def chart(self) -> str:
        """The chart of the account, by its code."""
        return chart_of(self.account)


class Totals(NamedTuple):
    """The last row: each pair comes to the same, or the book does not balance. In fen."""

    opening_debit_fen: int
    opening_credit_fen: int
    debit_fen: int
    credit_fen: int
    closing_debit_fen: int
    closing_credit_fen: int

    @property
    def balanced(self) -> bool:
        """Whether all three pairs are equal."""
        return self[0] == self[1] and self[2] == self[3] and self[4] == self[5]


def trial_balance(
    view: View, since: date | None = None, until: date | None = None, chart: str | None = None
) -> list[TrialBalanceRow]:
    """The rows of all accounts that were ever used by the end of a period, by account; of one chart, or of all.

    Both days are included; without ``since`` the period begins with the book, without ``until`` it ends with it.
    Raises EntryError for a day that is no date.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.core.journal import Entry, Posting
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 3, 5)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> cash = Entry("note", day, day, {}, [Posting("CNY", "c2021:301", "c2021:101", 500_00)])
    >>> _ = journal.append([cash], key="cash", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.account, one.debit_fen, one.credit_fen, one.closing_fen) for one in trial_balance(view)]
    [('c2021:101', 50000, 0, 50000), ('c2021:301', 0, 50000, -50000)]
    """
    check_span(since, until)
    book = charts(view)
    before: dict[str, int] = {}
    within: dict[str, list[int]] = {}
    for record in view.records():
        if until is not None and record.booked_on > until:
            continue
        early = since is not None and record.booked_on < since
        for one in lines(record, book):
            if chart is not None and chart_of(one.account) != chart:
                continue
            turnover = within.setdefault(one.account, [0, 0])
            if early:
                before[one.account] = before.get(one.account, 0) + one.debit_fen - one.credit_fen
            else:
                turnover[0] += one.debit_fen
                turnover[1] += one.credit_fen
    return [
        TrialBalanceRow(account, book.name(account, until or date.max), before.get(account, 0), debit, credit)
        for account, (debit, credit) in sorted(within.items())
    ]


def totals(rows: Iterable[TrialBalanceRow]) -> Totals:
    """The sums of the rows, opening and closing balances by their sides.

    >>> cash, capital = Words("cash", "现金"), Words("capital", "资本")
    >>> rows = [("c2004:101", cash, 0, 500, 200), ("c2004:301", capital, 0, 200, 500)]
    >>> sums = totals(TrialBalanceRow(*row) for row in rows)
    >>> sums.closing_debit_fen, sums.closing_credit_fen, sums.balanced
    (300, 300, True)
    """
    found = list(rows)
    openings = [one.opening_fen for one in found]
    closings = [one.closing_fen for one in found]
    return Totals(
        sum(fen for fen in openings if fen > 0),
        -sum(fen for fen in openings if fen < 0),
        sum(one.debit_fen for one in found),
        sum(one.credit_fen for one in found),
        sum(fen for fen in closings if fen > 0),
        -sum(fen for fen in closings if fen < 0),
    )


def chart_of(account: str) -> str:
    """The chart that an account belongs to; empty if it is none of a chart's.

    >>> chart_of("c2021:222/0042"), chart_of("transit")
    ('c2021', '')
    """
    chart, colon, _ = account.partition(":")
    return chart if colon else ""

"""The trial balance: it balances, and it is what the vouchers and the balances say."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.chart import C2004, C2021, MONEY, adopt
from coopledger.core.journal import Entry, Posting, root
from coopledger.core.trial_balance import TrialBalanceRow, totals, trial_balance
from coopledger.core.voucher import vouchers
from coopledger.store.memory import MemoryJournal
from tests.core.money_books import FIRST, random_books
from tests.core.strategies import steady


@steady(300)
@given(random_books())
def test_the_trial_balance_of_any_book_balances_and_is_what_the_balances_say(
    make: Callable[[], MemoryJournal],
) -> None:
    with make().read() as view:
        rows = trial_balance(view)
        balances = Counter[str]()
        for (_, account), fen in view.balances(MONEY).items():
            balances[root(account)] += fen
    assert totals(rows).balanced
    assert {one.account: one.closing_fen for one in rows if one.closing_fen} == {
        account: fen for account, fen in balances.items() if fen
    }


@steady(200)
@given(random_books(), st.integers(-5, 130), st.integers(0, 60))
def test_the_trial_balance_of_any_period_is_the_sum_of_its_vouchers(
    make: Callable[[], MemoryJournal], start: int, length: int
) -> None:
    since, until = FIRST + timedelta(start), FIRST + timedelta(start + length)
    with make().read() as view:
        rows = trial_balance(view, since, until)
        debits, credits_, openings = Counter[str](), Counter[str](), Counter[str]()
        for line in (line for one in vouchers(view, since, until) for line in one.lines):
            debits[line.account] += line.debit_fen
            credits_[line.account] += line.credit_fen
        for line in (line for one in vouchers(view, until=since - timedelta(1)) for line in one.lines):
            openings[line.account] += line.debit_fen - line.credit_fen
        on_the_day = {row.account: row.closing_fen for row in rows}
        balances = Counter[str]()
        for (_, account), fen in view.balances(MONEY, on=until).items():
            balances[root(account)] += fen
    assert totals(rows).balanced
    for row in rows:
        assert (row.opening_fen, row.debit_fen, row.credit_fen) == (
            openings[row.account],
            debits[row.account],
            credits_[row.account],
        )
    assert {account for account, fen in balances.items() if fen} <= set(on_the_day)
    assert all(on_the_day[account] == fen for account, fen in balances.items())


def book() -> MemoryJournal:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    for chart in (C2021, C2004):
        journal.append(adopt(chart, effective_on=date(2020, 1, 1)), key=chart.code, actor="accountant")
    day = date(2025, 12, 31)
    for n, (source, target, fen, on) in enumerate(
        [
            ("c2021:301", "c2021:102", 1_000_00, day),
            ("c2021:102", "c2021:101", 200_00, day + timedelta(1)),
            ("c2004:301", "c2004:102", 5_00, day),
        ]
    ):
        journal.append([Entry("note", on, on, {}, [Posting(MONEY, source, target, fen)])], key=f"{n}", actor="me")
    return journal


def test_a_period_opens_with_what_stood_before_and_closes_with_what_stands_after() -> None:
    with book().read() as view:
        rows = trial_balance(view, date(2026, 1, 1), date(2026, 12, 31), chart="c2021")
    assert [(one.account, one.opening_fen, one.debit_fen, one.credit_fen, one.closing_fen) for one in rows] == [
        ("c2021:101", 0, 200_00, 0, 200_00),
        ("c2021:102", 1_000_00, 0, 200_00, 800_00),
        ("c2021:301", -1_000_00, 0, 0, -1_000_00),
    ]
    assert totals(rows) == (1_000_00, 1_000_00, 200_00, 200_00, 1_000_00, 1_000_00)
    assert totals(rows).balanced
    assert [one.name.zh for one in rows] == ["库存现金", "银行存款", "股金"]


def test_charts_are_balanced_each_for_itself() -> None:
    with book().read() as view:
        rows = trial_balance(view)
        assert {one.chart for one in rows} == {"c2004", "c2021"}
        assert all(totals(trial_balance(view, chart=one)).balanced for one in ("c2004", "c2021"))


def test_it_goes_by_the_accounting_date_and_not_by_the_day_it_counts_for() -> None:
    journal = book()
    late = Entry("note", date(2025, 6, 1), date(2026, 2, 1), {}, [Posting(MONEY, "c2021:101", "c2021:523", 7)])
    journal.append([late], key="late", actor="me")
    with journal.read() as view:
        rows = {one.account: one for one in trial_balance(view, date(2026, 1, 1), date(2026, 12, 31))}
    assert (rows["c2021:523"].opening_fen, rows["c2021:523"].debit_fen) == (0, 7)


def test_totals_that_differ_are_not_balanced() -> None:
    [row] = [TrialBalanceRow("c2021:101", C2021.accounts["101"].name, 0, 5, 0)]
    assert not totals([row]).balanced
    assert not totals([row._replace(opening_fen=5, debit_fen=0)]).balanced

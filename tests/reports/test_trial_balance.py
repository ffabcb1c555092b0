"""The trial balance as tables: one for each chart."""

from datetime import date

from coopledger.core.chart import C2007, C2021, MONEY, adopt
from coopledger.core.charter import found
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.journal import Entry, Posting
from coopledger.reports.trial_balance import trial_balance_report
from coopledger.store.memory import MemoryJournal
from coopledger.text import said
from tests.books import AFTER, FOUNDED, MARCH, YEAR_END, cells, cooperative, notes, put, shown, total

TABLE = """\
trial balance: accounts of farmers' cooperatives (2021) (c2021)

account  account name              opening debit  opening credit     debit    credit  closing debit  closing credit
───────  ────────────────────────  ─────────────  ──────────────  ────────  ────────  ─────────────  ──────────────
102      bank deposits                  3,500.00                   -500.00                 3,000.00
161      intangible assets             12,000.00                                          12,000.00
162      accumulated amortisation                                           1,200.00                       1,200.00
301      share capital                                 15,500.00             -500.00                      15,000.00
401      production costs                                         1,200.00                 1,200.00
───────  ────────────────────────  ─────────────  ──────────────  ────────  ────────  ─────────────  ──────────────
total                                  15,500.00       15,500.00    700.00    700.00      16,200.00       16,200.00
booked from 2026-04-01 to 2026-12-31
amounts are in yuan
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""

TABLE_ZH = """\
科目余额表：农民专业合作社会计制度（c2021）

科目  科目名称  期初借方  期初贷方       借方       贷方   期末借方   期末贷方
────  ────────  ────────  ────────  ─────────  ─────────  ─────────  ─────────
102   银行存款                       3,500.00              3,500.00
161   无形资产                      12,000.00             12,000.00
301   股金                                     15,500.00             15,500.00
────  ────────  ────────  ────────  ─────────  ─────────  ─────────  ─────────
合计                0.00      0.00  15,500.00  15,500.00  15,500.00  15,500.00
记账日期：2026-01-01 至 2026-03-31
金额单位：元
账簿截至第 16 条记录，写入于 2026-01-01 11:00:00+00:00
指纹 HEAD
"""


def test_a_period_in_which_a_mistake_was_taken_back() -> None:
    with cooperative().read() as view:
        assert shown(view, *trial_balance_report(view, date(2026, 4, 1), YEAR_END)) == TABLE


def test_an_earlier_period_as_known_then_in_chinese() -> None:
    with cooperative().read(16) as view:
        assert shown(view, *trial_balance_report(view, FOUNDED, MARCH), language="zh") == TABLE_ZH


def test_without_days_it_is_of_all_and_the_closings_are_the_balances() -> None:
    with cooperative().read() as view:
        [table] = trial_balance_report(view, None, None)
        book = {account.partition(":")[2]: fen for (_, account), fen in view.balances(MONEY, "c2021:102").items()}
    assert notes(table)[0] == "booked on any day"
    assert cells(table, "closing debit")[0] == "3,000.00"
    assert book == {"102": 3_000_00}


def test_a_book_without_money_has_no_trial_balance() -> None:
    with cooperative(until="people").read() as view:
        assert trial_balance_report(view, FOUNDED, AFTER) == []


def converted() -> MemoryJournal:
    """A book that went over from one chart to the next in 2023."""
    journal = MemoryJournal("old", clock=lambda: 0, salt=lambda: b"salt" * 4)
    day = date(2022, 5, 1)
    put(journal, found("示例村种植专业合作社", effective_on=day))
    put(journal, adopt(C2007, effective_on=day))
    put(journal, lambda _: [Entry("note", day, day, {}, [Posting(MONEY, "c2007:301", "c2007:102", 900_00)])])
    put(journal, convert_chart(C2021, C2007_TO_C2021))
    return journal


def test_each_chart_has_a_table_and_a_conversion_leaves_the_old_one_empty() -> None:
    with converted().read() as view:
        old, new = trial_balance_report(view, date(2023, 1, 1), YEAR_END)
    assert said(old.title, "zh") == "科目余额表：农民专业合作社财务会计制度（试行）（c2007）"
    assert cells(old, "opening debit") == ["900.00", ""]
    assert (total(old, "closing debit"), total(new, "closing debit")) == ("0.00", "900.00")


def test_a_chart_that_does_not_balance_by_itself_says_against_what() -> None:
    journal = converted()
    day = date(2024, 1, 1)
    given = Entry("note", day, day, {}, [Posting(MONEY, "c2007:102", "c2021:101", 1_00)])  # not carried over
    journal.append([given], key="given", actor="service")
    with journal.read() as view:
        old, new = trial_balance_report(view, day, day)
    assert notes(old)[0].startswith("by itself it does not balance: -1.00 yuan more were debited")
    assert notes(new)[0].startswith("by itself it does not balance: 1.00 yuan more were debited")


def test_money_in_accounts_of_no_chart_has_a_table_of_its_own() -> None:
    journal = cooperative()
    put(journal, lambda _: [Entry("note", AFTER, AFTER, {}, [Posting(MONEY, "memo", "member/y", 1_00)])])
    with journal.read() as view:
        none, _ = trial_balance_report(view, AFTER, AFTER)
    assert said(none.title, "zh") == "科目余额表：无科目表（-）"
    assert cells(none, "account") == ["member", "memo"]

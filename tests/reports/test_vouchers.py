"""Vouchers as tables: a month each, 借 and 贷."""

from datetime import date

from coopledger.core.chart import C2007, MONEY, adopt
from coopledger.core.journal import TRANSIT, Entry, Posting
from coopledger.reports.vouchers import vouchers_report
from tests.books import AFTER, FOUNDED, MARCH, YEAR_END, cells, cooperative, put, shown, total

JANUARY = """\
vouchers of 2026-01

voucher  day         summary              account  account name           debit     credit  record  \
sheets attached  preparer    reviewer    cashier
───────  ──────────  ───────────────────  ───────  ─────────────────  ─────────  ─────────  ──────  \
───────────────  ──────────  ──────────  ───────
记-1     2026-01-01  issue: contribution  161      intangible assets  12,000.00                  9             \
   2  accountant  supervisor  cashier
记-1     2026-01-01  issue: contribution  301      share capital                 12,000.00       9
记-2     2026-01-01  issue: contribution  102      bank deposits       3,000.00                 10             \
   2  accountant
记-2     2026-01-01  issue: contribution  301      share capital                  3,000.00      10
───────  ──────────  ───────────────────  ───────  ─────────────────  ─────────  ─────────  ──────  \
───────────────  ──────────  ──────────  ───────
total                                                                 15,000.00  15,000.00
booked from 2026-01-01 to 2026-01-31
amounts are in yuan
vouchers are numbered in the order in which they were recorded
an amount with a minus is red: it takes back an earlier one
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""

APRIL_ZH = """\
2026 年 4 月记账凭证

凭证号  日期        摘要                    科目  科目名称     借方     贷方  记录  附单据张数  制单        审核  出纳
──────  ──────────  ──────────────────────  ────  ────────  ───────  ───────  ────  ──────────  ──────────  ────  ────
记-1    2026-04-01  冲回第 15 条记录：更正  102   银行存款  -500.00             17           0  accountant
记-1    2026-04-01  冲回第 15 条记录：更正  301   股金               -500.00    17
──────  ──────────  ──────────────────────  ────  ────────  ───────  ───────  ────  ──────────  ──────────  ────  ────
合计                                                        -500.00  -500.00
记账日期：2026-04-01 至 2026-12-30
金额单位：元
凭证按记录的先后编号
负数为红字：冲销以前的金额
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD
"""


def test_the_vouchers_of_a_month_with_who_signed_them() -> None:
    with cooperative().read() as view:
        assert shown(view, *vouchers_report(view, FOUNDED, date(2026, 1, 31))) == JANUARY


def test_a_reversal_is_red_on_the_original_sides_and_in_chinese() -> None:
    with cooperative().read() as view:
        assert shown(view, *vouchers_report(view, date(2026, 4, 1), date(2026, 12, 30)), language="zh") == APRIL_ZH


def test_each_month_has_a_table_and_debits_are_credits() -> None:
    with cooperative().read() as view:
        tables = vouchers_report(view, FOUNDED, AFTER)
        titles = [shown(view, one).partition("\n")[0] for one in tables]
    assert titles == [f"vouchers of 2026-{month}" for month in ("01", "03", "04", "12")]
    assert all(total(one, "debit") == total(one, "credit") for one in tables)


def test_before_its_review_a_voucher_is_known_without_its_reviewer() -> None:
    with cooperative().read(15) as view:
        [january, _] = vouchers_report(view, FOUNDED, MARCH)
    assert cells(january, "reviewer") == ["", "", "", ""]


def test_a_number_stays_when_only_a_part_of_the_month_is_asked_for() -> None:
    journal = cooperative()
    day = date(2026, 12, 31)
    put(journal, lambda _: [Entry("note", day, day, {}, [Posting(MONEY, "c2021:102", "c2021:523", 1_00)])])
    put(journal, lambda _: [Entry("note", MARCH, MARCH, {}, [Posting(MONEY, "c2021:102", "c2021:523", 1_00)])])
    with journal.read() as view:
        [march] = vouchers_report(view, MARCH, MARCH)
        [december] = vouchers_report(view, YEAR_END, YEAR_END)
    assert cells(march, "voucher") == ["记-2", "记-2"]
    assert cells(december, "voucher") == ["记-1", "记-1", "记-2", "记-2"]


def test_a_summary_is_what_happened_and_why_each_once() -> None:
    journal = cooperative()
    paid = [Posting(MONEY, "c2021:102", TRANSIT, 3_00), Posting(MONEY, TRANSIT, "c2021:523", 3_00)]
    for facts in ({}, {"reason": "postage"}, {"reason": "note"}, {"reason": "sale"}):
        journal.append([Entry("note", AFTER, AFTER, facts, paid)], key=f"note {facts}", actor="accountant")
    with journal.read() as view:
        [table] = vouchers_report(view, AFTER, AFTER)
    assert cells(table, "summary")[::2] == ["note", "note: postage", "note", "note: sale"]
    assert cells(table, "account")[:2] == ["523", "102"]


def test_an_account_has_its_chart_before_it_only_in_a_month_of_two_charts() -> None:
    journal = cooperative()
    put(journal, adopt(C2007, effective_on=FOUNDED))
    put(journal, lambda _: [Entry("note", AFTER, AFTER, {}, [Posting(MONEY, "c2007:301", "c2021:102", 3_00)])])
    with journal.read() as view:
        *_, december, january = vouchers_report(view, YEAR_END, AFTER)
    assert {one.partition(":")[1] for one in cells(december, "account")} == {""}
    assert {one.partition(":")[0] for one in cells(january, "account")} == {"c2007", "c2021"}

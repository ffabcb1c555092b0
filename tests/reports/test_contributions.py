"""Contributions as a table: what was brought in, and its book value."""

from datetime import date
from fractions import Fraction

from coopledger.core.amortisation import revalue_contribution
from coopledger.core.chart import MONEY
from coopledger.core.contribution import Contribution, Right, Valuation, contribute
from coopledger.core.ending import end_contribution
from coopledger.core.redenomination import redenominate
from coopledger.core.reversal import take_back
from coopledger.reports.contributions import contributions_report
from tests.books import AFTER, LEFT, MARCH, VOTE, YEAR_END, cells, cooperative, notes, put, shown, total

TABLE = """\
contributions

number  contributor  kind        class   area      value  shares given  held by  from day    to day      amortised  book value  ended
──────  ───────────  ──────────  ─────  ─────  ─────────  ────────────  ───────  ──────────  ──────────  ─────────  ──────────  ─────
G17     17           land right  land   10.00  12,000.00           120  17: 120  2026-01-01  2035-12-31   1,200.00   10,800.00
G18     18           cash        land           3,000.00            30           2026-01-01
──────  ───────────  ──────────  ─────  ─────  ─────────  ────────────  ───────  ──────────  ──────────  ─────────  ──────────  ─────
total                                   10.00  15,000.00                                                  1,200.00   10,800.00
amounts are in yuan
areas are in mu
as of 2026-12-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""  # noqa: E501 - as it is printed

TABLE_ZH = """\
出资

编号  出资人  种类        股份类别         面积       价值  折股数  持有者   起          止          累计摊销   账面价值  终止日
────  ──────  ──────────  ──────────────  ─────  ─────────  ──────  ───────  ──────────  ──────────  ────────  ─────────  ──────
G17   17      土地经营权  土地股（land）  10.00  12,000.00     120  17: 120  2026-01-01  2035-12-31      0.00  12,000.00
G18   18      货币        土地股（land）          3,000.00      30           2026-01-01
────  ──────  ──────────  ──────────────  ─────  ─────────  ──────  ───────  ──────────  ──────────  ────────  ─────────  ──────
合计                                      10.00  15,000.00                                               0.00  12,000.00
金额单位：元
面积单位：亩
截至 2026-03-31
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD
"""  # noqa: E501 - as it is printed


def test_contributions_with_their_book_values() -> None:
    with cooperative().read() as view:
        assert shown(view, contributions_report(view, YEAR_END)) == TABLE


def test_a_past_day_in_chinese() -> None:
    with cooperative().read() as view:
        assert shown(view, contributions_report(view, MARCH), language="zh") == TABLE_ZH


def test_before_the_amortisation_was_booked_it_is_not_known() -> None:
    with cooperative().read(18) as view:
        assert total(contributions_report(view), "book value") == "12,000.00"


def test_before_the_first_day_there_is_nothing() -> None:
    with cooperative().read() as view:
        table = contributions_report(view, date(2025, 12, 31))
    assert (table.rows, total(table, "value")) == ([], "0.00")


def test_the_book_values_are_the_balances() -> None:
    with cooperative().read() as view:
        table = contributions_report(view)
        book = sum(sum(view.balances(MONEY, place).values()) for place in ("c2021:161", "c2021:162"))
    assert total(table, "book value") == f"{book // 100:,}.{book % 100:02}"


def test_what_ended_says_when_and_is_in_no_total() -> None:
    journal = cooperative()
    put(
        journal,
        end_contribution("G17", effective_on=AFTER, reason="exclusion", rule="right only", resolution=VOTE),
    )
    with journal.read() as view:
        after, before = contributions_report(view), contributions_report(view, YEAR_END)
    assert cells(after, "ended") == ["2027-01-31", ""]
    assert (cells(after, "value"), total(after, "value")) == (["12,000.00", "3,000.00"], "3,000.00")
    assert (total(after, "area"), total(after, "amortised")) == ("0.00", "0.00")
    assert "totals are of what has not ended" in notes(after)
    assert cells(before, "ended") == ["", ""]
    assert "totals are of what has not ended" not in notes(before)


def test_what_was_valued_anew_says_when_and_at_what() -> None:
    journal = cooperative()
    put(journal, revalue_contribution("G17", Valuation(9_000_00, "agreed price", LEFT), effective_on=LEFT, reason="x"))
    with journal.read() as view:
        after, before = contributions_report(view), contributions_report(view, YEAR_END)
    assert [cells(after, name)[0] for name in ("value", "amortised", "book value")] == [
        "10,200.00",
        "1,200.00",
        "9,000.00",
    ]
    assert total(after, "value") == "13,200.00"
    assert "G17 was valued anew on 2027-01-01, at 9,000.00 yuan for the rest of its term" in notes(after)
    assert (cells(before, "value")[0], len(notes(before)) < len(notes(after))) == ("12,000.00", True)


def test_what_was_taken_back_is_gone() -> None:
    journal = cooperative()
    put(journal, take_back(10, booked_on=AFTER))
    with journal.read() as view:
        assert cells(contributions_report(view), "number") == ["G17"]
    with journal.read(21) as view:
        assert cells(contributions_report(view), "number") == ["G17", "G18"]


def test_a_right_without_a_value_has_an_area_and_shares_and_no_amounts() -> None:
    journal = cooperative()
    right = Right(
        "forest right", MARCH, date(2030, 12, 31), date(2040, 12, 31), area_mu=Fraction(337, 100), parcels=("P9",),
        contract="林权证9",
    )  # fmt: skip
    put(journal, contribute(Contribution("G2", "0041", "labour", right, shares=900), effective_on=MARCH))
    with journal.read() as view:
        table = contributions_report(view)
    assert cells(table, "number") == ["G2", "G17", "G18"]
    assert [cells(table, name)[0] for name in ("kind", "area", "shares given", "from day", "to day")] == [
        "forest right",
        "3.37",
        "9.00",
        "2026-03-31",
        "2030-12-31",
    ]
    assert [cells(table, name)[0] for name in ("value", "amortised", "book value")] == ["", "", ""]
    assert total(table, "area") == "13.37"


def test_shares_are_told_as_they_were_given() -> None:
    journal = cooperative()
    put(journal, redenominate("land", digits=1, effective_on=AFTER, resolution=VOTE))
    with journal.read() as view:
        assert cells(contributions_report(view), "shares given") == ["120", "30"]

"""Movements between two days as tables: a list, and what each holder had before and after."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from coopledger.core.charter import HOLDER
from coopledger.core.movement import issue, transfer
from coopledger.core.redenomination import redenominate
from coopledger.core.share_class import open_class, preset
from coopledger.errors import RegisterError
from coopledger.reports.movements import movements_report
from tests.books import AFTER, FOUNDED, LEFT, MARCH, MINUTES, VOTE, YEAR_END, cells, cooperative, put, shown, total

SPRING = date(2026, 2, 1)

TABLES = """\
movements of shares

day         what happened          class   from whom  to whom         shares  record  reason        documents
──────────  ─────────────────────  ──────  ─────────  ──────────────  ──────  ──────  ────────────  ─────────
2026-03-01  transfer               labour  0041       0043              2.00      13  gift
2026-03-02  pledge                 labour  0051       0051 (pledged)    5.00      14  loan
2026-03-03  issue                  land    -          18                   5      15  subscription
2026-03-03  reversal of record 15  land    18         -                    5      17  correction
2027-01-01  redeem                 labour  0052       -                 3.00      20  withdrawal
from 2026-02-01 to 2027-01-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD

turnover of 农龄股 (labour)

number  opening    in   out  closing
──────  ───────  ────  ────  ───────
0041      12.50  0.00  2.00    10.50
0042       7.25  0.00  0.00     7.25
0043       0.00  2.00  0.00     2.00
0051      20.00  0.00  0.00    20.00
0052       3.00  0.00  3.00     0.00
──────  ───────  ────  ────  ───────
total     42.75  2.00  5.00    39.75
from 2026-02-01 to 2027-01-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD

turnover of 土地股 (land)

number  opening  in  out  closing
──────  ───────  ──  ───  ───────
17          120   0    0      120
18           30   5    5       30
──────  ───────  ──  ───  ───────
total       150   5    5      150
from 2026-02-01 to 2027-01-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
"""

LAND_ZH = """\
股份变动

日期        事项  股份类别        转出方  转入方  股数  记录  事由  文件
──────────  ────  ──────────────  ──────  ──────  ────  ────  ────  ────────────────────────────
2026-01-01  配置  土地股（land）  -       17       120     9  入股  minutes.pdf 1-2、决议 2026-1
2026-01-01  配置  土地股（land）  -       18        30    10  入股  minutes.pdf 1-2、决议 2026-1
2026-03-03  配置  土地股（land）  -       18         5    15  认缴
2026-01-01 至 2026-03-31
账簿截至第 16 条记录，写入于 2026-01-01 11:00:00+00:00
指纹 HEAD

土地股（land）增减

编号  期初  增加  减少  期末
────  ────  ────  ────  ────
17       0   120     0   120
18       0    35     0    35
────  ────  ────  ────  ────
合计     0   155     0   155
2026-01-01 至 2026-03-31
账簿截至第 16 条记录，写入于 2026-01-01 11:00:00+00:00
指纹 HEAD
"""


def test_what_moved_in_a_span_of_days() -> None:
    with cooperative().read() as view:
        assert shown(view, *movements_report(view, SPRING, AFTER)) == TABLES


def test_one_class_as_known_before_a_reversal_in_chinese() -> None:
    with cooperative().read(16) as view:
        assert shown(view, *movements_report(view, FOUNDED, MARCH, "land"), language="zh") == LAND_ZH


def test_a_class_that_is_not_there_is_refused() -> None:
    with cooperative().read() as view, pytest.raises(RegisterError, match="no such share class"):
        movements_report(view, FOUNDED, MARCH, "gold")


@pytest.mark.parametrize("since", [date(1, 1, 1), FOUNDED, SPRING, date(2026, 3, 3), LEFT, AFTER])
@pytest.mark.parametrize("until", [FOUNDED, date(2026, 3, 2), YEAR_END, LEFT, AFTER])
def test_opening_and_closing_are_the_balances_and_what_lies_between_leads_from_one_to_the_other(
    since: date, until: date
) -> None:
    with cooperative().read() as view:
        for cls, unit in {"labour": 100, "land": 1}.items():
            table = movements_report(view, since, until, cls)[-1]
            before = max(since, FOUNDED) - timedelta(days=1)
            assert Fraction(total(table, "opening")) * unit == sum(view.balances(cls, HOLDER, before).values())
            assert Fraction(total(table, "closing")) * unit == sum(view.balances(cls, HOLDER, until).values())
            if since > until:
                continue
            for row in table.rows:
                opening, came, went, closing = (Fraction(str(cell)) for cell in row[1:])
                assert opening + came - went == closing


def test_a_class_in_which_nobody_ever_had_anything_has_a_turnover_only_if_asked_for() -> None:
    journal = cooperative(until="people")
    with journal.read() as view:
        assert len(movements_report(view, FOUNDED, AFTER)) == 1
        [_, turnover] = movements_report(view, FOUNDED, AFTER, "labour")
    assert (turnover.rows, total(turnover, "closing")) == ([], "0.00")


def test_documents_and_the_pool_are_named() -> None:
    journal = cooperative()
    put(journal, open_class(preset("subsidy"), effective_on=FOUNDED))
    bonus = issue("subsidy", shares=101, effective_on=FOUNDED, reason="bonus", documents=[MINUTES, MINUTES])
    put(journal, bonus)
    with journal.read() as view:
        moves, turnover = movements_report(view, FOUNDED, AFTER, "subsidy")
    assert cells(moves, "to whom") == cells(turnover, "number") == ["the pool"]
    assert cells(moves, "documents") == ["minutes.pdf 1-2, minutes.pdf 1-2"]


def test_a_recount_is_one_row_and_a_column_of_its_own() -> None:
    journal = cooperative()
    day = date(2027, 2, 1)
    later = date(2027, 2, 2)
    earlier = transfer("labour", holder="0043", to="0041", shares=50, effective_on=day, reason="gift")
    put(journal, earlier)  # of the same day, in the shares of before
    put(journal, redenominate("labour", factor=Fraction(1, 2), digits=3, effective_on=day, resolution=VOTE))
    put(journal, transfer("labour", holder="0043", to="0041", shares=50, effective_on=later, reason="gift"))
    with journal.read() as view:
        moves, turnover = movements_report(view, AFTER, later, "labour")
        [_, _, land] = movements_report(view, AFTER, later)
    assert cells(moves, "what happened") == ["transfer", "redenominate", "transfer"]
    assert cells(moves, "shares") == ["0.50", "× 1/2", "0.050"]
    assert cells(moves, "documents")[1] == "resolution 2026-1"
    at = cells(turnover, "number").index("0043")
    assert [cells(turnover, name)[at] for name in ("opening", "in", "out", "recounted", "closing")] == [
        "2.000",
        "0.000",
        "0.550",
        "-0.750",
        "0.700",
    ]
    assert total(turnover, "recounted") == "-19.875"
    assert len(land.columns) == 5


def test_a_recount_that_needs_no_posting_is_listed() -> None:
    journal = cooperative()
    day = date(2027, 2, 1)
    put(journal, redenominate("labour", factor=Fraction(1, 10), digits=3, effective_on=day, resolution=VOTE))
    with journal.read() as view:
        moves, turnover = movements_report(view, AFTER, day, "labour")
    assert cells(moves, "shares") == ["× 1/10"]
    assert (total(turnover, "opening"), total(turnover, "recounted")) == ("39.750", "-35.775")
    assert total(turnover, "closing") == "3.975"


def test_what_is_recorded_late_stands_at_its_day_and_a_recount_outside_the_span_does_not_show() -> None:
    journal = cooperative()
    put(journal, redenominate("labour", factor=2, effective_on=date(2027, 2, 1), resolution=VOTE))
    put(journal, transfer("land", holder="17", to="18", shares=1, effective_on=MARCH, reason="gift"))
    with journal.read() as view:
        moves, labour, _ = movements_report(view, SPRING, AFTER)
        [again, *_] = movements_report(view, SPRING, date(2027, 2, 1))
    days = ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-03", "2026-03-31", "2027-01-01"]
    assert cells(moves, "day") == days
    assert len(labour.columns) == 5
    assert cells(again, "day") == [*days, "2027-02-01"]

"""The register as tables: who holds what on a day, as known at a time."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import count

import pytest

from coopledger.core.ahead import in_turn
from coopledger.core.charter import HOLDER, found
from coopledger.core.journal import View
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import allot, issue
from coopledger.core.share_class import open_class, preset
from coopledger.core.table import Table
from coopledger.errors import RegisterError
from coopledger.reports.account import account_report
from coopledger.reports.classes import classes_report
from coopledger.reports.composition import composition_report
from coopledger.reports.contributions import contributions_report
from coopledger.reports.movements import movements_report
from coopledger.reports.record import records_report
from coopledger.reports.register import register_report
from coopledger.reports.trial_balance import trial_balance_report
from coopledger.reports.vouchers import vouchers_report
from coopledger.store.database import create_book
from coopledger.store.memory import MemoryJournal
from coopledger.text import said
from tests.books import (
    AFTER,
    FOUNDED,
    LEFT,
    MARCH,
    PEOPLE,
    STEPS,
    YEAR_END,
    cells,
    cooperative,
    notes,
    put,
    shown,
    total,
)

LABOUR = """\
示例村种植专业合作社: register of 农龄股 (labour)

number  name    household  shares  of which pledged  of which frozen  of which unpaid   percent
──────  ──────  ─────────  ──────  ────────────────  ───────────────  ───────────────  ────────
0041    成员甲  17          10.50              0.00             0.00             0.00   24.5614
0042    成员乙  17           7.25              0.00             0.00             0.00   16.9591
0043    成员丙  17           2.00              0.00             0.00             0.00    4.6784
0051    成员丁  18          20.00              5.00             0.00             0.00   46.7836
0052    -       18           3.00              0.00             0.00             0.00    7.0175
──────  ──────  ─────────  ──────  ────────────────  ───────────────  ───────────────  ────────
total                       42.75              5.00             0.00             0.00  100.0000
as of 2026-12-31
known up to record 21, written at 2026-01-01 15:00:00+00:00
fingerprint HEAD
each percentage is rounded half up to four decimals by itself; together they may miss 100
"""

LAND_ZH = """\
示例村种植专业合作社股东名册：土地股（land）

编号  姓名    户  股数  其中质押  其中冻结  其中未实缴      占比
────  ──────  ──  ────  ────────  ────────  ──────────  ────────
17    成员甲  17   120         0         0           0   80.0000
18    成员丁  18    30         0         0           0   20.0000
────  ──────  ──  ────  ────────  ────────  ──────────  ────────
合计               150         0         0           0  100.0000
截至 2026-12-31
账簿截至第 21 条记录，写入于 2026-01-01 15:00:00+00:00
指纹 HEAD
各百分比分别四舍五入到四位小数，合计可能不等于 100
"""


def test_the_register_of_a_day_has_a_table_for_each_class() -> None:
    with cooperative().read() as view:
        labour, land = register_report(view, YEAR_END)
        assert shown(view, labour) == LABOUR
        assert shown(view, land, language="zh") == LAND_ZH


def test_one_class_may_be_asked_for_and_names_left_out() -> None:
    with cooperative().read() as view:
        [table] = register_report(view, YEAR_END, "land", names=False)
    assert [said(one.heading, "en") for one in table.columns][:3] == ["number", "household", "shares"]
    assert "成员" not in shown(view, table)


def test_a_class_whose_code_is_its_name_is_named_once() -> None:
    journal = MemoryJournal("hill")
    by_name = open_class(preset("land")._replace(code="土地股"), effective_on=date(2026, 1, 1))
    journal.append(
        in_turn(found("示例村合作社", effective_on=date(2026, 1, 1)), by_name), key="founding", actor="accountant"
    )
    with journal.read() as view:
        [table] = register_report(view)
    assert said(table.title, "zh") == "示例村合作社股东名册：土地股"


def test_a_class_that_is_not_there_is_refused() -> None:
    with cooperative().read() as view, pytest.raises(RegisterError, match="no such share class"):
        register_report(view, YEAR_END, "gold")


@pytest.mark.parametrize("on", [FOUNDED, date(2026, 2, 28), MARCH, YEAR_END, LEFT, AFTER, None])
@pytest.mark.parametrize("known", range(11, 22))
def test_the_sums_are_those_of_the_balances(on: date | None, known: int) -> None:
    with cooperative().read(known) as view:
        for cls, digits in {"labour": 2, "land": 0}.items():
            [table] = register_report(view, on, cls)
            issued = sum(view.balances(cls, HOLDER, on).values())
            assert Fraction(total(table, "shares")) * 10**digits == issued
            assert sum(map(Fraction, cells(table, "shares"))) == Fraction(total(table, "shares"))


def test_a_past_day_has_what_was_held_then() -> None:
    with cooperative().read() as view:
        [founded] = register_report(view, FOUNDED, "labour")
        [after] = register_report(view, None, "labour")
    assert cells(founded, "shares") == ["12.50", "7.25", "20.00", "3.00"]
    assert cells(after, "number") == ["0041", "0042", "0043", "0051"]
    assert notes(after)[0] == "after everything that is recorded"


def test_the_register_as_known_before_a_reversal_is_printed_as_it_was() -> None:
    journal = cooperative()
    with cooperative(until="review").read() as before, journal.read(16) as by_record:
        first = [shown(before, one) for one in register_report(before, MARCH)]
        assert [shown(by_record, one) for one in register_report(by_record, MARCH)] == first
        with journal.read(datetime(2026, 1, 1, 11, 30, tzinfo=UTC)) as by_time:
            assert [shown(by_time, one) for one in register_report(by_time, MARCH)] == first
            assert cells(register_report(by_time, MARCH, "land")[0], "shares") == ["120", "35"]
        with journal.read() as view:
            assert cells(register_report(view, MARCH, "land")[0], "shares") == ["120", "30"]


def test_a_name_that_is_erased_is_not_printed() -> None:
    journal = cooperative()
    journal.erase(["m/0041"], key="erasure", actor="accountant", on=YEAR_END)
    with journal.read() as view:
        labour, land = register_report(view, YEAR_END)
    assert cells(labour, "name") == ["erased", "成员乙", "成员丙", "成员丁", "-"]
    assert cells(land, "name") == ["erased", "成员丁"]


def test_numbers_are_in_their_order_and_who_is_in_no_household_has_none() -> None:
    journal = cooperative()
    put(journal, admit(Joiner("10", "person"), Joiner("9"), effective_on=FOUNDED))
    put(journal, allot("labour", {"10": 1, "9": 1}, effective_on=FOUNDED))
    with journal.read() as view:
        [table] = register_report(view, FOUNDED, "labour")
    assert cells(table, "number") == ["9", "10", "0041", "0042", "0051", "0052"]
    assert cells(table, "household")[:2] == ["", ""]


def test_a_pooled_class_is_in_equal_parts_and_no_part_is_rounded() -> None:
    journal = cooperative()
    put(journal, open_class(preset("subsidy"), effective_on=FOUNDED))
    put(journal, issue("subsidy", shares=101, effective_on=FOUNDED, reason="quantification"))
    with journal.read() as view:
        [table] = register_report(view, FOUNDED, "subsidy")
    assert cells(table, "shares") == ["20.2"] * 5
    assert (total(table, "shares"), total(table, "percent")) == ("101", "100.0000")
    assert notes(table)[-1].startswith("101 shares are in the pool")


def test_a_part_that_has_no_end_is_a_fraction() -> None:
    journal = cooperative()
    put(journal, open_class(preset("subsidy"), effective_on=FOUNDED))
    put(journal, issue("subsidy", shares=101, effective_on=FOUNDED, reason="quantification"))
    put(journal, admit(Joiner("0053"), effective_on=FOUNDED))
    with journal.read() as view:
        [table] = register_report(view, FOUNDED, "subsidy")
    assert cells(table, "shares") == ["101/6"] * 6
    assert cells(table, "percent") == ["16.6667"] * 6
    assert total(table, "percent") == "100.0000"


def test_a_pool_for_which_nobody_is_eligible_is_told_of() -> None:
    journal = cooperative()
    number = PEOPLE[0].number
    put(journal, open_class(preset("subsidy", group="old"), effective_on=FOUNDED))
    put(journal, change_members([number], groups=["old"], effective_on=FOUNDED, reason="resolution"))
    put(journal, issue("subsidy", shares=101, effective_on=FOUNDED, reason="quantification"))
    put(journal, change_members([number], groups=[], effective_on=MARCH, reason="resolution"))
    with journal.read() as view:
        *_, table = register_report(view, MARCH)
    assert (table.rows, total(table, "shares")) == ([], "0")
    assert notes(table)[-1].startswith("101 shares are in the pool")


def test_an_estate_is_marked_where_its_household_would_stand() -> None:
    journal = cooperative(until="contributions")
    put(journal, allot("labour", {"0041": 5, "0042": 5}, effective_on=FOUNDED))
    put(journal, die("0041", new_head="0042", effective_on=MARCH))
    with journal.read() as view:
        [before] = register_report(view, FOUNDED, "labour")
        [after] = register_report(view, MARCH, "labour")
        assert (cells(before, "household"), cells(after, "household")) == (["17", "17"], ["estate", "17"])
        assert "遗产" in shown(view, after, language="zh")


def test_the_estate_of_a_household_that_died_out_is_marked_too() -> None:
    journal = cooperative(until="contributions")
    put(journal, die("0052", effective_on=MARCH))
    with journal.read() as view:
        assert cells(register_report(view, MARCH, "land")[0], "household") == ["17", "18"]
    put(journal, die("0051", effective_on=LEFT))
    with journal.read() as view:
        [before] = register_report(view, MARCH, "land")
        [after] = register_report(view, LEFT, "land")
        assert (cells(before, "household"), cells(after, "household")) == (["17", "18"], ["17", "estate"])
        assert cells(after, "number") == ["17", "18"]


def test_a_class_that_nobody_holds_has_a_table_if_it_is_asked_for_or_if_there_is_no_other() -> None:
    with cooperative(until="contributions").read() as view:
        assert [str(table.title)[-6:] for table in register_report(view, FOUNDED)] == ["(land)"]
        [labour] = register_report(view, FOUNDED, "labour")
        assert (labour.rows, total(labour, "shares"), total(labour, "percent")) == ([], "0.00", "0.0000")
    with cooperative(until="people").read() as view:
        assert len(register_report(view, FOUNDED)) == 2


def test_somebody_who_left_and_kept_his_shares_is_in_the_register() -> None:
    journal = cooperative()
    put(journal, leave("0042", effective_on=LEFT, reason="exclusion", keeps_shares=True))
    with journal.read() as view:
        [table] = register_report(view, AFTER, "labour")
    assert cells(table, "household") == ["17", "", "17", "18"]


def test_what_people_wrote_stands_in_the_cells_as_it_is_and_harmless_when_printed() -> None:
    journal = cooperative(until="labour")
    hostile = "\x1b[2J=1+1\n{name}"
    put(journal, admit(Joiner("0041", personal={"name": hostile}), effective_on=FOUNDED))
    put(journal, allot("labour", {"0041": 1}, effective_on=FOUNDED))
    with journal.read() as view:
        [table] = register_report(view, FOUNDED, "labour")
        assert cells(table, "name") == [hostile]
        assert "\\x1b[2J=1+1\\n{name}" in shown(view, table)


REPORTS: dict[str, Callable[[View], list[Table]]] = {
    "register": register_report,
    "account": lambda view: account_report(view, "0041"),
    "classes": lambda view: [classes_report(view)],
    "composition": composition_report,
    "movements": lambda view: movements_report(view, FOUNDED, AFTER),
    "contributions": lambda view: [contributions_report(view)],
    "trial balance": lambda view: trial_balance_report(view, FOUNDED, AFTER),
    "vouchers": lambda view: vouchers_report(view, FOUNDED, AFTER),
    "records": lambda view: [records_report(view)],
}


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_prints_an_id_number(name: str) -> None:
    assert PEOPLE[0].personal["id"] == "999999196001010018"
    with cooperative().read() as view:
        for table in REPORTS[name](view):
            assert "9999991960" not in shown(view, table)


@pytest.mark.parametrize("name", REPORTS)
def test_every_row_of_a_report_has_a_cell_for_each_column_and_the_book_is_named_below(name: str) -> None:
    with cooperative().read() as view:
        tables = REPORTS[name](view)
        assert tables
        for table in tables:
            assert {len(row) for row in (*table.rows, table.totals or table.columns)} == {len(table.columns)}
            assert f"fingerprint {view.head}" in notes(table)


@pytest.mark.parametrize("name", REPORTS)
def test_a_book_in_sqlite_answers_as_the_one_in_memory(name: str) -> None:
    clock = count(1_767_225_600_000_000, 3_600_000_000)
    kept = create_book(":memory:", "example", clock=lambda: next(clock), salt=lambda: b"salt" * 4)
    for key, decision in STEPS.items():
        kept.append(decision(), key=key, actor="accountant")
    with cooperative().read() as view, kept.read() as same:
        assert same.head == view.head
        assert REPORTS[name](same) == REPORTS[name](view)


def test_ten_thousand_holders_have_a_row_each() -> None:
    journal = cooperative(until="labour")
    numbers = [f"{n:05}" for n in range(10_000)]
    put(journal, admit(*(Joiner(number) for number in numbers), effective_on=FOUNDED))
    put(journal, allot("labour", {number: 100 + n % 7 for n, number in enumerate(numbers)}, effective_on=FOUNDED))
    with journal.read() as view:
        [table] = register_report(view, FOUNDED, "labour")
        composition_report(view, FOUNDED)
        [moves, turnover] = movements_report(view, FOUNDED, FOUNDED, "labour")
        issued = sum(view.balances("labour", HOLDER).values())
    assert cells(table, "number") == numbers
    assert len(moves.rows) == len(turnover.rows) == 10_000
    assert Fraction(total(table, "shares").replace(",", "")) * 100 == issued

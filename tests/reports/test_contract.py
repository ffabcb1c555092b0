"""Tables of contracts: what was due, came in, is open and overdue; the rest of the term; how an amount comes about."""

from datetime import date

from coopledger.core.calendar import term
from coopledger.core.contract import amend_contract, conclude, end_contract
from coopledger.core.plan import Plan, Stream
from coopledger.core.receivable import fall_due, project_rest, receive
from coopledger.core.table import Table
from coopledger.reports.contract import contract_report, contract_rest_report, contracts_report, instalment_report
from coopledger.reports.record import record_report
from tests.core.leases import IN_KIND, PLAN, SIGNED, bare, leased

END_2024, END_2025 = date(2024, 12, 31), date(2025, 12, 31)


def cells(table: Table) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in table.rows]


def test_a_contract_shows_each_instalment_and_what_is_overdue() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2024), receive("hill", 165_000_00, effective_on=date(2025, 1, 20)))
    each, by_year = contract_report(made.view, "hill", date(2026, 1, 10))
    assert cells(each) == [
        ["land", "2024-12-31", "1", "1", "160,000.00", "160,000.00", "0.00", "", "2025-01-20", ""],
        ["dam", "2024-12-31", "1", "1", "10,000.00", "5,000.00", "5,000.00", "375", "", ""],
        ["land", "2025-12-31", "2", "1", "160,000.00", "0.00", "160,000.00", "10", "", "not booked yet"],
        ["dam", "2025-12-31", "2", "1", "20,000.00", "0.00", "20,000.00", "10", "", "not booked yet"],
    ]
    assert [str(one) for one in each.totals] == [
        "total", "", "", "", "350,000.00", "165,000.00", "185,000.00", "", "", "",
    ]  # fmt: skip
    assert cells(by_year) == [
        ["2024", "170,000.00", "165,000.00", "5,000.00"],
        ["2025", "180,000.00", "0.00", "180,000.00"],
    ]
    [row] = cells(contracts_report(made.view, date(2026, 1, 10)))
    assert row == [
        "hill", "0901", "2024-01-01", "2029-12-31", "350,000.00", "165,000.00", "185,000.00", "185,000.00", "0.00",
    ]  # fmt: skip


def test_the_rest_of_the_term_is_what_will_be_booked() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2025))
    made.do(amend_contract("hill", PLAN, effective_on=date(2027, 1, 1), reason="signed anew"))
    table = contract_rest_report(made.view, "hill")
    assert cells(table)[0] == ["2026", "192,000.00", "30,000.00", "222,000.00", ""]
    assert [str(one) for one in table.totals] == ["total", "844,800.00", "180,000.00", "1,024,800.00", ""]
    assert sum(leg.quantity for one in project_rest(made.view, "hill") for leg in one.postings) == 1_024_800_00
    assert "amended from 2027-01-01 on, record 9" in [str(one) for one in table.notes]
    made.do(end_contract("hill", effective_on=date(2027, 6, 30), reason="x"))
    table = contract_rest_report(made.view, "hill")
    assert [row[0] for row in cells(table)] == ["2026"]
    assert "ended on 2027-06-30" in [str(one) for one in table.notes]


def test_what_rests_on_an_assumption_or_is_not_known_or_is_void_says_so() -> None:
    table = contract_rest_report(leased(IN_KIND).view, "hill")
    assert cells(table)[1] == ["2025", "1,300.00", "1,300.00", "rests on an assumption"]
    assert "assumption: rice: 2024's 1.3 yuan/jin assumed to hold" in [str(one) for one in table.notes]
    made = bare()
    plan = Plan("x", term("2024-01-01", years=22, basis="lease"), [Stream("rent", amount="1 yuan")])
    made.do(conclude("x", plan, counterparty="company", effective_on=SIGNED))
    assert [row[0] for row in cells(contract_rest_report(made.view, "x")) if row[-1].startswith("void: ")] == [
        "2044",
        "2045",
    ]


def test_an_amount_is_explained_line_by_line() -> None:
    table = instalment_report(leased().view, "hill", "land", date(2026, 12, 31))
    assert cells(table)[2] == ["· · 160 yuan/mu, +20% of the previous amount after every 2 full years", "192 yuan/mu"]


def test_a_record_of_a_contract_shows_its_plan_part_by_part() -> None:
    found = {row[0]: row[1] for row in cells(record_report(leased().view, 4)[0])}
    assert found["act"] == "conclude"
    assert found["income: dam"] == "investment income"
    assert found["plan: streams 1: rate: first: value"] == "160"
    assert found["plan: streams 1: rate: change: value: of"] == "1/5"

"""The example books: what is published of them, and what the books then say."""

import json
import runpy
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from coopledger.core.amortisation import book_values
from coopledger.core.appropriation import appropriations
from coopledger.core.chart import MONEY, charts
from coopledger.core.claims import check_claims
from coopledger.core.contribution import contributions_of
from coopledger.core.dues import dues
from coopledger.core.fund import check_controls
from coopledger.core.member_account import member_account
from coopledger.core.people import roll
from coopledger.core.problems import problems
from coopledger.core.projection import project
from coopledger.core.receivable import brought_in, contract_status, project_rest
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.run import runs
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.voucher import check_vouchers, vouchers
from coopledger.files.plan_file import load_plan
from coopledger.store.memory import MemoryJournal

EXAMPLES = [("ande", "village"), ("ande", "cooperative"), ("pingqiao", "cooperative"), ("laohushan", "village")]
"""The books that the examples keep: the file and the function."""
SEED = json.loads((Path(__file__).parent / "cases" / "seed.json").read_text(encoding="utf-8"))
BOOKS = Path(__file__).parents[1] / "examples" / "books"
YEAR_END = date(2016, 12, 31)


def example(name: str) -> dict[str, Any]:
    return runpy.run_path(str(BOOKS / f"{name}.py"))


def balances(book: MemoryJournal) -> dict[str, int]:
    with book.read() as view:
        return {account: fen for (_, account), fen in view.balances(MONEY).items()}


@pytest.mark.parametrize("name", sorted(path.stem for path in BOOKS.glob("*.py")))
def test_an_example_runs_as_it_stands(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(BOOKS / f"{name}.py"), run_name="__main__")
    assert "借" in capsys.readouterr().out


@pytest.mark.parametrize(("name", "book"), EXAMPLES)
def test_a_book_of_the_examples_violates_nothing(name: str, book: str) -> None:
    with example(name)[book]().read() as view:
        assert audit_register(view) == []
        assert check_controls(view) == []
        assert check_vouchers(vouchers(view)) == []
        assert totals(trial_balance(view)).balanced


def test_the_fund_of_ande_is_an_investment_and_no_spending() -> None:
    """安德村: 300,000 yuan of support funds of 2013, turned from direct spending into shares of a goat base."""
    ande = example("ande")
    assert balances(ande["village"]()) == {"c2004:141": 300_000_00, "c2004:311/subsidy/industry-2013": -300_000_00}
    goats = ande["cooperative"]()
    assert balances(goats) == {"c2007:102": 300_000_00, "c2007:301": -300_000_00}
    with goats.read() as view:
        assert {number: one.shares for number, one in holdings(view, "cash").items()} == {"ande": 300_000}


def test_a_hundred_and_twenty_of_pingqiao_bring_land_support_funds_and_cash() -> None:
    """平桥村: 120 people; land, support funds and cash; shares with dividends, and wages."""
    book = example("pingqiao")["cooperative"]()
    with book.read() as view:
        found = contributions_of(view).values()
        holders = {*holdings(view, "land"), *holdings(view, "cash")}
        values = book_values(view, YEAR_END)
        accounts = {number: member_account(view, number, YEAR_END) for number in ("H0001", "0061", "0101")}
        mu = view.balances("mu", "land")
    assert len(found) == len(holders) == 120
    assert {getattr(one.contribution.brought, "kind", "") for one in found} == {"land right", "fiscal fund", "cash"}
    # by hand: 60 × 12,000 + 40 × 2,000 + 20 × 1,000 yuan; land over 120 months, 10 of them in 2016
    assert sum(one.contribution.amount_fen for one in found) == 820_000_00
    assert sum(one.book_fen for one in values) == 720_000_00 * 110 // 120
    assert sum(mu.values()) == 60 * 3_00
    # the surplus of 161,000 − 60,000 − 60,000 yuan is 5 % of the contributions
    assert {number: (one.contribution_fen, one.surplus_fen) for number, one in accounts.items()} == {
        "H0001": (12_000_00, 600_00),
        "0061": (2_000_00, 100_00),
        "0101": (1_000_00, 50_00),
    }


# ---------------------------------------------------------------- Laohushan, 2013 to today

YEARS = range(2014, 2026)
PEOPLE = dict(zip(map(str, range(11, 24)), (3, 4, 2, 3, 3, 1, 4, 2, 3, 2, 3, 2, 1), strict=True))


@cache
def laohushan() -> MemoryJournal:
    book = example("laohushan")["village"]()
    assert isinstance(book, MemoryJournal)
    return book


def instalments(year: int) -> dict[str, Fraction]:
    """What the contract pays for a year, in yuan, from the published clauses."""
    hill, dam, fee = SEED[0]["streams"]
    risen = Fraction(6, 5) ** ((year - 2014) // 5)
    assert (hill["rise"], fee["rise"], dam["rise"]) == (*("20% after each full 5 years",) * 2, "10,000 yuan each year")
    return {
        "土地": hill["per_mu_yuan"] * hill["mu"] * risen,
        "坝塘与资金入股": Fraction(dam["first_year_yuan"] * (year - 2013)),
        "服务费": fee["per_mu_yuan"] * fee["mu"] * risen,
    }


def income_of(year: int) -> Fraction:
    """All that the contract pays for a year, in fen."""
    return sum(instalments(year).values(), Fraction(0)) * 100


def shares_of(year: int) -> dict[str, int]:
    """Who held how many shares at the end of a year, as it was known when that was paid."""
    held = {household: people * 10 for household, people in PEOPLE.items()}
    if year >= 2018:
        held["12"] += held.pop("23")
    if year >= 2021:
        held["15"] += 10
    return held


def split(fen: int, held: Mapping[str, int]) -> dict[str, int]:
    """Each household's part; the fen that are left go to the largest remainders, of equal ones to the lower number."""
    whole = sum(held.values())
    order = sorted(held, key=lambda household: (-(fen * held[household] % whole), int(household)))
    parts = {household: fen * own // whole for household, own in held.items()}
    for household in order[: fen - sum(parts.values())]:
        parts[household] += 1
    return parts


def half_up(exact: Fraction) -> int:
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def missed() -> int:
    """What ten shares were paid for 2017 to 2020, half of each year's income going to 330 shares."""
    return sum(half_up(income_of(year) / 2 * 10 / 330) for year in range(2017, 2021))


def test_the_village_of_the_seed_violates_nothing_from_2013_to_today() -> None:
    with laohushan().read() as view:
        assert problems(view) == []
        assert [one.code for _, one in charts(view).adopted] == ["c2004", "c2023"]
    assert laohushan().verify() == []


def test_the_village_of_the_seed_has_been_paid_what_the_contract_says() -> None:
    """永仁县莲池村老虎山: 160,000 and 80,000 yuan and 10,000 for 2014, 250,000 in all, as published."""
    seed = SEED[0]
    assert [one["published"].get("first_year_yuan") for one in seed["streams"]] == [160_000, None, 80_000]
    assert income_of(2014) == seed["published"]["collective_income_2014_yuan"] * 100
    with laohushan().read() as view:
        for year in YEARS:
            for stream, yuan in instalments(year).items():
                assert brought_in(view, "老虎山", stream, str(year)) == yuan * 100
        assert contract_status(view, "老虎山", date(2026, 6, 30)).open_fen == 0
        assert (
            contract_status(view, "老虎山", date(2021, 6, 30)).overdue_fen == 358_000_00 // 2
        )  # half came in September


def test_the_rest_of_the_forty_years_is_projected_and_the_published_total_contradicted() -> None:
    """The source has 7,150,000 yuan in forty years for the dam and the funds: its clauses give 8,200,000."""
    dam = SEED[0]["streams"][1]
    with laohushan().read() as view:
        rest = project_rest(view, "老虎山")
    seen = {(one.effective_on.year, one.facts["stream"]): one.facts["amount_fen"] for one in rest}
    assert {*seen} == {(year, stream) for year in range(2026, 2054) for stream in instalments(2014)}
    for year in range(2026, 2054):
        for stream in instalments(year):
            # the running total is what is rounded, of 573,308.928 yuan a year at the end
            before = sum((instalments(one)[stream] * 100 for one in range(2014, year)), Fraction(0))
            assert seen[year, stream] == half_up(before + instalments(year)[stream] * 100) - half_up(before)
    had = sum(instalments(year)["坝塘与资金入股"] for year in YEARS)
    to_come = sum(fen for (_, stream), fen in seen.items() if stream == "坝塘与资金入股")
    assert had * 100 + to_come == dam["computed_total_40_years_yuan"] * 100 == 8_200_000_00
    verdicts = check_claims(project(load_plan(BOOKS.parent / "laohushan.toml")))
    [wrong] = [one for one in verdicts if not one.holds]
    assert wrong.claim.claimed.value == dam["published"]["total_40_years_yuan"] == 7_150_000
    assert wrong.difference == 1_050_000


def test_each_year_goes_to_the_funds_and_by_shares_to_the_members() -> None:
    with laohushan().read() as view:
        found = appropriations(view)
        declared = {one.code: dues(view, one) for one in runs(view).values() if one.declared_on}
    assert [*found] == [*YEARS]
    for year, one in found.items():
        income = int(income_of(year))
        late = missed() if year == 2021 else 0
        members = income // 2 - late
        assert (one.surplus.surplus_fen, one.remains_fen) == (income, 0)
        assert [one.amount_fen(step) for step in ("losses", "reserve", "welfare", "ruling", "members")] == [
            0,
            income * 3 // 10,
            income // 5,
            late,
            members,
        ]
        run = declared["2014-members-2" if year == 2014 else f"{year}-members"]
        assert {who: due.declared_fen for who, due in run.items()} == split(members, shares_of(year))
        assert not any(due.unpaid_fen for due in run.values())


def test_the_first_dividend_is_corrected_in_the_open() -> None:
    """Household 14 had 40 of 340 shares, and has 30 of 330: it brings back what it was paid too much, in cash."""
    wrong = {**shares_of(2014), "14": 40}
    first, second = split(125_000_00, wrong), split(125_000_00, shares_of(2014))
    with laohushan().read() as view:
        assert [one.code for one in runs(view).values() if one.withdrawn] == ["2014-members"]
        again = dues(view, runs(view)["2014-members-2"])
        undone = next(view.records("undeclared"))
    with laohushan().read(undone.seq - 1) as before:
        assert {who: due.declared_fen for who, due in dues(before, runs(before)["2014-members"]).items()} == first
        assert holdings(before, "people", date(2014, 12, 31))["14"].shares == 40
    assert {who: due.set_off_fen for who, due in again.items() if due.set_off_fen} == {
        "11": first["11"],
        "14": second["14"],
    }
    assert again["11"].paid_fen == second["11"] - first["11"]
    balance = balances(laohushan())
    assert balance["c2023:101"] == first["14"] - second["14"] == 3_342_25
    assert not any(account.startswith(("c2004", "c2023:113")) for account in balance)


def test_who_sold_and_left_earns_nothing_of_that_year() -> None:
    with laohushan().read() as view:
        assert "0073" in roll(view, date(2018, 12, 30)).members
        assert roll(view, date(2018, 12, 31)).members["0073"].standing == "left"
        assert "23" not in holdings(view, "people", date(2018, 12, 31))
        of = {year: dues(view, runs(view)[f"{year}-members"]) for year in (2017, 2018)}
    assert of[2017]["23"].declared_fen == split(140_000_00, shares_of(2017))["23"]
    assert "23" not in of[2018]
    assert of[2018]["12"].declared_fen == split(145_000_00, shares_of(2018))["12"]


def test_who_is_recognised_later_is_a_member_from_then_on_and_what_was_missed_comes_first() -> None:
    """Ten shares since 2017 by a ruling of 2021: 19,333.33 yuan for four years, before the members' part of 2021."""
    last = date(2017, 12, 31)
    with laohushan().read() as view:
        ruling = next(one for one in view.records("issue") if one.facts["reason"] == "ruling")
        late = dues(view, runs(view)["2021-ruling"])
        assert roll(view, date(2017, 1, 1)).members["0090"].standing == "member"
        assert holdings(view, "people", last)["15"].shares == 40
        assert (ruling.effective_on, ruling.booked_on) == (date(2017, 1, 1), date(2021, 5, 20))
    with laohushan().read(ruling.seq - 2) as before:
        assert "0090" not in roll(before, last).members
        assert holdings(before, "people", last)["15"].shares == 30
    assert {who: due.paid_fen for who, due in late.items()} == {"15": missed()} == {"15": 19_333_33}


def test_the_change_of_charts_moves_every_balance_and_changes_none() -> None:
    eve, day = date(2023, 12, 31), date(2024, 1, 1)
    with laohushan().read() as view:
        before, after = (
            {account: fen for (_, account), fen in view.balances(MONEY, on=on).items() if fen} for on in (eve, day)
        )
    assert {account.partition(":")[0] for account in before} == {"c2004"}
    assert {account.partition(":")[0] for account in after} == {"c2023"}
    assert {account[6:]: fen for account, fen in before.items()} == {account[6:]: fen for account, fen in after.items()}
    assert before["c2004:141/0901"] == 2_600_000_00  # what hill and dam are worth
    assert before["c2004:141"] == 1_000_000_00  # published

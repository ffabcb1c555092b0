"""The example books: what is published of them, and what the books then say."""

import runpy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from coopledger.core.amortisation import book_values
from coopledger.core.chart import MONEY
from coopledger.core.contribution import contributions_of
from coopledger.core.fund import check_controls
from coopledger.core.member_account import member_account
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.voucher import check_vouchers, vouchers
from coopledger.store.memory import MemoryJournal

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


@pytest.mark.parametrize(("name", "book"), [("ande", "village"), ("ande", "cooperative"), ("pingqiao", "cooperative")])
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

"""Redenomination, revaluation and re-balancing: every holding exactly, or not at all."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.member import Joiner, admit, die
from coopledger.core.movement import allot, issue, pay_in, pledge, transfer
from coopledger.core.redenomination import rebalance, redenominate, revalue
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import class_on, preset
from coopledger.errors import RegisterError
from tests.core.village import BANK, CAPITAL, FOUNDED, JUNE, MAY, RESERVE, VOTE, Village, given, shares, village


def money(made: Village, on: date | None = None) -> dict[str, int]:
    return {account: fen for (_, account), fen in made.view.balances("CNY", on=on).items()}


def with_class(cls: str, **changes: Any) -> Village:
    return village([preset(cls, **changes)])


def test_ten_for_one_multiplies_every_holding_and_divides_the_par_value() -> None:
    made = given(village(), "cash", m0042=300, m0051=20)
    made.do(pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=FOUNDED))
    made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))
    held = holdings(made.view, "cash", MAY)
    assert {number: (one.shares, one.pledged) for number, one in held.items()} == {
        "0042": (3000, 1000),
        "0051": (200, 0),
    }
    assert class_on(made.view, "cash", MAY).par_fen == 10
    assert shares(made, "cash", date(2026, 4, 30)) == {"0042": 300, "0051": 20}
    assert audit_register(made.view) == []


def test_one_for_ten_leaves_one_of_ten() -> None:
    made = given(village(), "labour", m0042=10)
    records = made.do(redenominate("labour", factor=Fraction(1, 10), effective_on=MAY, resolution=VOTE))
    assert [one.kind for one in records] == ["class", "redenominate"]
    assert shares(made, "labour") == {"0042": 1}


def test_a_finer_fraction_keeps_everybodys_shares() -> None:
    made = given(village(), "land", h17=500)
    made.do(redenominate("land", digits=2, effective_on=MAY, resolution=VOTE))
    assert (class_on(made.view, "land").digits, shares(made, "land")) == (2, {"17": 50_000})
    assert class_on(made.view, "land", date(2026, 4, 30)).digits == 0
    with pytest.raises(RegisterError, match="a factor of 1, 1 digits: a factor above 0 and at least 2 digits"):
        made.do(redenominate("land", digits=1, effective_on=MAY, resolution=VOTE))


def test_a_redenomination_keeps_lots_and_an_absolute_cap() -> None:
    made = with_class("labour", cap=1000)
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2024"))
    made.do(redenominate("labour", factor=2, effective_on=MAY, resolution=VOTE))
    assert class_on(made.view, "labour").cap == 2000
    [record] = made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="gift"))
    assert [(one.lot, one.quantity) for one in record.postings] == [("2024", 60)]


@pytest.mark.parametrize(
    ("factor", "what"), [(Fraction(1, 10), "holder/0051 would be 5/2"), (3, "par_fen would be 100/3")]
)
def test_a_redenomination_that_would_round_is_refused(factor: Fraction, what: str) -> None:
    made = given(village(), "cash", m0042=300, m0051=25)
    with pytest.raises(RegisterError, match=f"cash: {what}: a whole number of 1 or more is expected"):
        made.do(redenominate("cash", factor=factor, effective_on=MAY, resolution=VOTE))


@pytest.mark.parametrize("kept", [{"factor": 0}, {"factor": -1}, {"digits": 10}])
def test_a_factor_or_digits_that_are_none_are_refused(kept: dict[str, Any]) -> None:
    with pytest.raises(RegisterError, match=r"a factor above 0|digits = 10 cannot be meant"):
        village().do(redenominate("cash", effective_on=MAY, resolution=VOTE, **kept))


def test_nothing_is_effective_before_a_redenomination_any_more() -> None:
    made = given(village(), "cash", m0042=300)
    made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))
    with pytest.raises(RegisterError, match="cash was recounted, or got another par value, on 2026-05-01"):
        made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=date(2026, 4, 30), reason="sale"))


def test_a_redenomination_comes_after_what_has_moved_already() -> None:
    made = given(village(), "cash", m0042=300)
    made.do(transfer("cash", holder="0042", to="0051", shares=1, effective_on=JUNE, reason="sale"))
    with pytest.raises(RegisterError, match="cash has moved on 2026-06-01 already"):
        made.do(redenominate("cash", factor=10, effective_on=MAY, resolution=VOTE))


@pytest.mark.parametrize(("par_fen", "reserve"), [(120, 6_000), (80, -6_000)])
def test_a_revaluation_keeps_shares_and_moves_capital(par_fen: int, reserve: int) -> None:
    """Issued shares × par equals the capital account, before and after."""
    made = given(village(), "cash", m0042=300)
    made.do(issue("cash", to="0051", shares=100, effective_on=FOUNDED, paid=False))
    made.do(revalue("cash", par_fen=par_fen, against=RESERVE, effective_on=MAY, reason="appraisal", resolution=VOTE))
    assert money(made) == {BANK: 30_000, CAPITAL: -300 * par_fen, RESERVE: reserve}
    assert audit_register(made.view) == []
    made.do(pay_in("cash", holder="0051", shares=100, effective_on=JUNE, against=BANK))
    assert audit_register(made.view) == []


def test_a_revaluation_of_capital_names_where_the_difference_stands() -> None:
    with pytest.raises(RegisterError, match="name the account, against, of the difference"):
        village().do(revalue("cash", par_fen=120, effective_on=MAY, reason="appraisal", resolution=VOTE))


# ---------------------------------------------------------------- static and dynamic management


def test_under_static_management_nothing_is_rebalanced() -> None:
    """生不增死不减."""
    made = given(village(), "member", h17=3)
    with pytest.raises(RegisterError, match="member is not re-balanced"):
        made.do(rebalance("member", each=1, effective_on=MAY, reason="births", resolution=VOTE))


def test_a_rebalancing_gives_every_household_the_shares_of_its_heads() -> None:
    made = with_class("member", management="dynamic")
    made.do(allot("member", {"17": 3, "18": 2, "19": 1}, effective_on=FOUNDED))
    made.do(
        admit(Joiner("0053", household="18"), effective_on=MAY, reason="birth"),
        die("0041", effective_on=MAY, new_head="0042"),
        rebalance("member", each=2, effective_on=JUNE, reason="births, deaths", resolution=VOTE),
    )
    assert shares(made, "member", MAY) == {"17": 3, "18": 2, "19": 1}
    assert shares(made, "member", JUNE) == {"17": 4, "18": 6, "19": 2}


def test_a_rebalancing_takes_from_who_has_too_much() -> None:
    made = with_class("member", management="dynamic", level="person")
    made.do(allot("member", {"0041": 5, "0042": 1}, effective_on=FOUNDED))
    made.do(rebalance("member", each=1, effective_on=JUNE, reason="resolution", resolution=VOTE))
    assert shares(made, "member") == dict.fromkeys(["0041", "0042", "0043", "0051", "0052", "0061"], 1)

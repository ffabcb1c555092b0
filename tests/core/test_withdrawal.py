"""Withdrawal: notice, refund, and subsidies that stay."""

from datetime import date
from typing import Any

import pytest

from coopledger.core.charter import COLLECTIVE
from coopledger.core.member import Joiner, give_notice, roll
from coopledger.core.movement import allot, issue, pledge
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import preset
from coopledger.core.withdrawal import spread, withdraw
from coopledger.errors import RegisterError
from tests.core.village import (
    BANK,
    CAPITAL,
    FOUNDED,
    MAY,
    NEXT_YEAR,
    PAPER,
    PEOPLE,
    SURPLUS,
    VOTE,
    Village,
    given,
    shares,
    village,
)


def money(made: Village, on: date | None = None) -> dict[str, int]:
    return {account: fen for (_, account), fen in made.view.balances("CNY", on=on).items()}


def with_class(cls: str, **changes: Any) -> Village:
    return village([preset(cls, **changes)])


def test_a_leaver_is_refunded_and_his_subsidies_stay() -> None:
    """农民专业合作社法 25, 28: notice, the year's end, contribution and quantified reserve back."""
    quantified = preset("subsidy", pooled=False)
    made = village([preset("cash", capital=CAPITAL), quantified])
    people = [one.number for one in PEOPLE if one.kind == "person"]
    made.do(allot("subsidy", dict.fromkeys(people, 100), effective_on=FOUNDED))
    given(made, "cash", m0042=300, m0051=50)
    made.do(give_notice("0042", effective_on=date(2026, 9, 1)))
    made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK, reserve={SURPLUS: 1_234}, documents=[PAPER]))
    assert roll(made.view, NEXT_YEAR).members["0042"].standing == "left"
    assert shares(made, "cash") == {"0051": 50}
    assert shares(made, "subsidy") == dict.fromkeys(["0041", "0043", "0051", "0052", "0061"], 120)
    assert money(made) == {BANK: 5_000 - 1_234, CAPITAL: -5_000, SURPLUS: 1_234}
    assert audit_register(made.view) == []
    assert holdings(made.view, "cash", date(2026, 12, 31))["0042"].shares == 300


def test_who_is_excluded_needs_no_notice_and_the_records_say_why() -> None:
    """农民专业合作社法 26."""
    made = given(village(), "cash", m0042=300)
    records = made.do(withdraw("0042", effective_on=MAY, reason="exclusion", against=BANK, resolution=VOTE))
    assert [(one.kind, one.facts["reason"]) for one in records] == [("redeem", "exclusion"), ("member", "exclusion")]


def test_a_withdrawal_says_so_in_every_record() -> None:
    made = given(village(charter=COLLECTIVE), "cash", m0042=300)
    records = made.do(withdraw("0042", effective_on=MAY, against=BANK))
    assert [(one.kind, one.facts["reason"]) for one in records] == [("redeem", "withdrawal"), ("member", "withdrawal")]


def test_no_notice_no_withdrawal() -> None:
    """农民专业合作社法 25."""
    made = given(village(), "cash", m0042=300)
    with pytest.raises(RegisterError, match="0042 leaves on 2027-01-01, last notice -"):
        made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK))


def test_what_is_neither_refunded_nor_spread_passes_on_before() -> None:
    made = given(village(charter=COLLECTIVE), "labour", m0042=300)
    with pytest.raises(RegisterError, match="0042 holds labour, which is neither refunded nor spread"):
        made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK))


def test_a_pledge_keeps_its_holder_from_leaving() -> None:
    made = given(village(charter=COLLECTIVE), "cash", m0042=300)
    made.do(pledge("cash", holder="0042", shares=1, creditor="信用社", effective_on=MAY))
    with pytest.raises(RegisterError, match="1 are pledged and stay"):
        made.do(withdraw("0042", effective_on=NEXT_YEAR, against=BANK))


def test_a_reserve_is_paid_from_an_account() -> None:
    with pytest.raises(RegisterError, match="1234 fen of reserve: name the account"):
        village(charter=COLLECTIVE).do(withdraw("0042", effective_on=NEXT_YEAR, reserve={SURPLUS: 1_234}))


def test_spreading_goes_by_heads_and_by_number_to_the_last_unit() -> None:
    """Chongqing 14, Shandong 22: spread again over those who stay; nothing is lost by rounding."""
    made = with_class("subsidy", pooled=False, level="household")
    made.do(issue("subsidy", to="19", shares=101, effective_on=FOUNDED, lot="2024"))
    made.do(issue("subsidy", to="19", shares=3, effective_on=FOUNDED, lot="2025"))
    made.do(spread("subsidy", holder="19", effective_on=MAY))
    assert shares(made, "subsidy") == {"17": 62, "18": 42}  # three heads and two: 62.4 and 41.6
    assert audit_register(made.view) == []


def test_with_nobody_left_nothing_is_spread() -> None:
    made = village([preset("subsidy", pooled=False)], [Joiner("0001")])
    made.do(issue("subsidy", to="0001", shares=1, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="nobody stays"):
        made.do(spread("subsidy", holder="0001", effective_on=MAY))
    with pytest.raises(RegisterError, match="cash is not spread when somebody leaves"):
        given(village(), "cash", m0042=300).do(spread("cash", holder="0042", effective_on=MAY))

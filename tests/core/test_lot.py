"""Lots: what is locked in stays, and the earliest goes first."""

from typing import Any

import pytest

from coopledger.core.member import die
from coopledger.core.movement import allot, issue, transfer
from coopledger.core.redenomination import change_class
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import preset
from coopledger.errors import EntryError, RegisterError
from tests.core.cooperatives import put
from tests.core.rights import DAY, book
from tests.core.village import BANK, CAPITAL, FOUNDED, JUNE, MAY, Village, shares, village


def with_class(cls: str, **changes: Any) -> Village:
    return village([preset(cls, **changes)])


def test_a_lot_is_locked_in_from_its_issue() -> None:
    made = with_class("cash", capital=CAPITAL, lock_in_days=150)
    for day in (FOUNDED, MAY):
        made.do(issue("cash", to="0042", shares=100, effective_on=day, against=BANK))
    sale = transfer("cash", holder="0042", to="0051", shares=150, effective_on=JUNE, reason="sale")
    with pytest.raises(RegisterError, match="cash of 0042 is locked in until 2026-09-28: on 2026-06-01"):
        made.do(sale)
    made.do(transfer("cash", holder="0042", to="0051", shares=100, effective_on=JUNE, reason="sale"))
    lots = {one.posting.lot for one in made.view.movements("holder/0051", "cash")}
    assert lots == {"2026-01-01"}


@pytest.mark.parametrize("reason", ["inheritance", "court order", "correction"])
def test_a_lock_in_does_not_stop_what_is_no_sale(reason: str) -> None:
    made = with_class("cash", capital=CAPITAL, lock_in_days=150)
    made.do(issue("cash", to="0042", shares=100, effective_on=FOUNDED, against=BANK))
    made.do(die("0042", effective_on=MAY))
    made.do(transfer("cash", holder="0042", to="0041", effective_on=MAY, reason=reason))
    assert shares(made, "cash") == {"0041": 100}


def test_a_lot_from_before_the_class_had_a_lock_in_is_free_whatever_its_name() -> None:
    made = with_class("labour")
    made.do(issue("labour", to="0042", shares=5, effective_on=FOUNDED, lot="2026A"))
    made.do(change_class("labour", lock_in_days=365, effective_on=MAY, reason="charter"))
    made.do(issue("labour", to="0042", shares=7, effective_on=MAY))
    made.do(transfer("labour", holder="0042", to="0051", shares=5, effective_on=JUNE, reason="sale"))
    with pytest.raises(RegisterError, match="labour of 0042 is locked in until 2027-05-01"):
        made.do(transfer("labour", holder="0042", to="0051", shares=1, effective_on=JUNE, reason="sale"))


def test_a_class_is_locked_until_a_day() -> None:
    made = with_class("labour", locked_until=JUNE)
    made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED))
    with pytest.raises(RegisterError, match="labour of 0042 is locked in until 2026-06-01"):
        made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="sale"))
    made.do(transfer("labour", holder="0042", to="0051", effective_on=JUNE, reason="sale"))


def test_what_no_right_gave_goes_before_what_one_did_whatever_the_lots_are_named() -> None:
    journal = book()
    east = issue("land", to="17", shares=100, lot="east", against="c2021:102", effective_on=DAY)
    put(journal, east)
    [sold] = put(journal, transfer("land", holder="17", to="18", shares=150, effective_on=DAY, reason="sale"))
    assert [(one.lot, one.quantity) for one in sold.postings] == [("east", 100), ("contribution/G1", 50)]


def test_the_earliest_lot_goes_first_and_a_named_one_alone() -> None:
    made = village()
    for lot, quantity in (("2025", 30), ("2024", 20)):
        made.do(issue("labour", to="0042", shares=quantity, effective_on=FOUNDED, lot=lot))
    [record] = made.do(transfer("labour", holder="0042", to="0051", shares=25, effective_on=MAY, reason="sale"))
    assert [(one.lot, one.quantity) for one in record.postings] == [("2024", 20), ("2025", 5)]
    with pytest.raises(
        RegisterError, match=r"0042 has 0.00 of labour to move from 2026-05-01 on in lot 2024: 0.01 are wanted"
    ):
        made.do(transfer("labour", holder="0042", to="0051", shares=1, lot="2024", effective_on=MAY, reason="sale"))


def test_a_backdated_sale_finds_no_lot_that_is_sold_later() -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2024"))
    made.do(issue("labour", to="0042", shares=30, effective_on=JUNE, lot="2025"))
    made.do(transfer("labour", holder="0042", to="0051", shares=30, effective_on=JUNE, lot="2024", reason="sale"))
    with pytest.raises(RegisterError, match=r"0042 has 0.00 of labour to move from 2026-05-01 on: 0.10 are wanted"):
        made.do(transfer("labour", holder="0042", to="0051", shares=10, effective_on=MAY, reason="sale"))
    assert audit_register(made.view) == []


def test_a_lot_of_one_goes_too() -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=1, effective_on=FOUNDED, lot="2024"))
    made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="sale"))
    assert shares(made, "labour") == {"0051": 1}


@pytest.mark.parametrize("quantity", [0, -5])
def test_nothing_or_less_does_not_move(quantity: int) -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=30, effective_on=FOUNDED, lot="2025"))
    with pytest.raises(RegisterError, match=rf"{quantity} shares of labour: a whole number \(int\)"):
        made.do(transfer("labour", holder="0042", to="0051", shares=quantity, effective_on=MAY, reason="sale"))


def test_the_lot_of_a_class_with_a_lock_in_is_a_day() -> None:
    made = with_class("labour", lock_in_days=30)
    with pytest.raises(RegisterError, match="lot 'spring': labour has a lock-in"):
        made.do(issue("labour", to="0042", shares=1, effective_on=FOUNDED, lot="spring"))


def test_a_lot_is_a_text() -> None:
    made = with_class("cash", capital=CAPITAL, lock_in_days=150)
    lot: Any = 20260101
    with pytest.raises(EntryError, match="20260101 is not a code"):
        made.do(issue("cash", to="0042", shares=1, effective_on=FOUNDED, against=BANK, lot=lot))


def test_a_lock_in_runs_from_the_day_of_issue_whatever_lot_is_named() -> None:
    made = with_class("labour", lock_in_days=30)
    for lot in ("2001-01-01", "2026-01-02"):
        with pytest.raises(RegisterError, match=f"lot '{lot}': labour has a lock-in, so its lot is the day of issue"):
            made.do(allot("labour", {"0042": 1}, effective_on=FOUNDED, lot=lot))
    made.do(allot("labour", {"0042": 1}, effective_on=FOUNDED, lot="2026-01-01"))
    made.do(issue("labour", to="0042", shares=1, effective_on=FOUNDED, lot="2017-05-01", reason="ruling"))
    assert {one.posting.lot for one in made.view.movements("holder", "labour")} == {"2017-05-01", "2026-01-01"}

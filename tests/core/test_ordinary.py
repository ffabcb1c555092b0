"""Ordinary business: both sides the same, nothing below zero, and nothing that something else keeps."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.chart import C2004, C2023, MONEY
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.journal import Posting
from coopledger.core.movement import issue, redeem
from coopledger.core.ordinary import enter, paired
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.core.voucher import vouchers
from coopledger.errors import CoopledgerError, RegisterError
from tests.core.dividends import PAID, YEAR_END, cooperative, declared, money
from tests.core.test_settlement import with_capital
from tests.core.village import Village

DAY = timedelta(1)
BANK, CASH, STORES, RESERVE, INCOME = (f"c2021:{one}" for one in ("102", "101", "121", "322", "502"))
SIDES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10**9), min_size=1)


def entered(made: Village, debit: dict[str, int], credit: dict[str, int], on: date = PAID, **said: Any) -> Village:
    made.do(enter(debit, credit, reason="期初余额", effective_on=on, **said))
    return made


def balance(made: Village, account: str) -> int:
    return made.view.balances(MONEY, account).get((MONEY, account), 0)


@given(debit=SIDES, credit=SIDES)
def test_debits_and_credits_are_paired_to_the_fen(debit: dict[str, int], credit: dict[str, int]) -> None:
    rest = sum(debit.values()) - sum(credit.values())
    sides = [{f"d{name}": fen for name, fen in debit.items()}, {f"c{name}": fen for name, fen in credit.items()}]
    if rest:
        sides[rest > 0]["rest"] = abs(rest)
    made = paired(*sides)
    assert {name: sum(one.quantity for one in made if one.target == name) for name in sides[0]} == sides[0]
    assert {name: sum(one.quantity for one in made if one.source == name) for name in sides[1]} == sides[1]
    assert all(one.quantity > 0 for one in made)
    assert len(made) < len(sides[0]) + len(sides[1])


def test_opening_balances_are_one_voucher() -> None:
    made = cooperative()
    before = money(made)
    entered(made, {BANK: 900_00, STORES: 100_00}, {RESERVE: 700_00, INCOME: 300_00})
    found = vouchers(made.view)[-1]
    assert (found.summary, found.total_fen) == ("期初余额", 1000_00)
    assert {(one.account, one.debit_fen, one.credit_fen) for one in found.lines} == {
        (BANK, 900_00, 0),
        (STORES, 100_00, 0),
        (RESERVE, 0, 700_00),
        (INCOME, 0, 300_00),
    }
    assert problems(made.view) == []
    made.do(take_back(made.view.head.seq, booked_on=PAID))
    assert money(made) == before


def test_money_goes_to_the_till_and_is_paid_from_there() -> None:
    made = declared(cooperative())
    had = balance(made, BANK)
    entered(made, {CASH: 500_00}, {BANK: 500_00})
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00}, through="cash"))
    assert (balance(made, BANK), balance(made, CASH)) == (had - 500_00, 300_00)


def test_tax_that_was_withheld_is_remitted() -> None:
    made = cooperative()
    entered(made, {STORES: 80_00}, {"c2021:214/2026": 80_00})
    entered(made, {"c2021:214/2026": 80_00}, {BANK: 80_00})
    assert balance(made, "c2021:214/2026") == 0


@pytest.mark.parametrize(
    ("debit", "credit", "said"),
    [
        ({BANK: 5}, {RESERVE: 6}, "debits come to 0.05 yuan, credits to 0.06: both sides the same are expected"),
        ({BANK: 5, STORES: 1}, {BANK: 6}, "c2021:102: debited and credited at once"),
        ({}, {RESERVE: 6}, "debit: nothing: an account and its fen are expected"),
        ({BANK: 5.0}, {RESERVE: 5}, "debit: c2021:102: 5.0: a whole number (int) of fen above 0 is expected"),
        ({BANK: -5}, {RESERVE: -5}, "debit: c2021:102: -5: a whole number (int) of fen above 0 is expected"),
        ({"c2021:999": 5}, {RESERVE: 5}, "no such account in the books"),
        ({"c2023:102": 5}, {RESERVE: 5}, "c2023:102'"),
        ({CASH: 5}, {"c2021:222/2026/17": 5}, "c2021:222/2026/17 is moved by the steps of a run"),
        ({CASH: 5}, {"c2021:222": 5}, "c2021:222 is moved by the steps of a run"),
        ({CASH: 5}, {"c2021:332": 5}, "c2021:332 is moved by a year's surplus (enter_surplus, 'dividend surplus')"),
        ({CASH: 5}, {"c2021:311/subsidy": 5}, "has what members' accounts control"),
        ({CASH: 5}, {"c2021:235/x": 5}, "c2021:235/x is moved by the verbs for funds"),
        ({CASH: 5}, {"c2021:114/17": 5}, "c2021:114/17 is moved by what members owe by runs ('dividend collect')"),
        ({BANK: 5}, {CASH: 5}, "c2021:101 stands at 0.00 yuan from 2027-01-25 on: 0.05 cannot be taken from it"),
        ({RESERVE: 5}, {BANK: 5}, "c2021:322 stands at 0.00 yuan from 2027-01-25 on: 0.05 cannot be taken from it"),
    ],
)
def test_what_is_refused(debit: dict[str, int], credit: dict[str, int], said: str) -> None:
    made = declared(cooperative())
    before = made.view.head
    with pytest.raises(CoopledgerError) as refused:
        entered(made, debit, credit)
    assert said in str(refused.value)
    assert made.view.head == before


def test_the_capital_of_a_class_is_moved_by_its_shares() -> None:
    made = cooperative()
    made.do(open_class(preset("cash", capital="c2021:301"), effective_on=PAID))
    with pytest.raises(RegisterError, match="c2021:301 is the capital of cash"):
        entered(made, {CASH: 5}, {"c2021:301": 5})


def test_a_loss_of_the_year_may_stand_in_debit() -> None:
    made = entered(cooperative(), {"c2021:331": 50_00}, {INCOME: 50_00})
    assert balance(made, "c2021:331") >= 50_00


def test_money_is_not_there_if_it_is_paid_out_later() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID + 5 * DAY))
    left = balance(made, BANK)
    entered(made, {CASH: left}, {BANK: left})
    with pytest.raises(RegisterError, match=r"stands at 0\.00 yuan"):
        entered(made, {CASH: 1}, {BANK: 1})


def test_what_came_in_is_not_taken_back_while_it_is_paid_out() -> None:
    made = declared(cooperative())
    entered(made, {CASH: 200_00}, {BANK: 200_00})
    to_the_till = made.view.head.seq
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00}, through="cash"))
    with pytest.raises(RegisterError, match="what was paid of that is taken back first"):
        made.do(take_back(to_the_till, booked_on=PAID))


@settings(max_examples=30)
@given(fen=st.integers(1, 10**12))
def test_a_run_is_declared_of_a_surplus_and_paid_with_money_that_was_entered(fen: int) -> None:
    made = cooperative()
    entered(made, {BANK: fen}, {INCOME: fen})
    assert problems(made.view) == []
    assert [*made.view.records("ordinary")][-1].postings == (Posting(MONEY, INCOME, BANK, fen),)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        ("c2021:222/2026/17", "the steps of a run"),
        ("c2021:222", "the steps of a run"),
        ("c2021:221/2026/17", "the steps of a run"),
        ("c2021:211/retained/17", "what a run retained"),
        ("c2021:332", "a year's surplus"),
        ("c2021:114/17", "what members owe by runs"),
        ("c2021:235/dam", "the verbs for funds"),
    ],
)
def test_no_verb_of_shares_moves_what_runs_and_funds_keep(account: str, said: str) -> None:
    made = declared(with_capital())
    paid: dict[str, Any] = {"shares": 2, "against": account, "effective_on": PAID}
    for decision in (
        issue("capital", to="20", reason="subscription", **paid),
        redeem("capital", holder="17", reason="buy-back", **paid),
    ):
        with pytest.raises(RegisterError, match=said):
            made.do(decision)


def test_money_that_shares_brought_in_is_not_taken_back_while_it_is_paid_out() -> None:
    made = with_capital()
    left = balance(made, BANK)
    entered(made, {CASH: left}, {BANK: left}, YEAR_END)
    declared(made)
    [issued] = made.do(issue("capital", to="17", shares=10, effective_on=PAID, reason="subscription", against=BANK))
    made.do(pay("2026", effective_on=PAID))
    with pytest.raises(RegisterError, match="what was paid of that is taken back first"):
        made.do(take_back(issued.seq, booked_on=PAID))


def test_a_part_of_the_bank_is_money_as_well() -> None:
    made = entered(cooperative(), {f"{BANK}/savings": 500_00}, {INCOME: 500_00})
    saved = made.view.head.seq
    entered(made, {CASH: 500_00}, {f"{BANK}/savings": 500_00})
    with pytest.raises(RegisterError, match=f"{BANK}/savings stands at 0.00 yuan"):
        made.do(take_back(saved, booked_on=PAID))


# ---------------------------------------------------------------- across a change of charts

GONE_OVER = PAID + 10 * DAY


def converted() -> Village:
    made = cooperative(C2004)
    made.do(convert_chart(C2023, C2004_TO_C2023, effective_on=GONE_OVER))
    return made


@pytest.mark.parametrize("on", [PAID, GONE_OVER + DAY], ids=["of then", "for a later day"])
def test_what_is_booked_before_the_conversion_and_recorded_after_it_is_carried_over(on: date) -> None:
    """December's bill comes in January: it is booked in the old chart, and nothing is left there."""
    made = converted()
    before = money(made)
    entered(made, {"c2004:151": 200_00}, {"c2004:102": 200_00}, on, booked_on=PAID)
    *_, bill, over = made.view.records()
    assert (bill.kind, bill.booked_on, over.kind) == ("ordinary", PAID, "conversion")
    assert (over.effective_on, over.booked_on) == (max(on, GONE_OVER), GONE_OVER)
    assert money(made) == before | {"102": before["102"] - 200_00, "151": 200_00}
    assert {account.partition(":")[0] for _, account in made.view.balances(MONEY)} == {"c2023"}
    assert problems(made.view) == []
    made.do(take_back(bill.seq, booked_on=GONE_OVER + DAY))
    assert money(made) == before
    assert problems(made.view) == []


def test_no_more_is_spent_of_the_old_chart_than_the_new_one_took_over() -> None:
    made = converted()
    there = money(made)["102"]
    asked: dict[str, Any] = {"on": PAID, "booked_on": PAID}
    with pytest.raises(RegisterError, match=r"c2004:102 stands at 5,000\.00 yuan from 2027-01-25 on: 5,000\.01 cannot"):
        entered(made, {"c2004:151": there + 1}, {"c2004:102": there + 1}, **asked)
    entered(made, {"c2004:151": there}, {"c2004:102": there}, **asked)
    assert problems(made.view) == []


def test_an_expense_of_the_old_year_has_no_place_in_the_new_chart_until_it_is_told_one() -> None:
    """So all of the entry stays, each chart is in balance by itself, and the audit asks for the conversion."""
    made = converted()
    entered(made, {"c2004:541": 9_00}, {"c2004:102": 9_00}, booked_on=PAID)
    assert [one.where for one in problems(made.view)] == ["c2004:102", "c2004:541"]
    made.do(convert_chart(C2023, {**C2004_TO_C2023, "541": "322"}, effective_on=GONE_OVER))
    assert problems(made.view) == []


def test_a_receipt_of_before_the_conversion_is_taken_back_after_it() -> None:
    made = cooperative(C2004)
    entered(made, {"c2004:102": 6_000_00}, {"c2004:112": 6_000_00})
    [*_, wrong] = made.view.records()
    made.do(convert_chart(C2023, C2004_TO_C2023, effective_on=GONE_OVER))
    entered(made, {"c2023:101": 5_500_00}, {"c2023:102": 5_500_00}, GONE_OVER)
    [*_, till] = made.view.records()
    with pytest.raises(
        RegisterError, match=r"c2004:102 stands at 5,500\.00 yuan from 2027-01-25 on, and 6,000\.00 came"
    ):
        made.do(take_back(wrong.seq, booked_on=GONE_OVER))
    made.do(take_back(till.seq, booked_on=GONE_OVER), take_back(wrong.seq, booked_on=GONE_OVER))
    assert (money(made)["102"], problems(made.view)) == (5_000_00, [])

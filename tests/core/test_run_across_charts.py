"""Runs across a change of charts: what comes back of an old voucher is carried over, and to each it is owed in one."""

from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.chart import C2004, C2023, MONEY, adopt, with_roles
from coopledger.core.charter import COLLECTIVE
from coopledger.core.collection import owes
from coopledger.core.conversion import C2004_TO_C2023, carried, convert_chart
from coopledger.core.debt import undone_debts
from coopledger.core.dues import dues
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Entry, Record, reverse
from coopledger.core.lapse import lapse
from coopledger.core.ordinary import enter
from coopledger.core.payout import Payable, bounce, pay, payables
from coopledger.core.problems import problems
from coopledger.core.receipt import receipts
from coopledger.core.register import holdings
from coopledger.core.retained import pay_retained
from coopledger.core.reversal import take_back
from coopledger.core.run import BOUNCE, owed
from coopledger.core.share_class import open_class, preset
from coopledger.core.trial_balance import trial_balance
from coopledger.core.undoing import undo
from tests.core.dividends import (
    FOUNDED,
    HOLDERS,
    PAID,
    PROPOSAL,
    YEAR_END,
    cooperative,
    declared,
    due,
    money,
    the,
)
from tests.core.village import Village

DAY = timedelta(1)
CONVERTED, NOW = PAID + 2 * DAY, PAID + 10 * DAY
OWED = {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}
TAXED = with_roles(C2004, {"taxes payable": "202/tax"})
CONVERT = convert_chart(C2023, C2004_TO_C2023, effective_on=CONVERTED)
TO_ALL: dict[str, Any] = {"effective_on": NOW + DAY}


def begun() -> Village:
    """A cooperative by the old chart with goods, and a class of capital that households hold."""
    made = cooperative(TAXED, COLLECTIVE._replace(lapse_years=3))
    cash = preset("cash", par_fen=1_00, capital="c2004:301", level="household")
    goods: dict[str, Any] = {"debit": {"c2004:121": 3_000_00}, "credit": {"c2004:112": 3_000_00}}
    made.do(open_class(cash, effective_on=FOUNDED), enter(**goods, reason="grain", effective_on=YEAR_END))
    return made


def split(*, old_book: bool = False, **asked: Any) -> Village:
    """300 of the 500 yuan of household 17 are paid, and come back after the book went over to the new chart.

    Of an ``old_book`` they stand in the old chart, as they did before what comes back was carried over.
    """
    made = declared(begun(), PROPOSAL._replace(**asked))
    [paid] = made.do(pay("2026", holders={"17": 300_00}, effective_on=PAID))
    made.do(CONVERT)
    made.do(
        Entry(BOUNCE, NOW, NOW, {"run": "2026", "reason": "returned"}, reverse(paid))
        if old_book
        else bounce("2026", paid.seq, ["17"], effective_on=NOW)
    )
    return made


def in_old(made: Village) -> list[str]:
    return [account for _, account in made.view.balances(MONEY) if account.startswith("c2004:")]


BOTH = pytest.mark.parametrize("old_book", [False, True], ids=["carried over", "written before"])


def test_what_comes_back_mirrors_the_old_voucher_and_is_carried_over_with_it() -> None:
    made = split()
    *_, back, over = made.view.records()
    legs = [(leg.source, leg.target, leg.quantity) for leg in back.postings]
    assert (back.kind, legs) == (BOUNCE, [("c2004:113/surplus/2026/17", "c2004:102", 300_00)])
    assert (over.kind, over.effective_on, over.booked_on) == ("conversion", NOW, NOW)
    assert over.facts == {"from": "c2004", "to": "c2023", "mapping": dict(C2004_TO_C2023)}
    assert [(leg.source, leg.target, leg.quantity) for leg in over.postings] == [
        ("c2004:102", "c2023:102", 300_00),
        ("c2023:113/surplus/2026/17", "c2004:113/surplus/2026/17", 300_00),
    ]
    assert owed(made.view, "2026") == {f"c2023:113/surplus/2026/{number}": fen for number, fen in OWED.items()}
    assert (in_old(made), problems(made.view), made.do(CONVERT)) == ([], [], [])


@BOTH
def test_all_readers_say_the_same_of_what_came_back(old_book: bool) -> None:
    made = split(old_book=old_book)
    assert due(made) == OWED
    assert payables(made.view, "2026", NOW) == {number: Payable(fen, 0) for number, fen in OWED.items()}
    found = dues(made.view, the(made))
    assert {number: one.unpaid_fen for number, one in found.items()} == OWED
    assert (found["17"].since, found["17"].came_back, found["17"].paid_fen) == (NOW, True, 0)
    [receipt] = receipts(made.view, the(made))
    assert (receipt.paid_fen, receipt.back_fen) == (300_00, 300_00)


@BOTH
def test_tax_on_what_came_back_is_that_of_all_that_is_owed(old_book: bool) -> None:
    made = split(old_book=old_book, tax=Fraction(1, 5))
    assert payables(made.view, "2026", NOW)["17"] == Payable(500_00, 100_00)
    made.do(pay("2026", holders={"17": 500_00}, **TO_ALL))
    seen = dues(made.view, the(made))["17"]
    assert (seen.paid_fen, seen.withheld_fen, seen.unpaid_fen) == (400_00, 100_00, 0)


@BOTH
@pytest.mark.parametrize("holders", [["17"], {"17": 500_00}, None], ids=["by name", "an amount", "everybody"])
def test_a_holder_is_paid_all_that_is_owed_to_him(holders: list[str] | dict[str, int] | None, old_book: bool) -> None:
    made = split(old_book=old_book)
    paid = made.do(pay("2026", holders=holders, **TO_ALL))[-1]
    assert [leg.quantity for leg in paid.postings if leg.target.endswith("/17")] == [500_00]
    assert {leg.target.partition(":")[0] for leg in paid.postings} == {"c2023"}
    assert due(made) == ({} if holders is None else {number: OWED[number] for number in ("18", "19", "20")})
    made.do(CONVERT)
    assert (in_old(made), problems(made.view)) == ([], [])
    made.do(undo("2026", effective_on=NOW + 2 * DAY, reason="a slip"))
    assert money(made)["113/17"] == 500_00
    assert problems(made.view) == []


@BOTH
def test_what_is_owed_is_reinvested_in_one_sum(old_book: bool) -> None:
    made = split(old_book=old_book)
    issued = made.do(reinvest("2026", "cash", **TO_ALL))[-1]
    assert {number: one.shares for number, one in holdings(made.view, "cash").items()} == HOLDERS
    own = [one for one in receipts(made.view, the(made)) if one.seq == issued.seq]
    assert {one.holder: (one.paid_fen, one.units, one.price_fen) for one in own} == {
        number: (fen, fen // 100, 1_00) for number, fen in OWED.items()
    }
    made.do(CONVERT)
    assert (due(made), in_old(made), problems(made.view)) == ({}, [], [])


@BOTH
def test_what_is_owed_is_given_in_goods_in_one_sum_and_comes_back_as_one(old_book: bool) -> None:
    made = split(old_book=old_book)
    rice: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": 7_00, "against": "c2023:121"}
    given = made.do(pay_in_kind("2026", **rice, holders=["17"], **TO_ALL))[-1]
    [seen] = [one for one in receipts(made.view, the(made)) if one.seq == given.seq]
    assert (seen.paid_fen, seen.units) == (497_00, 71)
    assert due(made)["17"] == 3_00
    made.do(take_back(given.seq, booked_on=NOW + DAY))
    assert owed(made.view, "2026")["c2023:113/surplus/2026/17"] == 500_00


@BOTH
def test_what_came_back_is_set_off_against_a_debt(old_book: bool) -> None:
    made = begun()
    for name in ("other", "2026"):
        declared(made, PROPOSAL._replace(stream=f"surplus {name}"), name)
        if name == "other":
            made.do(
                pay(name, holders={"17": 400_00}, effective_on=PAID - DAY), undo(name, effective_on=PAID, reason="a")
            )
    [paid] = made.do(pay("2026", holders={"17": 300_00}, effective_on=PAID, released="agreed"))
    made.do(CONVERT)
    made.do(
        Entry(BOUNCE, NOW, NOW, {"run": "2026", "reason": "returned"}, reverse(paid))
        if old_book
        else bounce("2026", paid.seq, ["17"], effective_on=NOW)
    )
    made.do(pay("2026", through="member current", **TO_ALL))
    assert due(made) == OWED | {"17": 100_00}
    assert "113/17" not in money(made)


def test_a_set_off_of_before_the_conversion_comes_back_as_a_debt_after_it() -> None:
    made = begun()
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", holders={"17": 400_00}, effective_on=PAID), undo("other", effective_on=PAID, reason="a slip"))
    declared(made)
    [paid] = made.do(pay("2026", holders=["17"], through="member current", effective_on=PAID))
    assert (owes(made.view, "17"), due(made)["17"]) == (0, 100_00)
    made.do(CONVERT)
    made.do(bounce("2026", paid.seq, ["17"], effective_on=NOW))
    assert (owes(made.view, "17"), undone_debts(made.view)) == (400_00, {"17": 400_00})
    assert (due(made)["17"], money(made)["113/17"]) == (500_00, 400_00)
    made.do(pay("2026", through="member current", **TO_ALL))
    assert (owes(made.view, "17"), undone_debts(made.view), due(made)["17"]) == (0, {}, 100_00)
    assert (in_old(made), problems(made.view)) == ([], [])


@BOTH
def test_what_came_back_lapses_with_the_rest(old_book: bool) -> None:
    made = split(old_book=old_book)
    late = PAID.replace(year=PAID.year + 4)
    made.do(lapse("2026", into="reserve", effective_on=late))
    assert due(made) == {}
    made.do(CONVERT)
    assert (in_old(made), problems(made.view)) == ([], [])
    made.do(undo("2026", effective_on=late, reason="a slip"))
    assert problems(made.view) == []


@BOTH
def test_a_retained_payout_that_comes_back_stands_in_the_new_chart_again(old_book: bool) -> None:
    made = declared(begun(), PROPOSAL._replace(retained=Fraction(1, 2)))
    [paid] = made.do(pay_retained("2026", holders={"17": 100_00}, effective_on=PAID, reason="he asks for it"))
    made.do(CONVERT)
    made.do(
        Entry(BOUNCE, NOW, NOW, {"run": "2026", "reason": "returned"}, reverse(paid))
        if old_book
        else bounce("2026", paid.seq, ["17"], effective_on=NOW)
    )
    assert dues(made.view, the(made))["17"].retained_fen == 250_00
    again = made.do(pay_retained("2026", holders=["17"], **TO_ALL, reason="again"))[-1]
    assert [(leg.target, leg.quantity) for leg in again.postings] == [("c2023:211/retained/17", 250_00)]
    made.do(CONVERT)
    assert (in_old(made), problems(made.view)) == ([], [])


def goods_given() -> tuple[Village, Record]:
    made = declared(begun())
    rice: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": 1_00, "against": "c2004:121"}
    [given] = made.do(pay_in_kind("2026", **rice, holders={"17": 300}, effective_on=PAID))
    made.do(CONVERT)
    return made, given


def test_goods_that_were_given_before_the_conversion_come_back_after_it() -> None:
    made, given = goods_given()
    before = trial_balance(made.view, until=NOW - DAY, chart="c2023")
    made.do(take_back(given.seq, booked_on=NOW))
    over = [*made.view.records()][-1]
    assert (over.kind, over.effective_on, over.booked_on) == ("conversion", CONVERTED, NOW)
    assert owed(made.view, "2026")["c2023:113/surplus/2026/17"] == 500_00
    assert (in_old(made), problems(made.view)) == ([], [])
    assert trial_balance(made.view, until=NOW - DAY, chart="c2023") == before


def test_what_comes_back_for_a_day_before_the_conversion_is_carried_over_on_its_day() -> None:
    made = declared(begun())
    [paid] = made.do(pay("2026", holders={"17": 300_00}, effective_on=PAID))
    made.do(CONVERT)
    made.do(bounce("2026", paid.seq, ["17"], effective_on=PAID + DAY))
    assert [*made.view.records()][-1].effective_on == CONVERTED
    assert owed(made.view, "2026", PAID + DAY)["c2004:113/surplus/2026/17"] == 500_00
    assert owed(made.view, "2026")["c2023:113/surplus/2026/17"] == 500_00
    assert problems(made.view) == []


def test_an_undone_run_of_before_the_conversion_is_carried_over_where_it_is_booked_before_it() -> None:
    made = declared(begun())
    made.do(pay("2026", effective_on=PAID))
    made.do(CONVERT)
    made.do(undo("2026", effective_on=CONVERTED, booked_on=PAID, reason="a slip"))
    assert {account: fen for account, fen in money(made).items() if "/" in account} == {
        f"113/{number}": fen for number, fen in OWED.items()
    }
    assert (in_old(made), problems(made.view)) == ([], [])


def test_what_was_split_by_hand_stays_and_is_asked_for() -> None:
    made = cooperative(C2004)
    trees: dict[str, Any] = {"debit": {"c2004:132": 90_00}, "credit": {"c2004:102": 90_00}, "reason": "trees"}
    [bought] = made.do(enter(**trees, effective_on=PAID))
    made.do(convert_chart(C2023, C2004_TO_C2023, effective_on=CONVERTED, splits={"132": {"131": 40_00, "132": 50_00}}))
    [_] = made.do(take_back(bought.seq, booked_on=NOW))
    assert sorted({one.where for one in problems(made.view)}) == in_old(made) == ["c2004:102", "c2004:132"]


def test_a_chart_that_is_adopted_and_not_converted_to_takes_nothing_over() -> None:
    made = declared(cooperative(C2004))
    [paid] = made.do(pay("2026", holders=["17"], effective_on=PAID))
    made.do(adopt(C2023, effective_on=CONVERTED))
    [back] = made.do(bounce("2026", paid.seq, ["17"], effective_on=NOW))
    assert [leg.target for leg in back.postings] == [leg.source for leg in paid.postings]
    assert due(made)["17"] == sum(leg.quantity for leg in paid.postings)


def test_who_went_back_to_the_old_chart_has_nothing_carried_over() -> None:
    made = declared(cooperative(C2004))
    [paid] = made.do(pay("2026", holders=["17"], effective_on=PAID))
    made.do(CONVERT)
    made.do(convert_chart(C2004, {new: old for old, new in C2004_TO_C2023.items()}, effective_on=CONVERTED + DAY))
    [back] = made.do(bounce("2026", paid.seq, ["17"], effective_on=NOW))
    assert carried(made.view, [Entry("note", NOW, NOW, {}, back.postings)])[1:] == []
    assert problems(made.view) == []


# ---------------------------------------------------------------- what is owed to one, divided by hand


def divided(**asked: Any) -> Village:
    """What is owed to household 17 stands in two accounts of the new chart, 350 yuan and 150."""
    made = declared(begun(), PROPOSAL._replace(**asked))
    parts = {"113/surplus/2026/17": -350_00, "113/surplus/2026/a/17": -150_00}
    splits = {"113/surplus/2026/17": parts}
    made.do(convert_chart(C2023, C2004_TO_C2023, effective_on=CONVERTED, splits=splits))
    assert owed(made.view, "2026") == {
        "c2023:113/surplus/2026/17": 350_00,
        "c2023:113/surplus/2026/18": 300_00,
        "c2023:113/surplus/2026/19": 1_00,
        "c2023:113/surplus/2026/20": 199_00,
        "c2023:113/surplus/2026/a/17": 150_00,
    }
    return made


def test_what_was_divided_by_hand_is_paid_in_one_sum() -> None:
    made = divided(tax=Fraction(1, 3))
    assert payables(made.view, "2026", NOW)["17"] == Payable(500_00, 166_67)
    made.do(pay("2026", **TO_ALL))
    seen = dues(made.view, the(made))["17"]
    assert (seen.paid_fen, seen.withheld_fen, seen.unpaid_fen) == (333_33, 166_67, 0)
    assert (due(made), problems(made.view)) == ({}, [])


@pytest.mark.parametrize(("holders", "units"), [(None, 71), (["17"], 71), ({"17": 60}, 60)])
def test_what_was_divided_by_hand_is_given_in_goods_in_one_sum(holders: Any, units: int) -> None:  # noqa: ANN401
    """500 yuan buy 71 jin at 7 yuan; 350 and 150 by themselves would buy 50 and 21."""
    made = divided()
    rice: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": 7_00, "against": "c2023:121"}
    [given] = made.do(pay_in_kind("2026", **rice, holders=holders, **TO_ALL))
    assert given.facts["quantities"]["17"] == units
    seen = next(one for one in receipts(made.view, the(made)) if (one.seq, one.holder) == (given.seq, "17"))
    assert (seen.units, seen.paid_fen) == (units, units * 7_00)
    assert due(made)["17"] == 500_00 - units * 7_00
    made.do(take_back(given.seq, booked_on=NOW + DAY))
    assert (due(made)["17"], problems(made.view)) == (500_00, [])


@pytest.mark.parametrize(("holders", "shares"), [(None, 400), (["17"], 400), ({"17": 90}, 90)])
def test_what_was_divided_by_hand_is_reinvested_in_one_sum(holders: Any, shares: int) -> None:  # noqa: ANN401
    made = divided(tax=Fraction(1, 5))
    [issued] = made.do(reinvest("2026", "cash", holders=holders, **TO_ALL))
    assert holdings(made.view, "cash")["17"].shares == shares
    seen = next(one for one in receipts(made.view, the(made)) if (one.seq, one.holder) == (issued.seq, "17"))
    assert (seen.units, seen.paid_fen, seen.withheld_fen) == (shares, shares * 1_00, shares * 25)
    assert problems(made.view) == []
    made.do(take_back(issued.seq, booked_on=NOW + DAY))
    assert (due(made)["17"], problems(made.view)) == (500_00, [])


def test_what_was_divided_by_hand_is_set_off_once_against_one_debt() -> None:
    made = begun()
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", holders={"17": 100_00}, effective_on=PAID), undo("other", effective_on=PAID, reason="a slip"))
    declared(made)
    splits = {"113/surplus/2026/17": {"113/surplus/2026/17": -350_00, "113/surplus/2026/a/17": -150_00}}
    made.do(convert_chart(C2023, C2004_TO_C2023, effective_on=CONVERTED, splits=splits))
    made.do(pay("2026", through="member current", **TO_ALL))
    assert (owes(made.view, "17"), due(made)["17"]) == (0, 400_00)
    assert problems(made.view) == []

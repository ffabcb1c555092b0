"""Reversals: the latest first, and nothing comes back to who has left."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from coopledger.core.amortisation import amortise, revalue_contribution
from coopledger.core.chart import C2004, C2021, MONEY, RESERVE, SUBSIDY, TRADE
from coopledger.core.contribution import Contribution, Right, Valuation, contribute, invest
from coopledger.core.conversion import convert_chart
from coopledger.core.fund import quantify, requantify
from coopledger.core.journal import Entry, Posting, Record, View, reverse
from coopledger.core.member import Joiner, admit, change_members, die, leave
from coopledger.core.movement import convert, freeze, issue, pay_in, pledge, redeem, release, transfer, unfreeze
from coopledger.core.problems import problems
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import TAKEN_BACK, check_may_take_back, take_back
from coopledger.core.share_class import preset
from coopledger.core.trade import record_trade
from coopledger.core.withdrawal import refund_reserve, spread
from coopledger.errors import OverdrawnError, RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core import rights
from tests.core.cooperatives import FOUNDED, cooperative, money, put, units
from tests.core.test_fund import DAY, book, equally, received, spent
from tests.core.village import BANK, CAPITAL, JULY, JUNE, MAY, given, shares, village


def back(journal: MemoryJournal, record: Record) -> None:
    """Take a record back as a whole, if nothing builds on it."""

    def decide(view: View) -> list[Entry]:
        check_may_take_back(view, record)
        return [Entry("reversal", record.effective_on, record.effective_on, {}, reverse(record))]

    put(journal, decide)


def test_the_steps_of_a_fund_are_taken_back_the_latest_first() -> None:
    journal = book()
    steps = [put(journal, one)[0] for one in (received(), spent(99_00), equally())]
    assert {one.kind for one in steps} <= TAKEN_BACK
    for one in steps[:2]:
        with pytest.raises(OverdrawnError):
            back(journal, one)
    for one in reversed(steps):
        back(journal, one)
    assert (money(journal), units(journal, SUBSIDY)) == ({}, {})


def test_a_record_is_taken_back_on_the_day_it_was_booked_at_the_earliest() -> None:
    journal = book()
    [record] = put(journal, received())
    with pytest.raises(RegisterError, match=f"record {record.seq} was booked on {record.booked_on}"):
        put(journal, take_back(record.seq, booked_on=record.booked_on - timedelta(1)))
    put(journal, take_back(record.seq, booked_on=record.booked_on))
    assert money(journal) == {}


def test_what_was_spread_does_not_come_back_to_who_left() -> None:
    journal = book(received(), spent(99_00), equally())
    [spread_] = put(journal, requantify("0043", {"0042": 1, "0044": 1}, effective_on=DAY))
    put(journal, leave("0043", effective_on=date(2025, 1, 1), reason="exclusion"))
    with pytest.raises(RegisterError, match="0043 has left, and gets nothing back"):
        back(journal, spread_)


def test_an_investment_is_taken_back_while_it_is_worth_what_was_given() -> None:
    journal = book(lambda _: [Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:301", "c2021:151", 100)])])
    before = money(journal)
    [given_] = put(journal, invest("base", 120, {"c2021:151": 100}, effective_on=DAY, reason="a dam"))
    [sold] = put(journal, lambda _: [Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:131/base", "c2021:102", 1)])])
    with pytest.raises(RegisterError, match=r"c2021:131/base stands at 1\.19 yuan"):
        back(journal, given_)
    put(journal, lambda _: [Entry("reversal", DAY, DAY, {}, reverse(sold))])
    back(journal, given_)
    assert money(journal) == before


def test_a_trade_and_an_amortised_right_are_taken_back() -> None:
    journal = cooperative()
    right = Right("land right", DAY, date(2034, 2, 28), date(2034, 2, 28), area_mu=3, parcels=("1",), contract="1")
    land = Contribution("G1", "17", "land", right, Valuation(12_000_00, "agreed price", FOUNDED), price_fen=100_00)
    [brought] = put(journal, contribute(land, effective_on=DAY))
    [month] = put(journal, amortise(through=date(2024, 3, 31)))
    [trade] = put(journal, record_trade("0042", 5_00, effective_on=DAY, reason="pepper"))
    with pytest.raises(RegisterError, match="contribution G1 was amortised, valued anew or ended after it"):
        back(journal, brought)
    for one in (trade, month, brought):
        back(journal, one)
    assert (money(journal), units(journal, TRADE)) == ({}, {})


def test_a_revaluation_is_taken_back_though_an_earlier_one_took_more_than_the_reserve_had() -> None:
    """Without the second one the reserve is below zero as it was before it, which is no fault of the reversal."""
    journal = rights.book()
    before = money(journal)
    [lower] = put(journal, rights.anew(1, rights.DAY))
    between = money(journal)
    [higher] = put(journal, rights.anew(70_000_00, rights.DAY))
    put(journal, take_back(higher.seq, booked_on=rights.LAST))
    assert money(journal) == between
    put(journal, take_back(lower.seq, booked_on=rights.LAST))
    assert money(journal) == before


@pytest.mark.parametrize("lot", [None, "2024"])
@pytest.mark.parametrize(
    ("tie", "untie"),
    [
        (partial(pledge, creditor="信用社"), release),
        (partial(freeze, reason="dispute"), partial(unfreeze, reason="settlement")),
    ],
)
def test_what_tied_shares_is_taken_back_after_what_released_them(tie: Any, untie: Any, lot: str | None) -> None:  # noqa: ANN401
    made = village()
    made.do(issue("labour", to="0042", shares=50, effective_on=date(2026, 1, 1), lot=lot))
    [tied] = made.do(tie("labour", holder="0042", shares=20, effective_on=MAY))
    [released] = made.do(untie("labour", holder="0042", shares=5, effective_on=JUNE))
    refused = f"record {tied.seq}: what it tied was released by record {released.seq}: take that back first"
    with pytest.raises(RegisterError) as error:
        made.do(take_back(tied.seq, booked_on=JULY))
    assert str(error.value) == refused
    [again] = made.do(tie("labour", holder="0042", shares=5, effective_on=JUNE))
    made.do(take_back(again.seq, booked_on=JULY), take_back(released.seq, booked_on=JULY))
    made.do(take_back(tied.seq, booked_on=JULY))
    assert made.view.balances("labour", "holder") == {("labour", "holder/0042"): 50}


def test_a_pledge_is_taken_back_though_another_one_was_released() -> None:
    made = given(village(), "labour", m0042=50)
    tied = partial(pledge, "labour", holder="0042", creditor="信用社")
    [first] = made.do(tied(shares=20, effective_on=MAY))
    made.do(tied(shares=20, effective_on=MAY), release("labour", holder="0042", shares=20, effective_on=JUNE))
    made.do(take_back(first.seq, booked_on=JULY))
    assert made.view.balances("labour", "holder") == {("labour", "holder/0042"): 50}


# ---------------------------------------------------------------- back into an estate


def test_a_mistaken_inheritance_is_taken_back_into_the_estate() -> None:
    """The shares return to where they were, and pass to the right heir then."""
    made = given(village(), "labour", m0042=50)
    made.do(die("0042", effective_on=MAY))
    [mistaken] = made.do(transfer("labour", holder="0042", to="0051", effective_on=JUNE, reason="inheritance"))
    made.do(take_back(mistaken.seq, booked_on=JULY))
    assert shares(made, "labour") == {"0042": 50}
    made.do(transfer("labour", holder="0042", to="0041", effective_on=JUNE, booked_on=JULY, reason="inheritance"))
    assert shares(made, "labour") == {"0041": 50}
    assert audit_register(made.view) == []


def test_what_was_inherited_of_a_household_that_died_out_is_taken_back() -> None:
    made = given(village(), "land", h19=50)
    made.do(die("0061", effective_on=MAY))
    [mistaken] = made.do(transfer("land", holder="19", to="18", effective_on=JUNE, reason="inheritance"))
    made.do(take_back(mistaken.seq, booked_on=JULY))
    assert shares(made, "land") == {"19": 50}
    assert audit_register(made.view) == []


def test_a_redemption_from_an_estate_is_taken_back_with_its_money() -> None:
    made = given(village(), "cash", m0042=50)
    made.do(die("0042", effective_on=MAY))
    [paid] = made.do(redeem("cash", holder="0042", effective_on=JUNE, reason="buy-back", against=BANK))
    assert made.view.balances("CNY") == {}
    made.do(take_back(paid.seq, booked_on=JULY))
    assert shares(made, "cash") == {"0042": 50}
    assert made.view.balances("CNY") == {("CNY", BANK): 50_00, ("CNY", CAPITAL): -50_00}
    assert audit_register(made.view) == []


def test_what_was_sold_on_the_day_of_the_death_is_taken_back_into_the_estate() -> None:
    made = given(village(), "labour", m0042=50)
    [sale] = made.do(transfer("labour", holder="0042", to="0051", effective_on=MAY, reason="sale"))
    made.do(die("0042", effective_on=MAY), take_back(sale.seq, booked_on=JULY))
    assert shares(made, "labour") == {"0042": 50}
    assert audit_register(made.view) == []


def test_what_was_spread_of_an_estate_is_taken_back() -> None:
    made = given(village([preset("subsidy", pooled=False)]), "subsidy", m0042=50)
    made.do(die("0042", effective_on=MAY))
    [mistaken] = made.do(spread("subsidy", holder="0042", effective_on=JUNE))
    made.do(take_back(mistaken.seq, booked_on=JULY))
    assert shares(made, "subsidy") == {"0042": 50}


def test_what_was_quantified_returns_to_the_member_account_of_an_estate() -> None:
    journal = book(received(), spent(99_00), equally())
    before = units(journal, SUBSIDY)
    put(journal, die("0043", effective_on=DAY))
    [spread_] = put(journal, requantify("0043", {"0042": 1, "0044": 1}, effective_on=DAY))
    put(journal, take_back(spread_.seq, booked_on=DAY))
    assert units(journal, SUBSIDY) == before


def test_only_what_is_taken_back_comes_to_an_estate() -> None:
    made = given(village(), "labour", m0041=50)
    made.do(die("0042", effective_on=MAY))
    with pytest.raises(RegisterError, match="0042 is no member on 2026-06-01 and can get no shares"):
        made.do(transfer("labour", holder="0041", to="0042", effective_on=JUNE, reason="correction"))


def test_who_was_admitted_by_mistake_leaves_as_the_refusals_say() -> None:
    made = village()
    [mistaken] = made.do(admit(Joiner("0099", household="17"), effective_on=MAY))
    with pytest.raises(RegisterError, match=r"'book leave NUMBER --reason correction'\), with --keeps-shares if"):
        made.do(take_back(mistaken.seq, booked_on=MAY))
    with pytest.raises(RegisterError, match="'book leave 0099 --keeps-shares'; where the admission was a mistake --re"):
        made.do(change_members(["0099"], standing="holder", effective_on=MAY, reason="correction"))
    [changed] = made.do(change_members(["0099"], groups=["poor"], effective_on=MAY, reason="resolution"))
    with pytest.raises(RegisterError, match="people are changed once more"):
        made.do(take_back(changed.seq, booked_on=MAY))
    made.do(leave("0099", effective_on=MAY, reason="correction", keeps_shares=True))
    assert audit_register(made.view) == []


# ---------------------------------------------------------------- a reserve that later records counted on

LATER = date(2024, 6, 1)
CASH: dict[str, Any] = {"against": "c2021:102", "premium": "c2021:321"}
DEAR = issue("cash", to="0042", shares=100, amount_fen=150_00, effective_on=DAY, **CASH)
CHEAP = issue("cash", to="0043", shares=100, amount_fen=60_00, effective_on=LATER, **CASH)


def refused(journal: MemoryJournal, seq: int, later: int, account: str, stands: str) -> None:
    words = f"record {seq}: without it {account} would stand at {stands} yuan on {LATER}, for record {later} counted on"
    with pytest.raises(RegisterError, match=words):
        put(journal, take_back(seq, booked_on=LATER))


def test_a_premium_that_a_later_issue_used_is_taken_back_after_that_issue() -> None:
    journal = cooperative()
    [dear] = put(journal, DEAR)
    [cheap] = put(journal, CHEAP)
    refused(journal, dear.seq, cheap.seq, "c2021:321", "-40.00")
    put(journal, take_back(cheap.seq, booked_on=LATER))
    put(journal, take_back(dear.seq, booked_on=LATER))
    assert money(journal) == {}


def test_of_two_premiums_one_is_enough_for_what_a_later_issue_used() -> None:
    journal = cooperative()
    [dear], [too], [cheap] = put(journal, DEAR), put(journal, DEAR), put(journal, CHEAP)
    put(journal, take_back(dear.seq, booked_on=LATER))
    refused(journal, too.seq, cheap.seq, "c2021:321", "-40.00")
    assert money(journal)["321"] == -10_00


def test_a_premium_of_what_was_paid_in_late_or_converted_or_bought_back_is_counted_on_too() -> None:
    told: dict[str, Any] = {"effective_on": DAY, "premium": "c2021:321"}
    paid: dict[str, Any] = {"holder": "0042", "shares": 100, "against": "c2021:102", **told}
    for gives, before in (
        (
            pay_in("cash", amount_fen=150_00, **paid),
            issue("cash", to="0042", shares=100, effective_on=DAY, paid=False),
        ),
        (
            redeem("cash", amount_fen=50_00, reason="buy-back", **paid),
            issue("cash", to="0042", shares=100, effective_on=DAY, against="c2021:102"),
        ),
        (
            convert("fine", into="cash", holder="0042", shares=100, ratio=50, reason="charter", **told),
            issue("fine", to="0042", shares=100, effective_on=DAY, against="c2021:102"),
        ),
    ):
        journal = cooperative()
        put(journal, before)
        [gave] = put(journal, gives)
        [cheap] = put(journal, CHEAP)
        with pytest.raises(RegisterError, match=f"record {gave.seq}: .* record {cheap.seq} counted on it: take that"):
            put(journal, take_back(gave.seq, booked_on=LATER))
        put(journal, take_back(cheap.seq, booked_on=LATER))
        put(journal, take_back(gave.seq, booked_on=LATER))


def test_a_revaluation_whose_rise_became_capital_is_taken_back_after_that() -> None:
    journal = cooperative()
    right = Right("land right", DAY, date(2034, 2, 28), date(2034, 2, 28), area_mu=3, parcels=("1",), contract="1")
    land = Contribution("G1", "17", "land", right, Valuation(12_000_00, "agreed price", FOUNDED), price_fen=100_00)
    put(journal, contribute(land, effective_on=DAY))
    *_, rise = put(
        journal,
        revalue_contribution("G1", Valuation(12_050_00, "agreed price", DAY), effective_on=DAY, reason="appraisal"),
    )
    [cheap] = put(journal, CHEAP)
    refused(journal, rise.seq, cheap.seq, "c2021:321", "-40.00")
    assert money(journal)["321"] == -10_00


def test_a_premium_is_counted_on_in_the_chart_that_took_it_over() -> None:
    journal = cooperative(C2004, date(2022, 1, 1))
    old: dict[str, Any] = {"against": "c2004:102", "premium": "c2004:311/dear", "effective_on": date(2022, 3, 1)}
    [dear] = put(journal, issue("cash", to="0042", shares=100, amount_fen=150_00, **old))
    mapping = {"102": "102", "301": "301", "311": "321"}
    put(journal, convert_chart(C2021, mapping, effective_on=date(2023, 1, 1)))
    told = {**CASH, "premium": "c2021:321/dear"}
    [cheap] = put(journal, issue("cash", to="0043", shares=100, amount_fen=60_00, effective_on=LATER, **told))
    refused(journal, dear.seq, cheap.seq, "c2004:311/dear, c2021:321/dear", "-40.00")
    put(journal, take_back(cheap.seq, booked_on=LATER))
    put(journal, take_back(dear.seq, booked_on=LATER))
    assert units(journal, "cash") == {}


def test_a_reserve_that_was_below_zero_already_holds_no_reversal_up() -> None:
    journal = cooperative()
    [dear] = put(journal, DEAR)
    put(journal, lambda _: [Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:121", "c2021:321", 90_00)])])
    put(journal, take_back(dear.seq, booked_on=LATER))
    assert money(journal)["321"] == 90_00


def test_what_a_leaver_gave_up_of_the_reserve_and_others_have_now_does_not_come_back() -> None:
    journal = cooperative()
    put(journal, lambda _: [Entry("note", DAY, DAY, {}, [Posting(MONEY, "c2021:322", "c2021:332", 100_00)])])
    put(journal, quantify(RESERVE, {"0043": 1, "0044": 1}, effective_on=DAY, rule="equally"))
    put(journal, die("0043", effective_on=LATER))
    [given_up] = put(journal, refund_reserve("0043", {}, effective_on=LATER))
    [again] = put(journal, quantify(RESERVE, {"0042": 1}, effective_on=LATER, rule="to one"))
    refused(journal, given_up.seq, again.seq, "what of c2021:322 is not quantified", "-50.00")
    put(journal, take_back(again.seq, booked_on=LATER))
    put(journal, take_back(given_up.seq, booked_on=LATER))
    with journal.read() as view:
        assert problems(view) == []

"""Payment orders: what a bank is asked to pay, and what becomes of a run by what it did."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.chart import C2021, C2023, MONEY
from coopledger.core.charter import COLLECTIVE
from coopledger.core.citation import Document
from coopledger.core.collection import collect
from coopledger.core.dividend import declare
from coopledger.core.journal import Entry, Posting
from coopledger.core.lapse import lapse
from coopledger.core.member import Joiner, admit, die, note_personal
from coopledger.core.movement import issue, pledge
from coopledger.core.payment_order import (
    REASONS,
    RETURN,
    BankAccount,
    Outcome,
    PaymentOrder,
    Reference,
    failures,
    payment_order,
    settle,
)
from coopledger.core.payout import bounce, pay
from coopledger.core.problems import problems
from coopledger.core.reversal import take_back
from coopledger.core.undoing import undo
from coopledger.errors import CoopledgerError, EntryError, RegisterError, ReturnError
from tests.core.dividends import DECLARED, FOUNDED, HOLDERS, PAID, PROPOSAL, cooperative, declared, due, money, paid
from tests.core.strategies import steady
from tests.core.village import Village

CARDS = {
    "17": "6200000000000000018",
    "18": "6200000000000000026",
    "19": "6200000000000000034",
    "20": "6200000000000000042",
}
PARTS = {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}
LATER = date(2027, 1, 28)
OTHER_ACCOUNT = (
    "3: 18 was paid to the account …0034, and the book has …0026: if that was right, pay that holder by name, "
    "and read the file again"
)


def carded(made: Village | None = None, numbers: Any = CARDS, **asked: Any) -> Village:  # noqa: ANN401
    """A run that is owed, of households whose heads have bank accounts."""
    made = made or declared(cooperative(), PROPOSAL._replace(**asked))
    rows = {f"00{one}": {"name": f"成员{one}", "card": CARDS[one], "branch": "示例信用社"} for one in numbers}
    made.do(note_personal(rows, effective_on=DECLARED))
    return made


def asked(made: Village, *numbers: str) -> PaymentOrder:
    return payment_order(made.view, "2026", PAID, numbers or None)


def said(order: PaymentOrder, **reasons: str) -> list[Outcome]:
    """What the bank says of an order: paid, or failed for a reason: ``said(order, h18="account closed")``."""
    return [
        Outcome(f"{n}", order.reference, one.number, one.account.number, one.fen, reasons.get(f"h{one.number}", ""))
        for n, one in enumerate(order.payments, 2)
    ]


def file(content: str = "0") -> Document:
    return Document("return.csv", content * 64)


def read(made: Village, outcomes: list[Outcome], content: str = "0", on: date = LATER) -> list[str]:
    """Record what the bank did; the kinds of the records."""
    return [one.kind for one in made.do(settle("2026", outcomes, file(content), effective_on=on))]


def wrong(made: Village, outcomes: list[Outcome], content: str = "0") -> list[str]:
    """What is wrong with it all; nothing is written."""
    before = made.view.head
    with pytest.raises(ReturnError) as error:
        read(made, outcomes, content)
    assert made.view.head == before
    return [str(one) for one in error.value.problems]


# ---------------------------------------------------------------- the order


def test_an_order_has_what_is_owed_to_those_with_an_account_and_names_the_others() -> None:
    made = carded(numbers=["17", "18", "20"])
    made.do(pay("2026", effective_on=DECLARED, holders={"18": 100_00}))
    made.do(pledge("land", holder="20", shares=1, creditor="示例信用社", effective_on=PAID))
    order = asked(made)
    assert [(one.number, one.fen, one.account) for one in order.payments] == [
        ("17", 500_00, BankAccount("成员17", CARDS["17"], "示例信用社")),
        ("18", 200_00, BankAccount("成员18", CARDS["18"], "示例信用社")),
    ]
    assert order.without_account == {"19": 1_00}
    assert {number: str(why) for number, why in order.held_back.items()} == {"20": "holds pledged shares"}
    assert (order.fen, order.book) == (700_00, "示例村股份经济合作社")
    head = made.view.head
    assert str(order.reference) == f"2026 {head.seq}:{head.hash.hex()[:8]}"
    assert [one.number for one in asked(made, "18", "20").payments] == ["18"]


def test_a_household_is_paid_to_its_own_account_before_its_heads_and_to_a_payee_of_another_name() -> None:
    made = carded()
    made.do(note_personal({"17": {"card": CARDS["19"], "payee": "成员甲乙"}}, effective_on=DECLARED))
    made.do(note_personal({"18": {"card": CARDS["20"]}, "0020": {"payee": "成员丙"}}, effective_on=DECLARED))
    made.do(note_personal({"19": {"phone": "13800000000"}}, effective_on=DECLARED))
    accounts = {one.number: one.account[:2] for one in asked(made).payments}
    assert accounts["19"] == ("成员19", CARDS["19"])
    assert accounts["17"] == ("成员甲乙", CARDS["19"])
    assert accounts["18"] == ("成员18", CARDS["20"])
    assert accounts["20"] == ("成员丙", CARDS["20"])


def test_who_has_no_name_or_died_or_was_erased_is_not_in_it() -> None:
    made = declared(cooperative())
    made.do(note_personal({"0017": {"card": CARDS["17"]}}, effective_on=DECLARED))
    assert asked(made).without_account == PARTS
    carded(made)
    made.journal.erase(["m/0018"], key="erased", actor="accountant", on=DECLARED)
    made.do(die("0019", effective_on=DECLARED))
    order = asked(made)
    assert [one.number for one in order.payments] == ["17", "20"]
    assert order.without_account == {"18": 300_00}
    assert {number: str(why) for number, why in order.held_back.items()} == {"19": "waits for heirs"}


def test_what_is_withheld_is_not_for_the_bank_to_pay() -> None:
    made = carded(tax=Fraction(1, 5))
    assert {one.number: one.fen for one in asked(made).payments} == {n: fen * 4 // 5 for n, fen in PARTS.items()}
    assert read(made, said(asked(made))) == ["payout", RETURN]
    assert not due(made)
    assert money(made)["102"] == 5_000_00 - 800_00


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ({"name": "2099"}, "run 2099: it was not proposed"),
        ({"on": date(2027, 1, 20)}, "run 2026 is not declared on 2027-01-20"),
        ({"holders": ["99"]}, "run 2026: nothing is owed to 99"),
        ({"holders": "17"}, "'17': a list of str is expected"),
        ({"on": "2027-01-25"}, "a date is expected"),
    ],
)
def test_an_order_that_cannot_be_is_refused(kept: dict[str, Any], told: str) -> None:
    with pytest.raises(CoopledgerError, match=told):
        payment_order(carded().view, **{"name": "2026", "on": PAID, **kept})


# ---------------------------------------------------------------- what the bank did


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_who_was_paid_is_paid_by_the_return_and_who_was_not_is_owed_still(chart: Any) -> None:  # noqa: ANN401
    made = carded(declared(cooperative(chart)))
    order = asked(made)
    assert read(made, said(order, h18="account closed", h20="account name differs")) == ["payout", RETURN]
    assert due(made) == {"18": 300_00, "20": 199_00}
    assert set(paid(made)) == {"17", "19"}
    payout, told = [*made.view.records("payout", RETURN)]
    assert payout.facts["order"] == told.facts["order"] == str(order.reference)
    assert payout.facts["documents"] == [{"name": "return.csv", "sha256": "0" * 64}]
    assert told.facts["paid"] == ["17", "19"]
    assert told.facts["failed"] == {"18": "account closed", "20": "account name differs"}
    assert failures(made.view, "2026") == told.facts["failed"]
    assert problems(made.view) == []
    assert read(made, said(asked(made)), "1") == ["payout", RETURN]
    assert not due(made)


def test_where_all_was_taken_for_paid_what_failed_bounces() -> None:
    made = carded(tax=Fraction(1, 5))
    order = asked(made)
    [payout] = made.do(pay("2026", effective_on=PAID))
    outcomes = said(order, h18="account closed", h19="account closed", h20="other reason")
    assert read(made, outcomes) == ["bounce", "bounce", RETURN]
    assert due(made) == {number: PARTS[number] for number in ("18", "19", "20")}
    back = {one.facts["reason"]: len(one.postings) for one in made.view.records("bounce", since=payout.seq)}
    assert back == {"account closed": 4, "other reason": 2}  # with the tax of each
    assert problems(made.view) == []


def test_a_return_that_confirms_what_was_paid_moves_nothing() -> None:
    made = carded()
    order = asked(made)
    made.do(pay("2026", effective_on=PAID))
    before = money(made)
    assert read(made, said(order)) == [RETURN]
    assert (money(made), due(made)) == (before, {})


@pytest.mark.parametrize("by_hand", [False, True])
def test_another_amount_than_was_recorded_as_paid_is_told(by_hand: bool) -> None:
    made = carded()
    order = asked(made)
    if by_hand:
        made.do(pay("2026", effective_on=PAID))
    read(made, said(order))
    seq = next(made.view.records("payout")).seq
    first, *others = said(order)
    assert wrong(made, [first._replace(fen=500_01), *others], "1") == [
        f"2: 17: 500.01 yuan, and record {seq} has 500.00 yuan as paid by this order"
    ]
    assert read(made, [first, *others], "1") == []


def test_what_comes_back_later_bounces_by_a_second_return_of_the_same_order() -> None:
    made = carded()
    order = asked(made)
    read(made, said(order))
    assert read(made, said(order, h17="account closed"), "1") == ["bounce", RETURN]
    assert due(made) == {"17": 500_00}


def test_a_payment_that_the_bank_made_after_all_is_paid() -> None:
    made = carded()
    order = asked(made)
    read(made, said(order, h17="account dormant"))
    assert read(made, said(order), "1") == ["payout", RETURN]
    assert not due(made)


def test_the_same_return_read_again_is_harmless_whatever_was_done_since() -> None:
    """Whether it is the same file or says the same in another."""
    made = carded()
    order = asked(made)
    outcomes = said(order, h18="account closed", h20="other reason")
    read(made, outcomes)
    for content in ("0", "1"):
        assert read(made, outcomes, content) == []
    made.do(pay("2026", effective_on=LATER, holders=["18"]))
    assert read(made, outcomes) == []
    made.do(bounce("2026", next(made.view.records("payout")).seq, ["17"], effective_on=LATER))
    assert read(made, outcomes) == []
    assert due(made) == {"17": 500_00, "20": 199_00}


def test_paid_says_another_file_of_what_came_back_by_hand_and_nobody_knows_which_is_later() -> None:
    """It may be a copy of the first, or the bank has paid it once more: who knows that pays by name first."""
    made = carded(numbers=["17"])
    order = asked(made)
    read(made, said(order))
    [payout] = made.view.records("payout")
    made.do(bounce("2026", payout.seq, ["17"], effective_on=LATER))
    [told] = wrong(made, said(order), "1")
    assert told == (
        f"2: 17 was paid in record {payout.seq}, and it came back: if that was paid again, pay that holder by name, "
        "and read the file again"
    )
    assert read(made, said(order, h17="other reason"), "2") == [RETURN]
    assert due(made)["17"] == 500_00


def test_what_was_paid_by_name_after_it_came_back_is_the_orders_once_its_next_file_says_so() -> None:
    made, first, second = twice_asked()
    read(made, said(first))
    made.do(bounce("2026", next(made.view.records("payout")).seq, ["17"], effective_on=LATER))
    made.do(pay("2026", effective_on=LATER, holders=["17"]))
    assert read(made, said(first), "1") == [RETURN]
    assert read(made, said(first), "2") == []
    [told] = wrong(made, said(second, h17="other reason"), "3")
    assert told.startswith("2: 17: 500.00 yuan, and nothing is owed any more")


def test_paid_after_it_came_back_twice_is_asked_about_whatever_the_bank_said_at_first() -> None:
    made = carded(numbers=["17"])
    order = asked(made)
    read(made, said(order, h17="account dormant"))
    read(made, said(order), "1")
    made.do(bounce("2026", next(made.view.records("payout")).seq, ["17"], effective_on=LATER))
    [told] = wrong(made, said(order), "2")
    assert "and it came back: if that was paid again" in told


def test_of_two_words_on_a_payment_a_file_that_was_read_is_known_and_another_is_not_believed() -> None:
    made = carded()
    order = asked(made)
    read(made, said(order), "0")
    read(made, said(order, h17="account closed"), "1")
    seq = made.view.head.seq
    assert read(made, said(order), "0") == []
    [found] = wrong(made, said(order), "2")
    assert found.startswith(f"2: 17: the bank said so before, and otherwise in record {seq}: pay that holder by name")


def test_a_late_word_on_a_payment_that_came_back_takes_no_later_one_back() -> None:
    """17's came back by hand and was made once more: a second file that says the order's failed is not of that one."""
    made = carded()
    order = asked(made)
    read(made, said(order))
    made.do(bounce("2026", next(made.view.records("payout")).seq, ["17"], effective_on=LATER))
    made.do(pay("2026", effective_on=LATER, holders=["17"]))
    again = made.view.head.seq
    [told] = wrong(made, [one for one in said(order, h17="account closed") if one.number == "17"], "1")
    assert f"which came back, and once more in record {again}: if the bank did not make that either" in told
    assert paid(made)["17"] == {"102": 500_00}


def test_what_the_bank_paid_twice_by_two_orders_is_not_paid_twice_in_the_book() -> None:
    made = carded()
    first = asked(made)
    made.do(note_personal({"0018": {"phone": "13800000000"}}, effective_on=DECLARED))
    second = asked(made, "18")
    assert first.reference != second.reference
    read(made, said(second))
    paid = next(made.view.records("payout")).seq
    [told] = wrong(made, said(first))
    assert told == (
        f"3: 18: 300.00 yuan, and nothing is owed any more: record {paid} paid it, not by this order: if the bank made "
        "this one as well, it is paid twice: have it brought back, and leave the line out"
    )


def twice_asked() -> tuple[Village, PaymentOrder, PaymentOrder]:
    """Two orders for what 17 is owed: nobody knows which of them the bank has got."""
    made = carded(numbers=["17"])
    first = asked(made)
    made.do(note_personal({"0018": {"phone": "13800000000"}}, effective_on=DECLARED))
    return made, first, asked(made)


@pytest.mark.parametrize("reason", ["", "other reason"])
@pytest.mark.parametrize("swapped", [False, True])
def test_of_two_orders_the_one_whose_return_confirms_a_payment_has_it(swapped: bool, reason: str) -> None:
    made, *orders = twice_asked()
    confirms, other = reversed(orders) if swapped else orders
    [payout] = made.do(pay("2026", effective_on=PAID, holders=["17"]))
    assert read(made, said(confirms)) == [RETURN]
    [told] = wrong(made, said(other, h17=reason), "1")
    twice = "if the bank made this one as well, it is paid twice: have it brought back, and "
    assert told == (
        f"2: 17: 500.00 yuan, and nothing is owed any more: record {payout.seq} paid it, not by this order: "
        f"{'' if reason else twice}leave the line out"
    )
    assert "17" not in due(made)


def test_a_return_of_another_run_confirms_nothing_of_this_one() -> None:
    made = carded(declared(cooperative(), name="x"), numbers=["17"])
    declared(made, PROPOSAL._replace(period="2027"))
    other, order = payment_order(made.view, "x", PAID), asked(made)
    made.do(pay("2026", effective_on=PAID, holders=["17"]), settle("x", said(other), file("1"), effective_on=LATER))
    assert read(made, said(order, h17="other reason")) == ["bounce", RETURN]
    assert due(made)["17"] == 500_00


def test_a_return_confirms_no_payment_of_before_its_order() -> None:
    """The first order's payment was of before the undo, and what failed of it is collected."""
    made = carded(numbers=["17"])
    first = asked(made)
    [payout] = made.do(pay("2026", effective_on=PAID, holders=["17"]))
    made.do(undo("2026", effective_on=PAID, reason="x"), declare("2026", effective_on=PAID))
    made.do(collect(["17"], effective_on=PAID))
    second = asked(made)
    read(made, said(second))
    [told] = wrong(made, said(first, h17="other reason"), "1")
    assert f"17 was paid in record {payout.seq}, before the run was undone, and owes it since then: collect" in told


def test_what_came_back_by_one_order_and_was_confirmed_by_another_is_that_ones() -> None:
    made, first, second = twice_asked()
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    assert read(made, said(first, h17="other reason")) == ["bounce", RETURN]
    made.do(pay("2026", effective_on=LATER, holders=["17"]))
    assert read(made, said(second), "1") == [RETURN]
    assert read(made, said(first, h17="other reason"), "2") == []
    assert len(wrong(made, said(first), "3")) == 1
    assert "17" not in due(made)


@pytest.mark.parametrize("reason", ["", "account closed"])
def test_what_an_heir_was_paid_is_not_the_payment_of_an_order_to_the_estate(reason: str) -> None:
    made = carded(numbers=["17"])
    order = asked(made)
    made.do(die("0017", effective_on=PAID))
    [payout] = made.do(pay("2026", holders=["17"], to="0018", effective_on=PAID))
    [told] = wrong(made, said(order, h17=reason))
    assert f"nothing is owed any more: record {payout.seq} paid it, not by this order" in told
    assert "17" not in due(made)


def test_failed_says_the_bank_of_what_was_paid_in_cash_and_the_line_is_left_out() -> None:
    made = carded(numbers=["17"])
    order = asked(made)
    made.do(Entry("receipt", PAID, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:101", 600_00)]))
    [payout] = made.do(pay("2026", effective_on=PAID, holders=["17"], through="cash"))
    [told] = wrong(made, said(order, h17="other reason"))
    assert told.endswith(
        f"nothing is owed any more: record {payout.seq} paid it, not by this order: leave the line out"
    )


def test_failed_once_more_is_of_the_amount_that_failed() -> None:
    made = carded(numbers=["17"])
    order = asked(made)
    [one] = said(order, h17="other reason")
    read(made, [one])
    seq = made.view.head.seq
    told = [f"2: 17: 77.00 yuan, and record {seq} has 500.00 yuan as not paid by this order"]
    assert wrong(made, [one._replace(fen=77_00)], "1") == told
    made.do(pay("2026", effective_on=LATER, holders={"17": 77_00}))
    assert wrong(made, [one._replace(fen=77_00)], "1") == told
    assert read(made, [one], "1") == []


def test_a_new_order_is_another_one_and_its_return_too() -> None:
    made = carded()
    first = asked(made)
    read(made, said(first, h17="account closed"))
    second = asked(made)
    assert [one.number for one in second.payments] == ["17"]
    read(made, said(second), "1")
    assert read(made, said(first, h17="account closed")) == []
    assert not due(made)


def test_what_the_bank_paid_to_somebody_who_waits_is_paid() -> None:
    """The money has left the bank: a pledge of the day after does not bring it back."""
    made = carded()
    order = asked(made)
    made.do(pledge("land", holder="20", shares=1, creditor="示例信用社", effective_on=LATER))
    read(made, said(order))
    assert not due(made)
    assert next(made.view.records("payout")).facts["reason"] == "paid by the bank"


# ---------------------------------------------------------------- what cannot be


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written() -> None:
    made = carded()
    made.do(admit(Joiner("0099"), effective_on=DECLARED))
    one, two, three, four = said(asked(made))
    found = wrong(
        made,
        [
            one._replace(fen=499_99),
            two._replace(account=CARDS["19"]),
            three._replace(number="99"),
            four,
            four._replace(where="6", reason="other reason"),
            four._replace(where="7", number="0099"),
            three._replace(where="8", reference=three.reference._replace(seq=1)),
        ],
    )
    assert found == [
        "2: 17: 499.99 yuan, and 500.00 yuan are to be paid to that holder",
        str(OTHER_ACCOUNT),
        "4: 99 is no holder in run 2026",
        "6: 20 stands there twice: first in 5",
        "7: 0099 is no holder in run 2026",
        f"8: a payment of the order 2026 1:{one.reference.hash}, in a return of {one.reference}",
    ]


def test_what_lapsed_before_the_bank_said_that_it_paid_is_paid_when_the_lapse_is_taken_back() -> None:
    made = carded(declared(cooperative(charter=COLLECTIVE._replace(lapse_years=1))))
    outcomes = said(asked(made), h18="account closed")
    [gone] = made.do(lapse("2026", effective_on=date(2028, 6, 1)))
    later = date(2028, 6, 5)
    lapsed, back = f"and what was owed lapsed by record {gone.seq}", f"(take_back, 'book reverse {gone.seq}')"
    with pytest.raises(ReturnError) as error:
        read(made, outcomes[:2], on=later)
    assert [str(one) for one in error.value.problems] == [
        f"2: 17: 500.00 yuan, {lapsed}: if the bank did pay it, take that record back {back}, and read the file again",
        f"3: 18: 300.00 yuan, {lapsed}: it was not paid: leave the line out",
    ]
    with pytest.raises(ReturnError, match=r"17: 500\.01 yuan, and 0\.00 yuan are to be paid to that holder"):
        read(made, [outcomes[0]._replace(fen=500_01)], on=later)
    made.do(take_back(gone.seq, booked_on=later))
    assert read(made, outcomes[:2], on=later) == ["payout", RETURN]
    assert due(made) == {"18": 300_00, "19": 1_00, "20": 199_00}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"fen": 600_00, "reason": "other reason"}, "17: 600.00 yuan, and 500.00 yuan are to be paid"),
        ({"account": CARDS["20"]}, "17 was paid to the account …0042, and the book has …0018"),
        ({"reference": Reference("2025", 3, "0a1b2c3d")}, "a payment of run 2025: one of run 2026 is expected"),
        ({"reference": Reference("2026", 3, "0a1b2c3d")}, "the order 2026 3:0a1b2c3d was not written from this book"),
        ({"reference": Reference("2026", 999, "0a1b2c3d")}, "the order 2026 999:0a1b2c3d was not written from this"),
    ],
)
def test_a_line_that_cannot_be_is_refused(change: dict[str, Any], told: str) -> None:
    made = carded()
    [found] = wrong(made, [said(asked(made))[0]._replace(**change)])
    assert told in found


def test_a_number_that_a_spreadsheet_cut_is_told_apart_from_another() -> None:
    made = declared(cooperative())
    made.do(note_personal({"0017": {"name": "成员甲", "card": "8200000000000012345"}}, effective_on=DECLARED))
    [one] = said(asked(made))
    [found] = wrong(made, [one._replace(account="8200000000000010000")])
    assert "17: the account number is a rounded one: a spreadsheet has lost the digits after the fifteenth" in found


def test_zeros_in_front_that_a_spreadsheet_lost_are_named() -> None:
    made = cooperative()
    card = {"name": "成员甲", "card": CARDS["17"]}
    made.do(admit(Joiner("0130", household="0030", head=True, personal=card), effective_on=FOUNDED))
    made.do(issue("land", to="0030", shares=500, effective_on=FOUNDED))
    [one] = said(asked(declared(made)))
    assert wrong(made, [one._replace(number="30"), one._replace(number="31", where="3")]) == [
        "2: 30 is no holder in run 2026: 0030 is meant, of which a spreadsheet lost the zeros",
        "3: 31 is no holder in run 2026",
    ]


def test_what_was_paid_in_cash_meanwhile_or_has_no_account_or_came_back_is_not_paid_by_a_return() -> None:
    made = carded()
    order = asked(made)
    made.do(pay("2026", effective_on=PAID, holders=["19"]))
    made.do(bounce("2026", made.view.head.seq, ["19"], effective_on=PAID))
    made.journal.erase(["m/0018"], key="erased", actor="accountant", on=DECLARED)
    no_account, came_back = wrong(made, said(order))
    assert no_account == "3: 18 has no bank account in the book, and was paid to …0026"
    assert came_back.startswith(
        f"4: 19 was paid in record {made.view.head.seq - 2}, and it came back: if that was paid"
    )
    made.do(pay("2026", effective_on=PAID, holders=["18"]))
    made.do(pay("2026", effective_on=PAID, holders=["19"]))
    assert read(made, said(order)) == ["payout", RETURN]
    assert not due(made)


@pytest.mark.parametrize(
    "change",
    [
        *({"fen": 1.5}, {"fen": True}, {"reason": "张三"}, {"account": 5}, {"where": None}, {"number": None}),
        *({"reference": "2026"}, {"reference": Reference("2026", "x", "0a1b2c3d")}),  # type: ignore[arg-type]
    ],
)
def test_a_line_of_the_wrong_type_is_refused_before_anything_is_looked_at(change: dict[str, Any]) -> None:
    one = Outcome("2", Reference("2026", 1, "0a1b2c3d"), "17", CARDS["17"], 500_00)
    with pytest.raises(CoopledgerError):
        settle("2026", [one._replace(**change)], file(), effective_on=PAID)


def test_facts_from_which_no_return_could_be_read_are_refused() -> None:
    made = carded()
    plain: dict[str, Any] = {"run": "2026", "order": "2026 1:0a1b2c3d", "paid": [], "failed": {}}
    wrong = ({"paid": "17"}, {"order": 5}, {"order": "x"}, {"failed_fen": 5}, {"failed_fen": {"17": "5"}})
    for facts in ({}, *({**plain, **one} for one in wrong)):
        with pytest.raises(EntryError, match="facts of the kind bank-return"):
            made.do(Entry(RETURN, PAID, PAID, facts))


def test_no_remark_of_something_else_is_a_reference() -> None:
    for seen in ("", "2026", "2026 31", "2026 31:0a1b", "dividend of 2026 31:0a1b2c3d", None):
        with pytest.raises(RegisterError, match="it begins with the run"):
            Reference.parse(seen)  # type: ignore[arg-type]


# ---------------------------------------------------------------- laws


@steady(60)
@given(
    st.lists(st.tuples(*[st.sampled_from(["", *REASONS])] * len(HOLDERS)), min_size=1, max_size=3),
    st.booleans(),
)
def test_after_any_returns_the_last_word_on_each_payment_holds(
    returns: list[tuple[str, ...]], taken_for_paid: bool
) -> None:
    """Whatever was taken for paid at first: who the bank says last it paid is paid, once, and all others are owed."""
    made = carded()
    order = asked(made)
    if taken_for_paid:
        made.do(pay("2026", effective_on=PAID))
    heard: dict[str, list[bool]] = {number: [] for number in PARTS}
    owed: set[str] = set() if taken_for_paid else {*PARTS}
    for n, reasons in enumerate(returns):
        words = dict(zip(PARTS, reasons, strict=True))
        outcomes = said(order, **{f"h{one}": why for one, why in words.items()})
        unclear = [one for one, why in words.items() if heard[one][-1:] == [bool(why)] and (not why) in heard[one]]
        if unclear:
            assert len(wrong(made, outcomes, f"{n}")) == len(unclear)
            continue
        read(made, outcomes, f"{n}")
        for number, why in words.items():
            owed = owed | {number} if why else owed - {number}
            heard[number].append(not why)
    assert due(made) == {number: fen for number, fen in PARTS.items() if number in owed}
    assert money(made)["102"] == 5_000_00 - sum(fen for number, fen in PARTS.items() if number not in owed)
    assert problems(made.view) == []


@steady(80)
@given(st.lists(st.tuples(st.sampled_from([0, 1, None]), st.sampled_from(["", "other reason"])), max_size=5))
def test_who_was_paid_by_the_last_word_on_one_of_two_orders_is_owed_nothing(
    words: list[tuple[int | None, str]],
) -> None:
    """Whatever the other order's returns say, and whenever it is recorded as paid (None): it is not paid twice."""
    made, *orders = twice_asked()
    last: dict[int, str] = {}
    for n, (which, reason) in enumerate(words):
        try:
            if which is None:
                made.do(pay("2026", effective_on=LATER, holders=["17"]))
                continue
            read(made, said(orders[which], h17=reason), f"{n}")
        except CoopledgerError:
            continue
        last[which] = reason
    owes = due(made).get("17", 0)
    assert not (owes and "" in last.values())
    assert money(made)["102"] == 4_500_00 + owes

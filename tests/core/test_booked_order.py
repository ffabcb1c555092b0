"""Booked order: nothing leaves a holder's account before what brought it there is booked."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from coopledger import book as verbs
from coopledger.core.charter import COLLECTIVE
from coopledger.core.journal import Decision
from coopledger.core.ordinary import enter
from coopledger.core.problems import problems
from coopledger.core.share_class import open_class, preset
from coopledger.errors import RegisterError
from tests.core.dividends import FOUNDED, PAID, PROPOSAL, VOTE, cooperative, declared, due
from tests.core.village import Village

MARCH, APRIL, JUNE, JULY = (date(2027, month, 1) for month in (3, 4, 6, 7))
DAY = timedelta(1)
A_YEAR = COLLECTIVE._replace(lapse_years=1)
BACK: dict[str, Any] = {"effective_on": MARCH, "booked_on": JUNE}
LATER = date(2028, 7, 1)
GOODS: dict[str, Any] = {"goods": "rice", "unit": "jin", "price_fen": 1_00, "against": "c2021:121"}


def bounced() -> Village:
    made = declared(cooperative(charter=A_YEAR, bank_fen=9000_00))
    made.do(enter({"c2021:121": 1_000_00}, {"c2021:102": 1_000_00}, reason="rice", effective_on=PAID))
    made.do(open_class(preset("cash", par_fen=1_00, capital="c2021:301", level="household"), effective_on=FOUNDED))
    [paid] = made.do(verbs.pay("2026", holders=["17"], effective_on=PAID))
    made.do(verbs.bounce("2026", paid.seq, ["17"], **BACK))
    return made


def retained() -> Village:
    made = declared(cooperative(), PROPOSAL._replace(retained=Fraction(1, 2)))
    [paid] = made.do(verbs.pay_retained("2026", holders=["17"], reason="x", effective_on=PAID))
    made.do(verbs.bounce("2026", paid.seq, ["17"], **BACK))
    return made


def lapsed() -> Village:
    made = declared(cooperative(charter=A_YEAR))
    [gone] = made.do(verbs.lapse("2026", effective_on=date(2028, 2, 1)))
    made.do(verbs.take_back(gone.seq, booked_on=date(2028, 9, 1)))
    return made


def undone() -> Village:
    made = declared(cooperative(bank_fen=9000_00))
    made.do(verbs.pay("2026", holders=["17"], effective_on=PAID), verbs.undo("2026", reason="x", **BACK))
    return made


def paid_and_undone() -> Village:
    made = declared(cooperative(bank_fen=9000_00))
    made.do(verbs.pay("2026", effective_on=PAID), verbs.undo("2026", reason="x", **BACK))
    return made


def undone_beside_another() -> Village:
    return declared(undone(), PROPOSAL._replace(stream="other"), "other")


def advanced() -> Village:
    """An advance that was brought in before it was paid, and undone: it is repaid."""
    made = declared(cooperative(), PROPOSAL._replace(advance=True))
    made.do(verbs.collect(["17"], effective_on=PAID), verbs.undo("2026", reason="x", **BACK))
    return made


def advanced_late() -> Village:
    """An advance that was declared in January, and booked in June; a run that nets it."""
    made = cooperative()
    advance, on = PROPOSAL._replace(advance=True), date(2027, 1, 5)
    made.do(verbs.propose("a", advance, effective_on=on), verbs.disclose("a", since=on, until=VOTE.day, where="x"))
    made.do(verbs.approve("a", VOTE), verbs.declare("a", effective_on=date(2027, 1, 21), booked_on=JUNE))
    again = PROPOSAL._replace(period="b", nets=("a",), total_fen=1_500_00)
    made.do(
        verbs.propose("b", again, effective_on=PAID),
        verbs.disclose("b", since=PAID, until=date(2027, 2, 20), where="x"),
    )
    made.do(verbs.approve("b", VOTE._replace(day=date(2027, 2, 20))))
    return made


def collection_taken_back() -> Village:
    made = undone()
    [came] = made.do(verbs.collect(["17"], effective_on=JUNE))
    made.do(verbs.take_back(came.seq, booked_on=date(2027, 9, 1)))
    return made


Verb = Callable[[date], Decision]
FOLLOWS: dict[str, tuple[Callable[[], Village], Verb, date, str]] = {
    "pay": (bounced, lambda on: verbs.pay("2026", effective_on=JULY, booked_on=on), JUNE, "holder 17"),
    "pay by name": (
        bounced,
        lambda on: verbs.pay("2026", holders={"17": 1}, effective_on=JULY, booked_on=on),
        JUNE,
        "holder 17",
    ),
    "lapse": (bounced, lambda on: verbs.lapse("2026", effective_on=LATER, booked_on=on), JUNE, "holder 17"),
    "goods": (
        bounced,
        lambda on: verbs.pay_in_kind("2026", **GOODS, effective_on=JULY, booked_on=on),
        JUNE,
        "holder 17",
    ),
    "shares": (bounced, lambda on: verbs.reinvest("2026", "cash", effective_on=JULY, booked_on=on), JUNE, "holder 17"),
    "what is retained": (
        retained,
        lambda on: verbs.pay_retained("2026", reason="x", effective_on=JULY, booked_on=on),
        JUNE,
        "holder 17",
    ),
    "pay what lapsed": (
        lapsed,
        lambda on: verbs.pay("2026", effective_on=date(2028, 2, 1), booked_on=on),
        date(2028, 9, 1),
        "holder 17",
    ),
    "declare again": (undone, lambda on: verbs.declare("2026", effective_on=JULY, booked_on=on), JUNE, "run 2026"),
    "declare again what was paid": (
        paid_and_undone,
        lambda on: verbs.declare("2026", effective_on=JULY, booked_on=on),
        JUNE,
        "run 2026",
    ),
    "collect": (undone, lambda on: verbs.collect(["17"], effective_on=JULY, booked_on=on), JUNE, "holder 17"),
    "collect once more": (
        collection_taken_back,
        lambda on: verbs.collect(["17"], effective_on=JULY, booked_on=on),
        date(2027, 9, 1),
        "holder 17",
    ),
    "collect an advance": (
        advanced_late,
        lambda on: verbs.collect(["17"], effective_on=JULY, booked_on=on),
        JUNE,
        "holder 17",
    ),
    "net an advance": (
        advanced_late,
        lambda on: verbs.declare("b", effective_on=JULY, booked_on=on),
        JUNE,
        "holder 17",
    ),
    "repay": (advanced, lambda on: verbs.repay(["17"], effective_on=JULY, booked_on=on), JUNE, "holder 17"),
    "set off": (
        undone_beside_another,
        lambda on: verbs.pay("other", through="member current", effective_on=JULY, booked_on=on),
        JUNE,
        "holder 17",
    ),
}


@pytest.mark.parametrize("said", FOLLOWS)
def test_nothing_is_booked_before_what_brought_it_there(said: str) -> None:
    setup, verb, follows, whose = FOLLOWS[said]
    made = setup()
    before = len([*made.view.records()])
    for booked in (APRIL, follows - DAY):
        with pytest.raises(RegisterError) as refused:
            made.do(verb(booked))
        assert str(refused.value).startswith(f"{whose}: booked on {booked}, and record ")
        assert str(refused.value).endswith(
            f"which this follows, is booked on {follows}: that day, or a later one, is expected (booked_on, --booked)"
        )
    assert len([*made.view.records()]) == before
    made.do(verb(follows))
    assert problems(made.view) == []


def test_who_is_owed_by_no_such_record_is_paid_as_of_any_day() -> None:
    """A payment that came back from one holder is not in the way of the others."""
    made = bounced()
    with pytest.raises(RegisterError, match=r"holder 17: booked on 2027-04-01, and record .* is booked on 2027-06-01"):
        made.do(verbs.pay("2026", effective_on=JULY, booked_on=APRIL))
    made.do(verbs.pay("2026", holders=["18", "20"], effective_on=JULY, booked_on=APRIL))
    assert due(made) == {"17": 500_00, "19": 1_00}


def test_payments_are_booked_in_any_order_among_themselves() -> None:
    made = declared(cooperative())
    for number, booked in (("17", JULY), ("18", APRIL), ("20", JUNE)):
        made.do(verbs.pay("2026", holders=[number], effective_on=PAID, booked_on=booked))
    made.do(verbs.pay("2026", holders=["19"], effective_on=PAID))
    assert due(made) == {}


def test_what_stood_there_before_leaves_as_of_any_day_from_then_on() -> None:
    """Of 17's 500 yuan 300 were paid, and came back in June: the other 200 were owed all the time."""
    made = declared(cooperative())
    [paid] = made.do(verbs.pay("2026", holders={"17": 300_00}, effective_on=PAID))
    made.do(verbs.bounce("2026", paid.seq, ["17"], **BACK))
    with pytest.raises(RegisterError, match="holder 17: booked on 2027-04-01"):
        made.do(verbs.pay("2026", holders={"17": 200_01}, effective_on=JULY, booked_on=APRIL))
    made.do(verbs.pay("2026", holders={"17": 200_00}, effective_on=JULY, booked_on=APRIL))
    assert due(made)["17"] == 300_00


def test_an_undoing_booked_later_is_in_the_way_of_no_other_declaration() -> None:
    """Another run of the same stream of days advances, or retains, for the same holders."""
    for terms in ({"advance": True}, {"retained": Fraction(1, 2)}):
        first = PROPOSAL._replace(**terms)
        made = declared(cooperative(), first)
        made.do(verbs.undo("2026", reason="x", **BACK))
        declared(made, first._replace(stream="other"), "other")
        assert due(made, "other")["17"] == (500_00 if first.advance else 250_00)
        assert problems(made.view) == []


def test_a_lapse_and_its_taking_back_that_are_booked_on_one_day_are_not_in_the_way() -> None:
    """At the end of no day less stands there than what is paid."""
    made = declared(cooperative(charter=A_YEAR))
    on, booked = date(2028, 2, 1), date(2028, 9, 1)
    [gone] = made.do(verbs.lapse("2026", effective_on=on, booked_on=booked))
    made.do(verbs.take_back(gone.seq, booked_on=booked))
    made.do(verbs.pay("2026", effective_on=on, booked_on=LATER))
    assert due(made) == {}

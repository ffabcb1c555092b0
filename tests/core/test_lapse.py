"""What lapses: only what could be claimed for all of the time, of nobody who owes, and no advance that he never had."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from coopledger.core.chart import C2021, C2023
from coopledger.core.charter import COLLECTIVE
from coopledger.core.collection import collect
from coopledger.core.conversion import convert_chart
from coopledger.core.debt import advances, brought, undone_debts
from coopledger.core.dividend import declare
from coopledger.core.dues import dues
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Decision
from coopledger.core.lapse import lapse
from coopledger.core.member import Joiner, admit, die
from coopledger.core.movement import freeze, unfreeze
from coopledger.core.ordinary import enter
from coopledger.core.payout import bounce, pay
from coopledger.core.problems import problems
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.core.undoing import undo
from coopledger.errors import RegisterError
from coopledger.reports.dividend import run_report
from coopledger.reports.explanation import explanation_report
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    PAID,
    PROPOSAL,
    approved,
    cooperative,
    declared,
    due,
    money,
    paid,
    the,
)
from tests.core.village import Village

DAY = timedelta(1)
A_YEAR = COLLECTIVE._replace(lapse_years=1)
OVER, LATE = date(2028, 1, 21), date(2028, 6, 1)
"""When the time of a run that was declared on 21 January 2027 is over, and later."""
ADVANCE = PROPOSAL._replace(advance=True)
FINAL = PROPOSAL._replace(instalment=2, nets=("2026",))


def waits(made: Village, on: date, name: str = "2026") -> set[str]:
    """Whose part of a run does not lapse on a day, where that of others does or nothing does."""
    with suppress(RegisterError):
        made.do(lapse(name, effective_on=on))
    return {*due(made, name)}


# ---------------------------------------------------------------- advances


def test_what_lapses_of_an_advance_sets_its_debt_off_and_is_no_income() -> None:
    """17 had all of it and 18 a third: both owe what they had, and the others nothing."""
    made = declared(cooperative(charter=A_YEAR), ADVANCE)
    made.do(pay("2026", effective_on=PAID, holders={"17": 500_00, "18": 100_00}))
    made.do(lapse("2026", effective_on=OVER))
    assert {account: fen for account, fen in money(made).items() if account[:3] in {"114", "222", "502"}} == {
        "114/17": 500_00,
        "114/18": 100_00,
    }
    assert dues(made.view, the(made))["18"].lapsed_fen == 200_00
    assert [advances(made.view, number).left for number in ("18", "19")] == [{"2026": 100_00}, {}]
    with pytest.raises(RegisterError, match="19 owes nothing"):
        made.do(collect(["19"], effective_on=OVER))
    declared(made, FINAL, "final")
    assert due(made, "final") == {"18": 200_00, "19": 1_00, "20": 199_00}
    assert problems(made.view) == []


@pytest.mark.parametrize("converted", [False, True])
def test_an_advance_that_lapsed_and_is_undone_leaves_what_was_had_of_it(converted: bool) -> None:
    made = declared(cooperative(charter=A_YEAR), ADVANCE)
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}), lapse("2026", effective_on=OVER))
    current = "114"
    if converted:
        moved = {bare: bare for bare in ("102", "331", "332")} | {"113": "112", "114": "113"}
        made.do(convert_chart(C2023, {**moved, "331": "321", "332": "322"}, effective_on=LATE))
        current = "113"
    made.do(undo("2026", effective_on=LATE, reason="a slip"))
    owing = {account: fen for account, fen in money(made).items() if account.startswith((f"{current}/", "222", "50"))}
    assert owing == {f"{current}/17": 100_00}
    assert undone_debts(made.view) == {"17": 100_00}
    assert problems(made.view) == []


@pytest.mark.parametrize("how", ["netted", "collected"])
def test_what_was_brought_for_an_advance_is_his_from_that_day(how: str) -> None:
    """He gave up a dividend for it, or money: it is no debt that would be set off, and he has all of the time again."""
    made = declared(cooperative(charter=A_YEAR), ADVANCE)
    brought = date(2028, 1, 10)
    if how == "netted":
        approved(made, FINAL._replace(total_fen=400_00), "final").do(declare("final", effective_on=brought))
    else:
        made.do(collect({"17": 200_00, "18": 120_00}, effective_on=brought))
    rest = {"17", "18"} | ({"19", "20"} if how == "netted" else set())
    assert waits(made, OVER) == waits(made, date(2029, 1, 9)) == rest
    made.do(lapse("2026", effective_on=date(2029, 1, 10)))
    assert paid(made)["17"] == {"502": 200_00, "114/17": 300_00}
    assert "114/17" not in money(made)


def test_what_lapses_of_one_advance_leaves_the_debt_of_another_and_what_that_had_set_off() -> None:
    made = cooperative(charter=A_YEAR)
    for name, instalment in (("netted", 1), ("owed", 2), ("lapsed", 3)):
        declared(made, ADVANCE._replace(total_fen=100_00, instalment=instalment), name)
    final = FINAL._replace(instalment=4, nets=("netted",))
    approved(made, final, "final").do(declare("final", effective_on=OVER - DAY))
    made.do(lapse("lapsed", effective_on=OVER))
    assert due(made, "lapsed") == {}
    assert advances(made.view, "17").left == {"owed": 50_00}
    assert money(made)["114/17"] == 50_00


def lapsed_and_taken_back(made: Village) -> None:
    """17 had 100 yuan of an advance; the rest of it, and of the others', lapsed, which was taken back."""
    declared(made, ADVANCE).do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    [gone] = made.do(lapse("2026", effective_on=OVER))
    made.do(take_back(gone.seq, booked_on=LATE))


def test_an_advance_lapses_anew_as_it_did_before_it_was_taken_back() -> None:
    made = cooperative(charter=A_YEAR)
    lapsed_and_taken_back(made)
    assert [advances(made.view, number).left for number in ("17", "18")] == [{"2026": 500_00}, {"2026": 300_00}]
    again = made.do(lapse("2026", effective_on=OVER, booked_on=LATE))[-1]
    assert {leg.source: leg.quantity for leg in again.postings} == {
        "c2021:114/17": 400_00,
        "c2021:114/18": 300_00,
        "c2021:114/19": 1_00,
        "c2021:114/20": 199_00,
    }
    assert advances(made.view, "17") == ({"2026": 100_00}, {})
    assert brought(made.view, "2026") == {}
    with pytest.raises(RegisterError, match="18 owes nothing"):
        made.do(collect(["18"], effective_on=LATE))
    made.do(undo("2026", effective_on=LATE, reason="a slip"))
    assert undone_debts(made.view) == {"17": 100_00}
    assert problems(made.view) == []


def test_an_advance_that_lapses_no_more_is_no_debt_of_another_run_that_was_undone() -> None:
    made = declared(cooperative(charter=A_YEAR), PROPOSAL._replace(instalment=3), "x")
    made.do(undo("x", effective_on=PAID, reason="a slip"))
    lapsed_and_taken_back(made)
    assert undone_debts(made.view) == undone_debts(made.view, OVER) == {}
    made.do(pay("2026", effective_on=LATE, holders=["18"]), lapse("2026", effective_on=LATE))
    assert due(made) == {}
    assert [advances(made.view, number).left for number in ("18", "19")] == [{"2026": 300_00}, {}]


def test_a_run_nets_an_advance_whose_lapse_was_taken_back() -> None:
    made = cooperative(charter=A_YEAR)
    lapsed_and_taken_back(made)
    made.do(pay("2026", effective_on=LATE))
    approved(made, FINAL._replace(total_fen=1200_00), "final")
    made.do(declare("final", effective_on=DECLARED, booked_on=LATE))
    assert advances(made.view, "18") == ({}, {("final", "2026"): 300_00})
    assert due(made, "final") == {"17": 100_00, "18": 60_00, "19": 20, "20": 39_80}


def test_the_reports_say_what_of_a_lapse_set_the_advance_off_and_what_did_not() -> None:
    made = declared(cooperative(charter=A_YEAR), ADVANCE)
    made.do(collect({"17": 200_00}, effective_on=PAID), lapse("2026", effective_on=LATE))
    _, money_of = explanation_report(made.view, "2026", "17")
    assert [[str(cell) for cell in row[1:]] for row in money_of.rows if "lapse" in str(row[0])] == [
        ["lapsed: the advance, of which nothing is owed for that any more", "-300.00"],
        ["lapsed: what was the holder's own", "-200.00"],
    ]
    notes = [str(one) for one in run_report(made.view, "2026").notes]
    assert "an advance: the holders owe it until a run nets it or it lapses" in notes
    assert "of the advance lapsed 800.00 yuan, which the holders owe no more" in notes
    assert not any("of the advance lapsed" in str(one) for one in run_report(made.view, "2026", PAID).notes)


# ---------------------------------------------------------------- debts


def test_what_somebody_who_owes_is_owed_does_not_lapse() -> None:
    """He was paid of a run that was undone: until that is set off or collected he is not paid, nor does he lose it."""
    made = declared(cooperative(charter=A_YEAR), name="x")
    made.do(pay("x", holders=["17"], effective_on=PAID), undo("x", effective_on=PAID, reason="a slip"))
    declared(made, PROPOSAL._replace(instalment=2), "y")
    assert waits(made, LATE, "y") == {"17"}
    with pytest.raises(RegisterError, match=r"lapses: 17 owes 500\.00 yuan since a run was undone"):
        made.do(lapse("y", effective_on=LATE))
    made.do(collect(["17"], effective_on=LATE + DAY))
    assert waits(made, LATE + DAY, "y") == waits(made, date(2029, 6, 1), "y") == {"17"}
    assert waits(made, date(2029, 6, 2), "y") == set()


def test_nor_does_it_if_he_owed_in_between_only() -> None:
    made = declared(cooperative(charter=A_YEAR), name="x")
    declared(made, PROPOSAL._replace(instalment=2), "y")
    made.do(pay("x", holders=["17"], effective_on=PAID), undo("x", effective_on=date(2027, 10, 1), reason="a slip"))
    made.do(collect(["17"], effective_on=date(2027, 12, 1)))
    assert waits(made, LATE, "y") == waits(made, date(2028, 11, 30), "y") == {"17"}
    assert waits(made, date(2028, 12, 1), "y") == set()


# ---------------------------------------------------------------- what came back


def goods(made: Village) -> Decision:
    made.do(enter({"c2021:121": 900_00}, {"c2021:102": 900_00}, reason="rice", effective_on=PAID))
    return pay_in_kind(
        "2026", goods="rice", unit="jin", price_fen=1_00, against="c2021:121", holders=["17"], effective_on=PAID
    )


def shares(made: Village) -> Decision:
    capital = C2021.account("share capital")
    made.do(open_class(preset("cash", par_fen=1_00, capital=capital, level="household"), effective_on=FOUNDED))
    return reinvest("2026", "cash", holders=["17"], effective_on=PAID)


@pytest.mark.parametrize("given", [goods, shares])
def test_what_was_given_and_taken_back_can_be_claimed_for_all_of_the_time_again(
    given: Callable[[Village], Decision],
) -> None:
    """It counts from the day on which it was given, so that it is owed as if it had not been; nobody knew that."""
    made = declared(cooperative(charter=A_YEAR))
    [record] = made.do(given(made))
    made.do(take_back(record.seq, booked_on=LATE))
    assert waits(made, LATE + DAY) == waits(made, date(2029, 5, 31)) == {"17"}
    assert waits(made, date(2029, 6, 1)) == set()


@pytest.mark.parametrize(("on", "booked"), [(PAID + DAY, LATE), (LATE, PAID + DAY)])
def test_what_came_back_lapses_when_it_was_owed_and_known_for_all_of_the_time(on: date, booked: date) -> None:
    made = declared(cooperative(charter=A_YEAR))
    [payout] = made.do(pay("2026", holders=["17"], effective_on=PAID))
    made.do(bounce("2026", payout.seq, ["17"], effective_on=on, booked_on=booked))
    assert waits(made, LATE) == waits(made, date(2029, 5, 31)) == {"17"}
    assert waits(made, date(2029, 6, 1)) == set()


def test_so_does_what_was_declared_or_released_and_booked_late() -> None:
    made = approved(cooperative(charter=A_YEAR))
    made.do(declare("2026", effective_on=DECLARED, booked_on=date(2027, 3, 1)))
    made.do(freeze("land", holder="17", shares=5, reason="dispute", effective_on=PAID))
    made.do(unfreeze("land", holder="17", shares=5, reason="settlement", effective_on=PAID + DAY, booked_on=LATE))
    assert waits(made, date(2028, 2, 29)) == {"17", "18", "19", "20"}
    assert waits(made, date(2028, 3, 1)) == waits(made, date(2029, 5, 31)) == {"17"}
    assert waits(made, date(2029, 6, 1)) == set()


def test_what_a_change_of_charts_carried_over_was_owed_before() -> None:
    made = declared(cooperative(charter=A_YEAR))
    moved = {"102": "102", "113": "112", "222": "113/surplus", "331": "321", "332": "322"}
    made.do(convert_chart(C2023, moved, effective_on=OVER - DAY))
    assert waits(made, OVER) == set()


# ---------------------------------------------------------------- who waited in between only


def test_what_waited_for_heirs_in_between_does_not_lapse() -> None:
    """Nobody is left in the household from July to May, and on both ends of the time somebody lives in it."""
    made = declared(cooperative(charter=A_YEAR))
    back = date(2028, 5, 1)
    made.do(
        die("0017", effective_on=date(2027, 7, 1)), admit(Joiner("0117", household="17", head=True), effective_on=back)
    )
    assert waits(made, date(2028, 6, 10)) == waits(made, date(2029, 4, 30)) == {"17"}
    assert waits(made, date(2029, 5, 1)) == set()


def test_what_was_held_over_in_between_does_not_lapse() -> None:
    """19 is owed two yuan of two runs, then one, for the other is paid by name, and two again by a third."""
    asked = PROPOSAL._replace(hold_below_fen=2_00)
    made = declared(cooperative(charter=A_YEAR), asked)
    declared(made, asked._replace(instalment=2), "b")
    made.do(pay("b", holders=["19"], effective_on=date(2027, 6, 1)))
    approved(made, asked._replace(instalment=3), "c").do(declare("c", effective_on=OVER))
    assert waits(made, OVER + DAY) == waits(made, OVER.replace(year=2029) - DAY) == {"19"}
    assert waits(made, OVER.replace(year=2029)) == set()

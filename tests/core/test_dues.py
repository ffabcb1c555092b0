"""What is due of a run and what became of it: as of any day, and in whatever order things happened."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import settings
from hypothesis.stateful import invariant

from coopledger.core.chart import C2007, C2021, C2023, Chart
from coopledger.core.charter import COLLECTIVE
from coopledger.core.conversion import convert_chart
from coopledger.core.dividend import declare
from coopledger.core.dues import Due, dues, settlements
from coopledger.core.journal import Entry, Posting
from coopledger.core.lapse import lapse
from coopledger.core.member import Joiner, admit
from coopledger.core.member_account import MemberAccount, member_account
from coopledger.core.payout import bounce, pay
from coopledger.core.receipt import receipts
from coopledger.core.reckoning import reckoning
from coopledger.core.run import run, runs
from coopledger.core.undoing import undo
from coopledger.core.withholding import withholdings
from coopledger.core.year_end import enter_surplus
from coopledger.errors import RegisterError
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    HOLDERS,
    MET,
    PAID,
    PROPOSAL,
    PROPOSED,
    approved,
    cooperative,
    declared,
    due,
    money,
    paid,
    the,
)
from tests.core.test_payout import RunMachine
from tests.core.village import Village

DAY = timedelta(1)
FIFTH = Fraction(1, 5)


def of(made: Village, on: date | None = None, name: str = "2026") -> dict[str, Due]:
    return dues(made.view, run(made.view, name, on), on)


def account(made: Village, holder: str, on: date) -> MemberAccount:
    return member_account(made.view, holder, on)


def test_everything_that_was_declared_is_somewhere() -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)), PROPOSAL._replace(tax=FIFTH))
    lent = Posting("CNY", "c2021:102", "c2021:114/18", 50_00)
    made.do(Entry("advance", PAID, PAID, {}, [lent]))
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    made.do(pay("2026", effective_on=PAID, holders={"18": 50_00}, through="member current"))
    [record] = made.do(pay("2026", effective_on=PAID, holders=["19"]))
    made.do(bounce("2026", record.seq, ["19"], effective_on=PAID + DAY))
    assert of(made) == {
        "17": Due(500_00, 80_00, 0, 20_00, 0, 0, DECLARED),
        "18": Due(300_00, 0, 40_00, 10_00, 0, 0, DECLARED),
        "19": Due(1_00, 0, 0, 0, 0, 0, PAID + DAY, came_back=True),
        "20": Due(199_00, 0, 0, 0, 0, 0, DECLARED),
    }
    late = date(2030, 3, 1)
    made.do(lapse("2026", effective_on=late))
    assert of(made)["20"] == Due(199_00, 0, 0, 0, 199_00, 0, DECLARED)
    assert not any(own.unpaid_fen for own in of(made).values())
    assert of(made, late - DAY)["20"].unpaid_fen == 199_00


def test_each_day_shows_what_had_happened_by_then() -> None:
    made = declared(cooperative(), PROPOSAL._replace(tax=FIFTH))
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    made.do(undo("2026", effective_on=PAID + DAY, reason="a slip"))
    assert [(one, run(made.view, "2026", one).state) for one in (PROPOSED, MET, DECLARED, PAID, PAID + DAY)] == [
        (PROPOSED, "proposed"),
        (MET, "approved"),
        (DECLARED, "declared"),
        (PAID, "declared"),
        (PAID + DAY, "approved"),
    ]
    assert runs(made.view, PROPOSED - DAY) == {}
    with pytest.raises(RegisterError, match="run 2026: it was not proposed"):
        run(made.view, "2026", PROPOSED - DAY)
    assert of(made, MET) == {} == of(made, PAID + DAY)
    assert of(made, DECLARED)["17"] == Due(500_00, 0, 0, 0, 0, 0, DECLARED)
    assert of(made, PAID)["17"] == Due(500_00, 400_00, 0, 100_00, 0, 0, DECLARED)


def test_one_holder_may_be_asked_for_alone() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders={"17": 100_00}))
    for number in HOLDERS:
        assert dues(made.view, the(made), None, number) == {number: of(made)[number]}
    assert dues(made.view, the(made), None, "1") == {}
    assert [move.fen for move in settlements(made.view, the(made), None, "17")] == [-500_00, 100_00]


def test_a_holder_whose_number_is_a_runs_code_is_another() -> None:
    made = declared(cooperative())
    made.do(admit(Joiner("2026"), effective_on=FOUNDED))
    own = Posting("CNY", "c2021:222/2026", "c2021:332", 7_00)
    made.do(Entry("refund", PAID, PAID, {}, [own]))
    assert sum(one.declared_fen for one in of(made).values()) == 1_000_00
    assert "2026" not in of(made)
    assert account(made, "2026", PAID).surplus_due_fen == 7_00


def test_a_conversion_of_the_chart_settles_nothing() -> None:
    made = declared(cooperative(C2007), PROPOSAL._replace(total_fen=100_00))
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    before = of(made)
    moved = {bare: bare for bare in ("102", "322", "332", "222", "331", "321", "112", "113") if bare in C2021.accounts}
    made.do(convert_chart(C2021, moved, effective_on=PAID + DAY))
    assert of(made) == before
    made.do(pay("2026", effective_on=PAID + DAY, holders=["18"]))
    assert of(made)["18"] == Due(30_00, 30_00, 0, 0, 0, 0, DECLARED)


def test_the_tax_to_come_is_what_paying_all_the_rest_withholds() -> None:
    made = declared(cooperative(), PROPOSAL._replace(total_fen=77_77, tax=Fraction(1, 7)))
    for fen in (1, 1, 5_00):
        made.do(pay("2026", effective_on=PAID, holders={"17": fen, "18": 1}))
    expected = {number: own.withheld_fen + own.to_withhold_fen(Fraction(1, 7)) for number, own in of(made).items()}
    made.do(pay("2026", effective_on=PAID))
    assert {number: own.withheld_fen for number, own in of(made).items()} == expected


# ---------------------------------------------------------------- the member account


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_the_member_account_sees_what_runs_declare_and_owe(chart: Chart) -> None:
    made = declared(cooperative(chart))
    before, after = account(made, "17", DECLARED - DAY), account(made, "17", DECLARED)
    assert (before.surplus_fen, before.surplus_due_fen) == (0, 0)
    assert (after.surplus_fen, after.surplus_due_fen) == (500_00, 500_00)
    made.do(pay("2026", effective_on=PAID, holders={"17": 120_00}))
    assert (account(made, "17", PAID).surplus_fen, account(made, "17", PAID).surplus_due_fen) == (500_00, 380_00)
    next_year = account(made, "17", date(2028, 1, 1))
    assert (next_year.surplus_fen, next_year.surplus_due_fen) == (0, 380_00)


def test_what_is_undone_is_taken_off_the_year_in_which_it_is() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders={"17": 120_00}))
    made.do(undo("2026", effective_on=date(2028, 2, 1), reason="a slip"))
    assert account(made, "17", date(2027, 12, 31)).surplus_fen == 500_00
    assert account(made, "17", date(2028, 1, 31)).surplus_due_fen == 380_00
    assert account(made, "17", date(2028, 2, 1)).surplus_fen == -500_00
    assert account(made, "17", date(2028, 2, 1)).surplus_due_fen == 0
    made.do(declare("2026", effective_on=date(2028, 3, 1)))
    assert account(made, "17", date(2028, 3, 1)).surplus_fen == 0


def test_several_runs_and_what_is_of_none_are_added_up() -> None:
    made = declared(cooperative())
    declared(made, PROPOSAL._replace(stream="rent", total_fen=10_00), "rent")
    made.do(Entry("more", PAID, PAID, {}, [Posting("CNY", "c2021:222/17", "c2021:332", 3_00)]))
    assert account(made, "17", PAID).surplus_fen == 508_00
    assert account(made, "17", PAID).surplus_due_fen == 508_00


# ---------------------------------------------------------------- tax


def test_what_was_withheld_is_told_by_day_and_given_back_by_day() -> None:
    made = declared(cooperative(), PROPOSAL._replace(tax=FIFTH))
    [record] = made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + 2 * DAY))
    made.do(pay("2026", effective_on=PAID + 3 * DAY, holders=["19"]))
    made.do(undo("2026", effective_on=PAID + 4 * DAY, reason="a slip"))
    found = [(one.on - PAID, one.run, one.holder, one.fen) for one in withholdings(made.view)]
    assert found == [
        (0 * DAY, "2026", "17", 100_00),
        (0 * DAY, "2026", "18", 60_00),
        (2 * DAY, "2026", "18", -60_00),
        (3 * DAY, "2026", "19", 20),
        (4 * DAY, "2026", "17", -100_00),
        (4 * DAY, "2026", "19", -20),
    ]
    within = withholdings(made.view, PAID + DAY, PAID + 3 * DAY)
    assert [one.fen for one in within] == [-60_00, 20]
    handed_over = Posting("CNY", "c2021:102", "c2021:214/2026", 100_00)
    assert "214/2026" not in money(made)
    made.do(Entry("tax-paid", PAID, PAID, {}, [handed_over]))
    assert len(withholdings(made.view)) == 6


# ---------------------------------------------------------------- receipts


def test_every_payout_has_its_receipts_and_says_what_came_back() -> None:
    made = declared(cooperative(), PROPOSAL._replace(tax=FIFTH))
    [record] = made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    made.do(bounce("2026", record.seq, ["18"], effective_on=PAID + DAY))
    [second] = made.do(pay("2026", effective_on=PAID + DAY, holders={"18": 100_00}))
    made.do(enter_surplus(2027, 1, source="statement"))
    found = receipts(made.view, the(made))
    assert [(one.seq, one.holder, one.paid_fen, one.withheld_fen, one.back_fen, one.through) for one in found] == [
        (record.seq, "17", 400_00, 100_00, 0, "bank"),
        (record.seq, "18", 240_00, 60_00, 300_00, "bank"),
        (second.seq, "18", 80_00, 20_00, 0, "bank"),
    ]
    assert [one.back_fen for one in receipts(made.view, the(made), PAID)] == [0, 0]
    declared(made, PROPOSAL._replace(stream="rent", total_fen=10_00), "rent")
    assert receipts(made.view, the(made, "rent")) == []


# ---------------------------------------------------------------- whatever happens


class Machine(RunMachine):
    """The same run, and every fold of it against the balances."""

    @invariant()
    def every_fold_agrees_with_the_balances(self) -> None:
        view = self.made.view
        if not runs(view):  # not begun
            return
        one = the(self.made)
        found = dues(view, one)
        assert {number: own.unpaid_fen for number, own in found.items() if own.unpaid_fen} == due(self.made)
        if one.state == "declared":
            assert sum(own.declared_fen for own in found.values()) == one.amount_fen
            for number, own in found.items():
                seen = paid(self.made).get(number, {})
                assert own.withheld_fen == seen.get("214/2026", 0)
                assert own.paid_fen == seen.get("102", 0)
                assert own.set_off_fen == sum(fen for at, fen in seen.items() if at.startswith("114/"))
                assert (own.lapsed_fen, own.otherwise_fen) == (0, 0)
                assert reckoning(view, one, number).fen == own.declared_fen
        tax = sum(one.fen for one in withholdings(view))
        assert tax == -money(self.made).get("214/2026", 0)
        kept = [one for one in receipts(view, one) if one.through == "bank" and not one.back_fen]
        assert sum(receipt.paid_fen for receipt in kept) == 5_000_00 - self.bank
        for number in HOLDERS:
            own_account = member_account(view, number, PAID)
            assert own_account.surplus_due_fen == due(self.made).get(number, 0)
            assert own_account.surplus_fen == (found[number].declared_fen if number in found else 0)


TestMachine = Machine.TestCase
TestMachine.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)


def test_nothing_is_due_of_what_is_not_declared() -> None:
    made = approved(cooperative())
    assert of(made) == {}
    assert receipts(made.view, the(made)) == []

"""What is owed since a run was undone: who is paid twice is named first; advances are no debts of this kind."""

from collections.abc import Callable
from unittest.mock import patch

import pytest

from coopledger.core.chart import C2021, C2023, MONEY, Chart
from coopledger.core.collection import collect
from coopledger.core.debt import undone_debts
from coopledger.core.dividend import declare
from coopledger.core.in_kind import pay_in_kind, reinvest
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.core.payment_order import payment_order
from coopledger.core.payout import held_back, pay
from coopledger.core.problems import problems
from coopledger.core.retained import pay_retained
from coopledger.core.reversal import take_back
from coopledger.core.undoing import undo
from coopledger.errors import RegisterError
from coopledger.reports.arrears import arrears_report
from coopledger.reports.dividend import run_report
from coopledger.reports.payment_list import payment_list_report
from tests.core.dividends import DECLARED, PAID, PROPOSAL, cooperative, declared, due, money
from tests.core.test_netting import ADVANCE, FINAL
from tests.core.test_retained import HALF
from tests.core.village import Village

TWICE = r": set it off first \(through member current, --through member-current\)"


def declared_again(chart: Chart = C2021) -> Village:
    """17 was paid 200 yuan and 18 all of 300 when the run was undone; it is declared again."""
    made = declared(cooperative(chart))
    made.do(pay("2026", effective_on=PAID, holders={"17": 200_00, "18": 300_00}))
    made.do(undo("2026", effective_on=PAID, reason="a slip"), declare("2026", effective_on=PAID))
    return made


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_who_was_paid_of_a_run_that_was_undone_is_not_paid_again_before_it_is_set_off(chart: Chart) -> None:
    made = declared_again(chart)
    assert undone_debts(made.view) == {"17": 200_00, "18": 300_00}
    told = r"^run 2026: some still owe .* \(17: 200\.00 yuan, 18: 300\.00 yuan\)" + TWICE
    for through in ("bank", "cash"):
        with pytest.raises(RegisterError, match=told):
            made.do(pay("2026", effective_on=PAID, through=through))
    with pytest.raises(RegisterError, match=TWICE):
        made.do(pay("2026", effective_on=PAID, holders={"18": 1}))
    made.do(pay("2026", effective_on=PAID, holders=["19"]))
    made.do(pay("2026", effective_on=PAID, through="member current"))
    assert undone_debts(made.view) == {}
    made.do(pay("2026", effective_on=PAID))
    assert money(made)[chart.roles["bank"]] == 5_000_00 - 1_000_00
    assert problems(made.view) == []


def test_who_owes_is_paid_all_the_same_where_it_is_said_why() -> None:
    made = declared_again()
    [record] = made.do(pay("2026", effective_on=PAID, released="the members' meeting lets them pay in parts"))
    assert record.facts["reason"].startswith("the members' meeting")
    assert due(made) == {}
    assert undone_debts(made.view) == {"17": 200_00, "18": 300_00}


def test_what_came_in_is_owed_no_more_and_what_came_in_later_was_owed_then() -> None:
    made = declared_again()
    made.do(collect({"17": 50_00}, effective_on=PAID))
    assert undone_debts(made.view) == {"17": 150_00, "18": 300_00}
    made.do(collect(["17", "18"], effective_on=PAID.replace(day=28)))
    assert undone_debts(made.view, PAID) == {"17": 150_00, "18": 300_00}
    made.do(pay("2026", effective_on=PAID))
    assert undone_debts(made.view, DECLARED) == {}


def test_who_owes_is_not_in_the_file_for_the_bank_and_is_marked_in_the_tables() -> None:
    made = declared_again()
    why = "owes 300.00 yuan since a run was undone: it is set off first"
    assert str(held_back(made.view, "2026", PAID)["18"]) == why
    assert str(payment_order(made.view, "2026", PAID, ["18"]).held_back["18"]) == why
    tables = (run_report(made.view, "2026"), payment_list_report(made.view, "2026", PAID), *arrears_report(made.view))
    assert [why in {str(cell) for row in one.rows for cell in row} for one in tables] == [
        True,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "paid",
    [
        lambda: pay_in_kind("2026", goods="rice", unit="jin", price_fen=1, against="c2021:121", effective_on=PAID),
        lambda: reinvest("2026", "cash", effective_on=PAID),
    ],
)
def test_goods_and_shares_are_not_given_twice_either(paid: Callable[[], Decision]) -> None:
    with pytest.raises(RegisterError, match=TWICE):
        declared_again().do(paid())


def test_what_was_retained_is_not_paid_out_twice_either() -> None:
    made = declared(cooperative(), HALF)
    made.do(pay_retained("2026", holders=["17"], effective_on=PAID, reason="left"))
    made.do(undo("2026", effective_on=PAID, reason="a slip"), declare("2026", effective_on=PAID))
    with pytest.raises(RegisterError, match=TWICE):
        made.do(pay_retained("2026", effective_on=PAID, reason="five years"))
    made.do(pay_retained("2026", effective_on=PAID, reason="set off", through="member current", holders=["17"]))
    made.do(pay_retained("2026", effective_on=PAID, reason="five years"))
    assert undone_debts(made.view) == {}


def test_what_came_in_of_an_advance_is_no_debt_when_that_is_undone() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID), collect({"17": 150_00}, effective_on=PAID))
    made.do(undo("first", effective_on=PAID, reason="a slip"))
    assert undone_debts(made.view) == {"17": 50_00, "18": 120_00, "19": 40, "20": 79_60}
    assert money(made)["114/17"] == 50_00


def test_an_advance_is_no_debt_of_this_kind_until_it_is_undone() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID, holders=["17"]))
    declared(made, PROPOSAL._replace(stream="other", total_fen=10_00), "other")
    made.do(pay("other", effective_on=PAID))
    declared(made, FINAL)
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert undone_debts(made.view) == {}  # what was netted is advanced once more
    made.do(undo("first", effective_on=PAID, reason="a slip"))
    assert undone_debts(made.view) == {"17": 200_00}
    made.do(declare("first", effective_on=PAID), declare("2026", effective_on=PAID))
    with pytest.raises(RegisterError, match=TWICE):
        made.do(pay("first", effective_on=PAID))
    assert undone_debts(made.view) == {"17": 200_00}
    made.do(pay("2026", effective_on=PAID, through="member current", holders={"17": 200_00}))
    assert undone_debts(made.view) == {}
    assert problems(made.view) == []


def test_what_was_set_off_of_an_advance_and_comes_back_is_advanced_once_more() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", effective_on=PAID, through="member current", holders={"17": 150_00, "18": 50_00}))
    made.do(pay("other", effective_on=PAID, holders={"17": 30_00}))
    assert (undone_debts(made.view), money(made)["114/17"]) == ({}, 50_00)
    made.do(undo("other", effective_on=PAID, reason="a slip"))
    assert (undone_debts(made.view), money(made)["114/17"]) == ({"17": 30_00}, 230_00)
    made.do(collect({"17": 30_00}, effective_on=PAID))
    declared(made, FINAL)
    made.do(pay("2026", effective_on=PAID))
    assert (undone_debts(made.view), money(made).get("114/17", 0)) == ({}, 0)
    assert problems(made.view) == []


def test_what_comes_back_of_an_advance_that_was_undone_since_is_a_debt() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", effective_on=PAID, through="member current", holders={"17": 150_00}))
    made.do(undo("first", effective_on=PAID, reason="a slip"))
    assert undone_debts(made.view)["17"] == 50_00
    made.do(declare("first", effective_on=PAID), undo("other", effective_on=PAID, reason="a slip"))
    assert (undone_debts(made.view)["17"], money(made)["114/17"]) == (200_00, 400_00)


def test_what_was_set_off_of_something_else_and_comes_back_is_no_debt_of_this_kind() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders=["18"]), undo("2026", effective_on=PAID, reason="a slip"))
    made.do(Entry("lent", PAID, PAID, {}, [Posting(MONEY, "c2021:102", "c2021:114/17", 100_00)]))
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", effective_on=PAID, through="member current", holders=["17"]))
    made.do(undo("other", effective_on=PAID, reason="a slip"))
    assert (undone_debts(made.view), money(made)["114/17"]) == ({"18": 300_00}, 100_00)


def test_what_was_collected_of_an_advance_and_taken_back_is_advanced_once_more() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(pay("first", effective_on=PAID))
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", effective_on=PAID, holders={"17": 20_00}))
    made.do(undo("other", effective_on=PAID, reason="a slip"))
    [came] = made.do(collect({"17": 70_00}, effective_on=PAID))
    assert (undone_debts(made.view), money(made)["114/17"]) == ({}, 150_00)
    made.do(take_back(came.seq, booked_on=PAID))
    assert (undone_debts(made.view), money(made)["114/17"]) == ({"17": 20_00}, 220_00)


def test_no_more_is_owed_than_stands_in_the_current_account() -> None:
    """He had brought an advance that he was not paid: that is owed to him since it is undone."""
    made = declared(cooperative(), ADVANCE, "first")
    made.do(collect({"17": 150_00}, effective_on=PAID), undo("first", effective_on=PAID, reason="a slip"))
    assert (undone_debts(made.view), money(made)["114/17"]) == ({}, -150_00)
    declared(made, PROPOSAL._replace(stream="other"), "other")
    made.do(pay("other", effective_on=PAID), undo("other", effective_on=PAID, reason="a slip"))
    assert undone_debts(made.view)["17"] == money(made)["114/17"] == 350_00


def test_a_record_of_many_is_read_once() -> None:
    made = declared(cooperative(), ADVANCE, "first")
    made.do(undo("first", effective_on=PAID, reason="a slip"))
    view = made.view
    with patch.object(type(view), "record", autospec=True, side_effect=type(view).record) as read:
        undone_debts(view)
    assert [call.args[1] for call in read.call_args_list] == sorted({call.args[1] for call in read.call_args_list})

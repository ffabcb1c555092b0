"""What is less than the least that is paid waits for a later run of the stream, and is never lost."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.charter import COLLECTIVE
from coopledger.core.dividend import declare
from coopledger.core.lapse import lapse
from coopledger.core.movement import pledge, transfer
from coopledger.core.payment_order import payment_order
from coopledger.core.payout import held_back, pay
from coopledger.core.run import runs, unpaid
from coopledger.core.undoing import undo
from coopledger.errors import RegisterError
from coopledger.reports.arrears import arrears_report
from tests.core.dividends import DECLARED, HOLDERS, PAID, PROPOSAL, cooperative, declared, due, money, paid
from tests.core.village import Village

SMALL = PROPOSAL._replace(total_fen=100_00, hold_below_fen=20_00)
NEXT = SMALL._replace(instalment=2)


def test_cheques_under_two_dollars_are_not_issued() -> None:
    """City Market: a patronage refund of less than 2 is no cheque."""
    made = declared(cooperative(), PROPOSAL._replace(total_fen=1_000_00, hold_below_fen=2_00))
    made.do(pay("2026", effective_on=PAID))
    assert due(made) == {"19": 1_00}
    assert str(held_back(made.view, "2026", PAID)["19"]) == "held over: 1.00 yuan, and 2.00 are the least that is paid"
    with pytest.raises(RegisterError, match=r"what is owed to \[?19\]? is held over until it comes to 2\.00 yuan"):
        made.do(pay("2026", effective_on=PAID))


def test_it_is_paid_with_a_later_run_once_it_comes_to_the_least() -> None:
    made = declared(cooperative(), SMALL)
    made.do(pay("2026", effective_on=PAID))
    assert due(made) == {"19": 10, "20": 19_90}
    declared(made, NEXT._replace(total_fen=1_00), "second")
    records = made.do(pay("second", effective_on=PAID, holders=["17"]))
    assert [record.facts["run"] for record in records] == ["second"]
    declared(made, NEXT._replace(instalment=3), "third")
    records = made.do(pay("third", effective_on=PAID))
    assert [record.facts["run"] for record in records] == ["third", "2026", "second"]
    assert {name: unpaid(made.view, name) for name in runs(made.view)} == {
        "2026": {"19": 10},
        "second": {},
        "third": {"19": 10},
    }
    assert paid(made)["20"] == {"102": 19_90}


def test_what_was_never_held_over_is_not_paid_with_the_later_run() -> None:
    made = declared(cooperative(), SMALL)
    declared(made, NEXT, "second")
    made.do(pay("second", effective_on=PAID))
    assert due(made) == {"17": 50_00, "18": 30_00, "19": 10}
    assert due(made, "second") == {"19": 10}


def test_another_stream_does_not_count() -> None:
    made = declared(cooperative(), SMALL)
    declared(made, SMALL._replace(stream="rent"), "rent")
    made.do(pay("2026", effective_on=PAID), pay("rent", effective_on=PAID))
    assert due(made) == due(made, "rent") == {"19": 10, "20": 19_90}


def test_who_is_named_or_has_sold_all_is_paid() -> None:
    made = declared(cooperative(), SMALL)
    made.do(pay("2026", effective_on=PAID, holders=["19"]))
    made.do(transfer("land", holder="20", to="18", shares=199, effective_on=PAID, reason="sale"))
    made.do(pay("2026", effective_on=PAID))
    assert not due(made)


def test_who_waits_for_something_else_waits_still_and_is_not_paid_with_the_later_run() -> None:
    made = declared(cooperative(), SMALL)
    made.do(pay("2026", effective_on=PAID))
    made.do(pledge("land", holder="20", shares=1, creditor="信用社", effective_on=PAID))
    declared(made, NEXT, "second")
    made.do(pay("second", effective_on=PAID))
    assert due(made) == due(made, "second") == {"19": 10, "20": 19_90}


def test_the_bank_is_told_of_nobody_who_is_held_over_unless_he_is_named() -> None:
    made = declared(cooperative(), SMALL)
    order = payment_order(made.view, "2026", PAID)
    assert [*order.held_back] == ["19", "20"]
    assert {*order.without_account} == {"17", "18"}
    assert {*payment_order(made.view, "2026", PAID, ["20"]).without_account} == {"20"}


def test_what_is_held_over_does_not_lapse() -> None:
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)), SMALL)
    made.do(lapse("2026", effective_on=date(2030, 1, 21)))
    assert due(made) == {"19": 10, "20": 19_90}
    with pytest.raises(RegisterError, match="is held over until it comes to"):
        made.do(lapse("2026", effective_on=date(2030, 1, 21)))


def test_what_was_held_over_when_the_time_began_does_not_lapse_before_it_can_be_paid() -> None:
    """The second run reaches the least a day before: it pays both, and once the first lapsed meanwhile."""
    made = declared(cooperative(charter=COLLECTIVE._replace(lapse_years=3)), SMALL)
    made.do(pay("2026", effective_on=PAID))
    declared(made, NEXT, "second")
    made.do(undo("second", effective_on=PAID, reason="too early"), declare("second", effective_on=date(2030, 2, 1)))
    with pytest.raises(RegisterError, match="20 could not claim it all the time since 2027-02-0"):
        made.do(lapse("2026", effective_on=date(2030, 2, 2)))
    made.do(pay("second", effective_on=date(2030, 2, 2)))
    assert due(made) == {"19": 10}


def test_the_bank_pays_no_more_than_it_has_for_both_runs_together() -> None:
    made = declared(cooperative(bank_fen=80_00 + 119_79), SMALL)
    made.do(pay("2026", effective_on=PAID))
    declared(made, NEXT, "second")
    with pytest.raises(RegisterError, match=r"stands at 119\.79 yuan from 2027-01-25 on: 119\.80 cannot be paid"):
        made.do(pay("second", effective_on=PAID))


def test_arrears_say_that_it_is_held_over() -> None:
    made = declared(cooperative(), SMALL)
    made.do(pay("2026", effective_on=PAID))
    by_run, by_holder = arrears_report(made.view, names=False)
    assert [str(row[-1]) for row in by_holder.rows] == [
        "held over: 0.10 yuan, and 20.00 are the least that is paid",
        "held over: 19.90 yuan, and 20.00 are the least that is paid",
    ]
    assert by_run.rows[0][-1] == "20.00"


@settings(max_examples=40, deadline=None)
@given(
    totals=st.lists(st.integers(1, 200_00), min_size=1, max_size=5),
    least=st.integers(0, 60_00),
    undone=st.booleans(),
)
def test_after_each_payment_nobody_is_owed_as_much_as_the_least_and_nothing_is_lost(
    totals: list[int], least: int, undone: bool
) -> None:
    made: Village = cooperative()
    for n, total in enumerate(totals, 1):
        declared(made, SMALL._replace(total_fen=total, hold_below_fen=least, instalment=n), f"r{n}")
        if undone and n == 2:
            made.do(undo("r2", effective_on=DECLARED, reason="a slip"))
            continue
        with suppress(RegisterError):
            made.do(pay(f"r{n}", effective_on=PAID))
        sums = dict.fromkeys(HOLDERS, 0)
        for name in runs(made.view):
            for number, fen in unpaid(made.view, name).items():
                sums[number] += fen
        assert all(fen < max(least, 1) for fen in sums.values())
        declared_fen = sum(one.amount_fen for one in runs(made.view).values() if one.declared_on)
        assert 5_000_00 - money(made)["102"] + sum(sums.values()) == declared_fen

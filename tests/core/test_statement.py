"""Statements and turnovers: how a holding came about."""

from datetime import date
from fractions import Fraction

import pytest

from coopledger.core.charter import COLLECTIVE, UNISSUED
from coopledger.core.household import change_head, move
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import Joiner, change_members, die, leave
from coopledger.core.movement import issue, pledge, redeem, transfer
from coopledger.core.redenomination import redenominate
from coopledger.core.share_class import preset
from coopledger.core.statement import Turnover, history, statement, turnovers
from coopledger.errors import RegisterError
from tests.core.village import BANK, CAPITAL, FOUNDED, JULY, JUNE, MAY, NEXT_YEAR, VOTE, given, village


def test_a_statement_has_every_movement_with_its_balance() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(
        pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=MAY),
        transfer("cash", holder="0042", to="0051", shares=150, effective_on=JUNE, reason="sale"),
        issue("labour", to="0042", shares=25, effective_on=JUNE, reason="ruling"),
    )
    lines = statement(made.view, "0042")
    assert [(one.kind, one.cls, one.quantity, one.balance, one.free, one.other, one.reason) for one in lines] == [
        ("issue", "cash", 500, 500, 500, "", "contribution"),
        ("pledge", "cash", 0, 500, 400, "", "loan"),
        ("transfer", "cash", -150, 350, 250, "0051", "sale"),
        ("issue", "labour", 25, 25, 25, "", "ruling"),
    ]
    assert statement(made.view, "0042", JUNE) == lines[2:]
    assert statement(made.view, "0042", until=MAY) == lines[:2]
    assert [one.quantity for one in statement(made.view, "0051")] == [150]


def test_a_transfer_between_pledged_parts_keeps_numbers_with_the_same_beginning_apart() -> None:
    made = village([preset("labour")], [Joiner("1"), Joiner("11")])
    made.do(
        issue("labour", to="11", shares=5, effective_on=FOUNDED),
        transfer("labour", holder="11", to="1", shares=2, effective_on=MAY, reason="gift"),
    )
    assert [(one.quantity, one.other) for one in statement(made.view, "1")] == [(2, "11")]


def test_a_memo_of_land_is_no_line_of_shares() -> None:
    made = given(village(), "land", h17=5)
    made.do(Entry("note", FOUNDED, FOUNDED, {}, [Posting("mu", UNISSUED, "holder/17", 250)]))
    assert [one.cls for one in statement(made.view, "17")] == ["land"]


def test_turnovers_between_two_days_reconcile() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(
        transfer("cash", holder="0042", to="0051", shares=150, effective_on=MAY, reason="sale"),
        pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=MAY),
        redeem("cash", holder="0051", shares=50, effective_on=JUNE, reason="buy-back", against=BANK),
    )
    found = turnovers(made.view, "cash", MAY, JUNE)
    assert {number: (one.opening, one.came, one.went, one.closing) for number, one in found.items()} == {
        "0042": (500, {}, {"transfer": 150}, 350),
        "0051": (0, {"transfer": 150}, {"redeem": 50}, 100),
    }


def test_a_finer_fraction_moves_nothing_and_a_split_does() -> None:
    made = given(village([preset("cash", capital=CAPITAL, par_fen=200)]), "cash", m0042=5)
    made.do(
        redenominate("cash", digits=2, effective_on=MAY, resolution=VOTE),
        transfer("cash", holder="0042", to="0051", shares=150, effective_on=JUNE, reason="sale"),
        redenominate("cash", factor=2, effective_on=JULY, resolution=VOTE),
    )
    lines = [(one.kind, one.quantity, one.balance, one.free) for one in statement(made.view, "0042")]
    assert lines == [
        ("issue", 500, 500, 500),
        ("redenominate", 0, 500, 500),
        ("transfer", -150, 350, 350),
        ("redenominate", 350, 700, 700),
    ]
    assert [one.balance for one in statement(made.view, "0042", until=FOUNDED)] == [5]
    assert turnovers(made.view, "cash", MAY, JUNE) == {
        "0042": Turnover(500, {}, {"transfer": 150}, 350),
        "0051": Turnover(0, {"transfer": 150}, {}, 150),
    }
    assert turnovers(made.view, "cash", JUNE, JULY)["0042"] == Turnover(
        500, {"redenominate": 350}, {"transfer": 150}, 700
    )


def test_a_recount_without_a_posting_is_in_what_follows() -> None:
    """Ten old shares for one new, with a decimal more: the number of smallest units is the same."""
    made = given(village(), "labour", m0042=500)
    made.do(
        redenominate("labour", factor=Fraction(1, 10), digits=3, effective_on=MAY, resolution=VOTE),
        transfer("labour", holder="0042", to="0051", shares=100, effective_on=JUNE, reason="gift"),
    )
    assert [one.balance for one in statement(made.view, "0042")] == [5000, 400]
    assert turnovers(made.view, "labour", FOUNDED, JUNE)["0042"] == Turnover(
        0, {"issue": 5000}, {"transfer": 100, "redenominate": 4500}, 400
    )


def test_of_a_number_that_was_never_there_nothing_is_stated() -> None:
    made = village()
    assert statement(made.view, "0042") == []
    for number, told in (("0777", "0777 was never in the register"), ("17/pledged", "without '/', is expected")):
        with pytest.raises(RegisterError, match=told):
            statement(made.view, number)


def test_a_turnover_since_ever_is_told() -> None:
    made = given(village(), "land", h17=5)
    assert turnovers(made.view, "land", date.min, MAY)["17"].closing == 5


def test_the_history_of_a_member_has_his_standing_and_his_households() -> None:
    made = village(charter=COLLECTIVE)
    made.do(
        move(["0052"], to="17", effective_on=JUNE, reason="marriage"),
        change_members(["0052"], effective_on=MAY, reason="election", groups=["cadres"]),
        change_head("17", head="0042", effective_on=JULY),
        leave("0052", effective_on=NEXT_YEAR, reason="moved out"),
    )
    assert [
        (one.effective_on, one.act, one.reason, one.standing, one.household, one.head, one.groups)
        for one in history(made.view, "0052")
    ] == [
        (FOUNDED, "admit", "founding", "member", "18", "0051", ()),
        (MAY, "change", "election", "member", "18", "0051", ("cadres",)),
        (JUNE, "move", "marriage", "member", "17", "0041", ("cadres",)),
        (NEXT_YEAR, "leave", "moved out", "left", "", "", ("cadres",)),
    ]
    assert [one.act for one in history(made.view, "0042")] == ["admit", "change head"]


def test_the_history_of_a_household_has_its_heads_and_its_members() -> None:
    made = village()
    made.do(
        move(["0052"], to="17", effective_on=MAY, reason="marriage"),
        change_head("17", head="0052", effective_on=JUNE),
        die("0051", effective_on=JUNE),
    )
    assert [(one.effective_on, one.act, one.head, one.members) for one in history(made.view, "17")] == [
        (FOUNDED, "admit", "0041", ("0041", "0042", "0043")),
        (MAY, "move", "0041", ("0041", "0042", "0043", "0052")),
        (JUNE, "change head", "0052", ("0041", "0042", "0043", "0052")),
    ]
    assert [(one.act, one.head, one.members) for one in history(made.view, "18")][-1] == ("die", "", ())
    with pytest.raises(RegisterError, match="0777 was never in the register"):
        history(made.view, "0777")

"""Statements and turnovers: how a holding came about."""

from coopledger.core.charter import UNISSUED
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import Joiner
from coopledger.core.movement import issue, pledge, redeem, transfer
from coopledger.core.share_class import preset
from coopledger.core.statement import statement, turnovers
from tests.core.village import BANK, FOUNDED, JUNE, MAY, given, village


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

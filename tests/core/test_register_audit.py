"""The audit of the register: what no verb writes is found."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.charter import COLLECTIVE, UNISSUED
from coopledger.core.household import merge_households
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import leave
from coopledger.core.movement import allot, issue
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import change_class, preset
from tests.core.village import BANK, CAPITAL, FOUNDED, JUNE, MAY, Village, given, village


def written(made: Village, *postings: Posting, kind: str = "import", on: date = MAY, **facts: Any) -> None:
    """What no verb would write."""
    made.do(Entry(kind, on, on, facts, postings))


def problems(made: Village) -> list[str]:
    return [str(one) for one in audit_register(made.view)]


def test_a_sound_book_has_no_problems() -> None:
    made = given(given(village(), "cash", m0042=500), "member", h17=3)
    made.do(issue("subsidy", shares=600, effective_on=FOUNDED))
    made.do(Entry("note", MAY, MAY, personal={"m/0041": {"relation": "户主"}, "m/0042": {"relation": "配偶"}}))
    assert problems(made) == []


def test_shares_of_nobody_are_found() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0777", 5))
    assert problems(made) == ["holder 0777: labour from 2026-05-01 on: held by nobody in the register"]


def test_shares_of_somebody_who_has_left_are_found_from_the_day_he_left() -> None:
    made = village(charter=COLLECTIVE)
    made.do(leave("0042", effective_on=JUNE, reason="moved out"))
    written(made, Posting("labour", UNISSUED, "holder/0042", 5))
    assert problems(made) == ["holder 0042: labour from 2026-06-01 on: held by somebody who has left"]


def test_shares_of_a_household_that_is_merged_are_found() -> None:
    made = village()
    made.do(merge_households("19", into="18", effective_on=JUNE))
    written(made, Posting("member", UNISSUED, "holder/19", 5))
    assert problems(made) == ["holder 19: member from 2026-06-01 on: held by somebody who has left"]


@pytest.mark.parametrize(
    ("cls", "number", "words"),
    [
        ("labour", "17", "held by a kind of holder that may not"),
        ("land", "0042", "held by a kind of holder that may not"),
        ("collective", "0901", "held by a kind of holder that may not"),
        ("subsidy", "0042", "of a pooled class the pool holds all"),
        ("labour", "pool", "of a pooled class the pool holds all"),
    ],
)
def test_shares_of_who_may_not_hold_them_are_found(cls: str, number: str, words: str) -> None:
    made = village()
    written(made, Posting(cls, UNISSUED, f"holder/{number}", 5))
    assert problems(made) == [f"holder {number}: {cls} from 2026-05-01 on: {words}"]


def test_shares_from_before_their_class_are_found() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0042", 5), on=date(2025, 12, 1))
    assert problems(made) == ["holder 0042: labour from 2025-12-01 on: the class is not there yet"]


def test_a_holding_above_the_cap_is_found() -> None:
    made = village([preset("labour", cap=Fraction(1, 5))])
    made.do(allot("labour", dict.fromkeys(["0041", "0042", "0043", "0051", "0052"], 100), effective_on=FOUNDED))
    written(made, Posting("labour", "holder/0041", "holder/0042", 1))
    assert problems(made) == ["holder 0042: labour: 101 on 2026-05-01, more than the cap of 1/5, which is 100"]


def test_a_lot_below_zero_is_found() -> None:
    made = village()
    made.do(issue("labour", to="0042", shares=5, effective_on=FOUNDED, lot="2024"))
    written(made, Posting("labour", "holder/0042", "holder/0041", 5, lot="2025"))
    assert problems(made) == [
        "holder/0042: labour: lot 2025 stands at -5 on 2026-05-01: never below zero is expected",
    ]


def test_capital_that_is_not_shares_at_par_is_found_on_the_first_day_on_which_it_differs() -> None:
    made = given(village(), "cash", m0042=500)
    written(made, Posting("CNY", CAPITAL, BANK, 1))
    written(made, Posting("CNY", BANK, CAPITAL, 1), on=JUNE)
    assert problems(made) == [
        "c37:301: shows 50001 fen on 2026-05-01, paid-in shares at par are 50000 fen: the same is expected"
    ]


def test_capital_is_right_every_day_when_the_account_moves_to_another_chart() -> None:
    made = given(village(), "cash", m0042=500)
    made.do(change_class("cash", effective_on=MAY, reason="chart", capital="c37:311"))
    assert problems(made)[0].startswith("c37:301: shows 50000 fen on 2026-05-01, paid-in shares at par are 0 fen")


def test_households_without_a_head_or_with_two_are_found() -> None:
    made = village()
    written(made, kind="member", members={"0051": {"household": "17"}}, households={})
    made.do(
        Entry("note", MAY, MAY, personal={f"m/{number}": {"relation": "户主"} for number in ("0041", "0042")}),
    )
    assert problems(made) == [
        "household 18: from 2026-05-01 on 0052 live in it, and its head is 0051: one of them is expected",
        "household 17: 0041, 0042 are all its head by their personal data: one is expected",
    ]


def test_an_id_number_in_two_rows_is_found() -> None:
    made = village()
    rows = {f"m/{number}": {"id": "999999198001310014"} for number in ("0041", "0042")}
    made.do(Entry("note", MAY, MAY, personal=rows))
    assert problems(made) == ["member 0042: has the ID number of 0041: one is expected"]


def test_too_many_extra_votes_are_found() -> None:
    made = village()
    written(made, kind="member", members={"0051": {"extra_votes": 9}}, households={})
    assert problems(made)[0].startswith("votes: 9 extra votes: at most 1 are allowed to 7 members")

"""Composition: how shares and votes are spread."""

from datetime import date
from typing import Any

from coopledger.core.charter import COLLECTIVE, UNISSUED
from coopledger.core.composition import Votes, by_household, composition, votes
from coopledger.core.journal import Entry, Posting
from coopledger.core.member import change_members, die
from coopledger.core.movement import issue, pledge
from coopledger.core.share_class import preset
from tests.core.village import FOUNDED, JUNE, MAY, Village, given, village


def written(made: Village, *postings: Posting, kind: str = "import", on: date = MAY, **facts: Any) -> None:
    """What no verb would write."""
    made.do(Entry(kind, on, on, facts, postings))


def test_the_composition_adds_up_by_kind_and_by_household() -> None:
    made = given(given(village(), "cash", m0042=500, m0900=1500), "land", h17=40)
    made.do(issue("cash", to="0051", shares=300, effective_on=FOUNDED, paid=False))
    made.do(pledge("cash", holder="0042", shares=100, creditor="信用社", effective_on=FOUNDED))
    cash = composition(made.view)["cash"]
    assert (cash.shares, cash.holders, cash.pledged, cash.unpaid) == (2300, 3, 100, 300)
    assert cash.by_kind == {"person": 800, "collective": 1500}
    assert cash.capital_fen == 200_000
    assert composition(made.view)["land"].by_kind == {"household": 40}
    assert by_household(made.view) == {"": {"cash": 1500}, "17": {"cash": 500, "land": 40}, "18": {"cash": 300}}


def test_shares_of_somebody_unknown_do_not_stop_a_report() -> None:
    made = village()
    written(made, Posting("labour", UNISSUED, "holder/0777", 5))
    assert composition(made.view)["labour"].by_kind == {"": 5}
    assert by_household(made.view) == {"": {"labour": 5}}


def test_members_of_age_have_one_vote_each_and_minors_none() -> None:
    """农村集体经济组织法 26; extra votes by 农民专业合作社法 22."""
    made = village()
    made.do(change_members(["0051"], effective_on=MAY, reason="contribution", extra_votes=1))
    made.do(die("0041", effective_on=JUNE, new_head="0042"))
    assert sorted(votes(made.view, MAY)) == ["0041", "0042", "0051", "0052", "0061", "0900"]
    assert votes(made.view, MAY)["0051"] == Votes(1, 1)
    assert "0041" not in votes(made.view, JUNE)
    assert "0043" in votes(made.view, date(2033, 6, 7))


def test_a_charter_may_count_votes_by_share() -> None:
    made = village([preset("labour", vote=True), preset("land")], charter=COLLECTIVE._replace(votes="share"))
    made.do(issue("labour", to="0042", shares=250, effective_on=FOUNDED))
    made.do(issue("labour", to="0051", shares=99, effective_on=FOUNDED))
    made.do(issue("land", to="17", shares=99, effective_on=FOUNDED))
    assert votes(made.view, MAY) == {"0042": Votes(2)}

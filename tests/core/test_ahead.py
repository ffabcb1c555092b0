"""A book as it would be, and several decisions in one append."""

import pytest

from coopledger.core.ahead import Ahead, in_turn
from coopledger.core.household import form_household
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue, transfer
from coopledger.core.register import register
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import open_class, preset
from coopledger.errors import EntryError
from tests.core.village import MAY, given, shares, village


def test_a_book_ahead_answers_as_the_book_would() -> None:
    made = given(village(), "cash", m0042=500)
    decision = in_turn(
        transfer("cash", holder="0042", to="0051", shares=100, effective_on=MAY, reason="sale"),
        admit(Joiner("0070", personal={"name": "成员己"}), effective_on=MAY),
    )
    before = made.view
    ahead = Ahead(before, decision(before))
    made.do(decision)
    now = made.view
    assert ahead.head.seq == now.head.seq
    assert ahead.balances("cash", "holder") == now.balances("cash", "holder")
    assert list(ahead.movements("holder/0042", "cash")) == list(now.movements("holder/0042", "cash"))
    assert ahead.personal() == now.personal()
    assert register(ahead, MAY) == register(now, MAY)
    assert [one.kind for one in ahead.records(since=before.head.seq)] == ["transfer", "member"]
    assert [one.kind for one in ahead.records(since=before.head.seq + 1)] == ["member"]
    assert ahead.record(now.head.seq).facts == now.record(now.head.seq).facts
    assert ahead.record(1).facts == now.record(1).facts


def test_several_decisions_are_one_append_each_seeing_those_before_it() -> None:
    made = village()
    both = in_turn(
        open_class(preset("labour", code="years", name="年份股"), effective_on=MAY),
        admit(Joiner("0070"), effective_on=MAY),
        issue("years", to="0070", shares=250, effective_on=MAY),
        transfer("years", holder="0070", to="0042", effective_on=MAY, reason="gift"),
    )
    assert [one.kind for one in made.do(both)] == ["opening", "class", "member", "issue", "transfer"]
    assert shares(made, "years") == {"0042": 250}


def test_a_household_division_moves_people_and_shares_in_one_append() -> None:
    made = given(village(), "land", h17=500)
    made.do(
        in_turn(
            form_household("20", head="0042", members=["0043"], effective_on=MAY),
            transfer("land", holder="17", to="20", shares=200, effective_on=MAY, reason="household division"),
        )
    )
    assert shares(made, "land", MAY) == {"17": 300, "20": 200}
    assert audit_register(made.view) == []


def test_a_list_of_decisions_is_refused_with_the_name_of_what_makes_one_of_them() -> None:
    made = village()
    several = [admit(Joiner(number), effective_on=MAY) for number in ("0070", "0071")]
    with pytest.raises(EntryError, match="in_turn"):
        made.journal.append(several, key="several", actor="accountant")  # type: ignore[arg-type]

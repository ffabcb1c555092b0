"""A book as it was answers as the book did then."""

import pytest

from coopledger.core.earlier import Earlier
from coopledger.core.movement import transfer
from coopledger.core.register import register
from coopledger.errors import UnknownRecordError
from tests.core.village import MAY, given, village


def test_a_book_as_it_was_answers_as_it_did() -> None:
    made = given(village(), "cash", m0042=500)
    before = made.view
    made.do(transfer("cash", holder="0042", to="0051", shares=100, effective_on=MAY, reason="sale"))
    then = Earlier(made.view, before.head.seq)
    assert then.head == before.head
    assert then.balances() == before.balances() != made.view.balances()
    assert then.balances("cash", "holder", MAY) == before.balances("cash", "holder", MAY)
    assert list(then.movements("holder", "cash")) == list(before.movements("holder", "cash"))
    assert list(then.records()) == list(before.records())
    assert list(then.records("issue", since=2)) == list(before.records("issue", since=2))
    assert register(then, MAY) == register(before, MAY)
    assert then.record(1) == before.record(1)
    assert then.personal() == before.personal()
    with pytest.raises(UnknownRecordError, match=f"the book has the records 1 to {before.head.seq}"):
        then.record(before.head.seq + 1)

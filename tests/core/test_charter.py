"""The charter: a book is founded once, and its policies change from a day on."""

from datetime import date
from fractions import Fraction

import pytest

from coopledger.core.charter import COLLECTIVE, book, change_charter, found
from coopledger.core.member import Joiner, admit, leave
from coopledger.errors import RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core.village import FOUNDED, MAY, VOTE, empty, village


def test_the_book_must_be_founded_by_then() -> None:
    made = empty()
    with pytest.raises(RegisterError, match="the book is not founded on 2025-12-31"):
        made.do(admit(Joiner("0070"), effective_on=date(2025, 12, 31)))


def test_a_book_has_the_name_of_its_cooperative() -> None:
    with pytest.raises(RegisterError, match="' ': a name of the cooperative is expected"):
        MemoryJournal("hill").append(found(" ", effective_on=FOUNDED), key="founding", actor="accountant")


def test_a_book_that_is_not_founded_has_no_policies_to_change() -> None:
    with pytest.raises(RegisterError, match="the book is not founded on 2025-12-31"):
        empty().do(change_charter(COLLECTIVE, effective_on=date(2025, 12, 31), resolution=VOTE))


def test_a_book_is_founded_once() -> None:
    with pytest.raises(RegisterError, match="this book is founded already: it is 示例村合作社's"):
        empty().do(found("示例村合作社", effective_on=FOUNDED))


def test_the_charter_changes_from_a_day_on() -> None:
    made = village(charter=COLLECTIVE)
    charter = COLLECTIVE._replace(notice_months=1, extra_votes=Fraction(1, 10))
    made.do(change_charter(charter, name="新示例村合作社", effective_on=MAY, resolution=VOTE))
    assert (book(made.view, FOUNDED).name, book(made.view, MAY).name) == ("示例村合作社", "新示例村合作社")
    made.do(leave("0042", effective_on=date(2026, 4, 1), reason="withdrawal"))
    with pytest.raises(RegisterError, match="notice is given 1 months"):
        made.do(leave("0043", effective_on=MAY, reason="withdrawal"))

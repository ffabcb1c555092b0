"""A book that nobody tampered with verifies, with every anchor that was ever printed; a false anchor is named."""

from datetime import timedelta

import pytest

from coopledger.core.journal import Head, genesis
from coopledger.errors import EntryError, Problem
from tests.store.books import DAY, Promises, about, clock_set, head, issue, locking, note, taking_back, unlocking

LATER = DAY + timedelta(40)


class Verifying(Promises):
    def test_a_book_with_everything_in_it_verifies_with_every_anchor(self) -> None:
        book = self.founded()
        heads = [head(book)]
        for key, entries in {
            "issue": [issue(100), issue(50, "holder/2")],
            "back": [taking_back(30, 2), taking_back(10, 2)],
            "people": [about("1", {"name": "成员甲"}), about("2", {"name": "成员乙"})],
            "lock": [locking(DAY, LATER), note(LATER), unlocking(None, LATER)],
            "clock": [clock_set(LATER)],
        }.items():
            book.append(entries, key=key, actor="me")
            heads.append(head(book))
        book.erase(["1"], key="erasure", actor="me", on=LATER)
        assert book.verify() == []
        assert book.verify([*heads, head(book), Head(0, genesis(book.book))]) == []

    def test_an_empty_book_verifies(self) -> None:
        assert self.empty().verify() == []

    def test_an_anchor_that_is_not_in_the_book_is_named(self) -> None:
        book = self.founded()
        tip = head(book)
        for anchor in (Head(tip.seq, b"\x00" * 32), Head(tip.seq + 1, tip.hash), Head(0, tip.hash)):
            problems = book.verify([tip, anchor])
            assert [str(anchor) in str(problem) for problem in problems] == [True]
            assert all(isinstance(problem, Problem) for problem in problems)

    def test_what_is_no_anchor_is_refused_and_nothing_is_said_of_the_book(self) -> None:
        book = self.founded()
        for wrong in (Head(1, "ab" * 32), Head("1", head(book).hash)):  # type: ignore[arg-type]
            with pytest.raises(EntryError, match="a head is expected"):
                book.verify([wrong])

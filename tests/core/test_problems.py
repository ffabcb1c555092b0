"""Everything that violates a rule of a book, from one function: register, control totals, vouchers."""

from datetime import date

from coopledger.core.accounts import Account, opening
from coopledger.core.fund import receive_donation
from coopledger.core.journal import Entry, Posting
from coopledger.core.problems import problems
from coopledger.store.memory import MemoryJournal
from tests.books import AFTER, cooperative, put


def test_each_audit_has_its_say() -> None:
    journal = cooperative()
    put(journal, receive_donation("D1", 100_00, effective_on=AFTER, reason="a gift"))
    put(journal, lambda _: [Entry("note", AFTER, AFTER, {}, [Posting("land", "unissued", "holder/stray", 3)])])
    put(journal, lambda _: [Entry("note", AFTER, AFTER, {}, [Posting("CNY", "c2021:102", "c2021:311", 5_00)])])
    signed = {"preparer": "head", "reviewer": "head"}
    put(journal, lambda _: [Entry("note", AFTER, AFTER, signed, [Posting("CNY", "c2021:301", "c2021:102", 1_00)])])
    with journal.read() as view:
        found = {one.where for one in problems(view)}
    assert {"holder stray", "c2021:301"} <= found
    assert any("记-" in one for one in found)


def test_a_book_before_its_founding_has_no_register_to_violate() -> None:
    journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    journal.append([Entry("opening", day, day, opening([], [Account("fund", "a fund")]))], key="1", actor="accountant")
    with journal.read() as view:
        assert problems(view) == []


def test_a_sound_book_has_none() -> None:
    with cooperative().read() as view:
        assert problems(view) == []

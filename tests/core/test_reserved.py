"""Kinds of the product's own: a record that the questions could not be folded from is refused, on every store."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from coopledger.core.amortisation import revalue_contribution
from coopledger.core.chart import C2021, adopt
from coopledger.core.charter import BOOK, COLLECTIVE
from coopledger.core.contribution import Valuation
from coopledger.core.journal import Entry, Journal
from coopledger.core.people import MEMBER
from coopledger.core.problems import problems
from coopledger.core.register import register
from coopledger.core.reserved import check_reserved
from coopledger.core.share_class import CLASS
from coopledger.errors import EntryError
from coopledger.store.database import create_book
from coopledger.store.memory import MemoryJournal
from tests.books import AFTER, VOTE, cooperative, put

DAY = date(2026, 1, 1)
CHARTER = {**COLLECTIVE._asdict(), "extra_votes": "0", "quorum": "2/3", "majority": "2/3", "charter_majority": "2/3"}
MONEY = {"amount_fen": 5, "kind": "cash", "into": "bank", "source": "", "rule": ""}
GIVEN = {"number": "G1", "holder": "17", "shares": 5, "money": MONEY}
VALUED = {"amount_fen": 5, "valued_by": "members", "on": "2026-01-01", "appraiser": "", "per_mu_fen": None}
WHOLE = {"kind": "person", "standing": "member", "household": "17", "groups": [], "reason": "birth"}

WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("member", {}, "members is missing"),
    ("member", {"members": {"z": {}}}, "households is missing"),
    ("member", {"members": {"z": 5}, "households": {}}, "'z': 5"),
    ("member", {"members": ["z"], "households": {}}, r"\['z'\]"),
    ("member", {"members": {"z": {"kind": "person"}}, "households": {}}, "standing is missing"),
    ("member", {"members": {"z": {**WHOLE, "standing": "boss"}}, "households": {}}, "standing cannot be meant"),
    ("member", {"members": {"z": {"groups": "poor"}}, "households": {}}, "groups cannot be meant"),
    ("member", {"members": {"z": {"notice_on": "soon"}}, "households": {}}, "soon"),
    ("member", {"members": {"a b": WHOLE}, "households": {}}, "'a b' is not a code"),
    ("member", {"members": {}, "households": {"17": {}}}, "head is missing"),
    ("class", {"class": "x"}, "set is missing"),
    ("class", {"class": "x", "set": {"colour": "red"}}, "colour"),
    ("class", {"class": "x", "set": {"digits": 99}}, "digits = 99 cannot be meant"),
    ("class", {"class": "x", "set": {"code": "y"}}, "code cannot be meant"),
    ("class", {"class": "x", "set": {"cap": "1/0"}}, "'cap': '1/0'"),
    ("book", {}, "set is missing"),
    ("book", {"set": {"name": "示例"}}, "charter is missing"),
    ("book", {"set": {"charter": {**CHARTER, "quorum": "most"}}}, "most"),
    ("book", {"set": {"charter": {**CHARTER, "notice_months": 10**8}}}, "notice_months = 100000000"),
    ("book", {"set": {"charter": {**CHARTER, "colour": "red"}}}, "colour"),
    ("review", {}, "records is missing"),
    ("review", {"records": 5}, "records cannot be meant"),
    ("issue", {"contribution": {"number": "G1"}}, "class is missing"),
    ("issue", {"contribution": {"number": "G1"}, "class": "land"}, "right is missing"),
    ("issue", {"contribution": {**GIVEN, "number": 5}, "class": "land"}, "5 is not a code"),
    ("issue", {"contribution": {**GIVEN, "shares": "5"}, "class": "land"}, "contribution cannot be meant"),
    ("revaluation", {"contribution": "G1"}, "valuation is missing"),
    ("revaluation", {"contribution": "G1", "valuation": VALUED, "difference_fen": "5"}, "difference_fen cannot be"),
    ("redenominate", {"class": "land", "factor": 2}, "factor cannot be meant"),
    ("redenominate", {"class": "land", "factor": "0"}, "factor cannot be meant"),
    ("redenominate", {"class": "land", "factor": "2", "digits": "2"}, "digits cannot be meant"),
    ("redenominate", {"class": "land", "factor": "2", "digits": -1}, "digits cannot be meant"),
    ("opening", {"chart": {}}, "code is missing"),
]


@pytest.mark.parametrize(("kind", "facts", "seen"), WRONG)
def test_facts_that_no_question_could_be_folded_from_are_refused(kind: str, facts: dict[str, Any], seen: str) -> None:
    journal = cooperative()
    with pytest.raises(
        EntryError, match=f"facts of the kind {kind}: .*{seen}.*; .* expected: the kind is coopledger's"
    ):
        put(journal, lambda _: [Entry(kind, AFTER, AFTER, facts)])
    with journal.read() as view:
        assert register(view).members
        assert problems(view) == []


@pytest.mark.parametrize("make", [MemoryJournal, lambda code: create_book(":memory:", code)])
def test_every_store_refuses_them(make: Callable[[str], Journal]) -> None:
    journal = make("hill")
    with pytest.raises(EntryError, match="records of yours take another"):
        journal.append([Entry("member", DAY, DAY, {"members": {"z": {}}})], key="1", actor="host")
    journal.append([Entry("members", DAY, DAY, {"members": {"z": {}}})], key="1", actor="host")


def test_what_the_verbs_write_can_be_read() -> None:
    journal = cooperative()
    put(journal, adopt(C2021, effective_on=AFTER))
    value = Valuation(9_000_00, "members", AFTER)
    put(journal, revalue_contribution("G17", value, effective_on=AFTER, reason="appraised", resolution=VOTE))
    with journal.read() as view:
        for record in view.records():
            check_reserved(record)
        assert {one.kind for one in view.records()} > {MEMBER, CLASS, BOOK, "review", "issue", "revaluation"}


@pytest.mark.parametrize(
    ("kind", "facts", "said"),
    [
        ("member", {"members": {"z": {"standing": "member"}}, "households": {}}, "changes member z from 2027-01-31 on"),
        ("class", {"class": "zj", "set": {"vote": True}}, "changes class zj from 2027-01-31 on, where it is not there"),
    ],
)
def test_the_change_of_what_is_not_there_is_named(kind: str, facts: dict[str, Any], said: str) -> None:
    journal = cooperative()
    [record] = put(journal, lambda _: [Entry(kind, AFTER, AFTER, facts)])
    with journal.read() as view:
        [problem] = problems(view)
        now = register(view)
    assert "z" not in now.members
    assert "zj" not in now.classes
    assert (problem.where, str(problem.message)[: len(said)]) == (f"record {record.seq}", said)


def test_a_book_that_was_filled_by_other_means_is_told_of_record_by_record(monkeypatch: pytest.MonkeyPatch) -> None:
    journal = cooperative()
    monkeypatch.setattr("coopledger.core.chain.check_reserved", lambda _: None)
    [one] = put(journal, lambda _: [Entry("member", AFTER, AFTER, {"members": {"z": {}}})])
    [other] = put(journal, lambda _: [Entry("review", AFTER, AFTER)])
    with journal.read() as view:
        found = [str(each) for each in problems(view)]
        with pytest.raises(KeyError):
            register(view)
    assert [each.partition(":")[0] for each in found] == [f"record {one.seq}", f"record {other.seq}"]
    assert "households is missing" in found[0]


def test_a_charter_before_the_founding_is_in_nobodys_way() -> None:
    journal = MemoryJournal("hill")
    journal.append([Entry("book", DAY, DAY, {"set": {"charter": CHARTER}})], key="1", actor="host")
    with journal.read() as view:
        assert [one.where for one in problems(view)] == ["record 1"]

"""The reading that spares a verification most of its questions: what it does not suspect is never below zero."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import Account, Denomination, Ground
from coopledger.core.audit import GuardAudit, Stored
from coopledger.core.balances import first_overdrawn
from coopledger.core.journal import TRANSIT, Posting, Record, day_number
from tests.store.books import DAY

GROUND = Ground(
    {"land": Denomination("land", "land shares"), "CNY": Denomination("CNY", "yuan", 2)},
    {one.code: one for one in (Account("a", "a", "debit"), Account("b", "b", "credit"), Account("c", "c"))},
)
ACCOUNTS = st.sampled_from(["a/1", "a/2", "b/1", "b/2", "c"])
LINES = st.lists(
    st.builds(Posting, st.sampled_from(["land", "CNY"]), ACCOUNTS, ACCOUNTS, st.integers(1, 4)), min_size=1, max_size=4
)


def record(seq: int, days: int, lines: list[Posting]) -> Record:
    on = DAY + timedelta(days)
    return Record(seq, b"", b"", "note", on, on, seq, f"{seq}", b"", "me", {}, (), 0, tuple(lines))


def audited(records: list[Record]) -> GuardAudit:
    audit = GuardAudit()
    for one in records:
        rows: list[Any] = [(*line, n, day_number(one.effective_on)) for n, line in enumerate(one.postings)]
        seen = audit.read(Stored(one, "{}", "[]", len(rows), [rows[:2], rows[2:]]), GROUND)
        assert [row for page in seen.pages for row in page] == rows
    return audit


@given(st.lists(st.tuples(st.integers(0, 5), LINES), max_size=12))
def test_a_place_that_is_not_suspected_is_never_below_zero(steps: list[tuple[int, list[Posting]]]) -> None:
    records = [record(n, days, lines) for n, (days, lines) in enumerate(steps, 1)]
    audit = audited(records)
    used = {(line.denomination, side) for one in records for line in one.postings for side in line[1:3]}
    guarded = {place for place in used if GROUND.guard(place[1]) != "none"}
    assert audit.suspects <= guarded
    assert first_overdrawn(records, guarded - audit.suspects, GROUND) is None


@given(st.lists(LINES, max_size=12))
def test_every_place_is_noted_once_with_the_first_record_that_names_it(steps: list[list[Posting]]) -> None:
    records = [record(n, 0, lines) for n, lines in enumerate(steps, 1)]
    first: dict[tuple[str, str], int] = {}
    for one in records:
        for line in one.postings:
            for side in line[1:3]:
                first.setdefault((line.denomination, side), one.seq)
    assert sorted(audited(records).used) == sorted((*place, seq) for place, seq in first.items())


def test_a_book_kept_in_the_order_of_its_days_leaves_nobody_in_doubt() -> None:
    give, take = Posting("land", "c", "a/1", 5), Posting("land", "a/1", "a/2", 5)
    assert audited([record(1, 0, [give]), record(2, 1, [take])]).suspects == set()
    assert audited([record(1, 0, [give]), record(2, 0, [take])]).suspects == set()
    assert audited([record(1, 2, [give]), record(2, 1, [take])]).suspects == {("land", "a/1")}
    assert audited([record(1, 0, [take]), record(2, 1, [give])]).suspects == {("land", "a/1")}


def test_what_a_record_leaves_in_transit_is_said_of_that_record_alone() -> None:
    half, whole = Posting("land", TRANSIT, "a/1", 3), Posting("land", "c", TRANSIT, 3)
    audit = audited([record(1, 0, [whole, half]), record(2, 0, [half]), record(3, 0, [whole, half])])
    assert [one.where for one in audit.left] == ["record 2"]

"""Entries become records in one chain; repetitions, keys, clocks."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import NOTHING, grown
from coopledger.core.chain import (
    FAR_US,
    PersonalRow,
    Tip,
    Written,
    chained,
    check_actor,
    check_after,
    check_key,
    check_repeated,
    decided,
    known_seq,
    microseconds,
    start,
)
from coopledger.core.journal import Entry, Head, commitment, genesis
from coopledger.errors import (
    ClockError,
    EntryError,
    KeyConflictError,
    LockedPeriodError,
    StaleJournal,
    UnopenedError,
)
from coopledger.store.memory import MemoryJournal
from tests.store.books import (
    DAY,
    NOW_US,
    Salts,
    about,
    clock_set,
    founding,
    hashes_by_hand,
    issue,
    json_of,
    locking,
    note,
)

HUGE = pytest.param(10**5000, id="huge")

TIP = Tip(7, b"h" * 32, NOW_US, grown(NOTHING, founding()))


def written(*entries: Entry, tip: Tip = TIP, now_us: int = NOW_US + 5, **said: Any) -> list[Written]:
    return chained(entries, tip, now_us=now_us, **{"key": "key", "actor": "me", "salt": Salts(), **said})


# ---------------------------------------------------------------- chaining


def test_records_follow_the_tip_and_each_other() -> None:
    found = [one.record for one in written(note(), issue(5), locking(DAY, DAY))]
    assert [one.seq for one in found] == [8, 9, 10]
    assert [one.prev_hash for one in found] == [b"h" * 32, found[0].hash, found[1].hash]
    assert [one.key for one in found] == ["key", "key#2", "key#3"]
    assert [one.recorded_us - NOW_US for one in found] == [5, 6, 7]
    assert [one.locked_through for one in found] == [0, 0, 20260101]
    assert [hashes_by_hand(one) for one in found] == [(one.content_hash, one.hash) for one in found]


def test_what_is_appended_is_a_list_of_entries() -> None:
    for wrong in ("note", note(), ["note"], None, 5, {"note": note()}):
        with MemoryJournal("hill").read() as view, pytest.raises(EntryError, match="a list of Entry is expected"):
            decided(wrong, view)  # type: ignore[arg-type]
        with MemoryJournal("hill").read() as view, pytest.raises(EntryError, match="a list of Entry is expected"):
            decided(lambda _, given=wrong: given, view)  # type: ignore[misc]


def test_the_first_record_follows_the_hash_of_the_books_name() -> None:
    tip = start("hill")
    assert tip == (0, genesis("hill"), 0, NOTHING)
    assert tip.head == Head(0, genesis("hill"))
    assert written(note(), tip=tip)[0].record.prev_hash == genesis("hill")


def test_texts_that_were_hashed_come_with_the_record() -> None:
    [one] = written(Entry("members", DAY, DAY, {"b": 1, "a": None}, [], {"2": {"n": 2}, "1": {"n": 1}}))
    salts = Salts()
    rows = [PersonalRow("1", salts(), '{"n":1}'), PersonalRow("2", salts(), '{"n":2}')]
    assert one.facts == '{"a":null,"b":1}'
    assert list(one.rows) == rows
    assert one.record.personal == tuple((row.subject, commitment(row.salt, row.row)) for row in rows)
    assert one.personal == json_of([list(pair) for pair in one.record.personal])
    assert written(note())[0][1:] == ("{}", "[]", ())


def test_what_an_entry_opens_or_closes_holds_from_the_next_one_on() -> None:
    fund = Entry("opening", DAY, DAY, {"accounts": {"fund": ["a fund", "none"]}})
    assert len(written(fund, issue(1, "fund"))) == 2
    with pytest.raises(UnopenedError):
        written(issue(1, "fund"), fund)
    assert len(written(note(), locking(DAY, DAY))) == 2
    with pytest.raises(LockedPeriodError):
        written(locking(DAY, DAY), note())


def test_nothing_becomes_nothing() -> None:
    assert written() == []


# ---------------------------------------------------------------- the clock


@pytest.mark.parametrize(
    ("now_us", "recorded_us"),
    [(-FAR_US, 1), (-5, 1), (0, 1), (1, 1), (2, 2), (FAR_US, FAR_US)],
)
def test_a_record_is_later_than_the_last_and_not_before_the_clock(now_us: int, recorded_us: int) -> None:
    assert written(note(), now_us=NOW_US + now_us)[0].record.recorded_us == NOW_US + recorded_us


def test_a_clock_too_far_ahead_is_confirmed_or_refused() -> None:
    ahead = NOW_US + FAR_US + 1
    for entry in (note(), clock_set()):
        with pytest.raises(ClockError, match="31 days ahead of the last record: confirm it"):
            written(entry, now_us=ahead)
        assert written(entry, now_us=ahead, confirm_clock=True)[0].record.recorded_us == ahead


def test_a_clock_too_far_behind_is_set_right_by_a_clock_record_alone() -> None:
    behind = NOW_US - FAR_US - 1
    for confirmed in (False, True):
        with pytest.raises(ClockError, match="31 days behind the last record"):
            written(note(), now_us=behind, confirm_clock=confirmed)
    found = written(clock_set(), note(), now_us=behind)
    assert [one.record.recorded_us for one in found] == [behind, behind + 1]


def test_the_first_record_takes_any_time() -> None:
    for now_us, recorded_us in ((-5, 1), (0, 1), (10 * FAR_US, 10 * FAR_US)):
        assert written(note(), tip=start("hill"), now_us=now_us)[0].record.recorded_us == recorded_us


@given(st.lists(st.tuples(st.integers(-3, 6), st.booleans()), max_size=12), st.integers(-2, 12))
def test_what_was_known_at_a_time_is_everything_up_to_the_last_record_of_that_time(
    steps: list[tuple[int, bool]], known_us: int
) -> None:
    tip, found = start("hill"), []
    now_us = 1
    for step, is_clock in steps:
        now_us = max(1, now_us + step)
        [one] = written(clock_set() if is_clock else note(), tip=tip, now_us=now_us)
        found.append((one.record.seq, one.record.recorded_us, one.record.kind))
        tip = Tip(one.record.seq, one.record.hash, one.record.recorded_us, NOTHING)
    assert known_seq(found, known_us) == max((seq for seq, us, _ in found if us <= known_us), default=0)


def test_times_are_counted_in_microseconds_since_1970() -> None:
    assert microseconds(datetime(1970, 1, 1, 0, 0, 1, 2, tzinfo=UTC)) == 1_000_002
    assert microseconds(datetime(2026, 1, 1)) == NOW_US  # noqa: DTZ001 - a time without a zone is UTC
    assert microseconds(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == NOW_US
    assert microseconds(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


# ---------------------------------------------------------------- keys, actors, heads


@pytest.mark.parametrize("good", ["a", " a", "a b", "2026 年分红", "x" * 200, "'; --", "é", "👩"])
def test_a_key_is_given_as_it_is(good: str) -> None:
    assert check_key(good) == good
    assert check_actor(good) == good


@pytest.mark.parametrize("bad", ["", " ", "   ", "a\n", "\x00", "\u202e", "\ud800", "x" * 201, None, 7, b"a", HUGE])
@pytest.mark.parametrize("check", [check_key, check_actor])
def test_what_is_no_key_and_no_actor_is_refused(check: Callable[[object], str], bad: object) -> None:
    with pytest.raises(EntryError, match="is not a") as raised:
        check(bad)
    assert str(raised.value).isprintable()


def test_the_sign_of_later_records_stands_in_no_key() -> None:
    with pytest.raises(EntryError):
        check_key("key#2")
    assert check_actor("clerk #2") == "clerk #2"


def test_a_key_is_given_in_its_normal_form_and_measured_in_it() -> None:
    assert check_key("cafe\u0301") == "café"
    assert check_key("e\u0301" * 200) == "é" * 200
    with pytest.raises(EntryError):
        check_key("\u0958" * 101)  # two characters each in the normal form


def test_a_head_is_compared_by_number_and_hash() -> None:
    head = Head(3, bytes(32))
    check_after(None, head)
    check_after(Head(3, bytes(32)), head)
    for other in (Head(2, bytes(32)), Head(4, bytes(32)), Head(3, b"h" * 32)):
        with pytest.raises(StaleJournal, match=f"decided after record {other}"):
            check_after(other, head)


# ---------------------------------------------------------------- repetitions


def test_a_repetition_is_compared_field_by_field_and_rows_by_what_is_left_of_them() -> None:
    entries = [note(a=1), about("1", {"n": 1})]
    records = written(*entries)
    rows = {one.record.seq: list(one.rows) for one in records}
    found = [one.record for one in records]
    check_repeated(entries, found, "me", lambda one: rows[one.seq])
    check_repeated([note(a=1), about("1", {"n": 2})], found, "me", lambda _: [])  # erased: nothing to compare with
    for name, others, actor in (
        ("actor", entries, "you"),
        ("entries", entries[:1], "me"),
        ("entries", [*entries, note()], "me"),
        ("facts", [note(a=2), entries[1]], "me"),
        ("kind", entries[::-1], "me"),
        ("personal", [entries[0], about("2", {"n": 1})], "me"),
        ("personal 1", [entries[0], about("1", {"n": 2})], "me"),
    ):
        with pytest.raises(KeyConflictError) as raised:
            check_repeated(others, found, actor, lambda one: rows[one.seq])
        assert raised.value.message.values["name"] == name


def test_a_conflict_does_not_show_what_is_personal() -> None:
    [one] = written(about("1", {"name": "成员甲"}))
    with pytest.raises(KeyConflictError) as raised:
        check_repeated([about("1", {"name": "成员乙"})], [one.record], "me", lambda _: one.rows)
    assert "成员" not in str(raised.value)

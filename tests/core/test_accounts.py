"""Accounts and denominations are opened by records; periods are closed by them."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import (
    NOTHING,
    Account,
    Denomination,
    Ground,
    check_opened,
    check_period,
    confirm_clock,
    grown,
    lock,
    opening,
    unlock,
)
from coopledger.core.citation import Document
from coopledger.core.journal import Decision, Entry, Posting
from coopledger.errors import ClockError, EntryError, LockedPeriodError, UnopenedError
from coopledger.store.memory import MemoryJournal
from tests.store.books import ACCOUNTS, DAY, DENOMINATIONS, founding, locking, move, note, unlocking

GROUND = grown(NOTHING, founding())


def opened(facts: dict[str, Any], ground: Ground = GROUND) -> Ground:
    return grown(ground, Entry("opening", DAY, DAY, facts))


def test_an_opening_opens_what_it_says() -> None:
    assert GROUND.denominations == {one.code: one for one in DENOMINATIONS}
    assert GROUND.accounts == {one.code: one for one in ACCOUNTS}
    assert GROUND.locked_through == 0
    assert Ground({}, {}) == NOTHING


def test_a_part_has_the_guard_of_its_account() -> None:
    assert [GROUND.guard(one) for one in ("holder/0042/pledged", "c37:222/1", "unissued", "holders/1")] == [
        "debit", "credit", "none", "none",
    ]  # fmt: skip


def test_other_kinds_of_records_open_and_close_nothing() -> None:
    facts = {**opening([Denomination("gold", "gold")], [Account("fund", "a fund")]), "through": "2026-01-31"}
    assert grown(GROUND, Entry("note", DAY, DAY, facts)) == GROUND


def test_growing_leaves_the_ground_before_as_it_was() -> None:
    before = (dict(GROUND.accounts), dict(GROUND.denominations))
    grown_one = opened({"accounts": {"fund": ["a fund", "none"]}, "denominations": {"gold": ["gold", 3]}})
    assert (GROUND.accounts, GROUND.denominations) == before
    assert grown_one.accounts["fund"] == Account("fund", "a fund")
    assert grown_one.denominations["gold"] == Denomination("gold", "gold", 3)


def test_a_name_may_change_and_digits_may_be_added_when_something_is_opened_again() -> None:
    again = opened({"accounts": {"holder": ["shareholders", "debit"]}, "denominations": {"CNY": ["人民币", 4]}})
    assert again.accounts["holder"].name == "shareholders"
    assert again.denominations["CNY"] == Denomination("CNY", "人民币", 4)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"accounts": {"holder": ["holders", "none"]}}, "guard debit is expected"),
        ({"accounts": {"unissued": ["unissued", "debit"]}}, "guard none is expected"),
        ({"denominations": {"CNY": ["yuan", 1]}}, "at least 2 digits is expected"),
        ({"denominations": {"gold": ["gold", 10]}}, "digits from 0 to 9"),
        ({"denominations": {"gold": ["gold", -1]}}, "digits from 0 to 9"),
        ({"denominations": {"gold": ["gold", True]}}, "digits from 0 to 9"),
        ({"denominations": {"gold": ["gold"]}}, "digits from 0 to 9"),
        ({"denominations": {"go ld": ["gold", 1]}}, "is not a code"),
        ({"denominations": ["gold"]}, r"\{code: \[…\]\} is expected"),
        ({"accounts": {"fund": ["a fund", "Debit"]}}, "guard"),
        ({"accounts": {"fund": ["a fund", None]}}, "guard"),
        ({"accounts": {"fund/1": ["a part", "none"]}}, "guard"),
        ({"accounts": {"fund": {"name": "a fund"}}}, "guard"),
        ({"accounts": {"\x1b[2J": ["escape", "none"]}}, "is not a code"),
        ({"accounts": {"\x1b[2J": 1}}, r"opening of \\x1b\[2J: 1"),
    ],
)
def test_facts_that_open_nothing_are_refused(facts: dict[str, Any], expected: str) -> None:
    with pytest.raises(EntryError, match=expected) as raised:
        opened(facts)
    assert str(raised.value).isprintable()


def test_a_posting_names_what_is_open() -> None:
    check_opened(GROUND, note())
    check_opened(GROUND, move(1, "unissued", "holder/0042/pledged"))
    with pytest.raises(UnopenedError, match="gold: no such denomination in this book; it has CNY, land, mu"):
        check_opened(GROUND, move(1, "unissued", "holder/1", denomination="gold"))
    with pytest.raises(UnopenedError, match="no such denomination in this book; it has -"):
        check_opened(NOTHING, move(1, "unissued", "holder/1"))
    lines = [Posting("land", "here/1", "holder/1", 1), Posting("land", "unissued", "there", 1)]
    with pytest.raises(UnopenedError, match="here, there: no such account"):
        check_opened(GROUND, Entry("move", DAY, DAY, {}, lines))


def test_a_closed_period_takes_nothing_up_to_its_last_day() -> None:
    ground = grown(GROUND, locking(date(2026, 1, 31), DAY))
    assert ground.locked_through == 20260131
    for booked in (date(1999, 1, 1), date(2026, 1, 31)):
        with pytest.raises(LockedPeriodError, match="closed up to 2026-01-31"):
            check_period(ground, note(date(2026, 2, 1), booked=booked))
    check_period(ground, note(date(1999, 1, 1), booked=date(2026, 2, 1)))
    check_period(GROUND, note(date(1900, 1, 1)))


def test_the_refusal_of_a_lock_says_the_day_as_people_write_it() -> None:
    ground = grown(GROUND, locking(date(2026, 1, 31), DAY))
    with pytest.raises(EntryError, match="lock through 2026-01-15: a day after 2026-01-31 is expected"):
        grown(ground, locking(date(2026, 1, 15), DAY))
    with pytest.raises(EntryError, match="unlock through 2026-02-15: a day before 2026-01-31 is expected"):
        grown(ground, unlocking(date(2026, 2, 15), DAY))
    with pytest.raises(EntryError, match="unlock through 2026-01-15: a day before - is expected"):
        grown(GROUND, unlocking(date(2026, 1, 15), DAY))


def test_a_book_is_closed_and_opened_again() -> None:
    journal = MemoryJournal("hill")
    keys = iter("abcdefgh")
    january, december = date(2026, 1, 31), date(2025, 12, 31)
    paper = Document("audit.pdf", "ab" * 32)

    def do(decision: Decision) -> list[int]:
        return [one.locked_through for one in journal.append(decision, key=next(keys), actor="accountant")]

    assert do(lock(january, effective_on=DAY, booked_on=date(2026, 2, 5))) == [20260131]
    assert do(lock(january, effective_on=DAY, booked_on=date(2026, 2, 6))) == []  # it is closed already
    with pytest.raises(EntryError, match="a day after 2026-01-31"):
        do(lock(december, effective_on=DAY, booked_on=date(2026, 2, 6)))
    assert do(unlock(december, reason="audit", effective_on=DAY, documents=[paper])) == [20251231]
    assert do(unlock(december, reason="audit", effective_on=DAY)) == []
    with pytest.raises(EntryError, match="its reason is missing"):
        do(unlock(None, reason=" ", effective_on=DAY))
    assert do(unlock(None, reason="a slip of the pen", effective_on=DAY)) == [0]
    with journal.read() as view:
        facts = [one.facts for one in view.records("unlock")]
    assert (facts[0]["documents"][0]["name"], facts[1]) == (
        "audit.pdf",
        {"through": None, "reason": "a slip of the pen"},
    )


def test_a_clock_that_was_wrong_is_confirmed() -> None:
    times = iter([2 * 10**15, 10**15, 10**15, 10**15])
    journal = MemoryJournal("hill", clock=lambda: next(times))
    journal.append([note()], key="far ahead", actor="accountant")
    with pytest.raises(ClockError):
        journal.append([note()], key="now", actor="accountant")
    entry = confirm_clock(reason="the server's date was wrong", effective_on=DAY)
    journal.append([entry], key="clock", actor="accountant", confirm_clock=True)
    journal.append([note()], key="again", actor="accountant")
    assert journal.verify() == []


@pytest.mark.parametrize(
    "seen",
    [
        "someday",
        "2026-02-30",
        "",
        None,
        7,
        [],
        {},
        "1899-12-31",
        "2999-12-31",
        "9999-12-31",
        "0001-01-01",
        "\x1b[2J" * 99,
    ],
)
def test_what_is_no_day_to_close_a_period_on_is_refused(seen: object) -> None:
    """One day is left at the end of the calendar, or a slip of the pen would close a book for ever."""
    with pytest.raises(EntryError, match="lock through") as raised:
        grown(GROUND, Entry("lock", DAY, DAY, {"through": seen}))
    assert str(raised.value).isprintable()
    assert len(str(raised.value)) < 200


def test_a_lock_without_a_day_is_refused_and_an_unlock_without_one_opens_everything() -> None:
    with pytest.raises(EntryError):
        grown(GROUND, Entry("lock", DAY, DAY, {}))
    assert grown(grown(GROUND, locking(DAY, DAY)), unlocking(None, DAY)).locked_through == 0


@given(st.lists(st.dates(date(2020, 1, 1), date(2020, 1, 9)), max_size=9), st.data())
def test_locks_go_forward_and_unlocks_back(days: list[date], data: st.DataObject) -> None:
    ground, through = GROUND, date(1, 1, 1)
    for day in days:
        forward = data.draw(st.booleans())
        entry = locking(day, DAY) if forward else unlocking(day, DAY)
        if day > through if forward else day < through:
            ground, through = grown(ground, entry), day
            assert ground.locked_through == int(f"{day:%Y%m%d}")
        else:
            with pytest.raises(EntryError):
                grown(ground, entry)

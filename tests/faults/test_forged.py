"""Books whose hashes are all right and that break a rule: nobody checked what was appended, and ``verify`` names it."""

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
from sqlalchemy import Connection

from coopledger.core import chain, journal
from coopledger.core.accounts import Account, Denomination, Ground, grown, opening
from coopledger.core.chain import PersonalRow, Tip
from coopledger.core.journal import Entry, Posting, Record
from coopledger.store import memory
from coopledger.store.memory import MemoryJournal
from coopledger.store.sql import SqlJournal
from tests.faults.books import Place, in_a_file, said
from tests.store.books import (
    DAY,
    NOW_US,
    Clock,
    Salts,
    about,
    assert_whole,
    clock_set,
    founding,
    issue,
    locking,
    move,
    note,
    take,
    taking_back,
    unlocking,
)

_numbers = itertools.count(1)
NEXT, THIRD, LATER = (DAY + timedelta(n) for n in (1, 2, 40))


class Forge(NamedTuple):
    """A book of two records (founded, 10 shares issued), and its database if it has one."""

    book: MemoryJournal | SqlJournal
    place: Place | None

    @contextmanager
    def unchecked(self) -> Iterator[None]:
        """While this lasts nothing is checked, neither by the library nor by the database; hashes are made as ever."""

        def nothing(*_: object) -> None:
            """Accept everything."""

        with ExitStack() as stack:
            if self.place is not None:
                stack.enter_context(self.place.off_guard())
            for where, check in (
                (chain, "check_opened"),
                (chain, "check_period"),
                (memory, "first_overdrawn"),
                (MemoryJournal, "_check_reversals"),
                (SqlJournal, "_check_guards"),
                (SqlJournal, "_check_reversals"),
            ):
                stack.enter_context(patch.object(where, check, nothing))
            yield

    def append(self, *entries: Entry) -> None:
        """Append what no book may hold."""
        with self.unchecked():
            self.book.append(entries, key=f"forged {next(_numbers)}", actor="forger")

    def rows(self, subject: str) -> list[tuple[int, PersonalRow]]:
        """The personal rows about a number, with the records that they belong to."""
        if isinstance(self.book, MemoryJournal):
            return [(seq, one) for seq, rows in self.book._rows.items() for one in rows if one.subject == subject]
        assert self.place is not None
        return [
            (int(str(seq)), PersonalRow(subject, bytes(salt), str(content)))  # type: ignore[call-overload]
            for seq, salt, content in self.place.rows(
                f"SELECT seq, salt, content FROM {{s}}coopledger_personal WHERE subject = '{subject}' ORDER BY seq"
            )
        ]

    def put(self, seq: int, row: PersonalRow) -> None:
        """Add a personal row to a record that is complete."""
        if isinstance(self.book, MemoryJournal):
            self.book._rows.setdefault(seq, []).append(row)
            return
        assert self.place is not None
        salt = f"x'{row.salt.hex()}'" if self.place.dialect == "sqlite" else f"'\\x{row.salt.hex()}'"
        with self.place.off_guard():
            self.place.run(
                "INSERT INTO {s}coopledger_personal (book, subject, seq, salt, content) "
                f"VALUES (1, '{row.subject}', {seq}, {salt}, '{row.row}')"
            )

    def lose(self, subject: str) -> None:
        """Remove the personal rows about a number."""
        if isinstance(self.book, MemoryJournal):
            for seq, rows in self.book._rows.items():
                self.book._rows[seq] = [one for one in rows if one.subject != subject]
            return
        assert self.place is not None
        with self.place.off_guard():
            self.place.run(f"DELETE FROM {{s}}coopledger_personal WHERE subject = '{subject}'")


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def forge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Forge]:
    """A sound book of each kind."""
    if request.param == "memory":
        found = Forge(MemoryJournal("hill", clock=Clock(), salt=Salts()), None)
    elif request.param == "sqlite":
        place = in_a_file(tmp_path / "book.db")
        found = Forge(place.book(), place)
    else:
        schema = f"coopledger_forged_{os.getpid()}_{next(_numbers)}"
        place = Place(request.getfixturevalue("fault_engine"), schema)
        found = Forge(place.book(), place)
    found.book.append([founding(), issue(10)], key="founding", actor="clerk")
    yield found
    if found.place is not None and request.param == "sqlite":
        found.place.engine.dispose()
    elif found.place is not None:
        found.place.run(f"DROP SCHEMA IF EXISTS {found.place.schema} CASCADE")


def opened(account: str) -> Entry:
    return Entry("opening", DAY, DAY, opening([], [Account(account, account)]))


def voucher(*lines: Posting) -> Entry:
    """A record of money whose transit account nobody looked at."""
    with patch.object(journal, "_check_transit"):
        return Entry("voucher", DAY, DAY, {}, lines)


def through_transit(left: int) -> Entry:
    return voucher(Posting("CNY", "c37:102", "transit", 50), Posting("CNY", "transit", "c37:332", 50 - left))


def unread(posting: Posting) -> Entry:
    """A record with one posting whose codes nobody looked at."""
    with patch.object(journal, "_checked", lambda rows: rows):
        return Entry("move", DAY, DAY, {}, [posting])


CAPITAL = Entry("dividend", DAY, DAY, {}, [Posting("CNY", "c37:222/1", "c37:332", 100)])
NOT_THERE = "line 0 reverses line {} of record {}: that line does not move land from unissued to holder/1, or is a "
CLOSED = "record {}: it is booked on {}, in a locked period"

FORGED: dict[str, tuple[list[Entry], list[str]]] = {
    "nothing that breaks a rule": (
        [
            take(10),
            CAPITAL,
            issue(5, "holder/2"),
            taking_back(5, 5, holder="holder/2"),
            through_transit(0),
            locking(NEXT, NEXT),
            unlocking(None, DAY),
            clock_set(),
        ],
        [],
    ),
    "more taken than there is": ([take(11)], ["holder/1: land below zero on 2026-01-01"]),
    "more taken than there is, and given back later": (
        [take(11, on=NEXT), issue(1, on=THIRD)],
        ["holder/1: land below zero on 2026-01-02"],
    ),
    "more taken on an earlier day than there was": (
        [issue(5, "holder/2", THIRD), take(5, "holder/2", NEXT)],
        ["holder/2: land below zero on 2026-01-02"],
    ),
    "taken on an earlier day, and missing on a later one": (
        [take(10, on=THIRD), take(1, on=NEXT), issue(1, on=LATER)],
        ["holder/1: land below zero on 2026-01-03"],
    ),
    "more paid than was owed": (
        [CAPITAL, move(101, "c37:102", "c37:222/1", denomination="CNY")],
        ["c37:222/1: CNY below zero on 2026-01-01"],
    ),
    "more paid on an earlier day than was owed": (
        [
            Entry("dividend", THIRD, THIRD, {}, CAPITAL.postings),
            move(100, "c37:102", "c37:222/1", NEXT, denomination="CNY"),
        ],
        ["c37:222/1: CNY below zero on 2026-01-02"],
    ),
    "more taken back than there was": (
        [*[issue(9, "holder/2")] * 2, taking_back(6, 3, holder="holder/2"), taking_back(4, 3, holder="holder/2")],
        ["record 6: line 0 reverses 4 of line 0 of record 3: 3 of 9 are left to reverse"],
    ),
    "a line taken back that is not there": ([taking_back(1, 2, 5)], [f"record 3: {NOT_THERE.format(5, 2)}"]),
    "a line taken back of a record that is not there yet": (
        [taking_back(1, 3)],
        [f"record 3: {NOT_THERE.format(0, 3)}"],
    ),
    "a line taken back in its own record": (
        [
            Entry(
                "both",
                DAY,
                DAY,
                {},
                [Posting("land", "unissued", "holder/1", 5), Posting("land", "holder/1", "unissued", 5, 3, 0)],
            )
        ],
        ["record 3: line 1 reverses line 0 of record 3: that line does not move land from unissued to holder/1"],
    ),
    "a line of another holder taken back": (
        [issue(9, "holder/2"), taking_back(1, 3)],
        [f"record 4: {NOT_THERE.format(0, 3)}"],
    ),
    "a line taken back the wrong way round": (
        [move(1, "unissued", "holder/1", reverses=(2, 0))],
        ["record 3: line 0 reverses line 0 of record 2: that line does not move land from holder/1 to unissued"],
    ),
    "a line of another lot taken back": (
        [move(1, "holder/1", "unissued", lot="2025", reverses=(2, 0))],
        [f"record 3: {NOT_THERE.format(0, 2)}"],
    ),
    "a reversal taken back": (
        [taking_back(5, 2), move(5, "unissued", "holder/1", reverses=(3, 0))],
        ["record 4: line 0 reverses line 0 of record 3: that line does not move land from holder/1 to unissued"],
    ),
    "an account that nobody opened": (
        [move(1, "unissued", "nowhere")],
        ["record 3: nowhere is not open when it is used"],
    ),
    "a part of an account that nobody opened": (
        [move(1, "nowhere/1", "holder/1")],
        ["record 3: nowhere/1 is not open when it is used"],
    ),
    "a denomination that nobody opened": (
        [move(1, "unissued", "c37:102", denomination="gold")],
        [
            "record 3: gold is not open when it is used",
            "record 3: gold is not open when it is used",
        ],
    ),
    "a part of an account whose code is none": (
        [unread(Posting("land", "unissued", "holder/", 1)), unread(Posting("land", "unissued", "holder/e\u0301", 1))],
        ["record 3: holder/ is not open when it is used", "record 4: holder/e\u0301 is not open when it is used"],
    ),
    "an account opened too late": (
        [move(1, "unissued", "late"), opened("late"), move(1, "unissued", "late")],
        ["record 3: late is not open when it is used"],
    ),
    "something left in transit": ([through_transit(3)], ["record 3: CNY left in transit"]),
    "something left in transit, and taken out by another record": (
        [through_transit(3), voucher(Posting("CNY", "transit", "c37:332", 3))],
        ["record 3: CNY left in transit", "record 4: CNY left in transit"],
    ),
    "a record booked in a locked period": (
        [locking(NEXT, THIRD), note(booked=NEXT), note(booked=THIRD)],
        [CLOSED.format(4, NEXT)],
    ),
    "a lock booked in the period that was locked before": (
        [locking(NEXT, THIRD), locking(THIRD, NEXT)],
        [CLOSED.format(4, NEXT)],
    ),
    "a reopening booked in what stays locked": (
        [locking(THIRD, LATER), unlocking(NEXT, NEXT)],
        [CLOSED.format(4, NEXT)],
    ),
}


@pytest.mark.parametrize("name", sorted(FORGED))
def test_a_record_that_breaks_a_rule_is_named_though_its_hash_is_right(forge: Forge, name: str) -> None:
    entries, problems = FORGED[name]
    forge.append(*entries)
    assert_whole(forge.book, "hill")
    for one, due in zip(said(forge.book.verify()), problems, strict=True):
        assert one.startswith(due)


def with_any_ground(forge: Forge, entry: Entry) -> None:
    """Append what opens or locks something, and change nothing by it."""
    with forge.book.read() as view:
        last = view.head.seq

    def of_the_first(ground: Ground, one: Record) -> Ground:
        return grown(ground, one) if one.seq <= last else ground

    with ExitStack() as stack:
        stack.enter_context(patch.object(chain, "grown", lambda ground, _: ground))
        stack.enter_context(patch.object(memory, "grown", of_the_first))
        stack.enter_context(patch.object(SqlJournal, "_grown", lambda _, ground, __: ground))
        forge.append(entry)


def with_time(forge: Forge) -> None:
    with patch.object(chain, "_time", lambda *_, **__: NOW_US - 5):
        forge.append(note())


def with_the_same_time(forge: Forge) -> None:
    last = forge.book.append([note()], key="noted", actor="clerk")[-1].recorded_us
    with patch.object(chain, "_time", lambda *_, **__: last):
        forge.append(note())


def with_another_lock(forge: Forge) -> None:
    with patch.object(chain, "grown", lambda ground, _: ground._replace(locked_through=20260301)):
        forge.append(locking(NEXT, LATER))


def with_a_lock_that_goes_back(forge: Forge) -> None:
    forge.append(locking(THIRD, LATER))
    with_any_ground(forge, locking(NEXT, LATER))


def with_another_guard(forge: Forge) -> None:
    with_any_ground(forge, Entry("opening", DAY, DAY, opening([], [Account("holder", "holders")])))


def with_fewer_digits(forge: Forge) -> None:
    with_any_ground(forge, Entry("opening", DAY, DAY, opening([Denomination("CNY", "yuan")])))


def with_a_row_added(forge: Forge) -> None:
    forge.put(2, PersonalRow("77", b"s" * 16, '{"name":"成员丙"}'))


def with_a_row_lost(forge: Forge) -> None:
    forge.book.append([about("1", {"name": "成员甲"}), about("2", {"name": "成员乙"})], key="members", actor="clerk")
    forge.lose("1")


def with_a_row_lost_that_was_written_after_an_erasure(forge: Forge) -> None:
    forge.book.append([about("1", {"name": "成员甲"})], key="member", actor="clerk")
    forge.book.erase(["1"], key="erase", actor="clerk", on=DAY)
    forge.book.append([about("1", {"name": "成员甲"})], key="member again", actor="clerk")
    assert said(forge.book.verify()) == []
    forge.lose("1")


def with_a_row_lost_after_the_erasure_of_another(forge: Forge) -> None:
    forge.book.append([about("1", {"name": "成员甲"}), about("2", {"name": "成员乙"})], key="members", actor="clerk")
    forge.book.erase(["2"], key="erase", actor="clerk", on=DAY)
    forge.lose("1")


def with_rows_swapped(forge: Forge) -> None:
    forge.book.append([about("1", {"name": "成员甲"}), about("2", {"name": "成员乙"})], key="members", actor="clerk")
    [(one, first)], [(other, second)] = forge.rows("1"), forge.rows("2")
    forge.lose("1")
    forge.lose("2")
    forge.put(one, PersonalRow("1", second.salt, second.row))
    forge.put(other, PersonalRow("2", first.salt, first.row))


def with_another_salt(forge: Forge) -> None:
    forge.book.append([about("1", {"name": "成员甲"})], key="members", actor="clerk")
    [(seq, row)] = forge.rows("1")
    forge.lose("1")
    forge.put(seq, PersonalRow("1", b"t" * 16, row.row))


def with_a_row_kept_after_its_erasure(forge: Forge) -> None:
    forge.book.append([about("1", {"name": "成员甲"})], key="member", actor="clerk")
    [(seq, row)] = forge.rows("1")
    forge.book.erase(["1"], key="erase", actor="clerk", on=DAY)
    assert said(forge.book.verify()) == []
    forge.put(seq, row)


BROKEN: dict[Callable[[Forge], None], list[str]] = {
    with_time: ["record 3: its time is not after that of the record before it"],
    with_the_same_time: ["record 4: its time is not after that of the record before it"],
    with_another_lock: ["record 3: the day up to which it says the books are closed is not what the records say"],
    with_a_lock_that_goes_back: ["record 4: lock through 2026-01-02: a day after "],
    with_another_guard: ["record 3: opening of holder: ['holders', 'none']: guard debit is expected"],
    with_fewer_digits: ["record 3: opening of CNY: ['yuan', 0]: at least 2 digits is expected"],
    with_a_row_added: ["record 2: the personal row of 77 is not what was hashed"],
    with_a_row_lost: ["record 3: the personal row of 1 is gone without a record of its erasure"],
    with_a_row_lost_that_was_written_after_an_erasure: [
        "record 5: the personal row of 1 is gone without a record of its erasure"
    ],
    with_a_row_lost_after_the_erasure_of_another: [
        "record 3: the personal row of 1 is gone without a record of its erasure"
    ],
    with_rows_swapped: [
        "record 3: the personal row of 1 is not what was hashed",
        "record 4: the personal row of 2 is not what was hashed",
    ],
    with_another_salt: ["record 3: the personal row of 1 is not what was hashed"],
    with_a_row_kept_after_its_erasure: ["record 3: the personal row of 1 was erased, and is here"],
}


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
def test_a_book_that_was_tampered_with_is_told_of(forge: Forge, broken: Callable[[Forge], None]) -> None:
    broken(forge)
    assert_whole(forge.book, "hill")
    for one, due in zip(said(forge.book.verify()), BROKEN[broken], strict=True):
        assert one.startswith(due)


def test_a_number_that_was_left_out_is_named_though_the_hashes_follow_each_other(forge: Forge) -> None:
    def as_if(tip: Tip) -> Tip:
        return tip._replace(seq=tip.seq + 1)

    own, memorys = SqlJournal._tip, MemoryJournal._tip

    def of_a_database(self: SqlJournal, connection: Connection, key: str) -> tuple[Tip, int]:
        tip, repeated = own(self, connection, key)
        return as_if(tip), repeated

    with (
        patch.object(SqlJournal, "_tip", of_a_database),
        patch.object(MemoryJournal, "_tip", lambda self: as_if(memorys(self))),
    ):
        forge.append(note())
    assert said(forge.book.verify()) == ["record 4: record 3 is expected after record 2"]

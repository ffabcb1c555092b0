"""What a view answers, against folds that are written down here a second time."""

import itertools
import random
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import pytest

from coopledger.core.accounts import Account, opening
from coopledger.core.journal import LARGEST_QUANTITY, Entry, Head, Posting
from coopledger.errors import EntryError, OverdrawnError, UnknownRecordError
from tests.store.books import (
    DAY,
    DAY_US,
    Book,
    Clock,
    Promises,
    Salts,
    about,
    assert_whole,
    balance,
    days,
    founding,
    fresh_name,
    head,
    issue,
    move,
    note,
    personal,
    records,
    take,
)

UNDER = (
    "unissued",
    "holder",
    "holder/1",
    "holder/10",
    "holder/1/pledged",
    "holder/1-1",
    "holder/1-1/a",
    "holder/1.a",
    "holder/1.",
    "holder/1-",
    "holder/2",
    "holder-2",
    "holder-2/1",
    "holder.2",
    "holder-",
    "holder.",
    "holders",
    "hold",
    "hold_r",
    "hold_r/1",
    "hol_er",
    "holder/_",
    "holder%",
    "%",
    "",
    "/",
    "holder/",
    "HOLDER",
    "村账:现金",
    "村账:现金/东组",
    "村账",
    "c37:222",
    "c37:222/0042",
    "c37",
    "nobody",
)
"""Accounts and what is none; ``_`` and ``%`` stand for anything in a LIKE.

'-' and '.' come before '/' and '0' after it in every table: ``holder-2`` stands between ``holder`` and ``holder/1``.
"""

BESIDE = [Account(code, code) for code in ("holder-2", "holder.2")]
MOST = 9_300  # postings of the largest quantity: more in sum than a database's whole numbers hold


class Line(NamedTuple):
    """A posting with all that is asked about it."""

    seq: int
    line: int
    kind: str
    on: date
    booked: date
    posting: Posting


def mixed_book(book: Book, clock: Clock) -> list[Line]:
    """Sixty records, many backdated, in and out of accounts whose codes resemble each other; as lines of a table."""
    book.append([Entry("opening", DAY, DAY, opening([], BESIDE))], key="beside", actor="me")
    chance = random.Random(7)  # noqa: S311 - the same book every time
    free = [
        "unissued",
        "holders",
        "holders/1",
        "hold_r",
        "hold_r/1",
        "holder-2",
        "holder-2/1",
        "holder.2",
        "村账:现金",
        "村账:现金/东组",
        "c37:102",
        "c37:332",
    ]
    held = ["holder", "holder/1", "holder/1/pledged", "holder/10", "holder/2", "c37:222/0042", "holder/农"]
    held += ["holder/1-1", "holder/1-1/a", "holder/1.a"]
    lines = []
    for n in range(60):
        on, booked = DAY + timedelta(chance.randrange(12)), DAY + timedelta(chance.randrange(40))
        postings = []
        for _ in range(chance.randrange(4)):
            source, target = chance.choice(free), chance.choice(free + held)
            if target.startswith("c37:222"):
                source, target = target, source
            if source != target:
                quantity, lot = chance.randrange(1, 1000), chance.choice([None, "2025", "2026"])
                denomination = chance.choice(["land", "CNY", "mu"])
                postings.append(Posting(denomination, source, target, quantity, None, None, lot))
        clock.forward(DAY_US)
        [record] = book.append([Entry(f"kind-{n % 3}", on, booked, {"n": n}, postings)], key=f"n {n}", actor="me")
        lines += [Line(record.seq, line, record.kind, on, booked, one) for line, one in enumerate(postings)]
    return lines


def is_part(account: str, under: str) -> bool:
    parts, above = account.split("/"), under.split("/")
    return parts[: len(above)] == above


def folded(
    lines: Iterable[Line], denomination: str | None, under: str | None, on: date | None
) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for one in lines:
        if (on is None or one.on <= on) and denomination in {None, one.posting.denomination}:
            for account, quantity in (
                (one.posting.source, -one.posting.quantity),
                (one.posting.target, one.posting.quantity),
            ):
                if under is None or is_part(account, under):
                    place = one.posting.denomination, account
                    found[place] = found.get(place, 0) + quantity
    return {place: quantity for place, quantity in found.items() if quantity}


class Reading(Promises):
    def test_balances_are_what_a_fold_of_all_postings_gives(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        lines = mixed_book(book, clock)
        ons: list[date | None] = [None, *days(14, DAY - timedelta(1))]
        for known in (None, 40, 7, 1, 0):
            shown = [one for one in lines if known is None or one.seq <= known]
            with book.read(known) as view:
                for denomination, under in itertools.product(("land", "CNY", None), (None, *UNDER)):
                    for on in ons if known is None else ons[::5]:
                        assert view.balances(denomination, under, on) == folded(shown, denomination, under, on)

    def test_movements_are_the_postings_by_day_number_and_line(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        lines = sorted(mixed_book(book, clock), key=lambda one: (one.on, one.seq, one.line))
        spans = [(None, None), (DAY, DAY), (DAY + timedelta(3), DAY + timedelta(7)), (None, DAY + timedelta(5))]
        spans += [(DAY + timedelta(5), None), (DAY + timedelta(7), DAY + timedelta(3))]
        for known, (since, until) in itertools.product((None, 30), spans):
            with book.read(known) as view:
                for denomination, under in itertools.product(("land", None), UNDER):
                    assert [tuple(one) for one in view.movements(under, denomination, since, until)] == [
                        tuple(one)
                        for one in lines
                        if (known is None or one.seq <= known)
                        and (since is None or one.on >= since)
                        and (until is None or one.on <= until)
                        and denomination in {None, one.posting.denomination}
                        and (is_part(one.posting.source, under) or is_part(one.posting.target, under))
                    ]

    def test_records_are_given_by_kind_and_after_a_number_in_order(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        mixed_book(book, clock)
        every = records(book)
        with book.read() as view:
            for kinds, since in itertools.product(
                ((), ("kind-1",), ("kind-0", "kind-2"), ("opening",), ("none",), ("KIND-1",), ("kind%",)),
                (-1, 0, 1, 30, 60, 61, 62, 1000),
            ):
                assert list(view.records(*kinds, since=since)) == [
                    one for one in every if one.seq > since and (not kinds or one.kind in kinds)
                ]

    def test_a_record_is_found_by_its_number_and_by_no_other(self) -> None:
        book = self.founded()
        book.append([note(n=1), issue(5)], key="two", actor="me")
        with book.read() as view:
            assert [view.record(seq) for seq in (1, 2, 3)] == list(view.records())
            for seq in (0, -1, 4, 10**9, 2**63, 10**30, -(10**30)):
                with pytest.raises(UnknownRecordError):
                    view.record(seq)

    def test_a_number_that_no_database_can_hold_is_a_record_that_is_not_there(self) -> None:
        book = self.founded()
        for seq in (2, 2**31, 2**63, 10**30, -1, -(10**30)):
            with pytest.raises(UnknownRecordError), book.read(seq):
                pass
        with book.read() as view:
            assert [[*view.records(since=after)] for after in (1, 2**63, 10**30)] == [[], [], []]
            assert [*view.records("opening", since=10**30)] == []
            assert [*view.records(since=-(10**30))] == records(book)

    def test_what_is_neither_a_number_nor_a_time_is_refused(self) -> None:
        book = self.founded()
        for known in ("1", 1.0, True, DAY, b"1"):
            with pytest.raises(EntryError, match="a record's number or a datetime"), book.read(known):  # type: ignore[arg-type]
                pass

    def test_sums_are_exact_whatever_their_size(self) -> None:
        """Python's whole numbers have no end; a database's have, and its sum would be refused or become a float."""
        book = self.founded()
        everything = MOST * LARGEST_QUANTITY
        assert everything > 2**63
        given = [Posting("land", "unissued", "holder/1", LARGEST_QUANTITY)] * MOST
        taken = [Posting("land", "holder/1", "unissued", LARGEST_QUANTITY)] * MOST
        one_more = Posting("land", "holder/1", "unissued", 1)
        book.append([Entry("issue", DAY, DAY, {}, given)], key="issue", actor="me")
        assert book.verify() == []
        with pytest.raises(OverdrawnError, match="holder/1 would stand at -1 land"):
            book.append([Entry("take", DAY, DAY, {}, [*taken, one_more])], key="more", actor="me")
        with book.read() as view:
            for on in (None, DAY):
                found = view.balances("land", on=on)
                assert found == {("land", "holder/1"): everything, ("land", "unissued"): -everything}
                assert {type(quantity) for quantity in found.values()} == {int}
        book.append([Entry("take", DAY + timedelta(1), DAY, {}, taken)], key="all", actor="me")
        with pytest.raises(OverdrawnError):
            book.append([Entry("take", DAY, DAY, {}, [one_more])], key="one", actor="me")
        assert book.verify() == []
        assert (balance(book), balance(book, on=DAY)) == (0, everything)

    def test_a_book_longer_than_a_page_is_read_and_verified_as_a_whole(self) -> None:
        """Records and postings are read a thousand at a time."""
        name = fresh_name()
        book = self.make(name, Clock(), Salts())
        lines = [Posting("land", "unissued", f"holder/{n}", n + 1) for n in range(2100)]
        entries = [issue(1) if n % 3 else note() for n in range(2100)]
        book.append([founding(), Entry("allot", DAY, DAY, {}, lines)], key="one", actor="me")
        book.append(entries, key="many", actor="me")
        assert_whole(book, name)
        assert book.verify([head(book)]) == []
        with book.read() as view:
            every = [*view.records()]
            assert [one.kind for one in every] == ["opening", "allot", *(one.kind for one in entries)]
            assert [*every[1].postings] == lines
            assert [*view.records("move")] == [one for one in every if one.kind == "move"]
            assert [*view.records("note", since=1500)] == [one for one in every[1500:] if one.kind == "note"]
            assert [one.posting for one in view.movements("holder")] == [
                one for record in every for one in record.postings
            ]
            assert sum(view.balances("land", "holder").values()) == sum(range(1, 2101)) + 1400
        with book.read(1500) as view:
            assert [*view.records()] == every[:1500]

    def test_an_empty_book_answers_every_question_with_nothing(self) -> None:
        with self.empty().read() as view:
            assert list(view.records()) == []
            assert view.balances() == view.balances("land", "holder", DAY) == {}
            assert list(view.movements("holder")) == []
            assert view.personal() == view.personal(["1"]) == {}
            with pytest.raises(UnknownRecordError):
                view.record(1)

    def test_what_has_been_taken_away_again_does_not_appear_in_balances(self) -> None:
        book = self.founded()
        book.append([issue(5), take(5, on=DAY + timedelta(1))], key="both", actor="me")
        with book.read() as view:
            assert view.balances() == {}
            assert view.balances(on=DAY) == {("land", "holder/1"): 5, ("land", "unissued"): -5}

    def test_a_movement_counts_from_the_day_itself_and_not_from_its_booking(self) -> None:
        book = self.founded()
        book.append([move(5, "unissued", "holder/1", DAY + timedelta(5), booked=DAY)], key="five", actor="me")
        assert [balance(book, on=DAY + timedelta(n)) for n in (4, 5, 6)] == [0, 5, 5]

    def test_the_holder_1_is_not_above_the_holder_10(self) -> None:
        book = self.founded()
        book.append([issue(1, "holder/1"), issue(10, "holder/10"), issue(100, "holder/1/pledged")], key="a", actor="me")
        with book.read() as view:
            assert view.balances(under="holder/1") == {("land", "holder/1"): 1, ("land", "holder/1/pledged"): 100}
            assert view.balances(under="holder/10") == {("land", "holder/10"): 10}
            assert [one.posting.quantity for one in view.movements("holder/1")] == [1, 100]

    def test_accounts_in_chinese_and_other_scripts_are_found_by_themselves_alone(self) -> None:
        book = self.founded()
        accounts = [
            "村账:现金",
            "村账:现金/东组",
            "村账:现金/东组/甲",
            "村账:现金/西组",
            "村账:现金/𠮷",
            "村账:现金/ẞ",
            "村账:现金/ss",
        ]
        book.append([move(n + 1, "unissued", one) for n, one in enumerate(accounts)], key="move", actor="me")
        with book.read() as view:
            for n, one in enumerate(accounts):
                below = {("land", other): m + 1 for m, other in enumerate(accounts) if is_part(other, one)}
                assert view.balances(under=one) == below
                assert below["land", one] == n + 1
            assert view.balances(under="村账") == {}

    def test_digits_in_codes_are_text(self) -> None:
        book = self.founded()
        book.append(
            [issue(1, "holder/1"), issue(2, "holder/01"), issue(4, "holder/1.0"), issue(8, "holder/１")],
            key="a",
            actor="m",
        )
        accounts = ["holder/1", "holder/01", "holder/1.0", "holder/１"]
        assert [balance(book, one) for one in accounts] == [1, 2, 4, 8]

    # ------------------------------------------------------------ views stand still

    def test_a_view_does_not_change_when_the_book_moves_on(self) -> None:
        book = self.founded()
        book.append([issue(10), about("1", {"n": 1})], key="before", actor="me")
        with book.read() as view, book.read(2) as older:
            before = (list(view.records()), view.balances(), list(view.movements("holder")), view.personal(), view.head)
            lazily = view.records()
            first = next(lazily)
            book.append(
                [take(4), about("1", {"n": 2}), about("2", {"n": 1}), issue(3, on=DAY - timedelta(9))],
                key="l",
                actor="me",
            )
            after = (list(view.records()), view.balances(), list(view.movements("holder")), view.personal(), view.head)
            assert after == before
            assert [first, *lazily] == before[0]
            assert older.balances() == {("land", "holder/1"): 10, ("land", "unissued"): -10}
            with pytest.raises(UnknownRecordError):
                view.record(4)
        assert balance(book) == 9
        assert personal(book) == {"1": {"n": 2}, "2": {"n": 1}}

    def test_a_view_of_an_empty_book_stays_empty(self) -> None:
        book = self.empty()
        with book.read() as view:
            book.append([note(), about("1", {"n": 1})], key="first", actor="me")
            assert (view.head.seq, list(view.records()), view.personal()) == (0, [], {})

    def test_two_views_can_be_open_at_once_and_differ(self) -> None:
        book = self.founded()
        with book.read() as first:
            book.append([issue(10)], key="ten", actor="me")
            with book.read() as second:
                assert isinstance(first.head, Head)
                assert (first.head.seq, second.head.seq) == (1, 2)
                assert (first.balances(under="holder"), second.balances(under="holder")) == (
                    {},
                    {("land", "holder/1"): 10},
                )

    def test_nobody_changes_a_book_through_what_it_gives_away_or_was_given(self) -> None:
        book = self.founded()
        facts = {"list": [1, 2], "mapping": {"a": 1}}
        row = {"name": "成员甲", "phones": ["1"]}
        entry = Entry("note", DAY, DAY, facts, [], {"1": row})
        entry.facts["list"].append(4)
        given = book.append([entry], key="note", actor="me")
        facts["list"].append(3)  # type: ignore[attr-defined]
        row["phones"].append("2")  # type: ignore[attr-defined]
        entry.facts["mapping"]["a"] = 2
        given[0].facts["list"].append(3)
        with book.read() as view:
            view.record(2).facts["list"].append(3)
            next(view.records(since=1)).facts["list"].append(3)
            view.personal()["1"]["phones"].append("2")
        assert records(book)[1].facts == {"list": [1, 2], "mapping": {"a": 1}}
        assert personal(book) == {"1": {"name": "成员甲", "phones": ["1"]}}
        again = Entry(
            "note", DAY, DAY, {"list": [1, 2], "mapping": {"a": 1}}, [], {"1": {"name": "成员甲", "phones": ["1"]}}
        )
        book.append([again], key="note", actor="me")[0].facts["list"].append(3)
        assert_whole(book)
        assert head(book).seq == 2

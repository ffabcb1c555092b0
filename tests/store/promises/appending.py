"""What an append writes, and that it writes all of it or nothing."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest

from coopledger.core.journal import LARGEST_QUANTITY, Entry, Head, Posting, View
from coopledger.errors import (
    ClockError,
    EntryError,
    LockedPeriodError,
    OverdrawnError,
    ReversalError,
    StaleJournal,
    UnopenedError,
)
from tests.store.books import (
    DAY,
    DAY_US,
    Clock,
    Promises,
    Salts,
    about,
    assert_whole,
    balance,
    founding,
    fresh_name,
    hashes_by_hand,
    head,
    issue,
    locking,
    move,
    name_hash,
    note,
    personal,
    records,
    take,
    taking_back,
)


class Appending(Promises):
    def test_an_empty_book_has_number_zero_and_the_hash_of_its_name(self) -> None:
        name = fresh_name()
        book = self.make(name, Clock(), Salts())
        assert head(book) == Head(0, name_hash(name))
        assert records(book) == []

    def test_records_are_numbered_from_one_without_a_gap(self) -> None:
        book = self.founded()
        book.append([note(), issue(5), note()], key="three", actor="me")
        book.append([note()], key="one", actor="me")
        assert [one.seq for one in records(book)] == [1, 2, 3, 4, 5]
        assert head(book).seq == 5

    def test_each_record_carries_the_hash_of_the_one_before_and_its_own_over_both(self) -> None:
        name = fresh_name()
        book = self.make(name, Clock(), Salts())
        book.append([founding(), issue(5), issue(7)], key="first", actor="me")
        book.append([taking_back(2, 2), about("1", {"name": "成员甲"})], key="second", actor="you")
        book.append([locking(DAY, DAY + timedelta(1))], key="third", actor="me")
        assert_whole(book, name)

    def test_a_record_says_all_that_was_appended(self) -> None:
        book = self.founded()
        postings = [
            Posting("land", "unissued", "holder/1", 3, None, None, "2026"),
            Posting("CNY", "c37:222/0042", "c37:332", 1_234_56),
            Posting("mu", "村账:现金", "holders", 1),
        ]
        facts = {"reason": "两亩地", "votes": [160, 200], "open": None, "approved": True, "area": {"mu": 2}}
        entry = Entry("issue", date(2025, 3, 1), date(2026, 2, 2), facts, postings, {"1": {"name": "成员甲"}})
        [given] = book.append([entry], key="issue 7", actor="accountant")
        for record in (given, records(book)[-1]):
            assert (record.kind, record.effective_on, record.booked_on) == ("issue", *entry_days(entry))
            assert (record.key, record.actor, record.facts) == ("issue 7", "accountant", facts)
            assert record.postings == tuple(postings)
            assert [subject for subject, _ in record.personal] == ["1"]
            assert record.locked_through == 0
            assert (record.content_hash, record.hash) == hashes_by_hand(record)
        assert given == records(book)[-1]

    def test_an_append_returns_its_records_as_they_are_read_later(self) -> None:
        book = self.founded()
        given = book.append([note(a=1), issue(5), about("1", {"n": 1})], key="three", actor="me")
        assert given == records(book)[1:]

    def test_the_first_record_has_the_key_and_the_others_count_on(self) -> None:
        book = self.founded()
        given = book.append([note(), note(), note()], key="three", actor="me")
        assert [one.key for one in given] == ["three", "three#2", "three#3"]

    def test_a_record_may_have_no_postings_and_no_facts(self) -> None:
        book = self.empty()
        [record] = book.append([note()], key="note", actor="me")
        assert (record.postings, record.facts) == ((), {})
        assert records(book) == [record]

    def test_a_record_of_many_postings_comes_back_line_by_line(self) -> None:
        book = self.founded()
        postings = [Posting("land", "unissued", f"holder/{n % 700}", n + 1) for n in range(2500)]
        book.append([Entry("issue", DAY, DAY, {}, postings)], key="many", actor="me")
        assert records(book)[-1].postings == tuple(postings)
        assert_whole(book)

    def test_many_records_come_back_whatever_their_number(self) -> None:
        """A store may write rows page by page: the last page may be full, or one row."""
        book = self.founded()
        for count in (1, 500, 501, 1000):
            appended = book.append([issue(1, "holder/2")] * count, key=f"{count}", actor="me")
            assert len(appended) == count
            assert records(book)[-count:] == appended
        assert_whole(book)

    def test_the_largest_quantity_comes_back_to_the_last_unit(self) -> None:
        book = self.founded()
        book.append([issue(LARGEST_QUANTITY), issue(LARGEST_QUANTITY - 2, "holder/2")], key="most", actor="me")
        assert balance(book) == LARGEST_QUANTITY
        assert balance(book, "holder/2") == LARGEST_QUANTITY - 2

    def test_a_balance_may_be_larger_than_the_largest_quantity(self) -> None:
        """Beyond 2⁵³, where a float would lose a unit."""
        book = self.founded()
        book.append([*[issue(LARGEST_QUANTITY)] * 20, issue(1)], key="most", actor="me")
        assert balance(book) == 20 * LARGEST_QUANTITY + 1
        assert balance(book, "unissued") == -20 * LARGEST_QUANTITY - 1
        with pytest.raises(OverdrawnError):
            book.append([*[take(LARGEST_QUANTITY)] * 20, take(2)], key="all", actor="me")
        book.append([*[take(LARGEST_QUANTITY)] * 20, take(1)], key="all", actor="me")
        assert balance(book) == 0

    # ------------------------------------------------------------ all or nothing

    def test_one_entry_that_is_refused_keeps_all_others_out(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        book.append([issue(10), locking(DAY - timedelta(1), DAY)], key="before", actor="me")
        before = (head(book), personal(book))
        good = [note(a=1), issue(5), about("1", {"name": "成员甲"})]
        for refused, error in REFUSED:
            for entries in ([refused, *good], [*good, refused], [*good, refused, *good]):
                with pytest.raises(error):
                    book.append(entries, key="mixed", actor="me")
                assert (head(book), personal(book)) == before
        clock.forward(32 * DAY_US)
        with pytest.raises(ClockError):
            book.append(good, key="mixed", actor="me")
        assert (head(book), personal(book)) == before

    def test_after_a_refusal_the_book_goes_on_without_a_gap_under_the_same_key(self) -> None:
        book = self.founded()
        with pytest.raises(OverdrawnError):
            book.append([note(), take(1)], key="again", actor="me")
        assert [one.seq for one in book.append([note(), issue(1)], key="again", actor="me")] == [2, 3]
        assert_whole(book)

    def test_what_a_refused_opening_would_have_opened_is_not_open(self) -> None:
        book = self.founded()
        opened = Entry("opening", DAY, DAY, {"accounts": {"fund": ["a fund", "none"]}})
        with pytest.raises(OverdrawnError):
            book.append([opened, take(1)], key="opening", actor="me")
        with pytest.raises(UnopenedError):
            book.append([move(1, "unissued", "fund")], key="into it", actor="me")
        assert [one.seq for one in book.append([opened], key="opening", actor="me")] == [2]

    def test_a_refused_lock_locks_nothing(self) -> None:
        book = self.founded()
        with pytest.raises(OverdrawnError):
            book.append([locking(DAY, DAY), take(1, on=DAY + timedelta(1))], key="lock", actor="me")
        assert book.append([note()], key="note", actor="me")[0].locked_through == 0

    def test_an_empty_append_writes_nothing_and_leaves_its_key_free(self) -> None:
        book = self.founded()
        before = head(book)
        assert book.append([], key="none", actor="me") == []
        assert book.append(lambda _: (), key="none", actor="me") == []
        assert head(book) == before
        assert [one.seq for one in book.append([note()], key="none", actor="me")] == [2]

    def test_entries_may_come_from_a_generator(self) -> None:
        book = self.founded()
        assert len(book.append((note(n=n) for n in range(3)), key="three", actor="me")) == 3
        assert len(book.append((note(n=n) for n in range(3)), key="three", actor="me")) == 3
        assert head(book).seq == 4

    # ------------------------------------------------------------ decisions

    def test_a_decision_sees_the_book_as_it_stands(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="ten", actor="me")
        seen = []

        def doubled(view: View) -> Iterator[Entry]:
            seen.append(view.head)
            yield issue(view.balances("land", under="holder/1")["land", "holder/1"])

        before = head(book)
        book.append(doubled, key="doubled", actor="me")
        assert seen == [before]
        assert balance(book) == 20

    def test_an_error_in_a_decision_passes_through_and_nothing_is_written(self) -> None:
        class Unforeseen(Exception):
            pass

        def failing(_: View) -> Iterator[Entry]:
            yield issue(5)
            raise Unforeseen

        book = self.founded()
        before = head(book)
        with pytest.raises(Unforeseen):
            book.append(failing, key="failing", actor="me")
        assert head(book) == before
        assert [one.seq for one in book.append([note()], key="failing", actor="me")] == [2]

    def test_an_error_of_the_clock_or_of_the_salts_passes_through_and_nothing_is_written(self) -> None:
        class Broken(Exception):
            pass

        class Source:
            broken = False

            def __init__(self, good: Callable[[], object]) -> None:
                self.good = good

            def __call__(self) -> object:
                if self.broken:
                    raise Broken
                return self.good()

        clock, salts = Source(Clock()), Source(Salts())
        book = self.founded(clock, salts)  # type: ignore[arg-type]
        before = head(book)
        for source in (clock, salts):
            source.broken = True
            with pytest.raises(Broken):
                book.append([note(), about("1", {"name": "成员甲"})], key="broken", actor="me")
            source.broken = False
            assert (head(book), personal(book)) == (before, {})
        assert [one.seq for one in book.append([note()], key="broken", actor="me")] == [2]

    # ------------------------------------------------------------ after

    def test_what_was_decided_after_the_head_is_appended(self) -> None:
        book = self.founded()
        for n in range(3):
            [record] = book.append([note()], key=f"note {n}", actor="me", after=head(book))
            assert record.seq == n + 2

    def test_what_was_decided_after_an_older_head_is_stale(self) -> None:
        book = self.founded()
        looked_at = head(book)
        book.append([note()], key="meanwhile", actor="somebody")
        before = head(book)
        for entries in ([note()], [], lambda _: [note()]):
            with pytest.raises(StaleJournal):
                book.append(entries, key="stale", actor="me", after=looked_at)
        assert head(book) == before

    def test_a_head_with_the_right_number_and_another_hash_is_stale(self) -> None:
        book = self.founded()
        with pytest.raises(StaleJournal):
            book.append([note()], key="note", actor="me", after=Head(1, bytes(32)))

    def test_a_head_that_the_book_has_not_reached_is_stale(self) -> None:
        book = self.founded()
        with pytest.raises(StaleJournal):
            book.append([note()], key="note", actor="me", after=Head(2, head(book).hash))

    def test_after_what_is_no_head_nothing_is_appended(self) -> None:
        """Its text would never be the same as the head, however often the caller looked again."""
        book = self.founded()
        tip = head(book)
        for wrong in (str(tip), tip.seq, tip.hash, Head(tip.seq, tip.hash.hex())):  # type: ignore[arg-type]
            with pytest.raises(EntryError, match=r"a head is expected: view\.head"):
                book.append([note()], key="note", actor="me", after=wrong)  # type: ignore[arg-type]
        assert head(book) == tip

    def test_the_first_append_may_be_decided_after_the_empty_book(self) -> None:
        book = self.empty()
        empty = head(book)
        book.append([founding()], key="founding", actor="me", after=empty)
        with pytest.raises(StaleJournal):
            book.append([note()], key="note", actor="me", after=empty)

    # ------------------------------------------------------------ two books

    def test_two_books_know_nothing_of_each_other(self) -> None:
        one, other = self.founded(), self.founded()
        one.append(
            [issue(10), about("1", {"name": "成员甲"}), locking(DAY, DAY + timedelta(1))], key="same key", actor="me"
        )
        other.append([note(DAY), about("1", {"name": "成员乙"})], key="same key", actor="you")
        assert (balance(one), balance(other)) == (10, 0)
        assert (personal(one), personal(other)) == ({"1": {"name": "成员甲"}}, {"1": {"name": "成员乙"}})
        assert records(one)[0].hash != records(other)[0].hash
        one.erase(["1"], key="erasure", actor="me", on=DAY + timedelta(2))
        assert (personal(one), personal(other)) == ({}, {"1": {"name": "成员乙"}})
        with pytest.raises(OverdrawnError):
            other.append([take(1)], key="take", actor="me")
        with pytest.raises(StaleJournal):
            other.append([note()], key="note", actor="me", after=head(one))
        assert_whole(one)
        assert_whole(other)


def entry_days(entry: Entry) -> tuple[date, date]:
    return entry.effective_on, entry.booked_on


REFUSED: list[tuple[Entry, type[Exception]]] = [
    (move(1, "unissued", "nowhere"), UnopenedError),
    (move(1, "nowhere/1", "holder/1"), UnopenedError),
    (move(1, "unissued", "holder/1", denomination="gold"), UnopenedError),
    (note(DAY, booked=DAY - timedelta(1)), LockedPeriodError),
    (take(1000), OverdrawnError),
    (taking_back(11, 2), ReversalError),
    (taking_back(1, 99), ReversalError),
    (Entry("opening", DAY, DAY, {"accounts": {"fund": ["a fund", "sometimes"]}}), EntryError),
    (Entry("lock", DAY, DAY, {"through": "someday"}), EntryError),
]
"""After ten shares were issued in record 2 and the year before was closed."""

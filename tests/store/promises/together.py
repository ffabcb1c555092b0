"""Many threads at one book."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import ClassVar

from coopledger.core.journal import Entry, Record, View
from coopledger.errors import KeyConflictError, OverdrawnError, StaleJournal
from tests.store.books import Book, Clock, Promises, about, assert_whole, balance, head, issue, note, personal, take


class YieldingClock(Clock):
    """Whoever asks for the time lets others go first: a store that is not locked then is caught at it."""

    def __call__(self) -> int:
        time.sleep(0)
        return self.now_us


def at_once(count: int, work: Callable[[int], None]) -> list[BaseException]:
    """Do something in many threads that start at the same moment; what they raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(count)

    def run(n: int) -> None:
        try:
            start.wait()
            work(n)
        except BaseException as error:  # noqa: BLE001 - looked at by the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return raised


class Together(Promises):
    writers: ClassVar[int] = 16
    appends: ClassVar[int] = 40
    callers: ClassVar[int] = 50

    def test_writers_at_the_same_time_leave_no_fork_and_no_gap(self) -> None:
        book = self.founded(YieldingClock())
        given: list[Record] = []

        def work(n: int) -> None:
            for m in range(self.appends):
                given.extend(book.append(lambda _: [note()], key=f"{n} {m}", actor="me"))

        assert at_once(self.writers, work) == []
        assert sorted(one.seq for one in given) == list(range(2, self.writers * self.appends + 2))
        assert_whole(book)
        assert head(book).seq == self.writers * self.appends + 1

    def test_writers_of_many_records_at_the_same_time_keep_each_append_together(self) -> None:
        book = self.founded(YieldingClock())
        given: list[list[Record]] = []

        def work(n: int) -> None:
            for m in range(5):
                appended = book.append([note(), issue(1), about(f"{n}", {"m": m})], key=f"{n} {m}", actor="me")
                given.append(appended)

        assert at_once(8, work) == []
        assert all([one.seq - records[0].seq for one in records] == [0, 1, 2] for records in given)
        assert balance(book) == 40
        assert personal(book) == {f"{n}": {"m": 4} for n in range(8)}
        assert_whole(book)

    def test_one_key_from_fifty_threads_is_one_record(self) -> None:
        book = self.founded(YieldingClock())
        given: list[list[Record]] = []
        raised = at_once(self.callers, lambda _: given.append(book.append(lambda _: [issue(5)], key="pay", actor="me")))
        assert raised == []
        assert len(given) == self.callers
        assert all(one == given[0] for one in given)
        assert head(book).seq == 2
        assert balance(book) == 5
        assert_whole(book)

    def test_one_key_with_different_content_from_many_threads_is_one_record_and_conflicts(self) -> None:
        book = self.founded(YieldingClock())
        given: list[list[Record]] = []
        raised = at_once(self.callers, lambda n: given.append(book.append([issue(1 + n % 5)], key="pay", actor="me")))
        assert {type(one) for one in raised} == {KeyConflictError}
        assert all(one == given[0] for one in given)
        assert (len(given), len(raised)) == (self.callers // 5, self.callers - self.callers // 5)
        assert head(book).seq == 2

    def test_the_last_share_is_given_away_once(self) -> None:
        book = self.founded(YieldingClock())
        book.append([issue(3)], key="issue", actor="me")
        raised = at_once(12, lambda n: ignored(book.append([take(1)], key=f"take {n}", actor="me")))
        assert [type(one) for one in raised] == [OverdrawnError] * 9
        assert balance(book) == 0
        assert_whole(book)

    def test_of_many_who_decided_after_the_same_head_one_is_in_time(self) -> None:
        book = self.founded(YieldingClock())
        looked_at = head(book)
        raised = at_once(12, lambda n: ignored(book.append([note()], key=f"{n}", actor="me", after=looked_at)))
        assert [type(one) for one in raised] == [StaleJournal] * 11
        assert head(book).seq == 2

    def test_decisions_at_the_same_time_each_see_what_the_others_did(self) -> None:
        book = self.founded(YieldingClock())

        def counting(view: View) -> Iterator[Entry]:
            time.sleep(0)
            yield issue(1 + view.balances("land", under="holder/1").get(("land", "holder/1"), 0))

        raised = at_once(10, lambda n: ignored(book.append(counting, key=f"{n}", actor="me")))
        assert raised == []
        assert balance(book) == 2**10 - 1

    def test_readers_see_whole_appends_while_others_write(self) -> None:
        book = self.founded(YieldingClock())
        seen: list[tuple[int, int]] = []

        def work(n: int) -> None:
            for m in range(10):
                if n % 2:
                    book.append([issue(1), issue(2)], key=f"{n} {m}", actor="me")
                else:
                    with book.read() as view:
                        seen.append((view.head.seq, view.balances(under="holder").get(("land", "holder/1"), 0)))

        assert at_once(8, work) == []
        assert all((seq - 1) % 2 == 0 and held == (seq - 1) // 2 * 3 for seq, held in seen)

    def test_readers_of_a_past_book_are_not_disturbed(self) -> None:
        book: Book = self.founded(YieldingClock())
        book.append([issue(5)], key="five", actor="me")
        known = head(book)
        wrong: list[object] = []

        def work(n: int) -> None:
            for m in range(5):
                book.append([issue(1)], key=f"{n} {m}", actor="me")
                with book.read(known.seq) as view:
                    if (view.head, view.balances(under="holder")) != (known, {("land", "holder/1"): 5}):
                        wrong.append(view.head)

        assert at_once(8, work) == []
        assert wrong == []


def ignored(_: object) -> None:
    """What only matters for what it did."""

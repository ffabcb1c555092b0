"""What was moved can be taken back, whole or in part, and never more of it than there was."""

from datetime import timedelta

import pytest

from coopledger.core.journal import Entry, Posting, reverse
from coopledger.errors import OverdrawnError, ReversalError
from tests.store.books import (
    DAY,
    Book,
    Promises,
    assert_whole,
    balance,
    head,
    issue,
    locking,
    move,
    note,
    records,
    taking_back,
)

PAID = 10_000


def dividend() -> list[Entry]:
    """Ten thousand members are owed a fen more each than the one before them, and are paid in one record."""
    owed = [Posting("CNY", f"c37:222/{n}", "c37:332", n + 1) for n in range(PAID)]
    paid = [Posting("CNY", "c37:102", f"c37:222/{n}", n + 1) for n in range(PAID)]
    return [Entry("dividend", DAY, DAY, {}, owed), Entry("payment", DAY, DAY, {}, paid)]


def bounced(book: Book, lines: dict[int, int], day: int) -> Entry:
    with book.read() as view:
        payment = view.record(3)
    on = DAY + timedelta(day)
    return Entry("bounced", on, on, {}, reverse(payment, lines))


class Reversals(Promises):
    def test_ten_thousand_are_paid_in_one_record_and_three_bounce_today_and_two_tomorrow(self) -> None:
        book = self.founded()
        book.append(dividend(), key="dividend", actor="me")
        first = bounced(book, {4: 5, 17: 10, 30: 31}, 1)
        book.append([first], key="first day", actor="bank")
        book.append([bounced(book, {17: 8, PAID - 1: PAID}, 2)], key="second day", actor="bank")
        owed = {n: balance(book, f"c37:222/{n}", denomination="CNY") for n in (4, 17, 30, 31, PAID - 1)}
        assert owed == {4: -5, 17: -18, 30: -31, 31: 0, PAID - 1: -PAID}
        for line, quantity in ((4, 1), (17, 1), (30, 1), (PAID - 1, 1)):
            with pytest.raises(ReversalError):
                book.append([bounced(book, {line: quantity}, 3)], key=f"line {line}", actor="bank")
        assert book.append([first], key="first day", actor="bank")[0].seq == 4
        assert head(book).seq == 5

    def test_a_record_is_taken_back_whole(self) -> None:
        book = self.founded()
        postings = [Posting("land", "unissued", f"holder/{n}", n + 1, None, None, "2026") for n in range(5)]
        [record] = book.append([Entry("issue", DAY, DAY, {}, postings)], key="issue", actor="me")
        book.append([Entry("correction", DAY, DAY, {}, reverse(record))], key="correction", actor="me")
        with book.read() as view:
            assert view.balances() == {}
        with pytest.raises(ReversalError):
            book.append([Entry("correction", DAY, DAY, {}, reverse(record))], key="again", actor="me")

    def test_parts_are_taken_back_up_to_the_last_unit(self) -> None:
        book = self.founded()
        book.append([issue(10), issue(100)], key="issue", actor="me")
        for n in range(10):
            book.append([taking_back(1, 2)], key=f"back {n}", actor="me")
        with pytest.raises(ReversalError) as raised:
            book.append([taking_back(1, 2)], key="one more", actor="me")
        assert raised.value.message.values["left"] == 0
        assert balance(book) == 100

    def test_one_reversal_takes_no_more_than_is_left(self) -> None:
        book = self.founded()
        book.append([issue(10), issue(100)], key="issue", actor="me")
        with pytest.raises(ReversalError):
            book.append([taking_back(11, 2)], key="eleven", actor="me")
        book.append([taking_back(7, 2)], key="seven", actor="me")
        with pytest.raises(ReversalError) as raised:
            book.append([taking_back(4, 2)], key="four", actor="me")
        assert raised.value.message.values["left"] == 3
        book.append([taking_back(3, 2)], key="three", actor="me")

    def test_the_entries_of_one_append_share_what_is_left(self) -> None:
        book = self.founded()
        book.append([issue(10), issue(100)], key="issue", actor="me")
        with pytest.raises(ReversalError):
            book.append([taking_back(6, 2), taking_back(5, 2)], key="eleven", actor="me")
        book.append([taking_back(6, 2), taking_back(4, 2)], key="ten", actor="me")

    def test_the_lines_of_one_record_share_what_is_left(self) -> None:
        book = self.founded()
        book.append([issue(10), issue(100)], key="issue", actor="me")
        back = Posting("land", "holder/1", "unissued", 5, 2, 0)
        with pytest.raises(ReversalError):
            book.append([Entry("back", DAY, DAY, {}, [back, back._replace(quantity=6)])], key="eleven", actor="me")
        book.append([Entry("back", DAY, DAY, {}, [back, back])], key="ten", actor="me")
        with pytest.raises(ReversalError):
            book.append([Entry("back", DAY, DAY, {}, [back._replace(quantity=1)])], key="one", actor="me")

    def test_each_line_of_a_record_is_counted_for_itself(self) -> None:
        book = self.founded()
        same = Posting("land", "unissued", "holder/1", 10)
        book.append([Entry("issue", DAY, DAY, {}, [same, same, same])], key="issue", actor="me")
        book.append([taking_back(10, 2, 0), taking_back(10, 2, 2)], key="two", actor="me")
        for line in (0, 2):
            with pytest.raises(ReversalError):
                book.append([taking_back(1, 2, line)], key="more", actor="me")
        book.append([taking_back(10, 2, 1)], key="third", actor="me")

    def test_a_reversal_goes_the_way_back_of_the_line_that_it_names(self) -> None:
        book = self.founded()
        book.append([move(10, "unissued", "holder/1", lot="2026"), issue(10, "holder/2")], key="issue", actor="me")
        good = Posting("land", "holder/1", "unissued", 1, 2, 0, "2026")
        for wrong in (
            good._replace(denomination="mu"),
            good._replace(source="holder/2"),
            good._replace(target="holders"),
            good._replace(source="unissued", target="holder/1"),
            good._replace(source="holder/1/pledged"),
            good._replace(lot=None),
            good._replace(lot="2027"),
            good._replace(reverses_seq=3),
            good._replace(reverses_line=1),
        ):
            with pytest.raises(ReversalError):
                book.append([Entry("back", DAY, DAY, {}, [wrong])], key="wrong", actor="me")
        book.append([Entry("back", DAY, DAY, {}, [good])], key="good", actor="me")

    def test_a_reversal_of_what_is_not_there_is_refused(self) -> None:
        book = self.founded()
        book.append([issue(10), note(), issue(10)], key="issue", actor="me")
        for seq, line in ((1, 0), (2, 1), (3, 0), (4, 1), (5, 0), (6, 0), (10**9, 0), (2**63 - 1, 2**63 - 1)):
            with pytest.raises(ReversalError):
                book.append([taking_back(1, seq, line)], key="back", actor="me")
        assert head(book).seq == 4

    def test_a_record_cannot_take_back_its_own_lines(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="issue", actor="me")
        postings = [Posting("land", "unissued", "holder/1", 5), Posting("land", "holder/1", "unissued", 5, 3, 0)]
        with pytest.raises(ReversalError):
            book.append([Entry("both", DAY, DAY, {}, postings)], key="both", actor="me")

    def test_an_entry_may_take_back_an_earlier_one_of_the_same_append_and_no_later_one(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="issue", actor="me")
        with pytest.raises(ReversalError):
            book.append([taking_back(5, 4), issue(5)], key="later", actor="me")
        with pytest.raises(ReversalError):
            book.append([issue(5), taking_back(5, 3), taking_back(1, 3)], key="more", actor="me")
        book.append([issue(5), taking_back(5, 3)], key="earlier", actor="me")
        assert balance(book) == 10

    def test_a_reversal_is_not_reversed(self) -> None:
        book = self.founded()
        book.append([issue(10), issue(10)], key="issue", actor="me")
        book.append([taking_back(5, 2)], key="back", actor="me")
        with pytest.raises(ReversalError):
            book.append([move(5, "unissued", "holder/1", reverses=(4, 0))], key="forth", actor="me")
        book.append([issue(5)], key="anew", actor="me")

    def test_what_is_not_there_is_found_before_an_overdrawn_account(self) -> None:
        book = self.founded()
        with pytest.raises(ReversalError):
            book.append([taking_back(5, 9)], key="back", actor="me")
        book.append([issue(5), move(5, "holder/1", "holder/2")], key="issue", actor="me")
        with pytest.raises(OverdrawnError):
            book.append([taking_back(5, 2)], key="back", actor="me")

    def test_a_refused_reversal_uses_nothing_up(self) -> None:
        book = self.founded()
        book.append([issue(5), move(5, "holder/1", "holder/2")], key="issue", actor="me")
        with pytest.raises(OverdrawnError):
            book.append([taking_back(5, 2)], key="back", actor="me")
        book.append([issue(5)], key="more", actor="me")
        book.append([taking_back(5, 2)], key="back", actor="me")

    def test_what_stands_in_a_closed_period_is_taken_back_in_an_open_one(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="issue", actor="me")
        book.append([locking(DAY + timedelta(30), DAY + timedelta(31))], key="lock", actor="me")
        book.append([move(4, "holder/1", "unissued", booked=DAY + timedelta(31), reverses=(2, 0))], key="b", actor="me")
        assert balance(book, on=DAY) == 6

    def test_a_reversal_says_what_it_reverses(self) -> None:
        book = self.founded()
        book.append([issue(10)], key="issue", actor="me")
        book.append([taking_back(4, 2)], key="back", actor="me")
        assert [(one.reverses_seq, one.reverses_line) for one in records(book)[1].postings] == [(None, None)]
        assert [(one.reverses_seq, one.reverses_line) for one in records(book)[2].postings] == [(2, 0)]
        assert_whole(book)

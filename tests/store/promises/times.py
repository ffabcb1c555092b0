"""The three times of a record, and what was known when."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from coopledger.errors import ClockError, UnknownRecordError
from tests.store.books import (
    DAY,
    DAY_US,
    NOW_US,
    SECOND_US,
    Clock,
    Promises,
    Salts,
    about,
    assert_whole,
    at,
    clock_set,
    fresh_name,
    head,
    issue,
    locking,
    name_hash,
    note,
    records,
    take,
)

FAR_US = 31 * DAY_US


class Times(Promises):
    def test_the_day_it_counts_for_the_day_it_is_booked_and_the_time_it_was_written_are_three(self) -> None:
        book = self.founded(Clock())
        book.append([note(date(2017, 5, 1), booked=date(2026, 7, 3))], key="ruling", actor="me")
        record = records(book)[-1]
        assert (record.effective_on, record.booked_on) == (date(2017, 5, 1), date(2026, 7, 3))
        assert record.recorded_us == NOW_US + 1
        assert record.recorded_at == at(NOW_US + 1)

    def test_days_at_both_ends_of_the_calendar_come_back(self) -> None:
        book = self.founded()
        book.append([note(date(1900, 1, 1)), note(date(2999, 12, 31)), note(date(2024, 2, 29))], key="a", actor="me")
        days = [one.effective_on for one in records(book)[1:]]
        assert days == [date(1900, 1, 1), date(2999, 12, 31), date(2024, 2, 29)]

    # ------------------------------------------------------------ the clock

    def test_a_record_is_written_when_the_clock_says(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        clock.forward(5 * SECOND_US + 3)
        assert book.append([note()], key="note", actor="me")[0].recorded_us == NOW_US + 5 * SECOND_US + 3

    def test_while_the_clock_stands_still_each_record_is_a_microsecond_later(self) -> None:
        book = self.founded(Clock())
        book.append([note(), note()], key="two", actor="me")
        book.append([note()], key="one", actor="me")
        assert [one.recorded_us - NOW_US for one in records(book)] == [0, 1, 2, 3]

    def test_a_clock_that_steps_back_a_little_moves_no_record_back(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        for back_us in (1, SECOND_US, 30 * DAY_US):
            clock.now_us = NOW_US - back_us
            book.append([note()], key=f"back {back_us}", actor="me")
        assert [one.recorded_us - NOW_US for one in records(book)] == [0, 1, 2, 3]

    def test_a_clock_up_to_31_days_ahead_is_believed_and_one_beyond_must_be_confirmed(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        clock.forward(FAR_US)
        book.append([note()], key="a month", actor="me")
        clock.forward(FAR_US + 1)
        before = head(book)
        with pytest.raises(ClockError):
            book.append([note()], key="a year", actor="me")
        assert head(book) == before
        book.append([note(), note()], key="a year", actor="me", confirm_clock=True)
        clock.forward(1)
        book.append([note()], key="on", actor="me")
        since = NOW_US + 2 * FAR_US + 1
        assert [one.recorded_us - since for one in records(book)] == [-2 * FAR_US - 1, -FAR_US - 1, 0, 1, 2]

    def test_the_first_record_of_a_book_takes_any_time(self) -> None:
        for now_us in (1, NOW_US, NOW_US + 400 * 365 * DAY_US):
            book = self.empty(Clock(now_us))
            assert book.append([note()], key="first", actor="me")[0].recorded_us == now_us

    def test_a_clock_more_than_31_days_behind_is_refused_whether_confirmed_or_not(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        clock.forward(-FAR_US)
        book.append([note()], key="a month", actor="me")
        clock.now_us = NOW_US + 1 - FAR_US - 1
        before = head(book)
        for confirmed in (False, True):
            with pytest.raises(ClockError):
                book.append([note()], key="more", actor="me", confirm_clock=confirmed)
        assert head(book) == before

    def test_a_clock_record_lets_a_book_go_on_that_was_dated_years_ahead(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        clock.forward(9 * 365 * DAY_US)
        book.append([note()], key="wrong", actor="me", confirm_clock=True)
        clock.now_us = NOW_US + DAY_US
        book.append([clock_set(), note()], key="set right", actor="me")
        clock.forward(SECOND_US)
        book.append([note()], key="on", actor="me")
        times = [one.recorded_us - NOW_US for one in records(book)]
        assert times == [0, 9 * 365 * DAY_US, DAY_US, DAY_US + 1, DAY_US + SECOND_US]
        assert_whole(book)

    def test_a_clock_record_while_the_clock_is_right_is_a_record_like_any_other(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        book.append([clock_set()], key="still", actor="me")
        clock.forward(SECOND_US)
        book.append([clock_set()], key="right", actor="me")
        assert [one.recorded_us - NOW_US for one in records(book)] == [0, 1, SECOND_US]
        clock.forward(FAR_US + 1)
        with pytest.raises(ClockError):
            book.append([clock_set()], key="ahead", actor="me")

    # ------------------------------------------------------------ known at

    def test_the_book_as_it_was_after_a_record_has_that_record_as_its_last(self) -> None:
        book = self.founded()
        given = book.append([note(n=1), note(n=2), note(n=3)], key="three", actor="me")
        for record in given:
            with book.read(record.seq) as view:
                assert view.head == record.head
                assert [one.seq for one in view.records()] == list(range(1, record.seq + 1))
                with pytest.raises(UnknownRecordError):
                    view.record(record.seq + 1)

    def test_before_the_first_record_the_book_is_empty(self) -> None:
        name = fresh_name()
        book = self.make(name, Clock(), Salts())
        book.append([about("1", {"n": 1})], key="first", actor="me")
        for known in (
            0,
            at(NOW_US - 1),
            datetime(1970, 1, 1, tzinfo=UTC),
            datetime.min,  # noqa: DTZ901 - without a zone
            datetime.min.replace(tzinfo=UTC),
        ):
            with book.read(known) as view:
                assert view.head == (0, name_hash(name))
                assert (list(view.records()), view.balances(), view.personal()) == ([], {}, {})

    def test_a_number_that_the_book_has_not_reached_is_refused(self) -> None:
        book = self.founded()
        for known in (2, 3, 10**9, 2**63 - 1, -1, -2):
            with pytest.raises(UnknownRecordError), book.read(known):
                pass

    def test_a_time_after_the_last_record_knows_all_of_it(self) -> None:
        book = self.founded()
        for known in (NOW_US, NOW_US + DAY_US, NOW_US + 900 * 365 * DAY_US):
            assert len(records(book, at(known))) == 1
        assert len(records(book, datetime.max)) == 1  # noqa: DTZ901 - without a zone
        assert len(records(book, datetime.max.replace(tzinfo=UTC))) == 1

    def test_what_was_known_at_a_time_is_what_was_written_up_to_that_microsecond(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        for n in range(4):
            clock.forward(SECOND_US)
            book.append([note(n=n)], key=f"note {n}", actor="me")
        for n in range(5):
            assert len(records(book, at(NOW_US + n * SECOND_US - 1))) == n
            assert len(records(book, at(NOW_US + n * SECOND_US))) == n + 1

    def test_a_time_without_a_zone_is_utc_and_one_with_a_zone_is_that_instant(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        clock.forward(SECOND_US)
        book.append([note()], key="note", actor="me")
        shanghai = timezone(timedelta(hours=8))
        for known, count in (
            (datetime(2026, 1, 1, 0, 0, 0), 1),  # noqa: DTZ001 - a time without a zone is the point
            (datetime(2026, 1, 1, 0, 0, 1), 2),  # noqa: DTZ001
            (datetime(2026, 1, 1, 8, 0, 0, tzinfo=shanghai), 1),
            (datetime(2026, 1, 1, 8, 0, 1, tzinfo=shanghai), 2),
            (datetime(2026, 1, 1, 0, 0, 1, tzinfo=shanghai), 0),
            (datetime(2025, 12, 31, 19, 0, 1, tzinfo=timezone(-timedelta(hours=5))), 2),
        ):
            assert len(records(book, known)) == count

    def test_what_was_known_at_a_time_stays_the_same_whatever_is_appended_later(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        book.append([issue(10), about("1", {"n": 1})], key="first", actor="me")
        known = at(clock.now_us + 2)
        with book.read(known) as view:
            before = (view.head, list(view.records()), view.balances(), view.personal(), list(view.movements("holder")))
        clock.forward(SECOND_US)
        book.append([take(3, on=DAY), issue(4, on=DAY - timedelta(9)), about("1", {"n": 2})], key="later", actor="me")
        book.append([locking(DAY, DAY + timedelta(1))], key="lock", actor="me")
        with book.read(known) as view:
            after = (view.head, list(view.records()), view.balances(), view.personal(), list(view.movements("holder")))
        assert after == before

    def test_times_before_a_clock_record_were_too_late_and_do_not_hide_what_was_known(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        clock.forward(SECOND_US)
        book.append([note()], key="right", actor="me")
        clock.forward(900 * DAY_US)
        book.append([note(), note()], key="wrong", actor="me", confirm_clock=True)
        clock.now_us = NOW_US + 10 * SECOND_US
        book.append([clock_set()], key="clock", actor="me")
        clock.forward(SECOND_US)
        book.append([note()], key="on", actor="me")
        for seconds, last in ((-1, 0), (0, 1), (1, 2), (9, 2), (10, 5), (11, 6), (900 * 24 * 3600, 6)):
            with book.read(at(NOW_US + seconds * SECOND_US)) as view:
                assert view.head.seq == last

    def test_of_two_clock_records_each_sets_the_times_before_it_right(self) -> None:
        clock = Clock()
        book = self.founded(clock)
        for n, (wrong_us, right_us) in enumerate(((500, 30), (900, 20))):
            clock.now_us = NOW_US + wrong_us * DAY_US
            book.append([note()], key=f"wrong {n}", actor="me", confirm_clock=True)
            clock.now_us = NOW_US + right_us * DAY_US
            book.append([clock_set()], key=f"clock {n}", actor="me")
        for day, last in ((0, 1), (19, 1), (20, 5), (30, 5), (500, 5), (900, 5)):
            with book.read(at(NOW_US + day * DAY_US)) as view:
                assert view.head.seq == last

"""A value over a term, in a straight line: nothing is lost, and no period is a fen off."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.instalment import EVERY, PARTS, Every, Part, spread, spread_until
from coopledger.errors import RegisterError
from tests.core.strategies import steady

terms = st.tuples(st.dates(date(1995, 1, 1), date(2060, 12, 31)), st.integers(0, 365 * 70)).map(
    lambda pair: (pair[0], pair[0] + timedelta(pair[1]))
)


def months_between(first: date, last: date) -> int:
    return 12 * (last.year - first.year) + last.month - first.month


@steady(300)
@given(st.integers(0, 10**13), terms, st.sampled_from(EVERY), st.sampled_from(PARTS))
def test_the_instalments_come_to_the_value_exactly(
    value: int, term: tuple[date, date], every: Every, part: Part
) -> None:
    found = spread(value, *term, every, part)
    assert sum(one.amount_fen for one in found) == value
    assert all(one.amount_fen > 0 for one in found)
    assert [one.ends_on for one in found] == sorted({one.ends_on for one in found})


@steady(200)
@given(st.integers(0, 10**11), terms, st.sampled_from(EVERY))
def test_by_days_each_running_total_is_its_days_rounded_half_up(
    value: int, term: tuple[date, date], every: Every
) -> None:
    start, end = term
    whole = (end - start).days + 1
    running = 0
    for one in spread(value, start, end, every, "days"):
        running += one.amount_fen
        exact = Fraction(value * ((one.ends_on - start).days + 1), whole)
        assert abs(running - exact) <= Fraction(1, 2)
        assert start <= one.starts_on <= one.ends_on <= end


@steady(200)
@given(st.integers(0, 10**11), terms)
def test_years_are_the_sums_of_their_months(value: int, term: tuple[date, date]) -> None:
    """The running total is rounded, not the instalment: it does not matter how often somebody books."""
    for part in PARTS:
        by_year: dict[int, int] = {}
        for one in spread(value, *term, "month", part):
            by_year[one.ends_on.year] = by_year.get(one.ends_on.year, 0) + one.amount_fen
        assert by_year == {one.ends_on.year: one.amount_fen for one in spread(value, *term, "year", part)}


@steady(200)
@given(st.integers(1, 10**11), terms, st.integers(-100, 365 * 71))
def test_what_is_used_up_by_a_day_never_falls_and_ends_at_the_value(
    value: int, term: tuple[date, date], days: int
) -> None:
    day = term[0] + timedelta(days)
    for part in PARTS:
        used = spread_until(value, *term, day, part)
        assert 0 <= used <= spread_until(value, *term, day + timedelta(40), part) <= value
        assert spread_until(value, *term, term[1] + timedelta(31), part) == value


def test_a_right_of_thirty_years_from_the_first_of_january() -> None:
    """财会〔2021〕37号 31: straight line over the term of the right, from the day of use."""
    found = spread(90_000_00, date(2024, 1, 1), date(2053, 12, 31), "year")
    assert [one.amount_fen for one in found] == [3_000_00] * 30
    assert (found[0].ends_on, found[-1].ends_on) == (date(2024, 12, 31), date(2053, 12, 31))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 3, 15), date(2027, 3, 14), 12),  # whole years from the middle of a month
        (date(2026, 1, 1), date(2026, 1, 31), 1),
        (date(2026, 1, 5), date(2026, 1, 25), 1),  # within one month
        (date(2026, 1, 20), date(2026, 2, 10), 1),
        (date(2026, 1, 31), date(2026, 3, 31), 3),
        (date(2024, 2, 29), date(2025, 2, 28), 13),  # the last day of February ends the month
    ],
)
def test_by_months_the_first_month_counts_in_full_and_the_last_only_if_it_is_full(
    start: date, end: date, months: int
) -> None:
    found = spread(months * 100, start, end)
    assert [one.amount_fen for one in found] == [100] * months
    assert months_between(start, found[-1].ends_on) == months - 1
    assert found[0].starts_on == start


def test_by_days_the_first_and_the_last_year_are_the_days_in_them() -> None:
    found = spread(731_00, date(2024, 12, 31), date(2026, 12, 31), "year", "days")
    assert [one.amount_fen for one in found] == [1_00, 365_00, 365_00]


def test_periods_too_small_for_a_fen_are_left_out() -> None:
    assert [one.amount_fen for one in spread(2, date(2026, 1, 1), date(2026, 12, 31))] == [1, 1]


def test_a_month_in_course_is_not_used_up_yet() -> None:
    start, end = date(2026, 1, 1), date(2026, 12, 31)
    days = [date(2025, 12, 31), date(2026, 1, 30), date(2026, 1, 31)]
    assert [spread_until(1200, start, end, day) for day in days] == [0, 0, 100]
    assert [spread_until(36500, start, end, day, "days") for day in days] == [0, 3000, 3100]


def test_a_term_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(RegisterError, match="its end lies before its start"):
        spread(1, date(2026, 1, 2), date(2026, 1, 1))

"""Instalments: a value spread over a term in a straight line, period by period, to the last fen."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from coopledger.core.rounding import divide
from coopledger.errors import RegisterError
from coopledger.text import Message

Every = Literal["month", "year"]
Part = Literal["months", "days"]

EVERY: tuple[Every, ...] = get_args(Every)
PARTS: tuple[Part, ...] = get_args(Part)

_DAY = timedelta(1)


class Charge(NamedTuple):
    """What falls on one calendar month or year of a term, in fen; the last day is when it is booked."""

    starts_on: date
    ends_on: date
    amount_fen: int


def spread(
    value_fen: int, starts_on: date, ends_on: date, every: Every = "month", part: Part = "months"
) -> list[Charge]:
    """A value in fen over a term, both days included, by calendar months or years.

    A period that the term fills only in part counts, by ``months``: the month in which the term starts in full, the
    one in which it ends (before its last day) not at all; by ``days``: the days of the term in it. The running total
    is rounded half up and the instalments are its differences, so that they come to the value exactly. Periods of
    nothing are left out.

    Raises RegisterError for a term that ends before it starts.

    >>> year = spread(1000_00, date(2026, 3, 15), date(2027, 3, 14), "year")
    >>> [(str(one.ends_on), one.amount_fen) for one in year]
    [('2026-12-31', 83333), ('2027-02-28', 16667)]
    >>> [one.amount_fen for one in spread(100, date(2026, 1, 1), date(2026, 3, 31))]
    [33, 34, 33]
    """
    if ends_on < starts_on:
        raise RegisterError(
            Message("a term from {start} to {end}: its end lies before its start", start=starts_on, end=ends_on)
        )
    # By months, the term is stretched to whole months; from then on both ways count the same.
    first = starts_on.replace(day=1) if part == "months" else starts_on
    last = _whole_months(starts_on, ends_on) if part == "months" else ends_on
    whole = _weight(first, last, part)
    found = []
    given = 0
    for start, end in _periods(first, last, every):
        reached = divide(value_fen * _weight(first, end, part), whole)
        if reached > given:
            found.append(Charge(max(start, starts_on), end, reached - given))
        given = reached
    return found


def spread_until(value_fen: int, starts_on: date, ends_on: date, on: date, part: Part = "months") -> int:
    """What of a value is used up after a day, in fen: the whole months that ended by then, or the days.

    >>> spread_until(365_00, date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 10), "days")
    1000
    >>> spread_until(120_00, date(2026, 1, 1), date(2026, 12, 31), date(2026, 2, 10))
    1000
    """
    if part == "months":
        return sum(one.amount_fen for one in spread(value_fen, starts_on, ends_on) if one.ends_on <= on)
    if on < starts_on:
        return 0
    until = min(on, ends_on)
    return divide(value_fen * _weight(starts_on, until, part), _weight(starts_on, ends_on, part))


def _whole_months(starts_on: date, ends_on: date) -> date:
    """The last day of the last month that counts: the one before the term ends, unless its last day ends the month."""
    last = (ends_on + _DAY).replace(day=1) - _DAY
    return max(last, _month_end(starts_on))  # a term within one month is that month


def _periods(first: date, last: date, every: Every) -> Iterator[tuple[date, date]]:
    start = first
    while start <= last:
        end = date(start.year, 12, 31) if every == "year" else _month_end(start)
        yield start, min(end, last)
        start = end + _DAY


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(4)).replace(day=1) - _DAY


def _weight(first: date, last: date, part: Part) -> int:
    if part == "days":
        return (last - first).days + 1
    return 12 * (last.year - first.year) + last.month - first.month + 1

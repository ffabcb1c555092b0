"""The calendar of a contract: anchors, contract years, stubs, due dates.

Contract year n starts n − 1 years after the anchor, always counted from the anchor and never from the year before:
a chained count sticks on 28 February for ever. When a year is due is a separate thing from when it runs.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import repeat
from operator import sub
from typing import Literal, NamedTuple, get_args

from coopledger.core.value import Value
from coopledger.errors import CalendarError
from coopledger.text import Message

Basis = Literal["lease", "contracted land", "barren land", "contribution", "service"]
Stub = Literal["none", "short front", "long front", "short back", "long back"]
LeapDay = Literal["28 Feb", "1 Mar"]
Adjustment = Literal["following", "preceding", "modified following"]

BASES: tuple[Basis, ...] = get_args(Basis)
STUBS: tuple[Stub, ...] = get_args(Stub)
LEAP_DAYS: tuple[LeapDay, ...] = get_args(LeapDay)
ADJUSTMENTS: tuple[Adjustment, ...] = get_args(Adjustment)

LONGEST_TERM = 200
LEASE_LIMIT = 20
"""A lease is void for what exceeds twenty years (民法典 705)."""

_DAY = timedelta(1)
_FRONT = ("short front", "long front")
_LAST_DAY = date(9998, 12, 31)
_BASES_OR_NONE = (None, *BASES)
_LEAP_DAYS_OR_NONE = (None, *LEAP_DAYS)


class Periods(NamedTuple):
    """The contract years of a term: period i runs from ``starts[i]`` to ``ends[i]``, both included.

    ``numbers`` are contract years; a short stub in front is year 0. ``years`` has the contract year whose amount a
    period is owed, and ``fractions`` its part of it where that is not 1.
    """

    numbers: Sequence[int]
    starts: Sequence[date]
    ends: Sequence[date]
    years: Sequence[int]
    fractions: dict[int, Fraction]


class Term(Value):
    """How long a contract runs: from ``start`` to ``end``, both included, with its legal basis.

    Build it with ``term``. Full contract years and at most one stub: a part of a year in front or at the back, as a
    period of its own (short) or joined to its neighbour (long). A stub is owed its days as an exact fraction of the
    days of the contract year it is part of; a long one is owed at the amount of the year it is joined to.
    """

    __slots__ = ("start", "end", "basis", "stub", "leap_day", "full_years")

    start: date
    end: date
    basis: Basis | None
    stub: Stub
    leap_day: LeapDay | None
    full_years: int
    """How many full contract years fit."""

    def __init__(
        self,
        start: date,
        end: date,
        basis: Basis | None = None,
        stub: Stub = "none",
        leap_day: LeapDay | None = None,
    ) -> None:
        for seen, accepted in ((stub, STUBS), (basis, _BASES_OR_NONE), (leap_day, _LEAP_DAYS_OR_NONE)):
            if seen not in accepted:
                raise CalendarError(
                    Message(
                        "{seen}: one of {accepted} is accepted", seen=repr(seen), accepted=list(filter(None, accepted))
                    )
                )
        if end < start:
            raise CalendarError(
                Message("a term from {start} to {end}: its end lies before its start", start=start, end=end)
            )
        if end >= _LAST_DAY:
            raise _out_of_range(end)
        anchor, bound = (end + _DAY, start) if stub in _FRONT else (start, end + _DAY)
        if anchor.month == 2 and anchor.day == 29 and leap_day is None:
            raise CalendarError(
                Message("years counted from {anchor}: leap_day = '28 Feb' or '1 Mar' is expected", anchor=anchor)
            )
        whole, exactly = _years_between(anchor, bound, leap_day)
        if exactly:
            if stub != "none":
                raise CalendarError(
                    Message(
                        "{start} to {end} is {years} full years: there is no stub", start=start, end=end, years=whole
                    )
                )
        elif stub == "none":
            raise CalendarError(
                Message(
                    "{start} to {end} is {years} full years and a part: stub = 'short back', 'long back', "
                    "'short front' or 'long front' is expected",
                    start=start,
                    end=end,
                    years=whole,
                )
            )
        if whole > LONGEST_TERM or (whole < 1 and stub.startswith("long")):
            raise CalendarError(Message("{seen} years: a term has 1 to 200 years", seen=whole))
        self._put(start, end, basis, stub, leap_day, whole)

    @property
    def _front(self) -> bool:
        return self.stub in _FRONT

    @property
    def _anchor(self) -> date:
        return self.end + _DAY if self._front else self.start

    def anniversary(self, years: int) -> date:
        """The anchor moved by whole years; from 29 February to 28 February or 1 March in other years.

        The anchor is the first day, or the day after the last one where the stub is in front.

        >>> term("2016-02-29", years=4, leap_day="1 Mar").anniversary(1)
        datetime.date(2017, 3, 1)
        """
        anchor = self._anchor
        return _on(anchor.year + years, anchor.month, anchor.day, self.leap_day)

    @property
    def years(self) -> int:
        """How many contract years a schedule must cover."""
        return self.full_years + (self.stub == "short back") or 1

    @property
    def since(self) -> int:
        """The calendar year in which contract year 1 starts."""
        return self.anniversary(-self.full_years).year if self._front and self.full_years else self.start.year

    def periods(self) -> Periods:
        """The contract years with their dates.

        >>> periods = term("2014-07-01", until="2016-12-31", stub="short back").periods()
        >>> list(periods.numbers), str(periods.starts[-1]), periods.fractions
        ([1, 2, 3], '2016-07-01', {2: Fraction(184, 365)})
        """
        whole = self.full_years
        anchor, leap_day = self._anchor, self.leap_day
        year, month, day = anchor.year, anchor.month, anchor.day
        years = range(year - whole, year + 1) if self._front else range(year, year + whole + 1)
        if month == 2 and day == 29:
            bounds = [_on(y, month, day, leap_day) for y in years]
        else:
            bounds = list(map(date, years, repeat(month), repeat(day)))  # twice as fast as a comprehension
        numbers: Sequence[int] = range(1, whole + 1)
        owed = numbers
        fractions: dict[int, Fraction] = {}
        if self.stub == "short back":
            fractions = {whole: _part(bounds[-1], self.end + _DAY, self.anniversary(whole + 1))}
            bounds.append(self.end + _DAY)
            numbers = owed = [*owed, whole + 1]
        elif self.stub == "long back":
            fractions = {whole - 1: 1 + _part(bounds[-1], self.end + _DAY, self.anniversary(whole + 1))}
            bounds[-1] = self.end + _DAY
        elif self.stub == "short front":
            fractions = {0: _part_back(self.anniversary(-whole - 1), self.start, bounds[0])}
            bounds.insert(0, self.start)
            numbers, owed = [0, *owed], [1, *owed]
        elif self.stub == "long front":
            fractions = {0: 1 + _part_back(self.anniversary(-whole - 1), self.start, bounds[0])}
            bounds[0] = self.start
        return Periods(numbers, bounds[:-1], list(map(sub, bounds[1:], repeat(_DAY))), owed, fractions)


def term(
    start: date | str,
    *,
    years: int | None = None,
    until: date | str | None = None,
    basis: Basis | None = None,
    stub: Stub = "none",
    leap_day: LeapDay | None = None,
) -> Term:
    """A term from its first day: so many ``years``, or ``until`` its last day.

    >>> term("2014-01-01", years=40).end
    datetime.date(2053, 12, 31)
    """
    first = day(start)
    if years is not None:
        if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= LONGEST_TERM:
            raise CalendarError(Message("{seen} years: a term has 1 to 200 years", seen=years))
        if first.year + years + 1 > date.max.year:
            raise _out_of_range(first.year + years)
        last = _on(first.year + years, first.month, first.day, leap_day or "28 Feb") - _DAY
        if until is not None and day(until) != last:
            raise CalendarError(
                Message("{years} years from {start} end on {last}, not on {seen}: give one of the two",
                        years=years, start=first, last=last, seen=day(until))
            )  # fmt: skip
        return Term(first, last, basis, stub, leap_day)
    if until is None:
        raise CalendarError(Message("a term needs its years or its last day"))
    return Term(first, day(until), basis, stub, leap_day)


class Due(NamedTuple):
    """When a contract year is due: on its last or first day, on a fixed month and day, or some days after its end.

    A fixed month and day is the last such day within the period, or the first one after it if there is none within
    (that can only be in a stub); ``following_year`` is the first such day after the period.
    """

    month: int = 0
    day: int = 0
    days_after: int = 0
    at_start: bool = False
    following_year: bool = False
    adjustment: Adjustment | None = None
    holidays: frozenset[date] = frozenset()

    def dates(self, periods: Periods, leap_day: LeapDay | None = None) -> Sequence[date]:
        """The due date of each period.

        >>> [str(d) for d in due_on("10-15").dates(term("2014-07-01", years=2).periods())]
        ['2014-10-15', '2015-10-15']
        """
        try:
            return self._dates(periods, leap_day)
        except OverflowError as error:
            raise _out_of_range(f"{self.days_after} days after {periods.ends[-1]}") from error

    def _dates(self, periods: Periods, leap_day: LeapDay | None) -> Sequence[date]:
        if self.month:
            dates: Sequence[date] = [
                self._fixed(start, end, leap_day) for start, end in zip(periods.starts, periods.ends, strict=True)
            ]
        else:
            dates = periods.starts if self.at_start else periods.ends
            if self.days_after:
                after = timedelta(self.days_after)
                dates = [one + after for one in dates]
        return [self._adjusted(one) for one in dates] if self.adjustment else dates

    def _fixed(self, start: date, end: date, leap_day: LeapDay | None) -> date:
        if not self.following_year:
            for year in (end.year, end.year - 1, end.year - 2):
                if start <= (found := _on(year, self.month, self.day, leap_day)) <= end:
                    return found
        found = _on(end.year, self.month, self.day, leap_day)
        return found if found > end else _on(end.year + 1, self.month, self.day, leap_day)

    def _adjusted(self, one: date) -> date:
        step = -_DAY if self.adjustment == "preceding" else _DAY
        moved = self._to_business_day(one, step)
        if self.adjustment == "modified following" and moved.month != one.month:
            moved = self._to_business_day(one, -_DAY)
        return moved

    def _to_business_day(self, one: date, step: timedelta) -> date:
        while one.isoweekday() > 5 or one in self.holidays:
            one += step
        return one

    @property
    def words(self) -> Message:
        """The rule as a clause."""
        if self.month:
            return Message(
                "on {month:0>2}-{day:0>2} after the period" if self.following_year else "on {month:0>2}-{day:0>2}",
                month=self.month,
                day=self.day,
            )
        if self.days_after:
            return Message("{days} days after the period", days=self.days_after)
        return Message("on the first day of the period") if self.at_start else Message("on the last day of the period")


PERIOD_END = Due()
PERIOD_START = Due(at_start=True)

_FIXED = re.compile(r"(?P<following>next |次年 ?)?(?P<month>\d{1,2})(?:-|月)(?P<day>\d{1,2})日?")
_AFTER = re.compile(r"(?P<days>\d{1,4}) ?(?:days after|天后|日后)")


def due_on(seen: str, *, adjustment: Adjustment | None = None, holidays: Sequence[date] = ()) -> Due:
    """The rule that a text means.

    Accepted: ``last day`` (期末), ``first day`` (期初), ``12-31`` or ``12月31日``, ``next 03-31`` (次年3月31日),
    ``30 days after`` (30天后).

    >>> due_on("12月31日") == due_on("12-31")
    True
    """
    text = seen.strip() if isinstance(seen, str) else ""
    rule: Due | None = None
    if text in ("last day", "期末"):
        rule = PERIOD_END
    elif text in ("first day", "期初"):
        rule = PERIOD_START
    elif match := _AFTER.fullmatch(text):
        rule = Due(days_after=int(match["days"]))
    elif match := _FIXED.fullmatch(text):
        month, on = int(match["month"]), int(match["day"])
        if _is_day(month, on):
            rule = Due(month, on, following_year=match["following"] is not None)
    if rule is None:
        raise CalendarError(
            Message(
                "{seen} is not a due date: "
                "'last day', 'first day', '12-31', 'next 03-31' or '30 days after' is expected",
                seen=repr(seen),
            )
        )
    if holidays and adjustment is None:
        raise CalendarError(Message("holidays go with an adjustment: one of {accepted}", accepted=list(ADJUSTMENTS)))
    if adjustment not in (None, *ADJUSTMENTS):
        raise CalendarError(
            Message("{seen}: one of {accepted} is accepted", seen=repr(adjustment), accepted=list(ADJUSTMENTS))
        )
    return rule._replace(adjustment=adjustment, holidays=frozenset(holidays))


def day(seen: date | str) -> date:
    """The day that a text such as ``2014-01-01`` means.

    >>> day("2014-01-01")
    datetime.date(2014, 1, 1)
    """
    if isinstance(seen, datetime):
        return seen.date()
    if isinstance(seen, date):
        return seen
    try:
        return date.fromisoformat(seen)
    except (TypeError, ValueError):
        raise CalendarError(Message("{seen} is not a day: write it as 2014-01-01", seen=repr(seen))) from None


def _years_between(anchor: date, bound: date, leap_day: LeapDay | None) -> tuple[int, bool]:
    """How many full years lie between two days, counted from the first, and whether they fill all of it."""
    sign = 1 if bound > anchor else -1
    years = abs(bound.year - anchor.year)
    reached = _on(anchor.year + sign * years, anchor.month, anchor.day, leap_day)
    if (reached > bound) if sign == 1 else (reached < bound):
        years -= 1
        reached = _on(anchor.year + sign * years, anchor.month, anchor.day, leap_day)
    return years, years > 0 and reached == bound


def _on(year: int, month: int, day: int, leap_day: LeapDay | None) -> date:
    if not date.min.year <= year <= date.max.year:
        raise _out_of_range(year)
    if month == 2 and day == 29 and not _is_leap(year):
        if leap_day is None:
            raise CalendarError(
                Message("29 February does not occur in {year}: leap_day = '28 Feb' or '1 Mar' is expected", year=year)
            )
        return date(year, 3, 1) if leap_day == "1 Mar" else date(year, 2, 28)
    return date(year, month, day)


def _out_of_range(seen: object) -> CalendarError:
    return CalendarError(Message("{seen} is out of range: years 1 to 9998 are accepted", seen=seen))


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _is_day(month: int, day: int) -> bool:
    try:
        date(2000, month, day)
    except ValueError:
        return False
    return True


def _part(start: date, end: date, year_end: date) -> Fraction:
    return Fraction((end - start).days, (year_end - start).days)


def _part_back(year_start: date, start: date, end: date) -> Fraction:
    return Fraction((end - start).days, (end - year_start).days)

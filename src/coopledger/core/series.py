"""Series: figures by year from outside the contract (prices, profits, rates), with an assumption for the years ahead.

A year that lies between known ones and has no figure is an error that names the year. A year past the last known
one has a figure only if the plan writes down an assumption, and every figure that rests on it says so.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.quantity import Number, Quantity, Unit, percent, quantity, rate
from coopledger.core.value import Value
from coopledger.errors import MissingValueError, ScheduleError, UnitError
from coopledger.text import Message

CALENDAR_YEARS = range(1000, 10000)


class Figure(NamedTuple):
    """One year's figure; ``assumption`` says on what it rests when it is not known."""

    value: Number
    assumption: Message | None = None


class Assumption(NamedTuple):
    """What is assumed of the years past the last known figure: it grows by a rate (0 = it holds), or it is listed."""

    growth: Number | None = None
    listed: Mapping[int, Number] = {}


HOLD = Assumption(growth=0)


class Series(Value):
    """Figures by year, all in one unit.

    The years are calendar years (1000 and later) or contract years (1, 2, 3 …), not both.

    >>> rice = series("rice", {2014: "1.35 元/斤", 2015: "1.38 元/斤"}, assume="hold")
    >>> rice.figure(2015).value, rice.figure(2020).value
    (Fraction(69, 50), Fraction(69, 50))
    >>> print(rice.figure(2020).assumption)
    rice: 2015's 1.38 yuan/jin assumed to hold
    """

    __slots__ = ("name", "known", "unit", "assumption")

    name: str
    known: Mapping[int, Number]
    unit: Unit
    assumption: Assumption | None

    def __init__(
        self, name: str, known: Mapping[int, Number], unit: Unit, assumption: Assumption | None = None
    ) -> None:
        self._put(name, known, unit, assumption)
        if not self.known:
            raise ScheduleError(Message("{name} has no figures: at least one year is expected", name=self.name))
        years = [*self.known, *(self.assumption.listed if self.assumption else ())]
        for year in years:
            if not isinstance(year, int) or isinstance(year, bool):
                raise ScheduleError(Message("{name}: {seen} is not a year", name=self.name, seen=repr(year)))
        if len({year in CALENDAR_YEARS for year in years}) > 1 or min(years) < 1 or max(years) not in range(1, 10000):
            raise ScheduleError(
                Message(
                    "{name} has figures for {seen}: either calendar years (2014) or contract years (1), not both",
                    name=self.name,
                    seen=sorted(years),
                )
            )
        if self.assumption and self.assumption.listed and min(self.assumption.listed) <= self.last:
            raise ScheduleError(
                Message(
                    "{name} assumes a figure for {seen}, but its figures are known up to {last}",
                    name=self.name,
                    seen=min(self.assumption.listed),
                    last=self.last,
                )
            )
        for year in range(min(self.known), self.last):
            if year not in self.known:
                raise self._missing(year)

    @property
    def last(self) -> int:
        """The last year whose figure is known."""
        return max(self.known)

    @property
    def by_calendar_year(self) -> bool:
        """Whether the years are calendar years."""
        return self.last in CALENDAR_YEARS

    def figure(self, year: int) -> Figure | None:
        """The year's figure; None for a year ahead of which nothing is assumed.

        Raises MissingValueError for a year before the first figure, and for a gap in what is assumed.
        """
        if year in self.known:
            return Figure(self.known[year])
        if year < self.last:
            raise self._missing(year)
        if self.assumption is None:
            return None
        if self.assumption.growth is None:
            if year not in self.assumption.listed:
                raise self._missing(year)
            return Figure(
                self.assumption.listed[year], Message("{name}: {year} assumed as listed", name=self.name, year=year)
            )
        last = Quantity(self.known[self.last], self.unit)
        if not self.assumption.growth:
            return Figure(
                last.value,
                Message("{name}: {year}'s {figure} assumed to hold", name=self.name, year=self.last, figure=last),
            )
        return Figure(
            last.value * (1 + Fraction(self.assumption.growth)) ** (year - self.last),
            Message(
                "{name}: {year}'s {figure} assumed to change by {rate} of the previous year's",
                name=self.name,
                year=self.last,
                figure=last,
                rate=percent(self.assumption.growth),
            ),
        )

    def _missing(self, year: int) -> MissingValueError:
        return MissingValueError(
            Message(
                "{name} has no figure for {year}: figures are known for {first} to {last}",
                name=self.name,
                year=year,
                first=min(self.known),
                last=self.last,
            )
        )


def series(name: str, figures: Mapping[int, object], *, assume: object = None) -> Series:
    """A series from figures as people write them.

    ``assume`` is ``"hold"`` (保持不变), a yearly change such as ``"+2%"``, a mapping of the years ahead, or None.

    >>> series("profit", {2023: "100万元"}, assume={2024: "120万元"}).figure(2024).value
    1200000
    """
    known = {year: quantity(seen) for year, seen in figures.items()}
    if not known:
        raise ScheduleError(Message("{name} has no figures: at least one year is expected", name=name))
    unit = next(iter(known.values())).unit
    assumption = None
    if isinstance(assume, Mapping):
        ahead = {year: quantity(seen) for year, seen in assume.items()}
        known_and_ahead = [*known.items(), *ahead.items()]
        assumption = Assumption(listed={year: seen.value for year, seen in ahead.items()})
    else:
        known_and_ahead = [*known.items()]
        if assume in ("hold", "保持不变", "不变"):
            assumption = HOLD
        elif assume is not None:
            growth = rate(assume)
            if growth.unit.above or growth.unit.below or growth.value <= -1:
                raise ScheduleError(
                    Message(
                        "{name} assumes {seen}: "
                        "'hold', a yearly change such as '+2%', or the years' figures are expected",
                        name=name,
                        seen=repr(assume),
                    )
                )
            assumption = Assumption(growth=growth.value)
    for year, seen in known_and_ahead:
        if seen.unit != unit:
            raise UnitError(
                Message("{name} is in {unit}, but {year} is in {was}", name=name, unit=unit, year=year, was=seen.unit)
            )
    return Series(name, {year: seen.value for year, seen in known.items()}, unit, assumption)

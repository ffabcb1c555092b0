"""Schedules that depend on figures from outside: prices of goods, shares of profit."""

from collections.abc import Sequence
from fractions import Fraction

from coopledger.core.quantity import PLAIN, Number, Quantity, Unit, decimal, percent, quantity, unit_message
from coopledger.core.quantity import rate as rate_of
from coopledger.core.schedule import (
    Amount,
    Clock,
    Difference,
    Highest,
    Level,
    Product,
    Schedule,
    Values,
    plain,
    schedule,
    values_of,
)
from coopledger.core.series import Series
from coopledger.errors import ScheduleError, UnitError
from coopledger.text import Message


class Figures(Schedule):
    """A series read as a schedule; ``lag`` 1 reads last year's figure.

    Figures are facts: in a delay or after a hand-over they stay those of the contract's year, or of the calendar's.
    """

    __slots__ = ("series", "lag")

    series: Series
    lag: int

    def __init__(self, series: Series, lag: int = 0) -> None:
        self._put(series, lag)
        if not isinstance(lag, int) or isinstance(lag, bool) or lag < 0:
            raise ScheduleError(Message("a lag of {seen} years: whole years, 0 or more, are accepted", seen=plain(lag)))

    @property
    def unit(self) -> Unit:
        return self.series.unit

    @property
    def by_calendar(self) -> bool:
        return self.series.by_calendar_year

    def values(self, years: int, clock: Clock) -> Values:
        first = (clock.calendar if self.series.by_calendar_year else 1 + clock.passed) - self.lag
        figures = [self.series.figure(first + n) for n in range(years)]
        values = values_of([figure and figure.value for figure in figures])
        assumptions = {
            n: (figure.assumption,) for n, figure in enumerate(figures) if figure is not None and figure.assumption
        }
        return Values(values.numerators, values.denominator, assumptions)

    @property
    def words(self) -> Message:
        if self.lag == 1:
            return Message("{name} of the year before", name=self.series.name)
        if self.lag:
            return Message("{name} of {lag} years before", name=self.series.name, lag=self.lag)
        return Message("{name} of the year", name=self.series.name)


class Indexed(Schedule):
    """Paid in kind: goods of each year times the price of the year."""

    __slots__ = ("goods", "prices")

    goods: Schedule
    prices: Schedule

    def __init__(self, goods: Schedule, prices: Schedule) -> None:
        self._put(goods, prices)

    @property
    def unit(self) -> Unit:
        return self.goods.unit * self.prices.unit

    def values(self, years: int, clock: Clock) -> Values:
        return Product((self.goods, self.prices)).values(years, clock)

    @property
    def at_once(self) -> bool | None:
        return self.goods.at_once

    @property
    def words(self) -> Message:
        return Message("paid in kind, goods times price")

    @property
    def in_kind(self) -> Schedule | None:
        return self.goods


class Share(Schedule):
    """A share of figures: one rate, or tiers with a rate for each bracket up to a limit (None: the rest)."""

    __slots__ = ("of", "tiers")

    of: Schedule
    tiers: tuple[tuple[Number | None, Number], ...]

    def __init__(self, of: Schedule, tiers: tuple[tuple[Number | None, Number], ...]) -> None:
        self._put(of, tiers)
        limits = [limit for limit, _ in self.tiers]
        below = [limit for limit in limits[:-1] if limit is not None]
        if not self.tiers or limits[-1] is not None or len(below) != len(limits) - 1 or below != sorted(set(below)):
            raise ScheduleError(
                Message(
                    "tiers up to {seen}: rising limits are expected, and a last tier without one",
                    seen=["…" if limit is None else decimal(limit) for limit in limits],
                )
            )
        if below and below[0] <= 0:
            raise ScheduleError(Message("a tier up to {seen}: a limit above 0 is expected", seen=decimal(below[0])))

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, clock: Clock) -> Values:
        figures = self.of.values(years, clock)
        shares = [
            None if above is None else self._share(Fraction(above, figures.denominator)) for above in figures.numerators
        ]
        return Values(*values_of(shares)[:2], figures.assumptions)

    def _share(self, figure: Fraction) -> Fraction:
        share, start = Fraction(0), Fraction(0)
        for limit, part in self.tiers:
            if limit is None or figure <= limit:
                return share + part * (figure - start)
            share, start = share + part * (limit - start), Fraction(limit)
        raise AssertionError  # pragma: no cover - the last tier has no limit

    @property
    def words(self) -> Message:
        if len(self.tiers) == 1:
            return Message("{rate} of", rate=percent(self.tiers[0][1]))
        return Message(
            "in tiers, {tiers}, of",
            tiers=[
                Message("{rate} of the rest", rate=percent(rate))
                if limit is None
                else Message("{rate} up to {limit}", rate=percent(rate), limit=Quantity(limit, self.unit))
                for limit, rate in self.tiers
            ],
        )


def figures(series: Series, *, lag: int = 0) -> Schedule:
    """The figures of a series themselves; ``lag`` 1 reads those of the year before."""
    return Figures(series, lag)


def indexed(goods: "Amount | Schedule", prices: Series, *, lag: int = 0) -> Schedule:
    """Paid in kind: so much goods each year at that year's price (or the price ``lag`` years before).

    >>> from coopledger.core.series import series
    >>> rice = series("rice", {2024: "1.3 元/斤", 2025: "1.4 元/斤"})
    >>> indexed("500 斤/亩", rice).per("10 亩").amounts(2, since=2024)
    [Fraction(6500, 1), Fraction(7000, 1)]
    """
    return Indexed(schedule(goods), Figures(prices, lag))


def share_of(
    of: "Series | Schedule",
    *,
    rate: Amount | Number | None = None,
    tiers: Sequence[tuple[Amount | None, Amount | Number]] = (),
    over: "Amount | Schedule | None" = None,
) -> Schedule:
    """A share of profit, sales or output: one ``rate``, or ``tiers`` of (up to, rate) of which the last has no limit.

    ``over`` takes the share of what exceeds it only, and of nothing where nothing does.

    >>> from coopledger.core.series import series
    >>> profit = series("profit", {1: "10万元", 2: "4万元"})
    >>> share_of(profit, rate="10%", over="5万元").amounts(2)
    [Fraction(5000, 1), Fraction(0, 1)]
    """
    base = Figures(of) if isinstance(of, Series) else of
    if over is not None:
        base = Highest((Difference(base, schedule(over)), Level(Quantity(0, base.unit))))
    if (rate is None) == (not tiers):
        raise ScheduleError(Message("a share needs either a rate or tiers"))
    brackets = [(None, rate)] if rate is not None else tiers
    return Share(base, tuple((_limit(limit, base.unit), _rate(share)) for limit, share in brackets))


def _limit(seen: Amount | None, unit: Unit) -> Number | None:
    if seen is None:
        return None
    limit = quantity(seen)
    if limit.unit != unit:
        raise UnitError(unit_message(limit, unit))
    return limit.value


def _rate(seen: Amount | Number) -> Number:
    found = rate_of(seen)
    if found.unit != PLAIN or found.value < 0:
        raise ScheduleError(Message("{seen} is not a rate: a percentage such as 10% is expected", seen=found))
    return found.value

"""The algebra of schedules: how much is owed in each contract year, exactly.

A schedule is a pure function from the contract year (1, 2, 3 …) to an exact rational amount in one unit. It knows
no dates and rounds nothing unless a ``Rounded`` node says so. The sources are functions (``level``, ``ramp``,
``step`` …); what is done to a schedule are its methods and operators, and each gives a new schedule:

>>> rent = step("160 yuan/mu", every=5, by="20%", of="previous").per("1,000 mu")
>>> [int(amount) for amount in rent.amounts(6)]
[160000, 160000, 160000, 160000, 160000, 192000]

Inside, years are evaluated together as whole numerators over one denominator: that is exact, and forty times
faster than a ``Fraction`` a year.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import lcm
from operator import add, mul
from typing import Any, Literal, NamedTuple, Self

from coopledger.core.quantity import PLAIN, Number, Quantity, Unit, decimal, percent, quantity, shown, unit_message
from coopledger.core.rounding import PRICE_PLACES, Rounding
from coopledger.core.series import CALENDAR_YEARS, Series
from coopledger.core.value import Value
from coopledger.errors import ScheduleError, UnitError
from coopledger.text import Message

Amount = Quantity | str
Growth = Literal["previous", "base"]


class Values(NamedTuple):
    """The amounts of years 1, 2, 3 … as numerators over one denominator; None where a figure is not known.

    ``assumptions`` has, by position, what a year's amount rests on.
    """

    numerators: list[int | None]
    denominator: int
    assumptions: Mapping[int, tuple[Message, ...]] = {}


class Schedule(Value):
    """What every schedule can do. Build one with the functions of this module."""

    __slots__: tuple[str, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit of every year's amount."""
        raise NotImplementedError

    def values(self, years: int, since: int | None = None) -> Values:
        """The amounts of years 1 to ``years``; ``since`` is the calendar year in which year 1 starts."""
        raise NotImplementedError

    @property
    def words(self) -> Message:
        """What this node says, leaving its parts to themselves."""
        raise NotImplementedError

    @property
    def in_kind(self) -> "Schedule | None":
        """The goods of a schedule that is paid in kind: the same schedule before any price."""
        return None

    def amounts(self, years: int, since: int | None = None) -> list[Fraction | None]:
        """The amounts of years 1 to ``years`` as fractions, None where a price or figure is not known.

        >>> ramp("10,000 yuan", rise="10,000 yuan").amounts(3)
        [Fraction(10000, 1), Fraction(20000, 1), Fraction(30000, 1)]
        """
        _whole_years(years)
        values = self.values(years, since)
        return [None if above is None else Fraction(above, values.denominator) for above in values.numerators]

    @property
    def parts(self) -> tuple["Schedule", ...]:
        """The schedules that this one is made of."""
        found: list[Schedule] = []
        for name in self.__slots__:
            value = getattr(self, name)
            found.extend(
                part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, Schedule)
            )
        return tuple(found)

    def per(self, counted: "Amount | Schedule") -> "Schedule":
        """The amount per unit times the units: 160 yuan/mu per 1,000 mu is 160,000 yuan."""
        return Product((self, schedule(counted)))

    def delay(self, years: int) -> "Schedule":
        """Grace with the clock stopped: nothing for so many years, then year 1.

        >>> sum(ramp("10,000 yuan", rise="10,000 yuan").delay(3).amounts(40))
        Fraction(7030000, 1)
        """
        return Delay(years, self)

    def mask(self, years: Iterable[int]) -> "Schedule":
        """Nothing in these contract years, while the clock runs.

        >>> sum(ramp("10,000 yuan", rise="10,000 yuan").mask([1, 2, 3]).amounts(40))
        Fraction(8140000, 1)
        """
        return Mask(tuple(years), self)

    def until(self, year: int) -> "Schedule":
        """Growth stops after that contract year: its amount stays."""
        return Until(year, self)

    def then(self, following: "Amount | Schedule", *, after: int) -> "Schedule":
        """Another schedule takes over after that contract year, beginning with its own year 1.

        >>> [int(a) for a in level("900 yuan").then(ramp("10 yuan", rise="1 yuan"), after=2).amounts(4)]
        [900, 900, 10, 11]
        """
        return Then(self, after, schedule(following))

    def floor(self, least: "Amount | Schedule") -> "Schedule":
        """At least this (保底)."""
        return Highest((self, schedule(least)))

    def cap(self, most: "Amount | Schedule") -> "Schedule":
        """At most this (封顶)."""
        return Lowest((self, schedule(most)))

    def rounded(self, rounding: Rounding) -> "Schedule":
        """Each amount rounded when it is read; for ``unit price carried``, each step as well before it goes on."""
        if not rounding.of_price:
            raise ScheduleError(
                Message("{seen}: one of {accepted} is accepted", seen=repr(rounding.at), accepted=list(PRICE_PLACES))
            )
        inner = _carrying(self, rounding) if rounding.at == "unit price carried" else self
        return Rounded(inner, rounding)

    def replaced(self, **fields: Any) -> Self:
        """The same node with other fields, checked as a new one is."""
        return type(self)(**{name: getattr(self, name) for name in self.__slots__} | fields)

    def __add__(self, other: "Amount | Schedule") -> "Schedule":
        return Sum((self, schedule(other)))

    def __sub__(self, other: "Amount | Schedule") -> "Schedule":
        return Difference(self, schedule(other))

    def __mul__(self, other: "Amount | Schedule | Number") -> "Schedule":
        return Product((self, schedule(other)))

    def __radd__(self, other: Amount) -> "Schedule":
        return schedule(other) + self

    def __rmul__(self, other: Amount | Number) -> "Schedule":
        return schedule(other) * self

    def __rsub__(self, other: Amount) -> "Schedule":
        return schedule(other) - self


# --- sources ---------------------------------------------------------------------------------------------------


class Level(Schedule):
    """The same amount each year."""

    __slots__ = ("amount",)

    amount: Quantity

    def __init__(self, amount: Quantity) -> None:
        self._put(amount)

    @property
    def unit(self) -> Unit:
        return self.amount.unit

    def values(self, years: int, since: int | None = None) -> Values:
        return Values([self.amount.value.numerator] * years, self.amount.value.denominator)

    @property
    def words(self) -> Message:
        return Message("{amount} each year", amount=shown(self.amount))


class Ramp(Schedule):
    """A first amount that rises by the same amount every year."""

    __slots__ = ("first", "rise")

    first: Quantity
    rise: Quantity

    def __init__(self, first: Quantity, rise: Quantity) -> None:
        self._put(first, rise)
        _same_unit(self.first, self.rise)

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, since: int | None = None) -> Values:
        below = lcm(self.first.value.denominator, self.rise.value.denominator)
        first, rise = int(self.first.value * below), int(self.rise.value * below)
        return Values([first + rise * n for n in range(years)], below)

    @property
    def words(self) -> Message:
        return Message("{first} in year 1, {rise} more every year", first=self.first, rise=self.rise)


class Listed(Schedule):
    """Amounts given year by year, one for each."""

    __slots__ = ("amounts_listed",)

    amounts_listed: tuple[Quantity, ...]

    def __init__(self, amounts_listed: tuple[Quantity, ...]) -> None:
        self._put(amounts_listed)
        if not self.amounts_listed:
            raise ScheduleError(Message("an empty list: one amount for each year is expected"))
        _same_unit(*self.amounts_listed)

    @property
    def unit(self) -> Unit:
        return self.amounts_listed[0].unit

    def values(self, years: int, since: int | None = None) -> Values:
        if len(self.amounts_listed) != years:
            raise ScheduleError(
                Message("{count} years are expected, {seen} are listed", count=years, seen=len(self.amounts_listed))
            )
        return _values([amount.value for amount in self.amounts_listed])

    @property
    def words(self) -> Message:
        return Message("listed year by year: {amounts}", amounts=[shown(amount) for amount in self.amounts_listed])


class LumpSums(Schedule):
    """Amounts in the named years only, nothing in the others: a principal that comes back, a cutting of timber.

    The years are contract years, or calendar years (1000 and later).
    """

    __slots__ = ("amounts_by_year",)

    amounts_by_year: tuple[tuple[int, Quantity], ...]

    def __init__(self, amounts_by_year: tuple[tuple[int, Quantity], ...]) -> None:
        self._put(amounts_by_year)
        if not self.amounts_by_year:
            raise ScheduleError(Message("an empty list: at least one year with its amount is expected"))
        _same_unit(*(amount for _, amount in self.amounts_by_year))
        for year, _ in self.amounts_by_year:
            _whole_years(year)
        _no_year_twice(year for year, _ in self.amounts_by_year)

    @property
    def unit(self) -> Unit:
        return self.amounts_by_year[0][1].unit

    def values(self, years: int, since: int | None = None) -> Values:
        amounts: list[Number] = [0] * years
        _no_year_twice(year - _label(since) + 1 if year in CALENDAR_YEARS else year for year, _ in self.amounts_by_year)
        for year, amount in self.amounts_by_year:
            position = year - _label(since) if year in CALENDAR_YEARS else year - 1
            if position not in range(years):
                raise ScheduleError(
                    Message(
                        "a lump sum in year {seen} lies outside the term: years 1 to {last} are accepted",
                        seen=year,
                        last=years if since is None else f"{years} ({since}–{since + years - 1})",
                    )
                )
            amounts[position] = amount.value
        return _values(amounts)

    @property
    def words(self) -> Message:
        return Message(
            "only {amounts}",
            amounts=[
                Message("{amount} in year {year}", amount=amount, year=year) for year, amount in self.amounts_by_year
            ],
        )


class Change(NamedTuple):
    """What a step does: ``previous``, ``base``: add a rate of it; ``add``: an amount; ``replace``: set one."""

    kind: Literal["previous", "base", "add", "replace"]
    value: Number
    unit: Unit = PLAIN

    @property
    def words(self) -> Message:
        if self.kind == "previous":
            return Message("{rate} of the previous amount", rate=_signed(percent(self.value)))
        if self.kind == "base":
            return Message("{rate} of the first amount", rate=_signed(percent(self.value)))
        amount = Quantity(self.value, self.unit)
        if self.kind == "replace":
            return Message("to {amount}", amount=amount)
        return Message("{amount} more", amount=amount) if self.value >= 0 else Message("{amount}", amount=amount)


class Step(Schedule):
    """A first amount that changes after every so many full years."""

    __slots__ = ("first", "every", "change", "carry")

    first: Quantity
    every: int
    change: Change
    carry: Rounding | None

    def __init__(self, first: Quantity, every: int, change: Change, carry: Rounding | None = None) -> None:
        self._put(first, every, change, carry)
        if not isinstance(self.every, int) or isinstance(self.every, bool) or self.every < 1:
            raise ScheduleError(
                Message("a step every {seen} years: whole years, 1 or more, are accepted", seen=_plain(self.every))
            )
        _check_change(self.first, self.change)

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, since: int | None = None) -> Values:
        last = (years - 1) // self.every
        if self.carry is None and self.change.kind == "previous":
            # the hot path: whole numbers over first.denominator * q**last, no fraction a year
            p, q = self.change.value.numerator, self.change.value.denominator
            grown = p + q
            level = self.first.value.numerator * q**last
            numerators: list[int | None] = [level] * self.every
            for _ in range(last):
                level = level // q * grown
                numerators += [level] * self.every
            return Values(numerators[:years], self.first.value.denominator * q**last)
        amounts = _grown(self.first.value, self.unit, [self.change] * last, self.carry)
        return _values([amounts[n // self.every] for n in range(years)])

    @property
    def words(self) -> Message:
        return Message(
            "{first}, {change} after every {every} full years",
            first=shown(self.first),
            change=self.change.words,
            every=self.every,
        )


class Steps(Schedule):
    """A first amount that changes from the named contract years on."""

    __slots__ = ("first", "changes", "carry")

    first: Quantity
    changes: tuple[tuple[int, Change], ...]
    carry: Rounding | None

    def __init__(self, first: Quantity, changes: tuple[tuple[int, Change], ...], carry: Rounding | None = None) -> None:
        self._put(first, changes, carry)
        if not self.changes:
            raise ScheduleError(Message("an empty list: at least one step is expected"))
        for year, change in self.changes:
            if not isinstance(year, int) or isinstance(year, bool) or year < 2:
                raise ScheduleError(
                    Message("a step in year {seen}: contract years from 2 on are accepted", seen=_plain(year))
                )
            _check_change(self.first, change)
        _no_year_twice(year for year, _ in self.changes)

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, since: int | None = None) -> Values:
        changes = sorted(self.changes)
        if changes[-1][0] > years:
            raise ScheduleError(
                Message(
                    "a step in year {seen} lies outside the term: years 2 to {last}", seen=changes[-1][0], last=years
                )
            )
        amounts = _grown(self.first.value, self.unit, [change for _, change in changes], self.carry)
        return _values([amounts[sum(year <= n for year, _ in changes)] for n in range(1, years + 1)])

    @property
    def words(self) -> Message:
        return Message(
            "{first}; {changes}",
            first=shown(self.first),
            changes=[
                Message("from year {year} {change}", year=year, change=change.words)
                for year, change in sorted(self.changes)
            ],
        )


class Figures(Schedule):
    """A series read as a schedule; ``lag`` 1 reads last year's figure."""

    __slots__ = ("series", "lag")

    series: Series
    lag: int

    def __init__(self, series: Series, lag: int = 0) -> None:
        self._put(series, lag)
        if not isinstance(lag, int) or isinstance(lag, bool) or lag < 0:
            raise ScheduleError(
                Message("a lag of {seen} years: whole years, 0 or more, are accepted", seen=_plain(lag))
            )

    @property
    def unit(self) -> Unit:
        return self.series.unit

    def values(self, years: int, since: int | None = None) -> Values:
        first = (_label(since) if self.series.by_calendar_year else 1) - self.lag
        figures = [self.series.figure(first + n) for n in range(years)]
        values = _values([figure and figure.value for figure in figures])
        assumptions = {
            n: (figure.assumption,) for n, figure in enumerate(figures) if figure is not None and figure.assumption
        }
        return Values(values.numerators, values.denominator, assumptions)

    @property
    def words(self) -> Message:
        if self.lag:
            return Message("{name} of {lag} years before", name=self.series.name, lag=self.lag)
        return Message("{name} of the year", name=self.series.name)


# --- made of other schedules -----------------------------------------------------------------------------------


class Sum(Schedule):
    """Streams added, year by year; all in one unit."""

    __slots__ = ("terms",)

    terms: tuple[Schedule, ...]

    def __init__(self, terms: tuple[Schedule, ...]) -> None:
        self._put(terms)
        _same_units(self.terms, Message("added"))

    @property
    def unit(self) -> Unit:
        return self.terms[0].unit

    def values(self, years: int, since: int | None = None) -> Values:
        return _combined(self.terms, years, since, lambda column: reduce(add, column))

    @property
    def words(self) -> Message:
        return Message("the sum of")

    @property
    def in_kind(self) -> Schedule | None:
        goods = [term.in_kind for term in self.terms]
        if any(part is None or goods[0] is None or part.unit != goods[0].unit for part in goods):
            return None
        return Sum(tuple(part for part in goods if part is not None))


class Difference(Schedule):
    """One schedule less another."""

    __slots__ = ("whole", "less")

    whole: Schedule
    less: Schedule

    def __init__(self, whole: Schedule, less: Schedule) -> None:
        self._put(whole, less)
        _same_units((self.whole, self.less), Message("subtracted"))

    @property
    def unit(self) -> Unit:
        return self.whole.unit

    def values(self, years: int, since: int | None = None) -> Values:
        return _combined((self.whole, self.less), years, since, lambda column: column[0] - column[1])

    @property
    def words(self) -> Message:
        return Message("the first less the second")


class Product(Schedule):
    """Schedules multiplied, year by year: a rate and an area, a quantity and a price."""

    __slots__ = ("factors",)

    factors: tuple[Schedule, ...]

    def __init__(self, factors: tuple[Schedule, ...]) -> None:
        self._put(factors)

    @property
    def unit(self) -> Unit:
        return reduce(mul, [factor.unit for factor in self.factors])

    def values(self, years: int, since: int | None = None) -> Values:
        result = self.factors[0].values(years, since)
        for factor in self.factors[1:]:
            if isinstance(factor, Level) and factor.amount.value:  # the usual case, an area: much cheaper
                by = factor.amount.value
                above = by.numerator
                result = Values(
                    [a and a * above for a in result.numerators],
                    result.denominator * by.denominator,
                    result.assumptions,
                )
                continue
            other = factor.values(years, since)
            numerators = [
                0 if a == 0 or b == 0 else None if a is None or b is None else a * b
                for a, b in zip(result.numerators, other.numerators, strict=True)
            ]
            result = Values(
                numerators, result.denominator * other.denominator, _joined(result.assumptions, other.assumptions)
            )
        return result

    @property
    def words(self) -> Message:
        return Message("the product of")

    @property
    def in_kind(self) -> Schedule | None:
        for position, factor in enumerate(self.factors):
            if (goods := factor.in_kind) is not None:
                return Product((*self.factors[:position], goods, *self.factors[position + 1 :]))
        return None


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

    def values(self, years: int, since: int | None = None) -> Values:
        return Product((self.goods, self.prices)).values(years, since)

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

    def values(self, years: int, since: int | None = None) -> Values:
        figures = self.of.values(years, since)
        shares = [
            None if above is None else self._share(Fraction(above, figures.denominator)) for above in figures.numerators
        ]
        return Values(*_values(shares)[:2], figures.assumptions)

    def _share(self, figure: Fraction) -> Fraction:
        share, start = Fraction(0), Fraction(0)
        for limit, rate in self.tiers:
            if limit is None or figure <= limit:
                return share + rate * (figure - start)
            share, start = share + rate * (limit - start), Fraction(limit)
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


class Highest(Schedule):
    """The highest of several, year by year: a floor."""

    __slots__ = ("options",)

    options: tuple[Schedule, ...]

    def __init__(self, options: tuple[Schedule, ...]) -> None:
        self._put(options)
        _same_units(self.options, Message("compared"))

    @property
    def unit(self) -> Unit:
        return self.options[0].unit

    def values(self, years: int, since: int | None = None) -> Values:
        return _combined(self.options, years, since, max)

    @property
    def words(self) -> Message:
        return Message("the highest of")


class Lowest(Schedule):
    """The lowest of several, year by year: a cap."""

    __slots__ = ("options",)

    options: tuple[Schedule, ...]

    def __init__(self, options: tuple[Schedule, ...]) -> None:
        self._put(options)
        _same_units(self.options, Message("compared"))

    @property
    def unit(self) -> Unit:
        return self.options[0].unit

    def values(self, years: int, since: int | None = None) -> Values:
        return _combined(self.options, years, since, min)

    @property
    def words(self) -> Message:
        return Message("the lowest of")


class Delay(Schedule):
    """Nothing for some years; then the schedule begins with its year 1."""

    __slots__ = ("years", "of")

    years: int
    of: Schedule

    def __init__(self, years: int, of: Schedule) -> None:
        self._put(years, of)
        _whole_years(self.years)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, since: int | None = None) -> Values:
        if self.years >= years:
            raise ScheduleError(
                Message("a delay of {seen} years leaves nothing of {last} years", seen=self.years, last=years)
            )
        inner = self.of.values(years - self.years, since and since + self.years)
        return Values(
            [*[0] * self.years, *inner.numerators],
            inner.denominator,
            {n + self.years: why for n, why in inner.assumptions.items()},
        )

    @property
    def words(self) -> Message:
        return Message("nothing for {years} years with the clock stopped, then", years=self.years)

    @property
    def in_kind(self) -> Schedule | None:
        return _inside(self)


class Mask(Schedule):
    """Nothing in some contract years while the clock runs."""

    __slots__ = ("unpaid", "of")

    unpaid: tuple[int, ...]
    of: Schedule

    def __init__(self, unpaid: tuple[int, ...], of: Schedule) -> None:
        self._put(unpaid, of)
        if not self.unpaid:
            raise ScheduleError(Message("an empty list: at least one year without payment is expected"))
        for year in self.unpaid:
            _whole_years(year)
        _no_year_twice(self.unpaid)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, since: int | None = None) -> Values:
        if max(self.unpaid) > years:
            raise ScheduleError(
                Message("year {seen} without payment lies outside the {last} years", seen=max(self.unpaid), last=years)
            )
        inner = self.of.values(years, since)
        numerators = inner.numerators.copy()
        for year in self.unpaid:
            numerators[year - 1] = 0
        kept = {n: why for n, why in inner.assumptions.items() if n + 1 not in self.unpaid}
        return Values(numerators, inner.denominator, kept)

    @property
    def words(self) -> Message:
        return Message("nothing in years {years} while the clock runs, otherwise", years=list(self.unpaid))

    @property
    def in_kind(self) -> Schedule | None:
        return _inside(self)


class Until(Schedule):
    """Growth stops after a contract year."""

    __slots__ = ("year", "of")

    year: int
    of: Schedule

    def __init__(self, year: int, of: Schedule) -> None:
        self._put(year, of)
        _whole_years(self.year)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, since: int | None = None) -> Values:
        inner = self.of.values(min(self.year, years), since)
        missing = years - len(inner.numerators)
        last = len(inner.numerators) - 1
        assumptions = dict(inner.assumptions)
        if last in assumptions:
            assumptions.update(dict.fromkeys(range(last, years), assumptions[last]))
        return Values(inner.numerators + inner.numerators[-1:] * missing, inner.denominator, assumptions)

    @property
    def words(self) -> Message:
        return Message("unchanged after year {year}, until then", year=self.year)

    @property
    def in_kind(self) -> Schedule | None:
        return _inside(self)


class Then(Schedule):
    """One schedule up to a contract year, another one from then on."""

    __slots__ = ("first", "after", "second")

    first: Schedule
    after: int
    second: Schedule

    def __init__(self, first: Schedule, after: int, second: Schedule) -> None:
        self._put(first, after, second)
        _whole_years(self.after)
        _same_units((self.first, self.second), Message("joined"))

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, since: int | None = None) -> Values:
        if self.after >= years:
            raise ScheduleError(
                Message("a hand-over after year {seen} leaves nothing of {last} years", seen=self.after, last=years)
            )
        one = self.first.values(self.after, since)
        two = self.second.values(years - self.after, since and since + self.after)
        below = lcm(one.denominator, two.denominator)
        numerators = [above and above * (below // one.denominator) for above in one.numerators]
        numerators += [above and above * (below // two.denominator) for above in two.numerators]
        assumptions = {**one.assumptions, **{n + self.after: why for n, why in two.assumptions.items()}}
        return Values(numerators, below, assumptions)

    @property
    def words(self) -> Message:
        return Message("the first up to year {after}, then the second from its own year 1", after=self.after)

    @property
    def in_kind(self) -> Schedule | None:
        one, two = self.first.in_kind, self.second.in_kind
        return None if one is None or two is None or one.unit != two.unit else Then(one, self.after, two)


class Rounded(Schedule):
    """Each amount rounded when it is read."""

    __slots__ = ("of", "rounding")

    of: Schedule
    rounding: Rounding

    def __init__(self, of: Schedule, rounding: Rounding) -> None:
        self._put(of, rounding)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, since: int | None = None) -> Values:
        inner = self.of.values(years, since)
        rounded = [
            None if above is None else self.rounding.value(Fraction(above, inner.denominator), self.unit)
            for above in inner.numerators
        ]
        return Values(*_values(rounded)[:2], inner.assumptions)

    @property
    def words(self) -> Message:
        return self.rounding.words(self.unit)

    @property
    def in_kind(self) -> Schedule | None:
        return self.of.in_kind


# --- how they are built ----------------------------------------------------------------------------------------


def schedule(seen: "Schedule | Amount | Number") -> Schedule:
    """A schedule as it is; an amount as the same amount each year."""
    return seen if isinstance(seen, Schedule) else Level(quantity(seen))


def level(amount: Amount | Number) -> Schedule:
    """The same amount each year.

    >>> level("160 元/亩").amounts(2)
    [Fraction(160, 1), Fraction(160, 1)]
    """
    return Level(quantity(amount))


def ramp(first: Amount, *, rise: Amount) -> Schedule:
    """A first amount that rises by ``rise`` every year.

    >>> ramp("1万元", rise="1万元").amounts(2)
    [Fraction(10000, 1), Fraction(20000, 1)]
    """
    return Ramp(quantity(first), quantity(rise))


def listed(amounts: Iterable[Amount | Number]) -> Schedule:
    """Amounts given year by year; as many as there are years, or it is refused.

    >>> listed(["900 yuan", "950 yuan"]).amounts(3)
    Traceback (most recent call last):
    ...
    coopledger.errors.ScheduleError: 3 years are expected, 2 are listed
    """
    return Listed(tuple(quantity(amount) for amount in amounts))


def lump_sums(amounts: Mapping[int, Amount]) -> Schedule:
    """Amounts in the named contract or calendar years only.

    >>> lump_sums({2: "6,400 yuan"}).amounts(2)
    [Fraction(0, 1), Fraction(6400, 1)]
    """
    return LumpSums(tuple((year, quantity(amount)) for year, amount in amounts.items()))


def step(
    first: Amount | Number,
    *,
    every: int,
    by: Amount | Number | None = None,
    of: Growth | None = None,
    to: Amount | None = None,
) -> Schedule:
    """A first amount that changes after every ``every`` full years.

    ``by`` is an amount in the same unit, or a percentage; a percentage says of what: ``of="previous"``
    (compound) or ``of="base"`` (simple). ``to`` replaces the amount.

    >>> step("100 yuan", every=1, by="10%", of="base").amounts(3)
    [Fraction(100, 1), Fraction(110, 1), Fraction(120, 1)]
    """
    base = quantity(first)
    return Step(base, every, change(base, by=by, of=of, to=to))


def steps(first: Amount | Number, changes: Mapping[int, Change] | Iterable[tuple[int, Change]]) -> Schedule:
    """A first amount that changes from the named contract years on; see ``change``.

    >>> rent = quantity("600 yuan/mu")
    >>> steps(rent, {3: change(rent, by="5%", of="base"), 4: change(rent, to="700 yuan/mu")}).amounts(4)
    [Fraction(600, 1), Fraction(600, 1), Fraction(630, 1), Fraction(700, 1)]
    """
    return Steps(quantity(first), tuple(changes.items() if isinstance(changes, Mapping) else changes))


def change(
    first: Quantity, *, by: Amount | Number | None = None, of: Growth | None = None, to: Amount | None = None
) -> Change:
    """What one step does to a first amount: see ``step``."""
    if (by is None) == (to is None):
        raise ScheduleError(Message("a step needs either 'by' (how much more) or 'to' (the new amount)"))
    if to is not None:
        new = quantity(to)
        return Change("replace", new.value, new.unit)
    more = quantity(by)
    if of is None and more.unit == PLAIN and first.unit != PLAIN:
        raise ScheduleError(
            Message("{seen} of what? of = 'previous' (compound) or of = 'base' (simple) is expected", seen=by)
        )
    if of is None:
        return Change("add", more.value, more.unit)
    if more.unit != PLAIN or of not in ("previous", "base"):
        raise ScheduleError(
            Message("{seen} of {of}: a percentage of 'previous' or of 'base' is expected", seen=more, of=repr(of))
        )
    return Change(of, more.value)


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
    return Share(base, tuple((_limit(limit, base.unit), _rate(rate)) for limit, rate in brackets))


def highest(*options: "Amount | Schedule") -> Schedule:
    """The highest of several, year by year."""
    return Highest(tuple(schedule(option) for option in options))


def lowest(*options: "Amount | Schedule") -> Schedule:
    """The lowest of several, year by year."""
    return Lowest(tuple(schedule(option) for option in options))


# --- what the nodes share --------------------------------------------------------------------------------------


def _values(amounts: Sequence[Number | None]) -> Values:
    below = lcm(*(amount.denominator for amount in amounts if amount is not None))
    return Values(
        [None if amount is None else amount.numerator * (below // amount.denominator) for amount in amounts], below
    )


def _combined(
    parts: Sequence[Schedule], years: int, since: int | None, combine: Callable[[tuple[int, ...]], int]
) -> Values:
    columns = [part.values(years, since) for part in parts]
    below = lcm(*(column.denominator for column in columns))
    aligned = [[above and above * (below // column.denominator) for above in column.numerators] for column in columns]
    return Values(
        [None if None in row else combine(row) for row in zip(*aligned, strict=True)],
        below,
        reduce(_joined, [column.assumptions for column in columns]),
    )


def _joined(
    one: Mapping[int, tuple[Message, ...]], other: Mapping[int, tuple[Message, ...]]
) -> Mapping[int, tuple[Message, ...]]:
    if not other:
        return one
    return {n: tuple(dict.fromkeys((*one.get(n, ()), *other.get(n, ())))) for n in sorted({*one, *other})}


def _grown(first: Number, unit: Unit, changes: Iterable[Change], carry: Rounding | None) -> list[Number]:
    base: Number = carry.value(first, unit) if carry else first
    amounts = [base]
    for kind, value, _ in changes:
        last = amounts[-1]
        new = {
            "previous": last * (1 + value), "base": last + base * value, "add": last + value, "replace": value,
        }[kind]  # fmt: skip
        amounts.append(carry.value(new, unit) if carry else new)
    return amounts


def _carrying(node: Schedule, rounding: Rounding) -> Schedule:
    if isinstance(node, Step | Steps):
        return node.replaced(carry=rounding)

    def carried(value: Any) -> Any:  # noqa: ANN401 - a field is anything
        if isinstance(value, Schedule):
            return _carrying(value, rounding)
        if isinstance(value, tuple):
            return tuple(carried(item) for item in value)
        return value

    return node.replaced(**{name: carried(getattr(node, name)) for name in node.__slots__})


def _inside(node: "Delay | Mask | Until") -> Schedule | None:
    goods = node.of.in_kind
    return None if goods is None else node.replaced(of=goods)


def _check_change(first: Quantity, change: Change) -> None:
    if change.kind in ("previous", "base"):
        if change.value.numerator <= -change.value.denominator:
            raise ScheduleError(Message("a step by {seen}: more than -100% is expected", seen=percent(change.value)))
    elif change.unit != first.unit:
        raise UnitError(unit_message(Quantity(change.value, change.unit), first.unit))


def _same_unit(first: Quantity, *others: Quantity) -> None:
    for other in others:
        if other.unit != first.unit:
            raise UnitError(unit_message(other, first.unit))


def _same_units(parts: Sequence[Schedule], done: Message) -> None:
    if not parts:
        raise ScheduleError(Message("an empty list: at least one schedule is expected"))
    for part in parts[1:]:
        if part.unit != parts[0].unit:
            raise UnitError(
                Message(
                    "{one} and {other} cannot be {done}: the same unit is expected",
                    one=parts[0].unit.say() or "1",
                    other=part.unit.say() or "1",
                    done=done,
                )
            )


def _no_year_twice(years: Iterable[int]) -> None:
    seen = sorted(years)
    for year, following in pairwise(seen):
        if year == following:
            raise ScheduleError(Message("year {year} is given twice: once is accepted", year=year))


def _whole_years(seen: object) -> None:
    if not isinstance(seen, int) or isinstance(seen, bool) or seen < 1:
        raise ScheduleError(Message("year {seen}: a whole number, 1 or more, is accepted", seen=_plain(seen)))


def _label(since: int | None) -> int:
    if since is None:
        raise ScheduleError(Message("figures by calendar year need the calendar year in which year 1 starts"))
    return since


def _limit(seen: Amount | None, unit: Unit) -> Number | None:
    if seen is None:
        return None
    limit = quantity(seen)
    if limit.unit != unit:
        raise UnitError(unit_message(limit, unit))
    return limit.value


def _rate(seen: Amount | Number) -> Number:
    rate = quantity(seen)
    if rate.unit != PLAIN or rate.value < 0:
        raise ScheduleError(Message("{seen} is not a rate: a percentage such as 10% is expected", seen=rate))
    return rate.value


def _signed(words: str) -> str:
    return words if words.startswith("-") else f"+{words}"


def _plain(seen: object) -> str:
    return decimal(seen) if isinstance(seen, int | Fraction) and not isinstance(seen, bool) else repr(seen)

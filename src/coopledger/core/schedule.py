"""The algebra of schedules: how much is owed in each contract year, exactly.

A schedule is a pure function from the contract year (1, 2, 3 …) to an exact rational amount in one unit. It knows
no dates and rounds nothing unless a ``Rounded`` node says so. The sources are functions (``level`` here, ``ramp``,
``step`` … in ``growth``, ``indexed``, ``share_of`` in ``figures``). What is done to a schedule are its methods and
operators, and each gives a new schedule:

>>> from coopledger.core.growth import step
>>> rent = step("160 yuan/mu", every=5, by="20%", of="previous").per("1,000 mu")
>>> [int(amount) for amount in rent.amounts(6)]
[160000, 160000, 160000, 160000, 160000, 192000]

Inside, years are evaluated together as whole numerators over one denominator: that is exact, and forty times
faster than a ``Fraction`` a year.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import pairwise, repeat
from math import lcm
from operator import mul
from typing import Any, NamedTuple, Self

from coopledger.core.quantity import Number, Quantity, Unit, decimal, is_money, quantity, shown, unit_message
from coopledger.core.rounding import PRICE_PLACES, Rounding
from coopledger.core.value import Value
from coopledger.errors import ScheduleError, UnitError
from coopledger.text import Message

Amount = Quantity | str


class Values(NamedTuple):
    """The amounts of years 1, 2, 3 … as numerators over one denominator; None where a figure is not known.

    ``assumptions`` has, by position, what a year's amount rests on.
    """

    numerators: list[int | None]
    denominator: int
    assumptions: Mapping[int, tuple[Message, ...]] = {}


class Clock(NamedTuple):
    """Where a schedule's year 1 lies: the calendar year in which the contract's year 1 starts, and the contract years
    that have passed before it (in a delay, after a hand-over). Figures from outside follow the contract's clock.
    """  # noqa: D205

    since: int | None = None
    passed: int = 0

    def later(self, years: int) -> "Clock":
        """The clock of a schedule that begins so many years later."""
        return Clock(self.since, self.passed + years)

    @property
    def calendar(self) -> int:
        """The calendar year in which the schedule's own year 1 starts."""
        if self.since is None:
            raise ScheduleError(Message("figures by calendar year need the calendar year in which year 1 starts"))
        return self.since + self.passed


class Schedule(Value):
    """What every schedule can do. Build one with the functions of this module."""

    __slots__: tuple[str, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit of every year's amount."""
        raise NotImplementedError

    def values(self, years: int, clock: Clock) -> Values:
        """The amounts of years 1 to ``years`` of the schedule's own clock."""
        raise NotImplementedError

    @property
    def words(self) -> Message:
        """What this node says, leaving its parts to themselves."""
        raise NotImplementedError

    @property
    def in_kind(self) -> "Schedule | None":
        """The goods of a schedule that is paid in kind: the same schedule before any price."""
        return None

    @property
    def at_once(self) -> bool | None:
        """Whether its amounts are lump sums, which no stub divides; None if some are and some are not."""
        kinds = {part.at_once for part in self.parts}
        return kinds.pop() if len(kinds) == 1 else None if kinds else False

    @property
    def by_calendar(self) -> bool:
        """Whether it reads figures by calendar year."""
        return any(part.by_calendar for part in self.parts)

    def amounts(self, years: int, since: int | None = None) -> list[Fraction | None]:
        """The amounts of years 1 to ``years`` as fractions, None where a price or figure is not known.

        ``since`` is the calendar year in which year 1 starts; figures by calendar year need it.

        >>> from coopledger.core.growth import ramp
        >>> ramp("10,000 yuan", rise="10,000 yuan").amounts(3)
        [Fraction(10000, 1), Fraction(20000, 1), Fraction(30000, 1)]
        """
        whole_years(years)
        values = self.values(years, Clock(since))
        return [None if above is None else Fraction(above, values.denominator) for above in values.numerators]

    @property
    def parts(self) -> tuple["Schedule", ...]:
        """The schedules that this one is made of."""
        found: list[Schedule] = []
        for name in self.fields:
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

        >>> from coopledger.core.growth import ramp
        >>> sum(ramp("10,000 yuan", rise="10,000 yuan").delay(3).amounts(40))
        Fraction(7030000, 1)
        """
        return Delay(years, self)

    def mask(self, years: Iterable[int]) -> "Schedule":
        """Nothing in these contract years, while the clock runs.

        >>> from coopledger.core.growth import ramp
        >>> sum(ramp("10,000 yuan", rise="10,000 yuan").mask([1, 2, 3]).amounts(40))
        Fraction(8140000, 1)
        """
        return Mask(tuple(years), self)

    def until(self, year: int) -> "Schedule":
        """Growth stops after that contract year: its amount stays."""
        return Until(year, self)

    def then(self, following: "Amount | Schedule", *, after: int) -> "Schedule":
        """Another schedule takes over after that contract year, beginning with its own year 1.

        >>> from coopledger.core.growth import ramp
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
        if not is_money(self.unit):
            message = Message("rounding of {unit}: a unit price in money is expected", unit=self.unit.say() or "1")
            raise UnitError(message)
        inner = self.carrying(rounding) if rounding.at == "unit price carried" else self
        return Rounded(inner, rounding)

    def replaced(self, **fields: Any) -> Self:
        """The same node with other fields, checked as a new one is."""
        return type(self)(**{name: getattr(self, name) for name in self.fields} | fields)

    def carrying(self, rounding: Rounding) -> "Schedule":
        """The same schedule in which each step is rounded before it goes on."""
        return self.replaced(**{name: _carrying(getattr(self, name), rounding) for name in self.fields})

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


# --- nodes -----------------------------------------------------------------------------------------------------


class Level(Schedule):
    """The same amount each year."""

    __slots__ = ("amount",)

    amount: Quantity

    def __init__(self, amount: Quantity) -> None:
        self._put(amount)

    @property
    def unit(self) -> Unit:
        return self.amount.unit

    def values(self, years: int, clock: Clock) -> Values:
        return Values([self.amount.value.numerator] * years, self.amount.value.denominator)

    @property
    def words(self) -> Message:
        return Message("{amount} each year", amount=shown(self.amount))


class _Several(Schedule):
    """Schedules of one unit that are combined year by year."""

    __slots__ = ("terms",)

    terms: tuple[Schedule, ...]

    def __init__(self, terms: tuple[Schedule, ...]) -> None:
        self._put(terms)
        same_units(terms)

    @property
    def unit(self) -> Unit:
        return self.terms[0].unit

    @property
    def in_kind(self) -> Schedule | None:
        """What a floor or a cap in money is set to: the goods of the only one that has any."""
        known = self._goods()
        return known[0] if len(known) == 1 else None

    def _goods(self) -> tuple[Schedule, ...]:
        return tuple(goods for term in self.terms if (goods := term.in_kind) is not None)


class Sum(_Several):
    """Streams added, year by year; all in one unit."""

    __slots__ = ()

    def values(self, years: int, clock: Clock) -> Values:
        return _combined(self.terms, years, clock, sum)

    @property
    def words(self) -> Message:
        return Message("the sum of")

    @property
    def in_kind(self) -> Schedule | None:
        known = self._goods()
        alike = len(known) == len(self.terms) and len({goods.unit for goods in known}) == 1
        return Sum(known) if alike else None


class Highest(_Several):
    """The highest of several, year by year: a floor."""

    __slots__ = ()

    def values(self, years: int, clock: Clock) -> Values:
        return _combined(self.terms, years, clock, max)

    @property
    def words(self) -> Message:
        return Message("the highest of")


class Lowest(_Several):
    """The lowest of several, year by year: a cap."""

    __slots__ = ()

    def values(self, years: int, clock: Clock) -> Values:
        return _combined(self.terms, years, clock, min)

    @property
    def words(self) -> Message:
        return Message("the lowest of")


class Difference(Schedule):
    """One schedule less another."""

    __slots__ = ("whole", "less")

    whole: Schedule
    less: Schedule

    def __init__(self, whole: Schedule, less: Schedule) -> None:
        self._put(whole, less)
        same_units((self.whole, self.less))

    @property
    def unit(self) -> Unit:
        return self.whole.unit

    def values(self, years: int, clock: Clock) -> Values:
        return _combined((self.whole, self.less), years, clock, lambda column: column[0] - column[1])

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

    def values(self, years: int, clock: Clock) -> Values:
        result = self.factors[0].values(years, clock)
        for factor in self.factors[1:]:
            if isinstance(factor, Level) and factor.amount.value:  # the usual case, an area: much cheaper
                by = factor.amount.value
                above = by.numerator
                if None in result.numerators:
                    scaled = [None if a is None else a * above for a in result.numerators]
                else:
                    scaled = list(map(mul, result.numerators, repeat(above)))
                result = Values(scaled, result.denominator * by.denominator, result.assumptions)
                continue
            other = factor.values(years, clock)
            numerators = [
                0 if a == 0 or b == 0 else None if a is None or b is None else a * b
                for a, b in zip(result.numerators, other.numerators, strict=True)
            ]
            result = Values(
                numerators, result.denominator * other.denominator, _joined(result.assumptions, other.assumptions)
            )
        return result

    @property
    def at_once(self) -> bool | None:
        kinds = {factor.at_once for factor in self.factors}
        return None if None in kinds else True in kinds

    @property
    def words(self) -> Message:
        return Message("the product of")

    @property
    def in_kind(self) -> Schedule | None:
        for position, factor in enumerate(self.factors):
            if (goods := factor.in_kind) is not None:
                return Product((*self.factors[:position], goods, *self.factors[position + 1 :]))
        return None


class Delay(Schedule):
    """Nothing for some years; then the schedule begins with its year 1."""

    __slots__ = ("years", "of")

    years: int
    of: Schedule

    def __init__(self, years: int, of: Schedule) -> None:
        self._put(years, of)
        whole_years(self.years)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, clock: Clock) -> Values:
        if self.years >= years:
            raise ScheduleError(
                Message("a delay of {seen} years leaves nothing of {last} years", seen=self.years, last=years)
            )
        inner = self.of.values(years - self.years, clock.later(self.years))
        return Values(
            [*[0] * self.years, *inner.numerators],
            inner.denominator,
            {n + self.years: why for n, why in inner.assumptions.items()},
        )

    @property
    def words(self) -> Message:
        if self.years == 1:
            return Message("nothing for a year with the clock stopped, then")
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
            whole_years(year)
        no_year_twice(self.unpaid)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, clock: Clock) -> Values:
        if max(self.unpaid) > years:
            raise ScheduleError(
                Message("year {seen} without payment lies outside the {last} years", seen=max(self.unpaid), last=years)
            )
        inner = self.of.values(years, clock)
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
        whole_years(self.year)

    @property
    def unit(self) -> Unit:
        return self.of.unit

    def values(self, years: int, clock: Clock) -> Values:
        inner = self.of.values(min(self.year, years), clock)
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
        whole_years(self.after)
        same_units((self.first, self.second))

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, clock: Clock) -> Values:
        if self.after >= years:
            raise ScheduleError(
                Message("a hand-over after year {seen} leaves nothing of {last} years", seen=self.after, last=years)
            )
        one = self.first.values(self.after, clock)
        two = self.second.values(years - self.after, clock.later(self.after))
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

    def values(self, years: int, clock: Clock) -> Values:
        inner = self.of.values(years, clock)
        rounded = [
            None if above is None else self.rounding.value(Fraction(above, inner.denominator), self.unit)
            for above in inner.numerators
        ]
        return Values(*values_of(rounded)[:2], inner.assumptions)

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


def highest(*options: "Amount | Schedule") -> Schedule:
    """The highest of several, year by year."""
    return Highest(tuple(schedule(option) for option in options))


def lowest(*options: "Amount | Schedule") -> Schedule:
    """The lowest of several, year by year."""
    return Lowest(tuple(schedule(option) for option in options))


# --- what the nodes share --------------------------------------------------------------------------------------


def values_of(amounts: Sequence[Number | None]) -> Values:
    """Amounts as numerators over their least common denominator."""
    below = lcm(*(amount.denominator for amount in amounts if amount is not None))
    return Values(
        [None if amount is None else amount.numerator * (below // amount.denominator) for amount in amounts], below
    )


def _combined(parts: Sequence[Schedule], years: int, clock: Clock, combine: Callable[[tuple[int, ...]], int]) -> Values:
    columns = [part.values(years, clock) for part in parts]
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


def _carrying(field: Any, rounding: Rounding) -> Any:  # noqa: ANN401 - a field is anything
    if isinstance(field, Schedule):
        return field.carrying(rounding)
    return tuple(_carrying(item, rounding) for item in field) if type(field) is tuple else field


def _inside(node: "Delay | Mask | Until") -> Schedule | None:
    goods = node.of.in_kind
    return None if goods is None else node.replaced(of=goods)


def same_unit(first: Quantity, *others: Quantity) -> None:
    """Refuse amounts of different units."""
    for other in others:
        if other.unit != first.unit:
            raise UnitError(unit_message(other, first.unit))


def same_units(parts: Sequence[Schedule]) -> None:
    """Refuse schedules of different units, and none at all."""
    if not parts:
        raise ScheduleError(Message("an empty list: at least one schedule is expected"))
    for part in parts[1:]:
        if part.unit != parts[0].unit:
            raise UnitError(
                Message(
                    "{one} and {other} do not go together: the same unit is expected",
                    one=parts[0].unit.say() or "1",
                    other=part.unit.say() or "1",
                )
            )


def no_year_twice(years: Iterable[int]) -> None:
    """Refuse a year that is given twice."""
    seen = sorted(years)
    for year, following in pairwise(seen):
        if year == following:
            raise ScheduleError(Message("year {year} is given twice: once is accepted", year=year))


def whole_years(seen: object) -> None:
    """Refuse anything that is not a whole number of years, 1 or more."""
    if not isinstance(seen, int) or isinstance(seen, bool) or seen < 1:
        raise ScheduleError(Message("year {seen}: a whole number, 1 or more, is accepted", seen=plain(seen)))


def plain(seen: object) -> str:
    """A number as it is put into a refusal; what is no number as it was seen."""
    return decimal(seen) if isinstance(seen, int | Fraction) and not isinstance(seen, bool) else repr(seen)

"""Schedules that a contract writes down: ramps, steps, lists, lump sums."""

from collections.abc import Iterable, Mapping
from math import lcm
from typing import Literal, NamedTuple

from coopledger.core.quantity import (
    PLAIN,
    Number,
    Quantity,
    Unit,
    is_money,
    percent,
    quantity,
    rate,
    shown,
    unit_message,
)
from coopledger.core.rounding import Rounding
from coopledger.core.schedule import (
    Amount,
    Clock,
    Schedule,
    Values,
    no_year_twice,
    plain,
    same_unit,
    values_of,
    whole_years,
)
from coopledger.core.series import CALENDAR_YEARS
from coopledger.errors import ScheduleError, UnitError
from coopledger.text import Message

Growth = Literal["previous", "base"]


class Ramp(Schedule):
    """A first amount that rises by the same amount every year."""

    __slots__ = ("first", "rise")

    first: Quantity
    rise: Quantity

    def __init__(self, first: Quantity, rise: Quantity) -> None:
        self._put(first, rise)
        same_unit(self.first, self.rise)

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def carrying(self, rounding: Rounding) -> Schedule:
        return Step(self.first, 1, Change("add", self.rise.value, self.rise.unit)).carrying(rounding)

    def values(self, years: int, clock: Clock) -> Values:
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
        same_unit(*self.amounts_listed)

    @property
    def unit(self) -> Unit:
        return self.amounts_listed[0].unit

    def values(self, years: int, clock: Clock) -> Values:
        if len(self.amounts_listed) != years:
            raise ScheduleError(
                Message("{count} years are expected, {seen} are listed", count=years, seen=len(self.amounts_listed))
            )
        return values_of([amount.value for amount in self.amounts_listed])

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
        same_unit(*(amount for _, amount in self.amounts_by_year))
        for year, _ in self.amounts_by_year:
            whole_years(year)
        no_year_twice(year for year, _ in self.amounts_by_year)

    @property
    def unit(self) -> Unit:
        return self.amounts_by_year[0][1].unit

    @property
    def at_once(self) -> bool | None:
        return True

    def values(self, years: int, clock: Clock) -> Values:
        amounts: list[Number] = [0] * years
        no_year_twice(year - clock.calendar + 1 if year in CALENDAR_YEARS else year for year, _ in self.amounts_by_year)
        for year, amount in self.amounts_by_year:
            position = year - clock.calendar if year in CALENDAR_YEARS else year - 1
            if position not in range(years):
                raise ScheduleError(
                    Message(
                        "a lump sum in year {seen} lies outside the term: years 1 to {last} are accepted",
                        seen=year,
                        last=years
                        if clock.since is None
                        else f"{years} ({clock.calendar}–{clock.calendar + years - 1})",
                    )
                )
            amounts[position] = amount.value
        return values_of(amounts)

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
                Message("a step every {seen} years: whole years, 1 or more, are accepted", seen=plain(self.every))
            )
        _check_change(self.first, self.change)

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, clock: Clock) -> Values:
        last = (years - 1) // self.every
        if self.carry is None and self.change.kind == "previous":
            # the hot path: whole numbers over first.denominator * q**last, no fraction a year
            p, q = self.change.value.numerator, self.change.value.denominator
            grown = p + q
            level = self.first.value.numerator * q**last
            alike = min(self.every, years)  # a step every thousand million years must not fill the memory
            numerators: list[int | None] = [level] * alike
            for _ in range(last):
                level = level // q * grown
                numerators += [level] * alike
            return Values(numerators[:years], self.first.value.denominator * q**last)
        amounts = _grown(self.first.value, self.unit, [self.change] * last, self.carry)
        return values_of([amounts[n // self.every] for n in range(years)])

    def carrying(self, rounding: Rounding) -> Schedule:
        keep = self.carry is not None or not is_money(self.unit)
        return self if keep else self.replaced(carry=rounding)

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
                    Message("a step in year {seen}: contract years from 2 on are accepted", seen=plain(year))
                )
            _check_change(self.first, change)
        no_year_twice(year for year, _ in self.changes)

    @property
    def unit(self) -> Unit:
        return self.first.unit

    def values(self, years: int, clock: Clock) -> Values:
        changes = sorted(self.changes)
        if changes[-1][0] > years:
            raise ScheduleError(
                Message(
                    "a step in year {seen} lies outside the term: years 2 to {last}", seen=changes[-1][0], last=years
                )
            )
        amounts = _grown(self.first.value, self.unit, [change for _, change in changes], self.carry)
        return values_of([amounts[sum(year <= n for year, _ in changes)] for n in range(1, years + 1)])

    def carrying(self, rounding: Rounding) -> Schedule:
        keep = self.carry is not None or not is_money(self.unit)
        return self if keep else self.replaced(carry=rounding)

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
    return Step(base, every, change(by=by, of=of, to=to))


def steps(first: Amount | Number, changes: Mapping[int, Change] | Iterable[tuple[int, Change]]) -> Schedule:
    """A first amount that changes from the named contract years on; see ``change``.

    >>> rent = quantity("600 yuan/mu")
    >>> steps(rent, {3: change(by="5%", of="base"), 4: change(to="700 yuan/mu")}).amounts(4)
    [Fraction(600, 1), Fraction(600, 1), Fraction(630, 1), Fraction(700, 1)]
    """
    return Steps(quantity(first), tuple(changes.items() if isinstance(changes, Mapping) else changes))


def change(*, by: Amount | Number | None = None, of: Growth | None = None, to: Amount | None = None) -> Change:
    """What one step does to a first amount: see ``step``."""
    if (by is None) == (to is None):
        raise ScheduleError(Message("a step needs either 'by' (how much more) or 'to' (the new amount)"))
    if to is not None:
        new = quantity(to)
        return Change("replace", new.value, new.unit)
    more = quantity(by) if of is None else rate(by)
    if of is None and more.unit == PLAIN:
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


def _check_change(first: Quantity, change: Change) -> None:
    if change.kind in ("previous", "base"):
        if change.value.numerator <= -change.value.denominator:
            raise ScheduleError(Message("a step by {seen}: more than -100% is expected", seen=percent(change.value)))
    elif change.unit != first.unit:
        raise UnitError(unit_message(Quantity(change.value, change.unit), first.unit))


def _signed(words: str) -> str:
    return words if words.startswith("-") else f"+{words}"

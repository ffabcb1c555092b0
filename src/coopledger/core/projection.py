"""Projection: the payments that a plan will make, to the smallest unit of its currency.

>>> from coopledger.core.calendar import term
>>> from coopledger.core.plan import Plan, Stream
>>> from coopledger.core.growth import ramp
>>> dam = Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"))
>>> projection = project(Plan("Old Tiger Hill", term("2014-01-01", years=40, basis="contribution"), [dam]))
>>> projection.total
820000000
>>> projection.streams[0].payments[0].due
datetime.date(2014, 12, 31)
"""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate, repeat
from math import gcd, lcm
from operator import floordiv, mul, sub
from typing import NamedTuple, cast

from coopledger.core.allocation import as_weights, natural_key, per_share, split_each, split_running
from coopledger.core.calendar import LEASE_LIMIT, Periods, Term
from coopledger.core.plan import Holder, Holders, Part, Plan, Policy, Stream, unknown
from coopledger.core.quantity import Currency, Number, Quantity, Unit
from coopledger.core.rounding import Rounding, divide
from coopledger.core.schedule import Clock, Schedule
from coopledger.core.value import Value
from coopledger.errors import CoopledgerError, PlanError, Problem, ScheduleError
from coopledger.text import Message

LARGEST_TOTAL = 2**63 - 1

_new_tuple = tuple.__new__


class Payment(NamedTuple):
    """What is owed for a contract year, or an instalment of it.

    ``amount`` is in the currency's smallest unit; None where a price or figure ahead is not known and nothing is
    assumed. ``quantity`` is what is owed in kind, in the goods' unit. ``assumptions`` are what the amount rests on.
    """

    year: int
    start: date
    end: date
    due: date
    amount: int | None
    quantity: Number | None = None
    assumptions: tuple[Message, ...] = ()


class Projected(NamedTuple):
    """A stream and its payments in the order of contract years and instalments."""

    stream: Stream
    payments: Sequence[Payment]
    goods: Unit | None = None

    @property
    def total(self) -> int:
        """The sum of what is known, in the smallest unit."""
        return sum(payment.amount or 0 for payment in self.payments)

    @property
    def amounts(self) -> list[int | None]:
        """The amounts of the payments."""
        return [payment.amount for payment in self.payments]


class Projection(Value):
    """A plan carried through: the payments of every stream."""

    __slots__ = ("plan", "streams")

    plan: Plan
    streams: tuple[Projected, ...]

    def __init__(self, plan: Plan, streams: tuple[Projected, ...]) -> None:
        self._put(plan, streams)

    @property
    def total(self) -> int:
        """The sum of what is known, over all streams, in the smallest unit."""
        return sum(projected.total for projected in self.streams)

    @property
    def received(self) -> int:
        """The sum of the streams that the plan's book receives."""
        return sum(one.total for one in self.streams if self.plan.book and one.stream.payee == self.plan.book)

    @property
    def paid(self) -> int:
        """The sum of the streams that the plan's book pays."""
        return sum(one.total for one in self.streams if self.plan.book and one.stream.payer == self.plan.book)

    def stream(self, name: str) -> Projected:
        """The stream of that name."""
        for projected in self.streams:
            if projected.stream.name == name:
                return projected
        raise ScheduleError(unknown(name, [projected.stream.name for projected in self.streams]))


def project(plan: Plan) -> Projection:
    """The payments of every stream of a plan; PlanError with every stream that cannot be carried through."""
    problems: list[Problem] = []
    streams: list[Projected] = []
    for number, stream in enumerate(plan.streams, 1):
        try:
            streams.append(project_stream(stream, plan.term, plan.currency))
        except CoopledgerError as error:
            problems.append(Problem(f"streams[{number}]", error.message))
    if problems:
        raise PlanError(problems)
    return Projection(plan, tuple(streams))


def project_stream(stream: Stream, term: Term, currency: Currency) -> Projected:
    """The payments of one stream over a term.

    The year's amount is rounded as the stream says; instalments divide the rounded amount, their running sum
    rounded down to the smallest step, so that they add up to the year.
    """
    periods = term.periods()
    goods = stream.amount.in_kind
    payments = _payments(stream, term, periods, currency)
    if goods is not None:
        payments = _with_goods(stream, payments, _owed(goods, term, periods)[:2], len(periods.numbers))
    return Projected(stream, payments, None if goods is None else goods.unit)


def _payments(stream: Stream, term: Term, periods: Periods, currency: Currency) -> list[Payment]:
    numerators, denominator, assumptions = _owed(stream.amount, term, periods)
    known = cast("list[int]", numerators)
    unknown_years = None in numerators
    if unknown_years:
        known = [n for n in numerators if n is not None]
    if known and min(known) < 0:
        position = next(n for n, above in enumerate(numerators) if above is not None and above < 0)
        raise _negative(
            periods.numbers[position], Quantity(Fraction(numerators[position] or 0, denominator), currency.unit)
        )
    rounded = _rounded(known, denominator, stream.rounding, currency.scale)
    _check(rounded, stream.rounding, currency)
    amounts: Sequence[int | None] = rounded
    if unknown_years:
        following = iter(rounded)
        amounts = [None if n is None else next(following) for n in numerators]
    if len(stream.instalments) == 1:
        dates = stream.instalments[0].due.dates(periods, term.leap_day)
        # the hot path: what Payment(…) does, without its call in Python for each of forty years
        rows = zip(periods.numbers, periods.starts, periods.ends, dates, amounts, repeat(None), repeat(()))
        payments = list(map(_new_tuple, repeat(Payment), rows))
    else:
        dates_of = [one.due.dates(periods, term.leap_day) for one in stream.instalments]
        step = int(stream.rounding.step(currency.unit) * currency.scale)
        columns = _instalments(amounts, [Fraction(one.share or 0) for one in stream.instalments], step)
        payments = [
            Payment(number, start, end, due[n], column[n])
            for n, (number, start, end) in enumerate(zip(periods.numbers, periods.starts, periods.ends, strict=True))
            for due, column in zip(dates_of, columns, strict=True)
        ]
    if assumptions:
        each = len(stream.instalments)
        payments = [payment._replace(assumptions=assumptions.get(n // each, ())) for n, payment in enumerate(payments)]
    return payments


def _owed(
    schedule: Schedule, term: Term, periods: Periods
) -> tuple[list[int | None], int, Mapping[int, tuple[Message, ...]]]:
    """What each period is owed, exactly: its contract year's amount, or its part of it in a stub.

    A short stub in front is owed at the amounts of year 1, but at its own calendar year's prices and figures.
    """
    numerators, denominator, assumptions = schedule.values(term.years, Clock(term.since))
    if not periods.fractions:
        return numerators, denominator, assumptions
    at_once = schedule.at_once
    if at_once is None:
        raise ScheduleError(
            Message(
                "a stub divides the amount of a year, and no lump sum: lump sums are expected in a stream of their own"
            )
        )
    below = lcm(*(part.denominator for part in periods.fractions.values()))
    owed: list[int | None] = []
    for n, year in enumerate(periods.years):
        above = numerators[year - 1]
        part = periods.fractions.get(n, Fraction(1))
        if at_once:  # once, in its own year: year 0 has none
            part = Fraction(int(periods.numbers[n] != 0))
        owed.append(None if above is None else above * part.numerator * (below // part.denominator))
    resting = {n: assumptions[year - 1] for n, year in enumerate(periods.years) if year - 1 in assumptions}
    if periods.numbers[0] == 0 and schedule.by_calendar and not at_once:
        before, other, why = schedule.values(term.years, Clock(term.since - 1))
        whole = lcm(denominator, other)
        owed = [None if above is None else above * (whole // denominator) for above in owed]
        stub = periods.fractions[0] * below * (whole // other)  # a whole number: below has its denominator
        first = before[0]
        owed[0] = None if first is None else first * int(stub)
        resting = {n: reasons for n, reasons in resting.items() if n} | ({0: why[0]} if 0 in why else {})
        denominator = whole
    return owed, denominator * below, resting


def _rounded(numerators: Sequence[int], denominator: int, rounding: Rounding, scale: int) -> list[int]:
    """Known amounts in the smallest unit, rounded where the contract says."""
    whole = 1 if rounding.to is None else scale * rounding.to.numerator // rounding.to.denominator
    if rounding.to is not None and (whole < 1 or scale * rounding.to != whole):
        raise ScheduleError(
            Message("payments cannot be rounded to parts of the smallest unit: {seen} is given", seen=rounding.to)
        )
    common = gcd(scale, denominator * whole)  # small divisors are fast ones
    above, below = scale // common, denominator * whole // common
    at, mode = rounding.at, rounding.mode
    if at == "running total":
        if mode == "half up":
            # the hot path, all of it in C: half a step is where the running sum starts, then plain division
            halves = accumulate(map(mul, numerators, repeat(2 * above)), initial=below)
            totals = list(map(floordiv, halves, repeat(2 * below)))
        else:
            totals = [divide(above * total, below, mode) for total in accumulate(numerators, initial=0)]
        steps = list(map(sub, totals[1:], totals))
        return steps if whole == 1 else [step * whole for step in steps]
    amounts = [divide(above * n, below, mode) * whole for n in numerators]
    if at == "total" and any(numerators):
        last = max(n for n, owed in enumerate(numerators) if owed)  # a year that owes nothing settles nothing
        amounts[last] += divide(above * sum(numerators), below, mode) * whole - sum(amounts)
    return amounts


def _check(amounts: Sequence[int], rounding: Rounding, currency: Currency) -> None:
    if rounding.at == "total" and min(amounts, default=0) < 0:
        raise ScheduleError(
            Message(
                "the last payment would settle the rounding with {seen}: another place or mode of it is expected",
                seen=Quantity(Fraction(min(amounts), currency.scale), currency.unit),
            )
        )
    if sum(amounts) > LARGEST_TOTAL:
        raise ScheduleError(Message("the total is out of range: a total stays below 2⁶³ of the smallest unit"))


def _negative(year: int, seen: Quantity) -> ScheduleError:
    return ScheduleError(
        Message(
            "year {year} comes to {seen}: an amount owed is 0 or more; a floor of {zero} would keep it there",
            year=year,
            seen=seen,
            zero=Quantity(0, seen.unit),
        )
    )


def _instalments(amounts: Sequence[int | None], shares: Sequence[Fraction], step: int) -> list[list[int | None]]:
    """Each year's amount divided by its shares: the running sum within the year is rounded down to whole steps."""
    so_far = list(accumulate(shares))
    columns: list[list[int | None]] = []
    for before, after in zip([Fraction(0), *so_far], so_far, strict=False):
        columns.append(
            [
                None if amount is None else _part_of(amount, after, step) - _part_of(amount, before, step)
                for amount in amounts
            ]
        )
    return columns


def _part_of(amount: int, share: Fraction, step: int) -> int:
    return amount if share == 1 else amount * share.numerator // (share.denominator * step) * step


def _with_goods(
    stream: Stream, payments: Sequence[Payment], goods: tuple[list[int | None], int], years: int
) -> list[Payment]:
    numerators, denominator = goods
    for n, above in enumerate(numerators):
        if above is not None and above < 0:
            raise ScheduleError(
                Message("year {year} comes to less than no goods", year=payments[n * len(stream.instalments)].year)
            )
    shares = [Fraction(one.share or 0) for one in stream.instalments]
    owed = [
        None if numerators[n] is None else Fraction(numerators[n] or 0, denominator) * share
        for n in range(years)
        for share in shares
    ]
    return [payment._replace(quantity=quantity) for payment, quantity in zip(payments, owed, strict=True)]


# --- who gets which part ---------------------------------------------------------------------------------------


class Division(NamedTuple):
    """One part of a split over the payments: its amounts, its own parts, and what its holders get.

    ``held`` has, holder by holder, the amounts of the payments; ``remainder`` what ``per share`` leaves, payment by
    payment, for the account ``remainder_to``.
    """

    name: str
    amounts: Sequence[int | None]
    parts: "tuple[Division, ...]" = ()
    held: Sequence[tuple[Holder, Sequence[int | None]]] = ()
    remainder: Sequence[int | None] = ()
    remainder_to: str = ""


def divide_stream(projected: Projected, currency: Currency) -> Division:
    """A stream's payments by part and by holder; every payment is exactly the sum of its parts."""
    stream = projected.stream
    return _division(stream.name, projected.amounts, stream.split, stream.split_policy, stream.holders, currency)


def _division(  # noqa: PLR0917 - what a stream and a part of it have in common
    name: str,
    amounts: Sequence[int | None],
    parts: Sequence[Part],
    policy: Policy,
    holders: Holders | None,
    currency: Currency,
) -> Division:
    ranked = sorted(parts, key=lambda part: natural_key(part.name))  # a fen that is left goes by name, not by row
    shares = _shared(amounts, as_weights([part.share for part in ranked]), policy) if parts else []
    named = {part.name: column for part, column in zip(ranked, shares, strict=True)}
    columns = [named[part.name] for part in parts]
    inner = tuple(
        _division(part.name, column, part.parts, policy, part.holders, currency)
        for part, column in zip(parts, columns, strict=True)
    )
    if holders is None:
        return Division(name, amounts, inner)
    if holders.policy != "per share":
        held = _shared(amounts, as_weights([holder.shares for holder in holders.holders]), holders.policy)
        return Division(name, amounts, inner, list(zip(holders.holders, held, strict=True)))
    assert holders.rate is not None  # noqa: S101 - for the type checker: Holders refuses it
    rows = [
        None
        if amount is None
        else ([0] * len(holders.holders), 0)
        if amount == 0  # nothing is paid out of nothing, in a year without payment
        else per_share(holders.rate.value * currency.scale, [holder.shares for holder in holders.holders], amount)
        for amount in amounts
    ]
    held = [[None if row is None else row[0][n] for row in rows] for n in range(len(holders.holders))]
    left = [None if row is None else row[1] for row in rows]
    return Division(name, amounts, inner, list(zip(holders.holders, held, strict=True)), left, holders.remainder)


def _shared(amounts: Sequence[int | None], weights: Sequence[int], policy: Policy) -> list[list[int | None]]:
    """The amounts split by weight, one column a receiver; what is not known stays unknown for everybody."""
    known = [amount for amount in amounts if amount is not None]
    rows = iter((split_each if policy == "each year" else split_running)(known, weights))
    full = [[None] * len(weights) if amount is None else next(rows) for amount in amounts]
    return [list(column) for column in zip(*full, strict=True)] if full else [[] for _ in weights]


# --- by calendar year ------------------------------------------------------------------------------------------


def by_calendar_year(payments: Sequence[Payment]) -> list[Payment]:
    """The same amounts by the calendar years in which they accrue: a payment that spans two years becomes two rows.

    A row keeps the due date of its payment and has the calendar year as its year. Within a payment the days divide
    the amount, their running sum rounded down to the smallest unit, so that the rows add up to the payment.

    >>> rows = by_calendar_year([Payment(1, date(2014, 7, 1), date(2015, 6, 30), date(2015, 6, 30), 1000)])
    >>> [(row.year, row.amount) for row in rows]
    [(2014, 504), (2015, 496)]
    """
    rows = []
    for payment in payments:
        days = (payment.end - payment.start).days + 1
        before, owed = 0, Fraction(0)
        for year in range(payment.start.year, payment.end.year + 1):
            start = max(payment.start, date(year, 1, 1))
            end = min(payment.end, date(year, 12, 31))
            passed = Fraction((end - payment.start).days + 1, days)
            amount = payment.amount
            if amount is not None:
                so_far = amount * passed.numerator // passed.denominator
                amount, before = so_far - before, so_far
            goods = payment.quantity
            if goods is not None:
                goods, owed = goods * passed - owed, goods * passed
            rows.append(payment._replace(year=year, start=start, end=end, amount=amount, quantity=goods))
    return sorted(rows, key=lambda row: row.year)


def void_as_lease(stream: Stream, term: Term, payment: Payment) -> bool:
    """Whether a lease runs past its twentieth year in this payment's period (民法典 705)."""
    return (stream.basis or term.basis) == "lease" and payment.end >= _on_or_before(term.start, LEASE_LIMIT)


def _on_or_before(start: date, years: int) -> date:
    if start.year + years > date.max.year:
        return date.max
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return date(start.year + years, 3, 1)

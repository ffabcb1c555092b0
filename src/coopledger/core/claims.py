"""Claims: published figures beside the library's own. Nothing is ever fitted to a claim."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.plan import Claim, Plan, Stream
from coopledger.core.projection import Division, Payment, Projected, Projection, divide_stream, project_stream
from coopledger.core.quantity import PLAIN, Currency, Number, Quantity, percent, shown, unit_message
from coopledger.core.rounding import divide
from coopledger.core.schedule import Schedule
from coopledger.core.series import CALENDAR_YEARS
from coopledger.errors import CoopledgerError, PlanError, Problem, ScheduleError, UnitError
from coopledger.text import Message


class Verdict(NamedTuple):
    """A claim, the library's own figure in the same unit, and whether the claim holds."""

    claim: Claim
    computed: Quantity
    holds: bool

    @property
    def difference(self) -> Number:
        """Computed less claimed."""
        return self.computed.value - self.claim.claimed.value

    @property
    def reading(self) -> Message | None:
        """How the source's figure is read, where it is not read as exact."""
        claim = self.claim
        if claim.rounded_to is not None:
            return Message("rounded to {step}", step=shown(claim.rounded_to))
        if claim.truncated_to is not None:
            return Message("truncated to {step}", step=shown(claim.truncated_to))
        if claim.within is not None:
            return Message("within {share}", share=percent(claim.within))
        return Message(claim.bound) if claim.bound is not None else None


def check_claims(projection: Projection) -> list[Verdict]:
    """Every claim of the plan beside the figure computed; PlanError for those that are about nothing."""
    verdicts, problems = [], []
    for number, claim in enumerate(projection.plan.claims, 1):
        try:
            verdicts.append(check_claim(claim, projection.streams, projection.plan.currency))
        except CoopledgerError as error:
            problems.append(Problem(f"claims[{number}]", error.message))
    if problems:
        raise PlanError(problems)
    return verdicts


def check_claim(claim: Claim, streams: Sequence[Projected], currency: Currency) -> Verdict:
    """One claim beside the figure computed from the projected streams of its plan."""
    about = [one for one in streams if not claim.streams or one.stream.name in claim.streams]
    if claim.year is not None and not any(_positions(claim, one) for one in about):
        names = [one.stream.name for one in about]
        raise ScheduleError(Message("year {year}: {stream} pays nothing in it", year=claim.year, stream=names))
    # amounts are by year anyway: an average over village-years is one over villages in all years
    per = Quantity(claim.per.value, claim.per.unit.without("year")) if claim.per else Quantity(1, PLAIN)
    goods = claim.claimed.unit * per.unit
    if goods == PLAIN:
        narrow = claim.part is not None or claim.holder is not None
        whole = _sum(claim._replace(part=None, holder=None), about if narrow else streams, currency)
        if whole == 0:
            raise ScheduleError(Message("a share of nothing: the whole is 0"))
        total = Quantity(Fraction(_sum(claim, about, currency), whole), PLAIN)
    elif goods != currency.unit and any(one.goods == goods for one in about):
        total = Quantity(_goods(claim, [one for one in about if one.goods == goods]), goods)
    else:
        total = Quantity(Fraction(_sum(claim, about, currency), currency.scale), currency.unit)
    computed = Quantity(Fraction(total.value) / per.value, total.unit / per.unit)
    return verdict_on(claim, computed)


def verdict_on(claim: Claim, computed: Quantity) -> Verdict:
    """A claim beside a figure, whatever it was computed from. Raises UnitError if they are not of the same unit.

    >>> from coopledger.core.quantity import quantity
    >>> verdict_on(Claim("each", quantity("58 yuan"), within=Fraction(1, 100)), quantity("57.99 yuan")).holds
    True
    """
    if computed.unit != claim.claimed.unit:
        raise UnitError(unit_message(claim.claimed, computed.unit))
    return Verdict(claim, computed, _holds(claim, computed.value))


def _holds(claim: Claim, computed: Number) -> bool:
    claimed = claim.claimed.value
    if claim.rounded_to is not None:
        steps = Fraction(computed) / claim.rounded_to.value
        return divide(steps.numerator, steps.denominator, "half up") * claim.rounded_to.value == claimed
    if claim.truncated_to is not None:
        steps = Fraction(computed) / claim.truncated_to.value
        return divide(steps.numerator, steps.denominator, "down") * claim.truncated_to.value == claimed
    if claim.within is not None:
        return abs(Fraction(computed - claimed)) <= claim.within * abs(Fraction(claimed))
    if claim.bound is not None:
        return computed >= claimed if claim.bound == "at least" else computed <= claimed
    return computed == claimed


def _goods(claim: Claim, about: Sequence[Projected]) -> Fraction:
    """The sum of what is owed in kind."""
    if claim.part is not None or claim.holder is not None:
        raise ScheduleError(Message("goods are not split: a claim about a part or a holder is in money"))
    total = Fraction(0)
    for projected in about:
        for n in _positions(claim, projected):
            payment = projected.payments[n]
            if payment.quantity is None:
                raise _not_known(projected, payment)
            total += payment.quantity
    return total


def _not_known(projected: Projected, payment: Payment) -> ScheduleError:
    return ScheduleError(
        Message("{stream} has no known amount for year {year}", stream=projected.stream.name, year=payment.year)
    )


def _positions(claim: Claim, projected: Projected) -> list[int]:
    """Which payments of a stream a claim is about."""
    year = claim.year
    return [
        n
        for n, payment in enumerate(projected.payments)
        if year is None or year == (payment.due.year if year in CALENDAR_YEARS else payment.year)
    ]


def _sum(claim: Claim, about: Sequence[Projected], currency: Currency) -> int:
    total = 0
    for projected in about:
        positions = _positions(claim, projected)
        columns: list[Sequence[int | None]] = [projected.amounts]
        if claim.part is not None or claim.holder is not None:
            division = divide_stream(projected, currency)
            columns = list(_columns(division, claim.part, claim.holder))
        for column in columns:
            for n in positions:
                amount = column[n]
                if amount is None:
                    raise _not_known(projected, projected.payments[n])
                total += amount
    return total


def _columns(division: Division, part: str | None, holder: str | None) -> Iterator[Sequence[int | None]]:
    """The amounts of a part (or, below it, of a holder) by payment."""
    for one in _parts(division, part) if part is not None else [division]:
        if holder is None:
            yield one.amounts
        else:
            yield from _of_holder(one, holder)


def _parts(division: Division, name: str, above: str = "") -> Iterator[Division]:
    """The parts of that name or path."""
    for part in division.parts:
        if name in (part.name, f"{above}{part.name}"):
            yield part
        yield from _parts(part, name, f"{above}{part.name}/")


def _of_holder(division: Division, number: str) -> Iterator[Sequence[int | None]]:
    yield from (amounts for holder, amounts in division.held if holder.number == number)
    for part in division.parts:
        yield from _of_holder(part, number)


# --- what would explain a difference ---------------------------------------------------------------------------


def possible_clauses(verdict: Verdict, projection: Projection) -> list[Message]:
    """Single clauses that would make a false claim about a whole stream true. None of them is in the source.

    Tried are: growth that stops after a year, leading or trailing years without payment, and a delay. That one of
    them fits is no evidence for it: many sets of clauses fit any figure.
    """
    claim = verdict.claim
    plan = projection.plan
    narrowed = claim.year is not None or claim.part is not None or claim.holder is not None or claim.per is not None
    if verdict.holds or narrowed or len(claim.streams) != 1 or claim.claimed.unit != plan.currency.unit:
        return []
    stream = projection.stream(claim.streams[0]).stream
    years = plan.term.years
    found = []
    for n in range(1, years):
        tried: dict[Message, Schedule] = {
            Message("growth that stops after year {n}", n=n): stream.amount.until(n),
            Message("{n} leading years without payment, the clock running", n=n): stream.amount.mask(range(1, n + 1)),
            Message(
                "a delay of a year, the clock stopped" if n == 1 else "a delay of {n} years, the clock stopped", n=n
            ): stream.amount.delay(n),
            Message("{n} last years without payment", n=n): stream.amount.mask(range(years - n + 1, years + 1)),
        }
        for words, amount in tried.items():
            total = _total(stream, amount, plan)
            if total is not None and _holds(claim, total):
                found.append(words)
    return found


def _total(stream: Stream, amount: Schedule, plan: Plan) -> Number | None:
    changed = Stream(stream.name, amount=amount, rounding=stream.rounding, due=stream.instalments, basis=stream.basis)
    try:
        return Fraction(project_stream(changed, plan.term, plan.currency).total, plan.currency.scale)
    except CoopledgerError:
        return None

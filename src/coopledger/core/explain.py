"""Explain: a stream's whole expression in words, with the figures of one year worked through."""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.calendar import Term
from coopledger.core.plan import Stream
from coopledger.core.projection import project_stream
from coopledger.core.quantity import Currency, Number, Quantity, Unit, decimal
from coopledger.core.rounding import divide
from coopledger.core.schedule import Clock, Delay, Schedule, Then, Until
from coopledger.errors import ScheduleError
from coopledger.text import Language, Message, said

_SHOWN_DECIMALS = 6


class ExplanationLine(NamedTuple):
    """One line of an explanation: how deep it stands, what it says, what it comes to in the year."""

    depth: int
    words: Message
    value: Message | None = None

    def say(self, language: Language = "en") -> str:
        """The line, indented."""
        words = "  " * self.depth + self.words.say(language)
        return words if self.value is None else f"{words}  →  {said(self.value, language)}"

    def __str__(self) -> str:
        return self.say()


def explain(stream: Stream, term: Term, currency: Currency, year: int | None = None) -> list[ExplanationLine]:
    """The expression of a stream in words, each part with its value in a contract year.

    The year is the last one whose amount is known, if none is named.

    >>> from coopledger.core.calendar import term
    >>> from coopledger.core.quantity import CURRENCIES
    >>> from coopledger.core.growth import step
    >>> land = Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu")
    >>> for line in explain(land, term("2014-01-01", years=40), CURRENCIES["CNY"], year=6):
    ...     print(line)
    land, contract year 6 (2019-01-01 – 2019-12-31)
      the product of  →  192,000 yuan
        160 yuan/mu, +20% of the previous amount after every 5 full years  →  192 yuan/mu
        1,000 mu each year  →  1,000 mu
      rounded: the running total, payments are its differences, half up, to 0.01 yuan  →  192,000.00 yuan
      due on the last day of the period: 2019-12-31  →  192,000.00 yuan
    """
    projected = project_stream(stream, term, currency)
    known = [payment for payment in projected.payments if payment.amount is not None]
    chosen = (known or projected.payments)[-1].year if year is None else year
    paid = [payment for payment in projected.payments if payment.year == chosen]
    if not paid:
        raise ScheduleError(Message("year {year}: {stream} pays nothing in it", year=chosen, stream=stream.name))
    first = paid[0]
    lines = [
        ExplanationLine(
            0,
            Message(
                "{stream}, contract year {year} ({start} – {end})",
                stream=stream.name,
                year=chosen,
                start=first.start,
                end=first.end,
            ),
        ),
        *_explained(stream.amount, max(chosen, 1), term.years, Clock(term.since), 1),
    ]
    periods = term.periods()
    part = periods.fractions.get(list(periods.numbers).index(chosen))
    if part is not None:
        lines.append(ExplanationLine(1, Message("the stub is {part} of a contract year, by days", part=decimal(part))))
    lines += [
        ExplanationLine(1, Message("assumption: {assumption}", assumption=assumption))
        for assumption in first.assumptions
    ]
    amounts = [payment.amount for payment in paid if payment.amount is not None]
    total = _money(sum(amounts), currency) if amounts else Message("not known")
    lines.append(ExplanationLine(1, stream.rounding.words(currency.unit), total))
    for payment, one in zip(paid, stream.instalments, strict=True):
        words = Message("due {rule}: {date}", rule=one.due.words, date=payment.due)
        sum_due = Message("not known") if payment.amount is None else _money(payment.amount, currency)
        lines.append(ExplanationLine(1, words, sum_due))
    return lines


def _explained(node: Schedule, year: int, years: int, clock: Clock, depth: int) -> Iterator[ExplanationLine]:
    """The node and what it is made of, in the year of its own clock; a part that is out of its time has no value."""
    running = 1 <= year <= years
    value: Number | None = None
    if running:
        values = node.values(years, clock)
        above = values.numerators[year - 1]
        value = None if above is None else Fraction(above, values.denominator)
    amount = (Message("not known") if value is None else _shown(value, node.unit)) if running else None
    yield ExplanationLine(depth, node.words, amount)
    clocks = [(year, years, clock)] * len(node.parts)
    if isinstance(node, Delay):
        clocks = [(year - node.years, years - node.years, clock.later(node.years))]
    if isinstance(node, Then):
        clocks = [(year, node.after, clock), (year - node.after, years - node.after, clock.later(node.after))]
    if isinstance(node, Until):
        clocks = [(min(year, node.year), min(years, node.year), clock)]
    if not running:
        clocks = [(0, own_years, own_clock) for _, own_years, own_clock in clocks]
    for part, (own_year, own_years, own_clock) in zip(node.parts, clocks, strict=True):
        yield from _explained(part, own_year, own_years, own_clock, depth + 1)


def _shown(value: Number, unit: Unit) -> Message:
    """A value as it is, or to six decimals with the sign for 'about' where it has more."""
    scaled = Fraction(value) * 10**_SHOWN_DECIMALS
    if scaled.denominator == 1:
        return Message("{amount}", amount=Quantity(value, unit))
    rounded = Fraction(divide(scaled.numerator, scaled.denominator), 10**_SHOWN_DECIMALS)
    return Message("≈ {amount}", amount=Quantity(rounded, unit))


def _money(amount: int, currency: Currency) -> Message:
    return Message(
        "{amount} {unit}", amount=decimal(Fraction(amount, currency.scale), currency.digits), unit=currency.unit
    )

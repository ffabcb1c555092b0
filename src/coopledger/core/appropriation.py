"""Appropriations: the record by which a year's surplus was distributed, and what it comes to once more.

The record has the waterfall that the charter stated, the figures it was run on, and what each step came to, so that
anyone can recompute it. Bases that were stated are in it by holder; those of the register are not, they are read again:
of the days that the record says, as the view knows them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from coopledger.core.balances import printed
from coopledger.core.basis import Basis, basis, class_of, measure, stated
from coopledger.core.distribution import Distribution, Outcome, all_outcomes, distribute
from coopledger.core.entitlement import Entitlement, plain_rule, read_rule
from coopledger.core.journal import View, shown
from coopledger.core.passing import REVERSAL, REVERSES
from coopledger.core.surplus import Surplus
from coopledger.core.waterfall import Step, Waterfall, all_steps, plain_waterfall, read_waterfall
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

DISTRIBUTION = "distribution"
"""The kind of records by which a year's surplus is distributed; the fact ``year`` says of which."""

_OF_HOLDERS = ("bases", "arrears")
_SUMS = ("surplus_fen", "losses_fen", "carried_fen", "funds", "figures")


class Line(NamedTuple):
    """What one step came to, in fen, as it was recorded."""

    step: str
    due_fen: int
    amount_fen: int


class Appropriation(NamedTuple):
    """A year's surplus distributed.

    ``surplus`` has the figures; of its bases those that were stated. ``rule`` says who earned, ``lines`` what each step
    came to, at any depth. ``unpaid`` is what steps that accumulate still owe, by step and holder: next year's arrears.
    ``remains_fen`` and ``uncovered_fen`` are as of :class:`~coopledger.core.distribution.Distribution`. ``seq`` is the
    number of the record, 0 before there is one.
    """

    year: int
    waterfall: Waterfall
    rule: Entitlement
    surplus: Surplus
    lines: tuple[Line, ...] = ()
    unpaid: Mapping[str, Mapping[str, int]] = {}
    remains_fen: int = 0
    uncovered_fen: int = 0
    seq: int = 0
    on: date = date.min

    def step(self, code: str) -> Step:
        """A step by its code. Raises RegisterError if the year was distributed by none of this code."""
        if not isinstance(code, str):
            raise RegisterError(Message("{name}: {seen}: a text is expected", name="step", seen=shown(code)))
        known = {one.code: one for one in all_steps(self.waterfall.steps)}
        if code not in known:
            raise RegisterError(
                Message(
                    "{year}: no step {step}: it was distributed by {known}",
                    year=self.year,
                    step=printable(code),
                    known=[*known],
                )
            )
        return known[code]

    def amount_fen(self, code: str) -> int:
        """What a step came to, as it was recorded."""
        return next((one.amount_fen for one in self.lines if one.step == code), 0)

    @property
    def to_holders(self) -> list[Step]:
        """The steps of which holders get something, in the charter's order."""
        return [one for one in all_steps(self.waterfall.steps) if one.by and self.amount_fen(one.code)]


class Shared(NamedTuple):
    """What holders get of one step, and by what."""

    outcome: Outcome
    basis: Basis


def appropriations(view: View) -> dict[int, Appropriation]:
    """The distributions of a book that were not taken back, by year.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     appropriations(view)
    {}
    """
    found = [(one.seq, one.effective_on, one.facts) for one in view.records(DISTRIBUTION)]
    taken_back = {one.facts.get(REVERSES) for one in view.records(REVERSAL)} if found else set()
    standing = [read_appropriation(facts)._replace(seq=seq, on=on) for seq, on, facts in found if seq not in taken_back]
    return {one.year: one for one in sorted(standing, key=lambda one: one.year)}


def appropriation(view: View, year: int) -> Appropriation:
    """The distribution of a year. Raises RegisterError if it was not distributed, or that was taken back."""
    if type(year) is not int:
        raise RegisterError(Message("year: {seen}: a year such as 2026 is expected", seen=shown(year)))
    known = appropriations(view)
    if year not in known:
        raise RegisterError(
            Message("the surplus of {year} is not distributed; that of {known} is", year=year, known=[*known] or "-")
        )
    return known[year]


def worked_out(view: View, one: Appropriation) -> tuple[Distribution, dict[str, Basis]]:
    """What the steps come to, with the bases by name, as the view knows the register.

    In a book a step's ``each`` is of a whole share, head or mu, or of a fen, and so is ``above``: of a class with
    decimals both are recounted in its smallest units before the waterfall runs. Raises RegisterError, WaterfallError.
    """
    named = dict.fromkeys(step.by for step in all_steps(one.waterfall.steps) if step.by)
    bases = {
        name: stated(name, one.surplus.bases[name], one.rule.last_day)
        if name in one.surplus.bases
        else basis(view, name, one.year, one.rule)
        for name in named
    }
    surplus = one.surplus._replace(bases={name: found.weights for name, found in bases.items()})
    counted = Waterfall(
        _counted(one.waterfall.steps, bases, one.rule),
        mode=one.waterfall.mode,
        to_fen=one.waterfall.to_fen,
        members_trade=one.waterfall.members_trade,
    )
    measures = {name: measure(name, found) for name, found in bases.items()}
    return distribute(counted, surplus, measures), bases


def with_lines(one: Appropriation, done: Distribution) -> Appropriation:
    """An appropriation with what a distribution came to. What a step no longer there owes is kept in mind."""
    outcomes = [*all_outcomes(done.outcomes)]
    unpaid = {each.step.code: each.unpaid for each in outcomes if each.unpaid}
    gone = {code: owed for code, owed in one.unpaid.items() if code not in {each.step.code for each in outcomes}}
    return one._replace(
        lines=tuple(Line(each.step.code, each.due_fen, each.amount_fen) for each in outcomes),
        unpaid={**gone, **unpaid},
        remains_fen=done.remains_fen,
        uncovered_fen=done.uncovered_fen,
    )


def shared(view: View, year: int, code: str) -> Shared:
    """What each holder gets of a step of a year's distribution.

    Raises RegisterError: the year is not distributed, the step goes to nobody, or it would come to something else
    because the register was corrected since.
    """
    one = appropriation(view, year)
    step = one.step(code)
    if not step.by:
        raise RegisterError(Message("{year}: step {step} goes to no holders", year=year, step=printable(code)))
    done, bases = worked_out(view, one)
    outcome = done.outcome(code)
    if outcome.amount_fen != one.amount_fen(code):
        raise RegisterError(
            Message(
                "{year}: since record {seq} the register was changed, and step {step} would come to {now} yuan, not "
                "{amount}: take the distribution back and distribute again",
                year=year,
                seq=one.seq,
                step=printable(code),
                now=printed(outcome.amount_fen, 2),
                amount=printed(one.amount_fen(code), 2),
            )
        )
    return Shared(outcome, bases[step.by])


def plain_appropriation(one: Appropriation) -> dict[str, Any]:
    """The appropriation as facts."""
    sums = one.surplus._asdict()
    return {
        "year": one.year,
        "waterfall": plain_waterfall(one.waterfall),
        "rule": plain_rule(one.rule),
        **{name: sums[name] for name in _SUMS},
        **{name: {key: dict(by) for key, by in sums[name].items()} for name in _OF_HOLDERS},
        "lines": [[*line] for line in one.lines],
        "unpaid": {code: dict(by) for code, by in one.unpaid.items()},
        "remains_fen": one.remains_fen,
        "uncovered_fen": one.uncovered_fen,
    }


def read_appropriation(facts: Mapping[str, Any]) -> Appropriation:
    """The appropriation that a record's facts describe."""
    return Appropriation(
        facts["year"],
        read_waterfall(facts["waterfall"]),
        read_rule(facts["rule"]),
        Surplus(**{name: facts[name] for name in (*_SUMS, *_OF_HOLDERS)}),
        tuple(Line(*line) for line in facts["lines"]),
        facts["unpaid"],
        facts["remains_fen"],
        facts["uncovered_fen"],
    )


def _counted(steps: Iterable[Step], bases: Mapping[str, Basis], rule: Entitlement) -> Iterator[Step]:
    """The steps, with what is said of whole shares said of smallest units."""
    for one in steps:
        unit = bases[one.by].unit if one.by else Fraction(1)
        if one.each is not None and class_of(one.by) and rule.by != "shares":
            raise RegisterError(
                Message(
                    "step {step}: an amount on each share is of those held on a day: by_record_date is expected",
                    step=one.code,
                )
            )
        yield one._replace(
            each=None if one.each is None else one.each * unit,
            above=int(one.above / unit),
            steps=tuple(_counted(one.steps, bases, rule)),
        )

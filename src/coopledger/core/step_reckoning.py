"""Step reckonings: the arithmetic by which a holder gets what he gets of a step of a distribution, down to the fen.

From the surplus to the step it is told by the waterfall's own words; from what the step got to the holder it is worked
out here on its own, and not by the splitter that distributed it: that both come to the same is what explaining is for.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.allocation import Carry
from coopledger.core.appropriation import Appropriation, appropriation, worked_out
from coopledger.core.basis import Basis, measure
from coopledger.core.distribution import Outcome
from coopledger.core.entitlement import Span
from coopledger.core.journal import View
from coopledger.core.measure import Measure
from coopledger.core.people import number_of
from coopledger.core.proposal import Proposal
from coopledger.core.reckoning import Share, check_part, share_of
from coopledger.core.rounding import Mode, divide
from coopledger.core.run import Run, check_run, parts
from coopledger.core.waterfall import Step
from coopledger.errors import RegisterError
from coopledger.text import Message

_NOTHING: Mapping[str, int] = {}


class Due(NamedTuple):
    """What a rate on each unit of the basis gives one holder, in fen: exactly, rounded, and within floor and ceiling.

    Rounded is to multiples of ``to_fen`` by ``mode``.
    """

    exact_fen: Fraction
    rounded_fen: int
    fen: int
    mode: Mode
    to_fen: int


class StepReckoning(NamedTuple):
    """Why a holder gets what he gets of a step.

    ``above`` are the pools that the step is in, the outermost first, and ``outcome`` is the step's own. He has
    ``weight`` of ``whole`` of the basis, in its smallest units, which ``measure`` says; ``spans`` say how that came
    about where it is shares, of so many ``digits``. ``held`` is what he has where it does not reach the step's
    threshold, and counts as nothing.

    A sum is split by ``new`` alone, as the terms of the run have it. With a rate on each unit there is a ``due``,
    ``new`` is his part of what is paid of everybody's, in proportion to it, and ``old`` his part of what is paid before
    that of arrears of earlier years. What runs before gave him, ``netted``, is taken off, down to nothing.
    """

    holder: str
    step: Step
    above: Sequence[Outcome]
    outcome: Outcome
    measure: Measure
    spans: Sequence[Span]
    digits: int
    held: int
    weight: int
    whole: int
    new: Share
    due: Due | None = None
    old: Share | None = None
    netted: int = 0

    @property
    def fen(self) -> int:
        """What he gets, before tax."""
        return max(self.new.fen + (self.old.fen if self.old else 0) - self.netted, 0)


def step_reckoning(view: View, one: Run, holder: str) -> StepReckoning:
    """Why somebody gets what he gets of a run that pays a step of a year's distribution.

    Raises RegisterError: the run pays no step; he has no part in it; the register was changed since, so that somebody
    would get something else today. The book as it was known then still tells.

    >>> from datetime import date
    >>> from coopledger.book import *
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> all_of_it = Step("members", "dividend", share("100%", "left"), by="heads")
    >>> steps = [found("示例村合作社", COLLECTIVE._replace(waterfall=Waterfall([all_of_it])), effective_on=day)]
    >>> steps += [adopt(C2023), admit(Joiner("0041"), Joiner("0042"), Joiner("0043"), effective_on=day)]
    >>> steps += [enter_surplus(2026, 1_00, source="statement"), distribute(2026)]
    >>> steps += [propose_steps(2026, effective_on=date(2027, 1, 5))]
    >>> _ = journal.append(in_turn(*steps), key="all", actor="accountant")
    >>> with journal.read() as view:
    ...     why = step_reckoning(view, runs(view)["2026-members"], "0041")
    >>> str(why.measure.said(why.weight)), why.new.down_fen, why.new.missing, why.fen
    ('1 persons', 33, 1, 34)
    """
    check_run(one)
    number = number_of(holder)
    if not one.proposal.step:
        raise RegisterError(Message("run {run} pays no step of a distribution (reckoning)", run=one.code))
    found = parts(view, one.proposal, one)
    check_part(one, found, number, found.parts)
    distributed = appropriation(view, int(one.proposal.period))
    step = distributed.step(one.proposal.step)
    done, bases = worked_out(view, distributed)
    *above, outcome = _path(done.outcomes, step.code)
    basis = bases[step.by]
    weights = {other: own if own * basis.unit > step.above else 0 for other, own in basis.weights.items()}
    amount = distributed.amount_fen(step.code)
    due, old = None, None
    shared: Mapping[str, int] = weights
    if step.each is not None:
        dues = {other: _due(distributed, step, basis, own) for other, own in weights.items()}
        due, shared = dues.get(number), {other: one.fen for other, one in dues.items()}
        arrears = distributed.surplus.arrears.get(step.code, _NOTHING)
        paid_before = min(amount, sum(arrears.values()))
        old = _share(paid_before, arrears, number, one.proposal, None) if arrears else None
        amount = min(amount - paid_before, sum(shared.values()))
    return StepReckoning(
        number,
        step,
        above,
        outcome,
        measure(step.by, basis),
        basis.by.spans(number),
        basis.by.share_class.digits,
        basis.weights.get(number, 0),
        weights.get(number, 0),
        sum(weights.values()),
        _share(amount, shared, number, one.proposal, found.before),
        due,
        old,
        found.netted.get(number, 0),
    )


def _path(outcomes: Sequence[Outcome], code: str) -> list[Outcome]:
    """The pools in which a step is, the outermost first, and the step."""
    for one in outcomes:
        if one.step.code == code:
            return [one]
        if inner := _path(one.outcomes, code):
            return [one, *inner]
    return []


def _due(distributed: Appropriation, step: Step, basis: Basis, weight: int) -> Due:
    """What a rate gives for a weight: rounded by the step, or else by the waterfall, then within floor and ceiling."""
    mode, to = step.mode or distributed.waterfall.mode, step.to_fen or distributed.waterfall.to_fen
    exact = Fraction(step.each or 0) * weight * basis.unit
    rounded = divide(exact.numerator, exact.denominator * to, mode) * to
    fen = max(rounded, step.part_at_least_fen) if weight else 0
    if step.part_at_most_fen is not None:
        fen = min(fen, step.part_at_most_fen)
    return Due(exact, rounded, fen, mode, to)


def _share(fen: int, weights: Mapping[str, int], number: str, terms: Proposal, before: Carry | None) -> Share:
    """The part of one of some weights in a sum, as the terms of the run have it; nothing of a weight of 0."""
    if not weights.get(number, 0):
        return Share(fen, 0, sum(weights.values()), to_fen=terms.to_fen)
    return share_of(fen, weights, number, to_fen=terms.to_fen, cap_fen=terms.cap_fen, before=before)

"""Runs: a dividend on its way from the proposal to the last receipt, folded from the records of its steps.

A run is proposed, disclosed, approved, declared, and then paid, all of it or some. Its steps are records of the kind
``dividend-run`` without postings, so that the list of runs is short to read; what moves money are records of kinds of
their own, which name the run. What is owed stands in the account of the surplus payable, apart by run and holder
(``c2021:222/2025/0042``): what is unpaid of a run is a balance, and guarded like one.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import accumulate
from math import gcd, lcm
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.allocation import Carry, capped_remainder, in_order, largest_remainder, per_share, split_cumulative
from coopledger.core.appropriation import appropriation, appropriations, shared
from coopledger.core.balances import lowest, printed
from coopledger.core.basis import class_of
from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.charter import Steps
from coopledger.core.citation import Resolution
from coopledger.core.entitlement import Entitled, entitled
from coopledger.core.journal import (
    LAST_DAY,
    Record,
    View,
    canonical,
    check_date,
    check_days,
    is_under,
    shown,
)
from coopledger.core.proposal import BY_SURPLUS, Proposal, read_proposal, run_code
from coopledger.core.quantity import decimal
from coopledger.core.terms import AS_IT_IS, Terms
from coopledger.core.waterfall import all_steps
from coopledger.errors import Problem, RegisterError
from coopledger.text import Message, printable

RUN = "dividend-run"
"""The kind of records that are steps of a run; the fact ``run`` has its code, ``step`` what was done."""

DECLARATION, PAYOUT, BOUNCE, LAPSE, UNDECLARED = "declaration", "payout", "bounce", "lapse", "undeclared"
"""The kinds of records that move money of a run: owed; paid; come back; not claimed in time; declared by mistake."""

RETENTION, IN_KIND, RETAINED_PAYOUT = "retention", "in-kind", "retained-payout"
"""And by which it stays with the cooperative in the holders' names; is paid in goods; by which what stayed is paid out.
Reinvested it is an issue."""

Step = Literal[
    "propose", "discuss", "deliberate", "disclose", "object", "answer", "approve", "declare", "supervise", "undo"
]
STEPS: tuple[Step, ...] = get_args(Step)

State = Literal[
    "proposed",
    "discussed",
    "deliberated",
    "disclosed",
    "approved",
    "published",
    "declared",
    "reported",
    "supervised",
    "withdrawn",
]
STATES: tuple[State, ...] = get_args(State)

ROLE = "surplus payable"
"""The role of the account in which it stands what is owed."""

REFUND = "refund payable"
"""The role of the account in which it stands what is owed by trade, in charts that keep it apart (应付盈余返还)."""


CARRIED = "carried"
"""The fact of a declaration that says what its rounding leaves to be made up by later runs, and on which it built."""


class Disclosure(NamedTuple):
    """Where a proposal lay open, from a day to another, both included."""

    since: date
    until: date
    where: str

    @property
    def days(self) -> int:
        """For how many days."""
        return (self.until - self.since).days + 1


class Objection(NamedTuple):
    """What somebody objected to a run that lay open, by a number or a code; its answer, where there is one."""

    by: str
    on: date
    what: str
    answer: str = ""
    answered_on: date | None = None


class Finding(NamedTuple):
    """What the supervisory committee found on a day."""

    on: date
    what: str


class Run(NamedTuple):
    """A run as its steps left it.

    - ``proposed_in`` is the record of the proposal; ``digest`` what was split then among ``holders`` people, in all
      ``amount_fen``. ``declared_on`` is None while nothing is owed;
    - ``steps`` is what the charter asked for when it was proposed; ``proposed_by``, ``discussed`` and ``deliberated``
      are the resolutions of the first three of the four deliberations, ``resolution`` is the meeting's; where that
      counts other votes than the register has, ``explained`` says why;
    - ``disclosures`` lay open before the vote, with the ``objections`` to them; ``notices`` made the decision public,
      ``results`` what came of it; ``finding`` is the supervisors';
    - ``freed_fen`` is what is left of its earmark besides, for runs that it nets gave so much from elsewhere;
    - ``stepped_on`` is the day from which on the last of the votes and the declaration counts, ``undone_on`` the one on
      which a step was undone last.
    """

    code: str
    proposal: Proposal
    proposed_in: int
    proposed_on: date
    amount_fen: int
    holders: int
    digest: str
    disclosures: tuple[Disclosure, ...] = ()
    resolution: Resolution | None = None
    declared_in: int = 0
    declared_on: date | None = None
    withdrawn: bool = False
    steps: Steps = "plain"
    proposed_by: Resolution | None = None
    discussed: Resolution | None = None
    deliberated: Resolution | None = None
    explained: str = ""
    objections: tuple[Objection, ...] = ()
    notices: tuple[Disclosure, ...] = ()
    results: tuple[Disclosure, ...] = ()
    finding: Finding | None = None
    stepped_on: date | None = None
    undone_on: date | None = None
    freed_fen: int = 0

    @property
    def state(self) -> State:
        """How far it is."""
        reached: dict[State, object] = {
            "withdrawn": self.withdrawn,
            "supervised": self.finding,
            "reported": self.results,
            "declared": self.declared_on,
            "published": self.notices,
            "approved": self.resolution,
            "disclosed": self.disclosures,
            "deliberated": self.deliberated,
            "discussed": self.discussed,
        }
        return next((state for state, seen in reached.items() if seen), "proposed")

    @property
    def reached_on(self) -> date:
        """The day of the last step that the next one has to follow; notices lie beside each other."""
        if self.declared_on is not None:
            return self.declared_on
        votes = (self.resolution, self.deliberated, self.discussed)
        return next((one.day for one in votes if one is not None), self.proposed_on)

    @property
    def counts_from(self) -> date:
        """The day from which on the next step can count: a meeting may have been before the day of its step."""
        return max(day for day in (self.proposed_on, self.stepped_on, self.undone_on) if day is not None)

    @property
    def unanswered(self) -> list[int]:
        """The objections, counted from 1, that have no answer."""
        return [number for number, one in enumerate(self.objections, 1) if one.answered_on is None]


class Parts(NamedTuple):
    """What each holder gets, in fen, in the order of numbers, and by what: the weights and what they are of.

    ``role`` is that of the account in which it is owed; ``netted`` what runs before gave that this one counts;
    ``remainder_fen`` what of the total goes to the account that the proposal states. Of the policy cumulative,
    ``before`` is what rounding owes from the declarations ``built_on``, and ``carried`` what this one adds to it.
    """

    parts: Mapping[str, int]
    by: Entitled
    role: str = ROLE
    netted: Mapping[str, int] = {}
    remainder_fen: int = 0
    before: Carry | None = None
    built_on: tuple[int, ...] = ()
    carried: Carry | None = None

    @property
    def amount_fen(self) -> int:
        """All of them together."""
        return sum(self.parts.values())

    @property
    def holders(self) -> int:
        """How many get something."""
        return sum(map(bool, self.parts.values()))

    @property
    def digest(self) -> str:
        """SHA-256 over who gets what: two registers that give the same are the same to a run."""
        return sha256(canonical(sorted(self.parts.items())).encode()).hexdigest()


def runs(view: View, on: date | None = None) -> dict[str, Run]:
    """The runs of a book by their codes, in the order in which they were proposed, as of a day or after everything.

    >>> from coopledger.core.dividend import propose
    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> dividend = Proposal("surplus", "2026", "land", by_record_date(day), total_fen=600_00)
    >>> _ = journal.append(in_turn(*steps, propose("2026", dividend, effective_on=day)), key="all", actor="accountant")
    >>> with journal.read() as view:
    ...     [(one.code, one.state, one.amount_fen) for one in runs(view).values()]
    [('2026', 'proposed', 60000)]
    """
    check_days(on)
    steps: dict[str, list[Record]] = {}
    for record in view.records(RUN):
        steps.setdefault(str(record.facts["run"]), []).append(record)
    found = {name: _as_of(records, on) for name, records in steps.items()}
    return {name: one for name, one in found.items() if one is not None}


def run(view: View, name: str, on: date | None = None) -> Run:
    """One run by its code, as of a day. Raises RegisterError if it was not proposed by then."""
    known = runs(view, on)
    wanted = run_code(name)
    found = known.get(wanted) or known.get(name)
    if found is None:
        raise RegisterError(
            Message("run {run}: it was not proposed; the book has {known}", run=wanted, known=list(known) or "-")
        )
    return found


def check_run(seen: object) -> None:
    """Raise RegisterError for what is no Run.

    >>> check_run("2026")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: '2026': a Run is expected, as runs has them
    """
    if not isinstance(seen, Run):
        raise RegisterError(Message("{seen}: a Run is expected, as runs has them", seen=shown(seen)))


def check_after(one: Run, before: date, on: date) -> None:
    """Raise RegisterError for a step that would count from before the one that it follows."""
    if on < before:
        raise RegisterError(
            Message(
                "run {run}: {day} is before {before}, the day of the step that this one follows",
                run=one.code,
                day=on,
                before=before,
            )
        )


def check_booked(one: Run, before: date, booked_on: date) -> None:
    """Raise RegisterError for money that would be booked before the day on which what it follows was booked.

    EntryError for what is no date.
    """
    check_date(booked_on)
    if booked_on < before:
        raise RegisterError(
            Message(
                "run {run}: booked on {day}, and what this follows is booked on {before}: that day, or a later one, is "
                "expected",
                run=one.code,
                day=booked_on,
                before=before,
            )
        )


def _as_of(records: Sequence[Record], on: date | None) -> Run | None:
    """The run that steps have made as of a day; None if it was not proposed by then."""
    undone = _undone(records)
    one: Run | None = None
    for record in records:
        if on is not None and record.effective_on > on:
            continue
        if record.facts["step"] == "undo" and one is not None:
            one = one._replace(undone_on=max(record.effective_on, one.undone_on or record.effective_on))
        elif record.seq not in undone or (on is not None and on < undone[record.seq]):
            one = _after(one, record)
        elif one is None:  # of a proposal that was undone nothing is left but its code
            one = _after(None, record)._replace(withdrawn=True)
    return one


def _undone(records: Sequence[Record]) -> dict[int, date]:
    """The steps that were undone, by the numbers of their records, each with the day on which it was.

    Which step an undo undid is told by all that were recorded before it, whatever their days.
    """
    line: list[tuple[int, Run | None]] = []
    found: dict[int, date] = {}
    if all(record.facts["step"] != "undo" for record in records):
        return found
    for record in records:
        if record.facts["step"] != "undo":
            line.append((record.seq, _after(line[-1][1] if line else None, record)))
            continue
        was = record.facts["was"]
        while len(line) > 1 and (one := line[-1][1]) and one.state != was:  # it brought the run into no other state
            found[line.pop()[0]] = record.effective_on
        found[line[-1][0]] = record.effective_on
        line = line[:-1] or line
    return found


def _after(one: Run | None, record: Record) -> Run:
    """The run after another step; the first of all proposes it."""
    said: Any = record.facts
    on, step = record.effective_on, said["step"]
    if one is None:
        return Run(
            said["run"],
            read_proposal(said["proposal"]),
            record.seq,
            on,
            said["amount_fen"],
            said["holders"],
            said["digest"],
            steps=said.get("steps", "plain"),
            proposed_by=_vote(said),
            freed_fen=said.get("freed_fen", 0),
        )
    changes: dict[str, Any] = {}
    if step == "discuss":
        changes |= {"discussed": _vote(said), "stepped_on": on}
    elif step == "deliberate":
        changes |= {"deliberated": _vote(said), "stepped_on": on}
    elif step == "disclose":
        shown_in = "results" if one.declared_on else "notices" if one.resolution else "disclosures"
        since, until = (date.fromisoformat(said[name]) for name in ("since", "until"))
        changes[shown_in] = (*getattr(one, shown_in), Disclosure(since, until, said["where"]))
    elif step == "object":
        changes["objections"] = (*one.objections, Objection(said["by"], on, said["what"]))
    elif step == "answer":
        changes["objections"] = tuple(
            seen._replace(answer=said["what"], answered_on=on) if number == said["objection"] else seen
            for number, seen in enumerate(one.objections, 1)
        )
    elif step == "approve":
        changes |= {"resolution": _vote(said), "explained": said.get("reason", ""), "stepped_on": on}
    elif step == "declare":
        changes |= {"declared_in": record.seq, "declared_on": on, "stepped_on": on}
    else:
        changes["finding"] = Finding(on, said["what"])
    return one._replace(**changes)


def _vote(facts: Mapping[str, Any]) -> Resolution | None:
    """The resolution that a step cites."""
    said = facts.get("resolution")
    return None if said is None else Resolution(**{**said, "day": date.fromisoformat(said["day"])})


def parts(view: View, proposal: Proposal, of: Run | None = None) -> Parts:
    """What each holder gets by a proposal, as the view knows the register.

    A total goes by largest remainder in units of ``to_fen``, of equal remainders to the lower number. An amount on
    each share is rounded for each holder, by ``mode``, to ``to_fen``; of time held it is not known what a share is,
    so it goes by a record date. Amounts for some holders are what they are, for those of them who earn.

    Of a step of a year's distribution it is what that works out, once more from its figures and the register; a sum
    is split as a total is, by the step's basis.

    What runs that are no advances gave is taken off, if the proposal nets them.

    By the policy cumulative it goes by :func:`~coopledger.core.allocation.split_cumulative`, with what rounding owes
    from the declarations that stand, or, if it is asked ``of`` a run that is declared, from those on which that built.

    Raises RegisterError: nobody earns, the total is not enough for the amounts on each share, the step would come to
    something else by now, a run that it nets is not declared.
    """
    found = _of_step(view, proposal, of) if proposal.step else _of_class(view, proposal, of)
    netted = given_before(view, proposal)
    if not netted:
        return found
    return found._replace(
        parts={number: max(fen - netted.get(number, 0), 0) for number, fen in found.parts.items()}, netted=netted
    )


def given_before(view: View, proposal: Proposal) -> dict[str, int]:
    """What the runs that a proposal nets, without advances, declared to each holder, in fen by number.

    Raises RegisterError if one of them is not declared.
    """
    found: dict[str, int] = {}
    for name in proposal.nets:
        one = run(view, name)
        if one.declared_on is None:
            raise RegisterError(Message("run {run} is not declared: there is nothing to net", run=one.code))
        if not one.proposal.advance:
            for number, fen in declared_parts(view, one).items():
                found[number] = found.get(number, 0) + fen
    return found


def declared_parts(view: View, one: Run) -> dict[str, int]:
    """What a run that is declared declared to each holder, in fen by number."""
    above = places(view, one.code)
    return {
        holder_paid(leg.source): leg.quantity
        for leg in view.record(one.declared_in - 1).postings  # both were appended together
        if any(is_under(leg.source, place) for place in above)
    }


def _split(view: View, proposal: Proposal, weights: Mapping[str, int], by: Entitled, of: Run | None) -> Parts:
    """What each gets of a total, by weights in the order of their numbers, and what is left for the account stated."""
    if proposal.policy == "cumulative":
        found = _cumulative(view, proposal, weights, by, of)
    else:
        to, own = proposal.to_fen, [*weights.values()]
        there, cap = (proposal.total_fen or 0) // to, None if proposal.cap_fen is None else proposal.cap_fen // to
        amounts = largest_remainder(there, own) if cap is None else capped_remainder(there, own, cap)
        found = Parts(dict(zip(weights, (amount * to for amount in amounts), strict=True)), by)
    if proposal.remainder:
        return found._replace(remainder_fen=(proposal.total_fen or 0) - found.amount_fen)
    return found


def _cumulative(view: View, proposal: Proposal, weights: Mapping[str, int], by: Entitled, of: Run | None) -> Parts:
    """What each gets by the policy cumulative, and what is carried on, in fen."""
    if of is not None and of.declared_in:
        said: Any = view.record(of.declared_in - 1).facts.get(CARRIED, {})
        built_on = tuple(said.get("built_on", ()))
    else:
        built_on = tuple(one.declared_in - 1 for one in in_series(view, proposal) if one.declared_in)
    before, to = _carry(view, built_on), proposal.to_fen
    owed_before = None if before is None else before._replace(denominator=before.denominator * to)
    amounts, after = split_cumulative((proposal.total_fen or 0) // to, weights, owed_before)
    later = {number: numerator * to for number, numerator in zip(after.holders, after.numerators, strict=True)}
    return Parts(
        {number: amount * to for number, amount in amounts.items()},
        by,
        before=before,
        built_on=built_on,
        carried=_added(before, Carry(tuple(later), tuple(later.values()), after.denominator), -1),
    )


def in_series(view: View, proposal: Proposal) -> list[Run]:
    """The runs whose rounding one by the policy cumulative makes up for while they are declared.

    They are of the same policy, stream and class; of a step, of the same step by the same basis, of any year. Withdrawn
    ones are among them; for another policy there are none.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> rent = Proposal("rent", "2026", "land", by_record_date(date(2026, 12, 31)), 5, policy="cumulative")
    >>> with MemoryJournal("hill").read() as view:
    ...     in_series(view, rent)
    []
    """
    if proposal.policy != "cumulative":
        return []
    known = appropriations(view) if proposal.step else {}

    def by(one: Proposal) -> set[str]:
        distributed = known.get(int(one.period)) if one.step else None
        steps = () if distributed is None else all_steps(distributed.waterfall.steps)
        return {step.by for step in steps if step.code == one.step}

    same = (proposal.policy, proposal.stream, proposal.share_class, proposal.step)
    return [
        one
        for one in runs(view).values()
        if (one.proposal.policy, one.proposal.stream, one.proposal.share_class, one.proposal.step) == same
        and by(one.proposal) == by(proposal)
    ]


def _carry(view: View, seqs: Sequence[int]) -> Carry | None:
    """What rounding owes each holder, in fen, by what some declarations say."""
    found: Carry | None = None
    for seq in seqs:
        if said := view.record(seq).facts.get(CARRIED):
            found = _added(found, read_carry(said), 1)
    return found


def read_carry(said: Any) -> Carry:  # noqa: ANN401 - of what shape it is, is the question
    """What a declaration says of the policy cumulative. Raises what a wrong shape raises."""
    return Carry(tuple(said["of"]), tuple(map(int, said["of"].values())), int(said["over"]))


def _added(first: Carry | None, second: Carry, sign: int) -> Carry:
    """The second carry and the first; less the first for a sign of -1."""
    if first is None:
        return second
    over = lcm(first.denominator, second.denominator)
    sums = {
        number: sign * numerator * (over // first.denominator)
        for number, numerator in zip(first.holders, first.numerators, strict=True)
    }
    for number, numerator in zip(second.holders, second.numerators, strict=True):
        sums[number] = sums.get(number, 0) + numerator * (over // second.denominator)
    sums = {number: numerator for number, numerator in sums.items() if numerator}
    least = gcd(over, *sums.values())
    return Carry(tuple(sums), tuple(numerator // least for numerator in sums.values()), over // least)


def plain_carry(found: Parts) -> dict[str, Any]:
    """What a declaration by the policy cumulative says of it, as facts."""
    own = found.carried
    if own is None:
        return {}
    of = {number: str(numerator) for number, numerator in zip(own.holders, own.numerators, strict=True)}
    return {CARRIED: {"built_on": [*found.built_on], "over": str(own.denominator), "of": of}}


def _of_class(view: View, proposal: Proposal, of: Run | None) -> Parts:
    by = entitled(view, proposal.share_class, proposal.rule)
    if not by.total:
        raise RegisterError(
            Message(
                "{cls}: nobody holds shares that earn by {rule}",
                cls=printable(proposal.share_class),
                rule=proposal.rule.words,
            )
        )
    if proposal.amounts:  # who earns nothing by the register gets nothing: it is corrected first
        earning = {number: by.weights[number] for number in in_order(proposal.amounts) if by.weights.get(number)}
        some = Entitled(by.rule, by.share_class, earning, by.denominator, by.tied, by.lines, by.stretches)
        return Parts({number: proposal.amounts[number] for number in earning}, some)
    if proposal.each_fen is None:
        return _split(view, proposal, by.weights, by, of)
    to, cap = proposal.to_fen, None if proposal.cap_fen is None else proposal.cap_fen // proposal.to_fen
    each = Fraction(proposal.each_fen)  # it may be a whole number, and that divided by another is a float
    rate = each / (to * by.denominator * 10**by.share_class.digits)
    amounts, _ = per_share(rate, [*by.weights.values()], 0, proposal.mode)
    amounts = amounts if cap is None else [min(amount, cap) for amount in amounts]
    found = Parts(dict(zip(by.weights, (amount * to for amount in amounts), strict=True)), by)
    if proposal.total_fen is not None and found.amount_fen > proposal.total_fen:
        raise RegisterError(
            Message(
                "{each} yuan on each share come to {amount} yuan, and there are {total}",
                each=decimal(each / 100, 2),
                amount=printed(found.amount_fen, 2),
                total=printed(proposal.total_fen, 2),
            )
        )
    if proposal.remainder:
        return found._replace(remainder_fen=(proposal.total_fen or 0) - found.amount_fen)
    return found


def of_step(view: View, year: int, step: str, tax: Fraction = Fraction(0), terms: Terms = AS_IT_IS) -> Proposal:
    """The proposal that holders get what the distribution of a year worked out for them in a step, by some terms.

    Raises RegisterError: the year is not distributed, or by no such step.
    """
    if not isinstance(terms, Terms):
        raise RegisterError(Message("terms: {seen}: Terms are expected", seen=shown(terms)))
    one = appropriation(view, year)
    by = one.step(step).by
    return Proposal(
        BY_SURPLUS,
        str(year),
        class_of(by),
        one.rule,
        one.amount_fen(step),
        tax=tax,
        step=step,
        **terms._asdict(),
    )


def _of_step(view: View, proposal: Proposal, of: Run | None) -> Parts:
    year, code_of = int(proposal.period), proposal.step
    terms = Terms(**{name: getattr(proposal, name) for name in Terms._fields})
    if proposal != of_step(view, year, code_of, proposal.tax, terms):  # another instalment would pay it once more
        raise RegisterError(
            Message(
                "{year}, step {step}: the class, rule and total of the distribution are expected, as of_step has them",
                year=year,
                step=printable(code_of),
            )
        )
    outcome, by = shared(view, year, code_of)
    role = REFUND if outcome.step.purpose == "patronage" else ROLE
    if outcome.step.each is None:
        return _split(view, proposal, outcome.weights, by.by, of)._replace(role=role)
    of_a_sum = [name for name in _OF_A_SUM if getattr(terms, name) != getattr(AS_IT_IS, name)]
    if of_a_sum:
        raise RegisterError(
            Message(
                "{year}, step {step}: {names} are of a sum that is split, and this step is a rate on each unit: the "
                "charter says in the step what each holder's is rounded to (to_fen) and at most (part_at_most_fen), "
                "and nothing is left of it",
                year=year,
                step=printable(code_of),
                names=of_a_sum,
            )
        )
    return Parts(outcome.parts, by.by, role)


_OF_A_SUM = ("to_fen", "cap_fen", "remainder", "policy")
"""The terms that only a sum can have."""


def check_owed(view: View) -> list[Problem]:
    """A problem for each account in which more of a run was settled than was owed in it, on any day.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_owed(view)
    []
    """
    adopted = [chart for _, chart in charts(view).adopted]
    above = {chart.account(role) for chart in adopted for role in (ROLE, REFUND) if role in chart.roles}
    by_day: dict[str, dict[date, int]] = {}
    for move in {move[:2]: move for one in above for move in view.movements(one, MONEY)}.values():
        leg = move.posting
        for account, fen in ((leg.source, leg.quantity), (leg.target, -leg.quantity)):
            if any(is_under(account, one) for one in above):
                own = by_day.setdefault(account, {})
                own[move.effective_on] = own.get(move.effective_on, 0) + fen
    problems = []
    for account, moved in sorted(by_day.items()):
        stands = accumulate(moved[day] for day in sorted(moved))
        if below := next(((day, fen) for day, fen in zip(sorted(moved), stands, strict=True) if fen < 0), None):
            problems.append(
                Problem(
                    account,
                    Message(
                        "{fen} yuan more are settled of it than are owed in it on {day}: what was settled last is "
                        "taken back (bounce, take_back, 'dividend bounce', 'book reverse')",
                        fen=printed(-below[1], 2),
                        day=below[0],
                    ),
                )
            )
    return problems


def places(view: View, name: str) -> list[str]:
    """The accounts, in each chart that the book adopted, below which it stands by holder what is owed of a run."""
    adopted = [chart for _, chart in charts(view).adopted]
    return sorted({chart.account(role, name) for chart in adopted for role in (ROLE, REFUND) if role in chart.roles})


def role_of(view: View, one: Run) -> str:
    """The role of the account in which a run was declared: that of refunds by trade, or of all others."""
    declaration = view.record(one.declared_in - 1)  # both were appended together
    adopted = [chart for _, chart in charts(view).adopted if REFUND in chart.roles]
    above = {chart.account(REFUND, one.code) for chart in adopted}
    return REFUND if any(is_under(declaration.postings[0].source, account) for account in above) else ROLE


def owed(view: View, name: str, on: date | None = None) -> dict[str, int]:
    """What is owed of a run as of a day, in fen, by the account it stands in; where nothing is owed is not in it.

    A run that was declared before the chart was converted stands in accounts of the new one.
    """
    found: dict[str, int] = {}
    for above in places(view, name):
        found |= {
            account: -quantity
            for (_, account), quantity in view.balances(MONEY, above, on).items()
            if account != above  # another's own: a holder of that number
        }
    return found


def owed_from(view: View, one: Run, on: date) -> dict[str, int]:
    """What is owed of a run on a day and each later one, by the account of that day: so much may leave it then.

    It is no more than stands in that account on the day and each later one, where no conversion took it over since,
    and than in all the holder's accounts together. Where the journal guards the account, and no chart was converted, it
    is what is owed in the end: the journal refuses what would be too early.
    """
    known, own = charts(view), places(view, one.code)
    converted = len({chart.code for _, chart in known.adopted}) > 1
    if not any((converted or known.ground.guard(above) == "none") and moves_after(view, above, on) for above in own):
        found = owed(view, one.code)
        if all(fen > 0 for fen in found.values()):
            return found
    moved: dict[str, list[tuple[date, int]]] = {}
    by_account = {account: [(on, fen)] for account, fen in owed(view, one.code, on).items()}
    for move in {move[:2]: move for above in own for move in view.movements(above, MONEY)}.values():
        leg, day = move.posting, move.effective_on
        for account, fen in ((leg.source, leg.quantity), (leg.target, -leg.quantity)):
            if account not in own and any(is_under(account, above) for above in own):
                moved.setdefault(holder_paid(account), []).append((day, fen))
                if day > on and account in by_account and not (move.kind == CONVERSION and fen < 0):
                    by_account[account].append((day, fen))
    least = {number: lowest(line, on) for number, line in moved.items()}
    found = {}
    for account, line in by_account.items():
        number = holder_paid(account)
        if (leaves := min(lowest(line, on), least[number])) > 0:
            found[account] = leaves
            least[number] -= leaves
    return found


def moves_after(view: View, account: str, on: date) -> bool:
    """Whether anything moves at an account, or below it, after a day."""
    later = view.movements(account, MONEY, since=on + timedelta(1)) if on < LAST_DAY else iter(())
    return next(later, None) is not None


def holder_paid(account: str) -> str:
    """The number of the holder to whom it is owed what stands in an account of a run.

    >>> holder_paid("c2021:222/2025/0042")
    '0042'
    """
    return account.rpartition("/")[2]


def unpaid(view: View, name: str, on: date | None = None) -> dict[str, int]:
    """What is owed of a run as of a day, in fen by holder's number; who is owed nothing is not in it.

    Raises RegisterError if there is no such run, on any day.
    """
    return still_owed(view, run(view, name).code, on)


def still_owed(view: View, code: str, on: date | None = None) -> dict[str, int]:
    """The same of a run that is known to be there: nothing is looked up but balances."""
    found: dict[str, int] = {}
    for account, fen in owed(view, code, on).items():
        number = holder_paid(account)
        found[number] = found.get(number, 0) + fen
    return found


def settled(view: View, one: Run) -> dict[str, dict[str, int]]:
    """What was settled of a run since it was declared, in fen, by holder's number and the account against which.

    That is the bank or cash, taxes withheld, a member's debt that was set off, income where it lapsed. What came back
    is not in it; where nothing is left is not either. Raises RegisterError for what is no run.
    """
    check_run(one)
    found: dict[str, dict[str, int]] = {}
    for above in places(view, one.code) if one.declared_in else ():
        for move in view.movements(above, MONEY):
            if move.seq < one.declared_in or move.kind in {DECLARATION, UNDECLARED, CONVERSION}:
                continue
            leg = move.posting
            paid = is_under(leg.target, above)
            own, other = (leg.target, leg.source) if paid else (leg.source, leg.target)
            kept = found.setdefault(holder_paid(own), {})
            kept[other] = kept.get(other, 0) + (leg.quantity if paid else -leg.quantity)
    whole = ((number, {other: fen for other, fen in kept.items() if fen}) for number, kept in found.items())
    return {number: kept for number, kept in whole if kept}

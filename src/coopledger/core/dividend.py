"""Dividends: a run is proposed, disclosed, approved by a meeting, declared; each step may be undone in the open.

Where the charter asks for the four deliberations (四议两公开一监督), the party branch proposes, the two committees
discuss, the party members deliberate; it lies open, objections to it are answered, and the members' meeting decides.
The decision is made public before it is declared, its result after it is paid, and the supervisory committee says what
it found.

Until it is declared nothing is owed. Declaring splits once more what was proposed, and is refused if by now somebody
would get something else: what lay open and was voted on is what is owed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from coopledger.core.ahead import Ahead
from coopledger.core.appropriation import appropriation
from coopledger.core.balances import printed, standing
from coopledger.core.chart import MONEY, Chart, Kind, charts
from coopledger.core.charter import FOUR, Steps, book, check_adopted, check_carried
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.composition import voters
from coopledger.core.conversion import stood_in, taken_over
from coopledger.core.cover import uncovered
from coopledger.core.earmark import earmarks, purpose_of
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, code, is_under, root, shown
from coopledger.core.passing import ISSUE, REVERSAL, REVERSES
from coopledger.core.proposal import Proposal, plain_proposal
from coopledger.core.run import (
    DECLARATION,
    RETENTION,
    ROLE,
    RUN,
    STATES,
    UNDECLARED,
    Parts,
    Run,
    State,
    Step,
    check_after,
    given_before,
    holder_paid,
    in_series,
    owed,
    parts,
    places,
    plain_carry,
    run,
    runs,
    settled,
)
from coopledger.core.settlement import (
    CURRENT,
    TAX,
    Kept,
    check_takes,
    kept,
    netting,
    retained_places,
    retention,
    still_kept,
)
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

_DAY = timedelta(1)
_SHARED: dict[Step, tuple[State, ...]] = {
    "object": ("disclosed",),
    "answer": ("disclosed",),
    "undo": STATES[:-1],
}
_BEFORE: dict[Steps, dict[Step, tuple[State, ...]]] = {
    "plain": {
        **_SHARED,
        "disclose": ("proposed", "disclosed", "approved", "published", "declared", "reported"),
        "approve": ("proposed", "disclosed"),
        "declare": ("approved", "published"),
    },
    FOUR: {
        **_SHARED,
        "discuss": ("proposed",),
        "deliberate": ("discussed",),
        "disclose": ("deliberated", "disclosed", "approved", "published", "declared", "reported"),
        "approve": ("disclosed",),
        "declare": ("published",),
        "supervise": ("reported",),
    },
}
"""In which states each step may be taken, by what the charter asks for."""

_PLAIN_NEXT: dict[State, Message] = {
    "proposed": Message("it is disclosed next, and approved"),
    "disclosed": Message("it is approved next"),
    "approved": Message("it is declared next"),
    "published": Message("it is declared next"),
    "declared": Message("it is paid next"),
    "reported": Message("all its steps are taken"),
    "supervised": Message("all its steps are taken"),
    "withdrawn": Message("propose another"),
}
_NEXT: dict[Steps, dict[State, Message]] = {
    "plain": _PLAIN_NEXT,
    FOUR: {
        **_PLAIN_NEXT,
        "proposed": Message("the two committees discuss it next"),
        "discussed": Message("the party members deliberate on it next"),
        "deliberated": Message("it is disclosed next"),
        "approved": Message("the decision is disclosed next"),
        "declared": Message("it is paid next, and the result disclosed"),
        "reported": Message("the supervisory committee says next what it found"),
    },
}


def propose(
    name: str,
    proposal: Proposal,
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Propose a dividend under a code of its own, such as ``2025``: who would get what is worked out and kept in mind.

    Where the charter asks for the four deliberations, ``resolution`` is that of the party branch, which proposes it.
    The run keeps to the order that the charter has on that day.

    Raises RegisterError: the code is another run's; there is a run for the same stream, period and instalment, and the
    proposal does not say that it supplements it; the register of a day to come is asked for; nobody would get
    anything; the branch did not carry it; by the policy cumulative, a run that it goes on from is not declared yet.

    >>> from coopledger.core.entitlement import by_record_date
    >>> last = date(2026, 12, 31)
    >>> dividend = propose("2026", Proposal("surplus", "2026", "land", by_record_date(last), total_fen=600_00),
    ...     effective_on=date(2027, 1, 15))
    """
    name = code(name)
    check_date(effective_on)
    fields = plain_proposal(proposal)
    papers = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        charter = book(view, effective_on).charter
        if charter.steps == FOUR:
            _check_branch(name, resolution, effective_on)
        known = runs(view)
        _check_new(known, name, proposal)
        _check_nets(known, name, proposal)
        _check_goes_on(view, name, proposal)
        last = proposal.rule.last_day
        if last > effective_on:
            raise RegisterError(
                Message(
                    "run {run}: who holds what on {last} is not known on {day}: propose it on that day or later",
                    run=name,
                    last=last,
                    day=effective_on,
                )
            )
        found = parts(view, proposal)
        if proposal.remainder:
            check_takes(view, "remainder", proposal.remainder, booked_on or effective_on)
        if nothing := [number for number in proposal.amounts if number not in found.parts]:
            raise RegisterError(
                Message(
                    "run {run}: {numbers} hold no {cls} shares that earn by {rule}: enter them in the register first",
                    run=name,
                    numbers=[*map(printable, nothing)],
                    cls=printable(proposal.share_class),
                    rule=proposal.rule.words,
                )
            )
        if not found.amount_fen:
            raise RegisterError(Message("run {run}: nobody would get anything", run=name))
        facts = {
            "proposal": fields,
            "amount_fen": found.amount_fen,
            "holders": found.holders,
            "digest": found.digest,
            **({"freed_fen": freed} if (freed := _freed_fen(view, proposal, found)) else {}),
            **({"steps": FOUR} if charter.steps == FOUR else {}),
            **papers,
        }
        return [_step(name, "propose", facts, effective_on, booked_on)]

    return decide


def disclose(
    name: str,
    *,
    since: date,
    until: date,
    where: str,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Say where a run lay open, or will, and from when to when, both days included.

    Before the vote that is the proposal; of an approved run it is the decision, and of a declared one its result: of
    the four deliberations that is after something of it was paid. It counts from ``since``, or from a later day
    on which the step before it does, or was undone.

    >>> posted = disclose("2026", since=date(2027, 1, 16), until=date(2027, 1, 31), where="village board")
    """
    papers = cited(documents)
    for day in (since, until):
        check_date(day)
    if until < since or not isinstance(where, str) or not where.strip():
        raise RegisterError(
            Message(
                "disclosed from {since} to {until}, {where}: a first day, a last one that is not before it, and a "
                "place are expected",
                since=since,
                until=until,
                where=printable(str(where)) or "-",
            )
        )

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, "disclose")
        check_after(one, one.reached_on, since)
        if one.steps == FOUR and one.declared_on is not None and not settled(view, one):
            raise _out_of_order(view, one)
        facts = {"since": since.isoformat(), "until": until.isoformat(), "where": where, **papers}
        return [_next(one, "disclose", facts, max(since, one.counts_from), booked_on)]

    return decide


def approve(
    name: str,
    resolution: Resolution,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    reason: str | None = None,
) -> Decision:
    """Let a meeting approve a run, by the quorum and majority of the charter, after it lay open as long as that says.

    Minors and others without a vote are not among those whom the resolution counts as entitled. Where the register
    knows every member's age (:func:`~coopledger.core.composition.voters`), a resolution of the members' meeting that
    counts other votes than it says why by its ``reason``: some adults lack the capacity to vote. No names of persons.

    Raises RegisterError if it was not adopted, did not lie open for so many days before the meeting, has objections
    that were not answered by then, or counts other votes than the register without a reason.

    >>> vote = Resolution("2027-1", "members", date(2027, 2, 1), entitled=300, present=240, votes_for=220)
    >>> approved = approve("2026", vote)
    """
    papers = cited(documents, resolution)
    if not isinstance(resolution, Resolution):
        raise RegisterError(
            Message("resolution: {seen}: a Resolution with its number is expected", seen=shown(resolution))
        )
    if reason is not None:
        papers["reason"] = _text("reason", reason)
    if effective_on is not None:
        check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, "approve")
        on = max(resolution.day, one.counts_from) if effective_on is None else effective_on
        charter = book(view, resolution.day).charter
        check_adopted(resolution, charter)
        check_after(one, one.reached_on, resolution.day)
        check_after(one, resolution.day, on)
        _check_answered(one, resolution.day)
        if reason is None:
            _check_entitled(view, resolution)
        open_days = max(_open_days(one, resolution.day), 0)
        if open_days < charter.disclosure_days:
            raise RegisterError(
                Message(
                    "run {run}: it lay open for {seen} days before the meeting of {day}; {needed} are needed ({law})",
                    run=one.code,
                    seen=open_days,
                    day=resolution.day,
                    needed=charter.disclosure_days,
                    law=charter.law,
                )
            )
        return [_next(one, "approve", papers, on, booked_on)]

    return decide


def declare(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Declare a run: from now on it is owed. One record: Dr distribution of surplus Cr surplus payable, by holder.

    Of an advance it is Dr member current Cr surplus payable: the holders owe it until a run nets it, and there need be
    no surplus yet. The remainder of a total goes to the account that the proposal states. What the proposal says is
    retained, and what is set off against advances that it nets, is settled at once, each by a record of its own.

    Raises RegisterError: it is not approved; somebody would get something else than was proposed, because the register
    was corrected since; the surplus that can be distributed, without what is for the steps of a distribution or the
    streams of a contract, is not enough, on the day or any later one.

    >>> owed = declare("2026", effective_on=date(2027, 2, 2))
    """
    papers = cited(documents)
    check_date(effective_on)

    def decide(view: View) -> Iterator[Entry]:
        one = _in_state(view, name, "declare")
        check_after(one, one.counts_from, effective_on)
        if one.steps == FOUR:
            check_after(one, min(seen.since for seen in one.notices), effective_on)
        found = parts(view, one.proposal)
        if found.digest != one.digest:
            raise RegisterError(_is_another(view, one))
        chart = charts(view).in_force(booked_on or effective_on)
        surplus = chart.account("distribution")
        advance = one.proposal.advance
        stands = standing(view, MONEY, surplus, effective_on, -1)
        needed = one.amount_fen + found.remainder_fen
        if not advance and stands < needed:
            raise RegisterError(
                Message(
                    "run {run}: {account} stands at {stands} yuan from {day} on: {amount} cannot be distributed; enter "
                    "the surplus of the year first",
                    run=one.code,
                    account=surplus,
                    stands=printed(stands, 2),
                    day=effective_on,
                    amount=printed(needed, 2),
                )
            )
        own = purpose_of(one.proposal)
        marks = [mark for place, marked in earmarks(view).items() if place != own for mark in marked]
        free = standing(view, MONEY, surplus, effective_on, -1, marks) if marks else stands
        if not advance and free < needed:
            raise RegisterError(
                Message(
                    "run {run}: of {stands} yuan in {account} {free} are free from {day} on, the others are for "
                    "steps of a distribution or streams of a contract: {amount} cannot be distributed",
                    run=one.code,
                    stands=printed(stands, 2),
                    account=surplus,
                    free=printed(max(free, 0), 2),
                    day=effective_on,
                    amount=printed(needed, 2),
                )
            )
        above = chart.account(found.role if found.role in chart.roles else ROLE, one.code)
        current = chart.account(CURRENT) if advance else ""
        postings = [
            Posting(MONEY, f"{above}/{number}", f"{current}/{number}" if advance else surplus, fen)
            for number, fen in found.parts.items()
            if fen
        ]
        if found.remainder_fen:
            postings.append(Posting(MONEY, chart.account(one.proposal.remainder), surplus, found.remainder_fen))
        facts = {"run": one.code, "reason": _paid_for(view, one.proposal), **papers, **plain_carry(found)}
        booked = booked_on or effective_on
        entries = [
            Entry(DECLARATION, effective_on, booked, facts, postings),
            _next(one, "declare", {}, effective_on, booked_on),
        ]
        for settle, asked in ((retention, one.proposal.retained), (netting, one.proposal.nets)):
            if asked:
                ahead = Ahead(view, entries)
                entries += settle(ahead, run(ahead, one.code), effective_on, booked)
        yield from entries

    return decide


def discuss(
    name: str,
    resolution: Resolution,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record that the two committees discussed a run and carried it (商议), of the four deliberations.

    Raises RegisterError: it was not proposed, or is further; another meeting, or not carried
    (:func:`~coopledger.core.charter.check_carried`); the charter asks for no such step.

    >>> discussed = discuss("2026", Resolution("2027-2", "committees", date(2027, 1, 8), 9, 8, 8))
    """
    return _carried(name, "discuss", "committees", resolution, effective_on, booked_on, documents)


def deliberate(
    name: str,
    resolution: Resolution,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record that the party members deliberated on a run and carried it (审议), of the four deliberations.

    Raises RegisterError: it was not discussed, or is further; another meeting, or not carried
    (:func:`~coopledger.core.charter.check_carried`); the charter asks for no such step.

    >>> deliberated = deliberate("2026", Resolution("2027-3", "party", date(2027, 1, 9), 40, 32, 30, 2))
    """
    return _carried(name, "deliberate", "party", resolution, effective_on, booked_on, documents)


def object_to(
    name: str,
    *,
    by: str,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record what somebody objects to a run that lies open (异议), by a number of the register or a code.

    Both stay in the records for good: no names and no ID numbers in them; services take ``coopledger.book.object_to``,
    which refuses a resident ID. The run is not approved before it is answered. Objections are counted from 1.

    Raises RegisterError: it does not lie open yet, or is approved already; a day before it lay open.

    >>> doubt = object_to("2026", by="0042", what="share count of household 17", effective_on=date(2027, 1, 12))
    """
    facts = {"by": code(by), "what": _text("what", what), **cited(documents)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, "object")
        check_after(one, min(seen.since for seen in one.disclosures), effective_on)
        return [_next(one, "object", facts, effective_on, booked_on)]

    return decide


def answer(
    name: str,
    objection: int,
    *,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record what an objection to a run, by its number from 1 on, was answered (答复).

    Raises RegisterError: there is no such objection, or it was answered already; before it was made.

    >>> counted = answer("2026", 1, what="counted anew: 500", effective_on=date(2027, 1, 14))
    """
    if type(objection) is not int:
        raise RegisterError(Message("objection: {seen}: its number (int) is expected", seen=shown(objection)))
    facts = {"objection": objection, "what": _text("what", what), **cited(documents)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, "answer")
        if objection not in one.unanswered:
            raise RegisterError(
                Message(
                    "run {run}: objection {number} is not there, or was answered; without an answer is {known}",
                    run=one.code,
                    number=objection,
                    known=one.unanswered or "-",
                )
            )
        check_after(one, one.objections[objection - 1].on, effective_on)
        return [_next(one, "answer", facts, effective_on, booked_on)]

    return decide


def supervise(
    name: str,
    *,
    what: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Record what the supervisory committee found of a run whose result is public (监督), of the four deliberations.

    Raises RegisterError: the result is not disclosed yet; the charter asks for no such step.

    >>> sound = supervise("2026", what="paid as approved", effective_on=date(2027, 3, 1))
    """
    facts = {"what": _text("what", what), **cited(documents)}
    check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, "supervise")
        check_after(one, min(seen.since for seen in one.results), effective_on)
        return [_next(one, "supervise", facts, effective_on, booked_on)]

    return decide


def next_step(view: View, one: Run, on: date | None = None) -> Message:
    """What is to be done next with a run, by the order that its charter asks for; with one of a day, as of that day.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> asked = Proposal("surplus", "2026", "land", by_record_date(date(2026, 12, 31)), total_fen=600_00)
    >>> proposed = Run("2026", asked, 5, date(2027, 1, 5), 600_00, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     str(next_step(view, proposed)), str(next_step(view, proposed._replace(steps="four deliberations")))
    ('it is disclosed next, and approved', 'the two committees discuss it next')
    """
    if one.state == "disclosed" and one.unanswered:
        return Message("objections {numbers} are answered next, and it is approved", numbers=one.unanswered)
    if one.state == "declared" and not owed(view, one.code, on):
        return Message("the result is disclosed next") if one.steps == FOUR else _NEXT[one.steps]["reported"]
    if one.withdrawn and (others := _in_its_place(view, one, on)):
        return Message("{runs} took its place", runs=others)
    return _NEXT[one.steps][one.state]


def _in_its_place(view: View, one: Run, on: date | None) -> list[str]:
    """The runs that were proposed after one, for the same, or for the same class, rule and instalment of its stream."""

    def like(asked: Proposal) -> tuple[object, ...]:
        return asked.stream, asked.instalment, asked.step, asked.share_class, asked.rule

    return [
        other.code
        for other in runs(view, on).values()
        if not other.withdrawn
        and other.proposed_in > one.proposed_in
        and (other.proposal.purpose == one.proposal.purpose or like(other.proposal) == like(one.proposal))
    ]


def undo(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Undo the last step of a run in the open: what was declared is owed no more, an approved run is not, and so on.

    Notices, objections, answers and findings are steps as well, so what came after a declaration is undone before it.
    Of a declared run, what is unpaid leaves the payable; what was paid, of what was retained as well, is the member's
    debt from now on (Dr member current account), to be collected (:func:`~coopledger.core.collection.collect`); what
    was withheld, is still retained or lapsed goes back from where it went, or where a conversion of the chart has sent
    it since. A proposal that is undone is withdrawn. What was reinvested is shares by now: the record that issued them
    is taken back first.

    Raises RegisterError: the run is withdrawn already; a day before a step of it, or before something of it was paid;
    a reserve or fund that got its remainder, or what lapsed, would fall below zero, or what it retained is not there.

    >>> mistake = undo("2026", effective_on=date(2027, 3, 1), reason="correction")
    """
    papers = {"reason": _text("reason", reason), **cited(documents, resolution)}
    check_date(effective_on)

    def decide(view: View) -> Iterator[Entry]:
        one = _in_state(view, name, "undo")
        check_after(one, one.reached_on, effective_on)
        if one.state == "declared":
            moved = (move for above in places(view, one.code) for move in view.movements(above, MONEY))
            days = [*(move.effective_on for move in moved), *(move.on for move in kept(view, one))]
            check_after(one, max(days), effective_on)
            _check_not_reinvested(view, one)
            _check_not_netted(view, one)
            postings = [*_taken_back(view, one, effective_on, booked_on or effective_on)]
            _check_covered(view, one, postings, effective_on)
            facts = {"run": one.code, **papers}
            yield Entry(UNDECLARED, effective_on, booked_on or effective_on, facts, postings)
        yield _next(one, "undo", {"was": one.state, **papers}, effective_on, booked_on)

    return decide


def _taken_back(view: View, one: Run, on: date, booked_on: date) -> Iterator[Posting]:
    """The postings by which nothing is owed of a run any more, and what was paid of it is its receiver's debt."""
    known = charts(view)
    chart = known.in_force(booked_on)
    surplus, current = chart.account("distribution"), chart.account(CURRENT)
    declaration = view.record(one.declared_in - 1)  # both were appended together
    lines = {(leg.source, leg.target): line for line, leg in enumerate(declaration.postings)}

    if one.proposal.remainder:
        yield from _remainder_back(view, one, chart, surplus)

    def came_from(number: str) -> str:
        return f"{current}/{number}" if one.proposal.advance else surplus

    for account, fen in owed(view, one.code).items():
        back = came_from(holder_paid(account))
        links = (declaration.seq, lines[account, back]) if (account, back) in lines else (None, None)
        yield Posting(MONEY, back, account, fen, *links)
    keeps = retained_places(view)
    yield from _retained_back(view, one, chart, on)
    for number, own in settled(view, one).items():
        for other, fen in own.items():
            if other.rpartition("/")[0] in keeps:
                continue
            was_paid = known.kind(other) == "asset" and not is_under(other, current)
            to = f"{current}/{number}" if was_paid else taken_over(view, known, other, chart)
            if to != came_from(number):  # what was paid of an advance is his debt already
                yield Posting(MONEY, came_from(number), to, fen)


def _retained_back(view: View, one: Run, chart: Chart, on: date) -> Iterator[Posting]:
    """The postings by which what is still retained goes back, and what of it was paid out is its receiver's debt."""
    surplus, stands = chart.account("distribution"), still_kept(view, one, on)
    by_holder: dict[str, list[Kept]] = {}
    for move in kept(view, one):
        by_holder.setdefault(move.holder, []).append(move)
    for number, moves in by_holder.items():
        there = stands.get(number, {})
        for account, fen in there.items():
            yield Posting(MONEY, surplus, account, fen)
        put = sum(move.fen for move in moves if move.kind == RETENTION)
        still = sum(move.fen for move in moves)
        if gone := still - sum(there.values()):
            stood = {account for move in moves for account in stood_in(view, charts(view), move.account)}
            own = {move.seq for move in moves}
            moved = [move for account in sorted(stood) for move in view.movements(account, MONEY)]
            taken = [move.seq for move in moved if move.posting.target in stood]
            raise RegisterError(
                Message(
                    "run {run}: {gone} yuan of what it retained in the name of {number} are not there any more since "
                    "record {later}: take that back first",
                    run=one.code,
                    gone=printed(gone, 2),
                    number=number,
                    later=max((seq for seq in taken if seq not in own), default=one.declared_in),
                )
            )
        if put - still:
            yield Posting(MONEY, surplus, chart.account(CURRENT, number), put - still)


def _check_covered(view: View, one: Run, postings: Iterable[Posting], on: date) -> None:
    """Raise RegisterError if a reserve or a fund would fall below zero without a remainder, or what lapsed.

    Taxes may: what was remitted comes back from the tax office.
    """
    known, keeps = charts(view), retained_places(view)
    taxes = {root(chart.account(TAX)) for _, chart in known.adopted if TAX in chart.roles}
    owing = {root(above) for above in places(view, one.code)}
    own = [leg for leg in postings if root(leg.target) not in owing and leg.target.rpartition("/")[0] not in keeps]
    kinds: tuple[Kind, ...] = ("equity", "liability")
    of_funds = [leg for leg in own if known.kind(leg.target) in kinds and root(leg.target) not in taxes]
    if (below := uncovered(view, of_funds, on, one.declared_in, kinds)) is not None:
        raise RegisterError(
            Message(
                "run {run}: undone, {account} would stand at {stands} yuan on {day}, for record {later} counted on "
                "what the run brought there: take that back first",
                run=one.code,
                account=below.name,
                stands=printed(below.fen, 2),
                day=below.day,
                later=below.later,
            )
        )


def _remainder_back(view: View, one: Run, chart: Chart, surplus: str) -> Iterator[Posting]:
    """The posting by which what went to the account of the remainder is surplus again."""
    declaration = view.record(one.declared_in - 1)
    line, leg = len(declaration.postings) - 1, declaration.postings[-1]
    if not any(is_under(leg.source, above) for above in places(view, one.code)):
        stands = taken_over(view, charts(view), leg.source, chart)
        links = (declaration.seq, line) if (stands, surplus) == (leg.source, leg.target) else (None, None)
        yield Posting(MONEY, surplus, stands, leg.quantity, *links)


def _check_not_reinvested(view: View, one: Run) -> None:
    """Raise RegisterError if shares were issued for what a run owed, and are not taken back."""
    issued = {
        record.seq for record in view.records(ISSUE, since=one.declared_in) if record.facts.get("run") == one.code
    }
    standing_still = (
        sorted(issued - {record.facts.get(REVERSES) for record in view.records(REVERSAL)}) if issued else []
    )
    if standing_still:
        raise RegisterError(
            Message(
                "run {run}: records {seqs} issued shares for it: take them back first (take_back, 'book reverse')",
                run=one.code,
                seqs=standing_still,
            )
        )


def _check_not_netted(view: View, one: Run) -> None:
    """Raise RegisterError if a run that is declared counts what this one gave."""
    others = [
        other.code for other in runs(view).values() if other.declared_on is not None and one.code in other.proposal.nets
    ]
    if others:
        raise RegisterError(
            Message("run {run}: {others} net it and are declared: undo them first", run=one.code, others=others)
        )


def _check_nets(known: dict[str, Run], name: str, proposal: Proposal) -> None:
    """Raise RegisterError if what a proposal nets is netted by another run already.

    What a run that is no advance gave is taken off once more by one that nets the run that took it off as well: both
    together gave what the first would have, so it still counts once.
    """
    for other in known.values():
        twice = sorted({*proposal.nets} & {*other.proposal.nets})
        if other.code in proposal.nets and not any(known[one].proposal.advance for one in twice if one in known):
            continue
        if twice and not other.withdrawn:
            raise RegisterError(
                Message("run {run}: {others} are netted by {other} already", run=name, others=twice, other=other.code)
            )


def _check_goes_on(view: View, name: str, proposal: Proposal) -> None:
    """Raise RegisterError if by the policy cumulative a run goes on from one that is not declared yet.

    One of which a step was undone is not waited for: it may never be declared. If it is, this one is refused then.
    """
    series = in_series(view, proposal)
    still = [one.code for one in series if not (one.declared_on or one.withdrawn or one.undone_on)]
    if still:
        raise RegisterError(
            Message(
                "run {run}: its policy is cumulative, and {others} of the same are not declared yet: what their "
                "rounding leaves to be made up is not known before; declare or undo them first, and propose this one "
                "then",
                run=name,
                others=still,
            )
        )


def _is_another(view: View, one: Run) -> Message:
    """Why somebody would get something else of a run by now than was proposed, and what to do."""
    series = {other.code for other in in_series(view, one.proposal)} - {one.code}
    since = [
        record
        for record in view.records(RUN, since=one.proposed_in)
        if record.facts["run"] in series and record.facts["step"] in {"declare", "undo"}
    ]
    if since:
        return Message(
            "run {run}: its policy is cumulative, and since record {seq} {others} of the same were declared or undone: "
            "what is made up for is something else by now; undo the run (undo) and propose it again",
            run=one.code,
            seq=one.proposed_in,
            others=sorted({str(record.facts["run"]) for record in since}),
        )
    return Message(
        "run {run}: since record {seq} the register was changed, and somebody would get something else than was "
        "proposed and approved: undo the run (undo) and propose it again",
        run=one.code,
        seq=one.proposed_in,
    )


def _freed_fen(view: View, asked: Proposal, found: Parts) -> int:
    """What a run for a stream of a contract nets that others gave from elsewhere: it is left of what came in for it."""
    own = purpose_of(asked)
    if asked.step or not found.netted or own not in earmarks(view):
        return 0
    known = runs(view)
    same = asked._replace(nets=tuple(name for name in asked.nets if purpose_of(known[name].proposal) == own))
    from_it, whole = given_before(view, same, advance=False), parts(view, asked._replace(nets=())).parts
    return sum(max(fen - found.parts.get(number, 0) - from_it.get(number, 0), 0) for number, fen in whole.items())


def _paid_for(view: View, one: Proposal) -> str:
    """For what a run is declared, as its voucher says it: the stream, or the year and the charter's word for a step."""
    if not one.step:
        return one.stream
    step = appropriation(view, int(one.period)).step(one.step)
    return f"{one.period} {step.name or step.code}"


def _open_days(one: Run, before: date) -> int:
    """For how many days a run lay open before a day."""
    return max(((min(seen.until, before - _DAY) - seen.since).days + 1 for seen in one.disclosures), default=0)


def _next(one: Run, step: Step, facts: dict[str, Any], effective_on: date, booked_on: date | None) -> Entry:
    """A step of a run. Raises RegisterError if it would count from before the step, or the undo, that it follows.

    Objections and their answers stand beside the other steps, and follow an undo alone.
    """
    beside = step in {"object", "answer"}
    check_after(one, (one.undone_on or one.proposed_on) if beside else one.counts_from, effective_on)
    return _step(one.code, step, facts, effective_on, booked_on)


def _step(name: str, step: Step, facts: dict[str, Any], effective_on: date, booked_on: date | None) -> Entry:
    return Entry(RUN, effective_on, booked_on or effective_on, {"run": name, "step": step, **facts})


def _in_state(view: View, name: str, step: Step) -> Run:
    """A run in which a step may be taken now. Raises RegisterError if it is not that far, or further."""
    one = run(view, name)
    known = _BEFORE[one.steps]
    if step not in known:
        raise RegisterError(
            Message(
                "run {run}: {step} is one of the four deliberations, for which the charter did not ask when it was "
                "proposed: {next}",
                run=one.code,
                step=words(step),
                next=next_step(view, one),
            )
        )
    if one.state not in known[step]:
        raise _out_of_order(view, one)
    return one


def _out_of_order(view: View, one: Run) -> RegisterError:
    """Why a step is not taken now, and which is."""
    return RegisterError(
        Message("run {run} is {state}: {next}", run=one.code, state=words(one.state), next=next_step(view, one))
    )


def _text(name: str, seen: object) -> str:
    """A text that says something. Raises RegisterError."""
    if not isinstance(seen, str) or not seen.strip():
        raise RegisterError(Message("{name}: {seen}: a text is expected", name=name, seen=shown(seen)))
    return seen


def _carried(  # noqa: PLR0917 - what its two verbs are told
    name: str,
    step: Step,
    meeting: str,
    resolution: Resolution,
    effective_on: date | None,
    booked_on: date | None,
    documents: Iterable[Document],
) -> Decision:
    """A step that a meeting of the party or of the committees carries."""
    papers = cited(documents, resolution)
    check_carried(resolution, meeting)
    if effective_on is not None:
        check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, step)
        on = max(resolution.day, one.counts_from) if effective_on is None else effective_on
        check_after(one, one.reached_on, resolution.day)
        check_after(one, resolution.day, on)
        return [_next(one, step, papers, on, booked_on)]

    return decide


def _check_branch(name: str, resolution: Resolution | None, on: date) -> None:
    """Raise RegisterError if the party branch did not propose a run by its day."""
    if resolution is None:
        raise RegisterError(
            Message(
                "run {run}: the charter asks for the four deliberations: the resolution by which the party branch "
                "proposes it is expected",
                run=name,
            )
        )
    check_carried(resolution, "branch")
    if on < resolution.day:
        raise RegisterError(
            Message(
                "run {run}: {day} is before {before}, the day of the step that this one follows",
                run=name,
                day=on,
                before=resolution.day,
            )
        )


def _check_answered(one: Run, by: date) -> None:
    """Raise RegisterError for objections without an answer, or answered only after the meeting."""
    late = [
        number
        for number, seen in enumerate(one.objections, 1)
        if seen.answered_on is None or seen.on <= by < seen.answered_on
    ]
    if late:
        raise RegisterError(
            Message(
                "run {run}: objections {numbers} were not answered before the meeting of {day}: answer them, and let "
                "it decide after that",
                run=one.code,
                numbers=late,
                day=by,
            )
        )


def _check_entitled(view: View, resolution: Resolution) -> None:
    """Raise RegisterError if a members' meeting counts other votes than the register, where that knows all ages."""
    if resolution.meeting != "members":
        return
    known = voters(view, resolution.day)
    if not known.ageless and not known.least <= resolution.entitled <= known.most:
        raise RegisterError(
            Message(
                "resolution {number}: {seen} votes are entitled, and the register has {known} on {day}, minors left "
                "out: correct one of them, or say why they differ (reason), such as adults without full capacity",
                number=printable(resolution.number),
                seen=resolution.entitled,
                known=known.most if known.least == known.most else f"{known.least}–{known.most}",
                day=resolution.day,
            )
        )


def _check_new(known: dict[str, Run], name: str, proposal: Proposal) -> None:
    """Raise RegisterError if there is such a run already and the proposal does not say that it supplements it."""
    if name in known:
        raise RegisterError(
            Message(
                "run {run} was proposed in record {seq}: another code is expected",
                run=name,
                seq=known[name].proposed_in,
            )
        )
    same = [one.code for one in known.values() if not one.withdrawn and one.proposal.purpose == proposal.purpose]
    if proposal.supplements and proposal.supplements not in same:
        raise RegisterError(
            Message(
                "run {run} is to supplement {other}: a run of the same stream, period and instalment is expected, "
                "one of {known}",
                run=name,
                other=printable(proposal.supplements),
                known=same or "-",
            )
        )
    if same and not proposal.supplements:
        raise RegisterError(
            Message(
                "run {run}: {others} is for {stream}, {period}, instalment {instalment} already: say that this one "
                "supplements it, or of which other instalment it is",
                run=name,
                others=same,
                stream=printable(proposal.stream),
                period=printable(proposal.period),
                instalment=proposal.instalment,
            )
        )

"""Dividends: a run is proposed, disclosed, approved by a meeting, declared; each step may be undone in the open.

Until it is declared nothing is owed. Declaring splits once more what was proposed, and is refused if by now somebody
would get something else: what lay open and was voted on is what is owed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from coopledger.core.balances import printed, standing
from coopledger.core.chart import MONEY, charts
from coopledger.core.charter import book, check_adopted
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, code, is_under, shown
from coopledger.core.run import (
    DECLARATION,
    ROLE,
    RUN,
    UNDECLARED,
    Proposal,
    Run,
    State,
    Step,
    check_after,
    owed,
    parts,
    plain_proposal,
    run,
    runs,
    settled,
)
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

_DAY = timedelta(1)
_BEFORE: dict[Step, tuple[State, ...]] = {
    "disclose": ("proposed", "disclosed", "approved", "declared"),
    "approve": ("proposed", "disclosed"),
    "declare": ("approved",),
    "undo": ("proposed", "disclosed", "approved", "declared"),
}
"""In which states each step may be taken."""

_NEXT: dict[State, Message] = {
    "proposed": Message("it is disclosed next, and approved"),
    "disclosed": Message("it is approved next"),
    "approved": Message("it is declared next"),
    "declared": Message("it is paid next"),
    "withdrawn": Message("propose another"),
}


def propose(
    name: str,
    proposal: Proposal,
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Propose a dividend under a code of its own, such as ``2025``: who would get what is worked out and kept in mind.

    Raises RegisterError: the code is another run's; there is a run for the same stream, period and instalment, and the
    proposal does not say that it supplements it; the register of a day to come is asked for; nobody would get anything.

    >>> from coopledger.core.entitlement import by_record_date
    >>> last = date(2026, 12, 31)
    >>> dividend = propose("2026", Proposal("surplus", "2026", "land", by_record_date(last), total_fen=600_00),
    ...     effective_on=date(2027, 1, 15))
    """
    name = code(name)
    check_date(effective_on)
    fields = plain_proposal(proposal)
    papers = cited(documents)

    def decide(view: View) -> list[Entry]:
        _check_new(runs(view), name, proposal)
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
        if not found.amount_fen:
            raise RegisterError(Message("run {run}: nobody would get anything", run=name))
        facts = {
            "proposal": fields,
            "amount_fen": found.amount_fen,
            "holders": found.holders,
            "digest": found.digest,
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
    """Say where a run lay open, or will, and from when to when, both days included: before the vote, and its result.

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
        check_after(one, one.proposed_on, since)
        facts = {"since": since.isoformat(), "until": until.isoformat(), "where": where, **papers}
        return [_step(one.code, "disclose", facts, since, booked_on)]

    return decide


def approve(
    name: str,
    resolution: Resolution,
    *,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Let a meeting approve a run, by the quorum and majority of the charter, after it lay open as long as that says.

    Minors and others without a vote are not among those whom the resolution counts as entitled. Raises RegisterError
    if it was not adopted, or did not lie open for so many days before the meeting.

    >>> vote = Resolution("2027-1", "members", date(2027, 2, 1), entitled=300, present=240, votes_for=220)
    >>> approved = approve("2026", vote)
    """
    papers = cited(documents, resolution)
    if not isinstance(resolution, Resolution):
        raise RegisterError(
            Message("resolution: {seen}: a Resolution with its number is expected", seen=shown(resolution))
        )
    on = resolution.day if effective_on is None else effective_on
    check_date(on)

    def decide(view: View) -> list[Entry]:
        one = _in_state(view, name, "approve")
        charter = book(view, resolution.day).charter
        check_adopted(resolution, charter)
        check_after(one, one.proposed_on, resolution.day)
        check_after(one, resolution.day, on)
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
        return [_step(one.code, "approve", papers, on, booked_on)]

    return decide


def declare(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Declare a run: from now on it is owed. One record: Dr distribution of surplus Cr surplus payable, by holder.

    Raises RegisterError: it is not approved; somebody would get something else than was proposed, because the register
    was corrected since; the surplus that can be distributed is not enough, on the day or any later one.

    >>> owed = declare("2026", effective_on=date(2027, 2, 2))
    """
    papers = cited(documents)
    check_date(effective_on)

    def decide(view: View) -> Iterator[Entry]:
        one = _in_state(view, name, "declare")
        assert one.resolution is not None  # noqa: S101 - it is approved
        check_after(one, one.resolution.day, effective_on)
        found = parts(view, one.proposal)
        if found.digest != one.digest:
            raise RegisterError(
                Message(
                    "run {run}: since record {seq} the register was changed, and somebody would get something else "
                    "than was proposed and approved: undo the run (undo) and propose it again",
                    run=one.code,
                    seq=one.proposed_in,
                )
            )
        chart = charts(view).in_force(booked_on or effective_on)
        surplus = chart.account("distribution")
        stands = standing(view, MONEY, surplus, effective_on, -1)
        if stands < one.amount_fen:
            raise RegisterError(
                Message(
                    "run {run}: {account} stands at {stands} yuan from {day} on: {amount} cannot be distributed; enter "
                    "the surplus of the year first",
                    run=one.code,
                    account=surplus,
                    stands=printed(stands, 2),
                    day=effective_on,
                    amount=printed(one.amount_fen, 2),
                )
            )
        above = chart.account(found.role if found.role in chart.roles else ROLE, one.code)
        postings = [Posting(MONEY, f"{above}/{number}", surplus, fen) for number, fen in found.parts.items() if fen]
        facts = {"run": one.code, "reason": one.proposal.stream, **papers}
        yield Entry(DECLARATION, effective_on, booked_on or effective_on, facts, postings)
        yield _step(one.code, "declare", {}, effective_on, booked_on)

    return decide


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

    Of a declared run, what is unpaid leaves the payable; what was paid is the member's debt from now on (Dr member
    current account); what was withheld or lapsed goes back from where it went. A proposal that is undone is withdrawn.

    >>> mistake = undo("2026", effective_on=date(2027, 3, 1), reason="correction")
    """
    if not isinstance(reason, str) or not reason.strip():
        raise RegisterError(Message("reason: {seen}: a text is expected", seen=printable(str(reason)) or "-"))
    papers = {"reason": reason, **cited(documents, resolution)}
    check_date(effective_on)

    def decide(view: View) -> Iterator[Entry]:
        one = _in_state(view, name, "undo")
        check_after(one, one.declared_on or one.proposed_on, effective_on)
        if one.declared_on is not None:
            postings = [*_taken_back(view, one, booked_on or effective_on)]
            facts = {"run": one.code, **papers}
            yield Entry(UNDECLARED, effective_on, booked_on or effective_on, facts, postings)
        yield _step(one.code, "undo", {"was": one.state, **papers}, effective_on, booked_on)

    return decide


def _taken_back(view: View, one: Run, booked_on: date) -> Iterator[Posting]:
    """The postings by which nothing is owed of a run any more, and what was paid of it is its receiver's debt."""
    known = charts(view)
    chart = known.in_force(booked_on)
    surplus, current = chart.account("distribution"), chart.account("member current")
    declaration = view.record(one.declared_in - 1)  # both were appended together
    lines = {leg.source: line for line, leg in enumerate(declaration.postings) if leg.target == surplus}
    for account, fen in owed(view, one.code).items():
        links = (declaration.seq, lines[account]) if account in lines else (None, None)
        yield Posting(MONEY, surplus, account, fen, *links)
    for number, kept in settled(view, one).items():
        for other, fen in kept.items():
            was_paid = known.kind(other) == "asset" and not is_under(other, current)
            yield Posting(MONEY, surplus, f"{current}/{number}" if was_paid else other, fen)


def _open_days(one: Run, before: date) -> int:
    """For how many days a run lay open before a day."""
    return max(((min(seen.until, before - _DAY) - seen.since).days + 1 for seen in one.disclosures), default=0)


def _step(name: str, step: Step, facts: dict[str, Any], effective_on: date, booked_on: date | None) -> Entry:
    return Entry(RUN, effective_on, booked_on or effective_on, {"run": name, "step": step, **facts})


def _in_state(view: View, name: str, step: Step) -> Run:
    """A run in which a step may be taken now. Raises RegisterError if it is not that far, or further."""
    one = run(view, name)
    if one.state not in _BEFORE[step]:
        raise RegisterError(
            Message(
                "run {run} is {state}: {next}",
                run=one.code,
                state=words(one.state),
                next=_NEXT[one.state],
            )
        )
    return one


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

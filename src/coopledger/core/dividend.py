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

from coopledger.core.ahead import Ahead
from coopledger.core.appropriation import appropriation
from coopledger.core.balances import printed
from coopledger.core.booked_order import check_booked_again, check_booked_order
from coopledger.core.chart import MONEY, charts
from coopledger.core.charter import FOUR, book, check_adopted, check_carried
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.composition import voters
from coopledger.core.conversion import not_yet, standing_carried
from coopledger.core.debt import advanced
from coopledger.core.earmark import earmarks, purpose_of
from coopledger.core.journal import Decision, Entry, Posting, View, check_date, shown
from coopledger.core.proposal import Proposal, check_proposal, plain_proposal, run_code
from coopledger.core.run import (
    DECLARATION,
    PAYOUT,
    ROLE,
    RUN,
    Parts,
    Run,
    check_after,
    check_booked,
    given_before,
    in_series,
    owed,
    parts,
    plain_carry,
    run,
    runs,
    settled,
)
from coopledger.core.run_step import check_text, in_state, next_entry, out_of_order, step_entry
from coopledger.core.settlement import (
    CURRENT,
    check_takes,
    retention,
    set_off,
    settling,
    standing_parts,
    withheld,
)
from coopledger.core.year_end import undistributed
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

_DAY = timedelta(1)


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

    The code is of one part, without ``/``; digits of full width become plain ones, as in the codes of the runs that it
    supplements and nets.

    Where the charter asks for the four deliberations, ``resolution`` is that of the party branch, which proposes it.
    The run keeps to the order that the charter has on that day. What it supplements, it takes nothing over from:
    :func:`supplementing` makes a proposal that does.

    Raises RegisterError: the code is another run's; there is a run for the same stream, period and instalment, and the
    proposal does not say that it supplements it; the register of a day to come is asked for; nobody would get
    anything; the branch did not carry it; by the policy cumulative, a run that it goes on from is not declared yet.

    >>> from coopledger.core.entitlement import by_record_date
    >>> last = date(2026, 12, 31)
    >>> dividend = propose("2026", Proposal("surplus", "2026", "land", by_record_date(last), total_fen=600_00),
    ...     effective_on=date(2027, 1, 15))
    """
    name = _code(name)
    check_date(effective_on)
    fields = plain_proposal(proposal)
    proposal = proposal._replace(supplements=fields["supplements"], nets=tuple(fields.get("nets", ())))
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
        return [step_entry(name, "propose", facts, effective_on, booked_on)]

    return decide


def supplementing(view: View, name: str, proposal: Proposal) -> Proposal:
    """A proposal that supplements a run, by that run's tax, retained part and rounding where it says nothing of them.

    What is paid is rounded as before, by its ``mode`` to multiples of its ``to_fen``; amounts for some holders are what
    they are. What shall be otherwise, such as no tax, is said of the proposal that comes back.

    Raises RegisterError: there is no such run.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> last = date(2026, 12, 31)
    >>> back_pay = Proposal("rent", "2026", "land", by_record_date(last), amounts={"19": 12_50}, reason="a late ruling")
    >>> with MemoryJournal("hill").read() as view:
    ...     supplementing(view, "2026", back_pay).tax
    Traceback (most recent call last):
    coopledger.errors.RegisterError: run 2026: it was not proposed; the book has -
    """
    check_proposal(proposal)
    one = run(view, name)
    fields = ("tax", "retained") if proposal.amounts else ("tax", "retained", "mode", "to_fen")
    nothing_said = [field for field in fields if getattr(proposal, field) == Proposal._field_defaults[field]]
    return proposal._replace(supplements=one.code, **{field: getattr(one.proposal, field) for field in nothing_said})


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
        one = in_state(view, name, "disclose")
        check_after(one, one.reached_on, since)
        if one.steps == FOUR and one.declared_on is not None and not settled(view, one):
            raise out_of_order(view, one)
        facts = {"since": since.isoformat(), "until": until.isoformat(), "where": where, **papers}
        return [next_entry(one, "disclose", facts, max(since, one.counts_from), booked_on)]

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
        papers["reason"] = check_text("reason", reason)
    if effective_on is not None:
        check_date(effective_on)

    def decide(view: View) -> list[Entry]:
        one = in_state(view, name, "approve")
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
                    "run {run}: it lay open for a day before the meeting of {day}; {needed} are needed ({law})"
                    if open_days == 1
                    else "run {run}: it lay open for {seen} days before the meeting of {day}; "
                    "{needed} are needed ({law})",
                    run=one.code,
                    seen=open_days,
                    day=resolution.day,
                    needed=charter.disclosure_days,
                    law=charter.law,
                )
            )
        return [next_entry(one, "approve", papers, on, booked_on)]

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
    streams of a contract, is not enough, on the day or any later one. Where the charter states a waterfall, a surplus
    that did not go through it cannot be: reserve and funds come before what holders get.

    >>> owed = declare("2026", effective_on=date(2027, 2, 2))
    """
    papers = cited(documents)
    check_date(effective_on)

    def decide(view: View) -> Iterator[Entry]:
        one = in_state(view, name, "declare")
        check_after(one, one.counts_from, effective_on)
        check_booked(one, one.counts_from, booked_on or effective_on)
        check_booked_again(view, one, booked_on or effective_on)
        if one.steps == FOUR:
            check_after(one, min(seen.since for seen in one.notices), effective_on)
        found = parts(view, one.proposal)
        if found.digest != one.digest:
            raise RegisterError(_is_another(view, one))
        known = charts(view)
        chart = known.in_force(booked_on or effective_on)
        surplus = chart.account("distribution")
        advance = one.proposal.advance
        stands = standing_carried(view, surplus, effective_on, -1)
        needed = one.amount_fen + found.remainder_fen
        if not advance and stands < needed:
            raise RegisterError(
                Message(
                    "run {run}: {account} stands at {stands} yuan from {day} on: {amount} cannot be distributed; enter "
                    "the surplus of the year first{hint}",
                    run=one.code,
                    account=surplus,
                    stands=printed(stands, 2),
                    day=effective_on,
                    amount=printed(needed, 2),
                    hint=not_yet(known, surplus, effective_on),
                )
            )
        marks = _for_others(view, one.proposal)
        free = standing_carried(view, surplus, effective_on, -1, marks) if marks else stands
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
        if not (advance or one.proposal.step) and book(view, effective_on).charter.waterfall is not None:
            _check_distributed(view, one, surplus, effective_on, needed, marks)
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
            next_entry(one, "declare", {}, effective_on, booked_on),
        ]
        for settle, asked in ((retention, one.proposal.retained), (_netting, one.proposal.nets)):
            if asked:
                ahead = Ahead(view, entries)
                entries += settle(ahead, run(ahead, one.code), effective_on, booked)
        check_booked_order(view, [leg for entry in entries[2:] for leg in entry.postings], booked)  # what settles it
        yield from entries

    return decide


def _netting(view: View, one: Run, on: date, booked_on: date) -> Iterator[Entry]:
    """What of a run that is declared is set off against advances that it nets: Dr surplus payable Cr member current.

    No more than is left of them: what lapsed, came in or was set off before is owed no more, whatever else a holder
    owes. Nor more than stands there on the day and each later one, and than is left after tax.
    """
    known, left = charts(view), dict[str, int]()
    for name in one.proposal.nets:
        for number, fen in advanced(view, name).items():
            left[number] = left.get(number, 0) + fen
    if not left:
        return
    chart, tax = known.in_force(booked_on), withheld(view, known, one)
    above = chart.account(CURRENT)
    stands = standing_parts(view, above, left, on)
    debts = {number: min(fen, stands[number]) for number, fen in left.items()}
    if gone := set_off(tax, owed(view, one.code), debts):
        postings = settling(tax, chart, one, gone, lambda number: f"{above}/{number}")
        yield Entry(PAYOUT, on, booked_on, {"run": one.code, "through": CURRENT}, postings)


def free_for(view: View, asked: Proposal, on: date) -> int:
    """What of the surplus is free for a run on a day and each later one, in fen: so much can be declared by it.

    What is for the steps of a distribution or the streams of a contract is not, but for its own; nor is a surplus that
    has yet to go through the charter's waterfall. Below 0 or 0 nothing is.

    >>> from coopledger.book import COLLECTIVE, C2023, adopt, by_record_date, enter_surplus, found, in_turn
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> entered = enter_surplus(2026, 600_00, source="x", effective_on=day)
    >>> steps = in_turn(found("示例村", COLLECTIVE, effective_on=day), adopt(C2023, effective_on=day), entered)
    >>> _ = journal.append(steps, key="all", actor="accountant")
    >>> with journal.read() as view:
    ...     free_for(view, Proposal("surplus", "2026", "land", by_record_date(day), 5), day)
    60000
    """
    marks = _for_others(view, asked)
    if not asked.step and book(view, on).charter.waterfall is not None:
        marks += [mark for own in undistributed(view).values() for mark in own]
    return standing_carried(view, charts(view).in_force(on).account("distribution"), on, -1, marks)


def _for_others(view: View, asked: Proposal) -> list[tuple[date, int]]:
    """What of the surplus is for the steps of a distribution or the streams of a contract, but for a run's own."""
    own = purpose_of(asked)
    return [mark for place, marked in earmarks(view).items() if place != own for mark in marked]


def _code(name: str) -> str:
    """The code of a run: of one part, for it stands before holders in the codes of accounts; as banks return it."""
    found = run_code(name)
    if "/" in found:
        raise RegisterError(Message("{code}: a code without '/' is expected", code=printable(found)))
    return found


def _check_distributed(  # noqa: PLR0917 - what is asked, and of what
    view: View, one: Run, surplus: str, on: date, needed: int, marks: Iterable[tuple[date, int]]
) -> None:
    """Raise RegisterError if a run takes of a surplus that has yet to go through the charter's waterfall."""
    waiting = undistributed(view)
    if not waiting:
        return
    free = standing_carried(view, surplus, on, -1, [*marks, *(mark for own in waiting.values() for mark in own)])
    if free < needed:
        raise RegisterError(
            Message(
                "run {run}: the surplus of {years} goes through the charter's waterfall first: distribute it "
                "(distribute); of what stands besides it in {account} {free} yuan are free from {day} on: {amount} "
                "cannot be distributed",
                run=one.code,
                years=[*waiting],
                account=surplus,
                free=printed(max(free, 0), 2),
                day=on,
                amount=printed(needed, 2),
            )
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
            "what is made up for is something else by now; undo the run (undo, 'dividend reverse') and propose it "
            "again",
            run=one.code,
            seq=one.proposed_in,
            others=sorted({str(record.facts["run"]) for record in since}),
        )
    return Message(
        "run {run}: since record {seq} the register was changed, and somebody would get something else than was "
        "proposed and approved: undo the run (undo, 'dividend reverse') and propose it again",
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
    from_it, whole = given_before(view, same), parts(view, asked._replace(nets=())).parts
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
                "run {run} is to supplement {other}: a run of the same stream, period and instalment is expected, one "
                "of {known} for {stream}, {period}, instalment {instalment}",
                run=name,
                other=printable(proposal.supplements),
                known=same or "-",
                stream=proposal.stream,
                period=printable(proposal.period),
                instalment=proposal.instalment,
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

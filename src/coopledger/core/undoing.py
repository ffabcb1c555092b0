"""Undoing: the last step of a dividend run is taken back in the open, also where half of it is paid."""

from collections.abc import Iterable, Iterator
from datetime import date

from coopledger.core.ahead import in_turn
from coopledger.core.balances import printed
from coopledger.core.chart import CONVERSION, MONEY, Chart, Kind, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.conversion import stood_in, taken_over
from coopledger.core.cover import uncovered
from coopledger.core.journal import Decision, Entry, Posting, Record, View, check_date, is_under, root, shown
from coopledger.core.passing import CONVERT, ISSUE, REVERSAL, REVERSES
from coopledger.core.rules import recounted
from coopledger.core.run import (
    RETENTION,
    STATES,
    UNDECLARED,
    Run,
    State,
    check_after,
    check_booked,
    holder_paid,
    owed,
    places,
    runs,
    settled,
)
from coopledger.core.run_step import check_text, in_state, next_entry
from coopledger.core.settlement import (
    CURRENT,
    TAX,
    Kept,
    kept,
    left_behind,
    retained_places,
    still_kept,
)
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.text import Message


def undo(
    name: str,
    *,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    step: State | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Undo the last step of a run in the open: what was declared is owed no more, an approved run is not, and so on.

    ``step`` says which is meant, by the state in which the run is then, such as ``declared``: who undoes what somebody
    else has undone meanwhile would undo the step before it. Left out it is the last one, whichever that is by now.

    Notices, objections, answers and findings are steps as well, so what came after a declaration is undone before it.
    Of a declared run, what is unpaid leaves the payable; what was paid, of what was retained as well, is the member's
    debt from now on (Dr member current account), to be collected (:func:`~coopledger.core.collection.collect`); what
    was withheld, is still retained or lapsed goes back from where it went, or where a conversion of the chart has sent
    it since. A proposal that is undone is withdrawn. What was reinvested is shares by now: the record that issued them
    is taken back first. Where it cannot be, since the shares were recounted, they stay, and what went into them is the
    member's debt, as what was paid is.

    Raises RegisterError: the run is withdrawn already, or in another state than ``step`` says; a day before a step of
    it, or before something of it was paid, or booked; a reserve or fund that got its remainder, or what lapsed, would
    fall below zero, or what it retained is not there.

    >>> mistake = undo("2026", effective_on=date(2027, 3, 1), reason="correction", step="declared")
    """
    papers = {"reason": check_text("reason", reason), **cited(documents, resolution)}
    check_date(effective_on)
    if step is not None and step not in STATES[:-1]:
        known = [*map(words, STATES[:-1])]
        raise RegisterError(Message("step: {seen}: one of {known} is expected", seen=shown(step), known=known))

    def decide(view: View) -> Iterator[Entry]:
        one = in_state(view, name, "undo")
        if step not in {None, one.state}:
            raise RegisterError(
                Message(
                    "run {run} is {state}: {step} is to be undone (step, --step), which was undone before, or is not "
                    "the last",
                    run=one.code,
                    state=words(one.state),
                    step=words(str(step)),
                )
            )
        check_after(one, one.reached_on, effective_on)
        if one.state == "declared":
            moved = (move for above in places(view, one.code) for move in view.movements(above, MONEY))
            seqs = {move.seq for move in moved if move.kind != CONVERSION} | {move.seq for move in kept(view, one)}
            moves = [view.record(seq) for seq in seqs]
            check_after(one, max(each.effective_on for each in moves), effective_on)
            check_booked(one, max(each.booked_on for each in moves), booked_on or effective_on)
            _check_not_reinvested(view, one)
            _check_not_netted(view, one)
            postings = [*_taken_back(view, one, effective_on, booked_on or effective_on)]
            _check_covered(view, one, postings, effective_on)
            facts = {"run": one.code, **papers}
            yield Entry(UNDECLARED, effective_on, booked_on or effective_on, facts, postings)
        yield next_entry(one, "undo", {"was": one.state, **papers}, effective_on, booked_on)

    return in_turn(left_behind, decide)


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

    for account, fen in owed(view, one.code, on).items():
        back = came_from(holder_paid(account))
        links = (declaration.seq, lines[account, back]) if (account, back) in lines else (None, None)
        yield Posting(MONEY, back, account, fen, *links) if fen > 0 else Posting(MONEY, account, back, -fen)
    keeps, recounted_in = retained_places(view), _reinvested(view, one, again=True)
    capital = {leg.source for record in recounted_in for leg in record.postings if known.kind(leg.source) == "equity"}
    yield from _retained_back(view, one, chart, on)
    for number, own in settled(view, one).items():
        for other, fen in own.items():
            if other.rpartition("/")[0] in keeps:
                continue
            was_paid = known.kind(other) == "asset" and not is_under(other, current)
            to = f"{current}/{number}" if was_paid or other in capital else taken_over(view, known, other, chart)
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
    """Raise RegisterError if shares were issued for what a run owed that can be taken back, and are not."""
    if issued := _reinvested(view, one, again=False):
        raise RegisterError(
            Message(
                "run {run}: records {seqs} issued shares for it: take them back first (take_back, 'book reverse')",
                run=one.code,
                seqs=[record.seq for record in issued],
            )
        )


def _reinvested(view: View, one: Run, *, again: bool) -> list[Record]:
    """The records that issued shares for what a run owed and stand, whose shares were counted again since or were not.

    Where they were, as they are or as what they were converted into, the record is not taken back any more.
    """
    issued = [record for record in view.records(ISSUE, since=one.declared_in) if record.facts.get("run") == one.code]
    gone = {record.facts.get(REVERSES) for record in view.records(REVERSAL)} if issued else set()
    return [record for record in issued if record.seq not in gone and _recounted(view, record) is again]


def _recounted(view: View, issued: Record) -> bool:
    """Whether shares that a record issued were counted again since, as they are or as what they were converted into."""
    held = {(leg.denomination, leg.target) for leg in issued.postings if leg.denomination != MONEY}
    for later in view.records(CONVERT, since=issued.seq):
        if any((leg.denomination, leg.source) in held for leg in later.postings):
            held |= {(leg.denomination, leg.target) for leg in later.postings if leg.denomination != MONEY}
    return any(recounted(view, cls, issued.seq) is not None for cls in {cls for cls, _ in held})


def _check_not_netted(view: View, one: Run) -> None:
    """Raise RegisterError if a run that is declared counts what this one gave."""
    others = [
        other.code for other in runs(view).values() if other.declared_on is not None and one.code in other.proposal.nets
    ]
    if others:
        raise RegisterError(
            Message("run {run}: {others} net it and are declared: undo them first", run=one.code, others=others)
        )

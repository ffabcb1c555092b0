"""Reversals: a record that was written by mistake is taken back as a whole: which may be, and what forbids it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from coopledger.core.accounts import LOCK, OPENING
from coopledger.core.amortisation import AMORTISATION, check_not_built_on
from coopledger.core.appropriation import DISTRIBUTION, appropriations
from coopledger.core.balances import changes, lowest, printed
from coopledger.core.chart import MEMBER, MONEY, charts
from coopledger.core.charter import BOOK, HOLDER
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.collection import COLLECTION, REPAYMENT
from coopledger.core.contract import CONTRACT, DUE
from coopledger.core.contribution import INVESTMENT, REVALUATION
from coopledger.core.conversion import not_yet, standing_carried, stood_in
from coopledger.core.cover import moved_into, uncovered
from coopledger.core.earmark import Purpose, earmarks, purpose_of
from coopledger.core.ending import check_may_come_back
from coopledger.core.fund import DONATED, FUND, QUANTIFICATION, stays
from coopledger.core.journal import (
    Decision,
    Entry,
    Posting,
    Record,
    View,
    check_date,
    check_seq,
    is_under,
    reverse,
)
from coopledger.core.lot import check_lots, lots
from coopledger.core.ordinary import ORDINARY
from coopledger.core.passing import (
    CONVERT,
    FREEZE,
    ISSUE,
    PAY_IN,
    PLEDGE,
    REDEEM,
    RELEASE,
    REVERSAL,
    REVERSES,
    SPREAD,
    TRANSFER,
    UNFREEZE,
    WITHDRAWAL,
)
from coopledger.core.past_dividend import PAST_DIVIDENDS
from coopledger.core.people import MEMBER as MEMBER_CHANGED
from coopledger.core.receivable import APPLIED, RECEIPT, check_not_received
from coopledger.core.redenomination import REBALANCE, REDENOMINATE
from coopledger.core.register import register
from coopledger.core.rules import check_gains, check_movable, check_not_recounted
from coopledger.core.run import IN_KIND, LAPSE, PAYOUT, RUN, UNDECLARED, runs
from coopledger.core.share_class import CLASS
from coopledger.core.trade import TRADED
from coopledger.core.wording import kind_words
from coopledger.core.year_end import SURPLUS
from coopledger.errors import RegisterError
from coopledger.text import Message

TAKEN_BACK = frozenset(
    {FUND, DONATED, QUANTIFICATION, TRADED, WITHDRAWAL, AMORTISATION, REVALUATION, INVESTMENT, SURPLUS, DISTRIBUTION}
    | {DUE, RECEIPT, APPLIED, IN_KIND, LAPSE, COLLECTION, REPAYMENT, ORDINARY, PAST_DIVIDENDS}
)
"""The kinds of records, besides movements of shares, that may be taken back as a whole."""

MOVED = frozenset({ISSUE, TRANSFER, REDEEM, CONVERT, PAY_IN, PLEDGE, RELEASE, FREEZE, UNFREEZE, SPREAD, REBALANCE})
"""The kinds of movements of shares that may be; a recount changes the class instead."""


_UNTIED_BY = {PLEDGE: RELEASE, FREEZE: UNFREEZE}
"""By what kind of record shares are free again, by the kind that tied them."""

_OPPOSITE = {"give notice": "withdraw notice", "withdraw notice": "give notice"}
"""What undoes a change of members, by its act."""

_CLOSE = Message("a class that was opened by mistake is closed (change_class, 'book change-class --closed')")
_INSTEAD = {
    OPENING: _CLOSE,
    CLASS: _CLOSE,
    MEMBER_CHANGED: Message("people are changed once more ('book change-member', 'leave', 'household move')"),
    BOOK: Message("the charter is changed once more ('book charter')"),
    LOCK: Message("a period is opened again ('book reopen')"),
    REDENOMINATE: Message("a class is recounted once more ('book split')"),
    PAYOUT: Message(
        "a payment that was recorded by mistake, or came back, bounces holder by holder (bounce, 'dividend bounce')"
    ),
    RUN: Message("the last step of a run is undone (undo, 'dividend reverse')"),
    CONTRACT: Message("a contract is amended once more, or ended ('contract amend', 'contract end')"),
}
"""What is done where a record cannot be taken back, by its kind."""
_ADMITTED = Message(
    "who was admitted by mistake leaves (leave, 'book leave NUMBER --reason correction'), with --keeps-shares if he "
    "stays as a holder; anything else is changed once more ('book change-member', 'household move')"
)


def take_back(
    seq: int,
    *,
    booked_on: date,
    reason: str = "correction",
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Take back what was recorded by mistake: the postings the other way round, effective on the record's own day.

    What was taken back before, of some lines or a part of them, stays so; the rest of the record is.

    The register as of any day is then as if it had not been; as known before, it is reprinted as it was. What an estate
    gave returns to it: a mistaken inheritance, a redemption. On the command line this is ``coopledger book reverse``.
    Raises UnknownRecordError for a number that no record has, RegisterError for what changes a class or members (those
    take another change), for a day before the record was booked, and if without the record somebody would have more
    than he may, or something that is gone, such as a parcel that is in another contribution by now, a pledge that was
    released, or a premium that a later record counted on.

    >>> mistake = take_back(12, booked_on=date(2026, 4, 1))
    """
    facts = {REVERSES: seq, "reason": reason, **cited(documents, resolution)}
    check_seq(seq)
    check_date(booked_on)

    def decide(view: View) -> list[Entry]:
        record = view.record(seq)
        if record.kind not in MOVED | TAKEN_BACK:
            raise RegisterError(
                Message(
                    "record {seq} ({kind}) is not taken back by a reversal: {instead}",
                    seq=seq,
                    kind=kind_words(record.kind),
                    instead=_instead(record),
                )
            )
        if booked_on < record.booked_on:
            raise RegisterError(
                Message(
                    "record {seq} was booked on {day}: it is taken back on that day or later, not on {booked}",
                    seq=seq,
                    day=record.booked_on,
                    booked=booked_on,
                )
            )
        check_may_take_back(view, record)
        now = register(view, record.effective_on)
        for cls in sorted({one.denomination for one in record.postings} & now.classes.keys()):
            check_not_recounted(view, cls, seq)
            check_movable(view, now, cls, record.effective_on)
        postings = reverse(record, _left(view, record))
        _check_not_released(view, record, postings)
        _check_not_moved_on(view, record, postings)
        check_lots(view, [one for one in postings if is_under(one.source, HOLDER)], record.effective_on)
        entry = Entry(REVERSAL, record.effective_on, booked_on, facts, postings)
        check_gains(view, now, entry)
        if (below := uncovered(view, postings, record.effective_on, seq)) is not None:
            raise RegisterError(
                Message(
                    "record {seq}: without it {account} would stand at {stands} yuan on {day}, for record {later} "
                    "counted on it: take that back first",
                    seq=seq,
                    account=below.name,
                    stands=printed(below.fen, 2),
                    day=below.day,
                    later=below.later,
                )
            )
        _check_not_given(view, record, postings)
        _check_not_spent(view, record, postings)
        return [entry]

    return decide


def undone_by(view: View, seq: int) -> int | None:
    """The first later record that took a record back, or moved all it moved the other way: released, let move again.

    Money comes and goes for many reasons: of money only what names the record counts. A notice of leaving is undone by
    its withdrawal, and an undo of a run by the step that is taken next. None if the record stands.

    >>> from coopledger.store.memory import MemoryJournal
    >>> from coopledger.core.charter import found
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(found("示例村合作社", effective_on=date(2026, 1, 1)), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     undone_by(view, 1) is None
    True
    """
    record = view.record(seq)
    undoing = {one.seq for one in view.records(REVERSAL, since=seq) if one.facts.get(REVERSES) == seq}
    if record.postings and record.kind != REVERSAL:
        first = record.postings[0]
        later = {one.seq for one in view.movements(first.target, first.denomination) if one.seq > seq}
        undoing |= {one for one in later if _moves_back(view.record(one), record)}
    if opposite := _OPPOSITE.get(str(record.facts.get("act"))):
        undoing |= {
            one.seq
            for one in view.records(MEMBER_CHANGED, since=seq)
            if one.facts.get("act") == opposite and one.facts.get("members") == record.facts.get("members")
        }
    if record.kind == UNDECLARED or record.facts.get("step") == "undo":
        steps = (one for one in view.records(RUN, since=seq) if one.facts["run"] == record.facts["run"])
        undoing |= {one.seq for one in steps if one.facts["step"] != "undo"}
    return min(undoing, default=None)


def _moves_back(later: Record, record: Record) -> bool:
    """Whether a record moved, the other way round, all that another one had moved."""
    moved: dict[tuple[str, str, str], int] = {}
    for one in later.postings:
        if one.reverses_seq != record.seq and (one.reverses_seq is not None or one.denomination == MONEY):
            continue  # it takes another back, or is business of its own
        way = (one.denomination, one.target, one.source)
        moved[way] = moved.get(way, 0) + one.quantity
    for one in record.postings:
        way = (one.denomination, one.source, one.target)
        moved[way] = moved.get(way, 0) - one.quantity
    return all(quantity >= 0 for quantity in moved.values())


def _instead(record: Record) -> Message:
    if record.kind == MEMBER_CHANGED and record.facts.get("act") == "admit":
        return _ADMITTED
    if record.kind == MEMBER_CHANGED and record.facts.get("act") == "leave":
        return Message(
            "a leaving that was a mistake, or on the wrong day, is taken back on its own day (change_members, "
            "'book change-member NUMBER --standing member --reason correction --on {day}'), and who lived in a "
            "household moves back into it ('book household move NUMBER --to HOUSEHOLD --reason correction --on {day}')"
            "; then what was redeemed or spread with it is taken back, and the leaving recorded on the right day",
            day=record.effective_on,
        )
    return _INSTEAD.get(record.kind, Message("append another change instead"))


def _left(view: View, record: Record) -> dict[int, int]:
    """What of each line of a record was not taken back yet. Raises RegisterError if nothing is left."""
    left = {line: one.quantity for line, one in enumerate(record.postings)}
    if not left and not any(one.facts.get(REVERSES) == record.seq for one in view.records(REVERSAL)):
        return {}  # it moved nothing: a revaluation to the same value, an end without shares
    for later in view.records(since=record.seq):
        for one in later.postings:
            if one.reverses_seq == record.seq and one.reverses_line is not None:
                left[one.reverses_line] -= one.quantity
    if not any(left.values()):
        raise RegisterError(Message("record {seq} is taken back already", seq=record.seq))
    return {line: quantity for line, quantity in left.items() if quantity}


def check_may_take_back(view: View, record: Record) -> None:
    """Raise RegisterError if a record about funds, contributions or investments cannot be taken back as a whole.

    Later records build on it, somebody who left would get back what others have now, an investment is worth less by
    now, or a right that ended would have a parcel again that another contribution has. What of a fund was spent or
    quantified since, the journal's guards see.
    """
    check_not_built_on(view, record)
    check_may_come_back(view, record)
    if record.kind in {SURPLUS, DISTRIBUTION}:
        _check_not_distributed(view, record)
    _check_not_declared(view, record)
    if record.kind in {IN_KIND, LAPSE} or (record.kind == ISSUE and "run" in record.facts):
        _check_still_declared(view, record)
    if record.kind in {DUE, RECEIPT, APPLIED}:
        check_not_received(view, record)
    now = register(view, record.effective_on)
    investments = [chart.account("investment") for _, chart in charts(view).adopted if "investment" in chart.roles]
    for one in record.postings:
        above, _, number = one.source.partition("/")
        paid = record.kind == WITHDRAWAL  # to who has left: it comes back to him, and is paid again or stays with him
        if above == MEMBER and "/" not in number and not (paid or stays(now, number, record.effective_on, estate=True)):
            raise RegisterError(
                Message(
                    "record {seq}: {number} has left, and gets nothing back into the member account",
                    seq=record.seq,
                    number=number,
                )
            )
        if record.kind == INVESTMENT and any(is_under(one.target, account) for account in investments):
            stands = standing_carried(view, one.target, record.effective_on)
            if stands < one.quantity:
                raise RegisterError(
                    Message(
                        "{account} stands at {stands} yuan from {day} on: {amount} cannot leave it{hint}",
                        account=one.target,
                        stands=printed(stands, 2),
                        day=record.effective_on,
                        amount=printed(one.quantity, 2),
                        hint=not_yet(charts(view), one.target, record.effective_on),
                    )
                )


def _check_still_declared(view: View, record: Record) -> None:
    """Raise RegisterError for goods or shares of a run that was undone since: they are the holders' debt by now.

    Of what lapsed nobody owes anything: with the undoing it went back to the surplus.
    """
    one = runs(view)[str(record.facts["run"])]
    if one.declared_on is None or one.declared_in > record.seq:
        raise RegisterError(
            Message(
                "run {run} was undone since record {seq}: what lapsed by it went back with that",
                run=one.code,
                seq=record.seq,
            )
            if record.kind == LAPSE
            else Message(
                "run {run} was undone since record {seq}: what was given is the holders' debt since then",
                run=one.code,
                seq=record.seq,
            )
        )


def _check_not_distributed(view: View, record: Record) -> None:
    """Raise RegisterError for a surplus that is distributed, and a distribution that runs or a later year build on."""
    known = appropriations(view)
    year: Any = record.facts["year"]
    last = max(known, default=0)
    if record.kind == SURPLUS and last >= year:
        raise RegisterError(
            Message(
                "record {seq}: the surplus of {year} is in the distribution of {last}, record {later}: take that back "
                "first",
                seq=record.seq,
                year=year,
                last=last,
                later=known[last].seq,
            )
        )
    if record.kind == DISTRIBUTION and year in known and last > year:
        raise RegisterError(
            Message(
                "record {seq}: the distribution of {last}, record {later}, follows that of {year}: take it back first",
                seq=record.seq,
                last=last,
                later=known[last].seq,
                year=year,
            )
        )
    asked = [one for one in runs(view).values() if one.proposal.step and one.proposal.period == str(year)]
    if record.kind == DISTRIBUTION and (live := [one.code for one in asked if not one.withdrawn]):
        raise RegisterError(
            Message(
                "record {seq}: runs {runs} pay what it distributed: undo them first, until they are withdrawn",
                seq=record.seq,
                runs=live,
            )
        )


def _check_not_declared(view: View, record: Record) -> None:
    """Raise RegisterError for a surplus, or what a contract brought in, from which runs were declared.

    What is left of a stream is what of its dues no run declared; of a surplus, what stands in the distribution account
    from its day on and is for nobody yet.
    """
    adopted = [chart for _, chart in charts(view).adopted if "distribution" in chart.roles]
    accounts = {chart.account("distribution") for chart in adopted}
    fen = sum(leg.quantity for leg in record.postings if leg.source in accounts)
    if not fen or record.kind not in {SURPLUS, DUE}:
        return
    if record.kind == DUE:
        _check_not_counted(view, record)
    marks = earmarks(view)
    live = [one for one in runs(view).values() if one.declared_on is not None and not one.proposal.advance]
    if record.kind == DUE:
        own = Purpose(f"{record.facts['contract']}/{record.facts['stream']}")
        moves = marks.get(own, [])
        from_it = [one.code for one in live if purpose_of(one.proposal) == own]
    else:
        moves = [(day, -part) for account in sorted(accounts) for day, part in changes(view, MONEY, account)]
        moves += [(day, -part) for marked in marks.values() for day, part in marked]
        from_it = [one.code for one in live if one.declared_in > record.seq and purpose_of(one.proposal) not in marks]
    left = lowest(moves, record.effective_on)
    if from_it and left < fen:
        raise RegisterError(
            Message(
                "record {seq}: {left} of its {fen} yuan are left in the distribution account, and runs {runs} were "
                "declared from the others: undo them first (undo, 'dividend reverse')",
                seq=record.seq,
                left=printed(max(left, 0), 2),
                fen=printed(fen, 2),
                runs=from_it,
            )
        )


def _check_not_counted(view: View, record: Record) -> None:
    """Raise RegisterError for what fell due and is taken off a surplus that has it within, and was given out since.

    Of such a surplus too little would have been distributed: it is entered anew, without what is taken back.
    """
    taken_back = {one.facts.get(REVERSES) for one in view.records(REVERSAL)}
    for entered in view.records(SURPLUS, since=record.seq):
        year: Any = entered.facts["year"]
        if year != record.effective_on.year or entered.facts.get("contracts") != "within" or entered.seq in taken_back:
            continue
        known, marks = [one for one in runs(view).values() if not one.proposal.advance], earmarks(view)
        of_steps = [one.code for one in known if one.proposal.step and not one.withdrawn]
        plain = [one.code for one in known if one.declared_in > entered.seq and purpose_of(one.proposal) not in marks]
        given = [one.seq for of, one in appropriations(view).items() if of >= year]
        said = {"seq": record.seq, "entered": entered.seq, "year": year}
        if live := [*plain, *of_steps]:
            raise RegisterError(
                Message(
                    "record {seq}: the surplus of {year}, record {entered}, has it within, and runs {runs} give that "
                    "out: undo them first (undo, 'dividend reverse')",
                    **said,
                    runs=live,
                )
            )
        if given:
            raise RegisterError(
                Message(
                    "record {seq}: the surplus of {year}, record {entered}, has it within, and is distributed by "
                    "records {given}: take them back first, the last one first (take_back, 'book reverse')",
                    **said,
                    given=given,
                )
            )


def _check_not_released(view: View, record: Record, postings: Iterable[Posting]) -> None:
    """Raise RegisterError if what a record pledged or froze was released since, so that too little of it is left."""
    untied = _UNTIED_BY.get(record.kind)
    if untied is None:
        return
    for one in postings:
        moves = [*view.movements(one.source, one.denomination)]
        of_lot = [move for move in moves if move.posting.lot == one.lot]
        changed = ((move.effective_on, moved_into(move.posting, [(one.denomination, one.source)])) for move in of_lot)
        if lowest(changed, record.effective_on) >= one.quantity:
            continue
        taken_back = {move.posting.reverses_seq for move in moves}
        later = [
            move.seq
            for move in of_lot
            if move.kind == untied and move.effective_on >= record.effective_on and move.seq not in taken_back
        ]
        if later:
            raise RegisterError(
                Message(
                    "record {seq}: what it tied was released by record {later}: take that back first",
                    seq=record.seq,
                    later=max(later),
                )
            )


def _check_not_moved_on(view: View, record: Record, postings: Iterable[Posting]) -> None:
    """Raise RegisterError if shares that a record gave were moved on since, so that too few of them are left."""
    for one in postings:
        if (
            not is_under(one.source, HOLDER)
            or lots(view, one.denomination, one.source, record.effective_on).get(one.lot, 0) >= one.quantity
        ):
            continue
        moves = [move for move in view.movements(one.source, one.denomination) if move.seq > record.seq]
        taken_back = {move.posting.reverses_seq for move in moves}
        later = [
            move.seq
            for move in moves
            if (move.posting.source, move.posting.lot) == (one.source, one.lot)
            and move.kind != REVERSAL
            and move.seq not in taken_back
        ]
        if later:
            raise RegisterError(
                Message(
                    "record {seq}: what it gave was moved on, or tied, by record {later}: take that back first",
                    seq=record.seq,
                    later=max(later),
                )
            )


def _check_not_given(view: View, record: Record, postings: Sequence[Posting]) -> None:
    """Raise RegisterError if goods that came in were given in kind since, so that too few of them are left.

    What was below zero before is no fault of the reversal.
    """
    taken_back = {one.facts.get(REVERSES) for one in view.records(REVERSAL)}
    given = [one for one in view.records(IN_KIND, since=record.seq) if one.seq not in taken_back]
    known = charts(view)
    for account in sorted({leg.source for leg in postings if given and known.kind(leg.source) == "asset"}):
        stood = {*stood_in(view, known, account)}
        later = [one.seq for one in given if any(leg.source in stood for leg in one.postings)]
        fen = sum(leg.quantity for leg in postings if leg.source == account)
        if later and 0 <= (stands := standing_carried(view, account, record.effective_on)) < fen:
            raise RegisterError(
                Message(
                    "record {seq}: {account} stands at {stands} yuan from {day} on, {amount} came in by it, and "
                    "records {later} gave of that in kind since: take those back first, or enter first what is right "
                    "(enter, 'book enter')",
                    seq=record.seq,
                    account=account,
                    stands=printed(stands, 2),
                    day=record.effective_on,
                    amount=printed(fen, 2),
                    later=later,
                )
            )


def _check_not_spent(view: View, record: Record, postings: Sequence[Posting]) -> None:
    """Raise RegisterError if money that came in was spent since: without it the bank, or cash, would be below zero.

    What was below zero before is no fault of the reversal.
    """
    known = charts(view)
    for account in sorted({leg.source for leg in postings if known.has_money(leg.source)}):
        fen = sum(leg.quantity for leg in postings if leg.source == account)
        stands = standing_carried(view, account, record.effective_on)
        if 0 <= stands < fen:
            raise RegisterError(
                Message(
                    "record {seq}: {account} stands at {stands} yuan from {day} on, and {amount} came in by it: what "
                    "was paid of that is taken back first",
                    seq=record.seq,
                    account=account,
                    stands=printed(stands, 2),
                    day=record.effective_on,
                    amount=printed(fen, 2),
                )
            )

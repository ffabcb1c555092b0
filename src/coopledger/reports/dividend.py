"""Dividend runs as tables: how far each is and what of it is unpaid, and what each holder gets of one."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.core.allocation import natural_key
from coopledger.core.appropriation import appropriation
from coopledger.core.basis import counted_by as basis_words
from coopledger.core.chart import Words
from coopledger.core.citation import Resolution
from coopledger.core.collection import undoings
from coopledger.core.composition import voters
from coopledger.core.debt import undone_debts
from coopledger.core.dues import CALLED, dues, settlements
from coopledger.core.earlier import Earlier
from coopledger.core.journal import View
from coopledger.core.lapse import check_lapses
from coopledger.core.payment_order import REASONS, failures
from coopledger.core.payout import owing, waiting
from coopledger.core.people import who_died
from coopledger.core.proposal import BY_SURPLUS, Proposal
from coopledger.core.quantity import percent
from coopledger.core.register import register
from coopledger.core.run import RUN, Parts, Run, State, parts, run, runs, still_owed
from coopledger.core.run_step import next_step
from coopledger.core.settlement import called
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.reports.cells import IN_YUAN, class_name, count, money, shares, yuan
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable


def runs_report(view: View, on: date | None = None) -> Table:
    """The dividend runs of a book: for what each is, how far it is, what is declared, settled and unpaid.

    As of a day, or after everything. Notes say when and why those were undone that are not declared again, and of
    which holders owe what they had, and what lapsed of which it was recorded later that it waited for heirs.

    >>> from datetime import date
    >>> from coopledger.core.charter import found
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> founding = found("示例村合作社", effective_on=date(2026, 1, 1))
    >>> _ = journal.append(founding, key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     runs_report(view).rows
    []
    """
    rows: list[list[Text]] = []
    notes: list[Text] = [IN_YUAN]
    for one in runs(view, on).values():
        back = [*owed_back(view, one, on)] if one.undone_on is not None else []
        if back or (one.undone_on is not None and one.declared_on is None and not one.withdrawn):
            notes += [Message("run {run}: {what}", run=one.code, what=said) for said in (*undone(view, one, on), *back)]
        owed = sum(still_owed(view, one.code, on).values()) if one.declared_on else 0
        rows.append(
            [
                one.code,
                _stream(one.proposal),
                one.proposal.period,
                str(one.proposal.instalment),
                step_called(view, one.proposal) if one.proposal.step else class_name(view, one.proposal.share_class),
                words(one.state),
                str(one.proposed_on),
                str(one.declared_on or ""),
                str(one.holders),
                yuan(one.amount_fen),
                yuan(one.amount_fen - owed) if one.declared_on else "",
                yuan(owed) if one.declared_on else "",
                next_step(view, one, on),
            ]
        )
    columns = [
        Column(Message("run")),
        Column(Message("stream")),
        Column(Message("period")),
        count(Message("instalment")),
        Column(Message("class or step")),
        Column(Message("state")),
        Column(Message("proposed on")),
        Column(Message("declared on")),
        count(Message("holders")),
        money(Message("amount")),
        money(Message("no longer owed")),
        money(Message("not paid yet")),
        Column(Message("next")),
    ]
    notes += [one.message for one in check_lapses(view, on)]
    title = Message("{book}: dividend runs", book=register(view, on).book.name)
    return Table(title, columns, rows, notes=[*notes, *([] if rows else [Message("none")]), *as_of(view, on)])


def run_report(view: View, name: str, on: date | None = None, *, names: bool = True) -> Table:
    """What each holder gets of a run, by how many shares, what was settled and withheld of it, what is not paid yet.

    What lapsed has a column, where anything did. It is as of a day, or after everything; who gets nothing is not in it.
    Who is not simply paid is marked: an estate waits for heirs, shares are pledged or frozen, the bank failed. What
    each gets is what was declared, or before that proposed; if by the register of today it would be something else, a
    note says so. Its steps, the votes, the objections and their answers are notes, and which step is next. Raises
    RegisterError.
    """
    one = run(view, name, on)
    now = register(view, on)
    then, found, stale = as_resolved(view, one)
    rows_of = personal_rows(view) if names else None
    due = dues(view, one, on)
    unsettled = [number for number, own in due.items() if own.unpaid_fen]
    failed = failures(view, one.code, on, since=one.declared_in)
    waits = owing(view, on, unsettled) | waiting(view, who_died(view), one.proposal.share_class, unsettled, on)
    rows: list[list[Text]] = []
    lapsed = any(own.lapsed_fen for own in due.values())
    sums, counts = [0] * (5 if lapsed else 4), 0
    for number in sorted({*found.parts, *due}, key=natural_key):
        own = due.get(number)
        figures = [0 if due else found.parts[number], *[0] * (len(sums) - 1)]
        if own is not None:
            settled = own.declared_fen - own.withheld_fen - own.lapsed_fen - own.unpaid_fen
            gone = [own.lapsed_fen] if lapsed else []
            figures = [own.declared_fen, settled, own.withheld_fen, *gone, own.unpaid_fen]
        if not figures[0]:
            continue
        weight = found.by.weights.get(number, 0)
        counts += weight
        sums = [*map(sum, zip(sums, figures, strict=True))]
        rows.append(
            [
                number,
                *([name_of(now, number, rows_of)] if rows_of is not None else []),
                counted(weight, found.by.denominator, found.by.share_class.digits),
                *map(yuan, figures),
                waits.get(number) or not_paid(failed.get(number) if own and own.unpaid_fen else None),
            ]
        )
    columns = [
        Column(Message("number")),
        *([Column(Message("name"))] if names else []),
        count(Message("counts")),
        money(Message("amount")),
        money(Message("settled, after tax")),
        money(Message("withheld")),
        *([money(CALLED["lapsed"])] if lapsed else []),
        money(Message("not paid yet")),
        Column(Message("note")),
    ]
    totals: list[Text] = [
        Message("total"),
        *([""] if names else []),
        counted(counts, found.by.denominator, found.by.share_class.digits),
        *map(yuan, sums),
        "",
    ]
    title = Message("{book}: run {run} ({state})", book=now.book.name, run=one.code, state=words(one.state))
    return Table(title, columns, rows, totals, [IN_YUAN, *_notes(view, then, one, found, on), *stale, *as_of(view, on)])


def became(view: View, one: Run, on: date | None = None) -> Iterator[Message]:
    """What became of all that a run declared, way by way, where the columns of the table do not say it."""
    sums = dict.fromkeys(CALLED, 0)
    found = dues(view, one, on).values()
    for own in found:
        for way, fen in own.by_way.items():
            sums[way] += fen
    if any(fen for way, fen in sums.items() if way not in {"paid", "withheld"}):
        yield Message(
            "declared {declared}: {ways}, not paid yet {unpaid}",
            declared=yuan(sum(own.declared_fen for own in found)),
            ways=[Message("{what} {fen}", what=CALLED[way], fen=yuan(fen)) for way, fen in sums.items() if fen],
            unpaid=yuan(sum(own.unpaid_fen for own in found)),
        )
    if one.proposal.advance and sums["lapsed"]:
        moves = settlements(view, one, on)
        if fen := sum(move.fen for move in moves if move.way == "lapsed" and move.sets_off):
            yield Message("of the advance lapsed {fen} yuan, which the holders owe no more", fen=yuan(fen))


def undone(view: View, one: Run, on: date | None = None) -> list[Message]:
    """When and why steps of a run were undone, up to a day, in order.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     undone(view, never)
    []
    """
    return [
        Message(
            "undone on {day}, when it was {state}: {reason}",
            day=record.effective_on,
            state=words(str(record.facts["was"])),
            reason=words(str(record.facts["reason"])),
        )
        for record in view.records(RUN, since=one.proposed_in)
        if record.facts["run"] == one.code and record.facts["step"] == "undo"
        if on is None or record.effective_on <= on
    ]


def owed_back(view: View, one: Run, on: date | None = None) -> Iterator[Message]:
    """What holders had of a run each time that it was undone, and owe since then, where they still owe anything.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     [*owed_back(view, never)]
    []
    """
    had = [each for each in undoings(view, one, on) if each.fen]
    debts = undone_debts(view, on) if had else {}
    for each in had:
        if left := sum(debts.get(number, 0) for number in each.fen):
            yield Message(
                "what holders had of it is owed back since {day}: {fen} yuan, holders: {count}; of all that they owe "
                "since runs were undone, {left} yuan are still open",
                day=each.on,
                fen=yuan(sum(each.fen.values())),
                count=len(each.fen),
                left=yuan(left),
            )


def not_paid(reason: str | None) -> Text:
    """Why somebody who is still owed was not paid: what the bank said, or why a payment bounced; nothing if neither.

    >>> print(not_paid("account closed"))
    not paid by the bank: account closed
    """
    if not reason:
        return ""
    if reason == "returned by the bank":
        return Message("came back from the bank")
    if reason in REASONS:
        return Message("not paid by the bank: {reason}", reason=words(reason))
    return Message("came back: {reason}", reason=words(reason))


def counted(weight: int, denominator: int, digits: int) -> str:
    """What counts, in whole shares, share-days or share-months.

    >>> counted(1250, 1, 2)
    '12.50'
    """
    return shares(Fraction(weight, denominator), digits)


def paid_for(one: Proposal, view: View | None = None) -> Message:
    """What a run is for, in a few words; in a book the step of a distribution by the charter's word for it.

    >>> from datetime import date
    >>> from coopledger.core.entitlement import by_record_date
    >>> print(paid_for(Proposal("rent", "2026", "land", by_record_date(date(2026, 12, 31)), 5)))
    rent, 2026, instalment 1
    """
    if one.step:
        step = one.step if view is None else step_called(view, one)
        return Message("surplus of {year}, step {step}", year=one.period, step=step)
    return Message("{stream}, {period}, instalment {instalment}", **_purpose(one))


def step_called(view: View, one: Proposal) -> Text:
    """What the charter calls the step of a run: in English its code, in Chinese its name, if it has one.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> asked = Proposal("surplus", "2026", "land", by_record_date(date(2026, 12, 31)), 5, step="members")
    >>> with MemoryJournal("hill").read() as view:
    ...     step_called(view, asked)
    'members'
    """
    try:
        step = appropriation(view, int(one.period)).step(one.step)
    except RegisterError:  # the distribution was taken back since
        return one.step
    return Message("{shown}", shown=Words(step.code, printable(step.name))) if step.name else one.step


def counted_by(view: View, one: Proposal) -> Message:
    """By what each holder of a run earns: a rule for shares, or the basis of a step of a distribution."""
    if not one.step:
        return one.rule.words
    year = int(one.period)
    return basis_words(appropriation(view, year).step(one.step).by, year, one.rule)


def split_by(view: View, one: Proposal) -> Message:
    """How what each holder gets is reckoned."""
    if one.step and (one.to_fen, one.policy) == (1, "each year"):
        return Message("by the step {step} of the charter's waterfall", step=step_called(view, one))
    if one.amounts:
        return Message("amounts for {numbers} alone: {reason}", numbers=[*one.amounts], reason=printable(one.reason))
    if one.step:
        return Message(
            "by the step {step} of the charter's waterfall: {how}",
            step=step_called(view, one),
            how=split_by(view, one._replace(step="")),
        )
    if one.each_fen is not None:
        return Message(
            "{each} yuan on each share, each holder's rounded {mode} to {unit} yuan",
            each=yuan(one.each_fen),
            mode=Message(one.mode),
            unit=yuan(one.to_fen),
        )
    if one.policy == "cumulative":
        return Message(
            "the total is split by largest remainder in units of {unit} yuan, of equal ones to the lower number, with "
            "what rounding gave or took in the runs of the stream before",
            unit=yuan(one.to_fen),
        )
    return Message(
        "the total is split by largest remainder in units of {unit} yuan, of equal ones to the lower number",
        unit=yuan(one.to_fen),
    )


def as_resolved(view: View, one: Run) -> tuple[View, Parts, list[Text]]:
    """A run as it was declared, or else proposed: the book by which it is told, what each gets, and what to note.

    That is the book of today, unless by it somebody would get something else, because the register was corrected since
    or a run that it nets was undone: then it is the book as it was known after the record of that step.
    """
    lost = [name for name in one.proposal.nets if run(view, name).declared_on is None]
    try:
        found = None if lost else parts(view, one.proposal, one)
    except RegisterError:  # by now nobody would get anything
        found = None
    if found is not None and found.digest == one.digest:
        return view, found, []
    seq = one.declared_in or one.proposed_in
    then = Earlier(view, seq)
    notes: list[Text] = [
        Message("as known after record {seq}: by what was recorded since, somebody would get something else", seq=seq)
    ]
    if one.declared_on is None and not one.withdrawn:
        notes.append(
            Message(
                "it nets {runs}, which are not declared any more: declare them again, or undo this run and propose it "
                "again",
                runs=lost,
            )
            if lost
            else Message("it can be declared no more: undo it, and propose it again")
        )
    return then, parts(then, one.proposal, one), notes


def _stream(one: Proposal) -> Text:
    """What it is paid for; the surplus, if nothing was said, has a word of its own."""
    return Message("surplus") if one.stream == BY_SURPLUS else one.stream


def _purpose(one: Proposal) -> dict[str, Any]:
    return {"stream": _stream(one), "period": one.period, "instalment": one.instalment}


def _notes(view: View, then: View, one: Run, found: Parts, on: date | None) -> list[Text]:
    """What a run is of, how each part is reckoned, the steps it went through, and which is next."""
    asked = one.proposal
    notes: list[Text] = [
        Message(
            "surplus of {year}: what step {step} of its distribution gives, by {rule}",
            year=asked.period,
            step=step_called(then, asked),
            rule=counted_by(then, asked),
        )
        if asked.step
        else Message(
            "{stream}, {period}, instalment {instalment}: {cls} by {rule}",
            **_purpose(asked),
            cls=class_name(view, asked.share_class),
            rule=asked.rule.words,
        ),
        split_by(then, asked),
        *([Message("tax withheld: {rate} of each receipt", rate=percent(asked.tax))] if asked.tax else []),
    ]
    notes += terms(view, asked, found)
    notes += _steps(view, one)
    notes += undone(view, one, on)
    notes += owed_back(view, one, on)
    notes += became(view, one, on)
    return [*notes, next_step(view, one, on)]


def terms(view: View, asked: Proposal, found: Parts) -> Iterator[Message]:
    """What else a proposal says of what is paid."""
    if asked.retained:
        yield Message("of each holder's, {part} is retained in his name", part=percent(asked.retained))
    if asked.cap_fen is not None:
        yield Message("nobody gets more than {cap} yuan", cap=yuan(asked.cap_fen))
    if asked.remainder:
        yield Message(
            "the remainder, {fen} yuan, goes to {account}",
            fen=yuan(found.remainder_fen),
            account=called(view, asked.remainder),
        )
    elif asked.step and (left := (asked.total_fen or 0) - found.amount_fen) > 0:
        yield Message("{fen} yuan of the step stay in the distribution account, for the next year", fen=yuan(left))
    if asked.advance:
        yield Message("an advance: the holders owe it until a run nets it or it lapses")
    if asked.nets:
        yield Message("it nets {runs}: an advance is set off, what any other gave is taken off", runs=[*asked.nets])
    if asked.hold_below_fen:
        yield Message(
            "what is owed of {stream} is paid out from {least} yuan on",
            stream=_purpose(asked)["stream"],
            least=yuan(asked.hold_below_fen),
        )


def _steps(view: View, one: Run) -> Iterator[Text]:
    """What was done with a run, in its order."""
    before: dict[State, Resolution | None] = {
        "proposed": one.proposed_by,
        "discussed": one.discussed,
        "deliberated": one.deliberated,
    }
    yield from (_vote(state, vote) for state, vote in before.items() if vote is not None)
    for seen in one.disclosures:
        yield Message("lay open from {since} to {until}: {where}", since=seen.since, until=seen.until, where=seen.where)
    yield from objected(one)
    if one.resolution is not None:
        yield _vote("approved", one.resolution)
        yield from entitled_otherwise(view, one)
    for seen in one.notices:
        yield Message(
            "decision made public from {since} to {until}: {where}",
            since=seen.since,
            until=seen.until,
            where=seen.where,
        )
    for seen in one.results:
        yield Message(
            "result made public from {since} to {until}: {where}", since=seen.since, until=seen.until, where=seen.where
        )
    if one.finding is not None:
        yield Message(
            "the supervisory committee found on {day}: {what}", day=one.finding.on, what=printable(one.finding.what)
        )


def objected(one: Run) -> Iterator[Message]:
    """The objections to a run, by number, each with its answer, where it has one."""
    for number, doubt in enumerate(one.objections, 1):
        said = {"number": number, "by": doubt.by, "day": doubt.on, "what": printable(doubt.what)}
        yield (
            Message("objection {number} of {by} on {day}: {what}; not answered yet", **said)
            if doubt.answered_on is None
            else Message(
                "objection {number} of {by} on {day}: {what}; answered on {answered}: {answer}",
                answered=doubt.answered_on,
                answer=printable(doubt.answer),
                **said,
            )
        )


def _vote(state: State, vote: Resolution) -> Message:
    """The votes of a step."""
    return Message(
        "{state} by resolution {number} of {day}: {entitled} entitled, {present} present, {votes_for} for, "
        "{votes_against} against",
        state=words(state),
        number=printable(vote.number),
        **{name: getattr(vote, name) for name in ("day", "entitled", "present", "votes_for", "votes_against")},
    )


def entitled_otherwise(view: View, one: Run) -> Iterator[Message]:
    """What the register says of the votes that the members' meeting which approved counted, if it is something else.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     [*entitled_otherwise(view, never)]
    []
    """
    vote = one.resolution
    if vote is None or vote.meeting != "members":
        return
    known = voters(view, vote.day)
    if known.least <= vote.entitled <= known.most:
        return
    yield Message(
        "entitled are {entitled} by the resolution, {least} to {most} by the register on {day}: {reason}",
        entitled=vote.entitled,
        least=known.least,
        most=known.most,
        day=vote.day,
        reason=printable(one.explained) or Message("look at which is right"),
    )

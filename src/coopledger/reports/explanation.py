"""The arithmetic of one holder's dividend in words: shares, parts, the last fen, tax, payments."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from coopledger.core.collection import COLLECTION, REPAYMENT, collected, debts_of, owes
from coopledger.core.dues import CALLED, Due, Settled, dues, settlements
from coopledger.core.entitlement import Entitlement, Span
from coopledger.core.journal import View
from coopledger.core.measure import Measure
from coopledger.core.payout import held_over, owing, waiting
from coopledger.core.people import who_died
from coopledger.core.quantity import decimal, percent
from coopledger.core.reckoning import Reckoning, Share, reckoning
from coopledger.core.register import register
from coopledger.core.run import DECLARATION, RETENTION, UNDECLARED, Run, run
from coopledger.core.settlement import kept
from coopledger.core.step_reckoning import Due as StepDue
from coopledger.core.step_reckoning import StepReckoning, step_reckoning
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import kind_words, words
from coopledger.reports.cells import clauses, count, money, shares, yuan
from coopledger.reports.dividend import as_resolved, counted, counted_by, paid_for, split_by
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable


def explanation_report(
    view: View, name: str, holder: str, on: date | None = None, *, names: bool = True
) -> list[Table]:
    """Why one holder gets what he gets of a run, and what became of it by a day: two tables, what counts and the money.

    Every figure is worked out again from the register, as it was known when the run was declared, or else proposed, if
    it was corrected since: a note says so. Raises RegisterError: he has no part in it.
    """
    one = run(view, name, on)
    then, _, stale = as_resolved(view, one)
    why = step_reckoning(then, one, holder) if one.proposal.step else reckoning(then, one, holder)
    now = register(view, on)
    who = Message("{number}", number=why.holder)
    if names:
        who = Message("{number}, {name}", number=why.holder, name=name_of(now, why.holder, personal_rows(view)))
    title = Message("{book}: run {run}, {holder}", book=now.book.name, run=one.code, holder=who)
    due = dues(view, one, on, why.holder).get(why.holder)
    moves = [move for move in settlements(view, one, on, why.holder) if move.kind != DECLARATION]
    what = [Column(Message("what")), Column(Message("how it is reckoned"))]
    purpose = Message("paid for: {purpose}", purpose=paid_for(one.proposal, view))
    return [
        Table(
            Message("{title}: what counts", title=title),
            [*what, count(Message("counts"))],
            [*(_counting(why, one) if isinstance(why, Reckoning) else _held(why, one))],
            (),
            [purpose, Message("by {rule}", rule=counted_by(then, one.proposal)), *stale],
        ),
        Table(
            Message("{title}: what it comes to", title=title),
            [*what, money(Message("amount"))],
            [
                *(_splitting(view, why, one) if isinstance(why, Reckoning) else _stepping(why, one)),
                [Message("due to the holder"), "", yuan(why.fen)],
                *_settling(why.fen, one, due, moves),
                *(_to_come(view, one, why.holder, due, on) if due is not None and due.unpaid_fen else ()),
                *_paid_out(view, one, why.holder, on),
                *_owing(view, one, why.holder, on),
            ],
            (),
            as_of(view, on),
        ),
    ]


def _counting(why: Reckoning, one: Run) -> Iterator[list[Text]]:
    """What counts for the holder, stretch by stretch, and for all."""
    for span in why.spans:
        weight = shares(span.weight, why.digits)
        yield [_days(span, one.proposal.rule), _span(span, one.proposal.rule, why.digits), weight]
    own, whole = (counted(weight, why.denominator, why.digits) for weight in (why.weight, why.whole))
    yield [Message("counts for the holder"), "", own]
    yield [Message("counts for all holders together"), "", whole]


def _days(span: Span, rule: Entitlement) -> Text:
    if rule.by == "shares":
        return str(rule.until)
    return Message("{first} to {last}", first=span.first, last=span.last)


def _span(span: Span, rule: Entitlement, digits: int) -> Message:
    """The shares of one stretch, times how often they count, recounted where the class was."""
    said, times = shares(span.shares, digits), span.times
    held = Message("{shares} share" if said == "1" else "{shares} shares", shares=said)
    if rule.by == "days":
        held = Message("{held} × {count} day" if times == 1 else "{held} × {count} days", held=held, count=times)
    elif rule.by != "shares":
        held = Message("{held} × {count} month" if times == 1 else "{held} × {count} months", held=held, count=times)
    return held if span.factor == 1 else Message("{held} × {factor}", held=held, factor=decimal(Fraction(span.factor)))


def _splitting(view: View, why: Reckoning, one: Run) -> Iterator[list[Text]]:
    """From what counts to what is due: an amount on each share, or a part of the total by largest remainder."""
    asked, unit = one.proposal, yuan(why.to_fen)
    if asked.amounts:
        yield [Message("amount for the holder"), split_by(view, asked), yuan(why.units)]
    elif asked.each_fen is not None:
        yield [
            Message("amount on each share"),
            Message(
                "{each} yuan a share × {shares}, exactly",
                each=yuan(asked.each_fen),
                shares=counted(why.weight, why.denominator, why.digits),
            ),
            yuan(why.exact * why.to_fen),
        ]
        yield [
            Message("rounded"),
            Message("{mode}, to {unit} yuan", mode=Message(asked.mode), unit=unit),
            yuan(why.units * why.to_fen),
        ]
        if why.capped:
            yield [Message("the cap"), Message("nobody gets more"), yuan(why.units * why.to_fen)]
    else:
        yield from _parting(why, asked.total_fen or 0, unit)
    yield from _netting(why, one)


def _netting(why: Reckoning | StepReckoning, one: Run) -> Iterator[list[Text]]:
    """What runs before gave, where the run counts it."""
    if why.netted:
        yield [
            Message("given before"),
            Message("what {runs} gave is taken off, down to nothing", runs=[*one.proposal.nets]),
            yuan(-why.netted),
        ]


def _parting(why: Reckoning, total_fen: int, unit: str) -> Iterator[list[Text]]:
    """A part of a total: the quotient, the remainder, and whether it brings one unit more."""
    whole, there = total_fen // why.to_fen, why.there
    yield [
        Message("what is split"),
        Message("{count} units of {unit} yuan", count=f"{whole:,}", unit=unit),
        yuan(whole * why.to_fen),
    ]
    if why.capped:
        yield [Message("the cap"), Message("nobody gets more"), yuan(why.units * why.to_fen)]
        return
    if why.at_cap:
        yield [
            Message("left for the others"),
            Message("holders who get as much as anybody gets at most: {count}", count=why.at_cap),
            yuan(there * why.to_fen),
        ]
    said = {
        "count": f"{there:,}",
        "weight": f"{why.weight:,}",
        "whole": f"{why.whole:,}",
        "units": f"{why.units:,}",
        "rest": f"{why.remainder:,}",
    }
    yield [
        Message("rounded down"),
        Message(
            "({count} × {weight} + {carried} from rounding before) ÷ {whole} = {units}, remainder {rest}/{whole}",
            carried=f"{why.carried:,}",
            **said,
        )
        if why.carried
        else Message("{count} × {weight} ÷ {whole} = {units}, remainder {rest}/{whole}", **said),
        yuan(why.units * why.to_fen),
    ]
    yield [Message("the last unit"), _last(why), yuan(why.one_more * why.to_fen)]
    if why.taken:
        yield [Message("none below nothing"), Message("by the smallest remainder"), yuan(-why.taken * why.to_fen)]


def _last(one: Reckoning | Share) -> Message:
    """Whether a remainder brings one unit more."""
    left = {"missing": f"{one.missing:,}", "ahead": f"{one.ahead:,}"}
    if one.one_more:
        return Message(
            "left over by rounding everybody down: {missing}; with a larger remainder, or an equal one and a lower "
            "number: {ahead}; so one more",
            **left,
        )
    return Message(
        "left over by rounding everybody down: {missing}; with a larger remainder, or an equal one and a lower "
        "number: {ahead}; so none",
        **left,
    )


# ---------------------------------------------------------------- a step of a distribution


def _held(why: StepReckoning, one: Run) -> Iterator[list[Text]]:
    """What counts of the basis for the holder, and for all."""
    for span in why.spans:
        yield [
            _days(span, one.proposal.rule),
            _span(span, one.proposal.rule, why.digits),
            shares(span.weight, why.digits),
        ]
    said: Text = why.measure.name
    if why.held and not why.weight:
        said = Message(
            "{held}, and that counts only above {above}",
            held=why.measure.said(why.held),
            above=why.measure.said(Fraction(why.step.above) / why.measure.unit),
        )
    yield [Message("counts for the holder"), said, why.measure.said(why.weight)]
    yield [Message("counts for all holders together"), why.measure.name, why.measure.said(why.whole)]


def _stepping(why: StepReckoning, one: Run) -> Iterator[list[Text]]:
    """From the surplus to the step, and from what that got to what is due: by its basis, or at a rate on each unit."""
    for outcome in (*why.above, why.outcome):
        called = f"{outcome.step.code} {printable(outcome.step.name)}".strip()
        yield [Message("step {step}", step=called), clauses(outcome.words), yuan(outcome.amount_fen)]
    yield from _dividing(why.new, why.measure) if why.due is None else _rating(why, why.due)
    yield from _netting(why, one)


def _rating(why: StepReckoning, due: StepDue) -> Iterator[list[Text]]:
    """What a rate on each unit gives, and how much of it there is."""
    yield [
        Message("rate of the step"),
        Message(
            "{rate}, exactly", rate=why.measure.on_each(Fraction(why.step.each or 0) * why.measure.unit, why.weight)
        ),
        yuan(due.exact_fen),
    ]
    yield [
        Message("rounded"),
        Message("{mode}, to {unit} yuan", mode=Message(due.mode), unit=yuan(due.to_fen)),
        yuan(due.rounded_fen),
    ]
    if due.fen != due.rounded_fen:
        limit = Message("at least {amount} yuan") if due.fen > due.rounded_fen else Message("at most {amount} yuan")
        yield [Message("floor and ceiling"), Message(limit.template, amount=yuan(due.fen)), yuan(due.fen)]
    if why.old is not None:
        yield [Message("unpaid of earlier years"), "", yuan(why.old.weight)]
        yield from _paying(Message("paid of earlier years"), why.old)
    yield from _paying(Message("paid of this year"), why.new)


def _paying(what: Message, one: Share) -> Iterator[list[Text]]:
    """How much of what is due by a rate there is: all of it, or a part, in proportion to everybody's due."""
    if one.sum_fen == one.whole:
        yield [what, Message("in full"), yuan(one.fen)]
    else:
        yield from _dividing(one, Measure("", Fraction(1), "yuan", 2))


def _dividing(one: Share, measure: Measure) -> Iterator[list[Text]]:
    """A part of a sum: the quotient, and whether the remainder brings one unit more."""
    units = one.sum_fen // one.to_fen
    if one.to_fen != 1:
        said = Message("{count} units of {unit} yuan", count=f"{units:,}", unit=yuan(one.to_fen))
        yield [Message("what is split"), said, yuan(units * one.to_fen)]
    if one.capped:
        yield [Message("the cap"), Message("nobody gets more"), yuan(one.down_fen)]
        return
    if one.at_cap:
        yield [
            Message("left for the others"),
            Message("holders who get as much as anybody gets at most: {count}", count=one.at_cap),
            yuan(one.there * one.to_fen),
        ]
        units = one.there
    whole = one.whole or 1
    figures: dict[str, Text] = {
        "sum": yuan(units * one.to_fen),
        "weight": measure.said(one.weight),
        "whole": measure.said(one.whole),
        "down": yuan(one.down_fen),
        "rest": decimal(Fraction(one.remainder * one.to_fen, whole)),
    }
    yield [
        Message("rounded down"),
        Message(
            "{sum} yuan × {weight} ÷ {whole}, and {carried} fen from rounding before, is {down} yuan, and {rest} fen",
            carried=decimal(Fraction(one.carried * one.to_fen, whole)),
            **figures,
        )
        if one.carried
        else Message("{sum} yuan × {weight} ÷ {whole} = {down} yuan, and {rest} fen", **figures),
        yuan(one.down_fen),
    ]
    yield [Message("the last unit"), _last(one), yuan(one.one_more * one.to_fen)]
    if one.taken:
        yield [Message("none below nothing"), Message("by the smallest remainder"), yuan(-one.taken * one.to_fen)]


# ---------------------------------------------------------------- what became of it


def _settling(fen: int, one: Run, due: Due | None, moves: list[Settled]) -> Iterator[list[Text]]:
    """The tax, and what became of what was due."""
    rate = one.proposal.tax
    if due is None:
        yield [Message("state"), words(one.state), ""]
        return
    for move in moves:
        what = Message("{what}, record {seq}", what=kind_words(move.kind), seq=move.seq)
        way = CALLED[move.way]
        if move.way == "lapsed" and one.proposal.advance:
            way = _OF_DEBT if move.sets_off else _OWN
        yield [Message("{day}: {what}", day=move.on, what=what), way, yuan(-move.fen)]
    if rate:
        received = due.declared_fen - due.unpaid_fen
        yield [
            Message("tax withheld"),
            Message("{rate} of {amount} yuan received, rounded half up", rate=percent(rate), amount=yuan(received)),
            yuan(due.withheld_fen),
        ]
    yield [
        Message("not paid yet"),
        Message("{due} less {settled}", due=yuan(fen), settled=yuan(due.declared_fen - due.unpaid_fen)),
        yuan(due.unpaid_fen),
    ]


_OF_DEBT = Message("lapsed: the advance, of which nothing is owed for that any more")
_OWN = Message("lapsed: what was the holder's own")
"""What lapses of an advance sets off what its holder owes for it; what he had brought for it is his own."""


def _to_come(view: View, one: Run, holder: str, due: Due, on: date | None) -> Iterator[list[Text]]:
    """What of the unpaid will be withheld and what is left to be paid, as on the payment list; for what it waits."""
    if one.proposal.tax:
        tax = due.to_withhold_fen(one.proposal.tax)
        yield [Message("tax"), Message("withheld if all that is not paid yet is paid at once"), yuan(tax)]
        yield [Message("still to be paid"), Message("after tax"), yuan(due.unpaid_fen - tax)]
    waits = held_over(view, one, on, [holder]) | owing(view, on, [holder])
    waits |= waiting(view, who_died(view), one.proposal.share_class, [holder], on)
    if holder in waits:
        yield [Message("why it is not paid yet"), waits[holder], ""]


def _paid_out(view: View, one: Run, holder: str, on: date | None) -> Iterator[list[Text]]:
    """What of the retained part was paid out since, or came back, and what is retained still."""
    moves = [move for move in kept(view, one, on) if move.holder == holder]
    if all(move.kind == RETENTION for move in moves):
        return
    for move in moves:
        if move.kind != RETENTION:
            what = Message("{what}, record {seq}", what=kind_words(move.kind), seq=move.seq)
            yield [Message("{day}: {what}", day=move.on, what=what), CALLED["retained"], yuan(move.fen)]
    yield [Message("retained still"), "", yuan(sum(move.fen for move in moves))]


def _owing(view: View, one: Run, holder: str, on: date | None) -> Iterator[list[Text]]:
    """What the holder owes since the run was undone, what of his debts came in since then, and what he owes in all."""
    debts = debts_of(view, one, holder, on)
    for debt in debts:
        what = Message("{what}, record {seq}", what=kind_words(UNDECLARED), seq=debt.seq)
        yield [
            Message("{day}: {what}", day=debt.on, what=what),
            Message("what the holder had is owed in the current account"),
            yuan(debt.fen),
        ]
    if not debts:
        return
    for came in collected(view, holder, on):
        if came.seq > debts[0].seq:
            kind = COLLECTION if came.fen > 0 else REPAYMENT
            what = Message("{what}, record {seq}", what=kind_words(kind), seq=came.seq)
            yield [Message("{day}: {what}", day=came.on, what=what), words(came.through), yuan(-came.fen)]
    yield [
        Message("owed by the holder in the current account"),
        Message("of all runs together"),
        yuan(owes(view, holder, on)),
    ]

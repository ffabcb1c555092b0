"""The notice of a dividend run (公示): what is paid to whom by what rule, for the village board."""

from collections.abc import Iterable
from datetime import date

from coopledger.core.allocation import natural_key
from coopledger.core.citation import MEETING_WORDS, Resolution
from coopledger.core.dues import dues
from coopledger.core.journal import View
from coopledger.core.quantity import percent
from coopledger.core.register import register
from coopledger.core.run import Disclosure, Parts, Run, State, run
from coopledger.core.share_class import ShareClass
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import words
from coopledger.reports.cells import IN_YUAN, count, in_words, money, named, yuan
from coopledger.reports.dividend import (
    as_resolved,
    counted,
    counted_by,
    objected,
    paid_for,
    split_by,
    terms,
    undone,
)
from coopledger.reports.register import name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable


def dividend_notice_report(view: View, name: str, on: date | None = None, *, names: bool = True) -> list[Table]:
    """The notice of a run as of a day: what it is, in words, and what each holder gets.

    Before it is declared it says what is proposed, after it what is owed. Its last note is the book's head: who has the
    paper can hold the book against it. ID numbers are not on it. Raises RegisterError for a run that is not proposed.
    """
    one = run(view, name, on)
    now = register(view, on)
    then, found, stale = as_resolved(view, one)
    declared = dues(view, one, on)
    amounts = {number: own.declared_fen for number, own in declared.items()} or {
        number: fen for number, fen in found.parts.items() if fen
    }
    rows_of = personal_rows(view) if names else None
    by = found.by
    rows: list[list[Text]] = [
        [
            number,
            *([] if rows_of is None else [name_of(now, number, rows_of)]),
            counted(by.weights.get(number, 0), by.denominator, by.share_class.digits),
            yuan(amounts[number]),
        ]
        for number in sorted(amounts, key=natural_key)
    ]
    columns = [
        Column(Message("number")),
        *([Column(Message("name"))] if names else []),
        count(Message("counts")),
        money(Message("amount")),
    ]
    total = sum(amounts.values())
    totals: list[Text] = [
        Message("total"),
        *([""] if names else []),
        counted(sum(by.weights.get(number, 0) for number in amounts), by.denominator, by.share_class.digits),
        yuan(total),
    ]
    title = Message("{book}: notice of dividend run {run}", book=now.book.name, run=one.code)
    heading = Message("{title}: by holder", title=title)
    facts: list[list[Text]] = [
        [Message("paid for"), paid_for(one.proposal, then)],
        *_class(one, by.share_class),
        *_rule(then, one),
        *_terms(view, one, found),
        [Message("holders who get something"), str(len(amounts))],
        [Message("amount"), Message("{amount} yuan", amount=yuan(total))],
        [Message("amount in words"), in_words(total)],
        *_steps(one),
        *_undone(view, one, on),
        [Message("state"), words(one.state)],
    ]
    head = [Column(Message("what stands in it")), Column(Message("content"))]
    return [
        Table(title, head, facts, (), as_of(view, on)),
        Table(heading, columns, rows, totals, [IN_YUAN, *stale, *as_of(view, on)]),
    ]


def _class(one: Run, share_class: ShareClass) -> Iterable[list[Text]]:
    """The class of which somebody earns, if it is one."""
    if one.proposal.share_class:
        yield [Message("class"), named(share_class)]


def _rule(view: View, one: Run) -> Iterable[list[Text]]:
    """By what somebody earns, how it is split, and what is withheld."""
    rule, asked = one.proposal.rule, one.proposal
    if rule.by == "shares" and asked.share_class:
        yield [Message("record date"), str(rule.until)]
    yield [Message("counts"), counted_by(view, asked)]
    yield [Message("split"), split_by(view, asked)]
    is_sum = not asked.amounts and asked.each_fen is None and not asked.step
    if is_sum and (left := (asked.total_fen or 0) % asked.to_fen):
        yield [Message("not split"), Message("{amount} yuan", amount=yuan(left))]
    if asked.tax:
        yield [Message("tax withheld"), Message("{rate} of each receipt", rate=percent(asked.tax))]
    if asked.supplements:
        yield [Message("supplements run"), asked.supplements]


def _terms(view: View, one: Run, found: Parts) -> Iterable[list[Text]]:
    """What else was resolved of what is paid."""
    for said in terms(view, one.proposal, found):
        yield [Message("terms"), said]


def _steps(one: Run) -> Iterable[list[Text]]:
    """How far it is: each step that was taken, with its day, where it was made public, the votes."""
    yield [Message("proposed on"), str(one.proposed_on)]
    votes: dict[State, Resolution | None] = {
        "proposed": one.proposed_by,
        "discussed": one.discussed,
        "deliberated": one.deliberated,
    }
    for state, vote in votes.items():
        if vote is not None:
            yield [words(state), _resolution(vote)]
    yield from _public(Message("lies open"), one.disclosures)
    for said in objected(one):
        yield [Message("objection"), said]
    if one.resolution is not None:
        yield [Message("resolution"), _resolution(one.resolution)]
    yield from _public(Message("decision made public"), one.notices)
    if one.declared_on is not None:
        yield [Message("declared on"), str(one.declared_on)]
    yield from _public(Message("result made public"), one.results)
    if one.finding is not None:
        yield [
            Message("the supervisory committee found"),
            Message("{day}: {what}", day=one.finding.on, what=printable(one.finding.what)),
        ]


def _undone(view: View, one: Run, on: date | None) -> Iterable[list[Text]]:
    """Which of its steps were undone, when and why: in the open."""
    for said in undone(view, one, on):
        yield [Message("step taken back"), said]


def _public(what: Message, seen: Iterable[Disclosure]) -> Iterable[list[Text]]:
    """Where something was to be seen, and from when to when."""
    for one in seen:
        yield [
            what,
            Message(
                "from {since} to {until}, {days} days: {where}",
                since=one.since,
                until=one.until,
                days=one.days,
                where=one.where,
            ),
        ]


def _resolution(one: Resolution) -> Message:
    """A resolution with its votes."""
    return Message(
        "{number}, {meeting}, {day}: {entitled} entitled, {present} present, {votes_for} for, {votes_against} against",
        **{**one._asdict(), "meeting": MEETING_WORDS[one.meeting]},
    )

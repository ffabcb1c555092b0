"""How a year's surplus was distributed: the form of the accounting rules, and the steps with their arithmetic."""

import re
from collections.abc import Iterator, Mapping

from coopledger.core.appropriation import Appropriation, appropriation, worked_out
from coopledger.core.chart import Chart, Words, charts
from coopledger.core.charter import book, check_waterfall
from coopledger.core.distribution import Distribution, Outcome, all_outcomes
from coopledger.core.earmark import came_in
from coopledger.core.journal import View
from coopledger.core.run import REFUND, Run, runs
from coopledger.core.table import Column, Table, Text
from coopledger.core.waterfall import Purpose, Step, all_steps
from coopledger.core.wording import words
from coopledger.reports.cells import IN_YUAN, clauses, count, documents, money, yuan
from coopledger.reports.witness import as_of, known
from coopledger.text import Message, printable

_PURPOSES: Mapping[Purpose, Message] = {
    "losses": Message("losses of earlier years"),
    "reserve": Message("reserve"),
    "welfare": Message("welfare fund"),
    "reward": Message("reward"),
    "patronage": Message("refund by trade"),
    "preferred": Message("preferred return"),
    "dividend": Message("by shares or otherwise"),
    "carried": Message("carried forward"),
    "other": Message("other"),
    "pool": Message("pool"),
}


def distribution_report(view: View, year: int) -> list[Table]:
    """The distribution of a year's surplus: the form (盈余分配表, 收益分配表), and the steps. Raises RegisterError.

    The form has the lines of the chart in force: a cooperative's refunds by trade apart from its remaining surplus
    (财会〔2021〕37号), a collective's reserve and welfare fund together (财会〔2023〕14号). What goes to holders is in
    it as distributed, whether its runs are declared by now or not.
    """
    one = appropriation(view, year)
    return [_form(view, one), _steps(view, one)]


# ---------------------------------------------------------------- the form


def _form(view: View, one: Appropriation) -> Table:
    record = view.record(one.seq)
    chart = charts(view).in_force(record.booked_on)
    surplus = one.surplus
    cooperative = REFUND in chart.roles
    before = surplus.carried_fen - surplus.losses_fen
    lines = _cooperative_lines(one) if cooperative else _collective_lines(one)
    there = surplus.surplus_fen + before
    left = there - sum(fen for _, fen in lines)
    own, earlier, whole, rest = _HEADINGS[cooperative]
    rows: list[list[Text]] = [
        [own, yuan(surplus.surplus_fen)],
        [earlier, yuan(before)],
        [whole, yuan(there)],
    ]
    rows += [[Message("less: {what}", what=what), yuan(fen)] for what, fen in lines]
    rows.append([rest, yuan(left)])
    title = Message("{book}: {form} of {year}", book=book(view, one.on).name, form=_form_name(chart), year=one.year)
    columns = [Column(Message("item")), money(Message("amount"))]
    return Table(title, columns, rows, (), [IN_YUAN, *_apart(view, one), documents(record.facts), *known(view)])


def _apart(view: View, one: Appropriation) -> Iterator[Message]:
    """The note on what contracts brought in, which is distributed by runs of its own."""
    if fen := came_in(view, one.year):
        yield Message(
            "apart from it, contracts brought in {fen} yuan in {year} that runs of their own distribute",
            fen=yuan(fen),
            year=one.year,
        )


_HEADINGS: Mapping[bool, tuple[Message, Message, Message, Message]] = {
    True: (
        Message("surplus of this year"),
        Message("plus: undistributed surplus at the year's beginning"),
        Message("surplus to be distributed"),
        Message("undistributed surplus at the year's end"),
    ),
    False: (
        Message("income of this year"),
        Message("plus: undistributed income at the year's beginning"),
        Message("income to be distributed"),
        Message("undistributed income at the year's end"),
    ),
}
"""The headings of the form, of a cooperative's chart or a collective's."""


def _form_name(chart: Chart) -> Message:
    return Message("distribution of surplus") if REFUND in chart.roles else Message("distribution of income")


def _cooperative_lines(one: Appropriation) -> list[tuple[Text, int]]:
    lines: list[tuple[Text, int]] = [
        (Message("to the surplus reserve"), _sum(one, "reserve")),
        (Message("refund by trade"), _sum(one, "patronage")),
        (Message("remaining surplus distributed"), _sum(one, "preferred", "dividend")),
    ]
    return [*lines, *_others(one, "welfare", "reward", "other")]


def _collective_lines(one: Appropriation) -> list[tuple[Text, int]]:
    lines: list[tuple[Text, int]] = [
        (Message("to the reserve and welfare fund"), _sum(one, "reserve", "welfare")),
        (Message("distributed to members and investors"), _sum(one, "patronage", "preferred", "dividend")),
    ]
    return [*lines, *_others(one, "reward", "other")]


def _others(one: Appropriation, *purposes: Purpose) -> list[tuple[Text, int]]:
    return [(_PURPOSES[purpose], fen) for purpose in purposes if (fen := _sum(one, purpose))]


def _sum(one: Appropriation, *purposes: Purpose) -> int:
    steps = [step for step in all_steps(one.waterfall.steps) if not step.steps and step.purpose in purposes]
    return sum(one.amount_fen(step.code) for step in steps)


# ---------------------------------------------------------------- the steps


def _steps(view: View, one: Appropriation) -> Table:
    done, _ = worked_out(view, one)
    paid = {run.proposal.step: run for run in _runs(view, one.year)}
    rows: list[list[Text]] = [
        _row(one, outcome, depth, paid.get(outcome.step.code)) for outcome, depth in _with_depth(done)
    ]
    columns = [
        Column(Message("step")),
        Column(Message("for")),
        Column(Message("rule")),
        money(Message("due amount")),
        money(Message("amount")),
        count(Message("holders")),
        Column(Message("run")),
        Column(Message("how")),
    ]
    shared = sum(one.amount_fen(outcome.step.code) for outcome in done.outcomes)
    totals: list[Text] = [Message("total"), "", "", "", yuan(shared), "", "", ""]
    title = Message("{book}: steps of {year}", book=book(view, one.on).name, year=one.year)
    return Table(title, columns, rows, totals, [IN_YUAN, *_notes(view, one, done), *as_of(view, one.on)])


def _with_depth(done: Distribution) -> list[tuple[Outcome, int]]:
    inner = {each.step.code for outcome in all_outcomes(done.outcomes) for each in outcome.outcomes}
    return [(outcome, int(outcome.step.code in inner)) for outcome in all_outcomes(done.outcomes)]


def _row(one: Appropriation, outcome: Outcome, depth: int, run: Run | None) -> list[Text]:
    step = outcome.step
    line = next((line for line in one.lines if line.step == step.code), None)
    return [
        ("· " if depth else "") + _name(step),
        _PURPOSES[step.purpose],
        _cited(step.source),
        yuan(line.due_fen if line else 0),
        yuan(line.amount_fen if line else 0),
        str(sum(map(bool, outcome.parts.values()))) if step.by else "",
        Message("{run} ({state})", run=run.code, state=words(run.state)) if run is not None else "",
        clauses(outcome.words),
    ]


def _cited(source: str) -> Message:
    """A law and its article, in Chinese as one is cited there.

    >>> _cited("农村集体经济组织法 42").say("zh")
    '农村集体经济组织法第 42 条'
    """
    seen = printable(source)
    return Message("{shown}", shown=Words(seen, re.sub(r"(?<=[法号]) (\d+(?:、\d+)*)", r"第 \1 条", seen)))


def _name(step: Step) -> str:
    return f"{step.code} {printable(step.name)}".strip()


def _runs(view: View, year: int) -> list[Run]:
    return [one for one in runs(view).values() if one.proposal.period == str(year) and not one.withdrawn]


def _notes(view: View, one: Appropriation, done: Distribution) -> list[Text]:
    """What remains, what is still owed to holders of steps that accumulate, what of the law the steps break."""
    notes: list[Text] = [Message("who holds what: {rule}", rule=one.rule.words)]
    if one.remains_fen > 0:
        notes.append(Message("carried forward: {amount} yuan", amount=yuan(one.remains_fen)))
    if one.uncovered_fen:
        notes.append(Message("losses that are not covered: {amount} yuan", amount=yuan(one.uncovered_fen)))
    notes += [
        Message("unpaid in step {step}, due in later years: {amount} yuan", step=step, amount=yuan(sum(by.values())))
        for step, by in one.unpaid.items()
        if by
    ]
    charter = book(view, one.on).charter._replace(waterfall=one.waterfall)
    notes += [Message("{where}: {broken}", where=each.where, broken=each.message) for each in check_waterfall(charter)]
    if any(each.amount_fen != one.amount_fen(each.step.code) for each in all_outcomes(done.outcomes)):
        notes.append(Message("the register was changed since this was distributed in record {seq}", seq=one.seq))
    return notes

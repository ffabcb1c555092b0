"""Objects as HTML: of each kind what a reader looks for first, tables, and a picture where one would rather look."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from coopledger.core import explain
from coopledger.core.citation import Resolution
from coopledger.core.claims import Verdict, check_claims
from coopledger.core.dues import CALLED, Due
from coopledger.core.member_account import MemberAccount
from coopledger.core.plan import Plan
from coopledger.core.projection import Projection, project
from coopledger.core.register import Holding, Register
from coopledger.core.run import Disclosure, Run
from coopledger.core.schedule import Schedule
from coopledger.core.statement import StatementLine
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import kind_words, words
from coopledger.errors import CoopledgerError, Problem, place
from coopledger.notebook.html import heading_html, lines_html, picture_html, table_html
from coopledger.reports.cells import IN_YUAN, count, money, percentage, yuan
from coopledger.reports.dividend import paid_for
from coopledger.reports.payouts import claims_table, head, payouts, split_tables
from coopledger.text import Language, Message, printable

if TYPE_CHECKING:
    from coopledger.charts import Picture

_MOST_CLAIMS = 3
"""So many claims that do not hold have a picture; the table has them all."""


def object_html(shown: object, language: Language) -> str | None:
    """An object, or a list or mapping of objects of one kind, as HTML; None for what is none of ours.

    >>> object_html(Problem("plan.toml: term", Message("none")), "en") is None
    True
    >>> "plan.toml: term" in object_html([Problem("plan.toml: term", Message("none"))], "en")
    True
    """
    if isinstance(shown, list) and shown:
        several = _LISTS.get(type(shown[0]))
        return several(shown, language) if several and all(type(one) is type(shown[0]) for one in shown) else None
    if isinstance(shown, dict) and shown:
        first = type(next(iter(shown.values())))
        mapped = _MAPPINGS.get(first)
        return mapped(shown, language) if mapped and all(type(one) is first for one in shown.values()) else None
    single = _ALONE.get(type(shown))
    return single(shown, language) if single else None


def plan_html(plan: Plan, language: Language) -> str:
    """A plan: its term, who pays whom, each stream's rule in words, what is claimed of it, and the picture."""
    columns = [Column(Message("stream")), Column(Message("how it is reckoned")), Column(Message("quantity"))]
    rows: list[list[Text]] = []
    for one in plan.streams:
        rule = one.amount if one.rate is None else one.rate
        rows.append([one.name, _rule(rule), "" if one.quantity is None else _rule(one.quantity)])
    claimed = [
        Message("{about}: {claimed}", about=claim.about, claimed=Message("claimed {amount}", amount=claim.claimed))
        for claim in plan.claims
    ]
    try:
        picture = _picture(lambda charts: charts.streams_chart(project(plan), language))
    except CoopledgerError:  # the plan says by itself what it is, whether or not it can be carried through
        picture = ""
    return "".join(
        [
            heading_html(plan.title, language),
            lines_html([*head(plan), *([plan.source] if plan.source else [])], language),
            table_html(Table(plan.title, columns, rows, (), [*claimed, *plan.notes]), language, titled=False),
            picture,
        ]
    )


def projection_html(projection: Projection, language: Language) -> str:
    """A projection: the picture by stream, the years, how streams are split, and every claim beside the figure."""
    plan = projection.plan
    parts = [heading_html(plan.title, language), lines_html(head(plan), language)]
    parts.append(_picture(lambda charts: charts.streams_chart(projection, language)))
    parts.append(table_html(payouts(projection), language, titled=False))
    parts += [table_html(table, language) for table in split_tables(projection)]
    try:
        verdicts = check_claims(projection)
    except CoopledgerError as error:
        return "".join([*parts, lines_html([error.message], language)])
    if verdicts:
        parts.append(verdicts_html(verdicts, language))
        parts += _claims(projection, [one for one in verdicts if not one.holds], language)
    return "".join([*parts, lines_html(plan.notes, language)])


def verdicts_html(verdicts: Sequence[Verdict], language: Language) -> str:
    """Claims beside the figures computed."""
    return table_html(claims_table(verdicts), language)


def register_html(register: Register, language: Language) -> str:
    """A register: its classes, and its households and members by number. Names stand in the reports."""
    classes = [Column(Message("class")), Column(Message("name")), Column(Message("held by"))]
    rows: list[list[Text]] = [[one.code, one.name, words(one.level)] for one in register.classes.values()]
    title = Message("{book}: register", book=register.book.name)
    households = [Column(Message("household")), Column(Message("head")), Column(Message("members"))]
    homes: list[list[Text]] = [
        [home.number, home.head or "-", Message("{cited}", cited=list(home.members))]
        for home in register.households.values()
    ]
    alone: list[list[Text]] = [
        ["-", "-", Message("{number}, {name}", number=one.number, name=words(one.kind))]
        for one in register.members.values()
        if not one.household
    ]
    as_of: list[Text] = [Message("as of {day}", day=register.on)] if register.on else []
    return "".join(
        [
            table_html(Table(title, classes, rows, (), as_of), language),
            table_html(Table(Message("households and members"), households, [*homes, *alone]), language),
        ]
    )


def run_html(run: Run, language: Language) -> str:
    """A run: for what it is, how far it is, and each of its steps with its day and votes."""
    return table_html(run_table(run), language)


def run_table(run: Run) -> Table:
    """A run's steps, one a row.

    >>> from datetime import date
    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> rent = Proposal("rent", "2026", "land", by_record_date(date(2026, 12, 31)), 600_00)
    >>> run_table(Run("2026", rent, 7, date(2027, 1, 4), 600_00, 12, "")).rows
    [[Message('proposed'), '2027-01-04', '']]
    """
    votes = [
        (Message("proposed"), run.proposed_on, run.proposed_by),
        (Message("discussed"), run.discussed and run.discussed.day, run.discussed),
        (Message("deliberated"), run.deliberated and run.deliberated.day, run.deliberated),
    ]
    rows: list[list[Text]] = [[what, str(day), _votes(one)] for what, day, one in votes if day]
    rows += [[Message("disclosed"), str(one.since), _open(one)] for one in run.disclosures]
    if run.resolution:
        rows.append([Message("approved"), str(run.resolution.day), _votes(run.resolution)])
    rows += [[Message("published"), str(one.since), _open(one)] for one in run.notices]
    if run.declared_on:
        rows.append([Message("declared"), str(run.declared_on), Message("record {number}", number=run.declared_in)])
    rows += [[Message("reported"), str(one.since), _open(one)] for one in run.results]
    title = Message("{run} ({state}): {what}", run=run.code, state=words(run.state), what=paid_for(run.proposal))
    columns = [Column(Message("step")), Column(Message("day")), Column(Message("details"))]
    notes = [Message("{amount} yuan; holders: {count}", amount=yuan(run.amount_fen), count=run.holders)]
    return Table(title, columns, rows, (), notes)


def runs_html(runs: Mapping[str, Run], language: Language) -> str:
    """The runs of a book: how far each is."""
    columns = [
        Column(Message("run")),
        Column(Message("paid for")),
        Column(Message("state")),
        count(Message("holders")),
        money(Message("amount")),
    ]
    rows: list[list[Text]] = [
        [one.code, paid_for(one.proposal), words(one.state), str(one.holders), yuan(one.amount_fen)]
        for one in runs.values()
    ]
    return table_html(Table(Message("dividend runs"), columns, rows), language)


def dues_html(dues: Mapping[str, Due], language: Language) -> str:
    """What holders are due of a run, and what became of it."""
    ways = [way for way in CALLED if any(one.by_way[way] for one in dues.values())]
    columns = [
        Column(Message("holder")),
        money(Message("amount")),
        *(money(CALLED[way]) for way in ways),
        money(Message("not paid yet")),
    ]
    lines = {
        number: [one.declared_fen, *(one.by_way[way] for way in ways), one.unpaid_fen] for number, one in dues.items()
    }
    rows: list[list[Text]] = [[number, *map(yuan, line)] for number, line in lines.items()]
    sums = map(sum, zip(*lines.values(), strict=True))
    return table_html(Table(Message("dues"), columns, rows, [Message("total"), *map(yuan, sums)]), language)


def holdings_html(held: Mapping[str, Holding], language: Language) -> str:
    """Who holds what of a class, in its smallest unit: the picture, and the table."""
    columns = [
        Column(Message("holder")),
        count(Message("shares")),
        count(Message("% of class")),
        count(Message("pledged")),
        count(Message("frozen")),
        count(Message("unpaid")),
    ]
    rows: list[list[Text]] = [
        [number, str(one.shares), percentage(one.of_class), str(one.pledged), str(one.frozen), str(one.unpaid)]
        for number, one in held.items()
    ]
    title = Message("who holds what")
    picture = _picture(lambda charts: charts.holdings_chart(held, language))
    return picture + table_html(Table(title, columns, rows), language, titled=not picture)


def statement_html(lines: Sequence[StatementLine], language: Language) -> str:
    """A statement: one holder's movements, in the classes' smallest units."""
    columns = [
        Column(Message("day")),
        Column(Message("what happened")),
        Column(Message("class")),
        count(Message("change")),
        count(Message("balance")),
        Column(Message("other holder")),
        count(Message("record")),
    ]
    rows: list[list[Text]] = [
        [
            str(one.effective_on),
            kind_words(one.kind),
            one.cls,
            f"{one.quantity:+,}" if one.quantity else "0",
            f"{one.balance:,}",
            one.other,
            str(one.seq),
        ]
        for one in lines
    ]
    return table_html(Table(Message("movements"), columns, rows), language)


def account_html(account: MemberAccount, language: Language) -> str:
    """A member account: what stands, and what the year brought."""
    named = [
        (Message("contribution"), account.contribution_fen),
        (Message("reserve"), account.reserve_fen),
        (Message("subsidy"), account.subsidy_fen),
        (Message("donation"), account.donation_fen),
        (Message("trade"), account.trade_fen),
        (Message("patronage refund"), account.refund_fen),
        (Message("remaining surplus"), account.surplus_fen),
        (Message("not paid yet"), account.refund_due_fen + account.surplus_due_fen),
        (Message("retained"), account.retained_fen),
        (Message("owed by the holder"), account.owes_fen),
    ]
    title = Message("{number}: member account as of {day}", number=account.holder, day=account.on)
    rows: list[list[Text]] = [[what, yuan(fen)] for what, fen in named]
    return table_html(Table(title, [Column(""), money(Message("amount"))], rows, (), [IN_YUAN]), language)


def problems_html(problems: Sequence[Problem], language: Language) -> str:
    """Problems: where each is, and what."""
    columns = [Column(Message("where")), Column(Message("problem"))]
    rows: list[list[Text]] = [[Message("{cited}", cited=place(one.where)), one.message] for one in problems]
    return table_html(Table(Message("problems: {count}", count=len(problems)), columns, rows), language)


def tables_html(tables: Sequence[Table], language: Language) -> str:
    """Tables, one below the other."""
    return "".join(table_html(table, language) for table in tables)


def words_html(lines: Sequence[Message | explain.ExplanationLine], language: Language) -> str:
    """Lines in words, those of an explanation as deep as they stand.

    >>> words_html([Message("none")], "en")
    '<pre style="white-space:pre-wrap">none</pre>'
    """
    said = "\n".join(printable(line.say(language)) for line in lines)
    return f'<pre style="white-space:pre-wrap">{escape(said)}</pre>'


_ALONE: Mapping[type, Callable[[Any, Language], str]] = {
    Plan: plan_html,
    Projection: projection_html,
    Table: table_html,
    Register: register_html,
    Run: run_html,
    MemberAccount: account_html,
}
_LISTS: Mapping[type, Callable[[Any, Language], str]] = {
    Table: tables_html,
    Problem: problems_html,
    Verdict: verdicts_html,
    StatementLine: statement_html,
    Message: words_html,
    explain.ExplanationLine: words_html,
}
_MAPPINGS: Mapping[type, Callable[[Any, Language], str]] = {Run: runs_html, Due: dues_html, Holding: holdings_html}


def _picture(draw: "Callable[[Any], Picture]") -> str:
    """A picture as HTML; nothing where what draws it is not installed."""
    if not (find_spec("altair") and find_spec("vl_convert")):
        return ""
    from coopledger import charts

    picture = draw(charts)
    return picture_html(charts.svg(picture), str(picture.to_dict().get("description", "")))


def _claims(projection: Projection, verdicts: list[Verdict], language: Language) -> list[str]:
    """The pictures of claims, a few of them."""

    def drawn(verdict: Verdict) -> str:
        return _picture(lambda charts: charts.claim_chart(projection, verdict, language))

    try:
        from coopledger.charts import claims_of_totals
    except ModuleNotFoundError:
        return []
    return [drawn(one) for one in claims_of_totals(projection, verdicts)[:_MOST_CLAIMS]]


def _rule(schedule: Schedule) -> Text:
    """A schedule in words: its own, and those of its parts in brackets."""
    if not schedule.parts:
        return Message("{words}", words=schedule.words)
    return Message("{words} ({parts})", words=schedule.words, parts=[_rule(one) for one in schedule.parts])


def _votes(one: Resolution | None) -> Text:
    if one is None:
        return ""
    return Message(
        "resolution {number}: {votes_for} for, {votes_against} against, {present} present of {entitled}",
        number=one.number,
        votes_for=one.votes_for,
        votes_against=one.votes_against,
        present=one.present,
        entitled=one.entitled,
    )


def _open(one: Disclosure) -> Text:
    return Message("{since} to {until}, {where}", since=one.since, until=one.until, where=one.where)

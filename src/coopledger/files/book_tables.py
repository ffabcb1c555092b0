"""The tables of a book for other programs: what each row is, its columns, their types and units, what they refer to.

Every amount is a whole number of the smallest unit, and the unit is said: fen, or the smallest fraction of a share, a
mu, any other denomination. What is no whole number, such as a rate, is a fraction in lowest terms (``1/5``). Nothing is
rounded. Personal data is not read: people stand under their numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

from coopledger.core.accounts import GUARDS
from coopledger.core.appropriation import appropriations
from coopledger.core.chart import KINDS, MONEY, Charts, charts
from coopledger.core.citation import MEETINGS
from coopledger.core.contract import contracts, expected
from coopledger.core.contribution import Contribution, Right, contributions_of, hundredths
from coopledger.core.dues import Due, dues
from coopledger.core.journal import LAST_DAY, Record, View, day, root
from coopledger.core.people import STANDINGS, roll, who
from coopledger.core.receivable import contract_status
from coopledger.core.register import Holding, holdings
from coopledger.core.run import STATES, runs
from coopledger.core.share_class import KINDS as HOLDERS
from coopledger.core.share_class import ShareClass, classes, share_class
from coopledger.core.timeline import state
from coopledger.core.trial_balance import trial_balance
from coopledger.core.voucher import vouchers

Type = Literal["integer", "string", "date", "datetime", "boolean", "object", "array"]
"""The types of cells, as Table Schema has them; of ``object`` and ``array`` the cell is JSON."""

TYPES: tuple[Type, ...] = get_args(Type)

Cell = int | str | date | bool | Fraction | Mapping[str, Any] | Sequence[Any] | None
Row = Sequence[Cell]


class Field(NamedTuple):
    """A column: what stands in it, of which type, in which unit; whether it may be empty, and which words it knows."""

    name: str
    type: Type
    what: str
    unit: str = ""
    required: bool = True
    words: tuple[str, ...] = ()


class Reference(NamedTuple):
    """Columns that say a row of another table, or of the same, by its columns; no row where they are empty."""

    fields: tuple[str, ...]
    table: str
    its: tuple[str, ...]


class BookTable(NamedTuple):
    """A table of a book: its name, what a row is, its columns, the key that no two rows share, what it refers to."""

    name: str
    what: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    refers: tuple[Reference, ...]
    rows: Callable[["Known"], Iterable[Row]]


class Known:
    """What the tables of a view are made from, each folded once, when it is first asked for."""

    def __init__(self, view: View) -> None:
        self.view = view

    @cached_property
    def records(self) -> list[Record]:
        """All records, in order."""
        return [*self.view.records()]

    @cached_property
    def charts(self) -> Charts:
        """The charts of accounts."""
        return charts(self.view)

    @cached_property
    def accounts(self) -> list[str]:
        """Every account that was opened, and every part that was ever used, with those above it."""
        used = {place for record in self.records for one in record.postings for place in (one.source, one.target)}
        parts = (one.split("/") for one in used)
        above = {"/".join(part[: n + 1]) for part in parts for n in range(len(part))}
        return sorted(above | {*self.charts.ground.accounts})

    @cached_property
    def classes(self) -> dict[str, ShareClass]:
        """The classes of shares as they stand after everything."""
        return {cls: share_class(state(line)) for cls, line in classes(self.view).items()}

    @cached_property
    def holdings(self) -> list[tuple[str, Holding]]:
        """Who holds what of each class after everything."""
        return [(cls, one) for cls in self.classes for one in holdings(self.view, cls).values()]

    @cached_property
    def dues(self) -> list[tuple[str, str, Due]]:
        """What each holder is due of each run that is declared."""
        return [
            (one.code, holder, due) for one in runs(self.view).values() for holder, due in dues(self.view, one).items()
        ]

    @cached_property
    def holders(self) -> dict[str, str]:
        """What everybody is who has a number: member, household, or another one who holds."""
        now = roll(self.view)
        found = dict.fromkeys((one.holder for _, one in self.holdings), "other")
        found |= dict.fromkeys((holder for _, holder, _ in self.dues), "other")
        found |= dict.fromkeys((one.contribution.holder for one in contributions_of(self.view).values()), "other")
        found |= dict.fromkeys(now.households, "household")
        return dict(sorted((found | dict.fromkeys(now.members, "member")).items()))


# ---------------------------------------------------------------- rows


def _records(known: Known) -> Iterator[Row]:
    for one in known.records:
        yield (
            one.seq,
            one.kind,
            one.effective_on,
            one.booked_on,
            one.recorded_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            one.recorded_us,
            one.key,
            one.actor,
            day(one.locked_through) if one.locked_through else None,
            one.facts,
            one.personal,
            one.content_hash.hex(),
            one.prev_hash.hex(),
            one.hash.hex(),
        )


def _postings(known: Known) -> Iterator[Row]:
    return ((record.seq, line, *one) for record in known.records for line, one in enumerate(record.postings))


def _denominations(known: Known) -> Iterator[Row]:
    return iter(known.charts.ground.denominations.values())


def _chart_accounts(known: Known) -> Iterator[Row]:
    for (since, chart), one in {(since, one.code): one for since, one in known.charts.adopted}.items():
        for account in one.accounts.values():
            yield chart, since, account.code, account.name.en, account.name.zh, account.kind, account.guard


def _accounts(known: Known) -> Iterator[Row]:
    for account in known.accounts:
        opened = root(account)
        chart, colon, _ = opened.partition(":")
        name = known.charts.name(account, date.max)
        guard = known.charts.ground.guard(account)
        yield account, opened, chart if colon else None, name.en, name.zh, known.charts.kind(account), guard


def _balances(known: Known) -> Iterator[Row]:
    return ((*place, quantity) for place, quantity in known.view.balances().items())


def _trial_balance(known: Known) -> Iterator[Row]:
    return ((one.account, one.debit_fen, one.credit_fen, one.closing_fen) for one in trial_balance(known.view))


def _vouchers(known: Known) -> Iterator[Row]:
    for one in vouchers(known.view):
        yield (
            one.seq,
            one.year,
            one.month,
            one.number,
            one.booked_on,
            one.summary,
            one.total_fen,
            one.attachments,
            one.preparer,
            one.reviewer,
            one.cashier,
        )


def _voucher_lines(known: Known) -> Iterator[Row]:
    for one in vouchers(known.view):
        for n, line in enumerate(one.lines, 1):
            yield one.seq, n, line.account, line.debit_fen, line.credit_fen


def _documents(known: Known) -> Iterator[Row]:
    for record in known.records:
        papers = record.facts.get("documents")
        for n, one in enumerate(papers if isinstance(papers, list) else (), 1):
            if isinstance(one, Mapping):
                yield record.seq, n, *(str(one.get(name, "")) for name in ("name", "pages", "sha256"))


def _resolutions(known: Known) -> Iterator[Row]:
    counts = ("entitled", "present", "votes_for", "votes_against")
    for record in known.records:
        one = record.facts.get("resolution")
        if isinstance(one, Mapping) and all(type(one.get(name)) is int for name in counts):
            yield record.seq, str(one.get("number")), one.get("meeting"), _day(one.get("day")), *map(one.get, counts)


def _share_classes(known: Known) -> Iterator[Row]:
    for one in known.classes.values():
        cap, said = one.cap, one._asdict()
        said |= {"holders": [*one.holders]}
        said |= {"cap": cap if type(cap) is int else None, "cap_of_class": None if type(cap) is int else cap}
        yield [said[field.name] for field in _OF_CLASSES]


def _members(known: Known) -> Iterator[Row]:
    for one in roll(known.view).members.values():
        yield (
            one.number,
            one.kind,
            one.standing,
            one.household,
            [*one.groups],
            one.extra_votes,
            one.notice_on,
            one.since,
            one.reason,
        )


def _member_changes(known: Known) -> Iterator[Row]:
    for number, line in who(known.view).members.items():
        for one in line:
            yield number, one.seq, one.effective_on, one.fields


def _households(known: Known) -> Iterator[Row]:
    return ((one.number, one.head) for one in roll(known.view).households.values())


def _holdings(known: Known) -> Iterator[Row]:
    for cls, one in known.holdings:
        shares = Fraction(one.shares)
        yield cls, one.holder, shares.numerator, shares.denominator, one.pledged, one.frozen, one.unpaid


def _contributions(known: Known) -> Iterator[Row]:
    for number, one in contributions_of(known.view).items():
        what = one.contribution
        yield (
            number,
            what.holder,
            what.share_class,
            what.brought.kind,
            one.seq,
            one.since,
            one.ended_on,
            what.amount_fen,
            one.value_fen(),
            what.price_fen,
            one.shares,
            *_of_right(what),
        )


def _of_right(what: Contribution) -> Row:
    """What is said of a right that was brought in; nothing of money."""
    right, value = what.brought, what.valuation
    if not isinstance(right, Right):
        return (None,) * 10
    area = None if right.area_mu is None else hundredths(right.area_mu)
    by = (None, None, None) if value is None else (value.valued_by, value.on, value.appraiser)
    return (
        right.starts_on,
        right.ends_on,
        right.right_ends_on,
        right.basis,
        area,
        [*right.parcels],
        right.contract,
        *by,
    )


def _revaluations(known: Known) -> Iterator[Row]:
    for number, one in contributions_of(known.view).items():
        for new in one.revaluations:
            yield number, new.seq, new.on, new.valuation.amount_fen, new.difference_fen


def _distribution_steps(known: Known) -> Iterator[Row]:
    for year, one in appropriations(known.view).items():
        for line in one.lines:
            yield year, line.step, one.seq, one.on, line.due_fen, line.amount_fen


def _dividend_runs(known: Known) -> Iterator[Row]:
    for one in runs(known.view).values():
        what = one.proposal
        yield (
            one.code,
            what.stream,
            what.period,
            what.instalment,
            what.share_class,
            what.step,
            one.state,
            what.advance,
            what.total_fen,
            what.each_fen,
            what.tax,
            what.to_fen,
            one.amount_fen,
            one.holders,
            one.digest,
            one.proposed_in,
            one.proposed_on,
            one.declared_in or None,
            one.declared_on,
        )


def _dividend_dues(known: Known) -> Iterator[Row]:
    for run, holder, one in known.dues:
        yield run, holder, one.declared_fen, *one.by_way.values(), one.unpaid_fen, one.since, one.came_back


def _contracts(known: Known) -> Iterator[Row]:
    for one in contracts(known.view).values():
        term = one.plan.term
        yield (
            one.code,
            one.counterparty,
            one.plan.title,
            one.versions[0].seq,
            term.start,
            term.end,
            one.ended_on,
            contract_status(known.view, one.code, LAST_DAY).advance_fen,
        )


def _contract_dues(known: Known) -> Iterator[Row]:
    for code, contract in contracts(known.view).items():
        periods = {one.key: one for one in expected(contract)}
        for one in contract_status(known.view, code, LAST_DAY).dues:
            period = periods[one.stream, one.due]
            yield (
                code,
                one.stream,
                one.due,
                one.year,
                one.instalment,
                period.start,
                period.end,
                one.amount_fen,
                one.received_fen,
                one.open_fen,
                one.seq or None,
                one.settled_on,
                one.void,
            )


def _day(seen: object) -> date | None:
    """The day that a fact says; none where it says none, in a record of somebody's own kind."""
    try:
        return date.fromisoformat(str(seen))
    except ValueError:
        return None


# ---------------------------------------------------------------- columns


def _whole(name: str, what: str, unit: str = "", *, required: bool = True) -> Field:
    return Field(name, "integer", what, unit, required)


def _text(name: str, what: str, *, required: bool = False, words: Iterable[str] = ()) -> Field:
    return Field(name, "string", what, "", required, tuple(words))


def _date(name: str, what: str, *, required: bool = True) -> Field:
    return Field(name, "date", what, "", required)


def _code(name: str, what: str, *, required: bool = True) -> Field:
    return Field(name, "string", what, "", required)


def _fen(name: str, what: str, *, required: bool = True) -> Field:
    return Field(name, "integer", what, "fen", required)


def _to(field: str, table: str, its: str) -> Reference:
    return Reference((field,), table, (its,))


_IN_UNITS = "smallest unit of the denomination"
_OF_SHARES = "smallest unit of the class (10 to the power of minus its digits shares)"
_HASH = "SHA-256, in hexadecimal digits"

_OF_CLASSES = (
    _code("code", "The code of the class; its shares are a denomination of this code."),
    _text("name", "What it is called.", required=True),
    _whole("digits", "Decimals of a share: its smallest unit is 10 to the power of minus these.", "decimals"),
    _fen("par_fen", "The par value of one whole share; none if it has none.", required=False),
    _code(
        "capital",
        "The account that stands at paid-in shares × par; none if no money is booked of them.",
        required=False,
    ),
    Field("dividend", "boolean", "Whether it earns."),
    Field("vote", "boolean", "Whether it votes."),
    _whole("preference", "The higher is served first; 0 is ordinary.", "rank"),
    _text("rate", "A preferred class's yearly rate on par, as a fraction."),
    _text(
        "level", "Whether persons hold it themselves or as a household.", required=True, words=("person", "household")
    ),
    Field("holders", "array", "The kinds of members that may hold it."),
    _text("issued_to", "To whom it is issued.", required=True),
    _text("passes_to", "To whom it may be sold or given.", required=True),
    _text("inherited_by", "Who may inherit it.", required=True),
    _whole("cap", "The most that one holder may have.", _OF_SHARES, required=False),
    _text("cap_of_class", "The most that one holder may have, as a part of the class, a fraction."),
    _text("earns", "On what it earns.", required=True, words=("subscribed", "paid-in")),
    _whole("lock_in_days", "For how long after the issue it may not be sold.", "days"),
    _date("locked_until", "Until when none of the class may be sold.", required=False),
    Field("pooled", "boolean", "Whether it is held in equal parts by whoever is eligible."),
    _code("group", "The group whose people only are eligible.", required=False),
    _text("on_leaving", "What becomes of a leaver's shares.", required=True, words=("refund", "spread", "keep")),
    _text("management", "Whether it is re-balanced by resolution.", required=True, words=("static", "dynamic")),
    Field("closed", "boolean", "Whether nothing is issued or moved."),
    _date("counted_since", "The last day on which its shares were recounted.", required=False),
    _text("source", "The law or charter that says so."),
)

BOOK_TABLES: tuple[BookTable, ...] = (
    BookTable(
        "records",
        "A record of the journal: everything that the book knows was said in one. Each is hashed with the one before.",
        (
            _whole("seq", "Its number, from 1 without gaps.", "number"),
            _text("kind", "What it is about.", required=True),
            _date("effective_on", "The day from which it counts in the register."),
            _date("booked_on", "The accounting date."),
            Field("recorded_at", "datetime", "When it was written, in UTC, to the second."),
            _whole("recorded_us", "The same, exactly.", "microseconds since 1970-01-01T00:00:00Z"),
            _text("key", "The key that makes a repetition harmless.", required=True),
            _text("actor", "Who appended it, by an office or a code.", required=True),
            _date("locked_through", "The day up to which the books are closed after it.", required=False),
            Field("facts", "object", "What it says, in the canonical JSON that is hashed."),
            Field("personal", "array", f"What it commits to of personal rows that stand apart: whose, and {_HASH}."),
            _text("content_hash", f"Over kind, days, actor, facts and postings: {_HASH}.", required=True),
            _text("prev_hash", f"That of the record before, or of the book's name: {_HASH}.", required=True),
            _text(
                "hash",
                f"Its own, over the one before, when and under which key, and its content: {_HASH}.",
                required=True,
            ),
        ),
        ("seq",),
        (),
        _records,
    ),
    BookTable(
        "postings",
        "A quantity of one denomination that a record moves from a source account (credited) to a target (debited).",
        (
            _whole("seq", "The record.", "number"),
            _whole("line", "Its place in the record, from 0.", "number"),
            _code("denomination", "What is counted."),
            _code("source", "The account that is credited."),
            _code("target", "The account that is debited."),
            _whole("quantity", "How much, above 0.", f"{_IN_UNITS}, as the record had it"),
            _whole(
                "reverses_seq",
                "The record of the posting that it takes back, whole or in part.",
                "number",
                required=False,
            ),
            _whole("reverses_line", "The line of that posting.", "number", required=False),
            _code("lot", "What tells apart what one account holds.", required=False),
        ),
        ("seq", "line"),
        (
            _to("seq", "records", "seq"),
            _to("denomination", "denominations", "code"),
            _to("source", "accounts", "account"),
            _to("target", "accounts", "account"),
            Reference(("reverses_seq", "reverses_line"), "postings", ("seq", "line")),
        ),
        _postings,
    ),
    BookTable(
        "denominations",
        f"What is counted: the currency ({MONEY}), a class of shares, mu of land, a memo unit.",
        (
            _code("code", "Its code."),
            _text("name", "What it is called.", required=True),
            _whole("digits", "Decimals that make its smallest unit.", "decimals"),
        ),
        ("code",),
        (),
        _denominations,
    ),
    BookTable(
        "chart_accounts",
        "An account of a chart of accounts, as the book adopted it from a day on.",
        (
            _code("chart", "The chart."),
            _date("since", "The day from which it is in force."),
            _code("code", "The account's code in the chart."),
            _text("name_en", "Its name in English.", required=True),
            _text("name_zh", "Its name in Chinese.", required=True),
            _text("kind", "What kind of account it is.", required=True, words=KINDS),
            _text("guard", "The side on which it never falls below zero.", required=True, words=GUARDS),
        ),
        ("chart", "since", "code"),
        (),
        _chart_accounts,
    ),
    BookTable(
        "accounts",
        "An account that was opened, or a part of one that was used, with those above it; of money, shares and others.",
        (
            _code("account", "Its code: `c2023:102/savings` is a part of `c2023:102`."),
            _code("opened", "The account that was opened, of which it is a part."),
            _code("chart", "The chart that it belongs to.", required=False),
            _text("name_en", "The opened account's latest name in English.", required=True),
            _text("name_zh", "The same in Chinese.", required=True),
            _text("kind", "What kind of account it is in its chart.", words=KINDS),
            _text("guard", "The side on which it never falls below zero.", required=True, words=GUARDS),
        ),
        ("account",),
        (_to("opened", "accounts", "account"),),
        _accounts,
    ),
    BookTable(
        "balances",
        "What an account, without its parts, stands at after all records; no row where that is nothing.",
        (
            _code("denomination", "What is counted."),
            _code("account", "The account."),
            _whole("quantity", "What went in less what went out; above 0 is debit.", _IN_UNITS),
        ),
        ("denomination", "account"),
        (_to("denomination", "denominations", "code"), _to("account", "accounts", "account")),
        _balances,
    ),
    BookTable(
        "trial_balance",
        "What moved through an account of money, with its parts, and what it stands at after all records.",
        (
            _code("account", "The account, as it was opened."),
            _fen("debit_fen", "What was debited; what took back a credit lessens the credits instead."),
            _fen("credit_fen", "What was credited; what took back a debit lessens the debits instead."),
            _fen("closing_fen", "What it stands at; above 0 is debit."),
        ),
        ("account",),
        (_to("account", "accounts", "account"),),
        _trial_balance,
    ),
    BookTable(
        "vouchers",
        "The voucher (记账凭证) of a record that moves money.",
        (
            _whole("record", "The record.", "number"),
            _whole("year", "The year of the accounting date.", "year"),
            _whole("month", "Its month.", "month"),
            _whole("number", "记-number of that month.", "number"),
            _date("booked_on", "The accounting date."),
            _text("summary", "What it is about."),
            _fen("total_fen", "What all debits come to, and all credits."),
            _whole("attachments", "Sheets attached: the pages that are cited.", "sheets"),
            _text("preparer", "Who prepared it, by an office or a code.", required=True),
            _text("reviewer", "Who reviewed it."),
            _text("cashier", "Who paid or received."),
        ),
        ("record",),
        (_to("record", "records", "seq"),),
        _vouchers,
    ),
    BookTable(
        "voucher_lines",
        "A line of a voucher: an account, its parts together, on one side; what takes back an earlier one is below 0.",
        (
            _whole("record", "The voucher's record.", "number"),
            _whole("line", "Its place on the voucher, from 1.", "number"),
            _code("account", "The account, as it was opened."),
            _fen("debit_fen", "What is debited; 0 on the other side."),
            _fen("credit_fen", "What is credited; 0 on the other side."),
        ),
        ("record", "line"),
        (_to("record", "vouchers", "record"), _to("account", "accounts", "account")),
        _voucher_lines,
    ),
    BookTable(
        "documents",
        "A paper that a record cites.",
        (
            _whole("record", "The record.", "number"),
            _whole("n", "Its place among the record's papers, from 1.", "number"),
            _text("name", "The name of its file."),
            _text("pages", "The pages that are meant."),
            _text("sha256", f"Of its file: {_HASH}."),
        ),
        ("record", "n"),
        (_to("record", "records", "seq"),),
        _documents,
    ),
    BookTable(
        "resolutions",
        "The resolution that a record cites, with its votes.",
        (
            _whole("record", "The record.", "number"),
            _text("number", "Its number.", required=True),
            _text("meeting", "The meeting that took it.", words=MEETINGS),
            _date("day", "The day of the meeting.", required=False),
            _whole("entitled", "Votes entitled.", "votes"),
            _whole("present", "Votes present.", "votes"),
            _whole("votes_for", "Votes for it.", "votes"),
            _whole("votes_against", "Votes against it.", "votes"),
        ),
        ("record",),
        (_to("record", "records", "seq"),),
        _resolutions,
    ),
    BookTable(
        "share_classes",
        "A class of shares and its rights, as they stand after all records.",
        _OF_CLASSES,
        ("code",),
        (_to("code", "denominations", "code"),),
        _share_classes,
    ),
    BookTable(
        "holders",
        "Everybody who has a number: members and households, and others who hold or held something.",
        (
            _code("number", "The number; names stand apart and are not exported."),
            _text("sort", "What it is the number of.", required=True, words=("member", "household", "other")),
        ),
        ("number",),
        (),
        lambda known: known.holders.items(),
    ),
    BookTable(
        "members",
        "Somebody in the register, those who have left among them, as of the end.",
        (
            _code("number", "The number."),
            _text("kind", "What kind of member it is.", required=True, words=HOLDERS),
            _text("standing", "How it stands to the cooperative.", required=True, words=STANDINGS),
            _code("household", "The household.", required=False),
            Field("groups", "array", "The groups that it belongs to."),
            _whole("extra_votes", "Votes besides its own.", "votes"),
            _date("notice_on", "The day of a notice that stands.", required=False),
            _date("since", "The first day in the register."),
            _text("reason", "Why the standing changed last."),
        ),
        ("number",),
        (_to("number", "holders", "number"), _to("household", "households", "number")),
        _members,
    ),
    BookTable(
        "member_changes",
        "A change of a member: what was said of it in a record.",
        (
            _code("number", "The member."),
            _whole("record", "The record.", "number"),
            _date("effective_on", "The day from which it counts."),
            Field("fields", "object", "What changed, and to what."),
        ),
        ("number", "record"),
        (_to("number", "holders", "number"), _to("record", "records", "seq")),
        _member_changes,
    ),
    BookTable(
        "households",
        "A household as of the end.",
        (
            _code("number", "The number."),
            _code("head", "Its head.", required=False),
        ),
        ("number",),
        (_to("number", "holders", "number"), _to("head", "members", "number")),
        _households,
    ),
    BookTable(
        "holdings",
        "What a holder has of a class as of the end. Of a pooled class it is a part of what all have together.",
        (
            _code("share_class", "The class."),
            _code("holder", "The holder."),
            _whole("shares", "All that the holder has, to be divided by shared_by.", _OF_SHARES),
            _whole("shared_by", "By what it is divided: 1 but in pooled classes.", "number"),
            _whole("pledged", "What of it is pledged.", _OF_SHARES),
            _whole("frozen", "What of it is frozen.", _OF_SHARES),
            _whole("unpaid", "What of it is not paid in.", _OF_SHARES),
        ),
        ("share_class", "holder"),
        (_to("share_class", "share_classes", "code"), _to("holder", "holders", "number")),
        _holdings,
    ),
    BookTable(
        "contributions",
        "What somebody brought in for shares, without what was taken back.",
        (
            _code("number", "Its number."),
            _code("holder", "Who brought it in."),
            _code("share_class", "The class of the shares."),
            _text("kind", "What was brought in.", required=True),
            _whole("record", "The record.", "number"),
            _date("since", "The day from which it counts."),
            _date("ended_on", "The day on which it ended.", required=False),
            _fen("amount_fen", "What it was valued at; 0 if it was not."),
            _fen("value_fen", "The same, with later revaluations."),
            _fen("price_fen", "The price of a share.", required=False),
            _whole("shares", "The shares that it gave.", f"{_OF_SHARES}, as the record had it"),
            _date("starts_on", "Of a right: the first day of its term.", required=False),
            _date("ends_on", "The last day of its term.", required=False),
            _date("right_ends_on", "The last day of the right itself.", required=False),
            _text("basis", "How the contributor has it."),
            _whole("area", "Its area.", "1/100 mu", required=False),
            Field("parcels", "array", "Its parcels, by their numbers.", required=False),
            _text("contract", "The number of its contract or certificate."),
            _text("valued_by", "Who valued it."),
            _date("valued_on", "The day of the valuation.", required=False),
            _text("appraiser", "The institution that appraised it."),
        ),
        ("number",),
        (
            _to("holder", "holders", "number"),
            _to("share_class", "share_classes", "code"),
            _to("record", "records", "seq"),
        ),
        _contributions,
    ),
    BookTable(
        "revaluations",
        "Another value of a contribution from a day on.",
        (
            _code("contribution", "The contribution."),
            _whole("record", "The record.", "number"),
            _date("on", "The day from which it counts."),
            _fen("amount_fen", "What it was valued at."),
            _fen("difference_fen", "By how much that raised its value, or lowered it."),
        ),
        ("contribution", "record"),
        (_to("contribution", "contributions", "number"), _to("record", "records", "seq")),
        _revaluations,
    ),
    BookTable(
        "distribution_steps",
        "What a step of the distribution of a year's surplus came to.",
        (
            _whole("year", "The year.", "year"),
            _code("step", "The step of the waterfall."),
            _whole("record", "The record.", "number"),
            _date("on", "The day from which it counts."),
            _fen("due_fen", "What the step asks for."),
            _fen("amount_fen", "What there was for it."),
        ),
        ("year", "step"),
        (_to("record", "records", "seq"),),
        _distribution_steps,
    ),
    BookTable(
        "dividend_runs",
        "A dividend on its way, as its steps left it.",
        (
            _code("code", "Its code."),
            _text("stream", "What it is paid out of.", required=True),
            _text("period", "For which period.", required=True),
            _whole("instalment", "Which instalment of it.", "number"),
            _code("share_class", "Whose holders earn.", required=False),
            _code("step", "The step of the distribution that it pays.", required=False),
            _text("state", "How far it is.", required=True, words=STATES),
            Field("advance", "boolean", "Whether it is paid before there is a surplus."),
            _fen("total_fen", "The total that is split, or what there is at most.", required=False),
            Field("each_fen", "string", "An amount on each share, as a fraction.", "fen", required=False),
            _text("tax", "The part of each receipt that is withheld, as a fraction.", required=True),
            _fen("to_fen", "What every payment is a multiple of."),
            _fen("amount_fen", "What it came to when it was proposed."),
            _whole("holders", "How many got something then.", "holders"),
            _text("digest", f"Over who got what then: {_HASH}.", required=True),
            _whole("proposed_in", "The record of the proposal.", "number"),
            _date("proposed_on", "The day of it."),
            _whole("declared_in", "The record that says it is declared.", "number", required=False),
            _date("declared_on", "The day from which it is owed.", required=False),
        ),
        ("code",),
        (_to("proposed_in", "records", "seq"), _to("declared_in", "records", "seq")),
        _dividend_runs,
    ),
    BookTable(
        "dividend_dues",
        "What a holder is due of a run that is declared, and what became of it.",
        (
            _code("run", "The run."),
            _code("holder", "The holder."),
            _fen("declared_fen", "What was declared: all of the following together."),
            _fen("paid_fen", "Paid by bank or in cash."),
            _fen("set_off_fen", "Set off against a debt."),
            _fen("withheld_fen", "Withheld as tax."),
            _fen("lapsed_fen", "Lapsed by time."),
            _fen("otherwise_fen", "Settled otherwise."),
            _fen("in_kind_fen", "Given in goods."),
            _fen("retained_fen", "Kept by the cooperative in the holder's name."),
            _fen("reinvested_fen", "Reinvested in shares."),
            _fen("unpaid_fen", "Still owed, before tax."),
            _date("since", "Since when the last of it is owed."),
            Field("came_back", "boolean", "Whether a payment came back."),
        ),
        ("run", "holder"),
        (_to("run", "dividend_runs", "code"), _to("holder", "holders", "number")),
        _dividend_dues,
    ),
    BookTable(
        "contracts",
        "A contract that brings something in.",
        (
            _code("code", "Its code."),
            _code("counterparty", "With whom: a number of the register, or a code."),
            _text("title", "The title of its plan.", required=True),
            _whole("record", "The record that concluded it.", "number"),
            _date("starts_on", "The first day of the term of its latest plan."),
            _date("ends_on", "The last day of it."),
            _date("ended_on", "The day on which it ended early.", required=False),
            _fen("advance_fen", "What came in before anything was owed."),
        ),
        ("code",),
        (_to("record", "records", "seq"),),
        _contracts,
    ),
    BookTable(
        "contract_dues",
        "An instalment that a contract brings, past or to come, by its latest plan.",
        (
            _code("contract", "The contract."),
            _text("stream", "Of which stream.", required=True),
            _date("due", "The day on which it is due."),
            _whole("year", "The contract year.", "year"),
            _whole("instalment", "Which instalment of the year.", "number"),
            _date("since", "The first day of what it is for."),
            _date("until", "The last day of it."),
            _fen("amount_fen", "How much; nothing while a figure is not known.", required=False),
            _fen("received_fen", "What came in of it."),
            _fen("open_fen", "What did not."),
            _whole("record", "The record by which it fell due; none if it is not booked.", "number", required=False),
            _date("settled_on", "The day from which on nothing was open.", required=False),
            Field("void", "boolean", "Whether it lies past the twentieth year of a lease (民法典 705)."),
        ),
        ("contract", "stream", "due"),
        (_to("contract", "contracts", "code"), _to("record", "records", "seq")),
        _contract_dues,
    ),
)
"""All tables, in an order in which each is explained before what rests on it."""

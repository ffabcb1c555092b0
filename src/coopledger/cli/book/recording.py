"""Commands that write: one decision, one append, one line about what was recorded.

A command is a function of the view and of when and why; what it returns is appended. Its key is made of what was
typed, so that the same command typed twice by mistake is recorded once.
"""

import getpass
import json
import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

import click

from coopledger.cli.book.command import BookCommand, Option, Where, own_parameters, the_book, where_of, which_book
from coopledger.cli.book.opened import Opened, opened, today
from coopledger.cli.book.values import ACCOUNTS, CASH, DAY, DOCUMENT, RESOLUTION, Pair
from coopledger.cli.printing import as_typed, doing
from coopledger.core.balances import printed
from coopledger.core.chart import CONVERSION, MEMO, MONEY, Chart, Charts, Words, charts
from coopledger.core.charter import MU
from coopledger.core.citation import Document, Resolution
from coopledger.core.journal import Decision, Entry, Facts, Journal, Record, View, day_number
from coopledger.core.passing import REDEEM, TRANSFER
from coopledger.core.reversal import undone_by
from coopledger.core.run import RUN
from coopledger.core.table import Column, Table
from coopledger.core.voucher import lines
from coopledger.core.wording import kind_words, words
from coopledger.errors import CoopledgerError, KeyConflictError, RegisterError
from coopledger.reports.cells import place_called, unit_called
from coopledger.text import Language, Message, printable
from coopledger.text import said as in_words

ACTOR = "COOPLEDGER_ACTOR"
"""The environment variable that says who records, where the command does not."""

_SHOWN = 3
"""How many postings a line names."""

_NAMED = 12
"""How many records, and how many personal rows, a line names."""

_TOLD = frozenset({TRANSFER, REDEEM})
"""The kinds of records of which a line names every movement of shares."""

_ABOUT = ("act", "contract", "members", "households", "class", "through", "records", "run", "step", "was", "failed")
"""The facts that say what a record without postings is about."""


class Act(NamedTuple):
    """When something counts, when it is booked, and what it rests on."""

    on: date
    booked: date
    documents: tuple[Document, ...]
    resolution: Resolution | None

    @property
    def days(self) -> dict[str, Any]:
        """The two days, as the verbs of the register take them."""
        return {"effective_on": self.on, "booked_on": self.booked}

    @property
    def papers(self) -> dict[str, Any]:
        """The documents and the resolution, as the verbs take them."""
        return {"documents": self.documents, "resolution": self.resolution}


class Manner(NamedTuple):
    """How something is to be recorded: by whom, under which key, in earnest or not."""

    actor: str | None
    key: str | None
    again: bool
    dry_run: bool
    confirm_clock: bool


_COUNTS = "The day from which it counts; today if left out."
"""What the help says of --on."""


class After(NamedTuple):
    """What is said once something is recorded, or would be: tables, and notes."""

    tables: list[Table]
    notes: list[Message]


Verb = Callable[..., Iterable[Entry]]
"""A function of a view, an act and a command's own options."""


def recording(
    name: str,
    example: str,
    *,
    documents: bool = True,
    resolution: bool | str = True,
    personal: Collection[str] = (),
    stateful: bool | str = False,
    on: str = _COUNTS,
    shows: Callable[[View, Facts], list[Table]] | None = None,
    notes: Callable[[View, Facts, Sequence[Record]], Iterable[Message]] | None = None,
) -> Callable[[Verb], BookCommand]:
    """A command that records something.

    ``resolution="needed"`` if it cannot do without. The options named ``personal`` are left out of the key: it stays
    in the book for ever, and what is erased must not be found in it. Of a ``stateful`` command (lock, amortise) the
    same words mean something else once the book has moved on: its key has the number of the next record. Of one that
    is so unless an option says what is meant, it is the name of that. ``on`` is what
    the help says of --on, where the day does not say from when it counts. ``shows`` are tables that are printed once it
    is recorded, or would be, by the command's own options; ``notes`` what is to be known of the records then, beside
    the output.
    """
    own_options = [
        _on(on),
        _BOOKED,
        *([_DOCUMENT] if documents else []),
        *([_NEEDED if resolution == "needed" else _RESOLUTION] if resolution else []),
    ]

    def decorate(verb: Verb) -> BookCommand:
        flags = {one.name for one in own_parameters(verb) if isinstance(one, click.Option) and _is_flag(one)}

        accounts = [one.name for one in own_parameters(verb) if one.name and one.type in ACCOUNTS]

        def callback(**given: Any) -> None:
            where = where_of(given)
            manner = Manner(*[given.pop(one) for one in Manner._fields])
            on: date = given.pop("effective_on") or today()
            booked: date | None = given.pop("booked_on")
            papers = (tuple(given.pop("documents", ())), given.pop("resolution", None))
            content = {"on": on, "booked": booked, "documents": papers[0], "resolution": papers[1], **given}
            said = {one: seen for one, seen in content.items() if one not in personal and (seen or one not in flags)}

            def decide(view: View, stood: date | None) -> Iterable[Entry]:
                return verb(view, Act(on, booked or stood or _open_day(view, on), *papers), **given)

            with opened(where) as book:
                if any(said.get(one) for one in accounts):
                    with book.journal.read() as view:
                        said |= {one: _resolved(view, booked or on, said.get(one)) for one in accounts}
                derived = derived_key(name, said)
                moves_on = given[stateful] is None if isinstance(stateful, str) else stateful
                manner = manner._replace(again=manner.again or moves_on)

                def after(view: View, records: Sequence[Record]) -> After:
                    tables = shows(view, given) if shows else []
                    return After(tables, [*notes(view, given, records)] if notes else [])

                record(book, where, manner, derived, decide, after if shows or notes else None)

        callback.__doc__ = verb.__doc__
        params = [*the_book(), *own_parameters(verb), *own_options, *_MANNER, *which_book()]
        return BookCommand(name, callback, params, example)

    return decorate


def record(
    book: Opened,
    where: Where,
    manner: Manner,
    derived: str,
    decide: Callable[[View, date | None], Iterable[Entry]],
    after: Callable[[View, Sequence[Record]], After] | None = None,
) -> None:
    """Append what is decided, and say what was recorded; or, in a dry run, show it and write nothing.

    What decides is told the day on which it was booked the first time, if the command is a repetition. Nothing is being
    read while the append commits: a file without a write-ahead log lets no writer past a reader, this one included.
    """
    with book.journal.read() as view:
        before = view.head
    own = f"{derived}/{before.seq + 1}" if manner.again else derived
    decided: list[Entry] = []

    def decision(view: View) -> list[Entry]:
        stood = None
        if view.head.seq < before.seq:  # a repetition sees the book as it was when the first was decided
            with book.journal.read() as latest:
                stood = latest.record(view.head.seq + 1).booked_on
        decided[:] = decide(view, stood)
        if not manner.dry_run:
            doing(Message("worked out: {count}; being written …", count=_size(decided)), where.language)
        return decided

    append: dict[str, Any] = {
        "key": manner.key or own,
        "actor": manner.actor or login(),
        "confirm_clock": manner.confirm_clock,
    }
    if manner.dry_run:
        _tried(book, where, decision, append, None if manner.key else derived, after)
        _note_days_to_come(decided, where)
        return
    doing(Message("the book is being read …"), where.language)
    try:
        records = _appended(book.journal, before.seq, decision, append, None if manner.key else derived)
    except KeyConflictError as error:
        raise (error if manner.key else _by_another(error)) from None
    finally:
        doing(None, where.language)
    if not records:
        said = Message("there is nothing to record")
    elif records[0].seq <= before.seq:
        said = _stands_already(records)
    else:
        with book.journal.read() as view:
            said = _recorded(records, decided, charts(view), where.language)
    click.echo(said.say(where.language))
    if after is not None:
        with book.journal.read() as view:
            tables, notes = after(view, records)
        if tables and records:
            click.echo(f"\n{table_text(tables, where)}", nl=False)
        _note(notes, where)
    _note_days_to_come(decided, where)


def _appended(
    journal: Journal, head: int, decision: Decision, append: dict[str, Any], derived: str | None
) -> list[Record]:
    """Append under the key of the command, unless what stands under it was undone since: that is no repetition.

    Then the key has the number of what undid it, so that the same command typed twice by mistake is recorded once.
    """
    while True:
        conflict: KeyConflictError | None = None
        try:
            records = journal.append(decision, **append)
            stands = records[0].seq if records and records[0].seq <= head else None
        except KeyConflictError as error:
            if derived is None:
                raise
            records, conflict, stands = [], error, int(error.message.values["seq"])
        undone = None
        if stands is not None and derived is not None:
            with journal.read() as view:
                undone = undone_by(view, stands)
        if undone is not None:
            append = {**append, "key": f"{derived}/{undone}"}
        elif conflict is not None:
            raise conflict
        else:
            return records


def record_options() -> list[Option]:
    """The options that all commands that record something share; some have no documents or resolution."""
    return [_on(_COUNTS), _BOOKED, _DOCUMENT, _RESOLUTION, *_MANNER]


def account_of(view: View, act: Act, named: str | None) -> str | None:
    """An account by its code (``c2023:102``), or in the chart in force.

    There it has a code (``102``), a name in two languages (``银行存款``) and, of many, a purpose (``bank``).
    """
    if named is None or ":" in named:
        return named
    chart = charts(view).in_force(act.booked)
    if account := _account_in(chart, named):
        return account
    raise RegisterError(
        Message(
            "{account}: the chart {chart} has no account of this name, code or purpose: a name or a code of it (102), "
            "or one of {known}, is expected",
            account=printable(named),
            chart=chart.code,
            known=[_purpose(chart, one) for one in sorted(chart.roles)],
        )
    )


def role_of(view: View, act: Act, named: str) -> str:
    """The purpose of an account in the chart in force, as verbs of funds take it, by the names of :func:`account_of`.

    What is an account without a purpose is refused as one that the chart has not.
    """
    account, chart = account_of(view, act, named), charts(view).in_force(act.booked)
    if found := [one for one in sorted(chart.roles) if chart.account(one) == account]:
        return found[0]
    raise RegisterError(
        Message(
            "{account} has no purpose in the chart {chart}: one of {known} is expected",
            account=printable(named),
            chart=chart.code,
            known=[_purpose(chart, one) for one in sorted(chart.roles)],
        )
    )


def _account_in(chart: Chart, named: str) -> str | None:
    """The account of a chart that is meant by its code, its purpose or its name, or by the code or name and a part."""
    bare, stroke, part = named.partition("/")
    if bare in chart.accounts:
        return f"{chart.code}:{named}"
    if (role := named.replace("-", " ")) in chart.roles:
        return chart.account(role)
    name = bare.replace("-", " ")
    found = [one.code for one in chart.accounts.values() if name in {said.replace("-", " ") for said in one.name}]
    if not found:
        said = [role for role in chart.roles if role in _SAID and named == _SAID[role].say("zh")]
        if said:
            return chart.account(said[0])
    return f"{chart.code}:{found[0]}{stroke}{part}" if len(found) == 1 else None


def _purpose(chart: Chart, role: str) -> Words:
    """A purpose as it is typed; for a reader of Chinese with the name of its account, if it has all of that."""
    word, found = role.replace(" ", "-"), chart.accounts.get(chart.roles[role])
    chinese = found.name.zh if found else _SAID[role].say("zh") if role in _SAID else ""
    return Words(word, f"{chinese}（{word}）" if chinese else word)


_SAID = {"cash": CASH, "reserve": Message("reserve"), "welfare fund": Message("welfare fund")}
"""What tables call the accounts of purposes whose names in a chart are others, or which are parts of an account."""


def _resolved(view: View, on: date, named: str | tuple[Pair, ...] | None) -> object:
    """What an option says of accounts, by their codes in the chart of a day, for the key; as typed if it has none.

    The day is one that the command itself says: the key of a repetition is the same, whatever was locked meanwhile.
    """
    earlier = [chart for since, chart in charts(view).adopted if since <= on]
    if named is None or not earlier:
        return named
    if isinstance(named, str):
        return _account_in(earlier[-1], named) or named
    return tuple(one._replace(name=_account_in(earlier[-1], one.name) or one.name) for one in named)


def by_account(view: View, act: Act, named: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Amounts in fen by account. Raises RegisterError for an account that two names mean, its code and its purpose."""
    found: dict[str, int] = {}
    names: dict[str, str] = {}
    for name, fen in named:
        account = str(account_of(view, act, name))
        if account in found:
            raise RegisterError(
                Message(
                    "{first} and {second} are one account, {account}: one amount for it is expected",
                    first=printable(names[account]),
                    second=printable(name),
                    account=printable(account),
                )
            )
        found[account], names[account] = fen, name
    return found


def login() -> str:
    """The name of whoever works here: what the environment says, or that by which the machine knows him."""
    if named := os.environ.get(ACTOR):
        return named
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise CoopledgerError(Message("nobody knows who works here: say it with --actor or COOPLEDGER_ACTOR")) from None


def table_text(tables: Iterable[Table], where: Where) -> str:
    """Tables as they are printed, one after the other."""
    from coopledger.files.text_table import text_table

    return "\n".join(text_table(one, where.language) for one in tables)


# ---------------------------------------------------------------- what is shared by all of them

_BOOKED = Option(
    ["--booked", "booked_on"],
    type=DAY,
    metavar="DAY",
    help="The accounting date; the same day if left out, or today if that day is locked.",
)
_DOCUMENT = Option(
    ["--document", "documents"],
    type=DOCUMENT,
    multiple=True,
    metavar="FILE[:PAGES]",
    help="A paper that it rests on, cited by name, pages and SHA-256. Several are accepted.",
)
_RESOLUTION_SETTINGS: dict[str, Any] = {
    "type": RESOLUTION,
    "metavar": "NUMBER,MEETING,DAY,VOTES",
    "help": "What a meeting decided; the votes as entitled/present/for/against.",
}
_RESOLUTION = Option(["--resolution"], **_RESOLUTION_SETTINGS)
_NEEDED = Option(["--resolution"], required=True, **_RESOLUTION_SETTINGS)
_MANNER = [
    Option(
        ["--actor"],
        metavar="NAME",
        help="Who records it, by an office or a code: it stays in the chain for good. "
        "If left out, COOPLEDGER_ACTOR, or your login name.",
    ),
    Option(["--key"], metavar="TEXT", help="The key that makes a repetition harmless; made of the command."),
    Option(["--again"], is_flag=True, help="The same was recorded before: record it once more, on purpose."),
    Option(["--dry-run"], is_flag=True, help="Show what would be recorded, and write nothing."),
    Option(["--confirm-clock"], is_flag=True, help="The clock is right, though it is far ahead of the last record."),
]


def derived_key(name: str, content: Facts) -> str:
    """The key of a command: its name, and a fingerprint of what was said. Options that say nothing do not count.

    ``--no-vote`` says something, being one half of a pair. Flags that are off are left out by who calls this.
    Bytes of a command line that are no text have a key as well: what reads them refuses them, and says where.
    """
    said = {one: seen for one, seen in content.items() if seen is not None and seen != ()}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)
    return f"{name} {sha256(unicodedata.normalize('NFC', text).encode(errors='surrogatepass')).hexdigest()[:16]}"


def _on(said: str) -> Option:
    return Option(["--on", "effective_on"], type=DAY, metavar="DAY", help=said)


def _is_flag(one: click.Option) -> bool:
    """Whether an option is on or off, and not one of two halves (``--vote/--no-vote``) or neither."""
    return one.is_flag and not one.secondary_opts


def _open_day(view: View, on: date) -> date:
    """The accounting date if none is given: the day itself, or today if its period is locked."""
    locked = view.record(view.head.seq).locked_through if view.head.seq else 0
    return on if day_number(on) > locked else today()


# ---------------------------------------------------------------- what is said about it


def _recorded(records: Sequence[Record], entries: Sequence[Entry], book: Charts, language: Language) -> Message:
    first, last = records[0], records[-1]
    own = [one for one in records if one.kind != CONVERSION] or records  # what it carries over has its own days
    values: dict[str, Any] = {
        "seq": first.seq if first is last else f"{first.seq}–{last.seq}",
        "what": _what(records, entries, book, language),
        "on": _days([one.effective_on for one in own]),
        "booked": _days([one.booked_on for one in own]),
        "head": f"{last.seq}:{last.hash.hex()[:8]}",
    }
    if values["on"] == values["booked"]:
        return Message("record {seq}: {what}; {on}; head {head}", **values)
    return Message("record {seq}: {what}; {on}, booked {booked}; head {head}", **values)


def _days(days: Collection[date]) -> str:
    """The day of records, or the first and the last."""
    first, last = min(days), max(days)
    return str(first) if first == last else f"{first}–{last}"


def _note_days_to_come(entries: Iterable[Entry], where: Where) -> None:
    """Say of a record that it counts from a day to come: a mistyped year would not be seen for long."""
    now = today()
    if later := [one.effective_on for one in entries if one.effective_on > now]:
        said = Message(
            "note: it counts from {day}, which is still to come: today is {today}", day=max(later), today=now
        )
        click.echo(said.say(where.language), err=True)


def _note(notes: Iterable[Message], where: Where) -> None:
    for one in notes:
        click.echo(as_typed(one.say(where.language)), err=True)


def _stands_already(records: Sequence[Record]) -> Message:
    first, last = records[0].seq, records[-1].seq
    seq = first if first == last else f"{first}–{last}"
    if "again" in click.get_current_context().params:
        return Message(
            "record {seq} says the same already: nothing was written (to record it once more: --again)", seq=seq
        )
    return Message("record {seq} says the same already: nothing was written", seq=seq)


def _size(entries: Iterable[Entry]) -> str:
    """How much is to be written: postings, or the holders for whom a dividend is proposed."""
    total = 0
    for one in entries:
        holders: Any = one.facts.get("holders") if one.kind == RUN else None
        total += holders or len(one.postings) or 1
    return f"{total:,}"


def _by_another(error: KeyConflictError) -> KeyConflictError:
    """The refusal of what was typed twice, the second time by somebody else: in words, for nobody typed a key."""
    said = error.message.values
    if said.get("name") != "actor":
        return error
    return KeyConflictError(
        Message(
            "record {seq} says the same already, by {actor}: nothing was written (to record it once more: --again)",
            seq=said["seq"],
            actor=said["was"],
        )
    )


def _what(records: Sequence[Record], entries: Sequence[Entry], book: Charts, language: Language) -> str:
    """The kinds of the records, the first postings, and whose personal rows were written."""
    named = [*dict.fromkeys(_named(one, language) for one in records[:_NAMED])]
    kinds = in_words([*named, *([f"… ({len(records)})"] if len(records) > _NAMED else [])], language)
    on = records[-1].booked_on
    moved = [posting for one in records for posting in one.postings]
    told = [
        posting for one in records if one.kind in _TOLD for posting in one.postings if _is_share(posting.denomination)
    ]
    shown = [*told, *[one for one in moved if one not in told][: max(_SHOWN - len(told), 0)]]
    some: list[Message | str] = []
    for one in shown:
        movement = (
            f"{printed(one.quantity, book.ground.denominations[one.denomination].digits)} "
            f"{in_words(unit_called(book, one.denomination), language)} "
            f"{in_words(place_called(book, one.source, on), language)} → "
            f"{in_words(place_called(book, one.target, on), language)}"
        )
        some.append(Message("{movement} (lot {lot})", movement=movement, lot=one.lot) if one.lot else movement)
    if len(moved) > len(shown):
        some.append(f"… ({len(moved)})")
    rows = [pair for one in entries for pair in one.personal.items()]
    some += [f"{subject[2:]}: {_masked(row, language)}" for subject, row in rows[:_NAMED]]
    some += [f"… ({len(rows)})"] if len(rows) > _NAMED else []
    return printable(" ".join([kinds, *([in_words(some, language)] if some else [])]))


def _is_share(denomination: str) -> bool:
    return not (denomination in {MONEY, MU.code} or denomination.startswith(MEMO))


def _named(one: Record, language: Language) -> str:
    """The kind of a record, and what it is about where no posting says so."""
    about_it = [_about(name, seen) for name in _ABOUT if (seen := one.facts.get(name))]
    kind = kind_words(one.kind)
    if not about_it or one.postings:
        return in_words(kind, language)
    return Message("{kind} ({about})", kind=kind, about=about_it).say(language)


def _about(name: str, seen: object) -> Message | str:
    """A fact that says what a record is about, on one line."""
    if name == "failed" and isinstance(seen, Mapping):
        why = [Message("{number} {why}", number=printable(one), why=words(str(seen[one]))) for one in seen]
        return Message("not paid: {failed}", failed=why)
    if name == "was":
        return Message("it was {state}", state=words(str(seen)))
    if isinstance(seen, list | Mapping):
        return " ".join(str(each) for each in seen)
    return _said(name, str(seen))


def _said(name: str, seen: str) -> Message | str:
    """A fact in words, if it is a word of ours. A code that was chosen for a class or a fund may look like one."""
    return kind_words(seen) if name in {"act", "step"} else printable(seen)


def _masked(row: Facts, language: Language) -> str:
    """What a personal row has, its ID number masked and nothing else said."""
    from coopledger.core.personal import masked

    own = {name: in_words(words(name), language) for name in row}
    return in_words(
        [f"{own[name]} {masked(str(seen))}" if name == "id" else own[name] for name, seen in row.items()], language
    )


# ---------------------------------------------------------------- dry runs


def _tried(
    book: Opened,
    where: Where,
    decision: Decision,
    append: dict[str, Any],
    derived: str | None,
    after: Callable[[View, Sequence[Record]], After] | None,
) -> None:
    """Append within a transaction that is rolled back: everything is checked as in earnest."""
    with book.engine.connect() as connection:
        writing = connection.execution_options(coopledger_write=True)
        transaction = writing.begin()
        try:
            within = book.journal.within(writing)
            with within.read() as view:
                before = view.head
            records = _appended(within, before.seq, decision, append, derived)
            with within.read() as view:
                tables = _as_tables(records, charts(view), where.language)
                more = after(view, records) if after is not None else After([], [])
        finally:
            transaction.rollback()
    if records and records[0].seq <= before.seq:
        click.echo(_stands_already(records).say(where.language))
        return
    text = (
        table_text([*tables, *more.tables], where)
        if records
        else Message("there is nothing to record").say(where.language) + "\n"
    )
    click.echo(f"{text}\n{Message('a dry run: nothing was written').say(where.language)}")
    _note(more.notes, where)


def _as_tables(records: Sequence[Record], book: Charts, language: Language) -> list[Table]:
    postings = [
        [
            str(record.seq),
            kind_words(record.kind),
            str(record.effective_on),
            str(record.booked_on),
            *(
                ["", "", "", ""]
                if one is None
                else [
                    place_called(book, one.source, record.booked_on),
                    place_called(book, one.target, record.booked_on),
                    printed(one.quantity, book.ground.denominations[one.denomination].digits),
                    unit_called(book, one.denomination),
                ]
            ),
        ]
        for record in records
        for one in record.postings or (None,)
    ]
    columns = [
        Column(Message("record"), number=True),
        Column(Message("kind")),
        Column(Message("effective")),
        Column(Message("booked")),
        Column(Message("from")),
        Column(Message("to")),
        Column(Message("quantity"), number=True),
        Column(Message("unit")),
    ]
    tables = [Table(Message("what would be recorded"), columns, postings)]
    vouchers = [
        [
            str(record.seq),
            one.account.rpartition(":")[2],
            one.name.say(language),
            printed(one.debit_fen, 2) if one.debit_fen else "",
            printed(one.credit_fen, 2) if one.credit_fen else "",
        ]
        for record in records
        for one in lines(record, book)
    ]
    if vouchers:
        columns = [
            Column(Message("record"), number=True),
            Column(Message("account")),
            Column(Message("account name")),
            Column(Message("debit"), number=True),
            Column(Message("credit"), number=True),
        ]
        tables.append(Table(Message("its vouchers"), columns, vouchers))
    return tables

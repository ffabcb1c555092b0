"""Founding a book: ``create``, its tables (``upgrade``, ``grant``), its charter, charts and share classes."""

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, get_args

import click

from coopledger.cli.book.command import Where, argument, keeping, option, without_password
from coopledger.cli.book.opened import Opened, clock, engine_at, today
from coopledger.cli.book.recording import Act, Manner, account_of, derived_key, login, record, recording
from coopledger.cli.book.values import (
    ACCOUNT,
    CAP,
    DAY,
    FEN,
    PART,
    REASON,
    OneOf,
    Pair,
    Read,
    pair,
    read_fen_either_way,
)
from coopledger.cli.language import spoken
from coopledger.core.ahead import in_turn
from coopledger.core.amendment import change_charter
from coopledger.core.basis import class_of
from coopledger.core.chart import CHARTS, adopt, charts
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Charter, Steps, book, check_waterfall, found
from coopledger.core.conversion import C2004_TO_C2023, C2007_TO_C2021, convert_chart
from coopledger.core.journal import Entry, View, code
from coopledger.core.redenomination import change_class
from coopledger.core.share_class import KINDS, PRESETS, ShareClass, class_on, classes, open_class, preset, units
from coopledger.core.waterfall import Waterfall, all_steps
from coopledger.errors import CoopledgerError, EntryError, StoreError
from coopledger.text import Language, Message, printable

if TYPE_CHECKING:
    from sqlalchemy import Engine

_LAWS = {"collective": COLLECTIVE, "specialised": SPECIALISED}
_PRESET_NAMES = {code: one.name for code, one in PRESETS.items()}
_CHARTS_OF = {"collective": ["c2004", "c2023"], "specialised": ["c2007", "c2021"]}
_MAPPINGS = {("c2004", "c2023"): C2004_TO_C2023, ("c2007", "c2021"): C2007_TO_C2021}


def _read_waterfall(path: str) -> Waterfall:
    from coopledger.files.waterfall_file import load_waterfall

    return load_waterfall(path)


_WATERFALL = option(
    "--waterfall",
    type=Read("file", _read_waterfall),
    metavar="FILE",
    help="A TOML file with the steps that a year's surplus runs through, or with a law's order (preset) and its rates.",
)


def _note_broken(charter: Charter, language: Language) -> None:
    """Say which rules of its law a charter's waterfall breaks."""
    for broken in check_waterfall(charter):
        _note(Message("note: {where}: {broken}", where=broken.where, broken=broken.message), language)


def _note_classes(view: View, charter: Charter, language: Language) -> None:
    """Say which classes a charter's waterfall names that the book has not: they may come later, or be mistyped."""
    known = classes(view)
    for step in all_steps(charter.waterfall.steps if charter.waterfall else ()):
        if (cls := class_of(step.by)) and cls not in known:
            _note(
                Message(
                    "note: step {step}: there is no class {cls} yet, the book has {known}: open it before a surplus is "
                    "distributed, or correct the waterfall",
                    step=step.code,
                    cls=printable(cls),
                    known=[*known] or "-",
                ),
                language,
            )
        elif step.by in known:
            _note(
                Message(
                    "note: step {step}: {by} is a basis of one's own, told each year (--basis); that of the class is "
                    "'class {by}'",
                    step=step.code,
                    by=printable(step.by),
                ),
                language,
            )


@keeping(
    "create",
    "coopledger book create new.db --name 示例村股份经济合作社 --law collective --chart c2023 --on 2026-01-01",
)
@option("--name", required=True, help="The cooperative's name.")
@option("--law", type=OneOf(_LAWS), required=True, help="The law whose rules of membership it follows.")
@option("--chart", type=OneOf(CHARTS), help="The chart of accounts; without one no money is booked.")
@_WATERFALL
@option("--on", type=DAY, metavar="DAY", help="The day from which the book is kept; today if left out.")
@option(
    "--actor",
    metavar="NAME",
    help="Who founds it, by an office or a code: it stays in the chain for good. "
    "If left out, COOPLEDGER_ACTOR, or your login name.",
)
def create(
    where: Where,
    name: str,
    law: str,
    chart: str | None,
    waterfall: Waterfall | None,
    on: date | None,
    actor: str | None,
) -> None:
    """Make a new book in BOOK, a file or a database's URL, and say whose it is.

    Its code is --named, or the file's name without its ending; it stands under every hash of the book. The tables are
    made if there are none.
    """
    from coopledger.store.database import create_book, open_book
    from coopledger.store.memory import MemoryJournal

    day = on or today()
    named = where.named or code_of(where.database)
    charter_of_it = _LAWS[law]._replace(waterfall=waterfall)
    decisions = [found(name, charter_of_it, effective_on=day)]
    if chart:
        decisions.append(adopt(CHARTS[chart], effective_on=day))
    founding = in_turn(*decisions)
    key = derived_key("create", {"name": name, "law": law, "chart": chart, "waterfall": waterfall, "on": day})
    manner = Manner(actor or login(), key, again=False, dry_run=False, confirm_clock=True)
    # What can be refused is refused before a file is made.
    MemoryJournal(named, clock=clock).append(founding, key=key, actor=str(manner.actor))
    with engine_at(where, there=False) as engine:
        check_for_books(engine, where)
        try:
            journal = create_book(engine, named, schema=where.schema, clock=clock)
        except StoreError as refusal:  # it is there: perhaps its founding was cut off, or this command is typed again
            try:
                journal = open_book(engine, named, schema=where.schema, clock=clock)
            except StoreError:
                raise refusal from None
        record(Opened(engine, journal), where, manner, key, lambda view, _: founding(view))
        if waterfall is not None:
            _note_broken(charter_of_it, where.language)
            with journal.read() as view:
                _note_classes(view, charter_of_it, where.language)
    if chart:
        _note_early(chart, day, where.language)
        if chart not in _CHARTS_OF[law]:
            _note(
                Message("note: {chart} is not of this law, whose are {charts}", chart=chart, charts=_CHARTS_OF[law]),
                where.language,
            )


@keeping("upgrade", "coopledger book upgrade hill.db")
def upgrade_command(where: Where) -> None:
    """Bring the tables of a database to the shape in which this version keeps books.

    No record changes. Keep a copy of the file before you upgrade it.
    """
    from coopledger.store.upgrade import current, newest, no_books, upgrade

    with engine_at(where) as engine, engine.execution_options(coopledger_write=True).begin() as connection:
        before = current(connection, schema=where.schema)
        if before is None:
            raise no_books(connection)
        upgrade(connection, schema=where.schema)
    said = Message("the tables are at revision {now}", now=newest())
    if before != newest():
        said = Message("the tables went from revision {before} to {now}", before=before, now=newest())
    click.echo(said.say(where.language))


@keeping("grant", "coopledger book grant postgresql://owner@localhost/books village_app")
@argument("role")
@option("--run", is_flag=True, help="Run the statements; otherwise they are printed.")
def grant_command(where: Where, role: str, run: bool) -> None:
    """Let ROLE read the tables and append to them, and nothing else (PostgreSQL).

    The owner of the tables and the application are two roles: the owner upgrades and erases, the application cannot
    change or remove a record. The statements are printed, or run with --run. They are refused where there are no
    books; only where no server answers they are printed unseen.
    """
    from coopledger.store.grant import grant, grants

    if not run:
        with engine_at(where) as engine:
            if engine.dialect.name != "postgresql":
                raise StoreError(
                    Message("{database}: PostgreSQL has roles, this database has none", database=engine.dialect.name)
                )
            _check_if_it_answers(engine, where)
        for statement in grants(role, where.schema):
            click.echo(f"{statement.rstrip(';')};")
        return
    with engine_at(where) as engine, engine.execution_options(coopledger_write=True).begin() as connection:
        grant(connection, role, where.schema)
    click.echo(Message("{role} may read and append", role=printable(role)).say(where.language))


@recording(
    "charter",
    "coopledger book charter hill.db --notice-months 3 --resolution 2026-2,members,2026-02-01,300/240/220/3 "
    "--on 2026-02-01",
    resolution="needed",
)
@option("--notice-months", type=click.IntRange(0), help="Months of notice before a person's membership ends.")
@option("--notice-months-institution", type=click.IntRange(0), help="The same for institutions.")
@option("--ends-at-year-end/--ends-any-day", default=None, help="Membership ends with the accounting year.")
@option("--votes", type=OneOf(["member", "share"]), help="One vote each member, or each whole share.")
@option("--extra-votes", type=PART, help="The part of all votes that may be given on top, such as 20%.")
@option("--quorum", type=PART, help="The part of all votes that must be present at a meeting, such as 2/3.")
@option("--majority", type=PART, help="The part of all votes, present or not, that adopts a resolution.")
@option("--charter-majority", type=PART, help="The same for a change of the charter.")
@option(
    "--members-only/--representatives",
    default=None,
    help="Only the members' own meeting decides on the charter and on shares, or their representatives may.",
)
@option("--disclosure-days", type=click.IntRange(0), help="Days for which a dividend lies open before it is voted on.")
@option(
    "--steps",
    type=OneOf(get_args(Steps)),
    help="What a dividend goes through: plain (proposed, disclosed, approved), or all of 四议两公开.",
)
@option("--lapse-years", type=click.IntRange(0), help="Years after which a dividend nobody came for lapses; 0: never.")
@_WATERFALL
def charter(view: View, act: Act, **policies: Any) -> Iterable[Entry]:
    """Change policies of the charter from a day on."""
    chosen = _chosen(policies)
    now = book(view, act.on).charter._replace(**chosen)
    if "waterfall" in chosen:
        language = click.get_current_context().params.get("lang") or spoken()
        _note_broken(now, language)
        _note_classes(view, now, language)
    return change_charter(now, **act.days, **act.papers)(view)


@recording(
    "chart",
    "coopledger book chart hill.db c2023 --on 2026-01-01",
)
@argument("chart", type=OneOf(CHARTS))
def chart_command(view: View, act: Act, chart: str) -> Iterable[Entry]:
    """Keep the accounts by CHART from a day on: c2004, c2007, c2021 or c2023.

    A chart that is in force already is opened again, with the accounts that this version knows.
    """
    _note_early(chart, act.on, click.get_current_context().params.get("lang") or spoken())
    return adopt(CHARTS[chart], **act.days, **act.papers)(view)


@recording("convert-chart", "coopledger book convert-chart old.db c2023 --on 2024-01-01")
@argument("chart", type=OneOf(CHARTS))
@option(
    "--map",
    "mapped",
    type=pair(str, "132=131"),
    multiple=True,
    help="An account of the old chart and the one that takes its balance.",
)
@option(
    "--split",
    "splits",
    type=pair(str, "132=131:1000,132:500"),
    multiple=True,
    help="An account whose balance goes to several, each with its yuan (credit balances with a minus).",
)
def convert_chart_command(
    view: View, act: Act, chart: str, mapped: tuple[Pair, ...], splits: tuple[Pair, ...]
) -> Iterable[Entry]:
    """Go over to CHART: every balance of the old chart moves to the new one.

    What is booked in the old chart afterwards is moved by the same command with --again. The accounts of the
    conversions that the state ordered (c2004 to c2023, c2007 to c2021) are mapped already.
    """
    earlier = [old.code for since, old in charts(view).adopted if old.code != chart and since <= act.on]
    known = _MAPPINGS.get((earlier[-1], chart), {}) if earlier else {}
    return convert_chart(
        CHARTS[chart],
        {**known, **{one.name: one.value for one in mapped}},
        splits={one.name: _split(one.value) for one in splits},
        **act.days,
        **act.papers,
    )(view)


def _note_early(chart: str, on: date, language: Language) -> None:
    """Say of a chart that it is kept from a day on which it was not in force yet."""
    since = CHARTS[chart].since
    if on < since:
        _note(
            Message("note: {chart} came into force on {since}, after {day}", chart=chart, since=since, day=on), language
        )


def _note(said: Message, language: Language) -> None:
    click.echo(said.say(language), err=True)


def _rights(function: Any) -> Any:  # noqa: ANN401 - a function under its options
    """The options of a class's rights that may change later as well."""
    for one in reversed(
        [
            option("--name", help="Its name, such as 土地股."),
            option(
                "--capital",
                type=ACCOUNT,
                help="The account of its capital: share-capital, 301. '-' if it is none.",
            ),
            option("--dividend/--no-dividend", default=None, help="Whether it earns."),
            option("--vote/--no-vote", default=None, help="Whether it votes."),
            option("--preference", type=int, help="The higher is served first; 0 is ordinary."),
            option("--rate", type=PART, help="A preferred class's yearly rate on par, such as 6%."),
            option("--level", type=OneOf(["person", "household"]), help="Who holds it: persons or households."),
            option("--holders", type=OneOf(KINDS), multiple=True, help="Which kinds may hold it."),
            option("--issued-to", type=OneOf(["anyone", "members"]), help="To whom it may be issued."),
            option(
                "--passes-to",
                type=OneOf(["anyone", "members", "household", "nobody"]),
                help="To whom it may be sold or given.",
            ),
            option(
                "--inherited-by",
                type=OneOf(["anyone", "members", "household", "nobody"]),
                help="Who may inherit it.",
            ),
            option("--cap", type=CAP, help="The most that one holder may have: 3%, or a number of shares."),
            option("--earns", type=OneOf(["subscribed", "paid-in"]), help="What it earns on (认缴, 实缴)."),
            option("--lock-in-days", type=click.IntRange(0), help="Days from its issue in which a share may not move."),
            option("--locked-until", type=DAY, metavar="DAY", help="The whole class may not move before this day."),
            option("--group", help="Of a pooled class: eligible are the people of this group only."),
            option("--on-leaving", type=OneOf(["refund", "spread", "keep"]), help="What becomes of a leaver's shares."),
            option("--management", type=OneOf(["static", "dynamic"]), help="生不增死不减, or re-balanced."),
            option("--source", help="The law or charter that says so."),
        ]
    ):
        function = one(function)
    return function


@recording("class", "coopledger book class hill.db tea --preset cash --capital c2023:301 --par 10 --on 2026-01-01")
@argument("code", metavar="CODE")
@option(
    "--preset", "kind", type=OneOf(PRESETS, _PRESET_NAMES), required=True, help="The kind of class that it follows."
)
@option("--digits", type=click.IntRange(0, 9), help="Decimals of a share.")
@option("--par", "par_fen", type=FEN, metavar="YUAN", help="The par value of a share.")
@option("--pooled/--not-pooled", default=None, help="Held in equal parts by whoever is eligible on the day.")
@_rights
def class_command(view: View, act: Act, code: str, kind: str, **rights: Any) -> Iterable[Entry]:
    """Open a class of shares under CODE. What is not said is as in the preset.

    The presets follow the law that each names: collective (集体股), member (成员股), labour (农龄股), land (土地股),
    cash (资金股), preferred (优先股), subsidy (补助量化股). Cash and preferred shares have the chart's account of share
    capital, if --capital names no other.
    """
    base = preset(kind, code=code)
    book = charts(view)
    if base.par_fen is not None and not rights["pooled"] and any(since <= act.booked for since, _ in book.adopted):
        chart = book.in_force(act.booked)
        if "share capital" in chart.roles:
            base = base._replace(capital=chart.account("share capital"))
    return open_class(base._replace(**_rights_of(view, act, base, rights)), **act.days, **act.papers)(view)


@recording(
    "change-class",
    "coopledger book change-class hill.db land --passes-to household --reason charter --on 2026-03-01",
)
@argument("code", metavar="CODE")
@_rights
@option("--closed/--open", default=None, help="Closed: nothing is issued or moved any more.")
@option("--reason", type=REASON, required=True, help="Why; no names of persons.")
def change_class_command(view: View, act: Act, code: str, reason: str, **rights: Any) -> Iterable[Entry]:
    """Change rights of the class CODE from a day on.

    Digits and par value have verbs of their own, for shares or money move: split and change-par-value.
    """
    changes = _rights_of(view, act, class_on(view, code, act.on), rights)
    if not changes:
        raise CoopledgerError(Message("nothing is changed: name at least one right"))
    return change_class(code, reason=reason, **changes, **act.days, **act.papers)(view)


def _rights_of(view: View, act: Act, base: ShareClass, rights: dict[str, Any]) -> dict[str, Any]:
    found = _chosen(rights)
    if "capital" in found:
        found["capital"] = None if found["capital"] == "-" else account_of(view, act, found["capital"])
    if "cap" in found:
        one = base._replace(digits=found.get("digits", base.digits))
        kind, cap = found["cap"]
        found["cap"] = cap if kind == "part" else units(one, cap)
    return found


def _chosen(options: dict[str, Any]) -> dict[str, Any]:
    return {name: seen for name, seen in options.items() if seen is not None and seen != ()}


def _split(words: str) -> dict[str, int]:
    """What ``131:1000,132:-500`` says, in fen, debit positive."""
    found = {}
    for one in words.split(","):
        account, colon, amount = one.strip().rpartition(":")
        if not colon:
            raise CoopledgerError(
                Message("{seen}: accounts with their yuan are expected: 131:1000,132:500", seen=printable(words))
            )
        if account in found:
            raise CoopledgerError(Message("{seen}: {account} is named twice", seen=printable(words), account=account))
        found[account] = read_fen_either_way(amount)
    return found


def code_of(database: str) -> str:
    """The code of a book by its file's name. Raises CoopledgerError for a URL."""
    stem = os.path.splitext(os.path.basename(database))[0]
    try:
        return code(stem if "://" not in database else "")
    except EntryError:
        raise CoopledgerError(
            Message(
                "{database}: a code for the book is expected: name it with --named",
                database=printable(without_password(database)),
            )
        ) from None


def check_for_books(engine: "Engine", where: Where) -> None:
    """Raise StoreError if a file that is there holds something else; another application's database has a URL."""
    from sqlalchemy import inspect

    if "://" in where.database or not os.path.exists(where.database):
        return
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    if tables and not any(name.startswith("coopledger_") for name in tables):
        raise StoreError(
            Message(
                "{file} holds something else ({tables}): a new file or one with books is expected",
                file=_shown(where),
                tables=[printable(one) for one in tables],
            )
        )


def _check_if_it_answers(engine: "Engine", where: Where) -> None:
    """Raise StoreError for a server that has no books in the schema; one that does not answer is not looked at."""
    from sqlalchemy.exc import OperationalError

    from coopledger.store.upgrade import check_newest

    with suppress(OperationalError), engine.connect() as connection:
        check_newest(connection, schema=where.schema)


def _shown(where: Where) -> str:
    return printable(where.database.rpartition("@")[2])

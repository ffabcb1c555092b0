"""Importing a village from a workbook: ``import``."""

import gc
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import click

from coopledger.cli.book.command import REFUSED, Where, argument, keeping, option
from coopledger.cli.book.founding import check_for_books, code_of
from coopledger.cli.book.opened import Opened, clock, engine_at
from coopledger.cli.book.questions import check_no_book, same_file
from coopledger.cli.book.recording import Manner, login, record, table_text
from coopledger.cli.book.values import DAY, DOCUMENT, RESOLUTION, Refused
from coopledger.cli.printing import complain, doing, write
from coopledger.core.balances import printed
from coopledger.core.citation import Document, Resolution
from coopledger.core.journal import Entry, View
from coopledger.core.table import Column, Table, Text
from coopledger.errors import KeyConflictError, Problem, StoreError, WorkbookError
from coopledger.files.listing import SHEETS
from coopledger.files.village import Village
from coopledger.files.village_file import read_village
from coopledger.files.village_import import counts, import_key, import_village
from coopledger.files.village_people import differing
from coopledger.store.memory import MemoryJournal
from coopledger.text import Message


@keeping("import", "coopledger book import new.db village.xlsx --marked problems.xlsx")
@argument("file")
@option("--on", type=DAY, metavar="DAY", help="The day from which it all counts; the sheet's 建账日期 if left out.")
@option("--booked", type=DAY, metavar="DAY", help="The accounting date; the same day if left out.")
@option(
    "--document",
    "documents",
    type=DOCUMENT,
    multiple=True,
    metavar="FILE[:PAGES]",
    help="A paper that it rests on, cited by name, pages and SHA-256. Several are accepted.",
)
@option(
    "--resolution",
    type=RESOLUTION,
    metavar="NUMBER,MEETING,DAY,VOTES",
    help="What a meeting decided; the votes as entitled/present/for/against.",
)
@option("--marked", metavar="FILE", help="If there are problems: a copy of the workbook (.xlsx) with them marked.")
@option(
    "--actor",
    metavar="NAME",
    help="Who records it, by an office or a code: it stays in the chain for good. "
    "If left out, COOPLEDGER_ACTOR, or your login name.",
)
@option("--dry-run", is_flag=True, help="Show what would be recorded, and write nothing.")
@option("--confirm-clock", is_flag=True, help="The clock is right, though it is far ahead of the last record.")
def import_command(
    where: Where,
    file: str,
    on: date | None,
    booked: date | None,
    documents: tuple[Document, ...],
    resolution: Resolution | None,
    marked: str | None,
    actor: str | None,
    dry_run: bool,
    confirm_clock: bool,
) -> None:
    """Import a village from FILE: households, members, shares by class, contributions, opening balances, dividends.

    FILE is a workbook (.xlsx, .xls, .ods), a CSV file in UTF-8 or GBK, or a folder of CSV files; 'coopledger template'
    writes one to fill in. A book that is not there yet is made, by the sheet 合作社. All problems are said at once,
    each with its sheet and cell, and nothing is written until there are none. The same workbook once more is recorded
    once.
    """
    given = {"effective_on": on, "booked_on": booked, "documents": documents, "resolution": resolution}
    manner = Manner(actor or login(), None, again=False, dry_run=dry_run, confirm_clock=confirm_clock)
    if marked is not None:
        _check_marked(marked, file, where)
    with _no_collector():
        _import(where, file, given, manner, marked)


def _import(where: Where, file: str, given: Mapping[str, Any], manner: Manner, marked: str | None) -> None:
    doing(Message("the workbook is being read …"), where.language)
    try:
        village = read_village(file)
    finally:
        doing(None, where.language)
    complain(village.notices, where.language)
    key = import_key(village, given["effective_on"])
    decision = import_village(village, **given)
    made: list[Entry] = []
    problems: list[Problem] = []

    def decide(view: View, _: date | None) -> list[Entry]:
        if view.head.seq or not made:
            made[:] = decision(view)
        return made

    try:
        with _opened(where, lambda nothing: decide(nothing, None), dry_run=manner.dry_run) as book:
            if manner.dry_run:
                with book.journal.read() as view:
                    decide(view, None)
                click.echo(table_text([_counted(village)], where))
            try:
                record(book, where, manner, key, decide)
            except KeyConflictError:  # the same once more, but for what is known of somebody
                with book.journal.read() as view:
                    problems = differing(view, village)
                if not problems:
                    raise
    except WorkbookError as error:
        problems = [*error.problems]
    if problems:
        _refuse(problems, village, marked, where)


def _check_marked(marked: str, file: str, where: Where) -> None:
    """Refuse a marked copy that would take the place of what is read, or of the book."""
    read = [os.path.join(file, one) for one in os.listdir(file)] if os.path.isdir(file) else [file]
    if any(same_file(marked, one) for one in read):
        raise Refused(Message("--marked {file} would overwrite what is imported", file=marked))
    if "://" in where.database or os.path.exists(where.database):
        with engine_at(where) as engine:
            check_no_book(marked, engine, "--marked")
    elif same_file(marked, where.database):
        raise Refused(Message("{option} {file} would overwrite the book", option="--marked", file=marked))


@contextmanager
def _no_collector() -> Iterator[None]:
    """Let the garbage collector rest: none of the thousands of rows is garbage, and it looks at all of them.

    It takes half of the time. The process is the command's own, and ends with it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _refuse(problems: Sequence[Problem], village: Village, marked: str | None, where: Where) -> None:
    """Say all problems, write the marked copy, and end."""
    complain(problems, where.language)
    said = Message("problems: {count}; nothing was written", count=len(problems))
    click.echo(said.say(where.language), err=True)
    if marked is not None:
        from coopledger.files.marked import marked_copy

        write(marked, marked_copy(village.workbook, problems, village.notices, where.language))
        said = Message("they are marked in {file}", file=os.path.basename(marked))
        click.echo(said.say(where.language), err=True)
    sys.exit(REFUSED)


@contextmanager
def _opened(where: Where, decide: Callable[[View], object], *, dry_run: bool) -> Iterator[Opened]:
    """The book; one that is not there is made, in a dry run in memory only, once all is decided without a refusal."""
    from coopledger.store.database import create_book, open_book

    there = "://" in where.database or os.path.exists(where.database)
    if not there:
        _decide_on_nothing(where, decide)
    with engine_at(where._replace(database=":memory:") if dry_run and not there else where, there=False) as engine:
        journal = None
        if there:
            check_for_books(engine, where)
            try:
                journal = open_book(engine, where.named, schema=where.schema, clock=clock)
            except StoreError:
                if where.named is None or dry_run:
                    raise
                _decide_on_nothing(where, decide)
        if journal is None:
            named = where.named or code_of(where.database)
            journal = create_book(engine, named, schema=where.schema, clock=clock)
        yield Opened(engine, journal)


def _decide_on_nothing(where: Where, decide: Callable[[View], object]) -> None:
    """Whatever an empty book refuses is refused before it is made."""
    with MemoryJournal(where.named or code_of(where.database)).read() as nothing:
        decide(nothing)


def _counted(village: Village) -> Table:
    """How much the workbook says, sheet by sheet."""
    found = counts(village)
    rows: list[list[Text]] = [
        [SHEETS["households"], str(found.households), ""],
        [SHEETS["members"], str(found.members), ""],
    ]
    for cls, shares in found.shares.items():
        rows.append([f"{SHEETS['shares']}: {cls}", "", f"{shares.normalize():f}"])
    if found.contributions:
        rows.append([SHEETS["contributions"], str(found.contributions), printed(found.contributed_fen, 2)])
    if found.accounts:
        rows.append([SHEETS["opening balances"], str(found.accounts), printed(found.debit_fen, 2)])
    if found.dividends:
        rows.append([SHEETS["past dividends"], str(found.dividends), printed(found.dividends_fen, 2)])
    columns = [Column(Message("sheet")), Column(Message("rows"), number=True), Column(Message("in all"), number=True)]
    return Table(Message("what the workbook says"), columns, rows)

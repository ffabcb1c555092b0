"""Questions to a book, answered by the reports as tables."""

import os
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from coopledger.cli.answer import FORMAT, OUTPUT, file_missing, form_of, hand_over, laid_out
from coopledger.cli.book.command import (
    BookCommand,
    Option,
    argument,
    option,
    own_parameters,
    the_book,
    where_of,
    which_book,
)
from coopledger.cli.book.opened import book_files, check_known, opened, today
from coopledger.cli.book.values import DAY, KNOWN, Refused
from coopledger.cli.printing import doing
from coopledger.core.journal import View
from coopledger.core.table import Column, Table, Text
from coopledger.text import Message

if TYPE_CHECKING:
    from sqlalchemy import Engine

_ON = option("--on", type=DAY, metavar="DAY", help="As of this day; today if left out.")
_SINCE = option("--since", type=DAY, metavar="DAY", help="From this day on; the year's first if left out.")
_UNTIL = option("--until", type=DAY, metavar="DAY", help="Up to this day; today if left out.")
_CLASS = option("--class", "cls", metavar="CLASS", help="One class of shares only.")

_ANSWER = [
    Option(
        ["--known"],
        type=KNOWN,
        metavar="WHEN",
        help="As the book was known after a record (12), at the end of a day or at a time (2026-03-01T12:00): of this "
        "place, unless its distance from UTC is said (2026-03-01T12:00+08:00).",
    ),
    Option(["--format", "form"], **FORMAT),
    Option(["--output"], **OUTPUT),
]


def answer_options() -> list[Option]:
    """The options that all questions share."""
    return [*_ANSWER]


Question = Callable[..., Table | list[Table]]
"""A function of a view and a command's own options."""


def asking(name: str, example: str) -> Callable[[Question], BookCommand]:
    """A command that asks: what the function returns is printed."""

    def decorate(question: Question) -> BookCommand:
        def callback(**given: Any) -> None:
            where = where_of(given)
            known, asked, output = given.pop("known"), given.pop("form"), given.pop("output")
            form = form_of(asked, output)
            if missing := file_missing(form, output):
                raise Refused(missing)
            with opened(where) as book:
                if output is not None:
                    check_no_book(output, book.engine, "--output")
                try:
                    doing(Message("the book is being read …"), where.language)
                    with book.journal.read(known) as view:
                        check_known(book.journal, view, known)
                        answer = question(view, **given)
                    tables = [answer] if isinstance(answer, Table) else answer
                    count = f"{sum(len(one.rows) for one in tables):,}"
                    doing(Message("worked out: {count}; being laid out …", count=count), where.language)
                    data = laid_out(tables, form, where.language)
                finally:
                    doing(None, where.language)
            hand_over(data, form, output)

        callback.__doc__ = question.__doc__
        return BookCommand(name, callback, [*the_book(), *own_parameters(question), *_ANSWER, *which_book()], example)

    return decorate


@asking("register", "coopledger book register hill.db --on 2026-03-01")
@_ON
@_CLASS
@option("--no-names", is_flag=True, help="Leave the names out.")
def register_command(view: View, on: date | None, cls: str | None, no_names: bool) -> list[Table]:
    """Who holds what on a day (股东名册), as known today or at another time."""
    from coopledger.reports.register import register_report

    return register_report(view, on or today(), cls, names=not no_names)


@asking("account", "coopledger book account hill.db 0042 --since 2026-01-01 --until 2026-12-31")
@argument("number")
@_SINCE
@_UNTIL
def account(view: View, number: str, since: date | None, until: date | None) -> list[Table]:
    """The account of a member or household NUMBER (成员账户): what came, what went, what there is."""
    from coopledger.reports.account import account_report

    return account_report(view, number, *_span(since, until))


@asking("history", "coopledger book history hill.db 0042")
@argument("number")
@option("--since", type=DAY, metavar="DAY", help="From this day on; from the beginning if left out.")
@option("--until", type=DAY, metavar="DAY", help="Up to this day; to the last change if left out.")
def history(view: View, number: str, since: date | None, until: date | None) -> Table:
    """What became of a member or household NUMBER: membership, standing, household and head, from the beginning."""
    from coopledger.reports.history import history_report

    _check_span(since, until)
    return history_report(view, number, since, until)


@asking("classes", "coopledger book classes hill.db --on 2026-03-01")
@_ON
def classes(view: View, on: date | None) -> Table:
    """The share classes of a day with their rules: who holds them, par value, capital account, since when, closed."""
    from coopledger.reports.classes import classes_report

    return classes_report(view, on or today())


@asking("composition", "coopledger book composition hill.db --on 2026-03-01")
@_ON
def composition(view: View, on: date | None) -> list[Table]:
    """How the shares are spread over classes, kinds of holders and households on a day."""
    from coopledger.reports.composition import composition_report

    return composition_report(view, on or today())


@asking("movements", "coopledger book movements hill.db --since 2026-01-01 --until 2026-03-31 --class land")
@_SINCE
@_UNTIL
@_CLASS
def movements(view: View, since: date | None, until: date | None, cls: str | None) -> list[Table]:
    """What changed in the holdings between two days."""
    from coopledger.reports.movements import movements_report

    return movements_report(view, *_span(since, until), cls)


@asking("contributions", "coopledger book contributions hill.db --on 2026-12-31")
@_ON
def contributions(view: View, on: date | None) -> Table:
    """What was brought in, by whom, at which value, for how many shares, and what it stands at in the books.

    Of a right that has not ended it says who holds its shares on the day, and how many.
    """
    from coopledger.reports.contributions import contributions_report

    return contributions_report(view, on or today())


@asking("trial-balance", "coopledger book trial-balance hill.db --since 2026-01-01 --until 2026-03-31")
@_SINCE
@_UNTIL
def trial_balance(view: View, since: date | None, until: date | None) -> list[Table]:
    """The trial balance (科目余额表) of a period, by accounting date."""
    from coopledger.reports.trial_balance import trial_balance_report

    first, last = _span(since, until)
    if found := trial_balance_report(view, first, last):
        return found
    columns = [Column(Message("account")), Column(Message("account name"))]
    return [Table(Message("trial balance"), columns, [], notes=_nothing_booked(view, first, last))]


@asking("vouchers", "coopledger book vouchers hill.db --since 2026-01-01 --until 2026-01-31")
@_SINCE
@_UNTIL
def vouchers(view: View, since: date | None, until: date | None) -> list[Table]:
    """The vouchers (记账凭证) of a period, by accounting date."""
    from coopledger.reports.vouchers import vouchers_report

    first, last = _span(since, until)
    if found := vouchers_report(view, first, last):
        return found
    columns = [Column(Message("voucher")), Column(Message("day"))]
    return [Table(Message("vouchers"), columns, [], notes=_nothing_booked(view, first, last))]


@asking("journal", "coopledger book journal hill.db --kind issue --kind transfer")
@option(
    "--kind",
    "kinds",
    multiple=True,
    help="Records of this kind only, as the table says it or by its code.",
)
@option("--after-record", type=click.IntRange(0), default=0, metavar="RECORD", help="Records after this number only.")
def journal(view: View, kinds: tuple[str, ...], after_record: int) -> Table:
    """The records of the book, one line each, with their fingerprints."""
    from coopledger.reports.record import records_report

    return records_report(view, kinds, after_record)


@asking("record", "coopledger book record hill.db 12")
@argument("seq", type=click.IntRange(1), metavar="RECORD")
def record_command(view: View, seq: int) -> list[Table]:
    """One RECORD, whole: its days, actor, key, documents, resolution and other facts, and its postings."""
    from coopledger.reports.record import record_report

    return record_report(view, seq)


@asking("documents", "coopledger book documents hill.db")
def documents(view: View) -> Table:
    """The documents that the records cite, with their pages and the SHA-256 of their files."""
    from coopledger.reports.documents import documents_report

    return documents_report(view)


def _span(since: date | None, until: date | None) -> tuple[date, date]:
    last = until or today()
    _check_span(since, last)
    return since or date(last.year, 1, 1), last


def _nothing_booked(view: View, first: date, last: date) -> list[Text]:
    from coopledger.reports.witness import between, known

    return [Message("none"), Message("booked {days}", days=between(first, last)), *known(view)]


def _check_span(since: date | None, until: date | None) -> None:
    if since is not None and until is not None and since > until:
        raise Refused(Message("--since {since} is after --until {until}", since=since, until=until))


def check_no_book(output: str, engine: "Engine", option: str) -> None:
    """Refuse a file that is the book's own: the database's, or the log or journal that SQLite keeps beside it."""
    if any(same_file(output, one) for one in book_files(engine)):
        raise Refused(Message("{option} {file} would overwrite the book", option=option, file=output))


def same_file(one: str, other: str) -> bool:
    """Whether two names lead to the same file, also by links."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    return os.path.exists(one) and os.path.exists(other) and os.path.samefile(one, other)

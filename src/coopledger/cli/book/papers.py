"""``coopledger paper``: what is printed, as HTML; ``coopledger verify-paper``: a printed fingerprint and a book."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from typing import Any

import click

from coopledger.cli.book.command import (
    PROBLEMS,
    Argument,
    BookCommand,
    Option,
    Where,
    argument,
    keeping,
    option,
    own_parameters,
    the_book,
    where_of,
    which_book,
)
from coopledger.cli.book.opened import check_known, opened, today
from coopledger.cli.book.questions import answer_options, check_no_book
from coopledger.cli.book.values import ANCHOR, DAY
from coopledger.cli.language import LANGUAGES, spoken
from coopledger.cli.printing import complain, doing, give
from coopledger.core.anchor import Anchored, anchored
from coopledger.core.journal import View
from coopledger.reports.cells import moment
from coopledger.text import Language, Message

_RUN = argument("run", metavar="RUN")
_ON = option("--on", type=DAY, metavar="DAY", help="As of this day; today if left out.")
_NO_NAMES = option("--no-names", is_flag=True, help="Leave the names out.")
TO_FILE = "The HTML file; it is printed if left out."
"""What is said of ``--output``."""

_FILE = Option(["--output"], type=click.Path(dir_okay=False), metavar="FILE", help=TO_FILE)


def _paper(name: str, example: str) -> Callable[[Callable[..., str]], BookCommand]:
    """A command that prints: what the function of a view and a language returns is the file."""

    def decorate(function: Callable[..., str]) -> BookCommand:
        def callback(**given: Any) -> None:
            where = where_of(given)
            known, output = given.pop("known"), given.pop("output")
            with opened(where) as book:
                if output is not None:
                    check_no_book(output, book.engine, "--output")
                try:
                    doing(Message("the book is being read …"), where.language)
                    with book.journal.read(known) as view:
                        check_known(book.journal, view, known)
                        html = function(view, where.language, **given)
                finally:
                    doing(None, where.language)
            give(html, output)

        callback.__doc__ = function.__doc__
        known = next(one for one in answer_options() if one.name == "known")
        own = [*the_book(), *own_parameters(function), known, _FILE, *which_book()]
        return BookCommand(name, callback, own, example)

    return decorate


@_paper("notice", "coopledger paper notice village.db pond --on 2026-01-31 --output notice.html")
@_RUN
@_ON
@_NO_NAMES
def notice(view: View, language: Language, run: str, on: date | None, no_names: bool) -> str:
    """The notice of a RUN for the village board (公示): its rule, its steps and days of disclosure, the amounts."""
    from coopledger.pages.notice import notice_page

    return notice_page(view, run, on or today(), names=not no_names, language=language)


@_paper("payment-list", "coopledger paper payment-list village.db 2025 --on 2026-01-31 --output list.html")
@_RUN
@_ON
@_NO_NAMES
def payment_list(view: View, language: Language, run: str, on: date | None, no_names: bool) -> str:
    """The payment list of a RUN, on A4 across, with a place for each to sign (分红发放表)."""
    from coopledger.pages.payment_list import payment_list_page

    return payment_list_page(view, run, on or today(), names=not no_names, language=language)


@_paper("certificate", "coopledger paper certificate village.db 17 --on 2026-01-31 --output certificate.html")
@argument("numbers", metavar="[NUMBER]...", nargs=-1)
@_ON
@_NO_NAMES
def certificate(view: View, language: Language, numbers: tuple[str, ...], on: date | None, no_names: bool) -> str:
    """The share certificates (股权证) of households or holders NUMBER; of everybody who has shares if none is named.

    Each begins on a new page: what is held, who lives in the household, every movement of shares.
    """
    from coopledger.pages.certificate import certificate_page

    return certificate_page(view, numbers or None, on or today(), names=not no_names, language=language)


@_paper("statement", "coopledger paper statement village.db 17 --on 2026-01-31 --output statement.html")
@argument("number")
@_ON
@_NO_NAMES
def statement(view: View, language: Language, number: str, on: date | None, no_names: bool) -> str:
    """The statement of holder NUMBER over the years: dividends, how the shares came about, the member account."""
    from coopledger.pages.statement import statement_page

    return statement_page(view, number, on or today(), names=not no_names, language=language)


def _overview(databases: tuple[str, ...], on: date | None, output: str | None, lang: Language | None) -> None:
    """The overview of several books, BOOK by BOOK: members, holders, capital, what was declared and is not paid yet.

    With the fingerprint of each.
    """
    from coopledger.pages.overview import overview_page

    language = lang or spoken()
    with ExitStack() as stack:
        books = [stack.enter_context(opened(Where(one, None, None, language))) for one in databases]
        for book in books:
            if output is not None:
                check_no_book(output, book.engine, "--output")
        try:
            doing(Message("the book is being read …"), language)
            views = [stack.enter_context(book.journal.read()) for book in books]
            html = overview_page(views, on or today(), language=language)
        finally:
            doing(None, language)
    give(html, output)


overview = BookCommand(
    "overview",
    _overview,
    [
        Argument(["databases"], metavar="BOOK...", nargs=-1, required=True),
        Option(["--on"], type=DAY, metavar="DAY", help="As of this day; today if left out."),
        _FILE,
        Option(["--lang"], type=click.Choice(LANGUAGES), help="Language; the environment's (LANG) if left out."),
    ],
    "coopledger paper overview village.db hill.db --on 2026-01-31 --output overview.html",
)


@keeping("verify-paper", "coopledger verify-paper hill.db 12:9f3c…")
@argument("fingerprint", metavar="FINGERPRINT...", nargs=-1, required=True)
def verify_paper(where: Where, fingerprint: tuple[str, ...]) -> None:
    """Hold a FINGERPRINT that stands on a paper, typed or scanned, against a book.

    Spaces do not count. It says whether the book still has that record, and what was added since; or that it has not:
    the paper is of another book, or the book was changed. Then, and if anything is wrong with the book, the exit status
    is 3.
    """
    printed = ANCHOR.convert(" ".join(fingerprint), None, None)
    with opened(where) as book:
        found = book.journal.verify()
        with book.journal.read() as view:
            held = anchored(view, printed)
            last = view.head.seq
    complain(found, where.language)
    sound = held.stands and not found
    for one in _said(held, last, len(found)):
        click.echo(one.say(where.language), err=not sound)
    if not sound:
        raise SystemExit(PROBLEMS)


def _said(held: Anchored, last: int, problems: int) -> list[Message]:
    """What is said of a fingerprint, in a book that ends at a record and has so many problems."""
    seq = held.anchor.seq
    if held.stands and problems:
        return [
            Message(
                "record {seq} has the fingerprint that was printed, but the book was changed: problems found: {count}",
                seq=seq,
                count=problems,
            )
        ]
    if held.stands:
        return [
            Message("the book has record {seq} as it was printed", seq=seq),
            Message("nothing was added since")
            if held.added_at is None
            else Message(
                "records added since: {count}, the first of them at {time}",
                count=held.added,
                time=moment(held.added_at),
            ),
        ]
    if held.now is None:
        return [
            Message(
                "the book has no record {seq}, it ends at record {last}: the paper is of another book, or records were "
                "cut off this one",
                seq=seq,
                last=last,
            )
        ]
    if held.differ <= _SLIPS:
        return [
            Message(
                "record {seq} has {now}; digits of the fingerprint that differ: {count}; look at the paper again",
                seq=seq,
                now=str(held.now),
                count=held.differ,
            )
        ]
    return [
        Message(
            "record {seq} has {now}, not what was printed: the paper is of another book, or this one was changed up to "
            "that record",
            seq=seq,
            now=str(held.now),
        )
    ]


_SLIPS = 8
"""So many digits that differ are a slip of the hand: those of two records differ in about sixty."""

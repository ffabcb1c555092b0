"""The tables of ``coopledger dividend``: lists to sign, notices, receipts, and what is unpaid, withheld, and why."""

from datetime import date

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.opened import today
from coopledger.cli.book.questions import asking
from coopledger.cli.book.values import DAY, Refused
from coopledger.core.journal import View
from coopledger.core.table import Table
from coopledger.text import Message

_RUN = argument("run", metavar="RUN")
_ON = option("--on", type=DAY, metavar="DAY", help="As of this day; today if left out.")
_NO_NAMES = option("--no-names", is_flag=True, help="Leave the names out.")


@asking("payment-list", "coopledger dividend payment-list village.db 2025 --on 2026-01-31")
@_RUN
@_ON
@_NO_NAMES
def payment_list(view: View, run: str, on: date | None, no_names: bool) -> Table:
    """Who is paid what of a RUN, with a place to sign and the total in words (分红发放表)."""
    from coopledger.reports.payment_list import payment_list_report

    return payment_list_report(view, run, on or today(), names=not no_names)


@asking("notice", "coopledger dividend notice village.db pond --on 2026-01-31")
@_RUN
@_ON
@_NO_NAMES
def notice(view: View, run: str, on: date | None, no_names: bool) -> list[Table]:
    """The notice of a RUN for the village board: its rule, its steps, what each holder gets (公示)."""
    from coopledger.reports.dividend_notice import dividend_notice_report

    return dividend_notice_report(view, run, on or today(), names=not no_names)


@asking("explain", "coopledger dividend explain village.db 2025 17 --on 2026-01-31")
@_RUN
@argument("number")
@_ON
@_NO_NAMES
def explain(view: View, run: str, number: str, on: date | None, no_names: bool) -> list[Table]:
    """Why holder NUMBER gets what he gets of a RUN, down to the fen, and what became of it."""
    from coopledger.reports.explanation import explanation_report

    return explanation_report(view, run, number, on or today(), names=not no_names)


@asking("receipts", "coopledger dividend receipts village.db 2025 --of 17 --on 2026-01-31")
@_RUN
@option("--of", "number", metavar="NUMBER", help="Of one holder only.")
@_ON
@_NO_NAMES
def receipts(view: View, run: str, number: str | None, on: date | None, no_names: bool) -> list[Table]:
    """What each payout of a RUN paid to whom, in figures and in words, to be signed (领款单)."""
    from coopledger.reports.receipts import receipts_report

    return receipts_report(view, run, on or today(), number, names=not no_names)


@asking("arrears", "coopledger dividend arrears village.db --on 2026-01-31")
@_ON
@_NO_NAMES
def arrears(view: View, on: date | None, no_names: bool) -> list[Table]:
    """What of all runs is not paid yet, by run and by holder: since when, and why it waits.

    Where there is any, also who owes what he had of runs that were undone, and what is retained in whose name.
    """
    from coopledger.reports.arrears import arrears_report

    return arrears_report(view, on or today(), names=not no_names)


@asking("tax", "coopledger dividend tax village.db --since 2026-01-01 --until 2026-01-31")
@option("--since", type=DAY, metavar="DAY", help="From this day on; the year's first if left out.")
@option("--until", type=DAY, metavar="DAY", help="Up to this day; today if left out.")
@_NO_NAMES
def tax(view: View, since: date | None, until: date | None, no_names: bool) -> list[Table]:
    """What was withheld as tax in a period, by run and by holder (代扣税款)."""
    from coopledger.reports.withholdings import withholdings_report

    last = until or today()
    first = since or date(last.year, 1, 1)
    if first > last:
        raise Refused(Message("--since {since} is after --until {until}", since=first, until=last))
    return withholdings_report(view, first, last, names=not no_names)


@asking("statement", "coopledger dividend statement village.db 17 --on 2026-01-31")
@argument("number")
@_ON
@_NO_NAMES
def statement(view: View, number: str, on: date | None, no_names: bool) -> Table:
    """The dividends of holder NUMBER over the years: declared, paid, withheld, lapsed, not paid yet."""
    from coopledger.reports.dividend_statement import dividend_statement_report

    return dividend_statement_report(view, number, on or today(), names=not no_names)

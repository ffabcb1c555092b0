"""``coopledger contract``: a plan in the book, from its conclusion to its last instalment."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.opened import today
from coopledger.cli.book.questions import asking
from coopledger.cli.book.recording import Act, recording
from coopledger.cli.book.values import BANK_OR_CASH, DAY, FEN, REASON, Pair, Read, check_once
from coopledger.core.citation import Document
from coopledger.core.contract import amend_contract, conclude, end_contract, know_figures, received
from coopledger.core.journal import Entry, View
from coopledger.core.plan import Plan
from coopledger.core.plan_text import plan_of, plan_text
from coopledger.core.receivable import fall_due, receive
from coopledger.core.table import Table
from coopledger.errors import CoopledgerError
from coopledger.text import Message


class PlanFile(NamedTuple):
    """A plan as it is recorded, and the file that it was read from, cited by its fingerprint."""

    text: str
    document: Document


def _read_plan_file(seen: str) -> PlanFile:
    """The plan in a file. Raises CoopledgerError with the first of its problems."""
    from coopledger.files.documents import cite
    from coopledger.files.plan_file import read_plan

    document = cite(seen)
    reading = read_plan(seen)
    if reading.plan is None:
        raise CoopledgerError(
            Message("{problems}; 'coopledger project' says all that is wrong", problems=[*reading.problems][:3])
        )
    return PlanFile(plan_text(reading.plan), document)


def _read_income(seen: str) -> Pair:
    """The role of the account for all streams, or for one: ``distribution``, ``土地=operating-income``."""
    stream, sign, role = seen.partition("=")
    return Pair(stream.strip() if sign else "", (role if sign else stream).strip().replace("-", " "))


_PLAN = Read("file", _read_plan_file)
_INCOME = Read("[stream=]purpose", _read_income)
_CODE = argument("code", metavar="CONTRACT")
_FILE = argument("plan", type=_PLAN, metavar="PLAN")
_CREDITED = option(
    "--income",
    type=_INCOME,
    multiple=True,
    metavar="[STREAM=]PURPOSE",
    help="The account that is credited when an instalment falls due: investment-income of what is contributed and "
    "operating-income of the rest if left out; distribution, if it is to be distributed as it comes. Said without a "
    "stream it is of all that are not named.",
)
_STREAM = option("--stream", metavar="STREAM", help="One stream only.")


@recording(
    "conclude",
    "coopledger contract conclude lease.db hill 山地.toml --with company --on 2025-01-01",
    on="The day on which it was concluded; today if left out.",
)
@_CODE
@_FILE
@option(
    "--with", "counterparty", required=True, metavar="NUMBER", help="Who pays: a number in the register, or a code."
)
@_CREDITED
def conclude_command(
    view: View, act: Act, code: str, plan: PlanFile, counterparty: str, income: tuple[Pair, ...]
) -> Iterable[Entry]:
    """Record that a CONTRACT was concluded, with its PLAN, a TOML file: what it pays from first to last."""
    read = plan_of(plan.text)
    return conclude(
        code,
        read,
        counterparty=counterparty,
        income=_income(income, read),
        **act.days,
        documents=(*act.documents, plan.document),
        resolution=act.resolution,
    )(view)


@recording(
    "amend",
    "coopledger contract amend lease.db dam 坝塘.toml --reason 面积减少 --on 2026-06-30",
    on="What is due on this day or later comes from the new plan; today if left out.",
)
@_CODE
@_FILE
@option("--reason", type=REASON, required=True, metavar="TEXT", help="Why.")
@_CREDITED
def amend_command(
    view: View, act: Act, code: str, plan: PlanFile, reason: str, income: tuple[Pair, ...]
) -> Iterable[Entry]:
    """Amend a CONTRACT from a day on by another whole PLAN; what was due before stays."""
    read = plan_of(plan.text)
    return amend_contract(
        code,
        read,
        reason=reason,
        income=_income(income, read),
        **act.days,
        documents=(*act.documents, plan.document),
        resolution=act.resolution,
    )(view)


@recording(
    "figure",
    "coopledger contract figure lease.db rice 稻谷 2026 '1.42 元/斤' --on 2026-11-30",
    resolution=False,
)
@_CODE
@argument("series")
@argument("year", type=int)
@argument("figure", metavar="FIGURE")
def figure_command(view: View, act: Act, code: str, series: str, year: int, figure: str) -> Iterable[Entry]:
    """Record the FIGURE of a YEAR of a series that a CONTRACT depends on: the price of rice, a profit."""
    return know_figures(code, {series: {year: figure}}, **act.days, documents=act.documents)(view)


@recording(
    "due",
    "coopledger contract due lease.db dam --on 2025-12-31",
    documents=False,
    resolution=False,
    stateful=True,
    on="Up to this day; today if left out.",
)
@_CODE
@_STREAM
def due_command(view: View, act: Act, code: str, stream: str | None) -> Iterable[Entry]:
    """Book what fell due of a CONTRACT and is not booked yet, each on its own day, or on --booked if that is later."""
    booked = act.booked if act.booked != act.on else None
    return fall_due(code, until=act.on, booked_on=booked, stream=stream)(view)


@recording("receive", "coopledger contract receive lease.db dam 5000 --on 2026-01-15", resolution=False)
@_CODE
@argument("amount", type=FEN, metavar="YUAN")
@option("--through", type=BANK_OR_CASH, default="bank", show_default=True, help="The account that gets it.")
@_STREAM
@option("--due", type=DAY, metavar="DAY", help="What was due on this day only.")
def receive_command(
    view: View, act: Act, code: str, amount: int, through: str, stream: str | None, due: date | None
) -> Iterable[Entry]:
    """Record that money of a CONTRACT came in: for the oldest instalments first; what is more is an advance."""
    return receive(code, amount, **act.days, through=through, stream=stream, due=due, documents=act.documents)(view)


@recording(
    "end",
    "coopledger contract end lease.db dam --reason 企业退出 --on 2026-12-31",
    on="Its last day: nothing is due after it; today if left out.",
)
@_CODE
@option("--reason", type=REASON, required=True, metavar="TEXT", help="Why.")
def end_command(view: View, act: Act, code: str, reason: str) -> Iterable[Entry]:
    """End a CONTRACT early; what was due and is not paid stays owed."""
    return end_contract(code, reason=reason, **act.days, **act.papers)(view)


@asking("status", "coopledger contract status lease.db dam --on 2026-03-01")
@argument("code", metavar="[CONTRACT]", required=False)
@option("--on", type=DAY, metavar="DAY", help="As of this day; today if left out.")
def status(view: View, code: str | None, on: date | None) -> list[Table]:
    """What was due of a CONTRACT, came in, is open and overdue; of all contracts, one line each, if none is named."""
    from coopledger.reports.contract import contract_report, contracts_report

    return [contracts_report(view, on or today())] if code is None else contract_report(view, code, on or today())


@asking("project", "coopledger contract project lease.db dam")
@_CODE
def project(view: View, code: str) -> Table:
    """What of a CONTRACT is still to fall due, by year: the rest of its term as the book knows it."""
    from coopledger.reports.contract import contract_rest_report

    return contract_rest_report(view, code)


@asking("explain", "coopledger contract explain lease.db dam 坝塘 2025-12-31")
@_CODE
@argument("stream")
@argument("due", type=DAY, metavar="DAY")
def explain(view: View, code: str, stream: str, due: date) -> Table:
    """How what is due of a STREAM of a CONTRACT on a DAY comes to its amount."""
    from coopledger.reports.contract import instalment_report

    return instalment_report(view, code, stream, due)


def _income(said: tuple[Pair, ...], plan: Plan) -> str | dict[str, str] | None:
    """What --income says: one purpose for all, by stream, or for all but some."""
    check_once(said)
    by_stream = {one.name: str(one.value) for one in said}
    for_all = by_stream.pop("", None)
    if for_all is None or not by_stream:
        return for_all or by_stream or None
    return {one.name: for_all for one in received(plan)} | by_stream

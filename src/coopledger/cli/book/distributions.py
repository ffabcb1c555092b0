"""``coopledger dividend distribute`` and ``distribution``: a year's surplus by the charter's waterfall."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.dividends import rule_of
from coopledger.cli.book.questions import asking
from coopledger.cli.book.recording import Act, recording
from coopledger.cli.book.values import DAY, PART, OneOf, Pair, check_once, pair, read_fen
from coopledger.core.ahead import in_turn
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.citation import Document
from coopledger.core.entitlement import BY, By
from coopledger.core.journal import Entry, View
from coopledger.core.quantity import Number
from coopledger.core.table import Table
from coopledger.files.basis_file import load_basis
from coopledger.files.documents import cite

_TAX = option("--tax", type=PART, metavar="PART", help="The part of each receipt on capital that is withheld: 20%.")
_YEAR = argument("year", type=int)
_TIMES = tuple(one for one in BY if one != "shares")


class _Stated(NamedTuple):
    """A basis that was stated, and the file that says so."""

    numbers: Mapping[str, int]
    document: Document


def _read_basis(path: str) -> _Stated:
    return _Stated(load_basis(path), cite(path))


def _shown(view: View, given: Mapping[str, Any]) -> list[Table]:
    """How the surplus of the year was distributed."""
    from coopledger.reports.distribution import distribution_report

    return distribution_report(view, given["year"])


@recording("distribute", "coopledger dividend distribute shares.db 2025 --on 2026-01-12", shows=_shown)
@_YEAR
@option("--record-date", type=DAY, metavar="DAY", help="Who holds what on this day; the year's last if left out.")
@option("--since", type=DAY, metavar="DAY", help="Holders earn by how long they held it: from this day, included.")
@option("--until", type=DAY, metavar="DAY", help="Holders earn by how long they held it: to this day, included.")
@option("--by", type=OneOf(_TIMES), default="days", show_default=True, help="How time held is counted.")
@option(
    "--basis",
    "bases",
    type=pair(_read_basis, "kilograms=kilograms.csv"),
    multiple=True,
    help="What a step is split by and the book does not have: a CSV file of numbers and what each has.",
)
@option(
    "--figure",
    "figures",
    type=pair(read_fen, "insured=50000"),
    multiple=True,
    help="A sum that a step is a part of and the book does not have, in yuan.",
)
@_TAX
def distribute_command(
    view: View,
    act: Act,
    year: int,
    record_date: date | None,
    since: date | None,
    until: date | None,
    by: By,
    bases: tuple[Pair, ...],
    figures: tuple[Pair, ...],
    tax: Number | None,
) -> Iterable[Entry]:
    """Distribute the surplus of a YEAR by the charter's steps (盈余分配), and propose a run for each step of holders.

    What goes to funds is booked; what goes to holders is paid by the runs, which are called by the year and the step.
    Where the charter asks for the four deliberations, --resolution is that of the party branch.

    Its steps are printed as 'coopledger dividend distribution' prints them.
    """
    check_once(bases)
    check_once(figures)
    rule = None if record_date is None and since is None and until is None else rule_of(record_date, since, until, by)
    booking = distribute(
        year,
        rule=rule,
        bases={one.name: one.value.numbers for one in bases},
        figures={one.name: one.value for one in figures},
        **act.days,
        documents=(*act.documents, *(one.value.document for one in bases)),
        resolution=act.resolution,
    )
    branch = act.resolution if act.resolution is not None and act.resolution.meeting == "branch" else None
    return in_turn(booking, propose_steps(year, tax=Fraction(tax or 0), **act.days, resolution=branch))(view)


@recording(
    "propose-steps",
    "coopledger dividend propose-steps shares.db 2024 --on 2026-01-13",
    stateful=True,
)
@_YEAR
@_TAX
def propose_steps_command(view: View, act: Act, year: int, tax: Number | None) -> Iterable[Entry]:
    """Propose a run again for each step of a distributed YEAR whose run was withdrawn.

    Where the charter asks for the four deliberations, --resolution is that of the party branch.
    """
    proposed = propose_steps(
        year, tax=Fraction(tax or 0), documents=act.documents, resolution=act.resolution, **act.days
    )
    return proposed(view)


@asking("distribution", "coopledger dividend distribution shares.db 2024")
@_YEAR
def distribution(view: View, year: int) -> list[Table]:
    """How the surplus of a YEAR was distributed (盈余分配表, 收益分配表), step by step, with its rules."""
    return _shown(view, {"year": year})

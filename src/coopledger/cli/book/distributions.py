"""``coopledger dividend distribute`` and ``distribution``: a year's surplus by the charter's waterfall."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from coopledger.cli.book.command import argument, option
from coopledger.cli.book.dividends import rule_of
from coopledger.cli.book.questions import asking
from coopledger.cli.book.recording import Act, recording, role_of
from coopledger.cli.book.values import (
    DAY,
    PART,
    OneOf,
    Pair,
    check_once,
    pair,
    read_account,
    read_fen,
    read_part,
)
from coopledger.core.ahead import in_turn
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.citation import Document
from coopledger.core.entitlement import BY, By
from coopledger.core.journal import Entry, Facts, Record, View
from coopledger.core.quantity import Number
from coopledger.core.run import runs
from coopledger.core.table import Table
from coopledger.core.terms import AS_IT_IS, POLICIES, Terms
from coopledger.core.wording import words
from coopledger.files.basis_file import load_basis
from coopledger.files.documents import cite
from coopledger.text import Message

_TAX = option("--tax", type=PART, metavar="PART", help="The part of each receipt on capital that is withheld: 20%.")
_YEAR = argument("year", type=int)


def _read_codes(seen: str) -> tuple[str, ...]:
    """Codes of runs, with commas between them."""
    return tuple(one.strip() for one in seen.split(",") if one.strip())


def _read_policy(seen: str) -> str:
    return OneOf(POLICIES).convert(seen, None, None)


_ROUNDED = option(
    "--to",
    type=pair(read_fen, "surplus=1"),
    multiple=True,
    help="What a step pays is a multiple of so many yuan; what is left over stays for the next year.",
)
_CAPPED = option(
    "--cap",
    type=pair(read_fen, "surplus=800"),
    multiple=True,
    help="Nobody gets more of a step, in yuan; the others get what is above.",
)
_REMAINDER = option(
    "--remainder",
    type=pair(read_account, "surplus=reserve"),
    multiple=True,
    help="The account to which what is left of a step goes, when its run is declared.",
)
_POLICY = option(
    "--policy",
    type=pair(_read_policy, "surplus=cumulative"),
    multiple=True,
    help="Whether a step makes up for the rounding of its runs of earlier years.",
)
_RETAINED = option(
    "--retained",
    type=pair(read_part, "surplus=40%"),
    multiple=True,
    help="The part of each holder's of a step that is retained in his name.",
)
_HELD = option(
    "--hold-below",
    type=pair(read_fen, "surplus=20"),
    multiple=True,
    help="Who is owed less, of all steps and years together, waits for a later run.",
)
_NETS = option(
    "--nets",
    type=pair(_read_codes, "surplus=2025-06"),
    multiple=True,
    help="The runs whose amounts a step counts, commas between them.",
)
_TIMES = tuple(one for one in BY if one != "shares")


class _Stated(NamedTuple):
    """A basis that was stated, and the file that says so."""

    numbers: Mapping[str, int]
    document: Document


def _read_basis(path: str) -> _Stated:
    return _Stated(load_basis(path), cite(path))


def _of_steps(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say of a step, ``STEP=VALUE``, how its run pays what it got."""
    for one in reversed((_ROUNDED, _CAPPED, _REMAINDER, _POLICY, _RETAINED, _HELD, _NETS)):
        function = one(function)
    return function


def _terms(view: View, act: Act, said: Mapping[str, tuple[Pair, ...]]) -> dict[str, Terms]:
    """The terms of the steps that are named, by the names of the options."""
    fields = {"to": "to_fen", "cap": "cap_fen", "hold_below": "hold_below_fen"}
    found: dict[str, Terms] = {}
    for name, values in said.items():
        for step, value in values:
            meant = role_of(view, act, value) if name == "remainder" else value
            own: dict[str, Any] = {**found.get(step, AS_IT_IS)._asdict(), fields.get(name, name): meant}
            found[step] = Terms(**own)
    return found


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
@_of_steps
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
    **terms: tuple[Pair, ...],
) -> Iterable[Entry]:
    """Distribute the surplus of a YEAR by the charter's steps (盈余分配), and propose a run for each step of holders.

    What goes to funds is booked; what goes to holders is paid by the runs, which are called by the year and the step.
    Options of STEP=VALUE are of the run of one step, and may be given for several.
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
    steps = propose_steps(
        year, tax=None if tax is None else Fraction(tax), terms=_terms(view, act, terms), **act.days, resolution=branch
    )
    return in_turn(booking, steps)(view)


def _note_half_undone(view: View, given: Facts, _records: Sequence[Record]) -> Iterator[Message]:
    """The runs of steps that went back, but not as far as that another could be proposed."""
    for one in runs(view).values():
        of_year = one.proposal.step and one.proposal.period == str(given["year"])
        if of_year and one.undone_on is not None and not one.withdrawn:
            yield Message(
                "note: run {run} of the step {step} is {state}: for another one it is taken back step by step until it "
                "is withdrawn (undo, 'dividend reverse')",
                run=one.code,
                step=one.proposal.step,
                state=words(one.state),
            )


@recording(
    "propose-steps",
    "coopledger dividend propose-steps shares.db 2024 --on 2026-01-13",
    stateful=True,
    notes=_note_half_undone,
)
@_YEAR
@_TAX
@_of_steps
def propose_steps_command(
    view: View, act: Act, year: int, tax: Number | None, **terms: tuple[Pair, ...]
) -> Iterable[Entry]:
    """Propose a run again for each step of a distributed YEAR whose run was withdrawn.

    It has the tax of that run if --tax is left out, and what else that run said of how it pays if nothing is said of
    the step here. Options of STEP=VALUE are of the run of one step, and may be given for several.

    Where the charter asks for the four deliberations, --resolution is that of the party branch.
    """
    proposed = propose_steps(
        year,
        tax=None if tax is None else Fraction(tax),
        terms=_terms(view, act, terms),
        documents=act.documents,
        resolution=act.resolution,
        **act.days,
    )
    return proposed(view)


@asking("distribution", "coopledger dividend distribution shares.db 2024")
@_YEAR
def distribution(view: View, year: int) -> list[Table]:
    """How the surplus of a YEAR was distributed (盈余分配表, 收益分配表), step by step, with its rules."""
    return _shown(view, {"year": year})

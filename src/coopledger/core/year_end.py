"""The year's end: what a year brought enters the book as one record, from where it is distributed."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Literal, get_args

from coopledger.core.appropriation import appropriations
from coopledger.core.balances import left_standing, printed
from coopledger.core.chart import MONEY, Charts, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.earmark import came_in
from coopledger.core.journal import LARGEST_QUANTITY, Decision, Entry, Posting, View, shown
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

SURPLUS = "surplus"
"""The kind of records by which a year's surplus, or loss, enters; the fact ``year`` says of which."""

Counted = Literal["apart", "within"]
COUNTED: tuple[Counted, ...] = get_args(Counted)
"""Whether a statement counts what contracts brought in for their holders: the surplus is without it, or has it."""


def enter_surplus(
    year: int,
    surplus_fen: int,
    *,
    source: str,
    contracts: Counted | None = None,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Enter a year's surplus: Dr surplus of the year Cr distribution of surplus; a loss, below 0, the other way round.

    Income and costs are kept where the township keeps its books: ``source`` says which statement of theirs the figure
    is from. It is effective on the year's last day if no other is said.

    What contracts brought in to be distributed as it comes (``income="distribution"``) stands in the distribution
    account already, and is not to be distributed once more: where a year had some, ``contracts`` says whether the
    figure is without it, ``apart``, or has it, ``within``: then it is taken off, and the rest enters.

    Raises RegisterError: the year was entered already, and not taken back; a figure of 0, also after what contracts
    brought in; that is not said where it has to be.

    >>> entered = enter_surplus(2026, 1_200_000_00, source="annual statement 2026, line 15")
    """
    if type(surplus_fen) is not int or not 0 < abs(surplus_fen) <= LARGEST_QUANTITY:
        raise RegisterError(
            Message(
                "surplus_fen: {seen}: a whole number (int) of fen is expected, below 0 for a loss",
                seen=shown(surplus_fen),
            )
        )
    if type(year) is not int or not 1900 <= year <= 2999:
        raise RegisterError(Message("year: {seen}: a year such as 2026 is expected", seen=shown(year)))
    if not isinstance(source, str) or not source.strip():
        raise RegisterError(Message("source: {seen}: a text is expected", seen=printable(str(source)) or "-"))
    if contracts is not None and contracts not in COUNTED:
        raise RegisterError(
            Message(
                "{name} = {seen}: {accepted} is expected",
                name="contracts",
                seen=shown(contracts),
                accepted=Message("one of {known}", known=[*COUNTED]),
            )
        )
    on = effective_on or date(year, 12, 31)
    facts = {"year": year, "source": source, "reason": source, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        chart = charts(view).in_force(booked_on or on)
        own, distributed = chart.account("surplus"), chart.account("distribution")
        for record in view.records(SURPLUS):
            if record.facts["year"] == year and _stands(view, record.seq, record.postings[0].source):
                raise RegisterError(
                    Message("the surplus of {year} was entered in record {seq} already", year=year, seq=record.seq)
                )
        brought = came_in(view, year)
        fen = surplus_fen - (brought if contracts == "within" else 0)
        if (brought and contracts is None) or not fen:
            raise _counted_twice(year, surplus_fen, brought)
        places = (distributed, own) if fen > 0 else (own, distributed)
        said = {**facts, "contracts": contracts, "contracts_fen": brought} if brought else facts
        return [Entry(SURPLUS, on, booked_on or on, said, [Posting(MONEY, *places, abs(fen))])]

    return decide


def check_counted(view: View, year: int) -> None:
    """Raise RegisterError if contracts brought in something else of a year by now than its surplus was entered with.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_counted(view, 2026)
    """
    brought = came_in(view, year)
    for record in view.records(SURPLUS):
        said: Any = record.facts
        if said["year"] != year or said.get("contracts") == "apart" or said.get("contracts_fen", 0) == brought:
            continue
        if _stands(view, record.seq, record.postings[0].source):
            raise RegisterError(
                Message(
                    "{year}: contracts brought in {brought} yuan for their holders by now, and the surplus was entered "
                    "in record {seq} as if it was {said}: take it back, and enter it anew with whether they are in it "
                    "(contracts, --contracts)",
                    year=year,
                    brought=printed(brought, 2),
                    seq=record.seq,
                    said=printed(said.get("contracts_fen", 0), 2),
                )
            )


def _counted_twice(year: int, surplus_fen: int, brought: int) -> RegisterError:
    """Why a surplus does not enter before it is said whether what contracts brought in is in it."""
    figures = {"year": year, "brought": printed(brought, 2), "surplus": printed(surplus_fen, 2)}
    if surplus_fen == brought:
        return RegisterError(
            Message(
                "{year}: all of {surplus} yuan is what contracts brought in for their holders: nothing is left to "
                "enter, or it is apart (contracts='apart', --contracts apart)",
                **figures,
            )
        )
    return RegisterError(
        Message(
            "{year}: contracts brought in {brought} yuan for their holders, which stand in the distribution account "
            "already: say whether the surplus of {surplus} is without them (contracts='apart', --contracts apart), or "
            "has them within, so that they are taken off (contracts='within', --contracts within)",
            **figures,
        )
    )


def surpluses(view: View) -> dict[int, int]:
    """What each year brought, in fen, negative for a loss, as it was entered and not taken back.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     surpluses(view)
    {}
    """
    found: dict[int, int] = {}
    for year, _, fen in _entered(view):
        found[year] = found.get(year, 0) + fen
    return found


def undistributed(view: View) -> dict[int, list[tuple[date, int]]]:
    """The surpluses that wait to be distributed: of years after the last that was, in fen from a day on.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     undistributed(view)
    {}
    """
    found: dict[int, list[tuple[date, int]]] = {}
    entered = [*_entered(view)]
    last = max(appropriations(view), default=0) if entered else 0
    for year, day, fen in entered:
        if year > last and fen > 0:
            found.setdefault(year, []).append((day, fen))
    return found


def _entered(view: View) -> Iterator[tuple[int, date, int]]:
    """What stands of each year's surplus, from a day on; negative of a loss."""
    known = charts(view)
    for record in view.records(SURPLUS):
        for leg in record.postings:
            for account, sign in ((leg.source, 1), (leg.target, -1)):
                if _is_distribution(known, account) and _stands(view, record.seq, account):
                    year: Any = record.facts["year"]
                    yield year, record.effective_on, sign * leg.quantity


def _is_distribution(known: Charts, account: str) -> bool:
    return any("distribution" in chart.roles and account == chart.account("distribution") for _, chart in known.adopted)


def _stands(view: View, seq: int, account: str) -> bool:
    """Whether a record was not taken back."""
    return any(move.seq == seq for move in left_standing(view.movements(account, MONEY)))

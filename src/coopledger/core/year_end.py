"""The year's end: what a year brought enters the book as one record, from where it is distributed."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from coopledger.core.balances import left_standing
from coopledger.core.chart import MONEY, Charts, charts
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import LARGEST_QUANTITY, Decision, Entry, Posting, View, shown
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

SURPLUS = "surplus"
"""The kind of records by which a year's surplus, or loss, enters; the fact ``year`` says of which."""


def enter_surplus(
    year: int,
    surplus_fen: int,
    *,
    source: str,
    effective_on: date | None = None,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Enter a year's surplus: Dr surplus of the year Cr distribution of surplus; a loss, below 0, the other way round.

    Income and costs are kept where the township keeps its books: ``source`` says which statement of theirs the figure
    is from. It is effective on the year's last day if no other is said. Raises RegisterError: the year was entered
    already, and not taken back; a figure of 0.

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
        places = (distributed, own) if surplus_fen > 0 else (own, distributed)
        return [Entry(SURPLUS, on, booked_on or on, facts, [Posting(MONEY, *places, abs(surplus_fen))])]

    return decide


def surpluses(view: View) -> dict[int, int]:
    """What each year brought, in fen, negative for a loss, as it was entered and not taken back.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     surpluses(view)
    {}
    """
    known = charts(view)
    found: dict[int, int] = {}
    for record in view.records(SURPLUS):
        for leg in record.postings:
            for account, sign in ((leg.source, 1), (leg.target, -1)):
                if _is_distribution(known, account) and _stands(view, record.seq, account):
                    year: Any = record.facts["year"]
                    found[year] = found.get(year, 0) + sign * leg.quantity
    return found


def _is_distribution(known: Charts, account: str) -> bool:
    return any("distribution" in chart.roles and account == chart.account("distribution") for _, chart in known.adopted)


def _stands(view: View, seq: int, account: str) -> bool:
    """Whether a record was not taken back."""
    return any(move.seq == seq for move in left_standing(view.movements(account, MONEY)))

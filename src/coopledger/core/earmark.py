"""Earmarks: what stands in the distribution account and is for somebody already, until a run declares it.

Distributions give to the holders of their steps, and contracts bring in what is to be distributed as it comes. Neither
is distributed with the surplus of a later year, and no other run takes it.
"""

from datetime import date
from typing import NamedTuple

from coopledger.core.appropriation import appropriations
from coopledger.core.chart import charts
from coopledger.core.contract import DUE
from coopledger.core.journal import View, shown
from coopledger.core.passing import REVERSAL, REVERSES
from coopledger.core.proposal import BY_SURPLUS, Proposal
from coopledger.core.run import Run, runs
from coopledger.errors import RegisterError
from coopledger.text import Message


class Purpose(NamedTuple):
    """What it is for: a step of a year's distribution, or the runs for a stream of a contract, of whichever year."""

    stream: str
    year: str = ""
    step: str = ""


def purpose_of(one: Proposal) -> Purpose:
    """Which earmark a run may take.

    >>> from coopledger.core.entitlement import by_record_date
    >>> purpose_of(Proposal("hill/land", "2026", "land", by_record_date(date(2026, 12, 31)), total_fen=5))
    Purpose(stream='hill/land', year='', step='')
    """
    return Purpose(BY_SURPLUS, one.period, one.step) if one.step else Purpose(one.stream)


def earmarked(view: View, before: int | None = None) -> int:
    """What is earmarked and no run has declared yet, in fen; of distributions that of years before one.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     earmarked(view)
    0
    """
    if before is not None and type(before) is not int:
        raise RegisterError(Message("year: {seen}: a year such as 2026 is expected", seen=shown(before)))
    marks = earmarks(view).items()
    return sum(
        fen for one, marked in marks if before is None or not one.year or int(one.year) < before for _, fen in marked
    )


def earmarks(view: View) -> dict[Purpose, list[tuple[date, int]]]:
    """What is earmarked, by what it is for: in fen from a day on, and off it when it is declared.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     earmarks(view)
    {}
    """
    found = {
        Purpose(BY_SURPLUS, str(year), step.code): [(one.on, one.amount_fen(step.code))]
        for year, one in appropriations(view).items()
        for step in one.to_holders
    }
    for place, day, fen in _brought_in(view):
        found.setdefault(place, []).append((day, fen))
    for one in runs(view).values() if found else ():
        if one.proposal.advance:  # it takes nothing of the surplus: what it gave is owed back
            continue
        if one.declared_on is not None and (place := purpose_of(one.proposal)) in found:
            left = sum(fen for _, fen in found[place])  # a stream may have brought in other money before
            found[place].append((one.declared_on, -min(max(left, 0), _released_fen(one))))
    return found


def _released_fen(one: Run) -> int:
    """What a run takes of its earmark: what it declares, with what of its total goes to another account.

    Of a step all: no second run pays it, and what its run leaves is carried forward. So is what a run nets that others
    gave from elsewhere: they took it of what is free, and that is free again.
    """
    whole = one.proposal.step or one.proposal.remainder
    return (one.proposal.total_fen if whole else None) or one.amount_fen + one.freed_fen


def came_in(view: View, year: int) -> int:
    """What contracts brought in for their holders in a calendar year, in fen: what fell due, and is distributed so.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     came_in(view, 2026)
    0
    """
    return sum(fen for _, day, fen in _brought_in(view) if day.year == year)


def _brought_in(view: View) -> list[tuple[Purpose, date, int]]:
    """What fell due by contracts, and was not taken back, of streams whose income is to be distributed."""
    due = [*view.records(DUE)]
    taken_back = {one.facts.get(REVERSES) for one in view.records(REVERSAL)} if due else set()
    adopted = [chart for _, chart in charts(view).adopted if "distribution" in chart.roles]
    accounts = {chart.account("distribution") for chart in adopted}
    return [
        (Purpose(f"{one.facts['contract']}/{one.facts['stream']}"), one.effective_on, leg.quantity)
        for one in due
        if one.seq not in taken_back
        for leg in one.postings
        if leg.source in accounts
    ]

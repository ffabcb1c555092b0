"""Earmarks: what distributions gave to holders and no run has declared yet stands in the distribution account still.

It is not to be distributed once more, and no other run takes it.
"""

from datetime import date

from coopledger.core.appropriation import appropriations
from coopledger.core.journal import View
from coopledger.core.run import runs


def earmarked(view: View, before: int | None = None) -> int:
    """What distributions, of years before one, gave to holders and no run has declared yet, in fen.

    It stands in the distribution account and is not to be distributed once more.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     earmarked(view)
    0
    """
    marks = earmarks(view)
    return sum(fen for (year, _), marked in marks.items() if before is None or int(year) < before for _, fen in marked)


def earmarks(view: View) -> dict[tuple[str, str], list[tuple[date, int]]]:
    """What distributions gave to holders, by year and step: in fen from a day on, and off it when it is declared.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     earmarks(view)
    {}
    """
    given = {
        (str(year), step.code): [(one.on, one.amount_fen(step.code))]
        for year, one in appropriations(view).items()
        for step in one.to_holders
    }
    for one in runs(view).values() if given else ():
        if one.declared_on is not None and (place := (one.proposal.period, one.proposal.step)) in given:
            given[place].append((one.declared_on, -one.amount_fen))
    return given

"""A right of a household in a book: 12.5 mu for ten years, worth 60,000 yuan, for 600 shares."""

from datetime import date
from fractions import Fraction
from typing import Any

from coopledger.core.amortisation import book_values, revalue_contribution
from coopledger.core.contribution import Contribution, Right, Valuation, contribute
from coopledger.core.contribution_audit import check_contributions
from coopledger.core.journal import Decision
from coopledger.store.memory import MemoryJournal
from tests.core.cooperatives import ADOPTED, FOUNDED, cooperative, put

DAY = date(2024, 3, 1)
LAST = date(2034, 2, 28)
RIGHT = Right(
    "land right", DAY, LAST, LAST, area_mu=Fraction(25, 2), parcels=("1-07",), contract="示例证 0001", every="year"
)
LAND = Contribution("G1", "17", "land", RIGHT, Valuation(60_000_00, "members", FOUNDED), price_fen=100_00)
"""6,000 yuan a year, 500 a month."""


def book(*contributions: Contribution) -> MemoryJournal:
    """A cooperative that has these; the one right, if none is said."""
    journal = cooperative()
    put(journal, contribute(*(contributions or [LAND]), effective_on=DAY, resolution=ADOPTED))
    return journal


def with_right(**changes: Any) -> Contribution:
    return LAND._replace(brought=RIGHT._replace(**changes))


def values(journal: MemoryJournal, on: date | None = None) -> dict[str, tuple[int, int, int]]:
    """Value, what is used up of it and the rest, by number."""
    with journal.read() as view:
        return {
            one.standing.contribution.number: (one.value_fen, one.amortised_fen, one.book_fen)
            for one in book_values(view, on)
        }


def anew(fen: int, on: date = date(2025, 7, 1), **changes: Any) -> Decision:
    given: dict[str, Any] = {"effective_on": on, "reason": "appraisal"}
    return revalue_contribution("G1", Valuation(fen, "agreed price", on), **{**given, **changes})


def audited(journal: MemoryJournal) -> list[str]:
    with journal.read() as view:
        return [str(one) for one in check_contributions(view)]

"""Receipts: what each payout of a run paid to whom, through what, and what of it came back."""

from datetime import date
from typing import NamedTuple

from coopledger.core.chart import charts
from coopledger.core.journal import Record, View, is_under
from coopledger.core.run import BOUNCE, PAYOUT, Run, holder_paid
from coopledger.core.settlement import TAX


class Receipt(NamedTuple):
    """What one payout paid to one holder, in fen: what he got, what was withheld, what of both came back.

    ``through`` is the role of the account that paid; ``to`` the heir to whom it was paid, if it was one.
    """

    run: str
    seq: int
    on: date
    holder: str
    through: str
    paid_fen: int
    withheld_fen: int
    back_fen: int = 0
    to: str = ""


def receipts(view: View, one: Run, on: date | None = None) -> list[Receipt]:
    """The receipts of a run up to a day, payout by payout, in the order of its lines.

    What was paid before a run was undone was received all the same.

    >>> from coopledger.store.memory import MemoryJournal
    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.run import Proposal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     receipts(view, never)
    []
    """
    taxes = {chart.account(TAX, one.code) for _, chart in charts(view).adopted if TAX in chart.roles}
    payouts: list[Record] = []
    back: dict[tuple[int, int], int] = {}
    for record in view.records(PAYOUT, BOUNCE, since=one.proposed_in):
        if record.facts.get("run") != one.code or (on is not None and record.effective_on > on):
            continue
        if record.kind == PAYOUT:
            payouts.append(record)
            continue
        for leg in record.postings:
            if leg.reverses_seq is not None and leg.reverses_line is not None:
                line = (leg.reverses_seq, leg.reverses_line)
                back[line] = back.get(line, 0) + leg.quantity
    return [receipt for record in payouts for receipt in _of(record, one.code, taxes, back)]


def _of(record: Record, name: str, taxes: set[str], back: dict[tuple[int, int], int]) -> list[Receipt]:
    """The receipts of one payout."""
    lines: dict[str, list[int]] = {}
    for line, leg in enumerate(record.postings):
        own = lines.setdefault(holder_paid(leg.target), [0, 0, 0])
        own[any(is_under(leg.source, tax) for tax in taxes)] += leg.quantity
        own[2] += back.get((record.seq, line), 0)
    through, to = str(record.facts.get("through", "")), str(record.facts.get("to", ""))
    return [
        Receipt(name, record.seq, record.effective_on, number, through, paid, withheld, came_back, to)
        for number, (paid, withheld, came_back) in lines.items()
    ]

"""Receipts: what each payout of a run paid to whom, in money, in goods or in shares, and what of it came back."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from coopledger.core.allocation import in_order
from coopledger.core.chart import MONEY, charts
from coopledger.core.charter import holder_of
from coopledger.core.journal import Record, View, check_days, is_under
from coopledger.core.passing import ISSUE, REVERSAL
from coopledger.core.run import BOUNCE, IN_KIND, PAYOUT, RETAINED_PAYOUT, Run, check_run, holder_paid
from coopledger.core.settlement import TAX
from coopledger.core.share_class import classes
from coopledger.core.timeline import state


class Receipt(NamedTuple):
    """What one payout paid to one holder, in fen: what he got, what was withheld, what of both came back.

    ``kind`` is that of the record: a payout, one of what was retained, one in goods, or the issue of shares in which
    something was reinvested. ``through`` is the role of the account that paid; ``to`` the heir to whom it was paid, if
    it was one. Of goods there are so many ``units`` at ``price_fen`` each, ``paid_fen`` is their value, and there is no
    role; of shares, ``goods`` is their class, ``units`` are whole shares, and ``price_fen`` is their par value.
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
    kind: str = PAYOUT
    goods: str = ""
    unit: str = ""
    units: int = 0
    price_fen: int = 0


def receipts(view: View, one: Run, on: date | None = None) -> list[Receipt]:
    """The receipts of a run up to a day, payout by payout, each in the order of numbers.

    What was paid before a run was undone was received all the same.

    >>> from coopledger.store.memory import MemoryJournal
    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     receipts(view, never)
    []
    """
    check_run(one)
    check_days(on)
    taxes = {chart.account(TAX, one.code) for _, chart in charts(view).adopted if TAX in chart.roles}
    payouts: list[Record] = []
    back: dict[tuple[int, int], int] = {}
    for record in view.records(*_PAYS, BOUNCE, REVERSAL, since=one.proposed_in):
        if on is not None and record.effective_on > on:
            continue
        if record.kind in _PAYS:
            payouts += [record] if record.facts.get("run") == one.code else []
            continue
        for leg in record.postings:  # a payment that came back, goods that were taken back
            if leg.reverses_seq is not None and leg.reverses_line is not None:
                line = (leg.reverses_seq, leg.reverses_line)
                back[line] = back.get(line, 0) + leg.quantity
    return [receipt for record in payouts for receipt in _of(view, record, one.code, taxes, back)]


_PAYS = (PAYOUT, IN_KIND, RETAINED_PAYOUT, ISSUE)


def _of(view: View, record: Record, name: str, taxes: set[str], back: dict[tuple[int, int], int]) -> list[Receipt]:
    """The receipts of one payout."""
    said: Any = record.facts
    lines: dict[str, list[int]] = {}
    for line, leg in enumerate(record.postings):
        if leg.denomination != MONEY:
            continue
        own = lines.setdefault(holder_paid(leg.target), [0, 0, 0])
        own[any(is_under(leg.source, tax) for tax in taxes)] += leg.quantity
        own[2] += back.get((record.seq, line), 0)
    through, to = str(said.get("through", "")), str(said.get("to", ""))
    found = [
        Receipt(name, record.seq, record.effective_on, number, through, paid, withheld, came_back, to, record.kind)
        for number in in_order(lines)
        for paid, withheld, came_back in [lines[number]]
    ]
    if record.kind == ISSUE:
        return [*_in_shares(view, record, found)]
    if record.kind != IN_KIND:
        return found
    of = {"goods": said["goods"], "unit": said["unit"], "price_fen": said["price_fen"]}
    return [receipt._replace(units=said["quantities"][receipt.holder], **of) for receipt in found]


def _in_shares(view: View, record: Record, found: Iterable[Receipt]) -> Iterator[Receipt]:
    """The receipts of what was reinvested, in whole shares as the class counted them then."""
    cls = str(record.facts["class"])
    before = (change for change in classes(view)[cls] if change[:2] < (record.effective_on, record.seq))
    whole = 10 ** int(state([*before]).get("digits", 0))
    shares = {holder_of(leg.target): leg.quantity // whole for leg in record.postings if leg.denomination == cls}
    for one in found:
        units = shares[one.holder]
        yield one._replace(goods=cls, units=units, price_fen=one.paid_fen // units)

"""The payment list of a dividend run (分红发放表): what each holder is paid, with a place to sign."""

from datetime import date

from coopledger.core.allocation import natural_key
from coopledger.core.dues import CALLED, Way, dues
from coopledger.core.journal import View
from coopledger.core.payout import held_over, owing, waiting
from coopledger.core.register import register
from coopledger.core.run import run
from coopledger.core.table import Column, Table, Text
from coopledger.errors import RegisterError
from coopledger.reports.cells import IN_YUAN, count, in_words, money, yuan
from coopledger.reports.dividend import as_resolved, counted, paid_for
from coopledger.reports.register import id_of, name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message


def payment_list_report(view: View, name: str, on: date | None = None, *, names: bool = True) -> Table:
    """Who is paid what of a run, as of a day: due, tax, net, what he has of it, what is still to be paid, a signature.

    The tax is what was withheld and what will be if all the rest is paid at once. What lapsed, was given in goods, is
    retained or was reinvested has a column of its own, where there is any. The net is what is left: what he has in
    hand, by bank or set off against a debt, and what is still to be paid. ``names=False`` leaves names and masked ID
    numbers out.

    Raises RegisterError: the run is not declared on that day, nothing is owed of it.
    """
    one = run(view, name, on)
    due = dues(view, one, on)
    if not due:
        raise RegisterError(Message("run {run} is not declared on {day}: nothing is owed", run=one.code, day=on or "…"))
    now = register(view, on)
    _, found, stale = as_resolved(view, one)
    rows_of = personal_rows(view) if names else None
    unpaid = [number for number, own in due.items() if own.unpaid_fen]
    waits = held_over(view, one, on, unpaid) | owing(view, on, unpaid)
    waits |= waiting(view, now.people, one.proposal.share_class, unpaid, on)
    apart: list[Way] = [way for way in _APART if any(own.by_way[way] for own in due.values())]
    rows: list[list[Text]] = []
    sums = [0] * (5 + len(apart))
    for number in sorted(due, key=natural_key):
        own = due[number]
        to_come = own.to_withhold_fen(one.proposal.tax)
        tax = own.withheld_fen + to_come
        figures = [
            own.declared_fen,
            tax,
            *(own.by_way[way] for way in apart),
            own.declared_fen - tax - sum(own.by_way[way] for way in apart),
            own.paid_fen + own.set_off_fen + own.otherwise_fen,
            own.unpaid_fen - to_come,
        ]
        sums = [*map(sum, zip(sums, figures, strict=True))]
        rows.append(
            [
                number,
                *([] if rows_of is None else [name_of(now, number, rows_of), id_of(now, number, rows_of)]),
                counted(found.by.weights.get(number, 0), found.by.denominator, found.by.share_class.digits),
                *map(yuan, figures),
                waits.get(number, ""),
                "",
            ]
        )
    columns = [
        Column(Message("number")),
        *([Column(Message("name")), Column(Message("ID number"))] if names else []),
        count(Message("counts")),
        money(Message("due to the holder")),
        money(Message("tax")),
        *(money(CALLED[way]) for way in apart),
        money(Message("net")),
        money(Message("paid already")),
        money(Message("still to be paid")),
        Column(Message("note")),
        Column(Message("signature")),
    ]
    totals: list[Text] = [
        Message("total"),
        *(["", ""] if names else []),
        counted(found.by.total, found.by.denominator, found.by.share_class.digits),
        *map(yuan, sums),
        "",
        "",
    ]
    notes: list[Text] = [
        IN_YUAN,
        Message("paid for: {purpose}", purpose=paid_for(one.proposal, view)),
        Message("net, in words: {words}", words=in_words(sums[-3])),
        Message("still to be paid, in words: {words}", words=in_words(sums[-1])),
        *stale,
        *as_of(view, on),
    ]
    title = Message("{book}: payment list of run {run}", book=now.book.name, run=one.code)
    return Table(title, columns, rows, totals, notes)


_APART: tuple[Way, ...] = ("lapsed", "in kind", "retained", "reinvested")
"""The ways that have a column of their own, where there is any."""

"""Receipts for dividends in words (领款单, 领物单): a table for each payout, a line for each who got something."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from coopledger.core.dues import CALLED
from coopledger.core.journal import View
from coopledger.core.passing import ISSUE
from coopledger.core.people import number_of
from coopledger.core.receipt import Receipt, receipts
from coopledger.core.register import register
from coopledger.core.run import IN_KIND, PAYOUT, RETAINED_PAYOUT, run
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import kind_words, words
from coopledger.errors import RegisterError
from coopledger.reports.cells import IN_YUAN, class_name, count, in_words, money, yuan
from coopledger.reports.dividend import paid_for
from coopledger.reports.register import id_of, name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable

_THROUGH = {"bank": Message("bank"), "cash": Message("cash in hand"), "member current": Message("set off")}

_IN_MONEY = (PAYOUT, RETAINED_PAYOUT)


def receipts_report(
    view: View, name: str, on: date | None = None, holder: str | None = None, *, names: bool = True
) -> list[Table]:
    """What each payout of a run paid to each holder up to a day, or to one: before tax, withheld, in hand, in words.

    Of goods it is how many units at which price, of what was reinvested how many shares at which par value, and their
    value in words. What was retained and is paid out has receipts too. What came back is marked: no receipt is signed
    for it. The lines of a payout are in the order of numbers. Raises RegisterError: nothing was paid.
    """
    one = run(view, name, on)
    wanted = None if holder is None else number_of(holder)
    found = [receipt for receipt in receipts(view, one, on) if wanted in {None, receipt.holder}]
    if not found:
        raise RegisterError(
            Message("run {run}: nothing was paid by {day}", run=one.code, day=on or "…")
            if wanted is None
            else Message("run {run}: nothing was paid to {number} by {day}", run=one.code, number=wanted, day=on or "…")
        )
    now = register(view, on)
    rows_of = personal_rows(view) if names else None
    notes: list[Text] = [
        IN_YUAN,
        Message("paid for: {purpose}", purpose=paid_for(one.proposal, view)),
        *as_of(view, on),
    ]
    tables = []
    for _, group in groupby(found, key=lambda receipt: receipt.seq):
        own = [*group]
        rows = [
            [
                receipt.holder,
                *(
                    []
                    if rows_of is None
                    else [name_of(now, receipt.holder, rows_of), id_of(now, receipt.holder, rows_of)]
                ),
                *_given(receipt),
                yuan(receipt.paid_fen + receipt.withheld_fen),
                yuan(receipt.withheld_fen),
                yuan(receipt.paid_fen),
                in_words(receipt.paid_fen),
                _note(receipt),
                "",
            ]
            for receipt in own
        ]
        given = _given_headings(view, own[0])
        tables.append(_table(now.book.name, own, given, rows, notes, names=names))
    return tables


def _table(
    book: str,
    own: Sequence[Receipt],
    given: Sequence[Column],
    rows: Sequence[Sequence[Text]],
    notes: Sequence[Text],
    *,
    names: bool,
) -> Table:
    first = own[0]
    paid, tax = (sum(fen) for fen in zip(*((one.paid_fen, one.withheld_fen) for one in own), strict=True))
    columns = [
        Column(Message("number")),
        *([Column(Message("name")), Column(Message("ID number"))] if names else []),
        *given,
        money(Message("amount")),
        money(Message("withheld")),
        money(Message("net") if first.kind in _IN_MONEY else Message("value")),
        Column(Message("in words")),
        Column(Message("note")),
        Column(Message("signature")),
    ]
    totals: list[Text] = [
        Message("total"),
        *(["", ""] if names else []),
        *([] if first.kind in _IN_MONEY else [f"{sum(one.units for one in own):,}", ""]),
        yuan(paid + tax),
        yuan(tax),
        yuan(paid),
        in_words(paid),
        "",
        "",
    ]
    title = Message(
        "{book}: receipts for run {run}, {day}, record {seq}, {through}",
        book=book,
        run=first.run,
        day=first.on,
        seq=first.seq,
        through=_through(first),
    )
    if first.kind == RETAINED_PAYOUT:
        title = Message("{title}: {what}", title=title, what=kind_words(first.kind))
    return Table(title, columns, rows, totals, notes)


def _through(one: Receipt) -> Message | str:
    """How it was paid."""
    if one.kind == ISSUE:
        return CALLED["reinvested"]
    return kind_words(one.kind) if one.kind == IN_KIND else _THROUGH.get(one.through) or words(one.through)


def _given_headings(view: View, one: Receipt) -> list[Column]:
    """What was given, in which unit it is counted, and that it has a price; of shares, a par value."""
    if one.kind == ISSUE:
        return [count(Message("{cls} (shares)", cls=class_name(view, one.goods))), money(Message("par value"))]
    if one.kind == IN_KIND:
        goods = Message("{goods} ({unit})", goods=printable(one.goods), unit=printable(one.unit))
        return [count(goods), money(Message("price"))]
    return []


def _given(one: Receipt) -> list[Text]:
    """How many units of goods at which price, or shares at which par value."""
    return [] if one.kind in _IN_MONEY else [f"{one.units:,}", yuan(one.price_fen)]


def _note(one: Receipt) -> Text:
    """Who got it instead, and what came back."""
    said: list[Text] = []
    if one.to:
        said.append(Message("paid to {number}", number=one.to))
    if one.back_fen:
        said.append(Message("came back: {amount}", amount=yuan(one.back_fen)))
    return Message("{cited}", cited=said) if said else ""

"""The payouts of a projection as tables: by year, by part, by holder, and the claims beside them."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from coopledger.core.claims import Verdict
from coopledger.core.plan import Plan
from coopledger.core.projection import (
    Division,
    Payment,
    Projected,
    Projection,
    by_calendar_year,
    divide_stream,
    void_as_lease,
)
from coopledger.core.quantity import PLAIN, Currency, Quantity, decimal, percent
from coopledger.core.rounding import divide
from coopledger.core.table import Column, Table, Text
from coopledger.text import Message

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class _Cell(NamedTuple):
    """What one stream pays in one year: the known sum, goods without a price, and remarks."""

    amount: int | None
    goods: Quantity | None
    remarks: tuple[Message, ...]


class _Row(NamedTuple):
    year: int
    start: object
    end: object
    cells: tuple[_Cell, ...]


def payouts(projection: Projection, *, calendar: bool = False, merged: bool = True) -> Table:
    """What every stream pays by contract year, or what accrues by calendar year.

    Years that are alike stand on one line, or with ``merged=False`` on a line each, so that the lines add up.
    """
    plan, currency = projection.plan, projection.plan.currency
    rows = _rows(projection, calendar=calendar)
    remarks = list(dict.fromkeys(remark for row in rows for cell in row.cells for remark in cell.remarks))
    letters = {remark: _LETTERS[n] if n < len(_LETTERS) else str(n) for n, remark in enumerate(remarks)}
    sums = _sums(projection)
    columns = [
        Column(Message("year")),
        Column(Message("from – to")),
        *(Column(one.stream.name, number=True) for one in projection.streams),
        *(Column(heading, number=True) for heading, _ in sums),
        *([Column(Message("notes"))] if remarks else []),
    ]
    lines: list[list[Text]] = []
    for _, group in groupby(rows, key=lambda row: row.cells if merged else row):
        alike = list(group)
        first, last = alike[0], alike[-1]
        marks = sorted({letters[remark] for cell in first.cells for remark in cell.remarks})
        lines.append(
            [
                _span(first.year, last.year),
                f"{first.start} – {last.end}",
                *(_amount(cell, currency) for cell in first.cells),
                *(_money(_added(first.cells, chosen), currency) for _, chosen in sums),
                *([" ".join(marks)] if remarks else []),
            ]
        )
    totals = [one.total for one in projection.streams]
    return Table(
        plan.title,
        columns,
        lines,
        [
            Message("total"),
            "",
            *(_money(total, currency) for total in totals),
            *(_money(sum(totals[n] for n in chosen), currency) for _, chosen in sums),
            *([""] if remarks else []),
        ],
        [
            *(Message("{letter}: {remark}", letter=letter, remark=remark) for remark, letter in letters.items()),
            *_merged(lines),
            *_incomplete([amount for one in projection.streams for amount in one.amounts]),
        ],
    )


def head(plan: Plan) -> list[Message]:
    """What the plan is, in a few lines: term, currency, book, and one line a stream."""
    first = Message(
        "{start} – {end}, contract years: {years}, amounts in {unit}",
        start=plan.term.start,
        end=plan.term.end,
        years=plan.term.full_years
        if plan.term.stub == "none"
        else Message("{years} and a part", years=plan.term.full_years),
        unit=plan.currency.unit,
    )
    lines = [first]
    if plan.book:
        lines.append(Message("in the book of {book}", book=plan.book))
    for stream in plan.streams:
        rules = [
            Message("{share} {rule}", share=percent(one.share or 1), rule=one.due.words) for one in stream.instalments
        ]
        due = Message("due {instalments}", instalments=rules)
        if len(rules) == 1:
            due = Message("due {rule}", rule=stream.instalments[0].due.words)
        lines.append(
            Message(
                "{name}: {parties}{basis}; {due}",
                name=stream.name,
                parties=Message("{payer} → {payee}; ", payer=stream.payer or "…", payee=stream.payee or "…")
                if stream.payer or stream.payee
                else "",
                basis=Message(stream.basis or plan.term.basis or "…"),
                due=due,
            )
        )
    return lines


def split_tables(projection: Projection, *, merged: bool = True) -> list[Table]:
    """How each stream that is split divides, year by year; payments in a row that are alike on one line, or on several.

    ``merged`` is as for :func:`payouts`.
    """
    tables = []
    for projected in projection.streams:
        if projected.stream.split:
            division = divide_stream(projected, projection.plan.currency)
            parts = list(_all_parts(division.parts, ""))
            tables.append(
                _by_payment(
                    Message("{stream}, by part", stream=projected.stream.name),
                    projected,
                    [(name, part.amounts) for name, part in parts],
                    projection.plan.currency,
                    merged=merged,
                )
            )
    return tables


def holder_tables(projection: Projection, *, merged: bool = True) -> list[Table]:
    """What each holder gets, holder by holder; payments in a row that are alike stand on one line.

    With ``merged=False`` each payment has its line, and no line adds up a holder's.
    """
    tables = []
    currency = projection.plan.currency
    for projected in projection.streams:
        division = divide_stream(projected, currency)
        for name, held in [("", division), *_all_parts(division.parts, "")]:
            if held.held:
                tables.append(_holder_table(projected, name, held, currency, merged=merged))
    return tables


def claims_table(verdicts: Sequence[Verdict]) -> Table:
    """Each claim beside the figure computed."""
    columns = [
        Column(Message("claim")),
        Column(Message("claimed"), number=True),
        Column(Message("computed"), number=True),
        Column(Message("difference"), number=True),
        Column(Message("verdict")),
    ]
    rows: list[list[Text]] = []
    for verdict in verdicts:
        unit = verdict.computed.unit
        rows.append(
            [
                verdict.claim.about,
                _figure(verdict.claim.claimed),
                _figure(verdict.computed),
                _figure(Quantity(verdict.difference, unit), signed=True),
                _verdict(verdict),
            ]
        )
    return Table(Message("claims"), columns, rows)


def _verdict(verdict: Verdict) -> Message:
    reading = verdict.reading
    if verdict.holds:
        return Message("holds") if reading is None else Message("holds, {reading}", reading=reading)
    return Message("does NOT hold") if reading is None else Message("does NOT hold, {reading}", reading=reading)


def _rows(projection: Projection, *, calendar: bool) -> list[_Row]:
    """One row a year, with a cell a stream; instalments of a year are added."""
    term = projection.plan.term
    years: dict[int, list[list[Payment]]] = {}
    for position, projected in enumerate(projection.streams):
        for payment in by_calendar_year(projected.payments) if calendar else projected.payments:
            years.setdefault(payment.year, [[] for _ in projection.streams])[position].append(payment)
    rows = []
    for year, columns in sorted(years.items()):
        cells = []
        for projected, payments in zip(projection.streams, columns, strict=True):
            remarks = list(dict.fromkeys(why for payment in payments for why in payment.assumptions))
            if any(void_as_lease(projected.stream, term, payment) for payment in payments):
                remarks.append(Message("a lease is void for what exceeds 20 years (民法典 705)"))
            known = [payment.amount for payment in payments if payment.amount is not None]
            goods = sum((payment.quantity or 0 for payment in payments if payment.amount is None), start=Fraction(0))
            owed = Quantity(goods, projected.goods) if goods and projected.goods is not None else None
            if known and len(known) < len(payments):
                remarks.append(Message("in part not known"))
            amount = sum(known) if known or not payments else None
            cells.append(_Cell(amount, owed, tuple(remarks)))
        every = [payment for payments in columns for payment in payments]
        rows.append(_Row(year, min(one.start for one in every), max(one.end for one in every), tuple(cells)))
    return rows


def _sums(projection: Projection) -> list[tuple[Message, list[int]]]:
    """The columns of sums: one of all streams; received and paid where the book does both; none for one stream."""
    streams, book = projection.streams, projection.plan.book
    received = [n for n, one in enumerate(streams) if book and one.stream.payee == book]
    paid = [n for n, one in enumerate(streams) if book and one.stream.payer == book]
    if received and paid:
        return [(Message("received"), received), (Message("paid"), paid)]
    return [(Message("total"), list(range(len(streams))))] if len(streams) > 1 else []


def _added(cells: Sequence[_Cell], chosen: Iterable[int]) -> int:
    return sum(cells[n].amount or 0 for n in chosen)


def _amount(cell: _Cell, currency: Currency) -> Text:
    if cell.amount is not None:
        return _money(cell.amount, currency)
    return Message("{goods}", goods=cell.goods) if cell.goods is not None else Message("not known")


def _money(amount: int, currency: Currency) -> str:
    return decimal(Fraction(amount, currency.scale), currency.digits)


def _figure(figure: Quantity, *, signed: bool = False) -> Message:
    """A figure of a claim: percentages with two decimals, others with the two of money, where they have more ≈."""
    value, sign, unit = Fraction(figure.value), "", figure.unit
    if unit == PLAIN:
        value, sign = value * 100, "%"
    rounded = Fraction(divide(value.numerator * 100, value.denominator), 100)
    shown = decimal(rounded, 2) + sign
    if signed and value > 0:
        shown = f"+{shown}"
    words = Message("{shown} {unit}", shown=shown, unit=unit) if unit != PLAIN else Message("{shown}", shown=shown)
    return words if rounded == value else Message("≈ {figure}", figure=words)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _merged(rows: Sequence[Sequence[Text]]) -> list[Text]:
    several = any("–" in str(row[0]) for row in rows)
    return [Message("a line of several years shows the amount of each payment")] if several else []


def _incomplete(amounts: Sequence[int | None]) -> list[Text]:
    return [Message("totals are of what is known")] if None in amounts else []


def _when(projected: Projected, positions: Sequence[int]) -> list[str]:
    """The contract years and due dates of payments that follow each other."""
    first, last = projected.payments[positions[0]], projected.payments[positions[-1]]
    return [_span(first.year, last.year), f"{first.due} – {last.due}" if first is not last else str(first.due)]


def _alike(amounts: Sequence[object], *, merged: bool) -> Iterable[list[int]]:
    """The payments that stand on one line, by their places: those in a row that are alike, or each by itself."""
    if not merged:
        return ([n] for n in range(len(amounts)))
    return (list(group) for _, group in groupby(range(len(amounts)), key=amounts.__getitem__))


def _all_parts(parts: Sequence[Division], above: str) -> Iterable[tuple[str, Division]]:
    for part in parts:
        yield f"{above}{part.name}", part
        yield from _all_parts(part.parts, f"{above}{part.name}/")


def _by_payment(
    title: Message,
    projected: Projected,
    columns: Sequence[tuple[str, Sequence[int | None]]],
    currency: Currency,
    *,
    merged: bool,
) -> Table:
    amounts = [tuple(column[n] for _, column in columns) for n in range(len(projected.payments))]
    rows: list[list[Text]] = []
    for numbers in _alike(amounts, merged=merged):
        each = amounts[numbers[0]]
        rows.append(
            [
                *_when(projected, numbers),
                *(Message("not known") if amount is None else _money(amount, currency) for amount in each),
            ]
        )
    totals = [_money(sum(amount or 0 for amount in column), currency) for _, column in columns]
    headings = [Column(Message("year")), Column(Message("due")), *(Column(name, number=True) for name, _ in columns)]
    return Table(
        title, headings, rows, [Message("total"), "", *totals], [*_merged(rows), *_incomplete(projected.amounts)]
    )


def _holder_table(projected: Projected, part: str, division: Division, currency: Currency, *, merged: bool) -> Table:
    columns = [
        Column(Message("number")),
        Column(Message("name")),
        Column(Message("shares"), number=True),
        Column(Message("year")),
        Column(Message("due")),
        Column(Message("each time"), number=True),
        Column(Message("total"), number=True),
    ]
    rows: list[list[Text]] = []
    for holder, amounts in division.held:
        who: list[Text] = [holder.number, holder.name, decimal(holder.shares)]
        for numbers in _alike(amounts, merged=merged):
            amount = amounts[numbers[0]]
            each: Text = Message("not known") if amount is None else _money(amount, currency)
            together = "" if amount is None else _money(amount * len(numbers), currency)
            rows.append([*who, *_when(projected, numbers), each, together])
            who = ["", "", ""] if merged else who
        if merged and len(set(amounts)) > 1:
            rows.append(["", "", "", Message("total"), "", "", _money(sum(one or 0 for one in amounts), currency)])
    whole = sum(amount or 0 for _, amounts in division.held for amount in amounts)
    notes = _incomplete(division.amounts)
    if division.remainder_to:
        left = sum(one or 0 for one in division.remainder)
        notes.append(
            Message("remainder to {account}: {amount}", account=division.remainder_to, amount=_money(left, currency))
        )
    name = f"{projected.stream.name} / {part}" if part else projected.stream.name
    title = Message("{stream}, by holder", stream=name)
    return Table(title, columns, rows, [Message("total"), "", "", "", "", "", _money(whole, currency)], notes)

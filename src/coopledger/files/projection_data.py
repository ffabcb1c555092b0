"""A projection as data for other programs: JSON, versioned and stable, and CSV, one line a payment."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from typing import Any

from coopledger.core.claims import Verdict
from coopledger.core.projection import (
    Division,
    Payment,
    Projected,
    Projection,
    by_calendar_year,
    divide_stream,
    void_as_lease,
)
from coopledger.core.quantity import Currency, Number
from coopledger.core.rounding import divide
from coopledger.files.table_data import safe
from coopledger.text import Language, said

SCHEMA = "coopledger.projection/1"
"""Fields may be added under this name; a field that changes or goes makes a new one."""

LEASE_WARNING = "lease beyond 20 years"

_FIGURE_DECIMALS = 6


def projection_json(
    projection: Projection,
    verdicts: Sequence[Verdict],
    *,
    calendar: bool = False,
    holders: bool = False,
    explanations: Mapping[str, Sequence[str]] | None = None,
    language: Language = "en",
) -> str:
    """The projection as JSON; amounts are decimal strings in the currency, null where a figure is not known.

    ``calendar`` gives accruals by calendar year, ``holders`` who gets what of each payment, ``explanations`` the
    words of each stream by its name.
    """
    plan, currency = projection.plan, projection.plan.currency
    totals: dict[int, int] = {}
    streams = []
    for projected in projection.streams:
        stream = projected.stream
        payments = by_calendar_year(projected.payments) if calendar else projected.payments
        rows = [_payment(payment, projected, projection, language) for payment in payments]
        for payment in payments:
            totals[payment.year] = totals.get(payment.year, 0) + (payment.amount or 0)
        if not calendar and (stream.split or holders):
            division = divide_stream(projected, currency)
            for n, row in enumerate(rows):
                if stream.split:
                    row["parts"] = _parts(division, n, currency, holders=holders)
                if holders:
                    row["holders"] = _holders(division, n, currency)
                    row.update(_remainder(division, n, currency))
        streams.append(
            {
                "name": stream.name,
                "payer": stream.payer,
                "payee": stream.payee,
                "unit": currency.code,
                **({"quantity_unit": projected.goods.say()} if projected.goods is not None else {}),
                "total": amount(projected.total, currency),
                "complete": None not in projected.amounts,
                **({"explanation": list(explanations[stream.name])} if explanations else {}),
                "payments": rows,
            }
        )
    document = {
        "schema": SCHEMA,
        "title": plan.title,
        "currency": currency.code,
        "book": plan.book,
        "streams": streams,
        "totals": [{"year": year, "amount": amount(total, currency)} for year, total in sorted(totals.items())],
        "total": amount(projection.total, currency),
        "complete": all(None not in projected.amounts for projected in projection.streams),
        **(
            {"received": amount(projection.received, currency), "paid": amount(projection.paid, currency)}
            if plan.book
            else {}
        ),
        "claims": [_claim(verdict, currency) for verdict in verdicts],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def projection_csv(
    projection: Projection, *, calendar: bool = False, holders: bool = False, language: Language = "en"
) -> str:
    """The projection as CSV: its :func:`payment_lines`, below a line with their names; no text in it is a formula."""
    lines = StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(line_names(holders=holders))
    for line in payment_lines(projection, calendar=calendar, holders=holders, language=language):
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in line])
    return lines.getvalue()


def line_names(*, holders: bool = False) -> list[str]:
    """What the values of :func:`payment_lines` are called.

    >>> line_names(holders=True)[6:11]
    ['due', 'part', 'holder', 'name', 'amount']
    """
    before = ["stream", "payer", "payee", "year", "from", "to", "due"]
    after = ["amount", "currency", "quantity", "quantity_unit", "assumption", "warning"]
    return [*before, *(["part", "holder", "name"] if holders else []), *after]


def payment_lines(
    projection: Projection, *, calendar: bool = False, holders: bool = False, language: Language = "en"
) -> Iterator[list[object]]:
    """One line a payment, or with ``holders`` one line a payment and holder; ``calendar`` gives accruals by year.

    Days are dates. An amount is an exact Decimal in the currency, a quantity one with at most six decimals, half up;
    None where it is not known, or there is none.

    >>> from coopledger.core.calendar import term
    >>> from coopledger.core.schedule import level
    >>> from coopledger.core.plan import Plan, Stream
    >>> from coopledger.core.projection import project
    >>> plan = Plan("示例村", term("2014-01-01", years=1, basis="lease"), [Stream("land", amount=level("160.5 yuan"))])
    >>> [line] = payment_lines(project(plan))
    >>> line[6:9]
    [datetime.date(2014, 12, 31), Decimal('160.50'), 'CNY']
    """
    currency = projection.plan.currency
    for projected in projection.streams:
        stream = projected.stream
        payments = by_calendar_year(projected.payments) if calendar else projected.payments
        receivers = list(_receivers(divide_stream(projected, currency), "")) if holders else []
        for n, payment in enumerate(payments):
            before = [stream.name, stream.payer, stream.payee, payment.year, payment.start, payment.end, payment.due]
            goods = (
                [None, None]
                if payment.quantity is None
                else [Decimal(number(payment.quantity)), projected.goods and projected.goods.say()]
            )
            warning = LEASE_WARNING if void_as_lease(stream, projection.plan.term, payment) else ""
            after = [currency.code, *goods, said(list(payment.assumptions), language), warning]
            if not holders:
                yield [*before, _exact(payment.amount, currency), *after]
            for part, holder, name, amounts in receivers:
                yield [*before, part, holder, name, _exact(amounts[n], currency), *after]


def amount(smallest: int | None, currency: Currency) -> str | None:
    """An amount in the smallest unit as a decimal string.

    >>> from coopledger.core.quantity import CURRENCIES
    >>> amount(-1234567, CURRENCIES["CNY"])
    '-12345.67'
    """
    if smallest is None:
        return None
    if not currency.digits:
        return str(smallest)
    whole, rest = divmod(abs(smallest), currency.scale)
    return f"{'-' if smallest < 0 else ''}{whole}.{rest:0{currency.digits}d}"


def _exact(smallest: int | None, currency: Currency) -> Decimal | None:
    written = amount(smallest, currency)
    return None if written is None else Decimal(written)


def number(value: Number, least: int = 0) -> str:
    """A number as a decimal string with at most six decimals, half up; at least ``least``."""
    scaled = Fraction(value) * 10**_FIGURE_DECIMALS
    rounded = divide(scaled.numerator, scaled.denominator)
    whole, rest = divmod(abs(rounded), 10**_FIGURE_DECIMALS)
    decimals = f"{rest:0{_FIGURE_DECIMALS}d}".rstrip("0").ljust(least, "0")
    return f"{'-' if rounded < 0 else ''}{whole}{'.' if decimals else ''}{decimals}"


def _payment(payment: Payment, projected: Projected, projection: Projection, language: Language) -> dict[str, Any]:
    row: dict[str, Any] = {
        "year": payment.year,
        "from": payment.start.isoformat(),
        "to": payment.end.isoformat(),
        "due": payment.due.isoformat(),
        "amount": amount(payment.amount, projection.plan.currency),
    }
    if payment.quantity is not None:
        row["quantity"] = number(payment.quantity)
    if payment.assumptions:
        row["assumption"] = said(list(payment.assumptions), language)
    if void_as_lease(projected.stream, projection.plan.term, payment):
        row["warning"] = LEASE_WARNING
    return row


def _parts(division: Division, n: int, currency: Currency, *, holders: bool) -> list[dict[str, Any]]:
    return [
        {
            "name": part.name,
            "amount": amount(part.amounts[n], currency),
            **({"parts": _parts(part, n, currency, holders=holders)} if part.parts else {}),
            **(_remainder(part, n, currency) if holders else {}),
        }
        for part in division.parts
    ]


def _remainder(division: Division, n: int, currency: Currency) -> dict[str, Any]:
    if not division.remainder_to:
        return {}
    return {"remainder": {"to": division.remainder_to, "amount": amount(division.remainder[n], currency)}}


def _holders(division: Division, n: int, currency: Currency) -> list[dict[str, Any]]:
    return [
        {"holder": holder, **({"part": part} if part else {}), "amount": amount(amounts[n], currency)}
        for part, holder, _, amounts in _receivers(division, "")
        if holder
    ]


def _receivers(division: Division, path: str) -> Iterator[tuple[str, str, str, Sequence[int | None]]]:
    """Everybody who gets a part of the payments: (part, holder's number, name, amounts), leaves only."""
    for holder, amounts in division.held:
        yield path, holder.number, holder.name, amounts
    if division.remainder_to:
        yield path, "", division.remainder_to, division.remainder
    if not division.held and not division.parts:
        yield path, "", "", division.amounts
    for part in division.parts:
        yield from _receivers(part, f"{path}/{part.name}".lstrip("/"))


def _claim(verdict: Verdict, currency: Currency) -> dict[str, Any]:
    claimed, computed = verdict.claim.claimed, verdict.computed
    least = currency.digits if computed.unit == currency.unit else 0
    return {
        "about": verdict.claim.about,
        "unit": computed.unit.say(),
        "claimed": number(claimed.value, least),
        "computed": number(computed.value, least),
        "difference": number(verdict.difference, least),
        **({} if _ends(computed.value) else {"exact": f"{computed.value.numerator}/{computed.value.denominator}"}),
        "holds": verdict.holds,
        **({"reading": str(verdict.reading)} if verdict.reading is not None else {}),
    }


def _ends(value: Number) -> bool:
    """Whether six decimals say all of it."""
    return int(10**_FIGURE_DECIMALS) % value.denominator == 0

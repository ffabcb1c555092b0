"""Contributions as a table: what was brought in, its value, the shares it gave, and its book value."""

from datetime import date

from coopledger.core.allocation import natural_key
from coopledger.core.amortisation import BookValue, book_values
from coopledger.core.charter import MU
from coopledger.core.contribution import Right, Standing, contributions_of, hundredths
from coopledger.core.journal import View
from coopledger.core.share_class import classes
from coopledger.core.table import Column, Table, Text
from coopledger.core.timeline import Timeline
from coopledger.core.wording import words
from coopledger.reports.cells import IN_YUAN, count, digits_of, money, shares, yuan
from coopledger.reports.witness import as_of
from coopledger.text import Message


def contributions_report(view: View, on: date | None = None) -> Table:
    """Everything that was brought in by a day (by now, if none is given), with its book value on that day.

    Only rights that were valued have one; of what has ended the day of that is told. Shares are those that it gave, in
    the decimals of that time.
    """
    found = {number: one for number, one in contributions_of(view).items() if on is None or one.since <= on}
    values = {one.standing.contribution.number: one for one in book_values(view, on)}
    known_classes = classes(view)
    rows = [_row(found[number], values.get(number), known_classes, on) for number in sorted(found, key=natural_key)]
    standing = [one for one in found.values() if _ended(one, on) is None]
    totals: list[Text] = [
        Message("total"),
        "",
        "",
        "",
        shares(sum(_area(one) for one in standing), MU.digits),
        yuan(sum(one.contribution.amount_fen for one in standing)),
        "",
        "",
        "",
        yuan(sum(one.amortised_fen for one in values.values())),
        yuan(sum(one.book_fen for one in values.values())),
        "",
    ]
    columns = [
        Column(Message("number")),
        Column(Message("holder")),
        Column(Message("kind")),
        Column(Message("class")),
        Column(Message("area"), Message("mu"), number=True),
        money(Message("value")),
        count(Message("shares")),
        Column(Message("from day")),
        Column(Message("to day")),
        money(Message("amortised")),
        money(Message("book value")),
        Column(Message("ended")),
    ]
    ended: list[Text] = [Message("totals are of what has not ended")] if len(standing) < len(found) else []
    notes = [IN_YUAN, Message("areas are in mu"), *ended, *as_of(view, on)]
    return Table(Message("contributions"), columns, rows, totals, notes)


def _row(one: Standing, value: BookValue | None, known_classes: dict[str, Timeline], on: date | None) -> list[Text]:
    brought, cls = one.contribution.brought, one.contribution.share_class
    right = brought if isinstance(brought, Right) else None
    area, ended = _area(one), _ended(one, on)
    return [
        one.contribution.number,
        one.contribution.holder,
        words(brought.kind),
        cls,
        shares(area, MU.digits) if area else "",
        yuan(one.contribution.amount_fen) if one.contribution.amount_fen else "",
        shares(one.shares, digits_of(known_classes[cls], one.since, one.seq)),
        str(one.since if right is None else right.starts_on),
        "" if right is None else str(right.ends_on),
        "" if value is None else yuan(value.amortised_fen),
        "" if value is None else yuan(value.book_fen),
        "" if ended is None else str(ended),
    ]


def _area(one: Standing) -> int:
    """The area in hundredths of a mu; 0 for what has none."""
    brought = one.contribution.brought
    return hundredths(brought.area_mu) if isinstance(brought, Right) and brought.area_mu is not None else 0


def _ended(one: Standing, on: date | None) -> date | None:
    return one.ended_on if one.ended_on is not None and (on is None or one.ended_on <= on) else None

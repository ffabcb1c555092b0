"""Contributions as a table: what was brought in, its value, the shares it gave, and its book value."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.allocation import natural_key
from coopledger.core.amortisation import BookValue, book_values
from coopledger.core.charter import MU, holder_of
from coopledger.core.contribution import Right, Standing, contributions_of, hundredths
from coopledger.core.journal import View
from coopledger.core.lot import every_lot
from coopledger.core.share_class import classes
from coopledger.core.table import Column, Table, Text
from coopledger.core.timeline import Timeline, state
from coopledger.core.wording import words
from coopledger.reports.cells import IN_YUAN, class_name, count, digits_of, money, shares, yuan
from coopledger.reports.witness import as_of
from coopledger.text import Message


def contributions_report(view: View, on: date | None = None) -> Table:
    """Everything that was brought in by a day (by now, if none is given), with its book value on that day.

    Only rights that were valued have one; of what has ended the day of that is told. The value is what it was valued
    at, with what revaluations added or took away: a note tells each. The contributor and the shares given are those of
    that time, in its decimals. Who holds the shares of a right on that day, and how many, stands beside them, until it
    ends: they are a lot of their own.

    >>> from coopledger.book import C2021, Contribution, Joiner, MemoryJournal, Right, Valuation
    >>> from coopledger.book import adopt, admit, contribute, found, in_turn, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), adopt(C2021, effective_on=day)]
    >>> steps += [open_class(preset("land", par_fen=100_00, capital="c2021:301"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), effective_on=day)]
    >>> until = date(2035, 12, 31)
    >>> land = Right("land right", day, until, right_ends_on=until, area_mu=2, parcels=("P1",), contract="17")
    >>> value = Valuation(12_000_00, "agreed price", day)
    >>> steps += [contribute(Contribution("G17", "17", "land", land, value, price_fen=100_00), effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     table = contributions_report(view, day)
    >>> [str(cell) for cell in table.rows[0][:7]]
    ['G17', '17', 'land right', 'land', '2.00', '12,000.00', '120']
    >>> str(table.rows[0][7])
    '17: 120'
    """
    found = {number: one for number, one in contributions_of(view).items() if on is None or one.since <= on}
    values = {one.standing.contribution.number: one for one in book_values(view, on)}
    known_classes = classes(view)
    told = {cls: _Class(changes, class_name(view, cls)) for cls, changes in known_classes.items()}
    held = _held(view, found.values(), known_classes, on)
    rows = [
        _row(found[number], values.get(number), told[found[number].contribution.share_class], held.get(number, ""), on)
        for number in sorted(found, key=natural_key)
    ]
    standing = [one for one in found.values() if _ended(one, on) is None]
    totals: list[Text] = [
        Message("total"),
        "",
        "",
        "",
        shares(sum(_area(one) for one in standing), MU.digits),
        yuan(sum(one.value_fen(on) for one in standing)),
        "",
        "",
        "",
        "",
        yuan(sum(one.amortised_fen for one in values.values())),
        yuan(sum(one.book_fen for one in values.values())),
        "",
    ]
    columns = [
        Column(Message("number")),
        Column(Message("contributor")),
        Column(Message("kind")),
        Column(Message("class")),
        Column(Message("area"), Message("mu"), number=True),
        money(Message("value")),
        count(Message("shares given")),
        Column(Message("held by")),
        Column(Message("from day")),
        Column(Message("to day")),
        money(Message("amortised")),
        money(Message("book value")),
        Column(Message("ended")),
    ]
    ended: list[Text] = [Message("totals are of what has not ended")] if len(standing) < len(found) else []
    notes = [IN_YUAN, Message("areas are in mu"), *ended, *_revalued(found, on), *as_of(view, on)]
    return Table(Message("contributions"), columns, rows, totals, notes)


class _Class(NamedTuple):
    """A class of shares, its changes and what it is called."""

    changes: Timeline
    name: Text


def _row(one: Standing, value: BookValue | None, cls: _Class, held: Text, on: date | None) -> list[Text]:
    brought = one.contribution.brought
    right = brought if isinstance(brought, Right) else None
    area, ended = _area(one), _ended(one, on)
    return [
        one.contribution.number,
        one.contribution.holder,
        words(brought.kind),
        cls.name,
        shares(area, MU.digits) if area else "",
        yuan(one.value_fen(on)) if one.contribution.amount_fen else "",
        shares(one.shares, digits_of(cls.changes, one.since, one.seq)),
        held,
        str(one.since if right is None else right.starts_on),
        "" if right is None else str(right.ends_on),
        "" if value is None else yuan(value.amortised_fen),
        "" if value is None else yuan(value.book_fen),
        "" if ended is None else str(ended),
    ]


def _held(
    view: View, found: Iterable[Standing], known_classes: Mapping[str, Timeline], on: date | None
) -> dict[str, Text]:
    """Who holds the shares of each right that has not ended, by the number of the contribution."""
    running = {
        (one.contribution.share_class, one.lot): one.contribution.number
        for one in found
        if one.lot is not None and _ended(one, on) is None
    }
    held: dict[str, dict[str, int]] = {number: {} for number in running.values()}
    for cls in {cls for cls, _ in running}:
        for (place, lot), quantity in every_lot(view, cls, on).items():
            if lot is not None and (cls, lot) in running:
                own, holder = held[running[cls, lot]], holder_of(place)
                own[holder] = own.get(holder, 0) + quantity
    digits = {running[cls, lot]: int(state(known_classes[cls], on)["digits"]) for cls, lot in running}
    return {
        number: ", ".join(f"{holder}: {shares(own[holder], digits[number])}" for holder in sorted(own, key=natural_key))
        for number, own in held.items()
    }


def _revalued(found: Mapping[str, Standing], on: date | None) -> list[Text]:
    """What was valued anew by a day, and at what."""
    return [
        Message(
            "{number} was valued anew on {day}, at {value} yuan for the rest of its term",
            number=number,
            day=again.on,
            value=yuan(again.valuation.amount_fen),
        )
        for number in sorted(found, key=natural_key)
        for again in found[number].revaluations
        if on is None or again.on <= on
    ]


def _area(one: Standing) -> int:
    """The area in hundredths of a mu; 0 for what has none."""
    brought = one.contribution.brought
    return hundredths(brought.area_mu) if isinstance(brought, Right) and brought.area_mu is not None else 0


def _ended(one: Standing, on: date | None) -> date | None:
    return one.ended_on if one.ended_on is not None and (on is None or one.ended_on <= on) else None

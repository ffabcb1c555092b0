"""Composition as tables: how shares are spread over classes, kinds of holders and households."""

from collections.abc import Sequence
from datetime import date

from coopledger.core.allocation import natural_key
from coopledger.core.composition import by_household, composition
from coopledger.core.journal import View
from coopledger.core.passing import has_died
from coopledger.core.people import Household
from coopledger.core.register import Register, register
from coopledger.core.share_class import KINDS
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import words
from coopledger.reports.cells import IN_YUAN, count, money, shares, yuan
from coopledger.reports.witness import as_of
from coopledger.text import Message


def composition_report(view: View, on: date | None = None) -> list[Table]:
    """How the shares of a day are spread: a table by class and kind of holder, a table by household and class.

    A household has its own shares and those of its people; one that died out is told to be an estate. Only kinds that
    hold something have a column.

    >>> from coopledger.core.ahead import in_turn
    >>> from coopledger.core.charter import found
    >>> from coopledger.book import Joiner, admit
    >>> from coopledger.core.movement import issue
    >>> from coopledger.core.share_class import open_class, preset
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [
    ...     found("示例村合作社", effective_on=day),
    ...     open_class(preset("land"), effective_on=day),
    ...     admit(Joiner("0042", household="17", head=True, personal={"name": "成员甲"}), effective_on=day),
    ...     issue("land", to="17", shares=500, effective_on=day),
    ... ]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [by_class, by_home] = composition_report(view)
    >>> by_class.rows[0][:4], by_home.rows
    (['land', '土地股', '1', '500'], [['17', '0042', '1', '500']])
    """
    now = register(view, on)
    notes = as_of(view, on)
    return [_by_class(view, now, notes), _by_household(view, now, notes)]


def _by_class(view: View, now: Register, notes: Sequence[Text]) -> Table:
    found = composition(view, now.on)
    kinds = [kind for kind in ("household", *KINDS, "") if any(kind in one.by_kind for one in found.values())]
    rows: list[list[Text]] = []
    for cls, total in found.items():
        one = now.classes[cls]
        rows.append(
            [
                cls,
                one.name,
                str(total.holders),
                *(
                    shares(units, one.digits)
                    for units in (total.shares, *(total.by_kind.get(kind, 0) for kind in kinds))
                ),
                *(shares(units, one.digits) for units in (total.pledged, total.frozen, total.unpaid)),
                "" if total.capital_fen is None else yuan(total.capital_fen),
            ]
        )
    columns = [
        Column(Message("class")),
        Column(Message("name of the class")),
        count(Message("holders")),
        count(Message("shares")),
        *(count(Message("held by: {kind}", kind=words(kind) or "-")) for kind in kinds),
        count(Message("of which pledged")),
        count(Message("of which frozen")),
        count(Message("of which unpaid")),
        money(Message("paid in, at par")),
    ]
    capital = sum(one.capital_fen for one in found.values() if one.capital_fen is not None)
    totals: list[Text] = [Message("total"), *[""] * (len(columns) - 2), yuan(capital)]
    title = Message("{book}: composition by class", book=now.book.name)
    return Table(title, columns, rows, totals, [IN_YUAN, *notes])


def _by_household(view: View, now: Register, notes: Sequence[Text]) -> Table:
    held = by_household(view, now.on)
    digits = {cls: one.digits for cls, one in now.classes.items() if any(cls in own for own in held.values())}
    rows: list[list[Text]] = []
    for number in sorted(held, key=lambda one: (not one, natural_key(one))):
        home = now.households.get(number)
        rows.append(
            [
                number or Message("in no household"),
                _head(now, home),
                str(len(home.members)) if home is not None else "",
                *(shares(held[number].get(cls, 0), places) for cls, places in digits.items()),
            ]
        )
    sums = [shares(sum(own.get(cls, 0) for own in held.values()), places) for cls, places in digits.items()]
    columns = [
        Column(Message("household")),
        Column(Message("head")),
        count(Message("people")),
        *(count(Message("shares of {cls}", cls=cls)) for cls in digits),
    ]
    title = Message("{book}: composition by household", book=now.book.name)
    return Table(title, columns, rows, [Message("total"), "", "", *sums], notes)


def _head(now: Register, home: Household | None) -> Text:
    """The head of a household; of one that died out, that it is an estate."""
    if home is None:
        return ""
    return words("estate") if has_died(now.people, home.number, now.on) else home.head

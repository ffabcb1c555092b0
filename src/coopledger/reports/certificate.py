"""Share certificates (股权证): what a household, or a holder outside households, has, who lives there, how it came."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from coopledger.core.allocation import natural_key
from coopledger.core.journal import Facts, View
from coopledger.core.people import number_of
from coopledger.core.quantity import Number
from coopledger.core.register import Holding, Register, holdings, register
from coopledger.core.share_class import ShareClass
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import words
from coopledger.errors import RegisterError
from coopledger.reports.account import share_history
from coopledger.reports.cells import count, named, percentage, shares
from coopledger.reports.register import id_of, name_of, personal_rows
from coopledger.reports.witness import as_of
from coopledger.text import Message, printable


class _Known(NamedTuple):
    """What all certificates of a day are made from."""

    now: Register
    held: Mapping[str, Mapping[str, Holding]]
    """By class and number."""
    rows: Mapping[str, Facts] | None
    """The personal rows; None if there shall be no names."""
    notes: Sequence[Text]


def certificate_report(view: View, number: str, on: date | None = None, *, names: bool = True) -> list[Table]:
    """The certificate of one household, or of a holder in none: what is held, by whom, and every movement of it.

    The first table has a row for each class: shares, what of them is pledged, frozen or unpaid, the part of the class.
    The second has the people of a household, the head first, with what each holds; a class that households hold stands
    in the household's own row. After them comes a history of shares for each who has one. ID numbers are masked.
    ``names=False`` leaves names, relations and ID numbers out.

    Raises RegisterError for a number that is not in the register on that day.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     held, people, history = certificate_report(view, "17")
    >>> [str(cell) for cell in held.rows[0]]
    ['土地股 (land)', '500', '0', '0', '0', '100.0000']
    >>> [[str(cell) for cell in row] for row in people.rows]
    [['17', '', 'household', '', '500'], ['0041', '-', 'head', '', '0'], ['0042', '-', '', '', '0']]
    """
    return _certificate(view, number_of(number), _known(view, on, names=names))


def certificates(view: View, on: date | None = None, *, names: bool = True) -> dict[str, list[Table]]:
    """The certificates of everybody who has shares on a day, by the number of the household or holder.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), admit(Joiner("0041"), effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     certificates(view)
    {}
    """
    known = _known(view, on, names=names)
    numbers = {_home(known.now, number) for held in known.held.values() for number in held}
    return {number: _certificate(view, number, known) for number in sorted(numbers, key=natural_key)}


def _known(view: View, on: date | None, *, names: bool) -> _Known:
    now = register(view, on)
    held = {cls: holdings(view, cls, on, now) for cls in now.classes}
    return _Known(now, held, personal_rows(view) if names else None, as_of(view, on))


def _home(now: Register, number: str) -> str:
    """The household on whose certificate somebody's shares stand; his own number if he lives in none."""
    member = now.members.get(number)
    return member.household if member is not None and member.household in now.households else number


def _certificate(view: View, number: str, known: _Known) -> list[Table]:
    now = known.now
    if number not in now.households and number not in now.members:
        raise RegisterError(Message("{number} is not in the register", number=printable(number)))
    people: list[str] = []
    if number in now.households:
        home = now.households[number]
        people = sorted(home.members, key=lambda one: (one != home.head, natural_key(one)))
    everybody = [number, *people]
    classes = [one for cls, one in now.classes.items() if any(who in known.held[cls] for who in everybody)]
    title = Message("{book}: share certificate {number}", book=now.book.name, number=number)
    return [
        _held(title, everybody, classes, known),
        *([_people(number, people, classes, known)] if people else []),
        *_histories(view, everybody, known),
    ]


def _held(title: Text, everybody: Sequence[str], classes: Sequence[ShareClass], known: _Known) -> Table:
    rows: list[list[Text]] = []
    for one in classes:
        own = [held for who in everybody if (held := known.held[one.code].get(who)) is not None]
        rows.append(
            [
                named(one),
                shares(_added([held.shares for held in own]), one.digits),
                *(
                    shares(sum(part), one.digits)
                    for part in zip(*((held.pledged, held.frozen, held.unpaid) for held in own), strict=True)
                ),
                percentage(sum((held.of_class for held in own[1:]), start=own[0].of_class)),
            ]
        )
    columns = [
        Column(Message("class")),
        count(Message("shares")),
        count(Message("of which pledged")),
        count(Message("of which frozen")),
        count(Message("of which unpaid")),
        Column(Message("percent"), "%", number=True),
    ]
    return Table(title, columns, rows, (), [*([] if rows else [Message("none")]), *known.notes])


def _people(number: str, people: Sequence[str], classes: Sequence[ShareClass], known: _Known) -> Table:
    """The household in a row of its own, its people, the head first, and what all hold together."""
    now, held, rows_of = known.now, known.held, known.rows
    rows: list[list[Text]] = []
    for who in (number, *people):
        named: list[Text] = []
        if rows_of is not None:
            relation: Text = str(rows_of.get(f"m/{who}", {}).get("relation") or "")
            if not relation and who == now.households[number].head:
                relation = Message("head")
            named = [name_of(now, who, rows_of), relation, id_of(now, who, rows_of)]
            if who == number:
                named = ["", words("household"), ""]
        rows.append(
            [
                who,
                *named,
                *(shares(held[one.code][who].shares if who in held[one.code] else 0, one.digits) for one in classes),
            ]
        )
    sums = [
        shares(_added([held[one.code][who].shares for who in (number, *people) if who in held[one.code]]), one.digits)
        for one in classes
    ]
    columns = [
        Column(Message("number")),
        *(
            [Column(Message("name")), Column(Message("relation")), Column(Message("ID number"))]
            if rows_of is not None
            else []
        ),
        *(count(Message("shares of {cls}", cls=one.name)) for one in classes),
    ]
    title = Message("household {number}: people and shares", number=number)
    blank = [""] * (0 if rows_of is None else 3)
    return Table(title, columns, rows, [Message("total"), *blank, *sums], known.notes)


def _histories(view: View, everybody: Sequence[str], known: _Known) -> list[Table]:
    """The history of each who has one, and that of the household, or the holder, in any case."""
    found = []
    for who in everybody:
        holder = Message("{number}", number=who)
        if who in known.now.households:
            holder = Message("household {number}", number=who)
        elif known.rows is not None:
            holder = Message("{number}, {name}", number=who, name=name_of(known.now, who, known.rows))
        table = share_history(view, who, holder, until=known.now.on)
        if table.rows or who == everybody[0]:
            found.append(table)
    return found


def _added(held: Sequence[Number]) -> Number:
    return sum(held[1:], start=held[0]) if held else 0

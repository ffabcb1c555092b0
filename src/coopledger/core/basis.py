"""Bases: what a year's surplus is split by, holder by holder, as the book has it on a day or over a year.

A step of the charter's waterfall names its basis. These names are read from the book; any other is a figure that the
caller states, with its document:

- ``class CODE``: shares of a class, by a record date or by time held; ``par CODE``: the same at par value;
- ``heads``: 1 for each person who is a member; ``households``: 1 for each household with one;
- ``area``: the land that holders brought in and that has not ended, in mu, whoever has its shares by now;
- ``trade``: what members traded with the cooperative in the calendar year, in fen (农民专业合作社法 44);
- ``account``: contribution, quantified reserve, subsidies and donations, in fen (农民专业合作社法 43, 44).
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.allocation import largest_remainder, natural_key
from coopledger.core.chart import DONATION, LAND, MEMBER, MEMO, RESERVE, SUBSIDY, TRADE
from coopledger.core.charter import HOLDER, MU
from coopledger.core.contribution import contributions_of
from coopledger.core.entitlement import Entitled, Entitlement, by_record_date, entitled
from coopledger.core.journal import View
from coopledger.core.measure import Measure, Of
from coopledger.core.people import roll
from coopledger.core.register import UNPAID, eligible, register
from coopledger.core.rules import POOLED
from coopledger.core.share_class import ShareClass, value_fen
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

_OF_CLASS = ("class", "par")
_DECIMALS = {"heads": 0, "households": 0, "area": 2, "trade": 2, "account": 2}
"""The bases that are of no class, and the decimals with which they are printed."""

_MEASURES: Mapping[str, tuple[Message, Of]] = {
    "heads": (Message("number of members"), "persons"),
    "households": (Message("number of households"), "households"),
    "area": (Message("land brought in"), "mu"),
    "trade": (Message("trade with the cooperative"), "yuan"),
    "account": (Message("balances of the member accounts"), "yuan"),
}

KNOWN = ("class CODE", "par CODE", *_DECIMALS)
"""The names that are read from the book."""


class Basis(NamedTuple):
    """A basis: weights by number, in the order of numbers, and what one of them counts for.

    ``unit`` is that in whole shares, mu, heads, or in fen: 1/100 of a class with two decimals. A step's ``each`` and
    ``above`` are of these. ``by`` says how a weight came about, as of a run of a class.
    """

    by: Entitled
    unit: Fraction = Fraction(1)

    @property
    def weights(self) -> Mapping[str, int]:
        """The weights."""
        return self.by.weights


def measure(name: str, basis: Basis) -> Measure:
    """How a basis is said: its name, and in what it is counted.

    >>> print(measure("trade", stated("trade", {"0042": 500_00}, date(2026, 12, 31))).said(500_00))
    500.00 yuan
    """
    one, by = basis.by.share_class, basis.by.rule.by
    if name in _MEASURES:
        said, of = _MEASURES[name]
        return Measure(said, basis.unit, of, one.digits)
    if not class_of(name):
        return Measure(printable(name), basis.unit)
    if name.startswith("par "):
        return Measure(Message("par value of {name}", name=printable(one.name)), basis.unit, "yuan", 2)
    of = "shares" if by == "shares" else "share-days" if by == "days" else "share-months"
    return Measure(printable(one.name), basis.unit, of, one.digits)


def counted_by(name: str, year: int, rule: Entitlement) -> Message:
    """By what somebody has of a basis, as a clause: the rule for shares, or what it is and of when.

    >>> print(counted_by("heads", 2026, by_record_date(date(2026, 12, 31))))
    number of members on 2026-12-31
    """
    if class_of(name):
        return rule.words
    if name in _MEASURES and name != "trade":
        return Message("{basis} on {day}", basis=_MEASURES[name][0], day=rule.last_day)
    return Message("{basis} in {year}", basis=_MEASURES[name][0] if name == "trade" else printable(name), year=year)


def is_known(name: str) -> bool:
    """Whether a basis of this name is read from the book.

    >>> is_known("class land"), is_known("heads"), is_known("kilograms")
    (True, True, False)
    """
    return name in _DECIMALS or bool(class_of(name))


def class_of(name: str) -> str:
    """The class whose shares a basis counts; empty for a basis of no class.

    >>> class_of("par preferred"), class_of("heads")
    ('preferred', '')
    """
    what, _, cls = name.partition(" ")
    return cls.strip() if what in _OF_CLASS else ""


def basis(view: View, name: str, year: int, rule: Entitlement) -> Basis:
    """A basis of a year as the view knows it. Of others than classes, as of the last day that counts by the rule.

    Raises RegisterError for a name that is not read from the book, and for par value of a class that has none.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> people = admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)
    >>> both = in_turn(found("示例村合作社", effective_on=day), people)
    >>> _ = journal.append(both, key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     [basis(view, name, 2026, by_record_date(day)).weights for name in ("heads", "households")]
    [{'0041': 1, '0042': 1}, {'17': 1}]
    """
    if cls := class_of(name):
        by = entitled(view, cls, rule)
        one = by.share_class
        unit = Fraction(1, one.unit * by.denominator)
        if not name.startswith("par "):
            return Basis(by, unit)
        if one.par_fen is None:
            raise RegisterError(Message("{cls} has no par value: nothing is paid on it", cls=printable(one.code)))
        return Basis(by, unit * one.par_fen)
    on = rule.last_day
    if name == "area":
        weights = _area(view, on)
    elif name == "trade":
        weights = _traded(view, year)
    elif name == "account":
        weights = _in_accounts(view, on)
    elif name in _DECIMALS:
        weights = _counted(view, name, on)
    else:
        raise RegisterError(
            Message(
                "{seen}: the book does not have it: {known} are read from the book, any other is stated with its "
                "document (bases)",
                seen=printable(name),
                known=KNOWN,
            )
        )
    return Basis(stated(name, weights, on).by, Fraction(1, 100) if name == "area" else Fraction(1))


def stated(name: str, weights: Mapping[str, int], on: date) -> Basis:
    """A basis of figures by number, which nobody holds as shares.

    >>> stated("kilograms", {"0051": 30, "0042": 20}, date(2026, 12, 31)).weights
    {'0042': 20, '0051': 30}
    """
    ordered = {number: weights[number] for number in sorted(weights, key=natural_key)}
    counted = ShareClass(name, name, digits=_DECIMALS.get(name, 0))
    return Basis(Entitled(by_record_date(on), counted, ordered, 1, {}, {}, ()))


def _area(view: View, on: date) -> dict[str, int]:
    brought = contributions_of(view)
    found: dict[str, int] = {}
    for (_, account), hundredths in view.balances(MU.code, LAND, on).items():
        holder = brought[account[len(LAND) + 1 :]].contribution.holder
        found[holder] = found.get(holder, 0) + hundredths
    return found


def _traded(view: View, year: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in view.movements(MEMBER, TRADE, date(year, 1, 1), date(year, 12, 31)):
        back = one.posting.target == MEMO
        number = (one.posting.source if back else one.posting.target)[len(MEMBER) + 1 :]
        found[number] = found.get(number, 0) + (-one.posting.quantity if back else one.posting.quantity)
    return {number: fen for number, fen in found.items() if fen > 0}


def _counted(view: View, name: str, on: date) -> dict[str, int]:
    now = roll(view, on)
    persons = [one for one in now.members.values() if one.standing == "member" and one.kind == "person"]
    if name == "heads":
        return {one.number: 1 for one in persons}
    return {one.household: 1 for one in persons if one.household}


def _in_accounts(view: View, on: date) -> dict[str, int]:
    """What every holder's member account has that the remaining surplus is distributed by (``basis_fen`` of each)."""
    now = register(view, on)
    found: dict[str, int] = {}
    for (unit, account), fen in view.balances(under=MEMBER, on=on).items():
        number, _, cls = account[len(MEMBER) + 1 :].partition("/")
        if unit not in {RESERVE, SUBSIDY, DONATION}:
            continue
        own = {number: fen}
        if number == POOLED:
            heads = eligible(now, now.classes[cls])
            numbers = sorted(heads, key=natural_key)
            own = dict(
                zip(numbers, largest_remainder(fen, [heads[one] for one in numbers]) if heads else (), strict=True)
            )
        for holder, part in own.items():
            found[holder] = found.get(holder, 0) + part
    for cls, one in now.classes.items():
        held: dict[str, int] = {}
        for (_, account), shares in view.balances(cls, HOLDER, on).items() if one.capital is not None else ():
            number, _, tied = account[len(HOLDER) + 1 :].partition("/")
            if tied != UNPAID and number != POOLED:
                held[number] = held.get(number, 0) + shares
        for number, shares in held.items():
            found[number] = found.get(number, 0) + value_fen(one, shares)
    return {number: fen for number, fen in found.items() if fen}

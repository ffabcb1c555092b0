"""The register: classes, members and households as of a day, and who then holds what.

It is folded from records and never stored. A question about thousands of holders reads the balances of a class once.
"""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from coopledger.core.charter import HOLDER, UNISSUED, Book, book
from coopledger.core.journal import View
from coopledger.core.member import Household, Member, People, roll_of, who
from coopledger.core.quantity import Number
from coopledger.core.share_class import ShareClass, class_on, classes, share_class
from coopledger.core.timeline import state
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

Part = Literal["", "pledged", "frozen", "unpaid"]
"""The parts of a holder's account; the first is what is free. What is in the others is the holder's and stays."""

PLEDGED: Part = "pledged"
FROZEN: Part = "frozen"
UNPAID: Part = "unpaid"


class Register(NamedTuple):
    """What a book says of a day; None is after everything. All by code or number."""

    on: date | None
    book: Book
    classes: Mapping[str, ShareClass]
    members: Mapping[str, Member]
    households: Mapping[str, Household]
    people: People
    """What it says of other days: everybody's history."""

    def share_class(self, cls: str) -> ShareClass:
        """A class by its code. Raises RegisterError."""
        if cls not in self.classes:
            raise RegisterError(
                Message(
                    "{cls}: no such share class on {day}; there are {known}",
                    cls=printable(cls),
                    day=self.on or "-",
                    known=list(self.classes) or "-",
                )
            )
        return self.classes[cls]

    def is_member(self, number: str) -> bool:
        """Whether somebody is a member; a household is, if one of its people is."""
        if number in self.households:
            return any(self.is_member(one) for one in self.households[number].members)
        return number in self.members and self.members[number].standing == "member"


class Holding(NamedTuple):
    """What one holder has of one class, in its smallest units, and which part of the class that is.

    ``shares`` is all of it; ``pledged``, ``frozen`` and ``unpaid`` are parts of that. A part of a pooled class may be
    a fraction. ``total`` is the whole class.
    """

    holder: str
    shares: Number
    pledged: int
    frozen: int
    unpaid: int
    total: int

    @property
    def of_class(self) -> Fraction:
        """Which part of the class it is."""
        return Fraction(self.shares) / self.total

    @property
    def free(self) -> Number:
        """What the holder may dispose of."""
        return self.shares - self.pledged - self.frozen - self.unpaid

    @property
    def paid(self) -> Number:
        """What is paid in (实缴)."""
        return self.shares - self.unpaid


def register(view: View, on: date | None = None) -> Register:
    """The register as of a day (after everything, if none is given).

    Raises RegisterError if the book is not founded on that day.
    """
    people = who(view)
    now = roll_of(people, on)
    found = {cls: share_class(fields) for cls, line in classes(view).items() if (fields := state(line, on))}
    return Register(on, book(view, on), found, now.members, now.households, people)


def holdings(view: View, cls: str, on: date | None = None, known: Register | None = None) -> dict[str, Holding]:
    """Who holds how much of a class on a day, by number. ``known`` spares the fold, if the caller has it.

    A pooled class is in equal parts with whoever is eligible on that day.
    """
    one = class_on(view, cls, on) if known is None else known.share_class(cls)
    held = view.balances(cls, HOLDER, on)
    total = sum(held.values())
    if one.pooled:
        each = eligible(register(view, on) if known is None else known, one)
        return {number: Holding(number, Fraction(total, len(each)), 0, 0, 0, total) for number in each if total}
    shares: dict[str, int] = {}
    tied: dict[tuple[str, str], int] = {}
    for (_, account), quantity in held.items():
        _, number, *part = account.split("/")
        shares[number] = shares.get(number, 0) + quantity
        if part:
            tied[number, part[0]] = quantity
    if not tied:
        return {number: Holding(number, quantity, 0, 0, 0, total) for number, quantity in shares.items()}
    return {
        number: Holding(
            number,
            quantity,
            tied.get((number, PLEDGED), 0),
            tied.get((number, FROZEN), 0),
            tied.get((number, UNPAID), 0),
            total,
        )
        for number, quantity in shares.items()
        if quantity
    }


def earning(view: View, cls: str, on: date | None = None, known: Register | None = None) -> dict[str, Number]:
    """How many shares of a class earn for each holder on a day: those subscribed, or paid in, as the class says.

    Pledged and frozen shares earn for their holder. A class without a dividend right gives nobody anything.
    """
    now = register(view, on) if known is None else known
    one = now.share_class(cls)
    held = holdings(view, cls, on, now) if one.dividend else {}
    counted = {number: seen.paid if one.earns == "paid-in" else seen.shares for number, seen in held.items()}
    return {number: shares for number, shares in counted.items() if shares}


def eligible(now: Register, one: ShareClass) -> dict[str, int]:
    """Who has a part in a class by belonging, with the number of heads each stands for, by number.

    Members of the kinds that may hold the class, of its group if it has one. Of a class held by households these
    count their eligible people.
    """
    people = [
        member
        for member in now.members.values()
        if member.standing == "member" and member.kind in one.holders and (not one.group or one.group in member.groups)
    ]
    found: dict[str, int] = {}
    for member in people:
        number = member.household if one.level == "household" and member.kind == "person" else member.number
        if number:
            found[number] = found.get(number, 0) + 1
    return found


def outstanding(view: View, cls: str, on: date | None = None) -> int:
    """How many shares of a class are issued, in its smallest units."""
    return -sum(view.balances(cls, UNISSUED, on).values())

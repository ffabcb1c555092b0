"""The register: classes, members and households as of a day, and who then holds what.

It is folded from records and never stored. A question about thousands of holders reads the balances of a class once.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from itertools import repeat
from typing import Literal, NamedTuple

from coopledger.core.balances import Place
from coopledger.core.charter import HOLDER, UNISSUED, Book, book, holder_of
from coopledger.core.journal import Posting, View, code
from coopledger.core.people import Household, Member, People, roll_of, who
from coopledger.core.quantity import Number
from coopledger.core.share_class import ShareClass, class_on, classes, no_such_class, share_class
from coopledger.core.timeline import Timeline, state

Part = Literal["", "pledged", "frozen", "unpaid"]
"""The parts of a holder's account; the first is what is free. What is in the others is the holder's and stays."""

PLEDGED: Part = "pledged"
FROZEN: Part = "frozen"
UNPAID: Part = "unpaid"
_BEFORE = len(f"{HOLDER}/")


class Register(NamedTuple):
    """What a book says of a day; None is after everything. All by code or number."""

    on: date | None
    book: Book
    classes: Mapping[str, ShareClass]
    members: Mapping[str, Member]
    households: Mapping[str, Household]
    people: People
    """What it says of other days: everybody's history."""
    lines: Mapping[str, Timeline]
    """The same of the classes."""

    def share_class(self, cls: str) -> ShareClass:
        """A class by its code. Raises RegisterError."""
        found = self.classes.get(code(cls))
        if found is None:
            raise no_such_class(self.lines, cls, self.on)
        return found

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

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     register(view, day).is_member("17")
    True
    """
    people = who(view)
    now = roll_of(people, on)
    lines = classes(view)
    found = {cls: share_class(fields) for cls, line in lines.items() if (fields := state(line, on))}
    return Register(on, book(view, on), found, now.members, now.households, people, lines)


def holdings(view: View, cls: str, on: date | None = None, known: Register | None = None) -> dict[str, Holding]:
    """Who holds how much of a class on a day, by number. ``known`` spares the fold, if the caller has it.

    Of a pooled class everybody who is eligible on that day has an equal part, a household one for each of its people
    (:func:`eligible`).

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     {number: (one.shares, one.free) for number, one in holdings(view, "land").items()}
    {'17': (500, 500)}
    """
    one = class_on(view, code(cls), on) if known is None else known.share_class(cls)
    held = view.balances(one.code, HOLDER, on)
    total = sum(held.values())
    if one.pooled:
        heads = eligible(register(view, on) if known is None else known, one)
        all_heads = sum(heads.values())
        return {
            number: Holding(number, Fraction(total * count, all_heads), 0, 0, 0, total)
            for number, count in heads.items()
            if total
        }
    shares = {account[_BEFORE:]: quantity for (_, account), quantity in held.items()}
    if "/" not in "".join(shares):  # nobody has a part that is not free: thousands at once
        rows = zip(shares, shares.values(), repeat(0), repeat(0), repeat(0), repeat(total), strict=False)
        return dict(zip(shares, map(partial(tuple.__new__, Holding), rows), strict=True))
    whole: dict[str, int] = {}
    tied: dict[tuple[str, str], int] = {}
    for place, quantity in shares.items():
        number, _, part = place.partition("/")
        whole[number] = whole.get(number, 0) + quantity
        tied[number, part] = quantity
    return {
        number: Holding(
            number,
            quantity,
            tied.get((number, PLEDGED), 0),
            tied.get((number, FROZEN), 0),
            tied.get((number, UNPAID), 0),
            total,
        )
        for number, quantity in whole.items()
        if quantity
    }


def earning(view: View, cls: str, on: date | None = None, known: Register | None = None) -> dict[str, Number]:
    """How many shares of a class earn for each holder on a day: those subscribed, or paid in, as the class says.

    Pledged and frozen shares earn for their holder. A class without a dividend right gives nobody anything.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     earning(view, "land")
    {'17': 500}
    """
    now = register(view, on) if known is None else known
    one = now.share_class(cls)
    held = holdings(view, one.code, on, now) if one.dividend else {}
    counted = {number: seen.paid if one.earns == "paid-in" else seen.shares for number, seen in held.items()}
    return {number: shares for number, shares in counted.items() if shares}


def eligible(now: Register, one: ShareClass) -> dict[str, int]:
    """Who has a part in a class by belonging, with the number of heads each stands for, by number.

    Members of the kinds that may hold the class, of its group if it has one. Of a class held by households these
    count their eligible people. By these heads a pool is parted, a leaver's shares are spread, a class is re-balanced
    (农民专业合作社法 44: quantified equally to the members).

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     now = register(view)
    >>> eligible(now, now.share_class("land"))
    {'17': 2}
    """
    found: dict[str, int] = {}
    for member in now.members.values():
        if number := counts_for(member, one):
            found[number] = found.get(number, 0) + 1
    return found


def counts_for(member: Member, one: ShareClass) -> str:
    """The number for which a member is a head in a class by belonging: his own, or his household's; empty for none.

    >>> from coopledger.book import preset
    >>> counts_for(Member("0041", "person", "member", household="17"), preset("land"))
    '17'
    """
    if member.standing != "member" or member.kind not in one.holders or (one.group and one.group not in member.groups):
        return ""
    return member.household if one.level == "household" and member.kind == "person" else member.number


def outstanding(view: View, cls: str, on: date | None = None) -> int:
    """How many shares of a class are issued, in its smallest units.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     outstanding(view, "land")
    500
    """
    return -sum(view.balances(code(cls), UNISSUED, on).values())


def per_holder(balances: Mapping[Place, int]) -> dict[str, int]:
    """The balances of holders' accounts, all parts together, by number."""
    found: dict[str, int] = {}
    for (_, account), quantity in balances.items():
        number = holder_of(account)
        found[number] = found.get(number, 0) + quantity
    return found


def gained(postings: Iterable[Posting]) -> dict[str, int]:
    """What each holder got by postings of one class, less what he gave, by number; 0 where only parts were moved."""
    found: dict[str, int] = {}
    for one in postings:
        for account, sign in ((one.source, -1), (one.target, 1)):
            if number := holder_of(account):
                found[number] = found.get(number, 0) + sign * one.quantity
    return found

"""Composition: how a cooperative's shares and votes are spread over kinds of holders and households."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from coopledger.core.journal import View
from coopledger.core.personal import is_minor
from coopledger.core.quantity import Number
from coopledger.core.register import Register, holdings, register


class ClassTotal(NamedTuple):
    """One class as of a day: shares in smallest units, how many holders, and the kinds they are of.

    ``capital_fen`` is the par value of what is paid in; None for a class without a capital account, into which nobody
    pays anything.
    """

    cls: str
    shares: Number
    holders: int
    pledged: int
    frozen: int
    unpaid: int
    by_kind: Mapping[str, Number]
    capital_fen: Number | None


class Votes(NamedTuple):
    """What somebody may cast: his own vote (or those of his shares), and extra ones by the charter."""

    own: Number
    extra: int = 0


class Voters(NamedTuple):
    """How many votes there are by the register on a day: ``least`` for certain, ``most`` at most.

    Between the two are the persons of whom no birth date is known, ``ageless`` of them, and the institutions, which
    vote or not as the charter says. Who lacks the capacity to vote otherwise (民法典 21, 22) is not in the register.
    """

    least: int
    most: int
    ageless: int


def composition(view: View, on: date | None = None) -> dict[str, ClassTotal]:
    """Every class as of a day, by its code.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     composition(view)["land"].by_kind
    {'household': 500}
    """
    now = register(view, on)
    found = {}
    for cls, one in now.classes.items():
        held = holdings(view, cls, on, now)
        by_kind: dict[str, Number] = {}
        for number, holding in held.items():
            kind = "household" if number in now.households else _member(now, number, "kind")
            by_kind[kind] = by_kind.get(kind, 0) + holding.shares
        paid = sum(holding.paid for holding in held.values())
        found[cls] = ClassTotal(
            cls,
            sum(holding.shares for holding in held.values()),
            len(held),
            sum(holding.pledged for holding in held.values()),
            sum(holding.frozen for holding in held.values()),
            sum(holding.unpaid for holding in held.values()),
            by_kind,
            None if one.par_fen is None or one.capital is None else Fraction(paid) * one.par_fen / one.unit,
        )
    return found


def by_household(view: View, on: date | None = None) -> dict[str, dict[str, Number]]:
    """What each household holds of each class as of a day, its people's own shares among it; ``""`` are the others.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     by_household(view)
    {'17': {'land': 500}}
    """
    now = register(view, on)
    found: dict[str, dict[str, Number]] = {}
    for cls in now.classes:
        for number, holding in holdings(view, cls, on, now).items():
            home = number if number in now.households else _member(now, number, "household")
            held = found.setdefault(home, {})
            held[cls] = held.get(cls, 0) + holding.shares
    return dict(sorted(found.items()))


def votes(view: View, on: date) -> dict[str, Votes]:
    """Who may vote on a day, by number.

    By the charter one vote each member, minors left out (农村集体经济组织法 26), with the extra votes of
    农民专业合作社法 22; or one vote each whole share of the voting classes. Who has no birth date in the register, or
    whose row is erased, counts as of age.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     votes(view, day)["0041"]
    Votes(own=1, extra=0)
    """
    now = register(view, on)
    if now.book.charter.votes == "share":
        by_share: dict[str, Number] = {}
        for cls, one in now.classes.items():
            if one.vote:
                for number, holding in holdings(view, cls, on, now).items():
                    by_share[number] = by_share.get(number, 0) + holding.shares // one.unit
        return {number: Votes(count) for number, count in sorted(by_share.items()) if count}
    rows = view.personal()
    return {
        number: Votes(1, one.extra_votes)
        for number, one in now.members.items()
        if one.standing == "member" and not is_minor(rows.get(f"m/{number}", {}), on)
    }


def voters(view: View, on: date) -> Voters:
    """How many votes there are on a day by the register, minors left out (:func:`votes`).

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> adult, child = ({"birth": birth} for birth in ("1980-01-31", "2015-06-07"))
    >>> family = [Joiner("0041", household="17", head=True, personal=adult), Joiner("0042", household="17")]
    >>> family += [Joiner("0043", household="17", personal=child)]
    >>> steps = [found("示例村合作社", effective_on=day), admit(*family, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     voters(view, day)
    Voters(least=1, most=2, ageless=1)
    """
    now = register(view, on)
    counted = {number: int(one.own) + one.extra for number, one in votes(view, on).items()}
    most = sum(counted.values())
    if now.book.charter.votes == "share":
        return Voters(most, most, 0)
    rows = view.personal()
    persons = [number for number in counted if _member(now, number, "kind") == "person"]
    aged = [number for number in persons if is_minor(rows.get(f"m/{number}", {}), on) is not None]
    return Voters(sum(counted[number] for number in aged), most, len(persons) - len(aged))


def _member(now: Register, number: str, name: str) -> str:
    """A word about a member; nothing about somebody who holds shares and is not in the register."""
    return str(getattr(now.members.get(number), name, ""))

"""Accounts and denominations: what a book counts, where it stands, and what may not fall below zero.

They are opened by records, so that nobody can rename them unnoticed. An account's code is ``chart:code`` or a word of
the register's (``holder``, ``unissued``); ``c37:222/0042`` is a part of the account ``c37:222`` and needs no record of
its own. A *guard* keeps an account and all its parts from falling below zero on any day.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal, NamedTuple, get_args

from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import (
    FIRST_DAY,
    LAST_DAY,
    Decision,
    Entry,
    Facts,
    Record,
    View,
    code,
    day,
    day_number,
    root,
    shown,
)
from coopledger.errors import EntryError, LockedPeriodError, UnopenedError
from coopledger.text import Message, printable

Guard = Literal["none", "debit", "credit"]
"""``debit``: what went in is never less than what went out (a holder's shares); ``credit``: the other way round (what
is owed to a member)."""

GUARDS: tuple[Guard, ...] = get_args(Guard)

OPENING, LOCK, UNLOCK, CLOCK = "opening", "lock", "unlock", "clock"
"""The kinds of records that the journal itself reads; all others belong to those who append them.

``opening`` opens denominations and accounts, ``lock`` closes all days up to one, ``unlock`` takes that back to an
earlier day, with the reason, and ``clock`` says that the clock was found wrong.
"""

GROUND = frozenset({OPENING, LOCK, UNLOCK})
"""The kinds that change the ground."""

ERASURE = "erasure"
"""The kind of a record that says whose personal rows are erased."""


class Denomination(NamedTuple):
    """What is counted: a currency, a class of shares, mu of land; ``digits`` decimals make its smallest unit."""

    code: str
    name: str
    digits: int = 0


class Account(NamedTuple):
    """A place where things stand, with its name in the books and its guard."""

    code: str
    name: str
    guard: Guard = "none"


class Ground(NamedTuple):
    """What the journal checks every entry against: folded from its records, never changed."""

    denominations: Mapping[str, Denomination]
    accounts: Mapping[str, Account]
    locked_through: int = 0
    """The day up to which the books are closed, as a day number; 0 if none is."""

    def guard(self, account: str) -> Guard:
        """How an account is guarded."""
        return self.accounts[root(account)].guard


NOTHING = Ground({}, {})
"""The ground of an empty book."""


def opening(denominations: Iterable[Denomination] = (), accounts: Iterable[Account] = ()) -> dict[str, object]:
    """The facts of a record that opens denominations and accounts.

    >>> opening([Denomination("CNY", "yuan", 2)], [Account("holder", "holders", "debit")])["accounts"]
    {'holder': ['holders', 'debit']}
    """
    return {
        "denominations": {one.code: [one.name, one.digits] for one in denominations},
        "accounts": {one.code: [one.name, one.guard] for one in accounts},
    }


def lock(through: date, *, effective_on: date, booked_on: date | None = None) -> Decision:
    """Close the books up to a day: nothing is booked on it or before it any more.

    Nothing is recorded if they are closed up to that day already. The journal raises EntryError if they are closed up
    to a later one.

    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill")
    >>> closing = lock(date(2026, 1, 31), effective_on=date(2026, 2, 5))
    >>> [one.locked_through for one in journal.append(closing, key="lock 2026-01", actor="accountant")]
    [20260131]
    """

    def decide(view: View) -> list[Entry]:
        if _locked_through(view) == day_number(through):
            return []
        return [Entry(LOCK, effective_on, booked_on or effective_on, {"through": through.isoformat()})]

    return decide


def unlock(
    through: date | None,
    *,
    reason: str,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Open the books again: from now on they are closed up to an earlier day only, or not at all (``None``).

    Nothing is recorded if they are closed up to that day already. The journal raises EntryError for a later one, and
    without a reason.

    >>> reopening = unlock(date(2025, 12, 31), reason="audit adjustment", effective_on=date(2026, 4, 1))
    """
    closed = 0 if through is None else day_number(through)
    facts = {
        "through": None if through is None else through.isoformat(),
        "reason": reason,
        **cited(documents, resolution),
    }

    def decide(view: View) -> list[Entry]:
        if _locked_through(view) == closed:
            return []
        return [Entry(UNLOCK, effective_on, booked_on or effective_on, facts)]

    return decide


def confirm_clock(*, reason: str, effective_on: date, booked_on: date | None = None) -> Entry:
    """The entry that says the clock was found wrong; append it with ``confirm_clock=True``.

    Needed where the last record was written by a clock that stood far in the future.

    >>> confirm_clock(reason="the server's date was wrong", effective_on=date(2026, 4, 1)).kind
    'clock'
    """
    return Entry(CLOCK, effective_on, booked_on or effective_on, {"reason": reason})


def grown(ground: Ground, entry: Entry | Record) -> Ground:
    """The ground after a record, or as it would be after an entry.

    An account or denomination may be opened again, with another name or more digits; a guard stays as it is.

    Raises EntryError for facts that open or lock nothing.

    >>> day = date(2026, 1, 31)
    >>> grown(NOTHING, Entry("lock", day, day, {"through": "2026-01-31"})).locked_through
    20260131
    """
    facts = entry.facts
    if entry.kind == OPENING:
        return _opened(ground, facts)
    if entry.kind in {LOCK, UNLOCK}:
        return ground._replace(locked_through=_locked(ground, entry.kind, facts))
    return ground


def check_opened(ground: Ground, entry: Entry | Record) -> None:
    """Raise UnopenedError if a posting names what the ground does not have.

    >>> from coopledger.core.journal import Posting
    >>> day = date(2026, 1, 1)
    >>> check_opened(NOTHING, Entry("issue", day, day, {}, [Posting("land", "unissued", "holder/17", 5)]))
    Traceback (most recent call last):
    coopledger.errors.UnopenedError: land: no such denomination in this book; it has -
    """
    denominations, accounts = ground.denominations, ground.accounts
    for one in entry.postings:
        if (
            one[0] not in denominations
            or one[1].partition("/")[0] not in accounts
            or one[2].partition("/")[0] not in accounts
        ):
            raise _unopened(ground, entry)


def check_period(ground: Ground, entry: Entry) -> None:
    """Raise LockedPeriodError if the entry is booked on a day that is closed.

    What reopens a period may be booked in it: books that a slip of the pen closed up to 2062 are reopened today.

    >>> day = date(2026, 1, 31)
    >>> check_period(NOTHING._replace(locked_through=20260131), Entry("note", day, day))
    Traceback (most recent call last):
    coopledger.errors.LockedPeriodError: booked on 2026-01-31: the books are closed up to 2026-01-31; book it on a later
    day (what it counts for may be earlier), or reopen the period first
    """
    closed = grown(ground, entry).locked_through if entry.kind == UNLOCK else ground.locked_through
    if day_number(entry.booked_on) <= closed:
        raise LockedPeriodError(
            Message(
                "booked on {booked}: the books are closed up to {through}; book it on a later day (what it counts for "
                "may be earlier), or reopen the period first",
                booked=entry.booked_on,
                through=day(closed),
            )
        )


def open_from(view: View) -> date:
    """The first day on which something may be booked."""
    ground = NOTHING
    for record in view.records(LOCK, UNLOCK):
        ground = grown(ground, record)
    return day(ground.locked_through) + timedelta(1) if ground.locked_through else date.min


def _locked_through(view: View) -> int:
    return view.record(view.head.seq).locked_through if view.head.seq else 0


def _unopened(ground: Ground, entry: Entry | Record) -> UnopenedError:
    if missing := sorted({one[0] for one in entry.postings} - ground.denominations.keys()):
        return UnopenedError(
            Message(
                "{missing}: no such denomination in this book; it has {known}",
                missing=missing,
                known=sorted(ground.denominations) or "-",
            )
        )
    roots = {root(account) for one in entry.postings for account in one[1:3]}
    missing = sorted(roots - ground.accounts.keys())
    return UnopenedError(Message("{missing}: no such account in this book: open it first", missing=missing))


def _opened(ground: Ground, facts: Facts) -> Ground:
    denominations = dict(ground.denominations)
    accounts = dict(ground.accounts)
    for name, seen in _mapping(facts, "denominations"):
        match seen:
            case [str(words), int(digits)] if 0 <= digits <= 9 and type(digits) is int:
                pass
            case _:
                raise _bad_opening(name, seen, "[name, digits from 0 to 9]")
        if name in denominations and digits < denominations[name].digits:
            raise _bad_opening(name, seen, f"at least {denominations[name].digits} digits")
        denominations[code(name)] = Denomination(name, words, digits)
    for name, seen in _mapping(facts, "accounts"):
        match seen:
            case [str(words), "none" | "debit" | "credit" as guard] if root(name) == name:
                pass
            case _:
                raise _bad_opening(name, seen, "[name, guard]")
        if name in accounts and guard != accounts[name].guard:
            raise _bad_opening(name, seen, f"guard {accounts[name].guard}")
        accounts[code(name)] = Account(name, words, guard)
    return ground._replace(denominations=denominations, accounts=accounts)


def _mapping(facts: Facts, name: str) -> Iterable[tuple[str, object]]:
    found = facts.get(name, {})
    if not isinstance(found, Mapping):
        raise _bad_opening(name, found, "{code: […]}")
    return found.items()


def _bad_opening(name: str, seen: object, expected: str) -> EntryError:
    return EntryError(
        Message(
            "opening of {name}: {seen}: {expected} is expected",
            name=printable(name)[:80],
            seen=shown(seen),
            expected=expected,
        )
    )


def _locked(ground: Ground, kind: str, facts: Facts) -> int:
    seen = facts.get("through")
    through = 0 if seen is None and kind == UNLOCK else _closable(seen)
    forward = kind == LOCK
    if not forward and not (isinstance(facts.get("reason"), str) and facts["reason"].strip()):
        raise EntryError(Message("unlock: its reason is missing"))
    if through < 0 or (through <= ground.locked_through if forward else through >= ground.locked_through):
        raise EntryError(
            Message(
                "{kind} through {seen}: a day {side} {now} is expected",
                kind=kind,
                seen=printable(str(seen))[:80],
                side=Message("after") if forward else Message("before"),
                now=day(ground.locked_through) if ground.locked_through else "-",
            )
        )
    return through


def _closable(seen: object) -> int:
    """The day up to which books can be closed, as a day number, or -1. One day is left on which to reopen them."""
    try:
        through = date.fromisoformat(str(seen))
    except ValueError:
        return -1
    return day_number(through) if FIRST_DAY <= through < LAST_DAY else -1

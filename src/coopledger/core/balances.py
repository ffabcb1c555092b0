"""Balances: what went into an account less what went out of it, folded from postings."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import accumulate

from coopledger.core.accounts import Ground
from coopledger.core.journal import LAST_DAY, Entry, Movement, Posting, Record, View, check_days, is_under, shown
from coopledger.errors import OverdrawnError, ReversalError
from coopledger.text import Message

Place = tuple[str, str]
"""A denomination and an account."""


def balances(
    records: Iterable[Record], denomination: str | None = None, under: str | None = None, on: date | None = None
) -> dict[Place, int]:
    """What went in less what went out, up to and including a day; no zeros.

    >>> from coopledger.core.accounts import Account, Denomination, opening
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> facts = opening([Denomination("land", "land")], [Account("unissued", "unissued"), Account("holder", "holders")])
    >>> issue = Entry("issue", day, day, {}, [Posting("land", "unissued", "holder/17", 5)])
    >>> records = MemoryJournal("hill").append([Entry("opening", day, day, facts), issue], key="1", actor="accountant")
    >>> balances(records, under="holder")
    {('land', 'holder/17'): 5}
    """
    check_days(on)
    found: dict[Place, int] = {}
    for record in records:
        if on is not None and record.effective_on > on:
            continue
        for one in record.postings:
            if denomination is not None and one.denomination != denomination:
                continue
            for account, sign in ((one.target, 1), (one.source, -1)):
                if under is None or is_under(account, under):
                    place = (one.denomination, account)
                    found[place] = found.get(place, 0) + sign * one.quantity
    return {place: quantity for place, quantity in sorted(found.items()) if quantity}


def movements(
    records: Iterable[Record],
    under: str,
    denomination: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> list[Movement]:
    """The postings that touch an account or those below it, by day, number and line.

    >>> from coopledger.core.accounts import Account, Denomination, opening
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> facts = opening([Denomination("land", "land")], [Account("unissued", "unissued"), Account("holder", "holders")])
    >>> issue = Entry("issue", day, day, {}, [Posting("land", "unissued", "holder/17", 5)])
    >>> records = MemoryJournal("hill").append([Entry("opening", day, day, facts), issue], key="1", actor="accountant")
    >>> [(one.seq, one.line, one.posting.quantity) for one in movements(records, "holder")]
    [(2, 0, 5)]
    """
    check_days(since, until)
    found = [
        Movement(record.seq, line, record.kind, record.effective_on, record.booked_on, one)
        for record in records
        if (since is None or record.effective_on >= since) and (until is None or record.effective_on <= until)
        for line, one in enumerate(record.postings)
        if (denomination is None or one.denomination == denomination)
        and (is_under(one.source, under) or is_under(one.target, under))
    ]
    return sorted(found, key=lambda one: (one.effective_on, one.seq, one.line))


def changes(view: View, denomination: str, account: str, *, parts: bool = False) -> Iterator[tuple[date, int]]:
    """What went into an account, or out of it, by day; with ``parts`` those below it are counted too."""
    for one in view.movements(account, denomination):
        for place, sign in ((one.posting.target, 1), (one.posting.source, -1)):
            if place == account or (parts and is_under(place, account)):
                yield one.effective_on, sign * one.posting.quantity


def left_standing(moves: Iterable[Movement]) -> Iterator[Movement]:
    """What of movements was not taken back: those with something left, without the reversals of them.

    A reversal of a movement that is not among them stands as what it is, a movement the other way.

    >>> day = date(2026, 1, 1)
    >>> issue = Movement(3, 0, "issue", day, day, Posting("land", "unissued", "holder/17", 5))
    >>> back = Movement(4, 0, "reversal", day, day, Posting("land", "holder/17", "unissued", 5, 3, 0))
    >>> [one.seq for one in left_standing([issue])], [one.seq for one in left_standing([issue, back])]
    ([3], [])
    """
    known = [*moves]
    there = {(one.seq, one.line) for one in known}
    taken: dict[tuple[int | None, int | None], int] = {}
    for one in known:
        of = (one.posting.reverses_seq, one.posting.reverses_line)
        taken[of] = taken.get(of, 0) + one.posting.quantity
    for one in known:
        if (one.posting.reverses_seq, one.posting.reverses_line) in there:
            continue
        if one.posting.quantity > taken.get((one.seq, one.line), 0):
            yield one


def lowest(moved: Iterable[tuple[date, int]], on: date) -> int:
    """The least that changes, each from its day on, come to on a day or any later one: what can be taken on that day.

    >>> lowest([(date(2026, 1, 1), 300), (date(2026, 6, 1), -200)], date(2026, 5, 1))
    100
    """
    by_day = {on: 0}
    for day, quantity in moved:
        at = max(day, on)
        by_day[at] = by_day.get(at, 0) + quantity
    return min(accumulate(by_day[day] for day in sorted(by_day)))


def standing(  # noqa: PLR0917 - the places, the day, and which side of them
    view: View,
    denomination: str,
    accounts: Iterable[str],
    on: date,
    sign: int = 1,
    less: Iterable[tuple[date, int]] = (),
) -> int:
    """What stands in some accounts together on a day and each later one: so much can be taken on that day.

    It is what stands in them themselves, not in their parts; on the credit side with the sign -1. ``less`` is what of
    it is set aside, each from its day on. Only what is later than the day is read one by one.
    """
    moved = [(day, -quantity) for day, quantity in less]
    for account in accounts:
        moved.append((on, sign * view.balances(denomination, account, on).get((denomination, account), 0)))
        for one in view.movements(account, denomination, on + timedelta(1)) if on < LAST_DAY else ():
            into = (one.posting.target == account) - (one.posting.source == account)
            moved.append((one.effective_on, sign * into * one.posting.quantity))
    return lowest(moved, on)


def at_risk(entries: Iterable[Entry], ground: Ground) -> dict[Place, date]:
    """The guarded places that entries take from, each with the earliest day on which they do.

    >>> from coopledger.core.accounts import NOTHING, Account
    >>> ground = NOTHING._replace(accounts={"holder": Account("holder", "holders", "debit")})
    >>> day = date(2026, 1, 1)
    >>> list(at_risk([Entry("sale", day, day, {}, [Posting("land", "holder/17", "holder/18", 5)])], ground))
    [('land', 'holder/17')]
    """
    debit, credit = (
        {code for code, account in ground.accounts.items() if account.guard == guard} for guard in ("debit", "credit")
    )
    found: dict[Place, date] = {}
    for entry in entries:
        on = entry.effective_on
        for one in entry.postings:
            if one[1].partition("/")[0] in debit:
                place = (one[0], one[1])
                if place not in found or on < found[place]:
                    found[place] = on
            if one[2].partition("/")[0] in credit:
                place = (one[0], one[2])
                if place not in found or on < found[place]:
                    found[place] = on
    return found


def overdrawn(place: Place, day: date, quantity: int, digits: int) -> OverdrawnError:
    """The error for a place whose balance, counted the way its guard looks at it, is negative on a day.

    >>> print(overdrawn(("land", "holder/17"), date(2026, 1, 1), -5, 0))
    holder/17 would stand at -5 land on 2026-01-01: it never goes below zero, on any day
    """
    denomination, account = place
    return OverdrawnError(
        Message(
            "{account} would stand at {balance} {denomination} on {day}: it never goes below zero, on any day",
            account=account,
            balance=printed(quantity, digits),
            denomination=denomination,
            day=day,
        )
    )


def printed(quantity: int, digits: int) -> str:
    """A number of smallest units as people read it.

    >>> printed(-123456, 2), printed(5, 0)
    ('-1,234.56', '5')
    """
    if not digits:
        return f"{quantity:,}"
    whole, rest = divmod(abs(quantity), 10**digits)
    return f"{'-' if quantity < 0 else ''}{whole:,}.{rest:0{digits}d}"


def amount(seen: object) -> str:
    """An amount in fen as a refusal says it, in yuan; what is no whole number as it is.

    >>> amount(900_000_00), amount("5 yuan")
    ('900,000.00', "'5 yuan'")
    """
    return printed(seen, 2) if type(seen) is int else shown(seen)


def first_overdrawn(
    records: Collection[Record], places: Collection[Place], ground: Ground
) -> tuple[Place, date, int] | None:
    """The first place, in order, that falls below zero, with the first day on which it does and what it stands at.

    >>> from coopledger.core.accounts import NOTHING, Account
    >>> first_overdrawn(
    ...     [], [("land", "holder/17")], NOTHING._replace(accounts={"holder": Account("holder", "holders", "debit")})
    ... )
    """
    moved: dict[Place, dict[date, int]] = {place: {} for place in places}
    for record in records:
        for one in record.postings:
            for account, sign in ((one.target, 1), (one.source, -1)):
                by_day = moved.get((one.denomination, account))
                if by_day is not None:
                    by_day[record.effective_on] = by_day.get(record.effective_on, 0) + sign * one.quantity
    for place in sorted(places):
        sign = 1 if ground.guard(place[1]) == "debit" else -1
        stands = 0
        for day in sorted(moved[place]):
            stands += sign * moved[place][day]
            if stands < 0:
                return place, day, stands
    return None


def check_reversal(line: int, one: Posting, original: Posting | None, already: int) -> None:
    """Raise ReversalError if a posting takes back what is not there or more than is left of it.

    >>> sale = Posting("land", "holder/17", "holder/18", 5)
    >>> check_reversal(0, Posting("land", "holder/18", "holder/17", 3, 7, 0), sale, already=0)
    >>> check_reversal(0, Posting("land", "holder/18", "holder/17", 3, 7, 0), sale, already=3)
    Traceback (most recent call last):
    coopledger.errors.ReversalError: line 0 reverses 3 of line 0 of record 7: 2 of 5 are left to reverse
    """
    if (
        original is None
        or (original.denomination, original.target, original.source, original.lot)
        != (one.denomination, one.source, one.target, one.lot)
        or original.reverses_seq is not None
    ):
        raise ReversalError(
            Message(
                "line {line} reverses line {was} of record {seq}: that line does not move {denomination} from {target} "
                "to {source}, or is a reversal itself",
                line=line,
                was=one.reverses_line,
                seq=one.reverses_seq,
                denomination=one.denomination,
                source=one.source,
                target=one.target,
            )
        )
    if already + one.quantity > original.quantity:
        raise ReversalError(
            Message(
                "line {line} reverses {quantity} of line {was} of record {seq}: "
                "{left} of {original} are left to reverse",
                line=line,
                quantity=one.quantity,
                was=one.reverses_line,
                seq=one.reverses_seq,
                left=original.quantity - already,
                original=original.quantity,
            )
        )

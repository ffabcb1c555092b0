"""Cover: what must stay in a reserve, or a fund, when something that went into it goes back."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from coopledger.core.balances import Place
from coopledger.core.chart import CONVERSION, MEMBER, MONEY, RESERVE, Kind, charts
from coopledger.core.journal import Movement, Posting, View, is_under, root
from coopledger.text import Message

_EQUITY: tuple[Kind, ...] = ("equity",)


class Uncovered(NamedTuple):
    """What would fall below zero, at how much it would stand, in fen, on which day, and which record counted on it."""

    name: Message | str
    fen: int
    day: date
    later: int


def uncovered(
    view: View, postings: Sequence[Posting], on: date, since: int, kinds: Collection[Kind] = _EQUITY
) -> Uncovered | None:
    """What would fall below zero by postings on a day, or a later one, for a record after ``since`` counted on it.

    That is an account of some ``kinds`` that they debit, or what of the reserve is not quantified. What was below zero
    before is no fault of theirs, nor what was before the record, for only a later one can have counted on it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     uncovered(view, [], date(2026, 1, 1), 0)
    """
    for name, places in _covered(view, postings, kinds):
        taken = sum(moved_into(one, places) for one in postings)
        if taken <= 0:
            continue
        moves = sorted({one for unit, account in places for one in view.movements(account, unit)})
        by_day = {on: 0}
        for one in moves:
            day = max(one.effective_on, on)
            by_day[day] = by_day.get(day, 0) - moved_into(one.posting, places)
        stands = 0
        for day in sorted(by_day):
            stands += by_day[day]
            if 0 <= stands < taken and (later := _counted_on(moves, places, since, day)) is not None:
                return Uncovered(name, stands - taken, day, later)
    return None


def _covered(
    view: View, postings: Iterable[Posting], kinds: Collection[Kind]
) -> Iterator[tuple[Message | str, list[Place]]]:
    """What is never to fall below zero by postings: its name, and the places that it is the sum of.

    Each account that they debit, with the accounts that took it over when the chart was converted; and what of the
    reserve members have no part of.
    """
    known = charts(view)
    known_kinds = {
        f"{chart.code}:{one.code}" for _, chart in known.adopted for one in chart.accounts.values() if one.kind in kinds
    }
    debited = {one.target for one in postings if one.denomination == MONEY and root(one.target) in known_kinds}
    for account in sorted(debited):
        found = [account]
        for place in found:  # grows while it is read
            for one in view.movements(place, MONEY):
                if one.kind == CONVERSION:
                    found += sorted({one.posting.source, one.posting.target} - {*found})
        yield ", ".join(sorted(found)), [(MONEY, one) for one in found]
    if parted := sorted({chart.account("reserve") for _, chart in known.adopted if "reserve" in chart.roles}):
        rest = Message("what of {accounts} is not quantified", accounts=parted)
        yield rest, [(RESERVE, MEMBER), *((MONEY, one) for one in parted)]


def moved_into(one: Posting, places: Iterable[Place]) -> int:
    """What a posting moves into some places, of their own unit each, less what it moves out of them."""
    above = [account for unit, account in places if unit == one.denomination]
    into, out = (any(is_under(place, account) for account in above) for place in (one.target, one.source))
    return (into - out) * one.quantity


def _counted_on(moves: Iterable[Movement], places: Sequence[Place], seq: int, day: date) -> int | None:
    """The number of the last record after one that took of some places by a day, and is not taken back itself."""
    known = [one for one in moves if one.effective_on <= day and one.seq > seq and moved_into(one.posting, places) > 0]
    taken_back = {one.posting.reverses_seq for one in moves}
    stands = [one.seq for one in known if one.posting.reverses_seq is None and one.seq not in taken_back]
    return max(stands or [one.seq for one in known], default=None)

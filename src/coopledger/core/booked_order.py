"""Booked order: what is owed of a run, or by a member, leaves the books no sooner than it came into them.

An accounting date may be before the day on which something else of the same holder was booked, recorded earlier. A
trial balance of a day in between would show it paid before it was owed.
"""

from collections.abc import Collection, Iterable
from datetime import date

from coopledger.core.balances import lowest
from coopledger.core.chart import CONVERSION, MONEY, charts
from coopledger.core.journal import Posting, Record, View, is_under
from coopledger.core.passing import REDEEM, REVERSAL
from coopledger.core.run import BOUNCE, DECLARATION, REFUND, ROLE, RUN, UNDECLARED, Run, holder_paid
from coopledger.core.settlement import CURRENT, retained_places
from coopledger.core.wording import kind_words
from coopledger.errors import RegisterError
from coopledger.text import Message


def check_booked_order(view: View, postings: Iterable[Posting], booked_on: date) -> None:
    """Raise RegisterError if more leaves a holder's account than stands there, by what is booked, from a day on.

    His accounts are what runs owe him, what they retained in his name, and what he owes or is owed in the member
    current account. It is looked at where a record booked later brought something there: a declaration, an undoing, a
    bounce, a record taken back, the end of a right. All else is booked in any order.

    >>> from coopledger.store.memory import MemoryJournal
    >>> paid = Posting("CNY", "c2021:102", "c2021:222/2026/17", 5_00)
    >>> with MemoryJournal("hill").read() as view:
    ...     check_booked_order(view, [paid], date(2027, 2, 10))
    """
    later = _brought(view, booked_on)
    if not later:
        return
    known = [chart for _, chart in charts(view).adopted]
    owed = {chart.account(role) for chart in known for role in (ROLE, REFUND) if role in chart.roles}
    current = {chart.account(CURRENT) for chart in known if CURRENT in chart.roles}
    from_where = {False: current, True: owed | current | {*retained_places(view)}}
    leaves: dict[_End, int] = {}
    for leg in postings:
        for end in _ends(leg) if leg.denomination == MONEY else ():
            leaves[end] = leaves.get(end, 0) + leg.quantity
    brought: dict[_End, Record] = {}
    for record in sorted(later, key=lambda one: one.booked_on):
        for leg in record.postings:
            for goes_in, place in _ends(leg):
                end = (not goes_in, place)
                if end in leaves and any(is_under(place, one) for one in from_where[end[0]]):
                    brought[end] = record
    lines = _lines(view, brought)
    for end, record in brought.items():
        if lowest(lines[end], booked_on) < leaves[end]:
            whose = Message("holder {number}", number=holder_paid(end[1]))
            raise RegisterError(_too_early(whose, record, booked_on))


def check_booked_again(view: View, one: Run, booked_on: date) -> None:
    """Raise RegisterError for a run that would be declared again before its undoing is booked.

    >>> from coopledger.core.entitlement import by_record_date
    >>> from coopledger.core.proposal import Proposal
    >>> from coopledger.store.memory import MemoryJournal
    >>> day = date(2026, 1, 1)
    >>> never = Run("a", Proposal("rent", "2026", "land", by_record_date(day), 5), 1, day, 5, 1, "")
    >>> with MemoryJournal("hill").read() as view:
    ...     check_booked_again(view, never, day)
    """
    for record in view.records(RUN, since=one.proposed_in):
        step = [record.facts.get(name) for name in ("run", "step", "was")]
        if step == [one.code, "undo", "declared"] and booked_on < record.booked_on:
            raise RegisterError(_too_early(Message("run {run}", run=one.code), record, booked_on))


def _brought(view: View, booked_on: date) -> list[Record]:
    """The records booked after a day that may have brought something to holders' accounts.

    Of declarations and undoings the steps are looked at, which have no postings: the money was appended just before.
    """
    steps = (one for one in view.records(RUN) if one.facts["step"] in {"declare", "undo"} and one.booked_on > booked_on)
    moved = [one for step in steps if (one := view.record(step.seq - 1)).kind in {DECLARATION, UNDECLARED}]
    return moved + [one for one in view.records(BOUNCE, REVERSAL, REDEEM) if one.booked_on > booked_on]


_End = tuple[bool, str]
"""An account, and whether money goes into it, or else out of it."""


def _ends(leg: Posting) -> tuple[_End, _End]:
    return (False, leg.source), (True, leg.target)


def _lines(view: View, ends: Collection[_End]) -> dict[_End, list[tuple[date, int]]]:
    """What was brought to some accounts and left them, in fen, with the days on which it was booked.

    What a conversion brought there stood in the books before; what it takes away stands where it took it.
    """
    found: dict[_End, list[tuple[date, int]]] = {end: [] for end in ends}
    above = {place.rpartition("/")[0] for _, place in ends}
    for move in {move[:2]: move for one in above for move in view.movements(one, MONEY)}.values():
        for goes_in, place in _ends(move.posting):
            if (not goes_in, place) in found:
                day = date.min if move.kind == CONVERSION else move.booked_on
                found[not goes_in, place].append((day, move.posting.quantity))
            if (goes_in, place) in found and move.kind != CONVERSION:
                found[goes_in, place].append((move.booked_on, -move.posting.quantity))
    return found


def _too_early(whose: Message, record: Record, booked_on: date) -> Message:
    return Message(
        "{whose}: booked on {day}, and record {seq} ({kind}), which this follows, is booked on {before}: that day, or "
        "a later one, is expected (booked_on, --booked)",
        whose=whose,
        day=booked_on,
        seq=record.seq,
        kind=kind_words(record.kind),
        before=record.booked_on,
    )

"""Lapses that a fact recorded later makes wrong: what belonged to heirs by then had time of its own."""

from collections.abc import Iterator
from datetime import date

from coopledger.core.balances import printed
from coopledger.core.journal import View, check_days
from coopledger.core.payout import waiting
from coopledger.core.people import who_died
from coopledger.core.run import LAPSE, runs
from coopledger.core.settlement import lapses
from coopledger.errors import Problem
from coopledger.text import Message


def check_lapses(view: View, on: date | None = None) -> list[Problem]:
    """What lapsed up to a day, and by the register of today waited then for heirs, a creditor or a court.

    A death is recorded when the village hears of it, and counts from its own day: the lapse is taken back, and let
    happen once more, which leaves out who waits.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     check_lapses(view)
    []
    """
    check_days(on)
    return [*_wrong(view, on)] if next(view.records(LAPSE), None) is not None else []


def _wrong(view: View, on: date | None) -> Iterator[Problem]:
    people = who_died(view)
    for one in runs(view).values():
        gone = [move for move in lapses(view, one) if on is None or move.on <= on] if one.declared_on else []
        for day in sorted({move.on for move in gone}):
            of_day = {move.holder: move for move in gone if move.on == day}
            for number, why in waiting(view, people, one.proposal.share_class, of_day, day).items():
                yield Problem(
                    f"holder {number}",
                    Message(
                        "run {run}: {fen} yuan owed to {number} lapsed on {day} by record {seq}, and by what was "
                        "recorded since {number} {why} on that day: take the record back (take_back, 'book reverse "
                        "{seq}'), and let lapse once more what does (lapse, 'dividend lapse')",
                        run=one.code,
                        number=number,
                        fen=printed(of_day[number].fen, 2),
                        day=day,
                        seq=of_day[number].seq,
                        why=why,
                    ),
                )

"""Apportionment: how the members of a household share what it holds: a memo, for certificates (股权证).

Shares stay the household's. What a memo says holds until the next one; what the household got or gave since is named
as a rest, never spread by guess.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, View
from coopledger.core.lot import parts
from coopledger.core.register import register
from coopledger.core.share_class import CLASS
from coopledger.core.timeline import Change, state, timeline
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

APPORTION = "apportion"
"""The kind of record that says who in a household has which part."""


class Apportionment(NamedTuple):
    """Each member's part of a household's holding, in smallest units, and what is in nobody's part."""

    parts: Mapping[str, int]
    rest: int


def apportion(
    cls: str,
    household: str,
    shares: Mapping[str, int],
    *,
    effective_on: date,
    booked_on: date | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Say which part of a household's holding is whose: all of it, among those who live in it on that day.

    >>> memo = apportion("member", "17", {"0041": 1, "0042": 1, "0043": 2}, effective_on=date(2026, 1, 1))
    """
    given = dict(shares)
    facts = {CLASS: cls, "household": household, "parts": given, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = register(view, effective_on)
        now.share_class(cls)
        living = now.households[household].members if household in now.households else ()
        if strangers := sorted(given.keys() - {*living}):
            raise RegisterError(
                Message(
                    "{strangers} do not live in household {household} on {day}: {living} do",
                    strangers=strangers,
                    household=printable(household),
                    day=effective_on,
                    living=living or "-",
                )
            )
        held = _held(view, cls, household, effective_on)
        if sum(given.values()) != held or min(given.values(), default=0) < 0:
            raise RegisterError(
                Message(
                    "parts of {seen} of {cls} in sum: household {household} holds {held} on {day}, "
                    "all of which is expected",
                    seen=sum(given.values()),
                    cls=cls,
                    household=household,
                    held=held,
                    day=effective_on,
                )
            )
        return [Entry(APPORTION, effective_on, booked_on or effective_on, facts)]

    return decide


def apportioned(view: View, cls: str, household: str, on: date | None = None) -> Apportionment:
    """The parts of a household's holding as of a day, and what came or went since they were said."""
    changes = timeline(
        Change(one.effective_on, one.seq, {"parts": one.facts["parts"]})
        for one in view.records(APPORTION)
        if (one.facts[CLASS], one.facts["household"]) == (cls, household)
    )
    said = state(changes, on).get("parts", {})
    return Apportionment(said, _held(view, cls, household, on) - sum(said.values()))


def _held(view: View, cls: str, household: str, on: date | None) -> int:
    return sum(parts(view, cls, household, on).values())

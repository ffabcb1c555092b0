"""Statements: how a holding came about, movement by movement, and what changed between two days.

Quantities are in the classes' smallest units.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from coopledger.core.charter import HOLDER
from coopledger.core.journal import Posting, View, is_under
from coopledger.core.lot import account
from coopledger.core.share_class import classes


class Line(NamedTuple):
    """One movement in a holder's account, and what he then has.

    ``quantity`` is what the holding changed by, 0 where shares were only pledged or released; ``free`` and
    ``balance`` are what is free and what there is after it. ``other`` is the other holder, if there is one.
    """

    seq: int
    effective_on: date
    booked_on: date
    kind: str
    reason: str
    cls: str
    quantity: int
    balance: int
    free: int
    other: str = ""
    lot: str | None = None


class Turnover(NamedTuple):
    """What a holder had at first, what came and went, and what he had at last; ``came`` and ``went`` by kind."""

    opening: int
    came: Mapping[str, int]
    went: Mapping[str, int]
    closing: int


def statement(view: View, number: str, since: date | None = None, until: date | None = None) -> list[Line]:
    """One holder's movements effective within a span of days, all his classes, by day (成员账户, the share side).

    Balances count everything before the span too.
    """
    own = account(number)
    known = classes(view)
    balance: dict[str, int] = {}
    free: dict[str, int] = {}
    found: list[Line] = []
    for one in view.movements(own, until=until):
        cls = one.posting.denomination
        if cls not in known:
            continue
        change = _change(one.posting, own)
        balance[cls] = balance.get(cls, 0) + change
        free[cls] = free.get(cls, 0) + _sign(one.posting.target == own, one.posting.source == own, one.posting)
        if since is not None and one.effective_on < since:
            continue
        far = one.posting.source if change > 0 else one.posting.target
        found.append(
            Line(
                one.seq,
                one.effective_on,
                one.booked_on,
                one.kind,
                view.record(one.seq).facts.get("reason", ""),
                cls,
                change,
                balance[cls],
                free[cls],
                far.split("/")[1] if change and is_under(far, HOLDER) else "",
                one.posting.lot,
            )
        )
    return found


def turnovers(view: View, cls: str, since: date, until: date) -> dict[str, Turnover]:
    """What changed in a class from one day to another, both included, by holder; who had nothing all along is left out.

    A pooled class moves under the number ``pool``.
    """
    opening: dict[str, int] = {}
    for (_, place), quantity in view.balances(cls, HOLDER, since - timedelta(days=1)).items():
        number = place.split("/")[1]
        opening[number] = opening.get(number, 0) + quantity
    came: dict[str, dict[str, int]] = {}
    went: dict[str, dict[str, int]] = {}
    for one in view.movements(HOLDER, cls, since, until):
        posting = one.posting
        source, target = (_number(place) for place in (posting.source, posting.target))
        if source == target:
            continue
        for number, moved in ((target, came), (source, went)):
            if number:
                by_kind = moved.setdefault(number, {})
                by_kind[one.kind] = by_kind.get(one.kind, 0) + posting.quantity
    return {
        number: Turnover(had, into, out, had + sum(into.values()) - sum(out.values()))
        for number in sorted({*opening, *came, *went})
        for had, into, out in [(opening.get(number, 0), came.get(number, {}), went.get(number, {}))]
    }


def _number(place: str) -> str:
    return place.split("/")[1] if place.startswith(f"{HOLDER}/") else ""


def _change(posting: Posting, own: str) -> int:
    return _sign(is_under(posting.target, own), is_under(posting.source, own), posting)


def _sign(into: bool, out: bool, posting: Posting) -> int:  # noqa: FBT001 - the two sides of one posting
    return (into - out) * posting.quantity

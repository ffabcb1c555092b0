"""Households: formed, split, merged, joined and left, each with one head on any day.

A person is in one household at most. Shares that a household holds stay its own whatever its head-count
(生不增死不减); a split or a merger says nothing about shares, they pass by a transfer for ``household division``.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Facts, View, code
from coopledger.core.member import (
    Roll,
    changed,
    check_member,
    check_new,
    check_reason,
    personal_row,
    roll,
    who,
)
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

MOVING_REASONS = ("marriage", "divorce", "adoption", "household division", "merger", "correction")
"""Why somebody moves from one household to another."""


def form_household(
    number: str,
    *,
    head: str,
    members: Iterable[str] = (),
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "household division",
    new_heads: Mapping[str, str] | None = None,
    personal: Mapping[str, Mapping[str, str]] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Form a household of persons who are in the register: split it off, if they live in another one (分户).

    ``new_heads`` names the head of a household that loses its own. ``personal`` has rows by member number, for a
    relation to the head changes when the head does. Raises RegisterError.

    >>> split = form_household("18", head="0043", members=["0044"], effective_on=date(2026, 1, 1))
    """
    living = [head, *(one for one in members if one != head)]
    heads = {**(new_heads or {}), code(number): head}
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        check_new(who(view), number)
        return _moved(view, dict.fromkeys(living, number), heads, reason, effective_on, booked_on, personal, cites)

    return decide


def move(
    numbers: Iterable[str],
    *,
    to: str,
    effective_on: date,
    booked_on: date | None = None,
    reason: str,
    new_heads: Mapping[str, str] | None = None,
    personal: Mapping[str, Mapping[str, str]] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Move persons to another household: marriage, divorce, adoption. Who marries in from outside is admitted."""
    moving = [*numbers]
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        _check_household(roll(view, effective_on), to, effective_on)
        heads = new_heads or {}
        return _moved(view, dict.fromkeys(moving, to), heads, reason, effective_on, booked_on, personal, cites)

    return decide


def merge_households(
    number: str,
    *,
    into: str,
    effective_on: date,
    booked_on: date | None = None,
    personal: Mapping[str, Mapping[str, str]] | None = None,
    documents: Iterable[Document] = (),
    resolution: Resolution | None = None,
) -> Decision:
    """Merge a household into another one (并户), whose head stays. What it holds is transferred before."""
    cites = cited(documents, resolution)

    def decide(view: View) -> list[Entry]:
        now = roll(view, effective_on)
        _check_household(now, number, effective_on)
        _check_household(now, into, effective_on)
        moving = dict.fromkeys(now.households[number].members, into)
        return _moved(view, moving, {}, "merger", effective_on, booked_on, personal, cites)

    return decide


def change_head(
    household: str,
    *,
    head: str,
    effective_on: date,
    booked_on: date | None = None,
    personal: Mapping[str, Mapping[str, str]] | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Make another member of a household its head from a day on."""
    cites = cited(documents)

    def decide(view: View) -> list[Entry]:
        _check_household(roll(view, effective_on), household, effective_on)
        return _moved(view, {}, {household: head}, "correction", effective_on, booked_on, personal, cites)

    return decide


def _moved(  # noqa: PLR0917 - what every verb here was told
    view: View,
    moving: Mapping[str, str],
    heads: Mapping[str, str],
    reason: str,
    effective_on: date,
    booked_on: date | None,
    personal: Mapping[str, Mapping[str, str]] | None,
    cites: Facts,
) -> list[Entry]:
    check_reason(reason, MOVING_REASONS)
    now = roll(view, effective_on)
    for number in moving:
        check_member(now.members, number, effective_on, "member", "holder")
    rows = {f"m/{number}": personal_row(row) for number, row in (personal or {}).items()}
    known = view.personal(list(rows)) if rows else {}
    return changed(
        view,
        "move" if moving else "change head",
        {number: {"household": to} for number, to in moving.items()},
        {household: {"head": head} for household, head in heads.items()},
        {subject: {**known.get(subject, {}), **row} for subject, row in rows.items()},
        effective_on=effective_on,
        booked_on=booked_on,
        more={"reason": reason, **cites},
    )


def _check_household(now: Roll, number: str, on: date) -> None:
    if number not in now.households or not now.households[number].members:
        raise RegisterError(Message("{number}: no such household on {day}", number=printable(number), day=on))

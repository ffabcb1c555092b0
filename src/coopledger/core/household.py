"""Households: formed, split, merged, joined and left, each with one head on any day.

A person is in one household at most. Shares that a household holds stay its own whatever its head-count
(生不增死不减); a split or a merger says nothing about shares, they pass by a transfer for ``household division``.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from coopledger.core.change import changed
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.journal import Decision, Entry, Facts, View, listed
from coopledger.core.people import People, Roll, by_number, check_member, check_new, heads_of, number_of, roll_of, who
from coopledger.core.personal import noted
from coopledger.core.wording import check_reason
from coopledger.errors import RegisterError
from coopledger.text import Message, printable

MOVING_REASONS = ("marriage", "divorce", "adoption", "household division", "merger", "correction")
"""Why somebody moves from one household to another."""

HEAD_REASONS = ("agreement", "incapacity", "correction")
"""Why a household has another head who stays in it: its people agreed, the old head can act no more, a mistake."""


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
    home, new_head = number_of(number), number_of(head)
    moving = {new_head: home, **{number_of(one): home for one in listed(members, str)}}
    heads = {**heads_of(new_heads), home: new_head}
    check_reason(reason, MOVING_REASONS)
    rows, cites = by_number(personal or {}), {"reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        people = who(view)
        check_new(people, home)
        return _moved(view, people, moving, heads, rows, effective_on, booked_on, cites)

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
    """Move persons to another household: marriage, divorce, adoption. Who marries in from outside is admitted.

    By a correction the last of a household, if their leaving or moving out was a mistake, return into it. Raises
    RegisterError, also for somebody who lives there already.

    >>> married = move(["0042"], to="18", effective_on=date(2026, 5, 1), reason="marriage")
    """
    home, heads = number_of(to), heads_of(new_heads)
    moving = {number_of(one): home for one in listed(numbers, str)}
    check_reason(reason, MOVING_REASONS)
    rows, cites = by_number(personal or {}), {"reason": reason, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        people = who(view)
        now = roll_of(people, effective_on)
        _check_household(now, home, effective_on, empty=reason == "correction")
        if there := [number for number in moving if number in now.households[home].members]:
            raise RegisterError(
                Message(
                    "{number} lives in household {household} on {day} already: there is nothing to record",
                    number=there[0],
                    household=home,
                    day=effective_on,
                )
            )
        return _moved(view, people, moving, heads, rows, effective_on, booked_on, cites)

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
    """Merge a household into another one (并户), whose head stays. What it holds is transferred before.

    >>> merged = merge_households("18", into="17", effective_on=date(2026, 5, 1))
    """
    home, other = number_of(number), number_of(into)
    rows, cites = by_number(personal or {}), {"reason": "merger", **cited(documents, resolution)}
    if home == other:
        raise RegisterError(Message("household {number} cannot be merged into itself", number=home))

    def decide(view: View) -> list[Entry]:
        people = who(view)
        now = roll_of(people, effective_on)
        _check_household(now, home, effective_on)
        _check_household(now, other, effective_on)
        moving = dict.fromkeys(now.households[home].members, other)
        return _moved(view, people, moving, {}, rows, effective_on, booked_on, cites)

    return decide


def change_head(
    household: str,
    *,
    head: str,
    effective_on: date,
    booked_on: date | None = None,
    reason: str = "agreement",
    personal: Mapping[str, Mapping[str, str]] | None = None,
    documents: Iterable[Document] = (),
) -> Decision:
    """Make another member of a household its head from a day on.

    Raises RegisterError, also for whoever is its head already.

    >>> new_head = change_head("17", head="0042", effective_on=date(2026, 5, 1), reason="incapacity")
    """
    home, new_head = number_of(household), number_of(head)
    check_reason(reason, HEAD_REASONS)
    rows, cites = by_number(personal or {}), {"reason": reason, **cited(documents)}

    def decide(view: View) -> list[Entry]:
        people = who(view)
        now = roll_of(people, effective_on)
        _check_household(now, home, effective_on)
        if now.households[home].head == new_head:
            raise RegisterError(
                Message(
                    "{number} is the head of household {household} on {day} already: there is nothing to record",
                    number=new_head,
                    household=home,
                    day=effective_on,
                )
            )
        return _moved(view, people, {}, {home: new_head}, rows, effective_on, booked_on, cites)

    return decide


def _moved(  # noqa: PLR0917 - what every verb here was told
    view: View,
    people: People,
    moving: Mapping[str, str],
    heads: Mapping[str, str],
    rows: Mapping[str, Mapping[str, str]],
    effective_on: date,
    booked_on: date | None,
    cites: Facts,
) -> list[Entry]:
    now = roll_of(people, effective_on)
    for number in moving:
        check_member(now.members, number, effective_on, "member", "holder")
    return changed(
        view,
        people,
        "move" if moving else "change head",
        {number: {"household": to} for number, to in moving.items()},
        {household: {"head": head} for household, head in heads.items()},
        noted(view, people, rows, effective_on),
        effective_on=effective_on,
        booked_on=booked_on,
        more=cites,
    )


def _check_household(now: Roll, number: str, on: date, *, empty: bool = False) -> None:
    """Raise RegisterError if there is no such household on a day, or nobody in it, unless it may be ``empty``."""
    if number not in now.households or not (empty or now.households[number].members):
        raise RegisterError(Message("{number}: no such household on {day}", number=printable(number), day=on))

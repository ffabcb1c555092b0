"""Amendments: the charter, or the cooperative's name, changed from a day on, by a resolution."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from coopledger.core.charter import BOOK, Charter, book, check_adopted, checked_name, plain_charter
from coopledger.core.citation import Document, Resolution, cited
from coopledger.core.extra_votes import check_votes
from coopledger.core.journal import Decision, Entry, View
from coopledger.errors import RegisterError
from coopledger.text import Message


def change_charter(
    charter: Charter,
    *,
    name: str | None = None,
    effective_on: date,
    booked_on: date | None = None,
    resolution: Resolution,
    documents: Iterable[Document] = (),
) -> Decision:
    """Change the policies of a book, or the cooperative's name, from a day on, by a resolution.

    Both are the members' to decide (农村集体经济组织法 26; 农民专业合作社法 29), by the charter in force on that day.
    Raises RegisterError if the resolution was not adopted so, if nothing is changed, for a policy that cannot be meant,
    and if members would have more extra votes than the charter then allows: these are lowered before.

    >>> from coopledger.core.charter import SPECIALISED
    >>> vote = Resolution("2026-2", "members", date(2026, 2, 1), entitled=300, present=240, votes_for=220)
    >>> half_a_year = SPECIALISED._replace(notice_months=6)
    >>> change_charter(half_a_year, effective_on=date(2026, 3, 1), resolution=vote).__name__
    'decide'
    """
    fields: dict[str, Any] = {"charter": plain_charter(charter)}
    if name is not None:
        fields["name"] = checked_name(name)
    facts = {"set": fields, **cited(documents, resolution)}

    def decide(view: View) -> list[Entry]:
        now = book(view, effective_on)
        check_adopted(resolution, now.charter, "charter")
        if (now.charter, now.name) == (charter, name or now.name):
            raise RegisterError(Message("nothing is changed: the charter says so on {day} already", day=effective_on))
        entries = [Entry(BOOK, effective_on, booked_on or effective_on, facts)]
        check_votes(view, entries, effective_on)
        return entries

    return decide

"""Extra votes: what some members have on top of their own vote, within the charter's limit."""

from collections.abc import Iterator
from datetime import date

from coopledger.core.charter import BOOK, SPECIALISED, book
from coopledger.core.journal import View
from coopledger.core.people import who
from coopledger.core.timeline import state
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


def checked_votes(seen: object) -> int:
    """A number of extra votes, if it is one. Raises RegisterError.

    >>> checked_votes(2)
    2
    """
    if type(seen) is not int or seen < 0:
        raise RegisterError(
            Message("extra votes {seen}: a whole number, 0 or more, is expected", seen=printable(repr(seen))[:80])
        )
    return seen


def votes_over(view: View, since: date | None = None) -> Iterator[tuple[date, Message]]:
    """The days, from one on, on which members have more extra votes than the charter allows, and what is wrong."""
    members = who(view).members
    if not any("extra_votes" in change.fields for line in members.values() for change in line):
        return
    changed_on: dict[date, set[str]] = {one.effective_on: set() for one in view.records(BOOK)}
    founded = min(changed_on, default=date.max)
    for number, line in members.items():
        for change in line:
            changed_on.setdefault(change.effective_on, set()).add(number)
    extra: dict[str, int] = {}
    for on in sorted(changed_on):
        for number in changed_on[on]:
            fields = state(members[number], on)
            if fields.get("standing") == "member":
                extra[number] = fields.get("extra_votes", 0)
            else:
                extra.pop(number, None)
        if on < max(since or founded, founded):
            continue
        given, charter = sum(extra.values()), book(view, on).charter
        most = int(charter.extra_votes * len(extra))
        if given > most:
            yield (
                on,
                Message(
                    "{given} extra votes on {day}: the charter allows at most {most} to {own} members ({law})",
                    given=given,
                    day=on,
                    most=most,
                    own=len(extra),
                    law=f"{charter.law} 22" if charter.law == SPECIALISED.law else charter.law,
                ),
            )

"""Extra votes: what some members have on top of their own vote, within the charter's limit."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from coopledger.core.ahead import Ahead
from coopledger.core.allocation import natural_key
from coopledger.core.charter import BOOK, SPECIALISED, read_charter
from coopledger.core.journal import Entry, View
from coopledger.core.people import who
from coopledger.core.timeline import Change, days, state, timeline
from coopledger.errors import RegisterError
from coopledger.text import Message, printable


class ExtraVotes(NamedTuple):
    """The extra votes from a day on: who has how many, the most that the charter allows to so many members; its law."""

    on: date
    given: Mapping[str, int]
    most: int
    own: int
    law: str

    @property
    def over(self) -> int:
        """How many there are too many."""
        return max(sum(self.given.values()) - self.most, 0)

    @property
    def words(self) -> Message:
        """What is wrong if there are too many, and what helps."""
        return Message(
            "extra votes on {day}: {given}; the charter allows at most {most} to {own} members ({law}); lower those of "
            "{numbers} from that day on (change_members, 'book change-member --extra-votes')",
            given=sum(self.given.values()),
            day=self.on,
            most=self.most,
            own=self.own,
            law=self.law,
            numbers=sorted(self.given, key=natural_key),
        )


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


def votes_over(view: View) -> Iterator[ExtraVotes]:
    """The days on which members have more extra votes than the charter allows.

    By a death too, which is recorded whatever votes it leaves: it has happened.
    """
    return (one for one in _by_day(view) if one.over)


def check_votes(view: View, entries: Iterable[Entry], since: date) -> None:
    """Raise RegisterError if by entries of a day members had too many extra votes, or more of these, then or later."""
    before = {one.on: one.over for one in _by_day(view, since)}
    for one in _by_day(Ahead(view, entries), since):
        if one.over > before.get(one.on, 0):
            raise RegisterError(one.words)


def _by_day(view: View, since: date | None = None) -> Iterator[ExtraVotes]:
    """The extra votes of a day, and of each later one on which members or the charter change (all, without a day)."""
    members = who(view).members
    if not any("extra_votes" in change.fields for line in members.values() for change in line):
        return
    changed_on: dict[date, set[str]] = {one.effective_on: set() for one in view.records(BOOK)}
    if not changed_on:
        return  # whose book it is was never said, nor by which charter
    founded = min(changed_on)
    first = max(since or founded, founded)
    changed_on.setdefault(first, set())
    for number, line in members.items():
        for change in line:
            changed_on.setdefault(change.effective_on, set()).add(number)
    line = timeline(Change(one.effective_on, one.seq, one.facts["set"]) for one in view.records(BOOK))
    charters = {day: read_charter(state(line, day)["charter"]) for day in {first, *days(line, first)}}
    charter = charters[first]
    own, given = set[str](), dict[str, int]()
    for on in sorted(changed_on):
        for number in changed_on[on]:
            fields = state(members[number], on)
            own.discard(number)
            given.pop(number, None)
            if fields.get("standing") == "member":
                own.add(number)
                if extra := fields.get("extra_votes", 0):
                    given[number] = extra
        if on >= first:
            charter = charters.get(on, charter)
            law = f"{charter.law} 22" if charter.law == SPECIALISED.law else charter.law
            most = int(charter.extra_votes * len(own))  # rounded down: one vote more would be above the limit
            yield ExtraVotes(on, {**given}, most, len(own), law)

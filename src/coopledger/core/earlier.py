"""A book as it was: a view without what was recorded after a number."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import takewhile

from coopledger.core.balances import Place, balances
from coopledger.core.journal import Facts, Movement, Record, View, check_seq
from coopledger.errors import UnknownRecordError
from coopledger.text import Message


class Earlier:
    """A view as it was known after the record of a number. Personal rows are those of today: names are no facts.

    >>> from coopledger.core.journal import Entry
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> _ = journal.append([Entry("note", day, day), Entry("note", day, day)], key="notes", actor="accountant")
    >>> with journal.read() as view:
    ...     [one.seq for one in Earlier(view, 1).records()]
    [1]
    """

    def __init__(self, view: View, seq: int) -> None:
        self._view = view
        self.head = view.record(seq).head

    def records(self, *kinds: str, since: int = 0) -> Iterator[Record]:
        """The records of some kinds after a number."""
        return takewhile(lambda one: one.seq <= self.head.seq, self._view.records(*kinds, since=since))

    def record(self, seq: int) -> Record:
        """One record by its number."""
        check_seq(seq)
        if seq > self.head.seq:
            raise UnknownRecordError(
                Message(
                    "record {seen}: the book has the records 1 to {last}; 0 is the book before the first",
                    seen=seq,
                    last=self.head.seq,
                )
            )
        return self._view.record(seq)

    def balances(
        self, denomination: str | None = None, under: str | None = None, on: date | None = None
    ) -> dict[Place, int]:
        """What went in less what went out, by denomination and account."""
        found = self._view.balances(denomination, under, on)
        for place, quantity in balances([*self._view.records(since=self.head.seq)], denomination, under, on).items():
            found[place] = found.get(place, 0) - quantity
        return {place: quantity for place, quantity in sorted(found.items()) if quantity}

    def movements(
        self, under: str, denomination: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[Movement]:
        """The postings into or out of an account or those below it."""
        found = self._view.movements(under, denomination, since, until)
        return (one for one in found if one.seq <= self.head.seq)

    def personal(self, subjects: Collection[str] | None = None) -> dict[str, Facts]:
        """The latest personal row of each number, of today."""
        return self._view.personal(subjects)

"""A book as it would be: a view with entries on top that are not appended yet."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import chain

from coopledger.core.balances import Place, balances, movements
from coopledger.core.journal import Decision, Entry, Facts, Head, Movement, Record, View, check_seq, listed


class Ahead:
    """A view and entries that would follow it. Their records have numbers, but no hashes: nothing is written.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     Ahead(view, [Entry("note", date(2026, 1, 1), date(2026, 1, 1))]).head.seq
    1
    """

    def __init__(self, view: View, entries: Iterable[Entry]) -> None:
        self._view = view
        self._entries = list(entries)
        self._records = [_record(view.head.seq + n, one) for n, one in enumerate(self._entries, 1)]

    @property
    def head(self) -> Head:
        """The last record that shows."""
        return Head(self._records[-1].seq, b"") if self._records else self._view.head

    def records(self, *kinds: str, since: int = 0) -> Iterator[Record]:
        """The records of some kinds after a number."""
        new = (one for one in self._records if one.seq > since and (not kinds or one.kind in kinds))
        return chain(self._view.records(*kinds, since=since), new)

    def record(self, seq: int) -> Record:
        """One record by its number."""
        check_seq(seq)
        first = self._view.head.seq
        return self._records[seq - first - 1] if first < seq <= self.head.seq else self._view.record(seq)

    def balances(
        self, denomination: str | None = None, under: str | None = None, on: date | None = None
    ) -> dict[Place, int]:
        """What went in less what went out, by denomination and account."""
        found = self._view.balances(denomination, under, on)
        for place, quantity in balances(self._records, denomination, under, on).items():
            found[place] = found.get(place, 0) + quantity
        return {place: quantity for place, quantity in sorted(found.items()) if quantity}

    def movements(
        self, under: str, denomination: str | None = None, since: date | None = None, until: date | None = None
    ) -> Iterator[Movement]:
        """The postings into or out of an account or those below it."""
        new = movements(self._records, under, denomination, since, until)
        old = self._view.movements(under, denomination, since, until)
        return iter(sorted([*old, *new], key=lambda one: (one.effective_on, one.seq, one.line))) if new else old

    def personal(self, subjects: Collection[str] | None = None) -> dict[str, Facts]:
        """The latest personal row of each number."""
        found = self._view.personal(subjects)
        wanted = None if subjects is None else {*subjects}
        for one in self._entries:
            found |= {name: row for name, row in one.personal.items() if wanted is None or name in wanted}
        return found


def in_turn(*decisions: Decision) -> Decision:
    """One decision out of several, each of which sees what those before it decided: all is appended, or nothing.

    >>> on = date(2026, 1, 1)
    >>> both = in_turn(lambda view: [Entry("note", on, on)], lambda view: [Entry(f"note{view.head.seq}", on, on)])
    >>> from coopledger.store.memory import MemoryJournal
    >>> [one.kind for one in MemoryJournal("hill").append(both, key="notes", actor="accountant")]
    ['note', 'note1']
    """

    def decide(view: View) -> list[Entry]:
        entries: list[Entry] = []
        for one in decisions:
            entries += listed(one(Ahead(view, entries) if entries else view), Entry)
        return entries

    return decide


def _record(seq: int, entry: Entry) -> Record:
    return Record(
        seq,
        b"",
        b"",
        entry.kind,
        entry.effective_on,
        entry.booked_on,
        0,
        "",
        b"",
        "",
        entry.facts,
        tuple((subject, "") for subject in sorted(entry.personal)),
        0,
        entry.postings,
    )

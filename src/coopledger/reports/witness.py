"""Witness: the notes by which a printed table can be held against the book."""

from datetime import date

from coopledger.core.journal import View
from coopledger.core.table import Text
from coopledger.reports.cells import moment
from coopledger.text import Message


def known(view: View) -> list[Text]:
    """Up to which record a table knows the book, when that was written, and the fingerprint of it.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     [str(one) for one in known(view)]
    ['the book has no records']
    """
    head = view.head
    if not head.seq:
        return [Message("the book has no records")]
    return [
        Message(
            "known up to record {seq}, written at {time}",
            seq=head.seq,
            time=moment(view.record(head.seq).recorded_at),
        ),
        Message("fingerprint {head}", head=str(head)),
    ]


def as_of(view: View, on: date | None) -> list[Text]:
    """The day that a table is about, and what it knows.

    >>> from coopledger.store.memory import MemoryJournal
    >>> with MemoryJournal("hill").read() as view:
    ...     [str(one) for one in as_of(view, date(2026, 3, 1))]
    ['as of 2026-03-01', 'the book has no records']
    """
    day = Message("after everything that is recorded") if on is None else Message("as of {day}", day=on)
    return [day, *known(view)]


def between(since: date | None, until: date | None) -> Message:
    """The days that a table is about; either end may be open.

    >>> print(between(date(2026, 3, 1), date(2026, 3, 31)))
    from 2026-03-01 to 2026-03-31
    >>> print(between(None, date(2026, 3, 31)))
    up to 2026-03-31
    """
    if since is not None and until is not None:
        return Message("from {since} to {until}", since=since, until=until)
    if since is not None:
        return Message("from {since} on", since=since)
    return Message("on any day") if until is None else Message("up to {day}", day=until)

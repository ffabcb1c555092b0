"""Anchors: a head that was printed, held against the book as it is now.

Only what is hashed is compared: that the records are what their hashes say is the journal's ``verify``.
"""

from datetime import datetime
from typing import NamedTuple

from coopledger.core.journal import Head, Record, View, checked_head


class Anchored(NamedTuple):
    """How a book stands to a head that was printed.

    ``stands`` is whether the book has that head. ``now`` is the head that stands at its number, None where the book
    does not reach it. ``differ`` is in how many of the 64 hexadecimal digits of its hash it differs from that: a few
    are a slip of whoever typed it, sixty another record. ``added`` is how many records were added since, the first of
    them at ``added_at``, None where there is none.
    """

    anchor: Head
    stands: bool
    now: Head | None
    differ: int
    added: int
    added_at: datetime | None


def anchored(view: View, anchor: Head) -> Anchored:
    """Hold a head that was printed against a book. Raises EntryError for what is no head.

    >>> from datetime import date
    >>> from coopledger.book import MemoryJournal, found
    >>> journal = MemoryJournal("hill")
    >>> _ = journal.append(found("示例村合作社", effective_on=date(2026, 1, 1)), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     printed = Head.parse(str(view.head))
    ...     anchored(view, printed).stands, anchored(view, Head(9, printed.hash)).now
    (True, None)
    """
    printed = checked_head(anchor)
    last = view.head.seq
    if printed.seq == last:
        return _compared(printed, view.head, None, 0)
    if not 0 <= printed.seq < last:
        return Anchored(printed, stands=False, now=None, differ=0, added=0, added_at=None)
    after = view.record(printed.seq + 1)
    now = view.record(printed.seq).head if printed.seq else Head(0, after.prev_hash)
    return _compared(printed, now, after, last - printed.seq)


def _compared(printed: Head, now: Head, after: Record | None, added: int) -> Anchored:
    differ = sum(one != other for one, other in zip(printed.hash.hex(), now.hash.hex(), strict=False))
    added_at = None if after is None else after.recorded_at
    return Anchored(printed, stands=printed == now, now=now, differ=differ, added=added, added_at=added_at)

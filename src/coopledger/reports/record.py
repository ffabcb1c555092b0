"""The journal as a table: its records, one line each, with the beginning of their fingerprints."""

from collections.abc import Collection

from coopledger.core.journal import View
from coopledger.core.table import Column, Table, Text
from coopledger.reports.cells import count
from coopledger.reports.witness import known
from coopledger.text import Message


def records_report(view: View, kinds: Collection[str] = (), since: int = 0) -> Table:
    """The records after a number, of some kinds or of all.

    Kinds stand as they are written in the book, so that they can be asked for; times are UTC.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill", clock=lambda: 0)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     records_report(view).rows[0][:7]
    ['1', '1970-01-01 00:00:00', '2023-01-01', '2023-01-01', 'opening', 'chart', 'accountant']
    """
    rows: list[list[Text]] = [
        [
            str(one.seq),
            f"{one.recorded_at:%Y-%m-%d %H:%M:%S}",
            str(one.effective_on),
            str(one.booked_on),
            one.kind,
            one.key,
            one.actor,
            str(len(one.postings)),
            one.hash.hex()[:12],
        ]
        for one in view.records(*kinds, since=since)
    ]
    columns = [
        count(Message("record")),
        Column(Message("written at"), "UTC"),
        Column(Message("effective")),
        Column(Message("booked")),
        Column(Message("kind")),
        Column(Message("key")),
        Column(Message("actor")),
        count(Message("postings")),
        Column(Message("hash")),
    ]
    notes = [Message("times are UTC; of each hash the first 12 digits are shown"), *known(view)]
    return Table(Message("the journal"), columns, rows, (), notes)

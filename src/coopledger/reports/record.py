"""The journal as a table: its records, one line each, with the beginning of their fingerprints."""

from collections.abc import Collection

from coopledger.core.journal import View
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import RECORD_KINDS, kind_words, kinds_of
from coopledger.errors import RegisterError
from coopledger.reports.cells import count, happened, moment
from coopledger.reports.witness import known
from coopledger.text import Message, printable


def records_report(view: View, kinds: Collection[str] = (), since: int = 0) -> Table:
    """The records after a number, of some kinds or of all: kinds by their codes, or by the words of the table.

    Times are those of this place, with their distance from UTC. Raises RegisterError for a kind that is neither one of
    coopledger's own nor in the book.

    >>> from coopledger.core.chart import C2021, adopt
    >>> from coopledger.store.memory import MemoryJournal
    >>> journal = MemoryJournal("hill", clock=lambda: 0)
    >>> _ = journal.append(adopt(C2021), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     [str(cell) for cell in records_report(view).rows[0][2:7]]
    ['2023-01-01', '2023-01-01', 'accounts opened', 'chart', 'accountant']
    """
    chosen = [meant for kind in kinds for meant in _kinds(view, kind)]
    rows: list[list[Text]] = [
        [
            str(one.seq),
            moment(one.recorded_at),
            str(one.effective_on),
            str(one.booked_on),
            happened(kind_words(one.kind), one.kind, one.facts),
            one.key,
            one.actor,
            str(len(one.postings)),
            one.hash.hex()[:12],
        ]
        for one in view.records(*chosen, since=since)
    ]
    columns = [
        count(Message("record")),
        Column(Message("written at")),
        Column(Message("effective")),
        Column(Message("booked")),
        Column(Message("kind")),
        Column(Message("key")),
        Column(Message("actor")),
        count(Message("postings")),
        Column(Message("hash")),
    ]
    notes = [Message("of each hash the first 12 digits are shown"), *known(view)]
    return Table(Message("the journal"), columns, rows, (), notes)


def _kinds(view: View, seen: str) -> list[str]:
    """The kinds that are meant, if there can be records of them."""
    meant = kinds_of(seen)
    if {*meant} & {*RECORD_KINDS} or next(view.records(*meant), None) is not None:
        return meant
    raise RegisterError(
        Message(
            "{seen}: there is no such kind of records; the book has {known}",
            seen=printable(repr(seen))[:80],
            known=[*dict.fromkeys(kind_words(one.kind) for one in view.records())] or "-",
        )
    )

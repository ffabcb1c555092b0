"""Cited documents as a table: which record rests on which paper."""

from collections.abc import Mapping

from coopledger.core.journal import View
from coopledger.core.table import Column, Table, Text
from coopledger.core.wording import kind_words
from coopledger.reports.cells import count, happened
from coopledger.reports.witness import known
from coopledger.text import Message, printable


def documents_report(view: View) -> Table:
    """Every document that a record cites, by record: its name, its pages and the SHA-256 of its file.

    >>> from datetime import date
    >>> from coopledger.book import C2021, Document, MemoryJournal, adopt
    >>> journal = MemoryJournal("hill")
    >>> minutes = Document("minutes.pdf", "ab" * 32, "1-2")
    >>> _ = journal.append(adopt(C2021, documents=[minutes]), key="chart", actor="accountant")
    >>> with journal.read() as view:
    ...     [str(cell) for cell in documents_report(view).rows[0][:5]]
    ['1', '2023-01-01', 'accounts opened', 'minutes.pdf', '1-2']
    """
    rows: list[list[Text]] = []
    for record in view.records():
        papers = record.facts.get("documents")
        rows += [
            [
                str(record.seq),
                str(record.effective_on),
                happened(kind_words(record.kind), record.kind, record.facts),
                *(printable(str(one.get(name, ""))) for name in ("name", "pages", "sha256")),
            ]
            for one in (papers if isinstance(papers, list) else ())
            if isinstance(one, Mapping)
        ]
    columns = [
        count(Message("record")),
        Column(Message("effective")),
        Column(Message("kind")),
        Column(Message("document")),
        Column(Message("pages")),
        Column("SHA-256"),
    ]
    return Table(Message("cited documents"), columns, rows, (), known(view))

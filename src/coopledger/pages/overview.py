"""The overview of several books as a page."""

from collections.abc import Sequence
from datetime import date

from coopledger.core.journal import View
from coopledger.core.table import Text
from coopledger.pages.sheet import Anchor, Section, Sheet, page
from coopledger.reports.overview import overview_report
from coopledger.text import Language


def overview_page(views: Sequence[View], on: date | None = None, *, language: Language = "en") -> str:
    """The HTML file of several books in a line each, with the fingerprint of each.

    All of it is :func:`~coopledger.reports.overview.overview_report`. Raises RegisterError for a book that is not
    founded on that day, EntryError for what is no list of views.

    >>> from coopledger.book import MemoryJournal, found
    >>> hill = MemoryJournal("hill")
    >>> _ = hill.append(found("示例村合作社", effective_on=date(2026, 1, 1)), key="founding", actor="accountant")
    >>> with hill.read() as view:
    ...     "示例村合作社" in overview_page([view])
    True
    """
    table = overview_report(views, on)
    names: list[Text] = [row[0] for row in table.rows]
    anchors = [Anchor(view.head, name) for view, name in zip(views, names, strict=True)]
    sheet = Sheet(table.title, [Section("", table)], table.notes[1:], anchors)
    return page(table.title, [sheet], language, landscape=True)

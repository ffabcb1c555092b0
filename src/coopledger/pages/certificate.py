"""Share certificates as pages (股权证)."""

from collections.abc import Sequence
from datetime import date

from coopledger.core.journal import View, listed
from coopledger.core.register import register
from coopledger.core.table import Table
from coopledger.errors import RegisterError
from coopledger.pages.sheet import Anchor, Section, Sheet, page
from coopledger.reports.certificate import certificate_report, certificates
from coopledger.reports.witness import as_of
from coopledger.text import Language, Message


def certificate_page(
    view: View,
    numbers: Sequence[str] | None = None,
    on: date | None = None,
    *,
    names: bool = True,
    language: Language = "en",
) -> str:
    """The HTML file of the certificates of some households or holders; of everybody who has shares, if none is named.

    Each begins on a new page: what is held, the household's people and what is each one's, every movement. All of it is
    :func:`~coopledger.reports.certificate.certificate_report`; ID numbers are masked. Raises RegisterError for a number
    that is not in the register on that day, and if nobody has shares.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     html = certificate_page(view, language="zh")
    >>> "示例村合作社：股权证 17</h1>" in html
    True
    """
    if numbers is None:
        found = certificates(view, on, names=names)
    else:
        found = {one: certificate_report(view, one, on, names=names) for one in listed(numbers, str)}
    if not found:
        raise RegisterError(Message("nobody holds shares: there is no certificate to print"))
    anchors, notes = [Anchor(view.head)], as_of(view, on)
    signed = [Message("seal of the cooperative"), Message("issued on"), Message("received by the holder")]
    sheets = [Sheet(tables[0].title, _sections(tables), notes, anchors, signed) for tables in found.values()]
    title = Message("{book}: share certificates", book=register(view, on).book.name)
    return page(sheets[0].title if len(sheets) == 1 else title, sheets, language)


def _sections(tables: Sequence[Table]) -> list[Section]:
    held, *rest = tables
    return [Section("", held), *(Section(table.title, table) for table in rest)]

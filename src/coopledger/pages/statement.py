"""One holder's statement over the years as a page."""

from datetime import date

from coopledger.core.journal import View
from coopledger.pages.sheet import Anchor, Section, Sheet, page
from coopledger.reports.account import account_report
from coopledger.reports.dividend_statement import dividend_statement_report
from coopledger.reports.witness import as_of
from coopledger.text import Language


def statement_page(
    view: View, holder: str, on: date | None = None, *, names: bool = True, language: Language = "en"
) -> str:
    """The HTML file of what one holder had of all dividends, how his shares came about, and his member account.

    All of it is :func:`~coopledger.reports.dividend_statement.dividend_statement_report` and
    :func:`~coopledger.reports.account.account_report`. Raises RegisterError for a number that is not in the register on
    that day.

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     "500" in statement_page(view, "17")
    True
    """
    dividends = dividend_statement_report(view, holder, on, names=names)
    shares, account = account_report(view, holder, None, on, names=names)
    sections = [Section("", dividends), Section(shares.title, shares), Section(account.title, account)]
    notes = as_of(view, on)
    sheet = Sheet(dividends.title, sections, notes, [Anchor(view.head)])
    return page(dividends.title, [sheet], language, landscape=True)

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
    """
    dividends = dividend_statement_report(view, holder, on, names=names)
    shares, account = account_report(view, holder, None, on, names=names)
    sections = [Section("", dividends), Section(shares.title, shares), Section(account.title, account)]
    notes = as_of(view, on)
    sheet = Sheet(dividends.title, sections, notes, [Anchor(view.head)])
    return page(dividends.title, [sheet], language, landscape=True)

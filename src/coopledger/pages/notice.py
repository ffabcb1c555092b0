"""The notice of a dividend run as a page (公示)."""

from datetime import date

from coopledger.core.journal import View
from coopledger.pages.sheet import Anchor, Section, Sheet, page
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.witness import as_of
from coopledger.text import Language, Message


def notice_page(view: View, name: str, on: date | None = None, *, names: bool = True, language: Language = "en") -> str:
    """The HTML file of a run's notice for the village board: its rule, its steps and days of disclosure, the amounts.

    All of it is :func:`~coopledger.reports.dividend_notice.dividend_notice_report`; no ID number is on it. Raises
    RegisterError for a run that is not proposed by that day.
    """
    facts, amounts = dividend_notice_report(view, name, on, names=names)
    sections = [Section("", facts), Section(Message("amounts by holder"), amounts)]
    signed = [Message("seal of the cooperative"), Message("posted on")]
    sheet = Sheet(facts.title, sections, as_of(view, on), [Anchor(view.head)], signed)
    return page(facts.title, [sheet], language)

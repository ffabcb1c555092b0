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

    >>> from coopledger.book import Joiner, MemoryJournal, admit, found, in_turn, issue, open_class, preset
    >>> from coopledger.book import Proposal, by_record_date, propose
    >>> journal, day = MemoryJournal("hill"), date(2026, 1, 1)
    >>> steps = [found("示例村合作社", effective_on=day), open_class(preset("land"), effective_on=day)]
    >>> steps += [admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=day)]
    >>> steps += [issue("land", to="17", shares=500, effective_on=day)]
    >>> asked = Proposal("surplus", "2025", "land", by_record_date(day), total_fen=100_00)
    >>> steps += [propose("2025", asked, effective_on=day)]
    >>> _ = journal.append(in_turn(*steps), key="founding", actor="accountant")
    >>> with journal.read() as view:
    ...     html = notice_page(view, "2025")
    >>> "<td class=n>100.00</td>" in html, str(view.head) in html
    (True, True)
    """
    facts, amounts = dividend_notice_report(view, name, on, names=names)
    sections = [Section("", facts), Section(Message("amounts by holder"), amounts)]
    signed = [Message("seal of the cooperative"), Message("posted on")]
    sheet = Sheet(facts.title, sections, as_of(view, on), [Anchor(view.head)], signed)
    return page(facts.title, [sheet], language)

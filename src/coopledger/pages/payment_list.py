"""The payment list of a dividend run as a page to sign (分红发放表)."""

from datetime import date

from coopledger.core.journal import View
from coopledger.pages.sheet import Anchor, Section, Sheet, page
from coopledger.reports.payment_list import payment_list_report
from coopledger.reports.witness import as_of
from coopledger.text import Language, Message


def payment_list_page(
    view: View, name: str, on: date | None = None, *, names: bool = True, language: Language = "en"
) -> str:
    """The HTML file of a run's payment list, on A4 across, with a row and a place to sign for each holder.

    All of it is :func:`~coopledger.reports.payment_list.payment_list_report`; ID numbers are masked. Raises
    RegisterError for a run that is not declared by that day.
    """
    table = payment_list_report(view, name, on, names=names)
    signed = [Message("preparer"), Message("reviewer"), Message("cashier"), Message("seal of the cooperative")]
    sheet = Sheet(table.title, [Section("", table)], as_of(view, on), [Anchor(view.head)], signed)
    return page(table.title, [sheet], language, landscape=True)

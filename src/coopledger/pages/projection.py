"""The projection of a plan as a page, with its chart."""

from collections.abc import Sequence

from coopledger.core.claims import Verdict
from coopledger.core.journal import shown
from coopledger.core.projection import Projection
from coopledger.errors import CoopledgerError, EntryError
from coopledger.pages.sheet import Chart, Section, Sheet, page
from coopledger.reports.payouts import claims_table, head, payouts, split_tables
from coopledger.text import Language, Message


def projection_page(projection: Projection, verdicts: Sequence[Verdict] = (), *, language: Language = "en") -> str:
    """The HTML file of what a plan pays over its term: a chart, every year, the parts, the claims beside the figures.

    All of it is what ``coopledger project`` prints; ``verdicts`` are what check_claims says. There is no fingerprint on
    it, for a plan is in no book. Raises EntryError for what is no projection, CoopledgerError where Altair is not
    installed.

    >>> from coopledger import Plan, Stream, project, term
    >>> dam = Stream("dam", amount="10,000 yuan")
    >>> "20,000.00" in projection_page(project(Plan("Hill", term("2014-01-01", years=2, basis="contribution"), [dam])))
    True
    """
    if not isinstance(projection, Projection):
        raise EntryError(Message("{seen}: what project makes of a plan is expected", seen=shown(projection)))
    plan = projection.plan
    tables = split_tables(projection) + ([claims_table(verdicts)] if verdicts else [])
    years = payouts(projection)
    sections = [Section(Message("year by year"), years)]
    sections += [Section(table.title, table) for table in tables]
    sheet = Sheet(plan.title, sections, lead=[*head(plan), *plan.notes], chart=_chart(projection, language))
    return page(plan.title, [sheet], language, landscape=len(years.columns) > _UPRIGHT)


def _chart(projection: Projection, language: Language) -> Chart:
    """What every stream pays; drawn once more, narrow, for a phone."""
    try:
        from coopledger.charts import streams_chart, svg
    except ModuleNotFoundError as error:
        raise CoopledgerError(Message("charts need Altair and vl-convert: install coopledger[paper]")) from error
    drawn = streams_chart(projection, language)
    return Chart(svg(drawn), svg(drawn.properties(width=_PHONE)), str(drawn.to_dict()["description"]))


_PHONE = 290
"""How wide the plot of a phone is, in pixels."""

_UPRIGHT = 7
"""So many columns of amounts stand on A4 upright."""

"""Charts: a projection, a holding, a holder's payouts as pictures, in the reader's language (coopledger[notebook]).

Each function takes what the library itself gives, and returns a :class:`Picture`: an Altair chart, which can be
changed as any other, and which is shown as SVG. What is plotted are numbers for pixels; every figure that is printed
comes from whole fen.

>>> from coopledger import Plan, Stream, project, step, term
>>> land = Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu")
>>> projection = project(Plan("Old Tiger Hill", term("2014-01-01", years=40, basis="barren land"), [land]))
>>> picture = streams_chart(projection)
>>> svg(picture)[:4], "land: 13,199,267.84 yuan" in svg(picture)
('<svg', True)
"""

from coopledger.charts.holdings import holdings_chart
from coopledger.charts.payouts import holder_chart, payouts_chart
from coopledger.charts.picture import Picture, png, svg
from coopledger.charts.projection import claim_chart, claims_of_totals, streams_chart

__all__ = [
    "Picture",
    "claim_chart",
    "claims_of_totals",
    "holder_chart",
    "holdings_chart",
    "payouts_chart",
    "png",
    "streams_chart",
    "svg",
]

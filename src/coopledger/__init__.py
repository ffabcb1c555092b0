"""Equity register and dividend ledger for shareholding cooperatives.

The public names; everything else may change without notice. Money is an ``int`` in the currency's smallest unit.

>>> from coopledger import Plan, Stream, project, step, term
>>> land = Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu")
>>> projection = project(Plan("Old Tiger Hill", term("2014-01-01", years=40, basis="barren land"), [land]))
>>> projection.total
1319926784
"""

import sys

from coopledger.core.allocation import largest_remainder, split_cumulative
from coopledger.core.calendar import Due, Term, due_on, term
from coopledger.core.claims import Verdict, check_claims
from coopledger.core.explain import explain
from coopledger.core.figures import figures, indexed, share_of
from coopledger.core.growth import change, listed, lump_sums, ramp, step, steps
from coopledger.core.plan import Claim, Holder, Holders, Instalment, Part, Plan, Stream, split
from coopledger.core.projection import Payment, Projection, by_calendar_year, divide_stream, project
from coopledger.core.quantity import CURRENCIES, Quantity, Unit, quantity
from coopledger.core.rounding import Rounding
from coopledger.core.schedule import Schedule, highest, level, lowest
from coopledger.core.series import Series, series
from coopledger.errors import CoopledgerError, PlanError, Problem
from coopledger.files.arrow import to_arrow, to_pandas
from coopledger.files.plan_file import load_plan
from coopledger.files.text_table import text_table
from coopledger.reports.payouts import payouts

__all__ = [
    "CURRENCIES",
    "Claim",
    "CoopledgerError",
    "Due",
    "Holder",
    "Holders",
    "Instalment",
    "Part",
    "Payment",
    "Plan",
    "PlanError",
    "Problem",
    "Projection",
    "Quantity",
    "Rounding",
    "Schedule",
    "Series",
    "Stream",
    "Term",
    "Unit",
    "Verdict",
    "by_calendar_year",
    "change",
    "check_claims",
    "divide_stream",
    "due_on",
    "explain",
    "figures",
    "highest",
    "indexed",
    "largest_remainder",
    "level",
    "listed",
    "load_plan",
    "lowest",
    "lump_sums",
    "payouts",
    "project",
    "quantity",
    "ramp",
    "series",
    "share_of",
    "split",
    "split_cumulative",
    "step",
    "steps",
    "term",
    "text_table",
    "to_arrow",
    "to_pandas",
]

if "IPython" in sys.modules:  # somebody looks at objects: they show themselves well
    from coopledger.notebook import show_well

    show_well(sys.modules["IPython"].get_ipython())

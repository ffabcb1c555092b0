"""Plans: everything needed to write down a share deal, project it over its term, split it and check what is claimed.

A schedule (``step``, ``ramp``, ``indexed``…) says how an amount goes on, a ``Stream`` is what is paid by one, a
``Plan`` has streams and a term. Money is an ``int`` in the currency's smallest unit.

>>> from coopledger.plan import *
>>> dam = Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"))
>>> said = Claim("forty years of the dam", claimed=quantity("715万元"), streams=("dam",))
>>> plan = Plan("Old Tiger Hill", term("2014-01-01", years=40, basis="contribution"), [dam], claims=[said])
>>> projection = project(plan)
>>> projection.total, [verdict.holds for verdict in check_claims(projection)]
(820000000, [False])

What cannot be meant is refused with a CoopledgerError that says what was seen and what would be accepted.

>>> step("160 yuan/mu", every=5, by="20%", of="last")
Traceback (most recent call last):
coopledger.errors.ScheduleError: 0.2 of 'last': a percentage of 'previous' or of 'base' is expected
"""

from coopledger.core.allocation import Carry, largest_remainder, split_cumulative
from coopledger.core.calendar import Due, Term, due_on, term
from coopledger.core.claims import Verdict, check_claims
from coopledger.core.explain import ExplanationLine, explain
from coopledger.core.figures import figures, indexed, share_of
from coopledger.core.growth import Change, change, listed, lump_sums, ramp, step, steps
from coopledger.core.plan import Claim, Holder, Holders, Instalment, Part, Plan, Stream, split
from coopledger.core.projection import (
    Division,
    Payment,
    Projected,
    Projection,
    by_calendar_year,
    divide_stream,
    project,
)
from coopledger.core.quantity import CURRENCIES, Currency, Quantity, Unit, quantity
from coopledger.core.rounding import Rounding
from coopledger.core.schedule import Schedule, highest, level, lowest
from coopledger.core.series import Series, series
from coopledger.core.table import Column, Table
from coopledger.errors import CoopledgerError, PlanError, Problem
from coopledger.files.arrow import to_arrow, to_pandas
from coopledger.files.plan_file import load_plan
from coopledger.files.text_table import text_table
from coopledger.pages.projection import projection_page
from coopledger.reports.payouts import payouts
from coopledger.text import Language, Message

__all__ = [
    "CURRENCIES",
    "Carry",
    "Change",
    "Claim",
    "Column",
    "CoopledgerError",
    "Currency",
    "Division",
    "Due",
    "ExplanationLine",
    "Holder",
    "Holders",
    "Instalment",
    "Language",
    "Message",
    "Part",
    "Payment",
    "Plan",
    "PlanError",
    "Problem",
    "Projected",
    "Projection",
    "Quantity",
    "Rounding",
    "Schedule",
    "Series",
    "Stream",
    "Table",
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
    "projection_page",
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

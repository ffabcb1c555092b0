"""Equity register and dividend ledger for shareholding cooperatives.

The names that most programs begin with. :mod:`coopledger.plan` has all of plans, :mod:`coopledger.book` all of books;
what else there is may change without notice. Money is an ``int`` in the currency's smallest unit.

>>> from coopledger import Plan, Stream, project, step, term
>>> land = Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu")
>>> projection = project(Plan("Old Tiger Hill", term("2014-01-01", years=40, basis="barren land"), [land]))
>>> projection.total
1319926784
"""

import sys
from typing import TYPE_CHECKING, Any

from coopledger.core.calendar import term
from coopledger.core.growth import step
from coopledger.core.plan import Plan, Stream
from coopledger.core.projection import project
from coopledger.errors import CoopledgerError, Problem
from coopledger.files.plan_file import load_plan
from coopledger.files.text_table import text_table
from coopledger.reports.payouts import payouts

if TYPE_CHECKING:
    from coopledger.store.database import create_book, open_book

__all__ = [
    "CoopledgerError",
    "Plan",
    "Problem",
    "Stream",
    "create_book",
    "load_plan",
    "open_book",
    "payouts",
    "project",
    "step",
    "term",
    "text_table",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as the modules have it
    """Books come with SQLAlchemy, which takes a quarter of a second: not before somebody asks for one."""
    if name in {"create_book", "open_book"}:
        from coopledger.store import database

        return getattr(database, name)
    homes = "plans are in coopledger.plan, books in coopledger.book"
    raise AttributeError(f"module 'coopledger' has no attribute '{name}': {homes}")


if "IPython" in sys.modules:  # somebody looks at objects: they show themselves well
    from coopledger.notebook import show_well

    show_well(sys.modules["IPython"].get_ipython())

"""A village whose land, dam and rice an enterprise pays for: what the tests of contracts start from."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from coopledger.core.calendar import term
from coopledger.core.chart import C2023, MONEY, Chart, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.contract import conclude
from coopledger.core.figures import indexed
from coopledger.core.growth import ramp, step
from coopledger.core.journal import Entry, Record
from coopledger.core.plan import Plan, Stream
from coopledger.core.receivable import contract_status
from coopledger.core.series import series
from tests.core.village import Village

SIGNED = date(2024, 1, 1)
LAND = Stream("land", rate=step("160 yuan/mu", every=2, by="20%", of="previous"), quantity="1,000 mu")
DAM = Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"), basis="contribution")
RICE = Stream("rice", amount=indexed("1,000 jin", series("rice", {2024: "1.3 yuan/jin"}, assume="hold")))
PLAN = Plan("hill", term("2024-01-01", years=6, basis="barren land"), [LAND, DAM])
IN_KIND = Plan("rice", term("2024-01-01", years=3, basis="contracted land"), [RICE])

Row = tuple[str, str, int, int]


def bare(chart: Chart = C2023, on: date = SIGNED) -> Village:
    """A village that has its accounts, and nothing else."""
    made = Village()
    made.do(found("示例村股份经济合作社", COLLECTIVE, effective_on=on), adopt(chart, effective_on=on))
    return made


def leased(plan: Plan = PLAN, name: str = "hill", **said: Any) -> Village:
    """A village with a contract."""
    made = bare()
    made.do(conclude(name, plan, counterparty="0901", effective_on=SIGNED, **said))
    return made


def rows(made: Village, on: date, name: str = "hill") -> list[Row]:
    """What was due by a day, received and overdue: stream, due date, open yuan, days overdue."""
    return [
        (one.stream, str(one.due), one.open_fen // 100, one.overdue_days)
        for one in contract_status(made.view, name, on).dues
    ]


def moved(entries: Sequence[Entry | Record]) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """What entries move, in whole yuan, the chart's code left out, by day."""
    return [
        (
            str(one.effective_on),
            [(leg.source.partition(":")[2], leg.target.partition(":")[2], leg.quantity // 100) for leg in one.postings],
        )
        for one in entries
    ]


def money(made: Village, on: date | None = None) -> dict[str, int]:
    """The balances of the money accounts in fen, debit positive, without the chart's code."""
    return {account.partition(":")[2]: fen for (_, account), fen in made.view.balances(MONEY, on=on).items()}

"""What one holder gets over the years: by a projection, or by the runs of a book."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import altair as alt

from coopledger.charts.picture import (
    HEIGHT,
    Picture,
    amount,
    colours,
    money_axis,
    picture,
    pixels,
    tips,
    year_scale,
    years_axis,
)
from coopledger.charts.projection import by_year, label, years_title
from coopledger.core.dues import CALLED, Due
from coopledger.core.plan import Holder, unknown
from coopledger.core.projection import Division, Projection, divide_stream
from coopledger.core.quantity import CURRENCIES, Currency
from coopledger.errors import ScheduleError
from coopledger.text import Language, Message


def holder_chart(projection: Projection, number: str, language: Language = "en") -> Picture:
    """What a holder of a plan gets year by year, by stream, with the exact total of each.

    Raises ScheduleError for a number that holds nothing in the plan.

    >>> from coopledger.plan import Holder, Holders, Plan, Stream, project, term
    >>> holders = Holders("all", (Holder("1", "甲一", 1), Holder("2", "甲二", 1)))
    >>> dam = Stream("dam", amount="10,000 yuan", holders=holders)
    >>> plan = Plan("Old Tiger Hill", term("2014-01-01", years=2, basis="contribution"), [dam])
    >>> holder_chart(project(plan), "2").to_dict()["description"]
    '2 甲二: dam: 10,000.00 yuan'
    """
    plan = projection.plan
    bars: list[tuple[str, dict[int, int]]] = []
    found: dict[str, Holder] = {}
    for one in projection.streams:
        owed: dict[int, int] = {}
        for holder, amounts in _held(divide_stream(one, plan.currency)):
            found[holder.number] = holder
            if holder.number == number:
                payments = [payment._replace(amount=part) for payment, part in zip(one.payments, amounts, strict=True)]
                for year, part in by_year(payments).items():
                    owed[year] = owed.get(year, 0) + part
        if owed:
            bars.append((label(one.stream.name, sum(owed.values()), plan, language), owed))
    if number not in found:
        raise ScheduleError(unknown(number, list(found)))
    title = f"{number} {found[number].name}".strip()
    return _chart(title, bars, years_title(plan, language), plan.currency, language)


def payouts_chart(
    holder: str, by_run: Mapping[str, Due], language: Language = "en", *, past: Mapping[str, int] | None = None
) -> Picture:
    """What a holder had of a book's runs, in the order given: what was paid, what became of the rest, what is unpaid.

    ``by_run`` has what :func:`~coopledger.core.dues.dues` gives for the holder, by run; ``past`` what he had before the
    book was kept, in fen, by year.

    >>> from datetime import date
    >>> due = Due(58_00, 40_00, 0, 10_00, 0, 0, date(2026, 1, 31))
    >>> payouts_chart("42", {"2025": due}, past={"2024": 55_00}).to_dict()["description"]
    '42: before the book was kept: 55.00 yuan, paid out: 40.00 yuan, tax withheld: 10.00 yuan, not paid yet: 8.00 yuan'
    """
    currency = CURRENCIES["CNY"]
    bars: dict[Message, dict[str, int]] = {Message("before the book was kept"): dict(past or {})}
    for run, due in by_run.items():
        for way, fen in due.by_way.items():
            bars.setdefault(CALLED[way], {})[run] = fen
        bars.setdefault(Message("not paid yet"), {})[run] = due.unpaid_fen
    named = [
        (
            Message("{name}: {value}", name=way, value=amount(sum(owed.values()), currency, language)).say(language),
            owed,
        )
        for way, owed in bars.items()
        if any(owed.values())
    ]
    return _chart(holder, named, "", currency, language)


def _chart(
    title: str,
    bars: Sequence[tuple[str, Mapping[Any, int]]],
    below: str,
    currency: Currency,
    language: Language,
) -> Picture:
    """Bars by year or run, one upon the other; of a few of them each has its exact sum above."""
    sums: dict[Any, int] = {}
    rows = []
    for n, (name, owed) in enumerate(bars):
        for year, smallest in owed.items():
            shown = amount(smallest, currency, language)
            rows.append({"year": year, "label": name, "n": n, "plotted": pixels(smallest, currency), "shown": shown})
            sums[year] = sums.get(year, 0) + smallest
    years = sorted(sums) if all(isinstance(year, int) for year in sums) else list(sums)
    axis = alt.Axis(title=below, labelAngle=0, ticks=False, domain=False) if not below else years_axis(years, below)
    told = tips(("year:O", Message("year")), ("label:N", Message("what it was")), ("shown:N", Message("amount")))
    stacked = alt.Chart(alt.InlineData(rows)).mark_bar()
    y = alt.Y("plotted:Q", axis=money_axis(max(sums.values(), default=0), currency, language), stack="zero")
    layers = [
        stacked.encode(
            x=alt.X("year:O", axis=axis, scale=year_scale(), sort=years),
            y=y,
            color=colours([name for name, _ in bars]),
            order=alt.Order("n:O"),
            tooltip=told(language),
        )
    ]
    chosen = years if len(years) <= 6 else [years[0], years[-1]]
    for year in chosen:
        row = {"year": year, "plotted": pixels(sums[year], currency), "shown": amount(sums[year], currency, language)}
        align: Literal["left", "center", "right"] = (
            "center" if len(years) <= 6 else "left" if year == years[0] else "right"
        )
        text = alt.Chart(alt.InlineData([row])).mark_text(align=align, dy=-8)
        layers.append(text.encode(x=alt.X("year:O", sort=years), y="plotted:Q", text="shown:N"))
    words = Message("{title}: {what}", title=title, what=[name for name, _ in bars]).say(language)
    return picture(layers, title, words).properties(height=HEIGHT)


def _held(division: Division) -> list[tuple[Holder, Sequence[int | None]]]:
    return [*division.held, *(pair for part in division.parts for pair in _held(part))]

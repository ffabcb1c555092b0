"""A projection as pictures: what each stream pays year by year, and a claim beside what comes together."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import altair as alt

from coopledger.charts.picture import (
    HEIGHT,
    WIDTH,
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
from coopledger.core.claims import Verdict
from coopledger.core.plan import Plan
from coopledger.core.projection import Payment, Projection, by_calendar_year
from coopledger.core.quantity import Quantity, decimal
from coopledger.errors import ScheduleError
from coopledger.text import Language, Message


def streams_chart(projection: Projection, language: Language = "en", *, calendar: bool = False) -> Picture:
    """What every stream pays, year by year, one upon the other; what the plan's book pays hangs below the line.

    The legend has each stream's exact total; the first and the last year have their exact sums. Years are contract
    years, or with ``calendar`` those in which the amounts accrue.

    >>> from coopledger.plan import Plan, Stream, project, term
    >>> dam = Stream("dam", amount="10,000 yuan")
    >>> plan = Plan("Old Tiger Hill", term("2014-01-01", years=2, basis="contribution"), [dam])
    >>> streams_chart(project(plan)).to_dict()["description"]
    'Old Tiger Hill: dam: 20,000.00 yuan'
    """
    plan, currency = projection.plan, projection.plan.currency
    labels = [label(one.stream.name, one.total, plan, language) for one in projection.streams]
    rows: list[dict[str, Any]] = []
    sums: dict[tuple[int, int], int] = {}
    for n, one in enumerate(projection.streams):
        sign = -1 if plan.book and one.stream.payer == plan.book else 1
        for year, owed in by_year(one.payments, calendar=calendar).items():
            rows.append(
                {
                    "year": year,
                    "label": labels[n],
                    "n": n,
                    "plotted": sign * pixels(owed, currency),
                    "shown": amount(owed, currency, language),
                }
            )
            sums[year, sign] = sums.get((year, sign), 0) + owed
    years = sorted({year for year, _ in sums})
    axis = years_axis(years, years_title(plan, language, calendar=calendar))
    y = alt.Y("plotted:Q", axis=money_axis(max(sums.values(), default=0), currency, language), stack="zero")
    bars = alt.Chart(alt.InlineData(rows)).mark_bar()
    told = tips(("year:O", Message("year")), ("label:N", Message("stream")), ("shown:N", Message("amount")))
    layers = [
        bars.encode(
            x=alt.X("year:O", axis=axis, scale=year_scale()),
            y=y,
            color=colours(labels),
            order=alt.Order("n:O"),
            tooltip=told(language),
        )
    ]
    layers += [_end(year, sign, sums, plan, language) for year, sign in sums if year in (years[0], years[-1])]
    words = Message("{title}: {what}", title=plan.title, what=labels).say(language)
    return picture(layers, plan.title, words, _incomplete(projection, language)).properties(height=HEIGHT)


def claims_of_totals(projection: Projection, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts on what streams pay over the whole term, in money: those of which there is a :func:`claim_chart`.

    >>> from coopledger.plan import Claim, Plan, Stream, check_claims, project, quantity, term
    >>> claims = [Claim("in all", quantity("20,000 yuan")), Claim("at first", quantity("10,000 yuan"), year=1)]
    >>> dam = Stream("dam", amount="10,000 yuan")
    >>> projection = project(Plan("Hill", term("2014-01-01", years=2, basis="contribution"), [dam], claims=claims))
    >>> [one.claim.about for one in claims_of_totals(projection, check_claims(projection))]
    ['in all']
    """
    unit = projection.plan.currency.unit
    return [
        one
        for one in verdicts
        if one.computed.unit == unit
        and one.claim.year is None
        and one.claim.per is None
        and one.claim.part is None
        and one.claim.holder is None
    ]


def claim_chart(projection: Projection, verdict: Verdict, language: Language = "en") -> Picture:
    """What comes together year by year beside what a source claims of it, as a line across.

    Raises ScheduleError for a claim that is not about what streams pay over the whole term.

    >>> from coopledger.plan import Claim, Plan, Stream, check_claims, project, quantity, term
    >>> dam = Stream("dam", amount="10,000 yuan")
    >>> claim = Claim("in all", quantity("3万元"))
    >>> plan = Plan("Hill", term("2014-01-01", years=2, basis="contribution"), [dam], claims=[claim])
    >>> projection = project(plan)
    >>> claim_chart(projection, check_claims(projection)[0]).to_dict()["description"]
    'in all: claimed 30,000.00 yuan, computed 20,000.00 yuan'
    """
    claim, plan, currency = verdict.claim, projection.plan, projection.plan.currency
    if not claims_of_totals(projection, [verdict]):
        raise ScheduleError(
            Message("{about}: a claim about what streams pay over the whole term is expected", about=claim.about)
        )
    owed: dict[int, int] = {}
    for one in projection.streams:
        if not claim.streams or one.stream.name in claim.streams:
            for year, smallest in by_year(one.payments).items():
                owed[year] = owed.get(year, 0) + smallest
    years = sorted(owed)
    reached = dict(zip(years, accumulate(owed[year] for year in years), strict=True))
    computed = amount(reached[years[-1]], currency, language)
    claimed = _in_full(claim.claimed, currency.digits, language)
    level = float(claim.claimed.value)
    rows: list[dict[str, Any]] = [
        {"year": year, "plotted": pixels(sum_, currency), "shown": amount(sum_, currency, language)}
        for year, sum_ in reached.items()
    ]
    largest = max(reached[years[-1]], round(level * currency.scale))
    axis = years_axis(years, years_title(plan, language))
    y = alt.Y("plotted:Q", axis=money_axis(largest, currency, language))
    told = tips(("year:O", Message("year")), ("shown:N", Message("cumulative")))
    holds = verdict.holds
    colour = "#009E73" if holds else "#D55E00"
    bars = alt.Chart(alt.InlineData(rows)).mark_bar(color="#0072B2", opacity=0.45)
    said_claimed = Message("claimed {amount}", amount=claimed).say(language)
    said_computed = Message("computed {amount}", amount=computed).say(language)
    across = alt.Chart(alt.InlineData([{"plotted": level, "shown": said_claimed}]))
    end = alt.Chart(alt.InlineData([{"plotted": rows[-1]["plotted"], "shown": said_computed}]))
    layers = [
        bars.encode(x=alt.X("year:O", axis=axis, scale=year_scale()), y=y, tooltip=told(language)),
        across.mark_rule(color=colour, strokeDash=[6, 4], strokeWidth=2).encode(y="plotted:Q"),
        across.mark_text(color=colour, align="left", dy=-9, fontWeight="bold").encode(
            x=alt.value(4), y="plotted:Q", text="shown:N"
        ),
        end.mark_text(align="right", dy=-9).encode(x=alt.value(WIDTH), y="plotted:Q", text="shown:N"),
    ]
    words = Message("{about}: {claimed}, {computed}", about=claim.about, claimed=said_claimed, computed=said_computed)
    return picture(layers, claim.about, words.say(language)).properties(height=HEIGHT)


def label(name: str, total: int, plan: Plan, language: Language) -> str:
    """A name with an exact amount behind it, for a legend.

    >>> from coopledger.plan import Plan, Stream, term
    >>> plan = Plan("hill", term("2014-01-01", years=1, basis="contribution"), [Stream("dam", amount="1 yuan")])
    >>> label("dam", 82000000, plan, "zh")
    'dam：820,000.00 元'
    """
    return Message("{name}: {value}", name=name, value=amount(total, plan.currency, language)).say(language)


def by_year(payments: Sequence[Payment], *, calendar: bool = False) -> dict[int, int]:
    """What is known of a stream's payments by year, in the smallest unit; years of which nothing is known are left out.

    >>> from coopledger.plan import Plan, Stream, project, term
    >>> dam = Stream("dam", amount="10,000 yuan")
    >>> [projected] = project(Plan("hill", term("2014-07-01", years=1, basis="contribution"), [dam])).streams
    >>> by_year(projected.payments), by_year(projected.payments, calendar=True)
    ({1: 1000000}, {2014: 504109, 2015: 495891})
    """
    found: dict[int, int] = {}
    for payment in by_calendar_year(payments) if calendar else payments:
        if payment.amount is not None:
            found[payment.year] = found.get(payment.year, 0) + payment.amount
    return found


def years_title(plan: Plan, language: Language, *, calendar: bool = False) -> str:
    """What stands below an axis of years.

    >>> from coopledger.plan import Plan, Stream, term
    >>> plan = Plan("hill", term("2014-01-01", years=1, basis="contribution"), [Stream("dam", amount="1 yuan")])
    >>> years_title(plan, "en"), years_title(plan, "zh", calendar=True)
    ('contract year (2014-01-01 – 2014-12-31)', '年')
    """
    if calendar:
        return Message("year").say(language)
    return Message("contract year ({start} – {end})", start=plan.term.start, end=plan.term.end).say(language)


def _end(year: int, sign: int, sums: Mapping[tuple[int, int], int], plan: Plan, language: Language) -> alt.Chart:
    """The exact sum of the first or the last year, beyond the bars that are near."""
    years = sorted({one for one, _ in sums})
    first = year == years[0] and len(years) > 1
    near = years[: len(years) // 4 + 1] if first else years[-(len(years) // 4) - 1 :]
    reach = max(sums.get((one, sign), 0) for one in near)
    owed = amount(sums[year, sign], plan.currency, language)
    shown = Message("year {year}: {amount}", year=year, amount=owed).say(language)
    row = {"year": year, "plotted": sign * pixels(reach, plan.currency), "shown": shown}
    text = alt.Chart(alt.InlineData([row])).mark_text(
        align="left" if first else "right", dx=-6 if first else 6, dy=-9 * sign
    )
    drawn: alt.Chart = text.encode(x="year:O", y="plotted:Q", text="shown:N")
    return drawn


def _incomplete(projection: Projection, language: Language) -> list[str]:
    missing = any(None in one.amounts for one in projection.streams)
    return [Message("totals are of what is known").say(language)] if missing else []


def _in_full(claimed: Quantity, digits: int, language: Language) -> str:
    shown = decimal(claimed.value, digits)
    return Message("{shown} {unit}", shown=shown, unit=claimed.unit).say(language)

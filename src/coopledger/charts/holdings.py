"""Who holds what: a class of shares as bars, one a holder."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import altair as alt

from coopledger.charts.picture import Picture, picture, tips
from coopledger.core.allocation import natural_key
from coopledger.core.quantity import decimal
from coopledger.core.register import Holding
from coopledger.core.rounding import divide
from coopledger.text import Language, Message

MOST = 40
"""How many bars there are at most; the others are one bar together."""


def holdings_chart(
    held: Mapping[str, Holding],
    language: Language = "en",
    *,
    title: str = "",
    digits: int = 0,
    names: Mapping[str, str] | None = None,
) -> Picture:
    """Who holds how much of a class, each with the exact number of shares and its part of the class.

    ``held`` is what :func:`~coopledger.core.register.holdings` gives, ``digits`` the decimals of a share of the class,
    ``names`` what stands beside the numbers. Of more than 40 holders those with the most have a bar each.

    >>> held = {"17": Holding("17", 300, 0, 0, 0, 500), "18": Holding("18", 200, 0, 0, 0, 500)}
    >>> holdings_chart(held).to_dict()["description"]
    'who holds what: 17: 300 (60.00%), 18: 200 (40.00%)'
    """
    chosen = sorted(held, key=natural_key)
    if len(chosen) > MOST:
        largest = sorted(chosen, key=lambda number: -held[number].shares)[: MOST - 1]
        chosen = [number for number in chosen if number in set(largest)]
    others = [one for number, one in held.items() if number not in set(chosen)]
    scale = 10**digits
    bars = [(f"{number} {(names or {}).get(number, '')}".strip(), held[number].shares) for number in chosen]
    if others:
        together = Message("others: {count}", count=len(others)).say(language)
        bars.append((together, sum(one.shares for one in others)))
    whole = next(iter(held.values())).total if held else 0
    rows: list[dict[str, Any]] = [
        {
            "holder": name,
            "n": n,
            "plotted": float(Fraction(shares) / scale),
            "shown": f"{decimal(Fraction(shares) / scale, digits)} ({_percent(shares, whole)})",
        }
        for n, (name, shares) in enumerate(bars)
    ]
    heading = title or Message("who holds what").say(language)
    told = tips(("holder:N", Message("holder")), ("shown:N", Message("shares")))
    base = alt.Chart(alt.InlineData(rows)).encode(
        x=alt.X("plotted:Q", axis=None, scale=alt.Scale(nice=False, padding=0)),
        y=alt.Y("holder:N", sort=[row["holder"] for row in rows], axis=alt.Axis(title=None, ticks=False, domain=False)),
        tooltip=told(language),
    )
    layers = [base.mark_bar(color="#0072B2"), base.mark_text(align="left", dx=4).encode(text="shown:N")]
    shown = [Message("{name}: {value}", name=row["holder"], value=row["shown"]) for row in rows]
    words = Message("{title}: {what}", title=heading, what=shown).say(language)
    return picture(layers, heading, words).properties(height=alt.Step(22))


def _percent(shares: int | Fraction, whole: int) -> str:
    part = Fraction(shares) / whole if whole else Fraction(0)
    return f"{decimal(Fraction(divide(part.numerator * 10**4, part.denominator), 100), 2)}%"

"""Pictures: Altair charts that look alike, and are drawn here as SVG and PNG, without a network and without a browser.

The colours are those of Okabe and Ito, which people with any colour vision tell apart.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import altair as alt

from coopledger.core.quantity import Currency, decimal
from coopledger.text import Language, Message, printable, said

_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#666666")

_FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', 'Source Han Sans SC', sans-serif"

_UPRIGHT: dict[str, Any] = {"titleAngle": 0, "titleY": -14, "titleAlign": "right", "gridColor": "#eeeeee"}

_VERSION = alt.SCHEMA_VERSION.rsplit(".", 1)[0]

WIDTH, HEIGHT = 640, 300
"""How large the plot is, in pixels; title, axes and legend come on top."""

LARGE = 10**5
"""From so many yuan on an axis in Chinese counts in 万."""


class Picture(alt.LayerChart):
    """An Altair chart in layers. Jupyter shows it as SVG, with its words for those who do not see it."""

    def _repr_mimebundle_(self, *_args: object, **_kwargs: object) -> dict[str, Any]:
        return {"image/svg+xml": svg(self), "text/plain": str(self.to_dict().get("description", ""))}


def picture(layers: Sequence[alt.Chart], title: str, words: str = "", subtitle: Sequence[str] = ()) -> Picture:
    """Layers under a title. ``words`` says what is to be seen, for those who do not see it; the title, if left out."""
    heading = alt.TitleParams(title, subtitle=list(subtitle), anchor="start", subtitleColor="#444444")
    drawn = Picture(layer=list(layers), title=heading, description=words or title, background="white")
    sized = drawn.properties(width=WIDTH)
    configured = sized.configure(font=_FONT).configure_view(stroke=None).configure_legend(labelLimit=0, titleLimit=0)
    finished: Picture = configured.configure_title(limit=0, offset=12).configure_axis(labelLimit=0, titleLimit=0)
    return finished


def svg(chart: Picture) -> str:
    """The picture as SVG: its text is text, and it asks for nothing else."""
    from vl_convert import vegalite_to_svg

    return str(vegalite_to_svg(_spec(chart), vl_version=_VERSION))


def png(chart: Picture, scale: int = 2) -> bytes:
    """The picture as PNG, with the fonts of this machine; ``scale`` is how many pixels one is drawn with."""
    from vl_convert import vegalite_to_png

    return bytes(vegalite_to_png(_spec(chart), vl_version=_VERSION, scale=scale))


def _spec(chart: Picture) -> dict[str, Any]:
    """What is drawn, with control characters written out: what draws it aborts the whole process on one of them."""
    return {name: _printable(part) for name, part in chart.to_dict().items()}


def _printable(part: object) -> object:
    if isinstance(part, str):
        return printable(part)
    if isinstance(part, dict):
        return {name: _printable(one) for name, one in part.items()}
    return [_printable(one) for one in part] if isinstance(part, list) else part


def pixels(smallest: int, currency: Currency) -> float:
    """Where an amount in the smallest unit is drawn on an axis in the currency. Nothing is computed with it.

    >>> from coopledger.core.quantity import CURRENCIES
    >>> pixels(160_000_00, CURRENCIES["CNY"])
    160000.0
    """
    return smallest / currency.scale


def amount(smallest: int, currency: Currency, language: Language) -> str:
    """An amount in the smallest unit as it is printed beside a mark.

    >>> from coopledger.core.quantity import CURRENCIES
    >>> amount(160_000_00, CURRENCIES["CNY"], "zh")
    '160,000.00 元'
    """
    shown = decimal(Fraction(smallest, currency.scale), currency.digits)
    return Message("{shown} {unit}", shown=shown, unit=currency.unit).say(language)


def money_axis(largest: int, currency: Currency, language: Language) -> alt.Axis:
    """The axis of an amount; in Chinese it counts in 万 where the largest amount is large."""
    unit = said(currency.unit, language)
    if language == "zh" and abs(largest) >= LARGE * currency.scale:
        return alt.Axis(title=f"万{unit}", labelExpr="format(datum.value / 10000, ',~f')", **_UPRIGHT)
    return alt.Axis(title=unit, format=",~f", **_UPRIGHT)


def years_axis(years: Sequence[int], title: str) -> alt.Axis:
    """The axis of years: each of a few, every fifth of many, and always the first."""
    shown = [year for year in years if len(years) <= 15 or year == years[0] or year % 5 == 0]
    return alt.Axis(title=title, values=shown, labelAngle=0, ticks=False, domain=False)


def year_scale() -> alt.Scale:
    """Years beside each other, a narrow gap between."""
    return alt.Scale(paddingInner=0.15, paddingOuter=0.1)


def tips(*fields: tuple[str, Message]) -> Callable[[Language], list[alt.Tooltip]]:
    """What is said of a mark when one points at it: fields and their headings."""
    return lambda language: [alt.Tooltip(field, title=heading.say(language)) for field, heading in fields]


def colours(labels: Sequence[str], title: str | None = None) -> alt.Color:
    """A colour for each label, in their order, and the legend that says so below."""
    palette = [_COLOURS[n % len(_COLOURS)] for n in range(len(labels))]
    columns = 1 if max(map(len, labels), default=0) > 24 else 2
    legend = alt.Legend(title=title, orient="bottom", columns=columns, symbolType="square")
    return alt.Color("label:N", scale=alt.Scale(domain=list(labels), range=palette), legend=legend)

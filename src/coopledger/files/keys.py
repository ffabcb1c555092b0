"""The keys of a plan file: one table from which the reader checks and the JSON Schema is made."""

from typing import NamedTuple

from coopledger.core.calendar import ADJUSTMENTS, BASES, LEAP_DAYS, STUBS
from coopledger.core.plan import BOUNDS, POLICIES
from coopledger.core.rounding import MODES, PLACES


class Key(NamedTuple):
    """What a key takes, in one or more kinds; what it means; whether it must be there.

    Kinds: ``text``, ``texts``, ``integer``, ``date``, ``dates``, ``amount`` (text or number), ``amounts``,
    ``schedule`` (an amount or a schedule table), ``schedules``, ``years`` (a list of contract years and ranges),
    ``by year`` (a table from years to amounts), ``choice NAME``, ``table NAME``, ``tables NAME`` (a list of them)
    and ``named NAME`` (a table of them by name).
    """

    kinds: tuple[str, ...]
    about: str
    required: bool = False


def _key(kinds: str, about: str, *, required: bool = False) -> Key:
    return Key(tuple(kinds.split(" | ")), about, required)


TABLES: dict[str, dict[str, Key]] = {
    "plan": {
        "title": _key("text", "What the deal is called.", required=True),
        "source": _key("text", "Where the facts come from."),
        "notes": _key("texts", "Remarks, printed below the table."),
        "currency": _key("text", "ISO code of the currency; CNY if it is left out."),
        "book": _key("text", "The party whose book the plan is seen from."),
        "parties": _key("texts", "Everybody who pays or is paid."),
        "term": _key("table term", "How long the contract runs, and on what legal basis.", required=True),
        "holidays": _key("dates", "Days, besides weekends, on which nothing is paid where a due date is adjusted."),
        "series": _key("named series", "Figures by year from outside: prices, profits, rates."),
        "holders": _key("named holders", "Lists of holders among whom payments are split."),
        "streams": _key("tables stream", "What is paid, one table for each.", required=True),
        "claims": _key("tables claim", "Figures that a source published, to be compared."),
    },
    "term": {
        "start": _key("date", "The first day.", required=True),
        "years": _key("integer", "How many full contract years."),
        "end": _key("date", "The last day, where the years are not given."),
        "basis": _key("choice basis", "The legal basis: a lease past its 20th year carries a warning."),
        "stub": _key("choice stub", "Where a part of a year lies, and whether it stands alone (short) or is joined (long)."),
        "leap_day": _key("choice leap_day", "What 29 February becomes in other years."),
    },
    "series": {
        "values": _key("by year", "The known figures by calendar year (2014) or contract year (1).", required=True),
        "assume": _key("text | by year", "For the years ahead: 'hold', a yearly change such as '+2%', or figures."),
        "source": _key("text", "Where the figures come from."),
    },
    "holders": {
        "file": _key("text", "A CSV file beside the plan with the columns number, name, shares."),
        "list": _key("tables holder", "The holders, in the plan itself."),
        "policy": _key("choice policy", "How a sum is split: cumulative if it is left out."),
        "per_share": _key("amount", "For 'per share': the amount resolved for one share."),
        "remainder": _key("text", "For 'per share': the account that takes the rest, which may be negative."),
    },
    "holder": {
        "number": _key("text", "A stable number; fens that cannot be divided go by it.", required=True),
        "name": _key("text", "The name."),
        "shares": _key("amount", "How many shares; fractions are allowed.", required=True),
    },
    "stream": {
        "name": _key("text", "What this payment is called.", required=True),
        "payer": _key("text", "Who pays."),
        "payee": _key("text", "Who is paid."),
        "basis": _key("choice basis", "The legal basis of this stream, if it is not the term's."),
        "quantity": _key("schedule", "How many: 1,000 mu."),
        "rate": _key("schedule", "How much for each: 160 yuan/mu."),
        "amount": _key("schedule", "How much altogether, where there is no rate and quantity."),
        "floor": _key("schedule", "At least this much a year, in years without payment too."),
        "cap": _key("schedule", "At most this much a year."),
        "rounding": _key("table rounding | tables rounding", "Where it is rounded; the running total, half up, to the fen, if left out."),
        "due": _key("text | tables instalment", "When it is due: 'last day', '12-31', '30 days after', or instalments."),
        "adjust": _key("choice adjust", "What happens to a due date on a weekend or holiday; nothing if left out."),
        "split": _key("tables part", "The parts that every payment is divided into."),
        "split_policy": _key("choice split_policy", "How fens that cannot be divided are dealt out; cumulative if left out."),
        "holders": _key("text", "The name of the list of holders among whom it is split."),
    },
    "rounding": {
        "at": _key("choice at", "What is rounded.", required=True),
        "mode": _key("choice mode", "What becomes of a half and of the rest; half up if left out."),
        "to": _key("amount", "The smallest step: fen, jiao, yuan, or an amount such as 100 yuan; the smallest unit if left out."),
    },
    "instalment": {
        "share": _key("amount", "Its part of the year, or 'rest'.", required=True),
        "on": _key("text", "When it is due.", required=True),
    },
    "part": {
        "name": _key("text", "What this part is called.", required=True),
        "share": _key("amount", "Its share: 30%, 2/3, or a quantity that stands for a proportion (468 shares).", required=True),
        "parts": _key("tables part", "The parts of this part: they add up to 100 % or to its share."),
        "holders": _key("text", "The name of the list of holders who get this part."),
    },
    "claim": {
        "about": _key("text", "What the source says.", required=True),
        "claimed": _key("amount", "The published figure.", required=True),
        "stream": _key("text | texts", "The stream or streams it is about; all if left out."),
        "year": _key("integer", "The contract year, or the calendar year in which it is due; the whole term if left out."),
        "part": _key("text", "The part of a split it is about."),
        "holder": _key("text", "The number of the holder it is about."),
        "per": _key("amount", "What the figure is an average over: 65 households."),
        "rounded_to": _key("amount", "The source rounded to this step."),
        "truncated_to": _key("amount", "The source cut off below this step."),
        "within": _key("amount", "The source speaks loosely: within 5% of it."),
        "bound": _key("choice bound", "The source gives a bound."),
        "source": _key("text", "Where it was published."),
    },
    "schedule": {
        "level": _key("amount", "The first amount, or the same amount each year."),
        "step": _key("table step", "With level: how it changes after every so many full years."),
        "steps": _key("tables steps", "With level: how it changes from named contract years on."),
        "rise": _key("amount", "With level: how much more it is every year."),
        "listed": _key("amounts", "One amount for each year."),
        "lump_sums": _key("by year", "Amounts in named years only; 'last' is the last contract year."),
        "in_kind": _key("schedule", "Goods: 500 jin/mu. With prices."),
        "prices": _key("text", "With in_kind: the series of prices."),
        "lag": _key("integer", "With in_kind or series: how many years before the figure is from."),
        "share": _key("amount", "A share of figures: 10%. With of."),
        "tiers": _key("tables tier", "A share in tiers. With of."),
        "of": _key("text | schedule", "With share or tiers: the series, or a schedule."),
        "over": _key("schedule", "With share or tiers: only what exceeds this counts."),
        "series": _key("text", "The figures of a series themselves."),
        "sum": _key("schedules", "Schedules added."),
        "difference": _key("schedules", "A schedule less another one."),
        "product": _key("schedules", "Schedules multiplied."),
        "highest": _key("schedules", "The highest of them each year."),
        "lowest": _key("schedules", "The lowest of them each year."),
        "until": _key("integer", "Growth stops after this contract year."),
        "floor": _key("schedule", "At least this."),
        "cap": _key("schedule", "At most this."),
        "delay": _key("integer", "So many years of grace with the clock stopped."),
        "skip": _key("years", "Contract years without payment while the clock runs."),
        "then": _key("table then", "Another schedule takes over."),
    },
    "step": {
        "every": _key("integer", "After every so many full years.", required=True),
        "by": _key("amount", "How much more: 20% (with of) or an amount."),
        "of": _key("choice of", "A percentage of the previous amount (compound) or of the first (simple)."),
        "to": _key("amount", "The new amount."),
    },
    "steps": {
        "year": _key("integer", "The contract year from which it changes.", required=True),
        "by": _key("amount", "How much more: 20% (with of) or an amount."),
        "of": _key("choice of", "A percentage of the previous amount (compound) or of the first (simple)."),
        "to": _key("amount", "The new amount."),
    },
    "tier": {
        "up_to": _key("amount", "The upper limit; the last tier has none."),
        "rate": _key("amount", "The share of what lies in this tier.", required=True),
    },
    "then": {
        "after": _key("integer", "The last contract year of the first schedule.", required=True),
        "schedule": _key("schedule", "The schedule that takes over, with its own year 1.", required=True),
    },
}  # fmt: skip

SOURCES = ("level", "listed", "lump_sums", "in_kind", "share", "tiers", "series", "sum", "difference", "product", "highest", "lowest")  # fmt: skip
"""Of these a schedule table has exactly one."""

COMPANIONS = {
    "step": ("level",), "steps": ("level",), "rise": ("level",), "prices": ("in_kind",), "lag": ("in_kind", "series"),
    "of": ("share", "tiers"), "over": ("share", "tiers"),
}  # fmt: skip
"""These keys of a schedule table go with one of those."""

CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "basis": dict(zip(BASES, (("租赁",), ("承包地",), ("荒山", "四荒地"), ("入股", "出资"), ("服务",)), strict=True)),
    "stub": dict(zip(STUBS, (("无",), ("前短",), ("前长",), ("后短",), ("后长",)), strict=True)),
    "leap_day": dict(zip(LEAP_DAYS, (("2月28日",), ("3月1日",)), strict=True)),
    "policy": dict(zip(POLICIES, (("累计",), ("逐年",), ("按股",)), strict=True)),
    "split_policy": {"cumulative": ("累计",), "each year": ("逐年",)},
    "at": dict(zip(PLACES, (("单价",), ("单价滚动",), ("每次付款",), ("累计",), ("总额",)), strict=True)),
    "mode": dict(zip(MODES, (("四舍五入",), ("四舍六入五成双",), ("舍去",), ("进位",)), strict=True)),
    "adjust": dict(zip(ADJUSTMENTS, (("顺延",), ("提前",), ("顺延不跨月",)), strict=True)),
    "of": {"previous": ("上期",), "base": ("首期",)},
    "bound": dict(zip(BOUNDS, (("不少于",), ("不多于",)), strict=True)),
}
"""Named values, each with its Chinese spellings."""


def chosen(name: str, seen: str) -> str | None:
    """The named value that a spelling means, None if it is none of them."""
    for value, spellings in CHOICES[name].items():
        if seen == value or seen in spellings:
            return value
    return None

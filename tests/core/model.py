"""What a schedule means, year by year, in the words of the design page and in the slowest way that is surely right.

An expression is a tree of the small classes below. ``owed`` evaluates it one year at a time, by recursion, on
``Fraction`` alone; ``built`` says the same expression in the library's own words. Nothing here looks at how the
library computes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from coopledger.core import figures, growth, schedule
from coopledger.core.quantity import Quantity, unit
from coopledger.core.rounding import Mode, Rounding
from coopledger.core.series import Assumption, Series

Kind = Literal["previous", "base", "add", "replace"]


@dataclass(frozen=True)
class Level:
    amount: Fraction
    unit: str


@dataclass(frozen=True)
class Ramp:
    first: Fraction
    rise: Fraction
    unit: str


@dataclass(frozen=True)
class Listed:
    amounts: tuple[Fraction, ...]
    unit: str


@dataclass(frozen=True)
class LumpSums:
    amounts: Mapping[int, Fraction]
    unit: str


@dataclass(frozen=True)
class Step:
    first: Fraction
    every: int
    kind: Kind
    by: Fraction
    unit: str


@dataclass(frozen=True)
class Steps:
    first: Fraction
    changes: Mapping[int, tuple[Kind, Fraction]]
    unit: str


@dataclass(frozen=True)
class Prices:
    """Figures by year; past the last known one they grow by a rate, are listed, or are unknown."""

    known: Mapping[int, Fraction]
    growth: Fraction | None
    ahead: Mapping[int, Fraction]
    lag: int
    unit: str


@dataclass(frozen=True)
class Sum:
    parts: tuple["AnyTree", ...]


@dataclass(frozen=True)
class Less:
    whole: "AnyTree"
    less: "AnyTree"


@dataclass(frozen=True)
class Times:
    one: "AnyTree"
    other: "AnyTree"


@dataclass(frozen=True)
class Highest:
    parts: tuple["AnyTree", ...]


@dataclass(frozen=True)
class Lowest:
    parts: tuple["AnyTree", ...]


@dataclass(frozen=True)
class Share:
    of: "AnyTree"
    tiers: tuple[tuple[Fraction | None, Fraction], ...]
    over: "AnyTree | None"
    unit: str


@dataclass(frozen=True)
class Delay:
    years: int
    of: "AnyTree"


@dataclass(frozen=True)
class Mask:
    unpaid: tuple[int, ...]
    of: "AnyTree"


@dataclass(frozen=True)
class Until:
    year: int
    of: "AnyTree"


@dataclass(frozen=True)
class Then:
    first: "AnyTree"
    after: int
    second: "AnyTree"


@dataclass(frozen=True)
class Read:
    """Rounded when it is read; carried: every step below it is rounded as well before it goes on."""

    of: "AnyTree"
    to: Fraction
    mode: Mode
    carried: bool


@dataclass(frozen=True)
class InKind:
    goods: "AnyTree"
    prices: Prices


AnyTree = (
    Level
    | Ramp
    | Listed
    | LumpSums
    | Step
    | Steps
    | Prices
    | Sum
    | Less
    | Times
    | Highest
    | Lowest
    | Share
    | Delay
    | Mask
    | Until
    | Then
    | Read
    | InKind
)


def rounded(value: Fraction, to: Fraction, mode: Mode) -> Fraction:
    steps = value / to
    whole = {
        "half up": math.floor(steps + Fraction(1, 2)),
        "half even": round(steps),
        "down": math.floor(steps),
        "up": math.ceil(steps),
    }[mode]
    return whole * to


def owed(  # noqa: C901, PLR0911, PLR0912 - one case a kind of expression
    tree: AnyTree, year: int, since: int, carry: Read | None = None, passed: int = 0
) -> Fraction | None:
    """What the expression owes in its contract year, counted 1, 2, 3; ``since`` is the calendar year of its year 1.

    ``passed`` is how many contract years lie before it: figures from outside follow the contract, not the clock.
    """
    match tree:
        case Level(amount=amount):
            return amount
        case Ramp(first=first, rise=rise):
            return _after_steps(first, [("add", rise)] * (year - 1), _carried(tree.unit, carry))
        case Listed(amounts=amounts):
            return amounts[year - 1]
        case LumpSums(amounts=by_year):
            return by_year.get(year, by_year.get(since + year - 1, Fraction(0)))
        case Step():
            return _after_steps(
                tree.first, [(tree.kind, tree.by)] * ((year - 1) // tree.every), _carried(tree.unit, carry)
            )
        case Steps():
            due = [tree.changes[n] for n in range(2, year + 1) if n in tree.changes]
            return _after_steps(tree.first, due, _carried(tree.unit, carry))
        case Prices():
            return _price(tree, (since if min(tree.known) >= 1000 else 1 + passed) + year - 1 - tree.lag)
        case Sum(parts=parts):
            values = [owed(part, year, since, carry, passed) for part in parts]
            return None if None in values else sum((v for v in values if v is not None), Fraction(0))
        case Less(whole=whole, less=less):
            a, b = owed(whole, year, since, carry, passed), owed(less, year, since, carry, passed)
            return None if a is None or b is None else a - b
        case Times(one=one, other=other):
            return _times(owed(one, year, since, carry, passed), owed(other, year, since, carry, passed))
        case InKind(goods=goods, prices=prices):
            return _times(owed(goods, year, since, carry, passed), owed(prices, year, since, carry, passed))
        case Highest(parts=parts):
            values = [owed(part, year, since, carry, passed) for part in parts]
            return None if None in values else max(v for v in values if v is not None)
        case Lowest(parts=parts):
            values = [owed(part, year, since, carry, passed) for part in parts]
            return None if None in values else min(v for v in values if v is not None)
        case Share(of=of, tiers=tiers, over=over):
            figure = owed(of, year, since, carry, passed)
            if over is not None:
                hurdle = owed(over, year, since, carry, passed)
                figure = None if figure is None or hurdle is None else max(figure - hurdle, Fraction(0))
            return None if figure is None else _in_tiers(figure, tiers)
        case Delay(years=years, of=of):
            return Fraction(0) if year <= years else owed(of, year - years, since + years, carry, passed + years)
        case Mask(unpaid=unpaid, of=of):
            return Fraction(0) if year in unpaid else owed(of, year, since, carry, passed)
        case Until(year=last, of=of):
            return owed(of, min(year, last), since, carry, passed)
        case Then(first=first_tree, after=after, second=second):
            if year <= after:
                return owed(first_tree, year, since, carry, passed)
            return owed(second, year - after, since + after, carry, passed + after)
        case Read(of=of):
            value = owed(of, year, since, tree if tree.carried else carry, passed)
            return None if value is None else rounded(value, tree.to, tree.mode)


def _carried(unit: str, carry: Read | None) -> Read | None:
    """A price is carried in rounded form; areas, goods and factors are no prices."""
    return carry if unit.startswith("yuan") else None


def _after_steps(first: Fraction, due: list[tuple[Kind, Fraction]], carry: Read | None) -> Fraction:
    def kept(value: Fraction) -> Fraction:
        return value if carry is None else rounded(value, carry.to, carry.mode)

    base = amount = kept(first)
    for kind, by in due:
        if kind == "previous":
            amount = kept(amount + amount * by)
        elif kind == "base":
            amount = kept(amount + base * by)
        elif kind == "add":
            amount = kept(amount + by)
        else:
            amount = kept(by)
    return amount


def _price(prices: Prices, year: int) -> Fraction | None:
    last = max(prices.known)
    if year <= last:
        return prices.known[year]
    if prices.growth is None:
        return prices.ahead.get(year)
    price = prices.known[last]
    for _ in range(last, year):
        price += price * prices.growth
    return price


def _times(one: Fraction | None, other: Fraction | None) -> Fraction | None:
    """Nothing at an unknown price is nothing; anything else at an unknown price is unknown."""
    if 0 in (one, other):
        return Fraction(0)
    return None if one is None or other is None else one * other


def _in_tiers(figure: Fraction, tiers: tuple[tuple[Fraction | None, Fraction], ...]) -> Fraction:
    share = Fraction(0)
    below: Fraction | None = None
    for limit, rate in tiers:
        reached = figure if limit is None else min(figure, limit)
        share += rate * (reached if below is None else max(reached - below, Fraction(0)))
        below = limit
    return share


# --- the same expression in the library's words ----------------------------------------------------------------


def built(tree: AnyTree) -> schedule.Schedule:  # noqa: C901, PLR0911, PLR0912 - one case a kind of expression
    match tree:
        case Level():
            return schedule.level(Quantity(tree.amount, unit(tree.unit)))
        case Ramp():
            return growth.ramp(Quantity(tree.first, unit(tree.unit)), rise=Quantity(tree.rise, unit(tree.unit)))
        case Listed():
            return growth.listed([Quantity(amount, unit(tree.unit)) for amount in tree.amounts])
        case LumpSums():
            return growth.lump_sums({year: Quantity(amount, unit(tree.unit)) for year, amount in tree.amounts.items()})
        case Step():
            first = Quantity(tree.first, unit(tree.unit))
            if tree.kind in ("previous", "base"):
                return growth.step(first, every=tree.every, by=tree.by, of=_growth(tree.kind))
            amount = Quantity(tree.by, unit(tree.unit))
            if tree.kind == "add":
                return growth.step(first, every=tree.every, by=amount)
            return growth.step(first, every=tree.every, to=amount)
        case Steps():
            first = Quantity(tree.first, unit(tree.unit))
            return growth.steps(first, {year: _change(first, kind, by) for year, (kind, by) in tree.changes.items()})
        case Prices():
            return figures.figures(_series(tree), lag=tree.lag)
        case Sum(parts=(one, *others)):
            total = built(one)
            for other in others:
                total += built(other)
            return total
        case Less():
            return built(tree.whole) - built(tree.less)
        case Times():
            return built(tree.one).per(built(tree.other))
        case Highest(parts=parts):
            return schedule.highest(*(built(part) for part in parts))
        case Lowest(parts=parts):
            return schedule.lowest(*(built(part) for part in parts))
        case Share():
            return _share(tree)
        case Delay():
            return built(tree.of).delay(tree.years)
        case Mask():
            return built(tree.of).mask(tree.unpaid)
        case Until():
            return built(tree.of).until(tree.year)
        case Then():
            return built(tree.first).then(built(tree.second), after=tree.after)
        case Read():
            at: Literal["unit price", "unit price carried"] = "unit price carried" if tree.carried else "unit price"
            return built(tree.of).rounded(Rounding(at, tree.mode, tree.to))
        case InKind():
            return figures.indexed(built(tree.goods), _series(tree.prices), lag=tree.prices.lag)
    raise AssertionError(tree)


def _growth(kind: Kind) -> growth.Growth:
    return "base" if kind == "base" else "previous"


def _change(first: Quantity, kind: Kind, by: Fraction) -> growth.Change:
    if kind in ("previous", "base"):
        return growth.change(by=by, of=_growth(kind))
    if kind == "add":
        return growth.change(by=Quantity(by, first.unit))
    return growth.change(to=Quantity(by, first.unit))


def _series(prices: Prices) -> Series:
    assumption = None
    if prices.growth is not None:
        assumption = Assumption(growth=prices.growth)
    elif prices.ahead:
        assumption = Assumption(listed=prices.ahead)
    return Series("prices", prices.known, unit(prices.unit), assumption)


def _share(tree: Share) -> schedule.Schedule:
    over = None if tree.over is None else built(tree.over)
    if len(tree.tiers) == 1:
        return figures.share_of(built(tree.of), rate=tree.tiers[0][1], over=over)
    tiers = [(None if limit is None else Quantity(limit, unit(tree.unit)), rate) for limit, rate in tree.tiers]
    return figures.share_of(built(tree.of), tiers=tiers, over=over)

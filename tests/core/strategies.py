"""What Hypothesis draws from: exact numbers, and expressions whose units fit and whose years lie within the term."""

from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st

from coopledger.core.quantity import Quantity, unit
from coopledger.core.rounding import MODES, Mode
from coopledger.core.schedule import Schedule
from tests.core import model as m

SINCE = 2014
FIRST_KNOWN, LAST_NEEDED = 2005, 2060

YUAN, PRICE, AREA, GOODS, GOODS_PRICE, FACTOR = "yuan", "yuan/mu", "mu", "jin", "yuan/jin", ""


def steady(examples: int) -> settings:
    """The same examples every time: a red run can be repeated, a green one means the same tomorrow."""
    return settings(max_examples=examples, derandomize=True, deadline=None, database=None)


amounts = st.one_of(
    st.integers(0, 3000).map(Fraction),
    st.integers(0, 500_000).map(lambda fen: Fraction(fen, 100)),
    st.builds(Fraction, st.integers(0, 5000), st.sampled_from([3, 7, 8, 15])),
)
"""Amounts with fen, with eighths, and with decimals that never end."""

percentages = st.sampled_from([
    Fraction(1, 5), Fraction(1, 4), Fraction(1, 2), Fraction(1, 8), Fraction(1, 3), Fraction(-1, 10), Fraction(0),
    Fraction(2), Fraction(1, 100),
])  # fmt: skip
modes: st.SearchStrategy[Mode] = st.sampled_from(MODES)
steps_of_rounding = st.sampled_from([Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(1, 4), Fraction(100)])


@st.composite
def changes_of(draw: st.DrawFn, unit: str) -> tuple[m.Kind, Fraction]:
    """A change; what is added to a plain number would be taken for a percentage of something."""
    kind = draw(st.sampled_from(["previous", "base", "replace"] + ["add"] * (unit != FACTOR)))
    value = draw(percentages if kind in ("previous", "base") else amounts)
    return kind, value  # type: ignore[return-value]


def years_within(years: int, first: int = 1, most: int = 4) -> st.SearchStrategy[set[int]]:
    return st.sets(st.integers(first, years), min_size=1, max_size=most)


@st.composite
def prices(draw: st.DrawFn, unit: str) -> m.Prices:
    by_calendar = draw(st.booleans())
    first = FIRST_KNOWN if by_calendar else 1
    needed = LAST_NEEDED if by_calendar else 50
    last = draw(st.integers(SINCE, SINCE + 12) if by_calendar else st.integers(1, 12))
    few = draw(st.lists(amounts, min_size=2, max_size=3))
    known = {year: few[year % len(few)] + year % 7 for year in range(first, last + 1)}
    growth, ahead = None, dict[int, Fraction]()
    how = draw(st.sampled_from(["unknown", "grows", "listed"]))
    if how == "grows":
        growth = draw(percentages)
    elif how == "listed":
        ahead = {year: few[-1] + year % 5 for year in range(last + 1, needed + 1)}
    return m.Prices(known, growth, ahead, draw(st.integers(0, 3)) if by_calendar else 0, unit)


@st.composite
def sources(draw: st.DrawFn, years: int, unit: str) -> m.AnyTree:  # noqa: PLR0911 - one case a kind of source
    kinds = ["level", "ramp", "listed", "lump sums", "step", "prices"] + ["steps"] * (years > 1)
    match draw(st.sampled_from(kinds)):
        case "level":
            return m.Level(draw(amounts), unit)
        case "ramp":
            return m.Ramp(draw(amounts), draw(amounts), unit)
        case "listed":
            return m.Listed(tuple(draw(st.lists(amounts, min_size=years, max_size=years))), unit)
        case "lump sums":
            return m.LumpSums({year: draw(amounts) for year in draw(years_within(years))}, unit)
        case "step":
            kind, by = draw(changes_of(unit))
            return m.Step(draw(amounts), draw(st.integers(1, 6)), kind, by, unit)
        case "steps":
            return m.Steps(draw(amounts), {year: draw(changes_of(unit)) for year in draw(years_within(years, 2))}, unit)
        case _:
            return draw(prices(unit))


@st.composite
def trees(  # noqa: C901, PLR0911, PLR0912 - one case a kind of expression
    draw: st.DrawFn, years: int, unit: str = YUAN, depth: int = 3, *, may_carry: bool = True
) -> m.AnyTree:
    """An expression in the unit that can be asked for exactly so many years."""
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return draw(sources(years, unit))

    def inner(years: int = years, unit: str = unit, *, carry: bool = may_carry) -> m.AnyTree:
        return draw(trees(years, unit, depth - 1, may_carry=carry))

    def several() -> tuple[m.AnyTree, ...]:
        return tuple(inner() for _ in range(draw(st.integers(2, 3))))

    kinds = ["sum", "less", "times", "highest", "lowest", "share", "mask", "until", "read", "in kind"]
    kinds = [kind for kind in kinds if kind != "read" or unit.startswith("yuan")]
    match draw(st.sampled_from(kinds + ["delay", "then"] * (years > 1))):
        case "sum":
            return m.Sum(several())
        case "less":
            return m.Less(inner(), inner())
        case "times":
            one, other = draw(st.sampled_from([(PRICE, AREA), (AREA, PRICE)])) if unit == YUAN else (unit, FACTOR)
            return m.Times(inner(unit=one), inner(unit=other))
        case "highest":
            return m.Highest(several())
        case "lowest":
            return m.Lowest(several())
        case "share":
            limits = sorted(draw(st.sets(amounts.filter(bool), max_size=3)))
            tiers = tuple((limit, abs(draw(percentages))) for limit in [*limits, None])
            return m.Share(inner(), tiers, inner() if draw(st.booleans()) else None, unit)
        case "mask":
            return m.Mask(tuple(draw(years_within(years))), inner())
        case "until":
            last = draw(st.integers(1, years + 3))
            return m.Until(last, inner(min(last, years)))
        case "delay":
            grace = draw(st.integers(1, years - 1))
            return m.Delay(grace, inner(years - grace))
        case "then":
            after = draw(st.integers(1, years - 1))
            return m.Then(inner(after), after, inner(years - after))
        case "read":
            carried = may_carry and draw(st.booleans())
            return m.Read(inner(carry=may_carry and not carried), draw(steps_of_rounding), draw(modes), carried)
        case _:
            if unit == YUAN:
                return m.InKind(inner(unit=GOODS), draw(prices(GOODS_PRICE)))
            return m.InKind(inner(unit=unit), draw(prices(FACTOR)))


@st.composite
def expressions(draw: st.DrawFn, unit: str = YUAN, most_years: int = 12) -> tuple[m.AnyTree, int]:
    """An expression and how many years it is for."""
    years = draw(st.integers(1, most_years))
    return draw(trees(years, unit)), years


@st.composite
def known_schedules(draw: st.DrawFn, years: int, unit_text: str = YUAN) -> Schedule:
    """A schedule of known amounts, 0 or more, for that many years."""
    least = Quantity(0, unit(unit_text))

    def known(tree: m.AnyTree) -> bool:
        return all(m.owed(tree, year, SINCE) is not None for year in range(1, years + 1)) and no_goods_are_owed_back(
            tree
        )

    def no_goods_are_owed_back(tree: m.AnyTree) -> bool:
        goods = m.built(tree).in_kind
        return goods is None or all((owed or 0) >= 0 for owed in goods.amounts(years, SINCE))

    return m.built(draw(trees(years, unit_text, 2).filter(known))).floor(
        m.built(m.Level(Fraction(least.value), unit_text))
    )

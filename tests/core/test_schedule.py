# ruff: noqa: ANN401 - values of the wrong type are the point of some tests
"""The algebra of schedules against the design page: its words as a naive model, its figures, its laws, its refusals."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.figures import figures, indexed, share_of
from coopledger.core.growth import change, listed, lump_sums, ramp, step, steps
from coopledger.core.quantity import Quantity, quantity, unit
from coopledger.core.rounding import MODES, Rounding
from coopledger.core.schedule import Clock, Schedule, Then, highest, level, lowest
from coopledger.core.series import series
from coopledger.errors import CoopledgerError, MissingValueError, QuantityError, ScheduleError, UnitError
from tests.core.model import AnyTree, Read, built, owed
from tests.core.strategies import (
    AREA,
    PRICE,
    SINCE,
    YUAN,
    amounts,
    expressions,
    known_schedules,
    modes,
    percentages,
    sources,
    steady,
    steps_of_rounding,
    trees,
)

DAM = ramp("10,000 yuan", rise="10,000 yuan")
RICE = series("rice", {1: "1.3 yuan/jin", 2: "1.4 yuan/jin"})


def whole(schedule: Schedule, years: int, since: int | None = SINCE) -> list[int]:
    """The amounts of a schedule whose amounts are known whole numbers."""
    found = schedule.amounts(years, since)
    assert all(amount is not None and amount.denominator == 1 for amount in found), found
    return [int(amount or 0) for amount in found]


# --- against the model -----------------------------------------------------------------------------------------


@steady(450)
@given(expressions())
def test_any_expression_owes_in_every_year_what_the_naive_model_says(drawn: tuple[AnyTree, int]) -> None:
    tree, years = drawn
    assert built(tree).amounts(years, SINCE) == [owed(tree, year, SINCE) for year in range(1, years + 1)]


@steady(200)
@given(st.data(), st.integers(1, 40))
def test_any_source_owes_in_every_year_what_the_naive_model_says(data: st.DataObject, years: int) -> None:
    tree = data.draw(sources(years, PRICE))
    assert built(tree).amounts(years, SINCE) == [owed(tree, year, SINCE) for year in range(1, years + 1)]


@steady(150)
@given(st.data(), st.integers(1, 25))
def test_a_price_carried_in_rounded_form_grows_from_what_was_rounded(data: st.DataObject, years: int) -> None:
    tree = data.draw(sources(years, PRICE))
    to, mode = data.draw(steps_of_rounding), data.draw(modes)
    read = Read(tree, to, mode, carried=True)
    assert built(read).amounts(years, SINCE) == [owed(read, year, SINCE) for year in range(1, years + 1)]


@steady(100)
@given(expressions())
def test_a_schedule_gives_the_same_amounts_when_it_is_asked_again(drawn: tuple[AnyTree, int]) -> None:
    tree, years = drawn
    schedule = built(tree)
    first = schedule.amounts(years, SINCE)
    assert schedule.amounts(years, SINCE) == first
    assert built(tree) == schedule


@steady(60)
@given(expressions(PRICE))
def test_every_expression_knows_its_unit(drawn: tuple[AnyTree, int]) -> None:
    assert built(drawn[0]).unit == unit(PRICE)


@steady(80)
@given(expressions())
def test_amounts_are_known_for_a_shorter_term_just_as_for_a_longer_one(drawn: tuple[AnyTree, int]) -> None:
    """What is owed in a year does not depend on how long the contract runs, where the expression allows both."""
    schedule, years = built(drawn[0]), drawn[1]
    try:
        shorter = schedule.amounts(years - 1, SINCE) if years > 1 else []
    except ScheduleError:
        return  # a list, step or hand-over that needs the last year
    assert schedule.amounts(years, SINCE)[: years - 1] == shorter


# --- figures of the design page --------------------------------------------------------------------------------


def test_the_clock_stops_in_a_delay_and_runs_under_a_mask() -> None:
    """docs: on 10,000 rising by 10,000 over 40 years, 3 grace years give 7,030,000 or 8,140,000."""
    assert sum(whole(DAM.delay(3), 40)) == 7_030_000
    assert sum(whole(DAM.mask([1, 2, 3]), 40)) == 8_140_000
    assert whole(DAM.delay(3), 5) == [0, 0, 0, 10_000, 20_000]
    assert whole(DAM.mask([1, 2, 3]), 5) == [0, 0, 0, 40_000, 50_000]


def test_the_seed_ramp_comes_to_8_200_000_and_to_7_150_000_by_either_unstated_clause() -> None:
    assert sum(whole(DAM, 40)) == 8_200_000
    assert sum(whole(DAM.until(26), 40)) == 7_150_000
    assert sum(whole(DAM.mask(range(1, 15)), 40)) == 7_150_000
    assert sum(whole(DAM.cap("260,000 yuan"), 40)) == 7_150_000


def test_an_amount_changes_after_so_many_full_years_and_not_before() -> None:
    assert whole(step("100 yuan", every=5, by="20%", of="previous"), 12) == [100] * 5 + [120] * 5 + [144] * 2


def test_of_base_and_of_previous_agree_for_two_steps_and_differ_from_the_third_on() -> None:
    base = whole(step("100 yuan", every=1, by="10%", of="base"), 4)
    previous = step("100 yuan", every=1, by="10%", of="previous").amounts(4)
    assert base == [100, 110, 120, 130]
    assert previous == [100, 110, 121, Fraction(1331, 10)]


def test_a_step_may_add_an_amount_or_replace_it() -> None:
    assert whole(step("100 yuan", every=2, by="15 yuan"), 5) == [100, 100, 115, 115, 130]
    assert whole(step("100 yuan", every=2, to="70 yuan"), 5) == [100, 100, 70, 70, 70]


def test_steps_in_named_years_take_effect_in_that_very_year_in_the_order_of_the_years() -> None:
    rent = quantity("600 yuan/mu")
    changes = {5: change(by="10%", of="previous"), 3: change(to="700 yuan/mu")}
    assert whole(steps(rent, changes), 5) == [600, 600, 700, 700, 770]


def test_a_step_of_base_grows_by_the_first_amount_even_after_a_replacement() -> None:
    rent = quantity("600 yuan/mu")
    changes = {2: change(to="1,000 yuan/mu"), 3: change(by="10%", of="base")}
    assert whole(steps(rent, changes), 3) == [600, 1000, 1060]


def test_lump_sums_come_in_their_years_only_counted_from_the_anchor_or_by_the_calendar() -> None:
    assert whole(lump_sums({2: "6,400 yuan"}), 3) == [0, 6400, 0]
    assert whole(lump_sums({2015: "6,400 yuan"}), 3, since=2014) == [0, 6400, 0]


def test_a_floor_plus_a_share_of_what_exceeds_a_hurdle() -> None:
    profit = series("profit", {1: "100 yuan", 2: "40 yuan", 3: "50 yuan", 4: "51 yuan"})
    assert (level("5 yuan") + share_of(profit, rate="10%", over="50 yuan")).amounts(4) == [10, 5, 5, Fraction(51, 10)]


def test_tiers_take_each_rate_of_its_own_bracket_only() -> None:
    profit = series("profit", {1: "50 yuan", 2: "100 yuan", 3: "150 yuan", 4: "250 yuan", 5: "0 yuan"})
    tiers = share_of(profit, tiers=[("100 yuan", "40%"), ("200 yuan", "30%"), (None, "10%")])
    assert whole(tiers, 5) == [20, 40, 55, 75, 0]


def test_a_lag_reads_the_figure_of_the_years_before() -> None:
    price = series("rice", {2012: "1 yuan", 2013: "2 yuan", 2014: "3 yuan", 2015: "4 yuan"})
    assert whole(figures(price), 2, since=2014) == [3, 4]
    assert whole(figures(price, lag=1), 2, since=2014) == [2, 3]
    assert whole(figures(price, lag=2), 2, since=2014) == [1, 2]


def test_figures_by_calendar_year_stay_with_the_calendar_behind_a_delay_and_a_hand_over() -> None:
    price = figures(series("rice", {2014: "1 yuan", 2015: "2 yuan", 2016: "3 yuan"}))
    assert whole(price.delay(1), 3, since=2014) == [0, 2, 3]
    assert whole(level("9 yuan").then(price, after=2), 3, since=2014) == [9, 9, 3]


def test_a_plain_percentage_may_step_as_well_and_says_of_what() -> None:
    share = step("20%", every=1, by="25%", of="base")
    assert share.amounts(3) == [Fraction(1, 5), Fraction(1, 4), Fraction(3, 10)]
    with pytest.raises(ScheduleError, match="of what"):
        step("20%", every=1, by="5%")


def test_only_a_price_is_rounded_as_one() -> None:
    """A factor, a percentage or a quantity of goods in the rate keeps all its digits."""
    carried = Rounding("unit price carried", to=1)
    factor = step(level("1").amounts(1)[0] or 1, every=1, by="12.5%", of="previous")
    assert (level("160 yuan/mu") * factor).rounded(carried).amounts(3) == [160, 180, 203]
    goods = indexed(step("500.4 jin/mu", every=1, by="1 jin/mu"), series("rice", {1: "1 yuan/jin", 2: "1 yuan/jin"}))
    assert goods.rounded(carried).amounts(2) == [500, 501]
    for plain in (level("8.5%"), level("500.4 jin/mu")):
        with pytest.raises(UnitError, match="price in money"):
            plain.rounded(carried)


def test_a_rise_is_carried_as_a_step_of_every_year_is() -> None:
    carried = Rounding("unit price carried", to=1)
    rise, every = ramp("160 yuan/mu", rise="0.4 yuan/mu"), step("160 yuan/mu", every=1, by="0.4 yuan/mu")
    assert rise.rounded(carried).amounts(5) == every.rounded(carried).amounts(5) == [160] * 5


# --- laws ------------------------------------------------------------------------------------------------------


@steady(60)
@given(st.data(), st.integers(1, 10))
def test_a_sum_does_not_depend_on_the_order_or_the_grouping(data: st.DataObject, years: int) -> None:
    a, b, c = (built(data.draw(trees(years, depth=2))) for _ in range(3))
    assert (a + b).amounts(years, SINCE) == (b + a).amounts(years, SINCE)
    assert ((a + b) + c).amounts(years, SINCE) == (a + (b + c)).amounts(years, SINCE)


@steady(80)
@given(st.data(), st.integers(1, 10))
def test_what_is_subtracted_and_added_again_leaves_the_known_amounts(data: st.DataObject, years: int) -> None:
    a, b = (data.draw(known_schedules(years)) for _ in range(2))
    assert (a - b + b).amounts(years, SINCE) == a.amounts(years, SINCE)


@steady(50)
@given(st.data(), st.integers(1, 10))
def test_the_price_of_a_sum_is_the_sum_of_the_prices(data: st.DataObject, years: int) -> None:
    a, b, area = (data.draw(known_schedules(years, of)) for of in (PRICE, PRICE, AREA))
    assert (a + b).per(area).amounts(years, SINCE) == (a.per(area) + b.per(area)).amounts(years, SINCE)


@steady(60)
@given(st.data(), st.integers(1, 10))
def test_a_product_does_not_depend_on_the_order(data: st.DataObject, years: int) -> None:
    a, b = built(data.draw(trees(years, PRICE, 1))), built(data.draw(trees(years, AREA, 1)))
    assert a.per(b).amounts(years, SINCE) == b.per(a).amounts(years, SINCE)


def test_nothing_at_an_unknown_price_is_nothing_whichever_factor_comes_first() -> None:
    prices = figures(RICE)
    assert level("0 jin").per(prices).amounts(4) == [0, 0, 0, 0]
    assert prices.per(level("0 jin")).amounts(4) == [0, 0, 0, 0]


@steady(50)
@given(st.data(), st.integers(1, 10))
def test_the_highest_and_the_lowest_of_two_are_the_two(data: st.DataObject, years: int) -> None:
    a, b = (data.draw(known_schedules(years)) for _ in range(2))
    assert (highest(a, b) + lowest(a, b)).amounts(years, SINCE) == (a + b).amounts(years, SINCE)
    assert highest(a, b).amounts(years, SINCE) == highest(b, a).amounts(years, SINCE)
    for high, low, one in zip(
        a.floor(b).amounts(years, SINCE), a.cap(b).amounts(years, SINCE), a.amounts(years, SINCE), strict=True
    ):
        assert high is not None
        assert low is not None
        assert one is not None
        assert low <= one <= high


@steady(60)
@given(st.data(), st.integers(1, 10))
def test_a_floor_or_a_cap_twice_is_the_same_as_once_and_a_cap_above_the_floor_keeps_between(
    data: st.DataObject, years: int
) -> None:
    a, b = (data.draw(known_schedules(years)) for _ in range(2))
    assert a.floor(b).floor(b).amounts(years, SINCE) == a.floor(b).amounts(years, SINCE)
    assert a.cap(b).cap(b).amounts(years, SINCE) == a.cap(b).amounts(years, SINCE)
    assert a.floor(b).cap(b).amounts(years, SINCE) == b.amounts(years, SINCE)
    assert a.floor(a.cap(b)).amounts(years, SINCE) == a.amounts(years, SINCE)


def test_a_floor_is_at_least_and_a_cap_at_most() -> None:
    assert whole(DAM.floor("25,000 yuan"), 4) == [25_000, 25_000, 30_000, 40_000]
    assert whole(DAM.cap("25,000 yuan"), 4) == [10_000, 20_000, 25_000, 25_000]


@steady(40)
@given(expressions(), st.integers(1, 12), st.integers(1, 12))
def test_growth_that_stops_twice_stops_at_the_earlier_year(drawn: tuple[AnyTree, int], n: int, k: int) -> None:
    schedule, years = built(drawn[0]), drawn[1]
    n, k = max(n, years), max(k, years)
    once = schedule.until(n).amounts(years, SINCE)
    assert schedule.until(n).until(n).amounts(years, SINCE) == once
    assert schedule.until(n).until(k).amounts(years, SINCE) == schedule.until(min(n, k)).amounts(years, SINCE)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (1, 4), (3, 3), (3, 5), (5, 3), (9, 2)])
def test_growth_stops_after_its_year_and_not_in_it(n: int, k: int) -> None:
    assert whole(DAM.until(n), 6) == [10_000 * min(year, n) for year in range(1, 7)]
    assert DAM.until(n).until(n).amounts(6) == DAM.until(n).amounts(6)
    assert DAM.until(n).until(k).amounts(6) == DAM.until(min(n, k)).amounts(6)


@steady(60)
@given(amounts, st.integers(2, 20), st.data())
def test_a_hand_over_to_the_same_level_is_the_level(amount: Fraction, years: int, data: st.DataObject) -> None:
    same = level(Quantity(amount, unit(YUAN)))
    after = data.draw(st.integers(1, years - 1))
    assert same.then(same, after=after).amounts(years) == same.amounts(years)


def begun_later(schedule: Schedule, years: int, passed: int) -> list[Fraction | None]:
    """The amounts of a schedule whose year 1 is a later year of the contract."""
    values = schedule.values(years, Clock(SINCE, passed))
    return [None if above is None else Fraction(above, values.denominator) for above in values.numerators]


def test_figures_by_contract_year_stay_those_of_the_contract_in_a_delay_and_after_a_hand_over() -> None:
    """The profit of year 4 is the profit of year 4, whenever the schedule that shares it began."""
    profit = figures(series("profit", {1: "10 yuan", 2: "20 yuan", 3: "30 yuan", 4: "40 yuan"}))
    assert profit.delay(2).amounts(4) == [0, 0, 30, 40]
    assert level("1 yuan").then(profit, after=3).amounts(4) == [1, 1, 1, 40]


@steady(60)
@given(st.data(), st.integers(2, 10))
def test_after_a_hand_over_the_second_schedule_begins_with_its_own_first_year(data: st.DataObject, years: int) -> None:
    after = data.draw(st.integers(1, years - 1))
    one, two = built(data.draw(trees(after, depth=2))), built(data.draw(trees(years - after, depth=2)))
    joined = one.then(two, after=after).amounts(years, SINCE)
    assert joined == one.amounts(after, SINCE) + begun_later(two, years - after, after)


@steady(60)
@given(st.data(), st.integers(2, 10))
def test_a_delay_is_nothing_handed_over_to_the_schedule_and_delays_add_up(data: st.DataObject, years: int) -> None:
    grace = data.draw(st.integers(1, years - 1))
    schedule = built(data.draw(trees(years - grace, depth=2)))
    delayed = schedule.delay(grace).amounts(years, SINCE)
    assert delayed == [0] * grace + begun_later(schedule, years - grace, grace)
    assert level("0 yuan").then(schedule, after=grace).amounts(years, SINCE) == delayed
    if grace > 1:
        assert schedule.delay(1).delay(grace - 1).amounts(years, SINCE) == delayed


@steady(60)
@given(expressions())
def test_a_mask_of_every_year_leaves_nothing_and_masks_join(drawn: tuple[AnyTree, int]) -> None:
    schedule, years = built(drawn[0]), drawn[1]
    assert schedule.mask(range(1, years + 1)).amounts(years, SINCE) == [0] * years
    if years > 1:
        assert schedule.mask([1]).mask([years]).amounts(years, SINCE) == schedule.mask([years, 1]).amounts(years, SINCE)


@steady(60)
@given(amounts, st.integers(1, 8), st.sampled_from(["previous", "base"]), st.integers(1, 30))
def test_a_step_by_nothing_is_a_level(amount: Fraction, every: int, of: Any, years: int) -> None:
    first = Quantity(amount, unit(YUAN))
    assert step(first, every=every, by="0%", of=of).amounts(years) == level(first).amounts(years)
    assert step(first, every=every, by="0 yuan").amounts(years) == level(first).amounts(years)
    assert step(first, every=every, to=first).amounts(years) == level(first).amounts(years)


@steady(60)
@given(amounts, percentages, st.integers(1, 8), st.integers(2, 30))
def test_a_step_on_the_grid_is_the_same_as_its_steps_named_one_by_one(
    amount: Fraction, rate: Fraction, every: int, years: int
) -> None:
    first = Quantity(amount, unit(YUAN))
    named = range(every + 1, years + 1, every)
    if not named:
        return
    growing = step(first, every=every, by=rate, of="previous")
    assert steps(first, dict.fromkeys(named, change(by=rate, of="previous"))).amounts(years) == growing.amounts(years)


@steady(40)
@given(amounts, amounts, st.integers(1, 30))
def test_a_ramp_is_a_step_by_an_amount_every_year(first: Fraction, rise: Fraction, years: int) -> None:
    one, more = Quantity(first, unit(YUAN)), Quantity(rise, unit(YUAN))
    assert ramp(one, rise=more).amounts(years) == step(one, every=1, by=more).amounts(years)


@steady(60)
@given(st.data(), st.integers(1, 10), steps_of_rounding)
def test_an_amount_that_is_read_rounded_is_rounded_once_for_all(data: st.DataObject, years: int, to: Fraction) -> None:
    schedule = data.draw(known_schedules(years))
    for mode in MODES:
        read = schedule.rounded(Rounding("unit price", mode, to))
        assert read.rounded(Rounding("unit price", mode, to)).amounts(years, SINCE) == read.amounts(years, SINCE)
        for rounded, exact in zip(read.amounts(years, SINCE), schedule.amounts(years, SINCE), strict=True):
            assert rounded is not None
            assert exact is not None
            assert abs(rounded - exact) < to
            assert (rounded / to).denominator == 1


def test_an_amount_that_stands_where_a_schedule_may_stand_is_the_same_each_year() -> None:
    assert whole("5 yuan" + DAM, 2) == [10_005, 20_005]
    assert whole("30,000 yuan" - DAM, 2) == [20_000, 10_000]
    assert whole(2 * level("5 yuan") * 3, 1) == [30]


def test_adding_schedules_changes_neither_of_them() -> None:
    before = DAM.amounts(3)
    assert (DAM + DAM).amounts(3) == [2 * (amount or 0) for amount in before]
    assert DAM.amounts(3) == before


# --- in kind ---------------------------------------------------------------------------------------------------


@steady(60)
@given(st.data(), st.integers(2, 10))
def test_goods_follow_the_clock_of_what_is_paid_in_kind(data: st.DataObject, years: int) -> None:
    goods = data.draw(known_schedules(years - 1, "jin"))
    rice = series("rice", {SINCE - 5: "1.3 yuan/jin", **dict.fromkeys(range(SINCE - 4, SINCE + 15), "1.4 yuan/jin")})
    paid = indexed(goods, rice).delay(1).mask([2])
    assert paid.in_kind is not None
    assert paid.in_kind.amounts(years, SINCE) == goods.delay(1).mask([2]).amounts(years, SINCE)


def test_the_goods_of_a_price_an_area_and_a_sum() -> None:
    rent = indexed("500 jin/mu", RICE).per("10 mu")
    assert rent.in_kind is not None
    assert rent.in_kind.unit == unit("jin")
    assert whole(rent.in_kind, 3) == [5000, 5000, 5000]
    both = rent + indexed("700 jin", RICE)
    assert both.in_kind is not None
    assert whole(both.in_kind, 1) == [5700]


def test_money_added_to_goods_is_no_longer_paid_in_goods_alone() -> None:
    assert (indexed("500 jin", RICE) + level("5 yuan")).in_kind is None
    assert level("5 yuan").in_kind is None


# --- refusals: every message names what was seen and what is accepted -------------------------------------------

RENT = quantity("600 yuan/mu")
PROFIT = series("profit", {1: "100 yuan"})

REFUSED: list[tuple[str, Callable[[], object], type[CoopledgerError], str]] = [
    ("a list shorter than the term", lambda: listed(["1 yuan"] * 39).amounts(40), ScheduleError, "40 .* 39 "),
    ("a list longer than the term", lambda: listed(["1 yuan"] * 41).amounts(40), ScheduleError, "40 .* 41 "),
    ("an empty list", lambda: listed([]), ScheduleError, "empty list.* one amount"),
    ("no lump sums", lambda: lump_sums({}), ScheduleError, "empty list.* at least one"),
    ("no steps", lambda: steps(RENT, {}), ScheduleError, "empty list.* at least one"),
    ("a mask of no years", lambda: DAM.mask([]), ScheduleError, "empty list.* at least one"),
    ("the highest of nothing", highest, ScheduleError, "empty list.* at least one"),
    ("the lowest of nothing", lowest, ScheduleError, "empty list.* at least one"),
    ("a step outside the term", lambda: steps(RENT, {9: change(to="1 yuan/mu")}).amounts(8), ScheduleError,
     "year 9 .*2 to 8"),
    ("a step in year 1", lambda: steps(RENT, {1: change(to="1 yuan/mu")}), ScheduleError, "year 1: .*from 2"),
    ("a step between years", lambda: steps(RENT, {2.5: change(to="1 yuan/mu")}), ScheduleError,  # type: ignore[arg-type]
     "2.5.*contract years from 2"),
    ("a step every half year", lambda: step("1 yuan", every=0.5, by="1 yuan"), ScheduleError,  # type: ignore[arg-type]
     "every 0.5 years.*whole years, 1 or more"),
    ("a step every 5/2 years", lambda: step("1 yuan", every=Fraction(5, 2), by="1 yuan"), ScheduleError,  # type: ignore[arg-type]
     "every 2.5 years.*whole years, 1 or more"),
    ("a step every 0 years", lambda: step("1 yuan", every=0, by="1 yuan"), ScheduleError, "every 0 .*1 or more"),
    ("a step every -5 years", lambda: step("1 yuan", every=-5, by="1 yuan"), ScheduleError, "every -5 .*1 or more"),
    ("a step every True years", lambda: step("1 yuan", every=True, by="1 yuan"), ScheduleError, "True.*1 or more"),
    ("a step every '5' years", lambda: step("1 yuan", every="5", by="1 yuan"), ScheduleError, "'5'.*1 or more"),  # type: ignore[arg-type]
    ("a percentage of nothing said", lambda: step("1 yuan", every=5, by="20%"), ScheduleError,
     "20% of what.*previous.*base"),
    ("a percentage of something else", lambda: step("1 yuan", every=5, by="20%", of="first"), ScheduleError,  # type: ignore[arg-type]
     "'first'.*previous.*base"),
    ("an amount of base", lambda: step("1 yuan", every=5, by="2 yuan", of="base"), ScheduleError,
     "2 yuan.*percentage"),
    ("a step by nothing said", lambda: step("1 yuan", every=5), ScheduleError, "'by'.*'to'"),
    ("a step by and to", lambda: step("1 yuan", every=5, by="1 yuan", to="2 yuan"), ScheduleError, "'by'.*'to'"),
    ("a fall by all of it", lambda: step("1 yuan", every=5, by="-100%", of="previous"), ScheduleError,
     "-100%.*more than -100%"),
    ("a fall by more than all", lambda: step("1 yuan", every=5, by="-120%", of="base"), ScheduleError,
     "-120%.*more than -100%"),
    ("a named fall by all of it", lambda: steps(RENT, {3: change(by="-100%", of="base")}), ScheduleError,
     "-100%.*more than -100%"),
    ("a lump sum after the term", lambda: lump_sums({4: "1 yuan"}).amounts(3), ScheduleError, "year 4 .*1 to 3"),
    ("a lump sum in year 0", lambda: lump_sums({0: "1 yuan"}).amounts(3), ScheduleError, "year 0.*1 or more"),
    ("a lump sum before the term", lambda: lump_sums({2013: "1 yuan"}).amounts(3, 2014), ScheduleError,
     "2013 .*2014–2016"),
    ("a lump sum after the calendar years", lambda: lump_sums({2017: "1 yuan"}).amounts(3, 2014), ScheduleError,
     "2017 .*2014–2016"),
    ("a calendar year without a calendar", lambda: lump_sums({2014: "1 yuan"}).amounts(3), ScheduleError,
     "calendar year in which year 1 starts"),
    ("a year masked twice", lambda: DAM.mask([2, 3, 2]), ScheduleError, "year 2 .*twice.*once"),
    ("a mask after the term", lambda: DAM.mask([2, 41]).amounts(40), ScheduleError, "41 .*40"),
    ("a mask of year 0", lambda: DAM.mask([0]), ScheduleError, "year 0.*1 or more"),
    ("a delay of 0 years", lambda: DAM.delay(0), ScheduleError, "0.*1 or more"),
    ("a delay of -1 years", lambda: DAM.delay(-1), ScheduleError, "-1.*1 or more"),
    ("a delay of 1.5 years", lambda: DAM.delay(1.5), ScheduleError, "1.5.*whole number"),  # type: ignore[arg-type]
    ("a delay of True years", lambda: DAM.delay(True), ScheduleError, "True.*whole number"),
    ("a delay of the whole term", lambda: DAM.delay(40).amounts(40), ScheduleError, "40 .*40 years"),
    ("growth until year 0", lambda: DAM.until(0), ScheduleError, "year 0.*1 or more"),
    ("a hand-over at the end", lambda: DAM.then(DAM, after=40).amounts(40), ScheduleError, "after year 40 .*40 years"),
    ("a hand-over after year 0", lambda: DAM.then(DAM, after=0), ScheduleError, "year 0.*1 or more"),
    ("a rate below nothing", lambda: share_of(PROFIT, rate="-5%"), ScheduleError, "percentage such as 10%"),
    ("a rate in yuan", lambda: share_of(PROFIT, rate="5 yuan"), ScheduleError, "5 yuan.*percentage such as 10%"),
    ("a share without a rate", lambda: share_of(PROFIT), ScheduleError, "rate or tiers"),
    ("a share with a rate and tiers", lambda: share_of(PROFIT, rate="5%", tiers=[(None, "5%")]), ScheduleError,
     "either a rate or tiers"),
    ("falling tiers", lambda: share_of(PROFIT, tiers=[("9 yuan", "5%"), ("8 yuan", "6%"), (None, "1%")]),
     ScheduleError, "9, 8.*rising limits"),
    ("the same tier twice", lambda: share_of(PROFIT, tiers=[("9 yuan", "5%"), ("9 yuan", "6%"), (None, "1%")]),
     ScheduleError, "9, 9.*rising limits"),
    ("tiers that end", lambda: share_of(PROFIT, tiers=[("9 yuan", "5%")]), ScheduleError, "9: .*last tier without"),
    ("a tier without end in the middle", lambda: share_of(PROFIT, tiers=[(None, "5%"), (None, "6%")]), ScheduleError,
     "rising limits.*last tier without"),
    ("a tier up to 0", lambda: share_of(PROFIT, tiers=[("0 yuan", "5%"), (None, "6%")]), ScheduleError,
     "up to 0.*above 0"),
    ("a tier in another unit", lambda: share_of(PROFIT, tiers=[("9 jin", "5%"), (None, "6%")]), UnitError,
     "9 jin.*yuan"),
    ("a hurdle in another unit", lambda: share_of(PROFIT, rate="5%", over="9 yuan/mu"), UnitError, "yuan.*yuan/mu"),
    ("yuan and yuan/mu added", lambda: level("1 yuan") + level("1 yuan/mu"), UnitError, "yuan and yuan/mu.*same unit"),
    ("yuan and yuan/mu subtracted", lambda: level("1 yuan") - "1 yuan/mu", UnitError, "yuan and yuan/mu.*same unit"),
    ("yuan and yuan/mu compared", lambda: level("1 yuan").floor("1 yuan/mu"), UnitError, "yuan and yuan/mu.*same unit"),
    ("yuan and a plain number compared", lambda: lowest("1 yuan", "1"), UnitError, "yuan and 1 .*same unit"),
    ("yuan and kg joined", lambda: level("1 yuan").then("1 kg", after=2), UnitError, "yuan and kg.*same unit"),
    ("jin and kg added", lambda: level("1 jin") + "1 kg", UnitError, "jin and kg.*same unit"),
    ("a ramp that rises in another unit", lambda: ramp("1 yuan", rise="1 yuan/mu"), UnitError,
     "1 yuan/mu .*where yuan"),
    ("a ramp that rises by a plain number", lambda: ramp("1 yuan", rise="1"), UnitError, "1 has no unit: yuan"),
    ("a list in two units", lambda: listed(["1 jin", "1 kg"]), UnitError, "1 kg .*where jin"),
    ("a list in kg and jin", lambda: listed(["1 kg", "1 jin"]), UnitError, "1 jin is in jin where kg .*1 kg is 2 jin"),
    ("lump sums in two units", lambda: lump_sums({1: "1 yuan", 2: "1 jin"}), UnitError, "1 jin .*where yuan"),
    ("a step by another unit", lambda: step("1 yuan", every=1, by="1 jin"), UnitError, "1 jin .*where yuan"),
    ("a step to another unit", lambda: step("1 yuan", every=1, to="1 yuan/mu"), UnitError, "1 yuan/mu .*where yuan"),
    ("a float as an amount", lambda: level(1.5), QuantityError, "1.5.*'1.5'"),  # type: ignore[arg-type]
    ("a float as a rate", lambda: step("1 yuan", every=1, by=0.2, of="previous"), QuantityError, "0.2.*'0.2'"),  # type: ignore[arg-type]
    ("a float as a factor", lambda: level("1 yuan") * 0.5, QuantityError, "0.5.*'0.5'"),  # type: ignore[operator]
    ("a truth value as an amount", lambda: level(True), QuantityError, "True.*160 yuan/mu"),
    ("a truth value as a rate", lambda: share_of(PROFIT, rate=True), QuantityError, "True.*20%"),
    ("nothing as an amount", lambda: level(None), QuantityError, "None.*160 yuan/mu"),  # type: ignore[arg-type]
    ("figures by calendar year without one", lambda: figures(series("p", {2014: "1 yuan"})).amounts(1), ScheduleError,
     "calendar year in which year 1 starts"),
    ("a figure before the first", lambda: figures(series("p", {2015: "1 yuan"})).amounts(1, 2014), MissingValueError,
     "p has no figure for 2014.*2015"),
]  # fmt: skip


@pytest.mark.parametrize(("refused", "error", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_cannot_be_meant_is_refused_in_words(
    refused: Callable[[], object], error: type[CoopledgerError], words: str
) -> None:
    with pytest.raises(error) as caught:
        refused()
    said = str(caught.value)
    assert re.search(words, said), said
    assert "{" not in said
    assert caught.value.say("zh")
    assert "{" not in caught.value.say("zh")


def test_a_step_given_twice_for_one_year_is_refused() -> None:
    from coopledger.core.growth import Steps

    raised = change(by="5%", of="base")
    with pytest.raises(ScheduleError, match=r"year 3 is given twice: once"):
        Steps(RENT, ((3, raised), (2, raised), (3, raised)))
    with pytest.raises(ScheduleError, match=r"year 3 is given twice: once"):
        steps(RENT, [(3, raised), (3, raised)])


def test_two_lump_sums_that_meet_in_one_year_are_refused_also_where_one_is_named_by_the_calendar() -> None:
    """Year 1 is 2014: neither sum may silently take the place of the other."""
    with pytest.raises(ScheduleError, match="twice"):
        lump_sums({1: "5 yuan", 2014: "7 yuan"}).amounts(3, since=2014)


@pytest.mark.parametrize("years", [[True], [1.5], ["1"], [None]])
def test_lump_sums_in_years_that_are_no_whole_numbers_are_refused(years: list[Any]) -> None:
    with pytest.raises(ScheduleError):
        lump_sums(dict.fromkeys(years, "5 yuan")).amounts(3)


@pytest.mark.parametrize("years", [["a", 1], [None, 1], ["12"]])
def test_a_mask_of_years_that_are_no_whole_numbers_is_refused(years: list[Any]) -> None:
    with pytest.raises(ScheduleError):
        DAM.mask(years)


@pytest.mark.parametrize("lag", [-1, True, 0.5, "1"])
def test_a_lag_that_is_no_whole_number_of_years_is_refused(lag: Any) -> None:
    prices = series("rice", {2010 + n: "1 yuan/jin" for n in range(10)})
    with pytest.raises(ScheduleError):
        figures(prices, lag=lag)
    with pytest.raises(ScheduleError):
        indexed("5 jin", prices, lag=lag)


def test_a_term_of_less_than_no_years_is_refused() -> None:
    with pytest.raises(ScheduleError):
        DAM.amounts(-2)


@pytest.mark.parametrize("at", ["running total", "payment", "total"])
def test_a_rounding_of_payments_is_refused_where_a_price_is_read(at: Any) -> None:
    """Its words would promise a running total, its amounts would not keep it."""
    with pytest.raises(ScheduleError):
        DAM.rounded(Rounding(at))


def test_a_fall_in_a_step_is_said_with_one_sign() -> None:
    assert "+-" not in str(step("10 yuan", every=1, by="-1 yuan").words)
    assert "+-" not in str(step("10 yuan", every=1, by="-10%", of="previous").words)


def test_schedules_are_values_and_cannot_be_changed() -> None:
    joined = level("1 yuan").then("2 yuan", after=1)
    assert joined == Then(level("1 yuan"), 1, level("2 yuan"))
    with pytest.raises(AttributeError):
        joined.after = 2


@pytest.mark.parametrize("by", ["5", 5, "100"])
def test_a_forgotten_percent_sign_is_asked_for(by: Any) -> None:
    with pytest.raises(QuantityError, match=r"write .*%"):
        step("600 yuan/mu", every=3, by=by, of="base")
    with pytest.raises(QuantityError, match=r"write .*%"):
        share_of(series("profit", {1: "100 yuan"}), rate=by)


def test_a_rate_of_a_hundred_percent_and_more_is_written_as_one() -> None:
    assert whole(step("6 yuan", every=1, by="100%", of="previous"), 3) == [6, 12, 24]
    assert whole(step("6 yuan", every=1, by=Fraction(3, 2), of="previous"), 2) == [6, 15]


def test_a_step_after_more_years_than_anybody_counts_takes_no_room() -> None:
    assert whole(step("5 yuan", every=10**15, by="20%", of="previous"), 3) == [5, 5, 5]

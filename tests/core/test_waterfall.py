"""A year's surplus runs through the charter's steps: every fen, in their order, within the law.

Rules are tested with their articles; the published cases with figures from their facts are in test_waterfall_cases.py.
"""

import json
from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.allocation import natural_key
from coopledger.core.distribution import Distribution, Outcome, all_outcomes, distribute, part_words
from coopledger.core.lawful import (
    COLLECTIVE_LAW,
    LAWS,
    SHANGHAI,
    SPECIALISED_LAW,
    ZHEJIANG,
    Law,
    check_lawful,
    collective_waterfall,
    land_waterfall,
    specialised_waterfall,
)
from coopledger.core.rounding import MODES, Mode
from coopledger.core.surplus import Surplus
from coopledger.core.waterfall import (
    FEN,
    PURPOSES,
    SUMS,
    Portion,
    Purpose,
    Step,
    Waterfall,
    all_steps,
    fixed,
    plain_waterfall,
    read_waterfall,
    share,
)
from coopledger.errors import CoopledgerError, WaterfallError
from tests.core.strategies import steady

T = TypeVar("T")
HOLDERS = ("1", "2", "9", "10", "A2", "A10")  # in the order of their numbers
BASES = ("shares", "trade", "heads")
LOSSES = Step("losses", "losses")

# ---------------------------------------------------------------- any waterfall, any year

factors = st.fractions(0, 1, max_denominator=40)
parts = st.one_of(
    st.builds(Portion, factors, st.sampled_from(SUMS)),
    st.builds(Portion, st.fractions(0, 10, max_denominator=9), st.just("capital")),
    st.builds(Portion, st.integers(0, 10**6).map(Fraction), st.just(FEN)),
)
paying: st.SearchStrategy[Purpose] = st.sampled_from([one for one in PURPOSES if one not in ("losses", "pool")])
bases = st.sampled_from(BASES)
limits = st.none() | parts


@st.composite
def leaves(draw: st.DrawFn, *, weighted: bool = False) -> Step:
    step = Step(
        "", draw(paying), mode=draw(st.none() | st.sampled_from(MODES)), to_fen=draw(st.sampled_from([None, 100]))
    )
    kind = draw(st.sampled_from(["fund", "split", "each"]))
    if weighted:
        step = step._replace(weight=draw(st.fractions(1, 9, max_denominator=9)))
        return step if kind == "fund" else step._replace(by=draw(bases))
    if kind == "each":
        return step._replace(
            each=draw(st.fractions(0, 50, max_denominator=9)),
            by=draw(bases),
            above=draw(st.integers(0, 3)),
            at_most=draw(limits),
            part_at_least_fen=draw(st.integers(0, 20)),
            part_at_most_fen=draw(st.none() | st.integers(0, 5000)),
            accumulates=draw(st.booleans()),
        )
    step = step._replace(amount=draw(parts), at_least=draw(limits), at_most=draw(limits))
    if kind == "fund":
        return step._replace(full_at=draw(limits))
    return step._replace(by=draw(bases), above=draw(st.integers(0, 3)))


@st.composite
def several(draw: st.DrawFn, deep: int = 2) -> list[Step]:
    weighted = draw(st.booleans()) and deep < 2
    found = []
    for _ in range(draw(st.integers(1, 4))):
        if deep and draw(st.integers(0, 3)) == 0:
            inner = tuple(draw(several(deep=deep - 1)))
            pool = Step("", "pool", steps=inner)
            found.append(
                pool._replace(weight=draw(st.fractions(1, 9))) if weighted else pool._replace(amount=draw(parts))
            )
        else:
            found.append(draw(leaves(weighted=weighted)))
    return found


def numbered(steps: list[Step], above: str = "s") -> tuple[Step, ...]:
    return tuple(
        one._replace(code=f"{above}{at}", steps=numbered([*one.steps], f"{above}{at}.")) for at, one in enumerate(steps)
    )


@st.composite
def waterfalls(draw: st.DrawFn) -> Waterfall:
    steps = numbered(draw(several()))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(steps)))
        steps = (*steps[:at], LOSSES, *steps[at:])
    mode, to_fen = draw(st.sampled_from(MODES)), draw(st.sampled_from([1, 1, 100]))
    return Waterfall(steps, mode=mode, to_fen=to_fen, members_trade=draw(st.booleans()))


sums = st.one_of(st.integers(0, 12), st.integers(0, 10**5), st.integers(0, 10**12))
registers = st.dictionaries(st.sampled_from(HOLDERS), st.one_of(st.integers(0, 5), st.integers(0, 10**5)))


@st.composite
def years_of(draw: st.DrawFn, waterfall: Waterfall) -> Surplus:
    steps = [*all_steps(waterfall.steps)]
    return Surplus(
        draw(sums) * draw(st.sampled_from([1, 1, 1, -1])),
        draw(st.just(0) | sums),
        draw(st.just(0) | sums),
        {one.code: draw(sums) for one in steps if one.full_at is not None},
        {"capital": draw(sums)},
        {one: draw(registers) for one in BASES},
        {one.code: draw(registers) for one in steps if one.accumulates},
    )


@st.composite
def runs(draw: st.DrawFn) -> tuple[Waterfall, Surplus]:
    waterfall = draw(waterfalls())
    return waterfall, draw(years_of(waterfall))


def taken(outcomes: tuple[Outcome, ...]) -> int:
    return sum(one.amount_fen for one in outcomes)


@steady(60)
@given(runs())
def test_the_amounts_and_what_remains_are_the_whole_surplus(run: tuple[Waterfall, Surplus]) -> None:
    done = distribute(*run)
    assert taken(done.outcomes) + done.remains_fen == run[1].total_fen
    for one in all_outcomes(done.outcomes):
        if one.step.steps:
            assert taken(one.outcomes) == one.amount_fen
        if one.step.by:
            assert sum(one.parts.values()) == one.amount_fen
        else:
            assert not one.parts
    to_holders = sum(one.amount_fen for one in all_outcomes(done.outcomes) if one.step.by)
    assert sum(done.parts().values()) == to_holders


@steady(60)
@given(runs())
def test_nothing_is_negative_and_nobody_gets_more_than_is_due(run: tuple[Waterfall, Surplus]) -> None:
    done = distribute(*run)
    assert done.remains_fen >= min(run[1].total_fen, 0)
    assert done.uncovered_fen >= 0
    for one in all_outcomes(done.outcomes):
        assert 0 <= one.amount_fen <= one.due_fen
        assert one.shortfall_fen == one.due_fen - one.amount_fen
        assert all(part >= 0 for part in one.parts.values())
        assert all(0 <= one.parts[holder] <= due for holder, due in one.dues.items())
        assert all(one.dues or one.weights[holder] or not part for holder, part in one.parts.items())
        if one.step.accumulates:
            assert {holder: due - one.unpaid.get(holder, 0) for holder, due in one.dues.items()} == one.parts


@steady(60)
@given(runs())
def test_a_step_falls_short_only_when_nothing_is_left(run: tuple[Waterfall, Surplus]) -> None:
    done = distribute(*run)
    left = max(run[1].total_fen, 0)
    for one in done.outcomes:
        left -= one.amount_fen
        assert not one.shortfall_fen or one.step.steps or left == 0


@steady(60)
@given(runs(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(run: tuple[Waterfall, Surplus], chance: Random) -> None:
    waterfall, year = run

    def shuffled(rows: Mapping[str, T]) -> dict[str, T]:
        pairs = [*rows.items()]
        chance.shuffle(pairs)
        return dict(pairs)

    again = year._replace(
        bases=shuffled({name: shuffled(rows) for name, rows in year.bases.items()}),
        arrears=shuffled({name: shuffled(rows) for name, rows in year.arrears.items()}),
        figures=shuffled(year.figures),
        funds=shuffled(year.funds),
    )
    one, other = distribute(waterfall, year), distribute(waterfall, again)
    assert one.outcomes == other.outcomes
    assert [*one.parts().items()] == [*other.parts().items()]
    assert [*one.parts()] == sorted(one.parts(), key=natural_key)
    for outcome in all_outcomes(other.outcomes):
        assert [*outcome.parts] == sorted(outcome.parts, key=natural_key)


@steady(60)
@given(runs())
def test_a_waterfall_is_read_back_from_its_facts_and_runs_the_same(run: tuple[Waterfall, Surplus]) -> None:
    waterfall, year = run
    facts = json.loads(json.dumps(plain_waterfall(waterfall)))
    again = read_waterfall(facts)
    assert again == waterfall
    assert hash(again) == hash(waterfall)
    assert distribute(again, year) == distribute(waterfall, year)


@steady(60)
@given(runs())
def test_every_outcome_is_said_in_both_languages(run: tuple[Waterfall, Surplus]) -> None:
    for one in all_outcomes(distribute(*run).outcomes):
        assert one.words
        for words in one.words:
            assert words.say("zh") != words.say("en")
        for holder in one.parts:
            assert part_words(one, holder).say("zh") != part_words(one, holder).say("en")


of_what_is_left = st.builds(
    lambda rate, floor, ceiling: Step(
        "",
        "other",
        Portion(rate, "left"),
        at_least=Portion(Fraction(floor), FEN),
        at_most=None if ceiling is None else Portion(Fraction(ceiling), FEN),
    ),
    factors,
    st.integers(0, 1000),
    st.none() | st.integers(0, 10**6),
)


@steady(60)
@given(st.lists(of_what_is_left, max_size=5), st.integers(0, 10**6), st.integers(0, 1000), st.integers(0, 10**5))
def test_a_larger_surplus_makes_no_step_smaller(steps: list[Step], fen: int, more: int, losses: int) -> None:
    """Where steps take of what is left, rounded to the fen. (Of the surplus itself, two steps can round up at once.)"""
    waterfall = Waterfall((LOSSES, *numbered(steps)))
    low, high = (distribute(waterfall, Surplus(one, losses)) for one in (fen, fen + more))
    for one, other in zip(low.outcomes, high.outcomes, strict=True):
        assert one.amount_fen <= other.amount_fen
    assert low.remains_fen <= high.remains_fen
    assert low.uncovered_fen >= high.uncovered_fen


@steady(60)
@given(waterfalls(), st.data())
def test_no_surplus_pays_nobody(waterfall: Waterfall, data: st.DataObject) -> None:
    year = data.draw(years_of(waterfall))
    year = year._replace(surplus_fen=-year.carried_fen - 7)
    done = distribute(waterfall, year)
    assert taken(done.outcomes) == 0
    assert (done.remains_fen, done.uncovered_fen) == (-7, year.losses_fen + 7)


@steady(60)
@given(waterfalls(), st.sampled_from([*LAWS.values()]))
def test_what_a_law_says_of_any_waterfall_can_be_said(waterfall: Waterfall, law: Law) -> None:
    for problem in check_lawful(waterfall, law):
        assert problem.message.say("zh") != problem.message.say("en")
        assert problem.say("zh").startswith(("步骤", "收益分配步骤"))


@steady(60)
@given(
    several(deep=1),
    st.fractions(Fraction(1, 2), 1, max_denominator=20),
    st.one_of(st.integers(0, 10**4), st.integers(10**4, 10**12)),
    st.tuples(st.sampled_from(MODES), st.sampled_from([1, 100, 1_000_00])),
    st.data(),
)
def test_what_the_law_finds_certain_is_paid_in_every_year(
    before: list[Step], rate: Fraction, fen: int, rounding: tuple[Mode, int], data: st.DataObject
) -> None:
    """Where no problem of the refund is found, 60 % are refunded in each year without losses in which all trade."""
    refund = Step(
        "patronage", "patronage", Portion(rate, "distributable"), by="trade", mode=rounding[0], to_fen=rounding[1]
    )
    unweighted = [one for one in before if one.weight is None and one.purpose != "patronage"]
    waterfall = Waterfall([*numbered(unweighted), refund])
    if "农民专业合作社法 44(1)" in [
        one.message.values.get("source") for one in check_lawful(waterfall, SPECIALISED_LAW)
    ]:
        return
    year = data.draw(years_of(waterfall))
    done = distribute(waterfall, year._replace(surplus_fen=fen, losses_fen=0, bases={one: {"1": 10} for one in BASES}))
    leaves_of = [one for one in all_outcomes(done.outcomes) if not one.step.steps]
    reserve = sum(one.amount_fen for one in leaves_of if one.step.purpose == "reserve")
    refunded = sum(one.amount_fen for one in leaves_of if one.step.purpose == "patronage")
    assert refunded >= (fen - reserve) * Fraction(3, 5) - len(leaves_of)  # each step is rounded to the fen


# ---------------------------------------------------------------- one step


def amount(step: Step, year: Surplus, **how: Any) -> int:
    return distribute(Waterfall([step], **how), year).outcomes[0].amount_fen


@pytest.mark.parametrize(
    ("surplus_fen", "reserve_fen"),
    [(100_000_00, 50_000_00), (250_000_00, 50_000_00), (300_000_00, 60_000_00), (40_000_00, 40_000_00), (0, 0)],
)
def test_a_reserve_of_50_000_yuan_or_20_percent_is_the_higher_of_the_two(surplus_fen: int, reserve_fen: int) -> None:
    """The floor that issue 4 names: max(50,000; 20 %)."""
    step = Step("reserve", "reserve", share("20%", "after losses"), at_least=fixed(50_000))
    done = distribute(Waterfall([step]), Surplus(surplus_fen))
    assert done.outcomes[0].amount_fen == reserve_fen
    assert done.outcomes[0].shortfall_fen == max(50_000_00 - surplus_fen, 0)


@pytest.mark.parametrize(
    ("balance_fen", "reserve_fen"), [(0, 200_00), (400_00, 100_00), (300_00, 200_00), (500_00, 0), (900_00, 0)]
)
def test_a_fund_gets_no_more_than_fills_it(balance_fen: int, reserve_fen: int) -> None:
    step = Step("reserve", "reserve", share("20%", "left"), full_at=share("1/2", "share capital"))
    year = Surplus(1_000_00, funds={"reserve": balance_fen}, figures={"share capital": 1_000_00})
    assert amount(step, year) == reserve_fen


def test_the_cadres_reward_stays_under_its_ceiling_which_wins_over_a_floor() -> None:
    reward = Step("reward", "reward", share("10%", "left"), at_most=fixed(3000))
    assert [amount(reward, Surplus(fen)) for fen in (20_000_00, 50_000_00)] == [2000_00, 3000_00]
    assert amount(reward._replace(at_least=fixed(4000)), Surplus(50_000_00)) == 3000_00


def test_a_reward_is_a_part_of_what_it_says() -> None:
    year = Surplus(1000, losses_fen=100, carried_fen=50, figures={"sales": 7000})
    before = [LOSSES, Step("reserve", "reserve", share("10%", "after losses"))]
    for of, fen in (
        ("surplus", 500),
        ("after losses", 450),
        ("distributable", 405),
        ("left", 430),  # 1000 + 50 − 100 − 90, of which half
        ("pool", 525),
    ):
        done = distribute(Waterfall([*before, Step("reward", "reward", share("1/2", of))]), year)
        assert (done.outcomes[2].amount_fen, done.outcomes[2].base_fen) == (fen, fen * 2)
    assert amount(Step("reward", "reward", share("1/100", "sales")), year) == 70


def test_distributable_is_the_surplus_after_losses_and_reserve_and_not_what_was_carried_forward() -> None:
    """农民专业合作社法 44: 在弥补亏损、提取公积金后的当年盈余. Losses are 1,000, the reserve 10 % of 9,000."""
    bases = {"trade": {"1": 3, "2": 1}, "account": {"1": 1, "2": 1}}
    year = Surplus(10_000_00, 1_000_00, 500_00, bases=bases)
    done = distribute(specialised_waterfall("10%"), year)
    assert [one.amount_fen for one in done.outcomes] == [1_000_00, 900_00, 4_860_00, 3_740_00]
    assert done.outcomes[2].base_fen == 8_100_00
    assert done.parts() == {"1": 4_860_00 * 3 // 4 + 1_870_00, "2": 4_860_00 // 4 + 1_870_00}


def test_the_refund_is_never_a_fen_below_60_percent() -> None:
    """农民专业合作社法 44(1): 不得低于可分配盈余的百分之六十."""
    for fen in range(1, 200):
        done = distribute(specialised_waterfall("0%"), Surplus(fen, bases={"trade": {"1": 1}, "account": {"1": 1}}))
        assert done.outcome("patronage").amount_fen * 5 >= fen * 3


def test_where_nobody_trades_the_refund_is_not_applicable_and_the_money_goes_on() -> None:
    year = Surplus(100, bases={"trade": {"1": 0}, "account": {"1": 1}})
    done = distribute(specialised_waterfall("0%"), year)
    refund = done.outcome("patronage")
    assert (refund.due_fen, refund.shortfall_fen, done.outcome("surplus").amount_fen) == (0, 0, 100)
    assert "nobody has trade: not applicable" in [str(one) for one in refund.words]


def test_losses_of_earlier_years_come_first_and_what_is_uncovered_stays() -> None:
    for fen, left, uncovered in ((500, 0, 300), (800, 0, 0), (900, 100, 0), (-200, 0, 1000)):
        done = distribute(Waterfall([LOSSES, Step("all", "other", share("100%", "left"))]), Surplus(fen, 800))
        assert (done.outcomes[1].amount_fen, done.uncovered_fen) == (left, uncovered)


def test_a_fixed_return_on_par_is_paid_to_each_and_the_shortfall_named() -> None:
    """6 % on 1,000 and 500 yuan of par is 90 yuan; of 60 that are left, two thirds are the first's."""
    step = Step("preferred", "preferred", each=Fraction(6, 100), by="par")
    year = Surplus(200_00, bases={"par": {"1": 1000_00, "2": 500_00}})
    done = distribute(Waterfall([step]), year)
    assert (done.parts(), done.remains_fen) == ({"1": 60_00, "2": 30_00}, 110_00)
    [short] = distribute(Waterfall([step]), year._replace(surplus_fen=60_00)).outcomes
    assert (short.parts, short.due_fen, short.shortfall_fen) == ({"1": 40_00, "2": 20_00}, 90_00, 30_00)
    assert short.unpaid == {}  # nothing is due later where the charter does not say so
    assert "only 60.00 yuan is left: 30.00 yuan short" in [str(one) for one in short.words]


def test_what_is_unpaid_of_a_return_that_accumulates_is_paid_first_in_later_years() -> None:
    step = Step("preferred", "preferred", each=Fraction(6, 100), by="par", accumulates=True)
    year = Surplus(60_00, bases={"par": {"1": 1000_00, "2": 500_00}})
    [first] = distribute(Waterfall([step]), year).outcomes
    assert first.unpaid == {"1": 20_00, "2": 10_00}
    # holder 1 has sold to holder 3 meanwhile: what was unpaid is still his, and comes before this year's
    later = Surplus(75_00, bases={"par": {"3": 1000_00, "2": 500_00}}, arrears={"preferred": first.unpaid})
    [second] = distribute(Waterfall([step]), later).outcomes
    assert (second.due_fen, second.amount_fen) == (120_00, 75_00)
    assert second.parts == {"1": 20_00, "2": 10_00 + 15_00, "3": 30_00}
    assert second.unpaid == {"2": 15_00, "3": 30_00}
    assert str(part_words(second, "1")) == (
        "0.0006 yuan on each of 0 by par, with what was unpaid before: 20.00 yuan due, 20.00 yuan paid"
    )


def test_arrears_are_paid_even_when_nobody_holds_the_class_any_more() -> None:
    step = Step("preferred", "preferred", each=Fraction(6, 100), by="par", accumulates=True)
    [one] = distribute(
        Waterfall([step]), Surplus(100, bases={"par": {"1": 0}}, arrears={"preferred": {"1": 70}})
    ).outcomes
    assert (one.parts, one.unpaid) == ({"1": 70}, {})


def test_an_amount_a_share_leaves_the_rest_and_counts_hundredths_of_a_share() -> None:
    step = Step("shares", "dividend", each=Fraction(5800, 100), by="labour")  # 58 yuan on a class of two digits
    done = distribute(Waterfall([step]), Surplus(1000_00, bases={"labour": {"1": 250, "2": 775}}))
    assert (done.parts(), done.remains_fen) == ({"1": 145_00, "2": 449_50}, 405_50)


def test_a_ceiling_holds_for_an_amount_a_share_as_well() -> None:
    step = Step("shares", "dividend", each=Fraction(5800), by="shares", at_most=share("60%", "left"))
    [one] = distribute(Waterfall([step]), Surplus(100_00, bases={"shares": {"1": 1, "2": 1}})).outcomes
    assert (one.due_fen, one.parts) == (60_00, {"1": 30_00, "2": 30_00})


def test_what_is_rounded_is_rounded_as_the_charter_says_or_the_step() -> None:
    step = Step("reserve", "reserve", share("1/2", "left"))
    assert [amount(step, Surplus(5), mode=mode) for mode in MODES] == [3, 2, 2, 3]
    assert amount(step, Surplus(349), to_fen=100) == 200
    assert amount(step._replace(mode="down", to_fen=1), Surplus(349), to_fen=100) == 174
    each = Step("land", "dividend", each=Fraction(1, 2), by="area")
    assert amount(each, Surplus(9, bases={"area": {"1": 3, "2": 3}}), mode="down") == 2
    assert amount(each._replace(to_fen=100), Surplus(9999, bases={"area": {"1": 301, "2": 99}})) == 200


def test_a_floor_is_rounded_up_and_a_ceiling_down_whatever_the_step_says() -> None:
    """不得低于, 不得超过: a third of 100 fen is at least 34 and at most 33."""
    third = share(Fraction(1, 3), "surplus")
    for mode in MODES:
        little = Step("reserve", "reserve", share("0%", "left"), at_least=third, mode=mode)
        much = Step("reward", "reward", share("100%", "left"), at_most=third, mode=mode)
        full = Step("reserve", "reserve", share("100%", "left"), full_at=third, mode=mode)
        found = [amount(one, Surplus(100, funds={"reserve": 3})) for one in (little, much, full)]
        assert found == [34, 33, 30]


def test_what_is_due_on_each_share_is_rounded_as_the_step_says() -> None:
    each = Step("land", "dividend", each=Fraction(1, 2), by="area", mode="up")
    assert amount(each, Surplus(9, bases={"area": {"1": 3, "2": 3}}), mode="down") == 4


def test_30_to_the_collective_and_70_to_the_members_of_which_10_to_the_old() -> None:
    """The nested split that issue 4 names."""
    steps = Step(
        "all",
        "pool",
        share("100%", "left"),
        steps=(
            Step("collective", "other", weight=Fraction(30)),
            Step(
                "members",
                "pool",
                weight=Fraction(70),
                steps=(
                    Step("old", "dividend", share("10%", "pool"), by="old"),
                    Step("shares", "dividend", share("100%", "left"), by="shares"),
                ),
            ),
        ),
    )
    bases = {"old": {"2": 1}, "shares": {"1": 1, "2": 1, "3": 1}}
    done = distribute(Waterfall([steps]), Surplus(1001, bases=bases))
    found = {one.step.code: one.amount_fen for one in all_outcomes(done.outcomes)}
    assert found == {"all": 1001, "collective": 300, "members": 701, "old": 70, "shares": 631}
    assert done.parts() == {"1": 211, "2": 280, "3": 210}


def test_three_thirds_of_a_pool_are_all_of_it() -> None:
    thirds = tuple(Step(one, "other", weight=Fraction(1, 3)) for one in ("a", "b", "c"))
    done = distribute(Waterfall(thirds), Surplus(100))
    assert [one.amount_fen for one in done.outcomes] == [34, 33, 33]


def test_what_the_steps_of_a_pool_leave_goes_back_and_is_said() -> None:
    pool = Step("pool", "pool", share("50%", "left"), steps=(Step("a", "other", share("60%", "pool")),))
    done = distribute(Waterfall([pool, Step("rest", "other", share("100%", "left"))]), Surplus(1000))
    assert [one.amount_fen for one in done.outcomes] == [300, 700]
    assert "its steps leave 2.00 yuan, which goes back" in [str(one) for one in done.outcomes[0].words]


def test_a_basis_that_does_not_pass_the_threshold_counts_as_nothing() -> None:
    step = Step("shares", "dividend", share("100%", "left"), by="shares", above=250)
    done = distribute(Waterfall([step]), Surplus(100, bases={"shares": {"1": 250, "2": 251, "3": 251}}))
    assert done.parts() == {"1": 0, "2": 50, "3": 50}


def test_ties_go_by_the_holders_number() -> None:
    step = Step("shares", "dividend", share("100%", "left"), by="shares")
    done = distribute(Waterfall([step]), Surplus(101, bases={"shares": {"10": 1, "9": 1}}))
    assert [*done.parts().items()] == [("9", 51), ("10", 50)]


def test_the_arithmetic_is_said() -> None:
    step = Step("reserve", "reserve", share("20%", "after losses"), at_least=fixed(50_000))
    [one] = distribute(Waterfall([step]), Surplus(100_000_00)).outcomes
    assert [str(words) for words in one.words] == [
        "20% of the surplus after losses, 100,000.00 yuan, is 20,000.00 yuan",
        "but at least 50,000.00 yuan",
    ]
    assert one.words[0].say("zh") == "弥补亏损后的盈余 100,000.00 元 的 20%，即 20,000.00 元"


def test_what_a_distribution_does_not_have_is_named() -> None:
    done: Distribution = distribute(collective_waterfall("15%", "15%"), Surplus(100, bases={"shares": {"1": 1}}))
    assert done.outcome("reserve").amount_fen == 15
    with pytest.raises(WaterfallError, match="interest: no such step: losses, reserve, welfare, members are"):
        done.outcome("interest")
    with pytest.raises(WaterfallError, match="step members: nothing goes to 7"):
        part_words(done.outcome("members"), "7")


# ---------------------------------------------------------------- the laws

TAKEN = {"reserve": "15%", "welfare": "15%"}


def told(waterfall: Waterfall, law: Law) -> list[str]:
    return [str(one) for one in check_lawful(waterfall, law)]


def in_order(waterfall: Waterfall, *codes: str, **how: Any) -> Waterfall:
    by_code = {one.code: one for one in waterfall.steps}
    return Waterfall([by_code[code] for code in codes], **how)


@pytest.mark.parametrize(
    ("waterfall", "law"),
    [
        (collective_waterfall("10%", "5%"), COLLECTIVE_LAW),
        (collective_waterfall("20%", "10%"), ZHEJIANG),
        (collective_waterfall("15%", "15%"), SHANGHAI),
        (specialised_waterfall("10%"), SPECIALISED_LAW),
        (specialised_waterfall("0%", "80%"), SPECIALISED_LAW),
        (land_waterfall("10%"), SPECIALISED_LAW),
    ],
)
def test_the_presets_are_lawful(waterfall: Waterfall, law: Law) -> None:
    assert told(waterfall, law) == []


def test_losses_are_covered_before_anything_else() -> None:
    """财农〔2021〕121号 28; 农民专业合作社法 44."""
    source = "农村集体经济组织法 42；财农〔2021〕121号 28"
    late = in_order(collective_waterfall(**TAKEN), "reserve", "losses", "welfare", "members")
    assert told(late, COLLECTIVE_LAW) == [
        f"step reserve: it comes before losses of earlier years are covered ({source})"
    ]
    never = in_order(collective_waterfall(**TAKEN), "reserve", "welfare", "members")
    assert told(never, COLLECTIVE_LAW) == [f"waterfall: no step covers losses of earlier years ({source})"]
    paid = in_order(specialised_waterfall("10%"), "reserve", "patronage", "surplus")
    assert told(paid, SPECIALISED_LAW) == ["waterfall: no step covers losses of earlier years (农民专业合作社法 44)"]


def test_members_are_paid_after_reserve_and_welfare_fund() -> None:
    """农村集体经济组织法 42: 提取公积公益金, 剩余的可分配收益 to the members."""
    early = in_order(collective_waterfall(**TAKEN), "losses", "reserve", "members", "welfare")
    source = "农村集体经济组织法 42；财农〔2021〕121号 28"
    said = f"it is paid before reserve and welfare fund have their part ({source})"
    assert told(early, COLLECTIVE_LAW) == [f"step members: {said}"]
    reward = Step("reward", "reward", share("5%", "left"))
    ahead = Waterfall([LOSSES, reward, *collective_waterfall(**TAKEN).steps[1:]])
    assert [one.where for one in check_lawful(ahead, COLLECTIVE_LAW)] == ["step reward"]


def test_a_collective_takes_a_reserve_or_welfare_fund() -> None:
    """农村集体经济组织法 42; a farmers' cooperative may (农民专业合作社法 42)."""
    none = in_order(collective_waterfall(**TAKEN), "losses", "members")
    assert told(none, COLLECTIVE_LAW) == [
        "waterfall: neither reserve nor welfare fund is taken (农村集体经济组织法 42)"
    ]
    without = in_order(specialised_waterfall("10%"), "losses", "patronage", "surplus")
    assert told(without, SPECIALISED_LAW) == []


def test_zhejiang_asks_for_30_percent_together_and_shanghai_for_15_each() -> None:
    said = "of the surplus after losses is certain, at least"
    assert told(collective_waterfall("19%", "10%"), ZHEJIANG) == [
        f"waterfall: reserve, welfare fund: 29% {said} 30% is expected (浙江：公积金、公益金合计不低于 30%)"
    ]
    assert told(collective_waterfall("30%", "14%"), SHANGHAI) == [
        f"waterfall: welfare fund: 14% {said} 15% is expected (上海：公益金不低于 15%)"
    ]
    assert told(collective_waterfall("14%", "15%"), SHANGHAI) == [
        f"waterfall: reserve: 14% {said} 15% is expected (上海：公积金不低于 15%)"
    ]


def test_a_rate_of_what_is_left_is_less_than_one_of_the_surplus() -> None:
    """15 % of the 85 % that the reserve leaves is 12.75 %."""
    reserve = Step("reserve", "reserve", share("15%", "left"))
    welfare = Step("welfare", "welfare", share("15%", "left"))
    [one] = check_lawful(Waterfall([LOSSES, reserve, welfare]), SHANGHAI)
    assert one.message.values["sure"] == "12.75%"


@pytest.mark.parametrize(
    ("reserve", "lawful"),
    [
        (Step("reserve", "reserve", share("30%", "after losses"), at_least=fixed(50_000)), True),
        (Step("reserve", "reserve", share("30%", "after losses"), at_most=fixed(50_000)), False),
        (Step("reserve", "reserve", fixed(50_000), at_least=share("30%", "after losses")), True),
        (Step("reserve", "reserve", fixed(50_000)), False),
        (Step("reserve", "reserve", share("30%", "capital")), False),
        (Step("reserve", "reserve", share("40%", "left"), at_most=share("30%", "surplus")), True),
        (Step("reserve", "reserve", share("40%", "left"), at_most=share("20%", "surplus")), False),
        (Step("reserve", "reserve", share("30%", "left"), full_at=share("50%", "capital")), True),
        (
            Step("half", "pool", share("50%", "left"), steps=(Step("reserve", "reserve", share("60%", "pool")),)),
            True,
        ),
        (
            Step("half", "pool", share("50%", "left"), steps=(Step("reserve", "reserve", share("50%", "pool")),)),
            False,
        ),
        (
            Step(
                "half",
                "pool",
                share("50%", "left"),
                steps=(Step("reserve", "reserve", weight=Fraction(3)), Step("x", "other", weight=Fraction(2))),
            ),
            True,
        ),
    ],
)
def test_only_what_is_certain_counts(reserve: Step, lawful: bool) -> None:
    found = check_lawful(Waterfall([LOSSES, reserve]), ZHEJIANG)
    assert ([one.where for one in found] == []) is lawful


def test_at_least_60_percent_are_refunded_by_trade() -> None:
    """农民专业合作社法 44(1)."""
    said = "of the distributable surplus is certain, at least 60% is expected (农民专业合作社法 44(1))"
    assert told(specialised_waterfall("10%", "59.9%"), SPECIALISED_LAW) == [f"step patronage: refund: 59.9% {said}"]
    # 60 % of what is left after a welfare fund of 10 % is 54 % of what is distributable
    refund = Step("patronage", "patronage", share("60%", "left"), by="trade", mode="up")
    welfare = Step("welfare", "welfare", share("10%", "after losses"))
    assert told(Waterfall([LOSSES, welfare, refund]), SPECIALISED_LAW) == [f"step patronage: refund: 54% {said}"]
    # a reserve does not count: what is distributable is less by it
    reserve = Step("reserve", "reserve", share("10%", "after losses"), at_least=fixed(50_000))
    assert told(Waterfall([LOSSES, reserve, refund]), SPECIALISED_LAW) == []
    of_all = refund._replace(amount=share("50%", "after losses"))
    assert told(Waterfall([LOSSES, reserve, of_all]), SPECIALISED_LAW) == [f"step patronage: refund: 5/9 {said}"]


def test_a_sum_that_is_no_rate_may_leave_less_than_60_percent_for_the_refund() -> None:
    refund = Step("patronage", "patronage", share("80%", "distributable"), by="trade")
    for before, sure in (
        (Step("levy", "other", fixed(1000)), "0%"),
        (Step("levy", "other", each=Fraction(5), by="heads"), "0%"),
        (Step("levy", "other", share("30%", "left"), at_least=fixed(1000)), "0%"),
        (Step("levy", "other", fixed(1000), at_most=share("30%", "left")), "70%"),
        (Step("levy", "other", share("30%", "left")), "70%"),
    ):
        found = check_lawful(Waterfall([LOSSES, before, refund]), SPECIALISED_LAW)
        assert [one.message.values["sure"] for one in found] == ([] if sure == "70%" else [sure])


def test_just_60_percent_is_not_rounded_down() -> None:
    waterfall = specialised_waterfall("10%")
    steps = [one._replace(mode=None) for one in waterfall.steps]
    [one] = told(Waterfall(steps), SPECIALISED_LAW)
    assert one.startswith("step patronage: just 60% of the distributable surplus: it may be rounded below that")
    assert told(Waterfall(steps, mode="up"), SPECIALISED_LAW) == []


COARSE = 1_000_00


@pytest.mark.parametrize(
    ("how", "lawful"),
    [
        ({"amount": share("65%", "distributable"), "to_fen": COARSE}, False),
        ({"amount": share("65%", "distributable"), "to_fen": 100, "mode": "down"}, False),
        ({"amount": share("100%", "left"), "to_fen": COARSE, "mode": "half even"}, False),
        ({"amount": share("60%", "distributable"), "to_fen": COARSE, "mode": "up"}, True),
        ({"amount": share("65%", "distributable")}, True),
        ({"amount": share("65%", "distributable"), "mode": "down"}, True),
        ({"amount": share("1%", "left"), "to_fen": COARSE, "at_least": share("65%", "distributable")}, True),
        ({"amount": share("90%", "left"), "to_fen": COARSE, "mode": "up", "at_most": share("80%", "left")}, False),
    ],
)
def test_a_refund_that_is_rounded_to_more_than_a_fen_is_rounded_up(how: dict[str, Any], lawful: bool) -> None:
    """农民专业合作社法 44(1): 65 % of 500 yuan, to the thousand, are 0 yuan."""
    waterfall = Waterfall([LOSSES, Step("patronage", "patronage", by="trade", **how)])
    said = (
        "step patronage: refund: it, or a step before it, is rounded to more than a fen, so that it may be below 60% "
        "of the distributable surplus: to the fen, or the refund 'up', is expected (农民专业合作社法 44(1))"
    )
    assert told(waterfall, SPECIALISED_LAW) == ([] if lawful else [said])
    small = distribute(waterfall, Surplus(500_00, bases={"trade": {"1": 1}}))
    assert lawful is (small.outcomes[1].amount_fen >= 300_00) or how.get("to_fen") == 100


def test_a_step_before_the_refund_that_is_rounded_to_more_than_a_fen_may_leave_less_than_60_percent() -> None:
    refund = Step("patronage", "patronage", share("100%", "left"), by="trade", mode="up")
    levy = Step("levy", "other", share("10%", "after losses"), to_fen=COARSE, mode="up")
    assert len(told(Waterfall([LOSSES, levy, refund]), SPECIALISED_LAW)) == 1
    assert told(Waterfall([LOSSES, levy._replace(mode="down"), refund]), SPECIALISED_LAW) == []
    # what is no reserve for once is distributable: 54 % of the surplus are 60 % of what a tenth for the reserve leaves
    reserve = Step("reserve", "reserve", share("10%", "after losses"))
    refund = refund._replace(amount=share("54%", "after losses"))
    assert told(Waterfall([LOSSES, reserve, refund]), SPECIALISED_LAW) == []
    assert len(told(Waterfall([LOSSES, reserve._replace(to_fen=COARSE), refund]), SPECIALISED_LAW)) == 1


def test_a_fund_that_is_rounded_to_more_than_a_fen_is_rounded_up() -> None:
    steps = collective_waterfall("16%", "15%").steps
    said = "rounded to more than a fen, it may be below"
    assert told(Waterfall(steps, to_fen=COARSE), SHANGHAI) == [
        f"waterfall: {fund}: {said} 15% of the surplus after losses: to the fen, or 'up', is expected (上海：{source})"
        for fund, source in (("reserve", "公积金不低于 15%"), ("welfare fund", "公益金不低于 15%"))
    ]
    assert told(Waterfall(steps, to_fen=COARSE, mode="up"), SHANGHAI) == []
    assert told(Waterfall(steps, mode="down"), SHANGHAI) == []
    assert told(Waterfall(steps, to_fen=COARSE), COLLECTIVE_LAW) == []


def test_capital_is_paid_only_from_what_remains_after_the_refund() -> None:
    """农民专业合作社法 44(2)."""
    said = (
        "capital is paid before the refund by trade: only what remains after it is capital's (农民专业合作社法 44(2))"
    )
    made = specialised_waterfall("10%")
    preferred = Step("preferred", "preferred", share("10%", "left"), by="account")
    ahead = Waterfall([*made.steps[:2], preferred, *made.steps[2:]])
    assert told(ahead, SPECIALISED_LAW) == [f"step preferred: {said}"]
    dividend = made.steps[3]._replace(amount=share("40%", "left"))
    ahead = Waterfall([*made.steps[:2], dividend, made.steps[2]])
    assert told(ahead, SPECIALISED_LAW) == [f"step surplus: {said}"]


def test_who_does_not_refund_states_that_members_do_not_trade() -> None:
    """domain.md: a land cooperative whose members do not trade with it reports "60 % not applicable"."""
    silent = in_order(specialised_waterfall("10%"), "losses", "reserve", "surplus")
    [one] = check_lawful(silent, SPECIALISED_LAW)
    assert str(one).startswith(
        "waterfall: no refund by trade: at least 60% of the distributable surplus is expected, or"
    )
    assert "members_trade = False" in str(one)
    stated = Waterfall(silent.steps, members_trade=False)
    assert told(stated, SPECIALISED_LAW) == []
    both = Waterfall(specialised_waterfall("10%").steps, members_trade=False)
    assert told(both, SPECIALISED_LAW) == [
        "step patronage: a refund by trade, and the charter says that members do not trade (农民专业合作社法 44(1))"
    ]
    assert told(in_order(collective_waterfall(**TAKEN), "losses", "reserve"), COLLECTIVE_LAW) == []


def test_a_law_and_a_waterfall_are_asked_for() -> None:
    for waterfall, law in (("steps", COLLECTIVE_LAW), (land_waterfall("10%"), "上海")):
        with pytest.raises(WaterfallError, match="a Waterfall and a Law are expected"):
            check_lawful(waterfall, law)  # type: ignore[arg-type]


def test_a_law_of_ones_own_is_named_where_it_has_no_article() -> None:
    own = COLLECTIVE_LAW._replace(name="本县", reserve=Fraction(1, 5))
    assert told(collective_waterfall(**TAKEN), own) == [
        "waterfall: reserve: 15% of the surplus after losses is certain, at least 20% is expected (本县)",
    ]


def test_every_law_has_the_articles_of_what_it_asks_for() -> None:
    for name, law in LAWS.items():
        asked = [rule for rule in ("reserve", "welfare", "together", "patronage", "funds") if getattr(law, rule)]
        assert law.name == name
        assert {"losses", "order", *asked} <= {*law.sources}


# ---------------------------------------------------------------- what cannot be meant

RESERVE = Step("reserve", "reserve", share("20%", "left"))
EACH = Step("shares", "dividend", each=Fraction(58), by="shares")


def but(step: Step, **fields: Any) -> Step:
    return step._replace(**fields)


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ([RESERVE, RESERVE], "step reserve: the code stands twice: each step needs its own"),
        ([but(RESERVE, code="")], "'' is not a code"),
        ([but(RESERVE, code="e\u0301")], "step é: a code in its normal form"),
        (["reserve"], "waterfall: 'reserve': a Step is expected"),
        (5, "waterfall: 5: a Step is expected"),
        ([but(RESERVE, purpose="feast")], "step reserve: purpose = 'feast': one of losses, reserve"),
        ([but(RESERVE, amount=None)], "step reserve: how much: nothing: one of amount, each"),
        ([but(RESERVE, weight=Fraction(1))], "step reserve: how much: amount, weight: one of amount, each"),
        ([but(RESERVE, amount=("1/5", "left"))], r"step reserve: amount = \('1/5', 'left'\): a Portion, as"),
        ([but(RESERVE, amount=Portion(Fraction(1), ""))], "step reserve: amount = .*: a Portion"),
        ([but(RESERVE, amount=Portion(Fraction(-1, 5), "left"))], "step reserve: amount = .*: a Portion"),
        ([but(RESERVE, amount=share("120%", "left"))], "step reserve: 120% of what is left: at most 100%"),
        ([but(RESERVE, at_most=share("120%", "pool"))], "step reserve: 120% of the pool: at most 100%"),
        ([but(EACH, each=58)], "step shares: each = 58: a Fraction from 0 on is expected"),
        ([but(EACH, by="")], "step shares: each: of what"),
        ([but(EACH, at_least=fixed(1))], "step shares: at_least is about a sum"),
        ([but(EACH, above=-1)], "step shares: above = -1: a whole number from 0 on is expected"),
        ([but(EACH, part_at_most_fen=True)], "step shares: part_at_most_fen = True: a whole number from 0 on"),
        ([but(EACH, accumulates=1)], "step shares: accumulates = 1: True or False is expected"),
        ([but(EACH, full_at=fixed(1))], "step shares: full_at is about a fund"),
        ([but(RESERVE, above=1)], "step reserve: above goes with by"),
        ([but(RESERVE, by=5)], "step reserve: by = 5: a text is expected"),
        ([but(RESERVE, accumulates=True)], "step reserve: part_at_least_fen, .* go with each"),
        ([but(RESERVE, part_at_least_fen=1)], "step reserve: part_at_least_fen, .* go with each"),
        ([but(RESERVE, mode="none")], "step reserve: mode = 'none': one of half up"),
        ([but(RESERVE, to_fen=0)], "step reserve: to_fen = 0: a whole number above 0 is expected"),
        ([but(RESERVE, steps=[])], r"step reserve: steps = \[\]: a tuple of Step is expected"),
        ([but(RESERVE, steps=(EACH,))], "step reserve: a pool, and nothing else, has steps of its own"),
        ([but(RESERVE, purpose="pool")], "step reserve: a pool, and nothing else, has steps of its own"),
        ([but(RESERVE, purpose="pool", steps=(EACH,), by="heads")], "step reserve: a pool goes to its steps"),
        ([but(LOSSES, amount=fixed(1))], "step losses: losses are covered whole"),
        ([but(RESERVE, amount=None, weight=Fraction(1)), EACH], "step shares: beside steps with weights"),
        ([but(RESERVE, amount=None, weight=Fraction(0))], "step reserve: beside steps with weights"),
        ([but(RESERVE, amount=None, weight=Fraction(1), at_most=fixed(1))], "step reserve: a step with a weight"),
    ],
)  # fmt: skip
def test_steps_that_cannot_be_meant_are_refused_in_words(steps: list[Step], said: str) -> None:
    with pytest.raises(WaterfallError, match=said) as caught:
        Waterfall(steps)
    assert caught.value.say("zh") != caught.value.say("en")


def test_steps_are_not_nested_without_end() -> None:
    step = RESERVE
    for level in range(12):
        step = Step(f"p{level}", "pool", share("100%", "left"), steps=(step,))
    with pytest.raises(WaterfallError, match="steps within steps: at most 8 levels are kept"):
        Waterfall([step])


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"mode": "none"}, "waterfall: mode = 'none': one of half up"),
        ({"to_fen": 0}, "waterfall: to_fen = 0: a whole number above 0 is expected"),
        ({"to_fen": True}, "waterfall: to_fen = True: a whole number above 0 is expected"),
        ({"members_trade": 0}, "waterfall: members_trade = 0: True or False is expected"),
    ],
)
def test_a_waterfall_rounds_and_says_in_a_known_way(how: dict[str, Any], said: str) -> None:
    with pytest.raises(WaterfallError, match=said):
        Waterfall([RESERVE], **how)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ([], r"waterfall: \[\]: a mapping with some of the keys steps, mode, to_fen, members_trade is expected"),
        ({"step": []}, "a mapping with some of the keys steps"),
        ({"steps": "reserve"}, "waterfall: 'reserve': a list is expected"),
        ({"steps": ["reserve"]}, "waterfall: 'reserve': a mapping with some of the keys code, purpose"),
        ({"steps": [{"purpose": "reserve"}]}, "a step with code is expected"),
        ({"steps": [{"code": "a", "purpose": "other", "amount": ["1/0", "left"]}]}, "'1/0': a fraction as text"),
        ({"steps": [{"code": "a", "purpose": "other", "amount": ["20%", "left"]}]}, "'20%': a fraction as text"),
        ({"steps": [{"code": "a", "purpose": "other", "amount": [0.2, "left"]}]}, "0.2: a fraction as text"),
        ({"steps": [{"code": "a", "purpose": "other", "amount": ["1/5"]}]}, "a rate and what it is of, such as"),
        ({"steps": [{"code": "a", "purpose": "other", "amount": ["1/5", 5]}]}, "step a: amount = .*: a Portion"),
        ({"steps": [{"code": "a", "purpose": "other", "each": True, "by": "b"}]}, "True: a fraction as text"),
    ],
)  # fmt: skip
def test_facts_that_describe_no_waterfall_are_refused_in_words(facts: dict[str, object], said: str) -> None:
    with pytest.raises(WaterfallError, match=said):
        read_waterfall(facts)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (Surplus(Fraction(1, 2)), r"surplus_fen: Fraction\(1, 2\): a whole number \(int\), below 10¹⁵, is expected"),  # type: ignore[arg-type]
        (Surplus(10**15), "surplus_fen: 1000000000000000: a whole number"),
        (Surplus(-(10**15)), "surplus_fen: -1000000000000000: a whole number"),
        (Surplus(True), "surplus_fen: True: a whole number"),
        (Surplus(1, losses_fen=-1), r"losses_fen: -1: a whole number \(int\) from 0 on, below 10¹⁵, is expected"),
        (Surplus(1, carried_fen=-1), "carried_fen: -1: a whole number"),
        (Surplus(1, bases={"shares": {"1": -1}}), r"bases\['shares'\]\['1'\]: -1: a whole number"),
        (Surplus(1, bases={"shares": [1]}), r"bases\['shares'\]: \[1\]: a mapping from texts is expected"),  # type: ignore[dict-item]
        (Surplus(1, bases={"shares": {1: 1}}), r"bases\['shares'\]: \{1: 1\}: a mapping from texts"),  # type: ignore[dict-item]
        (Surplus(1, figures={"capital": -1}), r"figures\['capital'\]: -1: a whole number"),
        (Surplus(1, funds={"reserve": -1}), r"funds\['reserve'\]: -1: a whole number"),
        (Surplus(1), "step reserve: figures has no capital: the year's figure is expected, 0 if there is none"),
        (Surplus(1, figures={"capital": 1}), "step reserve: funds has no reserve"),
        (Surplus(1, figures={"capital": 1}, funds={"reserve": 1}), "step shares: bases has no shares"),
        (
            Surplus(1, 0, 0, {"reserve": 1}, {"capital": 1}, {"shares": {}}, {"shares": {"1": 1}}),
            "arrears: shares: no step of this code accumulates what is unpaid",
        ),
        (Surplus(1, arrears={"shares": {"1": -1}}), r"arrears\['shares'\]\['1'\]: -1"),
        (100, "a Waterfall and the Surplus of a year are expected"),
    ],
)  # fmt: skip
def test_figures_that_a_waterfall_cannot_be_run_on_are_refused_in_words(year: Surplus, said: str) -> None:
    waterfall = Waterfall([RESERVE._replace(full_at=share("1/2", "capital")), EACH])
    with pytest.raises(WaterfallError, match=said) as caught:
        distribute(waterfall, year)
    assert isinstance(caught.value, CoopledgerError)
    assert caught.value.say("zh") != caught.value.say("en")

# ruff: noqa: ANN401 - values of the wrong type are the point of some tests
"""Rounding is part of the contract: the table of the design page, ties, and what a running total promises."""

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coopledger.core.calendar import term
from coopledger.core.growth import listed, step
from coopledger.core.plan import Plan, Stream
from coopledger.core.projection import project, project_stream
from coopledger.core.quantity import CURRENCIES, Quantity, unit
from coopledger.core.rounding import MODES, PLACES, Mode, Rounding, divide
from coopledger.core.schedule import Schedule
from coopledger.errors import PlanError, QuantityError, ScheduleError
from tests.core.model import rounded
from tests.core.strategies import SINCE, known_schedules, modes, steady

CNY = CURRENCIES["CNY"]
FEN = Fraction(1, 100)
FORTY_YEARS = term("2014-01-01", years=40)
OF_DECIMAL = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "down": ROUND_FLOOR, "up": ROUND_CEILING}


def paid(amount: Schedule, rounding: Rounding | list[Rounding], years: int) -> list[int]:
    """The payments in fen of a schedule whose amounts are known."""
    projected = project_stream(Stream("s", amount=amount, rounding=rounding), term(f"{SINCE}-01-01", years=years), CNY)
    assert None not in projected.amounts
    return [fen or 0 for fen in projected.amounts]


# --- the table of the design page ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rounding", "of", "land", "service"),
    [
        ([Rounding("total")], "previous", 1_319_926_784, 659_963_392),
        ([Rounding("payment")], "previous", 1_319_926_785, 659_963_390),
        ([Rounding("running total")], "previous", 1_319_926_784, 659_963_392),
        ([], "previous", 1_319_926_784, 659_963_392),
        ([Rounding("unit price")], "previous", 1_319_930_000, 659_960_000),
        ([Rounding("unit price carried")], "previous", 1_319_945_000, 659_900_000),
        ([], "base", 1_088_000_000, 544_000_000),
    ],
    ids=["total", "payment", "running total", "nothing said", "unit price", "unit price carried", "simple"],
)
def test_where_it_is_rounded_decides_the_total_of_the_design_page(
    rounding: list[Rounding], of: Any, land: int, service: int
) -> None:
    for price, area, total in (("160 yuan/mu", "1,000 mu", land), ("20 yuan/mu", "4,000 mu", service)):
        stream = Stream("s", rate=step(price, every=5, by="20%", of=of), quantity=area, rounding=rounding)
        assert project_stream(stream, FORTY_YEARS, CNY).total == total


def test_the_exact_total_of_both_streams_rounds_to_the_truth_of_the_table() -> None:
    for price, area, total in (("160 yuan/mu", "1,000 mu", 13_199_267.84), ("20 yuan/mu", "4,000 mu", 6_599_633.92)):
        exact = step(price, every=5, by="20%", of="previous").per(area).amounts(40)
        assert round(float(sum(amount or 0 for amount in exact)), 2) == total


def test_where_nothing_is_said_the_running_total_is_rounded_half_up_to_the_fen() -> None:
    assert (Rounding().at, Rounding().mode) == ("running total", "half up")
    assert [Rounding().step(unit(of)) for of in ("yuan", "yuan/mu", "JPY")] == [FEN, FEN, 1]
    assert Stream("s", amount="1 yuan").rounding == Rounding()


def test_a_rounded_price_may_go_with_a_rounding_of_the_payments() -> None:
    both = [Rounding("unit price", to=1), Rounding("payment", "down", to=10)]
    stream = Stream("s", rate=listed(["3.5 yuan/mu", "3.4 yuan/mu"]), quantity="11 mu", rounding=both)
    assert project_stream(stream, term("2014-01-01", years=2), CNY).amounts == [4000, 3000]


def test_a_price_rounded_when_read_is_not_what_the_next_step_grows_from() -> None:
    rent = step("10 yuan/mu", every=1, by="25%", of="previous")
    read = rent.rounded(Rounding("unit price", to=1)).amounts(4)
    carried = rent.rounded(Rounding("unit price carried", to=1)).amounts(4)
    assert read == [10, 13, 16, 20]  # 10, 12.5, 15.625, 19.53125
    assert carried == [10, 13, 16, 20]  # 10, 12.5→13, 16.25→16, 20
    assert rent.rounded(Rounding("unit price", to=1)).amounts(6)[4:] == [24, 31]  # 24.41…, 30.52
    assert rent.rounded(Rounding("unit price carried", to=1)).amounts(6)[4:] == [25, 31]  # 25, 31.25


# --- ties ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numerator", "denominator", "half_up", "half_even", "down", "up"),
    [
        (5, 2, 3, 2, 2, 3),
        (3, 2, 2, 2, 1, 2),
        (1, 2, 1, 0, 0, 1),
        (7, 3, 2, 2, 2, 3),
        (8, 3, 3, 3, 2, 3),
        (4, 2, 2, 2, 2, 2),
        (0, 9, 0, 0, 0, 0),
        (-1, 2, 0, 0, -1, 0),
        (-3, 2, -1, -2, -2, -1),
        (-5, 2, -2, -2, -3, -2),
    ],
)
def test_a_quotient_is_rounded_as_its_mode_says(  # noqa: PLR0917 - a table
    numerator: int, denominator: int, half_up: int, half_even: int, down: int, up: int
) -> None:
    assert [divide(numerator, denominator, mode) for mode in MODES] == [half_up, half_even, down, up]


@steady(400)
@given(st.integers(-(10**20), 10**20), st.sampled_from([1, 2, 4, 7, 8, 40, 100, 10**9]))
def test_every_quotient_agrees_with_the_whole_numbers_around_it(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    assert divide(numerator, denominator, "half up") == math.floor(exact + Fraction(1, 2))
    assert divide(numerator, denominator, "half even") == round(exact)
    assert divide(numerator, denominator, "down") == math.floor(exact)
    assert divide(numerator, denominator, "up") == math.ceil(exact)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rate", ["25%", "50%", "12.5%", "20%"])
@pytest.mark.parametrize(("price", "area"), [("62.55", "81.3"), ("62.55", "1"), ("0.5", "0.03"), ("160.02", "0.5")])
def test_payments_with_ties_agree_with_decimal_in_each_mode(mode: Mode, rate: str, price: str, area: str) -> None:
    rent = step(f"{price} yuan/mu", every=1, by=rate, of="previous").per(f"{area} mu")
    grows = 1 + Decimal(rate[:-1]) / 100
    exact = [Decimal(price) * grows**n * Decimal(area) * 100 for n in range(6)]
    expected = [int(fen.quantize(Decimal(1), OF_DECIMAL[mode])) for fen in exact]
    assert paid(rent, Rounding("payment", mode), 6) == expected
    running = [int(sum(exact[: n + 1], Decimal(0)).quantize(Decimal(1), OF_DECIMAL[mode])) for n in range(6)]
    assert paid(rent, Rounding("running total", mode), 6) == [
        now - before for now, before in zip(running, [0, *running], strict=False)
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rate", ["25%", "50%", "12.5%"])
def test_a_carried_price_with_ties_agrees_with_decimal_in_each_mode(mode: Mode, rate: str) -> None:
    fen = Decimal("0.01")
    price = Decimal("62.55")
    expected = []
    for _ in range(8):
        expected.append(Fraction(price))
        price = (price * (1 + Decimal(rate[:-1]) / 100)).quantize(fen, OF_DECIMAL[mode])
    carried = step("62.55 yuan/mu", every=1, by=rate, of="previous").rounded(Rounding("unit price carried", mode))
    assert carried.amounts(8) == expected


def test_the_modes_differ_on_a_tie_of_81_3_mu_at_62_55() -> None:
    """81.3 × 62.55 = 5,085.315: a tie at the fen, as 20 % steps on whole fen never are."""
    amounts = [paid(listed(["62.55 yuan/mu"]).per("81.3 mu"), Rounding("payment", mode), 1)[0] for mode in MODES]
    assert amounts == [508_532, 508_532, 508_531, 508_532]
    other = [paid(listed(["62.55 yuan/mu"]).per("81.1 mu"), Rounding("payment", mode), 1)[0] for mode in MODES]
    assert other == [507_281, 507_280, 507_280, 507_281]  # 5,072.805


# --- what each place promises ----------------------------------------------------------------------------------


@steady(150)
@given(st.data(), st.integers(1, 12), modes, st.sampled_from([Fraction(1, 100), Fraction(1), Fraction(10)]))
def test_a_running_total_pays_the_rounded_exact_total_in_payments_within_one_step(
    data: st.DataObject, years: int, mode: Mode, to: Fraction
) -> None:
    schedule = data.draw(known_schedules(years))
    exact = [amount or Fraction(0) for amount in schedule.amounts(years, SINCE)]
    amounts = paid(schedule, Rounding("running total", mode, to), years)
    for n in range(1, years + 1):
        assert Fraction(sum(amounts[:n]), 100) == rounded(sum(exact[:n], Fraction(0)), to, mode)
    for fen, owed in zip(amounts, exact, strict=True):
        assert fen % (to * 100) == 0
        assert abs(Fraction(fen, 100) - owed) <= to


@steady(100)
@given(st.data(), st.integers(1, 12), modes)
def test_each_payment_on_its_own_is_within_one_step_and_a_settled_total_is_the_rounded_exact_one(
    data: st.DataObject, years: int, mode: Mode
) -> None:
    schedule = data.draw(known_schedules(years))
    exact = [amount or Fraction(0) for amount in schedule.amounts(years, SINCE)]
    each = paid(schedule, Rounding("payment", mode), years)
    assert each == [int(rounded(amount, FEN, mode) * 100) for amount in exact]
    try:
        settled = paid(schedule, Rounding("total", mode), years)
    except ScheduleError:  # the last payment would have to be negative
        assert any(0 < amount < Fraction(years, 100) for amount in exact)
        return
    last = max((n for n, amount in enumerate(exact) if amount), default=0)
    assert settled[:last] == each[:last]
    assert settled[last + 1 :] == each[last + 1 :]
    assert Fraction(sum(settled), 100) == rounded(sum(exact, Fraction(0)), FEN, mode)


@steady(100)
@given(st.fractions(-1000, 1000), modes, st.sampled_from([Fraction(1, 100), Fraction(1, 3), Fraction(5)]))
@example(Fraction(1, 200), "half even", Fraction(1, 100))
def test_a_rounded_value_is_a_whole_number_of_steps_and_near(exact: Fraction, mode: Mode, to: Fraction) -> None:
    value = Rounding(mode=mode, to=to).value(exact, unit("yuan"))
    assert value == rounded(exact, to, mode)
    assert (value / to).denominator == 1
    assert abs(value - exact) < to
    if mode.startswith("half"):
        assert abs(value - exact) <= to / 2
    assert Rounding(mode=mode, to=to).value(value, unit("yuan")) == value


# --- words and refusals ----------------------------------------------------------------------------------------


def test_a_rounding_says_where_how_and_to_what() -> None:
    words = str(Rounding("payment", "half even", Fraction(1, 10)).words(unit("yuan")))
    assert words == "rounded: each payment, half even, to 0.1 yuan"
    for place in PLACES:
        for language in ("en", "zh"):
            assert "{" not in Rounding(place).words(unit("yuan")).say(language)


def test_only_the_roundings_of_a_price_are_of_a_price() -> None:
    assert [place for place in PLACES if Rounding(place).of_price] == ["unit price", "unit price carried"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"at": "each payment"}, "'each payment' is not a rounding: one of unit price, .*running total"),
        ({"mode": "half down"}, "'half down' is not a rounding: one of half up, half even, down, up"),
        ({"to": 0}, "rounding to 0: a step above 0"),
        ({"to": Fraction(-1, 100)}, "rounding to -1/100: a step above 0"),
    ],
)
def test_a_rounding_that_cannot_be_meant_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ScheduleError, match=words):
        Rounding(**wrong)


@pytest.mark.parametrize("to", [0.01, True, "0.01", float("nan")])
def test_a_step_of_rounding_that_is_no_exact_number_is_refused(to: Any) -> None:
    with pytest.raises((ScheduleError, QuantityError)):
        Rounding(to=to)


def test_two_roundings_of_one_thing_are_refused() -> None:
    for pair in (("payment", "running total"), ("unit price", "unit price carried")):
        with pytest.raises(ScheduleError, match="2 roundings: one of the unit price and one of the payments"):
            Stream("s", rate="1 yuan/mu", quantity="1 mu", rounding=[Rounding(at) for at in pair])


def test_a_rounding_of_the_unit_price_needs_a_unit_price() -> None:
    with pytest.raises(ScheduleError, match="needs a rate and a quantity"):
        Stream("s", amount="1 yuan", rounding=Rounding("unit price"))


def test_payments_in_parts_of_a_fen_are_refused() -> None:
    fine = Stream("s", amount="1 yuan", rounding=Rounding(to=Fraction(1, 1000)))
    with pytest.raises(PlanError, match=r"cannot be rounded to 0\.001 yuan: whole steps of 0\.01 yuan"):
        Plan("p", term("2014-01-01", years=2, basis="lease"), [fine])
    with pytest.raises(ScheduleError):
        project_stream(fine, term("2014-01-01", years=2), CNY)


def test_a_currency_without_fen_is_rounded_to_its_own_smallest_unit_where_nothing_is_said() -> None:
    jpy = CURRENCIES["JPY"]
    amount = listed([Quantity(Fraction(1, 2), jpy.unit), Quantity(Fraction(1, 2), jpy.unit)])
    plan = Plan("p", term("2014-01-01", years=2, basis="lease"), [Stream("s", amount=amount)], currency=jpy)
    assert project(plan).streams[0].amounts == [1, 0]

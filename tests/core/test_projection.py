# ruff: noqa: ANN401 - values of the wrong type are the point of some tests
"""Payments: due dates, instalments, stubs, payments in kind, and the view by calendar year."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.calendar import Stub, Term, due_on, term
from coopledger.core.figures import figures, indexed
from coopledger.core.growth import listed, lump_sums, ramp, step
from coopledger.core.plan import Holder, Holders, Instalment, Part, Plan, Stream, instalments, split
from coopledger.core.projection import Payment, by_calendar_year, divide_stream, project, project_stream, void_as_lease
from coopledger.core.quantity import CURRENCIES, quantity
from coopledger.core.rounding import MODES, Mode, Rounding
from coopledger.core.schedule import Schedule, level
from coopledger.core.series import series
from coopledger.errors import CalendarError, MissingValueError, PlanError, QuantityError, ScheduleError
from tests.core.model import rounded
from tests.core.strategies import SINCE, known_schedules, modes, steady

CNY = CURRENCIES["CNY"]
LAND = step("160 yuan/mu", every=5, by="20%", of="previous")
DAM = ramp("10,000 yuan", rise="10,000 yuan")


def payments(stream: Stream, contract: Term) -> Sequence[Payment]:
    return project_stream(stream, contract, CNY).payments


def of_years(amounts: Sequence[str]) -> Schedule:
    return listed([f"{amount} yuan" for amount in amounts])


# --- a whole plan ----------------------------------------------------------------------------------------------


def test_the_seed_contract_comes_to_its_known_totals() -> None:
    plan = Plan(
        "Old Tiger Hill",
        term("2014-01-01", years=40, basis="barren land"),
        [
            Stream("land", rate=LAND, quantity="1,000 mu"),
            Stream("dam", amount=DAM),
            Stream("service", rate=step("20 yuan/mu", every=5, by="20%", of="previous"), quantity="4,000 mu"),
        ],
    )
    projection = project(plan)
    assert [one.total for one in projection.streams] == [1_319_926_784, 820_000_000, 659_963_392]
    assert projection.total == 2_799_890_176
    assert sum(one.payments[0].amount or 0 for one in projection.streams) == 25_000_000
    assert projection.stream("dam").amounts[39] == 40_000_000
    with pytest.raises(ScheduleError, match="'dams' is unknown: did you mean 'dam'"):
        projection.stream("dams")


def test_payments_stand_in_the_order_of_the_years_with_their_periods() -> None:
    found = payments(Stream("dam", amount=DAM), term("2014-07-01", years=2))
    assert found == [
        Payment(1, date(2014, 7, 1), date(2015, 6, 30), date(2015, 6, 30), 1_000_000),
        Payment(2, date(2015, 7, 1), date(2016, 6, 30), date(2016, 6, 30), 2_000_000),
    ]


def test_every_stream_that_cannot_be_carried_through_is_named_at_once() -> None:
    short, wrong = of_years(["1"] * 39), of_years(["1"] * 41)
    plan = Plan(
        "p",
        term("2014-01-01", years=40, basis="lease"),
        [Stream("a", amount=short), Stream("b", amount=DAM), Stream("c", amount=wrong)],
    )
    with pytest.raises(PlanError) as caught:
        project(plan)
    assert [problem.where for problem in caught.value.problems] == ["streams[1]", "streams[3]"]
    assert "40 years" in str(caught.value)
    assert "39 are listed" in str(caught.value)
    assert "41 are listed" in str(caught.value)


def test_a_negative_amount_is_refused_with_its_year_and_what_would_help() -> None:
    falling = Stream("s", amount=level("5 yuan") - ramp("3 yuan", rise="1 yuan"))
    with pytest.raises(ScheduleError, match=r"year 4 comes to -1 yuan: an amount owed is 0 or more; a floor of 0"):
        payments(falling, term("2014-01-01", years=6))
    kept = Stream("s", amount=level("5 yuan") - ramp("3 yuan", rise="1 yuan"), floor="0 yuan")
    assert [one.amount for one in payments(kept, term("2014-01-01", years=6))] == [200, 100, 0, 0, 0, 0]


def test_a_total_past_64_bits_is_refused() -> None:
    with pytest.raises(ScheduleError, match="out of range: a total stays below 2⁶³"):
        payments(Stream("s", amount="999,999,999,999,999 yuan"), term("2014-01-01", years=100))


def test_a_floor_and_a_cap_hold_for_each_year_s_amount() -> None:
    stream = Stream("s", amount=DAM, floor="15,000 yuan", cap="25,000 yuan")
    found = [one.amount for one in payments(stream, term("2014-01-01", years=4))]
    assert found == [1_500_000, 2_000_000, 2_500_000, 2_500_000]


# --- instalments -----------------------------------------------------------------------------------------------

THIRDS = [Instalment(Fraction(2, 3), due_on("10-15")), Instalment(None, due_on("12-31"))]
HALVES = [Instalment(Fraction(1, 2), due_on("first day")), Instalment(Fraction(1, 2), due_on("last day"))]
MANY = [Instalment(Fraction(1, 7), due_on("first day"))] * 3 + [Instalment(None, due_on("last day"))]


@steady(150)
@given(
    st.data(),
    st.integers(1, 8),
    st.sampled_from([THIRDS, HALVES, MANY]),
    modes,
    st.sampled_from([Fraction(1, 100), Fraction(1, 10), Fraction(1), Fraction(10), Fraction(10_000)]),
    st.sampled_from(["running total", "payment"]),
)
def test_instalments_add_up_to_the_year_and_an_advance_is_never_more_than_its_share(  # noqa: PLR0917
    data: st.DataObject, years: int, parts: list[Instalment], mode: Mode, to: Fraction, at: Any
) -> None:
    schedule = data.draw(known_schedules(years))
    contract = term(f"{SINCE}-01-01", years=years)
    rounding = Rounding(at, mode, to)
    whole = payments(Stream("s", amount=schedule, rounding=rounding), contract)
    parted = payments(Stream("s", amount=schedule, rounding=rounding, due=parts), contract)
    assert len(parted) == years * len(parts)
    for n, year in enumerate(whole):
        rows = parted[n * len(parts) : (n + 1) * len(parts)]
        amounts = [row.amount or 0 for row in rows]
        assert {row.year for row in rows} == {year.year}
        assert sum(amounts) == year.amount
        so_far, share = 0, Fraction(0)
        for amount, part in zip(amounts, instalments(parts), strict=True):
            so_far, share = so_far + amount, share + Fraction(part.share or 0)
            assert amount >= 0
            assert amount % (to * 100) == 0
            assert so_far <= share * (year.amount or 0) < so_far + to * 100


def test_two_thirds_in_october_and_the_rest_in_december() -> None:
    found = payments(Stream("s", amount="100 yuan", due=THIRDS), term("2014-01-01", years=1))
    assert [(str(one.due), one.amount) for one in found] == [("2014-10-15", 6666), ("2014-12-31", 3334)]


def test_an_unknown_year_has_unknown_instalments() -> None:
    price = series("rice", {2014: "1.5 yuan/jin"})
    found = payments(Stream("s", amount=indexed("9 jin", price), due=THIRDS), term("2014-01-01", years=2))
    assert [one.amount for one in found] == [900, 450, None, None]
    assert [one.quantity for one in found] == [6, 3, 6, 3]


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([], "add up to 0%"),
        ([Fraction(1, 2)], "50% add up to 50%"),
        ([Fraction(2, 3), Fraction(2, 3)], "add up to 4/3"),
        ([Fraction(1), None], "100%, … add up to 100%"),
        ([None, None], "…, … add up to 0%"),
        ([Fraction(-1, 2), Fraction(3, 2)], "-50%, 150% add up to 100%"),
        ([Fraction(0), Fraction(1)], "0%, 100% add up to 100%"),
    ],
)
def test_instalments_that_are_not_the_year_are_refused(shares: list[Fraction | None], words: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        instalments([Instalment(share, due_on("last day")) for share in shares])
    assert words in str(caught.value)
    assert "or less and one 'rest'" in str(caught.value)


def test_an_instalment_in_binary_floating_point_is_refused() -> None:
    with pytest.raises((ScheduleError, QuantityError)):
        instalments([Instalment(0.5, due_on("first day")), Instalment(0.5, due_on("last day"))])  # type: ignore[arg-type]


def test_an_instalment_in_words_of_its_due_date_alone_is_the_whole_year() -> None:
    assert instalments("12-31") == (Instalment(1, due_on("12-31")),)


# --- stubs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "until", "stub", "years", "amounts"),
    [
        ("2014-07-01", "2016-12-31", "short back", [1, 2, 3], [36_500, 36_600, 18_400]),
        ("2014-07-01", "2016-12-31", "long back", [1, 2], [36_500, 36_600 + 18_450 + 1]),
        ("2014-03-10", "2016-06-30", "short front", [0, 1, 2], [11_300, 36_500, 36_600]),
        ("2014-03-10", "2016-06-30", "long front", [1, 2], [11_300 + 36_500, 36_600]),
    ],
)
def test_a_stub_is_owed_its_days_of_the_contract_year_it_is_part_of(
    start: str, until: str, stub: Stub, years: list[int], amounts: list[int]
) -> None:
    """365 yuan in year 1, 366 in year 2, 365 in year 3; a long back stub has 184/365 of 366 = 184.504… more."""
    contract = term(start, until=until, stub=stub)
    schedule = of_years(["365", "366", "365"][: contract.years])
    found = payments(Stream("s", amount=schedule, rounding=Rounding("payment")), contract)
    assert [one.year for one in found] == years
    expected = [36_500, 36_600 + round(36_600 * 184 / 365)] if stub == "long back" else amounts
    assert [one.amount for one in found] == expected


@steady(80)
@given(st.data(), st.integers(1, 6), st.sampled_from(["short front", "long front", "short back", "long back"]))
def test_a_stub_never_changes_what_the_full_years_are_owed(data: st.DataObject, years: int, stub: Stub) -> None:
    days = data.draw(st.integers(1, 180))
    start, end = ("2014-07-01", f"{2014 + years}-{12 if days > 100 else '09'}-30")
    if stub.endswith("front"):
        start, end = f"2014-0{1 + days % 5}-10", f"{2014 + years}-06-30"
    contract = term(start, until=end, stub=stub)
    schedule = data.draw(known_schedules(contract.years).filter(lambda drawn: drawn.at_once is False))
    exact = schedule.amounts(contract.years, contract.since)
    periods = contract.periods()
    found = payments(Stream("s", amount=schedule, rounding=Rounding("payment")), contract)
    for n, (payment, year) in enumerate(zip(found, periods.years, strict=True)):
        owed = (exact[year - 1] or 0) * periods.fractions.get(n, Fraction(1))
        if payment.year == 0 and schedule.by_calendar:
            continue  # it is owed at its own calendar year's figures: see below
        assert payment.amount == int(rounded(owed, Fraction(1, 100), "half up") * 100)


@pytest.mark.parametrize("stub", ["short back", "long back"])
def test_a_principal_comes_back_whole_in_a_stub_at_the_back(stub: Stub) -> None:
    contract = term("2014-01-01", until="2018-06-30", stub=stub)
    found = payments(Stream("s", amount=lump_sums({contract.years: "200,000 yuan"})), contract)
    assert [one.amount for one in found] == [0] * (len(found) - 1) + [20_000_000]


@pytest.mark.parametrize("stub", ["short front", "long front"])
def test_a_lump_sum_of_year_1_is_paid_once_where_a_stub_stands_in_front(stub: Stub) -> None:
    contract = term("2014-07-01", until="2018-12-31", stub=stub)
    found = payments(Stream("s", amount=lump_sums({1: "200,000 yuan"})), contract)
    assert [(one.year, one.amount) for one in found if one.amount] == [(1, 20_000_000)]


def test_a_lump_sum_added_to_a_yearly_amount_is_refused_where_there_is_a_stub() -> None:
    mixed = level("5 yuan") + lump_sums({1: "7 yuan"})
    assert payments(Stream("s", amount=mixed), term("2014-01-01", years=2))[0].amount == 1200
    with pytest.raises(ScheduleError, match="stream of their own"):
        payments(Stream("s", amount=mixed), term("2014-01-01", until="2015-06-30", stub="short back"))


def test_a_stub_in_front_is_owed_at_its_own_calendar_years_price() -> None:
    rice = series("rice", {2014: "1 yuan/jin", 2015: "2 yuan/jin", 2016: "3 yuan/jin"})
    contract = term("2014-07-02", until="2016-12-31", stub="short front")
    found = payments(Stream("s", amount=indexed("365 jin", rice), rounding=Rounding("payment")), contract)
    assert [(one.year, one.amount) for one in found] == [(0, 18_300), (1, 73_000), (2, 109_500)]


def test_goods_that_are_delivered_once_are_not_delivered_in_the_stub_as_well() -> None:
    rice = series("rice", {2014: "1 yuan/jin", 2015: "2 yuan/jin", 2016: "3 yuan/jin"})
    once = indexed(lump_sums({1: "5 jin"}), rice)
    found = payments(Stream("s", amount=once), term("2014-07-02", until="2016-12-31", stub="short front"))
    assert [(one.year, one.amount) for one in found] == [(0, 0), (1, 1000), (2, 0)]


def test_a_rounded_total_is_settled_in_the_last_year_that_owes_something() -> None:
    owed = level("100.004 yuan").mask([3])
    found = payments(Stream("s", amount=owed, rounding=Rounding("total")), term("2014-01-01", years=3))
    assert [one.amount for one in found] == [10_000, 10_001, 0]


def test_a_negative_amount_is_refused_even_where_rounding_would_hide_it() -> None:
    owed = of_years(["100", "-400"])
    with pytest.raises(ScheduleError, match="year 2 comes to -400 yuan"):
        payments(Stream("s", amount=owed, rounding=Rounding("payment", to=1000)), term("2014-01-01", years=2))


def test_a_fen_that_two_parts_cannot_share_goes_by_their_names_and_not_by_their_rows() -> None:
    def shared(*names: str) -> dict[str, int | None]:
        stream = Stream("s", amount="0.01 yuan", split=split([(name, "50%") for name in names]))
        projected = project_stream(stream, term("2014-01-01", years=1), CNY)
        return {part.name: part.amounts[0] for part in divide_stream(projected, CNY).parts}

    assert shared("a", "b") == shared("b", "a") == {"a": 1, "b": 0}


def test_nothing_is_paid_per_share_in_a_year_without_payment_and_never_in_instalments() -> None:
    members = Holders("m", (Holder("1", "甲", 3),), "per share", quantity("33 yuan/share"), "reserve")
    stream = Stream("s", amount=level("100 yuan").mask([2]), holders=members)
    division = divide_stream(project_stream(stream, term("2014-01-01", years=2), CNY), CNY)
    assert list(division.held[0][1]) == [9_900, 0]
    assert list(division.remainder) == [100, 0]
    with pytest.raises(ScheduleError, match="instalments"):
        Stream("s", amount="100 yuan", holders=members, due=THIRDS)


def test_what_is_split_into_parts_goes_to_holders_part_by_part() -> None:
    members = Holders("m", (Holder("1", "甲", 3),))
    with pytest.raises(ScheduleError, match="part by part"):
        Stream("s", amount="100 yuan", split=split([("a", "100%")]), holders=members)
    with pytest.raises(ScheduleError, match="part by part"):
        Stream("s", amount="100 yuan", split=[Part("a", 1, (Part("b", 1),), members)])


def test_a_year_never_goes_through_a_day_count() -> None:
    """docs: Actual/365F would make 9,172 yuan of error on the seed contract."""
    contract = term("2014-01-01", years=40)
    assert project_stream(Stream("land", rate=LAND, quantity="1,000 mu"), contract, CNY).total == 1_319_926_784
    day_counted = sum(
        (amount or Fraction(0)) * ((end - start).days + 1) / 365
        for amount, start, end in zip(
            LAND.per("1,000 mu").amounts(40), contract.periods().starts, contract.periods().ends, strict=True
        )
    )
    assert int(day_counted - Fraction(1_319_926_784, 100)) == 9_172


# --- in kind ---------------------------------------------------------------------------------------------------


def test_rent_in_kind_has_its_goods_and_its_money_at_the_year_s_price() -> None:
    rice = series("rice", {2014: "1.35 元/斤", 2015: "1.38 元/斤"})
    stream = Stream("rent", rate=indexed("500 斤/亩", rice), quantity="10 亩")
    projected = project_stream(stream, term("2014-01-01", years=2), CNY)
    assert [(one.quantity, one.amount) for one in projected.payments] == [(5000, 675_000), (5000, 690_000)]
    assert str(projected.goods) == "jin"


def test_years_ahead_without_an_assumption_have_goods_only() -> None:
    rice = series("rice", {2014: "1.35 元/斤"})
    projected = project_stream(Stream("rent", amount=indexed("500 斤", rice)), term("2014-01-01", years=3), CNY)
    assert [(one.quantity, one.amount) for one in projected.payments] == [(500, 67_500), (500, None), (500, None)]
    assert projected.total == 67_500
    assert all(not one.assumptions for one in projected.payments)


@pytest.mark.parametrize(
    ("assume", "amounts", "words"),
    [
        ("hold", [10_000, 20_000, 20_000, 20_000], "rice: 2015's 2 yuan/jin assumed to hold"),
        ("保持不变", [10_000, 20_000, 20_000, 20_000], "rice: 2015's 2 yuan/jin assumed to hold"),
        ("+10%", [10_000, 20_000, 22_000, 24_200], "rice: 2015's 2 yuan/jin assumed to change by 10%"),
        ("-50%", [10_000, 20_000, 10_000, 5_000], "rice: 2015's 2 yuan/jin assumed to change by -50%"),
        ({2016: "3 元/斤", 2017: "4 元/斤"}, [10_000, 20_000, 30_000, 40_000], "rice: 2016 assumed as listed"),
    ],
)
def test_every_year_that_rests_on_an_assumption_says_so_and_no_other(
    assume: object, amounts: list[int], words: str
) -> None:
    rice = series("rice", {2014: "1 元/斤", 2015: "2 元/斤"}, assume=assume)
    found = payments(Stream("rent", amount=indexed("100 斤", rice)), term("2014-01-01", years=4))
    assert [one.amount for one in found] == amounts
    assert [len(one.assumptions) for one in found] == [0, 0, 1, 1]
    assert words in str(found[2].assumptions[0])


def test_an_assumption_follows_its_year_through_every_part_of_an_expression() -> None:
    rice = series("rice", {2014: "1 元/斤", 2015: "2 元/斤"}, assume="hold")
    oil = series("oil", {2014: "1 元", 2015: "2 元", 2016: "3 元"}, assume="+1%")
    contract = term("2014-01-01", years=6)

    def resting(schedule: Schedule) -> list[int]:
        return [len(one.assumptions) for one in payments(Stream("s", amount=schedule), contract)]

    rent = indexed("100 斤", rice)
    assert resting(rent) == [0, 0, 1, 1, 1, 1]
    assert resting(rent + figures(oil)) == [0, 0, 1, 2, 2, 2]
    assert resting(rent - figures(rice).per("1 斤")) == [0, 0, 1, 1, 1, 1]
    assert resting(rent.mask([4])) == [0, 0, 1, 0, 1, 1]
    assert resting(rent.delay(1)) == [0, 0, 1, 1, 1, 1]
    assert resting(rent.delay(3)) == [0, 0, 0, 1, 1, 1]
    assert resting(rent.until(2)) == [0, 0, 0, 0, 0, 0]
    assert resting(rent.until(4)) == [0, 0, 1, 1, 1, 1]
    assert resting(rent.then("5 元", after=3)) == [0, 0, 1, 0, 0, 0]
    assert resting(level("5 元").then(rent, after=3)) == [0, 0, 0, 1, 1, 1]
    assert resting(rent.floor("150 元")) == [0, 0, 1, 1, 1, 1]
    assert resting(rent.per("2").rounded(Rounding("unit price"))) == [0, 0, 1, 1, 1, 1]


def test_a_stub_carries_the_assumption_of_the_year_it_is_part_of() -> None:
    rice = series("rice", {2014: "1 元/斤", 2015: "2 元/斤"}, assume="hold")
    contract = term("2014-07-01", until="2016-12-31", stub="short back")
    found = payments(Stream("rent", amount=indexed("365 斤", rice), rounding=Rounding("payment")), contract)
    assert [(one.amount, one.quantity, len(one.assumptions)) for one in found] == [
        (36_500, 365, 0),
        (73_000, 365, 0),
        (36_800, 184, 1),
    ]


def test_a_price_before_the_first_known_one_is_an_error_that_names_the_year() -> None:
    rice = series("rice", {2015: "1.35 元/斤", 2016: "1.38 元/斤"})
    for lag, missing in ((0, 2014), (2, 2012)):
        stream = Stream("rent", amount=indexed("500 斤", rice, lag=lag))
        with pytest.raises(MissingValueError, match=f"rice has no figure for {missing}: .*2015 to 2016"):
            payments(stream, term("2014-01-01", years=2))


def test_known_years_are_rounded_as_if_the_unknown_ones_were_not_there() -> None:
    price = series("p", {1: "0.005 yuan", 2: "0.005 yuan", 3: "0.005 yuan"})
    contract = term("2014-01-01", years=5)
    for at, amounts in (("running total", [1, 0, 1]), ("payment", [1, 1, 1]), ("total", [1, 1, 0])):
        stream = Stream("s", amount=figures(price), rounding=Rounding(at))  # type: ignore[arg-type]
        assert [one.amount for one in payments(stream, contract)] == [*amounts, None, None]


# --- by calendar year ------------------------------------------------------------------------------------------


@steady(150)
@given(
    st.data(),
    st.dates(date(SINCE, 1, 1), date(SINCE, 12, 31)),
    st.integers(1, 8),
    st.sampled_from(MODES),
    st.sampled_from(["last day", "03-31", "next 03-31"]),
)
def test_rows_by_calendar_year_lie_within_it_and_add_up_to_the_same_payments(
    data: st.DataObject, start: date, years: int, mode: Mode, due: str
) -> None:
    schedule = data.draw(known_schedules(years))
    contract = term(start, years=years)
    stream = Stream("s", amount=schedule, rounding=Rounding(mode=mode), due=due)
    found = payments(stream, contract)
    rows = by_calendar_year(found)
    assert sum(row.amount or 0 for row in rows) == sum(one.amount or 0 for one in found)
    assert [row.start for row in rows] == sorted({one.start for one in found} | {
        date(year, 1, 1) for year in range(start.year + 1, contract.end.year + 1)
    })  # fmt: skip
    for row in rows:
        assert row.start.year == row.end.year == row.year
        assert row.start <= row.end
    for one in found:
        mine = [row for row in rows if one.start <= row.start <= one.end]
        assert sum(row.amount or 0 for row in mine) == one.amount
        assert {row.due for row in mine} == {one.due}
        total = (one.end - one.start).days + 1
        so_far = 0
        for row in mine:
            assert (row.amount or 0) >= 0
            so_far += row.amount or 0
            assert so_far == ((row.end - one.start).days + 1) * (one.amount or 0) // total


def test_a_contract_year_that_is_a_calendar_year_stays_whole() -> None:
    found = payments(Stream("dam", amount=DAM), term("2014-01-01", years=3))
    assert by_calendar_year(found) == [one._replace(year=one.start.year) for one in found]


def test_goods_are_divided_by_days_exactly_and_unknown_money_stays_unknown() -> None:
    rice = series("rice", {2014: "1 元/斤"})
    found = payments(Stream("rent", amount=indexed("365 斤", rice)), term("2014-07-01", years=2))
    rows = by_calendar_year(found)
    assert [(row.year, row.amount, row.quantity) for row in rows] == [
        (2014, 18_400, 184),
        (2015, 18_100, 181),
        (2015, None, Fraction(184 * 365, 366)),
        (2016, None, Fraction(182 * 365, 366)),
    ]


# --- a lease past its twentieth year -----------------------------------------------------------------------------


@pytest.mark.parametrize(("start", "first_void"), [("2014-01-01", 21), ("2014-07-01", 21)])
def test_a_lease_is_void_from_its_twenty_first_year_on(start: str, first_void: int) -> None:
    """民法典 705: a lease is void for what exceeds twenty years; other bases are not leases."""
    contract = term(start, years=40, basis="lease")
    stream = Stream("s", amount=DAM)
    void = [one.year for one in payments(stream, contract) if void_as_lease(stream, contract, one)]
    assert void == list(range(first_void, 41))
    barren = Stream("s", amount=DAM, basis="barren land")
    assert not any(void_as_lease(barren, contract, one) for one in payments(barren, contract))


def test_the_first_day_past_twenty_years_is_void_and_the_last_one_within_is_not() -> None:
    stream = Stream("s", amount=DAM)
    for until, void in (("2034-01-01", [False] * 20 + [True]), ("2033-12-31", [False] * 20)):
        contract = term("2014-01-01", until=until, basis="lease", stub="short back" if len(void) > 20 else "none")
        assert [void_as_lease(stream, contract, one) for one in payments(stream, contract)] == void


def test_rent_in_kg_at_a_price_a_jin_is_refused_where_money_is_paid() -> None:
    stream = Stream("rent", amount=indexed("500 kg", series("rice", {2014: "1.3 yuan/jin"})))
    with pytest.raises(PlanError, match="amounts are in yuan·kg/jin where yuan"):
        Plan("p", term("2014-01-01", years=1, basis="lease"), [stream])


def test_a_payment_on_29_february_without_a_policy_is_refused_when_it_is_projected() -> None:
    with pytest.raises(CalendarError, match="29 February does not occur in 2014"):
        payments(Stream("s", amount="1 yuan", due="02-29"), term("2014-01-01", years=2))


def test_a_stream_needs_an_amount_or_a_rate_and_a_quantity() -> None:
    for wrong in ({}, {"rate": "1 yuan/mu"}, {"quantity": "1 mu"}, {"amount": "1 yuan", "rate": "1 yuan/mu"},
                  {"amount": "1 yuan", "rate": "1 yuan/mu", "quantity": "1 mu"}):  # fmt: skip
        with pytest.raises(ScheduleError, match="either an amount, or a rate and a quantity"):
            Stream("s", **wrong)  # type: ignore[arg-type]
    assert Stream("s", rate="2 yuan/mu", quantity="3 mu").amount.amounts(1) == [6]
    assert quantity("6 yuan").unit == Stream("s", rate="2 yuan/mu", quantity="3 mu").amount.unit

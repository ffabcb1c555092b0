# ruff: noqa: ANN401 - values of the wrong type are the point of some tests
"""The calendar of a contract, against QuantLib: anchors, contract years, stubs, due dates, business days."""

import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
import QuantLib as ql  # noqa: N813 - as everybody calls it
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.calendar import (
    ADJUSTMENTS,
    PERIOD_END,
    PERIOD_START,
    Adjustment,
    Due,
    LeapDay,
    Periods,
    Stub,
    Term,
    day,
    due_on,
    term,
)
from coopledger.core.growth import step
from coopledger.core.plan import Stream
from coopledger.core.projection import project_stream
from coopledger.core.quantity import CURRENCIES, Quantity, unit
from coopledger.errors import CalendarError
from tests.core.strategies import steady

DAY = timedelta(1)
CNY = CURRENCIES["CNY"]
ONE_YEAR = ql.Period(1, ql.Years)

LEAP_DAYS = [date(year, 2, 29) for year in range(1904, 2096, 4)]
ANCHORS = [date(1904, 1, 1) + timedelta(23 * n) for n in range(2800)] + LEAP_DAYS
FEW_ANCHORS = ANCHORS[500::37] + LEAP_DAYS[8::6] + [date(2015, 2, 28), date(2016, 3, 1), date(2014, 12, 31)]
NOT_END_OF_FEBRUARY = [one for one in FEW_ANCHORS if (one.month, one.day) not in ((2, 28), (2, 29))]


def in_ql(one: date) -> Any:
    return ql.Date(one.day, one.month, one.year)


def from_ql(one: Any) -> date:
    return date(one.year(), one.month(), one.dayOfMonth())


def ql_schedule(start: date, end: date, stub: Stub) -> Any:
    """QuantLib's own dates from the first day to the day after the last one; its leap-day rule is 28 February."""
    front = stub.endswith("front")
    rule = ql.DateGeneration.Backward if front else ql.DateGeneration.Forward
    arguments = (in_ql(start), in_ql(end), ONE_YEAR, ql.NullCalendar(), ql.Unadjusted, ql.Unadjusted, rule, False)
    short = ql.Schedule(*arguments)
    if not stub.startswith("long"):
        return short
    dates = list(short)
    if front:
        return ql.Schedule(*arguments, dates[2])
    return ql.Schedule(*arguments, ql.Date(), dates[-3])


def bounds(periods: Periods) -> list[date]:
    """First days of the periods and the day after the last one; the periods must follow on each other."""
    for end, start in zip(periods.ends, periods.starts[1:], strict=False):
        assert end + DAY == start
    return [*periods.starts, periods.ends[-1] + DAY]


def with_part(anchor: date, years: int, days: int, stub: Stub) -> tuple[date, date]:
    """The first day and the day after the last one of so many full years and some days, by QuantLib's calendar."""
    if stub.endswith("front"):
        return from_ql(in_ql(anchor) - ql.Period(years, ql.Years)) - timedelta(days), anchor
    return anchor, from_ql(in_ql(anchor) + ql.Period(years, ql.Years)) + timedelta(days)


def of_policy(anchor: date, leap_day: LeapDay = "28 Feb") -> LeapDay | None:
    return leap_day if (anchor.month, anchor.day) == (2, 29) else None


# --- contract years --------------------------------------------------------------------------------------------


def test_contract_years_start_on_quantlib_s_dates_for_thousands_of_anchors() -> None:
    for n, anchor in enumerate(ANCHORS):
        years = 1 + n % 60
        contract = term(anchor, years=years, leap_day=of_policy(anchor))
        periods = contract.periods()
        dates = ql_schedule(anchor, contract.end + DAY, "none")
        assert bounds(periods) == [from_ql(one) for one in dates], anchor
        assert list(periods.numbers) == list(periods.years) == list(range(1, years + 1))
        assert not periods.fractions
        assert contract.years == contract.full_years == years
        assert contract.since == anchor.year


@pytest.mark.parametrize("stub", ["short front", "long front", "short back", "long back"])
def test_a_part_of_a_year_lies_between_quantlib_s_dates(stub: Stub) -> None:
    for n, anchor in enumerate(FEW_ANCHORS):
        for days in (1, 100, 184, 364):
            start, end = with_part(anchor, 2 + n % 30, days, stub)
            contract = term(start, until=end - DAY, stub=stub, leap_day=of_policy(anchor))
            dates = [from_ql(one) for one in ql_schedule(start, end, stub)]
            assert bounds(contract.periods()) == dates, (start, end)


@pytest.mark.parametrize("stub", ["short front", "long front", "short back", "long back"])
def test_the_part_of_a_year_is_counted_in_days_of_that_contract_year_as_by_isma(stub: Stub) -> None:
    """ISMA's day count (Actual/Actual with the notional year) is the one in which a full year is 1."""
    for n, anchor in enumerate(NOT_END_OF_FEBRUARY):
        start, end = with_part(anchor, 2 + n % 9, (1, 100, 184, 364)[n % 4], stub)
        periods = term(start, until=end - DAY, stub=stub).periods()
        schedule = ql_schedule(start, end, stub)
        counted = ql.ActualActual(ql.ActualActual.ISMA, schedule)
        expected = [counted.yearFraction(one, other) for one, other in pairwise(schedule)]
        found = [float(periods.fractions.get(n, 1)) for n in range(len(expected))]
        assert found == pytest.approx(expected, abs=1e-12), (start, end)


@steady(300)
@given(
    st.dates(date(1950, 1, 1), date(2060, 1, 1)),
    st.integers(0, 16000),
    st.sampled_from(["none", "short front", "long front", "short back", "long back"]),
    st.sampled_from(["28 Feb", "1 Mar"]),
)
def test_contract_years_have_no_gap_and_cover_the_term(start: date, days: int, stub: Stub, leap_day: LeapDay) -> None:
    end = start + timedelta(days)
    try:
        contract = term(start, until=end, stub=stub, leap_day=leap_day)
    except CalendarError:
        return
    periods = contract.periods()
    assert bounds(periods)[0] == start
    assert bounds(periods)[-1] == end + DAY
    assert all(first <= last for first, last in zip(periods.starts, periods.ends, strict=True))
    assert len(periods.numbers) == len(periods.starts) == len(periods.ends) == len(periods.years)
    assert set(periods.years) == set(range(1, contract.years + 1))
    assert len(periods.fractions) == (stub != "none")
    parts = sum((periods.fractions.get(n, Fraction(1)) for n in range(len(periods.numbers))), Fraction(0))
    assert contract.full_years <= parts < contract.full_years + 1


@steady(200)
@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(1, 60), st.sampled_from(["28 Feb", "1 Mar"]))
def test_every_contract_year_is_counted_from_the_anchor(start: date, years: int, leap_day: LeapDay) -> None:
    contract = term(start, years=years, leap_day=leap_day)
    for number, first in zip(contract.periods().numbers, contract.periods().starts, strict=True):
        if (start.month, start.day) != (2, 29):
            assert first == start.replace(year=start.year + number - 1)
        assert first == contract.anniversary(number - 1)


def test_from_29_february_the_years_come_back_to_the_29th() -> None:
    """docs: a chained count sticks on the 28th for ever."""
    starts = term("2016-02-29", years=9, leap_day="28 Feb").periods().starts
    assert [str(one) for one in starts[:5]] == ["2016-02-29", "2017-02-28", "2018-02-28", "2019-02-28", "2020-02-29"]
    assert str(starts[8]) == "2024-02-29"
    late = term("2016-02-29", years=5, leap_day="1 Mar").periods().starts
    assert [str(one) for one in late] == ["2016-02-29", "2017-03-01", "2018-03-01", "2019-03-01", "2020-02-29"]


def test_a_century_without_a_leap_day_is_no_leap_year() -> None:
    starts = term("2096-02-29", years=9, leap_day="28 Feb").periods().starts
    assert str(starts[4]) == "2100-02-28"
    assert str(starts[8]) == "2104-02-29"


# --- stubs by hand ---------------------------------------------------------------------------------------------


def test_a_front_stub_is_year_0_and_owes_its_days_of_the_first_year_s_amount() -> None:
    contract = term("2014-03-10", until="2017-06-30", stub="short front")
    periods = contract.periods()
    assert list(periods.numbers) == [0, 1, 2, 3]
    assert list(periods.years) == [1, 1, 2, 3]
    assert periods.fractions == {0: Fraction(113, 365)}
    assert [str(one) for one in periods.starts] == ["2014-03-10", "2014-07-01", "2015-07-01", "2016-07-01"]
    assert (contract.full_years, contract.years, contract.since) == (3, 3, 2014)


def test_a_long_front_stub_is_joined_to_year_1() -> None:
    contract = term("2013-03-10", until="2016-06-30", stub="long front")
    periods = contract.periods()
    assert list(periods.numbers) == [1, 2, 3]
    assert periods.fractions == {0: 1 + Fraction(113, 365)}
    assert str(periods.starts[0]) == "2013-03-10"
    assert contract.since == 2013


def test_a_back_stub_is_a_year_of_its_own_and_a_long_one_is_joined_to_the_last() -> None:
    short = term("2014-07-01", until="2016-12-31", stub="short back")
    assert list(short.periods().numbers) == [1, 2, 3]
    assert short.periods().fractions == {2: Fraction(184, 365)}
    assert (short.full_years, short.years) == (2, 3)
    long = term("2014-07-01", until="2016-12-31", stub="long back")
    assert list(long.periods().numbers) == [1, 2]
    assert long.periods().fractions == {1: 1 + Fraction(184, 365)}
    assert (long.full_years, long.years) == (2, 2)


def test_a_stub_in_a_contract_year_with_a_leap_day_is_counted_in_366_days() -> None:
    assert term("2014-07-01", until="2015-12-31", stub="short back").periods().fractions == {1: Fraction(184, 366)}
    assert term("2015-12-01", until="2017-06-30", stub="short front").periods().fractions == {0: Fraction(213, 366)}


@steady(150)
@given(st.dates(date(1980, 1, 1), date(2050, 1, 1)), st.integers(1, 20), st.integers(1, 364))
def test_the_two_parts_of_one_contract_year_add_up_to_it(start: date, years: int, days: int) -> None:
    if (start.month, start.day) == (2, 29):
        start += DAY
    anniversary = start.replace(year=start.year + years)
    cut = anniversary + timedelta(days)
    after = start.replace(year=start.year + years + 1)
    back = term(start, until=cut - DAY, stub="short back").periods().fractions[years]
    front = term(cut, until=after.replace(year=after.year + 3) - DAY, stub="short front").periods().fractions[0]
    assert back + front == 1
    long_back = term(start, until=cut - DAY, stub="long back").periods().fractions
    assert long_back == {years - 1: 1 + back}


def test_a_term_shorter_than_a_year_is_a_short_stub_alone() -> None:
    back = term("2014-07-01", until="2014-12-31", stub="short back")
    assert (list(back.periods().numbers), back.periods().fractions) == ([1], {0: Fraction(184, 365)})
    front = term("2014-07-01", until="2014-12-31", stub="short front")
    assert (list(front.periods().numbers), front.periods().fractions) == ([0], {0: Fraction(184, 365)})
    assert back.years == front.years == 1


# --- amounts on dates, against QuantLib's fixed-rate leg ---------------------------------------------------------


@steady(60)
@given(
    st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    st.integers(1, 60),
    st.integers(1, 7),
    st.sampled_from([0.2, 0.25, 0.125, 0.5, 0.0, -0.1]),
    st.integers(1, 50_000),
    st.sampled_from(["previous", "base"]),
)
def test_a_regular_schedule_pays_what_quantlib_s_fixed_rate_leg_pays(  # noqa: PLR0917
    start: date, years: int, every: int, rate: float, fen: int, of: Any
) -> None:
    """Nominal: the area; coupon rate: the price per mu and year; a full year counts 1."""
    contract = term(start, years=years, leap_day=of_policy(start))
    area, price = 1000, Fraction(fen, 100)
    rent = step(Quantity(price, unit("yuan/mu")), every=every, by=Fraction(rate), of=of)
    if rate < 0 and of == "base":
        rent = rent.floor("0 yuan/mu")
    rates = [float(price) * ((1 + rate) ** (n // every) if of == "previous" else max(1 + rate * (n // every), 0))
             for n in range(years)]  # fmt: skip
    dates = ql_schedule(start, contract.end + DAY, "none")
    leg = ql.FixedRateLeg(dates, ql.SimpleDayCounter(), [float(area)], rates)
    exact = rent.per(f"{area} mu").amounts(years)
    projected = project_stream(Stream("s", amount=rent.per(f"{area} mu")), contract, CNY)
    assert [from_ql(coupon.date()) - DAY for coupon in leg] == [payment.due for payment in projected.payments]
    for coupon, amount, payment in zip(leg, exact, projected.payments, strict=True):
        assert amount is not None
        assert float(amount) == pytest.approx(coupon.amount(), rel=1e-9, abs=1e-6)
        assert (payment.amount or 0) / 100 == pytest.approx(coupon.amount(), rel=1e-9, abs=0.0101)


@pytest.mark.parametrize("stub", ["short front", "long front", "short back", "long back"])
def test_a_schedule_with_a_stub_pays_what_quantlib_s_leg_pays_by_isma(stub: Stub) -> None:
    for n, anchor in enumerate(NOT_END_OF_FEBRUARY):
        years = 2 + n % 9
        start, end = with_part(anchor, years, (1, 100, 184, 364)[n % 4], stub)
        dates = ql_schedule(start, end, stub)
        count = len(dates) - 1
        by_year = [160 * 1.2**n for n in range(years + 1)]
        rates = ([by_year[0], *by_year] if stub == "short front" else by_year)[:count]
        leg = ql.FixedRateLeg(dates, ql.ActualActual(ql.ActualActual.ISMA, dates), [1000.0], rates)
        rent = Stream("s", rate=step("160 yuan/mu", every=1, by="20%", of="previous"), quantity="1,000 mu")
        projected = project_stream(rent, term(start, until=end - DAY, stub=stub), CNY)
        assert [payment.due + DAY for payment in projected.payments] == [from_ql(coupon.date()) for coupon in leg]
        for coupon, payment in zip(leg, projected.payments, strict=True):
            assert (payment.amount or 0) / 100 == pytest.approx(coupon.amount(), rel=1e-9, abs=0.0101), (start, end)


# --- due dates -------------------------------------------------------------------------------------------------


def dues(rule: Due, contract: Term) -> list[str]:
    return [str(one) for one in rule.dates(contract.periods(), contract.leap_day)]


MID_YEAR = term("2014-07-01", years=2)


@pytest.mark.parametrize(
    ("rule", "dates"),
    [
        ("last day", ["2015-06-30", "2016-06-30"]),
        ("期末", ["2015-06-30", "2016-06-30"]),
        ("first day", ["2014-07-01", "2015-07-01"]),
        ("期初", ["2014-07-01", "2015-07-01"]),
        ("12-31", ["2014-12-31", "2015-12-31"]),
        ("12月31日", ["2014-12-31", "2015-12-31"]),
        ("06-30", ["2015-06-30", "2016-06-30"]),
        ("07-01", ["2014-07-01", "2015-07-01"]),
        ("next 03-31", ["2016-03-31", "2017-03-31"]),
        ("次年3月31日", ["2016-03-31", "2017-03-31"]),
        ("next 06-30", ["2016-06-30", "2017-06-30"]),
        ("next 07-01", ["2015-07-01", "2016-07-01"]),
        ("next 12-31", ["2015-12-31", "2016-12-31"]),
        ("30 days after", ["2015-07-30", "2016-07-30"]),
        ("30天后", ["2015-07-30", "2016-07-30"]),
    ],
)
def test_a_due_rule_means_its_day(rule: str, dates: list[str]) -> None:
    assert dues(due_on(rule), MID_YEAR) == dates


@steady(200)
@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(1, 40), st.dates(date(2000, 1, 1), date(2000, 12, 31)))
def test_a_fixed_day_lies_once_in_every_full_year_and_the_next_one_in_the_year_after(
    start: date, years: int, fixed: date
) -> None:
    contract = term(start, years=years, leap_day="28 Feb")
    periods = contract.periods()
    within = Due(fixed.month, fixed.day).dates(periods, "28 Feb")
    after = Due(fixed.month, fixed.day, following_year=True).dates(periods, "28 Feb")
    for first, last, due, following in zip(periods.starts, periods.ends, within, after, strict=True):
        assert first <= due <= last
        assert last < following
        assert last.replace(day=1) <= following.replace(day=1) <= date(last.year + 1, last.month, 1)
        if (fixed.month, fixed.day) != (2, 29):
            assert (due.month, due.day) == (following.month, following.day) == (fixed.month, fixed.day)


@steady(100)
@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(1, 40), st.integers(0, 400))
def test_first_day_last_day_and_days_after(start: date, years: int, days: int) -> None:
    periods = term(start, years=years, leap_day="1 Mar").periods()
    assert list(PERIOD_START.dates(periods)) == list(periods.starts)
    assert list(PERIOD_END.dates(periods)) == list(periods.ends)
    assert list(Due(days_after=days).dates(periods)) == [one + timedelta(days) for one in periods.ends]


def test_in_a_stub_without_the_fixed_day_it_is_the_first_one_after() -> None:
    contract = term("2014-07-01", until="2015-09-30", stub="short back")
    assert dues(due_on("12-31"), contract) == ["2014-12-31", "2015-12-31"]
    front = term("2014-03-10", until="2015-06-30", stub="short front")
    assert dues(due_on("12-31"), front) == ["2014-12-31", "2014-12-31"]


def test_in_a_long_stub_with_two_such_days_it_is_the_last_one() -> None:
    contract = term("2014-07-01", until="2016-03-31", stub="long back")
    assert dues(due_on("10-15"), contract) == ["2015-10-15"]


def test_29_february_as_a_due_date_needs_the_leap_day_policy() -> None:
    assert dues(due_on("02-29"), term("2014-01-01", years=3, leap_day="28 Feb"))[1:] == ["2015-02-28", "2016-02-29"]
    assert dues(due_on("02-29"), term("2014-01-01", years=3, leap_day="1 Mar"))[1:] == ["2015-03-01", "2016-02-29"]
    with pytest.raises(CalendarError, match=r"29 February does not occur in 2014.*28 Feb.*1 Mar"):
        dues(due_on("02-29"), term("2014-01-01", years=3))


OF_QUANTLIB = {"following": ql.Following, "preceding": ql.Preceding, "modified following": ql.ModifiedFollowing}


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_a_due_date_moves_to_a_business_day_as_in_quantlib(adjustment: Adjustment) -> None:
    weekends = ql.WeekendsOnly()
    for anchor in ANCHORS[::30]:
        contract = term(anchor, years=20, leap_day=of_policy(anchor))
        for rule in ("last day", "first day", "01-31", "12-31", "30 days after"):
            plain = due_on(rule).dates(contract.periods(), contract.leap_day)
            moved = due_on(rule, adjustment=adjustment).dates(contract.periods(), contract.leap_day)
            expected = [from_ql(weekends.adjust(in_ql(one), OF_QUANTLIB[adjustment])) for one in plain]
            assert list(moved) == expected, (anchor, rule)


@pytest.mark.parametrize("adjustment", ADJUSTMENTS)
def test_a_due_date_moves_over_holidays_as_in_quantlib(adjustment: Adjustment) -> None:
    holidays = [date(year, month, on) for year in range(2014, 2035) for month in (1, 5, 10, 12) for on in (1, 2, 3, 31)
                if (month, on) not in ((5, 31), (10, 31))]  # fmt: skip
    calendar = ql.BespokeCalendar("holidays")
    for weekend in (ql.Saturday, ql.Sunday):
        calendar.addWeekend(weekend)
    for holiday in holidays:
        calendar.addHoliday(in_ql(holiday))
    contract = term("2014-01-01", years=20)
    for rule in ("12-31", "05-01", "10-01", "10-03", "last day", "first day"):
        plain = due_on(rule).dates(contract.periods())
        moved = due_on(rule, adjustment=adjustment, holidays=holidays).dates(contract.periods())
        assert list(moved) == [from_ql(calendar.adjust(in_ql(one), OF_QUANTLIB[adjustment])) for one in plain], rule


def test_no_due_date_moves_unless_it_is_asked_for() -> None:
    saturday_or_sunday = [one for one in due_on("12-31").dates(term("2014-01-01", years=10).periods()) if
                          one.isoweekday() > 5]  # fmt: skip
    assert saturday_or_sunday


@pytest.mark.parametrize("rule", ["last day", "first day", "12-31", "next 03-31", "30 days after"])
def test_a_due_rule_is_said_in_words(rule: str) -> None:
    for language in ("en", "zh"):
        words = due_on(rule).words.say(language)
        assert words
        assert "{" not in words


def test_a_fixed_day_is_said_with_its_month_and_day() -> None:
    assert str(due_on("3月5日").words) == "on 03-05"
    assert str(due_on("next 03-31").words) == "on 03-31 after the period"


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("years", [0, -1, -40, 201, 10**9, True, 2.5, "40"])
def test_a_term_has_1_to_200_years(years: Any) -> None:
    with pytest.raises(CalendarError, match=f"{re.escape(str(years))} years: a term has 1 to 200 years"):
        term("2014-01-01", years=years)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"until": "2013-12-31"}, "from 2014-01-01 to 2013-12-31: its end lies before its start"),
        ({}, "needs its years or its last day"),
        ({"years": 2, "until": "2016-12-31"}, "2 years .*end on 2015-12-31, not on 2016-12-31"),
        ({"until": "2016-06-30"}, "is 2 full years and a part: stub = 'short back', 'long back', 'short front'"),
        ({"until": "2014-06-30"}, "is 0 full years and a part"),
        ({"until": "2014-06-30", "stub": "long back"}, "0 years: a term has 1 to 200 years"),
        ({"until": "2014-06-30", "stub": "long front"}, "0 years: a term has 1 to 200 years"),
        ({"until": "2015-12-31", "stub": "short back"}, "is 2 full years: there is no stub"),
        ({"until": "2015-12-31", "stub": "long front"}, "is 2 full years: there is no stub"),
        ({"years": 2, "stub": "middle"}, "'middle': one of none, short front, long front, short back, long back"),
        ({"years": 2, "basis": "gift"}, "'gift': one of lease, contracted land, barren land"),
        ({"years": 2, "leap_day": "29 Feb"}, "'29 Feb': one of 28 Feb, 1 Mar"),
        ({"until": "2014-13-01"}, "'2014-13-01' is not a day: write it as 2014-01-01"),
        ({"until": "2015-02-29"}, "'2015-02-29' is not a day"),
        ({"until": 20141231}, "20141231 is not a day"),
    ],
)
def test_a_term_that_cannot_be_meant_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(CalendarError) as caught:
        term("2014-01-01", **wrong)
    assert re.search(words, str(caught.value)), str(caught.value)
    assert "{" not in str(caught.value) + caught.value.say("zh")


def test_years_counted_from_29_february_need_the_leap_day_policy() -> None:
    for contract in ({"start": "2016-02-29", "years": 4}, {"start": "2015-01-01", "until": "2016-02-28",
                                                           "stub": "short front"}):  # fmt: skip
        with pytest.raises(CalendarError, match="years counted from 2016-02-29: leap_day = '28 Feb' or '1 Mar'"):
            term(**contract)


@pytest.mark.parametrize(
    "rule",
    ["", "13-01", "02-30", "00-10", "12-32", "soon", "day 5", "-5 days after", "next", "10-15-2014", None, 5, b"12-31"],
)
def test_a_due_date_that_cannot_be_meant_is_refused(rule: Any) -> None:
    with pytest.raises(CalendarError) as caught:
        due_on(rule)
    assert repr(rule) in str(caught.value)
    assert "'last day', 'first day', '12-31', 'next 03-31' or '30 days after'" in str(caught.value)


def test_an_unknown_adjustment_is_refused() -> None:
    with pytest.raises(CalendarError, match="'nearest': one of following, preceding, modified following"):
        due_on("12-31", adjustment="nearest")  # type: ignore[arg-type]


def test_a_moment_is_taken_for_its_day() -> None:
    """A ``datetime`` is a ``date`` for Python; a term that kept it could not be compared with its own days."""
    moment = datetime(2014, 1, 1, 12, 30)  # noqa: DTZ001 - a naive one, as a spreadsheet gives it
    try:
        contract = term(moment, years=2)
    except CalendarError:
        return  # refused is as good as read
    assert contract == term("2014-01-01", years=2)


@pytest.mark.parametrize(
    ("start", "end", "stub"),
    [
        ("9990-01-01", "9999-12-31", "none"),
        ("9990-01-01", "9998-12-31", "none"),
        ("9990-01-01", "9998-06-30", "short back"),
        ("0001-01-01", "0003-12-30", "short front"),
        ("0001-06-01", "0003-12-30", "short front"),
        ("0001-01-01", "0001-03-31", "short front"),
    ],
)
def test_at_the_ends_of_the_calendar_a_term_works_or_is_refused_as_any_other_error(
    start: str, end: str, stub: Stub
) -> None:
    try:
        contract = term(start, until=end, stub=stub)
        assert bounds(contract.periods())[0] == contract.start
        due_on("12-31").dates(contract.periods())
        due_on("next 03-31").dates(contract.periods())
    except CalendarError:
        return


def test_a_due_date_past_the_calendar_is_refused_as_any_other_error() -> None:
    periods = term("9990-01-01", until="9997-12-31").periods()
    with pytest.raises(CalendarError):
        due_on("9999 days after").dates(periods)


def test_days_are_read_as_they_are_written() -> None:
    assert day("2014-01-01") == day(date(2014, 1, 1)) == date(2014, 1, 1)
    for wrong in ("2014-1-1", "", "01.01.2014", None, 2014):
        with pytest.raises(CalendarError, match="is not a day: write it as 2014-01-01"):
            day(wrong)  # type: ignore[arg-type]

# ruff: noqa: ANN401 - values of the wrong type are the point of some tests
"""Series: a gap is an error that names the year, and every year ahead rests on a stated assumption or is unknown."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.quantity import unit
from coopledger.core.series import Assumption, Figure, Series, series
from coopledger.errors import CoopledgerError, MissingValueError, QuantityError, ScheduleError, UnitError
from tests.core.strategies import amounts, percentages, steady

RICE = {2014: "1.35 元/斤", 2015: "1.38 元/斤", 2016: "1.4 元/斤"}


def test_a_known_year_has_its_own_figure_and_no_assumption() -> None:
    for assume in (None, "hold", "+2%", {2017: "2 元/斤"}):
        rice = series("rice", RICE, assume=assume)
        assert [rice.figure(year) for year in RICE] == [
            Figure(Fraction(27, 20)), Figure(Fraction(69, 50)), Figure(Fraction(7, 5)),
        ]  # fmt: skip
        assert rice.last == 2016
        assert rice.unit == unit("yuan/jin")


def test_a_year_ahead_of_which_nothing_is_assumed_is_unknown() -> None:
    assert series("rice", RICE).figure(2017) is None


@steady(80)
@given(amounts, percentages, st.integers(0, 30))
def test_an_assumed_change_compounds_from_the_last_known_year(last: Fraction, rate: Fraction, ahead: int) -> None:
    prices = Series("p", {2014: Fraction(1), 2015: last}, unit("yuan"), Assumption(growth=rate))
    figure = prices.figure(2015 + ahead)
    assert figure is not None
    assert figure.value == last * (1 + rate) ** ahead
    assert (figure.assumption is None) == (ahead == 0)


@pytest.mark.parametrize(
    ("assume", "year", "value", "words"),
    [
        ("hold", 2020, Fraction(7, 5), "rice: 2016's 1.4 yuan/jin assumed to hold"),
        ("0%", 2020, Fraction(7, 5), "rice: 2016's 1.4 yuan/jin assumed to hold"),
        (
            "+10%",
            2018,
            Fraction(1694, 1000),
            "rice: 2016's 1.4 yuan/jin assumed to change by 10% of the previous year's",
        ),
        ({2017: "2 元/斤"}, 2017, 2, "rice: 2017 assumed as listed"),
    ],
)
def test_an_assumed_figure_says_on_what_it_rests(assume: object, year: int, value: Fraction, words: str) -> None:
    figure = series("rice", RICE, assume=assume).figure(year)
    assert figure is not None
    assert figure.value == value
    assert str(figure.assumption) == words
    assert figure.assumption is not None
    assert "{" not in figure.assumption.say("zh")


def test_figures_may_go_by_contract_year_or_by_calendar_year() -> None:
    assert series("rice", RICE).by_calendar_year
    assert not series("rice", {1: "1 元/斤"}).by_calendar_year


def test_what_is_listed_ahead_ends_with_an_error_that_names_the_year() -> None:
    with pytest.raises(MissingValueError, match=r"rice has no figure for 2018: .*2014"):
        series("rice", RICE, assume={2017: "2 元/斤"}).figure(2018)


REFUSED: list[tuple[str, Callable[[], object], type[CoopledgerError], str]] = [
    ("a gap", lambda: series("rice", {2014: "1 元", 2016: "1 元"}), MissingValueError, "rice has no figure for 2015"),
    ("before the first", lambda: series("rice", RICE).figure(2013), MissingValueError, "for 2013: .*2014 to 2016"),
    ("nothing", lambda: series("rice", {}), ScheduleError, "rice has no figures: at least one year"),
    ("two units", lambda: series("rice", {2014: "1 元/斤", 2015: "1 元/公斤"}), UnitError,
     "rice is in yuan/jin, but 2015 is in yuan/kg"),
    ("another unit ahead", lambda: series("rice", RICE, assume={2017: "1 元"}), UnitError,
     "rice is in yuan/jin, but 2017 is in yuan"),
    ("two calendars", lambda: series("rice", {1: "1 元", 2014: "1 元"}), ScheduleError,
     r"1, 2014: either calendar years \(2014\) or contract years \(1\)"),
    ("two calendars ahead", lambda: series("rice", RICE, assume={4: "1 元/斤"}), ScheduleError, "4, 2014.*not both"),
    ("year 0", lambda: series("rice", {0: "1 元", 1: "1 元"}), ScheduleError, "0, 1: either calendar years"),
    ("a year past the calendar", lambda: series("rice", {10_000: "1 元"}), ScheduleError, "10000: either calendar"),
    ("assumed and known", lambda: series("rice", RICE, assume={2016: "1 元/斤"}), ScheduleError,
     "assumes a figure for 2016, but its figures are known up to 2016"),
    ("a fall by all", lambda: series("rice", RICE, assume="-100%"), ScheduleError, "'-100%': 'hold', a yearly change"),
    ("a change in yuan", lambda: series("rice", RICE, assume="2 yuan"), ScheduleError, "'2 yuan': 'hold', a yearly"),
    ("a change in words", lambda: series("rice", RICE, assume="more"), QuantityError, "'more'"),
    ("a change in floating point", lambda: series("rice", RICE, assume=0.02), QuantityError, "0.02.*'0.02'"),
    ("a float", lambda: series("rice", {2014: 1.35}), QuantityError, "1.35.*'1.35'"),
    ("a truth value", lambda: series("rice", {2014: True}), QuantityError, "True"),
]  # fmt: skip


@pytest.mark.parametrize(("refused", "error", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_figures_that_cannot_be_meant_are_refused_in_words(
    refused: Callable[[], object], error: type[CoopledgerError], words: str
) -> None:
    with pytest.raises(error) as caught:
        refused()
    assert re.search(words, str(caught.value)), str(caught.value)
    assert "{" not in str(caught.value) + caught.value.say("zh")


@pytest.mark.parametrize("year", ["2014", 2014.0, True, None])
def test_a_year_that_is_no_whole_number_is_refused(year: Any) -> None:
    with pytest.raises(ScheduleError):
        series("rice", {year: "1 元"})

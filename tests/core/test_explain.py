"""Explanations: the expression in words, and figures that are those of the payment."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from coopledger.core.calendar import Stub, Term, due_on, term
from coopledger.core.explain import ExplanationLine, explain
from coopledger.core.figures import indexed
from coopledger.core.growth import listed, ramp, step
from coopledger.core.plan import Instalment, Stream
from coopledger.core.projection import project_stream
from coopledger.core.quantity import CURRENCIES, decimal
from coopledger.core.rounding import Rounding
from coopledger.core.schedule import level
from coopledger.core.series import series
from coopledger.errors import ScheduleError
from coopledger.text import Language
from tests.core.model import built, owed
from tests.core.strategies import SINCE, known_schedules, modes, steady, trees

CNY = CURRENCIES["CNY"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
THIRDS = [Instalment(Fraction(2, 3), due_on("first day")), Instalment(None, due_on("last day"))]


def said(lines: list[ExplanationLine], language: Language = "en") -> list[str]:
    return [line.say(language) for line in lines]


def as_money(fen: int | None) -> str:
    return "not known" if fen is None else f"{decimal(Fraction(fen, 100), 2)} yuan"


def depth_first(lines: list[ExplanationLine]) -> None:
    """Every line stands at most one step deeper than the one before it."""
    for before, after in pairwise(lines):
        assert after.depth <= before.depth + 1


@steady(120)
@given(st.data(), st.integers(1, 10), modes, st.sampled_from(["last day", "first day", "30 days after", "halves"]))
def test_the_figures_of_an_explanation_are_those_of_the_payments(
    data: st.DataObject, years: int, mode: str, due: str
) -> None:
    schedule = data.draw(known_schedules(years))
    contract = term(date(SINCE, 1, 1), years=years)
    year = data.draw(st.integers(1, years))
    stream = Stream("s", amount=schedule, rounding=Rounding(mode=mode), due=THIRDS if due == "halves" else due)  # type: ignore[arg-type]
    paid = [one for one in project_stream(stream, contract, CNY).payments if one.year == year]
    lines = explain(stream, contract, CNY, year)
    assert lines[0].depth == 0
    assert [str(line.value) for line in lines[-len(paid) :]] == [as_money(one.amount) for one in paid]
    assert str(lines[-len(paid) - 1].value) == as_money(sum(one.amount or 0 for one in paid))
    exact = schedule.amounts(years, SINCE)[year - 1]
    assert exact is not None
    about = str(lines[1].value)
    if Fraction(exact * 10**6).denominator == 1:
        assert about == f"{decimal(exact)} yuan"
    else:
        assert about.startswith("≈ ")
        shown = Fraction(about.removeprefix("≈ ").removesuffix(" yuan").replace(",", ""))
        assert abs(shown - exact) <= Fraction(1, 2 * 10**6)
    depth_first(lines)
    for language in LANGUAGES:
        for line in said(lines, language):
            assert "{" not in line


@steady(120)
@given(st.data(), st.integers(1, 8))
def test_each_part_of_an_explanation_has_its_own_value_in_that_year(data: st.DataObject, years: int) -> None:
    tree = data.draw(trees(years, depth=3))
    year = data.draw(st.integers(1, years))
    stream = Stream("s", amount=built(tree), floor="0 yuan")
    try:
        lines = explain(stream, term(date(SINCE, 1, 1), years=years), CNY, year)
    except ScheduleError as error:  # goods in kind are never below zero
        if "less than no goods" not in str(error):
            raise
        reject()
    value = owed(tree, year, SINCE)
    shown = str(lines[2].value)
    if value is None:
        assert shown == "not known"
    elif Fraction(value * 10**6).denominator == 1:
        assert shown == f"{decimal(value)} yuan"
    else:
        assert shown.startswith("≈ ")
    depth_first(lines)
    for language in LANGUAGES:
        assert not any("{" in line for line in said(lines, language))


def test_the_seed_s_land_rent_in_year_6() -> None:
    land = Stream("land", rate=step("160 yuan/mu", every=5, by="20%", of="previous"), quantity="1,000 mu")
    assert said(explain(land, term("2014-01-01", years=40), CNY, 6)) == [
        "land, contract year 6 (2019-01-01 – 2019-12-31)",
        "  the product of  →  192,000 yuan",
        "    160 yuan/mu, +20% of the previous amount after every 5 full years  →  192 yuan/mu",
        "    1,000 mu each year  →  1,000 mu",
        "  rounded: the running total, payments are its differences, half up, to 0.01 yuan  →  192,000.00 yuan",
        "  due on the last day of the period: 2019-12-31  →  192,000.00 yuan",
    ]


def test_without_a_year_the_last_one_is_explained() -> None:
    dam = Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"))
    contract = term("2014-01-01", years=40)
    assert explain(dam, contract, CNY) == explain(dam, contract, CNY, 40)


def test_a_year_that_is_not_in_the_term_is_refused() -> None:
    dam = Stream("dam", amount=ramp("10,000 yuan", rise="10,000 yuan"))
    for year in (0, 41, -1):
        with pytest.raises(ScheduleError, match=f"year {year}: dam pays nothing in it"):
            explain(dam, term("2014-01-01", years=40), CNY, year)


def values(lines: list[ExplanationLine]) -> list[str]:
    return [str(line.value) for line in lines[1:-2]]


def test_a_part_shows_the_year_of_its_own_clock() -> None:
    rising = ramp("10 yuan", rise="1 yuan")
    contract = term("2014-01-01", years=8)

    def worked(schedule: object, year: int) -> list[str]:
        return values(explain(Stream("s", amount=schedule), contract, CNY, year))  # type: ignore[arg-type]

    assert worked(rising.delay(3), 5) == ["11 yuan", "11 yuan"]
    assert worked(rising.delay(3), 2) == ["0 yuan", "None"]
    assert worked(rising.mask([5]), 5) == ["0 yuan", "14 yuan"]
    assert worked(rising.until(3), 5) == ["12 yuan", "12 yuan"]
    assert worked(rising.until(3), 2) == ["11 yuan", "11 yuan"]
    assert worked(rising.then("5 yuan", after=2), 2) == ["11 yuan", "11 yuan", "None"]
    assert worked(level("5 yuan").then(rising, after=2), 4) == ["11 yuan", "None", "11 yuan"]


def test_what_is_out_of_its_time_has_no_value_and_neither_have_its_parts() -> None:
    handed_over = ramp("1 yuan", rise="1 yuan").until(3).then("5 yuan", after=5)
    lines = explain(Stream("s", amount=handed_over), term("2014-01-01", years=8), CNY, 7)
    assert values(lines) == ["5 yuan", "None", "None", "5 yuan"]


def test_an_unknown_price_leaves_the_year_not_known() -> None:
    rice = series("rice", {2014: "1.5 yuan/jin"})
    lines = explain(Stream("rent", amount=indexed("500 jin", rice)), term("2014-01-01", years=2), CNY, 2)
    assert [str(line.value) for line in lines[1:]] == ["not known", "500 jin", "not known", "not known", "not known"]


def test_an_assumption_is_named() -> None:
    rice = series("rice", {2014: "1.5 yuan/jin"}, assume="hold")
    lines = explain(Stream("rent", amount=indexed("500 jin", rice)), term("2014-01-01", years=2), CNY, 2)
    assert "  assumption: rice: 2014's 1.5 yuan/jin assumed to hold" in said(lines)


@pytest.mark.parametrize(
    ("contract", "year", "part"),
    [
        (term("2014-03-10", until="2016-06-30", stub="short front"), 0, "113/365"),
        (term("2014-03-10", until="2016-06-30", stub="long front"), 1, "478/365"),
        (term("2014-07-01", until="2016-12-31", stub="short back"), 3, "184/365"),
    ],
)
def test_a_stub_is_explained_with_its_part_of_the_year(contract: Term, year: int, part: str) -> None:
    stubs: tuple[Stub, ...] = get_args(Stub)
    assert contract.stub in stubs
    stream = Stream("s", amount=level("365 yuan"))
    lines = explain(stream, contract, CNY, year)
    assert f"  the stub is {part} of a contract year, by days" in said(lines)
    [paid] = [one for one in project_stream(stream, contract, CNY).payments if one.year == year]
    assert str(lines[-1].value) == as_money(paid.amount)


def test_a_full_year_beside_a_stub_has_no_part() -> None:
    contract = term("2014-07-01", until="2016-12-31", stub="short back")
    assert not any("stub" in line for line in said(explain(Stream("s", amount="365 yuan"), contract, CNY, 2)))


@pytest.mark.parametrize("due", ["last day", "first day", "12-31", "next 03-31", "30 days after"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_due_rule_can_be_explained_in_both_languages(due: str, language: Language) -> None:
    stream = Stream("s", amount=listed(["1 yuan", "2 yuan"]), due=due)
    contract = term("2014-07-01", years=2)
    lines = said(explain(stream, contract, CNY, 2), language)
    [_, second] = project_stream(stream, contract, CNY).payments
    assert str(second.due) in lines[-1]
    assert not any("{" in line for line in lines)

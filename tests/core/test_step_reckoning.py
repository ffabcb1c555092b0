"""The arithmetic of one holder of a step: it comes to what he is owed, whatever the steps, the bases and the years."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.appropriation import appropriation
from coopledger.core.chart import C2021, adopt
from coopledger.core.charter import COLLECTIVE, book, found
from coopledger.core.citation import Document
from coopledger.core.contribution import Contribution, Right, contribute
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import allot, issue
from coopledger.core.reckoning import reckoning
from coopledger.core.rounding import MODES
from coopledger.core.run import parts, run, runs
from coopledger.core.share_class import open_class, preset
from coopledger.core.step_reckoning import step_reckoning
from coopledger.core.trade import record_trade
from coopledger.core.waterfall import Step, Waterfall, all_steps, share
from coopledger.core.year_end import enter_surplus
from coopledger.errors import RegisterError
from coopledger.reports.explanation import explanation_report
from coopledger.text import Language, said
from tests.core.dividends import FOUNDED
from tests.core.village import Village

ALL = share("100%", "left")
PAPER = Document("weighing list.pdf", "ab" * 32)
KILOGRAMS = {"0011": 700, "0012": 300, "12": 1}


def cooperative(*steps: Step, surplus_fen: int = 1_000_00, **more: Any) -> Village:
    """Three households of five members, two classes, land, trade: something of each basis."""
    made = Village()
    homes = {"0011": "11", "0012": "11", "0021": "12", "0022": "12", "0031": "13"}
    people = [Joiner(number, household=home, head=number.endswith("1")) for number, home in homes.items()]
    made.do(
        found("示例村合作社", COLLECTIVE._replace(waterfall=Waterfall(steps, **more)), effective_on=FOUNDED),
        adopt(C2021, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        open_class(preset("labour"), effective_on=FOUNDED),
        open_class(preset("cash", capital="c2021:301"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        allot("land", {"11": 300, "12": 500, "13": 33}, effective_on=FOUNDED),
        allot("labour", {"0011": 1525, "0021": 310, "0031": 7}, effective_on=FOUNDED),
    )
    for number, shares in {"0011": 1000, "0021": 250, "0031": 251}.items():
        paid: dict[str, Any] = {"against": "c2021:102", "reason": "subscription", "effective_on": FOUNDED}
        made.do(issue("cash", to=number, shares=shares, **paid))
    until = date(2035, 12, 31)
    for number, holder, mu in (("G1", "11", "10.5"), ("G2", "13", "3.25")):
        area = Fraction(mu)
        land = Right("land right", FOUNDED, until, until, area_mu=area, parcels=(number,), contract=number)
        made.do(contribute(Contribution(number, holder, "land", land, shares=1), effective_on=FOUNDED))
    for number, fen in {"0011": 500_00, "0022": 1_250_01}.items():
        made.do(record_trade(number, fen, effective_on=date(2026, 9, 30), reason="rice"))
    return distributed(made, 2026, surplus_fen)


def distributed(made: Village, year: int, surplus_fen: int) -> Village:
    made.do(enter_surplus(year, surplus_fen, source="annual statement"))
    waterfall = book(made.view).charter.waterfall
    assert waterfall is not None
    asked = {step.by for step in all_steps(waterfall.steps)}
    stated: dict[str, Any] = {"bases": {"kilograms": KILOGRAMS}, "documents": [PAPER]} if "kilograms" in asked else {}
    made.do(distribute(year, **stated))
    made.do(propose_steps(year, effective_on=date(year + 1, 1, 5)))
    return made


def table(made: Village, name: str, holder: str, at: int = 1, language: Language = "en") -> list[list[str]]:
    """What counts (0) or what it comes to (1)."""
    report = explanation_report(made.view, name, holder, names=False)[at]
    return [[said(cell, language) for cell in row] for row in report.rows]


BASES = ("class land", "class labour", "par cash", "heads", "households", "area", "trade", "account", "kilograms")


@st.composite
def holders_step(draw: st.DrawFn, code: str, weight: Fraction | None) -> Step:
    """A step of holders, by any basis; with a weight beside others of a pool."""
    by = draw(st.sampled_from(BASES))
    limits: dict[str, Any] = {"by": by, "above": draw(st.sampled_from([0, 0, 1, 250]))}
    if weight is not None:
        return Step(code, "dividend", weight=weight, **limits)
    if draw(st.booleans()):
        return Step(
            code, "dividend", share(f"{draw(st.integers(1, 100))}%", draw(st.sampled_from(["left", "pool"]))), **limits
        )
    return Step(
        code,
        "dividend",
        each=draw(st.fractions(Fraction(1, 1000), 40, max_denominator=1000)) * (1 if by in MONEY_BASES else 100),
        part_at_least_fen=draw(st.sampled_from([0, 5_00])),
        part_at_most_fen=draw(st.sampled_from([None, 200_00])),
        accumulates=draw(st.booleans()),
        at_most=draw(st.sampled_from([None, share("30%", "left")])),
        mode=draw(st.none() | st.sampled_from(MODES)),
        to_fen=draw(st.sampled_from([None, 10, 100])),
        **limits,
    )


MONEY_BASES = ("par cash", "trade", "account")


@st.composite
def waterfalls(draw: st.DrawFn) -> list[Step]:
    inner = [Fraction(draw(st.integers(1, 9))) for _ in range(draw(st.integers(1, 3)))]
    weighed = tuple(draw(holders_step(f"w{at}", weight)) for at, weight in enumerate(inner))
    free = tuple(draw(holders_step(f"f{at}", None)) for at in range(draw(st.integers(0, 2))))
    outer = [draw(holders_step(f"s{at}", None)) for at in range(draw(st.integers(0, 2)))]
    part = share(f"{draw(st.integers(1, 100))}%", "left")
    return [
        *outer,
        Step("pool", "pool", part, steps=weighed),
        *([Step("more", "pool", part, steps=free)] if free else []),
    ]


@settings(max_examples=25, deadline=None)
@given(steps=waterfalls(), fen=st.lists(st.integers(1, 3_000_00), min_size=1, max_size=2))
def test_what_is_explained_is_what_is_owed(steps: list[Step], fen: list[int]) -> None:
    made = cooperative(*steps, surplus_fen=fen[0])
    for year, of_it in enumerate(fen[1:], 2027):
        distributed(made, year, of_it)
    for one in runs(made.view).values():
        due = parts(made.view, one.proposal).parts
        for number, owed in due.items():
            why = step_reckoning(made.view, one, number)
            assert why.fen == owed
            assert 0 <= why.new.remainder < max(why.new.whole, 1)
            rows = table(made, one.code, number)
            assert rows[-2][0] == "due to the holder"
            assert Fraction(rows[-2][2].replace(",", "")) * 100 == owed
            assert table(made, one.code, number, language="zh") != rows


# ---------------------------------------------------------------- by hand, in shares, mu and yuan


def test_a_refund_by_trade_is_explained_in_yuan() -> None:
    """60 % of 1,000 by 500.00 and 1,250.01 of trade: 171.427… and 428.572…, and the fen goes to the larger rest."""
    made = cooperative(Step("patronage", "patronage", share("60%", "distributable"), by="trade", name="按交易量返还"))
    counts, money = (table(made, "2026-patronage", "0011", at) for at in (0, 1))
    assert counts == [
        ["counts for the holder", "trade with the cooperative", "500.00 yuan"],
        ["counts for all holders together", "trade with the cooperative", "1,750.01 yuan"],
    ]
    assert money[0] == [
        "step patronage 按交易量返还",
        (
            "60% of the distributable surplus, 1,000.00 yuan, is 600.00 yuan; split by trade with the cooperative: "
            "1,750.01 yuan in all; holders: 2"
        ),
        "600.00",
    ]
    exact = Fraction(60_000 * 50_000, 175_001)
    assert money[1] == [
        "rounded down",
        (
            "600.00 yuan × 500.00 yuan ÷ 1,750.01 yuan = 171.42 yuan, and "
            f"{(exact - 17142).numerator:,}/{(exact - 17142).denominator:,} fen"
        ),
        "171.42",
    ]
    assert money[2][0] == "the last unit"
    assert money[3] == ["due to the holder", "", "171.43"]
    notes = explanation_report(made.view, "2026-patronage", "0011")[0].notes
    assert [said(one, "zh") for one in notes] == [
        "分红事由：2026 年盈余，步骤“按交易量返还”",
        "分配依据：2026 年与本社交易额",
    ]


def test_a_rate_on_each_mu_with_a_ceiling_is_explained() -> None:
    made = cooperative(
        Step("floor", "preferred", each=Fraction(667_50, 1), by="area", part_at_most_fen=5_000_00), surplus_fen=9_000_00
    )
    assert table(made, "2026-floor", "11", 0)[0] == ["counts for the holder", "land brought in", "10.50 mu"]
    assert table(made, "2026-floor", "11")[1:5] == [
        ["rate of the step", "667.5 yuan on each of 10.50 mu, exactly", "7,008.75"],
        ["rounded", "half up, to 0.01 yuan", "7,008.75"],
        ["floor and ceiling", "at most 5,000.00 yuan", "5,000.00"],
        ["paid of this year", "in full", "5,000.00"],
    ]
    chinese = table(made, "2026-floor", "13", language="zh")
    assert chinese[1] == ["步骤标准", "3.25 亩，每单位 667.5 元，精确值", "2,169.375"]


def test_arrears_are_explained_before_the_year_and_what_is_short_in_proportion() -> None:
    """6 % at par on 1,000, 250 and 251 is 60, 15, 15.06. 2026 brings 45.03, half of it; 2027 brings 90.06."""
    made = cooperative(
        Step("interest", "preferred", each=Fraction(6, 100), by="par cash", accumulates=True), surplus_fen=45_03
    )
    assert table(made, "2026-interest", "0031") == [
        [
            "step interest",
            (
                "6% of 1,501.00 yuan by par value of 资金股: 90.06 yuan; only 45.03 yuan is left: 45.03 yuan short; "
                "split by par value of 资金股: 1,501.00 yuan in all; holders: 3"
            ),
            "45.03",
        ],
        ["rate of the step", "6% of 251.00 yuan, exactly", "15.06"],
        ["rounded", "half up, to 0.01 yuan", "15.06"],
        ["rounded down", "45.03 yuan × 15.06 yuan ÷ 90.06 yuan = 7.53 yuan, and 0 fen", "7.53"],
        [
            "the last unit",
            (
                "left over by rounding everybody down: 0; with a larger remainder, or an equal one and a lower "
                "number: 2; so none"
            ),
            "0.00",
        ],
        ["due to the holder", "", "7.53"],
        ["state", "proposed", ""],
    ]
    distributed(made, 2027, 90_06)
    assert table(made, "2027-interest", "0011")[1:-2] == [
        ["rate of the step", "6% of 1,000.00 yuan, exactly", "60.00"],
        ["rounded", "half up, to 0.01 yuan", "60.00"],
        ["unpaid of earlier years", "", "30.00"],
        ["paid of earlier years", "in full", "30.00"],
        ["rounded down", "45.03 yuan × 60.00 yuan ÷ 90.06 yuan = 30.00 yuan, and 0 fen", "30.00"],
        [
            "the last unit",
            (
                "left over by rounding everybody down: 0; with a larger remainder, or an equal one and a lower "
                "number: 0; so none"
            ),
            "0.00",
        ],
    ]
    assert appropriation(made.view, 2027).unpaid == {"interest": {"0011": 30_00, "0021": 7_50, "0031": 7_53}}


def test_a_pool_and_a_threshold_are_explained_step_by_step() -> None:
    steps = (
        Step("shares", "dividend", weight=Fraction(7), by="class labour", above=5),
        Step("people", "dividend", weight=Fraction(3), by="heads"),
    )
    made = cooperative(Step("rest", "pool", share("50%", "left"), steps=steps))
    money = table(made, "2026-people", "0031")
    assert [row[0] for row in money[:2]] == ["step rest", "step people"]
    assert [row[2] for row in money[:2]] == ["500.00", "150.00"]
    assert money[1][1].startswith(
        "3 of 10 parts of 500.00 yuan: 150.00 yuan; split by number of members: 5 persons in all"
    )
    assert money[2][1] == "150.00 yuan × 1 person ÷ 5 persons = 30.00 yuan, and 0 fen"
    assert table(made, "2026-shares", "0021", 0)[1:] == [
        ["counts for the holder", "3.10 shares, and that counts only above 5.00 shares", "0.00 shares"],
        ["counts for all holders together", "农龄股", "15.25 shares"],
    ]
    assert table(made, "2026-shares", "0021")[-2][2] == "0.00"
    assert table(made, "2026-shares", "0011", 0)[0] == ["2026-12-31", "15.25 shares", "15.25"]


def test_who_has_no_part_is_told() -> None:
    made = cooperative(Step("people", "dividend", ALL, by="heads"))
    with pytest.raises(RegisterError, match="run 2026-people: 12 has no part in it"):
        step_reckoning(made.view, run(made.view, "2026-people"), "12")
    with pytest.raises(RegisterError, match="run 2026-people pays a step of a distribution"):
        reckoning(made.view, run(made.view, "2026-people"), "0011")

"""Plan text: what stands in a record is the plan, whole and exact, and no name of a holder."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from coopledger.core.calendar import due_on, term
from coopledger.core.figures import indexed, share_of
from coopledger.core.plan import Claim, Holder, Holders, Instalment, Part, Plan, Stream, stream_holders
from coopledger.core.plan_text import plan_of, plan_text, series_of
from coopledger.core.projection import project
from coopledger.core.quantity import quantity
from coopledger.core.rounding import Rounding
from coopledger.core.schedule import Level
from coopledger.core.series import series
from coopledger.errors import CoopledgerError, RegisterError
from coopledger.files.plan_file import read_plan
from tests.core.model import built
from tests.core.strategies import expressions, steady

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").rglob("*.toml"))
RICE = series("rice", {2024: "1.3 yuan/jin", 2025: "1.4 yuan/jin"}, assume={2026: "1.5 yuan/jin", 2027: "1.6 yuan/jin"})
RENT = Stream("rent", amount=indexed("1,000 jin", RICE))
TERM = term("2024-01-01", years=4, basis="contracted land")


def test_every_example_reads_back_as_the_same_plan() -> None:
    plans = [plan for path in EXAMPLES if (plan := read_plan(path).plan) is not None]
    recorded = [plan for plan in plans if not any(stream_holders(stream) for stream in plan.streams)]
    assert len(recorded) > 40
    for plan in recorded:
        text = plan_text(plan)
        again = plan_of(text)
        assert again == plan
        assert plan_text(again) == text
        assert project(again).streams == project(plan).streams


@steady(150)
@given(expressions())
def test_every_schedule_reads_back_as_the_same_schedule(drawn: tuple[Any, int]) -> None:
    tree, years = drawn
    plan = Plan("x", term("2014-01-01", years=years, basis="lease"), [Stream("x", amount=built(tree))])
    assert plan_of(plan_text(plan)) == plan


def test_the_text_is_pinned_for_what_stands_in_books_must_be_read_for_ever() -> None:
    plan = Plan(
        "hill",
        term("2024-07-01", until="2026-12-31", stub="short back"),
        [
            Stream(
                "rice",
                amount=indexed("1/3 jin", series("rice", {2024: "1.3 yuan/jin"}, assume="hold")),
                cap="5 yuan",
                due=[
                    Instalment(Fraction(1, 3), due_on("10-15", adjustment="following", holidays=[TERM.start])),
                    Instalment(None, due_on("12-31")),
                ],
                rounding=Rounding("payment", "down"),
                split=[Part("village", 1)],
                basis="lease",
            )
        ],
        claims=[Claim("all", quantity("1 yuan"), within=Fraction(1, 2))],
    )
    assert plan_text(plan) == PINNED
    assert plan_of(PINNED) == plan


PINNED = (
    '{"plan":{"book":"","claims":[{"about":"all","bound":null,"claimed":{"is":"Quantity","unit":{"above":'
    '["CNY"],"below":[],"is":"Unit"},"value":1},"holder":null,"is":"Claim","part":null,"per":null,"rounde'
    'd_to":null,"source":"","streams":[],"truncated_to":null,"within":{"is":"Fraction","of":"1/2"},"year"'
    ':null}],"currency":{"code":"CNY","digits":2,"is":"Currency"},"is":"Plan","notes":[],"parties":[],"so'
    'urce":"","streams":[{"amount":{"is":"Lowest","terms":[{"goods":{"amount":{"is":"Quantity","unit":{"a'
    'bove":["jin"],"below":[],"is":"Unit"},"value":{"is":"Fraction","of":"1/3"}},"is":"Level"},"is":"Inde'
    'xed","prices":{"is":"Figures","lag":0,"series":{"assumption":{"growth":0,"is":"Assumption","listed":'
    '{"is":"by year","of":[]}},"is":"Series","known":{"is":"by year","of":[[2024,{"is":"Fraction","of":"1'
    '3/10"}]]},"name":"rice","unit":{"above":["CNY"],"below":["jin"],"is":"Unit"}}}},{"amount":{"is":"Qua'
    'ntity","unit":{"above":["CNY"],"below":[],"is":"Unit"},"value":5},"is":"Level"}]},"basis":"lease","h'
    'olders":null,"instalments":[{"due":{"adjustment":"following","at_start":false,"day":15,"days_after":'
    '0,"following_year":false,"holidays":{"is":"set","of":[{"is":"date","of":"2024-01-01"}]},"is":"Due","'
    'month":10},"is":"Instalment","share":{"is":"Fraction","of":"1/3"}},{"due":{"adjustment":null,"at_sta'
    'rt":false,"day":31,"days_after":0,"following_year":false,"holidays":{"is":"set","of":[]},"is":"Due",'
    '"month":12},"is":"Instalment","share":{"is":"Fraction","of":"2/3"}}],"is":"Stream","name":"rice","pa'
    'yee":"","payer":"","price_rounding":null,"quantity":null,"rate":null,"rounding":{"at":"payment","is"'
    ':"Rounding","mode":"down","to":null},"split":[{"holders":null,"is":"Part","name":"village","parts":['
    '],"share":1}],"split_policy":"cumulative"}],"term":{"basis":null,"end":{"is":"date","of":"2026-12-31'
    '"},"is":"Term","leap_day":null,"start":{"is":"date","of":"2024-07-01"},"stub":"short back"},"title":'
    '"hill"}}'
)


def test_a_text_has_no_float_and_its_exact_numbers_are_fractions() -> None:
    plan = Plan(
        "x",
        TERM,
        [
            Stream(
                "x",
                amount=share_of(series("p", {1: "1,000.01 yuan", 2: "1 yuan", 3: "1 yuan", 4: "1 yuan"}), rate="1/3"),
            )
        ],
    )
    text = plan_text(plan)
    assert '"100001/100"' in text
    assert '"1/3"' in text

    def no_float(seen: str) -> None:
        raise AssertionError(seen)

    json.loads(text, parse_float=no_float)


def test_a_figure_that_became_known_takes_the_place_of_the_one_assumed() -> None:
    text = plan_text(Plan("x", TERM, [RENT]))
    assert project(plan_of(text)).streams[0].amounts == [1_300_00, 1_400_00, 1_500_00, 1_600_00]
    known = plan_of(text, {"rice": {2026: Fraction(2)}, "wheat": {2026: 9}})
    assert project(known).streams[0].amounts == [1_300_00, 1_400_00, 2_000_00, 1_600_00]
    assert [bool(one.assumptions) for one in project(known).streams[0].payments] == [False, False, False, True]
    all_known = plan_of(text, {"rice": {2026: Fraction(2), 2027: Fraction(3)}})
    assert series_of(all_known)["rice"].assumption is None
    with pytest.raises(CoopledgerError, match="rice has no figure for 2026"):
        plan_of(text, {"rice": {2027: 2}})


def test_a_plan_that_lists_holders_is_refused_wherever_it_lists_them() -> None:
    people = Holders("people", (Holder("0042", "成员甲", 1),))
    for stream in (
        Stream("x", amount="1 yuan", holders=people),
        Stream("x", amount="1 yuan", split=[Part("village", 1, (Part("people", 1, (), people),))]),
    ):
        with pytest.raises(RegisterError, match="stream x lists its holders: their names are personal"):
            plan_text(Plan("x", TERM, [stream]))


def test_what_is_no_plan_and_a_schedule_of_somebody_s_own_are_refused() -> None:
    class Own(Level):
        __slots__ = ()

    with pytest.raises(RegisterError, match="Own: a plan with a part of this kind cannot be recorded"):
        plan_text(Plan("x", TERM, [Stream("x", amount=Own(quantity("1 yuan")))]))
    with pytest.raises(RegisterError, match="'hill': a Plan is expected"):
        plan_text("hill")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "5", '{"plan": 5}', '{"plan": {"is": "Hill"}}', '{"plan": {"is": "Level"}}', '{"plan": []}'],
)
def test_a_text_that_says_no_plan_is_refused(text: str) -> None:
    with pytest.raises(RegisterError, match="the text of a plan is expected"):
        plan_of(text)

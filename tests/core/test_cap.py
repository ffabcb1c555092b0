"""Nobody gets more than the cap, and what is left of a total has a home: by hand, explained, undone, and in sums."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.allocation import capped_remainder, largest_remainder
from coopledger.core.chart import C2021, C2023, Chart
from coopledger.core.dividend import propose
from coopledger.core.entitlement import by_record_date
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.reckoning import reckoning
from coopledger.core.run import parts
from coopledger.core.share_class import open_class, preset
from coopledger.core.undoing import undo
from coopledger.errors import CoopledgerError, RegisterError
from coopledger.reports.dividend import run_report
from coopledger.reports.explanation import explanation_report
from tests.core.dividends import (
    FOUNDED,
    PAID,
    PROPOSAL,
    PROPOSED,
    YEAR_END,
    approved,
    cooperative,
    declared,
    due,
    money,
    the,
)


@pytest.mark.parametrize(
    ("total", "cap", "expected"),
    [
        (1_000_00, 400_00, {"17": 400_00, "18": 360_00, "19": 1_20, "20": 238_80}),
        (1_000_00, 300_00, {"17": 300_00, "18": 300_00, "19": 100_00, "20": 300_00}),
        (1_000_00, 500_00, {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}),
        (1_000_00, 100_00, {"17": 100_00, "18": 100_00, "19": 100_00, "20": 100_00}),
        (1_000_00, 250_00, {"17": 250_00, "18": 250_00, "19": 250_00, "20": 250_00}),
    ],
)
def test_what_is_above_the_cap_goes_to_the_others_in_proportion(total: int, cap: int, expected: dict[str, int]) -> None:
    made = declared(cooperative(), PROPOSAL._replace(total_fen=total, cap_fen=cap))
    assert due(made) == expected
    for number, fen in expected.items():
        assert reckoning(made.view, the(made), number).fen == fen


def test_of_an_amount_on_each_share_the_total_follows_the_cap() -> None:
    """Golden 1, 2014: at most 1,000 an account."""
    made = declared(cooperative(), PROPOSAL._replace(total_fen=None, each_fen=Fraction(3_00), cap_fen=1_000_00))
    assert due(made) == {"17": 1_000_00, "18": 900_00, "19": 3_00, "20": 597_00}
    why = reckoning(made.view, the(made), "17")
    assert (why.capped, why.fen, why.exact) == (True, 1_000_00, Fraction(1_500_00))
    said = [str(row[0]) for row in explanation_report(made.view, "2026", "17", names=False)[1].rows]
    assert said[:4] == ["amount on each share", "rounded", "the cap", "due to the holder"]


def test_the_arithmetic_says_who_is_at_the_cap_and_what_is_left() -> None:
    made = declared(cooperative(), PROPOSAL._replace(cap_fen=400_00))
    one, other = (explanation_report(made.view, "2026", number, names=False)[1].rows for number in ("17", "18"))
    assert [(str(row[0]), row[2]) for row in one[:3]] == [
        ("what is split", "1,000.00"),
        ("the cap", "400.00"),
        ("due to the holder", "400.00"),
    ]
    assert [(str(row[0]), str(row[1]), row[2]) for row in other[1:3]] == [
        ("left for the others", "1 holders get as much as anybody gets at most", "600.00"),
        ("rounded down", "60,000 × 300 ÷ 500 = 36,000, remainder 0/500", "360.00"),
    ]


# ---------------------------------------------------------------- the remainder


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_what_the_amounts_leave_of_a_total_goes_to_the_account_that_is_stated(chart: Chart) -> None:
    """Beicai resolved 58 yuan on 821 shares, 47,618.00; here 1.40 on 1,000 out of 1,500.00."""
    asked = PROPOSAL._replace(total_fen=1_500_00, each_fen=Fraction(1_40), remainder="reserve")
    made = declared(cooperative(chart), asked)
    assert money(made)[chart.roles["reserve"]] == -100_00
    assert money(made)[chart.roles["distribution"]] == -1_500_00
    assert sum(due(made).values()) == the(made).amount_fen == 1_400_00
    assert "the remainder, 100.00 yuan, goes to reserve" in map(str, run_report(made.view, "2026").notes)
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert chart.roles["reserve"] not in money(made)
    assert money(made)[chart.roles["distribution"]] == -3_000_00
    assert problems(made.view) == []


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"total_fen": 1_000_50, "to_fen": 100}, 50),
        ({"total_fen": 1_000_00, "cap_fen": 100_00}, 600_00),
        ({"total_fen": 1_000_00}, 0),
        ({"total_fen": 1_000_00, "each_fen": Fraction(100)}, 0),
    ],
)
def test_a_remainder_is_what_the_unit_or_the_cap_leaves_and_may_be_nothing(change: dict[str, Any], left: int) -> None:
    made = declared(cooperative(), PROPOSAL._replace(remainder="other income", **change))
    assert money(made).get("502", 0) == -left
    made.do(undo("2026", effective_on=PAID, reason="a slip"))
    assert money(made) == money(cooperative())


def test_the_remainder_needs_the_surplus_as_well() -> None:
    with pytest.raises(RegisterError, match=r"3,000\.01 cannot be distributed"):
        declared(cooperative(), PROPOSAL._replace(total_fen=3_000_01, each_fen=Fraction(1_00), remainder="reserve"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"remainder": "share capital"}, "remainder: share capital takes none"),
        ({"remainder": "bank"}, "remainder: bank takes none"),
        ({"remainder": "distribution"}, "remainder: distribution takes none"),
        *(
            (
                {"remainder": role},
                f"{role} takes none, for it is what is owed to others: one of .*, reserve is expected",
            )
            for role in ("payable", "taxes payable", "wages payable", "special payable", "refund payable")
        ),
        ({"remainder": "x"}, "no account for x"),
        ({"remainder": "reserve", "total_fen": None, "each_fen": Fraction(1)}, "remainder: a total is expected"),
        ({"cap_fen": 0}, "cap_fen = 0"),
        ({"cap_fen": 1, "to_fen": 100}, "nobody would get anything"),
    ],
)
def test_what_cannot_be_meant_is_refused(change: dict[str, Any], said: str) -> None:
    made = cooperative()
    with pytest.raises(CoopledgerError, match=said):
        made.do(propose("a", PROPOSAL._replace(**change), effective_on=PROPOSED))


# ---------------------------------------------------------------- whatever the numbers

WEIGHTS = st.lists(st.integers(0, 60), min_size=1, max_size=7).filter(any)


@settings(max_examples=300)
@given(total=st.integers(0, 4_000), weights=WEIGHTS, cap=st.integers(0, 900))
def test_the_cap_is_never_passed_nothing_is_lost_below_it_and_others_share_by_weight(
    total: int, weights: list[int], cap: int
) -> None:
    found = capped_remainder(total, weights, cap)
    holders = sum(map(bool, weights))
    assert sum(found) == min(total, cap * holders)
    assert max(found) <= cap
    assert all(part == 0 for part, weight in zip(found, weights, strict=True) if not weight)
    if max(largest_remainder(total, weights)) <= cap:
        assert found == largest_remainder(total, weights)
    if sum(found) < total:
        return
    ranked = sorted(weights, reverse=True)
    levels = [  # of each share, where so many are at the cap and the next is below it
        each
        for count in range(holders)
        for each in [Fraction(total - count * cap, sum(ranked[count:]))]
        if each * ranked[count] < cap and (not count or each * ranked[count - 1] >= cap)
    ]
    assert len({*levels}) <= 1
    for part, weight in zip(found, weights, strict=True):
        exact = min([Fraction(cap), *(level * weight for level in levels)])
        assert abs(part - exact) < 1 or not weight


@settings(max_examples=60, deadline=None)
@given(
    shares=st.lists(st.integers(1, 200), min_size=1, max_size=6),
    total=st.integers(1, 2_000_00),
    cap=st.integers(1, 700_00),
    to=st.sampled_from([1, 10, 100]),
    each=st.booleans(),
)
def test_what_is_explained_is_what_is_owed(shares: list[int], total: int, cap: int, to: int, each: bool) -> None:
    made = cooperative()
    made.do(open_class(preset("land", code="pond"), effective_on=FOUNDED))
    people = [Joiner(f"1{n}", household=f"h{n}", head=True) for n, _ in enumerate(shares)]
    made.do(
        admit(*people, effective_on=FOUNDED),
        *(issue("pond", to=f"h{n}", shares=count, effective_on=FOUNDED) for n, count in enumerate(shares)),
    )
    asked = Proposal("x", "2026", "pond", by_record_date(YEAR_END), total, None, "half up", to, cap_fen=cap)
    if each:
        asked = asked._replace(total_fen=None, each_fen=Fraction(total, 37))
    found = parts(made.view, asked)
    if not found.amount_fen:
        return
    approved(made, asked, "x")
    for number, fen in found.parts.items():
        why = reckoning(made.view, the(made, "x"), number)
        assert why.fen == fen <= cap
        assert 0 <= why.remainder < why.whole or each

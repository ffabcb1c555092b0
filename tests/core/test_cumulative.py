"""Cumulative runs: what rounding gave or took is made up by later runs, exactly; what was undone does not count."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.allocation import Carry, split_cumulative, split_running
from coopledger.core.dividend import propose
from coopledger.core.entitlement import by_record_date
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue, transfer
from coopledger.core.reckoning import reckoning
from coopledger.core.run import declared_parts, parts, runs
from coopledger.core.share_class import open_class, preset
from coopledger.core.undoing import undo
from coopledger.errors import CoopledgerError
from coopledger.reports.dividend import run_report
from coopledger.reports.explanation import explanation_report
from tests.core.dividends import DECLARED, FOUNDED, PROPOSAL, PROPOSED, cooperative, declared, the
from tests.core.village import Village

CUMULATIVE = PROPOSAL._replace(share_class="pond", policy="cumulative", stream="pond")


def pond(shares: list[int]) -> Village:
    """The cooperative with a pond, whose shares some households have."""
    made = cooperative()
    people = [Joiner(f"1{n}", household=f"h{n}", head=True) for n, _ in enumerate(shares)]
    made.do(
        open_class(preset("land", code="pond"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        *(issue("pond", to=f"h{n}", shares=count, effective_on=FOUNDED) for n, count in enumerate(shares)),
    )
    return made


def paid_out(made: Village, total: int, n: int, **said: Any) -> dict[str, int]:
    declared(made, CUMULATIVE._replace(total_fen=total, instalment=n, **said), f"r{n}")
    return declared_parts(made.view, the(made, f"r{n}"))


def test_three_equal_holders_have_the_last_fen_in_turn() -> None:
    made = pond([1, 1, 1])
    years = [paid_out(made, 100, n) for n in range(1, 7)]
    assert [[*year.values()] for year in years] == [[34, 33, 33], [33, 34, 33], [33, 33, 34]] * 2
    each = declared(made, CUMULATIVE._replace(total_fen=100, instalment=9, policy="each year"), "each")
    assert [*declared_parts(each.view, the(each, "each")).values()] == [34, 33, 33]


def test_a_run_that_was_undone_does_not_count_and_one_that_built_on_it_is_told_as_it_was() -> None:
    made = pond([1, 1, 1])
    first, second = paid_out(made, 100, 1), paid_out(made, 100, 2)
    made.do(undo("r1", effective_on=DECLARED, reason="a slip"))
    one = the(made, "r2")
    assert declared_parts(made.view, one) == second == dict(parts(made.view, one.proposal, one).parts)
    assert reckoning(made.view, the(made, "r2"), "h1").fen == 34
    assert [*paid_out(made, 100, 3).values()] == [34, 33, 33]  # of r2 alone the second has had too much
    assert first == {"h0": 34, "h1": 33, "h2": 33}


def test_it_is_carried_on_in_whole_yuan_and_the_rest_has_its_home() -> None:
    made = pond([1, 1, 1])
    years = [paid_out(made, 100_50, n, to_fen=100, remainder="reserve") for n in (1, 2, 3)]
    assert [[*year.values()] for year in years] == [[34_00, 33_00, 33_00], [33_00, 34_00, 33_00], [33_00, 33_00, 34_00]]
    fen = paid_out(made, 101, 4)  # another unit, and what is carried is in fen
    assert [*fen.values()] == [34, 34, 33]


def test_the_arithmetic_says_what_rounding_owed_before() -> None:
    made = pond([1, 1, 1])
    paid_out(made, 100, 1)
    paid_out(made, 100, 2)
    why = reckoning(made.view, the(made, "r2"), "h1")
    assert (why.carried, why.whole, why.exact, why.units, why.missing, why.ahead, why.fen) == (
        *(1, 3, Fraction(101, 3), 33),
        *(2, 1, 34),
    )
    rows = explanation_report(made.view, "r2", "h1", names=False)[1].rows
    assert str(rows[1][1]) == "(100 × 1 + 1 from rounding before) ÷ 3 = 33, remainder 2/3"
    assert any("with what rounding gave or took" in str(note) for note in run_report(made.view, "r2").notes)
    assert the(made, "r2").digest == parts(made.view, the(made, "r2").proposal, the(made, "r2")).digest


def test_a_part_is_never_below_nothing() -> None:
    """After a large year in which the first had the last fen come years of one fen for all."""
    made = pond([1, 1, 1, 1, 1])
    for n, total in enumerate([4, 1, 3, 1, 1, 6], 1):
        found = paid_out(made, total, n)
        assert sum(found.values()) == total
        for number in ("h0", "h1", "h2", "h3", "h4"):
            assert reckoning(made.view, the(made, f"r{n}"), number).fen == found.get(number, 0)


@pytest.mark.parametrize(("total", "expected"), [(1, {"h4": 1}), (2, {"h1": 1, "h4": 1})])
def test_who_had_too_much_and_sold_gives_nothing_back_and_the_poorest_remainder_waits(
    total: int, expected: dict[str, int]
) -> None:
    """By hand, in fiftieths: after 1 fen for h0, who sold 9 of 10 shares to h4, he is at -39, others at 20, 29.

    Two units are missing, for h4 and h1; h0 stays below nothing, and h1 gives his back. Of 2 fen it is -38, 30 and 48:
    three are missing, for h4, h1 and h2, and of h1 and h2, who are equal, the higher number gives back.
    """
    made = pond([10, 10, 10, 10, 10])
    assert paid_out(made, 1, 1) == {"h0": 1}
    made.do(transfer("pond", holder="h0", to="h4", shares=9, effective_on=date(2026, 6, 1), reason="sale"))
    assert paid_out(made, total, 2) == expected
    for number in ("h0", "h1", "h2", "h3", "h4"):
        assert reckoning(made.view, the(made, "r2"), number).fen == expected.get(number, 0)
    assert reckoning(made.view, the(made, "r2"), "h0").taken == -1
    rows = explanation_report(made.view, "r2", "h1" if total == 1 else "h2", names=False)[1].rows
    assert [(str(row[0]), row[2]) for row in rows if "none below" in str(row[0])] == [("none below nothing", "-0.01")]


@pytest.mark.parametrize(
    "wrong", [{"each_fen": Fraction(1)}, {"cap_fen": 5}, {"advance": True}, {"policy": "never"}, {"policy": ["x"]}]
)
def test_what_is_not_split_cumulatively_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(CoopledgerError, match="policy"):
        propose("a", CUMULATIVE._replace(**wrong), effective_on=PROPOSED)


# ---------------------------------------------------------------- whatever the years

TOTALS = st.lists(st.integers(1, 400), min_size=1, max_size=6)
SHARES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


@settings(max_examples=30, deadline=None)
@given(shares=SHARES, totals=st.lists(st.integers(200, 4_900), min_size=1, max_size=6), to=st.sampled_from([1, 10]))
def test_nobody_is_ever_a_whole_unit_off_his_exact_due(shares: list[int], totals: list[int], to: int) -> None:
    """While the shares stay and each year gives each a unit or more, over any number of runs: the law of the policy."""
    made, given_so_far, whole = pond(shares), dict.fromkeys(range(len(shares)), 0), 0
    for n, some in enumerate(totals, 1):
        total = some * to
        found = paid_out(made, total, n, to_fen=to)
        whole += total
        for at, own in enumerate(shares):
            given_so_far[at] += found.get(f"h{at}", 0)
            assert abs(given_so_far[at] - Fraction(whole * own, sum(shares))) < to
            assert reckoning(made.view, the(made, f"r{n}"), f"h{at}").fen == found.get(f"h{at}", 0)
    if to == 1:
        expected = split_running(totals, shares)
        assert [
            [declared_parts(made.view, the(made, f"r{n}")).get(f"h{at}", 0) for at, _ in enumerate(shares)]
            for n, _ in enumerate(totals, 1)
        ] == expected


@settings(max_examples=30, deadline=None)
@given(
    shares=st.lists(st.integers(1, 40), min_size=2, max_size=5),
    totals=TOTALS,
    sales=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 40)), max_size=6),
    undone=st.sets(st.integers(1, 6)),
)
def test_every_run_goes_on_from_the_runs_that_stand_whatever_is_sold_or_undone(
    shares: list[int], totals: list[int], sales: list[tuple[int, int, int]], undone: set[int]
) -> None:
    made, held = pond(shares), {f"h{at}": own for at, own in enumerate(shares)}
    carries: dict[int, dict[str, Fraction]] = {}  # what each run that stands added, by the splitter alone
    for n, total in enumerate(totals, 1):
        day = date(2026, 1, 1 + n)
        if n <= len(sales):
            seller, buyer, count = sales[n - 1]
            one, other = f"h{seller}", f"h{buyer}"
            if one != other and held.get(one, 0) >= count and other in held:
                made.do(transfer("pond", holder=one, to=other, shares=count, effective_on=day, reason="sale"))
                held[one] -= count
                held[other] += count
        before, carry = _so_far(carries.values())
        expected, after = split_cumulative(total, {number: own for number, own in held.items() if own}, carry)
        found = paid_out(made, total, n, rule=by_record_date(day))
        assert found == {number: fen for number, fen in expected.items() if fen}
        later = {a: Fraction(b, after.denominator) for a, b in zip(after.holders, after.numerators, strict=True)}
        carries[n] = {a: later.get(a, Fraction(0)) - before.get(a, Fraction(0)) for a in {*later, *before}}
        if n in undone:
            made.do(undo(f"r{n}", effective_on=DECLARED, reason="a slip"))
            del carries[n]
    for run_of in runs(made.view).values():
        mine = declared_parts(made.view, run_of) if run_of.declared_on else {}
        for number in mine and parts(made.view, run_of.proposal, run_of).parts:
            assert reckoning(made.view, run_of, number).fen == mine.get(number, 0)


def _so_far(carries: Iterable[dict[str, Fraction]]) -> tuple[dict[str, Fraction], Carry | None]:
    """What some runs add up to."""
    sums: dict[str, Fraction] = {}
    for number, owed in (one for added in carries for one in added.items()):
        sums[number] = sums.get(number, Fraction(0)) + owed
    over = lcm(*(owed.denominator for owed in sums.values()))
    return sums, Carry(tuple(sums), tuple(int(owed * over) for owed in sums.values()), over) if sums else None

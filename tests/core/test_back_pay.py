"""Back pay of who is recognised years later: he gets his share, nobody else gets anything, and it is refused twice."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.dues import Due, dues
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue, redeem
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.reckoning import reckoning
from coopledger.core.register import holdings
from coopledger.core.rounding import MODES, Mode, divide
from coopledger.core.run import parts, run
from coopledger.core.undoing import undo
from coopledger.errors import CoopledgerError, RegisterError
from coopledger.reports.dividend import run_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.explanation import explanation_report
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    HOLDERS,
    PAID,
    PROPOSAL,
    VOTE,
    YEAR_END,
    cooperative,
    declared,
    due,
    money,
)
from tests.core.village import Village

EACH = PROPOSAL._replace(total_fen=None, each_fen=Fraction(58, 100))
RULED, POSTED_THEN, MET_THEN, DECLARED_THEN = (date(2029, 3, day) for day in (1, 2, 20, 21))


def recognised(made: Village, number: str = "21", shares: int = 40) -> Village:
    """A ruling of 2029: this household has held shares since 2026."""
    made.do(admit(Joiner(f"00{number}", household=number, head=True), effective_on=FOUNDED))
    made.do(issue("land", to=number, shares=shares, effective_on=FOUNDED, reason="ruling"))
    return made


def late(made: Village, proposal: Proposal, name: str = "late") -> Village:
    made.do(
        propose(name, proposal, effective_on=RULED),
        disclose(name, since=POSTED_THEN, until=MET_THEN, where="village board"),
        approve(name, VOTE._replace(day=MET_THEN, entitled=6, present=6)),
        declare(name, effective_on=DECLARED_THEN),
    )
    return made


def given_by(made: Village, name: str) -> dict[str, int]:
    return {number: own.declared_fen for number, own in dues(made.view, run(made.view, name)).items()}


# ---------------------------------------------------------------- an amount on each share


def test_the_same_amount_on_each_share_less_what_was_given_is_his_share_alone() -> None:
    made = declared(cooperative(), EACH)
    made.do(pay("2026", effective_on=PAID))
    recognised(made)
    late(made, EACH._replace(supplements="2026", nets=("2026",)))
    for day, unpaid in ((RULED, "0.00"), (DECLARED_THEN, "0.23")):  # who gets nothing is not on the list
        shown = run_report(made.view, "late", day, names=False)
        assert [row[:3] for row in shown.rows] == [["21", "40", "0.23"]]
        assert [str(cell) for cell in shown.totals] == ["total", "40", "0.23", "0.00", "0.00", unpaid, ""]
    assert due(made, "late") == {"21": 23}  # 0.58 fen x 40, as of all others half up
    assert given_by(made, "late") == {"21": 23}
    assert money(made)["332"] == -3_000_00 + sum(given_by(made, "2026").values()) + 23
    why = reckoning(made.view, run(made.view, "late"), "17")
    assert (why.fen, why.netted) == (0, 290)
    with pytest.raises(RegisterError, match="run again: nobody would get anything"):
        made.do(propose("again", EACH._replace(supplements="late", nets=("2026", "late")), effective_on=DECLARED_THEN))


@settings(max_examples=40, deadline=None)
@given(
    each=st.fractions(Fraction(1, 50), 1_50, max_denominator=60),
    mode=st.sampled_from(MODES),
    to=st.sampled_from([1, 10, 100]),
    newcomers=st.lists(st.integers(1, 300), min_size=1, max_size=3),
)
def test_each_newcomer_gets_what_others_got_for_as_many_shares_whoever_came_before(
    each: Fraction, mode: Mode, to: int, newcomers: list[int]
) -> None:
    asked = EACH._replace(each_fen=each, mode=mode, to_fen=to)
    made = cooperative()
    try:
        declared(made, asked)
    except RegisterError:  # nobody gets a whole unit
        return
    nets: tuple[str, ...] = ("2026",)
    for at, shares in enumerate(newcomers):
        number, name = f"{30 + at}", f"late{at}"
        recognised(made, number, shares)
        again = asked._replace(supplements="2026", nets=nets)
        whole = parts(made.view, asked).parts
        share = whole[number]
        exact = each * shares / to
        assert share == divide(exact.numerator, exact.denominator, mode) * to
        if not share:
            with pytest.raises(RegisterError, match="nobody would get anything"):
                made.do(propose(name, again, effective_on=RULED))
            continue
        late(made, again, name)
        assert given_by(made, name) == {number: share}
        assert whole == {one: sum(given_by(made, of).get(one, 0) for of in (*nets, name)) for one in whole}
        nets = (*nets, name)
    assert problems(made.view) == []


def test_what_is_netted_twice_without_the_run_that_netted_it_is_refused() -> None:
    made = declared(cooperative(), EACH)
    recognised(made)
    late(made, EACH._replace(supplements="2026", nets=("2026",)))
    recognised(made, "22")
    with pytest.raises(RegisterError, match=r"run more: 2026 are netted by late already|are netted by late"):
        made.do(propose("more", EACH._replace(supplements="2026", nets=("2026",)), effective_on=RULED))
    with pytest.raises(RegisterError, match="net it and are declared: undo them first"):
        made.do(undo("2026", effective_on=DECLARED_THEN, reason="a slip"))
    advance = PROPOSAL._replace(stream="x", total_fen=1_00, advance=True)
    declared(made, advance, "first")
    declared(made, advance._replace(advance=False, instalment=2, nets=("first",)), "second")
    with pytest.raises(RegisterError, match="are netted by second already"):
        made.do(
            propose(
                "third", advance._replace(advance=False, instalment=3, nets=("first", "second")), effective_on=RULED
            )
        )


# ---------------------------------------------------------------- amounts for some holders

BACK = PROPOSAL._replace(
    total_fen=None, supplements="2026", amounts={"21": 40_00}, reason="recognised on 1 March 2029, 1 yuan a share"
)


def test_after_a_total_he_gets_the_amount_that_was_resolved_and_nobody_else_anything() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID))
    late(recognised(made), BACK._replace(tax=Fraction(1, 5), retained=Fraction(1, 4)))
    assert given_by(made, "late") == {"21": 40_00}
    made.do(pay("late", effective_on=DECLARED_THEN))
    own = dues(made.view, run(made.view, "late"))["21"]
    assert own == Due(40_00, 24_00, 0, 8_00, 0, 0, DECLARED_THEN, retained_fen=8_00)
    why = reckoning(made.view, run(made.view, "late"), "21")
    assert (why.weight, why.fen) == (40, 40_00)
    with pytest.raises(RegisterError, match="run late: 17 has no part in it"):
        reckoning(made.view, run(made.view, "late"), "17")
    assert problems(made.view) == []


def test_its_papers_say_to_whom_and_why() -> None:
    made = declared(cooperative())
    late(recognised(made), BACK)
    said = "amounts for 21 alone: recognised on 1 March 2029, 1 yuan a share"
    assert [str(row[0]) for row in run_report(made.view, "late", names=False).rows] == ["21"]
    assert said in [str(note) for note in run_report(made.view, "late").notes]
    facts, holders = dividend_notice_report(made.view, "late", names=False)
    assert said in [str(row[1]) for row in facts.rows]
    assert [[str(cell) for cell in row] for row in holders.rows] == [["21", "40", "40.00"]]
    money_of = explanation_report(made.view, "late", "21", names=False)[1]
    assert [str(cell) for cell in money_of.rows[0]] == ["amount for the holder", said, "40.00"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"amounts": {"99": 1}}, "run late: 99 hold no land shares that earn by the shares held on 2026-12-31"),
        ({"amounts": {"21": 1, "0021": 1}}, "0021 hold no land shares"),
        ({"amounts": {"21": 0}}, "amounts by number, each a whole number"),
        ({"amounts": {"21": 1.5}}, "amounts by number"),
        ({"amounts": {21: 1}}, "amounts by number"),
        ({"amounts": ["21"]}, "amounts by number"),
        ({"amounts": {}}, "and the reason for them .* are expected together"),
        ({"reason": " "}, "are expected together"),
        ({"reason": 5}, "reason = 5"),
        ({"total_fen": 5}, "leave out total_fen"),
        ({"each_fen": Fraction(1)}, "leave out each_fen"),
        ({"nets": ("2026",), "cap_fen": 5}, "leave out nets, cap_fen"),
        ({"advance": True}, "leave out advance"),
        ({"policy": "cumulative"}, "leave out policy"),
        ({"to_fen": 100}, "leave out to_fen"),
        ({"supplements": ""}, "2026 is for surplus, 2026, instalment 1 already"),
    ],
)
def test_amounts_that_say_too_little_or_too_much_are_refused(asked: dict[str, Any], said: str) -> None:
    made = recognised(declared(cooperative()))
    before = made.view.head
    with pytest.raises(CoopledgerError, match=said):
        made.do(propose("late", BACK._replace(**asked), effective_on=RULED))
    assert made.view.head == before


def test_who_turns_out_to_earn_nothing_is_not_paid() -> None:
    made = recognised(declared(cooperative()))
    made.do(propose("late", BACK._replace(amounts={"20": 5_00, "21": 40_00}), effective_on=RULED))
    made.do(disclose("late", since=POSTED_THEN, until=MET_THEN, where="village board"))
    made.do(approve("late", VOTE._replace(day=MET_THEN, entitled=6, present=6)))
    assert holdings(made.view, "land", YEAR_END)["21"].shares == 40
    made.do(redeem("land", holder="21", shares=40, effective_on=YEAR_END, reason="correction"))
    with pytest.raises(RegisterError, match=r"run late: since record .* the register was changed"):
        made.do(declare("late", effective_on=DECLARED_THEN))


@settings(max_examples=25, deadline=None)
@given(some=st.dictionaries(st.sampled_from([*HOLDERS, "21"]), st.integers(1, 300_00), min_size=1))
def test_what_is_declared_is_what_was_proposed_to_the_fen(some: dict[str, int]) -> None:
    made = recognised(declared(cooperative()))
    late(made, BACK._replace(amounts=some))
    assert given_by(made, "late") == some
    assert run(made.view, "late").proposal.amounts == some
    assert DECLARED < DECLARED_THEN

"""Dividend runs: each step where it belongs, nothing owed before it is declared, everything undone in the open."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.chart import C2021, C2023, Chart
from coopledger.core.charter import COLLECTIVE, SPECIALISED
from coopledger.core.citation import Resolution
from coopledger.core.dividend import approve, declare, disclose, propose, supplementing
from coopledger.core.entitlement import by_record_date, by_time_held
from coopledger.core.journal import Decision, Entry
from coopledger.core.movement import issue, transfer
from coopledger.core.payment_order import payment_order
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.reversal import take_back
from coopledger.core.run import RUN, parts, runs
from coopledger.core.run_step import next_step
from coopledger.core.share_class import open_class, preset
from coopledger.core.undoing import undo
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError, EntryError, RegisterError
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    MET,
    PAID,
    POSTED,
    PROPOSAL,
    PROPOSED,
    VOTE,
    YEAR_END,
    approved,
    cooperative,
    declared,
    due,
    money,
    paid,
    the,
)

DAY = timedelta(1)


# ---------------------------------------------------------------- who gets what


def test_a_total_is_split_exactly_by_the_shares_held_on_the_record_date() -> None:
    made = declared(cooperative())
    assert due(made) == {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}
    assert money(made)["332"] == -2_000_00
    assert money(made)["222/2026/19"] == -1_00


def test_a_sale_after_the_record_date_changes_nothing_and_one_before_it_does() -> None:
    sale: dict[str, Any] = {"holder": "17", "to": "18", "shares": 500, "reason": "sale"}
    made = cooperative()
    made.do(transfer("land", effective_on=YEAR_END, **sale))
    assert due(declared(made)) == {"18": 800_00, "19": 1_00, "20": 199_00}
    made = cooperative()
    made.do(transfer("land", effective_on=YEAR_END + DAY, **sale))
    assert due(declared(made))["17"] == 500_00


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"total_fen": 1_000_03}, {"17": 500_01, "18": 300_01, "19": 1_00, "20": 199_01}),
        ({"total_fen": 1_000_50, "to_fen": 100}, {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}),
        ({"total_fen": 100_00, "to_fen": 100}, {"17": 50_00, "18": 30_00, "20": 20_00}),
        ({"total_fen": None, "each_fen": Fraction(25)}, {"17": 125_00, "18": 75_00, "19": 25, "20": 49_75}),
        ({"total_fen": None, "each_fen": 25}, {"17": 125_00, "18": 75_00, "19": 25, "20": 49_75}),
        ({"total_fen": None, "each_fen": Fraction(5, 2)}, {"17": 12_50, "18": 7_50, "19": 3, "20": 4_98}),
        (
            {"total_fen": None, "each_fen": Fraction(5, 2), "mode": "down"},
            {"17": 12_50, "18": 7_50, "19": 2, "20": 4_97},
        ),
        (
            {"total_fen": 300_00, "each_fen": Fraction(25), "to_fen": 100},
            {"17": 125_00, "18": 75_00, "20": 50_00},
        ),
        (
            {"rule": by_time_held(FOUNDED, YEAR_END, first=True, last=True)},
            {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00},
        ),
    ],
)
def test_a_total_or_an_amount_on_each_share_to_the_unit_that_is_paid(
    change: dict[str, Any], expected: dict[str, int]
) -> None:
    made = declared(cooperative(), PROPOSAL._replace(**change))
    assert due(made) == expected
    assert the(made).amount_fen == sum(expected.values())
    assert the(made).holders == len(expected)


def test_the_code_of_a_run_is_of_one_part_and_as_a_bank_gives_it_back() -> None:
    """What is owed of run 2026 stands below its code, and what stood below 2026/2 would be owed of it, too."""
    made = cooperative()
    with pytest.raises(RegisterError, match="2026/2: a code without '/' is expected"):
        made.do(propose("2026/2", PROPOSAL, effective_on=PROPOSED))
    made.do(propose("２０２６", PROPOSAL, effective_on=PROPOSED))
    assert [*runs(made.view)] == ["2026"]


def test_a_run_is_found_by_its_code_however_it_is_typed() -> None:
    made = cooperative()
    made.do(propose(" ２０２６\u3000", PROPOSAL, effective_on=PROPOSED))
    made.do(disclose("2026", since=POSTED, until=MET, where="village board"))
    made.do(approve("２０２６", VOTE), declare("2026 ", effective_on=DECLARED))
    assert the(made, "２０２６").state == "declared"
    made.do(pay("２０２６", effective_on=PAID, holders={"17": 5}))
    assert payment_order(made.view, "２０２６", PAID).reference.run == "2026"
    again = PROPOSAL._replace(period="２０２６ ")
    with pytest.raises(RegisterError, match="run b: 2026 is for surplus"):
        made.do(propose("b", again, effective_on=PAID))
    made.do(
        propose("b", again._replace(supplements="２０２６", nets=("２０２６",), total_fen=2_000_00), effective_on=PAID)
    )
    assert (the(made, "b").proposal.supplements, the(made, "b").proposal.nets) == ("2026", ("2026",))
    assert the(made, "b").amount_fen == 1_000_00
    with pytest.raises(CoopledgerError, match="none of them twice"):
        made.do(propose("c", again._replace(nets=("2026", "２０２６")), effective_on=PAID))


def test_of_shares_in_hundredths_an_amount_is_on_a_whole_share() -> None:
    made = cooperative()
    made.do(open_class(preset("labour"), effective_on=FOUNDED))
    made.do(issue("labour", to="0017", shares=15 * 10 ** (preset("labour").digits - 1), effective_on=FOUNDED))
    each = Proposal("labour", "2026", "labour", by_record_date(YEAR_END), each_fen=Fraction(58_00))
    assert dict(parts(made.view, each).parts) == {"0017": 87_00}


def test_a_resolved_amount_that_comes_to_more_than_there_is_is_refused() -> None:
    """Beicai resolved 58 yuan on 821 shares out of 47,617.98 yuan: 0.02 yuan too few."""
    made = cooperative()
    with pytest.raises(RegisterError, match=r"58\.00 yuan on each share come to 58,000\.00 yuan, .* 57,999\.99"):
        made.do(propose("b", PROPOSAL._replace(each_fen=Fraction(58_00), total_fen=57_999_99), effective_on=PROPOSED))


# ---------------------------------------------------------------- one step after the other


def test_a_run_goes_from_the_proposal_to_the_declaration() -> None:
    made = cooperative()
    states = []
    for step in (
        propose("2026", PROPOSAL, effective_on=PROPOSED),
        disclose("2026", since=POSTED, until=MET, where="village board"),
        approve("2026", VOTE),
        declare("2026", effective_on=DECLARED),
    ):
        made.do(step)
        states.append(the(made).state)
    assert states == ["proposed", "disclosed", "approved", "declared"]
    one = the(made)
    assert (one.proposal, one.resolution, one.declared_on) == (PROPOSAL, VOTE, DECLARED)
    assert [(seen.where, seen.days) for seen in one.disclosures] == [("village board", 15)]
    assert made.view.record(one.declared_in - 1).kind == "declaration"
    assert problems(made.view) == []


BEFORE: dict[str, Callable[[], Decision]] = {
    "approve": lambda: approve("2026", VOTE),
    "declare": lambda: declare("2026", effective_on=DECLARED),
    "pay": lambda: pay("2026", effective_on=PAID),
    "again": lambda: propose("2026", PROPOSAL, effective_on=PROPOSED),
}


@pytest.mark.parametrize(
    ("done", "step", "said"),
    [
        (0, "approve", "run 2026: it was not proposed; the book has -"),
        (0, "pay", "run 2026: it was not proposed"),
        (1, "approve", "it lay open for 0 days before the meeting of 2027-01-20; 10 are needed"),
        (1, "declare", "run 2026 is proposed: it is disclosed next, and approved"),
        (1, "again", "run 2026 was proposed in record 13: another code is expected"),
        (2, "declare", "run 2026 is disclosed: it is approved next"),
        (2, "pay", "run 2026 is not declared on 2027-01-25: nothing is owed"),
        (3, "approve", "run 2026 is approved: it is declared next"),
        (4, "declare", "run 2026 is declared: it is paid next"),
        (4, "approve", "run 2026 is declared: it is paid next"),
    ],
)
def test_a_step_out_of_order_is_refused_and_says_which_is_next(done: int, step: str, said: str) -> None:
    made = cooperative()
    steps = [
        propose("2026", PROPOSAL, effective_on=PROPOSED),
        disclose("2026", since=POSTED, until=MET, where="village board"),
        approve("2026", VOTE),
        declare("2026", effective_on=DECLARED),
    ]
    made.do(*steps[:done])
    before = made.view.head
    with pytest.raises(RegisterError, match=said):
        made.do(BEFORE[step]())
    assert made.view.head == before


@pytest.mark.parametrize(
    ("since", "until", "enough"),
    [
        (date(2027, 1, 10), date(2027, 1, 19), True),
        (date(2027, 1, 10), date(2027, 1, 18), False),
        (date(2027, 1, 10), date(2027, 2, 28), True),
        (date(2027, 1, 11), date(2027, 2, 28), False),
        (date(2027, 1, 21), date(2027, 2, 28), False),
    ],
)
def test_it_lies_open_ten_whole_days_before_the_day_of_the_meeting(since: date, until: date, enough: bool) -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(disclose("2026", since=since, until=until, where="village board"))
    if enough:
        made.do(approve("2026", VOTE))
    else:
        with pytest.raises(RegisterError, match="10 are needed"):
            made.do(approve("2026", VOTE))


def test_the_law_of_farmers_cooperatives_asks_for_fifteen_days() -> None:
    made = cooperative(charter=SPECIALISED)
    with pytest.raises(
        RegisterError, match=r"14 days before the meeting of 2027-01-20; 15 are needed \(农民专业合作社法"
    ):
        approved(made)


def test_a_charter_of_before_asks_for_no_days() -> None:
    made = cooperative(charter=COLLECTIVE._replace(disclosure_days=0))
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED), approve("2026", VOTE))
    assert the(made).state == "approved"


def test_a_meeting_that_did_not_adopt_it_approves_nothing() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(disclose("2026", since=POSTED, until=MET, where="village board"))
    with pytest.raises(RegisterError, match="votes for it: 3; 4 of 5 are needed"):
        made.do(approve("2026", VOTE._replace(votes_for=3)))
    made.do(approve("2026", VOTE._replace(meeting="representatives")))


@pytest.mark.parametrize(
    "step",
    [
        lambda: disclose("2026", since=PROPOSED - DAY, until=MET, where="village board"),
        lambda: approve("2026", Resolution("1", "members", PROPOSED - DAY, 5, 5, 5)),
        lambda: approve("2026", VOTE, effective_on=MET - DAY),
    ],
)
def test_no_step_counts_from_before_the_one_it_follows(step: Callable[[], Decision]) -> None:
    made = cooperative(charter=COLLECTIVE._replace(disclosure_days=0))
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    with pytest.raises(RegisterError, match="the day of the step that this one follows"):
        made.do(step())


def test_nothing_is_declared_before_the_meeting() -> None:
    with pytest.raises(RegisterError, match="2027-01-19 is before 2027-01-20"):
        approved(cooperative()).do(declare("2026", effective_on=MET - DAY))


def test_a_register_that_was_corrected_since_the_proposal_is_not_declared_on() -> None:
    made = approved(cooperative())
    made.do(issue("land", to="19", shares=9, effective_on=YEAR_END, booked_on=MET, reason="ruling", resolution=VOTE))
    with pytest.raises(RegisterError, match="since record 13 the register was changed"):
        made.do(declare("2026", effective_on=DECLARED))
    assert not due(made)


def test_what_changed_and_gives_everybody_the_same_is_no_hindrance() -> None:
    made = approved(cooperative())
    made.do(issue("land", to="19", shares=9, effective_on=MET))
    made.do(declare("2026", effective_on=DECLARED))
    assert due(made)["19"] == 1_00


def test_no_more_is_declared_than_there_is_of_surplus() -> None:
    made = approved(cooperative(), PROPOSAL._replace(total_fen=3_000_01))
    with pytest.raises(
        RegisterError, match=r"c2021:332 stands at 3,000\.00 yuan from 2027-01-21 on: 3,000\.01 cannot be"
    ):
        made.do(declare("2026", effective_on=DECLARED))


def test_two_runs_share_one_surplus() -> None:
    made = declared(cooperative(), PROPOSAL._replace(total_fen=2_000_00))
    more = PROPOSAL._replace(stream="rent", total_fen=1_000_01)
    with pytest.raises(RegisterError, match=r"stands at 1,000\.00 yuan"):
        declared(made, more, "rent")


# ---------------------------------------------------------------- one run for each purpose


def test_a_second_run_for_the_same_says_that_it_supplements_the_first() -> None:
    made = declared(cooperative())
    with pytest.raises(RegisterError, match=r"run b: 2026 is for surplus, 2026, instalment 1 already: say that this"):
        made.do(propose("b", PROPOSAL, effective_on=PROPOSED))
    with pytest.raises(RegisterError, match="run b is to supplement c: a run of the same stream"):
        made.do(propose("b", PROPOSAL._replace(supplements="c"), effective_on=PROPOSED))
    made.do(propose("b", PROPOSAL._replace(supplements="2026"), effective_on=PROPOSED))
    made.do(propose("c", PROPOSAL._replace(instalment=2), effective_on=PROPOSED))
    assert [*runs(made.view)] == ["2026", "b", "c"]


def test_what_supplements_a_run_takes_its_tax_its_retained_part_and_its_rounding_over_where_it_says_none() -> None:
    first = PROPOSAL._replace(tax=Fraction(1, 5), retained=Fraction(1, 2), total_fen=None, each_fen=Fraction(99))
    made = declared(cooperative(), first._replace(mode="down", to_fen=100))
    asked = supplementing(made.view, "２０２６", PROPOSAL._replace(total_fen=None, each_fen=Fraction(99)))
    assert asked == first._replace(mode="down", to_fen=100, supplements="2026")
    assert supplementing(made.view, "2026", PROPOSAL._replace(tax=Fraction(1, 10), to_fen=10))[8:10] == (
        PROPOSAL.instalment,
        Fraction(1, 10),
    )
    back_pay = PROPOSAL._replace(total_fen=None, amounts={"17": 5}, reason="a late ruling")
    asked = supplementing(made.view, "2026", back_pay)
    assert (asked.tax, asked.retained, asked.to_fen) == (Fraction(1, 5), Fraction(1, 2), 1)
    made.do(propose("b", asked, effective_on=PAID))
    with pytest.raises(RegisterError, match="run c: it was not proposed"):
        supplementing(made.view, "c", PROPOSAL)
    with pytest.raises(RegisterError, match="a Proposal is expected"):
        supplementing(made.view, "2026", None)  # type: ignore[arg-type]


def test_a_run_that_was_withdrawn_leaves_its_purpose_to_another_but_not_its_code() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(undo("2026", effective_on=PROPOSED, reason="a wrong total"))
    assert the(made).state == "withdrawn"
    with pytest.raises(RegisterError, match="another code is expected"):
        made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(propose("2026b", PROPOSAL, effective_on=PROPOSED))
    with pytest.raises(RegisterError, match="run 2026 is withdrawn: 2026b took its place"):
        made.do(approve("2026", VOTE))


def test_a_run_that_was_withdrawn_is_no_more_to_be_proposed_anew_once_it_was() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(undo("2026", effective_on=PROPOSED, reason="a wrong total"))

    def said() -> str:
        return str(next_step(made.view, runs(made.view)["2026"]))

    made.do(propose("other", PROPOSAL._replace(stream="rent"), effective_on=PROPOSED))
    made.do(propose("second", PROPOSAL._replace(instalment=2), effective_on=PROPOSED))
    assert said() == "propose another"
    made.do(propose("b", PROPOSAL._replace(period="b"), effective_on=PROPOSED))  # the period is the code if left out
    assert said() == "b took its place"
    made.do(undo("b", effective_on=PROPOSED, reason="a slip"))
    assert said() == "propose another"
    made.do(propose("c", PROPOSAL._replace(total_fen=5_00), effective_on=PROPOSED))
    assert said() == "c took its place"
    assert str(next_step(made.view, runs(made.view)["b"])) == "c took its place"


def test_a_step_repeated_with_its_key_is_harmless() -> None:
    made = approved(cooperative())
    step = declare("2026", effective_on=DECLARED)
    first = made.journal.append(step, key="declared", actor="accountant")
    assert made.journal.append(step, key="declared", actor="accountant") == first
    assert sum(due(made).values()) == 1_000_00


# ---------------------------------------------------------------- what cannot be proposed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"total_fen": None}, "a total .*, an amount on each share"),
        ({"total_fen": 0}, "total_fen = 0: a whole number"),
        ({"total_fen": -5}, "total_fen = -5"),
        ({"total_fen": True}, "total_fen: True: a whole number"),
        ({"total_fen": 1.5}, "total_fen: 1.5: a whole number"),
        ({"each_fen": 0}, "each_fen = 0: a Fraction above 0"),
        ({"each_fen": 1.5}, "each_fen = 1.5: a Fraction above 0"),
        (
            {"each_fen": 5, "rule": by_time_held(FOUNDED, YEAR_END, first=True, last=True)},
            r"expected \(by_record",
        ),
        ({"mode": "nearest"}, "mode = 'nearest': one of half up"),
        ({"to_fen": 0}, "to_fen = 0"),
        ({"instalment": 0}, "instalment = 0"),
        ({"tax": Fraction(3, 2)}, r"tax = Fraction\(3, 2\): a Fraction from 0 to 1"),
        ({"tax": 0.2}, "tax = 0.2"),
        ({"stream": " "}, "stream: ' ': a text is expected"),
        ({"period": 2026}, "period: 2026: a text is expected"),
        ({"rule": YEAR_END}, "rule: datetime.date"),
        ({"share_class": "no such"}, "'no such' is not a code"),
        ({"supplements": None}, "supplements = None"),
        ({"nets": ("floor", "floor")}, "nets = .*: a tuple of codes of runs, none of them twice is expected"),
        ({"share_class": "cash"}, "cash"),
        ({"rule": by_record_date(FOUNDED - DAY)}, "land"),
        ({"rule": by_record_date(PROPOSED + DAY)}, "who holds what on 2027-01-06 is not known on 2027-01-05"),
        ({"total_fen": 50, "to_fen": 100}, "nobody would get anything"),
    ],
)
def test_what_cannot_be_proposed_is_said(change: dict[str, Any], said: str) -> None:
    made = cooperative()
    before = made.view.head
    with pytest.raises(CoopledgerError, match=said):
        made.do(propose("2026", PROPOSAL._replace(**change), effective_on=PROPOSED))
    assert made.view.head == before


def test_facts_that_no_run_could_be_folded_from_are_refused() -> None:
    made = cooperative()
    for facts in (
        {},
        {"run": "x"},
        {"run": "x", "step": "eat"},
        {"run": "x", "step": "propose"},
        {"run": "x", "step": "approve"},
    ):
        with pytest.raises(EntryError, match="facts of the kind dividend-run"):
            made.do(Entry(RUN, PROPOSED, PROPOSED, facts))


# ---------------------------------------------------------------- undone in the open


def test_steps_are_undone_one_by_one() -> None:
    made = declared(cooperative())
    states = []
    for _ in range(4):
        made.do(undo("2026", effective_on=PAID, reason="correction"))
        states.append(the(made).state)
        assert not due(made)
    assert states == ["approved", "disclosed", "proposed", "withdrawn"]
    assert money(made) == money(cooperative())


def test_the_step_that_is_meant_is_undone_once_by_whomever() -> None:
    """Two who undo the declaration, each under a key of his own: the second would have undone the vote."""
    made = declared(cooperative())
    made.do(undo("2026", step="declared", effective_on=PAID, reason="a wrong total"))
    with pytest.raises(RegisterError) as error:
        made.do(undo("2026", step="declared", effective_on=PAID, reason="a wrong total"))
    assert str(error.value) == (
        "run 2026 is approved: declared is to be undone (step, --step), which was undone before, or is not the last"
    )
    assert the(made).state == "approved"
    made.do(declare("2026", effective_on=PAID), undo("2026", step="declared", effective_on=PAID, reason="x"))
    assert the(made).state == "approved"


@pytest.mark.parametrize("step", ["declare", "withdrawn", "", 26, ["declared"]])
def test_what_no_run_ever_is_is_no_step_that_is_meant(step: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match=r"^step: .*: one of proposed, discussed, .*, supervised is expected$"):
        undo("2026", step=step, effective_on=PAID, reason="x")


@pytest.mark.parametrize("chart", [C2021, C2023])
def test_a_run_that_is_half_paid_is_undone_and_what_was_paid_is_owed_by_who_got_it(chart: Chart) -> None:
    made = declared(cooperative(chart), PROPOSAL._replace(tax=Fraction(1, 5)))
    made.do(pay("2026", effective_on=PAID, holders={"17": 500_00, "18": 100_00}))
    made.do(undo("2026", effective_on=PAID, reason="a wrong total"))
    before, after = money(cooperative(chart)), money(made)
    current = chart.roles["member current"]
    assert after == {
        **before,
        chart.roles["bank"]: 5_000_00 - 480_00,
        f"{current}/17": 400_00,
        f"{current}/18": 80_00,
    }
    assert not due(made)
    assert problems(made.view) == []


def test_what_is_declared_again_is_set_off_against_what_was_paid_before() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders={"18": 100_00}))
    made.do(undo("2026", effective_on=PAID, reason="a slip"), declare("2026", effective_on=PAID))
    assert due(made)["18"] == 300_00
    assert paid(made) == {}
    made.do(pay("2026", effective_on=PAID, through="member current", holders={"18": 100_00}))
    made.do(pay("2026", effective_on=PAID))
    assert paid(made)["18"] == {"114/18": 100_00, "102": 200_00}
    assert money(made)["102"] == 5_000_00 - 1_000_00
    assert "114/18" not in money(made)
    made.do(undo("2026", effective_on=PAID, reason="once more"))
    assert money(made)["114/18"] == 300_00
    assert money(made)["332"] == -3_000_00


def test_a_run_is_not_undone_before_it_was_declared() -> None:
    with pytest.raises(RegisterError, match="2027-01-20 is before 2027-01-21"):
        declared(cooperative()).do(undo("2026", effective_on=MET, reason="correction"))


# ---------------------------------------------------------------- the surplus


def test_a_surplus_is_entered_once_a_year_and_may_be_taken_back_while_it_is_not_distributed() -> None:
    made = cooperative()
    with pytest.raises(RegisterError, match="the surplus of 2026 was entered in record 11 already"):
        made.do(enter_surplus(2026, 5, source="annual statement 2026"))
    made.do(take_back(11, booked_on=PROPOSED))
    made.do(enter_surplus(2025, -500_00, source="annual statement 2025", booked_on=FOUNDED))
    assert money(made)["332"] == 500_00
    made.do(enter_surplus(2026, 4_000_00, source="annual statement 2026, corrected"))
    assert money(made)["332"] == -3_500_00
    [*_, entered] = [one.seq for one in made.view.records("surplus")]
    declared(made, PROPOSAL._replace(total_fen=3_000_00))
    with pytest.raises(
        RegisterError, match=r"500\.00 of its 4,000\.00 yuan are left in the distribution account, and runs 2026 were"
    ):
        made.do(take_back(entered, booked_on=PAID))


@pytest.mark.parametrize("seen", [0, 1.5, True, None, "5"])
def test_a_surplus_is_a_whole_number_of_fen(seen: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match="surplus_fen: "):
        enter_surplus(2026, seen, source="annual statement 2026")

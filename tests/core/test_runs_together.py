"""Runs, undone runs, distributions, bank files and contracts beside each other: one book, one meaning."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.calendar import term
from coopledger.core.charter import COLLECTIVE
from coopledger.core.citation import Document
from coopledger.core.contract import conclude
from coopledger.core.deliberation import answer, deliberate, discuss, object_to
from coopledger.core.dividend import approve, declare, disclose, free_for, propose
from coopledger.core.dues import dues
from coopledger.core.earmark import earmarked
from coopledger.core.member import note_personal
from coopledger.core.payment_order import Outcome, Reference, payment_order, settle
from coopledger.core.payout import bounce, pay
from coopledger.core.plan import Plan, Stream
from coopledger.core.problems import problems
from coopledger.core.receivable import fall_due
from coopledger.core.run import Run, of_step, run, runs, unpaid
from coopledger.core.undoing import undo
from coopledger.core.waterfall import Step, Waterfall, share
from coopledger.core.year_end import enter_surplus
from coopledger.errors import EntryError, RegisterError, ReturnError
from tests.core.dividends import (
    DECLARED,
    FOUNDED,
    MET,
    PAID,
    POSTED,
    PROPOSAL,
    PROPOSED,
    VOTE,
    approved,
    cooperative,
    declared,
    due,
    money,
    the,
)
from tests.core.village import Village

DAY = timedelta(1)
UNDONE, AGAIN = date(2027, 2, 10), date(2027, 2, 12)
HALF = Step("members", "dividend", share("50%", "surplus"), by="class land")
TO_STEPS = COLLECTIVE._replace(waterfall=Waterfall([Step("reserve", "reserve", share("10%", "surplus")), HALF]))


def paid_and_undone(made: Village) -> int:
    """A run of which household 17 was paid, undone and declared again; the number of the payout."""
    [payout] = declared(made).do(pay("2026", effective_on=PAID, holders=["17"]))
    made.do(undo("2026", effective_on=UNDONE, reason="a slip"))
    return payout.seq


# ---------------------------------------------------------------- what was paid before the run was undone


def test_a_payout_of_before_an_undo_does_not_bounce() -> None:
    made = cooperative()
    seq = paid_and_undone(made)
    said = f"run 2026: record {seq} is a payout of before it was undone, and its receiver's debt since then"
    with pytest.raises(RegisterError, match=said):
        made.do(bounce("2026", seq, ["17"], effective_on=AGAIN))
    made.do(declare("2026", effective_on=AGAIN))
    with pytest.raises(RegisterError, match=said):
        made.do(bounce("2026", seq, ["17"], effective_on=AGAIN))
    [later] = made.do(pay("2026", effective_on=AGAIN, holders=["18"]))
    made.do(bounce("2026", later.seq, ["18"], effective_on=AGAIN))
    assert due(made) == {"17": 500_00, "18": 300_00, "19": 1_00, "20": 199_00}


def test_a_bank_that_returns_a_payment_of_before_an_undo_is_told_line_by_line() -> None:
    made = declared(cooperative())
    order = Reference("2026", made.view.head.seq, made.view.head.hash.hex()[:8])
    [payout] = made.do(pay("2026", effective_on=PAID, holders=["17", "18"]))
    made.do(undo("2026", effective_on=UNDONE, reason="a slip"), declare("2026", effective_on=AGAIN))
    lines = [
        Outcome(f"r.csv:{n}", order, number, "", fen, "no such account")
        for n, (number, fen) in enumerate({"17": 500_00, "18": 300_00}.items(), 2)
    ]
    with pytest.raises(ReturnError) as raised:
        made.do(settle("2026", lines, Document("r.csv", "ab" * 32), effective_on=AGAIN))
    said = f"was paid in record {payout.seq}, before the run was undone, and owes it since then: collect what came back"
    assert [str(one.message).partition(" ")[2].startswith(said) for one in raised.value.problems] == [True, True]


def test_an_order_of_before_an_undo_is_paid_by_the_declaration_that_stands_when_it_comes_back() -> None:
    """Not declared it is refused; declared again it is paid once, and read again it changes nothing."""
    made = declared(cooperative())
    card = "6200000000000000018"
    made.do(note_personal({"0017": {"name": "成员甲", "card": card}}, effective_on=DECLARED))
    [payment] = payment_order(made.view, "2026", PAID).payments
    order = payment_order(made.view, "2026", PAID).reference
    line = [Outcome("r.csv:2", order, payment.number, card, payment.fen)]
    back = settle("2026", line, Document("r.csv", "ab" * 32), effective_on=AGAIN)
    made.do(undo("2026", effective_on=UNDONE, reason="a slip"))
    with pytest.raises(RegisterError, match="run 2026 is not declared on 2027-02-12"):
        made.do(back)
    made.do(declare("2026", effective_on=AGAIN), back)
    assert due(made) == {"18": 300_00, "19": 1_00, "20": 199_00}
    assert made.do(back) == []
    assert money(made)["102"] == 5_000_00 - 500_00


# ---------------------------------------------------------------- days


def test_no_step_counts_from_before_the_undo_that_it_follows() -> None:
    """Declared on the 21st, undone on 10 February: declared once more for the 22nd it would be owed twice that day."""
    made = cooperative()
    paid_and_undone(made)
    with pytest.raises(RegisterError, match="run 2026: 2027-02-09 is before 2027-02-10, the day of the step that this"):
        made.do(declare("2026", effective_on=UNDONE - DAY))
    made.do(undo("2026", effective_on=UNDONE, reason="another vote"))
    with pytest.raises(RegisterError, match="2027-02-09 is before 2027-02-10"):
        made.do(approve("2026", VOTE, effective_on=UNDONE - DAY))
    with pytest.raises(RegisterError, match="2027-02-09 is before 2027-02-10"):
        made.do(object_to("2026", by="0018", what="a doubt", effective_on=UNDONE - DAY))
    with pytest.raises(RegisterError, match="2027-02-09 is before 2027-02-10"):
        made.do(undo("2026", effective_on=UNDONE - DAY, reason="once more"))
    made.do(approve("2026", VOTE))  # the meeting was before the undo; the step counts from it on
    assert (the(made).reached_on, the(made).counts_from) == (MET, UNDONE)
    made.do(declare("2026", effective_on=UNDONE))
    for day, fen in ((DECLARED - DAY, 0), (DECLARED, 1_000_00), (PAID, 500_00), (UNDONE, 1_000_00), (AGAIN, 1_000_00)):
        assert sum(unpaid(made.view, "2026", day).values()) == fen


def test_what_lies_open_once_more_counts_from_the_undo_and_keeps_its_days() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(disclose("2026", since=POSTED, until=MET, where="vilage board"))
    made.do(undo("2026", effective_on=POSTED + DAY, reason="a slip of the pen"))
    [again] = made.do(disclose("2026", since=POSTED, until=MET, where="village board"))
    assert again.effective_on == POSTED + DAY
    assert [(one.since, one.days) for one in the(made).disclosures] == [(POSTED, 15)]
    made.do(approve("2026", VOTE))
    assert the(made).state == "approved"


def test_a_step_does_not_count_before_the_approval_does() -> None:
    made = cooperative()
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    made.do(disclose("2026", since=POSTED, until=MET, where="village board"))
    made.do(approve("2026", VOTE, effective_on=MET + 5 * DAY))
    with pytest.raises(RegisterError, match="2027-01-21 is before 2027-01-25"):
        made.do(declare("2026", effective_on=DECLARED))


def test_meetings_that_are_recorded_later_may_have_been_on_any_day_in_their_order() -> None:
    """The minutes of three meetings are typed in on one day: their days are in order, and so are the steps' own."""
    made = cooperative(charter=COLLECTIVE._replace(steps="four deliberations"))
    typed, branch = MET + 30 * DAY, VOTE._replace(meeting="branch", day=PROPOSED)
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED, resolution=branch))
    made.do(discuss("2026", branch._replace(meeting="committees"), effective_on=typed))
    with pytest.raises(RegisterError, match="2027-02-18 is before 2027-02-19"):
        made.do(deliberate("2026", branch._replace(meeting="party"), effective_on=typed - DAY))
    made.do(deliberate("2026", branch._replace(meeting="party", day=PROPOSED)))
    made.do(disclose("2026", since=POSTED, until=MET, where="village board"))
    made.do(object_to("2026", by="0018", what="a doubt", effective_on=MET - DAY))
    made.do(answer("2026", 1, what="so it is", effective_on=MET), approve("2026", VOTE))
    assert (the(made).state, the(made).counts_from, the(made).disclosures[0].days) == ("approved", typed, 15)


def test_a_run_is_not_undone_before_something_of_it_was_paid() -> None:
    made = declared(cooperative())
    made.do(pay("2026", effective_on=PAID, holders=["17"]))
    with pytest.raises(RegisterError, match="2027-01-24 is before 2027-01-25"):
        made.do(undo("2026", effective_on=PAID - DAY, reason="a slip"))


STEPS = st.lists(st.sampled_from(["disclose", "approve", "declare", "pay", "undo"]), max_size=14)


@settings(max_examples=80, deadline=None)
@given(steps=STEPS, days=st.lists(st.integers(-3, 6), min_size=14, max_size=14))
def test_as_of_any_day_a_run_is_what_it_was_that_day(steps: list[str], days: list[int]) -> None:
    """Whatever is undone and done again: as of a day it is owed at most once, and the run is as it was by then."""
    made = cooperative(charter=COLLECTIVE._replace(disclosure_days=0))
    made.do(propose("2026", PROPOSAL, effective_on=PROPOSED))
    on, seen = PROPOSED, dict[date, Run]()
    for step, days_on in zip(["approve", "declare", *steps], days, strict=False):
        day = on + days_on * DAY
        verbs = {
            "disclose": lambda day=day: disclose("2026", since=day, until=day, where="village board"),
            "approve": lambda day=day: approve("2026", VOTE._replace(day=day)),
            "declare": lambda day=day: declare("2026", effective_on=day),
            "pay": lambda day=day: pay("2026", effective_on=day, holders=["17"]),
            "undo": lambda day=day: undo("2026", effective_on=day, reason="a slip"),
        }
        try:
            [*_, last] = made.do(verbs[step]())
        except (RegisterError, EntryError):
            continue
        on = max(on, last.effective_on)
        seen = {day: one for day, one in seen.items() if day < last.effective_on} | {on: the(made)}
    for day, one in seen.items():
        assert run(made.view, "2026", day) == one
    for day in (PROPOSED + n * DAY for n in range((on - PROPOSED).days + 1)):
        then = run(made.view, "2026", day)
        owed = unpaid(made.view, "2026", day)
        assert sum(owed.values()) in ({500_00, 1_000_00} if then.declared_on else {0})
        due = dues(made.view, then, day)
        assert {number: own.unpaid_fen for number, own in due.items() if own.unpaid_fen} == owed
        assert sum(own.declared_fen for own in due.values()) == (1_000_00 if then.declared_on else 0)
    assert problems(made.view) == []


# ---------------------------------------------------------------- what a distribution gave to its steps


def test_a_run_takes_nothing_that_a_distribution_gave_to_a_step() -> None:
    """3,000: 300 to the reserve, 1,500 to the step, 1,200 are free."""
    made = cooperative(charter=TO_STEPS)
    made.do(distribute(2026))
    approved(made, PROPOSAL._replace(total_fen=1_200_01, stream="rent"), "rent")
    said = (
        "run rent: of 2,700.00 yuan in c2021:332 1,200.00 are free from 2027-01-21 on, the others are for steps of "
        "a distribution or streams of a contract: 1,200.01 cannot be distributed"
    )
    with pytest.raises(RegisterError, match=said):
        made.do(declare("rent", effective_on=DECLARED))
    declared(made, PROPOSAL._replace(total_fen=1_200_00, stream="extra"), "extra")
    made.do(propose_steps(2026, effective_on=PROPOSED))
    made.do(disclose("2026-members", since=POSTED, until=MET, where="village board"))
    made.do(approve("2026-members", VOTE), declare("2026-members", effective_on=DECLARED))
    assert "332" not in money(made)
    assert earmarked(made.view) == 0
    made.do(undo("2026-members", effective_on=PAID, reason="a slip"))
    made.do(propose("more", PROPOSAL._replace(total_fen=1, stream="more"), effective_on=PAID))
    made.do(disclose("more", since=PAID, until=PAID + 20 * DAY, where="village board"))
    made.do(approve("more", VOTE._replace(day=PAID + 15 * DAY)))
    with pytest.raises(RegisterError, match=r"of 1,500\.00 yuan in c2021:332 0\.00 are free from 2027-03-01 on"):
        made.do(declare("more", effective_on=date(2027, 3, 1)))


def test_what_was_free_before_the_distribution_is_not_set_aside_by_it() -> None:
    """Of 2026 nothing is distributed; that 2027 gives 500 to a step takes nothing from what 2026 left."""
    made = cooperative(charter=TO_STEPS)
    made.do(enter_surplus(2027, 1_000_00, source="annual statement"))
    approved(made, PROPOSAL._replace(total_fen=3_000_00))
    made.do(distribute(2027))
    made.do(declare("2026", effective_on=DECLARED))
    assert -money(made)["332"] == 900_00
    assert earmarked(made.view) == 500_00
    assert [one.state for one in runs(made.view).values()] == ["declared"]


@pytest.mark.parametrize("again", [True, False])
def test_a_step_is_declared_on_a_day_between_two_declarations_of_another(again: bool) -> None:
    """3,000: 300 to the reserve, 1,500 to the members, 600 to a second step, 600 are free.

    While the run of the members stood, the account had 1,200, of which 600 are for the second step and 600 are free.
    """
    more = Step("more", "dividend", share("20%", "surplus"), by="class land")
    steps = [Step("reserve", "reserve", share("10%", "surplus")), HALF, more]
    made = cooperative(charter=COLLECTIVE._replace(waterfall=Waterfall(steps)))
    made.do(distribute(2026), propose_steps(2026, effective_on=PROPOSED))
    for name in ("2026-members", "2026-more"):
        made.do(disclose(name, since=POSTED, until=MET, where="village board"), approve(name, VOTE))
    made.do(declare("2026-members", effective_on=DECLARED), undo("2026-members", effective_on=UNDONE, reason="a slip"))
    if again:
        made.do(declare("2026-members", effective_on=AGAIN))
    other = PROPOSAL._replace(stream="other", total_fen=600_00)
    assert free_for(made.view, other, PAID) == 600_00
    assert free_for(made.view, other, AGAIN) == 600_00
    assert free_for(made.view, of_step(made.view, 2026, "more"), PAID) == 1_200_00
    made.do(declare("2026-more", effective_on=PAID))
    assert free_for(made.view, other, PAID) == 600_00
    assert earmarked(made.view) == (0 if again else 1_500_00)


LATE = date(2035, 1, 1)
ACTS = st.lists(
    st.tuples(st.sampled_from(["plain", "rent", "due", "distribute", "members", "undo"]), st.integers(1, 1_500_00)),
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(acts=ACTS)
def test_whatever_is_declared_first_everybodys_money_is_there(  # noqa: C901 - the acts
    acts: list[tuple[str, int]],
) -> None:
    """A surplus, a contract that brings 500 a year for its holders, and runs in any order, declared and undone.

    Beside the book stands what each purpose has: what was set aside for it less what its runs declared, never below 0.
    Until the surplus is distributed, no run takes of it.
    """
    made = cooperative(charter=TO_STEPS._replace(disclosure_days=0))
    rent = Plan("hill", term("2026-01-01", years=9, basis="service"), [Stream("land", amount="500 yuan")])
    made.do(conclude("hill", rent, counterparty="company", effective_on=FOUNDED, income="distribution"))
    brought, given, account = 0, 0, 3_000_00
    stands: list[tuple[str, str, int]] = []

    def kept(purpose: str) -> int:
        there = {"rent": brought, "members": given}.get(purpose, 0)
        return max(there - sum(fen for _, of, fen in stands if of == purpose), 0)

    for n, (act, fen) in enumerate(acts):
        others = sum(kept(purpose) for purpose in ("rent", "members") if purpose != act)
        if act == "due":
            made.do(fall_due("hill", until=date(2026 + brought // 500_00, 12, 31)))
            brought, account = brought + 500_00, account + 500_00
        elif act == "distribute":
            if given or account - others - kept("rent") < 3_000_00:
                continue
            made.do(distribute(2026))
            given, account = 1_500_00, account - 300_00
        elif act == "undo" and stands:
            name, _, was = stands.pop()
            made.do(undo(name, effective_on=LATE, reason="a slip"))
            account += was
        elif act in {"plain", "rent"} or (act == "members" and kept("members")):
            name = f"run-{n}"
            if act == "members":
                name, fen, proposal = "members", given, of_step(made.view, 2026, "members")  # noqa: PLW2901
            else:
                stream = "hill/land" if act == "rent" else name
                proposal = PROPOSAL._replace(stream=stream, period=name, total_fen=fen)
            if name not in runs(made.view):
                made.do(propose(name, proposal, effective_on=LATE), approve(name, VOTE._replace(day=LATE)))
            waits = 0 if given else 3_000_00
            if fen <= account - others - waits:
                made.do(declare(name, effective_on=LATE))
                stands.append((name, act, fen))
                account -= fen
            else:
                with pytest.raises(RegisterError, match="cannot be distributed"):
                    made.do(declare(name, effective_on=LATE))
        assert earmarked(made.view) == kept("rent") + kept("members")
        assert -money(made).get("332", 0) == account >= earmarked(made.view)

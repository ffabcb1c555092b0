"""A run of what a contract brought in: its total, and that its projection is what the run gives."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.amendment import change_charter
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.appropriation import appropriation
from coopledger.core.calendar import due_on, term
from coopledger.core.chart import C2021, adopt
from coopledger.core.charter import COLLECTIVE, FOUR, found
from coopledger.core.citation import Resolution
from coopledger.core.contract import conclude
from coopledger.core.contract_run import of_contract, projected_run
from coopledger.core.deliberation import deliberate, discuss
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.earmark import earmarked
from coopledger.core.entitlement import BY, By, by_record_date, by_time_held
from coopledger.core.figures import indexed
from coopledger.core.growth import ramp
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue
from coopledger.core.plan import Instalment, Plan, Stream
from coopledger.core.proposal import Proposal
from coopledger.core.receivable import fall_due, receive
from coopledger.core.reversal import take_back
from coopledger.core.run import run, unpaid
from coopledger.core.series import series
from coopledger.core.share_class import open_class, preset
from coopledger.core.undoing import undo
from coopledger.core.waterfall import Step, Waterfall, share
from coopledger.core.year_end import enter_surplus, surpluses
from coopledger.errors import RegisterError
from tests.core.strategies import steady
from tests.core.village import Village

FOUNDED = date(2026, 1, 1)


def hill(
    shares: Sequence[int] = (500, 300, 199), plan: Plan | None = None, income: str | None = "distribution"
) -> Village:
    """A cooperative whose dam brings in 10,000 yuan in the first year and 10,000 more in each, to be distributed."""
    made = Village()
    people = [Joiner(f"00{n}", household=f"{n}", head=True) for n, _ in enumerate(shares, 17)]
    dam = Stream("dam", amount=ramp("10,000.01 yuan", rise="10,000 yuan"))
    made.do(
        found("示例村股份经济合作社", COLLECTIVE, effective_on=FOUNDED),
        adopt(C2021, effective_on=FOUNDED),
        open_class(preset("land"), effective_on=FOUNDED),
        admit(*people, effective_on=FOUNDED),
        *(issue("land", to=f"{n}", shares=count, effective_on=FOUNDED) for n, count in enumerate(shares, 17)),
        conclude(
            "hill",
            plan or Plan("hill", term("2026-01-01", years=10, basis="contribution"), [dam]),
            counterparty="company",
            effective_on=FOUNDED,
            income=income,
        ),
    )
    return made


def dividend(year: int, **said: Any) -> Proposal:
    return Proposal("dam", str(year), "land", by_record_date(date(year, 12, 31)), **said)


def declared(made: Village, name: str, proposal: Proposal, on: date, *, as_it_is: bool = False) -> None:
    """Propose, disclose, approve and declare a run of what came in by a day, or as it is proposed."""
    day = date(on.year, on.month + 1, 1)
    vote = Resolution(name, "members", day, entitled=3, present=3, votes_for=3)
    asked = proposal if as_it_is else of_contract(made.view, "hill", proposal, on)
    made.do(propose(name, asked, effective_on=on))
    made.do(disclose(name, since=on, until=day, where="village board"), approve(name, vote))
    made.do(declare(name, effective_on=day))


def test_the_total_of_a_run_is_what_the_stream_brought_in_for_the_period() -> None:
    made = hill()
    made.do(fall_due("hill", until=date(2027, 12, 31)), receive("hill", 12_000_00, effective_on=date(2027, 1, 10)))
    one = of_contract(made.view, "hill", dividend(2026), date(2027, 1, 10))
    assert (one.total_fen, one.stream, one.period) == (10_000_01, "hill/dam", "2026")
    assert of_contract(made.view, "hill", dividend(2027), date(2027, 12, 31)).total_fen == 1_999_99
    contract_year = of_contract(made.view, "hill", dividend(2026)._replace(period="1"), date(2027, 1, 10))
    assert contract_year.total_fen == 10_000_01


def test_a_second_run_for_a_period_has_what_came_in_since_the_first_and_a_withdrawn_one_does_not_count() -> None:
    made = hill()
    made.do(fall_due("hill", until=date(2026, 12, 31)), receive("hill", 4_000_00, effective_on=date(2027, 1, 10)))
    first = of_contract(made.view, "hill", dividend(2026), date(2027, 1, 11))
    made.do(propose("first", first, effective_on=date(2027, 1, 11)))
    with pytest.raises(RegisterError, match=r"dam brought in 4,000.00 yuan for 2026 by 2027-01-11, and runs for it"):
        of_contract(made.view, "hill", dividend(2026, instalment=2), date(2027, 1, 11))
    made.do(receive("hill", 6_000_01, effective_on=date(2027, 2, 10)))
    second = of_contract(made.view, "hill", dividend(2026, instalment=2), date(2027, 2, 10))
    assert (first.total_fen, second.total_fen) == (4_000_00, 6_000_01)
    made.do(undo("first", effective_on=date(2027, 2, 11), reason="correction"))
    assert of_contract(made.view, "hill", dividend(2026), date(2027, 2, 11)).total_fen == 10_000_01


@pytest.mark.parametrize("income", [None, "operating income"])
def test_what_comes_in_elsewhere_is_proposed_once_the_surplus_is_entered(income: str | None) -> None:
    made = hill(income=income)
    made.do(fall_due("hill", until=date(2026, 12, 31)), receive("hill", 10_000_01, effective_on=date(2027, 1, 10)))
    day = date(2027, 1, 11)
    with pytest.raises(RegisterError, match=r"income, and c2021:332, .* stands at 0\.00 yuan .*: enter the surplus of"):
        of_contract(made.view, "hill", dividend(2026), day)
    made.do(enter_surplus(2026, 10_000_01, source="x", effective_on=date(2026, 12, 31), contracts=None))
    assert of_contract(made.view, "hill", dividend(2026), day).total_fen == 10_000_01


def test_the_same_instalments_are_not_distributed_once_by_the_calendar_and_once_by_the_contract() -> None:
    made = hill()
    made.do(fall_due("hill", until=date(2027, 12, 31)), receive("hill", 12_000_00, effective_on=date(2027, 1, 10)))
    declared(made, "first", dividend(2026), date(2027, 1, 11))
    with pytest.raises(
        RegisterError, match="run first is for 2026 of dam, which has instalments of 1 too: say the same"
    ):
        of_contract(made.view, "hill", dividend(2026)._replace(period="1"), date(2027, 1, 11))
    assert of_contract(made.view, "hill", dividend(2027)._replace(period="2"), date(2027, 12, 31)).total_fen == 1_999_99


def test_a_supplement_has_what_came_in_since_and_says_which_run_it_adds_to() -> None:
    made = hill()
    made.do(fall_due("hill", until=date(2026, 12, 31)), receive("hill", 4_000_00, effective_on=date(2027, 1, 10)))
    declared(made, "first", dividend(2026), date(2027, 1, 11))
    made.do(receive("hill", 2_000_00, effective_on=date(2027, 3, 1)))
    more = of_contract(made.view, "hill", dividend(2026, supplements="first"), date(2027, 3, 1))
    assert (more.total_fen, more.supplements) == (2_000_00, "first")
    with pytest.raises(RegisterError, match="is for hill/dam, 2026, instalment 1 already"):
        made.do(propose("second", more._replace(supplements=""), effective_on=date(2027, 3, 1)))
    declared(made, "second", dividend(2026, supplements="first"), date(2027, 3, 1))
    assert sum(unpaid(made.view, "second").values()) == 2_000_00
    for _ in range(2):  # declared, approved: it is undone to what was disclosed, and counts until it is withdrawn
        made.do(undo("second", effective_on=date(2027, 4, 2), reason="a slip"))
        with pytest.raises(RegisterError, match=r"and runs for it distribute 6,000\.00: nothing is left"):
            of_contract(made.view, "hill", dividend(2026, supplements="first"), date(2027, 4, 2))


def test_runs_of_a_contract_go_through_the_four_deliberations_undone_and_supplemented() -> None:
    made = hill()
    vote = Resolution("2026-1", "members", FOUNDED, entitled=3, present=3, votes_for=3)
    made.do(change_charter(COLLECTIVE._replace(steps=FOUR), effective_on=FOUNDED, resolution=vote))
    made.do(fall_due("hill", until=date(2026, 12, 31)))
    for name, month, fen in (("first", 1, 4_000_00), ("second", 3, 6_000_01)):
        day, met = date(2027, month, 5), date(2027, month, 25)
        made.do(receive("hill", fen, effective_on=day))
        asked = of_contract(made.view, "hill", dividend(2026, supplements="first" if month == 3 else ""), day)
        with pytest.raises(RegisterError, match="the resolution by which the party branch proposes it is expected"):
            made.do(propose(name, asked, effective_on=day))
        branch, committees, party = (vote._replace(meeting=one, day=day) for one in ("branch", "committees", "party"))
        made.do(propose(name, asked, effective_on=day, resolution=branch), discuss(name, committees))
        made.do(deliberate(name, party), disclose(name, since=day, until=met, where="board"))
        made.do(approve(name, vote._replace(day=met)), disclose(name, since=met, until=met, where="board"))
        made.do(declare(name, effective_on=met), undo(name, effective_on=met, reason="a slip"))
        assert (run(made.view, name).state, unpaid(made.view, name)) == ("published", {})
        made.do(undo(name, effective_on=met, reason="a slip"))  # the notice of the decision
        with pytest.raises(RegisterError, match="the decision is disclosed next"):
            made.do(declare(name, effective_on=met))
        made.do(disclose(name, since=met, until=met, where="board"), declare(name, effective_on=met))
        assert sum(unpaid(made.view, name).values()) == fen
    assert sum(unpaid(made.view, "first").values()) == 4_000_00


def test_no_other_run_and_no_distribution_takes_what_a_contract_brings_in_for_its_holders() -> None:
    """10,000.01 for the holders of the dam, of which 4,000 came in; the surplus of 500 is distributed beside it."""
    made = hill()
    steps = [Step("losses", "losses"), Step("all", "dividend", share("100%", "left"), by="class land")]
    charter = COLLECTIVE._replace(waterfall=Waterfall(steps))
    vote = Resolution("2026-1", "members", FOUNDED, entitled=3, present=3, votes_for=3)
    made.do(change_charter(charter, effective_on=FOUNDED, resolution=vote))
    made.do(fall_due("hill", until=date(2026, 12, 31)), receive("hill", 4_000_00, effective_on=date(2027, 1, 10)))
    made.do(enter_surplus(2026, 500_00, source="statement", contracts="apart"))
    other = Proposal("other", "2026", "land", by_record_date(date(2026, 12, 31)), 500_01)
    made.do(propose("other", other, effective_on=date(2027, 1, 10)))
    made.do(disclose("other", since=date(2027, 1, 10), until=date(2027, 2, 1), where="board"))
    made.do(approve("other", vote._replace(number="2", day=date(2027, 2, 1))))
    with pytest.raises(RegisterError, match=r"of 10,500\.01 yuan in c2021:332 500\.00 are free from 2027-02-01 on"):
        made.do(declare("other", effective_on=date(2027, 2, 1)))
    made.do(distribute(2026))
    assert appropriation(made.view, 2026).amount_fen("all") == 500_00
    assert earmarked(made.view) == 10_000_01 + 500_00
    declared(made, "first", dividend(2026), date(2027, 1, 11))
    assert earmarked(made.view) == 6_000_01 + 500_00


def test_what_a_run_was_declared_from_is_not_taken_back() -> None:
    """Beside a surplus of 20,000 the account would not fall below nothing, and the surplus would be short of 10,000."""
    made = hill()
    made.do(enter_surplus(2026, 20_000_00, source="statement", booked_on=date(2026, 12, 31)))
    [fell_due] = made.do(fall_due("hill", until=date(2026, 12, 31)))
    [came] = made.do(receive("hill", 10_000_01, effective_on=date(2027, 1, 10)))
    declared(made, "first", dividend(2026), date(2027, 1, 11))
    made.do(take_back(came.seq, booked_on=date(2027, 3, 1)))
    before = made.view.head
    with pytest.raises(RegisterError, match=r"0\.00 of its 10,000\.01 yuan are left .* runs first were declared"):
        made.do(take_back(fell_due.seq, booked_on=date(2027, 3, 1)))
    assert made.view.head == before
    made.do(fall_due("hill", until=date(2027, 12, 31)))  # what falls due later does not make up for it
    with pytest.raises(RegisterError, match="runs first were declared from the others: undo them first"):
        made.do(take_back(fell_due.seq, booked_on=date(2027, 12, 31)))
    made.do(undo("first", effective_on=date(2027, 3, 1), reason="correction"))
    made.do(take_back(fell_due.seq, booked_on=date(2027, 12, 31)))
    assert earmarked(made.view) == 20_000_01


@pytest.mark.parametrize("floor", ["other", "hill/dam"])
def test_what_a_floor_gave_from_elsewhere_is_free_again_when_it_is_netted(floor: str) -> None:
    """10,000.01 came in; a floor of 1,000 is taken off. If that was of the free 2,000, all of those are free again."""
    made = hill()
    made.do(enter_surplus(2026, 2_000_00, source="statement"))
    made.do(fall_due("hill", until=date(2027, 12, 31)), receive("hill", 10_000_01, effective_on=date(2027, 1, 10)))
    came = earmarked(made.view)
    first = Proposal(floor, "2026", "land", by_record_date(date(2026, 12, 31)), 1_000_00)
    declared(made, "floor", first._replace(instalment=2), date(2027, 1, 11), as_it_is=True)
    total = 10_000_01
    second = Proposal("hill/dam", "2026", "land", by_record_date(date(2026, 12, 31)), total, nets=("floor",))
    declared(made, "second", second, date(2027, 2, 11), as_it_is=True)
    assert sum(unpaid(made.view, "second").values()) == 9_000_01
    assert earmarked(made.view) == came - 10_000_01  # the due of 2027
    stands = -sum(made.view.balances("CNY", "c2021:332").values())
    assert stands - earmarked(made.view) == 2_000_00
    with pytest.raises(RegisterError, match="nothing is left"):
        of_contract(made.view, "hill", dividend(2026), date(2027, 3, 1))
    made.do(undo("second", effective_on=date(2027, 4, 1), reason="correction"))
    assert earmarked(made.view) == came - (1_000_00 if floor == "hill/dam" else 0)


def test_a_surplus_is_not_taken_back_when_the_rest_is_for_the_holders_of_a_contract() -> None:
    """Three dues stand beside it, and the account has enough: but that is for others."""
    made = hill()
    [entered] = made.do(enter_surplus(2026, 20_000_00, source="statement"))
    made.do(fall_due("hill", until=date(2028, 12, 31)))
    other = Proposal("surplus", "2026", "land", by_record_date(date(2026, 12, 31)), 15_000_00)
    day = date(2029, 1, 2)
    vote = Resolution("1", "members", day.replace(month=2), entitled=3, present=3, votes_for=3)
    made.do(propose("other", other, effective_on=day), disclose("other", since=day, until=vote.day, where="board"))
    made.do(approve("other", vote), declare("other", effective_on=vote.day))
    with pytest.raises(RegisterError, match=r"5,000\.00 of its 20,000\.00 yuan are left .* runs other were"):
        made.do(take_back(entered.seq, booked_on=vote.day))
    made.do(undo("other", effective_on=vote.day, reason="correction"), take_back(entered.seq, booked_on=vote.day))
    assert earmarked(made.view) == 60_000_03


def test_what_contracts_brought_in_is_not_in_the_surplus_once_more() -> None:
    """10,000.01 of the dam are distributed as they come; the township's statement says 12,000, with them."""
    made = hill()
    made.do(fall_due("hill", until=date(2026, 12, 31)))
    with pytest.raises(RegisterError, match=r"2026: contracts brought in 10,000\.01 yuan .* whether the surplus"):
        made.do(enter_surplus(2026, 12_000_00, source="statement"))
    with pytest.raises(RegisterError, match=r"2026: all of 10,000\.01 yuan is what contracts brought in"):
        made.do(enter_surplus(2026, 10_000_01, source="statement", contracts="within"))
    with pytest.raises(RegisterError, match="contracts = 'both': one of apart, within is expected"):
        enter_surplus(2026, 5, source="statement", contracts="both")  # type: ignore[arg-type]
    [record] = made.do(enter_surplus(2026, 12_000_00, source="statement", contracts="within"))
    assert (record.facts["contracts"], record.facts["contracts_fen"]) == ("within", 10_000_01)
    assert surpluses(made.view) == {2026: 1_999_99}
    [other] = made.do(
        enter_surplus(2025, 3_00, source="statement", effective_on=FOUNDED)
    )  # no contract brought in anything then
    assert "contracts" not in other.facts
    made.do(take_back(record.seq, booked_on=date(2027, 1, 1)))
    made.do(enter_surplus(2026, 9_000_00, source="statement", contracts="within"))
    assert surpluses(made.view) == {2025: 3_00, 2026: -1_000_01}


def test_what_is_within_a_surplus_that_is_given_out_is_not_taken_back() -> None:
    """Of 12,000 with 10,000.01 of the dam within, 1,999.99 are distributed; without it it would have been 12,000."""
    made = hill()
    steps = [Step("losses", "losses"), Step("all", "dividend", share("50%", "left"), by="class land")]
    vote = Resolution("2026-1", "members", FOUNDED, entitled=3, present=3, votes_for=3)
    made.do(change_charter(COLLECTIVE._replace(waterfall=Waterfall(steps)), effective_on=FOUNDED, resolution=vote))
    [due] = made.do(fall_due("hill", until=date(2026, 12, 31)))
    [entered] = made.do(enter_surplus(2026, 12_000_00, source="statement", contracts="within"))
    on = date(2027, 1, 11)
    decided = vote._replace(number="2", day=date(2027, 2, 1))
    [given] = made.do(distribute(2026))
    made.do(propose_steps(2026, effective_on=on))
    other = Proposal("other", "2026", "land", by_record_date(date(2026, 12, 31)), 500_00)
    made.do(propose("other", other, effective_on=on), disclose("other", since=on, until=decided.day, where="board"))
    made.do(approve("other", decided), declare("other", effective_on=decided.day))
    back = take_back(due.seq, booked_on=decided.day)
    within = f"the surplus of 2026, record {entered.seq}, has it within, and"
    with pytest.raises(RegisterError, match=f"record {due.seq}: {within} runs other, 2026-all give that out: undo"):
        made.do(back)
    made.do(undo("2026-all", effective_on=decided.day, reason="correction"))
    with pytest.raises(RegisterError, match=f"record {due.seq}: {within} runs other give that out"):
        made.do(back)
    made.do(undo("other", effective_on=decided.day, reason="correction"))
    with pytest.raises(RegisterError, match=f"{within} is distributed by records {given.seq}: take them back first"):
        made.do(back)
    made.do(take_back(given.seq, booked_on=decided.day), back)
    with pytest.raises(RegisterError, match=f"in record {entered.seq} as if it was"):
        made.do(distribute(2026))


def test_what_is_apart_from_a_surplus_is_taken_back_though_that_is_given_out() -> None:
    made = hill()
    [due] = made.do(fall_due("hill", until=date(2026, 12, 31)))
    [entered] = made.do(enter_surplus(2026, 12_000_00, source="statement", contracts="within"))
    made.do(take_back(entered.seq, booked_on=date(2027, 1, 2)))
    made.do(enter_surplus(2026, 12_000_00, source="statement", contracts="apart"))
    on, vote = date(2027, 1, 11), Resolution("1", "members", date(2027, 2, 1), entitled=3, present=3, votes_for=3)
    other = Proposal("other", "2026", "land", by_record_date(date(2026, 12, 31)), 12_000_00)
    made.do(propose("other", other, effective_on=on), disclose("other", since=on, until=vote.day, where="board"))
    made.do(approve("other", vote), declare("other", effective_on=vote.day))
    made.do(take_back(due.seq, booked_on=vote.day))
    assert earmarked(made.view) == 0


def test_what_fell_due_after_the_surplus_was_entered_is_asked_for_before_it_is_distributed() -> None:
    made = hill()
    steps = [Step("losses", "losses"), Step("all", "dividend", share("100%", "left"), by="class land")]
    vote = Resolution("2026-1", "members", FOUNDED, entitled=3, present=3, votes_for=3)
    made.do(change_charter(COLLECTIVE._replace(waterfall=Waterfall(steps)), effective_on=FOUNDED, resolution=vote))
    [early] = made.do(enter_surplus(2026, 12_000_00, source="statement"))
    made.do(fall_due("hill", until=date(2026, 12, 31)))
    with pytest.raises(RegisterError, match=rf"10,000\.01 yuan .* in record {early.seq} as if it was 0\.00"):
        made.do(distribute(2026))
    made.do(take_back(early.seq, booked_on=date(2026, 12, 31)))
    made.do(enter_surplus(2026, 12_000_00, source="statement", contracts="within"), distribute(2026))
    assert appropriation(made.view, 2026).amount_fen("all") == 1_999_99
    assert earmarked(made.view) == 12_000_00


def test_income_that_is_the_years_is_distributed_with_its_surplus_and_not_by_a_run_of_its_own_as_well() -> None:
    """What a contract credits to income is in the surplus of the year; once that is given to steps, no run takes it."""
    made = hill()
    dam = Plan("pond", term("2026-01-01", years=3, basis="contribution"), [Stream("dam", amount="500 yuan")])
    made.do(conclude("pond", dam, counterparty="company", effective_on=FOUNDED, income="operating income"))
    made.do(fall_due("pond", until=date(2026, 12, 31)), receive("pond", 500_00, effective_on=date(2026, 12, 31)))
    steps = [Step("losses", "losses"), Step("all", "dividend", share("100%", "left"), by="class land")]
    vote = Resolution("2026-1", "members", FOUNDED, entitled=3, present=3, votes_for=3)
    made.do(change_charter(COLLECTIVE._replace(waterfall=Waterfall(steps)), effective_on=FOUNDED, resolution=vote))
    made.do(enter_surplus(2026, 500_00, source="statement"), distribute(2026))
    on = date(2027, 1, 11)
    made.do(propose("pond", of_contract(made.view, "pond", dividend(2026), on), effective_on=on))
    made.do(disclose("pond", since=on, until=date(2027, 2, 1), where="board"))
    made.do(approve("pond", vote._replace(number="3", day=date(2027, 2, 1))))
    with pytest.raises(RegisterError, match=r"of 500\.00 yuan in c2021:332 0\.00 are free"):
        made.do(declare("pond", effective_on=date(2027, 2, 1)))


def test_an_advance_takes_nothing_of_what_is_for_the_stream_and_a_remainder_all_of_it() -> None:
    made = hill()
    made.do(fall_due("hill", until=date(2026, 12, 31)), receive("hill", 10_000_01, effective_on=date(2027, 1, 10)))
    asked = dividend(2026)._replace(stream="hill/dam", total_fen=4_000_00, advance=True)
    day = date(2027, 1, 11)
    vote = Resolution("1", "members", date(2027, 2, 1), entitled=3, present=3, votes_for=3)
    made.do(propose("early", asked, effective_on=day), disclose("early", since=day, until=vote.day, where="board"))
    made.do(approve("early", vote), declare("early", effective_on=vote.day))
    assert earmarked(made.view) == 10_000_01
    final = dividend(2026, instalment=2, nets=("early",), to_fen=100, remainder="reserve")
    declared(made, "final", final, date(2027, 2, 2))
    assert earmarked(made.view) == 0
    assert "c2021:332" not in {account for _, account in made.view.balances("CNY")}


@steady(30)
@given(
    st.lists(st.integers(1, 10**6), min_size=2, max_size=5),
    st.integers(2027, 2031),
    st.sampled_from(BY),
    st.sampled_from([1, 100]),
)
def test_what_is_projected_for_each_holder_is_what_the_run_gives(
    shares: list[int], year: int, by: By, to_fen: int
) -> None:
    """Whichever year it is looked at from, to the fen, if the register does not change."""
    made = hill(shares)
    last = date(year, 12, 31)
    rule = (
        by_record_date(last) if by == "shares" else by_time_held(date(year, 1, 1), last, first=True, last=True, by=by)
    )
    asked = Proposal("dam", str(year), "land", rule, to_fen=to_fen)
    projected = projected_run(made.view, "hill", asked)
    for each in range(2026, year + 1):
        made.do(fall_due("hill", until=date(each, 12, 31)))
        assert projected_run(made.view, "hill", asked).parts == projected.parts
        made.do(receive("hill", 10_000_01 + (each - 2026) * 10_000_00, effective_on=date(each + 1, 1, 5)))
    declared(made, "run", asked, date(year + 1, 1, 10))
    assert unpaid(made.view, "run") == {number: fen for number, fen in projected.parts.items() if fen}


@pytest.mark.parametrize("remainder", ["", "reserve"])
def test_what_rounding_leaves_of_an_instalment_is_projected_with_the_next(remainder: str) -> None:
    """Twice 1,000.60 yuan, paid in whole yuan: 1,000 and 1,001; or twice 1,000, where 0.60 go to the reserve."""
    twice = [Instalment(Fraction(1, 2), due_on("06-30")), Instalment(None, due_on("12-31"))]
    dam = Stream("dam", amount=ramp("2,001.20 yuan", rise="0 yuan"), due=twice)
    made = hill([1], plan=Plan("x", term("2026-01-01", years=2, basis="contribution"), [dam]))
    days = (date(2026, 6, 30), date(2026, 12, 31))
    asked = [
        Proposal("dam", "2026", "land", by_record_date(day), instalment=n, to_fen=100, remainder=remainder, total_fen=1)
        for n, day in enumerate(days, 1)
    ]
    projected = [projected_run(made.view, "hill", one).parts for one in asked]
    for day, one in zip(days, asked, strict=True):
        made.do(fall_due("hill", until=day), receive("hill", 1_000_60, effective_on=day))
        declared(made, f"run{one.instalment}", one, day + timedelta(10))
    given = [dict(unpaid(made.view, f"run{n}")) for n in (1, 2)]
    assert given == projected
    assert [sum(one.values()) for one in given] == [1_000_00, 1_000_00 if remainder else 1_001_00]


def test_an_instalment_that_the_contract_has_not_or_that_is_not_known_is_refused() -> None:
    made = hill()
    for asked, seen in (
        (dividend(2040), "instalment 1 of dam for 2040: there is none"),
        (dividend(2026, instalment=2), "instalment 2 of dam for 2026: there is none"),
        (dividend(2026)._replace(stream="fish"), "'fish' is unknown"),
        (dividend(2026)._replace(period="soon"), "period: soon: a calendar year"),
    ):
        with pytest.raises(RegisterError, match=seen):
            projected_run(made.view, "hill", asked)
    rice = Stream("dam", amount=indexed("5 jin", series("rice", {2026: "1 yuan/jin"})))
    made = hill(plan=Plan("x", term("2026-01-01", years=3, basis="service"), [rice]))
    assert projected_run(made.view, "hill", dividend(2026)).amount_fen == 5_00
    with pytest.raises(RegisterError, match="instalment 1 of dam for 2027: it rests on a figure that is not known"):
        projected_run(made.view, "hill", dividend(2027))


def test_a_run_that_nets_an_advance_distributes_all_that_came_in_and_the_next_what_came_in_since() -> None:
    made = hill()
    made.do(fall_due("hill", until=date(2026, 12, 31)))
    made.do(receive("hill", 6_000_00, effective_on=date(2027, 1, 5), through="bank"))
    day, vote = date(2027, 1, 10), Resolution("2027-1", "members", date(2027, 1, 31), 3, 3, 3)

    def run_of(name: str, asked: Proposal) -> int:
        proposal = of_contract(made.view, "hill", asked, day)
        made.do(propose(name, proposal, effective_on=day))
        made.do(disclose(name, since=day, until=vote.day, where="village board"), approve(name, vote))
        made.do(declare(name, effective_on=vote.day))
        return proposal.total_fen or 0

    assert run_of("advance", dividend(2026, advance=True)) == 6_000_00
    made.do(receive("hill", 1_000_00, effective_on=date(2027, 1, 6), through="bank"))
    assert run_of("final", dividend(2026, instalment=2, nets=("advance",))) == 7_000_00
    assert sum(unpaid(made.view, "final").values()) == 1_000_00
    made.do(receive("hill", 50_00, effective_on=date(2027, 1, 7), through="bank"))
    assert run_of("late", dividend(2026, instalment=3)) == 50_00

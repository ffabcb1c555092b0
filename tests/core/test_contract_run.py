"""A run of what a contract brought in: its total, and that its projection is what the run gives."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.calendar import term
from coopledger.core.chart import C2021, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Resolution
from coopledger.core.contract import conclude
from coopledger.core.contract_run import of_contract, projected_run
from coopledger.core.dividend import approve, declare, disclose, propose, undo
from coopledger.core.entitlement import BY, By, by_record_date, by_time_held
from coopledger.core.figures import indexed
from coopledger.core.growth import ramp
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue
from coopledger.core.plan import Plan, Stream
from coopledger.core.receivable import fall_due, receive
from coopledger.core.run import Proposal, unpaid
from coopledger.core.series import series
from coopledger.core.share_class import open_class, preset
from coopledger.errors import RegisterError
from tests.core.strategies import steady
from tests.core.village import Village

FOUNDED = date(2026, 1, 1)


def hill(shares: Sequence[int] = (500, 300, 199), plan: Plan | None = None) -> Village:
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
            income="distribution",
        ),
    )
    return made


def dividend(year: int, **said: Any) -> Proposal:
    return Proposal("dam", str(year), "land", by_record_date(date(year, 12, 31)), **said)


def declared(made: Village, name: str, proposal: Proposal, on: date) -> None:
    """Propose, disclose, approve and declare a run of what came in by a day."""
    day = date(on.year, on.month + 1, 1)
    vote = Resolution(name, "members", day, entitled=3, present=3, votes_for=3)
    made.do(propose(name, of_contract(made.view, "hill", proposal, on), effective_on=on))
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

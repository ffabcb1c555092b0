"""The terms of a step: whole units, a cap, a home for what is left, fair over the years, retained, netted."""

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.amendment import change_charter
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.appropriation import appropriation
from coopledger.core.charter import COLLECTIVE
from coopledger.core.citation import Resolution
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.dues import dues
from coopledger.core.earmark import earmarked
from coopledger.core.entitlement import by_record_date
from coopledger.core.movement import transfer
from coopledger.core.payout import held_over
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.reversal import take_back
from coopledger.core.run import declared_parts, of_step, parts, run, runs, unpaid
from coopledger.core.step_reckoning import step_reckoning
from coopledger.core.terms import Terms
from coopledger.core.trade import record_trade
from coopledger.core.undoing import undo
from coopledger.core.voucher import vouchers
from coopledger.core.waterfall import Step, Waterfall, share
from coopledger.core.year_end import enter_surplus
from coopledger.errors import CoopledgerError, RegisterError
from coopledger.reports.dividend import run_report
from coopledger.reports.dividend_notice import dividend_notice_report
from coopledger.reports.explanation import explanation_report
from coopledger.text import said
from tests.core.dividends import HOLDERS, money
from tests.core.strategies import steady
from tests.core.test_annual_distribution import ALL, LOSSES, MEMBERS, TEN, cooperative, received
from tests.core.village import Village

FAIR = Terms(policy="cumulative")
HALF = Step("people", "dividend", share("50%", "left"), by="heads")
EQUAL = {"17": 1, "18": 1, "19": 1}


def proposed(made: Village, year: int = 2026, **terms: Terms) -> Village:
    """The runs of a distributed year, by the terms of its steps."""
    made.do(propose_steps(year, effective_on=date(year + 1, 1, 5), terms=terms))
    return made


def owed(made: Village, name: str) -> dict[str, int]:
    """A run that was proposed lies open, is approved and declared: what each is owed."""
    year = int(run(made.view, name).proposal.period) + 1
    met = date(year, 1, 20)
    made.do(
        disclose(name, since=date(year, 1, 6), until=met, where="village board"),
        approve(name, Resolution(f"{year}-1", "members", met, entitled=5, present=5, votes_for=5)),
        declare(name, effective_on=date(year, 1, 21)),
    )
    return declared_parts(made.view, run(made.view, name))


def entered(made: Village, year: int, fen: int) -> None:
    made.do(enter_surplus(year, fen, source="annual statement"), distribute(year))


def explained(made: Village, name: str, holders: Iterable[str]) -> dict[str, int]:
    """What the arithmetic says that each gets, by itself and in the table, where he gets something."""
    one = run(made.view, name)
    found = {}
    for number in holders:
        why = step_reckoning(made.view, one, number)
        table = explanation_report(made.view, name, number, names=False)[1]
        [due] = [row[2] for row in table.rows if str(row[0]) == "due to the holder"]
        assert Fraction(str(due).replace(",", "")) * 100 == why.fen
        assert [said(cell, "zh") for row in table.rows for cell in row]
        found[number] = why.fen
    return {number: fen for number, fen in found.items() if fen}


def says(made: Village, name: str) -> list[str]:
    """The notes of ``show`` and what stands in the notice."""
    notice = dividend_notice_report(made.view, name, names=False)[0]
    return [str(one) for one in (*run_report(made.view, name).notes, *(row[1] for row in notice.rows))]


# ---------------------------------------------------------------- each term by hand


def test_a_step_is_fair_over_the_years() -> None:
    """1 yuan a year among three equal households: each has the last fen in turn, and who is first is not always 17."""
    made = cooperative(MEMBERS, surplus_fen=0, holders=EQUAL)
    for year, expected in enumerate([[34, 33, 33], [33, 34, 33], [33, 33, 34], [34, 33, 33]], 2026):
        entered(made, year, 100)
        proposed(made, year, members=FAIR)
        name = f"{year}-members"
        assert [*owed(made, name).values()] == expected
        assert explained(made, name, EQUAL) == owed_of(made, name)
    [row] = [
        row for row in explanation_report(made.view, "2027-members", "18", names=False)[1].rows if "÷" in str(row[1])
    ]
    assert str(row[1]) == "1.00 yuan × 1 share ÷ 3 shares, and 1/3 fen from rounding before, is 0.33 yuan, and 2/3 fen"
    assert any("with what rounding gave or took in the runs" in one for one in says(made, "2027-members"))


def owed_of(made: Village, name: str) -> dict[str, int]:
    return declared_parts(made.view, run(made.view, name))


def test_another_basis_of_the_step_or_another_step_starts_anew() -> None:
    steps = (
        Step("a", "dividend", weight=Fraction(1), by="class land"),
        Step("b", "dividend", weight=Fraction(1), by="heads"),
    )
    made = cooperative(*steps, surplus_fen=0, holders=EQUAL)
    for year in (2026, 2027):
        entered(made, year, 200)
        proposed(made, year, a=FAIR, b=FAIR)
        first, second = owed(made, f"{year}-a"), owed(made, f"{year}-b")
        assert [*first.values()] == [*second.values()] == [[34, 33, 33], [33, 34, 33]][year - 2026]


def test_a_step_by_another_basis_starts_anew() -> None:
    """By heads in 2026, by equal trade in 2027: what rounding by heads gave the first is not made up for by trade."""
    made = cooperative(MEMBERS._replace(by="heads"), surplus_fen=0, holders=EQUAL)
    entered(made, 2026, 100)
    proposed(made, 2026, members=FAIR)
    assert [*owed(made, "2026-members").values()] == [34, 33, 33]
    vote = Resolution("2027-2", "members", date(2027, 6, 1), entitled=5, present=5, votes_for=5)
    other = COLLECTIVE._replace(waterfall=Waterfall([MEMBERS._replace(by="trade")]))
    made.do(change_charter(other, effective_on=vote.day, resolution=vote))
    for number in EQUAL:
        made.do(record_trade(f"00{number}", 5_00, effective_on=date(2027, 9, 30), reason="rice"))
    entered(made, 2027, 100)
    proposed(made, 2027, members=FAIR)
    assert owed(made, "2027-members") == {"0017": 34, "0018": 33, "0019": 33}


def test_whole_yuan_and_the_rest_has_its_home() -> None:
    """2,700.50 among 500, 300, 1 and 199 in whole yuan; 0.50 goes to the reserve, and comes back when it is undone."""
    made = cooperative(LOSSES, TEN, MEMBERS, surplus_fen=3_000_55)
    made.do(distribute(2026))
    before = money(made)
    assert appropriation(made.view, 2026).amount_fen("members") == 2_700_49
    proposed(made, members=Terms(to_fen=100, remainder="reserve"))
    assert owed(made, "2026-members") == {"17": 1_350_00, "18": 810_00, "19": 3_00, "20": 537_00}
    assert explained(made, "2026-members", ["17", "18", "19", "20"]) == owed_of(made, "2026-members")
    assert money(made)["322"] == before["322"] - 49
    assert "332" not in money(made)
    assert earmarked(made.view) == 0
    notes = says(made, "2026-members")
    assert notes.count("the remainder, 0.49 yuan, goes to reserve") == 2
    assert any("waterfall: the total is split by largest remainder in units of 1.00 yuan" in one for one in notes)
    made.do(undo("2026-members", effective_on=date(2027, 1, 22), reason="a slip"))
    assert money(made) == before
    assert problems(made.view) == []


def test_what_has_no_home_is_carried_forward_to_the_next_year() -> None:
    made = cooperative(LOSSES, MEMBERS, surplus_fen=100_50)
    made.do(distribute(2026))
    proposed(made, members=Terms(to_fen=100))
    assert "0.50 yuan of the step stay in the distribution account, for the next year" in says(made, "2026-members")
    assert earmarked(made.view) == 100_50
    assert sum(owed(made, "2026-members").values()) == 100_00
    assert (earmarked(made.view), money(made)["332"]) == (0, -50)
    entered(made, 2027, 10_00)
    assert appropriation(made.view, 2027).surplus.carried_fen == 50
    assert appropriation(made.view, 2027).amount_fen("members") == 10_50


def test_nobody_gets_more_than_the_cap_and_the_others_get_what_is_above() -> None:
    """3,000 at 500, 300, 1 and 199. At most 900: 17 is there, then 18, then 20, and 300 are left for 19."""
    made = cooperative(MEMBERS)
    made.do(distribute(2026))
    proposed(made, members=Terms(cap_fen=900_00, remainder="reserve"))
    assert owed(made, "2026-members") == {"17": 900_00, "18": 900_00, "19": 300_00, "20": 900_00}
    assert explained(made, "2026-members", HOLDERS) == owed_of(made, "2026-members")
    assert says(made, "2026-members").count("nobody gets more than 900.00 yuan") == 2
    assert "322" not in money(made)


def test_what_the_cap_leaves_of_a_step_goes_to_its_account() -> None:
    """At most 700 are 2,800 of 3,000."""
    made = cooperative(MEMBERS)
    made.do(distribute(2026))
    proposed(made, members=Terms(cap_fen=700_00, remainder="reserve"))
    assert owed(made, "2026-members") == dict.fromkeys(HOLDERS, 700_00)
    assert explained(made, "2026-members", HOLDERS) == owed_of(made, "2026-members")
    assert (money(made)["322"], money(made).get("332")) == (-200_00, None)


def test_a_part_of_each_is_retained_and_who_is_owed_little_waits() -> None:
    made = cooperative(MEMBERS)
    made.do(distribute(2026))
    proposed(made, members=Terms(retained=Fraction(2, 5), hold_below_fen=20_00))
    owed(made, "2026-members")
    assert unpaid(made.view, "2026-members") == {"17": 900_00, "18": 540_00, "19": 1_80, "20": 358_20}
    assert [*held_over(made.view, run(made.view, "2026-members"), None, HOLDERS)] == ["19"]
    assert "of each holder's, 40% is retained in his name" in says(made, "2026-members")
    assert "what is owed of surplus is paid out from 20.00 yuan on" in says(made, "2026-members")
    assert dues(made.view, run(made.view, "2026-members"))["17"].retained_fen == 600_00


def test_a_step_counts_what_a_floor_gave_and_sets_off_what_was_advanced() -> None:
    """A floor out of what was free gave 100 at 500:300:1:199; an advance 200. The step's 3,000 count both."""
    made = cooperative(MEMBERS, surplus_fen=0)
    made.do(received(100_00, date(2026, 1, 1)))
    plain = Proposal("floor", "2026", "land", by_record_date(date(2026, 1, 31)), 100_00)
    for name, asked in {
        "floor": plain,
        "early": plain._replace(stream="early", total_fen=200_00, advance=True),
    }.items():
        made.do(propose(name, asked, effective_on=date(2026, 2, 1)))
        run_owed(made, name, 2026)
    entered(made, 2026, 3_000_00)
    proposed(made, members=Terms(nets=("floor", "early")))
    assert owed(made, "2026-members") == {"17": 1_450_00, "18": 870_00, "19": 2_90, "20": 577_10}
    assert unpaid(made.view, "2026-members") == {"17": 1_350_00, "18": 810_00, "19": 2_70, "20": 537_30}
    assert explained(made, "2026-members", HOLDERS) == owed_of(made, "2026-members")
    rows = explanation_report(made.view, "2026-members", "17", names=False)[1].rows
    assert ["given before", "what floor, early gave is taken off, down to nothing", "-50.00"] in [
        [str(cell) for cell in row] for row in rows
    ]
    assert earmarked(made.view) == 0


def run_owed(made: Village, name: str, year: int) -> None:
    met = date(year, 2, 20)
    made.do(
        disclose(name, since=date(year, 2, 6), until=met, where="village board"),
        approve(name, Resolution(f"{year}-2", "members", met, entitled=5, present=5, votes_for=5)),
        declare(name, effective_on=date(year, 2, 21)),
    )


# ---------------------------------------------------------------- what has no meaning, and what is refused


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        (Terms(to_fen=100), "to_fen"),
        (Terms(cap_fen=5, remainder="reserve"), "cap_fen, remainder"),
        (FAIR, "policy"),
    ],
)
def test_a_rate_on_each_unit_has_its_terms_in_the_charter(terms: Terms, named: str) -> None:
    made = cooperative(Step("members", "dividend", each=Fraction(100), by="class land"))
    made.do(distribute(2026))
    with pytest.raises(RegisterError, match=f"2026, step members: {named} are of a sum that is split"):
        proposed(made, members=terms)
    proposed(made, members=Terms(retained=Fraction(1, 2), hold_below_fen=5))
    assert owed(made, "2026-members")["17"] == 500_00


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ({"people": FAIR}, "2026: terms of people, for which no run is proposed: members are"),
        ({"members": 5}, "terms: 5: Terms are expected"),
        ({"members": Terms(cap_fen=5, policy="cumulative")}, "policy: a total is split cumulatively"),
        ({"members": Terms(to_fen=0)}, "to_fen = 0"),
        ({"members": Terms(remainder="bank")}, "remainder: bank takes none"),
        ({"members": Terms(nets=("nothing",))}, "run nothing: it was not proposed"),
        (5, "5: a mapping is expected"),
        ([], "a mapping is expected"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused(terms: Any, why: str) -> None:  # noqa: ANN401
    made = cooperative(MEMBERS)
    made.do(distribute(2026))
    with pytest.raises(CoopledgerError, match=why):
        made.do(propose_steps(2026, effective_on=date(2027, 1, 5), terms=terms))
    assert not runs(made.view)


def test_a_step_whose_run_is_there_takes_no_other_terms() -> None:
    made = cooperative(MEMBERS)
    made.do(distribute(2026))
    proposed(made)
    with pytest.raises(RegisterError, match="terms of members, for which no run is proposed: - are"):
        proposed(made, members=FAIR)
    made.do(undo("2026-members", effective_on=date(2027, 1, 6), reason="a slip"))
    proposed(made, members=FAIR)
    assert run(made.view, "2026-members-2").proposal.policy == "cumulative"


def test_a_cumulative_run_waits_for_the_one_that_it_goes_on_from() -> None:
    made = cooperative(MEMBERS, surplus_fen=0, holders=EQUAL)
    for year in (2026, 2027):
        entered(made, year, 100)
    proposed(made, 2026, members=FAIR)
    with pytest.raises(RegisterError, match="run 2027-members: its policy is cumulative, and 2026-members of the same"):
        proposed(made, 2027, members=FAIR)
    owed(made, "2026-members")
    proposed(made, 2027, members=FAIR)
    made.do(undo("2026-members", effective_on=date(2028, 1, 6), reason="a slip"))
    with pytest.raises(RegisterError, match=r"since record \d+ 2026-members of the same were declared or undone"):
        owed(made, "2027-members")


def test_a_step_that_is_gone_from_the_charter_breaks_no_series() -> None:
    """2026 was distributed by a step that the charter has no more, its run withdrawn: 2027's starts anew."""
    made = cooperative(MEMBERS, HALF._replace(code="gone"), surplus_fen=0, holders=EQUAL)
    [record] = made.do(enter_surplus(2026, 100, source="annual statement"), distribute(2026))
    proposed(made, 2026, members=FAIR)
    made.do(undo("2026-members", effective_on=date(2027, 1, 6), reason="a slip"))
    made.do(take_back(record.seq, booked_on=date(2027, 1, 6)))
    other = COLLECTIVE._replace(waterfall=Waterfall([MEMBERS._replace(code="all")]))
    vote = Resolution("2026-2", "members", date(2026, 6, 1), entitled=5, present=5, votes_for=5)
    made.do(change_charter(other, effective_on=date(2026, 6, 1), resolution=vote), distribute(2026))
    both = COLLECTIVE._replace(waterfall=Waterfall([MEMBERS]))
    made.do(change_charter(both, effective_on=date(2027, 6, 1), resolution=vote._replace(number="3")))
    entered(made, 2027, 100)
    proposed(made, 2027, members=FAIR)
    assert [*owed(made, "2027-members").values()] == [34, 33, 33]


def test_the_voucher_names_the_step() -> None:
    named = MEMBERS._replace(name="成员分红")
    made = cooperative(HALF, named)
    made.do(distribute(2026))
    proposed(made)
    owed(made, "2026-people")
    owed(made, "2026-members")
    assert [one.summary for one in vouchers(made.view) if one.kind == "declaration"] == ["2026 people", "2026 成员分红"]


# ---------------------------------------------------------------- laws

SHARES = st.dictionaries(st.sampled_from(["17", "18", "19", "20", "21"]), st.integers(1, 60), min_size=1)


@steady(15)
@given(
    holders=SHARES,
    brought=st.lists(st.integers(1, 5_000_00), min_size=1, max_size=3),
    to=st.sampled_from([1, 10, 100]),
    cap=st.none() | st.integers(1, 3_000_00),
    home=st.sampled_from(["", "reserve"]),
    fair=st.booleans(),
    by=st.sampled_from(["class land", "heads"]),
)
def test_every_fen_of_a_step_is_with_a_holder_or_at_its_home(  # noqa: PLR0917 - what is drawn
    holders: dict[str, int], brought: list[int], to: int, cap: int | None, home: str, fair: bool, by: str
) -> None:
    """Whatever the terms: parts and remainder are the step's, in units, below the cap; and all of it is explained."""
    made = cooperative(
        LOSSES,
        Step("members", "dividend", ALL, by=by),
        surplus_fen=0,
        holders=holders,
    )
    terms = Terms(
        to_fen=to, cap_fen=None if fair else cap, remainder=home, policy="cumulative" if fair else "each year"
    )
    stays = kept = 0
    for year, fen in enumerate(brought, 2026):
        entered(made, year, fen)
        amount = appropriation(made.view, year).amount_fen("members")
        assert amount == fen + stays
        name, asked = f"{year}-members", of_step(made.view, year, "members", terms=terms)
        if not parts(made.view, asked).amount_fen:
            with pytest.raises(RegisterError, match="nobody would get anything"):
                proposed(made, year, members=terms)
            return
        proposed(made, year, members=terms)
        found = owed(made, name)
        left = amount - sum(found.values())
        assert left >= 0
        assert all(one % (to if terms.cap_fen is None else 1) == 0 for one in found.values())
        if terms.cap_fen is None:
            assert left == amount % to
        else:
            assert max(found.values()) <= terms.cap_fen
        kept, stays = (kept + left, 0) if home else (kept, left)
        assert (-money(made).get("322", 0), -money(made).get("332", 0)) == (kept, stays)
        assert earmarked(made.view) == 0
        numbers = [f"00{number}" for number in holders] if by == "heads" else holders
        assert explained(made, name, numbers) == found
    assert [one for one in problems(made.view) if not one.where.startswith(("step", "waterfall"))] == []


@steady(12)
@given(holders=SHARES, brought=st.lists(st.integers(200, 4_900), min_size=1, max_size=5), to=st.sampled_from([1, 10]))
def test_nobody_is_ever_a_whole_unit_off_what_the_step_owes_him(
    holders: dict[str, int], brought: list[int], to: int
) -> None:
    """While the shares stay and a year gives each a unit or more: over any number of years, whatever the sums."""
    made = cooperative(MEMBERS, surplus_fen=0, holders=holders)
    so_far, whole = dict.fromkeys(holders, 0), 0
    for year, some in enumerate(brought, 2026):
        entered(made, year, some * to)
        proposed(made, year, members=Terms(to_fen=to, policy="cumulative"))
        whole += some * to
        for number, fen in owed(made, f"{year}-members").items():
            so_far[number] += fen
        for number, own in holders.items():
            assert abs(so_far[number] - Fraction(whole * own, sum(holders.values()))) < to


@steady(12)
@given(
    holders=st.dictionaries(st.sampled_from(["17", "18", "19", "20"]), st.integers(1, 40), min_size=2),
    brought=st.lists(st.integers(1, 400), min_size=2, max_size=5),
    sales=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 40)), max_size=5),
)
def test_a_step_is_exact_and_explained_whatever_is_sold_between_the_years(
    holders: dict[str, int], brought: list[int], sales: list[tuple[int, int, int]]
) -> None:
    made, held = cooperative(MEMBERS, surplus_fen=0, holders=holders), dict(holders)
    names = [*holders]
    for year, fen in enumerate(brought, 2026):
        if sales and len(sales) > year - 2026:
            seller, buyer, count = sales[year - 2026]
            one, other = names[seller % len(names)], names[buyer % len(names)]
            if one != other and held[one] >= count:
                day = date(year, 6, 1)
                made.do(transfer("land", holder=one, to=other, shares=count, effective_on=day, reason="sale"))
                held[one], held[other] = held[one] - count, held[other] + count
        entered(made, year, fen)
        proposed(made, year, members=FAIR)
        found = owed(made, f"{year}-members")
        assert sum(found.values()) == fen
        assert explained(made, f"{year}-members", [number for number, own in held.items() if own]) == found

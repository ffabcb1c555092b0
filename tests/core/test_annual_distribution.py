"""A year's surplus through the charter's waterfall in a book: what is booked, who is paid, what carries over."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coopledger.core.amendment import change_charter
from coopledger.core.annual_distribution import distribute, propose_steps
from coopledger.core.appropriation import DISTRIBUTION, appropriation, appropriations
from coopledger.core.basis import basis
from coopledger.core.chart import C2007, C2021, C2023, MONEY, SUBSIDY, Chart, adopt, with_roles
from coopledger.core.charter import COLLECTIVE, SPECIALISED, Charter, book, check_waterfall, found
from coopledger.core.citation import Document, Resolution
from coopledger.core.contribution import Contribution, Right, contribute
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.distribution import all_outcomes
from coopledger.core.distribution import distribute as pure_distribute
from coopledger.core.dividend import approve, declare, disclose, propose
from coopledger.core.earmark import earmarked
from coopledger.core.entitlement import by_record_date, by_time_held
from coopledger.core.fund import quantify, receive_fund, spend_fund
from coopledger.core.journal import Entry, Posting
from coopledger.core.lawful import collective_waterfall, land_waterfall, specialised_waterfall
from coopledger.core.member import Joiner, admit, leave
from coopledger.core.member_account import member_account
from coopledger.core.movement import allot, issue, transfer
from coopledger.core.payout import pay
from coopledger.core.problems import problems
from coopledger.core.proposal import Proposal
from coopledger.core.reversal import take_back
from coopledger.core.run import of_step, parts, runs, unpaid
from coopledger.core.share_class import open_class, preset
from coopledger.core.surplus import Surplus
from coopledger.core.terms import Terms
from coopledger.core.trade import record_trade
from coopledger.core.undoing import undo
from coopledger.core.waterfall import Portion, Step, Waterfall, fixed, share
from coopledger.core.year_end import enter_surplus, surpluses
from coopledger.errors import CoopledgerError, EntryError, RegisterError, WaterfallError
from tests.core.dividends import DECLARED, FOUNDED, HOLDERS, MET, PAID, POSTED, PROPOSED, VOTE, YEAR_END, money
from tests.core.test_waterfall_cases import check, exact, facts, fen, rate
from tests.core.village import Village

ALL = share("100%", "left")
LOSSES = Step("losses", "losses")
MEMBERS = Step("members", "dividend", ALL, by="class land")
TEN = Step("reserve", "reserve", share("10%", "after losses"))
PAPER = Document("weighing list.pdf", "ab" * 32)


def founded(charter: Charter, *people: Joiner, chart: Chart = C2021) -> Village:
    made = Village()
    made.do(found("示例村合作社", charter, effective_on=FOUNDED), adopt(chart, effective_on=FOUNDED))
    if people:
        made.do(admit(*people, effective_on=FOUNDED))
    return made


def stating(*steps: Step, charter: Charter = COLLECTIVE, **more: Any) -> Charter:
    return charter._replace(waterfall=Waterfall(steps, **more))


def cooperative(
    *steps: Step, surplus_fen: int = 3_000_00, chart: Chart = C2021, holders: Mapping[str, int] = HOLDERS, **more: Any
) -> Village:
    """Households with land shares, a charter of these steps, and a surplus for 2026."""
    people = [Joiner(f"00{home}", household=home, head=True) for home in holders]
    made = founded(stating(*steps, **more), *people, chart=chart)
    made.do(open_class(preset("land"), effective_on=FOUNDED))
    made.do(allot("land", holders, effective_on=FOUNDED))
    if surplus_fen:
        made.do(enter_surplus(2026, surplus_fen, source="annual statement 2026"))
    return made


def declared(made: Village, year: int = 2026) -> Village:
    """All runs of a year's steps approved and declared, in the year after."""
    of_next = {"year": year + 1}
    met = MET.replace(**of_next)
    made.do(propose_steps(year, effective_on=PROPOSED.replace(**of_next)))
    vote = Resolution(f"{year}-9", "members", met, entitled=5, present=5, votes_for=5)
    for one in runs(made.view).values():
        if one.proposal.period == str(year) and one.state == "proposed":
            made.do(disclose(one.code, since=POSTED.replace(**of_next), until=met, where="village board"))
            made.do(approve(one.code, vote), declare(one.code, effective_on=DECLARED.replace(**of_next)))
    return made


def received(fen: int, on: date = PROPOSED) -> Entry:
    """Something that is no surplus of a year, and free."""
    places = (C2021.account("distribution"), C2021.account("bank"))
    return Entry("receipt", on, on, {}, [Posting(MONEY, *places, fen)])


def amounts(made: Village, year: int = 2026) -> dict[str, int]:
    return {line.step: line.amount_fen for line in appropriation(made.view, year).lines}


def paid_in(made: Village, step: str, year: int = 2026) -> dict[str, int]:
    return {number: fen for number, fen in unpaid(made.view, f"{year}-{step}").items() if fen}


# ---------------------------------------------------------------- published cases, end to end


def test_beicai_from_the_founding_to_the_last_receipt() -> None:
    """合阳县三村集中分红 (beicai-heyang): 27 % reserve, 10 % welfare, 58 yuan on 821 shares; 2 fen are missing."""
    said = facts("beicai-heyang")
    households = [str(number) for number in range(1, said["shareholders"] + 1)]
    made = cooperative(
        LOSSES,
        Step("reserve", "reserve", Portion(rate(said["reserve_pct"]), "surplus")),
        Step("welfare", "welfare", Portion(rate(said["welfare_pct"]), "surplus")),
        Step("members", "dividend", each=Fraction(5800), by="class land"),
        surplus_fen=fen(check("beicai-heyang", "distributable base implied by 10%")),
        chart=C2023,
        holders=dict.fromkeys(households, 1),
    )
    received = Posting(MONEY, "c2023:112", "c2023:102", 50_000_00)
    made.do(distribute(2026), Entry("receipt", YEAR_END, YEAR_END, {}, [received]))
    assert money(made)["311/welfare"] == -fen(said["welfare_yuan"])
    assert money(made)["311/reserve"] == -20_407_71
    assert money(made)["322"] == -47_617_98
    declared(made)
    assert (paid_in(made, "members")["1"], paid_in(made, "members")["821"]) == (58_00, 57_99)
    assert "322" not in money(made)
    made.do(pay("2026-members", effective_on=PAID))
    assert money(made)["102"] == 50_000_00 - 47_617_98
    assert problems(made.view) == []


def test_azheke_pays_four_pools_of_the_villagers_part_and_owes_the_company_its_own() -> None:
    """元阳阿者科村第四次分红 (azheke-yuanyang): 30 to the company, 70 to the villagers in four pools."""
    said = facts("azheke-yuanyang")
    names = ("house", "terraces", "residence", "registration")
    pools = [
        Step(name, "dividend", weight=Fraction(weight), by="households")
        for name, weight in zip(names, said["inner"], strict=True)
    ]
    made = cooperative(
        Step("company", "other", weight=Fraction(said["company"])),
        Step("villagers", "pool", weight=Fraction(said["villagers"]), steps=tuple(pools)),
        surplus_fen=fen(check("azheke-yuanyang", "revenue")),
        holders=dict.fromkeys([str(number) for number in range(1, 66)], 1),
    )
    made.do(distribute(2026))
    assert money(made)["211/company"] == -amounts(made)["company"]
    declared(made)
    assert [sum(paid_in(made, name).values()) for name in names] == [67_200_00, 50_400_00, 33_600_00, 16_800_00]
    each = sum(paid_in(made, name)["7"] for name in names)
    assert each // 100 == said["avg_household"]
    assert "332" not in money(made)


def test_suzy_gets_her_part_of_the_cash_refund_by_what_she_bought() -> None:
    """FAQ's for Member-Owners (wfc-suzy): trade in the member accounts, the cash part of the refund by it."""
    said = facts("wfc-suzy")
    made = founded(
        stating(
            Step("cash", "patronage", weight=Fraction(said["cash_pct"]), by="trade"),
            Step("retained", "carried", weight=Fraction(100 - said["cash_pct"])),
        ),
        Joiner("0042"),
        Joiner("0043"),
    )
    bought = [said["weekly"] * 100] * 52
    for at, amount in enumerate(bought):
        made.do(record_trade("0042", amount, effective_on=date(2026, 1 + at % 12, 1 + at % 28), reason="groceries"))
    others = fen(said["member_sales"]) - sum(bought)
    made.do(record_trade("0043", others, effective_on=YEAR_END, reason="groceries"))
    made.do(record_trade("0043", 5_00, effective_on=date(2027, 1, 1), reason="groceries"))  # of the year after
    made.do(enter_surplus(2026, 100_000_00, source="annual statement"), distribute(2026))
    declared(made)
    assert paid_in(made, "cash") == {"0042": fen(said["refund"]), "0043": 50_000_00 - fen(said["refund"])}
    assert money(made)["221/2026-cash/0042"] == -35_04  # 应付盈余返还
    assert money(made)["332"] == -50_000_00


def test_chinley_pays_nothing_on_250_or_less_at_par() -> None:
    """Chinley Co-op Community Investment (chinley-coop): only a holding above 250 earns, and all of it."""
    said = facts("chinley-coop")
    interest = Step("interest", "preferred", each=rate(said["floor_rate"]), by="par cash", above=fen(said["threshold"]))
    made = founded(stating(interest), *(Joiner(number) for number in ("0001", "0002", "0003")))
    made.do(open_class(preset("cash", capital="c2021:301"), effective_on=FOUNDED))
    for number, shares in (("0001", 1000), ("0002", 250), ("0003", 251)):
        cash: dict[str, Any] = {"shares": shares, "against": "c2021:102", "reason": "subscription"}
        made.do(issue("cash", to=number, effective_on=FOUNDED, **cash))
    made.do(enter_surplus(2026, 100_00, source="annual statement"), distribute(2026))
    declared(made)
    assert paid_in(made, "interest") == {
        "0001": fen(check("chinley-coop", "interest on 1,000 at the floor rate")),
        "0003": 5_02,
    }


def test_shachang_pays_a_floor_on_each_mu_that_was_brought_in() -> None:
    """公安县“三个合作社” (shachang-gongan): 667 yuan on each mu before the funds and the shares; 24 mu are 16,008."""
    said = facts("shachang-gongan")
    made = cooperative(
        Step("floor", "preferred", each=exact(said["floor_per_mu_yuan"]) * 100, by="area"),
        Step("reserve", "reserve", Portion(rate(said["reserve_pct"]), "pool")),
        MEMBERS,
        surplus_fen=1_000_000_00,
    )
    until = date(2035, 12, 31)
    for number, holder, mu in (("G1", "18", 10), ("G2", "19", 5), ("G3", "18", 9)):
        land = Right("land right", FOUNDED, until, until, area_mu=mu, parcels=(number,), contract=number)
        made.do(contribute(Contribution(number, holder, "land", land, shares=1), effective_on=FOUNDED))
    made.do(distribute(2026))
    assert amounts(made)["floor"] == fen(check("shachang-gongan", "24 mu floor"))
    declared(made)
    assert paid_in(made, "floor") == {"18": 19 * 667_00, "19": 5 * 667_00}


# ---------------------------------------------------------------- bases and figures


def test_a_fraction_of_a_share_earns_its_part_of_an_amount_on_each() -> None:
    """农龄股 have hundredths: 15.25 shares at 58 yuan are 884.50, and above is of whole shares too."""
    each = Step("labour", "dividend", each=Fraction(5800), by="class labour", above=1)
    made = founded(stating(each), Joiner("0041"), Joiner("0042"))
    made.do(open_class(preset("labour"), effective_on=FOUNDED))
    made.do(issue("labour", to="0041", shares=1525, effective_on=FOUNDED))
    made.do(issue("labour", to="0042", shares=100, effective_on=FOUNDED))
    made.do(enter_surplus(2026, 2_000_00, source="annual statement"), distribute(2026))
    assert paid_in(declared(made), "labour") == {"0041": 884_50}


def test_persons_and_households_are_counted_on_the_record_date() -> None:
    steps = (
        Step("heads", "dividend", share("50%", "surplus"), by="heads"),
        Step("homes", "dividend", ALL, by="households"),
    )
    made = founded(
        stating(*steps),
        Joiner("0041", household="17", head=True),
        Joiner("0042", household="17"),
        Joiner("0051", household="18", head=True),
        Joiner("0900", "collective"),
        Joiner("0901", "enterprise", standing="holder"),
    )
    made.do(leave("0042", effective_on=YEAR_END, reason="moved out"))
    made.do(enter_surplus(2026, 600_00, source="annual statement"))
    made.do(distribute(2026, rule=by_record_date(date(2026, 12, 30))))
    declared(made)
    assert paid_in(made, "heads") == {"0041": 100_00, "0042": 100_00, "0051": 100_00}
    assert paid_in(made, "homes") == {"17": 150_00, "18": 150_00}


def test_shares_count_for_the_time_they_were_held() -> None:
    made = cooperative(MEMBERS, surplus_fen=1_000_00, holders={"17": 100, "18": 100})
    sale: dict[str, Any] = {"holder": "17", "to": "18", "shares": 100, "reason": "sale"}
    made.do(transfer("land", effective_on=date(2026, 7, 1), **sale))
    months = by_time_held(FOUNDED, YEAR_END, first=True, last=True, by="first of month")
    made.do(distribute(2026, rule=months))
    assert paid_in(declared(made), "members") == {"17": 250_00, "18": 750_00}


def test_a_basis_that_the_book_does_not_have_is_stated_with_its_document() -> None:
    kilograms = Step("weight", "patronage", share("60%", "surplus"), by="kilograms")
    made = cooperative(kilograms, Step("rest", "dividend", ALL, by="class land"))
    stated = {"kilograms": {"0019": 1, "18": 2}}
    made.do(distribute(2026, bases=stated, documents=[PAPER]))
    [record] = made.view.records(DISTRIBUTION)
    assert record.facts["bases"] == stated
    assert record.facts["documents"]
    assert paid_in(declared(made), "weight") == {"0019": 600_00, "18": 1_200_00}


def test_no_run_takes_of_a_surplus_before_it_goes_through_the_waterfall() -> None:
    """Taken for holders first, it would be a loss of earlier years to the reserve, a tenth of which is due."""
    made = cooperative(LOSSES, TEN, MEMBERS)
    asked = Proposal("surplus", "2026", "land", by_record_date(YEAR_END), total_fen=1_000_00)
    made.do(
        propose("early", asked, effective_on=PROPOSED),
        disclose("early", since=POSTED, until=MET, where="village board"),
        approve("early", VOTE),
    )
    before = made.view.head
    with pytest.raises(RegisterError, match=r"of 2026 goes through .* first: .* in c2021:332 0\.00 yuan are"):
        made.do(declare("early", effective_on=DECLARED))
    assert made.view.head == before
    made.do(received(999_99))
    with pytest.raises(RegisterError, match=r"in c2021:332 999\.99 yuan are free"):
        made.do(declare("early", effective_on=DECLARED))
    made.do(received(1))
    made.do(declare("early", effective_on=DECLARED))
    made.do(distribute(2026, effective_on=DECLARED))
    assert amounts(made) == {"losses": 0, "reserve": 300_00, "members": 2_700_00}


def test_a_fund_is_full_at_a_part_of_an_account_of_the_book() -> None:
    """Reserve 50 % of the surplus, until it has a tenth of the share capital, 20,000 yuan: 2,000."""
    full = Step("reserve", "reserve", share("50%", "surplus"), full_at=Portion(Fraction(1, 10), "share capital"))
    made = cooperative(full, MEMBERS)
    capital = Posting(MONEY, "c2021:301", "c2021:102", 20_000_00)
    made.do(Entry("subscription", FOUNDED, FOUNDED, {}, [capital]))
    made.do(Entry("reserve", FOUNDED, FOUNDED, {}, [Posting(MONEY, "c2021:322", "c2021:102", 1_200_00)]))
    made.do(distribute(2026))
    assert amounts(made) == {"reserve": 800_00, "members": 2_200_00}
    found_in = appropriation(made.view, 2026).surplus
    assert (found_in.figures, found_in.funds) == ({"share capital": 20_000_00}, {"reserve": 1_200_00})


def test_the_account_basis_is_that_of_every_member_account() -> None:
    """Paid-in capital, a subsidy by name and one in a pool of equal parts; what is unpaid is not in it."""
    made = cooperative(MEMBERS)
    capital = {"capital": "c2021:301"}
    made.do(
        open_class(preset("cash", **capital), effective_on=FOUNDED), open_class(preset("subsidy"), effective_on=FOUNDED)
    )
    cash: dict[str, Any] = {"reason": "subscription", "effective_on": FOUNDED}
    made.do(issue("cash", to="0017", shares=30, against="c2021:102", **cash))
    made.do(issue("cash", to="0018", shares=20, paid=False, **cash))
    grant: dict[str, Any] = {"source": "a grant", "purpose": "a dam", "rule": "equal parts"}
    made.do(receive_fund("dam", 100_01, into="bank", effective_on=FOUNDED, **grant))
    made.do(spend_fund("dam", 100_01, on="fixed asset", reason="a dam", effective_on=FOUNDED))
    made.do(quantify(SUBSIDY, {"0019": 1}, fund="dam", amount_fen=10_00, rule="by name", effective_on=FOUNDED))
    made.do(
        quantify(
            SUBSIDY,
            {},
            share_class="subsidy",
            price_fen=1,
            fund="dam",
            amount_fen=90_01,
            rule="equal",
            effective_on=FOUNDED,
        )
    )
    every = ("0017", "0018", "0019", "0020", "17", "18", "19", "20")
    each = {number: member_account(made.view, number, YEAR_END).basis_fen for number in every}
    found_by = basis(made.view, "account", 2026, by_record_date(YEAR_END)).weights
    assert found_by == {number: fen for number, fen in each.items() if fen}
    assert (found_by["0017"], found_by["0018"]) == (52_51, 22_50)


def test_a_reward_is_wages_and_a_levy_is_a_part_of_what_is_payable() -> None:
    reward = Step("cadres", "reward", share("5%", "surplus"), at_most=fixed(100))
    levy = Step("levy", "other", fixed(30))
    made = cooperative(reward, levy, MEMBERS)
    made.do(distribute(2026))
    assert (money(made)["212"], money(made)["211/levy"], money(made)["332"]) == (-100_00, -30_00, -2_870_00)


# ---------------------------------------------------------------- from year to year


def test_losses_are_covered_first_and_the_rest_is_carried_forward() -> None:
    """2026 loses 500; 2027 brings 2,000: 500 covered, 10 % of 1,500, half of it to members, the rest carried."""
    half = Step("members", "dividend", share("50%", "after losses"), by="class land")
    made = cooperative(LOSSES, TEN, half, surplus_fen=-500_00)
    made.do(distribute(2026))
    assert amounts(made) == {"losses": 0, "reserve": 0, "members": 0}
    assert appropriation(made.view, 2026).uncovered_fen == 500_00
    made.do(enter_surplus(2027, 2_000_00, source="annual statement"), distribute(2027))
    assert amounts(made, 2027) == {"losses": 500_00, "reserve": 150_00, "members": 750_00}
    assert appropriation(made.view, 2027).remains_fen == 600_00
    # nothing of 2027 is declared: its 750 are not carried forward, the 600 are
    made.do(enter_surplus(2028, 100_00, source="annual statement"), distribute(2028))
    assert appropriation(made.view, 2028).surplus.carried_fen == 600_00
    assert earmarked(made.view) == 800_00
    declared(declared(made, 2027), 2028)
    assert earmarked(made.view) == 0
    assert -money(made)["332"] == appropriation(made.view, 2028).remains_fen == 640_00
    assert problems(made.view) == []


def test_what_was_carried_forward_is_the_same_whether_earlier_runs_are_declared_or_not() -> None:
    half = Step("members", "dividend", share("50%", "surplus"), by="class land")
    carried = []
    for first in (True, False):
        made = cooperative(half)
        made.do(distribute(2026))
        if first:
            declared(made)
        made.do(enter_surplus(2027, 1_00, source="annual statement"), distribute(2027, effective_on=date(2028, 2, 1)))
        carried.append(appropriation(made.view, 2027).surplus.carried_fen)
    assert carried == [1_500_00, 1_500_00]


@pytest.mark.parametrize("on", [YEAR_END, date(2027, 1, 15)])
def test_a_chart_that_was_converted_in_between_changes_nothing(on: date) -> None:
    made = cooperative(MEMBERS, chart=C2007)
    made.do(convert_chart(C2021, C2007_TO_C2021, effective_on=date(2027, 1, 1)))
    made.do(distribute(2026, effective_on=on))
    found_in = appropriation(made.view, 2026).surplus
    assert (found_in.surplus_fen, found_in.carried_fen, found_in.losses_fen) == (3_000_00, 0, 0)
    declared(made)
    assert money(made)["222/2026-members/17"] == -1_500_00
    made.do(enter_surplus(2027, 5, source="annual statement"), distribute(2027))
    assert appropriation(made.view, 2027).surplus.carried_fen == 0


def test_preferred_arrears_are_due_before_the_years_own() -> None:
    """6 % on 10,000 yuan are 600 a year. 2026 brings 100, 2027 400, 2028 5,000: 500, then 700 are still due."""
    six = Step("preferred", "preferred", each=Fraction(6, 100), by="par cash", accumulates=True)
    made = founded(stating(six), Joiner("0041"), Joiner("0042"))
    made.do(open_class(preset("cash", capital="c2021:301"), effective_on=FOUNDED))
    for number, shares in (("0041", 7_500), ("0042", 2_500)):
        cash: dict[str, Any] = {"shares": shares, "against": "c2021:102", "reason": "subscription"}
        made.do(issue("cash", to=number, effective_on=FOUNDED, **cash))
    owed = []
    for year, brought in ((2026, 100_00), (2027, 400_00), (2028, 5_000_00)):
        made.do(enter_surplus(year, brought, source="annual statement"), distribute(year))
        owed.append(dict(appropriation(made.view, year).unpaid.get("preferred", {})))
    assert owed == [{"0041": 375_00, "0042": 125_00}, {"0041": 525_00, "0042": 175_00}, {}]
    assert [amounts(made, year)["preferred"] for year in (2026, 2027, 2028)] == [100_00, 400_00, 1_300_00]
    for year in (2026, 2027, 2028):
        declared(made, year)
    assert paid_in(made, "preferred", 2028) == {"0041": 975_00, "0042": 325_00}


def test_arrears_of_a_step_that_the_charter_no_longer_has_are_kept_in_mind() -> None:
    six = Step("preferred", "preferred", each=Fraction(6), by="class land", accumulates=True)
    made = cooperative(six, surplus_fen=10_00, holders={"17": 500})
    made.do(distribute(2026))
    vote = Resolution("2027-5", "members", date(2027, 5, 1), entitled=5, present=5, votes_for=5)
    made.do(change_charter(stating(MEMBERS), effective_on=vote.day, resolution=vote))
    made.do(enter_surplus(2027, 10_00, source="annual statement"), distribute(2027))
    assert appropriation(made.view, 2027).unpaid == {"preferred": {"17": 20_00}}
    assert appropriation(made.view, 2026).waterfall.steps == (six,)
    again = vote._replace(number="2028-5", day=date(2028, 5, 1))
    made.do(change_charter(stating(six), effective_on=again.day, resolution=again))
    made.do(enter_surplus(2028, 100_00, source="annual statement"), distribute(2028))
    assert amounts(made, 2028) == {"preferred": 50_00}


# ---------------------------------------------------------------- runs of steps


def test_a_run_of_a_step_that_was_withdrawn_is_proposed_again_with_its_tax_and_its_terms() -> None:
    two = Step("heads", "dividend", share("50%", "surplus"), by="heads")
    made = cooperative(TEN, two, MEMBERS)
    made.do(distribute(2026))
    whole, kept = Terms(to_fen=100), Terms(retained=Fraction(1, 2))
    made.do(propose_steps(2026, effective_on=PROPOSED, tax=Fraction(1, 5), terms={"heads": whole}))

    def again(number: int, **said: Any) -> tuple[str, int, str]:
        name = "2026-heads" if number == 2 else f"2026-heads-{number - 1}"
        made.do(undo(name, effective_on=PROPOSED, reason="a slip"))
        made.do(propose_steps(2026, effective_on=PROPOSED, **said))
        one = runs(made.view)[f"2026-heads-{number}"].proposal
        return str(one.tax), one.to_fen, str(one.retained)

    assert again(2) == ("1/5", 100, "0")
    assert again(3, terms={"heads": kept}) == ("1/5", 1, "1/2")
    assert again(4, tax=Fraction(0)) == ("0", 1, "1/2")
    assert again(5) == ("0", 1, "1/2")


def test_each_step_of_holders_becomes_a_run_and_repeating_it_proposes_nothing_more() -> None:
    two = Step("heads", "dividend", share("50%", "surplus"), by="heads")
    made = cooperative(TEN, two, MEMBERS)
    made.do(distribute(2026))
    made.do(propose_steps(2026, effective_on=PROPOSED, tax=Fraction(1, 5)))
    assert [*runs(made.view)] == ["2026-heads", "2026-members"]
    assert made.do(propose_steps(2026, effective_on=PROPOSED)) == []
    made.do(undo("2026-heads", effective_on=PROPOSED, reason="a slip"))
    made.do(propose_steps(2026, effective_on=PROPOSED, tax=Fraction(1, 5)))
    assert [(one.code, one.state) for one in runs(made.view).values()] == [
        ("2026-heads", "withdrawn"),
        ("2026-members", "proposed"),
        ("2026-heads-2", "proposed"),
    ]
    assert {one.proposal.tax for one in runs(made.view).values()} == {Fraction(1, 5)}


def test_no_tax_is_withheld_of_a_refund_by_trade() -> None:
    made = cooperative(Step("refund", "patronage", share("60%", "surplus"), by="class land"), MEMBERS)
    made.do(distribute(2026), propose_steps(2026, effective_on=PROPOSED, tax=Fraction(1, 5)))
    assert [one.proposal.tax for one in runs(made.view).values()] == [0, Fraction(1, 5)]


def test_a_refund_is_owed_with_the_surplus_where_the_chart_has_no_account_for_it() -> None:
    made = cooperative(Step("refund", "patronage", ALL, by="class land"), chart=C2023)
    made.do(distribute(2026))
    declared(made)
    assert money(made)["113/surplus/2026-refund/17"] == -1_500_00


def test_a_register_that_was_changed_since_is_seen_when_it_is_declared() -> None:
    made = cooperative(MEMBERS)
    made.do(distribute(2026), propose_steps(2026, effective_on=PROPOSED))
    made.do(disclose("2026-members", since=POSTED, until=MET, where="village board"), approve("2026-members", VOTE))
    sale: dict[str, Any] = {"holder": "17", "to": "18", "shares": 1, "reason": "sale"}
    made.do(transfer("land", effective_on=YEAR_END, **sale))
    with pytest.raises(RegisterError, match="since record 10 the register was changed"):
        made.do(declare("2026-members", effective_on=DECLARED))
    for _ in range(3):
        made.do(undo("2026-members", effective_on=DECLARED, reason="correction"))
    assert sum(paid_in(declared(made), "members-2").values()) == 3_000_00


def test_a_step_that_would_come_to_something_else_by_now_is_refused() -> None:
    each = Step("members", "dividend", each=Fraction(10), by="class land")
    made = cooperative(each)
    made.do(distribute(2026))
    made.do(issue("land", to="18", shares=5, effective_on=YEAR_END))
    with pytest.raises(RegisterError, match=r"step members would come to 100\.50 yuan, not 100\.00: take the"):
        made.do(propose_steps(2026, effective_on=PROPOSED))


def test_what_is_undone_stands_in_the_distribution_account_and_is_still_the_holders() -> None:
    made = cooperative(TEN, MEMBERS)
    made.do(distribute(2026))
    declared(made)
    assert earmarked(made.view) == 0
    made.do(undo("2026-members", effective_on=PAID, reason="a slip"))
    assert earmarked(made.view) == 2_700_00 == -money(made)["332"]
    assert money(made).get("222/2026-members/17") is None


@pytest.mark.parametrize(
    "change",
    [
        {"total_fen": 1},
        {"share_class": "cash"},
        {"rule": by_record_date(FOUNDED)},
        {"advance": True},
        {"stream": "x"},
        {"instalment": 2},
        {"supplements": "2026-members"},
    ],
)
def test_a_proposal_of_a_step_says_what_the_distribution_says(change: dict[str, Any]) -> None:
    made = cooperative(MEMBERS)
    made.do(distribute(2026))
    proposal = of_step(made.view, 2026, "members")
    assert parts(made.view, proposal).amount_fen == 3_000_00
    if "supplements" in change:
        made.do(propose_steps(2026, effective_on=PROPOSED))
    with pytest.raises(RegisterError, match="2026, step members: the class, rule and total of the distribution"):
        made.do(propose("x", proposal._replace(**change), effective_on=PROPOSED))


@pytest.mark.parametrize(
    ("period", "step", "said"),
    [
        ("2026", "reserve", "2026: step reserve goes to no holders"),
        ("2026", "nothing", "2026: no step nothing: it was distributed by reserve, members"),
        ("2025", "members", "the surplus of 2025 is not distributed; that of 2026 is"),
        ("summer", "members", "period: summer: a year such as 2026 is expected"),
        ("2026", 5, "step = 5: the code of a step of a distribution, or nothing is expected"),
    ],
)
def test_a_run_of_a_step_that_is_not_there_is_refused(period: str, step: Any, said: str) -> None:  # noqa: ANN401
    made = cooperative(TEN, MEMBERS)
    made.do(distribute(2026))
    proposal = Proposal("surplus", period, "", by_record_date(YEAR_END), 300_00, step=step)
    with pytest.raises(CoopledgerError, match=said):
        made.do(propose("x", proposal, effective_on=PROPOSED))


# ---------------------------------------------------------------- refusals


def test_a_year_is_distributed_once_and_in_its_turn() -> None:
    made = cooperative(TEN, MEMBERS)
    made.do(distribute(2026))
    [record] = made.view.records(DISTRIBUTION)
    with pytest.raises(RegisterError, match=f"the surplus of 2026 was distributed in record {record.seq} already"):
        made.do(distribute(2026))
    made.do(enter_surplus(2025, 5, source="annual statement", effective_on=YEAR_END))
    with pytest.raises(RegisterError, match="the surplus of 2026 is distributed, in record"):
        made.do(distribute(2025, effective_on=YEAR_END, rule=by_record_date(YEAR_END)))
    made.do(take_back(record.seq, booked_on=PROPOSED))
    assert appropriations(made.view) == {}
    made.do(distribute(2026))
    assert appropriation(made.view, 2026).surplus.carried_fen == 5


def test_what_others_build_on_is_not_taken_back() -> None:
    made = cooperative(TEN, MEMBERS)
    [entered] = [one.seq for one in made.view.records("surplus")]
    [record] = made.do(distribute(2026))
    with pytest.raises(RegisterError, match="is in the distribution of 2026"):
        made.do(take_back(entered, booked_on=PROPOSED))
    made.do(propose_steps(2026, effective_on=PROPOSED))
    with pytest.raises(RegisterError, match="runs 2026-members pay what it distributed"):
        made.do(take_back(record.seq, booked_on=PROPOSED))
    made.do(undo("2026-members", effective_on=PROPOSED, reason="a slip"))
    made.do(enter_surplus(2027, 5, source="annual statement"), distribute(2027))
    with pytest.raises(RegisterError, match=r"the distribution of 2027, record \d+, follows that of 2026"):
        made.do(take_back(record.seq, booked_on=PROPOSED))
    made.do(take_back(appropriation(made.view, 2027).seq, booked_on=date(2028, 1, 1)))
    made.do(take_back(record.seq, booked_on=PROPOSED))
    made.do(take_back(entered, booked_on=PROPOSED))
    assert surpluses(made.view) == {2027: 5}
    assert money(made) == {"332": -5, "331": 5}


def test_a_distribution_that_booked_nothing_is_taken_back_as_well() -> None:
    made = cooperative(MEMBERS)
    [record] = made.do(distribute(2026))
    assert record.postings == ()
    made.do(take_back(record.seq, booked_on=PROPOSED))
    assert appropriations(made.view) == {}
    with pytest.raises(RegisterError, match="is taken back already"):
        made.do(take_back(record.seq, booked_on=PROPOSED))


def test_losses_that_the_charter_does_not_cover_are_not_distributed_away() -> None:
    made = cooperative(MEMBERS, surplus_fen=300_00)
    made.do(enter_surplus(2025, -500_00, source="annual statement", effective_on=FOUNDED))
    with pytest.raises(
        RegisterError, match=r"has -200\.00 yuan to distribute, -200\.00 from 2026-12-31 on, and 300\.00 are"
    ):
        made.do(distribute(2026))


def test_what_has_left_the_account_since_is_not_distributed() -> None:
    made = cooperative(Step("reserve", "reserve", ALL))
    made.do(Entry("transfer", date(2027, 1, 2), date(2027, 1, 2), {}, [Posting(MONEY, "c2021:102", "c2021:332", 1)]))
    with pytest.raises(RegisterError, match=r"c2021:332 has 2,999\.99 yuan to distribute, 2,999\.99 from 2026-12-31"):
        made.do(distribute(2026))


KILOGRAMS = Step("weight", "patronage", share("60%", "surplus"), by="kilograms")
INSURED = Step("cover", "other", share("1%", "insured"))


@pytest.mark.parametrize(
    ("steps", "said", "why"),
    [
        ([KILOGRAMS], {}, "kilograms: the book does not have it: class CODE, par CODE, heads"),
        ([KILOGRAMS], {"bases": {"kilograms": {"17": 1}}}, "kilograms: of which document"),
        ([KILOGRAMS], {"bases": {"kilograms": {"99": 1}}, "documents": [PAPER]}, "99 is not in the register on 2026-1"),
        ([KILOGRAMS], {"bases": {"kilograms": {"17": -1}}, "documents": [PAPER]}, "-1: a whole number"),
        ([MEMBERS], {"bases": {"class land": {"17": 1}}, "documents": [PAPER]}, "the book has it itself"),
        ([MEMBERS], {"bases": {"kilograms": {"17": 1}}, "documents": [PAPER]}, "no step of the charter asks for it"),
        ([MEMBERS], {"figures": {"insured": 5}, "documents": [PAPER]}, "insured: no step of the charter asks for it"),
        ([INSURED], {}, "figures has no insured"),
        ([INSURED], {"figures": {"insured": 5}}, "insured: of which document"),
        ([MEMBERS], {"rule": by_record_date(PROPOSED)}, "who holds what on 2027-01-05 is not known on 2026-12-31"),
        ([MEMBERS._replace(by="class cash")], {}, "cash"),
        ([MEMBERS._replace(by="par land")], {}, "land has no par value"),
        ([Step("welfare", "welfare", ALL)], {}, "no account for welfare fund"),
        (
            [Step("each", "dividend", each=Fraction(1), by="class land")],
            {"rule": by_time_held(FOUNDED, YEAR_END, first=True, last=True)},
            "step each: an amount on each share is of those held on a day",
        ),
    ],
)
def test_what_cannot_be_distributed_is_said(steps: list[Step], said: dict[str, Any], why: str) -> None:
    made = cooperative(*steps)
    before = made.view.head
    with pytest.raises((RegisterError, WaterfallError), match=why):
        made.do(distribute(2026, **said))
    assert made.view.head == before


def test_a_year_without_a_surplus_or_a_waterfall_is_not_distributed() -> None:
    with pytest.raises(RegisterError, match="no surplus of 2026 is entered: enter it first"):
        cooperative(MEMBERS, surplus_fen=0).do(distribute(2026))
    made = founded(COLLECTIVE)
    with pytest.raises(RegisterError, match="the charter states no waterfall on 2026-12-31"):
        made.do(enter_surplus(2026, 5, source="annual statement"), distribute(2026))


def test_a_fund_that_the_chart_has_no_account_for_is_given_one() -> None:
    made = cooperative(Step("welfare", "welfare", ALL), chart=with_roles(C2021, {"welfare fund": "322/welfare"}))
    made.do(distribute(2026))
    assert money(made)["322/welfare"] == -3_000_00


def test_facts_that_no_distribution_could_be_read_from_are_refused() -> None:
    made = cooperative(TEN, MEMBERS)
    [record] = made.do(distribute(2026))
    for name in ("year", "waterfall", "rule", "surplus_fen", "lines", "unpaid", "remains_fen"):
        kept = {key: seen for key, seen in record.facts.items() if key != name}
        wrongs: list[dict[str, Any]] = [{}, {name: "x"}, {name: None}]
        for wrong in wrongs:
            with pytest.raises(EntryError, match="facts of the kind distribution"):
                made.do(Entry(DISTRIBUTION, YEAR_END, YEAR_END, {**kept, **wrong}))


# ---------------------------------------------------------------- the charter


def test_a_charter_states_its_waterfall_and_is_told_what_of_the_law_it_breaks() -> None:
    lawful = COLLECTIVE._replace(waterfall=collective_waterfall("10%", "5%", by="class land"))
    made = founded(lawful)
    assert book(made.view).charter == lawful
    assert problems(made.view) == []
    unlawful = SPECIALISED._replace(waterfall=specialised_waterfall("10%", "50%"))
    vote = Resolution("2026-3", "members", date(2026, 3, 1), entitled=5, present=5, votes_for=5)
    made.do(change_charter(unlawful, effective_on=vote.day, resolution=vote))
    [problem] = problems(made.view)
    assert (problem.where, problem.message.values["source"]) == ("step patronage", "农民专业合作社法 44(1)")
    assert book(made.view, FOUNDED).charter == lawful
    made.do(change_charter(SPECIALISED, effective_on=date(2026, 4, 1), resolution=vote))
    assert problems(made.view) == []


def test_a_province_is_a_law_and_of_an_unknown_law_nothing_is_known() -> None:
    ten = COLLECTIVE._replace(waterfall=collective_waterfall("10%", "5%", by="heads"))
    assert [one.message.values["source"] for one in check_waterfall(ten._replace(law="浙江"))] == [
        "浙江：公积金、公益金合计不低于 30%"
    ]
    assert check_waterfall(ten._replace(law="charter of the hill")) == []
    assert check_waterfall(SPECIALISED._replace(waterfall=land_waterfall("10%"))) == []


def test_a_waterfall_that_is_none_is_refused() -> None:
    with pytest.raises(RegisterError, match="waterfall = 5: a Waterfall, or None is expected"):
        founded(COLLECTIVE._replace(waterfall=5))  # type: ignore[arg-type]


# ---------------------------------------------------------------- laws

PERCENT = st.integers(0, 40).map(lambda percent: Fraction(percent, 100))
OF = st.sampled_from(["left", "surplus", "after losses"])
PARTED = st.builds(Portion, PERCENT, OF)
BY = st.sampled_from(["class land", "heads", "households", "given"])
STEPS = st.lists(
    st.one_of(
        st.builds(
            lambda part, name: (name, part, ""), PARTED, st.sampled_from(["reserve", "reward", "other", "carried"])
        ),
        st.builds(lambda part, name, by: (name, part, by), PARTED, st.sampled_from(["patronage", "dividend"]), BY),
        st.builds(lambda each, by: ("preferred", each, by), st.integers(0, 50_000).map(Fraction), BY),
    ),
    max_size=6,
)
SHARES = st.dictionaries(st.sampled_from(["17", "18", "19", "20", "21"]), st.integers(1, 9_999), min_size=1)


@settings(max_examples=40)
@given(STEPS, SHARES, st.lists(st.integers(-5_000_00, 50_000_00).filter(bool), min_size=1, max_size=3), st.booleans())
def test_what_a_book_distributes_is_what_the_waterfall_gives_and_no_fen_is_lost(
    said: list[tuple[str, Any, str]], holders: dict[str, int], brought: list[int], declare_them: bool
) -> None:
    """Against the pure waterfall, run on bases and figures that this test keeps for itself."""
    steps = [LOSSES]
    for at, (purpose, much, by) in enumerate(said):
        how: dict[str, Any] = {"amount": much} if isinstance(much, Portion) else {"each": much, "accumulates": True}
        steps.append(Step(f"s{at}", purpose, by=by, **how))  # type: ignore[arg-type]
    made = cooperative(*steps, surplus_fen=0, holders=holders)
    given_basis = {number: at for at, number in enumerate(holders)}
    bases = {
        "class land": holders,
        "heads": {f"00{number}": 1 for number in holders},
        "households": dict.fromkeys(holders, 1),
        "given": given_basis,
    }
    asked = {step.by for step in steps if step.by}
    stated: dict[str, Any] = {"bases": {"given": given_basis}, "documents": [PAPER]} if "given" in asked else {}
    losses = carried = 0
    arrears: dict[str, dict[str, int]] = {}
    for year, surplus_fen in enumerate(brought, 2026):
        made.do(enter_surplus(year, surplus_fen, source="annual statement"))
        made.do(distribute(year, **stated))
        expected = pure_distribute(
            Waterfall(steps), Surplus(surplus_fen, losses, carried, bases=bases, arrears=arrears)
        )
        outcomes = [*all_outcomes(expected.outcomes)]
        assert amounts(made, year) == {one.step.code: one.amount_fen for one in outcomes}
        stays = sum(one.amount_fen for one in outcomes if one.step.purpose == "carried")
        booked = sum(one.amount_fen for one in outcomes)
        assert booked + expected.remains_fen == surplus_fen + carried
        if declare_them:
            declared(made, year)
            for one in outcomes:
                if one.step.by and one.amount_fen:
                    assert paid_in(made, one.step.code, year) == {n: fen for n, fen in one.parts.items() if fen}
        net = surplus_fen + carried - losses
        gone = sum(one.amount_fen for one in outcomes if one.step.purpose not in {"losses", "carried"})
        losses, carried = max(-(net - gone), 0), max(net - gone, 0)
        assert carried == max(expected.remains_fen, 0) + stays
        assert losses == expected.uncovered_fen
        arrears = {one.step.code: one.unpaid for one in outcomes if one.unpaid}
        assert -money(made).get("332", 0) == carried - losses + earmarked(made.view)
    assert problems_of_accounts(made) == []


def problems_of_accounts(made: Village) -> list[str]:
    return [str(one) for one in problems(made.view) if not one.where.startswith(("step ", "waterfall"))]

"""Contributions: what may be brought in, what it gives, and how it stands in the books."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.amortisation import book_values, revalue_contribution
from coopledger.core.chart import C2007, C2021, C2023, MONEY, adopt
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Document, Resolution
from coopledger.core.contribution import (
    Contribution,
    Money,
    Right,
    Valuation,
    check_contribution,
    contribute,
    contributions_of,
    hundredths,
    invest,
    shares_for,
)
from coopledger.core.contribution_audit import check_contributions
from coopledger.core.ending import end_contribution
from coopledger.core.journal import Decision, Entry, Movement, Posting, reverse
from coopledger.core.member import Joiner, admit
from coopledger.core.movement import issue
from coopledger.core.notice import give_notice
from coopledger.core.redenomination import change_class, change_par_value
from coopledger.core.register import holdings
from coopledger.core.reversal import take_back
from coopledger.core.share_class import ShareClass, open_class, preset
from coopledger.core.voucher import check_vouchers, vouchers
from coopledger.core.withdrawal import withdraw
from coopledger.errors import CoopledgerError, EntryError, RegisterError
from coopledger.store.memory import MemoryJournal, MemoryView
from tests.core.cooperatives import ADOPTED, FOUNDED, cooperative, money, put, units
from tests.core.strategies import steady

DAY = date(2024, 3, 1)
RIGHT = Right(
    "land right",
    starts_on=DAY,
    ends_on=date(2034, 2, 28),
    right_ends_on=date(2053, 12, 31),
    area_mu=Fraction(25, 2),
    parcels=("1-07", "1-08"),
    contract="示例证 0001",
)
LAND = Contribution("G1", "17", "land", RIGHT, Valuation(60_000_00, "members", FOUNDED), price_fen=100_00)
CASH = Contribution("M1", "0044", "cash", Money(500_00, into="cash"), price_fen=1_00)


def with_right(**changes: Any) -> Contribution:
    return LAND._replace(brought=RIGHT._replace(**changes))


def with_valuation(**changes: Any) -> Contribution:
    assert LAND.valuation is not None
    return LAND._replace(valuation=LAND.valuation._replace(**changes))


def brought_in(*contributions: Contribution, journal: MemoryJournal | None = None) -> MemoryJournal:
    book = journal or cooperative()
    put(book, contribute(*contributions, effective_on=DAY, resolution=ADOPTED))
    return book


# ---------------------------------------------------------------- what it gives


def test_land_gives_shares_a_voucher_and_mu() -> None:
    """财会〔2021〕37号, 使用说明 161, 301: Dr intangible assets Cr share capital."""
    journal = brought_in(LAND)
    assert money(journal) == {"161/G1": 60_000_00, "301": -60_000_00}
    assert units(journal, "mu") == {"land/G1": 1250, "memo": -1250}
    with journal.read() as view:
        assert holdings(view, "land")["17"].shares == 600
        [voucher] = vouchers(view)
    assert [(one.account, one.debit_fen, one.credit_fen) for one in voucher.lines] == [
        ("c2021:161", 60_000_00, 0),
        ("c2021:301", 0, 60_000_00),
    ]


@pytest.mark.parametrize(("into", "account"), [("bank", "102"), ("cash", "101")])
def test_cash_gives_shares_against_the_bank_or_the_cash_box(into: Any, account: str) -> None:  # noqa: ANN401
    journal = brought_in(CASH._replace(brought=Money(500_00, into=into)))
    assert money(journal) == {account: 500_00, "301": -500_00}


def test_what_is_paid_above_par_is_capital_surplus() -> None:
    """财会〔2021〕37号 40, 使用说明 321."""
    journal = brought_in(CASH._replace(price_fen=1_25))
    assert money(journal) == {"101": 500_00, "301": -400_00, "321": -100_00}


def test_a_right_for_less_than_par_debits_the_capital_surplus() -> None:
    """财会〔2021〕37号, 使用说明 301 三: for what is not money the difference may be on either side."""
    journal = surplus_of(15_000_00)
    brought_in(LAND._replace(price_fen=80_00), journal=journal)
    assert money(journal) == {"102": 15_000_00, "161/G1": 60_000_00, "301": -75_000_00}


def surplus_of(fen: int) -> MemoryJournal:
    journal = cooperative()
    put(journal, lambda _: [Entry("note", FOUNDED, FOUNDED, {}, [Posting(MONEY, "c2021:321", "c2021:102", fen)])])
    return journal


def test_rights_for_less_than_par_take_no_more_of_the_capital_surplus_than_there_is() -> None:
    """Nor do several at once, each by itself."""
    cheap = LAND._replace(price_fen=80_00)
    beside = with_right(parcels=("2-01",))._replace(number="G2", holder="18", price_fen=80_00)
    with pytest.raises(RegisterError, match=r"c2021:321 stands at 14,999\.99 yuan from 2024-03-01 on: 15,000\.00 yuan"):
        brought_in(cheap, journal=surplus_of(14_999_99))
    with pytest.raises(RegisterError, match=r"c2021:321 stands at 29,999\.99 yuan from 2024-03-01 on: 30,000\.00 yuan"):
        brought_in(cheap, beside, journal=surplus_of(29_999_99))
    journal = surplus_of(15_000_00)
    above = beside._replace(price_fen=125_00, valuation=Valuation(75_000_00, "members", FOUNDED))
    brought_in(cheap, above, journal=journal)  # the premium of the one is there for the other
    assert money(journal)["321"] == -15_000_00


def test_many_contributions_to_a_class_with_a_cap_are_looked_at_together() -> None:
    """What one has to be looked at for each of them again would take minutes in a village."""

    class Counting(MemoryView):
        looked = 0

        def movements(self, *args: Any, **kept: Any) -> Iterator[Movement]:
            Counting.looked += 1
            return super().movements(*args, **kept)

    journal = cooperative()
    put(journal, change_class("cash", cap=Fraction(9, 10), effective_on=DAY, reason="charter"))
    many = [CASH._replace(number=f"M{n}", holder=("0044", "0042")[n % 2]) for n in range(20)]
    decide = contribute(*many, effective_on=DAY)
    with journal.read() as view:
        assert len(list(decide(Counting([*view.records()], {}, view.head)))) == 20
    assert Counting.looked < 100


def test_money_is_never_taken_for_less_than_par() -> None:
    """财会〔2021〕37号, 使用说明 301 二: for money the difference is credited only."""
    with pytest.raises(RegisterError, match=r"500.00 yuan for shares of 625.00 yuan at par"):
        brought_in(CASH._replace(price_fen=80))


def test_land_without_a_value_gives_shares_and_mu_and_no_voucher() -> None:
    journal = cooperative()
    put(journal, open_class(preset("land", code="mu-shares", digits=2), effective_on=FOUNDED))
    brought_in(LAND._replace(valuation=None, price_fen=None, shares=1250, share_class="mu-shares"), journal=journal)
    assert money(journal) == {}
    assert units(journal, "mu") == {"land/G1": 1250, "memo": -1250}
    assert units(journal, "mu-shares") == {"holder/17": 1250, "unissued": -1250}


def test_infrastructure_says_who_built_it_and_with_what() -> None:
    dam = Right(
        "infrastructure use right",
        starts_on=DAY,
        ends_on=date(2054, 2, 28),
        right_ends_on=date(2054, 2, 28),
        basis="contribution",
        built_by="示例村",
        built_with="poverty-relief funds",
    )
    brought = Contribution("D1", "V", "cash", dam, Valuation(80_000_00, "agreed price", DAY), price_fen=1_00)
    journal = brought_in(brought)
    assert money(journal) == {"161/D1": 80_000_00, "301": -80_000_00}
    for lacking, missing in (
        (dam._replace(built_with=" "), r"with which money it was built"),
        (dam._replace(built_by=""), r"who built it"),
    ):
        with pytest.raises(RegisterError, match=f"D1, infrastructure use right: this is missing: {missing}$"):
            check_contribution(brought._replace(brought=lacking))


def test_crowd_funding_is_many_contributions_at_once_or_none() -> None:
    crowd = [
        Contribution(f"C{n}", f"004{n}", "cash", Money(100_00 * n, "crowd funding", source="2024-A"), price_fen=1_00)
        for n in (2, 3, 4)
    ]
    journal = brought_in(*crowd)
    assert money(journal) == {"102": 900_00, "301": -900_00}
    with journal.read() as view:
        assert {number: one.shares for number, one in holdings(view, "cash").items()} == {
            "0042": 200,
            "0043": 300,
            "0044": 400,
        }
        head = view.head
    with pytest.raises(RegisterError, match="the number is taken"):
        brought_in(crowd[0]._replace(number="C8"), crowd[1], journal=journal)
    with journal.read() as view:
        assert view.head == head


def test_the_record_keeps_the_contribution_and_its_papers() -> None:
    journal = cooperative()
    paper = Document("valuation.pdf", "ab" * 32, "1-3")
    put(journal, contribute(LAND, CASH, effective_on=DAY, documents=[paper], resolution=ADOPTED))
    with journal.read() as view:
        found = contributions_of(view)
        assert [one.contribution for one in found.values()] == [LAND, CASH]
        assert (found["G1"].shares, found["G1"].since, found["G1"].ended_on) == (600, DAY, None)
        assert [one.attachments for one in vouchers(view)] == [3, 3]
        assert view.record(found["G1"].seq).facts["resolution"]["votes_for"] == 3
        assert check_vouchers(vouchers(view)) == []


def test_only_a_right_has_a_lot_of_its_own_and_who_brought_in_money_may_leave_beside_others() -> None:
    """In a class with a lock-in the shares of money of one day are one lot, whoever brought it in."""
    journal = cooperative()
    capital = C2021.account("share capital")
    put(journal, open_class(preset("cash", code="tied", lock_in_days=30, capital=capital), effective_on=FOUNDED))
    both = [CASH._replace(number=f"M{n}", holder=who, share_class="tied") for n, who in ((1, "0045"), (2, "0042"))]
    brought_in(*both, LAND._replace(share_class="tied", holder="0042"), journal=journal)
    with journal.read() as view:
        assert {number: one.lot for number, one in contributions_of(view).items()} == {
            "M1": None,
            "M2": None,
            "G1": "2024-03-01/G1",
        }
    put(journal, give_notice("0045", effective_on=DAY))
    gone = withdraw("0045", against="c2021:101", effective_on=date(2025, 1, 1), reason="withdrawal")
    assert [one.kind for one in put(journal, gone)] == ["redeem", "member"]


def test_a_contribution_that_was_taken_back_is_none() -> None:
    journal = brought_in(LAND)
    with journal.read() as view:
        seq = contributions_of(view)["G1"].seq
    put(journal, take_back(seq, booked_on=date(2024, 4, 1)))
    with journal.read() as view:
        assert contributions_of(view) == {}
    assert (money(journal), units(journal, "mu")) == ({}, {})
    brought_in(LAND, journal=journal)


def test_a_contribution_of_which_a_part_was_reversed_is_one_still() -> None:
    journal = brought_in(CASH)
    with journal.read() as view:
        record = view.record(contributions_of(view)["M1"].seq)
    part = reverse(record, {0: 100, 1: 100_00})
    put(journal, lambda _: [Entry("reversal", DAY, DAY, {}, part)])
    with journal.read() as view:
        assert [*contributions_of(view)] == ["M1"]


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("fair", {"ended": "2026-03-01"}),
        ("fair", {"contribution": "3 goats"}),
        ("fair", {"contribution": {"number": "G1"}}),
        ("issue", {"contribution": "3 goats"}),
        ("redeem", {"ended": "G9"}),
    ],
)
def test_facts_that_others_call_the_same_are_none_of_its_business(kind: str, facts: dict[str, Any]) -> None:
    journal = brought_in(LAND)
    put(journal, lambda _: [Entry(kind, DAY, DAY, facts)])
    with journal.read() as view:
        assert [*contributions_of(view)] == ["G1"]


def test_a_contribution_that_somebody_reversed_by_a_record_of_his_own_is_none() -> None:
    journal = brought_in(LAND, CASH)
    with journal.read() as view:
        record = view.record(contributions_of(view)["G1"].seq)
    put(journal, lambda _: [Entry("slip", DAY, DAY, {}, reverse(record))])
    with journal.read() as view:
        assert [*contributions_of(view)] == ["M1"]


# ---------------------------------------------------------------- a price that gives no whole number


def test_a_price_that_gives_no_whole_number_of_shares_is_said_so_with_the_nearest_amounts() -> None:
    with pytest.raises(RegisterError) as error:
        brought_in(with_valuation(amount_fen=60_050_00))
    assert str(error.value) == (
        "60,050.00 yuan at 100.00 yuan a share give 600 shares of land and leave 50.00 yuan: 60,000.00 yuan would "
        "give 600 shares, 60,100.00 yuan 601; nothing is rounded away"
    )


def test_a_fraction_of_a_share_is_whole_where_the_class_has_fractions() -> None:
    fine = ShareClass("fine", "细", digits=2)
    assert shares_for(60_050_00, 100_00, fine) == 60_050
    with pytest.raises(RegisterError, match=r"leave 0.50 yuan: 60,050.00 yuan would give 600.50 shares"):
        shares_for(60_050_50, 100_00, fine)


@steady(300)
@given(st.integers(1, 10**12), st.integers(1, 10**7), st.integers(0, 4))
def test_shares_times_price_are_the_amount_exactly_or_the_two_alternatives_are(
    amount: int, price: int, digits: int
) -> None:
    cls = ShareClass("any", "任意", digits=digits)
    try:
        assert Fraction(shares_for(amount, price, cls) * price, cls.unit) == amount
    except RegisterError as error:
        said = error.message.values
        lower, higher = (int(said[name].replace(",", "").replace(".", "")) for name in ("lower", "higher"))
        assert lower <= amount <= higher
        assert higher - lower <= price
        for near, name in ((lower, "fewer"), (higher, "more")):
            units_ = int(said[name].replace(",", "").replace(".", ""))
            assert Fraction(units_ * price, cls.unit) == near
            if near:
                assert shares_for(near, price, cls) == units_


@pytest.mark.parametrize(("amount", "price"), [(0, 1), (1, 0), (-1, 1), (1, -1), (True, 1), ("1", 1)])
def test_amounts_and_prices_are_whole_and_above_nothing(amount: Any, price: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match="whole numbers above 0"):
        shares_for(amount, price, ShareClass("any", "任意"))


# ---------------------------------------------------------------- rules


def test_a_contribution_may_not_outlast_the_right() -> None:
    """承包法 38."""
    with pytest.raises(RegisterError, match=r"the right itself ends on 2034-02-27.*承包法 38"):
        brought_in(with_right(right_ends_on=date(2034, 2, 27)))


@pytest.mark.parametrize("basis", ["contracted land", "barren land", "contribution"])
def test_contracted_land_may_be_brought_in_for_more_than_twenty_years(basis: Any) -> None:  # noqa: ANN401
    check_contribution(with_right(ends_on=date(2053, 12, 31), basis=basis), ADOPTED)


def test_a_lease_is_void_for_what_exceeds_twenty_years() -> None:
    """民法典 705."""
    check_contribution(with_right(basis="lease", ends_on=date(2044, 2, 29)), ADOPTED)
    with pytest.raises(RegisterError, match=r"after 2044-02-29 \(民法典 705\)"):
        check_contribution(with_right(basis="lease", ends_on=date(2044, 3, 1)), ADOPTED)


@pytest.mark.parametrize("valued_by", ["members", "third party"])
def test_a_valuation_is_adopted_by_a_meeting(valued_by: str) -> None:
    """财会〔2021〕37号 30(三); 农民专业合作社法 30: more than half of the votes."""
    one = with_valuation(valued_by=valued_by, appraiser="示例评估所")
    with pytest.raises(RegisterError, match="adopted by a meeting"):
        check_contribution(one)
    half = Resolution("1", "members", DAY, entitled=4, present=4, votes_for=2)
    with pytest.raises(RegisterError, match="votes for it: 2; 3 of 4 are needed"):
        check_contribution(one, half)
    check_contribution(one, ADOPTED)
    with pytest.raises(RegisterError, match=r"votes for it: 3; 4 of 5 are needed \(农村集体经济组织法"):
        check_contribution(one, half._replace(entitled=5, votes_for=3), COLLECTIVE)


def test_a_third_party_has_a_name() -> None:
    with pytest.raises(RegisterError, match="name the appraiser"):
        check_contribution(with_valuation(valued_by="third party"), ADOPTED)


def test_an_agreed_price_of_a_mu_gives_the_amount() -> None:
    check_contribution(with_valuation(valued_by="agreed price", per_mu_fen=4_800_00))
    with pytest.raises(RegisterError, match=r"12.5 mu at 4,801.00 yuan are 60,012.50 yuan, not 60,000.00"):
        check_contribution(with_valuation(valued_by="agreed price", per_mu_fen=4_801_00))


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"area_mu": None}, "its area in mu"),
        ({"parcels": ()}, "its parcels"),
        ({"parcels": (" ",)}, "its parcels"),
        ({"contract": " "}, "its contract or certificate"),
        ({"area_mu": None, "contract": ""}, "its area in mu, its contract or certificate"),
    ],
)
def test_land_says_its_area_its_parcels_and_its_contract(changes: dict[str, Any], missing: str) -> None:
    with pytest.raises(RegisterError, match=f"contribution G1, land right: this is missing: {missing}$"):
        check_contribution(with_right(**changes), ADOPTED)


def test_a_parcel_is_brought_in_once_at_a_time() -> None:
    journal = brought_in(LAND)
    after = {"starts_on": date(2034, 2, 28), "ends_on": date(2040, 1, 1)}
    again = with_right(parcels=("1-09", " １-08"), **after)._replace(number="G2", holder="18")
    said = r"contribution G2: parcel 1-08 is brought in already by 17, as G1 from 2024-03-01 to 2034-02-28"
    with pytest.raises(RegisterError, match=said):
        brought_in(again, journal=journal)
    next_day = with_right(**{**after, "starts_on": date(2034, 3, 1)})._replace(number="G2", holder="18")
    brought_in(next_day, journal=journal)
    both = [with_right(parcels=("3-01",))._replace(number=number) for number in ("G4", "G5")]
    with pytest.raises(RegisterError, match=r"parcel 3-01 is brought in already by 17, as G4"):
        brought_in(*both, journal=journal)


def test_a_parcel_is_the_same_one_under_the_contract_of_another_household() -> None:
    journal = brought_in(LAND)
    other = with_right(contract="示例证 0002", parcels=("1-07",))._replace(number="G2", holder="18")
    with pytest.raises(RegisterError, match="parcel 1-07 is brought in already by 17, as G1"):
        brought_in(other, journal=journal)
    brought_in(with_right(kind="forest right", parcels=("1-07",))._replace(number="G2", holder="18"), journal=journal)


def test_a_parcel_that_went_back_is_brought_in_anew() -> None:
    journal = brought_in(LAND)
    on = date(2025, 1, 1)
    put(journal, end_contribution("G1", effective_on=on, reason="exclusion", rule="right only"))
    again = LAND._replace(number="G2", holder="18")
    with pytest.raises(RegisterError, match="is brought in already by 17, as G1 from 2024-03-01 to 2024-12-31"):
        put(journal, contribute(again, effective_on=date(2024, 12, 31), resolution=ADOPTED))
    put(journal, contribute(again, effective_on=on, resolution=ADOPTED))


@pytest.mark.parametrize("starts_on", [DAY, date(2025, 1, 1)])
def test_a_parcel_that_went_back_on_the_first_day_was_in_no_contribution(starts_on: date) -> None:
    other = LAND._replace(number="G2", brought=RIGHT._replace(starts_on=FOUNDED))
    journal = brought_in(with_right(starts_on=starts_on))
    put(journal, end_contribution("G1", effective_on=DAY, reason="correction", rule="right only"))
    put(journal, contribute(other, effective_on=FOUNDED, booked_on=DAY, resolution=ADOPTED))
    with journal.read() as view:
        assert [*check_contributions(view)] == []


def test_land_without_a_value_needs_no_chart_of_accounts() -> None:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    put(journal, found("示例村", COLLECTIVE, effective_on=FOUNDED))
    put(journal, open_class(preset("land", level="person"), effective_on=FOUNDED))
    put(journal, admit(Joiner("0042"), effective_on=FOUNDED))
    unvalued = LAND._replace(holder="0042", valuation=None, price_fen=None, shares=1250)
    other = unvalued._replace(number="G2", brought=RIGHT._replace(parcels=("2-01",)))
    put(journal, contribute(unvalued, effective_on=DAY))
    put(journal, contribute(other, effective_on=DAY))
    assert units(journal, "mu") == {"land/G1": 1250, "land/G2": 1250, "memo": -2500}
    put(journal, end_contribution("G1", effective_on=DAY, reason="exclusion", rule="right only"))
    valued = LAND._replace(number="G3", holder="0042")
    with pytest.raises(RegisterError, match="no chart of accounts is in force"):
        put(journal, contribute(valued, effective_on=DAY, resolution=ADOPTED._replace(votes_for=4, votes_against=0)))
    put(journal, adopt(C2023))
    with journal.read() as view:
        assert check_contributions(view) == []


@pytest.mark.parametrize("name", ["starts_on", "ends_on"])
@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1), "2024-03-01"])
def test_a_term_lies_within_the_days_of_a_book(name: str, day: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match=f"contribution G1: {name}: .*: a date from 1900-01-01 to 2999-12-31"):
        check_contribution(with_right(**{name: day}), ADOPTED)


def test_a_number_is_one_in_each_of_its_unicode_forms() -> None:
    number = unicodedata.normalize("NFD", "Gé")
    journal = brought_in(LAND._replace(number=number))
    with journal.read() as view:
        [one] = book_values(view)
        assert (one.standing.contribution.number, one.book_fen) == ("Gé", 60_000_00)
        assert check_contributions(view) == []
    with pytest.raises(RegisterError, match="the number is taken"):
        brought_in(CASH._replace(number="Gé"), journal=journal)
    value = Valuation(1_000_00, "agreed price", DAY)
    put(journal, revalue_contribution(number, value, effective_on=date(2025, 1, 1), reason="appraisal"))
    end = end_contribution(number, effective_on=date(2025, 2, 1), reason="exclusion", rule="right only")
    put(journal, end)
    with journal.read() as view:
        assert contributions_of(view)["Gé"].ended_on == date(2025, 2, 1)


def test_who_values_is_said_in_the_readers_language() -> None:
    with pytest.raises(RegisterError) as error:
        check_contribution(LAND)
    assert "成员" in error.value.say("zh")
    assert "members" not in error.value.say("zh")


@pytest.mark.parametrize("area", [Fraction(1, 3), Fraction(1, 1000), 0, -1])
def test_an_area_is_in_hundredths_of_a_mu(area: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match="in hundredths of a mu"):
        hundredths(area)


@pytest.mark.parametrize("area", [2.5, "2.5", "x", True, None])
def test_an_area_is_a_whole_number_or_a_fraction(area: Any) -> None:  # noqa: ANN401
    with pytest.raises(RegisterError, match=f"area_mu: {area!r}: a whole number or a Fraction"):
        hundredths(area)


def test_a_valuation_is_of_a_date() -> None:
    with pytest.raises(EntryError, match="'2026-01-01': a date is expected"):
        brought_in(with_valuation(on="2026-01-01"))


def test_a_fiscal_fund_names_its_source_and_its_rule() -> None:
    fund = Money(300_000_00, "fiscal fund", source="示例财〔2024〕1号", rule="the village's collective shares")
    check_contribution(CASH._replace(brought=fund))
    for lacking, missing in (
        (fund._replace(source=" "), "the document that granted it"),
        (fund._replace(rule=""), "to whom and in what parts it is quantified"),
    ):
        with pytest.raises(RegisterError) as error:
            check_contribution(CASH._replace(brought=lacking))
        assert str(error.value) == f"contribution M1, fiscal fund: this is missing: {missing}"
        assert "财政专项资金" in error.value.say("zh")


def test_crowd_funding_names_its_campaign() -> None:
    with pytest.raises(RegisterError, match="crowd funding: this is missing: its campaign"):
        check_contribution(CASH._replace(brought=Money(500_00, "crowd funding")))


def test_a_term_that_is_over_is_not_brought_in() -> None:
    over = with_right(starts_on=FOUNDED, ends_on=date(2024, 2, 29))
    with pytest.raises(RegisterError, match="until 2024-02-29: its term is over on 2024-03-01"):
        brought_in(over)


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (LAND._replace(number="G/1"), "a number without '/'"),
        (LAND._replace(price_fen=None), "a valuation and a price"),
        (LAND._replace(shares=1), "a valuation and a price"),
        (LAND._replace(valuation=None, price_fen=None), "a valuation and a price"),
        (CASH._replace(price_fen=None), "money has a price"),
        (CASH._replace(shares=5), "money has a price"),
        (with_right(kind="air"), "right = air: one of land right"),
        (with_right(basis="air"), "basis = air"),
        (with_right(every="week"), "every = week"),
        (with_right(part="weeks"), "part = weeks"),
        (with_valuation(valued_by="me"), "valued_by = me"),
        (CASH._replace(brought=Money(1, "gold")), "money = gold"),  # type: ignore[arg-type]
        (CASH._replace(brought=Money(1, into="pocket")), "into = pocket"),  # type: ignore[arg-type]
        (with_right(ends_on=date(2024, 2, 1)), "its end lies before its start"),
    ],
)
def test_what_cannot_be_meant_is_refused(one: Contribution, message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        check_contribution(one, ADOPTED)


def test_a_cap_counts_all_that_one_holder_brings_in() -> None:
    journal = cooperative()
    capped = preset("cash", code="capped", capital="c2021:301", cap=900)
    put(journal, open_class(capped, effective_on=FOUNDED))
    one = CASH._replace(share_class="capped")
    with pytest.raises(RegisterError, match="cap"):
        brought_in(one, one._replace(number="M2"), journal=journal)
    brought_in(one, one._replace(number="M2", holder="0043"), journal=journal)


def test_the_register_refuses_who_may_not_have_the_shares() -> None:
    with pytest.raises(RegisterError, match="0042"):
        brought_in(LAND._replace(holder="0042"))  # land shares are the household's


# ---------------------------------------------------------------- the village gives


def village() -> MemoryJournal:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    put(journal, adopt(C2023))
    postings = [
        Posting("CNY", "c2023:311", "c2023:151", 500_000_00),
        Posting("CNY", "c2023:152", "c2023:515", 90_000_00),
    ]
    put(journal, lambda _: [Entry("note", DAY, DAY, {}, postings)])
    return journal


def test_a_village_contributes_to_an_enterprises_base() -> None:
    """财会〔2023〕14号: Dr long-term investment Cr the asset, the difference to the reserve and welfare fund."""
    journal = village()
    given = {"c2023:151": 500_000_00, "c2023:152": -90_000_00}
    put(journal, invest("base", 450_000_00, given, effective_on=DAY, reason="a dam for the base"))
    assert money(journal) == {"141/base": 450_000_00, "311": -540_000_00, "515": 90_000_00}
    with journal.read() as view:
        assert check_vouchers(vouchers(view)) == []
        assert [(one.account[6:], one.debit_fen, one.credit_fen) for one in vouchers(view)[-1].lines] == [
            ("141", 450_000_00, 0),
            ("152", 90_000_00, 0),
            ("151", 0, 500_000_00),
            ("311", 0, 40_000_00),
        ]


def test_a_base_worth_less_than_the_asset_lessens_the_reserve() -> None:
    journal = village()
    put(journal, invest("base", 400_000_00, {"c2023:151": 500_000_00}, effective_on=DAY, reason="a dam"))
    assert money(journal)["311"] == -400_000_00


def test_a_barren_hill_that_never_stood_in_the_books_is_all_difference() -> None:
    journal = village()
    put(journal, invest("hill", 160_000_00, {}, effective_on=DAY, reason="1,000 mu of barren hill"))
    assert money(journal)["141/hill"] == 160_000_00
    assert money(journal)["311"] == -660_000_00


def test_an_asset_that_is_given_later_is_not_given_before() -> None:
    journal = village()
    later = date(2024, 6, 1)
    given = {"c2023:151": 500_000_00, "c2023:152": -90_000_00}
    decision = invest("base", 1, given, effective_on=later, reason="a dam")
    given.clear()
    put(journal, decision)
    for again in ({"c2023:151": 1}, {"c2023:152": -1}):
        with pytest.raises(RegisterError, match=r"stands at 0.00 yuan from 2024-03-01 on"):
            put(journal, invest("base", 1, again, effective_on=DAY, reason="a dam"))


@pytest.mark.parametrize(
    ("amount", "given", "message"),
    [
        (
            1,
            {"c2023:151": 500_000_01},
            "c2023:151 stands at 500,000.00 yuan from 2024-03-01 on: 500,000.01 cannot leave it",
        ),
        (1, {"c2023:152": -90_000_01}, "c2023:152 stands at -90,000.00 yuan"),
        (0, {}, "a whole number above 0"),
    ],
)
def test_nothing_is_given_that_is_not_there(amount: int, given: dict[str, int], message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        put(village(), invest("base", amount, given, effective_on=DAY, reason="a dam"))


# ---------------------------------------------------------------- the accounts of rights


def bought(account: str, fen: int, on: date) -> Decision:
    return lambda _: [Entry("note", on, on, {}, [Posting(MONEY, account.partition(":")[0] + ":102", account, fen)])]


@pytest.mark.parametrize(
    "decision",
    [
        invest("base", 900_00, {"c2021:161/G1": 900_00}, effective_on=DAY, reason="land"),
        invest("base", 1, {"c2021:162/G1": -1}, effective_on=DAY, reason="land"),
        issue("cash", to="0042", shares=100, against="c2021:161/G1", effective_on=DAY),
        issue("cash", to="0042", shares=100, against="c2021:161/G1/part", effective_on=DAY),
        issue("cash", to="0042", shares=100, against="c2021:162/M1", effective_on=DAY),
        change_par_value(
            "land", par_fen=200_00, against="c2021:161/G1", effective_on=DAY, reason="appraisal", resolution=ADOPTED
        ),
    ],
)
def test_what_a_contribution_is_worth_is_moved_by_its_own_verbs_only(decision: Decision) -> None:
    journal = cooperative()
    put(journal, contribute(LAND, CASH, effective_on=DAY, resolution=ADOPTED))
    with pytest.raises(
        RegisterError, match=r"has the number of contribution [GM]1, which uses it: only the verbs of the contribution"
    ):
        put(journal, decision)


def test_the_account_of_a_contribution_that_ended_or_was_taken_back_is_not_told_to_end_it() -> None:
    for ended in (True, False):
        journal = brought_in(LAND)
        with journal.read() as view:
            seq = contributions_of(view)["G1"].seq
        end = end_contribution("G1", effective_on=DAY, reason="correction", rule="right only")
        put(journal, end if ended else take_back(seq, booked_on=DAY))
        with pytest.raises(RegisterError, match="has the number of contribution G1, which uses it") as error:
            put(journal, issue("cash", to="0044", shares=5, against="c2021:161/G1", effective_on=DAY))
        assert "end it first" not in str(error.value)


def test_a_right_that_the_book_bought_may_be_given_and_stand_against_shares() -> None:
    journal = cooperative()
    put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    for account in ("c2021:161", "c2021:161/software"):
        put(journal, bought(account, 500_00, DAY))
        put(journal, invest("base", 400_00, {account: 400_00}, effective_on=DAY, reason="software"))
        put(journal, issue("cash", to="0042", shares=100, against=account, effective_on=DAY))
    with journal.read() as view:
        assert check_contributions(view) == []


@pytest.mark.parametrize("account", ["161/G1", "162/G1", "161/G1/part"])
def test_a_number_under_which_something_else_stood_is_not_a_contribution_s(account: str) -> None:
    journal = cooperative()
    sold = date(2024, 6, 1)
    put(journal, bought(f"c2021:{account}", 500_00, DAY))
    put(journal, bought(f"c2021:{account}", 1, sold))
    with pytest.raises(RegisterError, match=rf"G1: c2021:16[12]/G1 stood at 500\.00 yuan on {DAY}, .* take another"):
        put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    put(journal, contribute(LAND._replace(number="G2"), effective_on=DAY, resolution=ADOPTED))


def test_a_number_is_free_again_when_its_contribution_was_taken_back() -> None:
    journal = cooperative(C2007)
    [brought] = put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    put(journal, take_back(brought.seq, booked_on=date(2024, 5, 1)))
    put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    assert money(journal) == {"161/G1": 60_000_00, "301": -60_000_00}


@pytest.mark.parametrize(
    ("one", "message"),
    [
        (LAND._replace(valuation="x"), "'x': a Valuation is expected"),  # type: ignore[arg-type]
        (LAND._replace(brought=None), "None: a Right or a Money is expected"),  # type: ignore[arg-type]
        (with_right(right_ends_on=None), "None: a date is expected"),
        (with_right(parcels=None), "None: a list of str is expected"),
        (with_right(parcels=(5,)), "5"),
        (with_right(contract=5), "contract: 5: a text is expected"),
        (LAND._replace(valuation=Valuation(60_000_00, "third party", DAY, appraiser=None)), "appraiser: None: a text"),  # type: ignore[arg-type]
        (LAND._replace(valuation=Valuation(60_000_00, "documents", DAY, per_mu_fen="x")), "per_mu_fen: 'x': a whole"),  # type: ignore[arg-type]
        (LAND._replace(number="G" * 81), "a number of at most 80 characters"),
    ],
)
def test_what_cannot_be_a_contribution_is_refused_in_words(one: Contribution, message: str) -> None:
    with pytest.raises(CoopledgerError, match=message):
        put(cooperative(), contribute(one, effective_on=DAY, resolution=ADOPTED))

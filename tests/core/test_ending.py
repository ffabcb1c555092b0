"""At its end a right goes back, and the shares that it gave are redeemed, whoever has them."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from coopledger.core.accounts import LOCK
from coopledger.core.amortisation import amortise
from coopledger.core.chart import C2007, C2021
from coopledger.core.citation import Document
from coopledger.core.contribution import Contribution, Money, Valuation, contribute, contributions_of
from coopledger.core.contribution_audit import check_contributions
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.ending import Rule, end_contribution
from coopledger.core.journal import Entry, reverse
from coopledger.core.movement import convert, freeze, issue, redeem, transfer, unfreeze
from coopledger.core.notice import give_notice
from coopledger.core.redenomination import redenominate
from coopledger.core.reversal import take_back
from coopledger.core.share_class import open_class, preset
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.voucher import vouchers
from coopledger.errors import RegisterError
from tests.core.cooperatives import ADOPTED, FOUNDED, cooperative, earned, money, put, units
from tests.core.rights import DAY, LAND, LAST, RIGHT, audited, book, values, with_right


def test_at_the_end_of_the_term_the_right_goes_back_and_its_value_stays_as_capital_surplus() -> None:
    journal = book()
    put(journal, amortise(through=date(2033, 12, 31)))
    last, redeemed = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert (last.kind, last.postings[0].quantity) == ("amortisation", 1_000_00)
    assert redeemed.kind == "redeem"
    assert money(journal) == {"321": -60_000_00, "401": 60_000_00}
    assert units(journal, "mu") == {}
    assert units(journal, "land") == {}
    with journal.read() as view:
        assert totals(trial_balance(view)).balanced
        assert vouchers(view)[-1].total_fen == 120_000_00
        assert contributions_of(view)["G1"].ended_on == LAST
    assert values(journal) == {}
    assert values(journal, date(2034, 2, 27)) == {"G1": (60_000_00, 59_000_00, 1_000_00)}
    assert put(journal, amortise(through=date(2040, 1, 1))) == []


@pytest.mark.parametrize(
    ("rule", "balances"),
    [
        ("right only", {"321": -10_000_00, "401": 10_000_00}),
        # 农民专业合作社法 28: the contribution is refunded: the right for its rest, money for what is gone
        ("right and money", {"114/17": -10_000_00, "401": 10_000_00}),
    ],
)
def test_a_leaver_gets_the_right_back_with_or_without_the_money_for_what_was_used_up(
    rule: Rule,
    balances: dict[str, int],
) -> None:
    journal = book()
    put(journal, amortise(through=date(2024, 12, 31)))
    put(journal, end_contribution("G1", effective_on=date(2025, 10, 31), reason="exclusion", rule=rule))
    assert money(journal) == balances


def test_a_premium_is_taken_back_when_the_right_goes_back() -> None:
    journal = book(LAND._replace(price_fen=150_00))
    assert money(journal) == {"161/G1": 60_000_00, "301": -40_000_00, "321": -20_000_00}
    put(journal, end_contribution("G1", effective_on=DAY, reason="exclusion", rule="right and money"))
    assert money(journal) == {}


def test_a_right_ends_no_earlier_than_it_was_brought_in_nor_for_a_reason_nobody_knows() -> None:
    built = RIGHT._replace(
        kind="infrastructure use right", area_mu=None, parcels=(), built_by="示例村", built_with="fiscal funds"
    )
    journal = book(LAND._replace(brought=built))
    earned(journal, 60_000_00)
    put(journal, redeem("land", holder="17", against="c2021:102", effective_on=DAY, reason="buy-back"))
    early = end_contribution("G1", effective_on=date(2024, 2, 29), reason="correction", rule="right only")
    with pytest.raises(RegisterError, match="G1 was brought in on 2024-03-01: it ends no earlier than that"):
        put(journal, early)
    reason: Any = "tired"
    with pytest.raises(RegisterError, match="'tired' is no reason here: expiry, withdrawal, exclusion, correction are"):
        end_contribution("G1", effective_on=LAST, reason=reason, rule="right only")


@pytest.mark.parametrize("rule", ["right only", "right and money"])
@pytest.mark.parametrize(("part", "day"), [("days", DAY), ("months", date(2024, 3, 31))])
def test_a_right_that_ends_on_its_first_day_for_a_correction_was_never_there(rule: Rule, part: Any, day: date) -> None:  # noqa: ANN401
    journal = cooperative()
    put(journal, contribute(with_right(part=part, every="month"), effective_on=day, resolution=ADOPTED))
    put(journal, amortise(through=date(2024, 5, 31)))
    put(journal, end_contribution("G1", effective_on=day, reason="correction", rule=rule))
    assert (money(journal), units(journal, "mu"), audited(journal)) == ({}, {}, [])
    assert money(journal, date(2024, 4, 15)) == {}


def test_another_reason_or_day_of_an_end_leaves_what_was_used_up() -> None:
    for reason, on in (("exclusion", DAY), ("correction", date(2024, 3, 2))):
        journal = book(with_right(part="days"))
        because: Any = reason
        put(journal, end_contribution("G1", effective_on=on, reason=because, rule="right only"))
        assert money(journal)["401"] > 0


def test_by_days_what_was_used_up_to_the_day_is_booked_at_the_end() -> None:
    one = with_right(part="days", starts_on=DAY, ends_on=date(2025, 2, 28), right_ends_on=LAST)
    journal = book(one._replace(valuation=Valuation(36_500_00, "members", FOUNDED)))
    put(journal, end_contribution("G1", effective_on=date(2024, 3, 10), reason="exclusion", rule="right only"))
    assert money(journal) == {"321": -1_000_00, "401": 1_000_00}


def test_a_right_is_used_up_on_its_last_day_whatever_month_it_ends_in() -> None:
    last = date(2024, 3, 25)
    journal = book(with_right(ends_on=last))
    put(journal, end_contribution("G1", effective_on=last, rule="right only"))
    assert money(journal) == {"321": -60_000_00, "401": 60_000_00}
    assert values(journal, last) == {}


def test_what_was_booked_beyond_the_day_is_booked_back() -> None:
    journal = book()
    put(journal, amortise(through=date(2025, 12, 31)))
    on = date(2025, 10, 31)
    put(
        journal,
        end_contribution("G1", effective_on=on, booked_on=date(2026, 1, 5), reason="exclusion", rule="right only"),
    )
    assert money(journal) == {"321": -10_000_00, "401": 10_000_00}


def test_an_end_that_is_still_ahead_books_each_year_on_its_own_day() -> None:
    journal = book()
    end = date(2030, 6, 30)
    records = put(journal, end_contribution("G1", effective_on=end, reason="exclusion", rule="right only"))
    booked = [(str(one.effective_on), str(one.booked_on), one.postings[0].quantity) for one in records[:-1]]
    years = [(f"{year}-12-31", f"{year}-12-31", 6_000_00) for year in range(2025, 2030)]
    assert booked == [("2024-12-31", "2024-12-31", 5_000_00), *years, ("2030-06-30", "2030-06-30", 3_000_00)]
    assert values(journal, date(2027, 1, 1)) == {"G1": (60_000_00, 17_000_00, 43_000_00)}
    assert put(journal, amortise(through=date(2040, 1, 1))) == []
    assert money(journal) == {"321": -38_000_00, "401": 38_000_00}
    with journal.read() as view:
        assert check_contributions(view) == []


def test_what_was_booked_for_later_years_is_booked_back_on_their_days() -> None:
    journal = book()
    put(journal, amortise(through=date(2028, 12, 31)))
    end = date(2027, 6, 30)
    put(journal, end_contribution("G1", effective_on=end, reason="exclusion", rule="right only"))
    for on in (end, date(2027, 12, 30), date(2027, 12, 31), date(2028, 6, 1), date(2029, 1, 1)):
        assert money(journal, on) == {"321": -20_000_00, "401": 20_000_00}
    with journal.read() as view:
        assert totals(trial_balance(view)).balanced


def test_what_an_end_books_of_a_locked_month_is_booked_with_it() -> None:
    journal = book()
    put(journal, lambda _: [Entry(LOCK, date(2025, 1, 31), date(2025, 2, 1), {"through": "2025-01-31"})])
    on = date(2025, 12, 31)
    year, rest, _ = put(journal, end_contribution("G1", effective_on=on, reason="exclusion", rule="right only"))
    assert (str(year.effective_on), str(year.booked_on)) == ("2024-12-31", "2025-12-31")
    assert (str(rest.effective_on), str(rest.booked_on)) == ("2025-12-31", "2025-12-31")


def test_what_an_end_books_of_years_before_a_conversion_is_booked_in_the_new_chart() -> None:
    since, last = date(2020, 1, 1), date(2023, 12, 31)
    right = RIGHT._replace(starts_on=since, ends_on=last, right_ends_on=last)
    journal = cooperative(C2007, since)
    put(journal, contribute(LAND._replace(brought=right), effective_on=since, resolution=ADOPTED._replace(day=since)))
    put(journal, convert_chart(C2021, C2007_TO_C2021))
    put(journal, end_contribution("G1", effective_on=last, rule="right only"))
    assert money(journal) == {"321": -60_000_00, "401": 60_000_00}


def test_a_chart_without_accumulated_amortisation_ends_a_right_too() -> None:
    since, last = date(2020, 1, 1), date(2021, 12, 31)
    right = RIGHT._replace(starts_on=since, ends_on=last, right_ends_on=last)
    journal = cooperative(C2007, since)
    put(journal, contribute(LAND._replace(brought=right), effective_on=since, resolution=ADOPTED._replace(day=since)))
    put(journal, amortise(through=date(2020, 12, 31)))
    put(journal, end_contribution("G1", effective_on=last, rule="right only"))
    assert money(journal) == {"321": -60_000_00, "522": 60_000_00}


def test_shares_that_passed_on_are_redeemed_where_they_are() -> None:
    """Two heirs, or a household that was divided: the right is one, and ends for all of them."""
    journal = book()
    on = date(2025, 1, 1)
    put(journal, transfer("land", holder="17", to="18", shares=200, effective_on=on, reason="sale"))
    put(journal, end_contribution("G1", effective_on=date(2025, 10, 31), reason="exclusion", rule="right and money"))
    assert units(journal, "land") == {}
    assert money(journal) == {"114/17": -6_666_66, "114/18": -3_333_33, "321": -1, "401": 10_000_00}
    assert audited(journal) == []


def test_shares_that_are_pledged_or_frozen_keep_a_right() -> None:
    journal = book()
    put(journal, transfer("land", holder="17", to="18", effective_on=DAY, reason="sale"))
    put(journal, freeze("land", holder="18", shares=5, effective_on=DAY, reason="dispute"))
    with pytest.raises(RegisterError, match="18 has 595 free shares of land; 5 are frozen"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    put(journal, unfreeze("land", holder="18", shares=5, effective_on=DAY, reason="settlement"))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "land") == {}


def test_who_gives_a_right_back_by_withdrawing_has_given_notice_whoever_brought_it() -> None:
    """Both of its holders: one has, the other has not."""
    journal = book(LAND._replace(holder="0042", share_class="cash", price_fen=1_00))
    put(journal, transfer("cash", holder="0042", to="0044", shares=10, effective_on=DAY, reason="gift"))
    put(journal, give_notice("0042", effective_on=DAY))
    end = end_contribution("G1", effective_on=date(2025, 1, 1), reason="withdrawal", rule="right only")
    with pytest.raises(RegisterError, match="0044 leaves on 2025-01-01 without notice"):
        put(journal, end)
    put(journal, give_notice("0044", effective_on=DAY))
    put(journal, end)
    assert units(journal, "cash") == {}


MORE = Contribution("M1", "17", "land", Money(10_000_00), price_fen=100_00)
"""A hundred land shares for money, besides the 600 that the land gave."""
G2 = with_right(parcels=("1-08",))._replace(number="G2")


@pytest.mark.parametrize("rule", ["right only", "right and money"])
def test_a_right_goes_back_with_the_shares_that_it_gave_and_no_others(rule: Rule) -> None:
    journal = book(LAND, MORE, G2)
    put(journal, issue("land", to="17", shares=7, effective_on=DAY, reason="subscription", paid=False))
    put(journal, end_contribution("G1", effective_on=LAST, rule=rule))
    assert units(journal, "land") == {"holder/17": 700, "holder/17/unpaid": 7, "unissued": -707}
    assert audited(journal) == []
    put(journal, end_contribution("G2", effective_on=LAST, rule=rule))
    assert units(journal, "land") == {"holder/17": 100, "holder/17/unpaid": 7, "unissued": -107}


BOUGHT_BACK: dict[str, Any] = {"against": "c2021:102", "reason": "buy-back", "effective_on": date(2025, 1, 1)}


def test_what_moves_is_of_no_right_first_and_then_of_one() -> None:
    journal = book(LAND, MORE)
    earned(journal, 15_000_00)
    [bought] = put(journal, redeem("land", holder="17", shares=250, **BOUGHT_BACK))
    assert [(one.lot, one.quantity) for one in bought.postings if one.denomination == "land"] == [
        (None, 100),
        ("contribution/G1", 150),
    ]
    *_, ended = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "land") == {}
    with pytest.raises(RegisterError, match=f"record {bought.seq}: contribution G1 ended without the shares"):
        put(journal, take_back(bought.seq, booked_on=LAST))
    put(journal, take_back(ended.seq, booked_on=LAST))
    put(journal, take_back(bought.seq, booked_on=LAST))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "land") == {"holder/17": 100, "unissued": -100}


def test_shares_of_a_right_that_ended_do_not_come_back_by_a_conversion_that_is_taken_back() -> None:
    journal = book()
    put(journal, open_class(preset("land", code="hill", par_fen=100_00, capital="c2021:301"), effective_on=DAY))
    converted = convert("land", into="hill", holder="17", shares=600, ratio=1, effective_on=DAY, reason="charter")
    [elsewhere] = put(journal, converted)
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    with pytest.raises(RegisterError, match="G1 ended without the shares"):
        put(journal, take_back(elsewhere.seq, booked_on=LAST))


def test_what_comes_back_by_a_slip_is_found() -> None:
    journal = book()
    earned(journal, 25_000_00)
    [bought] = put(journal, redeem("land", holder="17", shares=250, **BOUGHT_BACK))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert audited(journal) == []
    put(journal, lambda _: [Entry("slip", LAST, LAST, {}, reverse(bought))])
    assert audited(journal) == [
        "contribution G1: it ended on 2034-02-28, and 17 has 250 of land for it: they go back with it"
    ]


def test_money_is_owed_for_the_part_of_the_shares_that_is_left() -> None:
    """Half of the shares were bought back; of the 10,000 yuan used up by the day half is owed, not all."""
    journal = book()
    earned(journal, 30_000_00)
    put(journal, redeem("land", holder="17", shares=300, **BOUGHT_BACK))
    put(journal, end_contribution("G1", effective_on=date(2025, 10, 31), rule="right and money", reason="exclusion"))
    assert money(journal)["114/17"] == -5_000_00


def test_a_right_whose_shares_are_gone_ends_without_them_and_may_be_taken_back() -> None:
    journal = book()
    earned(journal, 60_000_00)
    put(journal, redeem("land", holder="17", against="c2021:102", effective_on=LAST, reason="correction"))
    put(journal, amortise(through=LAST))
    with pytest.raises(RegisterError, match="no share of it is left") as refused:
        put(journal, end_contribution("G1", effective_on=LAST, rule="right and money"))
    assert refused.value.about == ("rule",)
    [end] = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert values(journal) == {}
    assert units(journal, "mu") == {}
    assert not any(one.denomination == "land" for one in end.postings)
    assert audited(journal) == []
    put(journal, take_back(end.seq, booked_on=LAST))
    assert values(journal) == {"G1": (60_000_00, 60_000_00, 0)}


def test_after_a_split_the_shares_of_a_right_go_back_as_they_count_now() -> None:
    journal = book(LAND, MORE)
    earned(journal, 5_000_00)
    on = date(2025, 1, 1)
    put(journal, redeem("land", holder="17", shares=150, against="c2021:102", effective_on=on, reason="buy-back"))
    put(journal, redenominate("land", factor=10, digits=1, effective_on=on, resolution=ADOPTED))
    put(journal, end_contribution("G1", effective_on=date(2025, 10, 31), rule="right and money", reason="exclusion"))
    assert units(journal, "land") == {}
    assert money(journal)["114/17"] == -9_166_66  # 550 of 600 shares


def test_the_shares_of_each_right_stay_whole_when_shares_are_joined() -> None:
    """15 and 25 shares of two rights would become 1.5 and 2.5, and 4 together: with a decimal they do."""
    small = Valuation(1_500_00, "members", FOUNDED)
    large = Valuation(2_500_00, "members", FOUNDED)
    journal = book(LAND._replace(valuation=small), G2._replace(valuation=large))
    joined: dict[str, Any] = {"factor": Fraction(1, 10), "effective_on": date(2025, 1, 1), "resolution": ADOPTED}
    with pytest.raises(RegisterError, match=r"17 would have 1\.5 shares of lot contribution/G1: .* more decimals"):
        put(journal, redenominate("land", **joined))
    put(journal, redenominate("land", digits=1, **joined))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right and money"))
    assert (units(journal, "land")["holder/17"], money(journal)["114/17"]) == (25, -1_500_00)
    put(journal, end_contribution("G2", effective_on=LAST, rule="right and money"))
    assert (units(journal, "land"), money(journal)["114/17"]) == ({}, -4_000_00)
    assert audited(journal) == []


def test_shares_of_a_right_are_locked_in_from_the_day_on_which_it_was_brought() -> None:
    journal = cooperative()
    put(journal, open_class(preset("land", code="firm", lock_in_days=365), effective_on=FOUNDED))
    one = LAND._replace(valuation=None, price_fen=None, shares=10, share_class="firm")
    [brought] = put(journal, contribute(one, effective_on=DAY))
    assert brought.postings[0].lot == "2024-03-01/G1"
    sale: dict[str, Any] = {"holder": "17", "to": "18", "shares": 4, "reason": "sale"}
    with pytest.raises(RegisterError, match="locked in until 2025-03-01"):
        put(journal, transfer("firm", effective_on=date(2025, 2, 28), **sale))
    put(journal, transfer("firm", effective_on=date(2025, 3, 1), **sale))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "firm") == {}


def test_nothing_else_is_issued_into_the_lot_of_a_right() -> None:
    journal = book()
    issued = issue("land", to="18", shares=1, against="c2021:102", lot="contribution/G1", effective_on=DAY)
    with pytest.raises(RegisterError, match="lot 'contribution/G1': with '/' is named what a contribution gave"):
        put(journal, issued)


def test_an_ending_that_was_taken_back_did_not_happen() -> None:
    journal = book()
    *_, ended = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    put(journal, take_back(ended.seq, booked_on=date(2034, 3, 5)))
    assert values(journal) == {"G1": (60_000_00, 60_000_00, 0)}
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "land") == {}


def test_an_end_that_moved_nothing_is_taken_back() -> None:
    journal = cooperative()
    put(journal, open_class(preset("land", code="use"), effective_on=FOUNDED))
    right = RIGHT._replace(kind="infrastructure use right", area_mu=None, built_by="village", built_with="fund 1")
    one = LAND._replace(brought=right, valuation=None, price_fen=None, shares=10, share_class="use")
    put(journal, contribute(one, effective_on=DAY))
    put(journal, redeem("use", holder="17", effective_on=DAY, reason="correction"))
    [end] = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert end.postings == ()
    put(journal, take_back(end.seq, booked_on=LAST))
    with journal.read() as view:
        assert contributions_of(view)["G1"].ended_on is None
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))


def test_an_end_is_not_taken_back_when_another_has_the_parcel_by_now() -> None:
    journal = book()
    on = date(2025, 1, 1)
    *_, ended = put(journal, end_contribution("G1", effective_on=on, reason="exclusion", rule="right only"))
    other = with_right(starts_on=on)._replace(number="G2", holder="18")
    [again] = put(journal, contribute(other, effective_on=on, resolution=ADOPTED))
    with pytest.raises(RegisterError, match="G1: parcel 1-07 is brought in already by 18, as G2 from 2025-01-01"):
        put(journal, take_back(ended.seq, booked_on=on))
    assert audited(journal) == []
    put(journal, lambda _: [Entry("slip", on, on, {}, reverse(ended))])
    [twice] = audited(journal)
    assert twice.startswith("contribution G2: parcel 1-07 is in contribution G1 of 17 too, from 2025-01-01 to 2034-02-")
    put(journal, take_back(again.seq, booked_on=on))
    assert audited(journal) == []


def test_an_end_is_taken_back_when_the_parcel_is_free_again() -> None:
    journal = book()
    on = date(2025, 1, 1)
    *_, ended = put(journal, end_contribution("G1", effective_on=on, reason="exclusion", rule="right only"))
    [again] = put(
        journal, contribute(with_right(starts_on=on)._replace(number="G2"), effective_on=on, resolution=ADOPTED)
    )
    put(journal, take_back(again.seq, booked_on=on))
    put(journal, take_back(ended.seq, booked_on=on))
    with journal.read() as view:
        assert {number: one.ended_on for number, one in contributions_of(view).items()} == {"G1": None}


def test_a_right_without_a_value_goes_back_with_its_shares() -> None:
    journal = cooperative()
    put(journal, open_class(preset("land", code="mu-shares", digits=2), effective_on=FOUNDED))
    one = LAND._replace(valuation=None, price_fen=None, shares=1250, share_class="mu-shares")
    put(journal, contribute(one, effective_on=DAY))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert (units(journal, "mu"), units(journal, "mu-shares"), money(journal)) == ({}, {}, {})


@pytest.mark.parametrize(
    ("number", "changes", "message"),
    [
        ("G1", {"effective_on": date(2034, 2, 27)}, "runs until 2034-02-28: it does not expire on 2034-02-27"),
        ("G9", {}, "no right under this number"),
        ("M1", {}, "no right under this number"),
        ("G1", {"rule": "nothing"}, "one of right only, right and money"),
    ],
)
def test_what_cannot_end_is_refused(number: str, changes: dict[str, Any], message: str) -> None:
    journal = book()
    put(journal, contribute(Contribution("M1", "0044", "cash", Money(500_00), price_fen=1_00), effective_on=DAY))
    with pytest.raises(RegisterError, match=message):
        put(journal, end_contribution(number, **{"effective_on": LAST, "rule": "right only", **changes}))


def test_the_papers_of_an_end_are_read_once() -> None:
    journal = book()
    papers = iter([Document("handed back.pdf", "ab" * 32)])
    decision = end_contribution("G1", effective_on=LAST, rule="right only", documents=papers)
    first = journal.append(decision, key="end", actor="accountant")
    assert journal.append(decision, key="end", actor="accountant") == first
    assert first[-1].facts["documents"][0]["name"] == "handed back.pdf"


def test_what_ended_does_not_end_again() -> None:
    journal = book()
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    with pytest.raises(RegisterError, match="ended on 2034-02-28 already"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))


def test_a_right_ends_in_a_class_that_is_spread_on_leaving_too() -> None:
    """What it gave was no subsidy: it goes back with the right, and is not spread."""
    journal = cooperative()
    put(journal, open_class(preset("land", code="common", on_leaving="spread"), effective_on=FOUNDED))
    one = LAND._replace(valuation=None, price_fen=None, shares=10, share_class="common")
    put(journal, contribute(one, effective_on=DAY))
    with pytest.raises(RegisterError, match="common is never refunded"):
        put(journal, redeem("common", holder="17", effective_on=LAST, reason="expiry"))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "common") == {}

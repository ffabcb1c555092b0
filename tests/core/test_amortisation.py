"""A right is used up over its term, is booked once, and goes back at its end."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import LOCK
from coopledger.core.amortisation import (
    Rule,
    amortisation,
    amortise,
    book_values,
    check_contributions,
    check_not_built_on,
    end_contribution,
    restate_amortisation,
    revalue_contribution,
    used_up,
)
from coopledger.core.chart import C2007, C2021, MONEY, adopt
from coopledger.core.citation import Document
from coopledger.core.contribution import Contribution, Money, Right, Valuation, contribute, contributions_of
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.instalment import Every, Part
from coopledger.core.journal import Decision, Entry, Posting, Record, View, reverse
from coopledger.core.movement import issue, redeem, transfer
from coopledger.core.redenomination import redenominate
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import class_on, open_class, preset
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.voucher import vouchers
from coopledger.errors import RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core.cooperatives import ADOPTED, FOUNDED, cooperative, money, put, units
from tests.core.strategies import steady

DAY = date(2024, 3, 1)
LAST = date(2034, 2, 28)
RIGHT = Right(
    "land right", DAY, LAST, LAST, area_mu=Fraction(25, 2), parcels=("1-07",), contract="示例证 0001", every="year"
)
LAND = Contribution("G1", "17", "land", RIGHT, Valuation(60_000_00, "members", FOUNDED), price_fen=100_00)
"""6,000 yuan a year, 500 a month."""


def book(one: Contribution = LAND) -> MemoryJournal:
    journal = cooperative()
    put(journal, contribute(one, effective_on=DAY, resolution=ADOPTED))
    return journal


def with_right(**changes: Any) -> Contribution:
    return LAND._replace(brought=RIGHT._replace(**changes))


def values(journal: MemoryJournal, on: date | None = None) -> dict[str, tuple[int, int, int]]:
    with journal.read() as view:
        return {
            one.standing.contribution.number: (one.value_fen, one.amortised_fen, one.book_fen)
            for one in book_values(view, on)
        }


# ---------------------------------------------------------------- booked


def test_what_is_due_is_booked_year_by_year() -> None:
    """财会〔2021〕37号 31, 使用说明 162: Dr production costs Cr accumulated amortisation."""
    journal = book()
    records = put(journal, amortise(through=date(2026, 6, 30)))
    assert [(one.kind, str(one.booked_on), one.postings[0].quantity) for one in records] == [
        ("amortisation", "2024-12-31", 5_000_00),
        ("amortisation", "2025-12-31", 6_000_00),
    ]
    assert money(journal) == {"161/G1": 60_000_00, "162/G1": -11_000_00, "301": -60_000_00, "401": 11_000_00}
    assert values(journal) == {"G1": (60_000_00, 11_000_00, 49_000_00)}
    assert values(journal, date(2024, 12, 31)) == {"G1": (60_000_00, 5_000_00, 55_000_00)}
    assert values(journal, date(2024, 2, 29)) == {}


def test_booking_again_books_only_what_has_become_due() -> None:
    journal = book()
    put(journal, amortise(through=date(2026, 6, 30)))
    assert put(journal, amortise(through=date(2026, 6, 30))) == []
    assert [one.postings[0].quantity for one in put(journal, amortise(through=date(2027, 1, 1)))] == [6_000_00]


@steady(60)
@given(
    st.integers(1, 10**6),
    st.sampled_from(["month", "year"]),
    st.sampled_from(["months", "days"]),
    st.lists(st.dates(date(2024, 1, 1), date(2036, 1, 1)), max_size=4),
)
def test_however_often_somebody_books_the_value_is_used_up_to_the_fen(
    hundreds: int,
    every: Every,
    part: Part,
    days: list[date],
) -> None:
    one = with_right(every=every, part=part)._replace(
        valuation=Valuation(hundreds * 100, "members", FOUNDED), price_fen=1_00, share_class="cash", holder="0042"
    )
    journal = book(one)
    booked: dict[date, int] = {}
    for day in [*days, date(2036, 1, 1)]:
        for record in put(journal, amortise(through=day)):
            booked[record.effective_on] = booked.get(record.effective_on, 0) + record.postings[0].quantity
    assert booked == {period.ends_on: period.amount_fen for period in amortisation(one)}
    assert values(journal) == {"G1": (hundreds * 100, hundreds * 100, 0)}


def test_several_rights_of_a_year_are_one_record() -> None:
    journal = book()
    other = with_right(parcels=("1-08",))
    other = other._replace(number="G2", holder="18", valuation=Valuation(12_000_00, "members", FOUNDED))
    put(journal, contribute(other, effective_on=DAY, resolution=ADOPTED))
    [record] = put(journal, amortise(through=date(2024, 12, 31)))
    assert [(one.source, one.quantity) for one in record.postings] == [
        ("c2021:162/G1", 5_000_00),
        ("c2021:162/G2", 1_000_00),
    ]


def test_a_reversal_is_booked_anew() -> None:
    journal = book()
    [record] = put(journal, amortise(through=date(2024, 12, 31)))
    on = date(2025, 2, 1)
    put(journal, lambda _: [Entry("reversal", date(2024, 12, 31), on, {}, reverse(record, {0: 1_000_00}))])
    assert values(journal)["G1"][1] == 4_000_00
    assert [one.postings[0].quantity for one in put(journal, amortise(through=date(2024, 12, 31)))] == [1_000_00]


def test_what_falls_into_a_locked_period_is_booked_on_the_first_open_day() -> None:
    journal = book()
    lock = Entry(LOCK, date(2025, 1, 31), date(2025, 2, 1), {"through": "2025-01-31"})
    put(journal, lambda _: [lock])
    first, second = put(journal, amortise(through=date(2025, 12, 31)))
    assert (str(first.effective_on), str(first.booked_on)) == ("2024-12-31", "2025-02-01")
    assert (str(second.effective_on), str(second.booked_on)) == ("2025-12-31", "2025-12-31")


def test_a_late_booking_may_name_its_own_day() -> None:
    journal = book()
    lock = Entry(LOCK, date(2025, 1, 31), date(2025, 2, 1), {"through": "2025-01-31"})
    put(journal, lambda _: [lock])
    [record] = put(journal, amortise(through=date(2024, 12, 31), booked_on=date(2025, 3, 5)))
    assert record.booked_on == date(2025, 3, 5)


def test_what_falls_on_the_first_open_day_is_booked_on_it() -> None:
    journal = book()
    lock = Entry(LOCK, date(2024, 12, 30), date(2025, 2, 1), {"through": "2024-12-30"})
    put(journal, lambda _: [lock])
    [record] = put(journal, amortise(through=date(2024, 12, 31), booked_on=date(2025, 3, 5)))
    assert record.booked_on == date(2024, 12, 31)


def test_money_and_what_has_no_value_is_not_amortised() -> None:
    cash = Contribution("M1", "0044", "cash", Money(500_00), price_fen=1_00)
    journal = book(cash)
    assert amortisation(cash) == []
    assert put(journal, amortise(through=date(2030, 1, 1))) == []
    assert values(journal) == {}


def test_a_contribution_that_was_taken_back_is_not_amortised() -> None:
    journal = book()
    with journal.read() as view:
        seq = contributions_of(view)["G1"].seq
    put(journal, take_back(seq, booked_on=DAY))
    assert put(journal, amortise(through=date(2030, 1, 1))) == []


def test_a_right_is_used_up_from_the_day_on_which_it_was_brought_in() -> None:
    """What was used up before was not the cooperative's: a right of 2020 in a book of 2024."""
    journal = book(with_right(starts_on=date(2020, 1, 1), ends_on=date(2033, 12, 31)))
    put(journal, amortise(through=date(2040, 1, 1)))
    assert money(journal) == {"161/G1": 60_000_00, "162/G1": -60_000_00, "301": -60_000_00, "401": 60_000_00}
    with journal.read() as view:
        first, second, *_ = view.records("amortisation")
    assert (str(first.effective_on), first.postings[0].quantity) == ("2024-12-31", 5_084_75)  # 10 of 118 months
    assert (str(second.effective_on), second.postings[0].quantity) == ("2025-12-31", 6_101_69)


# ---------------------------------------------------------------- valued anew


def anew(fen: int, on: date = date(2025, 7, 1), **changes: Any) -> Decision:
    given_: dict[str, Any] = {"effective_on": on, "reason": "appraisal"}
    return revalue_contribution("G1", Valuation(fen, "agreed price", on), **{**given_, **changes})


def test_a_right_valued_anew_is_spread_over_the_rest_of_its_term() -> None:
    """8,000 yuan are used up by 2025-07-01; 52,000 become 62,400 for 104 months, 600 a month."""
    journal = book()
    put(journal, amortise(through=date(2024, 12, 31)))
    late, changed = put(journal, anew(62_400_00))
    assert (str(late.effective_on), late.postings[0].quantity) == ("2025-06-30", 3_000_00)
    assert (changed.kind, changed.facts["difference_fen"]) == ("revaluation", 10_400_00)
    assert money(journal) == {
        "161/G1": 70_400_00,
        "162/G1": -8_000_00,
        "301": -60_000_00,
        "321": -10_400_00,
        "401": 8_000_00,
    }
    assert values(journal) == {"G1": (70_400_00, 8_000_00, 62_400_00)}
    assert values(journal, date(2025, 6, 30)) == {"G1": (60_000_00, 8_000_00, 52_000_00)}
    records = put(journal, amortise(through=date(2026, 12, 31)))
    assert [one.postings[0].quantity for one in records] == [3_600_00, 7_200_00]
    with journal.read() as view:
        assert holdings(view, "land")["17"].shares == 600
        assert audit_register(view) == []
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert money(journal) == {"321": -70_400_00, "401": 70_400_00}


def test_a_right_worth_less_lowers_the_capital_surplus() -> None:
    journal = book()
    put(journal, anew(41_600_00))
    assert money(journal)["321"] == 10_400_00
    assert values(journal)["G1"][2] == 41_600_00
    put(journal, amortise(through=LAST))
    assert values(journal)["G1"] == (49_600_00, 49_600_00, 0)


def test_the_same_value_again_moves_nothing() -> None:
    journal = book()
    put(journal, amortise(through=date(2024, 12, 31)))
    [record] = put(journal, anew(55_000_00, date(2025, 1, 1)))
    assert record.postings == ()
    assert [one.postings[0].quantity for one in put(journal, amortise(through=date(2025, 12, 31)))] == [6_000_00]


@steady(40)
@given(
    st.lists(st.tuples(st.dates(DAY, LAST), st.integers(1, 10**7)), min_size=1, max_size=3),
    st.sampled_from(["month", "year"]),
    st.sampled_from(["months", "days"]),
)
def test_however_often_it_is_valued_anew_it_is_used_up_to_the_fen(
    steps: list[tuple[date, int]], every: Every, part: Part
) -> None:
    journal = book(with_right(every=every, part=part))
    for on, fen in sorted(steps):
        before = date.fromordinal(on.toordinal() - 1)
        put(journal, amortise(through=before))
        put(journal, anew(fen, on))
        assert values(journal, on)["G1"][2] == fen
    put(journal, amortise(through=LAST))
    value, amortised, rest = values(journal)["G1"]
    assert (value, rest) == (amortised, 0)
    with journal.read() as view:
        one = contributions_of(view)["G1"]
    assert sum(period.amount_fen for period in amortisation(one)) == value
    assert used_up(one, LAST) == value


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (lambda: anew(1, date(2024, 2, 29)), "may be valued anew from 2024-03-01 to 2034-02-28, not on 2024-02-29"),
        (lambda: anew(1, date(2034, 3, 1)), "not on 2034-03-01"),
        (lambda: anew(0), "0 fen: a whole number above 0"),
        (
            lambda: revalue_contribution("G1", Valuation(1, "members", DAY), effective_on=DAY, reason="x"),
            "is adopted by a meeting",
        ),
        (
            lambda: revalue_contribution("M1", Valuation(1, "documents", DAY), effective_on=DAY, reason="x"),
            "no right under this number",
        ),
    ],
)
def test_what_cannot_be_valued_anew_is_refused(decision: Any, message: str) -> None:  # noqa: ANN401
    journal = book()
    put(journal, contribute(Contribution("M1", "0044", "cash", Money(500_00), price_fen=1_00), effective_on=DAY))
    with pytest.raises(RegisterError, match=message):
        put(journal, decision())


def test_a_revaluation_counts_on_nothing_that_was_booked_after_it() -> None:
    journal = book()
    put(journal, amortise(through=date(2025, 12, 31)))
    with pytest.raises(RegisterError, match=r"11,000.00 yuan are booked as used up, by 2025-06-30 it is 8,000.00"):
        put(journal, anew(62_400_00))
    put(journal, anew(62_400_00, date(2026, 1, 1)))
    with pytest.raises(RegisterError, match="from 2026-01-01 to 2034-02-28, not on 2025-12-31"):
        put(journal, anew(1, date(2025, 12, 31)))
    with pytest.raises(RegisterError, match="was valued anew on 2026-01-01: it ends no earlier"):
        put(journal, end_contribution("G1", effective_on=date(2025, 12, 31), reason="exclusion", rule="right only"))


def test_who_gets_right_and_money_gets_what_he_contributed_whatever_it_is_worth_now() -> None:
    end = date(2025, 7, 31)
    for fen, owed in ((70_000_00, 0), (31_200_00, 29_100_00)):
        journal = book()
        put(journal, anew(fen))
        put(journal, end_contribution("G1", effective_on=end, reason="exclusion", rule="right and money"))
        assert money(journal).get("114/17", 0) == -owed


def test_a_right_without_a_value_is_not_valued_anew() -> None:
    journal = cooperative()
    put(journal, open_class(preset("land", code="mu-shares", digits=2), effective_on=FOUNDED))
    one = LAND._replace(valuation=None, price_fen=None, shares=1250, share_class="mu-shares")
    put(journal, contribute(one, effective_on=DAY))
    with pytest.raises(RegisterError, match=r"G1 has 0\.00 yuan of value"):
        put(journal, anew(1))


# ---------------------------------------------------------------- taken back


def back(journal: MemoryJournal, record: Record) -> None:
    """Take a record back as a whole, if nothing builds on it."""

    def decide(view: View) -> list[Entry]:
        check_not_built_on(view, record)
        return [Entry("reversal", record.effective_on, record.effective_on, {}, reverse(record))]

    put(journal, decide)


def test_a_contribution_and_what_became_of_it_are_taken_back_the_latest_first() -> None:
    journal = cooperative()
    [brought] = put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    [year] = put(journal, amortise(through=date(2024, 12, 31)))
    late, changed = put(journal, anew(62_400_00))
    [more] = put(journal, amortise(through=date(2025, 12, 31)))
    for one in (brought, year, late, changed):
        with pytest.raises(RegisterError, match=f"record {one.seq}: contribution G1 was amortised, valued anew or"):
            back(journal, one)
    for one in (more, changed):
        back(journal, one)
    assert values(journal) == {"G1": (60_000_00, 8_000_00, 52_000_00)}
    for one in (late, year, brought):
        back(journal, one)
    assert (money(journal), units(journal, "mu"), values(journal)) == ({}, {}, {})


def test_what_was_used_up_of_a_right_that_went_back_stays() -> None:
    journal = book()
    [year] = put(journal, amortise(through=date(2024, 12, 31)))
    *_, ended = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    with pytest.raises(RegisterError, match="or ended after it"):
        back(journal, year)
    back(journal, ended)
    back(journal, year)
    assert values(journal)["G1"][1] == 55_000_00


# ---------------------------------------------------------------- from one chart to the next


def test_an_old_chart_writes_off_the_right_itself_and_the_new_one_shows_it_apart() -> None:
    """财会〔2021〕38号 2(一)3 and 4(二)."""
    since, last = date(2020, 1, 1), date(2029, 12, 31)
    right = RIGHT._replace(starts_on=since, ends_on=last, right_ends_on=last)
    journal = cooperative(C2007, since)
    put(journal, contribute(LAND._replace(brought=right), effective_on=since, resolution=ADOPTED._replace(day=since)))
    put(journal, amortise(through=date(2022, 12, 31)))
    assert money(journal) == {"161/G1": 42_000_00, "301": -60_000_00, "522": 18_000_00}
    put(journal, lambda _: [_closing()])
    put(journal, convert_chart(C2021, C2007_TO_C2021))
    assert values(journal)["G1"] == (60_000_00, 18_000_00, 42_000_00)
    put(journal, restate_amortisation(effective_on=date(2023, 1, 1)))
    assert put(journal, restate_amortisation(effective_on=date(2023, 1, 1))) == []
    assert (money(journal)["161/G1"], money(journal)["162/G1"]) == (60_000_00, -18_000_00)
    put(journal, amortise(through=date(2023, 12, 31)))
    assert values(journal)["G1"] == (60_000_00, 24_000_00, 36_000_00)
    with journal.read() as view:
        assert audit_register(view) == []  # shares × par is the capital account of the chart then in force
        assert class_on(view, "land", date(2022, 12, 31)).capital == "c2007:301"
        assert class_on(view, "land").capital == "c2021:301"


def _closing() -> Entry:
    end = date(2022, 12, 31)
    return Entry("closing", end, end, {}, [Posting(MONEY, "c2007:522", "c2007:331", 18_000_00)])


# ---------------------------------------------------------------- ended


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


def test_a_revaluation_that_is_still_ahead_books_each_year_on_its_own_day() -> None:
    journal = book()
    put(journal, anew(62_400_00, date(2027, 1, 1)))
    assert values(journal, date(2025, 12, 31)) == {"G1": (60_000_00, 11_000_00, 49_000_00)}
    assert put(journal, amortise(through=date(2026, 12, 31))) == []


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


# ---------------------------------------------------------------- audited


def audited(journal: MemoryJournal) -> list[str]:
    with journal.read() as view:
        return [str(one) for one in check_contributions(view)]


def test_what_a_reversal_of_its_own_leaves_of_a_contribution_is_found() -> None:
    journal = cooperative()
    [brought] = put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    put(journal, amortise(through=date(2025, 12, 31)))
    assert audited(journal) == []
    put(journal, lambda _: [Entry("slip", DAY, DAY, {}, reverse(brought))])
    assert audited(journal) == [
        "contribution G1: -11,000.00 yuan stand in the accounts of the right; from 0 to its value of 0.00 are expected"
    ]


def test_land_and_values_that_no_contribution_accounts_for_are_found() -> None:
    journal = book()
    on = date(2025, 1, 1)
    legs = [Posting("mu", "memo", "land/G1", 100), Posting("mu", "memo", "land/0042", 5)]
    put(journal, lambda _: [Entry("slip", on, on, {}, [*legs, Posting(MONEY, "c2021:102", "c2021:161/G1", 1)])])
    put(journal, lambda _: [Entry("software", on, on, {}, [Posting(MONEY, "c2021:102", "c2021:161/software", 1)])])
    noted, value, area = audited(journal)
    assert noted == "contribution 0042: 0.05 mu of land are noted, 0.00 were brought in and are still in the book"
    assert value.startswith("contribution G1: 60,000.01 yuan stand in the accounts of the right; from 0 to its value")
    assert area == "contribution G1: 13.50 mu of land are noted, 12.50 were brought in and are still in the book"


def test_a_chart_without_an_account_of_rights_has_none_to_audit() -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    put(journal, adopt(C2021._replace(roles={"bank": "102"})))
    assert audited(journal) == []


def test_a_chart_without_accumulated_amortisation_ends_a_right_too() -> None:
    since, last = date(2020, 1, 1), date(2021, 12, 31)
    right = RIGHT._replace(starts_on=since, ends_on=last, right_ends_on=last)
    journal = cooperative(C2007, since)
    put(journal, contribute(LAND._replace(brought=right), effective_on=since, resolution=ADOPTED._replace(day=since)))
    put(journal, amortise(through=date(2020, 12, 31)))
    put(journal, end_contribution("G1", effective_on=last, rule="right only"))
    assert money(journal) == {"321": -60_000_00, "522": 60_000_00}


def test_a_right_whose_shares_are_gone_ends_without_them_and_may_be_taken_back() -> None:
    journal = book()
    put(journal, redeem("land", holder="17", against="c2021:102", effective_on=LAST, reason="correction"))
    put(journal, amortise(through=LAST))
    [end] = put(journal, end_contribution("G1", shares=0, effective_on=LAST, rule="right only"))
    assert values(journal) == {}
    assert units(journal, "mu") == {}
    assert not any(one.denomination == "land" for one in end.postings)
    with journal.read() as view:
        assert not check_contributions(view)
    put(journal, take_back(end.seq, booked_on=LAST))
    assert values(journal) == {"G1": (60_000_00, 60_000_00, 0)}


def test_shares_that_passed_on_are_redeemed_where_they_are() -> None:
    journal = book()
    on = date(2025, 1, 1)
    put(journal, transfer("land", holder="17", to="18", effective_on=on, reason="sale"))
    with pytest.raises(RegisterError, match="17 has 0 of it on 2034-02-28: say who"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only", holder="18"))
    with journal.read() as view:
        assert holdings(view, "land") == {}


MORE = Contribution("M1", "17", "land", Money(10_000_00), price_fen=100_00)
"""A hundred land shares for money, besides the 600 that the land gave."""


def with_more() -> MemoryJournal:
    journal = book()
    put(journal, contribute(MORE, effective_on=DAY))
    return journal


@pytest.mark.parametrize("shares", [0, 1, 599, 601, 700, -1])
@pytest.mark.parametrize("rule", ["right only", "right and money"])
def test_a_right_goes_back_with_the_shares_that_it_gave_and_no_others(shares: int, rule: Rule) -> None:
    journal = with_more()
    end = end_contribution("G1", effective_on=LAST, rule=rule, shares=shares)
    with pytest.raises(RegisterError, match=f"G1: {shares} shares of land .* from 600 to 600 are accepted") as refused:
        put(journal, end)
    assert refused.value.about == ("shares",)
    put(journal, end_contribution("G1", effective_on=LAST, rule=rule, shares=600))
    assert units(journal, "land") == {"holder/17": 100, "unissued": -100}


def test_of_what_was_redeemed_since_nobody_can_tell_whether_it_was_of_the_right() -> None:
    journal = with_more()
    on = date(2025, 1, 1)
    [bought] = put(
        journal,
        redeem("land", holder="17", shares=250, against="c2021:102", effective_on=on, reason="buy-back"),
    )
    for shares in (449, 601):
        with pytest.raises(RegisterError, match=r"gave 600, .*, and 250 were .* since: from 450 to 600 are accepted"):
            put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=shares))
    ended = put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=450))
    with pytest.raises(RegisterError, match=f"record {bought.seq}: contribution G1 ended without the shares"):
        put(journal, take_back(bought.seq, booked_on=LAST))
    put(journal, take_back(ended[-1].seq, booked_on=LAST))
    put(journal, take_back(bought.seq, booked_on=LAST))
    with pytest.raises(RegisterError, match=r"and 0 were .* since: from 600 to 600"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=350))


def test_what_another_contribution_took_when_it_ended_was_its_own() -> None:
    journal = book()
    put(journal, contribute(with_right(parcels=("1-08",))._replace(number="G2"), effective_on=DAY, resolution=ADOPTED))
    put(journal, end_contribution("G2", effective_on=LAST, rule="right only"))
    with pytest.raises(RegisterError, match=r"and 0 were .* since: from 600 to 600"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=1))


def test_shares_that_were_sold_are_not_gone_and_what_the_buyer_gave_back_is() -> None:
    journal = book()
    on = date(2025, 1, 1)
    put(journal, transfer("land", holder="17", to="18", effective_on=on, reason="sale"))
    with pytest.raises(RegisterError, match="name who has them now, holder"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=0))
    put(journal, redeem("land", holder="18", shares=200, against="c2021:102", effective_on=on, reason="buy-back"))
    with pytest.raises(RegisterError, match=r"and 200 were .* since: from 400 to 600"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only", holder="18", shares=1))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only", holder="18", shares=400))
    assert units(journal, "land") == {}


def test_after_a_split_the_shares_of_a_right_and_what_is_gone_of_them_count_as_they_do_now() -> None:
    journal = with_more()
    on = date(2025, 1, 1)
    put(journal, redeem("land", holder="17", shares=50, against="c2021:102", effective_on=on, reason="buy-back"))
    put(journal, redenominate("land", factor=10, digits=1, effective_on=on, resolution=ADOPTED))
    for shares in (59_999, 60_001):
        with pytest.raises(RegisterError, match=r"gave 6,000, .*, and 500 were .* since: from 6,000 to 6,000"):
            put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=shares))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=60_000))
    assert units(journal, "land") == {"holder/17": 5_000, "unissued": -5_000}


def test_after_a_split_one_says_how_many_shares_they_are_now() -> None:
    journal = book()
    put(journal, redenominate("land", factor=10, effective_on=date(2025, 1, 1), resolution=ADOPTED))
    with pytest.raises(RegisterError, match="gave 600 of land as they were counted on 2024-03-01"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=6000))
    assert units(journal, "land") == {}
    assert money(journal) == {"321": -60_000_00, "401": 60_000_00}


def test_an_ending_that_was_taken_back_did_not_happen() -> None:
    journal = book()
    *_, ended = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    put(journal, take_back(ended.seq, booked_on=date(2034, 3, 5)))
    assert values(journal) == {"G1": (60_000_00, 60_000_00, 0)}
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    assert units(journal, "land") == {}


def test_a_revaluation_that_moved_nothing_is_taken_back_once_and_blocks_nothing() -> None:
    journal = book()
    _, year, same = put(journal, anew(52_000_00))
    assert same.postings == ()
    on = date(2025, 8, 1)
    with pytest.raises(RegisterError, match="or ended after it: take that back first"):
        put(journal, take_back(year.seq, booked_on=on))
    [back_again] = put(journal, take_back(same.seq, booked_on=on))
    assert (back_again.facts["reverses"], back_again.postings) == (same.seq, ())
    with journal.read() as view:
        assert contributions_of(view)["G1"].revaluations == ()
    with pytest.raises(RegisterError, match=f"record {same.seq} is taken back already"):
        put(journal, take_back(same.seq, booked_on=on))
    put(journal, take_back(year.seq, booked_on=on))
    assert values(journal) == {"G1": (60_000_00, 5_000_00, 55_000_00)}
    assert journal.verify() == []


def test_an_end_that_moved_nothing_is_taken_back() -> None:
    journal = cooperative()
    put(journal, open_class(preset("land", code="use"), effective_on=FOUNDED))
    right = RIGHT._replace(kind="infrastructure use right", area_mu=None, built_by="village", built_with="fund 1")
    one = LAND._replace(brought=right, valuation=None, price_fen=None, shares=10, share_class="use")
    put(journal, contribute(one, effective_on=DAY))
    put(journal, redeem("use", holder="17", effective_on=DAY, reason="correction"))
    [end] = put(journal, end_contribution("G1", shares=0, effective_on=LAST, rule="right only"))
    assert end.postings == ()
    put(journal, take_back(end.seq, booked_on=LAST))
    with journal.read() as view:
        assert contributions_of(view)["G1"].ended_on is None
    put(journal, end_contribution("G1", shares=0, effective_on=LAST, rule="right only"))


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


# ---------------------------------------------------------------- shares that are gone, or are somebody else's


BOUGHT_BACK: dict[str, Any] = {"against": "c2021:102", "reason": "buy-back", "effective_on": date(2025, 1, 1)}
G2 = with_right(parcels=("1-08",))._replace(number="G2")
G3 = with_right(parcels=("1-09",))._replace(number="G3", holder="18")


def also(journal: MemoryJournal, *contributions: Contribution) -> MemoryJournal:
    put(journal, contribute(*contributions, effective_on=DAY, resolution=ADOPTED))
    return journal


def test_one_redemption_is_not_counted_for_two_rights() -> None:
    journal = also(book(), G2)
    put(journal, redeem("land", holder="17", shares=600, **BOUGHT_BACK))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=0))
    with pytest.raises(RegisterError, match=r"G2: 0 shares of land cannot .*: from 600 to 600 are accepted"):
        put(journal, end_contribution("G2", effective_on=LAST, rule="right only", shares=0))


def test_subscribed_shares_that_went_back_were_none_of_a_right() -> None:
    journal = book()
    put(journal, issue("land", to="17", shares=600, effective_on=DAY, reason="subscription", paid=False))
    cancelled: dict[str, Any] = {"reason": "buy-back", "effective_on": date(2025, 1, 1), "unpaid": True}
    put(journal, redeem("land", holder="17", shares=600, **cancelled))
    with pytest.raises(RegisterError, match=r"and 0 were .* since: from 600 to 600"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only", shares=0))


def test_what_is_redeemed_after_the_end_is_not_gone_by_then() -> None:
    journal = book()
    put(journal, redeem("land", holder="17", shares=600, **BOUGHT_BACK))
    early: dict[str, Any] = {"effective_on": date(2024, 12, 31), "reason": "exclusion", "rule": "right only"}
    with pytest.raises(RegisterError, match="from 600 to 600"):
        put(journal, end_contribution("G1", shares=0, **early))


def test_who_got_none_of_its_shares_does_not_end_a_right() -> None:
    journal = also(book(), G3)
    with pytest.raises(RegisterError, match="contribution G1: no share that it gave passed to 18: 17 had some"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only", holder="18"))


def test_money_is_owed_for_the_part_of_the_shares_that_is_left() -> None:
    """Half of the shares were bought back; of the 10,000 yuan used up by the day half is owed, not all."""
    journal = book()
    put(journal, redeem("land", holder="17", shares=300, **BOUGHT_BACK))
    on = date(2025, 10, 31)
    put(
        journal,
        end_contribution("G1", effective_on=on, rule="right and money", reason="exclusion", shares=300),
    )
    assert money(journal)["114/17"] == -5_000_00

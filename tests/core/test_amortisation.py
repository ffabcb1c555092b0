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
    end_contribution,
    restate_amortisation,
)
from coopledger.core.chart import C2007, C2021, MONEY
from coopledger.core.contribution import Contribution, Money, Right, Valuation, contribute, contributions_of
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.instalment import Every, Part
from coopledger.core.journal import Entry, Posting, reverse
from coopledger.core.movement import take_back, transfer
from coopledger.core.redenomination import redenominate
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.share_class import class_on, open_class, preset
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.voucher import vouchers
from coopledger.errors import OverdrawnError, RegisterError
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
    other = LAND._replace(number="G2", holder="18", valuation=Valuation(12_000_00, "members", FOUNDED))
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


# ---------------------------------------------------------------- from one chart to the next


def test_an_old_chart_writes_off_the_right_itself_and_the_new_one_shows_it_apart() -> None:
    """财会〔2021〕38号 2(一)3 and 4(二)."""
    since, last = date(2020, 1, 1), date(2029, 12, 31)
    right = RIGHT._replace(starts_on=since, ends_on=last, right_ends_on=last)
    journal = cooperative(C2007, since)
    put(journal, contribute(LAND._replace(brought=right), effective_on=since, resolution=ADOPTED))
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
    put(journal, end_contribution("G1", effective_on=date(2025, 10, 31), reason="withdrawal", rule=rule))
    assert money(journal) == balances


def test_a_premium_is_taken_back_when_the_right_goes_back() -> None:
    journal = book(LAND._replace(price_fen=150_00))
    assert money(journal) == {"161/G1": 60_000_00, "301": -40_000_00, "321": -20_000_00}
    put(journal, end_contribution("G1", effective_on=DAY, reason="withdrawal", rule="right and money"))
    assert money(journal) == {}


def test_by_days_what_was_used_up_to_the_day_is_booked_at_the_end() -> None:
    one = with_right(part="days", starts_on=DAY, ends_on=date(2025, 2, 28), right_ends_on=LAST)
    journal = book(one._replace(valuation=Valuation(36_500_00, "members", FOUNDED)))
    put(journal, end_contribution("G1", effective_on=date(2024, 3, 10), reason="withdrawal", rule="right only"))
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
        end_contribution("G1", effective_on=on, booked_on=date(2026, 1, 5), reason="withdrawal", rule="right only"),
    )
    assert money(journal) == {"321": -10_000_00, "401": 10_000_00}


def test_a_chart_without_accumulated_amortisation_ends_a_right_too() -> None:
    since, last = date(2020, 1, 1), date(2021, 12, 31)
    right = RIGHT._replace(starts_on=since, ends_on=last, right_ends_on=last)
    journal = cooperative(C2007, since)
    put(journal, contribute(LAND._replace(brought=right), effective_on=since, resolution=ADOPTED))
    put(journal, amortise(through=date(2020, 12, 31)))
    put(journal, end_contribution("G1", effective_on=last, rule="right only"))
    assert money(journal) == {"321": -60_000_00, "522": 60_000_00}


def test_shares_that_passed_on_are_redeemed_where_they_are() -> None:
    journal = book()
    on = date(2025, 1, 1)
    put(journal, transfer("land", holder="17", to="18", effective_on=on, reason="sale"))
    with pytest.raises(OverdrawnError):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only", holder="18"))
    with journal.read() as view:
        assert holdings(view, "land") == {}


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


def test_what_ended_does_not_end_again() -> None:
    journal = book()
    put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    with pytest.raises(RegisterError, match="ended on 2034-02-28 already"):
        put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))

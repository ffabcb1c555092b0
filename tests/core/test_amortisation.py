"""A right is used up over its term, is booked once, and may be valued anew."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import LOCK
from coopledger.core.amortisation import (
    amortisation,
    amortise,
    check_not_built_on,
    restate_amortisation,
    revalue_contribution,
    used_up,
)
from coopledger.core.chart import C2004, C2007, C2021, MONEY, Chart, adopt
from coopledger.core.contribution import Contribution, Money, Valuation, contribute, contributions_of
from coopledger.core.conversion import C2007_TO_C2021, convert_chart
from coopledger.core.ending import end_contribution
from coopledger.core.instalment import Every, Part
from coopledger.core.journal import Entry, Posting, Record, View, reverse
from coopledger.core.register import holdings
from coopledger.core.register_audit import audit_register
from coopledger.core.reversal import take_back
from coopledger.core.share_class import class_on, open_class, preset
from coopledger.core.trial_balance import trial_balance
from coopledger.errors import RegisterError
from coopledger.store.memory import MemoryJournal
from tests.core.cooperatives import ADOPTED, FOUNDED, cooperative, money, put, units
from tests.core.rights import DAY, LAND, LAST, RIGHT, anew, audited, book, values, with_right
from tests.core.strategies import steady

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


def test_a_period_that_was_taken_back_is_booked_again_for_its_own_last_day() -> None:
    """And not as a second one of the last period that is there."""
    journal = book(with_right(every="month"))
    march, april, may = put(journal, amortise(through=date(2024, 5, 31)))
    put(journal, take_back(march.seq, booked_on=date(2024, 6, 1)))
    assert put(journal, amortise(through=date(2024, 3, 30))) == []
    [again] = put(journal, amortise(through=date(2024, 4, 30)))
    assert (again.effective_on, again.postings[0].quantity) == (march.effective_on, 500_00)
    assert put(journal, amortise(through=date(2024, 5, 31))) == []
    put(journal, take_back(april.seq, booked_on=date(2024, 6, 1)))
    put(journal, take_back(may.seq, booked_on=date(2024, 6, 1)))
    booked = put(journal, amortise(through=date(2024, 6, 30)))
    assert [(str(one.effective_on), one.postings[0].quantity) for one in booked] == [
        ("2024-04-30", 500_00),
        ("2024-05-31", 500_00),
        ("2024-06-30", 500_00),
    ]


def test_a_year_that_was_taken_back_is_no_expense_of_the_next_one() -> None:
    journal = book()
    first, _ = put(journal, amortise(through=date(2025, 12, 31)))
    put(journal, take_back(first.seq, booked_on=date(2026, 1, 1)))
    [again] = put(journal, amortise(through=date(2025, 12, 31)))
    assert (str(again.effective_on), again.postings[0].quantity) == ("2024-12-31", 5_000_00)
    put(journal, take_back(again.seq, booked_on=date(2026, 1, 1)))
    put(journal, anew(50_000_00, on=date(2026, 1, 1)))  # what lacks is caught up by its own days as well
    assert values(journal, date(2024, 12, 31)) == {"G1": (60_000_00, 5_000_00, 55_000_00)}
    assert values(journal, date(2025, 12, 31)) == {"G1": (60_000_00, 11_000_00, 49_000_00)}


def test_what_a_later_period_has_too_much_of_an_earlier_one_does_not_get_once_more() -> None:
    """As a book has it that booked a year again as a second one of the next."""
    journal = book()
    first, second = put(journal, amortise(through=date(2025, 12, 31)))
    put(journal, take_back(first.seq, booked_on=date(2026, 1, 1)))
    leg = second.postings[0]._replace(quantity=5_000_00)
    twice = Entry("amortisation", second.effective_on, date(2026, 1, 1), {"reason": "amortisation"}, [leg])
    put(journal, lambda _: [twice])
    assert put(journal, amortise(through=date(2025, 12, 31))) == []
    assert values(journal, date(2025, 12, 31)) == {"G1": (60_000_00, 11_000_00, 49_000_00)}


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


BOOKED = date(2024, 6, 1)
"""The accounting date of a right that counts from 1 March."""


def booked_late(chart: Chart = C2021) -> MemoryJournal:
    """The right counts from March, month by month, and is booked in June."""
    journal = cooperative(chart)
    late = contribute(with_right(every="month"), effective_on=DAY, booked_on=BOOKED, resolution=ADOPTED)
    put(journal, late)
    return journal


@pytest.mark.parametrize("chart", [C2004, C2021])
def test_what_is_used_up_of_a_right_is_booked_no_earlier_than_the_right(chart: Chart) -> None:
    """Else the right would stand below zero in the trial balance of May, or be used up there without being there."""
    journal = booked_late(chart)
    records = put(journal, amortise(through=date(2024, 6, 30)))
    assert [(str(one.effective_on), str(one.booked_on)) for one in records] == [
        ("2024-03-31", "2024-06-01"),
        ("2024-04-30", "2024-06-01"),
        ("2024-05-31", "2024-06-01"),
        ("2024-06-30", "2024-06-30"),
    ]
    with journal.read() as view:
        assert trial_balance(view, until=date(2024, 5, 31)) == []


def test_what_is_used_up_of_a_right_that_was_booked_late_may_name_a_later_day_and_no_earlier_one() -> None:
    journal = booked_late()
    put(journal, contribute(LAND._replace(number="G2", holder="18", brought=with_right(
        every="month", parcels=("1-08",)).brought), effective_on=DAY, resolution=ADOPTED))  # fmt: skip
    records = put(journal, amortise(through=date(2024, 3, 31), booked_on=date(2024, 5, 1)))
    assert [(str(one.booked_on), one.postings[0].source) for one in records] == [
        ("2024-03-31", "c2021:162/G2"),
        ("2024-06-01", "c2021:162/G1"),
    ]
    records = put(journal, amortise(through=date(2024, 4, 30), booked_on=date(2024, 7, 1)))
    assert [str(one.booked_on) for one in records] == ["2024-04-30", "2024-07-01"]


def test_what_is_used_up_of_a_value_that_was_booked_late_is_booked_no_earlier() -> None:
    journal = book(with_right(every="month"))
    put(journal, anew(90_000_00, date(2024, 5, 1), booked_on=date(2024, 8, 1), resolution=ADOPTED))
    records = put(journal, amortise(through=date(2024, 6, 30)))
    assert [(str(one.effective_on), str(one.booked_on)) for one in records] == [
        ("2024-05-31", "2024-08-01"),
        ("2024-06-30", "2024-08-01"),
    ]


def test_what_is_used_up_before_an_end_is_booked_no_earlier_than_the_right() -> None:
    journal = booked_late()
    end: dict[str, Any] = {"effective_on": date(2024, 5, 31), "rule": "right only", "reason": "correction"}
    records = put(journal, end_contribution("G1", booked_on=date(2024, 7, 1), **end))
    assert {str(one.booked_on) for one in records} == {"2024-07-01"}
    assert values(journal) == {}


def test_a_right_is_neither_valued_anew_nor_ended_in_the_books_before_it_came_into_them() -> None:
    end: dict[str, Any] = {"effective_on": date(2024, 5, 31), "rule": "right only", "reason": "correction"}
    refused = "contribution G1, as it is valued, was booked on 2024-06-01: what becomes of it is booked on that day or"
    for decision in (end_contribution("G1", **end), anew(1, date(2024, 4, 1), resolution=ADOPTED)):
        with pytest.raises(RegisterError, match=refused):
            put(booked_late(), decision)
    journal = booked_late()
    put(journal, anew(1, date(2024, 4, 1), booked_on=BOOKED, resolution=ADOPTED))
    put(journal, end_contribution("G1", booked_on=BOOKED, **end))


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


def _ended_and_back(journal: MemoryJournal, on: date) -> list[Record]:
    """What was booked before an end, of a right that has none: the end is taken back, and that stays."""
    *booked, ended = put(journal, end_contribution("G1", effective_on=on, reason="exclusion", rule="right only"))
    put(journal, take_back(ended.seq, booked_on=LAST))
    return booked


def test_what_was_booked_back_is_not_taken_back_once_more() -> None:
    """An end on 31 March books April to December back; when the end is taken back, they are not there any more."""
    journal = book(with_right(every="month"))
    march, *_, december = put(journal, amortise(through=date(2024, 12, 31)))
    *_, booked_back = _ended_and_back(journal, date(2024, 3, 31))
    put(journal, take_back(december.seq, booked_on=LAST))
    beyond = (
        rf"record {march.seq}: without it contribution G1 would stand at 60,500\.00 yuan on 2024-12-31; from 0 to its "
        rf"value of 60,000\.00 are expected: take back first, the latest first: record {booked_back.seq} "
        r"\(amortisation\), .*, 4 more$"
    )
    with pytest.raises(RegisterError, match=beyond):
        put(journal, take_back(march.seq, booked_on=LAST))
    for one in (booked_back, march):
        put(journal, take_back(one.seq, booked_on=LAST))
    put(journal, amortise(through=date(2024, 12, 31)))
    assert values(journal) == {"G1": (60_000_00, 5_000_00, 55_000_00)}
    assert audited(journal) == []


def test_a_right_is_not_used_up_twice_by_taking_back_what_was_booked_back() -> None:
    journal = book(with_right(every="month", ends_on=date(2024, 12, 31)))
    put(journal, amortise(through=LAST))
    *_, booked_back = _ended_and_back(journal, date(2024, 3, 31))
    *_, anew_ = put(journal, amortise(through=LAST))
    twice = rf"would stand at -6,000\.00 yuan on 2024-12-31; .* first, the latest first: record {anew_.seq} \(amort"
    with pytest.raises(RegisterError, match=twice):
        put(journal, take_back(booked_back.seq, booked_on=LAST))
    for one in (anew_, booked_back):
        put(journal, take_back(one.seq, booked_on=LAST))
    assert (values(journal), audited(journal)) == ({"G1": (60_000_00, 60_000_00, 0)}, [])


def test_a_contribution_stays_while_something_of_it_is_used_up_on_any_day() -> None:
    """What was booked up to the 15th is booked back on the 31st: nothing in all, but something in between."""
    journal = book(with_right(every="month", part="days"))
    with journal.read() as view:
        [brought] = view.records("issue")
    [march] = put(journal, amortise(through=date(2024, 3, 31)))
    until, booked_back = _ended_and_back(journal, date(2024, 3, 15))
    [rest] = put(journal, amortise(through=date(2024, 3, 31)))
    put(journal, take_back(march.seq, booked_on=LAST))
    assert values(journal) == {"G1": (60_000_00, 0, 60_000_00)}
    named = ", ".join(rf"record {one.seq} \(amortisation\)" for one in (rest, booked_back, until))
    with pytest.raises(RegisterError, match=rf"record {brought.seq}: contribution G1 was amortised, .*: {named}$"):
        put(journal, take_back(brought.seq, booked_on=LAST))
    for one in (booked_back, rest, until, brought):
        put(journal, take_back(one.seq, booked_on=LAST))
    assert (money(journal), audited(journal)) == ({}, [])


def test_a_revaluation_stays_while_something_of_its_value_is_used_up_on_any_day() -> None:
    journal = book(with_right(every="month", part="days"))
    *_, changed = put(journal, anew(62_400_00, date(2024, 5, 1)))
    [may] = put(journal, amortise(through=date(2024, 5, 31)))
    until, _ = _ended_and_back(journal, date(2024, 5, 15))
    put(journal, amortise(through=date(2024, 5, 31)))
    put(journal, take_back(may.seq, booked_on=LAST))
    with pytest.raises(RegisterError, match=rf"contribution G1 was amortised, .* record {until.seq} \(amortisation\)$"):
        put(journal, take_back(changed.seq, booked_on=LAST))


def test_what_has_to_be_taken_back_first_is_named() -> None:
    journal = book(with_right(every="month"))
    with journal.read() as view:
        brought = view.record(contributions_of(view)["G1"].seq)
    months = put(journal, amortise(through=date(2024, 9, 30)))
    back(journal, months[-1])

    def told() -> str:
        with pytest.raises(RegisterError) as refused:
            back(journal, brought)
        return str(refused.value).partition("the latest first: ")[2]

    five = ", ".join(f"record {one.seq} (amortisation)" for one in months[5:0:-1])
    assert told() == f"{five}, 1 more"
    before = put(journal, anew(50_000_00, on=date(2024, 9, 1)))
    assert told().startswith(f"record {before[-1].seq} (revaluation), record {months[5].seq} (amortisation)")
    [later] = put(journal, amortise(through=date(2024, 9, 30)))
    with pytest.raises(RegisterError, match=rf"the latest first: record {later.seq} \(amortisation\)$"):
        back(journal, before[-1])
    with pytest.raises(RegisterError, match=rf"the latest first: record {before[-1].seq} \(revaluation\)$"):
        back(journal, months[0])
    [*_, ended] = put(journal, end_contribution("G1", effective_on=LAST, rule="right only"))
    with pytest.raises(RegisterError, match=rf"the latest first: record {ended.seq} \(redeem\)"):
        back(journal, brought)


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


def test_a_revaluation_that_is_still_ahead_books_each_year_on_its_own_day() -> None:
    journal = book()
    put(journal, anew(62_400_00, date(2027, 1, 1)))
    assert values(journal, date(2025, 12, 31)) == {"G1": (60_000_00, 11_000_00, 49_000_00)}
    assert put(journal, amortise(through=date(2026, 12, 31))) == []


# ---------------------------------------------------------------- audited


def test_what_a_reversal_of_its_own_leaves_of_a_contribution_is_found() -> None:
    journal = cooperative()
    [brought] = put(journal, contribute(LAND, effective_on=DAY, resolution=ADOPTED))
    put(journal, amortise(through=date(2025, 12, 31)))
    assert audited(journal) == []
    put(journal, lambda _: [Entry("slip", DAY, DAY, {}, reverse(brought))])
    [seen] = audited(journal)
    assert seen.startswith(
        "contribution G1: -5,000.00 yuan stand in the accounts of the right on 2024-12-31; from 0 to"
    )


def test_what_stood_amiss_for_a_while_is_found() -> None:
    journal = book()
    early, late = date(2023, 6, 1), date(2025, 1, 1)
    out, back_again = (
        Posting(MONEY, *pair, 100) for pair in (("c2021:161/G1", "c2021:102"), ("c2021:102", "c2021:161/G1"))
    )
    put(journal, lambda _: [Entry("slip", early, DAY, {}, [out]), Entry("slip", late, late, {}, [back_again])])
    [seen] = audited(journal)
    assert seen.startswith("contribution G1: -1.00 yuan stand in the accounts of the right on 2023-06-01")


def test_land_and_values_that_no_contribution_accounts_for_are_found() -> None:
    journal = book()
    on = date(2025, 1, 1)
    legs = [Posting("mu", "memo", "land/G1", 100), Posting("mu", "memo", "land/0042", 5)]
    put(journal, lambda _: [Entry("slip", on, on, {}, [*legs, Posting(MONEY, "c2021:102", "c2021:161/G1", 1)])])
    put(journal, lambda _: [Entry("software", on, on, {}, [Posting(MONEY, "c2021:102", "c2021:161/software", 1)])])
    noted, value, area = audited(journal)
    assert noted == "contribution 0042: 0.05 mu of land are noted, 0.00 were brought in and are still in the book"
    assert value.startswith(
        "contribution G1: 60,000.01 yuan stand in the accounts of the right on 2025-01-01; from 0 to its value"
    )
    assert area == "contribution G1: 13.50 mu of land are noted, 12.50 were brought in and are still in the book"


def test_a_chart_without_an_account_of_rights_has_none_to_audit() -> None:
    journal = MemoryJournal("hill", clock=lambda: 0)
    put(journal, adopt(C2021._replace(roles={"bank": "102"})))
    assert audited(journal) == []


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

"""Contracts in the book: what falls due, what comes in, what is open; and the projection is the history."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.ahead import in_turn
from coopledger.core.calendar import due_on, term
from coopledger.core.chart import C2004, C2023, MONEY
from coopledger.core.contract import (
    DUE,
    amend_contract,
    conclude,
    contract,
    contracts,
    end_contract,
    expected,
    know_figures,
)
from coopledger.core.conversion import C2004_TO_C2023, convert_chart
from coopledger.core.figures import indexed
from coopledger.core.journal import Decision, Entry, Record
from coopledger.core.plan import Instalment, Plan, Stream
from coopledger.core.problems import problems
from coopledger.core.projection import project
from coopledger.core.quantity import CURRENCIES
from coopledger.core.receivable import (
    APPLIED,
    RECEIPT,
    brought_in,
    contract_status,
    explain_due,
    fall_due,
    project_rest,
    receive,
)
from coopledger.core.reversal import take_back
from coopledger.core.schedule import Clock, Schedule
from coopledger.core.series import series
from coopledger.errors import CoopledgerError, EntryError, RegisterError
from coopledger.files.plan_file import load_plan
from tests.core.leases import DAM, IN_KIND, LAND, PLAN, SIGNED, bare, leased, money, moved, rows
from tests.core.strategies import known_schedules, steady
from tests.core.village import PAPER, VOTE
from tests.plans import LAOHUSHAN

Income = str | dict[str, str] | None
Told = dict[str, dict[int, object]]

DAY = timedelta(1)
END_2024, END_2025, END_2026, END_2029 = (date(year, 12, 31) for year in (2024, 2025, 2026, 2029))


# ---------------------------------------------------------------- the seed's contract


def test_the_forty_years_of_laohushan_fall_due_as_they_are_projected() -> None:
    """Land 16, dam 1 and service 8 of ten thousand yuan in 2014, the 25 of the source; 820 by the dam in all."""
    made = bare(C2004, date(2014, 1, 1))
    plan = load_plan(LAOHUSHAN)
    made.do(conclude("laohushan", plan, counterparty="company", effective_on=date(2014, 1, 1)))
    rest = project_rest(made.view, "laohushan")
    assert len(rest) == 120
    assert moved(rest[:3]) == [
        ("2014-12-31", [("501", "112/laohushan/土地/2014-12-31", 160_000)]),
        ("2014-12-31", [("561", "112/laohushan/坝塘与资金入股/2014-12-31", 10_000)]),
        ("2014-12-31", [("501", "112/laohushan/服务费/2014-12-31", 80_000)]),
    ]
    made.do(fall_due("laohushan", until=date(2053, 12, 31)))
    projected = project(plan)
    assert -money(made)["561"] == 8_200_000_00 == projected.stream("坝塘与资金入股").total
    assert -money(made)["501"] == projected.stream("土地").total + projected.stream("服务费").total
    assert problems(made.view) == []


# ---------------------------------------------------------------- falling due


def test_an_instalment_falls_due_on_its_day_and_once() -> None:
    made = leased()
    records = made.do(fall_due("hill", until=END_2025))
    assert [(one.kind, one.effective_on, one.booked_on) for one in records] == [(DUE, END_2024, END_2024)] * 2 + [
        (DUE, END_2025, END_2025)
    ] * 2
    assert records[2].facts == {
        "contract": "hill",
        "stream": "land",
        "year": 2,
        "instalment": 1,
        "since": "2025-01-01",
        "until": "2025-12-31",
        "due": "2025-12-31",
        "amount_fen": 160_000_00,
        "plan": 4,
        "reason": "hill/land",
    }
    assert made.do(fall_due("hill", until=END_2025)) == []
    assert len(made.do(fall_due("hill", until=END_2026 - DAY))) == 0
    assert moved(made.do(fall_due("hill", until=END_2026))) == [
        ("2026-12-31", [("501", "112/hill/land/2026-12-31", 192_000)]),
        ("2026-12-31", [("502", "112/hill/dam/2026-12-31", 30_000)]),
    ]


def test_one_stream_falls_due_by_itself_and_a_late_booking_counts_from_its_day() -> None:
    made = leased()
    [record] = made.do(fall_due("hill", until=END_2024, stream="dam", booked_on=date(2025, 2, 1)))
    assert (record.effective_on, record.booked_on, record.facts["stream"]) == (END_2024, date(2025, 2, 1), "dam")
    assert rows(made, date(2025, 1, 2)) == [("land", "2024-12-31", 160_000, 2), ("dam", "2024-12-31", 10_000, 2)]


@pytest.mark.parametrize(
    ("income", "accounts"),
    [
        (None, {"land": "501", "dam": "502"}),
        ("distribution", {"land": "322", "dam": "322"}),
        ({"land": "other income"}, {"land": "504", "dam": "502"}),
    ],
)
def test_the_account_that_is_credited_is_said_with_the_contract(income: Income, accounts: dict[str, str]) -> None:
    made = leased(income=income)
    records = made.do(fall_due("hill", until=END_2024))
    assert {one.facts["stream"]: one.postings[0].source.partition(":")[2] for one in records} == accounts


def test_only_what_the_book_of_the_plan_receives_falls_due() -> None:
    plan = Plan(
        "x",
        term("2024-01-01", years=2, basis="service"),
        [
            Stream("in", amount="5 yuan", payer="company", payee="village"),
            Stream("out", amount="3 yuan", payer="village", payee="company"),
        ],
        book="village",
    )
    assert [one.stream for one in expected(contract(leased(plan).view, "hill"))] == ["in", "in"]


def test_instalments_of_a_year_and_a_year_without_payment() -> None:
    rent = Stream(
        "rent",
        amount=LAND.amount.mask([2]),
        due=[Instalment(Fraction(2, 3), due_on("10-15")), Instalment(None, due_on("next 01-15"))],
    )
    plan = Plan("x", term("2024-01-01", years=3, basis="lease"), [rent])
    made = leased(plan)
    records = made.do(fall_due("hill", until=END_2029))
    assert [(str(one.effective_on), one.facts["instalment"], one.facts["amount_fen"]) for one in records] == [
        ("2024-10-15", 1, 106_666_66),
        ("2025-01-15", 2, 53_333_34),
        ("2026-10-15", 1, 128_000_00),
        ("2027-01-15", 2, 64_000_00),
    ]
    assert made.do(fall_due("hill", until=END_2029)) == []


def test_the_explanation_of_an_instalment_is_reckoned_from_what_is_recorded() -> None:
    made = leased()
    lines = explain_due(made.view, "hill", "land", END_2026)
    assert str(lines[2]) == "    160 yuan/mu, +20% of the previous amount after every 2 full years  →  192 yuan/mu"
    with pytest.raises(RegisterError, match="contract hill: nothing of land is due on 2026-12-30"):
        explain_due(made.view, "hill", "land", END_2026 - DAY)


# ---------------------------------------------------------------- in kind


def test_rent_in_kind_waits_for_the_price_and_is_then_owed_at_it() -> None:
    made = leased(IN_KIND, "rice")
    made.do(fall_due("rice", until=END_2024))
    with pytest.raises(
        RegisterError, match=r"rice, due on 2025-12-31, rests on a figure that is not known yet \(rice: 2024"
    ):
        made.do(fall_due("rice", until=END_2025))
    made.do(know_figures("rice", {"rice": {2025: "1.42 yuan/jin"}}, effective_on=END_2025, documents=[PAPER]))
    [record] = made.do(fall_due("rice", until=END_2025))
    assert (record.facts["amount_fen"], record.facts["quantity"]) == (1_420_00, "1,000")
    assert [one.postings[0].quantity for one in project_rest(made.view, "rice")] == [1_420_00]  # 2025's price holds


def test_a_figure_may_be_told_again_while_nothing_that_rests_on_it_is_booked() -> None:
    made = leased(IN_KIND, "rice")
    for price, fen in (("1.42 yuan/jin", 1_420_00), ("1.5 yuan/jin", 1_500_00)):
        made.do(know_figures("rice", {"rice": {2025: price}}, effective_on=END_2025))
        assert project_rest(made.view, "rice")[1].postings[0].quantity == fen
    made.do(fall_due("rice", until=END_2025))
    with pytest.raises(
        RegisterError, match="rice, due on 2025-12-31, was booked in record 8 and would come to something"
    ):
        made.do(know_figures("rice", {"rice": {2025: "1.4 yuan/jin"}}, effective_on=END_2025))
    made.do(know_figures("rice", {"rice": {2025: "1.5 yuan/jin", 2026: "2 yuan/jin"}}, effective_on=END_2026))


@pytest.mark.parametrize(
    ("figures", "seen"),
    [
        ({"ryce": {2025: "1.4 yuan/jin"}}, "contract rice: 'ryce' is unknown: did you mean 'rice'?"),
        ({"rice": {2024: "1.4 yuan/jin"}}, "rice: the plan has the figure of 2024 already: an amendment changes it"),
        ({"rice": {2025: "1.4 yuan"}}, "yuan"),
        ({"rice": {2026: "1.4 yuan/jin"}}, "rice has no figure for 2025"),
        ({"rice": {"2025": "1.4 yuan/jin"}}, "year: '2025': a year such as 2026 is expected"),
        ({"rice": {}}, "figures: none: a series, a year and a figure are expected"),
    ],
)
def test_a_figure_that_the_contract_does_not_know_how_to_use_is_refused(figures: Told, seen: str) -> None:
    made = leased(IN_KIND, "rice")
    with pytest.raises(CoopledgerError, match=seen):
        made.do(know_figures("rice", figures, effective_on=END_2025))


# ---------------------------------------------------------------- what comes in


def test_what_comes_in_settles_the_oldest_first_in_part_and_late() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2025))
    made.do(receive("hill", 165_000_00, effective_on=date(2026, 1, 10)))
    assert rows(made, date(2026, 1, 31)) == [
        ("land", "2024-12-31", 0, 0),
        ("dam", "2024-12-31", 5_000, 396),
        ("land", "2025-12-31", 160_000, 31),
        ("dam", "2025-12-31", 20_000, 31),
    ]
    found = contract_status(made.view, "hill", date(2026, 1, 31))
    assert (found.open_fen, found.overdue_fen, found.advance_fen) == (185_000_00, 185_000_00, 0)
    assert [one.settled_on for one in found.dues][:2] == [date(2026, 1, 10), None]
    before = contract_status(made.view, "hill", date(2026, 1, 9))
    assert (before.open_fen, before.dues[0].received_fen) == (350_000_00, 0)
    on_the_day = contract_status(made.view, "hill", END_2024)
    assert (on_the_day.open_fen, on_the_day.overdue_fen) == (170_000_00, 0)


def test_an_advance_is_owed_back_until_something_falls_due_and_is_applied_to_it() -> None:
    made = leased()
    [record] = made.do(receive("hill", 165_000_00, effective_on=date(2024, 6, 1), through="cash"))
    assert moved([record]) == [("2024-06-01", [("211/hill", "101", 165_000)])]
    records = made.do(fall_due("hill", until=END_2024))
    assert [one.kind for one in records] == [DUE, DUE]
    assert moved(records) == [
        (
            "2024-12-31",
            [("501", "112/hill/land/2024-12-31", 160_000), ("112/hill/land/2024-12-31", "211/hill", 160_000)],
        ),
        ("2024-12-31", [("502", "112/hill/dam/2024-12-31", 10_000), ("112/hill/dam/2024-12-31", "211/hill", 5_000)]),
    ]
    assert rows(made, END_2024) == [("land", "2024-12-31", 0, 0), ("dam", "2024-12-31", 5_000, 0)]
    assert contract_status(made.view, "hill", date(2024, 7, 1)).advance_fen == 165_000_00
    assert contract_status(made.view, "hill", END_2024).advance_fen == 0


def test_money_that_came_late_and_was_recorded_before_it_was_booked_as_due_settles_it_from_its_own_day() -> None:
    made = leased()
    made.do(receive("hill", 4_000_00, effective_on=date(2025, 1, 20)), receive("hill", 6_000_00, effective_on=END_2025))
    records = made.do(fall_due("hill", until=END_2024, stream="dam"))
    assert [(one.kind, str(one.effective_on)) for one in records] == [
        (DUE, "2024-12-31"),
        (APPLIED, "2025-01-20"),
        (APPLIED, "2025-12-31"),
    ]
    assert [
        row[2] for day in (END_2024, date(2025, 1, 20), END_2025) for row in rows(made, day) if row[0] == "dam"
    ] == [
        10_000,
        6_000,
        0,
        20_000,
    ]


def test_money_that_came_before_the_day_of_what_is_booked_is_an_advance_to_that_day() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2024))
    records = made.do(receive("hill", 165_000_00, effective_on=date(2024, 6, 1)))
    assert [(one.kind, str(one.effective_on)) for one in records] == [
        (RECEIPT, "2024-06-01"),
        (APPLIED, "2024-12-31"),
        (APPLIED, "2024-12-31"),
    ]
    assert contract_status(made.view, "hill", END_2024).open_fen == 5_000_00


def test_named_instalments_get_what_is_received_for_them_and_no_more() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2025))
    made.do(receive("hill", 25_000_00, effective_on=END_2025, stream="dam"))
    made.do(receive("hill", 5_000_00, effective_on=END_2025, due=END_2025))
    assert [row[2] for row in rows(made, END_2025)] == [160_000, 0, 155_000, 5_000]
    for said, seen in (
        ({"stream": "dam"}, "5,000.00 yuan are open of what is named: 5,000.01 cannot be received for it"),
        ({"stream": "dam", "due": END_2024}, "0.00 yuan are open of what is named"),
        ({"due": END_2026}, "nothing of - is due on 2026-12-31"),
        ({"stream": "fish"}, "contract hill: 'fish' is unknown: one of"),
    ):
        with pytest.raises(RegisterError, match=seen):
            made.do(receive("hill", 5_000_01, effective_on=END_2025, **said))


def test_a_late_record_never_takes_more_from_an_instalment_than_stands_there_on_any_later_day() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2024))
    made.do(receive("hill", 170_000_00, effective_on=date(2025, 3, 1)))
    made.do(receive("hill", 10_00, effective_on=date(2025, 1, 5)))
    assert money(made)["211/hill"] == -10_00
    assert not [account for account in money(made) if account.startswith("112/")]


def test_what_a_stream_brought_in_is_known_by_calendar_and_by_contract_year() -> None:
    made = leased()
    made.do(fall_due("hill", until=END_2025), receive("hill", 200_000_00, effective_on=END_2025))
    assert brought_in(made.view, "hill", "land", "2024") == 160_000_00 == brought_in(made.view, "hill", "land", "1")
    assert brought_in(made.view, "hill", "land", "2025") == 30_000_00
    assert brought_in(made.view, "hill", "land", "2025", END_2025 - DAY) == 0
    assert brought_in(made.view, "hill", "dam", "2025") == 0
    for said, seen in ((("land", "last"), "period: last"), (("fish", "2025"), "'fish' is unknown: one of")):
        with pytest.raises(RegisterError, match=seen):
            brought_in(made.view, "hill", *said)


# ---------------------------------------------------------------- amendments and the end

LESS = Plan("hill", PLAN.term, [Stream("land", rate="150 yuan/mu", quantity="900 mu"), DAM])


def test_an_amendment_counts_from_its_day_and_the_past_stays() -> None:
    made = leased(income={"land": "other income"})
    made.do(fall_due("hill", until=END_2024))
    made.do(amend_contract("hill", LESS, effective_on=END_2026, reason="100 mu were built over", resolution=VOTE))
    made.do(fall_due("hill", until=END_2029))
    assert [row[2] for row in rows(made, END_2029) if row[0] == "land"] == [160_000] * 2 + [135_000] * 4
    assert -money(made)["504"] == (2 * 160_000 + 4 * 135_000) * 100  # the account that was said for the stream stays
    found = contract(made.view, "hill")
    assert [str(one.since) for one in found.versions] == ["1900-01-01", "2026-12-31"]


def test_an_amendment_of_what_is_booked_is_refused_until_that_is_taken_back() -> None:
    made = leased()
    records = made.do(fall_due("hill", until=END_2025))
    change = amend_contract("hill", LESS, effective_on=END_2025, reason="x")
    with pytest.raises(
        RegisterError, match=f"land, due on 2025-12-31, is booked already in record {records[2].seq}: take"
    ):
        made.do(change)
    made.do(*(take_back(one.seq, booked_on=END_2025) for one in records[2:]), change)
    made.do(fall_due("hill", until=END_2025))
    assert [row[2] for row in rows(made, END_2025)] == [160_000, 10_000, 135_000, 20_000]


def test_a_later_amendment_takes_the_place_of_those_from_its_day_on() -> None:
    made = leased()
    made.do(amend_contract("hill", LESS, effective_on=END_2026, reason="less land"))
    made.do(amend_contract("hill", PLAN, effective_on=END_2025, reason="the land came back"))
    assert [one.amount_fen for one in expected(contract(made.view, "hill")) if one.stream == "land"] == [
        one.amount for one in project(PLAN).stream("land").payments
    ]


def test_after_its_end_nothing_is_due_and_what_was_stays_owed() -> None:
    made = leased()
    made.do(end_contract("hill", effective_on=date(2026, 6, 30), reason="the company gave up"))
    made.do(fall_due("hill", until=END_2029))
    assert contract_status(made.view, "hill", END_2029).open_fen == (320_000 + 30_000) * 100
    assert rows(made, END_2029)[-1][:2] == ("dam", "2025-12-31")
    assert project_rest(made.view, "hill") == []
    with pytest.raises(RegisterError, match="land, due on 2025-12-31, is booked already"):
        made.do(end_contract("hill", effective_on=END_2025 - DAY, reason="x"))
    made.do(end_contract("hill", effective_on=END_2025, reason="its last day is corrected"))
    assert expected(contract(made.view, "hill"))[-1].due == END_2025  # its last day is in it
    made.do(amend_contract("hill", PLAN, effective_on=END_2026, reason="it goes on"))
    assert len(project_rest(made.view, "hill")) == 8


# ---------------------------------------------------------------- taking back


def test_an_instalment_is_not_taken_back_while_something_was_received_of_it() -> None:
    made = leased()
    [land, dam] = made.do(fall_due("hill", until=END_2024))
    [paid] = made.do(receive("hill", 1_00, effective_on=END_2025))
    with pytest.raises(
        RegisterError, match=r"112/hill/land/2024-12-31 stands at 159,999.00 yuan .*160,000.00 cannot leave"
    ):
        made.do(take_back(land.seq, booked_on=END_2025))
    made.do(take_back(paid.seq, booked_on=END_2025), take_back(land.seq, booked_on=END_2025))
    assert money(made) == {"112/hill/dam/2024-12-31": 10_000_00, "502": -10_000_00}
    assert [one.facts["stream"] for one in made.do(fall_due("hill", until=END_2024))] == ["land"]
    assert dam.seq


def test_an_advance_is_not_taken_back_while_it_is_applied() -> None:
    made = leased()
    [paid] = made.do(receive("hill", 1_00, effective_on=SIGNED))
    [land, _] = made.do(fall_due("hill", until=END_2024))
    with pytest.raises(RegisterError, match=r"211/hill stands at 0.00 yuan from 2024-01-01 on: 1.00 cannot leave it"):
        made.do(take_back(paid.seq, booked_on=END_2025))
    made.do(take_back(land.seq, booked_on=END_2025))  # its advance stands again
    assert contract_status(made.view, "hill", END_2024).advance_fen == 1_00
    made.do(take_back(paid.seq, booked_on=END_2025))
    assert money(made) == {"112/hill/dam/2024-12-31": 10_000_00, "502": -10_000_00}


def test_a_contract_itself_is_amended_or_ended_and_not_taken_back() -> None:
    made = leased()
    with pytest.raises(
        RegisterError,
        match=r"record 4 \(contract\) is not taken back by a reversal: a contract is amended once more, or",
    ):
        made.do(take_back(4, booked_on=END_2024))


# ---------------------------------------------------------------- two charts


def test_what_is_owed_and_what_stands_in_advance_go_over_into_the_next_chart() -> None:
    made = bare(C2004, date(2022, 1, 1))
    plan = Plan("hill", term("2022-01-01", years=4, basis="barren land"), [Stream("land", amount="1,000 yuan")])
    made.do(conclude("hill", plan, counterparty="company", effective_on=date(2022, 1, 1)))
    rest = project_rest(made.view, "hill")
    made.do(fall_due("hill", until=date(2022, 12, 31)), receive("hill", 400_00, effective_on=date(2023, 2, 1)))
    made.do(receive("hill", 1_900_00, effective_on=date(2023, 3, 1)))
    made.do(convert_chart(C2023, mapping={**C2004_TO_C2023, "501": "322"}))
    assert money(made)["211/hill"] == -1_300_00
    made.do(fall_due("hill", until=date(2024, 12, 31), booked_on=date(2024, 1, 1)))
    found = contract_status(made.view, "hill", date(2024, 12, 31))
    assert [(one.received_fen, str(one.settled_on)) for one in found.dues] == [
        (1_000_00, "2023-03-01"),
        (1_000_00, "2023-12-31"),
        (300_00, "None"),
    ]
    made.do(receive("hill", 700_00, effective_on=date(2025, 1, 5)))
    assert contract_status(made.view, "hill", date(2025, 1, 5)).open_fen == 0
    assert [one.postings[0].quantity for one in rest] == [1_000_00] * 4
    assert problems(made.view) == []


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("plan", "said", "seen"),
    [
        (PLAN, {"name": "hill"}, "contract hill was concluded in record 4: another code is expected, or an amendment"),
        (PLAN, {"name": "a/b"}, "a/b: a code without '/' is expected"),
        (PLAN, {"income": "bank"}, "stream land: bank is no account that income is credited to"),
        (PLAN, {"income": "honey"}, "no account for honey"),
        (PLAN, {"income": {"fish": "other income"}}, "income: 'fish' is unknown"),
        (PLAN, {"income": {"land": 5}}, "income: 5: the role of an account is expected"),
        (
            Plan("x", PLAN.term, [Stream("x", amount="1 USD")], currency=CURRENCIES["USD"]),
            {},
            "the plan is in USD: a book is kept in CNY",
        ),
        (
            Plan("x", PLAN.term, [Stream("x", amount="1 yuan", payee="company")], book="village"),
            {},
            "no stream of the plan is paid to village, whose book it is",
        ),
        (
            Plan("x", PLAN.term, [Stream("a b", amount="1 yuan"), Stream("a-b", amount="1 yuan")]),
            {},
            "streams a b and a-b would have one account: name them apart",
        ),
        (
            Plan(
                "x",
                PLAN.term,
                [
                    Stream(
                        "x",
                        amount="1 yuan",
                        due=[Instalment(Fraction(1, 2), due_on("06-30")), Instalment(None, due_on("06-30"))],
                    )
                ],
            ),
            {},
            "stream x has two instalments that are due on 2024-06-30: one on a day is expected",
        ),
        (
            Plan("x", term("2990-01-01", years=20, basis="service"), [Stream("x", amount="1 yuan")]),
            {},
            "stream x is due on 3000-12-31: a day from 1900-01-01 to 2999-12-31 is expected",
        ),
        (
            Plan("x", PLAN.term, [Stream("x" * 90, amount="1 yuan")]),
            {},
            "is not a code",
        ),
    ],
)
def test_a_contract_that_cannot_be_kept_is_refused(plan: Plan, said: dict[str, Any], seen: str) -> None:
    made = leased()
    with pytest.raises(CoopledgerError, match=seen):
        made.do(conclude(**{"name": "other", "plan": plan, "counterparty": "0901", "effective_on": SIGNED, **said}))


@pytest.mark.parametrize(
    ("verb", "seen"),
    [
        (lambda: fall_due("dam", until=END_2024), "contract dam: it was not concluded; the book has hill"),
        (lambda: fall_due("hill", until=END_2024, stream="fish"), "contract hill: 'fish' is unknown"),
        (lambda: receive("hill", 0, effective_on=END_2024), "amount_fen: 0: a whole number"),
        (lambda: receive("hill", 5, effective_on=END_2024, through="reserve"), "reserve is no account that gets money"),
        (lambda: receive("hill", 5, effective_on=END_2024, through="investment"), "investment is no account that gets"),
        (lambda: end_contract("hill", effective_on=END_2024, reason=" "), "reason: "),
        (lambda: amend_contract("hill", LESS, effective_on=END_2024, reason=""), "reason: -: a text is expected"),
    ],
)
def test_a_step_out_of_place_is_refused_in_words(verb: Callable[[], Decision], seen: str) -> None:
    made = leased()
    with pytest.raises(RegisterError, match=seen):
        made.do(verb())


@pytest.mark.parametrize(
    ("kind", "facts", "seen"),
    [
        ("contract", {"contract": "x", "act": "sing"}, "act = 'sing': one of"),
        (
            "contract",
            {"contract": "x", "act": "conclude", "plan": "hill", "income": {}},
            "the text of a plan is expected",
        ),
        ("contract", {"act": "end"}, "contract is missing"),
        ("contract", {"contract": "x", "act": "figures", "figures": {"rice": {"soon": "1"}}}, "soon"),
        ("contract-due", {"contract": "x", "stream": "y", "due": "soon", "amount_fen": 5}, "soon"),
        (
            "contract-due",
            {"contract": "x", "stream": "y", "due": "2024-12-31", "amount_fen": "5"},
            "stream and amount_fen",
        ),
    ],
)
def test_a_record_that_no_contract_could_be_folded_from_is_refused(kind: str, facts: dict[str, Any], seen: str) -> None:
    with pytest.raises(EntryError, match=f"facts of the kind {kind}: .*{seen}"):
        leased().do(Entry(kind, SIGNED, SIGNED, facts))


def test_contracts_stand_in_the_order_in_which_they_were_concluded() -> None:
    made = leased()
    made.do(conclude("dam", IN_KIND, counterparty="company", effective_on=SIGNED, documents=[PAPER]))
    assert [(one.code, one.counterparty) for one in contracts(made.view).values()] == [
        ("hill", "0901"),
        ("dam", "company"),
    ]
    [record] = [one for one in made.view.records("contract") if one.facts["contract"] == "dam"]
    assert record.facts["documents"][0]["name"] == PAPER.name


# ---------------------------------------------------------------- the projection is the history


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of one to three streams over up to eight years, of which all is known."""
    years = draw(st.integers(1, 8))

    def certain(drawn: Schedule) -> bool:
        return not drawn.values(years, Clock(2014)).assumptions

    span = term("2014-01-01", years=years, basis="lease")
    rules: list[str | list[Instalment]] = [
        "last day",
        "10-15",
        [Instalment(Fraction(2, 3), due_on("06-30")), Instalment(None, due_on("next 03-31"))],
    ]
    return Plan(
        "x",
        span,
        [
            Stream(f"s{n}", amount=draw(known_schedules(years).filter(certain)), due=draw(st.sampled_from(rules)))
            for n in range(draw(st.integers(1, 3)))
        ],
    )


def _entry(record: Record) -> Entry:
    return Entry(record.kind, record.effective_on, record.booked_on, record.facts, record.postings)


days = st.dates(date(2014, 1, 1), date(2024, 12, 31))


@steady(60)
@given(plans(), plans(), days, st.lists(st.tuples(days, days, st.integers(1, 10**7)), max_size=3))
def test_what_is_projected_in_one_year_is_what_is_booked_in_later_ones(
    first: Plan, second: Plan, amended_on: date, course: list[tuple[date, date, int]]
) -> None:
    """Whatever was booked, received and amended before: the same entries, record by record, to the fen."""
    made = bare(C2004, date(2014, 1, 1))
    made.do(conclude("x", first, counterparty="company", effective_on=date(2014, 1, 1)))
    for until, day, fen in sorted(course):
        made.do(fall_due("x", until=until), receive("x", fen, effective_on=day))
    with_amendment = amended_on > max([until for until, _, _ in course], default=date(2014, 1, 1))
    if with_amendment:
        made.do(amend_contract("x", second, effective_on=amended_on, reason="x"))
    rest = project_rest(made.view, "x")
    booked: list[Entry] = []
    for year in range(2014, 2026):
        booked += [_entry(one) for one in made.do(fall_due("x", until=date(year, 12, 31)))]
    assert booked == rest
    found = contract_status(made.view, "x", date(2026, 12, 31))
    due = sum(one.amount_fen or 0 for one in found.dues)
    came = sum(fen for _, _, fen in course)
    assert due == sum(one.amount_fen or 0 for one in expected(contract(made.view, "x")))
    assert found.open_fen == max(due - came, 0)  # oldest first, advances applied: nothing is open while money waits
    assert found.advance_fen == max(came - due, 0)
    assert all(one.open_fen >= 0 for one in found.dues)
    assert problems(made.view) == []


@steady(40)
@given(st.lists(st.integers(1, 500), min_size=4, max_size=4), st.integers(1, 4))
def test_a_projection_on_assumed_figures_is_booked_to_the_fen_once_they_come_true(fen: list[int], known: int) -> None:
    listed = {2013 + n: f"{Fraction(one, 8)} yuan/jin" for n, one in enumerate(fen)}
    first = dict([*listed.items()][:known])
    ahead = dict([*listed.items()][known:])
    rent = Stream("rent", amount=indexed("333 jin", series("rice", first, assume=ahead or None), lag=1))
    made = bare(C2004, date(2014, 1, 1))
    plan = Plan("x", term("2014-01-01", years=4, basis="contracted land"), [rent])
    made.do(conclude("x", plan, counterparty="company", effective_on=date(2014, 1, 1)))
    rest = project_rest(made.view, "x")
    booked: list[Entry] = []
    for year in range(2014, 2018):
        if year - 1 in ahead:
            made.do(know_figures("x", {"rice": {year - 1: ahead[year - 1]}}, effective_on=date(year, 1, 1)))
        booked += [_entry(one) for one in made.do(fall_due("x", until=date(year, 12, 31)))]
    assert booked == rest


def test_the_year_of_a_projection_agrees_however_the_booking_is_cut() -> None:
    one, other = leased(), leased()
    one.do(fall_due("hill", until=END_2029))
    other.do(in_turn(*(fall_due("hill", until=date(year, 7, 1)) for year in range(2024, 2031))))
    assert one.view.balances(MONEY) == other.view.balances(MONEY)


def test_what_is_owed_by_a_contract_goes_nowhere_else_when_the_chart_changes() -> None:
    made = bare(C2004, date(2022, 1, 1))
    plan = Plan("hill", term("2022-01-01", years=4, basis="barren land"), [Stream("land", amount="1,000 yuan")])
    made.do(conclude("hill", plan, counterparty="company", effective_on=date(2022, 1, 1), income="distribution"))
    made.do(fall_due("hill", until=date(2022, 12, 31)))
    with pytest.raises(RegisterError, match=r"112/hill/land/2022-12-31 would go to c2023:113.*, and is receivable"):
        made.do(convert_chart(C2023, mapping={**C2004_TO_C2023, "112": "113"}))

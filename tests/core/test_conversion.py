"""Conversions: what stood in the old chart stands in the new one, and nothing is left behind."""

import re
from datetime import date, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from coopledger.core.ahead import in_turn
from coopledger.core.amortisation import amortise, revalue_contribution
from coopledger.core.chart import (
    C2004,
    C2007,
    C2021,
    C2023,
    MONEY,
    RESERVE,
    Chart,
    ChartAccount,
    Words,
    adopt,
    charts,
    with_accounts,
    with_roles,
)
from coopledger.core.charter import COLLECTIVE, found
from coopledger.core.citation import Resolution
from coopledger.core.contribution import Contribution, Money, Right, Valuation, contribute
from coopledger.core.conversion import C2004_TO_C2023, C2007_TO_C2021, carried, convert_chart
from coopledger.core.ending import end_contribution
from coopledger.core.fund import quantify, spend_fund
from coopledger.core.journal import Decision, Entry, Posting, Record, reverse
from coopledger.core.member import Joiner, admit, leave
from coopledger.core.movement import convert, issue, pay_in, redeem
from coopledger.core.problems import problems
from coopledger.core.redenomination import change_par_value
from coopledger.core.reversal import take_back
from coopledger.core.share_class import class_on, open_class, preset
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.core.withdrawal import refund_reserve
from coopledger.errors import CoopledgerError, OverdrawnError, RegisterError
from coopledger.store.memory import MemoryJournal

OLD_DAY = date(2022, 1, 1)
NEW_YEAR = date(2024, 1, 1)
KEYS = count()


def book(*adopted: Chart, on: date = date(2020, 1, 1)) -> MemoryJournal:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    for chart in adopted:
        journal.append(adopt(chart, effective_on=on), key=f"adopt {chart.code}", actor="accountant")
    return journal


def move(journal: MemoryJournal, source: str, target: str, fen: int, on: date = date(2023, 6, 1)) -> Record:
    entry = Entry("note", on, on, {}, [Posting(MONEY, source, target, fen)])
    return journal.append([entry], key=f"move {next(KEYS)}", actor="accountant")[0]


def balances(journal: MemoryJournal) -> dict[str, int]:
    with journal.read() as view:
        return {account: fen for (_, account), fen in view.balances(MONEY).items()}


def village() -> MemoryJournal:
    """A village of 2023: cash, a fund, somebody's advance, wages owed."""
    journal = book(C2004)
    move(journal, "c2004:301", "c2004:101", 1_000_00)
    move(journal, "c2004:241", "c2004:102", 300_000_00)
    move(journal, "c2004:101", "c2004:113/0042", 200_00)
    move(journal, "c2004:211", "c2004:401", 50_00)
    move(journal, "c2004:202", "c2004:153", 70_00)
    return journal


def test_a_conversion_moves_every_balance_to_the_new_chart_in_one_entry() -> None:
    """财会〔2023〕20号: the balances of 2023-12-31 open the new accounts on 2024-01-01."""
    journal = village()
    records = journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    assert [one.kind for one in records] == ["opening", "conversion"]
    assert balances(journal) == {
        "c2023:101": 800_00,
        "c2023:102": 300_000_00,
        "c2023:113/0042": 200_00,
        "c2023:154": 70_00,
        "c2023:211": -70_00,
        "c2023:212": -50_00,
        "c2023:241": -300_000_00,
        "c2023:301": -1_000_00,
        "c2023:401": 50_00,
    }
    with journal.read() as view:
        assert charts(view).in_force(date(2023, 12, 31)).code == "c2004"
        assert charts(view).in_force(NEW_YEAR).code == "c2023"
        for chart in ("c2004", "c2023"):
            assert totals(trial_balance(view, NEW_YEAR, chart=chart)).balanced
        assert [one.closing_fen for one in trial_balance(view, chart="c2004")] == [0] * 9


def test_a_record_of_a_conversion_that_says_no_charts_is_no_conversion_between_these() -> None:
    journal = village()
    journal.append([Entry("conversion", OLD_DAY, OLD_DAY, {"what": "by hand"})], key="own", actor="service")
    records = journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    assert [one.kind for one in records] == ["opening", "conversion"]


def test_the_lines_of_a_long_entry_are_looked_at_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a voucher of thousands of lines none is looked for among all the others."""
    journal, lines = village(), 300
    long = [Posting(MONEY, "c2004:102", "c2004:101", 1)] * lines
    journal.append([Entry("note", NEW_YEAR, NEW_YEAR, {}, long)], key="long", actor="accountant")
    looked_at: list[str] = []

    def is_of(account: str, chart: Chart) -> bool:
        looked_at.append(account)
        return account.startswith(f"{chart.code}:")

    monkeypatch.setattr("coopledger.core.conversion._is_of", is_of)
    with pytest.raises(RegisterError, match="is booked on 2024-01-01 in chart c2004"):
        journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    assert len(looked_at) < 10 * lines


def test_a_conversion_keeps_the_balances_of_the_day_before() -> None:
    journal = village()
    with journal.read() as view:
        before = view.balances(MONEY)
    journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    with journal.read() as view:
        assert view.balances(MONEY, on=date(2023, 12, 31)) == before


def test_a_balance_without_a_new_account_stops_a_conversion() -> None:
    journal = village()
    move(journal, "c2004:101", "c2004:132", 30_00)
    with pytest.raises(RegisterError, match=r"c2004:132 stands at 30\.00 yuan and has no place in chart c2023"):
        journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")


def test_trees_are_split_by_what_they_are() -> None:
    """财会〔2023〕20号, as 财会〔2021〕38号 2(一)2: to sell, to bear, or for the public good."""
    journal = village()
    move(journal, "c2004:101", "c2004:132", 30_00)
    splits = {"132": {"131": 10_00, "132": 20_00}}
    journal.append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="conversion", actor="accountant")
    assert (balances(journal)["c2023:131"], balances(journal)["c2023:132"]) == (10_00, 20_00)


def test_a_split_divides_the_balance_of_the_day_and_nothing_later() -> None:
    """Trees that are paid in 2023 and come in May 2024 are split by a conversion of that day."""
    journal = village()
    move(journal, "c2004:101", "c2004:132", 30_00)
    may = date(2024, 5, 1)
    trees = Entry("note", may, date(2023, 12, 1), {}, [Posting(MONEY, "c2004:101", "c2004:132", 5_00)])
    journal.append([trees], key="trees", actor="accountant")
    splits = {"132": {"131": 10_00, "132": 20_00}}
    told = r"c2004:132: 5\.00 yuan of it are for a later day, .* so map it as well \('--map 132=…'\)"
    with pytest.raises(RegisterError, match=told):
        journal.append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="conversion", actor="accountant")
    mapped = convert_chart(C2023, {**C2004_TO_C2023, "132": "132"}, splits=splits)
    journal.append(mapped, key="conversion", actor="accountant")
    assert (balances(journal)["c2023:131"], balances(journal)["c2023:132"]) == (10_00, 25_00)


def test_what_comes_late_for_another_day_is_split_by_the_second_conversion() -> None:
    journal = village()
    journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    may = date(2024, 5, 1)
    for key, account in (("cash", "c2004:112"), ("trees", "c2004:132")):
        on = date(2023, 12, 1) if key == "cash" else may
        late = Entry("note", on, date(2023, 12, 1), {}, [Posting(MONEY, "c2004:101", account, 5_00)])
        journal.append([late], key=key, actor="accountant")
    with pytest.raises(RegisterError, match=r"c2004:132 stands at 5\.00 yuan .* or split it"):
        journal.append(convert_chart(C2023, C2004_TO_C2023), key="again", actor="accountant")
    splits = {"132": {"131": 2_00, "132": 3_00}}
    journal.append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="again", actor="accountant")
    assert (balances(journal)["c2023:131"], balances(journal)["c2023:132"]) == (2_00, 3_00)


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({"101": {"101": 1, "102": 2}}, "the split comes to 0.03 yuan, its balance is 800.00"),
        ({"101": {"999": 800_00}}, "chart c2023 has no account 999"),
    ],
)
def test_a_split_that_is_wrong_stops_a_conversion(splits: dict[str, dict[str, int]], message: str) -> None:
    with pytest.raises(RegisterError, match=message):
        village().append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="conversion", actor="accountant")


def test_a_split_may_send_a_part_to_the_other_side() -> None:
    """A current account of members stands on both sides: what they owe, and what is owed to them."""
    journal = village()
    splits = {"113/0042": {"112": 250_00, "211": -50_00}}
    journal.append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="conversion", actor="accountant")
    assert balances(journal)["c2023:112"] == 250_00
    assert balances(journal)["c2023:211"] == -120_00


def test_what_comes_late_takes_no_more_from_a_place_than_was_put_there() -> None:
    """Of the 120 yuan in 211 the conversion put 50 there of this account; the others are somebody else's."""
    journal = village()
    splits = {"113/0042": {"112": 250_00, "211": -50_00}}
    journal.append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="conversion", actor="accountant")
    december = date(2023, 12, 1)
    lent = Entry("note", december, december, {}, [Posting(MONEY, "c2004:101", "c2004:113/0042", 90_00)])
    put(journal, lambda _: [lent])
    seen = balances(journal)
    assert (seen["c2023:211"], seen["c2023:113/0042"], seen["c2023:112"]) == (-70_00, 40_00, 250_00)
    assert wrong(journal) == []


@pytest.mark.parametrize("day", [date(2024, 1, 1), date(2024, 1, 2)])
def test_an_entry_of_the_new_year_in_the_old_chart_stops_a_conversion(day: date) -> None:
    journal = village()
    seq = move(journal, "c2004:101", "c2004:102", 1, day).seq
    with pytest.raises(RegisterError, match=f"record {seq} is booked on {day} in chart c2004"):
        journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")


def test_a_correction_of_the_old_year_is_converted_after_it() -> None:
    journal = village()
    wrong = move(journal, "c2004:101", "c2004:541", 9_00, date(2023, 7, 1))
    closing = move(journal, "c2004:541", "c2004:321", 9_00, date(2023, 12, 31))
    journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    later = date(2024, 3, 1)
    for record in (wrong, closing):
        entry = Entry("reversal", later, later, {"reason": "booked twice"}, reverse(record))
        journal.append([entry], key=f"reversal {record.seq}", actor="accountant")
    again = convert_chart(C2023, C2004_TO_C2023, effective_on=later)
    assert [one.kind for one in journal.append(again, key="again", actor="accountant")] == ["conversion"]
    found = balances(journal)
    assert [account for account in found if account.startswith("c2004:")] == []
    assert found["c2023:101"] == 800_00
    assert found["c2023:301"] == -1_000_00


def test_a_cooperative_goes_over_to_the_chart_of_2021() -> None:
    """财会〔2021〕38号: in force from 2023-01-01; most balances go to the account of the same number."""
    journal = book(C2007)
    move(journal, "c2007:301", "c2007:102", 5_000_00, date(2022, 5, 1))
    move(journal, "c2007:222/0042", "c2007:332", 100_00, date(2022, 5, 1))
    journal.append(convert_chart(C2021, C2007_TO_C2021), key="conversion", actor="accountant")
    assert balances(journal) == {
        "c2021:102": 5_000_00,
        "c2021:222/0042": -100_00,
        "c2021:301": -5_000_00,
        "c2021:332": 100_00,
    }


def test_nothing_is_converted_where_no_chart_was_in_force() -> None:
    with pytest.raises(RegisterError, match="2024-01-01: no chart"):
        book().append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")


def test_the_same_conversion_again_changes_nothing() -> None:
    journal = village()
    first = journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    assert journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant") == first


def test_a_conversion_keeps_to_what_it_was_told_when_it_was_made() -> None:
    journal = village()
    mapping, splits = dict(C2004_TO_C2023), {"113/0042": {"112": 250_00, "211": -50_00}}
    decision = convert_chart(C2023, mapping, splits=splits)
    mapping.clear()
    splits["113/0042"].clear()
    journal.append(decision, key="conversion", actor="accountant")
    assert balances(journal)["c2023:112"] == 250_00


def test_a_fund_of_the_old_year_is_corrected_together_with_its_conversion() -> None:
    """What is owed for a purpose never falls below nothing: so one append takes it back and converts what that left."""
    journal = village()
    with journal.read() as view:
        received = next(one for one in view.records("note") if one.postings[0].source == "c2004:241")
    journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")
    later = date(2024, 3, 1)
    correction = Entry("reversal", later, later, {"reason": "of another book"}, reverse(received))
    with pytest.raises(OverdrawnError, match="c2004:241"):
        journal.append([correction], key="correction", actor="accountant")
    both = in_turn(lambda _: [correction], convert_chart(C2023, C2004_TO_C2023, effective_on=later))
    journal.append(both, key="correction and conversion", actor="accountant")
    assert "c2023:241" not in balances(journal)


# ---------------------------------------------------------------- shares across the change of charts
# A cash class of 1 yuan a share: 500 shares of 2022 in the old chart.


def sharing(*steps: Decision) -> MemoryJournal:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    steps = (
        found("示例村经济合作社", COLLECTIVE, effective_on=OLD_DAY),
        adopt(C2004, effective_on=OLD_DAY),
        open_class(preset("cash", capital="c2004:301"), effective_on=OLD_DAY),
        admit(Joiner("0041", household="17", head=True), Joiner("0042", household="17"), effective_on=OLD_DAY),
        issue("cash", to="0041", shares=500, effective_on=OLD_DAY, against="c2004:102"),
        *steps,
    )
    for step in steps:
        put(journal, step)
    return journal


def put(journal: MemoryJournal, decision: Decision) -> list[Record]:
    return journal.append(decision, key=f"put {next(KEYS)}", actor="accountant")


def put_as_before(journal: MemoryJournal, decision: Decision) -> None:
    """As books stand in which it was not yet carried over what a verb leaves in the old chart."""
    with journal.read() as view:
        entries = [*decision(view)]
    journal.append(entries, key=f"put {next(KEYS)}", actor="accountant")


def wrong(journal: MemoryJournal) -> list[str]:
    with journal.read() as view:
        return [str(one) for one in problems(view)]


CONVERT = convert_chart(C2023, C2004_TO_C2023)
LATE: dict[str, Any] = {"effective_on": date(2023, 5, 1), "booked_on": date(2024, 2, 1), "against": "c2023:102"}


@pytest.mark.parametrize(
    ("decision", "capital"),
    [
        (issue("cash", to="0042", shares=5, reason="ruling", **LATE), 505_00),
        (
            contribute(
                Contribution("K1", "0042", "cash", Money(5_00), price_fen=100),
                effective_on=LATE["effective_on"],
                booked_on=LATE["booked_on"],
            ),
            505_00,
        ),
    ],
)
def test_what_counts_for_the_old_chart_s_time_is_booked_in_the_chart_in_force(decision: Decision, capital: int) -> None:
    journal = sharing(CONVERT)
    [record] = put(journal, decision)
    assert {place.partition(":")[0] for one in record.postings for place in one[1:3] if ":" in place} == {"c2023"}
    assert balances(journal)["c2023:301"] == -capital
    assert wrong(journal) == []
    put(journal, convert_chart(C2023, C2004_TO_C2023, effective_on=date(2024, 3, 1)))
    assert wrong(journal) == []


def test_of_the_new_bank_nothing_is_paid_for_a_day_on_which_nothing_stood_in_it() -> None:
    """As by any other verb: what is paid counts from the change on, or is booked before it in the old chart."""
    journal = sharing(CONVERT)
    asked: dict[str, Any] = {"holder": "0041", "shares": 5, "reason": "correction"}
    said = r"c2023:102 stands at 0\.00 yuan from 2023-05-01 on: .* the book is kept by chart c2023 from 2024-01-01 on"
    with pytest.raises(RegisterError, match=said):
        put(journal, redeem("cash", **asked, **LATE))
    put(journal, redeem("cash", **asked, effective_on=LATE["effective_on"], against="c2004:102"))
    assert balances(journal) == {"c2023:102": 495_00, "c2023:301": -495_00}
    put(journal, redeem("cash", **asked, **LATE | {"effective_on": date(2024, 1, 1)}))
    assert balances(journal) == {"c2023:102": 490_00, "c2023:301": -490_00}
    assert wrong(journal) == []


def test_subscribed_shares_of_the_old_chart_s_time_are_paid_in_by_the_new_one() -> None:
    subscribed = issue("cash", to="0042", shares=7, effective_on=OLD_DAY, reason="subscription", paid=False)
    journal = sharing(subscribed, CONVERT)
    put(journal, pay_in("cash", holder="0042", shares=7, **LATE))
    assert balances(journal) == {"c2023:102": 507_00, "c2023:301": -507_00}
    assert wrong(journal) == []


def test_a_conversion_of_shares_and_another_par_value_are_booked_in_the_chart_in_force() -> None:
    tea = preset("cash", code="tea", name="茶股", par_fen=2_00, capital="c2004:302")
    account = ChartAccount("302", Words("tea capital", "茶股金"), "equity")
    late: Any = {"effective_on": date(2023, 5, 1), "booked_on": date(2024, 2, 1)}
    journal = sharing(
        adopt(with_accounts(C2004, account), effective_on=OLD_DAY),
        open_class(tea, effective_on=OLD_DAY),
        convert_chart(with_accounts(C2023, account), {**C2004_TO_C2023, "302": "302"}),
        convert("cash", into="tea", holder="0041", shares=10, ratio=Fraction(1, 2), reason="charter", **late),
    )
    assert balances(journal) == {"c2023:102": 500_00, "c2023:301": -490_00, "c2023:302": -10_00}
    vote = Resolution("2023-9", "members", date(2023, 5, 1), 300, 240, 220)
    put(
        journal,
        change_par_value("tea", par_fen=3_00, against="c2023:102", reason="appraisal", resolution=vote, **late),
    )
    assert balances(journal) == {"c2023:102": 505_00, "c2023:301": -490_00, "c2023:302": -15_00}
    assert wrong(journal) == []


def test_a_chart_that_is_adopted_and_not_converted_to_takes_no_capital_of_the_old_one() -> None:
    journal = sharing(adopt(C2023))
    with pytest.raises(RegisterError, match="cash has its capital in c2004:301, and on 2024-02-01 the chart c2023"):
        put(journal, issue("cash", to="0042", shares=5, reason="ruling", **LATE))
    put(journal, CONVERT)
    put(journal, issue("cash", to="0042", shares=5, reason="ruling", **LATE))
    assert wrong(journal) == []


def test_what_counts_for_a_day_after_a_conversion_moves_on_that_day() -> None:
    """Booked in 2023 for May 2024: up to then it stands in no chart."""
    may = date(2024, 5, 1)
    early = issue("cash", to="0042", shares=5, effective_on=may, booked_on=date(2023, 2, 1), against="c2004:102")
    journal = sharing(early)
    records = put(journal, CONVERT)
    assert [(one.kind, one.effective_on) for one in records] == [
        ("opening", NEW_YEAR),
        ("conversion", NEW_YEAR),
        ("conversion", may),
        ("class", NEW_YEAR),
    ]
    with journal.read() as view:
        before = {account: fen for (_, account), fen in view.balances(MONEY, on=may - timedelta(1)).items()}
    assert before == {"c2023:102": 500_00, "c2023:301": -500_00}
    assert balances(journal) == {"c2023:102": 505_00, "c2023:301": -505_00}
    assert wrong(journal) == []


def test_a_correction_after_the_conversion_is_moved_on_its_own_day() -> None:
    """Converting again with the day of the change moves it where it happened, not before."""
    journal = village()
    spent = move(journal, "c2004:101", "c2004:113/0042", 9_00, date(2023, 7, 1))
    put(journal, CONVERT)
    march = date(2024, 3, 1)
    put(journal, lambda _: [Entry("reversal", march, march, {"reason": "booked twice"}, reverse(spent))])
    put(journal, CONVERT)
    for day, cash in ((NEW_YEAR, 791_00), (march - timedelta(1), 791_00), (march, 800_00)):
        with journal.read() as view:
            assert view.balances(MONEY, "c2023:101", day) == {(MONEY, "c2023:101"): cash}
            assert view.balances(MONEY, "c2004:101", day) == {}
    assert put(journal, CONVERT) == []


def test_what_is_left_in_the_old_chart_is_a_problem_until_it_is_converted_again() -> None:
    journal = sharing(CONVERT)
    december = date(2023, 12, 15)
    put_as_before(journal, issue("cash", to="0042", shares=5, effective_on=december, against="c2004:102"))
    left = "though from 2024-01-01 on the book is kept by chart c2023: convert it"
    assert [one.partition(": ")[0] for one in wrong(journal)] == ["c2004:102", "c2004:301"]
    assert all(left in one for one in wrong(journal))
    put(journal, CONVERT)
    assert wrong(journal) == []
    assert balances(journal) == {"c2023:102": 505_00, "c2023:301": -505_00}


def test_converting_again_leaves_nothing_behind_between_the_charts_day_and_its_own() -> None:
    journal = sharing(CONVERT)
    december, march = date(2023, 12, 15), date(2024, 3, 1)
    put_as_before(journal, issue("cash", to="0042", shares=5, effective_on=december, against="c2004:102"))
    said = r"c2004:102: 5\.00 yuan stand in it from 2024-01-01 on, and would until 2024-03-01: convert it on 2024-01-01"
    with pytest.raises(RegisterError, match=said):
        put(journal, convert_chart(C2023, C2004_TO_C2023, effective_on=march))
    put(journal, CONVERT)
    assert wrong(journal) == []


def test_what_was_booked_too_late_in_the_old_chart_is_converted_once_it_is_taken_back() -> None:
    journal = village()
    late = move(journal, "c2004:101", "c2004:102", 5_00, date(2024, 2, 1))
    with pytest.raises(RegisterError, match=f"record {late.seq} is booked on 2024-02-01 in chart c2004"):
        put(journal, CONVERT)
    part = {0: 4_00}
    day = date(2024, 2, 2)
    put(journal, lambda _: [Entry("reversal", day, day, {"reason": "old chart"}, reverse(late, part))])
    with pytest.raises(RegisterError, match=f"record {late.seq} is booked on 2024-02-01 in chart c2004"):
        put(journal, CONVERT)
    put(journal, lambda _: [Entry("reversal", day, day, {"reason": "old chart"}, reverse(late, {0: 1_00}))])
    put(journal, CONVERT)
    assert balances(journal)["c2023:101"] == 1_000_00 - 200_00


@pytest.mark.parametrize(
    ("mapping", "splits", "message"),
    [
        ({}, {"301": {"301": -400_00, "311": -100_00}}, "c2004:301 is the capital of cash and is not split"),
        ({"102": "301"}, {}, "c2004:102 would go to c2023:301, which has the capital of cash and nothing else"),
        ({"102": "301/x"}, {}, "c2004:102 would go to c2023:301/x, which has the capital of cash"),
        ({"301": "131"}, {}, "c2023:131 is no account of capital"),
        ({"301": "311/cap"}, {}, "c2023:311/cap is no account of capital: other verbs fill c2023:311, reserve and"),
        ({}, {"102": {"102": 400_00, "301": 100_00}}, "c2004:102 would go to c2023:301, which has the capital"),
    ],
)
def test_capital_goes_to_one_account_and_nothing_else_goes_there(
    mapping: dict[str, str], splits: dict[str, dict[str, int]], message: str
) -> None:
    journal = sharing()
    with pytest.raises(RegisterError, match=message):
        put(journal, convert_chart(C2023, {**C2004_TO_C2023, **mapping}, splits=splits))


def test_older_money_is_no_capital_of_a_class_and_a_part_of_its_account_takes_it() -> None:
    journal = MemoryJournal("示例村", clock=lambda: 0)
    put(journal, found("示例村经济合作社", COLLECTIVE, effective_on=OLD_DAY))
    put(journal, adopt(C2004, effective_on=OLD_DAY))
    old = [Posting(MONEY, "c2004:301", "c2004:102", 500_00)]
    put(journal, lambda _: [Entry("note", OLD_DAY, OLD_DAY, {}, old)])
    put(journal, CONVERT)
    cash = preset("cash", capital="c2023:301")
    with pytest.raises(RegisterError, match=rf"c2023:301 stands at 500\.00 yuan on {NEW_YEAR}, .* c2023:301/shares"):
        put(journal, open_class(cash, effective_on=NEW_YEAR))
    put(journal, open_class(cash._replace(capital="c2023:301/shares"), effective_on=NEW_YEAR))
    assert wrong(journal) == []


def test_capital_that_stood_beside_other_verbs_accounts_is_taken_over_as_it_stood() -> None:
    """A book of before the rule; otherwise it could not go over to another chart."""
    journal = sharing()
    odd = {"class": "cash", "set": {"capital": "c2004:311/cap"}, "reason": "before the rule"}
    moves = [Posting(MONEY, "c2004:311/cap", "c2004:301", 500_00)]
    put(journal, lambda _: [Entry("class", OLD_DAY, OLD_DAY, odd), Entry("note", OLD_DAY, OLD_DAY, {}, moves)])
    put(journal, CONVERT)
    assert balances(journal) == {"c2023:102": 500_00, "c2023:311/cap": -500_00}
    assert wrong(journal) == []


def test_capital_goes_nowhere_where_other_money_stood_before() -> None:
    journal = sharing(adopt(C2023))
    other = [Posting(MONEY, "c2023:301", "c2023:102", 1), Posting(MONEY, "c2023:102", "c2023:301", 1)]
    for day, one in ((NEW_YEAR, other[0]), (date(2024, 1, 5), other[1])):
        put(journal, lambda _, day=day, one=one: [Entry("note", day, day, {}, [one])])  # type: ignore[misc]
    with pytest.raises(RegisterError, match=rf"c2023:301 stands at 0\.01 yuan on {NEW_YEAR}, which are no shares"):
        put(journal, CONVERT)


def test_converting_again_sends_capital_where_it_went_before() -> None:
    december = date(2023, 12, 15)
    journal = sharing(CONVERT)
    put_as_before(journal, issue("cash", to="0042", shares=5, effective_on=december, against="c2004:102"))
    with pytest.raises(RegisterError, match="c2004:301 is the capital of cash, which c2023:301 took over"):
        put(journal, convert_chart(C2023, {**C2004_TO_C2023, "301": "311"}))


LEFT_BEHIND = "contribution G1: -2,000.00 yuan stand in c2004:161/G1, and on 2024-06-30 the chart c2023"


def test_a_contribution_used_up_in_the_old_chart_is_ended_after_it_is_converted_too() -> None:
    start, until = date(2022, 1, 1), date(2029, 12, 31)
    land = Right("land right", start, until, until, area_mu=2, parcels=("1-07",), contract="示例证 0001", every="year")
    brought = Contribution("G1", "17", "land", land, Valuation(8_000_00, "agreed price", start), price_fen=100_00)
    journal = sharing(
        open_class(preset("land", par_fen=100_00, capital="c2004:301"), effective_on=OLD_DAY),
        contribute(brought, effective_on=OLD_DAY),
        CONVERT,
        amortise(through=date(2023, 12, 31)),
    )
    end = end_contribution("G1", effective_on=date(2024, 6, 30), rule="right and money", reason="withdrawal")
    with pytest.raises(RegisterError, match=re.escape(LEFT_BEHIND)):
        put(journal, end)
    with pytest.raises(RegisterError, match=re.escape(LEFT_BEHIND)):
        put(
            journal,
            revalue_contribution(
                "G1",
                Valuation(9_000_00, "agreed price", date(2024, 6, 30)),
                effective_on=date(2024, 6, 30),
                reason="appraisal",
            ),
        )
    put(journal, convert_chart(C2023, {**C2004_TO_C2023, "541": "322"}))
    put(journal, end)
    assert wrong(journal) == []
    assert {place: fen for place, fen in balances(journal).items() if "G1" in place} == {}


def test_a_leaver_is_paid_of_the_reserve_from_the_chart_in_force() -> None:
    old, new = C2004.account("reserve"), C2023.account("reserve")
    journal = sharing(
        lambda _: [Entry("note", OLD_DAY, OLD_DAY, {}, [Posting(MONEY, old, "c2004:102", 90_00)])],
        quantify(RESERVE, {"0041": 1, "0042": 2}, effective_on=OLD_DAY, rule="by work"),
        CONVERT,
        leave("0042", effective_on=date(2024, 3, 1), reason="moved out"),
    )
    paid: dict[str, Any] = {"against": "c2023:102", "effective_on": date(2024, 3, 1)}
    with pytest.raises(RegisterError, match=f"{old}: on 2024-03-01 the chart c2023 is in force"):
        put(journal, refund_reserve("0042", {old: 60_00}, **paid))
    with pytest.raises(RegisterError, match=r"c2023:311/reserve/x stands at 0\.00 yuan from 2024-03-01 on"):
        put(journal, refund_reserve("0042", {f"{new}/x": 60_00}, **paid))
    put(journal, refund_reserve("0042", {new: 60_00}, **paid))
    assert wrong(journal) == []


def test_a_premium_stands_in_a_reserve_and_is_paid_of_what_is_there() -> None:
    """Shares for nothing are no expense, and above par is paid what premiums brought."""
    journal = sharing()
    on: dict[str, Any] = {"effective_on": date(2023, 3, 1), "against": "c2004:102"}
    with pytest.raises(RegisterError, match="premium c2004:541: a reserve is expected"):
        put(journal, issue("cash", to="0042", shares=100, amount_fen=0, premium="c2004:541", **on))
    above: dict[str, Any] = {"holder": "0041", "shares": 10, "reason": "buy-back", "premium": "c2004:311/premium", **on}
    with pytest.raises(RegisterError, match=r"c2004:311/premium stands at 4\.00 yuan from 2023-03-01 on: 5\.00 yuan"):
        put(
            journal,
            in_turn(
                issue("cash", to="0042", shares=10, amount_fen=14_00, premium="c2004:311/premium", **on),
                redeem("cash", amount_fen=15_00, **above),
            ),
        )
    put(journal, issue("cash", to="0042", shares=10, amount_fen=14_00, premium="c2004:311/premium", **on))
    put(journal, redeem("cash", amount_fen=14_00, **above))
    assert wrong(journal) == []


# ---------------------------------------------------------------- what a change of charts leaves, and where it goes


def closing(journal: MemoryJournal, until: date, chart: str) -> dict[str, int]:
    with journal.read() as view:
        rows = trial_balance(view, until=until, chart=chart)
        return {one.account: one.closing_fen for one in rows if one.closing_fen}


def test_a_correction_is_moved_when_it_was_booked_and_no_earlier_trial_balance_changes() -> None:
    """A reversal counts from the old day, and is booked in 2026: the years between stay as they were printed."""
    journal = sharing(CONVERT)
    with journal.read() as view:
        [issued] = view.records("issue")
    late = date(2026, 11, 27)
    printed_before = closing(journal, date(2025, 12, 31), "c2023")
    [_, converted] = put(journal, take_back(issued.seq, booked_on=late))
    assert put(journal, CONVERT) == []
    assert (converted.effective_on, converted.booked_on) == (NEW_YEAR, late)
    assert (
        closing(journal, date(2025, 12, 31), "c2023") == printed_before == {"c2023:102": 500_00, "c2023:301": -500_00}
    )
    assert closing(journal, date(2025, 12, 31), "c2004") == closing(journal, late, "c2023") == {}
    assert wrong(journal) == []


def test_what_is_left_is_booked_on_the_first_open_day() -> None:
    journal = sharing(CONVERT)
    put_as_before(journal, issue("cash", to="0042", shares=5, effective_on=date(2023, 12, 15), against="c2004:102"))
    put(journal, lambda _: [Entry("lock", date(2024, 2, 1), date(2024, 2, 1), {"through": "2024-01-31"})])
    [converted] = put(journal, CONVERT)
    assert (converted.effective_on, converted.booked_on) == (NEW_YEAR, date(2024, 2, 1))
    assert wrong(journal) == []
    assert put(journal, CONVERT) == []


def test_a_conversion_is_not_booked_before_its_day() -> None:
    with pytest.raises(RegisterError, match="booked on 2022-06-01: the chart c2023 is in force from 2024-01-01 on"):
        convert_chart(C2023, C2004_TO_C2023, booked_on=date(2022, 6, 1))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mapping": {"102": 5}}, "5"),
        ({"mapping": {"102": None}}, "None"),
        ({"effective_on": "2024-01-01"}, "a date is expected"),
        ({"booked_on": "2024-01-01"}, "a date is expected"),
    ],
)
def test_a_conversion_that_is_told_something_else_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CoopledgerError, match=message):
        convert_chart(C2023, **{"mapping": C2004_TO_C2023, **changes})


def test_a_split_is_told_in_fen() -> None:
    journal = village()
    with pytest.raises(RegisterError, match="c2004:101: '100': a whole number of fen is expected"):
        put(journal, convert_chart(C2023, C2004_TO_C2023, splits={"101": {"101": "100"}}))  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("account", "mapping", "message"),
    [
        ("161/G1", {"161": "151"}, "c2004:161/G1 would go to c2023:151/G1, and is right, for which chart c2023 has"),
        ("241/F1", {"241": "211"}, "c2004:241 would go to c2023:211, and is special payable"),
        ("311/subsidy", {"311": "321"}, "c2004:311/subsidy would go to c2023:321/subsidy, and is subsidy fund"),
        ("202", {"202": "311/donation"}, "c2004:202 would go to c2023:311/donation, which has the donation fund"),
        ("113/surplus/0042", {"113": "212"}, "c2004:113/surplus/0042 would go to c2023:212/surplus/0042"),
    ],
)
def test_what_verbs_find_by_a_role_goes_where_they_look_for_it(
    account: str, mapping: dict[str, str], message: str
) -> None:
    journal = village()
    move(journal, f"c2004:{account}", "c2004:102", 7_00)
    with pytest.raises(RegisterError, match=message):
        put(journal, convert_chart(C2023, {**C2004_TO_C2023, **mapping}))
    put(journal, CONVERT)
    assert balances(journal)[f"c2023:{C2004_TO_C2023[account[:3]]}{account[3:]}"]


def test_income_and_expenses_that_were_not_closed_are_told_where_they_belong() -> None:
    journal = village()
    move(journal, "c2004:102", "c2004:541", 9_00)
    with pytest.raises(RegisterError, match=r"'--map 541=…'.* are part of what is distributed, 322"):
        put(journal, CONVERT)
    put(journal, convert_chart(C2023, {**C2004_TO_C2023, "541": "322"}))
    assert balances(journal)["c2023:322"] == 9_00


def test_a_chart_that_is_adopted_while_money_stands_in_the_old_one_is_a_problem() -> None:
    journal = sharing(adopt(C2023))
    assert [one.partition(": ")[0] for one in wrong(journal)] == ["c2004:102", "c2004:301"]
    put(journal, CONVERT)
    assert wrong(journal) == []


def test_who_goes_back_to_the_old_chart_keeps_the_book_by_it() -> None:
    back = {new: old for old, new in C2004_TO_C2023.items()}
    journal = sharing(CONVERT, convert_chart(C2004, back, effective_on=date(2024, 3, 1)))
    with journal.read() as view:
        assert charts(view).in_force(date(2024, 3, 1)).code == "c2004"
    put(journal, issue("cash", to="0042", shares=5, effective_on=date(2024, 3, 2), against="c2004:102"))
    assert balances(journal) == {"c2004:102": 505_00, "c2004:301": -505_00}
    assert wrong(journal) == []


def test_a_class_that_begins_after_the_day_is_converted_on_its_own() -> None:
    february, december = date(2024, 2, 1), date(2023, 12, 1)
    tea = preset("cash", capital="c2004:301")._replace(code="tea", name="茶股")
    journal = sharing(
        open_class(tea, effective_on=february, booked_on=december),
        issue("tea", to="0041", shares=5, effective_on=february, booked_on=december, against="c2004:102"),
        CONVERT,
    )
    with journal.read() as view:
        assert (class_on(view, "tea").capital, class_on(view, "cash").capital) == ("c2023:301", "c2023:301")
    put(journal, issue("tea", to="0042", shares=5, effective_on=february, against="c2023:102"))
    assert wrong(journal) == []


def test_a_class_of_the_new_chart_takes_nothing_that_is_booked_in_the_old_one() -> None:
    tea = preset("cash", capital="c2023:301")._replace(code="tea", name="茶股")
    journal = sharing(CONVERT, open_class(tea, effective_on=date(2023, 6, 1), booked_on=date(2024, 2, 1)))
    with pytest.raises(RegisterError, match="the chart c2004 is in force: book it on 2024-01-01 or later"):
        put(journal, issue("tea", to="0042", shares=5, effective_on=date(2023, 7, 1), against="c2004:102"))


def test_the_account_of_a_role_stays_while_something_stands_in_it() -> None:
    other = with_roles(C2004, {"right": "151", "amortisation": "151"})
    journal = village()
    put(journal, adopt(other, effective_on=date(2022, 1, 1)))
    move(journal, "c2004:102", "c2004:151/G1", 7_00)
    with pytest.raises(RegisterError, match="amortisation: something stands in c2004:151"):
        put(journal, adopt(C2004, effective_on=date(2023, 1, 1)))


# ---------------------------------------------------------------- what one append leaves in the old chart


LATE_ISSUE = issue("cash", to="0042", shares=5, effective_on=date(2023, 12, 15), against="c2004:102")


@pytest.mark.parametrize("steps", [[LATE_ISSUE, CONVERT], [CONVERT, LATE_ISSUE]], ids=["before", "after"])
@pytest.mark.parametrize("converted", [True, False])
def test_what_a_conversion_of_the_same_append_moves_is_not_moved_twice(
    steps: list[Decision],
    converted: bool,
) -> None:
    journal = sharing(*([CONVERT] if converted else []))
    put(journal, in_turn(*steps))
    assert balances(journal) == {"c2023:102": 505_00, "c2023:301": -505_00}
    assert wrong(journal) == []


def test_what_comes_and_goes_again_is_not_moved_twice_either() -> None:
    """In the end nothing is left; between the two days it is, and the conversion of the same append moved that."""
    journal = sharing(CONVERT)
    december, march = date(2023, 12, 15), date(2024, 3, 1)
    there = Entry("note", december, december, {}, [Posting(MONEY, "c2004:102", "c2004:101", 5_00)])
    back = Entry("note", march, december, {}, [Posting(MONEY, "c2004:101", "c2004:102", 5_00)])
    put(journal, in_turn(lambda _: [there, back], CONVERT))
    with journal.read() as view:
        assert view.balances(MONEY, "c2023:101", NEW_YEAR) == {(MONEY, "c2023:101"): 5_00}
    assert balances(journal) == {"c2023:102": 500_00, "c2023:301": -500_00}
    assert wrong(journal) == []


def test_what_was_left_before_moves_with_what_comes_to_it() -> None:
    """Five shares were left in the old chart; of those four are taken back, or they are, or seven more come."""
    for seven_more in (False, True):
        journal = sharing(CONVERT)
        put_as_before(journal, LATE_ISSUE)
        with journal.read() as view:
            left = [*view.records("issue")][-1]
        if seven_more:
            put(journal, issue("cash", to="0042", shares=7, effective_on=date(2023, 12, 20), against="c2004:102"))
        else:
            assert [one.kind for one in put(journal, take_back(left.seq, booked_on=date(2024, 2, 1)))] == ["reversal"]
        assert (
            balances(journal) == {"c2023:102": 512_00, "c2023:301": -512_00}
            if seven_more
            else {
                "c2023:102": 500_00,
                "c2023:301": -500_00,
            }
        )
        assert wrong(journal) == []


def test_each_of_several_entries_is_carried_over_on_its_own_days() -> None:
    journal = sharing(CONVERT)
    december, march = date(2023, 12, 15), date(2024, 3, 1)
    legs = [Posting(MONEY, "c2004:102", "c2004:101", 5_00)]
    both = [Entry("note", december, december, {}, legs), Entry("note", march, march, {}, legs)]
    *_, first, second = put(journal, lambda _: both)
    assert [(one.effective_on, one.booked_on) for one in (first, second)] == [(NEW_YEAR, NEW_YEAR), (march, march)]
    assert balances(journal) == {"c2023:101": 10_00, "c2023:102": 490_00, "c2023:301": -500_00}
    assert wrong(journal) == []


def test_entries_that_are_given_stand_as_they_were_written() -> None:
    journal = sharing(CONVERT)
    december = date(2023, 12, 15)
    legs = [Posting(MONEY, "c2004:102", "c2004:101", 5_00)]
    assert len(journal.append([Entry("note", december, december, {}, legs)], key="own", actor="service")) == 1
    assert [one.partition(": ")[0] for one in wrong(journal)] == ["c2004:101", "c2004:102"]


def test_what_is_carried_over_is_a_repetition_with_the_same_key() -> None:
    journal = sharing(CONVERT)
    first = journal.append(LATE_ISSUE, key="late", actor="accountant")
    assert [one.kind for one in first] == ["issue", "conversion"]
    assert journal.append(LATE_ISSUE, key="late", actor="accountant") == first


def test_a_guarded_account_that_was_split_by_hand_is_not_left_below_zero() -> None:
    """A fund of 300,000 yuan became two: what is spent of it late has no place, and it is said what to do."""
    journal = book(C2004)
    received = date(2023, 6, 1)
    move(journal, "c2004:241/F", "c2004:102", 300_00, received)
    mapping = {old: new for old, new in C2004_TO_C2023.items() if old != "241"}
    splits = {"241/F": {"241/F": -200_00, "241/G": -100_00}}
    put(journal, convert_chart(C2023, mapping, splits=splits))
    december = date(2023, 12, 15)
    spent = spend_fund("F", 50_00, on=None, reason="training", effective_on=december)
    said = "c2004:241/F would be below zero from 2024-01-01 on, for what stood in it is in chart c2023 since"
    with pytest.raises(RegisterError, match=said):
        put(journal, spent)
    more = {"241/F": {"241/F": 50_00}}
    put(journal, in_turn(spent, convert_chart(C2023, mapping, splits=more)))
    assert balances(journal) == {"c2023:102": 250_00, "c2023:241/F": -150_00, "c2023:241/G": -100_00}
    assert wrong(journal) == []


def test_a_book_that_was_not_converted_is_asked_for_its_charts_and_nothing_else() -> None:
    """However many postings there are, an append costs no more."""
    asked: list[tuple[object, ...]] = []

    class Counting:
        def __init__(self, view: object) -> None:
            self.view = view

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401
            def ask(*said: object, **more: object) -> Any:  # noqa: ANN401
                asked.append((name, *said))
                return getattr(self.view, name)(*said, **more)

            return ask

    journal = sharing()
    day = date(2023, 12, 15)
    entry = Entry("note", day, day, {}, [Posting(MONEY, "c2004:102", "c2004:101", 1)] * 1_000)
    with journal.read() as view:
        counting: Any = Counting(view)
        assert carried(counting, [entry]) == [entry]
    assert asked == [("records", "opening")]
    assert carried(counting, [Entry("note", day, day)]) == [Entry("note", day, day)]
    assert len(asked) == 1

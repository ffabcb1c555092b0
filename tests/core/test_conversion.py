"""Conversions: what stood in the old chart stands in the new one, and nothing is left behind."""

from datetime import date
from itertools import count

import pytest

from coopledger.core.ahead import in_turn
from coopledger.core.chart import C2004, C2007, C2021, C2023, MONEY, Chart, adopt, charts
from coopledger.core.conversion import C2004_TO_C2023, C2007_TO_C2021, convert_chart
from coopledger.core.journal import Entry, Posting, Record, reverse
from coopledger.core.trial_balance import totals, trial_balance
from coopledger.errors import OverdrawnError, RegisterError
from coopledger.store.memory import MemoryJournal

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
    with pytest.raises(RegisterError, match="c2004:132 stands at 3000 and has no place in chart c2023"):
        journal.append(convert_chart(C2023, C2004_TO_C2023), key="conversion", actor="accountant")


def test_trees_are_split_by_what_they_are() -> None:
    """财会〔2023〕20号, as 财会〔2021〕38号 2(一)2: to sell, to bear, or for the public good."""
    journal = village()
    move(journal, "c2004:101", "c2004:132", 30_00)
    splits = {"132": {"131": 10_00, "132": 20_00}}
    journal.append(convert_chart(C2023, C2004_TO_C2023, splits=splits), key="conversion", actor="accountant")
    assert (balances(journal)["c2023:131"], balances(journal)["c2023:132"]) == (10_00, 20_00)


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({"101": {"101": 1, "102": 2}}, "the split comes to 3, its balance is 80000"),
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

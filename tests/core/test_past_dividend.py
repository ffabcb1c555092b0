"""Past dividends: facts of years before the book, that no account has and the statement shows."""

from datetime import date

import pytest

from coopledger.book import dividend_statement_report, note_past_dividends, past_dividends, take_back, text_table
from coopledger.core.past_dividend import PAST_DIVIDENDS, PastDividend
from coopledger.core.problems import problems
from coopledger.errors import EntryError, RegisterError
from tests.core.dividends import cooperative

ON = date(2026, 12, 31)


def test_past_dividends_are_known_by_year_and_book_nothing() -> None:
    made = cooperative()
    first = next(iter(next(made.view.records("member")).facts["members"]))
    before = made.view.balances("CNY")
    made.do(note_past_dividends(2025, {first: 60_00}, effective_on=ON))
    made.do(note_past_dividends(2024, {first: 58_50}, effective_on=ON))
    assert [(one.year, one.fen) for one in past_dividends(made.view)[first]] == [(2024, 58_50), (2025, 60_00)]
    assert made.view.balances("CNY") == before
    assert problems(made.view) == []
    text = text_table(dividend_statement_report(made.view, first, ON))
    assert "before the book was kept: 2024, 58.50 yuan" in text
    assert past_dividends(made.view, date(2026, 12, 30)) == {}


def test_what_is_noted_stands_once_and_can_be_taken_back() -> None:
    made = cooperative()
    first = next(iter(next(made.view.records("member")).facts["members"]))
    made.do(note_past_dividends(2024, {first: 58_50}, effective_on=ON))
    with pytest.raises(RegisterError, match=r"the dividend of 2024, 58\.50 yuan, is noted in record"):
        made.do(note_past_dividends(2024, {first: 1}, effective_on=ON))
    [record] = made.view.records(PAST_DIVIDENDS)
    made.do(take_back(record.seq, booked_on=ON))
    assert past_dividends(made.view) == {}
    made.do(note_past_dividends(2024, {first: 1}, effective_on=ON))
    assert past_dividends(made.view)[first] == [PastDividend(2024, 1, record.seq + 2)]


@pytest.mark.parametrize(
    ("year", "amounts", "said"),
    [
        (2027, {"0041": 1}, "lies after"),
        ("2024", {"0041": 1}, "a year such as"),
        (2024, {"0041": 0}, "above 0"),
        (2024, {"0041": 1.5}, "above 0"),
        (2024, {"nobody": 1}, "is not in the register"),
        (2024, {}, "nobody"),
        (2024, ["0041"], "a mapping is expected"),
    ],
)
def test_what_cannot_be_meant_is_refused(year: int, amounts: dict[str, int], said: str) -> None:
    made = cooperative()
    with pytest.raises((RegisterError, EntryError), match=said):
        made.do(note_past_dividends(year, amounts, effective_on=ON))


def test_a_record_names_two_hundred_holders_at_most() -> None:
    from coopledger.book import COLLECTIVE, Joiner, MemoryJournal, admit, found, in_turn

    people = [Joiner(f"{n:04}") for n in range(450)]
    journal = MemoryJournal("hill")
    steps = [found("示例村合作社", COLLECTIVE, effective_on=ON), admit(*people, effective_on=ON)]
    past = note_past_dividends(2024, {one.number: 100 for one in people}, effective_on=ON)
    journal.append(in_turn(*steps, past), key="a", actor="accountant")
    with journal.read() as view:
        assert [len(one.facts["amounts"]) for one in view.records(PAST_DIVIDENDS)] == [200, 200, 50]
        assert len(past_dividends(view)) == 450

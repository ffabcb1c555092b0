"""Cells: how money, shares, parts of a whole, reasons and documents stand in tables."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.contribution import MoneyKind, RightKind
from coopledger.core.movement import (
    CONVERT_REASONS,
    ISSUE_REASONS,
    REDEEM_REASONS,
    TIE_REASONS,
    TRANSFER_REASONS,
)
from coopledger.core.timeline import Change
from coopledger.core.wording import words
from coopledger.reports.cells import digits_of, documents, percentage, reason, shares, yuan
from coopledger.text import Message, said

DAY = date(2026, 1, 1)


@given(st.integers(-(10**15), 10**15))
def test_an_amount_is_printed_to_the_fen(fen: int) -> None:
    assert Fraction(yuan(fen).replace(",", "")) * 100 == fen
    assert yuan(fen)[-3] == "."


@given(st.fractions(0, 10**9, max_denominator=1000), st.integers(0, 9))
def test_shares_are_printed_exactly(units: Fraction, digits: int) -> None:
    whole, _, below = shares(units, digits).replace(",", "").partition("/")
    assert Fraction(whole) / Fraction(below or 1) * 10**digits == units


@given(st.fractions(0, 1))
def test_a_percentage_is_the_nearest_of_four_decimals_and_a_tie_goes_up(part: Fraction) -> None:
    error = Fraction(percentage(part)) - part * 100
    assert Fraction(-1, 20000) < error <= Fraction(1, 20000)


def test_a_record_is_counted_in_the_decimals_of_its_time_within_a_day_by_its_number() -> None:
    line = [Change(DAY, 5, {"digits": 0}), Change(DAY, 7, {"name": "x"}), Change(DAY, 9, {"digits": 2})]
    assert [digits_of(line, DAY, seq) for seq in (5, 8, 9, 12)] == [0, 0, 2, 2]
    assert digits_of(line, date(2026, 1, 2), 6) == 2
    assert digits_of(line, date(2025, 12, 31), 20) == 0  # before there was such a class


@pytest.mark.parametrize(
    "term",
    sorted(
        {*ISSUE_REASONS, *TRANSFER_REASONS, *REDEEM_REASONS, *CONVERT_REASONS, *TIE_REASONS}
        | {*RightKind.__args__, *MoneyKind.__args__}  # type: ignore[attr-defined]
    ),
)
def test_every_reason_and_kind_of_the_verbs_is_said_in_chinese(term: str) -> None:
    assert said(words(term), "zh") != term


def test_a_reason_of_somebodys_own_stands_as_it_is_written() -> None:
    assert reason({"reason": "买邮票\x1b"}) == "买邮票\x1b"
    assert reason({}) == ""
    assert said(reason({"reason": "sale"}), "zh") == "出售"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ""),
        ({"documents": "minutes.pdf"}, ""),
        ({"documents": 5}, ""),
        ({"documents": ["minutes.pdf", {"name": "a.pdf"}]}, "a.pdf"),
        ({"documents": [{"name": "a.pdf", "pages": "3"}, {"name": "b.pdf"}]}, "a.pdf 3、b.pdf"),
        ({"resolution": {}}, "决议 -"),
        ({"resolution": "2026-1"}, ""),
    ],
)
def test_documents_are_listed_and_what_is_none_is_passed_over(facts: dict[str, object], expected: str) -> None:
    cell = documents(facts)
    assert cell == expected or (isinstance(cell, Message) and cell.say("zh") == expected)

"""Folds of postings, and what must not fall below zero."""

from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.accounts import NOTHING, grown
from coopledger.core.balances import (
    at_risk,
    balances,
    check_reversal,
    first_overdrawn,
    movements,
    overdrawn,
    printed,
)
from coopledger.core.journal import Entry, Posting, Record
from coopledger.errors import ReversalError
from tests.store.books import days, founding, move, note

GROUND = grown(NOTHING, founding())
D = days(5)


class Move(NamedTuple):
    on: date
    posting: Posting


accounts = st.sampled_from(["unissued", "holder/1", "holder/10", "holder/1/pledged", "c37:222/1", "holders"])
moves = st.builds(
    lambda on, denomination, pair, quantity: Move(on, Posting(denomination, pair[0], pair[1], quantity)),
    st.sampled_from(D),
    st.sampled_from(["land", "CNY"]),
    st.lists(accounts, min_size=2, max_size=2, unique=True),
    st.integers(1, 9),
)
books = st.lists(moves, max_size=12)


def recorded(moves: list[Move]) -> list[Record]:
    return [
        Record(n, b"", b"", "move", one.on, one.on, n, f"{n}", b"", "me", {}, (), 0, (one.posting,))
        for n, one in enumerate(moves, 1)
    ]


def entries(moves: list[Move]) -> list[Entry]:
    return [Entry("move", one.on, one.on, {}, [one.posting]) for one in moves]


def stands(moves: list[Move], denomination: str, account: str, on: date) -> int:
    return sum(
        one.posting.quantity * ((one.posting.target == account) - (one.posting.source == account))
        for one in moves
        if one.on <= on and one.posting.denomination == denomination
    )


@given(books, st.sampled_from(D))
def test_a_balance_is_what_went_in_less_what_went_out(book: list[Move], on: date) -> None:
    found = balances(recorded(book), on=on)
    for denomination in ("land", "CNY"):
        for account in ("unissued", "holder/1", "holder/10", "holder/1/pledged", "c37:222/1", "holders"):
            assert found.get((denomination, account), 0) == stands(book, denomination, account, on)
    assert 0 not in found.values()
    assert list(found) == sorted(found)


@given(books)
def test_all_balances_of_a_denomination_sum_to_zero(book: list[Move]) -> None:
    found = balances(recorded(book))
    for denomination in ("land", "CNY"):
        assert sum(quantity for (one, _), quantity in found.items() if one == denomination) == 0


@given(books, st.sampled_from(["holder", "holder/1", "holder/10", "hold", ""]), st.sampled_from(D))
def test_the_parts_of_an_account_are_those_below_it(book: list[Move], under: str, on: date) -> None:
    every = balances(recorded(book), on=on)
    parts = {
        place: quantity
        for place, quantity in every.items()
        if place[1].split("/")[: len(under.split("/"))] == under.split("/")
    }
    assert balances(recorded(book), under=under, on=on) == parts
    assert balances(recorded(book), "land", under, on) == {p: q for p, q in parts.items() if p[0] == "land"}


@given(books, st.sampled_from(["holder", "holder/1", "unissued"]))
def test_movements_add_up_to_balances(book: list[Move], under: str) -> None:
    found = movements(recorded(book), under)
    assert found == sorted(found, key=lambda one: (one.effective_on, one.seq, one.line))
    again = recorded([Move(one.effective_on, one.posting) for one in found])
    assert balances(again, under=under) == balances(recorded(book), under=under)


def test_movements_are_asked_for_by_span_and_denomination() -> None:
    book = recorded([Move(on, Posting("land", "unissued", "holder/1", n + 1)) for n, on in enumerate(D)])
    assert [one.posting.quantity for one in movements(book, "holder", since=D[1], until=D[3])] == [2, 3, 4]
    assert movements(book, "holder", "CNY") == []


# ---------------------------------------------------------------- guards


@given(books, st.integers(0, 12))
def test_a_place_is_overdrawn_on_the_first_day_on_which_it_stands_below_zero(book: list[Move], old: int) -> None:
    places = at_risk(entries(book[old:]), GROUND)
    expected = [
        (place, on, sign * stands(book, *place, on))
        for place in sorted(places)
        for sign in (-1 if place[1].startswith("c37:222") else 1,)
        for on in D
        if sign * stands(book, *place, on) < 0
    ]
    assert first_overdrawn(recorded(book), places, GROUND) == (expected[0] if expected else None)


@given(books)
def test_at_risk_are_the_guarded_places_that_are_taken_from_since_the_earliest_day(book: list[Move]) -> None:
    expected: dict[tuple[str, str], date] = {}
    for on, posting in book:
        for account, guarded in (
            (posting.source, posting.source.startswith("holder/")),
            (posting.target, posting.target.startswith("c37:222/")),
        ):
            if guarded:
                place = (posting.denomination, account)
                expected[place] = min(on, expected.get(place, on))
    assert at_risk(entries(book), GROUND) == expected


def test_nothing_is_at_risk_where_nothing_is_taken_from_a_guarded_account() -> None:
    unguarded = [
        note(),
        move(1, "unissued", "holder/1"),
        move(1, "holders", "unissued"),
        move(1, "c37:222/1", "c37:332"),
    ]
    assert at_risk(unguarded, GROUND) == {}


def test_the_error_says_who_when_and_how_much_in_the_denominations_digits() -> None:
    error = overdrawn(("CNY", "c37:222/0042"), date(2026, 3, 1), -123456, 2)
    assert str(error) == (
        "c37:222/0042 would stand at -1,234.56 CNY on 2026-03-01: it never goes below zero, on any day"
    )


@pytest.mark.parametrize(
    ("quantity", "digits", "text"),
    [(0, 0, "0"), (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (-100, 2, "-1.00"), (1234567, 0, "1,234,567"),
     (10**9, 9, "1.000000000"), (-1, 9, "-0.000000001")],
)  # fmt: skip
def test_smallest_units_are_printed_as_people_read_them(quantity: int, digits: int, text: str) -> None:
    assert printed(quantity, digits) == text


# ---------------------------------------------------------------- reversals

WAS = Posting("land", "unissued", "holder/1", 10, None, None, "2026")
BACK = Posting("land", "holder/1", "unissued", 10, 3, 0, "2026")


@pytest.mark.parametrize(("quantity", "already"), [(1, 0), (10, 0), (1, 9), (4, 6)])
def test_what_is_left_can_be_taken_back(quantity: int, already: int) -> None:
    check_reversal(0, BACK._replace(quantity=quantity), WAS, already)


@pytest.mark.parametrize(("quantity", "already", "left"), [(11, 0, 10), (1, 10, 0), (5, 6, 4)])
def test_more_than_is_left_cannot_be_taken_back(quantity: int, already: int, left: int) -> None:
    with pytest.raises(ReversalError, match=f"line 2 reverses {quantity} of line 0 of record 3: {left} of 10 are left"):
        check_reversal(2, BACK._replace(quantity=quantity), WAS, already)


@pytest.mark.parametrize(
    "original",
    [
        None,
        WAS._replace(denomination="mu"),
        WAS._replace(source="holders"),
        WAS._replace(target="holder/2"),
        WAS._replace(lot=None),
        WAS._replace(source="holder/1", target="unissued"),
        WAS._replace(reverses_seq=1, reverses_line=0),
    ],
)
def test_a_reversal_goes_the_way_back_of_a_line_that_is_none_itself(original: Posting | None) -> None:
    with pytest.raises(ReversalError, match="line 0 reverses line 0 of record 3: that line does not move"):
        check_reversal(0, BACK, original, 0)

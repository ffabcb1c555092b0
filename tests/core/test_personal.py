"""Personal rows: what they may say, minors, ID numbers that stand twice."""

import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from coopledger.core.member import Joiner, admit, note_personal
from coopledger.core.personal import account_number, is_minor, personal_row
from coopledger.errors import RegisterError
from tests.core.strategies import steady
from tests.core.village import (
    MAY,
    village,
)


def test_names_and_birth_dates_are_in_personal_rows_and_not_in_facts() -> None:
    made = village()
    [record] = made.view.records("member")
    assert "成员甲" not in str(record.facts)
    assert "1960" not in str(record.facts)
    assert made.view.personal(["m/0041"])["m/0041"] == {"name": "成员甲", "birth": "1960-01-01"}


def test_duplicate_id_numbers_are_refused_and_the_message_does_not_show_them() -> None:
    number = "999999198001310014"
    made = village()
    made.do(admit(Joiner("0070", personal={"id": number}), effective_on=MAY))
    again = Joiner("0071", personal={"id": "９９９９９９ 19800131 0014"})
    with pytest.raises(RegisterError, match="0070 and 0071 have the same ID number") as error:
        made.do(admit(again, effective_on=MAY))
    with pytest.raises(RegisterError, match="0070 and 0071 have the same ID number"):
        made.do(admit(Joiner("0071", personal={"id": "999999-19800131-0014"}), effective_on=MAY))
    assert number not in str(error.value)
    with pytest.raises(RegisterError, match="0070 and 0041"):
        made.do(note_personal({"0041": {"id": number}}, effective_on=MAY))


def test_nobody_is_admitted_before_his_birth_and_the_message_does_not_say_it() -> None:
    with pytest.raises(
        RegisterError, match="0070 is in the register from 2026-05-01 on, and the birth date is later"
    ) as e:
        admit(Joiner("0070", personal={"birth": "2026-05-02"}), effective_on=MAY)
    assert "2026-05-02" not in str(e.value)
    made = village()
    made.do(admit(Joiner("0070", personal={"birth": "2026-05-01"}), effective_on=MAY))
    with pytest.raises(RegisterError, match="0041 is in the register from 2026-01-01 on, and the birth date is later"):
        made.do(note_personal({"0041": {"birth": "2026-01-02"}}, effective_on=MAY))


@pytest.mark.parametrize(
    ("birth", "on", "minor"),
    [
        ("2008-06-01", date(2026, 5, 31), True),
        ("2008-06-01", date(2026, 6, 1), False),
        ("2008-02-29", date(2026, 2, 28), True),
        ("2008-02-29", date(2026, 3, 1), False),
    ],
)
def test_a_minor_comes_of_age_with_the_eighteenth_birthday(birth: str, on: date, minor: bool) -> None:
    """民法典 17."""
    assert is_minor({"birth": birth}, on) is minor


def test_without_a_birth_date_nobody_knows_who_is_a_minor() -> None:
    assert is_minor({}, MAY) is None


def test_a_personal_row_keeps_what_a_change_does_not_name() -> None:
    made = village()
    made.do(note_personal({"0041": {"phone": "10000000000"}}, effective_on=MAY))
    assert made.view.personal(["m/0041"])["m/0041"]["name"] == "成员甲"


def test_a_household_has_a_personal_row_of_its_own() -> None:
    made = village()
    made.do(note_personal({"17": {"address": "示例村 1 号"}}, effective_on=MAY))
    assert made.view.personal(["h/17"]) == {"h/17": {"address": "示例村 1 号"}}
    with pytest.raises(RegisterError, match="0777 is not in the register"):
        made.do(note_personal({"0777": {"phone": "1"}}, effective_on=MAY))


@pytest.mark.parametrize("row", [{"id": 999999198001310014}, {"id": None}, {"birth": date(1980, 1, 31)}])
def test_personal_data_is_text_and_what_is_none_is_not_shown(row: dict[str, Any]) -> None:
    [name] = row
    with pytest.raises(RegisterError, match=rf"personal data {name}: text is expected, not (int|NoneType|date)$"):
        admit(Joiner("0070", personal=row), effective_on=MAY)


@pytest.mark.parametrize("row", [{"shoe size": "42"}, {"birth": "31.1.1980"}])
def test_personal_data_nobody_asked_for_or_that_is_none_is_refused(row: dict[str, str]) -> None:
    with pytest.raises(RegisterError, match=r"personal data|a birth date that is none"):
        note_personal({"0041": row}, effective_on=MAY)(village().view)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("6200 0000 0000 0000 019", "bank card …0019: its check digit is wrong"),
        ("6200000000000017", "bank card …0017: its check digit is wrong"),
        ("6.2E+18", "a rounded one: a spreadsheet has lost its last digits"),
        ("1234567", "has 7 characters: 8 to 32 digits are expected"),
        ("1" * 33, "has 33 characters"),
        ("62000000000000000A8", "has 19 characters: 8 to 32 digits"),
    ],
)
def test_a_bank_account_that_can_be_none_is_refused_and_not_shown(seen: str, told: str) -> None:
    with pytest.raises(RegisterError, match=told) as error:
        personal_row({"card": seen})
    for language in ("en", "zh"):
        assert seen not in error.value.say(language)


@pytest.mark.parametrize(
    "seen",
    [
        "6200 0000-0000 0000 018",
        "６２０００００００００００００００１８",
        "6212345678901232",  # 16 digits; by Luhn's formula, worked out by hand, they come to 60
        "82010000001234567",  # an account of a credit union needs no check digit
        "4000000000000001",  # nor do we know one of a card that is not UnionPay's
        "62000000000000",  # nor is this a card
    ],
)
def test_a_bank_account_is_kept_without_its_separators(seen: str) -> None:
    kept = personal_row({"card": seen, "payee": "成员甲", "branch": "示例信用社"})["card"]
    assert kept == unicodedata.normalize("NFKC", seen).replace(" ", "").replace("-", "")


@steady(200)
@given(st.text("0123456789", min_size=13, max_size=16), st.integers(0, 17), st.integers(1, 9))
def test_any_one_digit_mistyped_is_found_in_a_unionpay_card(tail: str, at: int, by: int) -> None:
    """Luhn's formula finds every one of them; python-stdnum knows it too."""
    card = f"62{tail}"
    card += luhn.calc_check_digit(card)
    assert account_number(card) == card
    at = 2 + at % (len(card) - 2)
    with pytest.raises(RegisterError):
        account_number(card[:at] + str((int(card[at]) + by) % 10) + card[at + 1 :])

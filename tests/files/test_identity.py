"""Identity numbers: read as people type them, refused as spreadsheets spoil them, never shown whole."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from coopledger.core import member
from coopledger.core.member import Joiner
from coopledger.core.personal import compact, masked
from coopledger.errors import EntryError, RegisterError
from coopledger.files.identity import Kind, admit, birth_date, checked, note_personal, validate
from tests.core.strategies import steady
from tests.core.village import MAY, village

RESIDENT = "999999198001310014"  # no region has the code 999999
ORGANISATION = "91110000600037341L"  # python-stdnum's own example
WITH_X = next(
    number
    for order in range(100)
    if (number := f"99999919800131{order:03d}" + ric.calc_check_digit(f"99999919800131{order:03d}0"))[-1] == "X"
)


@pytest.mark.parametrize(
    "seen",
    [
        RESIDENT,
        f" {RESIDENT} ",
        "999999 1980 0131 0014",
        "999999-19800131-0014",
        f"'{RESIDENT}",
        "９９９９９９１９８００１３１００１４",
        int(RESIDENT),
    ],
)
def test_a_number_is_read_as_people_type_it(seen: object) -> None:
    assert validate("resident", seen) == RESIDENT


@pytest.mark.parametrize("seen", [WITH_X, WITH_X.lower(), WITH_X.replace("X", "Ｘ"), WITH_X.replace("X", "ｘ")])
def test_a_trailing_x_is_a_capital(seen: str) -> None:
    assert validate("resident", seen) == WITH_X


def test_an_organisation_has_a_code_of_its_own() -> None:
    """GB 32100, modulus 31."""
    assert validate("organisation", ORGANISATION.lower()) == ORGANISATION


@pytest.mark.parametrize(
    ("kind", "seen", "words"),
    [
        ("resident", "9.99999198001E+17", "is a rounded number: a spreadsheet has lost its last digits"),
        ("resident", "9.99999e17", "is a rounded number"),
        ("resident", 9.99999198001310e17, "is a rounded number"),
        ("resident", "999999198001310000", "is a rounded number"),
        ("resident", "999999198001310", "has 15 digits: from before 1999, or cut off by a spreadsheet"),
        ("resident", "99999919800131001", "has 17 characters: 17 digits and a digit or X are expected"),
        ("resident", "X99999198001310014", "has 18 characters: 17 digits and a digit or X are expected"),
        ("resident", "٩99999198001310014", "has 18 characters: 17 digits and a digit or X are expected"),
        ("resident", "", "has 0 characters"),
        ("resident", None, "has 0 characters"),
        ("resident", "999999198001310015", "its check digit or its date is wrong"),
        (
            "resident",
            f"99999919810229001{ric.calc_check_digit('999999198102290010')}",
            "its check digit or its date is wrong",
        ),
        ("organisation", RESIDENT, "its check digit or its date is wrong"),
        ("organisation", "9111000060003734IL", "10 digits or letters without I, O, S, V, Z"),
        ("organisation", ORGANISATION[:-1], "has 17 characters"),
    ],
)
def test_what_is_no_number_is_refused_and_not_shown(kind: Kind, seen: object, words: str) -> None:
    with pytest.raises(RegisterError, match=words) as error:
        validate(kind, seen)
    for language in ("en", "zh"):
        assert "19800131" not in error.value.say(language)
        assert "60003734" not in error.value.say(language)


def test_a_number_that_ends_in_zeros_by_right_is_one() -> None:
    number = next(
        f"{start}0" for day in range(10, 29) if ric.calc_check_digit(f"{(start := f'999999198001{day}100')}0") == "0"
    )
    assert number.endswith("000")
    assert validate("resident", number) == number


@steady(200)
@given(st.text(max_size=40))
def test_what_is_masked_shows_at_most_eight_characters(text: str) -> None:
    shown = masked(text)
    assert len(shown) == len(text)
    assert len(text) < 3 or shown.count("*") >= len(text) - 8
    assert len(text) > 2 or set(shown) <= {"*"}


@steady(300)
@given(
    st.text("0123456789X０９ｘ -'E+.", max_size=24) | st.text(max_size=24),
    st.sampled_from(["resident", "organisation"]),
)
def test_whatever_is_accepted_is_in_its_compact_form_and_has_its_check_digit(text: str, kind: Kind) -> None:
    try:
        number = validate(kind, text)
    except RegisterError:
        return
    assert number == compact(number)
    assert number[-1] == (ric if kind == "resident" else uscc).calc_check_digit(number)


@steady(100)
@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_found(at: int, more: int) -> None:
    """GB 11643, ISO 7064 mod 11-2: every single wrong digit."""
    wrong = RESIDENT[:at] + str((int(RESIDENT[at]) + more) % 10) + RESIDENT[at + 1 :]
    with pytest.raises(RegisterError):
        validate("resident", wrong)


def test_a_resident_id_says_the_birth_date() -> None:
    assert birth_date(RESIDENT) == "1980-01-31"


# ---------------------------------------------------------------- the register's verbs with the check


def test_a_callers_id_number_is_checked_like_a_typed_one() -> None:
    from coopledger import book

    assert (book.admit, book.note_personal) == (admit, note_personal)
    made = village()
    with pytest.raises(RegisterError, match="7 characters") as error:
        made.do(admit(Joiner("0070", personal={"id": "garbage"}), effective_on=MAY))
    assert "garbage" not in str(error.value)
    with pytest.raises(RegisterError, match="7 characters"):
        made.do(note_personal({"0041": {"id": "garbage"}}, effective_on=MAY))
    made.do(admit(Joiner("0070", personal={"id": RESIDENT}), effective_on=MAY))
    assert made.view.personal(["m/0070"])["m/0070"]["birth"] == "1980-01-31"
    with pytest.raises(RegisterError, match="0070 and 0071 have the same ID number"):
        made.do(
            admit(Joiner("0071", personal={"id": f"{RESIDENT[:6]}-{RESIDENT[6:14]}-{RESIDENT[14:]}"}), effective_on=MAY)
        )


def test_an_institution_has_the_code_of_an_organisation() -> None:
    made = village()
    with pytest.raises(RegisterError, match=r"its check digit or its date is wrong"):
        made.do(note_personal({"0900": {"id": RESIDENT}}, effective_on=MAY))
    made.do(note_personal({"0900": {"phone": "1"}}, effective_on=MAY))


def test_the_birth_date_is_that_of_the_id_number() -> None:
    with pytest.raises(RegisterError, match="born on 1980-02-01, but the ID number says 1980-01-31"):
        checked({"birth": "1980-02-01", "id": RESIDENT})


@pytest.mark.parametrize("number", [RESIDENT, WITH_X, WITH_X.lower(), "999999-19800131-0014"])
def test_an_id_number_is_no_number_of_a_member(number: str) -> None:
    with pytest.raises(
        RegisterError, match=r"999999\*{10}.. is an ID number: a member's number stands in the records"
    ) as e:
        admit(Joiner(number), effective_on=MAY)
    assert "19800131" not in str(e.value)
    village().do(admit(Joiner("420106200201010012", household="420106200201010013", head=True), effective_on=MAY))


@pytest.mark.parametrize("row", [{"id": None}, {"birth": 1980}])
def test_what_is_no_text_is_said_to_be_none(row: dict[str, Any]) -> None:
    with pytest.raises(RegisterError, match=r"personal data (id|birth): text is expected"):
        admit(Joiner("0070", personal=row), effective_on=MAY)
    with pytest.raises(RegisterError, match=r"personal data (id|birth): text is expected"):
        village().do(note_personal({"0041": row}, effective_on=MAY))


def test_joiners_are_given_each_by_itself() -> None:
    for verb in (admit, member.admit):
        for joiners in ([Joiner("0042")], (Joiner("0042"),)):
            with pytest.raises(EntryError, match=r"give each by itself, as in admit\(\*joiners\)"):
                verb(joiners, effective_on=MAY)  # type: ignore[arg-type] # what is wrong with it
        with pytest.raises(EntryError, match="'0042': a list of Joiner is expected"):
            verb("0042", effective_on=MAY)  # type: ignore[arg-type]


@given(st.from_regex(r"\A[0-9]{6}(18|19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]\Z"))
def test_a_resident_id_is_checked_as_python_stdnum_checks_it(number: str) -> None:
    for one in (number, number[:-1] + ric.calc_check_digit(number)):
        assert accepted(lambda: validate("resident", one), RegisterError) == accepted(  # noqa: B023 - called at once
            lambda: (ric.get_birth_date(one), ric.calc_check_digit(one).index(one[-1])),  # noqa: B023
            (ValidationError, ValueError),
        )


def accepted(check: Callable[[], object], refusals: type[Exception] | tuple[type[Exception], ...]) -> bool:
    try:
        check()
    except refusals:
        return False
    return True

"""Quantities: read as people write them, exactly, or refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopledger.core.quantity import (
    CURRENCIES,
    LARGEST,
    PLAIN,
    Quantity,
    Unit,
    decimal,
    due,
    money,
    percent,
    quantity,
    unit,
)
from coopledger.errors import QuantityError, UnitError
from coopledger.text import Language
from tests.core.strategies import steady

units = st.sampled_from(["", "yuan", "yuan/mu", "jin/mu", "kg", "USD", "m2", "kWh", "mu", "yuan/jin", "household"])
ending = st.one_of(
    st.integers(-LARGEST + 1, LARGEST - 1).map(Fraction),
    st.builds(Fraction, st.integers(-(10**15), 10**15), st.sampled_from([10, 100, 8, 625, 10**6])),
)
endless = st.builds(Fraction, st.integers(0, 10**9), st.sampled_from([3, 7, 365, 366]))

# --- printed and read again ------------------------------------------------------------------------------------


@steady(400)
@given(st.one_of(ending, endless), units, st.sampled_from(["en", "zh"]))
def test_what_is_printed_is_read_as_the_same_quantity_in_either_language(
    value: Fraction, of: str, language: Language
) -> None:
    printed = Quantity(value, unit(of) if of else PLAIN)
    assert quantity(printed.say(language)) == printed


@steady(200)
@given(ending)
def test_a_number_keeps_every_digit(value: Fraction) -> None:
    assert Fraction(decimal(value).replace(",", "")) == value
    assert quantity(decimal(value)).value == value
    assert quantity(percent(value / 100)).value == value / 100
    if value.denominator == 1:
        assert quantity(int(value)) == quantity(str(int(value))) == quantity(Decimal(int(value)))


@pytest.mark.parametrize(
    ("value", "digits", "printed"),
    [
        (0, 0, "0"), (10_000, 2, "10,000.00"), (Fraction(25, 2), 0, "12.5"), (Fraction(25, 2), 2, "12.50"),
        (Fraction(-1, 100), 0, "-0.01"), (Fraction(-1, 100), 2, "-0.01"), (Fraction(1, 625), 0, "0.0016"),
        (Fraction(2, 3), 0, "2/3"), (Fraction(-20_000, 3), 2, "-20,000/3"), (-1_234_567, 0, "-1,234,567"),
        (Fraction(1, 8), 2, "0.125"),
    ],
)  # fmt: skip
def test_a_number_is_printed_exactly(value: Fraction, digits: int, printed: str) -> None:
    assert decimal(value, digits) == printed


def test_a_factor_is_printed_as_a_percentage_where_its_decimals_end() -> None:
    assert [percent(Fraction(*one)) for one in ((1, 5), (1, 8), (0, 1), (-1, 10), (3, 1), (1, 3))] == [
        "20%", "12.5%", "0%", "-10%", "300%", "1/3",
    ]  # fmt: skip


# --- the many spellings ----------------------------------------------------------------------------------------

SPELLINGS = {
    "160000 yuan": ["16万元", "16 万元", "１６万元", "16 wan yuan", "160,000 yuan", "160,000元", "160000 CNY",
                    "¥160,000", "￥160,000", "¥16万", "160 thousand yuan", "0.16 million yuan", "  16万元  ", "+16万元",
                    "16万人民币", "16.0万圆", "160000块", "1600000角", "16000000 fen"],
    "160 yuan/mu": ["160 元/亩", "160元每亩", "160 yuan per mu", "160 yuan/mu", "160 元／亩", "160 元/亩/年", "¥160/mu",
                    "160 yuan a mu", "160 yuan per mu per year", "16000 分/亩", "160元/畝", "１６０元／亩"],
    "0.2": ["20%", "20 %", "２０％", "1/5", "0.20", "40/2%"],
    "200000000 yuan": ["2亿元", "20000万元", "2 亿 元", "200 million yuan", "0.2 billion yuan", "20千万元",
                       "200百万元"],
    "2/3 mu": ["2/3 亩", "2 / 3 mu", "4/6畝"],
    "500 jin": ["500斤", "500 市斤", "0.5千斤", "500jin"],
    "500 kg": ["500公斤", "500千克", "500 kg"],
    "81.32 m2": ["81.32㎡", "81.32 m²", "81.32平方米", "81.32 平米", "８１．３２ m2"],
    "1000000000000 yuan": ["1万亿元", "10000亿元"],
    "5 USD": ["$5", "US$5", "5 美元", "5 $"],
    "-5 yuan": ["-5元", "－5元", "¥-5", "-5.00 yuan"],
}  # fmt: skip


@pytest.mark.parametrize(("plain", "seen"), [(plain, seen) for plain, many in SPELLINGS.items() for seen in many])
def test_a_quantity_may_be_spelt_in_many_ways(plain: str, seen: str) -> None:
    assert quantity(seen) == quantity(plain)


def test_every_unit_is_read_as_it_is_printed_in_both_languages() -> None:
    for seen in ("yuan", "mu", "jin", "kg", "t", "kWh", "households", "people", "shares", "trees", "head", "batches"):
        one = unit(seen)
        assert unit(one.say("en")) == unit(one.say("zh")) == one


def test_any_noun_is_a_unit_and_is_kept_as_it_is() -> None:
    assert quantity("3 只鸡").unit == Unit(("只鸡",))
    assert str(quantity("12 元/只")) == "12 yuan/只"


def test_jin_and_kg_are_two_units() -> None:
    assert quantity("1 kg").unit != quantity("2 jin").unit


def test_units_multiply_and_cancel() -> None:
    assert unit("yuan/mu") * unit("mu") == unit("yuan")
    assert unit("yuan/jin") * unit("jin/mu") == unit("yuan/mu")
    assert unit("yuan") / unit("mu") == unit("yuan/mu")
    assert unit("mu") / unit("mu") == PLAIN


def test_money_and_due_let_only_the_due_unit_pass() -> None:
    assert money("16万元", CURRENCIES["CNY"]).value == 160_000
    with pytest.raises(UnitError, match="5 USD is in USD where yuan"):
        money("$5", CURRENCIES["CNY"])
    with pytest.raises(UnitError, match="160 has no unit: yuan/mu"):
        due(quantity("160"), unit("yuan/mu"))
    with pytest.raises(UnitError, match="160 yuan has a unit where a plain number or a percentage"):
        due(quantity("160 yuan"), PLAIN)
    with pytest.raises(UnitError, match=r"2 jin is in jin where kg .*: 1 kg is 2 jin"):
        due(quantity("2 jin"), unit("kg"))


# --- refusals --------------------------------------------------------------------------------------------------

NO_QUANTITIES = [
    "", " ", "NaN", "nan", "inf", "-inf", "Infinity", "元", "¥", "yuan 5", "about 5 yuan", "1e400", "1E400", "1,00",
    "1,0000", "100,00", "1,00,000", ",100", "1.", ".5", "1.5.5", "1..5", "--5", "+-5", "1 000", "1_000", "0x10",
    "12 yuan yuan", "12元元/亩/", "5 yuan/", "5 /", "5/", "/5", "5 yuan//mu", "1/0", "0/0", "1/0 yuan", "1/3.5", "1/-3",
    "5%%", "%", "1万2千", "一百元", "¥5元", "$¥5", "5 (yuan)", "5 yuan;", "1" * 81, "1" * 100_000, "5 " + "x" * 100,
    "5\x00", "🙂", "５.５.５",
]  # fmt: skip


@pytest.mark.parametrize("seen", NO_QUANTITIES, ids=lambda seen: repr(seen[:20]))
def test_what_is_no_quantity_is_refused_with_what_was_seen_and_what_is_accepted(seen: str) -> None:
    with pytest.raises(QuantityError) as caught:
        quantity(seen)
    said = str(caught.value)
    assert repr(seen[:10])[1:-1] in said
    assert "16万元, 160 yuan/mu, 20%, 10,000" in said
    assert len(said) < 250


@pytest.mark.parametrize("seen", ["10²", "3³ yuan", "10¹⁵", "①", "5½ mu"])
def test_a_raised_or_circled_digit_is_not_read_as_a_plain_one(seen: str) -> None:
    """10² is a hundred, not 102."""
    with pytest.raises(QuantityError):
        quantity(seen)


@pytest.mark.parametrize("seen", ["1e3", "1e2", "1.5e3", "1E2 yuan", "2e3元"])
def test_a_number_in_powers_of_ten_is_refused_and_its_e_is_no_unit(seen: str) -> None:
    with pytest.raises(QuantityError):
        quantity(seen)


@pytest.mark.parametrize("seen", ["20% yuan", "5%元", "20% mu"])
def test_a_percentage_has_no_unit(seen: str) -> None:
    with pytest.raises(QuantityError):
        quantity(seen)


@pytest.mark.parametrize(
    "seen", [None, True, False, b"5 yuan", [], {}, object(), 5j, Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity")]
)
def test_a_value_that_is_no_number_is_refused(seen: object) -> None:
    with pytest.raises(QuantityError, match="is not a quantity"):
        quantity(seen)


@pytest.mark.parametrize("seen", [0.0, 0.2, 1e400, float("nan"), -1.5])
def test_a_binary_floating_point_number_is_refused_with_its_text(seen: float) -> None:
    with pytest.raises(QuantityError, match=f"{seen} is a binary floating-point number: write it as text, '{seen}'"):
        quantity(seen)


@pytest.mark.parametrize(
    "seen",
    [
        10**15,
        -(10**15),
        "1,000,000,000,000,000",
        "1000万亿元",
        "100000000亿",
        Fraction(10**16, 3),
        Decimal("1e15"),
        "9" * 80,
    ],
    ids=str,
)
def test_what_reaches_ten_to_the_fifteenth_is_out_of_range(seen: object) -> None:
    with pytest.raises(QuantityError, match=r"is out of range: a quantity stays below 10¹⁵"):
        quantity(seen)


def test_what_stays_below_it_is_not() -> None:
    for value in (LARGEST - 1, 1 - LARGEST, LARGEST - Fraction(1, 3)):
        assert quantity(value).value == value


@pytest.mark.parametrize(
    "seen",
    [10**5000, -(10**5000), Fraction(10**5000, 3), Decimal("1e5000")],
    ids=["int", "negative", "fraction", "decimal"],
)
def test_a_number_too_long_to_print_is_refused_in_a_message_that_can_be_printed(seen: object) -> None:
    """Python refuses to print whole numbers of more than 4,300 digits."""
    with pytest.raises(QuantityError) as caught:
        quantity(seen)
    assert "10¹⁵" in str(caught.value)


class Unexpandable(Decimal):
    """A decimal whose digits nobody may ask for: written out they would fill the memory."""

    def as_integer_ratio(self) -> tuple[int, int]:
        raise AssertionError(str(self))


@pytest.mark.parametrize("seen", ["1E+999999999", "-1E+999999999", "1E-999999999"])
def test_a_decimal_with_a_huge_exponent_is_refused_before_it_is_written_out(seen: str) -> None:
    """``amount = 1e999999999`` in a plan file would otherwise never come back."""
    with pytest.raises(QuantityError):
        quantity(Unexpandable(seen))


@steady(400)
@given(st.text(max_size=30))
def test_any_text_is_a_quantity_or_is_refused_and_nothing_else_happens(seen: str) -> None:
    try:
        found = quantity(seen)
    except QuantityError:
        return
    assert -LARGEST < found.value < LARGEST


@steady(300)
@given(st.text("0123456789.,/%+-eE¥$ 万亿元亩yuanmu每ａ０", max_size=14))
def test_what_looks_like_a_quantity_is_one_or_is_refused(seen: str) -> None:
    try:
        found = quantity(seen)
    except QuantityError:
        return
    assert isinstance(found.value, int | Fraction)
    assert quantity(str(found)) == found

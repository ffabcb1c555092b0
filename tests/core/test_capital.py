"""Amounts in words: the published examples of the rule, values worked out by hand, and a reader of its own."""

import re
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coopledger.core.capital import in_chinese, in_english
from coopledger.core.journal import LARGEST_QUANTITY
from coopledger.errors import QuantityError

# ---------------------------------------------------------------- Chinese

PUBLISHED = {
    "1,409.50": "壹仟肆佰零玖元伍角整",  # printed without 整, which article 2 leaves open after 角
    "6,007.14": "陆仟零柒元壹角肆分",
    "1,680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107,000.53": "壹拾万柒仟元零伍角叁分",
    "16,409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
}
"""支付结算办法, 附一 正确填写票据和结算凭证的基本规定, article 4; of two printed forms the first."""

BY_HAND = {
    "0.00": "零元整",
    "0.01": "壹分",
    "0.05": "伍分",
    "0.10": "壹角整",
    "0.50": "伍角整",
    "0.55": "伍角伍分",
    "1.00": "壹元整",
    "1.01": "壹元零壹分",
    "1.10": "壹元壹角整",
    "10.00": "壹拾元整",
    "10.01": "壹拾元零壹分",
    "15.00": "壹拾伍元整",
    "20.00": "贰拾元整",
    "20.50": "贰拾元零伍角整",
    "100.01": "壹佰元零壹分",
    "101.00": "壹佰零壹元整",
    "110.00": "壹佰壹拾元整",
    "1,001.00": "壹仟零壹元整",
    "1,010.00": "壹仟零壹拾元整",
    "1,011.00": "壹仟零壹拾壹元整",
    "1,100.00": "壹仟壹佰元整",
    "10,001.00": "壹万零壹元整",
    "10,100.00": "壹万零壹佰元整",
    "11,000.00": "壹万壹仟元整",
    "100,000.00": "壹拾万元整",
    "100,100.00": "壹拾万零壹佰元整",
    "1,000,010.00": "壹佰万零壹拾元整",
    "10,000,000.00": "壹仟万元整",
    "10,010,010.10": "壹仟零壹万零壹拾元零壹角整",
    "100,000,000.00": "壹亿元整",
    "100,000,001.00": "壹亿零壹元整",
    "100,001,000.00": "壹亿零壹仟元整",
    "100,010,000.00": "壹亿零壹万元整",
    "110,001,000.00": "壹亿壹仟万壹仟元整",
    "1,000,000,000,000.00": "壹万亿元整",
    "1,000,100,000,000.00": "壹万零壹亿元整",
    "1,000,000,000,000.01": "壹万亿元零壹分",
    "1,000,002,000,000.00": "壹万亿零贰佰万元整",
    "9,999,999,999,999.99": "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
    "10,000,000,000,000.00": "壹拾万亿元整",
}

ENGLISH = {
    "0.00": "zero yuan only",
    "0.05": "five fen only",
    "0.50": "fifty fen only",
    "1.01": "one yuan and one fen only",
    "20.00": "twenty yuan only",
    "13.19": "thirteen yuan and nineteen fen only",
    "45.99": "forty-five yuan and ninety-nine fen only",
    "100.00": "one hundred yuan only",
    "1,409.50": "one thousand four hundred nine yuan and fifty fen only",
    "107,000.53": "one hundred seven thousand yuan and fifty-three fen only",
    "100,000,001.00": "one hundred million one yuan only",
    "10,000,000,000,000.00": "ten trillion yuan only",
    "2,003,000,000,040.00": "two trillion three billion forty yuan only",
}


def fen(figures: str) -> int:
    return int(Decimal(figures.replace(",", "")) * 100)


@pytest.mark.parametrize(("figures", "words"), [*PUBLISHED.items(), *BY_HAND.items()])
def test_an_amount_in_chinese_capitals_follows_the_banking_rule(figures: str, words: str) -> None:
    """支付结算办法, 附一, articles 1, 2 and 4."""
    assert in_chinese(fen(figures)) == words


def test_renminbi_is_named_where_the_paper_does_not_print_it_and_no_space_follows() -> None:
    """支付结算办法, 附一, article 3."""
    assert in_chinese(16_409_02, named=True) == "人民币壹万陆仟肆佰零玖元零贰分"


VALUES = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_chinese(text: str) -> int:
    """The fen that capitals say: a reader that knows nothing of how they are written."""
    at = {"元": 0, "角": 0, "分": 0}
    for number, unit in re.findall(r"([^元角分整]+)([元角分])", text):
        at[unit] = read_number(number)
    return at["元"] * 100 + at["角"] * 10 + at["分"]


def read_number(text: str) -> int:
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        above, found, below = text.rpartition(name)
        if found:
            return read_number(above) * unit + read_number(below)
    total = digit = 0
    for one in text:
        if one in UNITS:
            total, digit = total + digit * UNITS[one], 0
        else:
            digit = VALUES[one]
    return total + digit


amounts = st.one_of(
    st.integers(0, LARGEST_QUANTITY),
    st.integers(0, 10**7),
    # many zeros, in any places
    st.lists(st.sampled_from("000012579"), min_size=1, max_size=15).map(lambda digits: int("".join(digits))),
)


@given(amounts)
@settings(max_examples=1000)
@example(LARGEST_QUANTITY)
def test_capitals_are_read_back_to_the_same_fen(amount: int) -> None:
    text = in_chinese(amount)
    assert read_chinese(text) == amount
    assert "零零" not in text
    assert text.count("零") <= len(re.findall("0+", f"{amount:03}")), "read only where the figures have a 0"
    assert text.endswith("整") == (amount % 10 == 0)
    assert not re.search("零[元万亿仟佰拾角分]", text) or amount == 0
    assert not re.search("(^|[零元万亿仟佰])拾", text), "ten is 壹拾, so that nothing can be put before it"


def test_every_amount_below_a_thousand_yuan_has_words_of_its_own() -> None:
    assert len({in_chinese(amount) for amount in range(100_000)}) == 100_000
    assert len({in_english(amount) for amount in range(100_000)}) == 100_000


# ---------------------------------------------------------------- English


@pytest.mark.parametrize(("figures", "words"), ENGLISH.items())
def test_an_amount_in_english_words(figures: str, words: str) -> None:
    assert in_english(fen(figures)) == words


SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
ENGLISH_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
LARGE = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}


def read_english(text: str) -> int:
    """The fen that words say."""
    total = group = fens = 0
    for word in text.replace("-", " ").split():
        if word in SMALL:
            group += SMALL.index(word)
        elif word in ENGLISH_TENS:
            group += ENGLISH_TENS[word]
        elif word == "hundred":
            group *= 100
        elif word in LARGE:
            total, group = total + group * LARGE[word], 0
        elif word == "yuan":
            fens, total, group = (total + group) * 100, 0, 0
        elif word == "fen":
            fens += group
        else:
            assert word in ("and", "only")
    return fens


@given(amounts)
@settings(max_examples=1000)
@example(LARGEST_QUANTITY)
def test_english_words_are_read_back_to_the_same_fen(amount: int) -> None:
    assert read_english(in_english(amount)) == amount


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("seen", [-1, LARGEST_QUANTITY + 1, 12.5, True, "100", None, Decimal(5)])
def test_what_is_no_amount_of_fen_is_refused_and_shown(seen: object) -> None:
    for say in (in_chinese, in_english):
        with pytest.raises(QuantityError, match="cannot be said in words: a whole number") as refused:
            say(seen)  # type: ignore[arg-type]
        assert repr(seen) in str(refused.value)
        assert "不能写成大写" in refused.value.say("zh")

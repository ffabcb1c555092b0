"""Quantities: an exact number of one unit, read and printed as people write it.

A number is an ``int`` or a ``Fraction``, never a float. A unit is a quotient of plain names, ``CNY/mu``; any
noun may be a name, and the well-known ones have Chinese and English spellings that mean the same. Nothing is
converted: jin and kg are two units, and a schedule that mixes them is refused.
"""

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import NamedTuple

from coopledger.core.value import Value
from coopledger.errors import QuantityError, UnitError
from coopledger.text import Language, Message

Number = int | Fraction

LARGEST = 10**15
"""No quantity in a plan reaches this (a thousand million million of its unit), so that sums in fen fit 64 bits."""

_LONGEST_TEXT = 80


class Currency(NamedTuple):
    """A currency and how many decimals its smallest unit has (ISO 4217)."""

    code: str
    digits: int

    @property
    def unit(self) -> "Unit":
        """The currency as a unit of quantities."""
        return Unit((self.code,))

    @property
    def scale(self) -> int:
        """How many of the smallest unit make one: 100 fen a yuan."""
        return int(10**self.digits)


CURRENCIES = {
    code: Currency(code, digits)
    for code, digits in {
        "AUD": 2, "CAD": 2, "CHF": 2, "CNY": 2, "EUR": 2, "GBP": 2, "HKD": 2, "INR": 2, "JPY": 0, "KES": 2,
        "KRW": 0, "MOP": 2, "MYR": 2, "NZD": 2, "SGD": 2, "THB": 2, "TWD": 2, "USD": 2, "VND": 0, "ZAR": 2,
    }.items()
}  # fmt: skip

# One line a unit: its name here, its name in English, in Chinese, other spellings.
_SPELLINGS = """
CNY yuan 元 RMB ¥ 人民币 块 圆
USD USD 美元 $ US$
GBP GBP 英镑 £
EUR EUR 欧元 €
JPY JPY 日元 円
AUD AUD 澳元 A$
NZD NZD 新西兰元 NZ$
HKD HKD 港元 HK$
mu mu 亩 畝
jin jin 斤 市斤
kg kg 公斤 千克
t t 吨 tonne tonnes
m2 m2 平方米 平米
m3 m3 立方米 立方
kW kW 千瓦
kWh kWh 千瓦时 度
household household 户 households
person person 人 persons people
share share 股 shares
tree tree 棵 株 trees
head head 头
batch batch 批 批次 batches
day day 天 日 days
month month 月 个月 months
year year 年 years annum
"""
_NAMES: dict[str, str] = {}
_LABELS: dict[Language, dict[str, str]] = {"en": {}, "zh": {}}
for _line in _SPELLINGS.strip().splitlines():
    _code, _english, _chinese, *_others = _line.split()
    _LABELS["en"][_code], _LABELS["zh"][_code] = _english, _chinese
    _NAMES.update(dict.fromkeys((_code, _english, _chinese, *_others), _code))
_NAMES.update({code: code for code in CURRENCIES})

_SMALL_MONEY = {"角": Fraction(1, 10), "jiao": Fraction(1, 10), "分": Fraction(1, 100), "fen": Fraction(1, 100)}

_MULTIPLIERS = {
    "万亿": 10**12, "亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3,
    "billion": 10**9, "million": 10**6, "thousand": 10**3, "wan": 10**4,
}  # fmt: skip

_QUANTITY = re.compile(
    r"(?P<symbol>[A-Z]{0,2}[¥$£€])?\s*"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?:\s*/\s*(?P<below>\d+)(?![\d.]))?\s*"
    rf"(?:(?P<multiplier>{'|'.join(_MULTIPLIERS)})(?![a-z克瓦米]))?\s*"
    r"(?P<percent>%)?\s*"
    r"(?P<unit>.*)",
    re.DOTALL,
)


class Unit(NamedTuple):
    """What is counted: names above and below a fraction stroke, each side sorted.

    >>> rate = Unit(("CNY",), ("mu",))
    >>> rate * Unit(("mu",)) == Unit(("CNY",))
    True
    >>> rate.say(), rate.say("zh")
    ('yuan/mu', '元/亩')
    """

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()

    def __mul__(self, other: "Unit") -> "Unit":  # type: ignore[override]
        return _product(self, other)

    def __truediv__(self, other: "Unit") -> "Unit":
        return _product(self, Unit(other.below, other.above))

    def without(self, name: str) -> "Unit":
        """The unit with a name left out above the stroke."""
        return Unit(tuple(one for one in self.above if one != name), self.below)

    def say(self, language: Language = "en") -> str:
        """The unit as it is printed; a plain number has none."""
        labels = _LABELS[language]
        above = "·".join(labels.get(name, name) for name in self.above) or ("1" if self.below else "")
        return "/".join([above, *(labels.get(name, name) for name in self.below)])

    def __str__(self) -> str:
        return self.say()


@cache
def _product(one: Unit, other: Unit) -> Unit:
    above = Counter(one.above + other.above)
    below = Counter(one.below + other.below)
    return Unit(tuple(sorted((above - below).elements())), tuple(sorted((below - above).elements())))


PLAIN = Unit()
"""The unit of percentages, fractions and factors: none."""


class Quantity(Value):
    """An exact number of one unit.

    >>> quantity("160 元/亩") == Quantity(160, Unit(("CNY",), ("mu",)))
    True
    >>> print(quantity("160 yuan/mu"))
    160 yuan/mu
    """

    __slots__ = ("value", "unit")

    value: Number
    unit: Unit

    def __init__(self, value: Number, unit: Unit) -> None:
        self._put(value, unit)

    def say(self, language: Language = "en") -> str:
        """As it is printed: ``1,000 mu``, ``12.5 yuan/mu``, ``20%`` is printed by ``percent``."""
        return f"{decimal(self.value)} {self.unit.say(language)}".rstrip()

    def __str__(self) -> str:
        return self.say()


def is_money(unit: Unit) -> bool:
    """Whether a unit is a currency, or a currency for each of something.

    >>> is_money(unit("yuan/mu")), is_money(unit("jin/mu"))
    (True, False)
    """
    return any(name in CURRENCIES for name in unit.above)


def smallest(unit: Unit) -> Fraction:
    """The smallest unit of the currency that a unit is in, as a part of one: a fen for yuan and for yuan/mu."""
    for name in unit.above:
        if name in CURRENCIES:
            return Fraction(1, CURRENCIES[name].scale)
    return Fraction(1, 100)


def quantity(seen: object) -> Quantity:
    """The quantity that a text or a plain number means.

    Accepted: ``16万元``, ``160 元/亩``, ``500 jin per mu``, ``20%``, ``¥10,000``, ``2/3``, ``81.32``, an ``int``,
    a ``Fraction`` or a ``Decimal``; full-width digits and signs. A year below the stroke (``元/亩/年``) is dropped:
    a schedule is per contract year anyway.

    Raises QuantityError for anything else, for a float, and for numbers of 10¹⁵ and more.

    >>> quantity("16万元").value, str(quantity("１６万元").unit)
    (160000, 'yuan')
    >>> quantity("20%").value
    Fraction(1, 5)
    >>> quantity("NaN")
    Traceback (most recent call last):
    ...
    coopledger.errors.QuantityError: 'NaN' is not a quantity: write for example 16万元, 160 yuan/mu, 20%, 10,000
    """
    if isinstance(seen, Quantity):
        return seen
    if isinstance(seen, Decimal) and seen.is_finite():
        if abs(seen.adjusted()) > _LONGEST_TEXT:  # before it is written out: 1E+999999999 would fill the memory
            raise QuantityError(Message("{seen} is out of range: a quantity stays below 10¹⁵", seen=seen))
        return Quantity(in_range(_lowest(Fraction(seen)), seen), PLAIN)
    if isinstance(seen, int | Fraction) and not isinstance(seen, bool):
        return Quantity(in_range(seen, seen), PLAIN)
    if isinstance(seen, float):
        raise QuantityError(
            Message("{seen} is a binary floating-point number: write it as text, '{seen}', to keep it exact", seen=seen)
        )
    if not isinstance(seen, str):
        raise _not_a_quantity(seen)
    return _read(seen)


@lru_cache(maxsize=4096)
def _read(seen: str) -> Quantity:
    if len(seen) > _LONGEST_TEXT:
        raise _not_a_quantity(seen[:_LONGEST_TEXT] + "…")
    match = _QUANTITY.fullmatch(_plain_text(seen))
    if match is None or (match["percent"] and match["unit"].strip()):
        raise _not_a_quantity(seen)
    part = match.groupdict()
    value = Fraction(part["number"].replace(",", ""))
    if part["below"] is not None:
        if int(part["below"]) == 0:
            raise _not_a_quantity(seen)
        value /= int(part["below"])
    if part["multiplier"]:
        value *= _MULTIPLIERS[part["multiplier"]]
    if part["percent"]:
        value /= 100
    unit, factor = _unit((part["symbol"] or "") + part["unit"].strip(), seen)
    return Quantity(in_range(_lowest(value * factor), seen), unit)


def unit(seen: str) -> Unit:
    """The unit that a text means: ``元/亩``, ``yuan per mu``, ``jin``.

    >>> unit("斤/亩") == unit("jin per mu")
    True
    """
    return _unit(_plain_text(seen), seen)[0]


def _plain_text(seen: str) -> str:
    """Full-width signs as plain ones; a raised digit only in m² and m³, for 10² is not 102."""
    text = seen.replace("m²", "m2").replace("m³", "m3").replace("㎡", "m2").replace("㎥", "m3")
    if any(unicodedata.category(one) == "No" for one in text):
        raise _not_a_quantity(seen)
    return unicodedata.normalize("NFKC", text).strip()


def _unit(words: str, seen: str) -> tuple[Unit, Fraction]:
    if not words:
        return PLAIN, Fraction(1)
    factor = Fraction(1)
    result = PLAIN
    sides = re.split(r"\s*(?:/|每|\bper\b|\ba\b(?=\s))\s*", words)
    for position, side in enumerate(sides):
        for name in re.split(r"\s*[·*]\s*", side):
            if name in _SMALL_MONEY and position == 0:
                factor *= _SMALL_MONEY[name]
                name = "CNY"  # noqa: PLW2901 - a fen is a hundredth of a yuan
            if not re.fullmatch(r"[^\W\d_万亿余多约近]+|m[23]|[A-Z]{0,2}[¥$£€]", name):
                raise _not_a_quantity(seen)
            named = Unit((_NAMES.get(name, name),))
            if position == 0:
                result *= named
            elif named.above != ("year",):
                result /= named
    return result, factor


def rate(seen: object) -> Quantity:
    """A percentage or a fraction; a whole number from 1 on without its sign is a forgotten one and is refused.

    >>> rate("20%").value
    Fraction(1, 5)
    """
    if isinstance(seen, Fraction):
        return Quantity(in_range(seen, seen), PLAIN)
    found = quantity(seen)
    forgotten = isinstance(seen, int | Decimal) or (isinstance(seen, str) and "%" not in _plain_text(seen))
    if forgotten and found.unit == PLAIN and abs(found.value.numerator) >= found.value.denominator:
        raise QuantityError(
            Message(
                "{seen} is {percent}: write {seen}% or {percent}",
                seen=decimal(found.value),
                percent=percent(found.value),
            )
        )
    return found


def money(seen: object, currency: Currency) -> Quantity:
    """A quantity that must be in the currency.

    >>> money("16万元", CURRENCIES["CNY"]).value
    160000
    """
    return due(quantity(seen), currency.unit)


def due(seen: Quantity, unit: Unit) -> Quantity:
    """The quantity itself, if it has the unit that is expected; otherwise UnitError."""
    if seen.unit != unit:
        raise UnitError(unit_message(seen, unit))
    return seen


def unit_message(seen: Quantity, unit: Unit) -> Message:
    """What is said of a quantity that has not the unit that is expected."""
    if seen.unit == PLAIN:
        return Message("{seen} has no unit: {unit} is expected", seen=seen, unit=unit)
    if unit == PLAIN:
        return Message("{seen} has a unit where a plain number or a percentage is expected", seen=seen)
    if {*seen.unit.above, *seen.unit.below} >= {"jin"} and "kg" in {*unit.above, *unit.below}:
        return Message("{seen} is in jin where {unit} is expected: 1 kg is 2 jin", seen=seen, unit=unit)
    return Message("{seen} is in {was} where {unit} is expected", seen=seen, was=seen.unit, unit=unit)


def in_range(value: Number, seen: object) -> Number:
    """The value, if it is within the range that the library keeps exactly; otherwise QuantityError."""
    if abs(value.numerator) >= LARGEST * value.denominator:
        printed = (
            seen
            if isinstance(seen, str) or value.numerator.bit_length() + value.denominator.bit_length() < 300
            else "…"
        )
        raise QuantityError(Message("{seen} is out of range: a quantity stays below 10¹⁵", seen=printed))
    return value


def decimal(value: Number, digits: int = 0) -> str:
    """The number in decimals with thousands separators, exact; a fraction where decimals never end.

    ``digits`` is the least number of decimals.

    >>> decimal(Fraction(25, 2)), decimal(10000, 2), decimal(Fraction(2, 3))
    ('12.5', '10,000.00', '2/3')
    """
    below = value.denominator
    if not _ends(below):
        return f"{value.numerator:,}/{below:,}"
    places = digits
    while 10**places % below:
        places += 1
    scaled = value.numerator * (10**places // below)
    whole, rest = divmod(abs(scaled), 10**places)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"


def percent(value: Number) -> str:
    """A factor as a percentage.

    >>> percent(Fraction(1, 5)), percent(Fraction(1, 3))
    ('20%', '1/3')
    """
    shown = decimal(Fraction(value) * 100)
    return decimal(value) if "/" in shown else f"{shown}%"


def shown(amount: Quantity) -> Quantity | str:
    """A quantity as it is put into sentences: plain numbers below 1 as percentages.

    >>> shown(quantity("1%")), str(shown(quantity("3 mu")))
    ('1%', '3 mu')
    """
    return percent(amount.value) if amount.unit == PLAIN and 0 < amount.value < 1 else amount


def _ends(below: int) -> bool:
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    return below == 1


def _lowest(value: Fraction) -> Number:
    return value.numerator if value.denominator == 1 else value


def _not_a_quantity(seen: object) -> QuantityError:
    return QuantityError(
        Message(
            "{seen} is not a quantity: write for example 16万元, 160 yuan/mu, 20%, 10,000",
            seen=repr(seen) if isinstance(seen, str) else seen,
        )
    )

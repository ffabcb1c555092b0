"""Amounts in words, as receipts write them beside the figures: in Chinese capitals (大写), in English.

The rule for Chinese is 支付结算办法 (银发〔1997〕393号), 附一 正确填写票据和结算凭证的基本规定; the articles that the
functions name are its own. Where it leaves two forms open, here is the one that it prints first.
"""

from typing import NamedTuple

from coopledger.core.journal import LARGEST_QUANTITY, shown
from coopledger.errors import QuantityError
from coopledger.text import Language, Message

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (10**3, "thousand"), (100, "hundred"))


class InWords(NamedTuple):
    """An amount in fen that a message says in words, in the reader's language.

    >>> Message("{amount}", amount=InWords(5_00)).say("zh"), str(Message("{amount}", amount=InWords(5_00)))
    ('伍元整', 'five yuan only')
    """

    fen: int

    def say(self, language: Language = "en") -> str:
        """The amount in words."""
        return in_chinese(self.fen) if language == "zh" else in_english(self.fen)


def in_chinese(amount_fen: int, *, named: bool = False) -> str:
    """An amount in Chinese capitals; ``named`` puts 人民币 before it, for paper that does not print it (三).

    The characters are those of article 一, ten is 壹拾 and never 拾 alone. An amount ends in 整 at yuan or jiao, and
    not at fen (二). A 0 within the figures is read 零 (四之一), several in a row once (四之二). Ten thousands that end
    in 0 run on where thousands follow (四之三: 壹拾万柒仟元). 零 stands after 元 where yuan end in 0 and jiao follow
    (四之三, its first form), and where there are no jiao, but fen (四之四).

    Raises QuantityError: no whole number of fen from 0 to 10¹⁵, the largest quantity of a posting.

    >>> in_chinese(1_409_50), in_chinese(6_007_14), in_chinese(107_000_53)
    ('壹仟肆佰零玖元伍角整', '陆仟零柒元壹角肆分', '壹拾万柒仟元零伍角叁分')
    >>> in_chinese(0), in_chinese(5), in_chinese(20_00, named=True)
    ('零元整', '伍分', '人民币贰拾元整')
    """
    yuan, jiao, fen = _parted(amount_fen)
    text = f"{_counted(yuan)}元" if yuan else ""
    if yuan and ((jiao and yuan % 10 == 0) or (fen and not jiao)):
        text += "零"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    text = f"{text}{_DIGITS[fen]}分" if fen else f"{text or '零元'}整"
    return f"人民币{text}" if named else text


def in_english(amount_fen: int) -> str:
    """An amount in English words; no law sets their form. ``only`` closes it, as 整 does, so that nothing is added.

    Numbers are in the short scale (a billion is 10⁹), fen follow ``and``, jiao are told in fen.

    Raises QuantityError: no whole number of fen from 0 to 10¹⁵, the largest quantity of a posting.

    >>> in_english(1_409_50)
    'one thousand four hundred nine yuan and fifty fen only'
    >>> in_english(0), in_english(21_00)
    ('zero yuan only', 'twenty-one yuan only')
    """
    yuan, jiao, rest = _parted(amount_fen)
    fen = 10 * jiao + rest
    said = [f"{_words(yuan)} yuan"] if yuan or not fen else []
    said += [f"{_words(fen)} fen"] if fen else []
    return f"{' and '.join(said)} only"


def _parted(amount_fen: int) -> tuple[int, int, int]:
    """Yuan, jiao and fen."""
    if type(amount_fen) is not int or not 0 <= amount_fen <= LARGEST_QUANTITY:
        raise QuantityError(
            Message(
                "{seen} cannot be said in words: a whole number (int) of fen from 0 to 10¹⁵ is expected",
                seen=shown(amount_fen),
            )
        )
    yuan, rest = divmod(amount_fen, 100)
    return yuan, *divmod(rest, 10)


def _counted(number: int) -> str:
    """A number of 1 or more in Chinese capitals."""
    for unit, name in ((10**8, "亿"), (10**4, "万")):
        if number >= unit:
            above, below = divmod(number, unit)
            # A 0 just above the 亿 or 万 is not read where the place below has a figure (四之三).
            zero = "零" if 0 < below < unit // 10 else ""
            return f"{_counted(above)}{name}{zero}{_counted(below) if below else ''}"
    text, skipped = "", False
    for digit, place in zip(f"{number:04d}", _PLACES, strict=True):
        if digit == "0":
            skipped = bool(text)
        else:
            text += f"{'零' if skipped else ''}{_DIGITS[int(digit)]}{place}"
            skipped = False
    return text


def _words(number: int) -> str:
    """A number of 0 or more in English words."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return _TENS[tens] + (f"-{_ONES[ones]}" if ones else "")
    unit, name = next(scale for scale in _SCALES if number >= scale[0])
    above, below = divmod(number, unit)
    return f"{_words(above)} {name}" + (f" {_words(below)}" if below else "")

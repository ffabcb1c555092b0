"""Identity numbers: checked, written in one form, and masked wherever people read them.

Two kinds: resident ID numbers (居民身份证号码, 18 characters, GB 11643) and organisation codes (统一社会信用代码, 18
characters, GB 32100). Spreadsheets spoil them: a number of 18 digits keeps 15 (4.20106E+17, or zeros at the end).
What is refused is said without the number itself.
"""

import re
import unicodedata
from typing import Literal

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

from coopledger.errors import RegisterError
from coopledger.text import Message

Kind = Literal["resident", "organisation"]

_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d+")
_FORMS = {"resident": re.compile(r"\d{17}[\dX]"), "organisation": re.compile(r"\d{8}[\dA-HJ-NP-RTUW-Y]{10}")}
_SEPARATORS = re.compile(r"[\s'’\-‐-―]")


def validate(kind: Kind, seen: object) -> str:
    """The number in its compact form: 18 half-width characters, letters as capitals.

    Full-width digits, spaces, hyphens and a spreadsheet's leading apostrophe are read over. The region of a resident
    ID is not looked up: districts are renamed and abolished, and old numbers stay valid.

    Raises RegisterError, which shows the number masked: a wrong length or form, a birth date or check digit that is
    none, and what a spreadsheet has spoilt.

    >>> validate("resident", "９９９９９９ 1980 0131 0014")
    '999999198001310014'
    >>> validate("resident", "9.99999E+17")
    Traceback (most recent call last):
    ...
    coopledger.errors.RegisterError: 9*********7 is a rounded number: a spreadsheet has lost its last digits; \
type the 18 characters again, as text
    """
    number = "" if seen is None else compact(str(seen))
    if _ROUNDED.fullmatch(number) or (len(number) == 18 and number.endswith("000") and not _checks(kind, number)):
        raise RegisterError(
            Message(
                "{seen} is a rounded number: a spreadsheet has lost its last digits; type the 18 characters again, "
                "as text",
                seen=masked(number),
            )
        )
    if kind == "resident" and len(number) == 15 and number.isdigit():
        raise RegisterError(
            Message(
                "{seen} has 15 digits: from before 1999, or cut off by a spreadsheet; the one of 18 is expected",
                seen=masked(number),
            )
        )
    if not _FORMS[kind].fullmatch(number):
        raise RegisterError(
            Message(
                "{seen} has {count} characters: {expected} are expected",
                seen=masked(number),
                count=len(number),
                expected=Message("17 digits and a digit or X")
                if kind == "resident"
                else Message("8 digits and 10 digits or letters without I, O, S, V, Z"),
            )
        )
    if not _checks(kind, number):
        raise RegisterError(
            Message("{seen}: its check digit or its date is wrong: a digit is mistyped", seen=masked(number))
        )
    return number


def compact(seen: str) -> str:
    """A number without separators, full-width characters as half-width ones, letters as capitals.

    >>> compact(" 999999 19800131 002x ")
    '99999919800131002X'
    """
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", seen)).upper()


def masked(number: str) -> str:
    """A number as it may be printed: the region and the last two of 18; of anything else the first and the last.

    >>> masked("999999198001310014")
    '999999**********14'
    """
    if len(number) == 18:
        return f"{number[:6]}{'*' * 10}{number[-2:]}"
    return f"{number[:1]}{'*' * (len(number) - 2)}{number[-1:]}" if len(number) > 2 else "*" * len(number)


def birth_date(number: str) -> str:
    """The birth date that a resident ID says, for a personal row: ``1980-01-31``.

    >>> birth_date("999999198001310014")
    '1980-01-31'
    """
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


def _checks(kind: Kind, number: str) -> bool:
    try:
        if kind == "organisation":
            return uscc.is_valid(number)
        ric.get_birth_date(number)
        return ric.calc_check_digit(number) == number[-1]
    except (ValidationError, ValueError):
        return False

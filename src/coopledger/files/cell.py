"""Cells: what stands in a cell of a spreadsheet, made into a text, a number, money or a day, and nothing guessed.

A number comes as a float, which is read as the shortest decimal that means it, and is never reckoned with. What a
spreadsheet has spoilt is refused. Each reader raises RegisterError, in whose words the cell's problem is said.
"""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from coopledger.core.journal import FIRST_DAY, LARGEST_QUANTITY, LAST_DAY, shown
from coopledger.errors import RegisterError
from coopledger.files.workbook import Cell
from coopledger.text import Message

EMPTY = frozenset({"", "-", "--", "—", "/", "\\", "无", "空"})
"""Texts that say that there is nothing."""

_LOST = 10**15
"""From here on a spreadsheet does not keep every digit of a number."""

_NUMBER = re.compile(
    r"¥? ?([+-]?) ?(\d{1,3}(?:, ?\d{3})+|\d{1,3}(?: \d{3})+|\d+)?(\.\d+)? ?(亿|万|千)? ?(元|股|亩)?", re.ASCII
)
"""Blanks part groups of three digits (GB/T 15835), and nothing else within a number."""

_DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:\2|月)(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff]|_x000[dD]_")
_SPREAD = re.compile("(?<=[\u3400-\u9fff\U00020000-\U0003ffff]) (?=[\u3400-\u9fff\U00020000-\U0003ffff])")
_TIMES = {"亿": 10**8, "万": 10**4, "千": 10**3, "": 1}


def text(seen: Cell) -> str:
    """A cell as a text: half-width where there is a choice, one space for several, a number as it is written.

    >>> text(" ００４２　甲 "), text(42.0), text(0.1), text(date(2026, 1, 1))
    ('0042 甲', '42', '0.1', '2026-01-01')
    """
    if type(seen) is str:
        if " " not in seen and seen.isprintable() and (seen.isascii() or unicodedata.is_normalized("NFKC", seen)):
            return seen
        return " ".join(_HIDDEN.sub("", unicodedata.normalize("NFKC", seen)).split())
    if type(seen) is float:
        return _plain(seen)
    if type(seen) is datetime:
        return seen.date().isoformat() if seen.time() == time() else seen.isoformat(" ")
    return str(seen)


def name(seen: Cell) -> str:
    """A name: blanks that only spread Chinese characters are not a part of it.

    >>> name("甲　乙"), name("Li Lei")
    ('甲乙', 'Li Lei')
    """
    return _SPREAD.sub("", text(seen))


def is_empty(seen: Cell) -> bool:
    """Whether nothing is said in a cell."""
    return seen == "" or (type(seen) is str and not (seen.isascii() and seen.isalnum()) and text(seen) in EMPTY)


def is_blank_text(seen: Cell) -> bool:
    """Whether a cell looks empty and is not: it has spaces, which a spreadsheet may take for 0.

    >>> is_blank_text("　"), is_blank_text("")
    (True, False)
    """
    return type(seen) is str and seen != "" and not text(seen)


def has_wide_digits(seen: Cell) -> bool:
    """Whether digits or letters of a text are full-width.

    >>> has_wide_digits("００４２"), has_wide_digits("0042")
    (True, False)
    """
    return type(seen) is str and not seen.isascii() and any("！" <= one <= "～" and one.isalnum() for one in seen)


def key(seen: Cell) -> str:
    """A number by which somebody is called, in half-width characters.

    >>> key(42.0)
    '42'
    >>> key("００42")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: '００42' is in full-width characters: write 0042
    """
    found = text(seen)
    if has_wide_digits(seen):
        raise RegisterError(Message("{seen} is in full-width characters: write {plain}", seen=shown(seen), plain=found))
    if type(seen) is float and not seen.is_integer():
        raise RegisterError(Message("{seen}: a number of the register is expected", seen=shown(seen)))
    if type(seen) in (date, datetime, time, timedelta, bool):
        raise RegisterError(
            Message("{seen}: the spreadsheet has made this of a number: type it again, as text", seen=found)
        )
    return found


def long_number(seen: Cell) -> str:
    """An ID number, a bank card, a telephone: the digits as they are, which only a text keeps from 16 on.

    >>> long_number(13800000000.0)
    '13800000000'
    >>> long_number(1.1010119800101e17)
    Traceback (most recent call last):
    coopledger.errors.RegisterError: a number of 18 digits, of which a spreadsheet keeps 15: type it again, as text
    """
    if isinstance(seen, (int, float)) and abs(seen) >= _LOST:
        raise RegisterError(
            Message(
                "a number of {count} digits, of which a spreadsheet keeps 15: type it again, as text",
                count=len(_plain(seen)),
            )
        )
    return text(seen)


def number(seen: Cell, unit: int | Decimal = 1) -> Decimal:
    """A number, exactly, in a unit that the heading says.

    >>> number(0.1), number("1,234.50"), number("１.２万元"), number(1.5, 10_000)
    (Decimal('0.1'), Decimal('1234.50'), Decimal('12000.0'), Decimal('15000.0'))

    Two numbers in one cell, one below the other, are no number, nor is one with a mark behind (``58①``).
    """
    if type(seen) in (int, float):
        found = Decimal(repr(seen))
        if found.is_finite():
            return found * unit
    elif type(seen) is str:
        match = None if _is_several(seen) else _NUMBER.fullmatch(text(seen))
        if match is not None and (match[2] or match[3]):
            plain = Decimal(f"{match[1]}{(match[2] or '0').replace(',', '').replace(' ', '')}{match[3] or ''}")
            said = _TIMES[match[4] or ""] if match[4] or match[5] else None
            return plain * (unit if said is None else said)
    raise RegisterError(Message("{seen}: a number is expected", seen=shown(text(seen))))


def _is_several(seen: str) -> bool:
    """Whether a text has several lines, or digits that are marks, which would be read as further digits."""
    if seen.isascii() and seen.isprintable():
        return False
    return any(one in "\n\r\t\v\f\x85\u2028\u2029" or _is_mark(one) for one in seen.strip())


def _is_mark(one: str) -> bool:
    return not ("0" <= one <= "9" or "０" <= one <= "９") and any(
        part.isdigit() for part in unicodedata.normalize("NFKC", one)
    )


def fen(seen: Cell, unit: int | Decimal = 1) -> int:
    """Money in fen; the unit is that of the heading, in yuan. What is no whole number of fen is refused.

    >>> fen(1234.5), fen("1.2万元"), fen(0.12, 10_000)
    (123450, 1200000, 120000)
    >>> fen(0.125)
    Traceback (most recent call last):
    coopledger.errors.RegisterError: 0.125 yuan is no whole number of fen
    """
    found = number(seen, unit) * 100
    if found != found.to_integral_value():
        raise RegisterError(Message("{seen} yuan is no whole number of fen", seen=_short(found / 100)))
    if abs(found) > LARGEST_QUANTITY:
        raise RegisterError(Message("{seen}: more than can be booked", seen=shown(text(seen))))
    return int(found)


def total(seen: Cell, unit: int | Decimal = 1) -> Decimal:
    """What a spreadsheet says that rows come to, as precisely as it reckons: 15 digits.

    >>> total(0.1 + 0.2)
    Decimal('0.3')
    """
    return number(float(f"{seen:.15g}") if type(seen) is float else seen, unit)


def day(seen: Cell) -> date:
    """A day: a date of the spreadsheet's, or a text that can be read in one way only.

    >>> day("2026年3月1日") == day("2026/3/1") == day("20260301") == date(2026, 3, 1)
    True
    >>> day("3/1/26")
    Traceback (most recent call last):
    coopledger.errors.RegisterError: '3/1/26': a day is expected, year, month and day, such as 2026-03-01
    """
    found: date | None = None
    if type(seen) is date:
        found = seen
    elif type(seen) is datetime:
        found = seen.date()
    else:
        match = _DAY.fullmatch(text(seen)) if type(seen) is not bool else None
        try:
            found = date(*[int(one) for one in match.groups() if one and one.isdigit()]) if match else None
        except ValueError:
            found = None
    if found is None or not FIRST_DAY <= found <= LAST_DAY:
        raise RegisterError(
            Message("{seen}: a day is expected, year, month and day, such as 2026-03-01", seen=shown(text(seen)))
        )
    return found


def _plain(seen: float) -> str:
    """A number as people write it, without an exponent."""
    found = f"{Decimal(repr(seen)):f}"
    return found.rstrip("0").rstrip(".") if "." in found else found


def _short(seen: Decimal) -> str:
    return f"{seen.normalize():f}"[:40]
